-- Taking ranges out of pools. A resource of which only a part goes is cut: it keeps the larger part of what is left, a
-- second part becomes a resource of its own, and the range that goes becomes a destroyed resource. Leases that are
-- history follow their values, so that the history of a value is found by its place.

drop type if exists berth.cut cascade;

-- The part that a removal takes from one resource, first to last, and the part that the resource keeps. Nothing is kept
-- of a resource that goes as a whole. A part that is neither taken nor kept is moved to a new resource.
create type berth.cut as (
	resource uuid, name text, resource_first numeric, resource_last numeric, first numeric, last numeric,
	kept_first numeric, kept_last numeric);

-- Returns the live resources of a pool that have values of a range, in their order; of hosts the one that is the range.
create or replace function berth.resources_within(p berth.pool, asked_first numeric, asked_last numeric,
	asked_host text)
returns setof berth.resource language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off as $$
begin
	if p.kind = 'host' then
		return query select r.* from berth.resource r
		where r.id = berth.resource_of(p, p.kind, asked_first, asked_last, asked_host);
	else
		return query select * from berth.resource
		where berth.span(space, kind, first, last) && berth.span(p.space, p.kind, asked_first, asked_last)
			and state <> 'destroyed' and kind <> 'host' and pool = p.id
		order by first;
	end if;
end $$;

-- Returns what a range takes from a resource. Of two parts that are left the resource keeps the one with more leases,
-- as far as its stripes tell, so that few are moved.
create or replace function berth.cut_of(r berth.resource, asked_first numeric, asked_last numeric) returns berth.cut
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	c berth.cut := (r.id, r.name, r.first, r.last, greatest(r.first, asked_first), least(r.last, asked_last), null,
		null);
	below bool := c.first > r.first;
begin
	if below and c.last < r.last then
		select coalesce(sum(n.held) filter (where s.first < c.first), 0)
			>= coalesce(sum(n.held) filter (where s.last > c.last), 0)
		into below from berth.stripe s
		cross join lateral (select div(s.last - s.first + 1, s.block) - s.room - s.kept as held) n
		where s.resource = r.id;
	end if;
	if below then
		c.kept_first := r.first;
		c.kept_last := c.first - 1;
	elsif c.last < r.last then
		c.kept_first := c.last + 1;
		c.kept_last := r.last;
	end if;
	return c;
end $$;

-- Returns what a range takes from the resources of a pool. Raises not_found for a value that is in none of them.
create or replace function berth.cuts_of(p berth.pool, asked_name text, asked_first numeric, asked_last numeric,
	asked_host text)
returns berth.cut[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	cuts berth.cut[] := array(select berth.cut_of(r, asked_first, asked_last)
		from berth.resources_within(p, asked_first, asked_last, asked_host) r order by r.first);
	missing numeric;
begin
	select lower(range_gaps) into missing from unnest(nummultirange(numrange(asked_first, asked_last + 1))
		- (select coalesce(range_agg(numrange(first, last + 1)), '{}') from unnest(cuts))) range_gaps
	order by 1 limit 1;
	if missing is not null then
		perform berth.refuse('not_found', case when cuts = '{}' then format('pool %s has no live resource %s', p.name,
				asked_name)
			else format('value %s of range %s is in no live resource of pool %s', berth.value_text(p.kind, '', missing),
				asked_name, p.name) end,
			jsonb_build_object('pool', p.name, 'range', asked_name),
			format('berth resource list %s shows those it has', p.name));
	end if;
	return cuts;
end $$;

-- Raises in_use when there are leases in what is taken, naming them, and precondition_failed when a resource that is
-- being drained would be cut.
create or replace function berth.refuse_cuts(p berth.pool, asked_name text, cuts berth.cut[]) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	users uuid[] := array(select l.id from unnest(cuts) with ordinality as c (resource, name, resource_first,
			resource_last, first, last, kept_first, kept_last, n)
		cross join lateral berth.leases_on(c.resource, null, c.first - 1, 10) l
		where l.value <= c.last order by c.n, l.value limit 10);
	total numeric;
	drained text;
begin
	if users <> '{}' then
		select sum(div(least(s.last, c.last) - greatest(s.first, c.first) + 1, s.block)
			- berth.unit_count(s.free * cut, s.block) - berth.kept_among(c.resource, s.excluded * cut, s.block))
		into total from unnest(cuts) c join berth.stripe s
			on s.resource = c.resource and s.first <= c.last and s.last >= c.first
		cross join lateral nummultirange(numrange(c.first, c.last + 1)) cut;
		perform berth.refuse_in_use(case when cardinality(cuts) = 1 and cuts[1].kept_first is null
			then format('resource %s of pool %s has leases', cuts[1].name, p.name)
			else format('range %s of pool %s has leases', asked_name, p.name) end,
			berth.in_use_leases(users), total, 'release them first');
	end if;
	select r.name into drained from unnest(cuts) c join berth.resource r on r.id = c.resource
	where c.kept_first is not null and r.state <> 'active' limit 1;
	if found then
		perform berth.refuse('precondition_failed', format('resource %s of pool %s is being drained, which removes it',
			drained, p.name), jsonb_build_object('pool', p.name, 'range', drained));
	end if;
end $$;

-- Returns the leases that are moved, since they hold values that their resource does not keep.
create or replace function berth.moved_leases(cuts berth.cut[]) returns setof uuid
language sql stable begin atomic
	select l.id from unnest(cuts) c join berth.lease l on l.resource = c.resource
	where l.state <> 'destroyed' and (l.value < c.kept_first or l.value > c.kept_last) order by l.resource, l.value;
end;

-- Locks the stripes of what a resource does not keep. One that was split off meanwhile is found the next time round.
create or replace function berth.lock_cut_stripes(c berth.cut) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	locked bigint;
begin
	loop
		select count(*) into locked from (
			select from berth.stripe where resource = c.resource
				and (c.kept_first is null or first < c.kept_first or last > c.kept_last)
			order by first for update) s;
		exit when locked = (select count(*) from berth.stripe where resource = c.resource
			and (c.kept_first is null or first < c.kept_first or last > c.kept_last));
	end loop;
end $$;

-- Locks what is cut, in the order of a worker: leases, then resources, then stripes; from then on no value is taken or
-- given back there. Raises 40001 if something has changed meanwhile, also for a lease that was made meanwhile and whose
-- lock a worker has.
create or replace function berth.lock_cuts(cuts berth.cut[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	mine bigint;
begin
	perform from berth.moved_leases(cuts) m (id)
	cross join lateral (select from berth.lease l where l.id = m.id for no key update) l;
	perform from (select distinct resource from unnest(cuts) order by resource) c
	cross join lateral (select from berth.resource r where r.id = c.resource for no key update) r;
	perform berth.lock_cut_stripes(c) from (select * from unnest(cuts) order by resource) c;
	select count(*) into mine from berth.moved_leases(cuts) m (id)
	cross join lateral (select from berth.lease l where l.id = m.id for no key update skip locked) l;
	if mine <> (select count(*) from berth.moved_leases(cuts)) or exists (
		select from unnest(cuts) c join berth.resource r on r.id = c.resource
		where r.state = 'destroyed' or r.first <> c.resource_first or r.last <> c.resource_last)
	then
		raise exception using errcode = 'serialization_failure', message = 'the range has changed meanwhile';
	end if;
end $$;

-- Adds a resource for a part of a locked one, with its leases, also those that are history, and returns it.
create or replace function berth.add_part(r berth.resource, asked_state text, asked_first numeric, asked_last numeric)
returns berth.resource language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	part berth.resource;
begin
	insert into berth.resource (pool, space, kind, name, first, last, state, cordoned, generation, created, created_by,
		destroyed)
	select r.pool, r.space, r.kind, berth.range_text(r.kind, asked_first, asked_last), asked_first, asked_last,
		asked_state, r.cordoned, gone.n * r.generation + 1, case gone.n when 1 then r.created else now() end,
		case gone.n when 1 then r.created_by else session_user end, case gone.n when 1 then clock_timestamp() end
	from (select (asked_state = 'destroyed')::int as n) gone
	returning * into part;
	update berth.lease set resource = part.id
	where resource = r.id and value between asked_first and asked_last and state = 'destroyed';
	return part;
end $$;

-- Moves a part of a locked resource to a resource of its own, with its stripes, exclusions, leases, labels and
-- annotations, and returns that one.
create or replace function berth.move_part(r berth.resource, asked_first numeric, asked_last numeric, detail jsonb)
returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	part berth.resource := berth.add_part(r, r.state, asked_first, asked_last);
begin
	update berth.stripe set resource = part.id where resource = r.id and first between asked_first and asked_last;
	update berth.exclusion set resource = part.id where resource = r.id and first between asked_first and asked_last;
	update berth.lease set resource = part.id
	where resource = r.id and value between asked_first and asked_last and state <> 'destroyed';
	insert into berth.label (kind, target, prefix, name, value)
	select kind, part.id, prefix, name, value from berth.label where target = r.id;
	insert into berth.annotation (kind, target, prefix, name, value)
	select kind, part.id, prefix, name, value from berth.annotation where target = r.id;
	perform berth.add_event(session_user, 'create', 'resource', part.id, null, null, jsonb_build_object('pool',
		berth.pool_text(part.pool), 'name', part.name, 'state', part.state, 'cordoned', part.cordoned, 'generation',
		part.generation), detail);
	return part.id;
end $$;

-- Destroys a locked resource without leases.
create or replace function berth.remove_whole(r berth.resource, detail jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	delete from berth.stripe where resource = r.id;
	delete from berth.exclusion where resource = r.id;
	update berth.resource set state = 'destroyed', destroyed = clock_timestamp(), generation = generation + 1
		where id = r.id;
	perform berth.close_commands(session_user, r.id, format('resource %s is removed', r.name));
	perform berth.add_event(session_user, 'remove', 'resource', r.id, null, jsonb_build_object('state', r.state,
		'generation', r.generation),
		jsonb_build_object('state', 'destroyed', 'generation', r.generation + 1), detail);
end $$;

-- Takes a part out of a locked resource, and returns the resources that are left of it, in their order.
create or replace function berth.remove_part(r berth.resource, c berth.cut, detail jsonb) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	edge numeric;
	gone berth.resource;
	kept text := berth.range_text(r.kind, c.kept_first, c.kept_last);
begin
	foreach edge in array array[c.first, c.last + 1] loop
		perform berth.split_at(s, edge) from berth.stripe s
		where s.resource = r.id and s.first < edge and s.last >= edge;
		perform berth.cut_exclusion(r.id, edge);
	end loop;
	delete from berth.stripe where resource = r.id and first between c.first and c.last;
	delete from berth.exclusion where resource = r.id and first between c.first and c.last;
	update berth.resource set name = kept, first = c.kept_first, last = c.kept_last, generation = generation + 1
		where id = r.id;
	perform berth.add_event(session_user, 'remove', 'resource', r.id, null,
		jsonb_build_object('name', r.name, 'state', r.state, 'generation', r.generation),
		jsonb_build_object('name', kept, 'state', r.state, 'generation', r.generation + 1), detail);
	gone := berth.add_part(r, 'destroyed', c.first, c.last);
	perform berth.add_event(session_user, 'remove', 'resource', gone.id, null,
		jsonb_build_object('name', r.name, 'state', r.state, 'generation', r.generation),
		jsonb_build_object('name', gone.name, 'state', 'destroyed', 'generation', gone.generation), detail);
	if c.kept_first > c.last and c.first > r.first then
		return array[berth.move_part(r, r.first, c.first - 1, detail), r.id];
	elsif c.kept_last < c.first and c.last < r.last then
		return array[r.id, berth.move_part(r, c.last + 1, r.last, detail)];
	end if;
	return array[r.id];
end $$;

-- Takes a range without leases out of the resources of a pool, and returns what is left of each. Locks what it cuts.
-- Raises not_found, in_use, precondition_failed, id_conflict, invalid_input for a part of a unit, and 40001.
create or replace function berth.pool_remove(asked_id uuid, asked_pool text, asked_kind text, asked_name text,
	asked_first numeric, asked_last numeric, asked_host text, detail jsonb)
returns setof berth.resource_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	c berth.cut;
	r berth.resource;
	cuts berth.cut[];
	left_over uuid[] := '{}';
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_range(asked_kind, asked_name, asked_host, asked_first, asked_last),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool remove', asked_pool,
		berth.digest(jsonb_build_array(asked_kind, asked_first, asked_last, asked_host)));
	if answer is null then
		p := berth.live_pool(asked_pool);
		if p.kind <> asked_kind then
			perform berth.refuse('not_found', format('pool %s has no live resource %s', asked_pool, asked_name),
				jsonb_build_object('pool', asked_pool, 'range', asked_name),
				format('pool %s is of kind %s', asked_pool, p.kind));
		end if;
		perform berth.refuse_part(p, asked_name, asked_first, asked_last);
		cuts := berth.cuts_of(p, asked_name, asked_first, asked_last, asked_host);
		perform berth.refuse_cuts(p, asked_name, cuts);
		perform berth.lock_cuts(cuts);
		perform berth.refuse_cuts(p, asked_name, cuts);
		foreach c in array cuts loop
			select * into r from berth.resource where id = c.resource;
			if c.kept_first is null then
				perform berth.remove_whole(r, detail);
			else
				left_over := left_over || berth.remove_part(r, c, detail);
			end if;
		end loop;
		select coalesce(jsonb_agg(to_jsonb(v) order by n), '[]') into answer
		from unnest(left_over) with ordinality as o (id, n) join berth.resource_view v using (id);
		perform berth.remember(asked_id, answer, p.id);
		return query select v.* from unnest(left_over) with ordinality as o (id, n)
			join berth.resource_view v using (id) order by n;
		return;
	end if;
	-- An earlier version kept the one resource that it removed.
	return query select v.* from jsonb_array_elements(case jsonb_typeof(answer) when 'array' then answer else '[]' end)
			with ordinality as a (row, n)
		cross join lateral jsonb_populate_record(null::berth.resource_view, a.row || '{"replayed": true}') v order by n;
end $$;
