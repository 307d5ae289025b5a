-- Stripes: the parts of a resource that allocators lock, each with its set of free values.

-- Takes a set of `n` units from a locked stripe, and returns the time of that change.
create or replace function berth.take_from_stripe(s berth.stripe, taken nummultirange, n numeric) returns timestamptz
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	at timestamptz := berth.time_of_change(s.changed);
begin
	update berth.stripe
	set free = free - taken, room = room - n, open = usable and room > n, changed = at
	where resource = s.resource and first = s.first;
	return at;
end $$;

-- Returns what a stripe becomes by `n` units that leases give back: they are free, but those that are excluded.
create or replace function berth.given_back(s berth.stripe, given nummultirange, n numeric, out free nummultirange,
	out room numeric, out kept numeric, out open bool)
returns setof record language sql immutable begin atomic
	select s.free + (given - s.excluded), s.room + n - x.stay, s.kept + x.stay, s.usable and s.room + n > x.stay
	from (select berth.excluded_count(given, s.excluded, s.block) as stay) x;
end;

-- Cuts a locked stripe in two at a value: the part from there on becomes a new row.
create or replace function berth.split_at(s berth.stripe, middle numeric) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	upper_free nummultirange := s.free * nummultirange(numrange(middle, s.last + 1));
	upper_count numeric := berth.unit_count(upper_free, s.block);
	upper_resting bigint := 0;
	upper_excluded nummultirange := s.excluded * nummultirange(numrange(middle, s.last + 1));
	upper_kept numeric := berth.kept_among(s.resource, upper_excluded, s.block);
begin
	if s.resting > 0 then
		select count(*) into upper_resting from berth.lease
		where resource = s.resource and value between middle and s.last and rest_until is not null
			and state = 'released';
	end if;
	update berth.stripe
	set last = middle - 1, free = s.free - upper_free, room = s.room - upper_count, resting = s.resting - upper_resting,
		excluded = s.excluded - upper_excluded, kept = s.kept - upper_kept, open = usable and s.room > upper_count
	where resource = s.resource and first = s.first;
	insert into berth.stripe (pool, resource, host, first, last, free, room, resting, excluded, kept, usable, open,
		changed, block)
	values (s.pool, s.resource, s.host, middle, s.last, upper_free, upper_count, upper_resting, upper_excluded,
		upper_kept, s.usable, s.usable and upper_count > 0, s.changed, s.block);
end $$;

-- Cuts a stripe in two, so that two can allocate at once, or so that its set of free values stays small. The upper half
-- becomes a new row. The caller holds the stripe's lock. Does nothing to a stripe with less than two free units.
create or replace function berth.split(asked_resource uuid, asked_first numeric) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s berth.stripe;
	middle numeric;
begin
	select * into s from berth.stripe where resource = asked_resource and first = asked_first;
	if s.room < 2 then
		return;
	end if;
	if s.free = nummultirange(range_merge(s.free)) then
		middle := berth.unit_first(div(lower(s.free) + upper(s.free), 2), s.block);
	else
		-- Many pieces: half of them stay.
		select lower(piece) into middle from unnest(s.free) with ordinality as u (piece, n)
		order by n offset (select count(*) / 2 from unnest(s.free)) limit 1;
	end if;
	perform berth.split_at(s, middle);
end $$;

-- Splits stripes whose free values have fallen into many pieces, until each is small.
create or replace function berth.split_crumbs(resources uuid[], firsts numeric[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s record;
begin
	for s in
		select t.resource, t.first from unnest(resources, firsts) u (resource, first)
		join berth.stripe t on t.resource = u.resource and t.first = u.first
		where (select count(*) from unnest(t.free)) > 64
	loop
		perform berth.split(s.resource, s.first);
		perform berth.split_crumbs(array[s.resource, s.resource], array[s.first,
			(select min(first) from berth.stripe where resource = s.resource and first > s.first)]);
	end loop;
end $$;

-- Returns the lowest `wanted` values of a set, or all of it when it has fewer.
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

-- Waits until another transaction unlocks a stripe of this pool, splits that stripe, since there were not enough for
-- all who came at once, and returns true. Returns false if the pool has no free value. Those who wait together are
-- spread over the stripes, more of them to the larger ones, so that they do not all queue for one and cut it to crumbs.
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

-- Locks the stripes that have the values of these leases, in one order. While this waits, a stripe may be split, so
-- that it no longer reaches to the value by which it was found, or be moved to another resource, so that it is no
-- longer found at all: then they are looked up again.
create or replace function berth.lock_stripes(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	whole bool;
begin
	loop
		with located as (
			select s.resource, s.first, max(l.value) as top
			from unnest(leases) held (id) join berth.lease l on l.id = held.id
			cross join lateral (select resource, first from berth.stripe where resource = l.resource
				and first <= l.value
				order by first desc limit 1) s
			where l.value is not null
			group by s.resource, s.first order by s.resource, s.first
		)
		select coalesce(bool_and(coalesce(s.last >= located.top, false)), true) into whole from located
		left join lateral (select last from berth.stripe t where t.resource = located.resource
			and t.first = located.first for update) s on true;
		exit when whole;
	end loop;
end $$;

-- Locks all stripes of a resource: waits for all who are just taking or giving back a value of it, and nobody begins to
-- while the locks are held. A stripe that was split off meanwhile is found the next time round.
create or replace function berth.lock_resource_stripes(asked_resource uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	locked bigint;
begin
	loop
		select count(*) into locked from (
			select from berth.stripe where resource = asked_resource order by first for update) s;
		exit when locked = (select count(*) from berth.stripe where resource = asked_resource);
	end loop;
end $$;

-- Sets whether values of a resource can be taken. Waits for all who are just taking or giving back a value, also where
-- nothing has to be set.
create or replace function berth.set_usable(asked_resource uuid, wanted bool) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.lock_resource_stripes(asked_resource);
	update berth.stripe set usable = wanted, open = wanted and room > 0
	where resource = asked_resource and usable <> wanted;
end $$;
