-- Ranges of pools: adding them, finding them, and refusing those that overlap.

-- Adds ranges to a pool, [{"name", "first", "last", "host"}], and returns the ids of their resources in that order. A
-- range that is exactly there is left as it is. Raises overlap for the first range that overlaps a live resource of its
-- space and kind, in the order given, and names that one; and invalid_input for one that is not made of whole units.
create or replace function berth.add_ranges(p berth.pool, ranges jsonb, detail jsonb) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	ids uuid[];
	asked record;
	made uuid;
begin
	for asked in select * from jsonb_to_recordset(ranges) as r (name text, first numeric, last numeric, host text) loop
		perform berth.refuse_part(p, asked.name, asked.first, asked.last);
		made := berth.add_range(p, asked.name, asked.first, asked.last, asked.host, detail);
		if made is null then
			perform berth.refuse_overlap(p.id, p.space, p.kind, asked.name, asked.first, asked.last, asked.host);
		end if;
		ids := ids || made;
	end loop;
	if p.waiting > 0 then
		perform berth.wake();
	end if;
	return coalesce(ids, '{}');
end $$;

-- Returns true if a host of that name is one of several that differ in case, from a time when that was allowed. The
-- index does not keep others away from it.
create or replace function berth.has_twin(asked_space int, asked_host text) returns bool
language sql stable return exists (
	select from berth.resource where space = asked_space and lower(host) = lower(asked_host) and twin <> ''
		and state <> 'destroyed' and host <> '');

-- Adds one range, and returns its id, also when it was there already; null when another one is in its way.
create or replace function berth.add_range(p berth.pool, asked_name text, asked_first numeric, asked_last numeric,
	asked_host text, detail jsonb)
returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	made uuid;
begin
	insert into berth.resource (pool, space, kind, name, host, first, last)
	select p.id, p.space, p.kind, asked_name, asked_host, asked_first, asked_last
	where asked_host = '' or not berth.has_twin(p.space, asked_host)
	on conflict do nothing
	returning id into made;
	if found then
		insert into berth.stripe (pool, resource, host, first, last, free, room, open, block)
		values (p.id, made, asked_host, asked_first, asked_last, nummultirange(numrange(asked_first, asked_last + 1)),
			div(asked_last - asked_first + 1, p.block), true, p.block);
		perform berth.add_event(session_user, 'create', 'resource', made, null, null,
			jsonb_build_object('pool', p.name, 'name', asked_name, 'state', 'active', 'generation', 1), detail);
		return made;
	end if;
	return berth.resource_of(p, p.kind, asked_first, asked_last, asked_host);
end $$;

-- Returns the live resource that overlaps a range, the lowest if there are several. An import asks this for each row
-- that it refuses, and has nested loops off; and where statistics know of no resource, all of them would be read for
-- each row.
create or replace function berth.culprit(asked_space int, asked_kind text, asked_first numeric, asked_last numeric,
	asked_host text)
returns berth.resource language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_nestloop = on set enable_seqscan = off as $$
declare
	r berth.resource;
begin
	if asked_kind = 'host' then
		select * into r from berth.resource
		where space = asked_space and lower(host) = lower(asked_host) and host <> '' and state <> 'destroyed'
		order by host <> asked_host, twin limit 1;
	else
		select * into r from berth.resource
		where berth.span(space, kind, first, last) && berth.span(asked_space, asked_kind, asked_first, asked_last)
			and state <> 'destroyed' and kind <> 'host'
		order by first limit 1;
	end if;
	return r;
end $$;

-- Returns the live resource of a pool that is exactly this range, or null.
create or replace function berth.resource_of(p berth.pool, asked_kind text, asked_first numeric, asked_last numeric,
	asked_host text)
returns uuid language sql stable return (
	select c.id from berth.culprit(p.space, asked_kind, asked_first, asked_last, asked_host) c
	where c.pool = p.id and c.first = asked_first and c.last = asked_last);

-- Returns the resource that a place in a pool names, or null: the live one that is this range or has this value; of a
-- host whatever slots it has, when none is given. Else the last destroyed one that was this range.
create or replace function berth.resource_at(asked_pool text, asked_kind text, asked_host text, asked_first numeric,
	asked_last numeric)
returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	c berth.resource;
begin
	perform berth.accept(coalesce(
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_range(asked_kind, 'asked-for', asked_host,
			case when asked_kind = 'host' and asked_last is null then coalesce(asked_first, 1) else asked_first end,
			case when asked_kind = 'host' and asked_first is null then coalesce(asked_last, 1) else asked_last end)));
	select * into p from berth.pool where name = asked_pool and destroyed is null;
	c := berth.culprit(p.space, asked_kind, asked_first, asked_last, asked_host);
	if c.pool = p.id and coalesce(asked_kind = 'host' and asked_last <= c.last or c.first = asked_first
		and c.last = asked_last
		or asked_last = asked_first + p.block - 1 and asked_first between c.first and c.last
		or asked_first = asked_last and asked_first between c.first and c.last, true)
	then
		return c.id;
	end if;
	return (select id from berth.resource
		where pool = p.id and state = 'destroyed' and kind = asked_kind and lower(host) = lower(asked_host)
			and (asked_first is null or (first = asked_first and last = asked_last))
		order by destroyed desc limit 1);
end $$;

-- Returns true if a resource is live and has a value.
create or replace function berth.has_value(asked_resource uuid, asked_value numeric) returns bool
language sql stable return exists (select from berth.resource
	where id = asked_resource and asked_value between first and last and state <> 'destroyed');

-- Raises 40001 if a value of a resource is in another live one of its pool by now, since the resource was cut.
create or replace function berth.retry_moved(asked_resource uuid, asked_value numeric) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if exists (select from berth.resource r join berth.pool p on p.id = r.pool
		cross join lateral berth.culprit(r.space, r.kind, asked_value, asked_value, r.host) now
		where r.id = asked_resource and now.pool = p.id)
	then
		raise exception using errcode = 'serialization_failure', message = 'the range was cut meanwhile';
	end if;
end $$;

-- Returns the detail of an overlap error.
create or replace function berth.overlap_detail(c berth.resource) returns jsonb
language sql stable return jsonb_build_object('pool', berth.pool_text(c.pool), 'resource', c.id, 'range', c.name,
	'first', berth.value_text(c.kind, c.host, c.first), 'last', berth.value_text(c.kind, c.host, c.last));

-- Returns how two ranges of different pools can exist side by side: ranges in spaces of their own are not compared.
create or replace function berth.overlap_hint(asked_pool uuid, c berth.resource) returns text
language sql stable return case when c.pool is distinct from asked_pool then
	format('values that mean something else belong in a space of their own: berth pool create NAME --kind %s --space '
		'SPACE',
		c.kind) end;

-- Raises overlap, naming the resource in the way, or 40001 if that is gone meanwhile.
create or replace function berth.refuse_overlap(asked_pool uuid, asked_space int, asked_kind text, asked_name text,
	asked_first numeric, asked_last numeric, asked_host text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.resource := berth.culprit(asked_space, asked_kind, asked_first, asked_last, asked_host);
begin
	if c.id is null then
		raise exception using errcode = 'serialization_failure', message = 'the range in the way is gone';
	end if;
	perform berth.refuse('overlap', format('range %s overlaps %s of pool %s', asked_name, c.name,
		berth.pool_text(c.pool)),
		berth.overlap_detail(c), berth.overlap_hint(asked_pool, c));
end $$;
