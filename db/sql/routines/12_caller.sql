-- Finds out who calls. A SECURITY DEFINER function that decides by its caller has an argument `token`, whose default is
-- computed with the rights of the caller. No one can make it name another role: that column of the view cannot be
-- written.

create or replace view berth.caller_view as select token, xact, who from berth.caller;

-- Returns a new token that names the caller, good for one call in this transaction.
create or replace function berth.caller() returns uuid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	made uuid := gen_random_uuid();
	restricted text := current_setting('restrict_nonsystem_relation_kind', true);
begin
	-- Dedupe forbids views of others; this one is berth's.
	if restricted <> '' then
		perform set_config('restrict_nonsystem_relation_kind', '', true);
	end if;
	insert into berth.caller_view (token) values (made);
	if restricted <> '' then
		perform set_config('restrict_nonsystem_relation_kind', restricted, true);
	end if;
	return made;
end $$;

-- Returns the role that made the token, and deletes the token. Raises not_allowed for an unknown token.
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
