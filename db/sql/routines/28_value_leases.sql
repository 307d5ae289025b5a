-- The leases of a value, live and past.

-- Returns the resources that have a value, or had it until they were removed. A value may be one of several spaces,
-- each of which has a stretch of the line of berth.span().
create or replace function berth.value_resources(asked_kind text, asked_value numeric, asked_host text)
returns setof uuid language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	if asked_kind = 'host' then
		return query select r.id from (select number from berth.space offset 0) s
		join berth.resource r on r.space = s.number and lower(r.host) = lower(asked_host) and r.host <> ''
			and r.state <> 'destroyed'
		where asked_value between r.first and r.last
		union all
		select r.id from berth.resource r where lower(r.host) = lower(asked_host) and r.host <> ''
			and r.state = 'destroyed' and asked_value between r.first and r.last;
		return;
	end if;
	return query select r.id from (select number from berth.space offset 0) s
	join berth.resource r on berth.span(r.space, r.kind, r.first, r.last)
			&& berth.span(s.number, asked_kind, asked_value, asked_value)
		and r.state <> 'destroyed' and r.kind <> 'host'
	where r.kind = asked_kind
	union all
	select r.id from (select number from berth.space offset 0) s
	join berth.resource r on berth.span(r.space, r.kind, r.first, r.last)
			&& berth.span(s.number, asked_kind, asked_value, asked_value)
		and r.state = 'destroyed' and r.kind <> 'host'
	where r.kind = asked_kind;
end $$;

-- Returns the leases in these states that have a value, or those of any state that held it at a time: from acquired up
-- to, not including, destroyed. A value within a block stands for the block. With `asked_last` it is the block from one
-- value to the other, and no other.
create or replace function berth.value_leases(asked_kind text, asked_value numeric, asked_host text,
	asked_time timestamptz, states text[], asked_last numeric default null)
returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off
	set enable_sort = off as $$
begin
	perform berth.accept(coalesce(
		berth.check_kind(asked_kind),
		berth.check_value(asked_kind, asked_host, asked_value),
		berth.check_last(asked_kind, asked_value, asked_last)));
	return query select l.id from berth.value_resources(asked_kind, asked_value, asked_host) r (id)
	cross join lateral (
		select berth.unit_first(asked_value, p.block) as first from berth.resource k join berth.pool p on p.id = k.pool
		where k.id = r.id and (asked_last is null or berth.is_unit(p.unit, p.block, asked_value, asked_last))) u
	cross join lateral (
		-- The order is that of one index each, which is used whatever statistics say.
		(select * from berth.lease where resource >= r.id and resource <= r.id and value >= u.first
			and value <= u.first and state <> 'destroyed' order by resource, value)
		union all
		(select * from berth.lease where resource >= r.id and resource <= r.id and value >= u.first
			and value <= u.first and state = 'destroyed' order by resource, value)) l
	where case when asked_time is null then l.state = any (states)
		else l.acquired <= asked_time and (l.destroyed is null or l.destroyed > asked_time) end;
end $$;
