-- Filtered windows of leases: the shortest way to the leases that may match, and the search among them.

-- Returns the live leases that meet a term of the filter, if an index tells that they are few; else null. All terms
-- must hold, so the others are checked on these alone. Only indexes are used, whatever statistics say. The one of a
-- holder is asked for each pool, for which nobody with patience waits.
create or replace function berth.lease_few(filter jsonb, patience bigint) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
	term jsonb;
	few uuid[];
	source text;
begin
	for term in select * from jsonb_array_elements(filter->'terms') loop
		source := case term->>'field'
			when 'state' then berth.lease_few_states(term)
			when 'value' then berth.lease_few_values(term)
			when 'expires' then berth.lease_few_expiring(term)
			when 'holder' then case when patience is null then berth.lease_few_held(term) end end;
		if source is not null then
			execute format('select array_agg(f.id) from (%s limit 5001) f', source) into few;
			if coalesce(cardinality(few), 0) <= 5000 then
				return coalesce(few, '{}');
			end if;
		end if;
	end loop;
	return null;
end $$;

-- Returns a query for the leases in states that few leases have, or null for other states.
create or replace function berth.lease_few_states(term jsonb) returns text
language sql immutable parallel safe return case when term->>'op' in ('=', 'in')
	and term->'values' <@ '["pending", "wait", "released", "ending", "broken", "late", "soon"]' then (
	select string_agg(case
		when v in ('pending', 'wait') then 'select l.id from berth.lease l where l.state = ''pending'''
		when v in ('released', 'ending') then
			'select l.id from berth.lease l where l.state in (''released'', ''broken'') and l.rest_until is null
			union all select l.id from berth.lease l where l.rest_until is not null and l.state = ''released'''
		when v = 'broken' then 'select l.id from berth.lease l where l.state = ''broken'''
		else 'select l.id from berth.lease l where l.until < now() + interval ''1 hour'' and l.until is not null
			and l.state in (''pending'', ''acquired'', ''active'')' end, ' union all ')
	from jsonb_array_elements_text(term->'values') v) end;

-- Returns a query for the leases whose value is in the range of a term, or null for other operators.
create or replace function berth.lease_few_values(term jsonb) returns text
language sql immutable parallel safe return case when term->>'op' = '=' then format('
	select l.id from berth.resource r join berth.pool p on p.id = r.pool
	cross join lateral (select k.id from berth.lease k where k.resource = r.id
		and k.value >= greatest(r.first, %2$L::numeric - p.block + 1) and k.value <= least(r.last, %3$L::numeric)
		and k.state <> ''destroyed'' limit 5001) l
	where r.kind = %1$L and r.state <> ''destroyed'' and lower(r.host) = lower(%4$L)
		and r.first <= %3$L::numeric and r.last >= %2$L::numeric',
	term->'values'->>0, term->'values'->>1, term->'values'->>2, term->'values'->>3) end;

-- Returns a query for the leases of the holder of a term, or null for other operators.
create or replace function berth.lease_few_held(term jsonb) returns text
language sql immutable parallel safe return case when term->>'op' = '=' then format(
	'select h.id from berth.holder_scan(''{pending, acquired, active, released, broken}'', %L, false, null, 5001) h',
	term->'values'->>0) end;

-- Returns a query for the leases whose end meets a term.
create or replace function berth.lease_few_expiring(term jsonb) returns text
language sql immutable parallel safe return case
	when term->>'op' in ('<', '<=', '>', '>=', '=') and term->'values'->>0 <> 'never' then format('
	select l.id from berth.lease l where l.until %1$s %2$s and l.until is not null
		and l.state in (''pending'', ''acquired'', ''active'')
	union all select l.id from berth.lease l where l.until %1$s %2$s
		and l.state in (''released'', ''broken'') and l.rest_until is null
	union all select l.id from berth.lease l where l.rest_until is not null and l.until %1$s %2$s',
	berth.filter_operator(term->>'op'), berth.filter_literal('time', term->'values'->>0)) end;

-- Returns the pools that a lease must be of to meet the filter, if these are few; null: many, or any.
create or replace function berth.lease_pools(filter jsonb) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	term jsonb;
	pools uuid[];
begin
	for term in select * from jsonb_array_elements(filter->'terms') t where t->>'op' in ('=', 'in')
		and t->>'field' in ('pool', 'kind')
	loop
		pools := berth.filter_pools(case term->>'field' when 'pool' then 'p.name' else 'p.kind' end, '=',
			array(select jsonb_array_elements_text(term->'values')));
		if cardinality(pools) <= 50 then
			return pools;
		end if;
	end loop;
	return null;
end $$;

-- Returns a source of leases for berth.search_chunks(): those with these ids, of these pools, or of a pool or any.
create or replace function berth.lease_rows(live bool, newer bool, ids uuid[], pools uuid[], asked_pool uuid,
	asked_project uuid) returns text
language sql immutable parallel safe return format(case
	when ids is not null then 'select l.* from berth.lease l where l.id = any (%4$L::uuid[])'
		|| ' and l.state %1$s ''destroyed'' and l.seq %2$s $1 order by l.seq %3$s limit $2'
	-- The order is that of one index, which the server takes whatever statistics say of the pool.
	when coalesce(pools, array[asked_pool]) <> '{null}' then 'select v.* from unnest(%5$L::uuid[]) asked (pool)
		cross join lateral (select l.* from berth.lease l where l.state %1$s ''destroyed''
			and (l.pool, l.seq) %2$s (asked.pool, $1) and l.pool %6$s asked.pool
			order by l.pool %3$s, l.seq %3$s limit $2) v order by v.seq %3$s limit $2'
	else 'select l.* from berth.lease l where l.state %1$s ''destroyed'''
		|| replace(berth.lease_of(asked_project), '%', '%%') || ' and l.seq %2$s $1 order by l.seq %3$s limit $2' end,
	case when live then '<>' else '=' end, case when newer then '>' else '<' end,
	case when newer then 'asc' else 'desc' end, ids, coalesce(pools, array[asked_pool]),
	case when newer then '<=' else '>=' end);

-- Returns the requirement, from 1, whose labels are rarer than the leases at this place, and its source; no row when
-- none is.
create or replace function berth.lease_rare_label(live bool, newer bool, asked_pool uuid, asked_project uuid,
	selector jsonb, edge bigint, out source text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	step record;
	r jsonb;
begin
	if selector = '[]' then
		return;
	end if;
	execute berth.lease_step_query(live, newer, asked_project) into step
		using null, asked_pool, null, null, null, edge, 1000, selector;
	r := selector->(step.n::int - 1);
	source := case when step.kind <> 'all' then
		replace(replace(replace(replace(replace(berth.lease_source(step.kind, live, newer, asked_project),
			'$6', '$1'), '$7', '$2'), 'd.prefix', format('%L', r->>'prefix')), 'd.name', format('%L', r->>'name')),
			'd."values"', format('%L::text[]', array(select jsonb_array_elements_text(r->'values')))) end;
end $$;

-- Returns the condition that a lease `l` matches a filter, and the leases that indexes find for its first word.
create or replace function berth.lease_condition(filter jsonb, out condition text, out known uuid[])
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	words text[] := '{}';
	word record;
begin
	for word in select f.* from jsonb_array_elements(filter->'words') w cross join lateral berth.lease_word(w) f loop
		words := words || word.condition;
		known := coalesce(known, word.known);
	end loop;
	condition := berth.filter_condition('leases', filter, words);
end $$;

-- Returns those of these leases that match a filter; null is none.
create or replace function berth.lease_meeting(ids uuid[], filter jsonb) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_filter('leases', filter));
	return query execute format('select l.id from berth.lease l where l.id = any ($1) and %s',
		case when filter is null then 'true' else (berth.lease_condition(filter)).condition end) using ids;
end $$;

-- Returns a window of leases that match a filter, newest first, or with `newer` those created next after `edge`; see
-- berth.search_chunks() for `patience`. `selector` is not inverted with the filter.
--
-- It follows the shortest of: the few leases that an index finds for a term, those of few pools, those of a rare label,
-- and all leases of the pool or project. Leases that indexes find for a word, wherever they are, come after the end of
-- a search that had to stop.
create or replace function berth.lease_find(live bool, states text[], asked_pool uuid, asked_holder text,
	asked_project uuid, selector jsonb, filter jsonb, newer bool, edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint) language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	invert bool := (filter->'invert')::bool;
	asked record := berth.lease_condition(filter);
	condition text;
	few uuid[] := case when live and not invert then berth.lease_few(filter, patience) end;
	pools uuid[] := case when asked_pool is null and not invert then berth.lease_pools(filter) end;
	labels text;
	found_rows bigint;
	reach bigint;
begin
	condition := format('l.state = any (%L::text[])%s%s%s and %s', states,
		case when asked_pool is not null then format(' and l.pool = %L', asked_pool) else '' end,
		berth.lease_of(asked_project)
			|| case when asked_holder is not null then format(' and l.holder = %L', asked_holder) else '' end,
		case when selector <> '[]' then
			format(' and not exists (select from berth.unmet_requirements(%L, l.id))', selector) else '' end,
		asked.condition);
	edge := coalesce(edge, case when newer then -1 else 9223372036854775807 end);
	if few is null and pools is null then
		labels := berth.lease_rare_label(live, newer, asked_pool, asked_project,
			selector || case when invert then '[]' else filter->'labels' end, edge);
	end if;
	return query select c.id, c.seq from berth.search_chunks(
		coalesce(labels, berth.lease_rows(live, newer, few, pools, asked_pool, asked_project)),
		case when labels is null then 'l' else 's' end,
		case when labels is null then condition
			else format('(select %s from berth.lease l where l.id = s.id)', condition) end,
		newer, edge, most, patience) c;
	get diagnostics found_rows = row_count;
	reach := case when patience is not null and not newer and not invert then (berth.search_report(newer)).reach end;
	if reach <> 0 and asked.known <> '{}' then
		return query execute format('select l.id, l.seq from berth.lease l where l.id = any (%L::uuid[]) and %s
			and l.seq < %L order by l.seq desc limit %L', asked.known, condition, reach, most - found_rows);
	end if;
end $$;

-- Counts the leases that match a filter, or all live ones of a pool, holder or project, up to 10,000; and reports how
-- far the window before this statement has come, and about how many leases there are to look through.
create or replace function berth.lease_search(asked_pool text, asked_holder text, asked_project text, filter jsonb,
	selector jsonb, newer bool, patience bigint)
returns table (total bigint, more bool, reach bigint, above bool, looked bigint, rows bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	came record := berth.search_report(newer);
	behind record := berth.search_report(not newer);
begin
	select count(*) into total from berth.lease_window(true,
		array['pending', 'acquired', 'active', 'released', 'broken'], asked_pool, asked_holder, filter, false, null,
		10001, selector, asked_project, patience);
	more := total > 10000 or (filter is not null and (berth.search_report(false)).reach <> 0);
	total := least(total, 10000);
	reach := came.reach;
	above := behind.reach <> 0;
	looked := came.looked;
	rows := berth.rows_about('berth.lease_live');
	return next;
end $$;
