-- Who calls. A function that is marked SECURITY DEFINER and gives a right by its caller has the argument `token`, whose default is
-- worked out with the rights of the caller. Nobody can have it say another role: that column of the view cannot be written.

create or replace view berth.caller_view as select token, xact, who from berth.caller;

-- Leaves a token that tells who the caller is, good for one call in this transaction.
create or replace function berth.caller() returns uuid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	made uuid := gen_random_uuid();
	restricted text := current_setting('restrict_nonsystem_relation_kind', true);
begin
	-- Dedupe uses no views of others; this one is berth's.
	if restricted <> '' then
		perform set_config('restrict_nonsystem_relation_kind', '', true);
	end if;
	insert into berth.caller_view (token) values (made);
	if restricted <> '' then
		perform set_config('restrict_nonsystem_relation_kind', restricted, true);
	end if;
	return made;
end $$;

-- Returns the role that has left the token, and takes the token away.
create or replace function berth.called_by(asked_token uuid) returns name
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	found_name name;
begin
	delete from berth.caller where token = asked_token and xact = pg_current_xact_id() returning who into found_name;
	if found_name is null then
		perform berth.refuse('not_allowed', 'nobody can tell who calls this function');
	end if;
	return found_name;
end $$;
