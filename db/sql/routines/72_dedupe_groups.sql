-- Duplicates as people read them: the groups of a table, a few examples, and the rows of one group.
--
-- berth.dedupe_hold() forbids views for the transaction. At its end each of these functions restores what was set, so
-- that the statements after it can read the views of berth, as those of the console do.

-- Returns a query for the groups of ranked rows (berth.dedupe_ranked).
create or replace function berth.dedupe_grouped(relation oid, ranked text) returns text
language sql stable set search_path = pg_catalog, pg_temp return format(
	'select %L::text, (array_agg(g.shown order by g.place))[1], count(*), bool_or(g.differs),'
	' coalesce((select jsonb_agg(v order by first) from (select v, min(o) as first'
	'  from jsonb_array_elements(jsonb_agg(g.said order by g.place) filter (where g.said is not null)) with '
		'ordinality x (v, o) group by v) y), ''[]''),'
	' (array_agg(g.id_json order by g.place))[1],'
	' case when count(distinct g.bare) = 1 then ''exact'' when count(distinct g.filled) = 1 then ''null'' '
		'when count(distinct g.folded) = 1 then ''fold'' else ''trim'' end'
	' from (%s) g group by g.hash, g.key having count(*) > 1 order by g.key', berth.dedupe_name(relation), ranked);

-- Returns every group of rows with one key, and what makes the keys equal: only the columns, NULL taken as empty,
-- that upper and lower case are the same, or that texts were cut.
create or replace function berth.dedupe_check(relation oid, ask jsonb)
returns table ("table" text, key jsonb, rows bigint, conflicting bool, "values" jsonb, survivor jsonb, collides text)
language plpgsql volatile set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
	set intervalstyle = 'postgres' as $$
declare
	asked jsonb;
	restricted text := current_setting('restrict_nonsystem_relation_kind', true);
begin
	perform berth.dedupe_hold(relation, 'read');
	asked := berth.dedupe_asked(relation, ask);
	perform berth.dedupe_try(relation, asked);
	return query execute berth.dedupe_grouped(relation, berth.dedupe_ranked(relation, asked));
	perform set_config('restrict_nonsystem_relation_kind', restricted, true) where restricted is not null;
end $$;

-- Returns a few of these groups, found without ranking every row that has a duplicate.
create or replace function berth.dedupe_examples(relation oid, ask jsonb)
returns table ("table" text, key jsonb, rows bigint, conflicting bool, "values" jsonb, survivor jsonb, collides text)
language plpgsql volatile set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
	set intervalstyle = 'postgres' as $$
declare
	asked jsonb;
	p record;
	restricted text := current_setting('restrict_nonsystem_relation_kind', true);
begin
	perform berth.dedupe_hold(relation, 'read');
	asked := berth.dedupe_asked(relation, ask);
	perform berth.dedupe_try(relation, asked);
	select * into p from berth.dedupe_parts(relation, asked, 't.');
	return query execute berth.dedupe_grouped(relation, berth.dedupe_ranked_where(relation, asked,
		format('%1$s in (select %1$s from only %2$s t where %3$s and t.ctid = any ($1))', p.hash,
			berth.dedupe_name(relation), p.pin))) || ' limit 50'
	using berth.dedupe_some_doubled(relation, asked);
	perform set_config('restrict_nonsystem_relation_kind', restricted, true) where restricted is not null;
end $$;

-- Returns the columns of one group, whose key is written as berth.dedupe_check() writes it: those that differ first. Of
-- each column the values of the first six rows, the survivor first, cut after 200 characters.
create or replace function berth.dedupe_group(relation oid, ask jsonb, key jsonb)
returns table ("column" text, is_id bool, differs bool, "values" jsonb)
language plpgsql volatile set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
	set intervalstyle = 'postgres' as $$
declare
	asked jsonb;
	source text := berth.dedupe_name(relation);
	p record;
	restricted text := current_setting('restrict_nonsystem_relation_kind', true);
begin
	if jsonb_typeof(key) is distinct from 'object' then
		perform berth.refuse('invalid_input', 'the key of a group is one JSON object');
	end if;
	perform berth.dedupe_hold(relation, 'read');
	asked := berth.dedupe_asked(relation, ask);
	perform berth.dedupe_try(relation, asked);
	select * into p from berth.dedupe_parts(relation, asked, 't.');
	return query execute format(
		'select c.name, c.name = any ($2), count(distinct f.v) + max(num_nulls(f.v)) > 1,'
		' jsonb_agg(case when length(f.v) > 200 then "left"(f.v, 200) || ''...'' else f.v end order by g.place)'
		'  filter (where g.place <= 6)'
		' from (%s) g, unnest(g.fields) with ordinality f (v, place)'
		'  join (select name, row_number() over () as place from berth.dedupe_columns(%s)) c using (place)'
		' where g.called = $1 group by c.place, c.name order by 3 desc, c.place',
		berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, p.pin,
			format('%1$s in (select %1$s from only %2$s t where %3$s and %4$s = $1)', p.hash, source, p.pin, p.shown),
			format(', %s as fields, first_value(%s) over byrank as called', p.fields, p.shown)), relation)
	using key, berth.dedupe_names(asked->'row_id');
	perform set_config('restrict_nonsystem_relation_kind', restricted, true) where restricted is not null;
end $$;
