-- Undoing a run of dedupe, and what there is to read about runs.

-- Refuses when the table has no place any more for what was taken out of it.
create or replace function berth.dedupe_refuse_lost(r berth.dedupe_run) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	lost text := (select string_agg(quote_ident(name), ', ') from berth.dedupe_typed(r.columns, r.relation) where generated is null);
begin
	if lost is not null then
		perform berth.refuse('precondition_failed', format('table %s has lost columns that its rows had: %s', berth.dedupe_name(r.relation), lost));
	end if;
end $$;

-- Begins to undo a run, or goes on with that.
create or replace function berth.dedupe_undo(asked_run uuid) returns berth.dedupe_claim
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	perform berth.dedupe_attentive();
	select * into r from berth.dedupe_run where id = asked_run;
	if r.id is null then
		perform berth.refuse('not_found', format('run %s does not exist', asked_run), '{}', 'berth dedupe runs shows those that do');
	elsif r.state = 'undone' then
		return (r.id, r.epoch, r.state, r.name, r.constraint_name, 0)::berth.dedupe_claim;
	elsif not exists (select from pg_class where oid = r.relation) then
		perform berth.refuse('not_found', format('table %s of run %s is gone', r.name, r.id), '{}', format('berth dedupe forget %s', r.id));
	end if;
	perform berth.dedupe_refuse_lost(r);
	return berth.dedupe_take_over(r.id, 'undoing', case when r.state <> 'undoing' then 'detach' end);
end $$;

create or replace function berth.dedupe_restored(asked_run uuid, asked_mark bigint, more bigint, since timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.dedupe_pace(asked_run, asked_mark, since);
	update berth.dedupe_run set restored = restored + more where id = asked_run;
end $$;

-- A field of the archive as a value of its column; `as_it_was`, as long as that has the type it had.
create or replace function berth.dedupe_typed(columns jsonb, relation oid)
returns table (name text, place bigint, value text, generated bool, as_it_was text)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select k.c->>'name', k.place, format('d.fields[%s]%s', k.place, coalesce('::' || c.type, '')), c.generated,
		format('d.fields[%s]%s', k.place, case when c.type = k.c->>'type' then '::' || c.type else '' end)
	from jsonb_array_elements(columns) with ordinality k (c, place) left join berth.dedupe_columns(relation) c on c.name = k.c->>'name';
end;

-- Puts the archived rows from one to another back, which are so many. Whatever the table makes of them must be what they were.
-- A range is what the planner finds by the index even when it knows nothing yet of what the run has just archived.
create or replace function berth.dedupe_put_back(r berth.dedupe_run, lowest bigint, highest bigint, n bigint) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(r.relation);
	why text;
	rule text;
	done record;
begin
	execute (select format('with put as (insert into %s (%s) overriding system value select %s from berth.dedupe_row d where d.run = $1 and d.seq between $2 and $3'
			' returning array[%s]::text[] as fields)'
			' select (select count(*) from put) as count, count(*) as other from (select fields from put except all'
			'  select d.fields from berth.dedupe_row d where d.run = $1 and d.seq between $2 and $3) changed',
			source, string_agg(quote_ident(name), ', ' order by place) filter (where not generated), string_agg(value, ', ' order by place) filter (where not generated),
			string_agg(berth.dedupe_written(quote_ident(name)), ', ' order by place))
		from berth.dedupe_typed(r.columns, r.relation)) into done using r.id, lowest, highest;
	if done.count <> n or done.other > 0 then
		perform berth.refuse('precondition_failed', format('a trigger of table %s changes rows that are put back', source));
	end if;
	return done.count;
exception
when data_exception then
	perform berth.refuse('precondition_failed', format('what a row of table %s had is no value of its columns any more: %s', source, sqlerrm));
when unique_violation or foreign_key_violation or check_violation or not_null_violation or exclusion_violation then
	get stacked diagnostics why = pg_exception_detail, rule = constraint_name;
	perform berth.refuse('conflict', format('a row of table %s cannot be put back (constraint %s): %s', source, rule, why),
		jsonb_build_object('constraint', rule, 'reason', why), 'when that is out of the way, the same again goes on');
end $$;

-- What was NULL and is still empty becomes NULL again.
create or replace function berth.dedupe_empty(r berth.dedupe_run, lowest bigint, highest bigint) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	execute (select format('update only %s t set %s from berth.dedupe_row d where d.run = $1 and d.seq between $2 and $3 and t.%I = d.row_id::%s', berth.dedupe_name(r.relation),
			string_agg(format('%1$I = case when %1$L = any (d.emptied) and t.%1$I = '''' then null else t.%1$I end', c), ', '), r.ask->>'row_id',
			(select type from berth.dedupe_columns(r.relation) where name = r.ask->>'row_id'))
		from jsonb_array_elements_text(r.ask->'null_as_empty') c) using r.id, lowest, highest;
end $$;

-- What was done last is taken back first, rows and rewritten values: what stood in nobody's way then does not now.
create or replace function berth.dedupe_restore(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 as $$
declare
	since timestamptz := clock_timestamp();
	till bigint := coalesce(nullif(r.mark, 0), 9223372036854775807);
	chunk record;
begin
	perform berth.dedupe_refuse_lost(r);
	with next as (select seq, fields is not null as removed from berth.dedupe_row where run = r.id and seq < till order by seq desc limit r.chunk),
		alike as (select n.*, bool_and(removed = (select removed from next order by seq desc limit 1)) over (order by seq desc) as first from next n)
	select min(seq) as lowest, max(seq) as highest, count(*) as n, bool_and(removed) as removed into chunk from alike where first;
	if chunk.n = 0 then
		perform berth.dedupe_end(r.id, 'undone');
	elsif chunk.removed then
		perform berth.dedupe_restored(r.id, chunk.lowest, berth.dedupe_put_back(r, chunk.lowest, chunk.highest, chunk.n), since);
	else
		perform berth.dedupe_empty(r, chunk.lowest, chunk.highest);
		perform berth.dedupe_restored(r.id, chunk.lowest, 0, since);
	end if;
end $$;

-- Forgets a run with all that it keeps.
create or replace function berth.dedupe_forgotten(asked_run uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run for update;
	if exists (select from pg_class where oid = r.relation) then
		perform berth.dedupe_refuse_stranger(r.relation);
		if r.state in ('running', 'undoing') then
			perform berth.refuse('conflict', format('run %s on table %s is unfinished', r.id, r.name), '{}', format('berth dedupe undo %s takes it back', r.id));
		end if;
	end if;
	delete from berth.dedupe_todo where run = asked_run;
	delete from berth.dedupe_row where run = asked_run;
	delete from berth.dedupe_run where id = asked_run;
end $$;

-- A table that was dropped while it was worked on has left the rest of its guard, which belongs to whoever did that.
create or replace function berth.dedupe_forget(asked_run uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.dedupe_forgotten(asked_run);
	if exists (select from pg_proc where pronamespace = 'berth_guard'::regnamespace and proname = berth.dedupe_guard_name(asked_run)
		and pg_has_role(proowner, 'usage'))
	then
		perform berth.dedupe_unguard_rest(asked_run);
	end if;
end $$;

-- Runs as people see them. `takes_null`: the columns in which NULL was taken as empty, and which still take it.
create or replace view berth.dedupe_view as
select r.id as run, r.name as "table", r.state, r.phase, r.started, r.finished, r.groups, r.removed, r.conflicting, r.rewritten, r.restored,
	r.constraint_name as "constraint", r.longest_block::float8 / 1000 as longest_write_block_ms,
	(select string_agg(quote_ident(c.name), ', ') from berth.dedupe_columns(r.relation) c where c.nullable and r.ask->'null_as_empty' ? c.name) as takes_null
from berth.dedupe_run r;

-- What a run has removed, with the types that the columns had, or as text where these are others today.
create or replace function berth.dedupe_removed(asked_run uuid) returns table (removed jsonb, survivor jsonb, rule text)
language plpgsql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run;
	if r.id is null then
		return;
	end if;
	return query execute (select format('select (select to_jsonb(v.*) from (select %s) v), to_jsonb(d.survivor%s), d.rule from berth.dedupe_row d'
			' where d.run = $1 and d.fields is not null order by d.seq', string_agg(format('%s as %I', as_it_was, name), ', ' order by place),
			(select '::' || type from berth.dedupe_columns(r.relation) where name = r.ask->>'row_id' and r.columns @> jsonb_build_array(jsonb_build_object('name', name, 'type', type))))
		from berth.dedupe_typed(r.columns, r.relation)) using r.id;
end $$;

-- The same as if it were done now; the catalogue stays as it is.
create or replace function berth.dedupe_would_remove(relation oid, request jsonb) returns table (removed jsonb, survivor jsonb, rule text)
language plpgsql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' as $$
declare
	ask jsonb := berth.dedupe_asked(relation, request);
begin
	return query execute format('select to_jsonb(t.*), (select to_jsonb(s.%I) from only %s s where s.ctid = g.survivor_at), $1 from (%s) g'
		' join only %2$s t on t.ctid = g.at where g.place > 1 order by g.key, g.place',
		ask->>'row_id', berth.dedupe_name(relation), berth.dedupe_ranked(relation, ask))
		using case ask->>'survivor' when 'abort' then 'identical' else ask->>'survivor' end;
end $$;

create or replace function berth.dedupe_would(relation oid, request jsonb) returns setof berth.dedupe_view
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	ask jsonb := berth.dedupe_asked(relation, request);
	standing text := berth.dedupe_standing(relation, ask);
	source text := berth.dedupe_name(relation);
	r berth.dedupe_run := berth.dedupe_unfinished(relation, request);
	counted record;
begin
	if r.id is not null and berth.dedupe_lives(r.pid, r.backend_start) then
		perform berth.dedupe_refuse_under_way(r);
	end if;
	perform berth.dedupe_refuse_table(relation);
	execute format('select count(*) from only %s t where %s', source, berth.dedupe_empties(relation, ask, 't.')) into counted;
	if standing is not null and counted.count = 0 then
		return query select null::uuid, source, 'done', 'end', null::timestamptz, null::timestamptz, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
			standing, 0::float8, null::text;
		return;
	end if;
	if standing is null and r.id is null then
		perform berth.dedupe_refuse_name(relation, berth.dedupe_constraint(relation, ask));
	end if;
	perform berth.dedupe_refuse_rows(relation, ask);
	execute format('select count(*) filter (where g.place = 2) as groups, count(*) filter (where g.place > 1) as removed,'
		' count(*) filter (where g.place = 1 and g.differs) as conflicting,'
		' (select count(*) from only %s t where %s) - count(*) filter (where g.place > 1 and g.empties) as rewritten from (%s) g',
		source, berth.dedupe_empties(relation, ask, 't.'), berth.dedupe_ranked(relation, ask)) into counted;
	return query select null::uuid, source, 'done', 'end', null::timestamptz, null::timestamptz, counted.groups, counted.removed, counted.conflicting,
		counted.rewritten, 0::bigint, coalesce(standing, berth.dedupe_constraint(relation, ask)), 0::float8,
		(select string_agg(quote_ident(c.name), ', ') from berth.dedupe_columns(relation) c where c.nullable and ask->'null_as_empty' ? c.name);
end $$;

-- berth's own tables, which hold no duplicates: the constraint that sees to it.
create or replace function berth.dedupe_own() returns setof berth.dedupe_view
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select null::uuid, berth.dedupe_name(c.conrelid), 'done', 'end', null::timestamptz, null::timestamptz, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
		c.conname::text, 0::float8, null::text
	from pg_constraint c where c.conrelid in ('berth.label'::regclass, 'berth.annotation'::regclass) and c.contype = 'p' order by c.conname;
end;
