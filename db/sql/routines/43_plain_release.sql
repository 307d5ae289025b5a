-- Plain releases: those that need no decision, which are nearly all. One statement writes a chunk of them.

drop type if exists berth.plain_release cascade;

-- A plain release: its command, its lease as it is, and the stripe of the lease's value. `child`: an item of a bulk.
-- `queued_at` and `held_at` are the places of the two rows, which stay there as long as the lease is locked.
create type berth.plain_release as (
	command uuid, queued_at tid, child bool, lease uuid, held_at tid, seq bigint, state text, generation bigint,
	resource uuid, value numeric, stripe numeric, block numeric);

-- Returns the plain releases among the commands of these leases, which are locked. A release is plain if it is the one
-- open command of its lease and due, if its sender saw this generation, if the lease holds a value and has no project,
-- and if its pool has neither hook nor delay. The count keeps other conditions out of the look for open commands, which
-- so uses command_lane_open, as berth.open_in() does.
create or replace function berth.plain_releases(keys uuid[]) returns berth.plain_release[]
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
	return array(select (c.id, c.ctid, c.parent is not null, l.id, l.ctid, l.seq, l.state, l.generation, l.resource,
			l.value, s.first, p.block)::berth.plain_release
		from unnest(keys) k (id)
		join berth.lease l on l.id = k.id
		join berth.pool p on p.id = l.pool
		cross join lateral (select o.ctid, o.*, count(*) over () as n from berth.command o
			where o.lane = k.id and o.state not in ('done', 'cancelled')) c
		cross join lateral (select first from berth.stripe where resource = l.resource and first <= l.value
			order by first desc limit 1) s
		where c.n = 1 and c.action = 'release' and c.kind = 'lease' and c.state = 'queued' and c.not_before <= now()
			and not c.hook and coalesce(c.expect_generation = l.generation, true)
			and (c.author <> 'berth:expiry' or l.until <= now())
			and berth.state_is(l.state, '{acquired, active}') and l.project is null
			and p.reuse_delay = 0 and p.release_hook is null);
end $$;

-- Locks the stripes of these releases, in one order, and returns the time of their change. Returns null for releases
-- that are not plain after all: a stripe was split meanwhile and no longer reaches to a value, or was moved to another
-- resource, or a resource is being drained. A drain waits for these locks before it begins, so the look comes after
-- them.
create or replace function berth.lock_stripes_of(releases berth.plain_release[]) returns timestamptz
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	whole bool;
	latest timestamptz;
begin
	select bool_and(coalesce(s.last >= g.top, false)), max(s.changed) into whole, latest
	from (select resource, stripe, max(value) as top from unnest(releases) group by resource, stripe
		order by resource, stripe) g
	left join lateral (select last, changed from berth.stripe t where t.resource = g.resource and t.first = g.stripe
		for update) s on true;
	return case when whole and not exists (select from unnest(releases) v join berth.resource r on r.id = v.resource
		where r.state <> 'active') then berth.time_of_change(latest) end;
end $$;

-- Applies plain releases whose leases and stripes are locked, as changes of the time `at`.
create or replace function berth.apply_plain_releases(actor text, releases berth.plain_release[], at timestamptz)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	resources uuid[];
	firsts numeric[];
	ended bigint;
begin
	with freed as (
		update berth.stripe s
		set (free, room, kept, open) = (select r.* from berth.given_back(s, g.free, g.room) r), changed = at
		from (select resource, stripe, range_agg(numrange(value, value + block)) as free, count(*) as room
			from unnest(releases) group by resource, stripe) g
		where s.resource = g.resource and s.first = g.stripe
		returning s.resource, s.first
	), finished as (
		update berth.command c set state = 'done', outcome = 'applied', explanation = 'released',
			consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from unnest(releases) v where c.ctid = v.queued_at and c.id = v.command and berth.state_is(c.state, '{queued}')
		returning 1
	), told as (
		insert into berth.event (actor, action, kind, target, command, before, after)
		select actor, t.action, 'lease', h.lease, h.command, t.before, t.after
		from (select lease, command, jsonb_build_object('state', state, 'generation', generation) as held,
				jsonb_build_object('state', 'released', 'generation', generation + 1) as released,
				jsonb_build_object('state', 'destroyed', 'generation', generation + 2) as destroyed
			from unnest(releases) order by seq offset 0) h
		cross join lateral (values ('release', h.held, h.released), ('destroy', h.released, h.destroyed))
			t (action, before, after)
	), destroyed as (
		update berth.lease l
		set state = 'destroyed', released = greatest(at, l.created, l.acquired, l.activated),
			destroyed = greatest(at, l.created, l.acquired, l.activated), generation = l.generation + 2
		from unnest(releases) v
		where l.ctid = v.held_at and l.id = v.lease and l.state = v.state and l.generation = v.generation
		returning 1
	)
	select (select array_agg(resource) from freed), (select array_agg(first) from freed),
		berth.assert_rows((select count(*) from freed),
				(select count(*) from (select distinct resource, stripe from unnest(releases)) g))
			+ berth.assert_rows((select count(*) from finished), cardinality(releases))
			+ berth.assert_rows((select count(*) from destroyed), cardinality(releases))
	into resources, firsts, ended;
	perform berth.split_crumbs(resources, firsts);
	if exists (select from unnest(releases) v where v.child) then
		perform berth.tally(array(select v.command from unnest(releases) v where v.child), actor);
	end if;
end $$;

-- Applies plain releases whose leases are locked, and returns their number; 0 if they are not plain after all.
create or replace function berth.release_plain(actor text, releases berth.plain_release[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	at timestamptz := berth.lock_stripes_of(releases);
begin
	if at is null then
		return 0;
	end if;
	perform berth.apply_plain_releases(actor, releases, at);
	return cardinality(releases);
end $$;
