-- Holders: how many leases each has, the oldest, the next to expire.
--
-- The holders of a pool are found by steps in the index lease_holder, one for each, whatever the number of their
-- leases. What is read is bounded: up to 10,000 holders, and up to 100,000 leases of all of them.

-- Returns the pairs of a pool and a holder, of one pool or of all, in the order of the index. Those of one pool begin
-- after a holder. Each step is a condition that the index starts at: a pool, and in it the holders after one.
create or replace function berth.holder_pairs(asked_pool uuid, after text, most bigint)
returns table (pool uuid, holder text) language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off as $$
begin
	return query with recursive pair as (
		(select f.pool, f.holder from (
			(select l.pool, l.holder collate "C" as holder from berth.lease l
			where l.state <> 'destroyed' and l.pool = asked_pool and l.holder collate "C" > after
			order by l.holder collate "C" limit 1)
			union all
			(select l.pool, l.holder collate "C" from berth.lease l
			where l.state <> 'destroyed' and l.pool = asked_pool and after is null
			order by l.holder collate "C" limit 1)
			union all
			(select l.pool, l.holder collate "C" from berth.lease l
			where l.state <> 'destroyed' and asked_pool is null
			order by l.pool, l.holder collate "C" limit 1)) f)
		union all
		-- The next holder of the pool, else the first one of the next pool.
		select n.pool, n.holder from pair cross join lateral (
			(select l.pool, l.holder collate "C" as holder from berth.lease l
			where l.state <> 'destroyed' and l.pool = pair.pool and l.holder collate "C" > pair.holder
			order by l.holder collate "C" limit 1)
			union all
			(select l.pool, l.holder collate "C" from berth.lease l
			where l.state <> 'destroyed' and asked_pool is null and l.pool > pair.pool
			order by l.pool, l.holder collate "C" limit 1)
			limit 1) n
	)
	select p.pool, p.holder from pair p limit most;
end $$;

-- Returns what a holder has in a pool, by one look at the index when these are few. Counting ends at `most`: then there
-- are `more`.
create or replace function berth.holding(asked_pool uuid, asked_holder text, most bigint, out leases bigint,
	out more bool, out oldest timestamptz, out newest timestamptz, out next_expiry timestamptz)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	select least(count(*), most), count(*) > most, min(l.until), (array_agg(l.created))[1],
		(array_agg(l.created))[count(*)]
	into leases, more, next_expiry, oldest, newest
	from (select l.until, l.created from berth.lease l
		where l.pool = asked_pool and l.holder collate "C" = asked_holder and l.state <> 'destroyed'
		order by l.seq limit most + 1) l;
	if more then
		select l.created into newest from berth.lease l
		where l.pool = asked_pool and l.holder collate "C" = asked_holder and l.state <> 'destroyed'
		order by l.seq desc limit 1;
	end if;
end $$;

-- Returns what the holders of these pairs have, those that match a filter; null is none. A condition on their names is
-- met before the leases are counted. The settings are for berth.holding(), which is called for each pair.
create or replace function berth.holders(in_pool bool, pools uuid[], names text[], filter jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off as $$
declare
	shown text := case when in_pool then 'v.holder' else 'v.holder || '' '' || v.pools::text' end;
	found_ones jsonb;
begin
	execute format('select coalesce(jsonb_agg(to_jsonb(v)), ''[]'') from (
		select h.holder, sum(g.leases)::bigint as leases, bool_or(g.more) as more, min(g.oldest) as oldest,
			max(g.newest) as newest, min(g.next_expiry) as next_expiry, jsonb_agg(p.name order by p.name) as pools
		from unnest($1, $2) h (pool, holder)
		cross join lateral berth.holding(h.pool, h.holder, $3) g
		join berth.pool p on p.id = h.pool
		group by h.holder) v
	where %s', case when filter is null then 'true' else berth.filter_condition('holders', filter,
		array(select format('strpos(lower(%s), %L) > 0', shown, lower(w->>'text'))
			from jsonb_array_elements(filter->'words') w)) end)
	into found_ones using pools, names, 100000 / greatest(4, cardinality(names));
	return found_ones;
end $$;

-- Returns a window of the holders of a pool, or of all pools, that match a filter, in an order (21_sorts.sql); none for
-- an unknown pool. They are counted once, and sorted as they were.
create or replace function berth.holder_window(asked_pool text, filter jsonb, asked_order jsonb)
returns table (holder text, leases bigint, more bool, oldest timestamptz, newest timestamptz, next_expiry timestamptz,
	pools jsonb)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	the_pool uuid := (select p.id from berth.pool p where p.name = asked_pool and p.destroyed is null);
	after text;
	in_pools uuid[];
	names text[];
	found_ones jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_filter('holders', filter),
		berth.check_order('holders', asked_order)));
	if asked_pool is not null and the_pool is null then
		return;
	end if;
	if asked_order->>'sort' = 'name' and not coalesce((asked_order->>'reverse')::bool, false) then
		after := asked_order->'after'->>'holder';
	end if;
	select coalesce(array_agg(h.pool), '{}'), coalesce(array_agg(h.holder), '{}') into in_pools, names
	from berth.holder_pairs(the_pool, after, 10001) h;
	found_ones := berth.holders(the_pool is not null, in_pools[1:10000], names[1:10000], filter);
	return query select h.* from berth.sorted_window('holders', format('select h.* from jsonb_to_recordset(%L) as h (
			holder text, leases bigint, more bool, oldest timestamptz, newest timestamptz, next_expiry timestamptz,
			pools jsonb)', found_ones), asked_order, jsonb_array_length(found_ones),
		jsonb_build_object('cut', cardinality(names) > 10000)) w
	cross join lateral jsonb_to_record(w.id::jsonb) as h (holder text, leases bigint, more bool, oldest timestamptz,
		newest timestamptz, next_expiry timestamptz, pools jsonb)
	order by w.n;
end $$;

-- Returns up to `most` live leases of a holder in any pool, as berth.lease_scan() does. There is no index on the holder
-- alone: each allocation would pay for it. The newest leases are read first, which is enough for a holder of many. Then
-- each pool is asked for its leases of the holder by the index that begins with both, so that the time depends on the
-- number of pools and not on that of leases; where there are few leases a pool, all of them are read instead. The order
-- of the inner query is one that only this index has.
create or replace function berth.holder_scan(states text[], asked_holder text, newer bool, edge bigint, most bigint)
returns table (id uuid, seq bigint) language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
	sign text := case when newer then '>' else '<' end;
	way text := case when newer then 'asc' else 'desc' end;
	place bigint := coalesce(edge, case when newer then -1 else 9223372036854775807 end);
	ids uuid[];
	seqs bigint[];
	looked bigint := 10000;
begin
	if berth.rows_about('berth.lease_live') < 32 * berth.rows_about('berth.pool_name_key') then
		return query select w.id, w.seq
		from berth.lease_scan(true, states, null, asked_holder, newer, edge, most, null) w;
		return;
	elsif most is not null then
		execute format('select count(*), coalesce(array_agg(w.id) filter (where w.hit), ''{}''),
				coalesce(array_agg(w.seq) filter (where w.hit), ''{}''), %3$s(w.seq)
			from (select l.id, l.seq, l.holder collate "C" = $1 and l.state = any ($2) as hit from berth.lease l
				where l.state <> ''destroyed'' and l.seq %1$s $3 order by l.seq %2$s limit $4) w', sign, way,
			case when newer then 'max' else 'min' end)
		into looked, ids, seqs, place using asked_holder, states, place, looked;
		return query select * from unnest(ids, seqs) limit most;
		most := most - cardinality(ids);
		if most <= 0 or looked < 10000 then
			return;
		end if;
	end if;
	return query execute format('select v.id, v.seq from (select p.id from berth.pool p where p.destroyed is null) p
		cross join lateral (select l.id, l.seq from berth.lease l
			where l.pool = p.id and l.holder collate "C" >= $1 and l.holder collate "C" <= $1
				and l.state <> ''destroyed'' and l.state = any ($2) and l.seq %1$s $3
			order by l.holder collate "C" %2$s, l.seq %2$s limit $4) v
		order by v.seq %2$s limit $4', sign, way) using asked_holder, states, place, most;
end $$;
