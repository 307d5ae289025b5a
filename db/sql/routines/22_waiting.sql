-- Why a pool has nothing to give, and why a lease waits.

-- Returns the leases of one pool, or of all, that keep a value longer than they should: their time is over and they are
-- not yet fully released, or their hook has failed for good. All counts of such leases use this function. The pool is
-- no condition for an index: there are few such leases, and two partial indexes find them.
create or replace function berth.stuck_leases(asked_pool uuid) returns setof berth.lease
	language sql stable begin atomic
	select l.* from berth.lease l
	where l.until <= now() and l.state in ('acquired', 'active') and coalesce(l.pool = asked_pool, true)
	union all
	select l.* from berth.lease l
	where l.state in ('released', 'broken') and l.rest_until is null and (l.state = 'broken' or l.until <= now())
		and coalesce(l.pool = asked_pool, true);
end;

-- Summarizes the stuck leases of a pool for people: counts, sentences and a hint. `overdue` counts all whose time is
-- over, `broken` all whose hook has failed; `takes_hook` says that only a worker which runs hooks can release them.
create or replace function berth.stuck_summary(asked_pool uuid, out overdue bigint, out broken bigint,
	out workers bigint,
	out hook_workers bigint, out takes_hook bool, out words text[], out hint text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	late bigint;
	quarantined bool;
begin
	select count(*) filter (where k.until <= now()), count(*) filter (where k.state = 'broken'),
		count(*) filter (where k.state <> 'broken')
	into overdue, broken, late from berth.stuck_leases(asked_pool) k;
	select count(*), count(*) filter (where w.hooks) into workers, hook_workers from berth.worker_view w where w.alive;
	takes_hook := late > 0 and exists (select from berth.pool p where p.id = asked_pool and p.release_hook is not null);
	words := '{}';
	if late > 0 then
		words := words || format('the time of %s is over, and %s', late, case
			when workers = 0 then 'no worker is alive to release them'
			when takes_hook and hook_workers = 0 then 'no living worker runs hooks'
			else 'a worker is about to release them' end);
	end if;
	if broken > 0 then
		words := words || case broken when 1 then 'a hook failed for 1, which keeps its value'
			else format('a hook failed for %s, which keep their values', broken) end;
		-- A lease whose hook was cancelled has nothing to retry.
		quarantined := exists (select from berth.stuck_leases(asked_pool) k cross join lateral berth.open_in(k.id) c
			where k.state = 'broken' and c.state = 'quarantined');
	end if;
	hint := case
		when takes_hook and hook_workers = 0 then 'start a worker that runs hooks: berth worker --hooks DIR'
		when late > 0 and workers = 0 then 'start a worker: berth worker'
		when quarantined then
			'berth queue list --state quarantined shows them; retry, skip or force each: berth queue retry ID'
		when broken > 0 then 'release them anew: berth lease list --state broken' end;
end $$;

-- Returns why a pending lease waits: its place in the line of its pool, for each resource of the pool why it gives
-- nothing, and which leases keep a value too long. `hook`: only a worker that runs hooks can release those. No row for
-- another lease.
create or replace function berth.waiting(asked_lease uuid)
returns table (place bigint, ahead bigint, reasons jsonb, hook bool)
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select w.ahead + 1, w.ahead, coalesce((
		select jsonb_agg(format('resource %s: %s', r.name, case
				when r.state <> 'active' then 'being drained'
				when r.cordoned then 'cordoned'
				when r.free > 0 then format('%s free, to be given soon', r.free)
				when r.held_back > 0 then concat_ws(', ', 'all taken',
					case when k.resting > 0 then format('%s of %s in their reuse delay', k.resting, r.capacity) end,
					case when k.kept > 0 then format('%s of %s excluded', k.kept, r.capacity) end)
				else format('all %s taken', r.capacity) end) order by r.name)
		from berth.resource_view r
		cross join lateral (select sum(t.resting) as resting, sum(t.kept) as kept from berth.stripe t
			where t.resource = r.id) k
		where r.pool = p.name and r.state <> 'destroyed'), '["the pool has no resources"]')
			|| to_jsonb(k.words),
		k.takes_hook
	from berth.lease l
	join berth.pool p on p.id = l.pool
	cross join lateral berth.stuck_summary(l.pool) k
	cross join lateral (select count(*) as ahead from berth.lease o
		where o.pool = l.pool and o.state = 'pending'
			and (o.priority > l.priority or (o.priority = l.priority and o.seq < l.seq))) w
	where l.id = asked_lease and l.state = 'pending';
end;

-- Returns how many values of a pool this transaction has taken, by earlier lines of a batch or other requests.
create or replace function berth.taken_in_transaction(asked_pool uuid) returns bigint language sql stable return
	case when pg_current_xact_id_if_assigned() is null then 0 else (
		select count(*) from berth.lease l
		where l.pool = asked_pool and l.born = pg_current_xact_id_if_assigned() and l.value is not null
			and l.state <> 'destroyed') end;

-- Returns ", N of them by earlier lines", or '' when none of them are. An application has no lines.
create or replace function berth.earlier_text(earlier bigint) returns text language sql stable parallel safe return
	case when earlier > 0 then format(case when berth.in_api()
		then ', %s of them earlier in this transaction' else ', %s of them by earlier lines' end, earlier) else '' end;

-- Raises pool_exhausted for a request of `asked` values, of which it has taken some. The request is undone with its
-- whole transaction, so the numbers are those before it and before earlier lines of the same batch, which match what
-- anyone sees in the pool afterwards. Ranges that earlier lines have added count, since the request could use them.
-- Raises 40001 if values have become free meanwhile.
create or replace function berth.refuse_exhausted(asked_pool uuid, asked bigint, taken bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool_view;
	k record;
	earlier bigint := berth.taken_in_transaction(asked_pool);
	expiry timestamptz;
	counts text;
begin
	select * into p from berth.pool_view v where v.id = asked_pool;
	p.used := p.used - taken - earlier;
	p.free := p.free + taken + earlier;
	if p.pending = 0 and p.free >= asked + earlier then
		raise exception using errcode = 'serialization_failure', message = format('pool %s has values again', p.name);
	end if;
	k := berth.stuck_summary(asked_pool);
	select min(l.until) into expiry from berth.lease l
	where l.pool = asked_pool and l.until is not null and l.state in ('acquired', 'active')
		and coalesce(l.born <> pg_current_xact_id_if_assigned(), true);
	counts := format('capacity %s, used %s, held back %s, waiting %s', p.capacity, p.used, p.held_back, p.pending);
	perform berth.refuse('pool_exhausted', concat_ws('; ', case
			when p.free = 0 then format('pool %s has no free value: %s', p.name, counts)
			when p.pending > 0 then format('pool %s: its free values, %s, are for the %s that wait%s', p.name, p.free,
				p.pending, case when k.workers = 0 then ', and no worker is alive to serve them' else '' end)
			else format('pool %s has %s free value%s, %s were asked for%s: %s', p.name, p.free,
				case p.free when 1 then '' else 's' end, asked + earlier, berth.earlier_text(earlier), counts) end,
			nullif(array_to_string(k.words, '; '), '')),
		jsonb_build_object('pool', p.name, 'capacity', p.capacity, 'used', p.used, 'held_back', p.held_back,
			'free', p.free, 'asked', asked, 'earlier', earlier, 'next_expiry', berth.time_exact(expiry),
			'pending', p.pending, 'overdue', k.overdue, 'broken', k.broken, 'workers_alive', k.workers,
			'hook_workers_alive', k.hook_workers),
		case when p.pending > 0 and p.free > 0 and k.workers = 0 then 'start a worker: berth worker'
			when p.pending > 0 and p.free > 0 then 'get in line with --wait; a worker serves it: berth worker list'
			when k.hint is not null then k.hint
			when p.free > 0 then format('ask for fewer, or add a range: berth pool add %s RANGE', p.name)
			when p.capacity = 0 then format('add a range: berth pool add %s RANGE', p.name)
			else format('add a range or release a lease: berth lease list --pool %s', p.name) end);
end $$;
