-- Windows of pools. The values of a pool are summed over its stripes, so the pools that are shown are found first, and
-- only they are summed.

-- Returns the pools at a place in the order of their names: those with this filter, and that meet a selector; null is
-- none. A filter on names reads no stripe; one on free values sums pool after pool until the page is full.
create or replace function berth.pool_page(filter jsonb, selector jsonb, skip bigint, most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	condition text := case when filter is not null then berth.filter_condition('pools', filter,
		array(select berth.pool_word(w) from jsonb_array_elements(filter->'words') w)) else 'true' end;
begin
	return query execute format('select v.id from %s v where %s and ($1 is null
			or not exists (select from berth.unmet_requirements($1, v.id))) order by v.name limit $3 offset $2',
		case when filter is null then '(select p.id, p.name from berth.pool p where p.destroyed is null)'
			else 'berth.pool_view' end, condition)
	using selector, skip, most;
end $$;

-- Returns a window of pools in an order, and of one status if that is given.
create or replace function berth.pool_window(filter jsonb, asked_status text, sort text, skip bigint, most bigint,
	selector jsonb)
returns setof berth.pool_view
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	perform berth.accept(coalesce(
		berth.check_filter('pools', filter),
		berth.check_word('sort', sort, array['name', 'free', 'percent', 'runs-out']),
		berth.check_that('skip', coalesce(skip, 0) >= 0, 'a number from 0 is needed'),
		berth.check_most(most),
		berth.check_selector(selector)));
	if sort = 'name' and asked_status is null then
		return query select v.* from berth.pool_page(filter, selector, skip, most) page (id)
		cross join lateral (select * from berth.pool_view where pool_view.id = page.id offset 0) v order by v.name;
		return;
	end if;
	return query select v.* from berth.pool_find(filter) v
	where (asked_status is null or v.status = asked_status)
		and (selector is null or not exists (select from berth.unmet_requirements(selector, v.id)))
	order by
		case when sort = 'runs-out' then v.status <> 'exhausted' end,
		case when sort = 'runs-out' then v.runs_out end nulls last,
		case when sort = 'free' then v.free end,
		case when sort = 'percent' then -v.percent end,
		v.name
	limit most offset skip;
end $$;
