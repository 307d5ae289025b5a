-- The import of many leases from a file: what is assigned already becomes a lease of exactly its value.
--
-- A lease is made as berth.allocate_value() makes it, for all rows at once: the stripes that have the values are locked
-- in one order, then the projects that are charged, and only then is read what is free. A value can be imported as long
-- as `free` of its stripe has it, so whatever keeps values out of there keeps imports away too.

drop type if exists berth.import_row cascade;

-- A row of the file with what it names: its pool, the resource that has its value, its project, and the id of its
-- lease. `error` says why it is refused.
create type berth.import_row as (
	line bigint, pool_name text, pool uuid, text text, resource uuid, value numeric, holder text, project uuid,
	until timestamptz, created timestamptz, labels jsonb, id uuid, error jsonb);

-- Returns the digest of the rows of a file in their order, without their line numbers.
create or replace function berth.import_leases_digest(leases jsonb, skip bool) returns text
language sql immutable parallel safe return (
	select md5(skip::text || coalesce(string_agg((row - 'line')::text, ''), '')) from jsonb_array_elements(leases) row);

-- Returns the error of a row.
create or replace function berth.import_error(code text, message text, detail jsonb default '{}') returns jsonb
language sql immutable parallel safe return jsonb_build_object('code', code, 'message', message, 'detail', detail);

-- Returns the id of the lease that a row without an id is for, of version 8: the same for the same value of a pool, so
-- that the same file can be imported again.
create or replace function berth.import_id(pool uuid, host text, value numeric) returns uuid
language sql immutable parallel safe return
	overlay(overlay(md5(concat_ws('/', pool, lower(host), value)) placing '8' from 13) placing 'a' from 17)::uuid;

-- Finds what the rows of a file name. Those that name nothing have an error. The server cannot know how many rows there
-- are: without the settings it would join them one by one, or read tables whole for each.
create or replace function berth.import_rows(leases jsonb) returns setof berth.import_row
language sql stable set search_path = pg_catalog, pg_temp
	set enable_nestloop = off set enable_seqscan = off set jit = off set work_mem = '64MB' as $$
	with asked as materialized (
		select * from jsonb_to_recordset(leases) as r (line bigint, pool text, space text, kind text, text text,
			host text, value numeric, last numeric, holder text, project text, until timestamptz, created timestamptz,
			labels jsonb, id uuid, error jsonb)
	), pools as materialized (
		select p.* from berth.pool p where p.destroyed is null and p.name in (select pool from asked)
	), projects as materialized (
		select o.name || '/' || j.name as name, j.id from berth.project j
		join berth.organization o on o.id = j.organization
		where j.state <> 'destroyed' and o.name || '/' || j.name in (select project from asked)
	)
	select a.line, coalesce(a.pool, c.pool_name, ''), coalesce(p.id, c.pool), a.text, coalesce(i.id, c.id), a.value,
		coalesce(a.holder, ''), coalesce(j.id, p.project, c.project), a.until, a.created, coalesce(a.labels, '{}'),
		coalesce(a.id, berth.import_id(coalesce(p.id, c.pool), coalesce(i.host, c.host), a.value)),
		case
			when a.error is not null then a.error
			when a.pool is null and c.id is null then berth.import_error('not_found',
				format('value %s is in no pool of space %s', a.text, a.space))
			when a.pool is not null and p.id is null then berth.import_error('not_found',
				format('pool %s does not exist', a.pool))
			when p.kind <> a.kind then berth.import_error('invalid_input',
				format('pool %s is of kind %s, and %s is of kind %s', a.pool, p.kind, a.text, a.kind))
			when a.pool is not null and i.id is null then berth.import_error('invalid_input',
				format('value %s is in no live resource of pool %s', a.text, a.pool))
			when not berth.is_unit(u.unit, u.block, a.value, a.last) then berth.import_error('invalid_input',
				berth.other_unit_text(coalesce(a.pool, c.pool_name), u.unit, a.text))
			when a.project is not null and j.id is null then berth.import_error('not_found',
				format('project %s does not exist', a.project))
			when coalesce(p.project, c.project) <> j.id then berth.import_error('conflict',
				format('pool %s belongs to project %s: it gives to no other', coalesce(a.pool, c.pool_name),
					berth.project_text(coalesce(p.project, c.project))))
			when a.until <= now() then berth.import_error('invalid_input', format(
				'the end of the lease of %s is in the past', a.text))
			when a.created > now() then berth.import_error('invalid_input', format(
				'the lease of %s was created in the future', a.text))
		end
	from asked a
	left join pools p on p.name = a.pool
	left join projects j on j.name = a.project
	left join lateral (
		select r.id, r.host from (
			select x.id, x.host, x.kind, x.last from berth.resource x
			where x.pool = p.id and lower(x.host) = coalesce(lower(a.host), '') and x.first <= a.value
				and x.state <> 'destroyed'
			order by x.first desc, x.host <> a.host limit 1) r
		where r.kind = a.kind and r.last >= a.value) i on true
	left join lateral (
		select r.id, r.host, r.pool, q.name as pool_name, q.project, q.unit, q.block
		from berth.space s, berth.culprit(s.number, a.kind, a.value, a.value, coalesce(a.host, '')) r, berth.pool q
		where s.name = a.space and a.pool is null and a.error is null and r.last >= a.value and q.id = r.pool) c on true
	left join lateral (select case when p.id is null then c.unit else p.unit end as unit,
		coalesce(p.block, c.block) as block) u on true
$$;

-- Locks the stripes that have the values of these rows, in the order of berth.lock_stripes(), and returns the latest
-- time at which one of them was changed. Raises 40001 if a resource was removed or cut meanwhile: the next run finds
-- the one that has the value now.
create or replace function berth.import_lock(rows berth.import_row[]) returns timestamptz
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
declare
	whole bool;
	latest timestamptz;
begin
	loop
		with located as materialized (
			select s.resource, s.first, max(r.value) as top
			from unnest(rows) r
			left join lateral (select resource, first from berth.stripe where resource = r.resource
				and first <= r.value order by first desc limit 1) s on true
			where r.error is null
			group by s.resource, s.first order by s.resource, s.first
		)
		select coalesce(bool_and(coalesce(s.last >= located.top, false)), true), max(s.changed) into whole, latest
		from located left join lateral (select last, changed from berth.stripe t
			where t.resource = located.resource and t.first = located.first for update) s on true;
		exit when whole;
		if exists (select from unnest(rows) r where r.error is null and not berth.has_value(r.resource, r.value)) then
			raise exception using errcode = 'serialization_failure', message = 'a range was cut meanwhile';
		end if;
	end loop;
	return latest;
end $$;

-- Makes the leases of the rows whose values are free, with their labels: `made` are the lines of these rows;
-- `resources`, `firsts` and `sets` the stripes and the values that are to be taken from them; `projects` and `counts`
-- what is to be charged. The caller holds the locks. The first row of a value or id counts. An imported lease is active
-- at once: it exists, so no hook activates it. It is held from now on, whenever it was created, so that the times of
-- the leases of one value do not overlap.
create or replace function berth.import_make(rows berth.import_row[], at timestamptz, origin jsonb, out made bigint[],
	out resources uuid[], out firsts numeric[], out sets nummultirange[], out projects uuid[], out counts bigint[])
language plpgsql set search_path = pg_catalog, pg_temp
	set enable_nestloop = off set enable_seqscan = off set jit = off set work_mem = '64MB' as $$
begin
	with fit as materialized (
		select r.*, p.block, s.first as place, row_number() over (partition by r.project order by r.line) as nth
		from unnest(rows) r
		join berth.pool p on p.id = r.pool and p.waiting = 0
		cross join lateral (select first, free, usable from berth.stripe where resource = r.resource
			and first <= r.value order by first desc limit 1) s
		where r.error is null and s.usable and s.free @> r.value
			and not exists (select from berth.request where id = r.id offset 0)
			and not exists (select from berth.command where id = r.id offset 0)
	), leased as (
		insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired,
			activated, detail)
		select f.id, f.pool, f.resource, f.value, 'active', f.holder, f.project, 0, f.until,
			coalesce(f.created, at), at, at, origin
		from fit f left join lateral (select * from berth.project where id = f.project limit 1) j on true
		where f.project is null or (j.state = 'active' and coalesce(j.leases + f.nth <= j.max_leases, true))
		order by f.line
		on conflict do nothing
		returning id, seq, resource, value
	), mine as materialized (
		select distinct on (f.id) f.line, f.id, f.resource, f.place, f.value, f.block, f.labels, f.project, l.seq
		from leased l join fit f on f.id = l.id and f.resource = l.resource and f.value = l.value
		order by f.id, f.line
	), labelled as (
		insert into berth.label (kind, target, prefix, name, value, seq)
		select 'lease', m.id, berth.key_prefix(k.key), berth.key_name(k.key), k.value, m.seq
		from mine m, jsonb_each_text(m.labels) k
	), taken as (
		select resource, place, range_agg(numrange(value, value + block)) as values from mine group by resource, place
	), charged as (
		select project, count(*) as count from mine where project is not null group by project
	)
	select m.lines, t.resources, t.places, t.sets, c.projects, c.counts
	into made, resources, firsts, sets, projects, counts
	from (select coalesce(array_agg(line), '{}') as lines from mine) m,
		(select array_agg(resource) as resources, array_agg(place) as places, array_agg(values) as sets from taken) t,
		(select array_agg(project order by project) as projects, array_agg(count order by project) as counts
			from charged) c;
end $$;

-- Takes sets of values from locked stripes. One whose free values have fallen into many pieces is split into stripes of
-- a few pieces each, all at once: berth.split_crumbs() would rewrite it again and again.
create or replace function berth.import_take(resources uuid[], firsts numeric[], sets nummultirange[], at timestamptz)
returns void language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
begin
	with taken as materialized (
		select s.*, s.free - t.gone as rest from unnest(resources, firsts, sets) t (resource, first, gone)
		cross join lateral (select * from berth.stripe where resource = t.resource and first = t.first) s
	), pieces as (
		select t.resource, t.first, piece, case when count(*) over (partition by t.resource, t.first) > 64
			then (n - 1) / 32 else 0 end as part
		from taken t left join lateral unnest(t.rest) with ordinality u (piece, n) on true
	), parts as (
		select t.pool, t.resource, t.host, t.usable, t.resting, t.excluded, t.kept, t.block, t.first as old,
			t.last as old_last, case when p.part = 0 then t.first else min(lower(p.piece)) end as first,
			coalesce(range_agg(p.piece), '{}') as free,
			coalesce(div(sum(upper(p.piece) - lower(p.piece)), t.block), 0) as room
		from taken t join pieces p on p.resource = t.resource and p.first = t.first
		group by t.pool, t.resource, t.host, t.usable, t.resting, t.excluded, t.kept, t.block, t.first, t.last, p.part
	), bounded as materialized (
		select p.*, coalesce(lead(p.first) over (partition by p.resource, p.old order by p.first) - 1, p.old_last)
			as last
		from parts p
	), counted as materialized (
		select b.pool, b.resource, b.host, b.usable, b.block, b.old, b.first, b.last, b.free, b.room, e.own as excluded,
			case when b.resting = 0 then 0 else (select count(*) from berth.lease l
				where l.resource = b.resource and l.value between b.first and b.last and l.rest_until is not null
					and l.state = 'released') end as rests,
			case when b.first = b.old and b.last = b.old_last then b.kept
				else berth.kept_among(b.resource, e.own, b.block) end as kept
		from bounded b
		cross join lateral (select b.excluded * nummultirange(numrange(b.first, b.last + 1)) as own) e
	), left_over as (
		update berth.stripe s set last = c.last, free = c.free, room = c.room, resting = c.rests,
			excluded = c.excluded, kept = c.kept, open = c.usable and c.room > 0, changed = at
		from counted c where c.first = c.old and s.resource = c.resource and s.first = c.old
	)
	insert into berth.stripe (pool, resource, host, first, last, free, room, resting, excluded, kept, usable, open,
		changed, block)
	select pool, resource, host, first, last, free, room, rests, excluded, kept, usable, usable and room > 0, at, block
	from counted where first <> old;
end $$;

-- Returns why each row without a lease of its own got none, in the order of lines; a row that is repeated has no error,
-- and `differs` if it has other terms than its lease. The caller holds the locks.
create or replace function berth.import_judge(rows berth.import_row[], made bigint[])
returns table (line bigint, pool text, value text, error jsonb, differs bool)
language sql stable set search_path = pg_catalog, pg_temp
	set enable_nestloop = off set enable_seqscan = off set jit = off set work_mem = '64MB' as $$
	select r.line, r.pool_name, r.text, coalesce(r.error, case
			when l.id is not null and (l.resource, l.value) is not distinct from (r.resource, r.value)
				and berth.state_is(l.state, '{acquired, active, broken}') then null
			when l.id is not null then berth.import_error('id_conflict', format('lease %s exists: %s', l.id,
				case when l.state in ('released', 'destroyed')
					then format('it was released %s; the id of a released lease is spent',
						berth.time_text(coalesce(l.released, l.destroyed)))
					else format('it does not hold %s', r.text) end))
			when berth.id_owner(r.id, '') is not null then berth.import_error('id_conflict',
				format('id %s was used for %s %s', r.id, berth.id_owner(r.id, '')->>'action',
					berth.id_owner(r.id, '')->>'target'))
			when h.id is not null then berth.import_error('conflict',
				format('value %s of pool %s is held by lease %s since %s', r.text, r.pool_name, h.id,
					berth.time_text(coalesce(h.activated, h.acquired))), jsonb_build_object('lease', h.id,
					'holder', h.holder, 'since', berth.time_exact(coalesce(h.activated, h.acquired))))
			when c.cordoned or c.state <> 'active' then berth.import_error('conflict',
				format('value %s is in resource %s of pool %s, which is %s', r.text, c.name, r.pool_name,
					case when c.state = 'active' then 'cordoned' else c.state end),
				jsonb_build_object('resource', c.id))
			when not s.free @> r.value then coalesce(
				berth.excluded_error(r.resource, r.value, r.text, r.pool_name),
				berth.import_error('conflict', format('value %s of pool %s is not free', r.text, r.pool_name)))
			when p.waiting > 0 then berth.import_error('pool_exhausted',
				format('%s wait in line for values of pool %s', p.waiting, r.pool_name))
			when j.state <> 'active' then berth.import_error('precondition_failed',
				format('project %s is being deleted', berth.project_text(j.id)))
			else berth.import_error('quota_exceeded', format('project %s has all of its %s leases',
				berth.project_text(j.id), j.max_leases))
		end), coalesce(l.holder <> r.holder or l.until is distinct from r.until or l.generation <> 1
			or (r.labels <> '{}' and r.labels <> berth.metadata('label', l.id)), false)
	from unnest(rows) r
	left join unnest(made) m (line) on m.line = r.line
	left join berth.pool p on p.id = r.pool
	left join lateral (select * from berth.project where id = r.project limit 1) j on true
	left join lateral (select * from berth.lease where id = r.id and r.error is null limit 1) l on true
	left join lateral (select * from berth.lease x where x.resource = r.resource and x.value = r.value
		and x.state <> 'destroyed' and l.id is null limit 1) h on true
	left join lateral (select * from berth.resource where id = r.resource and l.id is null and h.id is null limit 1) c
		on true
	left join lateral (select free from berth.stripe where resource = c.id and first <= r.value
		order by first desc limit 1) s on true
	where m.line is null
$$;

-- Imports leases: jsonb [{"line", "pool" or "space", "kind", "text", "host", "value", "holder", "project", "until",
-- "created", "labels", "id"}], what a row does not say left out, or {"line", "pool", "text", "error"} for one that the
-- program has refused. Without a pool it is the one whose range has the value. A row is repeated without effect: its
-- id, which is derived from the pool and the value unless it is given, stands for the lease.
--
-- Returns {"imported", "replayed", "differs", "differing", "refused", "rows": [the refused rows and the reasons]};
-- without `skip` the first refusal, in the order of lines, undoes everything. A lease that exists already keeps its
-- terms: `differs` counts those with others in the file, and `differing` is the line of the first.
create or replace function berth.lease_import(asked_id uuid, leases jsonb, skip bool, detail jsonb)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	rows berth.import_row[];
	at timestamptz;
	done record;
	answer jsonb;
	wrong jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_bool('skip', skip),
		berth.check_lease_rows(leases),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'lease import', 'file', berth.import_leases_digest(leases, skip));
	if answer is not null then
		return answer;
	end if;
	rows := array(select r from berth.import_rows(leases) r);
	at := berth.time_of_change(berth.import_lock(rows));
	perform berth.lock_projects(array(select distinct r.project from unnest(rows) r
		where r.error is null and r.project is not null));
	done := berth.import_make(rows, at, detail);
	perform berth.import_take(done.resources, done.firsts, done.sets, at);
	perform berth.charge(c.project, c.count) from unnest(done.projects, done.counts) c (project, count);
	select jsonb_build_object('imported', cardinality(done.made), 'replayed', count(*) filter (where error is null),
		'differs', count(*) filter (where error is null and differs),
		'differing', min(line) filter (where error is null and differs), 'refused', count(error),
		'rows', coalesce(jsonb_agg(jsonb_build_object('line', line, 'pool', pool, 'value', value, 'error', error)
			order by line) filter (where error is not null), '[]'))
	into answer from berth.import_judge(rows, done.made);
	wrong := answer->'rows'->0;
	if wrong is not null and not skip then
		perform berth.refuse(wrong->'error'->>'code', wrong->'error'->>'message',
			(wrong->'error'->'detail') || jsonb_build_object('line', wrong->'line'),
			'--on-conflict skip imports the rest');
	end if;
	perform berth.remember(asked_id, answer);
	return answer;
end $$;
