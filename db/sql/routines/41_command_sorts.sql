-- The command queue in any order. The order of their birth is exact over all: 41_command_search.sql. In the others up
-- to 10,000 commands are sorted, and the answer says when there are more.

-- Returns the commands that are sorted: those that need a person, then the oldest open ones if the order begins with
-- what has waited longest, then the newest.
create or replace function berth.command_first(sort text, reverse bool, states text[], asked_kind text,
	asked_target uuid, asked_parent uuid, filter jsonb, patience bigint) returns uuid[]
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	part record;
	ids uuid[] := '{}';
begin
	for part in select p.* from (values
		(array['quarantined'], false, sort in ('urgent', 'state') and not reverse),
		(array['queued', 'running', 'quarantined'], true, sort in ('urgent', 'lag') and not reverse),
		(states, false, true)) p (states, newer, wanted)
	loop
		if part.wanted and part.states && states and cardinality(ids) < 10001 then
			ids := ids || array(select w.id from berth.command_window(
				array(select unnest(part.states) intersect select unnest(states)), asked_kind, asked_target,
				asked_parent, filter, part.newer, null, 10001, patience) w);
		end if;
	end loop;
	return array(select f.id from unnest(ids) with ordinality f (id, n) group by f.id order by min(f.n) limit 10001);
end $$;

-- Returns a window of commands in an order; see berth.lease_sorted() for `patience`.
create or replace function berth.command_sorted(states text[], asked_kind text, asked_target uuid, asked_parent uuid,
	filter jsonb, patience bigint, asked_order jsonb)
returns table (id uuid, n bigint)
language plpgsql volatile security definer rows 100 set search_path = pg_catalog, pg_temp as $$
declare
	wanted jsonb := coalesce(filter, '{"invert": false, "words": [], "terms": [], "labels": []}');
	-- All commands, and the open ones, are found by an index in their order: only others are searched for.
	searched bool := filter is not null or asked_kind is not null or asked_parent is not null;
	ids uuid[];
	came record;
begin
	perform berth.accept(coalesce(
		berth.check_filter('commands', filter),
		berth.check_most(patience),
		berth.check_order('commands', asked_order)));
	if patience is null then
		return query select w.id::uuid, w.n from berth.sorted_window('commands', format('select v.* from
			berth.command_window(%L, %L, %L, %L, %L, false, null, null, null) w join berth.command_view v using (id)',
			states, asked_kind, asked_target, asked_parent, wanted), asked_order, null, null) w;
		return;
	end if;
	ids := berth.command_first(asked_order->>'sort', coalesce((asked_order->>'reverse')::bool, false), states,
		asked_kind, asked_target, asked_parent, wanted, case when searched then patience end);
	came := berth.search_report(false);
	return query select w.id, w.n from berth.sorted_some('commands', ids[:10000], asked_order, jsonb_build_object(
		'cut', cardinality(ids) > 10000 or (searched and came.reach <> 0),
		'looked', case when searched then came.looked else 0 end,
		'rows', berth.rows_about('berth.command_seq'))) w;
end $$;
