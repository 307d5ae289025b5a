-- Excluded values: excluding them from a pool, and including them again.

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

-- Raises invalid_input for the first of these ranges with a value that is in no live resource of the pool, which are
-- those of the portions.
create or replace function berth.refuse_missing(p berth.pool, ranges jsonb, portions berth.portion[]) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	wrong record;
begin
	with found as materialized (
		select lower(r.host) as host, range_agg(numrange(x.first, x.last + 1)) as met
		from unnest(portions) x join berth.resource r on r.id = x.resource group by lower(r.host)
	)
	select a.name, a.first, a.last, a.host, (
		select lower(gap) from unnest(nummultirange(numrange(a.first, a.last + 1)) - coalesce(f.met, '{}')) gap
		order by gap limit 1) as missing
	into wrong
	from jsonb_array_elements(ranges) with ordinality e (one, n)
	cross join lateral jsonb_to_record(e.one) as a (name text, first numeric, last numeric, host text)
	left join found f on f.host = lower(a.host)
	where (numrange(a.first, a.last + 1) <@ f.met) is not true
		and (f.met is null or p.kind <> 'host' or a.last <> berth.last_of('host'))
	order by e.n limit 1;
	if found then
		perform berth.refuse('invalid_input', format('value %s%s is in no live resource of pool %s',
			berth.value_text(p.kind, wrong.host, wrong.missing), case when wrong.first <> wrong.last
				then ' of range ' || wrong.name else '' end, p.name),
			jsonb_build_object('pool', p.name, 'range', wrong.name),
			format('berth resource list %s shows those it has', p.name));
	end if;
end $$;

-- Returns the portions of a pool's resources that ranges are: [{"name", "first", "last", "host", "reason"}]. A host
-- that ends at the last slot of all stands for the slots that it has; `why` is the reason of those without one. Raises
-- invalid_input for a value that is in no live resource of the pool, and for a part of a unit.
create or replace function berth.portions_of(p berth.pool, ranges jsonb, why text) returns berth.portion[]
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
	portions berth.portion[];
begin
	perform berth.refuse_part(p, a.name, a.first, a.last)
	from jsonb_to_recordset(ranges) as a (name text, first numeric, last numeric);
	portions := array(
		select (r.id, greatest(r.first, a.first), least(r.last, a.last),
			left(coalesce(a.reason, why, ''), 1000))::berth.portion
		from jsonb_array_elements(ranges) with ordinality e (one, n)
		cross join lateral jsonb_to_record(e.one) as a (first numeric, last numeric, host text, reason text)
		cross join lateral (
			select id, pool, first, last from berth.resource
			where p.kind <> 'host' and kind <> 'host' and state <> 'destroyed'
				and berth.span(space, kind, first, last) && berth.span(p.space, p.kind, a.first, a.last)
			union all
			select id, pool, first, last from berth.resource
			where p.kind = 'host' and space = p.space and lower(host) = lower(a.host) and host <> ''
				and state <> 'destroyed' and first <= a.last and last >= a.first) r
		where r.pool = p.id
		order by e.n, r.first);
	perform berth.refuse_missing(p, ranges, portions);
	return portions;
end $$;

-- Returns the values of portions as a set for each resource, so that many are handled at once.
create or replace function berth.portion_sets(portions berth.portion[])
returns table (resource uuid, asked nummultirange) language sql immutable begin atomic
	select x.resource, range_agg(numrange(x.first, x.last + 1)) from unnest(portions) x group by x.resource;
end;

-- Locks the resources of portions, so that none is cut or removed, and then the stripes that have values of them: from
-- then on none is taken or given back. A stripe that was split off meanwhile is found the next time round. Raises 40001
-- if a resource was cut or removed meanwhile.
create or replace function berth.lock_portions(portions berth.portion[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	locked bigint;
begin
	perform from (select distinct resource as id from unnest(portions) order by 1) c
	cross join lateral (select from berth.resource r where r.id = c.id for no key update) r;
	if exists (select from berth.portion_sets(portions) x join berth.resource r on r.id = x.resource
		where r.state = 'destroyed' or lower(x.asked) < r.first or upper(x.asked) > r.last + 1)
	then
		raise exception using errcode = 'serialization_failure', message = 'the range has changed meanwhile';
	end if;
	loop
		select count(*) into locked from (
			select from berth.portion_sets(portions) x
			join berth.stripe s on s.resource = x.resource and numrange(s.first, s.last + 1) && x.asked
			order by s.resource, s.first for update of s) t;
		exit when locked = (select count(*) from berth.portion_sets(portions) x
			join berth.stripe s on s.resource = x.resource and numrange(s.first, s.last + 1) && x.asked);
	end loop;
end $$;

-- Splits locked stripes of a resource between two values that have many pieces of free or excluded values, until each
-- is small.
create or replace function berth.split_excluded(asked_resource uuid, low numeric, high numeric) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s berth.stripe;
	middle numeric;
begin
	loop
		select * into s from berth.stripe t where t.resource = asked_resource and t.first <= high and t.last >= low
			and (select count(*) from unnest(t.excluded)) > 64 limit 1;
		exit when not found;
		select lower(piece) into middle from unnest(s.excluded) with ordinality u (piece, n)
		order by n offset (select count(*) / 2 from unnest(s.excluded)) limit 1;
		perform berth.split_at(s, middle);
	end loop;
	perform berth.split_crumbs(array_agg(t.resource), array_agg(t.first)) from berth.stripe t
	where t.resource = asked_resource and t.first <= high and t.last >= low;
end $$;

-- Takes sets of values out of what locked stripes give, or puts them back: of these only those that are not held.
create or replace function berth.write_excluded(excludes bool, portions berth.portion[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if excludes then
		update berth.stripe s
		set excluded = s.excluded + t.met, free = s.free - t.met, room = s.room - t.n, kept = s.kept + t.n,
			open = s.usable and s.room > t.n
		from (
			select p.resource, p.first, m.met, berth.unit_count(m.met * p.free, p.block) as n
			from berth.portion_sets(portions) x join berth.stripe p using (resource)
			cross join lateral (select x.asked * nummultirange(numrange(p.first, p.last + 1)) as met) m
			where numrange(p.first, p.last + 1) && x.asked) t
		where s.resource = t.resource and s.first = t.first;
	else
		update berth.stripe s
		set excluded = s.excluded - t.met, free = s.free + t.given, room = s.room + t.n, kept = s.kept - t.n,
			open = s.usable and s.room + t.n > 0
		from (
			select p.resource, p.first, m.met, m.met - x.held as given, berth.unit_count(m.met - x.held, p.block) as n
			from (select s.resource, s.asked, berth.held_among(s.resource, s.asked,
					(select t.block from berth.stripe t where t.resource = s.resource limit 1)) as held
				from berth.portion_sets(portions) s offset 0) x
			join berth.stripe p using (resource)
			cross join lateral (select x.asked * nummultirange(numrange(p.first, p.last + 1)) as met) m
			where numrange(p.first, p.last + 1) && x.asked) t
		where s.resource = t.resource and s.first = t.first;
	end if;
	perform berth.split_excluded(resource, lower(asked), upper(asked) - 1) from berth.portion_sets(portions);
end $$;

-- Excludes locked portions for one reason, and returns what of them was not excluded yet. What was keeps its reason.
create or replace function berth.exclude_portions(portions berth.portion[], why text) returns berth.portion[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	added berth.portion[];
begin
	select array_agg((x.resource, lower(piece), upper(piece) - 1, why)::berth.portion) into added
	from berth.portion_sets(portions) x
	cross join lateral (
		select coalesce(range_agg(numrange(e.first, e.last + 1)), '{}') as had from berth.exclusion e
		where e.resource = x.resource and e.first < upper(x.asked) and e.last >= lower(x.asked)) e
	cross join lateral unnest(x.asked - e.had) piece;
	insert into berth.exclusion (pool, resource, first, last, reason)
	select r.pool, r.id, a.first, a.last, why from unnest(added) a join berth.resource r on r.id = a.resource;
	perform berth.write_excluded(true, added);
	return coalesce(added, '{}');
end $$;

-- Cuts the exclusion of a resource that reaches over a value in two: the second one begins there.
create or replace function berth.cut_exclusion(asked_resource uuid, edge numeric) returns void
language sql begin atomic
	insert into berth.exclusion (pool, resource, first, last, reason, author, at)
	select pool, resource, edge, last, reason, author, at from berth.exclusion
	where resource = asked_resource and first < edge and last >= edge;
	update berth.exclusion set last = edge - 1 where resource = asked_resource and first < edge and last >= edge;
end;

-- Ends the exclusion of locked portions, and returns what of them was excluded. What is left of an exclusion keeps its
-- reason, author and time.
create or replace function berth.include_portions(portions berth.portion[]) returns berth.portion[]
language plpgsql set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare
	gone berth.portion[];
	ended berth.exclusion[];
	remaining berth.exclusion[];
begin
	with met as materialized (
		-- The exclusion that begins before the piece is the last one that does, since they do not overlap.
		select e.*, piece from berth.portion_sets(portions) x
		cross join lateral unnest(x.asked) piece
		cross join lateral (
			select * from berth.exclusion e
			where e.resource = x.resource and e.first < upper(piece) and e.last >= lower(piece)
				and e.first >= coalesce((select max(b.first) from berth.exclusion b
					where b.resource = x.resource and b.first <= lower(piece)), lower(piece))) e
	), whole as (
		select pool, resource, first, last, reason, author, at, range_agg(piece) as asked from met
		group by pool, resource, first, last, reason, author, at
	)
	select array(select (resource, greatest(first, lower(piece)), least(last, upper(piece) - 1), reason)::berth.portion
			from met),
		array(select (pool, resource, first, last, reason, author, at)::berth.exclusion from whole),
		array(select (pool, resource, lower(rest), upper(rest) - 1, reason, author, at)::berth.exclusion
			from whole, unnest(nummultirange(numrange(first, last + 1)) - asked) rest)
	into gone, ended, remaining;
	delete from berth.exclusion e using unnest(ended) m where e.resource = m.resource and e.first = m.first;
	insert into berth.exclusion (pool, resource, first, last, reason, author, at)
	select pool, resource, first, last, reason, author, at from unnest(remaining);
	perform berth.write_excluded(false, gone);
	return gone;
end $$;

-- Returns portions as events name them: [{"first", "last", "reason"}].
create or replace function berth.portions_json(portions berth.portion[]) returns jsonb
language sql stable return (
	select coalesce(jsonb_agg(berth.exclusion_json(r, x.first, x.last, x.reason) order by r.host, x.first), '[]')
	from unnest(portions) x join berth.resource r on r.id = x.resource);

-- Excludes portions of a pool, or includes them, with one event for what changes. Of portions that overlap, the reason
-- that was given first counts. Locks their resources and stripes. Raises 40001.
create or replace function berth.change_portions(p berth.pool, excludes bool, portions berth.portion[], detail jsonb)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	why text;
	changed berth.portion[] := '{}';
	told jsonb;
begin
	perform berth.lock_portions(portions);
	if excludes then
		for why in select x.reason from unnest(portions) with ordinality x (resource, first, last, reason, n)
			group by x.reason order by min(x.n)
		loop
			changed := changed || berth.exclude_portions(
				array(select x from unnest(portions) x where x.reason = why), why);
		end loop;
	else
		changed := berth.include_portions(portions);
	end if;
	told := berth.portions_json(changed);
	if told <> '[]' then
		perform berth.add_event(session_user, case when excludes then 'exclude' else 'include' end, 'pool', p.id, null,
			jsonb_build_object('exclusions', case when excludes then '[]' else told end),
			jsonb_build_object('exclusions', case when excludes then told else '[]' end), detail);
	end if;
	-- Someone may have begun to wait since the pool was read.
	if not excludes then
		perform berth.wake();
	end if;
end $$;

-- Excludes ranges from a pool, or includes them, see berth.change_portions(). Raises invalid_input for a value that the
-- pool has not, and for a part of a unit.
create or replace function berth.change_exclusions(p berth.pool, excludes bool, ranges jsonb, detail jsonb)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.change_portions(p, excludes, berth.portions_of(p, ranges, detail->>'reason'), detail);
end $$;

-- Excludes ranges of the resources that a request for `asked` ones has `made`: those that were there are left as they
-- are. Raises invalid_input for a value that is in none of those asked for.
create or replace function berth.exclude_added(p berth.pool, asked uuid[], made uuid[], ranges jsonb, detail jsonb)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	portions berth.portion[] := berth.portions_of(p, ranges, detail->>'reason');
	other text;
begin
	select berth.value_text(r.kind, r.host, x.first) into other
	from unnest(portions) x join berth.resource r on r.id = x.resource where r.id <> all (asked) limit 1;
	if found then
		perform berth.refuse('invalid_input', format('value %s is in none of the ranges that are added to pool %s',
				other, p.name), jsonb_build_object('pool', p.name, 'value', other),
			format('berth pool exclude %s %s excludes it', p.name, other));
	end if;
	perform berth.change_portions(p, true, array(select x from unnest(portions) x where x.resource = any (made)),
		detail);
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
	end if;
	return next berth.answer_pool(asked_id, answer, p.id);
end $$;

-- Excludes ranges of a pool: no value of them is given any more. Raises not_found, invalid_input, id_conflict, and
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
