-- The import of many ranges from a file.

-- Returns the values that a row of an import excludes: [{"first", "last"}], or null for none.
create or replace function berth.exclude_set(exclude jsonb) returns nummultirange
language sql immutable parallel safe return (
	select coalesce(range_agg(numrange((e->>'first')::numeric, (e->>'last')::numeric + 1)), '{}')
	from jsonb_array_elements(exclude) e);

-- Returns the values that are excluded of a resource.
create or replace function berth.excluded_of(asked_resource uuid) returns nummultirange
language sql stable begin atomic
	select coalesce(range_agg(numrange(first, last + 1)), '{}') from berth.exclusion where resource = asked_resource;
end;

-- Returns true if a row of an import has the unit of its pool, or none, and whole units of it.
create or replace function berth.row_units_fit(pool_unit text, block numeric, unit text, first numeric, last numeric,
	exclude jsonb)
returns bool language sql immutable parallel safe return coalesce(unit = pool_unit, unit is null)
	and (pool_unit is null or (mod(first, block) = 0 and mod(last + 1, block) = 0 and (exclude is null
		or not jsonb_path_exists(exclude, 'strict $[*] ? (@.first % $size != 0 || (@.last + 1) % $size != 0)',
			jsonb_build_object('size', block)))));

-- Returns the error of a row that does not.
create or replace function berth.row_unit_error(pool text, kind text, pool_unit text, block numeric, unit text,
	name text, first numeric, last numeric)
returns jsonb language sql immutable parallel safe return case
	when unit is distinct from pool_unit and unit is not null then jsonb_build_object('code', 'conflict', 'message',
		format('pool %s gives %s, not %s', pool, coalesce(berth.units_text(pool_unit), 'single values'),
			berth.units_text(unit)), 'detail', '{}'::jsonb)
	else jsonb_build_object('code', 'invalid_input', 'message', format(case
			when mod(first, block) = 0 and mod(last + 1, block) = 0 then 'what range %s excludes is not made of whole '
				'blocks: pool %s gives %s'
			else 'range %s is not made of whole blocks: pool %s gives %s; the nearest that is: %s' end,
		name, pool, berth.units_text(pool_unit), berth.whole_text(kind, block, first, last)), 'detail', '{}'::jsonb)
	end;

-- Returns the digest of the rows of a file in their order, without their line numbers.
create or replace function berth.import_digest(ranges jsonb, skip bool) returns text language sql immutable return (
	select berth.digest(jsonb_build_array(skip, string_agg(berth.digest(row - 'line'), '' order by n)))
	from jsonb_array_elements(ranges) with ordinality as r (row, n));

-- Imports many ranges at once: jsonb [{"line", "pool", "kind", "space", "name", "first", "last", "host", "labels",
-- "exclude", "unit"}], or {"line", "pool", "name", "error"} for one that the program has refused. "exclude" and "unit"
-- can be missing: ranges {"first", "last"} of the row's range, and the unit of its pool, which the first row of a new
-- pool gives it.
--
-- Rows count in their order: of two that overlap, the earlier one is imported. A handful of statements does everything,
-- whatever the number of rows. Returns {"imported", "replayed", "differs", "refused", "rows": [the refused rows and the
-- reasons]}; without `skip` the first refusal undoes everything. A range that exists already keeps its labels
-- and exclusions: `differs` counts those with others in the file, and `differing` is the line of the first.
create or replace function berth.pool_import(asked_id uuid, ranges jsonb, skip bool, detail jsonb)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp
-- The planner cannot know how many rows the file has, and guesses few.
set enable_nestloop = off as $$
declare
	answer jsonb;
	wrong jsonb;
	made bigint;
	again bigint;
	differs bigint;
	differing bigint;
	first_wrong jsonb;
	tangled bool;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_bool('skip', skip),
		berth.check_rows(ranges),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool import', 'file', berth.import_digest(ranges, skip),
		case when exists (select from berth.request where id = asked_id) then md5(ranges::text || skip) end);
	if answer is not null then
		return answer;
	end if;

	insert into berth.space (name)
	select distinct r.space from jsonb_to_recordset(ranges) as r (space text, error jsonb) where r.error is null
	on conflict on constraint space_name_key do nothing;

	with fresh as (
		insert into berth.pool (id, name, kind, space, warn, crit, ttl, reuse_delay, unit)
		select berth.new_id(), r.pool, r.kind, s.number, 80, 90, 0, 0, r.unit
		from (select distinct on (pool) pool, kind, space, unit from jsonb_to_recordset(ranges)
			as r (line bigint, pool text, kind text, space text, unit text, error jsonb)
			where error is null order by pool, line) r
		join berth.space s on s.name = r.space
		where not exists (select from berth.pool p where p.name = r.pool and p.destroyed is null)
		on conflict (name) where destroyed is null do nothing
		returning id, name, kind, space, unit
	)
	insert into berth.event (action, kind, target, after, detail)
	select 'create', 'pool', f.id, jsonb_build_object('name', f.name, 'kind', f.kind, 'space', s.name)
			|| case when f.unit is null then '{}' else jsonb_build_object('unit', f.unit) end, pool_import.detail
	from fresh f join berth.space s on s.number = f.space;

	-- No one can delete them now; the next try creates a pool that was deleted meanwhile.
	perform from berth.pool p
	where p.destroyed is null and p.name in (select r.pool from jsonb_to_recordset(ranges) as r (pool text))
		order by p.id for share;
	perform berth.lock_open_project(p.project) from berth.pool p
	where p.destroyed is null and p.project is not null and p.name in (select r.pool
		from jsonb_to_recordset(ranges) as r (pool text));
	if exists (select from jsonb_to_recordset(ranges) as r (pool text, error jsonb)
		where r.error is null and not exists (select from berth.pool p where p.name = r.pool and p.destroyed is null))
			then
		raise exception using errcode = 'serialization_failure', message = 'a pool was deleted meanwhile';
	end if;

	-- Inserting ranges in order is twice as fast. Where no ranges of the file overlap, their order in the file does not
	-- matter; sorted by their start, two that overlap have neighbours that do.
	select coalesce(bool_or(touches), false) into tangled
	from (
		select place && lag(place) over (order by place) as touches
		from jsonb_to_recordset(ranges) as r (kind text, space text, first numeric, last numeric)
		join berth.space s on s.name = r.space,
		berth.span(s.number, r.kind, r.first, r.last) place
	) neighbours;

	with asked as materialized (
		select r.*, p.id as pool_id, p.space as pool_space, berth.new_id() as id,
			p.kind = r.kind and s.name = r.space and berth.row_units_fit(p.unit, p.block, r.unit, r.first, r.last,
				r.exclude) as fits, p.kind as pool_kind, s.name as space_name, p.unit as pool_unit, p.block
		from jsonb_to_recordset(ranges) as r (line bigint, pool text, kind text, space text, name text, first numeric,
			last numeric, host text, labels jsonb, exclude jsonb, unit text, error jsonb)
		join berth.pool p on p.name = r.pool and p.destroyed is null
		join berth.space s on s.number = p.space
		where r.error is null
	), placed as (
		insert into berth.resource (id, pool, space, kind, name, host, first, last)
		select id, pool_id, pool_space, kind, name, host, first, last from asked
		where fits and (host = '' or not berth.has_twin(pool_space, host))
		order by case when not tangled then berth.span(pool_space, kind, first, last) end, line
		on conflict do nothing
		returning id, pool, name, host, first, last
	), excluded as (
		select asked.id, asked.pool_id, asked.block,
			case when asked.exclude is null then '{}' else berth.exclude_set(asked.exclude) end as values
		from placed join asked using (id)
	), kept as (
		insert into berth.exclusion (pool, resource, first, last, reason)
		select pool_id, id, lower(piece), upper(piece) - 1, left(coalesce(pool_import.detail->>'reason', ''), 1000)
		from excluded, unnest(excluded.values) piece
	), striped as (
		insert into berth.stripe (pool, resource, host, first, last, free, room, excluded, kept, open, block)
		select pool, id, host, first, last, nummultirange(numrange(first, last + 1)) - x.values,
			n.size - n.kept, x.values, n.kept, n.size > n.kept, x.block
		from placed join excluded x using (id)
		cross join lateral (select div(last - first + 1, x.block) as size,
			berth.excluded_count(x.values, x.values, x.block) as kept) n
	), told as (
		insert into berth.event (action, kind, target, after, detail)
		select 'create', 'resource', placed.id, jsonb_build_object('pool', asked.pool, 'name', asked.name,
			'state', 'active', 'generation', 1), pool_import.detail
		from placed join asked using (id)
	), labelled as (
		insert into berth.label (kind, target, prefix, name, value)
		select 'resource', asked.id, case when strpos(l.key, '/') > 0 then split_part(l.key, '/', 1) else '' end,
			substr(l.key, strpos(l.key, '/') + 1), l.value
		from placed join asked using (id), jsonb_each_text(asked.labels) l
	)
	select (select count(*) from placed),
		(select jsonb_agg(to_jsonb(a) order by a.line) from asked a left join placed using (id) where placed.id is null)
	into made, wrong;

	select count(*) filter (where said.same), count(*) filter (where said.other),
		min(said.line) filter (where said.other),
		coalesce(jsonb_agg(jsonb_build_object('line', said.line, 'pool', said.pool, 'range', said.name, 'error',
			said.error)
			order by said.line) filter (where not said.same), '[]')
	into again, differs, differing, wrong
	from (
		select w.line, w.pool, w.name, k.same,
			k.same and (w.labels <> '{}' and w.labels <> berth.metadata('label', c.id)
				or w.exclude is not null and berth.exclude_set(w.exclude) <> berth.excluded_of(c.id)) as other,
			case
				when w.fits then jsonb_build_object('code', 'overlap',
					'message', format('range %s of pool %s overlaps %s of pool %s', w.name, w.pool, c.name,
						berth.pool_text(c.pool)),
					'detail', berth.overlap_detail(c))
				when w.kind <> w.pool_kind then jsonb_build_object('code', 'invalid_input',
					'message', format('pool %s is of kind %s, not %s', w.pool, w.pool_kind, w.kind), 'detail',
						'{}'::jsonb)
				when not berth.row_units_fit(w.pool_unit, w.block, w.unit, w.first, w.last, w.exclude)
					then berth.row_unit_error(w.pool, w.kind, w.pool_unit, w.block, w.unit, w.name, w.first, w.last)
				else jsonb_build_object('code', 'conflict',
					'message', format('pool %s is in space %s, not %s', w.pool, w.space_name, w.space), 'detail',
						'{}'::jsonb)
			end as error
		from jsonb_to_recordset(coalesce(wrong, '[]')) as w (line bigint, pool text, kind text, space text, name text,
			first numeric, last numeric, host text, labels jsonb, exclude jsonb, unit text, fits bool, pool_kind text,
			space_name text, pool_space int, pool_id uuid, pool_unit text, block numeric)
		cross join lateral berth.culprit(w.pool_space, w.kind, w.first, w.last, w.host) c
		cross join lateral (select w.fits and c.pool = w.pool_id and c.first = w.first and c.last = w.last as same) k
		union all
		select r.line, r.pool, r.name, false, false, r.error
		from jsonb_to_recordset(ranges) as r (line bigint, pool text, name text, error jsonb) where r.error is not null
	) said;

	first_wrong := wrong->0;
	if first_wrong is not null and not skip then
		perform berth.refuse(first_wrong->'error'->>'code', first_wrong->'error'->>'message',
			(first_wrong->'error'->'detail') || jsonb_build_object('line', first_wrong->'line'),
			'--on-conflict skip imports the rest' || case
				when first_wrong->'error'->>'code' = 'overlap'
					and first_wrong->'error'->'detail'->>'pool' <> first_wrong->>'pool'
				then '; values that mean something else belong in a space of their own, which the column space names'
					else '' end);
	end if;
	answer := jsonb_build_object('imported', made, 'replayed', again, 'differs', differs, 'differing', differing,
		'refused', jsonb_array_length(wrong), 'rows', wrong);
	perform berth.remember(asked_id, answer);
	return answer;
end $$;
