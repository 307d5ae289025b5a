-- A batch of commands is one request: its id stands for what it says.

-- The first step of a batch. The same content again goes on to its lines, each of which is answered as it was; other
-- content is refused. `asked_places` says where the commands stand in the file, from which the ids of the lines are
-- derived: a file whose comments or empty lines have moved is told where they stood, for its ids to be those. Returns when
-- it was done before, or null.
create or replace function berth.batch_begin(asked_id uuid, asked_digest text, asked_places text) returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_that('digest', asked_digest ~ '^[0-9a-f-]{36}$', 'the digest of a batch is needed'),
		berth.check_that('places', asked_places ~ '^([0-9]{1,18}[+][0-9]{1,18}(,[0-9]{1,18}[+][0-9]{1,18})*)?$',
			'the places of its commands are needed')));
	-- Where nothing can be kept, whatever the lines ask for is there, or they are refused themselves.
	if current_setting('transaction_read_only')::bool and not exists (select from berth.request where id = asked_id) then
		return null;
	end if;
	answer := berth.replayed(asked_id, 'batch', 'file', asked_digest);
	if answer is null then
		perform berth.remember(asked_id, jsonb_build_object('places', asked_places));
		return null;
	elsif answer->>'places' <> asked_places then
		perform berth.refuse('id_conflict', format('batch %s was sent before with its commands on other lines', asked_id), answer);
	end if;
	return (select at from berth.request where id = asked_id);
end $$;
