-- Pending leases: those that wait in line for a value of a pool.

-- Adds a lease without a value, which a worker fills, and returns it. Locks the pool's row. Raises limit_exceeded,
-- quota_exceeded, and 40001 if the pool is gone or the lease was made meanwhile.
create or replace function berth.add_pending_lease(asked_id uuid, asked_pool uuid, asked_holder text,
	asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_detail jsonb, asked_labels jsonb,
	tenant uuid)
returns setof berth.lease_view language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.pool set waiting = waiting + 1 where id = asked_pool and destroyed is null;
	if not found then
		perform berth.retry_transaction(asked_id);
	end if;
	insert into berth.lease (id, pool, state, holder, project, priority, until, duration, created, detail)
	select asked_id, id, 'pending', coalesce(asked_holder, ''), tenant, coalesce(asked_priority, 0),
		nullif(asked_until, 'infinity'),
		case when asked_until is distinct from 'infinity' then coalesce(asked_duration, nullif(ttl, 0)) end,
		clock_timestamp(), asked_detail
	from berth.pool where id = asked_pool
	on conflict on constraint lease_pkey do nothing;
	if not found then
		perform berth.retry_transaction(asked_id);
	end if;
	perform berth.complete_allocation(array[asked_id], asked_labels, true, tenant);
	-- A value may have become free meanwhile.
	perform berth.wake();
	return query select * from berth.lease_view where id = asked_id;
end $$;

-- Returns the pools that somebody waits for and that have a free value.
create or replace function berth.pools_to_fill() returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query select id from berth.pool q
	where waiting > 0 and exists (select from berth.stripe s where s.pool = q.id and s.open)
		and id <> all ((select berth.recent_troubles('fill'))::uuid[]);
end $$;

-- Gives free values to pending leases, by priority, then age, and returns how many were given. Locks the pools, so that
-- one worker serves a pool at a time and the order is kept.
create or replace function berth.fill(actor text, pools uuid[], chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	total bigint := 0;
begin
	for p in select * from berth.pool where id = any (pools) order by id for no key update skip locked loop
		total := total + berth.fill_pool(actor, p, chunk);
	end loop;
	return total;
end $$;

-- Fills one pool lease by lease, for a pool whose filling has failed: a lease that cannot be served leaves the line.
create or replace function berth.fill_alone(actor text, asked_pool uuid, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	one uuid;
	words text;
	total bigint := 0;
begin
	while total < chunk loop
		begin
			exit when berth.fill(actor, array[asked_pool], 1) = 0;
			words := null;
		exception when others then
			if not berth.is_permanent(sqlstate) then
				raise;
			end if;
			words := berth.error_text(sqlstate, sqlerrm);
		end;
		if words is not null then
			one := (berth.next_pending(asked_pool, 1))[1];
			perform berth.note_trouble('fill', 'lease', one, words);
			begin
				perform berth.end_leases(actor, array[(one, null, false)::berth.ending]);
			exception when others then
				if not berth.is_permanent(sqlstate) then
					raise;
				end if;
				perform berth.note_trouble('fill', 'pool', asked_pool, words);
				exit;
			end;
		end if;
		total := total + 1;
	end loop;
	return total;
end $$;

-- Returns the pending leases of a pool, in the order in which they are served. A lease whose time is over is about to
-- leave the line, and is left out.
create or replace function berth.next_pending(asked_pool uuid, most bigint) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return array(select id from berth.lease
		where pool = asked_pool and state = 'pending' and coalesce(until > now(), true)
		order by priority desc, seq limit most);
end $$;

-- Fills one locked pool, and returns how many leases got a value.
create or replace function berth.fill_pool(actor text, p berth.pool, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	waiting uuid[] := berth.next_pending(p.id, chunk);
	mine uuid[];
	served int := 0;
	s berth.stripe;
	taken nummultirange;
	n int;
begin
	-- Nobody passes a lease that is being changed just now: only those before it are served.
	mine := array(select id from berth.lease where id = any (waiting) and berth.state_is(state, '{pending}')
		for no key update skip locked);
	waiting := waiting[1 : coalesce((select min(w.place) - 1 from unnest(waiting) with ordinality w (id, place)
		where not w.id = any (mine)), cardinality(waiting))];
	while cardinality(waiting) > served loop
		select * into s from berth.stripe where pool = p.id and open order by host, first limit 1 for update;
		exit when not found;
		taken := berth.lowest(s.free, (cardinality(waiting) - served) * s.block);
		n := berth.unit_count(taken, s.block);
		perform berth.assign_values(actor, p, s, taken, waiting[served + 1 : served + n],
			berth.take_from_stripe(s, taken, n));
		served := served + n;
	end loop;
	return served;
end $$;

-- Gives values of a stripe to pending leases, in the order of both. Their time begins now.
create or replace function berth.assign_values(actor text, p berth.pool, s berth.stripe, taken nummultirange,
	leases uuid[], at timestamptz)
returns void language sql begin atomic
	with pair as materialized (
		select leases[row_number() over (order by value)] as id, value
		from unnest(taken) piece, generate_series(lower(piece), upper(piece) - 1, p.block) value
	), filled as (
		update berth.lease l
		set resource = s.resource, value = pair.value,
			state = case when p.activate_hook is null then 'active' else 'acquired' end,
			-- A lease that was acquired when it was created was never pending.
			acquired = greatest(at, l.created + interval '1 microsecond'),
			activated = case when p.activate_hook is null then greatest(at, l.created + interval '1 microsecond') end,
			until = coalesce(l.until, berth.time_in(l.duration, at)),
			generation = l.generation + 1
		from pair join berth.lease old using (id) where l.id = pair.id and berth.state_is(l.state, '{pending}')
		returning l.id, l.value, l.state, l.generation, case when old.until is null then l.until end as begun
	), told as (
		insert into berth.event (actor, action, kind, target, before, after)
		select actor, 'fill', 'lease', id,
			jsonb_build_object('state', 'pending', 'value', null, 'generation', generation - 1)
				|| case when begun is null then '{}' else '{"until": null}'::jsonb end,
			jsonb_build_object('state', state, 'value', berth.held_text(p.kind, s.host, value, p.unit),
				'generation', generation)
				|| case when begun is null then '{}' else jsonb_build_object('until', berth.time_exact(begun)) end
		from filled order by value
	), begun as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook)
		select 'activate', 'lease', id, 'lease', id, true from filled where state = 'acquired' order by value
	)
	update berth.pool set waiting = waiting - (select berth.assert_rows(count(*), cardinality(leases)) from filled)
	where id = p.id;
end;
