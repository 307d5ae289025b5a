-- Windows of the keys of labels, and of the values of a key, that match a filter. The texts are found by
-- berth.label_keys() and berth.label_values(), a chunk at a time, and what each is on is counted. A search with
-- patience stops after that time.

-- Returns why the arguments of a window of keys or values are refused, or null.
create or replace function berth.check_label_window(rows text, filter jsonb, with_edge bool, backwards bool,
	most bigint, counted bigint, patience bigint)
returns text language sql immutable parallel safe return coalesce(
	berth.check_filter(rows, filter),
	berth.check_bool('with_edge', with_edge),
	berth.check_bool('backwards', backwards),
	berth.check_count('most', most, 0, 1000000000),
	berth.check_count('counted', counted, 0, 1000000000),
	berth.check_most(patience));

-- Returns up to `most` keys of all kinds of targets after an edge, in their order or against it; or values of a key.
create or replace function berth.label_texts(asked_key text, edge text, with_edge bool, backwards bool, most bigint)
returns text[] language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select array(
		(select berth.key_text(k.prefix, k.name) from berth.label_kinds() kind
		cross join lateral berth.label_keys(kind, case when edge is not null then berth.key_prefix(edge) end,
			berth.key_name(edge), with_edge, backwards, most) k
		where asked_key is null group by k.prefix, k.name
		order by case when not backwards then k.prefix end collate "C",
			case when not backwards then k.name end collate "C", k.prefix collate "C" desc, k.name collate "C" desc
		limit most)
		union all
		(select v from berth.label_kinds() kind
		cross join lateral berth.label_values(kind, berth.key_prefix(asked_key), berth.key_name(asked_key), edge,
			with_edge, backwards, most) v
		where asked_key is not null group by v
		order by case when not backwards then v end collate "C", v collate "C" desc limit most));
end;

-- Returns the condition that a key or value, the column `shown` of `v`, matches a filter; null is none.
create or replace function berth.label_condition(rows text, shown text, filter jsonb) returns text
language sql stable return case when filter is null then 'true' else
	berth.filter_condition(rows, filter, array(select format('strpos(lower(v.%I), %L) > 0', shown, lower(w->>'text'))
		from jsonb_array_elements(filter->'words') w)) end;

-- Returns the query for keys, or for values of a key, from the array $1: their place in it, what they are on, and
-- whether a key has more than $3 values. At most $2 targets of a kind are counted.
create or replace function berth.label_source(asked_key text) returns text
language sql immutable parallel safe return format(case when asked_key is null then
	'select t.n, md5(t.text)::uuid as id, t.text as key, null::text as value,
		(select count(distinct v) from berth.label_kinds() kind
		cross join lateral berth.label_values(kind, berth.key_prefix(t.text), berth.key_name(t.text),
			most => $3 + 1) v) as "values", (select count(distinct v) > $3 from berth.label_kinds() kind
		cross join lateral berth.label_values(kind, berth.key_prefix(t.text), berth.key_name(t.text),
			most => $3 + 1) v) as more_values, c.*
	from unnest($1) with ordinality t (text, n)
	cross join lateral berth.label_count(berth.key_prefix(t.text), berth.key_name(t.text), null, $2) c'
	else 'select t.n, md5(%1$L || ''='' || t.text)::uuid as id, %1$L as key, t.text as value, 1::bigint as "values",
		false as more_values, c.*
	from unnest($1) with ordinality t (text, n)
	cross join lateral berth.label_count(berth.key_prefix(%1$L), berth.key_name(%1$L), t.text, $2) c' end, asked_key);

-- Returns a window of keys or of values, in the direction of the search, and leaves how far it has come in a setting of
-- the transaction for berth.label_search().
create or replace function berth.label_found(asked_key text, condition text, edge text, with_edge bool, backwards bool,
	most bigint, counted bigint, counted_values bigint, patience bigint)
returns table (id uuid, key text, value text, "values" bigint, targets bigint, leases bigint, resources bigint,
	pools bigint, projects bigint, organizations bigint, more text)
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	started timestamptz := clock_timestamp();
	chunk_started timestamptz;
	took interval;
	chunk bigint := case when condition = 'true' then most else 4 end;
	texts text[];
	hits bigint;
	looked bigint := 0;
begin
	while most > 0 loop
		chunk_started := clock_timestamp();
		texts := berth.label_texts(asked_key, edge, with_edge, backwards, chunk);
		return query execute format('select v.id, v.key, v.value, v."values", v.targets, v.leases, v.resources, v.pools,
			v.projects, v.organizations, v.more from (%s) v where %s order by v.n limit $4',
			berth.label_source(asked_key), condition) using texts, counted, counted_values, most;
		get diagnostics hits = row_count;
		most := most - hits;
		looked := looked + cardinality(texts);
		edge := case when cardinality(texts) = chunk and most > 0 then texts[chunk] end;
		with_edge := false;
		exit when edge is null or clock_timestamp() > berth.time_in(patience, started);
		took := clock_timestamp() - chunk_started;
		chunk := case when took < interval '5 ms' then least(4 * chunk, 16384)
			when took > interval '15 ms' then greatest(chunk / 2, 4) else chunk end;
	end loop;
	perform set_config(case when backwards then 'berth.labels_before' else 'berth.labels_after' end,
		jsonb_build_object('edge', case when most > 0 then edge end, 'looked', looked)::text, true);
end $$;

-- Returns a window of keys that match a filter, and what they are on: up to `most` after an edge, in their order; null
-- is no filter. At most `counted` targets of a kind are counted, and at most `counted_values` values.
create or replace function berth.label_key_window(filter jsonb, edge text, with_edge bool, backwards bool, most bigint,
	counted bigint, counted_values bigint, patience bigint)
returns table (id uuid, key text, value text, "values" bigint, targets bigint, leases bigint, resources bigint,
	pools bigint, projects bigint, organizations bigint, more text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	perform berth.accept(coalesce(
		berth.check_label_window('label keys', filter, with_edge, backwards, most, counted, patience),
		berth.check_count('counted_values', counted_values, 0, 1000000000)));
	return query select f.* from berth.label_found(null, berth.label_condition('label keys', 'key', filter), edge,
		with_edge, backwards, most, counted, counted_values, patience) f
	order by berth.key_prefix(f.key) collate "C", berth.key_name(f.key) collate "C";
end $$;

-- Returns a window of the values of a key, in the same way.
create or replace function berth.label_value_window(asked_key text, filter jsonb, edge text, with_edge bool,
	backwards bool, most bigint, counted bigint, patience bigint)
returns table (id uuid, key text, value text, "values" bigint, targets bigint, leases bigint, resources bigint,
	pools bigint, projects bigint, organizations bigint, more text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	perform berth.accept(
		berth.check_label_window('label values', filter, with_edge, backwards, most, counted, patience));
	if asked_key is not null then
		return query select f.*
		from berth.label_found(asked_key, berth.label_condition('label values', 'value', filter), edge, with_edge,
			backwards, most, counted, 0, patience) f
		order by f.value collate "C";
	end if;
end $$;

-- Reports how far the windows of keys or values before this statement have come: the text after which the search in a
-- direction goes on, null at its end or with a full page; whether the one in the other direction stopped, too; and how
-- many texts the first has looked through.
create or replace function berth.label_search(backwards bool, out edge text, out above bool, out looked bigint)
language sql stable begin atomic
	select r.way->>'edge', r.back->>'edge' is not null, coalesce((r.way->>'looked')::bigint, 0)
	from (select nullif(current_setting('berth.labels_' || case when w.b then 'before' else 'after' end, true),
			'')::jsonb as way,
		nullif(current_setting('berth.labels_' || case when w.b then 'after' else 'before' end, true),
			'')::jsonb as back from (select backwards as b) w) r;
end;
