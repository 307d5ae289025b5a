-- The invariants, recomputed from what they are about. Each function has those of one kind of thing, and returns the
-- breaches of these things, or of all if that is null: `berth doctor` asks for all at one moment, the worker's
-- housekeeping for a few at a time (81_inspect.sql). They are inlined, so that a question about a few is answered by
-- indexes.

-- Resources, their stripes, and the values in them.
create or replace function berth.broken_resources(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	with counted as (
		select s.resource, sum(s.last - s.first + 1) as size, sum(s.last - s.first + 1 - s.room - s.resting) as used,
			sum(s.resting) as resting, min(s.first) as first, max(s.last) as last
		from berth.stripe s where asked is null or s.resource = any (asked) group by s.resource
	), held as (
		select l.resource, count(*) filter (where l.rest_until is null) as leases,
			count(*) filter (where l.rest_until is not null) as resting from berth.lease l
		where l.state <> 'destroyed' and l.value is not null and (asked is null or l.resource = any (asked))
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
	select 'drained_is_destroyed', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r
	where r.state in ('released', 'broken') and (asked is null or r.id = any (asked)) and (
		not exists (select from berth.lease l where l.resource = r.id and l.state <> 'destroyed')
		or (r.state = 'broken') <> exists (select from berth.lease l where l.resource = r.id and l.state = 'broken'))
	union all
	select 'held_once', 'resource', l.resource, format('resource %s value %s', l.resource, l.value)
	from berth.lease l
	where l.state <> 'destroyed' and l.value is not null and (asked is null or l.resource = any (asked))
	group by l.resource, l.value having count(*) > 1
	union all
	select 'stripes_tile_resource', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r left join counted c on c.resource = r.id
	where r.state <> 'destroyed' and (asked is null or r.id = any (asked))
		and (c.first is distinct from r.first or c.last <> r.last or c.size <> r.last - r.first + 1)
	union all
	select 'stripes_tile_resource', 'resource', s.resource,
		format('stripe %s of resource %s, which is not there', s.first, s.resource)
	from berth.stripe s
	where (asked is null or s.resource = any (asked))
		and not exists (select from berth.resource r where r.id = s.resource and r.state <> 'destroyed')
	union all
	select 'room_is_free', 'resource', s.resource, format('stripe %s of resource %s: %s counted, %s free', s.first,
		s.resource, s.room, berth.free_count(s.free))
	from berth.stripe s
	where (asked is null or s.resource = any (asked)) and (s.resting < 0 or s.room <> berth.free_count(s.free)
		or s.open <> (s.usable and s.room > 0) or not s.free <@ nummultirange(numrange(s.first, s.last + 1)))
	union all
	select 'usable_is_active', 'resource', s.resource, format('stripe %s of resource %s', s.first, s.resource)
	from berth.stripe s join berth.resource r on r.id = s.resource
	where (asked is null or s.resource = any (asked))
		and (s.usable <> (r.state = 'active' and not r.cordoned) or s.pool <> r.pool or s.host <> r.host)
	union all
	select 'resource_in_pool', 'resource', r.id, format('resource %s', r.id)
	from berth.resource r join berth.pool p on p.id = r.pool
	where r.state <> 'destroyed' and (asked is null or r.id = any (asked))
		and (p.destroyed is not null or p.kind <> r.kind or p.space <> r.space);
end;

-- Leases.
create or replace function berth.broken_leases(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'released_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'released' and l.rest_until is null and (asked is null or l.id = any (asked)) and not exists (
		select from berth.command c where c.lane = l.id and c.hook and c.state in ('queued', 'running'))
	union all
	select 'acquired_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'acquired' and (asked is null or l.id = any (asked)) and not exists (
		select from berth.command c where c.lane = l.id and c.hook and c.state in ('queued', 'running'))
	union all
	select 'broken_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'broken' and (asked is null or l.id = any (asked))
		and 1 <> (select count(*) from berth.command c where c.lane = l.id and c.state = 'quarantined')
		and not exists (select from berth.command c where c.lane = l.id and c.state = 'cancelled' and c.hook)
	union all
	select 'released_once', 'lease', e.target, format('lease %s: %s of %s', e.target, count(*), e.action)
	from berth.event e
	where e.kind = 'lease' and e.action = 'destroy' and (asked is null or e.target = any (asked))
	group by e.target, e.action having count(*) > 1
	union all
	select 'held_is_not_free', 'lease', l.id, format('lease %s: its value is free', l.id)
	from berth.lease l
	cross join lateral (select free from berth.stripe where resource = l.resource and first <= l.value
		order by first desc limit 1) s
	where l.state <> 'destroyed' and (asked is null or l.id = any (asked)) and s.free @> l.value
	union all
	select 'lease_in_resource', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l join berth.resource r on r.id = l.resource
	where l.state <> 'destroyed' and (asked is null or l.id = any (asked))
		and (r.state = 'destroyed' or l.pool <> r.pool or l.value not between r.first and r.last)
	union all
	select 'labels_stand_by_birth', 'lease', l.id,
		format('label %s of lease %s', berth.key_text(b.prefix, b.name), b.target)
	from berth.label b join berth.lease l on l.id = b.target
	where b.seq <> l.seq and (asked is null or b.target = any (asked))
	union all
	select 'project_gives_to_its_own', 'lease', l.id, format('lease %s in pool %s', l.id, p.name)
	from berth.pool p join berth.lease l on l.pool = p.id
	where p.project is not null and l.state <> 'destroyed' and l.project is distinct from p.project
		and (asked is null or l.id = any (asked));
end;

-- Commands.
create or replace function berth.broken_commands(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'nothing_open_on_finished', 'command', c.id, format('command %s', c.id)
	from berth.command c left join berth.lease l on c.lane_kind = 'lease' and l.id = c.lane
	left join berth.resource r on c.lane_kind = 'resource' and r.id = c.lane
	where c.state in ('running', 'quarantined') and (asked is null or c.id = any (asked)) and case c.lane_kind
		when 'lease' then coalesce(l.state = 'destroyed' or l.rest_until is not null, true)
		when 'resource' then r.id is null else false end
	union all
	-- One that was being sent while its target ended is consumed at once; one that stays is a breach. The times are
	-- those of the clock at the command and at the end: a lease that began while the clock was ahead tells another
	-- time of its end.
	select 'nothing_open_on_finished', 'command', c.id, format('command %s', c.id)
	from berth.command c join berth.lease l on l.id = c.lane
	where c.state = 'queued' and (asked is null or c.id = any (asked))
		and (l.state = 'destroyed' or l.rest_until is not null) and c.created < now() - interval '1 minute'
		and exists (select from berth.event e where e.target = l.id and e.action in ('release', 'destroy')
			and e.seq > c.seq and e.at > c.created + interval '1 minute')
	union all
	select 'claims_are_whole', 'command', c.id, format('command %s', c.id)
	from berth.command c
	where c.state = 'running' and (asked is null or c.id = any (asked))
		and ((c.total is null and (c.worker is null or c.deadline is null or not c.hook))
			or (c.total is not null and (c.hook or c.done > c.made)))
	union all
	-- What was retried, skipped or forced well has been made good: it failed, and counts as applied.
	select 'progress_adds_up', 'command', p.id, format('command %s: %s, and its items: %s', p.id,
		berth.bulk_text(p.done, p.total,
			berth.outcome_counts(p.applied, p.noop, p.rejected, p.failed, p.cancelled), null),
		berth.outcome_counts(x.applied + x.mended, x.noop, x.rejected, x.failed - x.mended, x.cancelled))
	from berth.command p cross join lateral (
		select count(*) filter (where c.state in ('done', 'cancelled', 'quarantined')) as ended,
			count(*) filter (where c.outcome = 'applied') as applied,
			count(*) filter (where c.outcome = 'noop') as noop,
			count(*) filter (where c.outcome = 'rejected') as rejected,
			count(*) filter (where c.outcome = 'failed' or c.state = 'quarantined') as failed,
			count(*) filter (where c.state = 'cancelled') as cancelled, (
				select count(*) from berth.command i join berth.command k on k.lane = i.lane
				where i.parent = p.id and i.outcome = 'failed' and p.id = any (k.credits)
					and k.outcome = 'applied') as mended
		from berth.command c where c.parent = p.id) x
	where p.total is not null and (asked is null or p.id = any (asked)) and p.created > now() - berth.history() / 2
		and (p.done <> x.ended or p.done > p.total
			or (p.applied, p.noop, p.rejected, p.failed, p.cancelled)
				is distinct from (x.applied + x.mended, x.noop, x.rejected, x.failed - x.mended, x.cancelled)
			or (p.state = 'done' and p.done <> p.total));
end;

-- Pools.
create or replace function berth.broken_pools(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'waiting_is_counted', 'pool', p.id, format('pool %s: %s counted', p.name, p.waiting)
	from berth.pool p
	where (asked is null or p.id = any (asked))
		and p.waiting <> (select count(*) from berth.lease l where l.pool = p.id and l.state = 'pending');
end;

-- Projects.
create or replace function berth.broken_projects(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'projects_are_counted', 'project', j.id, format('project %s is not counted', berth.project_text(j.id))
	from berth.project j where not j.counted and (asked is null or j.id = any (asked))
	union all
	select 'leases_are_charged', 'project', j.id,
		format('project %s: %s charged, %s there', berth.project_text(j.id), j.leases, n.there)
	from berth.project j
	cross join lateral (select count(*) as there from berth.lease l where l.project = j.id
		and l.state <> 'destroyed') n
	where j.leases <> case when j.max_leases is null then 0 else n.there end and (asked is null or j.id = any (asked))
	union all
	select 'deleted_is_empty', 'project', j.id,
		format('project %s has %s %s', berth.project_text(j.id), n.there, n.what)
	from berth.project j
	cross join lateral (
		select 'leases' as what, count(*) as there from berth.lease l where l.project = j.id
			and l.state <> 'destroyed'
		union all select 'pools', count(*) from berth.pool p where p.project = j.id and p.destroyed is null) n
	where j.state = 'destroyed' and n.there > 0 and (asked is null or j.id = any (asked))
	union all
	select 'deleting_has_a_reason', 'project', j.id, format('project %s', berth.project_text(j.id))
	from berth.project j
	where j.state = 'deleting' and (asked is null or j.id = any (asked))
		and not exists (select from berth.command c where c.lane = j.id and c.action = 'delete'
			and (c.state in ('queued', 'running') or c.outcome = 'failed'));
end;

-- Organizations.
create or replace function berth.broken_organizations(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'projects_are_counted', 'org', o.id,
		format('organization %s: %s counted, %s there', o.name, o.projects, n.there)
	from berth.organization o
	cross join lateral (select count(*) as there from berth.project j where j.organization = o.id
		and j.state <> 'destroyed') n
	where o.projects <> n.there and (asked is null or o.id = any (asked));
end;

-- What a worker could not do: `given_up` breaks nothing.
create or replace function berth.broken_work(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select s.standing, t.kind, t.target, format('%s: %s %s: %s; %s', t.part, t.kind, t.target, t.words, s.way_on)
	from berth.trouble t cross join lateral berth.trouble_status(t) s
	where t.seen > now() - interval '1 day' and s.standing is not null and (asked is null or t.target = any (asked));
end;

-- berth's own indexes, which are few: all of them, whatever is asked for.
create or replace function berth.broken_indexes(asked uuid[]) returns setof berth.breached
language sql stable begin atomic
	select 'indexes_valid', 'index', '00000000-0000-0000-0000-000000000000'::uuid, i.indexrelid::regclass::text
	from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
	where c.relnamespace = 'berth'::regnamespace and not i.indisvalid;
end;
