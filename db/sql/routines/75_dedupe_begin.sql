-- Runs of dedupe: the checks before one begins, and the process that works on it.
--
-- The user's table is read and written with the rights of the caller. Berth's own tables are written by the functions
-- marked SECURITY DEFINER, since no role may write them. These functions check that their caller is an owner of the
-- user's table.

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

-- Returns a unique constraint that already ensures what is requested.
create or replace function berth.dedupe_existing(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select c.conname from pg_constraint c join pg_index i on i.indexrelid = c.conindid
		join berth.dedupe_unique(relation) u on u.index = i.indexrelid
	where c.conrelid = relation and c.contype in ('u', 'p') and i.indimmediate
		and u.names = array(select jsonb_array_elements_text(ask->'key') collate "C" order by 1)
		and (coalesce((to_jsonb(i)->>'indnullsnotdistinct')::bool, false)
			or not exists (select from berth.dedupe_columns(relation) where ask->'key' ? name and nullable))
	order by c.conname limit 1);

-- Returns the name of the constraint: TABLE_COLUMNS_berth, cut to the length of a name.
create or replace function berth.dedupe_constraint(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return coalesce(ask->>'constraint', (
	select format('%s_%s_berth', c.relname,
		(select string_agg(k, '_' order by place) from jsonb_array_elements_text(ask->'key') with
			ordinality x (k, place)))::name::text
	from pg_class c where c.oid = relation));

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
				then 'clean'
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
	update berth.dedupe_run set restored = 0, round = 0, gone = 0, (removed, rewritten, groups, conflicting) = (
		select count(fields), count(emptied), count(distinct survivor) filter (where survivor <> all (coalesce(back,
			'{}'))),
			count(distinct survivor) filter (where differs and survivor <> all (coalesce(back, '{}')))
		from berth.dedupe_row where run = asked_run)
	where id = asked_run;
end $$;

-- Creates a run. Its guard needs an index of the table from the beginning if the index of the constraint will not find
-- every duplicate: either the constraint exists already, or its index does not treat NULL as empty. The request is
-- completed here, since the stored one is trusted later.
create or replace function berth.dedupe_open(asked_id uuid, target oid, request jsonb, detail jsonb, since timestamptz,
	token uuid default berth.caller())
returns berth.dedupe_claim
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	ask jsonb;
	standing text;
	indexed bool;
	r berth.dedupe_run;
begin
	perform berth.dedupe_refuse_stranger(target, who);
	ask := berth.dedupe_asked(target, request);
	standing := berth.dedupe_existing(target, ask);
	indexed := standing is not null or ask->'null_as_empty' <> '[]';
	insert into berth.dedupe_run (id, relation, name, ask, request, columns, constraint_name, standing, author, detail,
		pid, backend_start, indexed, phase)
	values (asked_id, target, berth.dedupe_name(target), ask, request,
		(select jsonb_agg(jsonb_build_object('name', c.name, 'type', c.type)) from berth.dedupe_columns(target) c),
		coalesce(standing, berth.dedupe_constraint(target, ask)), standing is not null, who, detail, pg_backend_pid(),
			since, indexed, case
			when standing is null and berth.dedupe_leftover(target, ask, berth.dedupe_constraint(target, ask))
				then 'drop'
			when indexed then 'index' else 'guard' end)
	on conflict (relation) where state in ('running', 'undoing') do nothing
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', format('somebody else has just begun with table %s',
			berth.dedupe_name(target)));
	end if;
	return (r.id, r.epoch, r.state, r.name, r.constraint_name, 0)::berth.dedupe_claim;
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

-- Begins a run, continues an unfinished one, or finds that it is done.
create or replace function berth.dedupe_begin(asked_id uuid, relation oid, request jsonb, detail jsonb)
	returns berth.dedupe_claim
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	ask jsonb;
	standing text;
	r berth.dedupe_run;
	rewrites bool;
begin
	perform berth.dedupe_refuse_busy(relation);
	perform berth.dedupe_hold(relation, 'delete');
	ask := berth.dedupe_asked(relation, request);
	standing := berth.dedupe_existing(relation, ask);
	select * into r from berth.dedupe_run where id = asked_id;
	if r.id is not null and (r.relation <> relation or r.request <> request) then
		perform berth.refuse('id_conflict', format('%s is the id of another run, on table %s', r.id, r.name),
			jsonb_build_object('existing', r.request, 'asked', request));
	elsif r.state in ('done', 'undone') then
		return (r.id, r.epoch, r.state, r.name, r.constraint_name, r.restored)::berth.dedupe_claim;
	end if;
	r := berth.dedupe_unfinished(relation, request);
	if r.id is not null then
		return berth.dedupe_take_over(r.id, 'running', berth.dedupe_since());
	end if;
	perform berth.dedupe_refuse_table(relation);
	execute format('select exists (select from only %s t where %s and (%s))', berth.dedupe_name(relation),
		berth.dedupe_pinned(relation, 'read'),
		berth.dedupe_empties(relation, ask, 't.')) into rewrites;
	if standing is not null and not rewrites then
		return (null, 0, 'done', berth.dedupe_name(relation), standing, 0)::berth.dedupe_claim;
	end if;
	if standing is null then
		perform berth.dedupe_refuse_name(relation, ask, berth.dedupe_constraint(relation, ask));
	end if;
	perform berth.dedupe_refuse_rows(relation, ask);
	return berth.dedupe_open(asked_id, relation, request, detail, berth.dedupe_since());
end $$;
