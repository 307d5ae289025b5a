-- Looks values up: in which pools they are, and what becomes of each now.

drop type if exists berth.stretch cascade;

-- Neighbouring values of one resource in one state. A lease is a stretch by itself.
create type berth.stretch as (
	pool text, space text, resource uuid, kind text, host text, first numeric, last numeric, state text, lease uuid,
	holder text, until timestamptz, reason text);

-- Returns the live resources that have values of a range, in one space or in all, in the order of their values; of a
-- host whatever slots it has.
create or replace function berth.resources_with(asked_kind text, asked_host text, asked_first numeric,
	asked_last numeric, asked_space text, most bigint)
returns setof berth.resource language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off as $$
begin
	return query select r.* from berth.space s
	cross join lateral (
		select * from berth.resource where asked_kind <> 'host' and kind <> 'host' and state <> 'destroyed'
			and berth.span(space, kind, first, last) && berth.span(s.number, asked_kind, asked_first, asked_last)
		union all
		select * from berth.resource where asked_kind = 'host' and space = s.number and lower(host) = lower(asked_host)
			and host <> '' and state <> 'destroyed' and first <= asked_last and last >= asked_first
	) r
	where asked_space is null or s.name = asked_space
	order by r.host, greatest(r.first, asked_first), s.name limit most;
end $$;

-- Returns why no value of a resource can be taken.
create or replace function berth.why_closed(r berth.resource) returns text language sql stable return case
	when r.state <> 'active' then 'the resource is being drained'
	else (select nullif(c.reason, '') from berth.command c
		where c.lane = r.id and c.action = 'cordon' and c.outcome = 'applied' order by c.seq desc limit 1) end;

-- Returns the stretches of a resource between two values, the first ones, in whole units. Excluded values that a lease
-- holds are a stretch of the lease. Leases beyond the first `most` are not looked at: whatever is there is beyond the
-- limit.
create or replace function berth.stretches(r berth.resource, low numeric, high numeric, block numeric, most bigint)
returns setof berth.stretch language sql stable begin atomic
	with held as materialized (
		select * from berth.leases_on(r.id, null, low - 1, most) l where l.value <= high
	), excluded as materialized (
		select e.reason, numrange(greatest(e.first, low), least(e.last, high) + 1) as values
		from berth.exclusion e where e.resource = r.id and e.first <= high and e.last >= low
	)
	select p.name, s.name, r.id, r.kind, r.host, t.first, t.last, t.state, t.lease, t.holder, t.until,
		case t.state when 'cordoned' then berth.why_closed(r) else t.reason end
	from berth.pool p join berth.space s on s.number = p.space
	cross join lateral (
		select l.value as first, l.value + stretches.block - 1 as last,
			case when l.state = 'released' and l.rest_until is not null then 'resting' else 'leased' end as state,
			l.id as lease, l.holder,
			coalesce(l.rest_until, l.until) as until,
			(select nullif(e.reason, '') from excluded e where e.values @> l.value) as reason
		from held l
		union all
		(select lower(piece), upper(piece) - 1, case when r.state = 'active' and not r.cordoned then 'free'
			else 'cordoned' end, null, null, null, null
		from (select range_agg(piece) as free from berth.stripe t,
				unnest(t.free * nummultirange(numrange(low, high + 1))) piece
			where t.resource = r.id and t.first <= high and t.last >= low) f, unnest(f.free) piece
		order by 1 limit most)
		union all
		(select lower(piece), upper(piece) - 1, 'excluded', null, null, null, nullif(e.reason, '')
		from excluded e, unnest(nummultirange(e.values)
			- (select coalesce(range_agg(numrange(value, value + stretches.block)), '{}') from held)) piece
		order by 1 limit most)
		order by 1 limit most
	) t
	where p.id = r.pool order by t.first;
end;

-- Returns each stretch of the values of a range, up to `most`.
create or replace function berth.find_values(asked_kind text, asked_host text, asked_first numeric, asked_last numeric,
	asked_space text, most bigint)
returns setof berth.stretch language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	r record;
	found_rows bigint;
	wanted bigint := most;
begin
	perform berth.accept(coalesce(
		berth.check_kind(asked_kind),
		berth.check_value(asked_kind, asked_host, asked_first),
		berth.check_value(asked_kind, asked_host, asked_last),
		berth.check_that('range', asked_first <= asked_last, 'it ends before it begins'),
		case when asked_space is not null then berth.check_name('space', asked_space) end,
		berth.check_count('limit', most, 1, 1000000000)));
	for r in select w as whole, w.first, w.last, p.block
		from berth.resources_with(asked_kind, asked_host, asked_first, asked_last, asked_space, most) w
		join berth.pool p on p.id = w.pool
	loop
		return query select * from berth.stretches(r.whole, berth.unit_first(greatest(r.first, asked_first), r.block),
			berth.unit_first(least(r.last, asked_last), r.block) + r.block - 1, r.block, wanted);
		get diagnostics found_rows = row_count;
		wanted := wanted - found_rows;
		exit when wanted <= 0;
	end loop;
end $$;
