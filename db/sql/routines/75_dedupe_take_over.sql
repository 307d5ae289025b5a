-- Runs of dedupe: the process that works on one, and the take-over of a run that its process has left unfinished.
--
-- A run belongs to one process of the server. While that process lives, nobody else touches the run. After it has gone,
-- the next fix or undo of the same request continues with a higher epoch; then the old process cannot write any more.

-- Returns true if this process of the server is alive. Not every role may see when another role's process started; then
-- the process counts as the same.
create or replace function berth.dedupe_lives(pid int, since timestamptz) returns bool
language sql volatile set search_path = pg_catalog, pg_temp return
	exists (select from pg_stat_get_activity(pid) a where a.pid = dedupe_lives.pid and coalesce(a.backend_start = since,
		true));

-- Returns when the session's own process started; only the role that has logged in may see it.
create or replace function berth.dedupe_since() returns timestamptz
language sql volatile set search_path = pg_catalog, pg_temp return (select backend_start
	from pg_stat_get_activity(pg_backend_pid()));

-- Removes the time limits from a transaction of a run, as its first step, and lets the server notice within 50 ms that
-- the client has gone, so that a killed run can be continued at once. Restores the session settings that a statement
-- sent by itself needed (dedupe_statement).
create or replace function berth.dedupe_limits() returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	s record;
begin
	for s in select name, reset_val, setting <> reset_val as changed from pg_settings
		where name in ('statement_timeout', 'lock_timeout', 'client_connection_check_interval')
	loop
		if s.changed then
			perform set_config(s.name, s.reset_val, false);
		end if;
		perform set_config(s.name, case s.name when 'client_connection_check_interval' then '50ms' else '0' end, true);
	end loop;
end $$;

create or replace function berth.dedupe_refuse_under_way(r berth.dedupe_run) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('conflict', format('run %s on table %s is under way, by process %s of the server', r.id,
		r.name, r.pid),
		jsonb_build_object('run', r.id, 'pid', r.pid));
end $$;

-- Refuses at once when a living process works on the table; locking the table would wait for that process.
create or replace function berth.dedupe_refuse_busy(asked_relation oid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	for i in 1..20 loop
		perform pg_stat_clear_snapshot();
		select * into r from berth.dedupe_run where relation = asked_relation and state in ('running', 'undoing');
		exit when r.id is null or r.pid = pg_backend_pid() or not berth.dedupe_lives(r.pid, r.backend_start);
		if i = 20 then
			perform berth.dedupe_refuse_under_way(r);
		end if;
		perform pg_sleep(0.02);
	end loop;
end $$;

create or replace function berth.dedupe_refuse_stranger(relation oid, who name) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if not coalesce((select pg_has_role(who, relowner, 'usage') from pg_class where oid = relation), false) then
		perform berth.refuse('not_allowed', format('table %s belongs to somebody else', berth.dedupe_name(relation)));
	end if;
end $$;

-- The claim of a run: its epoch and its state. With a null run there is nothing to do.
drop type if exists berth.dedupe_claim cascade;
create type berth.dedupe_claim as (run uuid, epoch bigint, state text, "table" text, "constraint" text,
	restored bigint);

-- Takes over the unfinished run unless its owner is alive; an owner that was killed a moment ago may still be ending.
-- An undo begins with the last change of the run. A fix that continues a partly undone run forgets what was put back,
-- and removes it again; nothing was put back while the constraint exists.
create or replace function berth.dedupe_take_over(asked_run uuid, asked_state text, since timestamptz,
	token uuid default berth.caller()) returns berth.dedupe_claim
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	r berth.dedupe_run;
	turns bool;
begin
	if asked_state is null or asked_state not in ('running', 'undoing') then
		perform berth.refuse('invalid_input', 'a run is taken over to fix or to undo');
	end if;
	for i in 1..20 loop
		perform pg_stat_clear_snapshot();
		select * into r from berth.dedupe_run where id = asked_run;
		exit when r.id is null or not berth.dedupe_lives(r.pid, r.backend_start) or r.pid = pg_backend_pid()
			or r.state not in ('running', 'undoing');
		if i = 20 then
			perform berth.dedupe_refuse_under_way(r);
		end if;
		perform pg_sleep(0.02);
	end loop;
	perform berth.dedupe_refuse_stranger(r.relation, who);
	if r.state = 'undone' or (r.state = 'done' and asked_state = 'running') then
		perform berth.refuse('conflict', format('run %s is over', r.id));
	end if;
	turns := (r.state = 'undoing') <> (asked_state = 'undoing');
	update berth.dedupe_run set epoch = r.epoch + 1, pid = pg_backend_pid(), backend_start = since, locked = null,
		state = asked_state,
		phase = case when not turns then phase when asked_state = 'undoing' then 'detach'
			when exists (select from pg_constraint where conrelid = r.relation and conname = r.constraint_name)
				or (berth.dedupe_by_index(r.ask) and r.guard is null
					and berth.dedupe_index(r.relation, r.constraint_name)) then 'clean'
			when r.indexed then 'index' else 'guard' end,
		mark = case when turns then 0 else mark end, chunk = case when turns then 32 else chunk end
	where id = r.id and epoch = r.epoch
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', 'somebody else has just begun with this run');
	end if;
	if turns and asked_state = 'running' then
		perform berth.dedupe_turn_back(r.id);
	end if;
	return (r.id, r.epoch, r.state, r.name, r.constraint_name, r.restored)::berth.dedupe_claim;
end $$;

-- Turns a partly undone run into a fix again: the rows that it still keeps are all that it has removed. Keys that had a
-- row put back will be counted again.
create or replace function berth.dedupe_turn_back(asked_run uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	back text[];
begin
	select array_agg(distinct survivor) into back from berth.dedupe_row where run = asked_run and put_back
		and fields is not null;
	delete from berth.dedupe_row where run = asked_run and put_back;
	if not found then
		return;
	end if;
	update berth.dedupe_run set restored = 0, round = 0, gone = 0,
		(removed, rewritten, repointed, groups, conflicting) = (
		select count(fields), count(emptied), count(was), count(distinct survivor) filter (where fields is not null
			and survivor <> all (coalesce(back, '{}'))),
			count(distinct survivor) filter (where differs and survivor <> all (coalesce(back, '{}')))
		from berth.dedupe_row where run = asked_run)
	where id = asked_run;
end $$;

-- Returns the unfinished run with the same request; any other unfinished run is in the way.
create or replace function berth.dedupe_unfinished(asked_relation oid, request jsonb) returns berth.dedupe_run
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run d where d.relation = asked_relation and d.state in ('running', 'undoing');
	if r.id is not null and r.request <> dedupe_unfinished.request and not berth.dedupe_lives(r.pid, r.backend_start)
		then
		perform berth.refuse('conflict', format('run %s on table %s was left unfinished%s', r.id, r.name,
				case when r.state = 'undoing' then ' while it was undone' else ', and asked for something else' end),
			jsonb_build_object('run', r.id, 'existing', r.request, 'asked', request),
				format('berth dedupe undo %s takes it back', r.id));
	end if;
	return r;
end $$;
