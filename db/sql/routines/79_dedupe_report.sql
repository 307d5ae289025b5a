-- Reading about the runs of dedupe, and what a fix would do.

-- Runs as people see them. `takes_null`: the columns in which NULL counted as empty and is still possible.
create or replace view berth.dedupe_view as
select r.id as run, r.name as "table", r.state, r.phase, r.started, r.finished, r.groups, r.removed, r.conflicting,
	r.rewritten, r.repointed, r.restored,
	r.constraint_name as "constraint", r.longest_block::float8 / 1000 as longest_write_block_ms,
	(select string_agg(quote_ident(c.name), ', ') from berth.dedupe_columns(r.relation) c where c.nullable
		and r.ask->'null_as_empty' ? c.name) as takes_null
from berth.dedupe_run r;

-- Returns an expression for the identity of a survivor in the archive `d` as JSON, with the columns' types if these are
-- the server's and have not changed.
create or replace function berth.dedupe_survivor_json(r berth.dedupe_run) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	ids text[] := berth.dedupe_names(r.ask->'row_id');
	parts text[] := array(select berth.dedupe_id_part(ids, 'd.survivor', i.place) || coalesce('::' || c.type, '')
		from unnest(ids) with ordinality i (name, place) left join berth.dedupe_columns(r.relation) c
			on c.name = i.name and c.kind < 16384
				and r.columns @> jsonb_build_array(jsonb_build_object('name', c.name, 'type', c.type))
		order by i.place);
begin
	return case cardinality(ids) when 0 then 'to_jsonb(d.survivor)' when 1 then format('to_jsonb(%s)', parts[1])
		else (select format('jsonb_build_object(%s)', string_agg(format('%L, %s', i, part), ', ' order by place))
			from unnest(ids, parts) with ordinality x (i, part, place)) end;
end $$;

-- Returns the rows that a run has removed, with the old types of the columns, or as text where those have changed:
-- those after a seq, at most so many.
create or replace function berth.dedupe_shown(asked_run uuid, after bigint, most bigint)
	returns table (seq bigint, removed jsonb, survivor jsonb, rule text)
language plpgsql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
	set intervalstyle = 'postgres' as $$
declare
	r berth.dedupe_run;
begin
	if after < 0 or most < 1 then
		perform berth.refuse('invalid_input', 'the rows of a run are asked for after a seq, and at least one');
	end if;
	select * into r from berth.dedupe_run where id = asked_run;
	if r.id is null then
		return;
	end if;
	return query execute (select format('select d.seq, (select to_jsonb(v.*) from (select %s) v), %s, '
		'd.rule from berth.dedupe_row d where d.run = $1 and d.fields is not null and d.seq > $2 '
		'order by d.seq limit $3',
		string_agg(format('%s as %I', as_it_was, name), ', ' order by place), berth.dedupe_survivor_json(r))
		from berth.dedupe_typed(r.columns, r.relation)) using r.id, coalesce(after, 0), most;
end $$;

create or replace function berth.dedupe_removed(asked_run uuid) returns table (removed jsonb, survivor jsonb, rule text)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select s.removed, s.survivor, s.rule from berth.dedupe_shown(asked_run, 0, null) s order by s.seq;
end;

-- Returns the rows that a fix would remove now; the catalogue does not change.
create or replace function berth.dedupe_would_remove(relation oid, request jsonb) returns table (removed jsonb,
	survivor jsonb, rule text)
language plpgsql volatile set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
	set intervalstyle = 'postgres' as $$
declare
	ask jsonb;
	p record;
begin
	perform berth.dedupe_hold(relation, 'delete');
	ask := berth.dedupe_asked(relation, request);
	select * into p from berth.dedupe_parts(relation, ask, 's.');
	return query execute format('select %s, (select %s from only %s s where s.ctid = g.survivor_at and %s), $1 from '
		'(%s) g'
		' join only %3$s t on t.ctid = g.at where g.place > 1 and %4$s order by g.key, g.place',
		berth.dedupe_row_json(relation, 't.'), p.id_json, berth.dedupe_name(relation),
		berth.dedupe_pinned(relation, 'read'), berth.dedupe_ranked(relation, ask))
		using case ask->>'survivor' when 'abort' then 'identical' else ask->>'survivor' end;
end $$;

create or replace function berth.dedupe_would(relation oid, request jsonb) returns setof berth.dedupe_view
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	ask jsonb;
	standing text;
	source text := berth.dedupe_name(relation);
	pin text := berth.dedupe_pinned(relation, 'read');
	r berth.dedupe_run;
	counted record;
	many berth.dedupe_reference[];
	repointed bigint;
begin
	perform berth.dedupe_refuse_busy(relation);
	perform berth.dedupe_hold(relation, 'delete');
	ask := berth.dedupe_asked(relation, request);
	standing := berth.dedupe_existing(relation, ask);
	r := berth.dedupe_unfinished(relation, request);
	if r.id is not null and berth.dedupe_lives(r.pid, r.backend_start) then
		perform berth.dedupe_refuse_under_way(r);
	end if;
	perform berth.dedupe_refuse_table(relation);
	execute format('select count(*) from only %s t where %s and (%s)', source, pin, berth.dedupe_empties(relation, ask,
		't.')) into counted;
	if standing is not null and counted.count = 0 then
		return query select null::uuid, source, 'done', 'end', null::timestamptz, null::timestamptz, 0::bigint,
			0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
			standing, 0::float8, null::text;
		return;
	end if;
	if standing is null and r.id is null then
		perform berth.dedupe_refuse_name(relation, ask, berth.dedupe_constraint(relation, ask));
	end if;
	many := berth.dedupe_movable(relation, ask);
	perform berth.dedupe_hold_moved(relation, many);
	perform berth.dedupe_refuse_rows(relation, ask, many);
	repointed := case when (ask->>'repoint')::bool then berth.dedupe_refuse_repoint(relation,
		berth.dedupe_ranked(relation, ask), many) else 0 end;
	execute format('select count(*) filter (where g.place = 2) as groups, count(*) filter (where g.place > 1) as '
		'removed,'
		' count(*) filter (where g.place = 1 and g.differs) as conflicting,'
		' (select count(*) from only %s t where %s and (%s)) - count(*) filter (where g.place > 1 and g.empties) as '
			'rewritten from (%s) g',
		source, pin, berth.dedupe_empties(relation, ask, 't.'), berth.dedupe_ranked(relation, ask)) into counted;
	return query select null::uuid, source, 'done', 'end', null::timestamptz, null::timestamptz, counted.groups,
		counted.removed, counted.conflicting,
		counted.rewritten, repointed, 0::bigint, coalesce(standing, berth.dedupe_constraint(relation, ask)), 0::float8,
		(select string_agg(quote_ident(c.name), ', ') from berth.dedupe_columns(relation) c where c.nullable
			and ask->'null_as_empty' ? c.name);
end $$;

-- Returns the constraint that keeps duplicates out of each of berth's own tables.
create or replace function berth.dedupe_own() returns setof berth.dedupe_view
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select null::uuid, berth.dedupe_name(c.conrelid), 'done', 'end', null::timestamptz, null::timestamptz, 0::bigint,
		0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
		c.conname::text, 0::float8, null::text
	from pg_constraint c where c.conrelid in ('berth.label'::regclass, 'berth.annotation'::regclass) and c.contype = 'p'
		order by c.conname;
end;
