-- Allocation: the hot path.

-- Returns the live pool of that name. Raises not_found.
create or replace function berth.live_pool(asked_pool text) returns berth.pool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	select * into p from berth.pool where name = asked_pool and destroyed is null;
	if not found then
		perform berth.accept(berth.check_name('pool', asked_pool));
		perform berth.refuse('not_found', format('pool %s does not exist', asked_pool),
			jsonb_build_object('pool', asked_pool), coalesce('it was renamed to ' || berth.renamed_to(asked_pool),
				'berth pool list shows those that do'));
	end if;
	return p;
end $$;

-- Adds the labels of new leases. Raises limit_exceeded.
create or replace function berth.add_labels(leases uuid[], labels jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse_too_many('label', 'lease/' || leases[1], 0, berth.key_count(labels));
	insert into berth.label (kind, target, prefix, name, value, seq)
	select 'lease', l.id, berth.key_prefix(k.key), berth.key_name(k.key), k.value, l.seq
	from berth.lease l, jsonb_each_text(labels) k where l.id = any (leases) order by l.seq, k.key;
end $$;

-- Completes new leases: adds their labels, queues the activate hook, and charges their project. Raises limit_exceeded
-- and quota_exceeded. The project is the last row that an allocation locks.
create or replace function berth.complete_allocation(leases uuid[], labels jsonb, active bool, tenant uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if labels is not null then
		perform berth.add_labels(leases, labels);
	end if;
	if not active then
		insert into berth.command (action, kind, target, lane_kind, lane, hook)
		select 'activate', 'lease', id, 'lease', id, true from unnest(leases) id;
		perform berth.wake();
	end if;
	if tenant is not null then
		perform berth.charge(tenant, cardinality(leases));
	end if;
end $$;

-- Answers an allocation that could lock no stripe: with the lease, if the same request has won meanwhile; with a
-- pending lease, if `asked_wait` and the pool has no free value or others wait in line; with no row after it has waited
-- for a stripe: try again. Raises not_found, pool_exhausted, and 40001 if the lease was made while this one waited.
create or replace function berth.allocate_blocked(asked_id uuid, asked_pool text, pool uuid, line bool,
	asked_holder text, asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_detail jsonb,
	asked_labels jsonb, asked_wait bool, asked_project text, tenant uuid)
returns setof berth.lease_view language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	has_free bool;
begin
	if exists (select from berth.lease where id = asked_id) then
		return query select * from berth.allocate_replay(array[asked_id], asked_pool, asked_project, asked_holder,
			asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		return;
	end if;
	perform berth.live_pool(asked_pool);
	has_free := line is not true and berth.await_stripe(pool);
	if exists (select from berth.lease where id = asked_id) then
		perform berth.retry_transaction(asked_id);
	end if;
	if not has_free and asked_wait then
		return query select * from berth.add_pending_lease(asked_id, pool, asked_holder, asked_until, asked_duration,
			asked_priority, asked_detail, asked_labels, tenant);
	elsif not has_free then
		perform berth.refuse_exhausted(pool, 1, 0);
	end if;
end $$;

-- Returns true for terms that most allocations have and check_terms() accepts; null and false say nothing. It costs a
-- fraction of that.
create or replace function berth.are_plain_terms(id uuid, holder text, until timestamptz, duration bigint,
	priority bigint, detail jsonb, labels jsonb, project text)
returns bool language sql stable parallel safe return
	id <> '00000000-0000-0000-0000-000000000000' and coalesce(char_length(holder) <= 200, true)
	and coalesce(priority between -1000000 and 1000000, true) and jsonb_typeof(detail) = 'object'
	and pg_column_size(detail) <= 8192 and num_nonnulls(until, duration, labels, project) = 0;

-- Takes one value, the lowest that nobody else is taking at the moment, and returns the lease. The same id always
-- returns the same lease. With `asked_wait` an exhausted pool gives a pending lease. Raises not_found, id_conflict,
-- pool_exhausted, quota_exceeded, limit_exceeded, conflict.
--
-- The statements are few and plain, since what the server sets up for each costs more than the rows that it touches:
-- one looks the id and the pool up, one locks a stripe, one takes a value of it and inserts the lease. A replay ends
-- after the first, which locks nothing.
--
-- * The stripe is the one row that this locks before it has the value (then the project, if it is charged). Whoever
--   changes `free` holds the same lock, until the end of the transaction: allocations, releases, ends of a reuse delay,
--   cordons, drains, removals, splits. So `free` is exact at each moment that anyone can see it, and nothing is settled
--   afterwards.
-- * No value is given twice: it leaves `free` in the statement that inserts its lease, and the index lease_held would
--   refuse the second. None is lost: both are undone together, or neither is.
-- * Locks are skipped, not awaited, and those who find none wait in berth.allocate_blocked() with no stripe locked, so
--   there are no cycles. A stripe that was changed after the statement began is locked and read in its newest state, or
--   left out when it is no longer open; its ctid stays valid until the end of the transaction.
-- * An id that another transaction is just inserting is awaited by lease_pkey, and this one is run again.
-- * Nobody overtakes those in line, and a pool that is removed has no stripe.
create or replace function berth.allocate(asked_id uuid, asked_pool text, asked_holder text, asked_until timestamptz,
	asked_duration bigint, asked_priority bigint, asked_detail jsonb, asked_labels jsonb default null,
	asked_wait bool default false, asked_project text default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan as $$
declare
	p record;
	s record;
	tenant uuid;
begin
	if (berth.are_plain_terms(asked_id, asked_holder, asked_until, asked_duration, asked_priority, asked_detail,
			asked_labels, asked_project) and asked_wait is not null) is not true
	then
		perform berth.accept(coalesce(berth.check_terms(asked_id, asked_holder, asked_until, asked_duration,
			asked_priority, asked_detail, asked_labels, asked_project), berth.check_bool('wait', asked_wait)));
	end if;
	select id, kind, unit, block, ttl, activate_hook is null as active, waiting > 0 as line, project as owner,
		exists (select from berth.lease where id = asked_id) as made,
		exists (select from berth.request where id = asked_id)
			or exists (select from berth.command where id = asked_id) as spent
	into p from berth.pool where name = asked_pool and destroyed is null;
	if p.made then
		return query select * from berth.allocate_again(asked_id, asked_pool, p.id, p.kind, p.unit, asked_project,
			asked_holder, asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		return;
	elsif p.spent or asked_until is not null then
		perform berth.refuse_spent(array[asked_id], asked_pool, asked_until);
	end if;
	if asked_project is not null or p.owner is not null then
		tenant := berth.allocation_project(asked_project, p.owner, asked_pool);
	end if;
	loop
		if p.line is not true then
			select ctid as place, resource, host, lower(free) as value into s from berth.stripe
			where pool = p.id and open order by host, first limit 1 for update skip locked;
			exit when found;
		end if;
		return query select * from berth.allocate_blocked(asked_id, asked_pool, p.id, p.line, asked_holder, asked_until,
			asked_duration, asked_priority, asked_detail, asked_labels, asked_wait, asked_project, tenant);
		if found then
			return;
		end if;
	end loop;
	-- Whoever had the value before has written its stripe with the time at which it was free.
	return query with taken as (
		update berth.stripe set free = free - nummultirange(numrange(s.value, s.value + p.block)), room = room - 1,
			open = room > 1, changed = berth.time_of_change(changed)
		where ctid = s.place returning changed as at)
	insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired,
		activated, detail)
	select asked_id, p.id, s.resource, s.value, case when p.active then 'active' else 'acquired' end,
		coalesce(asked_holder, ''), tenant, coalesce(asked_priority, 0),
		nullif(coalesce(asked_until, berth.time_in(coalesce(asked_duration, nullif(p.ttl, 0)), at)), 'infinity'),
		at, at, case when p.active then at end, asked_detail from taken
	on conflict on constraint lease_pkey do nothing
	returning id, seq, asked_pool, p.kind, true, value, s.host, p.unit, resource, state, holder, asked_project,
		lease.priority::bigint, lease.until, created, acquired, activated, released, destroyed, generation, created_by,
		coalesce(asked_labels, '{}'), false, null::jsonb;
	if not found then
		perform berth.retry_transaction(asked_id);
	elsif asked_labels is not null or not p.active then
		perform berth.complete_allocation(array[asked_id], asked_labels, p.active, tenant);
	elsif tenant is not null then
		perform berth.charge(tenant, 1);
	end if;
end $$;

-- Returns the live pool for new leases, with the project that is to be charged in `project`. Raises id_conflict,
-- invalid_input, not_found, conflict.
create or replace function berth.open_pool(asked_ids uuid[], asked_pool text, asked_until timestamptz,
	asked_project text)
returns berth.pool language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	perform berth.refuse_spent(asked_ids, asked_pool, asked_until);
	p := berth.live_pool(asked_pool);
	p.project := berth.allocation_project(asked_project, p.project, asked_pool);
	return p;
end $$;

-- Makes leases of values that were taken from stripes, in the order of host and value, and returns them. Raises 40001
-- if another request with the first id has won, and whatever berth.complete_allocation() raises.
create or replace function berth.make_leases(asked_ids uuid[], p berth.pool, resources uuid[], sets nummultirange[],
	asked_holder text, asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_detail jsonb,
	asked_labels jsonb, at timestamptz)
returns setof berth.lease_view language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	active bool := p.activate_hook is null;
	made bigint;
begin
	insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired,
		activated, detail, parts)
	select asked_ids[row_number() over (order by r.host, value)], p.id, r.id, value,
		case when active then 'active' else 'acquired' end, coalesce(asked_holder, ''), p.project,
		coalesce(asked_priority, 0),
		nullif(coalesce(asked_until, berth.time_in(coalesce(asked_duration, nullif(p.ttl, 0)), at)), 'infinity'),
		at, at, case when active then at end, asked_detail, cardinality(asked_ids)
	from unnest(resources, sets) as t (resource, free)
	join berth.resource r on r.id = t.resource,
	unnest(t.free) piece, generate_series(lower(piece), upper(piece) - 1, p.block) value
	on conflict on constraint lease_pkey do nothing;
	get diagnostics made = row_count;
	if made < cardinality(asked_ids) then
		perform berth.retry_transaction(asked_ids[1]);
	end if;
	perform berth.complete_allocation(asked_ids, asked_labels, active, p.project);
	return query select v.* from unnest(asked_ids) with ordinality as asked (id, n)
		join berth.lease_view v using (id) order by n;
end $$;

-- Locks the stripe of a resource that has a value, and returns it. Raises invalid_input when the resource is gone.
create or replace function berth.lock_stripe_of(asked_resource uuid, asked_value numeric, asked_text text,
	asked_pool text)
returns berth.stripe language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s berth.stripe;
begin
	loop
		if asked_resource is not null then
			select * into s from berth.stripe where resource = asked_resource and first <= asked_value
			order by first desc limit 1 for update;
		end if;
		exit when s.last >= asked_value;
		-- While this waited the resource may have been removed or cut, or the stripe split below the value.
		if s.resource is null or not berth.has_value(asked_resource, asked_value) then
			perform berth.retry_moved(asked_resource, asked_value);
			perform berth.refuse('invalid_input',
				format('value %s is in no live resource of pool %s', asked_text, asked_pool),
				jsonb_build_object('pool', asked_pool, 'value', asked_text));
		end if;
	end loop;
	return s;
end $$;

-- Raises conflict for a value that is held: by whom and since when, or that is excluded. Raises 40001 if it is neither,
-- since the resource was cordoned meanwhile, or the same request holds it: the next run sees which.
create or replace function berth.refuse_held(asked_id uuid, asked_resource uuid, asked_value numeric, asked_text text,
	asked_pool text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	h berth.lease;
begin
	select * into h from berth.lease
	where resource = asked_resource and value = asked_value and state <> 'destroyed';
	if h.id is null then
		perform berth.refuse_excluded(asked_resource, asked_value, asked_text, asked_pool);
	end if;
	if h.id is null or h.id = asked_id then
		perform berth.retry_transaction(asked_id);
	end if;
	perform berth.refuse('conflict', format('value %s of pool %s is held by lease %s since %s', asked_text, asked_pool,
		h.id,
			berth.time_text(coalesce(h.activated, h.acquired))),
		jsonb_build_object('lease', h.id, 'holder', h.holder,
			'since', berth.time_exact(coalesce(h.activated, h.acquired))));
end $$;

-- Takes exactly this value, and returns the lease. Locks the value's stripe. Raises conflict for a value that is held
-- or whose resource gives none, and what berth.allocate() raises. A block has its last value too.
create or replace function berth.allocate_value(asked_id uuid, asked_pool text, asked_kind text, asked_value numeric,
	asked_host text, asked_text text, asked_holder text, asked_until timestamptz, asked_duration bigint,
	asked_priority bigint, asked_detail jsonb, asked_labels jsonb default null, asked_project text default null,
	asked_last numeric default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	r berth.resource;
	s berth.stripe;
	taken nummultirange;
	at timestamptz;
begin
	perform berth.accept(coalesce(
		berth.check_terms(asked_id, asked_holder, asked_until, asked_duration, asked_priority, asked_detail,
			asked_labels,
			asked_project),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_value(asked_kind, asked_host, asked_value),
		berth.check_last(asked_kind, asked_value, asked_last),
		berth.check_text('value', asked_text, 200)));
	select * into r from berth.resource
	where pool = any (berth.pools_named(asked_pool))
		and kind = asked_kind and lower(host) = lower(asked_host) and asked_value between first and last
		and state <> 'destroyed'
	order by host <> asked_host, twin limit 1;
	if exists (select from berth.lease where id = asked_id) then
		perform berth.refuse_other_unit(q, asked_value, asked_last, asked_text) from berth.pool q where q.id = r.pool;
		return query select * from berth.allocate_replay(array[asked_id], asked_pool, asked_project, asked_holder,
			asked_until, asked_duration, asked_priority, asked_labels, asked_detail, r.id, asked_value, asked_text);
		return;
	end if;
	p := berth.open_pool(array[asked_id], asked_pool, asked_until, asked_project);
	if p.kind = asked_kind then
		perform berth.refuse_other_unit(p, asked_value, asked_last, asked_text);
	end if;
	if r.cordoned or r.state <> 'active' then
		perform berth.refuse('conflict', format('value %s is in resource %s of pool %s, which is %s', asked_text,
			r.name,
				p.name, case when r.state = 'active' then 'cordoned' else r.state end),
			jsonb_build_object('resource', r.id, 'state', r.state, 'cordoned', r.cordoned));
	end if;
	s := berth.lock_stripe_of(r.id, asked_value, asked_text, p.name);
	if not s.usable or not s.free @> asked_value then
		perform berth.refuse_held(asked_id, r.id, asked_value, asked_text, p.name);
	elsif p.waiting > 0 then
		perform berth.refuse_exhausted(p.id, 1, 0);
	end if;
	taken := nummultirange(numrange(asked_value, asked_value + p.block));
	at := berth.take_from_stripe(s, taken, 1);
	return query select * from berth.make_leases(array[asked_id], p, array[r.id], array[taken], asked_holder,
		asked_until,
		asked_duration, asked_priority, asked_detail, asked_labels, at);
	if (select count(*) from unnest(s.free)) >= 64 then
		perform berth.split(s.resource, s.first);
	end if;
end $$;

-- Takes as many values as there are ids, or none, and returns the leases, their ids in the order of the values. The
-- first id is the one of the request, and the others are derived from it, so that the whole can be repeated. Locks
-- stripes. Raises what berth.allocate() raises.
create or replace function berth.allocate_many(asked_ids uuid[], asked_pool text, asked_holder text,
	asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_detail jsonb,
	asked_labels jsonb default null, asked_project text default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	s berth.stripe;
	taken nummultirange;
	n numeric;
	wanted numeric := cardinality(asked_ids);
	resources uuid[] := '{}';
	sets nummultirange[] := '{}';
	at timestamptz;
begin
	perform berth.accept(coalesce(
		berth.check_ids(asked_ids),
		berth.check_terms(asked_ids[1], asked_holder, asked_until, asked_duration, asked_priority, asked_detail,
			asked_labels, asked_project),
		berth.check_name('pool', asked_pool)));
	if exists (select from berth.lease where id = asked_ids[1]) then
		return query select * from berth.allocate_replay(asked_ids, asked_pool, asked_project, asked_holder,
			asked_until,
			asked_duration, asked_priority, asked_labels, asked_detail);
		return;
	end if;
	p := berth.open_pool(asked_ids, asked_pool, asked_until, asked_project);
	if p.waiting > 0 then
		perform berth.refuse_exhausted(p.id, cardinality(asked_ids), 0);
	end if;
	while wanted > 0 loop
		select * into s from berth.stripe where pool = p.id and open order by host, first
			limit 1 for update skip locked;
		if not found then
			continue when berth.await_stripe(p.id);
			if exists (select from berth.lease where id = asked_ids[1]) then
				perform berth.retry_transaction(asked_ids[1]);
			end if;
			perform berth.refuse_exhausted(p.id, cardinality(asked_ids), cardinality(asked_ids) - wanted::bigint);
		end if;
		taken := berth.lowest(s.free, wanted * s.block);
		n := berth.unit_count(taken, s.block);
		at := greatest(at, berth.take_from_stripe(s, taken, n));
		resources := resources || s.resource;
		sets := sets || taken;
		wanted := wanted - n;
	end loop;
	return query select * from berth.make_leases(asked_ids, p, resources, sets, asked_holder, asked_until,
		asked_duration,
		asked_priority, asked_detail, asked_labels, at);
end $$;
