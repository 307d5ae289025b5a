-- Alerts: what needs a person, the worst first. Each function below finds one kind of cause, by an index that has
-- nothing else, so that a console can ask every few seconds however many pools and leases there are.

-- Returns a number and its noun.
create or replace function berth.plural_text(n bigint, one text, many text) returns text
language sql immutable parallel safe return n || ' ' || case n when 1 then one else many end;

-- The queue has work that is due, and no worker is alive.
create or replace function berth.alert_workers() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'no_worker', 'queue', least(due.since, late.since), format('no worker is alive: %s', concat_ws(' and ',
			case when due.n > 0 then berth.plural_text(due.n, 'command waits', 'commands wait') end,
			case when late.n > 0 then berth.plural_text(late.n, 'lease is overdue', 'leases are overdue') end)),
		'start one: berth worker', due.n + late.n
	from (
		select count(*) as n, min(greatest(c.not_before, c.created)) as since
		from berth.command c where c.state = 'queued' and c.not_before <= now()
	) due
	cross join (
		select count(*) as n, min(l.until) as since
		from berth.lease l where l.until <= now() and l.state in ('pending', 'acquired', 'active')
	) late
	where due.n + late.n > 0 and not exists (select from berth.worker_view w where w.alive);
end;

-- Leases of a pool keep their values for more than a minute after their end.
create or replace function berth.alert_overdue() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'overdue', 'pool/' || p.name, k.since,
		format('%s: %s', p.name, berth.plural_text(k.n, 'lease is over and keeps its value',
			'leases are over and keep their values')),
		'berth lease list --pool ' || p.name || ' shows them; a worker releases them', k.n
	from (
		select l.pool, count(*) as n, min(l.until) as since from berth.stuck_leases(null) l
		where l.until < now() - interval '1 minute' and l.state <> 'broken' group by l.pool
	) k
	join berth.pool p on p.id = k.pool;
end;

-- Returns since when a pool has had nothing free: since its last value was taken, or since the free ones were taken
-- away: removed, excluded, or in a resource that was cordoned or drained.
create or replace function berth.full_since(asked_pool uuid) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp return greatest(
	(select l.acquired from berth.lease l
		where l.pool = asked_pool and l.state <> 'destroyed' and l.acquired is not null order by l.seq desc limit 1),
	(select max(e.at) from (
			select r.id from berth.resource r where r.pool = asked_pool and r.state = 'destroyed'
			union select s.resource from berth.stripe s where s.pool = asked_pool and not s.usable and s.room > 0) away
		cross join lateral (select e.at from berth.event e
			where e.target = away.id and e.action in ('remove', 'cordon', 'release', 'reclaim')
			order by e.seq desc limit 1) e),
	case when exists (select from berth.stripe s where s.pool = asked_pool and s.kept > 0) then (
		select e.at from berth.event e
		where e.target = asked_pool and e.action = 'exclude' order by e.seq desc limit 1) end);

-- Pools that have nothing free. One whose resources are all cordoned or drained is empty on purpose.
create or replace function berth.alert_full() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select case when p.waiting > 0 then 'full_waiting' else 'full' end, 'pool/' || p.name, berth.full_since(p.id),
		format('%s: nothing free%s', p.name, case when p.waiting > 0 then ', '
			|| berth.plural_text(p.waiting, 'request waits', 'requests wait') else '' end),
		'berth pool show ' || p.name || ' tells who holds the values', 1::bigint
	from (select distinct s.pool from berth.stripe s where s.usable and not s.open) closed
	join berth.pool p on p.id = closed.pool and p.destroyed is null
	where not exists (select from berth.stripe s where s.pool = p.id and s.open);
end;

-- Commands whose hook has failed for good, by pool, action and cause.
create or replace function berth.alert_stuck() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'stuck', case when k.n = 1 then 'command/' || k.one else coalesce('pool/' || k.pool, 'queue') end, k.since,
		format('%s%s: %s', coalesce(k.pool || ': ', ''), case when k.n = 1 then k.action || ' is stuck'
			else format('%s commands are stuck (%s)', k.n, k.action) end, left(k.explanation, 200)),
		'berth queue list --state quarantined shows them; retry, skip or force each', k.n
	from (
		select p.name as pool, c.action, c.explanation, count(*) as n, min(c.id::text) as one,
			min(coalesce(c.begun, c.created)) as since
		from berth.command c
		left join berth.lease l on c.lane_kind = 'lease' and l.id = c.lane
		left join berth.pool p on p.id = l.pool
		where c.state = 'quarantined' group by p.name, c.action, c.explanation
	) k;
end;

-- Projects and organizations that have reached their limit.
create or replace function berth.alert_limits() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'limit', 'project/' || o.name || '/' || j.name, (
			select l.created from berth.lease l
			where l.project = j.id and l.state <> 'destroyed' order by l.seq desc limit 1),
		format('%s/%s: its limit of %s is reached', o.name, j.name, berth.plural_text(j.max_leases, 'lease', 'leases')),
		format('berth project limit %s/%s --max-leases N changes it', o.name, j.name), 1::bigint
	from berth.project j join berth.organization o on o.id = j.organization
	where j.state = 'active' and j.max_leases is not null and j.leases >= j.max_leases and j.max_leases > 0
	union all
	select 'limit', 'org/' || o.name, (select max(j.created) from berth.project j where j.organization = o.id),
		format('%s: its limit of %s is reached', o.name, berth.plural_text(o.max_projects, 'project', 'projects')),
		format('berth org limit %s --max-projects N changes it', o.name), 1
	from berth.organization o where o.max_projects is not null and o.projects >= o.max_projects and o.max_projects > 0;
end;

-- Pools that run out within a day, as far as their forecasts are sure. The stored forecasts tell which pools are worth
-- a closer look.
create or replace function berth.alert_runs_out() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'runs_out', 'pool/' || v.name, f.made, format('%s: runs out at %s, at %s more a day', v.name,
			to_char(v.runs_out at time zone 'UTC', 'HH24:MI "UTC"'), round(f.per_day::numeric)),
		'berth lease holders --pool ' || v.name || ' tells who holds the values', 1::bigint
	from berth.forecast f join berth.pool_view v on v.id = f.pool
	where f.per_day > 0 and f.capacity - f.used < 2 * f.per_day and v.runs_out < now() + interval '1 day';
end;

-- Resources whose drain does not come to its end by itself.
create or replace function berth.alert_drains() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'drain', 'resource/' || r.id, (
			select e.at from berth.event e where e.target = r.id order by e.seq desc limit 1),
		format('%s of %s: its drain has stopped%s', r.name, p.name,
			case r.state when 'broken' then '; one of its leases is broken' else '; nothing releases its leases' end),
		case r.state when 'broken' then 'berth queue list --state quarantined shows why'
			else 'berth release resource/' || r.id || ' continues it' end, 1::bigint
	from berth.resource r join berth.pool p on p.id = r.pool
	where r.state in ('released', 'broken') and (r.state = 'broken' or berth.drain_stopped(r));
end;

-- Runs of dedupe that nobody works on, runs that were undone, and indexes that are not valid.
create or replace function berth.alert_tables() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'guard', 'run/' || d.id, d.started, format('%s: a run of dedupe has stopped halfway, its guard is in place',
			d.name),
		format('berth dedupe undo %s takes it back, the same dedupe fix continues it', d.id), 1::bigint
	from berth.dedupe_run d
	where d.state in ('running', 'undoing') and not berth.dedupe_lives(d.pid, d.backend_start)
	union all
	select 'duplicates', 'run/' || d.id, d.finished, format('%s: its duplicates were put back', d.name),
		'berth dedupe check shows them', d.groups
	from berth.dedupe_run d join pg_class c on c.oid = d.relation
	where d.state = 'undone' and d.removed > 0
		and not exists (select from berth.dedupe_run later where later.relation = d.relation and later.seq > d.seq)
	union all
	select 'invalid_index', 'run/' || d.id, d.finished,
		format('%s: index %s is not valid', d.name, i.indexrelid::regclass),
		'berth dedupe fix builds it anew', 1
	from berth.dedupe_run d join pg_index i on i.indrelid = d.relation
	where not i.indisvalid and d.state in ('done', 'undone')
		and not exists (select from berth.dedupe_run later where later.relation = d.relation and later.seq > d.seq)
		and not exists (select from pg_stat_progress_create_index p where p.relid = d.relation);
end;

-- Invariants that the inspection has found broken, by pool.
create or replace function berth.alert_invariants() returns setof berth.alert
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select 'invariant', case when k.n > 1 and k.pool is not null then 'pool/' || k.pool
			when k.kind in ('index', 'part') then k.kind
			else coalesce(berth.target_text(k.kind, k.target), k.kind || '/' || k.target) end, k.since,
		format('%s%s is broken%s: %s', coalesce(k.pool || ': ', ''), k.name,
			case when k.n > 1 then format(' %s times', k.n) else '' end, k.example),
		'berth doctor checks everything anew; berth events shows what happened to it', k.n
	from (
		select b.name, p.name as pool, count(*) as n, min(b.since) as since,
			(array_agg(b.kind order by b.since, b.target))[1] as kind,
			(array_agg(b.target order by b.since, b.target))[1] as target,
			(array_agg(b.example order by b.since, b.target))[1] as example
		from berth.breach b
		left join berth.command c on b.kind = 'command' and c.id = b.target
		left join berth.lease l on l.id = case b.kind when 'lease' then b.target when 'command' then c.lane end
		left join berth.resource r on b.kind = 'resource' and r.id = b.target
		left join berth.pool p on p.id = case b.kind when 'pool' then b.target else coalesce(l.pool, r.pool) end
		group by b.name, p.name
	) k;
end;

-- Returns up to `most` alerts, the worst first; null is all of them. The order of the kinds is that of their harm: what
-- stops everything, what has run out, what is stuck, what is about to run out, what is left behind.
create or replace function berth.alerts(most bigint) returns table (rank bigint, kind text, severity text, target text,
	since timestamptz, text text, hint text, count bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	perform berth.accept(berth.check_most(most));
	return query with found as (
		select * from berth.alert_workers() union all
		select * from berth.alert_overdue() union all
		select * from berth.alert_full() union all
		select * from berth.alert_stuck() union all
		select * from berth.alert_limits() union all
		select * from berth.alert_runs_out() union all
		select * from berth.alert_drains() union all
		select * from berth.alert_tables() union all
		select * from berth.alert_invariants()
	), known (kind, severity, harm) as (values
		('no_worker', 'critical', 1), ('invariant', 'critical', 2), ('overdue', 'critical', 3),
		('full_waiting', 'critical', 4), ('full', 'critical', 5), ('stuck', 'critical', 6), ('limit', 'warning', 7),
		('runs_out', 'warning', 8), ('drain', 'warning', 9), ('invalid_index', 'warning', 10), ('guard', 'warning', 11),
		('duplicates', 'warning', 12))
	select row_number() over worst, f.kind, k.severity, f.target, f.since, f.text, f.hint, f.count
	from found f join known k using (kind)
	window worst as (order by k.harm, f.since, f.target)
	order by 1 limit most;
end $$;

-- Returns the alerts that match a filter, in the same order and with the same ranks; null is none.
create or replace function berth.alert_find(most bigint, filter jsonb) returns table (rank bigint, kind text,
	severity text, target text, since timestamptz, text text, hint text, count bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	perform berth.accept(coalesce(berth.check_most(most), berth.check_filter('alerts', filter)));
	return query execute format('select a.* from berth.alerts(null) a where %s order by a.rank limit $1',
		case when filter is null then 'true' else berth.filter_condition('alerts', filter, array(
			select format('strpos(lower(concat_ws('' '', a.kind, berth.alert_word(a.kind), a.severity, a.target, a.text,
				a.hint)), %L) > 0', lower(w->>'text'))
			from jsonb_array_elements(filter->'words') w)) end) using most;
end $$;
