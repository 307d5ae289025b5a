-- The invariants of resources, pools and projects, which `berth doctor` and the inspection of the workers check. Each
-- function of the files 79_doctor_* returns the breaches among the rows whose key comes after `low`, up to `high`; null
-- is no bound. The server inlines them, so that a bound is the range of an index, and none costs nothing. Each table
-- that is joined by the key has the bounds too, so that no join reads more than the piece.

-- Leases hold what stripes have given, by resource.
create or replace function berth.doctor_counts(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	with counted as (
		select s.resource, sum(s.last - s.first + 1) as size,
			sum(div(s.last - s.first + 1, s.block) - s.room - s.resting - s.kept) as used,
			sum(s.resting) as resting, min(s.first) as first, max(s.last) as last
		from berth.stripe s where berth.in_piece(s.resource, low, high) group by s.resource
	), held as (
		select l.resource, count(*) filter (where l.rest_until is null) as leases,
			count(*) filter (where l.rest_until is not null) as resting from berth.lease l
		where l.state <> 'destroyed' and l.value is not null and berth.in_piece(l.resource, low, high)
		group by l.resource
	)
	select 'used_is_held', 'resource', c.resource, format('resource %s: %s used, %s held', c.resource, c.used,
		coalesce(h.leases, 0))
	from counted c left join held h using (resource) where c.used <> coalesce(h.leases, 0)
	union all
	select 'resting_is_counted', 'resource', c.resource, format('resource %s: %s counted, %s rest', c.resource,
		c.resting, coalesce(h.resting, 0))
	from counted c left join held h using (resource) where c.resting <> coalesce(h.resting, 0)
	union all
	select 'stripes_tile_resource', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r left join counted c on c.resource = r.id
	where r.state <> 'destroyed' and (c.first is distinct from r.first or c.last <> r.last
		or c.size <> r.last - r.first + 1) and berth.in_piece(r.id, low, high);
end;

-- Each stripe is as its set of free values and its resource say, by resource.
create or replace function berth.doctor_stripes(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'stripes_tile_resource', 'resource', s.resource,
		format('stripe %s of resource %s, which is not there', s.first, s.resource)
	from berth.stripe s
	where not exists (select from berth.resource r where r.id = s.resource and r.state <> 'destroyed'
		and berth.in_piece(r.id, low, high))
		and berth.in_piece(s.resource, low, high)
	union all
	select 'room_is_free', 'resource', s.resource, format('stripe %s of resource %s: %s counted, %s free', s.first,
		s.resource, s.room, berth.unit_count(s.free, s.block))
	from berth.stripe s
	where (s.resting < 0 or s.room <> berth.unit_count(s.free, s.block) or s.open <> (s.usable and s.room > 0)
		or not berth.is_whole(nummultirange(numrange(s.first, s.last + 1)), s.block)
		or not berth.is_whole(s.free, s.block)
		or not s.free <@ nummultirange(numrange(s.first, s.last + 1))) and berth.in_piece(s.resource, low, high)
	union all
	select 'usable_is_active', 'resource', s.resource, format('stripe %s of resource %s', s.first, s.resource)
	from berth.stripe s join berth.resource r on r.id = s.resource
	where (s.usable <> (r.state = 'active' and not r.cordoned) or s.pool <> r.pool or s.host <> r.host)
		and berth.in_piece(s.resource, low, high) and berth.in_piece(r.id, low, high);
end;

-- Excluded values are not free, have their reasons, and are counted where no lease holds them, by resource.
create or replace function berth.doctor_exclusions(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	with told as (
		select e.resource, range_agg(numrange(e.first, e.last + 1)) as values, sum(e.last - e.first + 1) as size
		from berth.exclusion e where berth.in_piece(e.resource, low, high) group by e.resource
	), kept as (
		select s.resource, range_agg(piece) as values, sum(upper(piece) - lower(piece)) as size
		from berth.stripe s, unnest(s.excluded) piece where berth.in_piece(s.resource, low, high) group by s.resource
	)
	select 'excluded_is_told', 'resource', coalesce(t.resource, k.resource),
		format('resource %s: %s excluded, %s told', coalesce(t.resource, k.resource), coalesce(k.size, 0),
			coalesce(t.size, 0))
	from told t full join kept k on k.resource = t.resource
	where t.values is distinct from k.values or t.size <> k.size
	union all
	select 'excluded_is_kept', 'resource', s.resource,
		format('stripe %s of resource %s: %s counted, %s excluded and not held',
			s.first, s.resource, s.kept, n.kept)
	from berth.stripe s
	cross join lateral (select berth.unit_count(s.excluded, s.block) - count(*) as kept from berth.lease l
		where l.resource = s.resource and l.value between s.first and s.last and l.state <> 'destroyed'
			and s.excluded @> l.value) n
	where (not isempty(s.excluded) or s.kept <> 0) and (s.kept <> n.kept or s.excluded && s.free
		or not s.excluded <@ nummultirange(numrange(s.first, s.last + 1))) and berth.in_piece(s.resource, low, high);
end;

-- Each held value is held once, is not free and is one of its resource, by resource.
create or replace function berth.doctor_values(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'held_is_not_free', 'lease', l.id, format('lease %s: its value is free', l.id)
	from berth.lease l
	cross join lateral (select free from berth.stripe where resource = l.resource and first <= l.value
		order by first desc limit 1) s
	where l.state <> 'destroyed' and s.free @> l.value and berth.in_piece(l.resource, low, high)
	union all
	select 'held_once', 'resource', l.resource, format('resource %s value %s', l.resource, l.value)
	from berth.lease l
	where l.state <> 'destroyed' and l.value is not null and berth.in_piece(l.resource, low, high)
	group by l.resource, l.value having count(*) > 1
	union all
	select 'lease_in_resource', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l left join berth.resource r on r.id = l.resource and berth.in_piece(r.id, low, high)
	where l.state <> 'destroyed' and l.resource is not null and (r.id is null or r.state = 'destroyed'
		or l.pool <> r.pool or l.value not between r.first and r.last) and berth.in_piece(l.resource, low, high);
end;

-- Each resource is one of its pool, and gone when its drain is done, by resource.
create or replace function berth.doctor_resources(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'resource_in_pool', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r cross join lateral (select * from berth.pool where pool.id = r.pool offset 0) p
	where r.state <> 'destroyed' and (p.destroyed is not null or p.kind <> r.kind or p.space <> r.space
		or mod(r.first, p.block) <> 0 or mod(r.last + 1, p.block) <> 0)
		and berth.in_piece(r.id, low, high)
	union all
	select 'drained_is_destroyed', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r
	where r.state in ('released', 'broken') and (
		not exists (select from berth.lease l where l.resource = r.id and l.state <> 'destroyed'
			and berth.in_piece(l.resource, low, high))
		or (r.state = 'broken') <> exists (select from berth.lease l where l.resource = r.id
			and l.state = 'broken')) and berth.in_piece(r.id, low, high);
end;

-- A pool counts those who wait, and gives to its project alone, by pool.
create or replace function berth.doctor_pools(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'waiting_is_counted', 'pool', p.id, format('pool %s: %s counted', p.name, p.waiting)
	from berth.pool p
	where p.waiting <> (select count(*) from berth.lease l where l.pool = p.id and l.state = 'pending')
		and berth.in_piece(p.id, low, high)
	union all
	select 'project_gives_to_its_own', 'lease', l.id, format('lease %s in pool %s', l.id, p.name)
	from berth.pool p join berth.lease l on l.pool = p.id
	where p.project is not null and l.state <> 'destroyed' and l.project is distinct from p.project
		and berth.in_piece(p.id, low, high);
end;

-- Projects and organizations are counted, and empty when they are deleted, by project.
create or replace function berth.doctor_projects(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'projects_are_counted', 'org', o.id,
		format('organization %s: %s counted, %s there', o.name, o.projects, n.there)
	from berth.organization o
	cross join lateral (select count(*) as there from berth.project j where j.organization = o.id
		and j.state <> 'destroyed') n
	where o.projects <> n.there and berth.in_piece(o.id, low, high)
	union all
	select 'projects_are_counted', 'project', j.id, format('project %s is not counted', berth.project_text(j.id))
		from berth.project j where not j.counted and berth.in_piece(j.id, low, high)
	union all
	select 'leases_are_charged', 'project', j.id,
		format('project %s: %s charged, %s there', berth.project_text(j.id), j.leases, n.there)
	from berth.project j
	cross join lateral (select count(*) as there from berth.lease l where l.project = j.id
		and l.state <> 'destroyed') n
	where j.leases <> case when j.max_leases is null then 0 else n.there end and berth.in_piece(j.id, low, high)
	union all
	select 'deleted_is_empty', 'project', j.id,
		format('project %s has %s %s', berth.project_text(j.id), n.there, n.what)
	from berth.project j
	cross join lateral (
		select 'leases' as what, count(*) as there from berth.lease l where l.project = j.id
			and l.state <> 'destroyed'
		union all select 'pools', count(*) from berth.pool p where p.project = j.id and p.destroyed is null) n
	where j.state = 'destroyed' and n.there > 0 and berth.in_piece(j.id, low, high)
	union all
	select 'deleting_has_a_reason', 'project', j.id, format('project %s', berth.project_text(j.id))
	from berth.project j
	where j.state = 'deleting' and not exists (select from berth.command c where c.lane = j.id
		and c.action = 'delete'
		and (c.state in ('queued', 'running') or c.outcome = 'failed')) and berth.in_piece(j.id, low, high);
end;
