-- The ends that the clock decides: of leases, whose release is queued, and of reuse delays.

-- Returns the leases whose reuse delay is over.
create or replace function berth.rested(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.lease
	where rest_until <= now() and id <> all ((select berth.recent_troubles('rest'))::uuid[])
	order by rest_until limit most;
end $$;

-- Frees their values, and returns the number of leases.
create or replace function berth.end_rests(actor text, asked_leases uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	leases uuid[] := array(
		select id from berth.lease where id = any (asked_leases) and rest_until <= now() for no key update skip locked);
	closed uuid[];
begin
	if leases <> '{}' then
		closed := berth.end_leases(actor, array(select (id, null, false)::berth.ending from unnest(leases) id));
		perform berth.update_drained(actor, leases);
		perform berth.tally(closed, actor);
	end if;
	return cardinality(leases);
end $$;

-- Returns leases whose time has ended and for which nobody has queued a release by expiry, the longest over first: in
-- the order of the index on that time, which alone has them all and nothing else.
create or replace function berth.overdue(most bigint) returns setof berth.lease language plpgsql stable
	set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.lease l
	where l.until <= now() and l.state in ('pending', 'acquired', 'active')
		and not exists (select from berth.open_in(l.id) c where c.author = 'berth:expiry')
		and l.id <> all ((select berth.recent_troubles('expire'))::uuid[])
	order by l.until limit most;
end $$;

-- Queues one release for each lease whose time has ended, and returns their number. The unique index makes it one, also
-- when two workers do so together. A lease that is being changed just now is left for the next time.
create or replace function berth.expire(actor text, leases uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	queued bigint;
begin
	with over as (
		select l.id, l.until, l.state, l.generation from berth.lease l
		where l.id = any (leases) and l.until <= now() and berth.state_is(l.state, '{pending, acquired, active}')
		for no key update skip locked
	), made as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook, author, reason)
		select 'release', 'lease', id, 'lease', id, berth.needs_hook('release', id), 'berth:expiry',
			'its time ended at ' || berth.time_text(until)
		from over order by until
		on conflict (target) where author = 'berth:expiry' and state in ('queued', 'running', 'quarantined') do nothing
		returning id, target
	), told as (
		insert into berth.event (actor, action, kind, target, command, before, after)
		select actor, 'expire', 'lease', over.id, made.id, seen, seen
		from made join over on over.id = made.target
		cross join lateral (select jsonb_build_object('until', berth.time_exact(over.until), 'state', over.state,
			'generation', over.generation) as seen) s
		order by over.until
	)
	select count(*) into queued from made;
	return queued;
end $$;
