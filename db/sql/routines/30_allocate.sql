-- Allocation: the hot path.

-- The lease that an id already has, or the reason why the request is another one.
create or replace function berth.allocate_replay(asked_id uuid, asked_pool text, asked_resource uuid, asked_value numeric,
	asked_text text, asked_parts int, asked_project text, asked_holder text, asked_until timestamptz, asked_duration bigint,
	asked_priority bigint, asked_labels jsonb, asked_detail jsonb)
returns setof berth.lease_view language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	l berth.lease;
	v berth.lease_view;
	clash text;
begin
	select * into l from berth.lease where id = asked_id;
	select * into v from berth.lease_view where id = asked_id;
	clash := case
		when v.pool <> asked_pool then format('it is in pool %s, not %s', v.pool, asked_pool)
		when l.state = 'destroyed' or l.state = 'released'
			then format('it was released %s; the id of a released lease is spent',
				berth.time_text(coalesce(l.released, l.destroyed)))
		when asked_value is not null and (l.resource is distinct from asked_resource or l.value is distinct from asked_value)
			then format('it does not hold %s', asked_text)
		when v.project is distinct from asked_project and asked_project is not null
			then format('it is of %s, not of %s', coalesce('project ' || v.project, 'no project'), asked_project)
		when l.parts <> asked_parts then format('it was asked for with --count %s, not %s', l.parts, asked_parts)
	end;
	if clash is not null then
		perform berth.refuse('id_conflict', format('lease %s exists: %s', asked_id, clash),
			jsonb_build_object(
				'existing', jsonb_build_object('id', v.id, 'pool', v.pool, 'value', berth.value_text(v.kind, v.host, v.value),
					'project', v.project, 'state', v.state, 'count', l.parts),
				'asked', jsonb_build_object('id', asked_id, 'pool', asked_pool, 'value', asked_text, 'project', asked_project,
					'count', asked_parts)));
	end if;
	if asked_parts = 1 then
		v.replayed := true;
		v.differs := berth.lease_differs(l, asked_holder, asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		return next v;
	end if;
end $$;

-- Cuts a stripe in two, so that two can allocate at once, or so that its set of
-- free values stays small. The upper half becomes a new row. The caller holds
-- the stripe's lock. Nothing happens to a stripe with less than two values free.
create or replace function berth.split(asked_resource uuid, asked_first numeric) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s berth.stripe;
	middle numeric;
	upper_free nummultirange;
	upper_room numeric;
	upper_resting bigint := 0;
begin
	select * into s from berth.stripe where resource = asked_resource and first = asked_first;
	if s.room < 2 then
		return;
	end if;
	if s.free = nummultirange(range_merge(s.free)) then
		middle := div(lower(s.free) + upper(s.free), 2);
	else
		-- Many pieces: half of them stay.
		select lower(piece) into middle from unnest(s.free) with ordinality as u (piece, n)
		order by n offset (select count(*) / 2 from unnest(s.free)) limit 1;
	end if;
	upper_free := s.free * nummultirange(numrange(middle, s.last + 1));
	upper_room := berth.room(upper_free);
	if s.resting > 0 then
		select count(*) into upper_resting from berth.lease
		where resource = s.resource and value between middle and s.last and rest_until is not null and state = 'released';
	end if;
	update berth.stripe
	set last = middle - 1, free = s.free - upper_free, room = s.room - upper_room, resting = s.resting - upper_resting,
		open = usable and s.room > upper_room, flow = s.flow / 2
	where resource = asked_resource and first = asked_first;
	insert into berth.stripe (pool, resource, host, first, last, free, room, resting, usable, open, flow, flow_at)
	values (s.pool, s.resource, s.host, middle, s.last, upper_free, upper_room, upper_resting, s.usable,
		s.usable and upper_room > 0, s.flow / 2, s.flow_at);
end $$;

-- The lowest `wanted` values of a set, or all of it when it has fewer.
create or replace function berth.lowest(free nummultirange, wanted numeric) returns nummultirange
language sql immutable parallel safe return (
	select coalesce(range_agg(numrange(lower(piece), least(upper(piece), lower(piece) + wanted - before))), '{}')
	from (
		select piece, coalesce(sum(upper(piece) - lower(piece)) over
			(order by piece rows between unbounded preceding and 1 preceding), 0) as before
		from unnest(free) piece
	) pieces
	where before < wanted
);

-- Waits until somebody gives a stripe of this pool free, and splits it, since
-- there were not enough for all who came at once. Those who wait together are
-- spread over the stripes, more of them to the larger ones, lest all queue for
-- one and cut it to crumbs. False: there is no room left.
create or replace function berth.await_stripe(asked_pool uuid) returns bool
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s record;
begin
	loop
		select resource, first into s from berth.stripe where pool = asked_pool and open
		order by room::float8 * random() desc limit 1 for update;
		if found then
			perform berth.split(s.resource, s.first);
			return true;
		end if;
		if not exists (select from berth.stripe where pool = asked_pool and open) then
			return false;
		end if;
	end loop;
end $$;

-- Another request with the same id was running and has won: everything here is
-- undone, and the whole transaction, run again, finds what that one made.
create or replace function berth.yield_to(asked_id uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'serialization_failure', message = format('lease %s was made meanwhile', asked_id);
end $$;

-- In a pool with a hook a lease is `acquired` until that has run.
create or replace function berth.begin_activation(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	insert into berth.command (action, kind, target, lane_kind, lane, hook)
	select 'activate', 'lease', id, 'lease', id, true from unnest(leases) id;
	perform berth.wake();
end $$;

-- A lease without a value, until the worker finds one for it.
create or replace function berth.wait_in_line(asked_id uuid, asked_pool uuid, asked_holder text, asked_until timestamptz,
	asked_duration bigint, asked_priority bigint, asked_detail jsonb, asked_labels jsonb, tenant uuid)
returns setof berth.lease_view language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.pool set waiting = waiting + 1 where id = asked_pool and destroyed is null;
	if not found then
		perform berth.yield_to(asked_id);
	end if;
	insert into berth.lease (id, pool, state, holder, project, priority, until, duration, created, detail)
	select asked_id, id, 'pending', coalesce(asked_holder, ''), tenant, coalesce(asked_priority, 0), nullif(asked_until, 'infinity'),
		case when asked_until is distinct from 'infinity' then coalesce(asked_duration, nullif(ttl, 0)) end,
		clock_timestamp(), asked_detail
	from berth.pool where id = asked_pool
	on conflict on constraint lease_pkey do nothing;
	if not found then
		perform berth.yield_to(asked_id);
	end if;
	if asked_labels is not null then
		perform berth.add_labels(array[asked_id], asked_labels);
	end if;
	if tenant is not null then
		perform berth.charge(tenant, 1);
	end if;
	-- A value may have come free while this one was looking.
	perform berth.wake();
	return query select * from berth.lease_view where id = asked_id;
end $$;

create or replace function berth.live_pool(asked_pool text) returns berth.pool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	select * into p from berth.pool where name = asked_pool and destroyed is null;
	if not found then
		perform berth.accept(berth.check_name('pool', asked_pool));
		perform berth.refuse('not_found', format('pool %s does not exist', asked_pool), jsonb_build_object('pool', asked_pool),
			'berth pool list shows those that do');
	end if;
	return p;
end $$;

-- Refuses a new lease whose time has ended; one that exists is granted still. It is told by the constraint's name.
create or replace function berth.refuse_past() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'BERTH', constraint = 'lease_until_ahead', detail = '{}',
		message = 'invalid_input' || chr(10) || 'the end of the lease is in the past';
end $$;

-- One value, the lowest that nobody else is taking at the moment. The same id
-- gives the same lease for ever. Four plain statements (look, lock, take, insert):
-- what counts here is what the server has to set up for each, not the rows that
-- it touches, and a replay ends after the first.
create or replace function berth.allocate(asked_id uuid, asked_pool text, asked_holder text, asked_until timestamptz,
	asked_duration bigint, asked_priority bigint, asked_detail jsonb, asked_labels jsonb default null, asked_wait bool default false,
	asked_project text default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p record;
	s record;
	tenant uuid;
	found_room bool;
	failed text := coalesce(berth.check_terms(asked_id, asked_holder, asked_until, asked_duration, asked_priority, asked_detail),
		berth.check_bool('wait', asked_wait),
		case when asked_labels is not null then berth.check_labels('label', asked_labels) end,
		case when asked_project is not null then berth.check_project('project', asked_project) end);
	at timestamptz;
begin
	if failed is not null then
		perform berth.accept(failed);
	end if;
	-- `same`: null for a new id, true for one that made this very lease (which has no labels and no project) and asks
	-- for nothing else than then, false if it takes a closer look.
	select pool.id, kind, ttl, activate_hook is null as active, waiting > 0 as line, pool.project as owner, (
			select l.pool = pool.id and l.parts = 1 and l.project is null and l.state in ('acquired', 'active', 'broken')
				and not exists (select from berth.label where target = l.id) and l.generation = 1
				and coalesce(l.holder = asked_holder, true) and coalesce(l.priority = asked_priority, true)
				and num_nonnulls(asked_until, asked_duration, asked_labels, asked_detail->'reason') = 0
			from berth.lease l where l.id = asked_id) as same,
		exists (select from berth.request where id = asked_id)
			or exists (select from berth.command where id = asked_id) as spent
	into p from berth.pool where name = asked_pool and destroyed is null;
	if p.same and asked_project is null then
		return query select l.id, l.seq, asked_pool, p.kind, true, l.value,
			case when p.kind = 'host' then (select r.host from berth.resource r where r.id = l.resource) else '' end, l.resource,
			l.state, l.holder, null::text, l.priority::bigint, l.until, l.created, l.acquired, l.activated, l.released,
			l.destroyed, l.generation, l.created_by, '{}'::jsonb, true, null::jsonb
		from berth.lease l where l.id = asked_id;
		return;
	end if;
	if p.same is not null then
		return query select * from berth.allocate_replay(asked_id, asked_pool, null, null, null, 1, asked_project, asked_holder,
			asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		return;
	end if;
	if p.spent then
		perform berth.refuse_spent(array[asked_id], asked_pool);
	end if;
	if asked_until <= now() then
		perform berth.refuse_past();
	end if;
	if asked_project is not null or p.owner is not null then
		tenant := berth.project_for(asked_project, p.owner, asked_pool);
	end if;
	loop
		-- The row is ours until the end of the transaction, so its place stays good. Nobody overtakes those who wait.
		if p.line is not true then
			select ctid as place, resource, host, lower(free) as value, flow_at into s from berth.stripe
			where pool = p.id and open order by host, first limit 1 for update skip locked;
			exit when found;
		end if;
		if exists (select from berth.lease where id = asked_id) then
			return query select * from berth.allocate_replay(asked_id, asked_pool, null, null, null, 1, asked_project, asked_holder,
				asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
			return;
		end if;
		perform berth.live_pool(asked_pool);
		found_room := p.line is not true and berth.await_stripe(p.id);
		if exists (select from berth.lease where id = asked_id) then
			perform berth.yield_to(asked_id);
		end if;
		if not found_room and asked_wait then
			return query select * from berth.wait_in_line(asked_id, p.id, asked_holder, asked_until, asked_duration, asked_priority, asked_detail,
				asked_labels, tenant);
			return;
		elsif not found_room then
			perform berth.refuse_exhausted(p.id, 1, 0);
		end if;
	end loop;
	-- Whoever had the value before has written its stripe with the time at which it was free.
	at := berth.moment(s.flow_at);
	update berth.stripe
	set free = free - nummultirange(numrange(s.value, s.value + 1)), room = room - 1, open = room > 1,
		flow = berth.flow(flow, flow_at) + 1, flow_at = at
	where ctid = s.place;
	if not found then
		raise exception using errcode = 'serialization_failure', message = 'a locked stripe moved';
	end if;
	return query
	insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired, activated, detail)
	values (asked_id, p.id, s.resource, s.value, case when p.active then 'active' else 'acquired' end, coalesce(asked_holder, ''), tenant,
		coalesce(asked_priority, 0),
		nullif(coalesce(asked_until, berth.time_in(coalesce(asked_duration, nullif(p.ttl, 0)), at)), 'infinity'),
		at, at, case when p.active then at end, asked_detail)
	on conflict on constraint lease_pkey do nothing
	returning id, seq, asked_pool, p.kind, true, value, s.host, resource, state, holder, asked_project, lease.priority::bigint,
		lease.until, created, acquired, activated, released, destroyed, generation, created_by, coalesce(asked_labels, '{}'), false, null::jsonb;
	if not found then
		perform berth.yield_to(asked_id);
	end if;
	if asked_labels is not null then
		perform berth.add_labels(array[asked_id], asked_labels);
	end if;
	if not p.active then
		perform berth.begin_activation(array[asked_id]);
	end if;
	if tenant is not null then
		perform berth.charge(tenant, 1);
	end if;
end $$;

create or replace function berth.refuse_value(asked_text text, asked_pool text) returns void language sql begin atomic
	select berth.refuse('invalid_input', format('value %s is in no live resource of pool %s', asked_text, asked_pool),
		jsonb_build_object('pool', asked_pool, 'value', asked_text));
end;

-- Exactly this value, or who holds it and since when.
create or replace function berth.allocate_value(asked_id uuid, asked_pool text, asked_kind text, asked_value numeric,
	asked_host text, asked_text text, asked_holder text, asked_until timestamptz, asked_duration bigint, asked_priority bigint,
	asked_detail jsonb, asked_labels jsonb default null, asked_project text default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	r berth.resource;
	s berth.stripe;
	h berth.lease;
	tenant uuid;
	at timestamptz;
begin
	perform berth.accept(coalesce(
		berth.check_terms(asked_id, asked_holder, asked_until, asked_duration, asked_priority, asked_detail),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_value(asked_kind, asked_host, asked_value),
		berth.check_text('value', asked_text, 200),
		case when asked_labels is not null then berth.check_labels('label', asked_labels) end,
		case when asked_project is not null then berth.check_project('project', asked_project) end));
	select * into r from berth.resource
	where pool = (select id from berth.pool where name = asked_pool and destroyed is null)
		and kind = asked_kind and lower(host) = lower(asked_host) and asked_value between first and last and state <> 'destroyed'
	order by host <> asked_host, twin limit 1;
	if exists (select from berth.lease where id = asked_id) then
		return query select * from berth.allocate_replay(asked_id, asked_pool, r.id, asked_value, asked_text, 1, asked_project,
			asked_holder, asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		return;
	end if;
	perform berth.refuse_spent(array[asked_id], asked_pool);
	if asked_until <= now() then
		perform berth.refuse_past();
	end if;
	p := berth.live_pool(asked_pool);
	tenant := berth.project_for(asked_project, p.project, asked_pool);
	if r.id is null then
		perform berth.refuse_value(asked_text, p.name);
	end if;
	if r.cordoned or r.state <> 'active' then
		perform berth.refuse('conflict', format('value %s is in resource %s of pool %s, which is %s', asked_text, r.name, p.name,
				case when r.state = 'active' then 'cordoned' else r.state end),
			jsonb_build_object('resource', r.id, 'state', r.state, 'cordoned', r.cordoned));
	end if;
	loop
		select * into s from berth.stripe where resource = r.id and first <= asked_value order by first desc limit 1
		for update;
		-- While this one waited the resource may have been removed, or the stripe split below the value.
		if not found then
			perform berth.refuse_value(asked_text, p.name);
		end if;
		exit when s.last >= asked_value;
	end loop;
	if not s.usable or not s.free @> asked_value then
		select * into h from berth.lease where resource = r.id and value = asked_value and state <> 'destroyed';
		-- Nobody: it was cordoned meanwhile. Ourselves: the same request was running. Both are seen the next time.
		if h.id is null or h.id = asked_id then
			perform berth.yield_to(asked_id);
		end if;
		perform berth.refuse('conflict',
			format('value %s of pool %s is held by lease %s since %s', asked_text, p.name, h.id,
				berth.time_text(coalesce(h.activated, h.acquired))),
			jsonb_build_object('lease', h.id, 'holder', h.holder,
				'since', berth.time_exact(coalesce(h.activated, h.acquired))));
	end if;
	if p.waiting > 0 then
		perform berth.refuse_exhausted(p.id, 1, 0);
	end if;
	at := berth.moment(s.flow_at);
	update berth.stripe set free = free - nummultirange(numrange(asked_value, asked_value + 1)), room = room - 1,
		open = usable and room > 1, flow = berth.flow(flow, flow_at) + 1, flow_at = at
	where resource = s.resource and first = s.first;
	if (select count(*) from unnest(s.free)) >= 64 then
		perform berth.split(s.resource, s.first);
	end if;
	insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired, activated, detail)
	values (asked_id, p.id, r.id, asked_value, case when p.activate_hook is null then 'active' else 'acquired' end,
		coalesce(asked_holder, ''), tenant, coalesce(asked_priority, 0),
		nullif(coalesce(asked_until, berth.time_in(coalesce(asked_duration, nullif(p.ttl, 0)), at)), 'infinity'),
		at, at, case when p.activate_hook is null then at end, asked_detail)
	on conflict on constraint lease_pkey do nothing;
	if not found then
		perform berth.yield_to(asked_id);
	end if;
	if asked_labels is not null then
		perform berth.add_labels(array[asked_id], asked_labels);
	end if;
	if p.activate_hook is not null then
		perform berth.begin_activation(array[asked_id]);
	end if;
	if tenant is not null then
		perform berth.charge(tenant, 1);
	end if;
	return query select * from berth.lease_view where id = asked_id;
end $$;

-- Ids that are another request's already: one of a pool's, or leases derived from another id.
create or replace function berth.refuse_spent(asked_ids uuid[], asked_pool text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	existing jsonb;
begin
	select jsonb_build_object('action', r.action, 'target', r.target) into existing from (
		select action, target from berth.request where id = any (asked_ids)
		union all
		select action, berth.target_text(kind, target, arguments) from berth.command where id = any (asked_ids)
	) r limit 1;
	if not found then
		select jsonb_build_object('action', 'allocate', 'target', 'lease/' || l.id) into existing
		from berth.lease l
		where l.id = any (asked_ids[2:]) and not exists (select from berth.lease f where f.id = asked_ids[1]) limit 1;
	end if;
	if found then
		perform berth.refuse('id_conflict', format('id %s was used for %s %s, now allocate %s was asked for', asked_ids[1],
				existing->>'action', existing->>'target', asked_pool),
			jsonb_build_object('existing', existing, 'asked', jsonb_build_object('action', 'allocate', 'target', 'pool/' || asked_pool)));
	end if;
end $$;

-- All of them or none: the ids in the order of the values. The first id is the
-- one asked with, the others are derived from it, so the whole is idempotent.
create or replace function berth.allocate_many(asked_ids uuid[], asked_pool text, asked_holder text,
	asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_detail jsonb, asked_labels jsonb default null,
	asked_project text default null)
returns setof berth.lease_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	tenant uuid;
	s berth.stripe;
	taken nummultirange;
	wanted numeric := cardinality(asked_ids);
	resources uuid[] := '{}';
	sets nummultirange[] := '{}';
	made bigint;
	at timestamptz;
	differing jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_ids(asked_ids),
		berth.check_terms(asked_ids[1], asked_holder, asked_until, asked_duration, asked_priority, asked_detail),
		berth.check_name('pool', asked_pool),
		case when asked_labels is not null then berth.check_labels('label', asked_labels) end,
		case when asked_project is not null then berth.check_project('project', asked_project) end));
	if exists (select from berth.lease where id = asked_ids[1]) then
		perform berth.allocate_replay(asked_ids[1], asked_pool, null, null, null, cardinality(asked_ids), asked_project, asked_holder,
			asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
		-- All of them were asked for alike.
		select berth.lease_differs(l, asked_holder, asked_until, asked_duration, asked_priority, asked_labels, asked_detail)
		into differing from berth.lease l where l.id = asked_ids[1];
		return query select v.id, v.seq, v.pool, v.kind, v.held, v.value, v.host, v.resource, v.state, v.holder, v.project,
			v.priority, v.until, v.created, v.acquired, v.activated, v.released, v.destroyed, v.generation, v.created_by,
			v.labels, true, differing
		from unnest(asked_ids) with ordinality as asked (id, n) join berth.lease_view v using (id) order by n;
		return;
	end if;
	perform berth.refuse_spent(asked_ids, asked_pool);
	if asked_until <= now() then
		perform berth.refuse_past();
	end if;
	p := berth.live_pool(asked_pool);
	tenant := berth.project_for(asked_project, p.project, asked_pool);
	if p.waiting > 0 then
		perform berth.refuse_exhausted(p.id, cardinality(asked_ids), 0);
	end if;
	while wanted > 0 loop
		select * into s from berth.stripe where pool = p.id and open order by host, first limit 1 for update skip locked;
		if not found then
			if berth.await_stripe(p.id) then
				continue;
			end if;
			if exists (select from berth.lease where id = asked_ids[1]) then
				perform berth.yield_to(asked_ids[1]);
			end if;
			perform berth.refuse_exhausted(p.id, cardinality(asked_ids), cardinality(asked_ids) - wanted::bigint);
		end if;
		taken := berth.lowest(s.free, wanted);
		made := berth.room(taken);
		at := greatest(at, berth.moment(s.flow_at));
		update berth.stripe set free = free - taken, room = room - made, open = room > made,
			flow = berth.flow(flow, flow_at) + made, flow_at = at
		where resource = s.resource and first = s.first;
		resources := resources || s.resource;
		sets := sets || taken;
		wanted := wanted - made;
	end loop;
	insert into berth.lease (id, pool, resource, value, state, holder, project, priority, until, created, acquired, activated, detail, parts)
	select asked_ids[row_number() over (order by r.host, value)], p.id, r.id, value,
		case when p.activate_hook is null then 'active' else 'acquired' end, coalesce(asked_holder, ''), tenant,
		coalesce(asked_priority, 0),
		nullif(coalesce(asked_until, berth.time_in(coalesce(asked_duration, nullif(p.ttl, 0)), at)), 'infinity'),
		at, at, case when p.activate_hook is null then at end, asked_detail, cardinality(asked_ids)
	from unnest(resources, sets) as t (resource, free)
	join berth.resource r on r.id = t.resource,
	unnest(t.free) piece, generate_series(lower(piece), upper(piece) - 1) value
	on conflict on constraint lease_pkey do nothing;
	get diagnostics made = row_count;
	if made < cardinality(asked_ids) then
		perform berth.yield_to(asked_ids[1]);
	end if;
	if asked_labels is not null then
		perform berth.add_labels(asked_ids, asked_labels);
	end if;
	if p.activate_hook is not null then
		perform berth.begin_activation(asked_ids);
	end if;
	if tenant is not null then
		perform berth.charge(tenant, cardinality(asked_ids));
	end if;
	return query select v.* from unnest(asked_ids) with ordinality as asked (id, n)
		join berth.lease_view v using (id) order by n;
end $$;
