-- Leases in any order. The order of their birth is exact over all, however many there are: 25_lease_windows.sql. In
-- the other orders up to 10,000 leases are sorted, and the answer says when there are more. They are the first ones of
-- the order where an index has it: by their end, by their age, and in a pool by holder and value.

-- Returns up to `most` live leases that an index of the lease's end has first; those without an end come after them.
create or replace function berth.lease_first_ends(reverse bool, most bigint) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
	ids uuid[];
begin
	execute format('select array(select e.id from (
		(select l.id, l.until from berth.lease l where l.until is not null
			and l.state in (''pending'', ''acquired'', ''active'') order by l.until %1$s limit $1)
		union all
		(select l.id, l.until from berth.lease l where l.until is not null
			and l.state in (''released'', ''broken'') and l.rest_until is null order by l.until %1$s limit $1)
		union all
		(select l.id, l.until from berth.lease l where l.rest_until is not null and l.until is not null
			and l.state <> ''destroyed'' order by l.until %1$s limit $1)) e order by e.until %1$s limit $1)',
		case when reverse then 'desc' else 'asc' end) into ids using most;
	return ids;
end $$;

-- Returns up to `most` live leases of a pool, in the order of their holders or values.
create or replace function berth.lease_first_in_pool(sort text, reverse bool, asked_pool uuid, most bigint)
returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
	way text := case when reverse then 'desc' else 'asc' end;
	ids uuid[] := '{}';
	part uuid[];
	r uuid;
begin
	if sort = 'holder' then
		execute format('select array(select l.id from berth.lease l where l.pool = $1 and l.state <> ''destroyed''
			and l.holder collate "C" > '''' order by l.holder collate "C" %s limit $2)', way)
			into ids using asked_pool, most;
		return ids;
	end if;
	for r in execute format('select r.id from berth.resource r where r.pool = $1 and r.state <> ''destroyed''
		order by lower(r.host) collate "C" %1$s, r.first %1$s', way) using asked_pool loop
		execute format('select array(select l.id from berth.lease l where l.resource = $1 and l.state <> ''destroyed''
			order by l.value %s limit $2)', way) into part using r, most - cardinality(ids);
		ids := ids || part;
		exit when cardinality(ids) >= most;
	end loop;
	return ids;
end $$;

-- Returns the live leases that are first in an order, up to `most`, if an index has it; else null.
create or replace function berth.lease_first(sort text, reverse bool, asked_pool text, most bigint) returns uuid[]
language sql stable return case
	when sort = 'expires' and asked_pool is null then berth.lease_first_ends(reverse, most)
	when sort in ('holder', 'value') then (select berth.lease_first_in_pool(sort, reverse, p.id, most)
		from berth.pool p where p.name = asked_pool and p.destroyed is null) end;

-- Returns the conditions on a lease `v` of a list without a filter.
create or replace function berth.lease_conditions(states text[], asked_pool text, asked_holder text,
	asked_project text, selector jsonb) returns text
language sql immutable parallel safe return concat_ws(' and ', format('v.state = any (%L::text[])', states),
	case when asked_pool is not null then format('v.pool = %L', asked_pool) end,
	case when asked_holder is not null then format('v.holder = %L', asked_holder) end,
	case when asked_project is not null then format('v.project = %L', asked_project) end,
	case when selector <> '[]' then
		format('not exists (select from berth.unmet_requirements(%L, v.id))', selector) end);

-- Returns a window of leases in an order. With `patience`, in microseconds, up to 10,000 of them are sorted: those that
-- the search finds in that time. Without, all are.
create or replace function berth.lease_sorted(states text[], asked_pool text, asked_holder text, filter jsonb,
	selector jsonb, asked_project text, patience bigint, asked_order jsonb)
returns table (id uuid, n bigint)
language plpgsql volatile security definer rows 100 set search_path = pg_catalog, pg_temp as $$
declare
	sort text := asked_order->>'sort';
	reverse bool;
	oldest bool;
	source text;
	ids uuid[] := '{}';
	came record;
begin
	perform berth.accept(coalesce(
		berth.check_filter('leases', filter),
		berth.check_selector(selector),
		berth.check_most(patience),
		berth.check_order('leases', asked_order)));
	reverse := coalesce((asked_order->>'reverse')::bool, false);
	oldest := sort = 'held' and not reverse;
	if patience is null then
		source := case when filter is null then 'select v.* from berth.lease_view v where '
				|| berth.lease_conditions(states, asked_pool, asked_holder, asked_project, selector)
			else format('select v.* from (%s union all %s) w join berth.lease_view v using (id)',
				berth.lease_window_text(true, states, asked_pool, asked_holder, filter, selector, asked_project),
				berth.lease_window_text(false, states, asked_pool, asked_holder, filter, selector, asked_project)) end;
		return query select w.id::uuid, w.n from berth.sorted_window('leases', source, asked_order, null, null) w;
		return;
	end if;
	if filter is null and selector is null and asked_holder is null and asked_project is null
		and states @> array['pending', 'acquired', 'active', 'released', 'broken'] then
		ids := coalesce(berth.lease_first(sort, reverse, asked_pool, 10001), '{}');
	end if;
	if cardinality(ids) < 10001 then
		ids := ids || array(select w.id from berth.lease_window(true, states, asked_pool, asked_holder, filter, oldest,
			null, 10001, selector, asked_project, patience) w);
	end if;
	came := berth.search_report(oldest);
	ids := array(select f.id from unnest(ids) with ordinality f (id, n) group by f.id order by min(f.n));
	return query select w.id, w.n from berth.sorted_some('leases', ids[:10000], asked_order, jsonb_build_object(
		'cut', cardinality(ids) > 10000 or (filter is not null and came.reach <> 0),
		'looked', case when filter is null then 0 else came.looked end,
		'rows', berth.rows_about('berth.lease_live'))) w;
end $$;

-- Returns a call of berth.lease_window() for all leases that match a filter.
create or replace function berth.lease_window_text(live bool, states text[], asked_pool text, asked_holder text,
	filter jsonb, selector jsonb, asked_project text) returns text
language sql immutable parallel safe return format('select id from berth.lease_window(%L, %L, %L, %L, %L, false, null,
	null, %L, %L, null)', live, states, asked_pool, asked_holder, filter, selector, asked_project);
