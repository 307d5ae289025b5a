-- Orders of lists. A window of a list in an order is asked for by an object:
--
--     {"sort": a field, "reverse": bool, "count": bool,
--      "after": a row, "keep": an id, "before": n, "skip": n, "most": n}
--
-- It has up to `most` rows: after the row `after`, which is a row as it was shown; or from `before` rows before the row
-- `keep` on; or without the first `skip` ones. All may be absent or null. With `count` all rows are counted for
-- berth.sorted_report(), which reads them once more. The order is a list of keys, computed from the columns of the row
-- that is shown; nulls are last both ways, and rows with equal keys have an order of their own.

-- Returns the fields that lists can be sorted by: their keys, expressions on the row `v`, and whether the greatest
-- comes first unless the order is reversed.
create or replace function berth.sort_fields(rows text) returns table (field text, keys text[], descending bool)
language sql immutable parallel safe begin atomic
	select f.field, f.keys, f.descending from (values
		('pools', 'name', array['v.name'], false),
		('pools', 'free', array['v.free'], false),
		('pools', 'percent', array['v.percent'], true),
		('pools', 'runs-out',
			array['case v.status when ''exhausted'' then timestamptz ''-infinity'' else v.runs_out end'], false),
		('pools', 'kind', array['v.kind'], false),
		('pools', 'space', array['v.space'], false),
		('pools', 'state', array['case when v.capacity = 0 then 5 else array_position('
			|| 'array[''exhausted'', ''critical'', ''warning'', ''ok''], v.status) end'], false),
		('pools', 'waiting', array['v.pending'], true),
		('pools', 'size', array['v.capacity'], true),
		('pools', 'growth', array['v.per_day'], true),
		('leases', 'newest', array['v.seq'], true),
		('leases', 'state', array['berth.lease_urgency(v.state, v.until)'], false),
		('leases', 'value', array['v.kind', 'nullif(lower(v.host), '''') collate "C"',
			'case when v.held then v.value end'], false),
		('leases', 'holder', array['nullif(v.holder, '''') collate "C"'], false),
		('leases', 'held', array['coalesce(v.destroyed, now()) - v.acquired'], true),
		('leases', 'expires', array['v.until'], false),
		('leases', 'pool', array['v.pool'], false),
		('leases', 'project', array['v.project'], false),
		('leases', 'labels', array['case when v.labels <> ''{}'' then berth.sort_text(v.labels) end'], false),
		('commands', 'newest', array['v.seq'], true),
		('commands', 'urgent', array['berth.command_urgency(v.state, v.outcome, v.made_good_by, v.failed)',
			'case when v.state in (''queued'', ''running'', ''quarantined'') and v.not_before <= now() then '
			|| 'greatest(v.not_before, v.created) end'], false),
		('commands', 'state', array['array_position(array[''quarantined'', ''running'', ''queued'', ''done'', '
			|| '''cancelled''], v.state)', 'v.outcome'], false),
		('commands', 'action', array['v.action'], false),
		('commands', 'target', array['coalesce(v.subject, v.target)'], false),
		('commands', 'by', array['v.author'], false),
		('commands', 'lag', array['case when v.state in (''done'', ''cancelled'') and v.consumed_at is not null then '
			|| 'v.consumed_at - case when v.not_before > v.created and v.not_before < v.consumed_at then '
			|| 'v.not_before else v.created end when v.not_before <= now() then '
			|| 'now() - greatest(v.not_before, v.created) end'], true),
		('commands', 'tries', array['v.attempts'], true),
		('commands', 'next', array['case when v.state = ''queued'' then v.not_before end'], false),
		('commands', 'outcome', array['v.outcome', 'v.explanation'], false),
		('projects', 'percent', array['case when v.max_leases = 0 then 1 when v.max_leases > 0 then '
			|| 'v.leases::float8 / v.max_leases end'], true),
		('projects', 'name', array['v.organization', 'v.name'], false),
		('projects', 'state', array['array_position(array[''deleting'', ''active''], v.state)'], false),
		('projects', 'leases', array['v.leases'], true),
		('projects', 'limit', array['nullif(v.max_leases, -1)'], true),
		('projects', 'pools', array['nullif(v.pools::text, ''[]'')'], false),
		('projects', 'labels', array['case when v.labels <> ''{}'' then berth.sort_text(v.labels) end'], false),
		('holders', 'leases', array['v.leases'], true),
		('holders', 'name', array['v.holder collate "C"'], false),
		('holders', 'oldest', array['v.oldest'], false),
		('holders', 'expiry', array['v.next_expiry'], false),
		('holders', 'idle', array['v.newest'], false),
		('holders', 'pools', array['v.pools::text'], false)
	) f (rows, field, keys, descending) where f.rows = sort_fields.rows;
end;

-- Returns the keys by which rows with equal keys are ordered, the same both ways; no two rows are equal in them.
create or replace function berth.sort_ties(rows text) returns text[]
language sql immutable parallel safe return case rows when 'pools' then array['v.name']
	when 'projects' then array['v.organization', 'v.name'] when 'holders' then array['v.holder collate "C"']
	else array['-v.seq'] end;

-- Returns the expression of a row's id.
create or replace function berth.sort_id(rows text) returns text
language sql immutable parallel safe return case rows when 'holders' then 'v.holder' else 'v.id::text' end;

-- Returns the expression that a window answers with: the id, by which the row can be read again; or a row that took
-- long.
create or replace function berth.sort_answer(rows text) returns text
language sql immutable parallel safe return case rows when 'holders' then 'to_jsonb(v)::text'
	else berth.sort_id(rows) end;

-- Returns the source of one row `e`, as it was shown.
create or replace function berth.sort_edge(rows text, shown jsonb) returns text
language sql immutable parallel safe return format(case rows
	when 'holders' then 'jsonb_to_record(%L) as e (holder text, leases bigint, more bool, oldest timestamptz,
		newest timestamptz, next_expiry timestamptz, pools jsonb)'
	else 'jsonb_populate_record(null::berth.%2$s_view, %1$L) e' end, shown, rtrim(rows, 's'));

-- Returns the labels of a row as one text, null for none.
create or replace function berth.sort_text(labels jsonb) returns text
language sql immutable parallel safe return (select string_agg(l.key || '=' || l.value, ',' order by l.key collate "C")
	from jsonb_each_text(labels) l);

-- Returns the place of a lease's state among all: broken first, then those that end.
create or replace function berth.lease_urgency(state text, until timestamptz) returns int
language sql stable parallel safe return case
	when state = 'broken' then 0
	when state in ('acquired', 'active') and until <= now() then 1
	when state in ('acquired', 'active') and until < now() + interval '1 hour' then 2
	when state = 'pending' then 3
	when state = 'released' then 4
	when state = 'acquired' then 5
	when state = 'active' then 6
	else 7 end;

-- Returns what a command needs: a person for it, or for its items; a worker; nothing any more.
create or replace function berth.command_urgency(state text, outcome text, made_good_by uuid, failed bigint) returns int
language sql immutable parallel safe return case
	when state = 'quarantined' then 0
	when outcome = 'failed' and made_good_by is null then 1
	when state in ('queued', 'running') then case when failed > 0 then 1 else 2 end
	else 3 end;

-- Returns the keys of an order and their directions, ties included.
create or replace function berth.sort_keys(rows text, asked jsonb, out keys text[], out falls bool[])
language sql immutable parallel safe begin atomic
	select f.keys || berth.sort_ties(rows), array_fill(f.descending <> coalesce((asked->>'reverse')::bool, false),
		array[cardinality(f.keys)]) || array_fill(false, array[cardinality(berth.sort_ties(rows))])
	from berth.sort_fields(rows) f where f.field = asked->>'sort';
end;

-- Returns an order as it stands after ORDER BY.
create or replace function berth.sort_order(rows text, asked jsonb) returns text
language sql immutable parallel safe return (select string_agg(k.key || case when k.falls then ' desc' else '' end
	|| ' nulls last', ', ' order by k.n)
	from berth.sort_keys(rows, asked) s, unnest(s.keys, s.falls) with ordinality k (key, falls, n));

-- Returns the condition that a row `v` comes after the row `e` in an order.
create or replace function berth.sort_after(rows text, asked jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	s record := berth.sort_keys(rows, asked);
	condition text := 'false';
	edge text;
begin
	for n in reverse cardinality(s.keys) .. 1 loop
		edge := regexp_replace(s.keys[n], '[[:<:]]v[.]', 'e.', 'g');
		condition := format('(%1$s is null and %2$s is not null or %1$s %3$s %2$s
			or %1$s is not distinct from %2$s and %4$s)', s.keys[n], edge, case when s.falls[n] then '<' else '>' end,
			condition);
	end loop;
	return condition;
end $$;

-- Checks the order of a list.
create or replace function berth.check_order(rows text, asked jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	name text;
begin
	if jsonb_typeof(asked) is distinct from 'object' or octet_length(asked::text) > 1048576
		or jsonb_typeof(coalesce(asked->'reverse', 'false')) not in ('boolean', 'null')
		or jsonb_typeof(coalesce(asked->'count', 'false')) not in ('boolean', 'null')
		or jsonb_typeof(coalesce(asked->'after', '{}')) not in ('object', 'null')
		or jsonb_typeof(coalesce(asked->'keep', '""')) not in ('string', 'null') then
		return 'order: an object with "sort", "reverse", "count", "after", "keep", "before", "skip" and "most" is '
			'needed';
	end if;
	foreach name in array '{before, skip, most}'::text[] loop
		if asked->>name !~ '^[0-9]{1,15}$' then
			return 'order: ' || name || ' is a number from 0';
		end if;
	end loop;
	if jsonb_typeof(asked->'after') = 'object' then
		execute 'select from ' || berth.sort_edge(rows, asked->'after');
	end if;
	return berth.check_word('sort', asked->>'sort', array(select f.field from berth.sort_fields(rows) f));
exception when data_exception then
	return 'order: "after" is a row of the list';
end $$;

-- Returns a window of the rows `v` of a source in an order: their ids, in their order. It leaves where the window
-- begins in a setting of the transaction for berth.sorted_report(), with the `total`, which is counted if it is null
-- and asked for, and the members of `note`.
create or replace function berth.sorted_window(rows text, source text, asked jsonb, total bigint, note jsonb)
returns table (id text, n bigint) language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	keys text := berth.sort_order(rows, asked);
	shown jsonb := case when jsonb_typeof(asked->'after') = 'object' then asked->'after' end;
	start bigint := coalesce((asked->>'skip')::bigint, 0);
	ids text[];
begin
	if total is null and (asked->>'count')::bool then
		execute format('select count(*) from (%s) v', source) into total;
	end if;
	if asked->>'keep' is not null then
		execute format('select k.n from (select %s as id, row_number() over (order by %s) as n from (%s) v) k
			where k.id = $1', berth.sort_id(rows), keys, source) into start using asked->>'keep';
		start := greatest(coalesce(start, 1) - 1 - coalesce((asked->>'before')::bigint, 0), 0);
	end if;
	perform set_config('berth.sorted',
		(jsonb_build_object('start', start, 'total', total) || coalesce(note, '{}'))::text, true);
	execute format('select array(select %s from (%s) v%s order by %s limit $1 offset $2)', berth.sort_answer(rows),
		source, case when shown is not null then
			format(' cross join %s where %s', berth.sort_edge(rows, shown), berth.sort_after(rows, asked)) else '' end,
		keys) into ids using (asked->>'most')::bigint, case when shown is null then start else 0 end;
	return query select w.* from unnest(ids) with ordinality w (id, n);
end $$;

-- Returns a window of these rows of a view. Each is found by its id: the server would rather read all leases than ten
-- thousand of them.
create or replace function berth.sorted_some(rows text, ids uuid[], asked jsonb, note jsonb)
returns table (id uuid, n bigint) language plpgsql volatile set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
begin
	return query select w.id::uuid, w.n from berth.sorted_window(rows, format(
		'select v.* from unnest(%L::uuid[]) w (id) join berth.%s_view v using (id)', ids, rtrim(rows, 's')), asked,
		cardinality(ids), note) w;
end $$;

-- Returns where the last sorted window of this transaction begins, the number of rows that were sorted, whether there
-- are more that were not, how many rows were looked through of about how many, and the time of the samples by which
-- they were sorted.
create or replace function berth.sorted_report()
returns table (start bigint, total bigint, cut bool, looked bigint, rows bigint, sampled timestamptz)
language sql stable begin atomic
	select coalesce((r->>'start')::bigint, 0), coalesce((r->>'total')::bigint, 0), coalesce((r->>'cut')::bool, false),
		coalesce((r->>'looked')::bigint, 0), coalesce((r->>'rows')::bigint, 0), (r->>'sampled')::timestamptz
	from (select nullif(current_setting('berth.sorted', true), '')::jsonb as r) s;
end;

-- Returns the number of pools from which on lists of them go by samples.
create or replace function berth.many_pools() returns int language sql immutable parallel safe return 2000;

-- Returns the time of the samples by which lists of pools go; null if there are none yet, and for few pools: these are
-- looked at as they are now.
create or replace function berth.pools_sampled() returns timestamptz language sql stable return (
	select taken from berth.sampling where taken > '-infinity'
		and exists (select from berth.pool where destroyed is null offset berth.many_pools()));

-- Returns the source of a window of pools by samples. An order by urgency needs, apart from the urgent ones, no more of
-- them than come up to the end of the window by their names.
create or replace function berth.sampled_pools(condition text, asked jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	reach bigint := (asked->>'most')::bigint + coalesce((asked->>'skip')::bigint, 0);
begin
	if condition <> 'true' or asked->>'sort' not in ('runs-out', 'growth') or (asked->>'reverse')::bool
		or jsonb_typeof(asked->'after') = 'object'
	then
		return 'select v.* from berth.sampled_pool_view v where ' || condition;
	end if;
	if asked->>'keep' is not null then
		reach := reach + (select count(*) from berth.pool p where p.destroyed is null
			and p.name <= (select k.name from berth.pool k where k.id::text = asked->>'keep'));
	end if;
	return format('(select v.* from berth.sampled_pool_view v
		where v.id in (select f.pool from berth.forecast f where f.per_day > 0 or f.free = 0))
		union all (select v.* from berth.sampled_pool_view v where not v.urgent order by v.name limit %s)', reach);
end $$;

-- Returns a window of the pools that match a filter; null is none. A window of very many pools goes by their latest
-- samples: it has those that matched then, in the order of then, without those that match no more, up to 1,000 of them.
-- All pools, without an end of the window, are always as they are now.
create or replace function berth.pool_window(filter jsonb, asked_status text, selector jsonb, asked_order jsonb)
returns table (id uuid, n bigint)
language plpgsql volatile security definer rows 100 set search_path = pg_catalog, pg_temp as $$
declare
	condition text;
	asked jsonb := asked_order;
	sampled timestamptz := case when asked_order->>'most' is not null then berth.pools_sampled() end;
	spare int := case when sampled is not null then 1000 else 0 end;
begin
	perform berth.accept(coalesce(
		berth.check_filter('pools', filter),
		berth.check_selector(selector),
		berth.check_order('pools', asked_order)));
	condition := case when filter is null then 'true' else berth.filter_condition('pools', filter,
			array(select berth.pool_word(w) from jsonb_array_elements(filter->'words') w)) end
		|| case when asked_status is not null then format(' and v.status = %L', asked_status) else '' end
		|| case when selector is not null then
			format(' and not exists (select from berth.unmet_requirements(%L, v.id))', selector) else '' end;
	if sampled is not null and condition <> 'true' then
		asked := asked || jsonb_build_object('most', (asked->>'most')::bigint + 1000);
	end if;
	return query execute format('select w.id::uuid, w.n from berth.sorted_window(''pools'', $1, $2, $3, $4) w
			where %s order by w.n limit $5', case when sampled is null or condition = 'true' then 'true' else
				format('exists (select from berth.pool_view v where v.id = w.id::uuid and %s)', condition) end)
		using case when sampled is null then 'select v.* from berth.pool_view v where ' || condition
				else berth.sampled_pools(condition, asked_order) end, asked,
			case when condition = 'true' then (select count(*) from berth.pool p where p.destroyed is null) end,
			case when sampled is not null then jsonb_build_object('sampled', berth.time_exact(sampled)) end,
			(asked_order->>'most')::bigint;
end $$;

-- Returns a window of the projects that a word or selector matches, or does not match, and that match a filter; null is
-- none. The leases of a project without a limit are counted up to `most`.
create or replace function berth.project_window(match text, invert bool, selector jsonb, filter jsonb, most bigint,
	asked_order jsonb)
returns table (id uuid, n bigint)
language plpgsql volatile security definer rows 100 set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(coalesce(
		berth.check_bool('invert', invert),
		berth.check_selector(selector),
		berth.check_filter('projects', filter),
		berth.check_most(most),
		berth.check_order('projects', asked_order)));
	return query select w.id::uuid, w.n from berth.sorted_window('projects', format(
		'select v.id, v.organization, v.name, v.max_leases, case when v.max_leases >= 0 then v.leases
			else berth.project_leases(v.id, %s) end as leases, v.pools, v.state, v.labels from berth.project_view v
		where %s and %s and %s', coalesce(most::text, 'null'),
		case when match is null then 'true' else format('%L <> (strpos(lower(v.organization || ''/'' || v.name), %L) > 0
			or berth.has_label_word(v.id, %2$L))', invert, lower(match)) end,
		case when selector is null then 'true' else
			format('%L = exists (select from berth.unmet_requirements(%L, v.id))', invert, selector) end,
		case when filter is null then 'true' else
			format('v.id in (select berth.projects_matching(%L))', filter) end),
		asked_order, null, null) w;
end $$;
