-- The nouns as they are shown. Their columns are those of the row types of db/batch/rows.c, in the same order; queries
-- and routines answer with whole rows. Labels are written out in each view: a function with a subquery would be called
-- for each row.

-- Returns the status of a pool.
create or replace function berth.pool_status(capacity numeric, used numeric, free numeric, warn int, crit int)
returns text language sql immutable parallel safe return case
	when free = 0 and capacity > 0 then 'exhausted'
	when capacity > 0 and 100 * used >= crit * capacity then 'critical'
	when capacity > 0 and 100 * used >= warn * capacity then 'warning'
	else 'ok' end;

-- Returns whether a forecast that was made then still counts.
create or replace function berth.forecast_counts(made timestamptz) returns bool
language sql stable parallel safe return made between now() - interval '1 day' and now() + interval '1 minute';

-- Returns for how many days a forecast counts: ten years, and of a short trend twice its span; more would be a guess.
create or replace function berth.forecast_days(span interval) returns float8
language sql immutable parallel safe return
	case when span < interval '4 days' then date_part('epoch', span) / 43200 else 3650 end;

create view berth.pool_view as
select p.id, p.name, p.kind, s.name as space,
	case when p.project is not null then berth.project_text(p.project) end as project,
	p.unit, u.addresses, u.capacity, u.used, u.held_back, u.free, u.excluded,
	case when u.capacity = 0 then 0 else (100 * u.used / u.capacity)::float8 end as percent,
	berth.pool_status(u.capacity, u.used, u.free, p.warn, p.crit) as status,
	p.waiting as pending,
	p.warn::bigint as warn, p.crit::bigint as crit,
	r.resources,
	o.runs_out, o.runs_out_from, o.runs_out_by,
	coalesce(t.per_day, 0) as per_day,
	case when t.per_day is not null then jsonb_build_object('per_day', round(t.per_day::numeric, 3),
		'span', date_part('epoch', f.span)::bigint, 'confidence', round(f.confidence::numeric, 2),
		'earliest', to_char(o.runs_out_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'latest', to_char(o.runs_out_by at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) end as trend,
	r.draining, f.since as sampled, case when u.free = 0 and u.capacity > 0 then f.full_since end as full_since,
	f.made as week_end, coalesce(f.week, '') as week,
	p.ttl, p.reuse_delay, p.activate_hook, p.release_hook, p.created, (
		select coalesce(jsonb_object_agg(case prefix when '' then name else prefix || '/' || name end, value), '{}')
		from berth.label where target = p.id) as labels, false as replayed
from berth.pool p
join berth.space s on s.number = p.space
cross join lateral (
	select coalesce(sum(t.last - t.first + 1), 0) as addresses,
		coalesce(sum(div(t.last - t.first + 1, t.block)), 0) as capacity,
		coalesce(sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept), 0) as used,
		coalesce(sum(case when t.usable then 0 else t.room end + t.resting + t.kept), 0) as held_back,
		coalesce(sum(t.room) filter (where t.usable), 0) as free,
		coalesce(sum(berth.unit_count(t.excluded, t.block)) filter (where not isempty(t.excluded)), 0) as excluded
	from berth.stripe t where t.pool = p.id
) u
cross join lateral (
	select count(*) as resources, coalesce(bool_or(r.state <> 'active'), false) as draining
	from berth.resource r where r.pool = p.id and r.state <> 'destroyed'
) r
left join berth.forecast f on f.pool = p.id
-- A pool that is drained on purpose has no forecast.
cross join lateral (
	select case when not r.draining and berth.forecast_counts(f.made) then f.per_day end as per_day
) t
-- Days from then, at most a million: the server may compute times from them before it looks whether they are wanted.
left join lateral (
	select greatest(least(((u.used + u.free)::float8 - f.level) / f.per_day, 1e6), 0) as days,
		greatest(least(((u.used + u.free)::float8 - f.level - f.above) / f.fastest - f.slack, 1e6), 0) as soonest,
		case when f.slowest > 0 then greatest(
			least(((u.used + u.free)::float8 - f.level + f.below) / f.slowest + f.slack, 1e6), 0) end as latest
	where t.per_day > 0 and u.free > 0
) d on true
left join lateral (
	select greatest(now(), f.made + d.days * interval '1 day') as runs_out,
		greatest(now(), f.made + least(d.soonest, d.days) * interval '1 day') as runs_out_from,
		case when d.latest < 3650 then
			greatest(now(), f.made + greatest(d.latest, d.days) * interval '1 day') end as runs_out_by
	where d.days < berth.forecast_days(f.span)
) o on true
where p.destroyed is null;

-- Pools as of their latest samples, with what lists are sorted by and filtered by. It costs a fraction of pool_view,
-- which adds up the stripes of each pool. A pool without a sample is as it is now.
create view berth.sampled_pool_view as
select p.id, p.name, p.kind, s.name as space,
	case when p.project is not null then berth.project_text(p.project) end as project,
	u.capacity, u.used, u.free,
	case when u.capacity = 0 then 0 else 100 * u.used / u.capacity end as percent,
	berth.pool_status(u.capacity::numeric, u.used::numeric, u.free::numeric, p.warn, p.crit) as status,
	p.waiting as pending, coalesce(t.per_day, 0) as per_day,
	case when d.days < berth.forecast_days(f.span) then
		greatest(now(), f.made + d.days * interval '1 day') end as runs_out,
	coalesce(f.per_day > 0 or f.free = 0, false) as urgent
from berth.pool p
join berth.space s on s.number = p.space
left join berth.forecast f on f.pool = p.id
cross join lateral (
	select coalesce(f.capacity, (select sum(div(t.last - t.first + 1, t.block)) from berth.stripe t
			where t.pool = p.id), 0) as capacity,
		coalesce(f.used, (select sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept)
			from berth.stripe t where t.pool = p.id), 0) as used,
		coalesce(f.free, (select sum(t.room) from berth.stripe t where t.pool = p.id and t.usable), 0) as free
) u
cross join lateral (
	select case when berth.forecast_counts(f.made)
		and not exists (select from berth.resource r where r.pool = p.id and r.state in ('released', 'broken'))
		then f.per_day end as per_day
) t
cross join lateral (
	select case when t.per_day > 0 and u.free > 0 then
		greatest(least((u.used + u.free - f.level) / f.per_day, 1e6), 0) end as days
) d
where p.destroyed is null;

-- Returns what is excluded of a resource as imports take it: ranges separated by ";", or null. Slots have no ranges.
create or replace function berth.exclusions_text(resource uuid, kind text, host text, first numeric, last numeric)
returns text language sql stable begin atomic
	select string_agg(case
		when e.first = exclusions_text.first and e.last = exclusions_text.last and kind = 'host' then host
		when kind = 'host' then (select string_agg(host || ':' || slot, ';' order by slot)
			from generate_series(e.first, e.last) slot)
		else berth.range_text(kind, e.first, e.last) end, ';' order by e.first)
	from berth.exclusion e where e.resource = exclusions_text.resource;
end;

create view berth.resource_view as
select r.id, p.name as pool, s.name as space, r.kind, r.name, r.first, r.last,
	div(r.last - r.first + 1, p.block) as capacity,
	coalesce(u.used, 0) as used, coalesce(u.held_back, 0) as held_back, coalesce(u.free, 0) as free,
	case when exists (select from berth.exclusion e where e.resource = r.id)
		then berth.exclusions_text(r.id, r.kind, r.host, r.first, r.last) end as exclude, p.unit,
	r.state, r.cordoned, r.generation, r.created, (
		select coalesce(jsonb_object_agg(case prefix when '' then name else prefix || '/' || name end, value), '{}')
		from berth.label where target = r.id) as labels, false as replayed
from berth.resource r
join berth.pool p on p.id = r.pool
join berth.space s on s.number = r.space
left join lateral (
	select sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept) as used,
		sum(case when t.usable then 0 else t.room end + t.resting + t.kept) as held_back,
		coalesce(sum(t.room) filter (where t.usable), 0) as free
	from berth.stripe t where t.resource = r.id
) u on true;

create view berth.lease_view as
select l.id, l.seq, p.name as pool, p.kind, l.value is not null as held, l.value,
	coalesce(r.host, '') as host, p.unit, l.resource, l.state, l.holder,
	case when l.project is not null then berth.project_text(l.project) end as project,
	l.priority::bigint as priority, l.until, l.created, l.acquired, l.activated, l.released, l.destroyed,
	l.generation, l.created_by, (
		select coalesce(jsonb_object_agg(case prefix when '' then name else prefix || '/' || name end, value), '{}')
		from berth.label where target = l.id) as labels, false as replayed, null::jsonb as differs
from berth.lease l
join berth.pool p on p.id = l.pool
left join berth.resource r on r.id = l.resource;

create view berth.org_view as
select o.id, o.name, coalesce(o.max_projects, -1) as max_projects, o.projects, o.generation, o.created, (
		select coalesce(jsonb_object_agg(case prefix when '' then name else prefix || '/' || name end, value), '{}')
		from berth.label where target = o.id) as labels, false as replayed
from berth.organization o;

-- Returns the number of leases of a project, counted up to `most`; null counts all. Where one project has nearly all
-- leases the server takes `=` for a condition that every lease meets, and reads all leases for the other projects too.
-- It looks a range up in the index.
create or replace function berth.project_leases(asked_project uuid, most bigint) returns bigint language sql stable
set enable_seqscan = off set enable_bitmapscan = off set jit = off begin atomic
	select count(*) from (
		select from berth.lease l
		where l.project >= asked_project and l.project <= asked_project and l.state <> 'destroyed' limit most) counted;
end;

-- The leases of a project without a limit are not charged, so they are counted here.
create view berth.project_view as
select j.id, o.name as organization, j.name, coalesce(j.max_leases, -1) as max_leases,
	case when j.max_leases is not null then j.leases
		else berth.project_leases(j.id, null) end as leases,
	(select coalesce(jsonb_agg(p.name order by p.name), '[]')
		from berth.pool p where p.project = j.id and p.destroyed is null) as pools,
	j.state, j.generation, j.created, (
		select coalesce(jsonb_object_agg(case prefix when '' then name else prefix || '/' || name end, value), '{}')
		from berth.label where target = j.id) as labels, false as replayed
from berth.project j
join berth.organization o on o.id = j.organization
where j.state <> 'destroyed';

-- Events as they are stored.
create view berth.change_view as
select e.seq, e.at, e.actor, e.action, e.kind, berth.target_text(e.kind, e.target) as target, e.target as target_id,
	e.command, e.before, e.after, e.born
from berth.event e;

-- Returns the holder that a lease was made for. A transfer keeps the one before.
create or replace function berth.first_holder(lease uuid, holder text) returns text
language sql stable return coalesce((
	select e.before->>'holder' from berth.event e
	where e.kind = 'lease' and e.target = lease and e.before ? 'holder' order by e.seq limit 1), holder);

-- The creation of each lease as an event. Allocation stores none: the lease's row has it. Values that have changed
-- since are in the first change's `before`.
create view berth.birth_view as
select l.seq, l.created as at, l.created_by as actor, 'create' as action, 'lease' as kind, 'lease/' || l.id as target,
	l.id as target_id, null::uuid as command, null::jsonb as before, jsonb_build_object(
		'state', case when l.acquired is distinct from l.created then 'pending'
			when l.activated is distinct from l.created then 'acquired' else 'active' end,
		'value', case when l.acquired = l.created then berth.held_text(p.kind, coalesce(r.host, ''), l.value, p.unit)
			end,
		'holder', case l.generation when 1 then l.holder else berth.first_holder(l.id, l.holder) end,
		'generation', 1) as after, l.born,
	l.state <> 'destroyed' as live
from berth.lease l
join berth.pool p on p.id = l.pool
left join berth.resource r on r.id = l.resource;

create view berth.event_view as
select seq, at, actor, action, kind, target, target_id, command, before, after from berth.change_view
union all
select seq, at, actor, action, kind, target, target_id, command, before, after from berth.birth_view;

create view berth.command_view as
select c.id, c.seq, c.action, c.kind, berth.target_text(c.kind, c.target, c.arguments) as target, c.target as target_id,
	case
		when c.lane_kind = 'lease' then (
			select case when l.value is null then 'a value' else berth.held_text(p.kind, coalesce(r.host, ''), l.value,
				p.unit) end || ' of ' || p.name
			from berth.lease l join berth.pool p on p.id = l.pool left join berth.resource r on r.id = l.resource
			where l.id = c.lane)
		when c.kind = 'resource' then (
			select r.name || ' of ' || p.name from berth.resource r join berth.pool p on p.id = r.pool
			where r.id = c.target)
		when c.kind = 'pool' then (select p.name from berth.pool p where p.id = c.target)
		when c.kind = 'project' then berth.project_text(c.target)
		when c.arguments->'scopes'->0->>'kind' in ('leases', 'resources', 'pools') then
			(c.arguments->'scopes'->0->>'kind') || coalesce(' of ' || (select p.name from berth.pool p
				where p.id = berth.id_of(c.arguments->'scopes'->0->>'pool')), '')
			|| coalesce(' held by ' || nullif(c.arguments->'scopes'->0->>'holder', ''), '')
			|| case when c.arguments->'scopes'->0 ? 'selector' then ' by label' else '' end
		else jsonb_array_length(berth.scopes_in(c.arguments)) || ' targets'
	end as subject, c.author,
	c.reason, c.state, c.outcome, c.explanation, c.created,
	case when c.not_before = '-infinity' then c.created else c.not_before end as not_before,
	c.attempts::bigint as attempts, c.consumed_at, c.consumed_by, c.parent,
	coalesce(c.expect_generation, 0) as expect_generation, c.total is not null as bulk, c.done,
	coalesce(c.total, 0) as total, c.applied, c.noop, c.rejected, c.failed, c.cancelled, c.worker,
	nullif(berth.time_of(c.arguments->>'until'), 'infinity') as until,
	berth.labels_text(c.arguments->'labels') as labels, c.arguments->>'holder' as holder, c.hook,
	-- The retry, skip or force that was applied in its place; a bulk counts that one, see berth.tally().
	case when c.outcome = 'failed' then (
		select k.id from berth.command k
		where k.lane = c.lane and k.kind = 'command' and k.outcome = 'applied'
			and (k.target = c.id or c.parent = any (k.credits))
		order by k.seq limit 1) end as made_good_by, false as replayed, null::jsonb as differs
from berth.command c;

-- A worker is alive if it was heard of within three heartbeats. A heartbeat in the future is one from before the clock
-- was set back. A worker is shown with its oldest hook.
create view berth.worker_view as
select w.name, w.host, w.pid, w.started, w.heartbeat,
	not w.stopped and w.heartbeat > now() - 3 * w.every * interval '1 microsecond'
		and w.heartbeat < now() + 3 * w.every * interval '1 microsecond' as alive, r.id as running, r.begun as since,
	w.consumed, w.hooks
from berth.worker w
left join lateral (select c.id, c.begun from berth.command c where c.state = 'running' and c.hook and c.worker = w.name
	order by c.begun limit 1) r on true;

-- Hooks that are to be run.
create view berth.job_view as
select c.id as command, c.lane as lease, c.epoch, c.attempts::bigint as attempt,
	case berth.hook_event(c.action, c.arguments) when 'release' then p.release_hook else p.activate_hook end as hook,
	berth.hook_event(c.action, c.arguments) as event, c.worker
from berth.command c
join berth.lease l on l.id = c.lane
join berth.pool p on p.id = l.pool
where c.state = 'running' and c.hook;
