-- Clocks that were wrong: a wait that began in the future begins again, and nothing young is forgotten.

-- Returns true if the clock can be trusted to forget by. Nothing is forgotten for a week after workers have seen the
-- time leap by two days or more: a wrong clock has been corrected by then. A time when no worker ran also counts as a
-- leap.
create or replace function berth.clock_settled() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return (select since <= now() - interval '7 days'
			and seen > now() - interval '2 days' and seen < now() + interval '2 days'
		from berth.clock);
end $$;

-- Keeps the time that workers have seen, at most once an hour.
create or replace function berth.note_clock() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.clock
	set since = case when seen > now() - interval '2 days' and seen < now() + interval '2 days' then since
		else now() end, seen = now()
	where seen < now() - interval '1 hour' or seen > now() + interval '1 hour';
end $$;

-- Returns the commands whose grace, or whose delay before the next try, seems to have begun in the future.
create or replace function berth.graces_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command where state = 'queued' and waits_from > now() + interval '1 minute'
	order by waits_from limit most;
end $$;

-- Returns the hooks that seem to have been claimed in the future. Their workers may not know of the claim.
create or replace function berth.claims_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command where state = 'running' and hook and begun > now() + interval '1 minute'
	order by seq limit most;
end $$;

-- Returns the leases that seem to have been released in the future and would rest longer than their pool requires.
create or replace function berth.rests_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select l.id from berth.lease l join berth.pool p on p.id = l.pool
	where l.rest_until is not null and l.released > now() + interval '1 minute'
		and l.rest_until > berth.time_in(p.reuse_delay) + interval '1 minute'
	order by l.released limit most;
end $$;

-- Restarts waits that seem to have begun in the future, since a clock that was ahead has been set back. Waits for less
-- than a minute continue. Returns the number of restarts.
create or replace function berth.clock_back(chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	restarts bigint;
begin
	with graces as (
		select id from berth.command where id = any (array(select berth.graces_ahead(chunk)))
			and berth.state_is(state, '{queued}') for no key update skip locked
	), again as (
		update berth.command c set not_before = now() + (c.not_before - c.waits_from), waits_from = now()
		from graces g where c.id = g.id and berth.state_is(c.state, '{queued}')
		returning 1
	), claims as (
		select id from berth.command where id = any (array(select berth.claims_ahead(chunk)))
			and berth.state_is(state, '{running}') for no key update skip locked
	), claimed as (
		update berth.command c set deadline = now() + (c.deadline - c.begun), begun = now()
		from claims m where c.id = m.id and berth.state_is(c.state, '{running}')
		returning 1
	), rests as (
		select l.id, p.reuse_delay as delay from berth.lease l join berth.pool p on p.id = l.pool
		where l.id = any (array(select berth.rests_ahead(chunk))) and berth.state_is(l.state, '{released}')
		for no key update of l skip locked
	), rested as (
		update berth.lease l set rest_until = berth.time_in(r.delay) from rests r
		where l.id = r.id and berth.state_is(l.state, '{released}')
		returning 1
	)
	select (select count(*) from again) + (select count(*) from claimed) + (select count(*) from rested) into restarts;
	return restarts;
end $$;
