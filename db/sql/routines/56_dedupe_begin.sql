-- Runs of dedupe: what is looked at before one begins, and who works on it.
--
-- What touches the table of the user is done with the rights of the caller. What berth
-- keeps is written by the functions that are marked SECURITY DEFINER, for nobody may
-- write berth's tables: they look whether who logged in is an owner of the table.

-- Whether this process of the server still lives.
create or replace function berth.dedupe_lives(pid int, since timestamptz) returns bool
language sql volatile set search_path = pg_catalog, pg_temp return
	exists (select from pg_stat_get_activity(pid) a where a.backend_start = since);

-- From the next statement on the server notices within a moment when the client has gone, also in a long one: a run that was killed
-- can be gone on with at once.
create or replace function berth.dedupe_attentive() returns void
language sql volatile set search_path = pg_catalog, pg_temp begin atomic
	select set_config('client_connection_check_interval', '50ms', false);
end;

create or replace function berth.dedupe_refuse_under_way(r berth.dedupe_run) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('conflict', format('run %s on table %s is under way, by process %s of the server', r.id, r.name, r.pid),
		jsonb_build_object('run', r.id, 'pid', r.pid));
end $$;

create or replace function berth.dedupe_refuse_stranger(relation oid) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if not (select pg_has_role(session_user, relowner, 'member') from pg_class where oid = relation) then
		perform berth.refuse('not_allowed', format('table %s belongs to somebody else', berth.dedupe_name(relation)));
	end if;
end $$;

-- A unique constraint that already says what is asked for.
create or replace function berth.dedupe_standing(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select c.conname from pg_constraint c join pg_index i on i.indexrelid = c.conindid join berth.dedupe_unique(relation) u on u.index = i.indexrelid
	where c.conrelid = relation and c.contype in ('u', 'p') and i.indimmediate
		and u.names = array(select jsonb_array_elements_text(ask->'key') collate "C" order by 1)
		and (coalesce((to_jsonb(i)->>'indnullsnotdistinct')::bool, false)
			or not exists (select from berth.dedupe_columns(relation) where ask->'key' ? name and nullable))
	order by c.conname limit 1);

-- TABLE_COLUMNS_berth, cut to what a name may have.
create or replace function berth.dedupe_constraint(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return coalesce(ask->>'constraint', (
	select format('%s_%s_berth', c.relname,
		(select string_agg(k, '_' order by place) from jsonb_array_elements_text(ask->'key') with ordinality x (k, place)))::name::text
	from pg_class c where c.oid = relation));

-- Whether the checks of the table, and of its domains, let NULL become empty. That every column is looked at, which always
-- holds, is for the domains.
create or replace function berth.dedupe_refuse_empty(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(relation);
	become text := (select string_agg(case when ask->'null_as_empty' ? name then format('coalesce(t.%I, '''')::%s as %1$I', name, type) else format('t.%I', name) end, ', ')
		from berth.dedupe_columns(relation));
	c record;
	refused bool;
begin
	for c in select conname, pg_get_expr(conbin, conrelid) as holds from pg_constraint where conrelid = relation and contype = 'c'
		union all select null, 'num_nulls(x.*) = 0' order by conname
	loop
		execute format('select exists (select from (select %s from only %s t where %s offset 0) x where not (%s))',
			become, source, berth.dedupe_empties(relation, ask, 't.'), c.holds) into refused;
		if refused then
			perform berth.refuse('precondition_failed', format('constraint %s of table %s does not take '''' where NULL is', quote_ident(c.conname), source),
				jsonb_build_object('constraint', c.conname));
		end if;
	end loop;
exception when check_violation then
	perform berth.refuse('precondition_failed', format('NULL of table %s cannot become empty: %s', source, sqlerrm));
end $$;

-- Who the caller is to the table.
create or replace function berth.dedupe_refuse_table(relation oid) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(relation);
	t record;
begin
	select c.relowner, c.relnamespace, n.nspname into t from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation;
	if not pg_has_role(t.relowner, 'usage') then
		perform berth.refuse('not_allowed', format('table %s belongs to %s, and only owners may add constraints', source, t.relowner::regrole));
	elsif not has_schema_privilege(t.relnamespace, 'create') then
		perform berth.refuse('not_allowed', format('in schema %I you may not create an index', t.nspname));
	elsif not (has_table_privilege(relation, 'select') and has_table_privilege(relation, 'update') and has_table_privilege(relation, 'delete')
		and has_table_privilege(relation, 'insert') and has_table_privilege(relation, 'trigger')) then
		perform berth.refuse('not_allowed', format('table %s may not be read and written by you', source));
	elsif row_security_active(relation) then
		perform berth.refuse('not_allowed', format('row security of table %s hides rows from you', source));
	elsif exists (select from pg_rewrite where ev_class = relation) then
		perform berth.refuse('precondition_failed', format('table %s has rules, which make something else of what is written', source));
	end if;
end $$;

-- Whether there may be a constraint of that name.
create or replace function berth.dedupe_refuse_name(relation oid, name text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	space oid := (select relnamespace from pg_class where oid = relation);
begin
	if octet_length(name) > 63 or name = '' then
		perform berth.refuse('invalid_input', format('constraint %s: a name has 1 to 63 bytes', name));
	elsif exists (select from pg_class where relnamespace = space and relname = dedupe_refuse_name.name)
		or exists (select from pg_constraint where conrelid = relation and conname = dedupe_refuse_name.name)
	then
		perform berth.refuse('already_exists', format('%s is something else already', berth.dedupe_index_name(relation, name)),
			jsonb_build_object('constraint', name), 'choose another name with --constraint');
	end if;
end $$;

-- Values that nobody has decided about.
create or replace function berth.dedupe_refuse_differing(relation oid, conflicting bigint, example jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if conflicting > 0 then
		perform berth.refuse('conflict', format('%s keys of %s have rows of different values%s', conflicting, berth.dedupe_name(relation), ', such as ' || example::text),
			jsonb_build_object('conflicting', conflicting, 'key', example), 'say which is to stay: --survivor newest, oldest, lowest, highest');
	end if;
end $$;

-- What stands against it in the table: no way to tell rows apart, keys that fit into no index, NULLs on a server that has no
-- unique constraint for them, references to what is to go, values that nobody has decided about.
create or replace function berth.dedupe_refuse_rows(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	source text := berth.dedupe_name(relation);
	ranked text := berth.dedupe_ranked(relation, ask);
	found_one record;
begin
	if ask->>'row_id' is null then
		perform berth.refuse('precondition_failed', format('table %s has no primary key of one column', source), '{}',
			'name a column that identifies a row: --row-id C');
	end if;
	perform berth.dedupe_try(relation, ask);
	if current_setting('server_version_num')::int < 150000 and exists (
		select from berth.dedupe_columns(relation) where ask->'key' ? name and not ask->'null_as_empty' ? name and nullable)
	then
		perform berth.refuse('precondition_failed', 'before PostgreSQL 15 a constraint takes every NULL for another one', '{}',
			'take NULL as empty (--null-as-empty), or make the key''s columns NOT NULL');
	end if;
	execute format('select max(%2$s) > 2650 as too_long from only %1$s t', source, (
		select string_agg(format('coalesce(greatest(octet_length(t.%I::text), pg_column_size(t.%1$I)), 0)', name), ' + ')
		from berth.dedupe_columns(relation) where ask->'key' ? name)) into found_one;
	if found_one.too_long then
		perform berth.refuse('precondition_failed', format('a key of table %s is longer than what an index takes, some 2,700 bytes', source));
	end if;
	if not exists (select from berth.dedupe_unique(relation) u join berth.dedupe_columns(relation) c on c.name = u.names[1]
		where u.names = array[ask->>'row_id'] and not c.nullable)
	then
		execute format('select exists (select from only %1$s group by %2$I having count(*) > 1 or %2$I is null)', source, ask->>'row_id') into found_one;
		if found_one.exists then
			perform berth.refuse('precondition_failed', format('column %I of table %s is NULL or the same in several rows, and identifies none',
				ask->>'row_id', source));
		end if;
	end if;
	if ask->>'survivor' = 'abort' then
		execute format('select g.shown, count(*) over () from (%s) g where g.differs and g.place = 1 limit 1', ranked) into found_one;
		perform berth.dedupe_refuse_differing(relation, found_one.count, found_one.shown);
	end if;
	perform berth.dedupe_refuse_empty(relation, ask);
	perform berth.dedupe_refuse_referenced(relation, ranked, null);
end $$;

-- What the claim of a run is: its epoch, and what it has come to. A null run: there is nothing to do.
drop type if exists berth.dedupe_claim cascade;
create type berth.dedupe_claim as (run uuid, epoch bigint, state text, "table" text, "constraint" text, restored bigint);

-- Takes over the unfinished run, unless its owner lives: one that was killed a moment ago may still be ending.
create or replace function berth.dedupe_take_over(asked_run uuid, asked_state text, asked_phase text) returns berth.dedupe_claim
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
	self timestamptz := (select backend_start from pg_stat_get_activity(pg_backend_pid()));
begin
	for i in 1..20 loop
		perform pg_stat_clear_snapshot();
		select * into r from berth.dedupe_run where id = asked_run;
		exit when not berth.dedupe_lives(r.pid, r.backend_start) or (r.pid, r.backend_start) = (pg_backend_pid(), self)
			or r.state not in ('running', 'undoing');
		if i = 20 then
			perform berth.dedupe_refuse_under_way(r);
		end if;
		perform pg_sleep(0.02);
	end loop;
	perform berth.dedupe_refuse_stranger(r.relation);
	update berth.dedupe_run set epoch = r.epoch + 1, pid = pg_backend_pid(), backend_start = self, locked = null,
		state = coalesce(asked_state, state), phase = coalesce(asked_phase, phase), mark = case when asked_phase is null then mark else 0 end
	where id = r.id and epoch = r.epoch
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', 'somebody else has just begun with this run');
	end if;
	return (r.id, r.epoch, r.state, r.name, r.constraint_name, r.restored)::berth.dedupe_claim;
end $$;

-- A new run. Its guard needs an index of the table from the beginning when the index of the constraint will not find every duplicate:
-- that one is there already, or to it NULL is not empty.
create or replace function berth.dedupe_open(asked_id uuid, target oid, ask jsonb, request jsonb, detail jsonb, constraint_name text, standing bool)
returns berth.dedupe_claim
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	indexed bool := standing or ask->'null_as_empty' <> '[]';
	r berth.dedupe_run;
begin
	perform berth.dedupe_refuse_stranger(target);
	insert into berth.dedupe_run (id, relation, name, ask, request, columns, constraint_name, standing, detail, pid, backend_start, indexed, phase)
	values (asked_id, target, berth.dedupe_name(target), ask, request,
		(select jsonb_agg(jsonb_build_object('name', c.name, 'type', c.type)) from berth.dedupe_columns(target) c),
		constraint_name, standing, detail, pg_backend_pid(), (select backend_start from pg_stat_get_activity(pg_backend_pid())),
		indexed, case when indexed then 'index' else 'guard' end)
	on conflict (relation) where state in ('running', 'undoing') do nothing
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', format('somebody else has just begun with table %s', berth.dedupe_name(target)));
	end if;
	return (r.id, r.epoch, r.state, r.name, r.constraint_name, 0)::berth.dedupe_claim;
end $$;

-- The run that was left unfinished and asked for the same; any other one is in the way.
create or replace function berth.dedupe_unfinished(asked_relation oid, request jsonb) returns berth.dedupe_run
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run d where d.relation = asked_relation and d.state in ('running', 'undoing');
	if r.id is not null and (r.state = 'undoing' or r.request <> dedupe_unfinished.request) and not berth.dedupe_lives(r.pid, r.backend_start) then
		perform berth.refuse('conflict', format('run %s on table %s was left unfinished%s', r.id, r.name,
				case when r.state = 'undoing' then ' while it was undone' else ', and asked for something else' end),
			jsonb_build_object('run', r.id, 'existing', r.request, 'asked', request), format('berth dedupe undo %s takes it back', r.id));
	end if;
	return r;
end $$;

-- Begins a run, goes on with one that was left unfinished, or finds that it has been done.
create or replace function berth.dedupe_begin(asked_id uuid, relation oid, request jsonb, detail jsonb) returns berth.dedupe_claim
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	ask jsonb := berth.dedupe_asked(relation, request);
	standing text := berth.dedupe_standing(relation, ask);
	r berth.dedupe_run;
	rewrites bool;
begin
	perform berth.dedupe_attentive();
	select * into r from berth.dedupe_run where id = asked_id;
	if r.id is not null and (r.relation <> relation or r.request <> request) then
		perform berth.refuse('id_conflict', format('%s is the id of another run, on table %s', r.id, r.name),
			jsonb_build_object('existing', r.request, 'asked', request));
	elsif r.state in ('done', 'undone') then
		return (r.id, r.epoch, r.state, r.name, r.constraint_name, r.restored)::berth.dedupe_claim;
	end if;
	r := berth.dedupe_unfinished(relation, request);
	if r.id is not null then
		return berth.dedupe_take_over(r.id, null, null);
	end if;
	perform berth.dedupe_refuse_table(relation);
	execute format('select exists (select from only %s t where %s)', berth.dedupe_name(relation), berth.dedupe_empties(relation, ask, 't.'))
		into rewrites;
	if standing is not null and not rewrites then
		return (null, 0, 'done', berth.dedupe_name(relation), standing, 0)::berth.dedupe_claim;
	end if;
	if standing is null then
		perform berth.dedupe_refuse_name(relation, berth.dedupe_constraint(relation, ask));
	end if;
	perform berth.dedupe_refuse_rows(relation, ask);
	return berth.dedupe_open(asked_id, relation, ask, request, detail, coalesce(standing, berth.dedupe_constraint(relation, ask)), standing is not null);
end $$;
