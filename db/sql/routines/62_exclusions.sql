-- Values that are kept back: excluding them from a pool, and including them again.

drop type if exists berth.portion cascade;

-- A range of one resource, and why it is excluded.
create type berth.portion as (resource uuid, first numeric, last numeric, reason text);

-- Returns which of these whole units of a resource leases hold.
create or replace function berth.held_among(asked_resource uuid, asked_values nummultirange, block numeric)
returns nummultirange language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return (select coalesce(range_agg(numrange(l.value, l.value + block)), '{}') from unnest(asked_values) piece
		join berth.lease l on l.resource = asked_resource and l.value >= lower(piece) and l.value < upper(piece)
		where l.state <> 'destroyed');
end $$;

-- Returns how many of these excluded units of a resource no lease holds.
create or replace function berth.kept_among(asked_resource uuid, excluded nummultirange, block numeric) returns numeric
language sql stable return case when isempty(excluded) then 0
	else berth.unit_count(excluded - berth.held_among(asked_resource, excluded, block), block) end;

-- Returns a range of exclusion as JSON, for events.
create or replace function berth.exclusion_json(r berth.resource, first numeric, last numeric, reason text)
returns jsonb language sql immutable return jsonb_build_object('first', berth.value_text(r.kind, r.host, first),
	'last', berth.value_text(r.kind, r.host, last), 'reason', reason);

-- Returns the portions of a pool's resources that ranges are: [{"name", "first", "last", "host", "reason"}]. A host
-- that ends at the last slot of all stands for the slots that it has; `why` is the reason of those without one. Raises
-- invalid_input for a value that is in no live resource of the pool, and for a part of a unit.
create or replace function berth.portions_of(p berth.pool, ranges jsonb, why text) returns berth.portion[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	asked record;
	portions berth.portion[] := '{}';
	mine berth.portion[];
	missing numeric;
begin
	for asked in select * from jsonb_to_recordset(ranges)
		as r (name text, first numeric, last numeric, host text, reason text)
	loop
		perform berth.refuse_part(p, asked.name, asked.first, asked.last);
		mine := array(
			select (r.id, greatest(r.first, asked.first), least(r.last, asked.last),
				left(coalesce(asked.reason, why, ''), 1000))::berth.portion
			from berth.space s
			cross join lateral berth.resources_with(p.kind, asked.host, asked.first, asked.last, s.name, null) r
			where s.number = p.space and r.pool = p.id order by r.first);
		select lower(gap) into missing from unnest(nummultirange(numrange(asked.first, asked.last + 1))
			- (select coalesce(range_agg(numrange(m.first, m.last + 1)), '{}') from unnest(mine) m)) gap
		where mine = '{}' or p.kind <> 'host' or asked.last <> berth.last_of('host')
		order by 1 limit 1;
		if missing is not null then
			perform berth.refuse('invalid_input', format('value %s%s is in no live resource of pool %s',
				berth.value_text(p.kind, asked.host, missing), case when asked.first <> asked.last
					then ' of range ' || asked.name else '' end, p.name),
				jsonb_build_object('pool', p.name, 'range', asked.name),
				format('berth resource list %s shows those it has', p.name));
		end if;
		portions := portions || mine;
	end loop;
	return portions;
end $$;

-- Locks the resources of portions, so that none is cut or removed, and then the stripes that have values of them: from
-- then on none is taken or given back. A stripe that was split off meanwhile is found the next time round. Raises 40001
-- if a resource was cut or removed meanwhile.
create or replace function berth.lock_portions(portions berth.portion[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	resources uuid[] := array(select distinct resource from unnest(portions) order by resource);
	locked bigint;
begin
	perform from unnest(resources) c (id)
	cross join lateral (select from berth.resource r where r.id = c.id for no key update) r;
	if exists (select from unnest(portions) x join berth.resource r on r.id = x.resource
		where r.state = 'destroyed' or x.first < r.first or x.last > r.last)
	then
		raise exception using errcode = 'serialization_failure', message = 'the range has changed meanwhile';
	end if;
	loop
		select count(*) into locked from (
			select from berth.stripe s where s.resource = any (resources) and exists (select from unnest(portions) x
				where x.resource = s.resource and s.first <= x.last and s.last >= x.first)
			order by s.resource, s.first for update) t;
		exit when locked = (
			select count(*) from berth.stripe s where s.resource = any (resources) and exists (
				select from unnest(portions) x
				where x.resource = s.resource and s.first <= x.last and s.last >= x.first));
	end loop;
end $$;

-- Splits locked stripes that have many pieces of free or excluded values, until each is small.
create or replace function berth.split_portion(x berth.portion) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s berth.stripe;
	middle numeric;
begin
	loop
		select * into s from berth.stripe t where t.resource = x.resource and t.first <= x.last and t.last >= x.first
			and (select count(*) from unnest(t.excluded)) > 64 limit 1;
		exit when not found;
		select lower(piece) into middle from unnest(s.excluded) with ordinality u (piece, n)
		order by n offset (select count(*) / 2 from unnest(s.excluded)) limit 1;
		perform berth.split_at(s, middle);
	end loop;
	perform berth.split_crumbs(array_agg(t.resource), array_agg(t.first)) from berth.stripe t
	where t.resource = x.resource and t.first <= x.last and t.last >= x.first;
end $$;

-- Excludes a locked portion, and returns what of it was not excluded yet: [{"first", "last", "reason"}]. What was keeps
-- its reason.
create or replace function berth.exclude_portion(x berth.portion) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	added nummultirange := nummultirange(numrange(x.first, x.last + 1)) - (
		select coalesce(range_agg(numrange(e.first, e.last + 1)), '{}') from berth.exclusion e
		where e.resource = x.resource and e.first <= x.last and e.last >= x.first);
begin
	if isempty(added) then
		return '[]';
	end if;
	insert into berth.exclusion (pool, resource, first, last, reason)
	select r.pool, r.id, lower(piece), upper(piece) - 1, x.reason
	from berth.resource r, unnest(added) piece where r.id = x.resource;
	update berth.stripe s
	set excluded = s.excluded + t.added, free = s.free - t.taken, room = s.room - t.n, kept = s.kept + t.n,
		open = s.usable and s.room > t.n
	from (
		select p.first, added * p.whole as added, added * p.free as taken,
			berth.unit_count(added * p.free, p.block) as n
		from (select *, nummultirange(numrange(first, last + 1)) as whole from berth.stripe
			where resource = x.resource and first <= x.last and last >= x.first) p) t
	where s.resource = x.resource and s.first = t.first;
	perform berth.split_portion(x);
	return (select jsonb_agg(berth.exclusion_json(r, lower(piece), upper(piece) - 1, x.reason) order by piece)
		from unnest(added) piece join berth.resource r on r.id = x.resource);
end $$;

-- Cuts the exclusion of a resource that reaches over a value in two: the second one begins there.
create or replace function berth.cut_exclusion(asked_resource uuid, edge numeric) returns void
language sql begin atomic
	insert into berth.exclusion (pool, resource, first, last, reason, author, at)
	select pool, resource, edge, last, reason, author, at from berth.exclusion
	where resource = asked_resource and first < edge and last >= edge;
	update berth.exclusion set last = edge - 1 where resource = asked_resource and first < edge and last >= edge;
end;

-- Ends the exclusion of a locked portion, and returns what of it was excluded: [{"first", "last", "reason"}].
create or replace function berth.include_portion(x berth.portion, block numeric) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	gone nummultirange;
	held nummultirange;
	removed jsonb;
begin
	perform berth.cut_exclusion(x.resource, x.first);
	perform berth.cut_exclusion(x.resource, x.last + 1);
	with deleted as (
		delete from berth.exclusion where resource = x.resource and first between x.first and x.last returning *
	)
	select range_agg(numrange(d.first, d.last + 1)),
		jsonb_agg(berth.exclusion_json(r, d.first, d.last, d.reason) order by d.first)
	into gone, removed from deleted d join berth.resource r on r.id = d.resource;
	if gone is null then
		return '[]';
	end if;
	held := berth.held_among(x.resource, gone, block);
	update berth.stripe s
	set excluded = s.excluded - gone, free = s.free + t.given, room = s.room + t.n, kept = s.kept - t.n,
		open = s.usable and s.room + t.n > 0
	from (
		select p.first, p.given, berth.unit_count(p.given, include_portion.block) as n
		from (select first, (gone - held) * nummultirange(numrange(first, last + 1)) as given from berth.stripe
			where resource = x.resource and first <= x.last and last >= x.first) p) t
	where s.resource = x.resource and s.first = t.first;
	perform berth.split_portion(x);
	return removed;
end $$;

-- Excludes ranges from a pool, or includes them, with one event for what changes. Locks their resources and stripes.
-- Raises invalid_input for a value that the pool has not and for a part of a unit, and 40001.
create or replace function berth.change_exclusions(p berth.pool, excludes bool, ranges jsonb, detail jsonb)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	portions berth.portion[] := berth.portions_of(p, ranges, detail->>'reason');
	x berth.portion;
	changed jsonb := '[]';
begin
	perform berth.lock_portions(portions);
	foreach x in array portions loop
		changed := changed || case when excludes then berth.exclude_portion(x)
			else berth.include_portion(x, p.block) end;
	end loop;
	if changed <> '[]' then
		perform berth.add_event(session_user, case when excludes then 'exclude' else 'include' end, 'pool', p.id, null,
			jsonb_build_object('exclusions', case when excludes then '[]' else changed end),
			jsonb_build_object('exclusions', case when excludes then changed else '[]' end), detail);
	end if;
	-- Someone may have begun to wait since the pool was read.
	if not excludes then
		perform berth.wake();
	end if;
end $$;

-- Returns ranges without the reasons for their exclusion, which make no other request of one.
create or replace function berth.without_reasons(ranges jsonb) returns jsonb
language sql immutable parallel safe return (
	select coalesce(jsonb_agg(r - 'reason' order by n), '[]')
	from jsonb_array_elements(ranges) with ordinality e (r, n));

-- Returns the exclusions of a request that adds ranges, as a part of its content: none are no part of it.
create or replace function berth.exclude_content(exclude jsonb) returns jsonb
language sql immutable parallel safe return
	case when exclude = '[]' then '[]' else jsonb_build_array(berth.without_reasons(exclude)) end;

-- Answers a request that excludes or includes ranges: returns the pool. Raises not_found, id_conflict, invalid_input,
-- and 40001 for a range that was cut meanwhile.
create or replace function berth.answer_exclusion(asked_id uuid, asked_pool text, asked_kind text, excludes bool,
	ranges jsonb, detail jsonb)
returns setof berth.pool_view language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	v berth.pool_view;
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_portions(asked_kind, ranges),
		berth.check_that('ranges', ranges <> '[]', 'one is needed'),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, case when excludes then 'pool exclude' else 'pool include' end, asked_pool,
		berth.digest(berth.without_reasons(ranges)));
	if answer is null then
		p := berth.live_pool(asked_pool);
		perform berth.refuse_kind(p, asked_kind, ranges);
		perform berth.change_exclusions(p, excludes, ranges, detail);
		select * into v from berth.pool_view where id = p.id;
		perform berth.remember(asked_id, to_jsonb(v), p.id);
	else
		v := berth.replayed_pool(answer);
	end if;
	return next v;
end $$;

-- Keeps ranges of a pool back: no value of them is given any more. Raises not_found, invalid_input, id_conflict, and
-- 40001.
create or replace function berth.pool_exclude(asked_id uuid, asked_pool text, asked_kind text, ranges jsonb,
	detail jsonb)
returns setof berth.pool_view language sql security definer set search_path = pg_catalog, pg_temp begin atomic
	select * from berth.answer_exclusion(asked_id, asked_pool, asked_kind, true, ranges, detail);
end;

-- Lets values of ranges be given again.
create or replace function berth.pool_include(asked_id uuid, asked_pool text, asked_kind text, ranges jsonb,
	detail jsonb)
returns setof berth.pool_view language sql security definer set search_path = pg_catalog, pg_temp begin atomic
	select * from berth.answer_exclusion(asked_id, asked_pool, asked_kind, false, ranges, detail);
end;

-- Returns the error of a value that is excluded, {"code", "message", "detail"}: since when, by whom and why; or null.
create or replace function berth.excluded_error(asked_resource uuid, asked_value numeric, asked_text text,
	asked_pool text)
returns jsonb language sql stable begin atomic
	select jsonb_build_object('code', 'conflict', 'message', format('value %s of pool %s is excluded since %s%s',
			asked_text, asked_pool, berth.time_text(e.at),
			case when e.reason <> '' then ': ' || berth.quoted(e.reason) else '' end),
		'detail', jsonb_build_object('reason', e.reason, 'by', e.author, 'since', berth.time_exact(e.at)))
	from (select * from berth.exclusion where resource = asked_resource and first <= asked_value
		order by first desc limit 1) e
	where e.last >= asked_value;
end;

-- Raises conflict for a value that is excluded.
create or replace function berth.refuse_excluded(asked_resource uuid, asked_value numeric, asked_text text,
	asked_pool text)
returns void language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	error jsonb := berth.excluded_error(asked_resource, asked_value, asked_text, asked_pool);
begin
	if error is not null then
		perform berth.refuse(error->>'code', error->>'message', error->'detail',
			format('berth pool include %s %s lets it be given', asked_pool, asked_text));
	end if;
end $$;
