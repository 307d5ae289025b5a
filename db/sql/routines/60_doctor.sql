-- Every invariant, recomputed from what it is about. Each row: a name, how many
-- breaches there are, and up to five of them. One statement: one moment.
create or replace function berth.doctor() returns table (name text, ok bool, found bigint, examples jsonb)
language sql stable as $$
	with counted as (
		select s.resource, sum(s.last - s.first + 1) as size, sum(s.last - s.first + 1 - s.room) as used,
			min(s.first) as first, max(s.last) as last
		from berth.stripe s group by s.resource
	), held as (
		select l.resource, count(*) as leases from berth.lease l
		where l.state <> 'destroyed' and l.value is not null group by l.resource
	), breach (name, example) as (
		select 'used_is_held', format('resource %s: %s used, %s held', c.resource, c.used, coalesce(h.leases, 0))
		from counted c left join held h using (resource) where c.used <> coalesce(h.leases, 0)
		union all
		select 'held_is_not_free', format('lease %s: its value is free', l.id)
		from berth.lease l
		cross join lateral (select free from berth.stripe where resource = l.resource and first <= l.value
			order by first desc limit 1) s
		where l.state <> 'destroyed' and s.free @> l.value
		union all
		select 'held_once', format('resource %s value %s', l.resource, l.value)
		from berth.lease l where l.state <> 'destroyed' and l.value is not null
		group by l.resource, l.value having count(*) > 1
		union all
		select 'stripes_tile_resource', format('resource %s', r.id)
		from berth.resource r left join counted c on c.resource = r.id
		where r.state <> 'destroyed' and (c.first is distinct from r.first or c.last <> r.last or c.size <> r.last - r.first + 1)
		union all
		select 'stripes_tile_resource', format('stripe %s of resource %s, which is not there', s.first, s.resource)
		from berth.stripe s
		where not exists (select from berth.resource r where r.id = s.resource and r.state <> 'destroyed')
		union all
		select 'room_is_free', format('stripe %s of resource %s: %s counted, %s free', s.first, s.resource, s.room, berth.room(s.free))
		from berth.stripe s
		where s.room <> berth.room(s.free) or s.open <> (s.usable and s.room > 0) or not s.free <@ nummultirange(numrange(s.first, s.last + 1))
		union all
		select 'usable_is_active', format('stripe %s of resource %s', s.first, s.resource)
		from berth.stripe s join berth.resource r on r.id = s.resource
		where s.usable <> (r.state = 'active' and not r.cordoned) or s.pool <> r.pool or s.host <> r.host
		union all
		select 'lease_in_resource', format('lease %s', l.id)
		from berth.lease l join berth.resource r on r.id = l.resource
		where l.state <> 'destroyed' and (r.state = 'destroyed' or l.pool <> r.pool or l.value not between r.first and r.last)
		union all
		select 'resource_in_pool', format('resource %s', r.id)
		from berth.resource r join berth.pool p on p.id = r.pool
		where r.state <> 'destroyed' and (p.destroyed is not null or p.kind <> r.kind or p.space <> r.space)
		union all
		select 'indexes_valid', i.indexrelid::regclass::text
		from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
		where c.relnamespace = 'berth'::regnamespace and not i.indisvalid
	)
	select checks.name, count(b.example) = 0, count(b.example),
		coalesce(jsonb_agg(b.example) filter (where b.n <= 5), '[]')
	from unnest(array['used_is_held', 'held_is_not_free', 'held_once', 'stripes_tile_resource', 'room_is_free',
		'usable_is_active', 'lease_in_resource', 'resource_in_pool', 'indexes_valid']) with ordinality as checks (name, place)
	left join (select *, row_number() over (partition by breach.name) as n from breach) b on b.name = checks.name
	group by checks.name, checks.place order by checks.place;
$$;
