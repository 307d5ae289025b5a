-- Which labels there are, for lists of any length: one step of an index for each key or value, however many targets
-- have it. No key and no value sorts after "~".

-- Returns up to `most` keys of one kind of target after an edge, in their order or against it.
create or replace function berth.label_keys(asked_kind text, edge_prefix text default null, edge_name text default null,
	with_edge bool default false, backwards bool default false, most bigint default null)
returns table (prefix text, name text) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	missing bigint := coalesce(most, 9223372036854775807);
begin
	prefix := coalesce(edge_prefix, case when backwards then '~' else '' end);
	name := coalesce(edge_name, '');
	if with_edge and missing > 0 and exists (
			select from berth.label b
			where b.kind = asked_kind and b.prefix = label_keys.prefix and b.name = label_keys.name) then
		return next;
		missing := missing - 1;
	end if;
	while missing > 0 loop
		if backwards then
			select b.prefix, b.name into prefix, name from berth.label b
			where b.kind = asked_kind and (b.prefix, b.name) < (label_keys.prefix, label_keys.name)
			order by b.prefix desc, b.name desc limit 1;
		else
			select b.prefix, b.name into prefix, name from berth.label b
			where b.kind = asked_kind and (b.prefix, b.name) > (label_keys.prefix, label_keys.name)
			order by b.prefix, b.name limit 1;
		end if;
		exit when not found;
		return next;
		missing := missing - 1;
	end loop;
end $$;

-- Returns up to `most` values of a key after an edge, in the same way. A step of the index finds each; where values
-- have few targets, all entries of a stretch of it are read at once.
create or replace function berth.label_values(asked_kind text, asked_prefix text, asked_name text,
	edge text default null, with_edge bool default false, backwards bool default false, most bigint default null)
returns setof text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	missing bigint := coalesce(most, 9223372036854775807);
	at text := coalesce(edge, case when backwards then '~' else '' end);
	-- The first value of all may be the empty one.
	here bool := (with_edge or (edge is null and not backwards)) and missing > 0;
	stretch bigint := 1;
	found_ones text[];
begin
	while missing > 0 loop
		execute format('select array(select w.value from (select b.value from berth.label b
				where b.kind = $1 and b.prefix = $2 and b.name = $3 and b.value %1$s $4
				order by b.value %2$s limit $5) w group by w.value order by w.value %2$s limit $6)',
			case when backwards then '<' else '>' end || case when here then '=' else '' end,
			case when backwards then 'desc' else 'asc' end)
		into found_ones using asked_kind, asked_prefix, asked_name, at, stretch, missing;
		exit when found_ones = '{}';
		return query select unnest(found_ones);
		at := found_ones[cardinality(found_ones)];
		here := false;
		missing := missing - cardinality(found_ones);
		stretch := case when 2 * cardinality(found_ones) >= stretch then least(4 * stretch, 4096) else 1 end;
	end loop;
end $$;

-- Returns the kinds of targets that have any labels.
create or replace function berth.label_kinds() returns setof text language sql stable begin atomic
	with recursive k as (
		select min(kind) as kind from berth.label
		union all
		select (select min(b.kind) from berth.label b where b.kind > k.kind) from k where k.kind is not null
	)
	select kind from k where kind is not null;
end;

-- Counts the live targets that have a label, with any value if that is null. Past targets keep their labels until they
-- are forgotten, so each target is looked at: at most `most` of a kind, the youngest leases, and `more` names the kinds
-- that have others: "lease resource". The cost is the same for ten targets and for ten million.
create or replace function berth.label_count(asked_prefix text, asked_name text, asked_value text, most bigint,
	out targets bigint, out leases bigint, out resources bigint, out pools bigint, out projects bigint,
	out organizations bigint, out more text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	select sum(n.live), coalesce(sum(n.live) filter (where n.kind = 'lease'), 0),
		coalesce(sum(n.live) filter (where n.kind = 'resource'), 0),
		coalesce(sum(n.live) filter (where n.kind = 'pool'), 0),
		coalesce(sum(n.live) filter (where n.kind = 'project'), 0),
		coalesce(sum(n.live) filter (where n.kind = 'org'), 0),
		coalesce(string_agg(n.kind, ' ' order by n.kind) filter (where n.seen > most), '')
	into targets, leases, resources, pools, projects, organizations, more
	from berth.label_kinds() k cross join lateral (
		select k as kind, count(*) as seen, least(most, count(*) filter (where case k
			when 'lease' then (select state <> 'destroyed' from berth.lease where id = s.target)
			when 'resource' then (select state <> 'destroyed' from berth.resource where id = s.target)
			when 'pool' then (select destroyed is null from berth.pool where id = s.target)
			else true end)) as live
		from (
			(select b.target from berth.label b
			where asked_value is null and b.kind = k and b.prefix = asked_prefix and b.name = asked_name
			order by b.seq desc limit most + 1)
			union all
			(select b.target from berth.label b
			where b.kind = k and b.prefix = asked_prefix and b.name = asked_name and b.value = asked_value
			order by b.seq desc limit most + 1)) s) n;
end $$;

-- Returns true if a target is live.
create or replace function berth.is_live(asked_kind text, asked_target uuid) returns bool
language sql stable parallel safe return
	case asked_kind
	when 'lease' then exists (select from berth.lease where id = asked_target and state <> 'destroyed')
	when 'resource' then exists (select from berth.resource where id = asked_target and state <> 'destroyed')
	when 'pool' then exists (select from berth.pool where id = asked_target and destroyed is null)
	else true end;

-- Returns the name, pool and state of a target that is not a lease.
create or replace function berth.label_thing(asked_kind text, asked_target uuid, out target text, out pool text,
	out state text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	case asked_kind
	when 'resource' then
		select r.name, p.name, r.state into target, pool, state
		from berth.resource r join berth.pool p on p.id = r.pool where r.id = asked_target;
	when 'pool' then
		select p.name, p.name into target, pool from berth.pool p where p.id = asked_target;
	else
		target := split_part(berth.target_text(asked_kind, asked_target), '/', 2)
			|| coalesce('/' || nullif(split_part(berth.target_text(asked_kind, asked_target), '/', 3), ''), '');
	end case;
end $$;

-- Returns up to `most` live leases that have a label, and meet a condition on `v`, if there is one; see
-- berth.search_chunks() for `patience`.
create or replace function berth.label_leases(asked_prefix text, asked_name text, asked_value text, condition text,
	newer bool, edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint, target text, pool text, holder text, state text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := format('select b.target as id, b.seq from berth.label b where b.kind = ''lease'' and b.prefix = %L
		and b.name = %L and b.value = %L and b.seq %s $1 order by b.seq %s limit $2', asked_prefix, asked_name,
		asked_value, case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end);
	wanted text := coalesce('exists (select from (select l.id, ''lease'' as kind, '
		|| 'coalesce(berth.held_text(p.kind, coalesce(r.host, ''''), l.value, p.unit), '''') as target, '
		|| 'p.name as pool, l.holder, l.state from berth.pool p left join berth.resource r on r.id = l.resource '
		|| 'where p.id = l.pool) v where ' || condition || ')', 'true');
begin
	return query select l.id, l.seq, coalesce(berth.held_text(p.kind, coalesce(r.host, ''), l.value, p.unit), ''),
		p.name, l.holder, l.state
	from berth.search_chunks(source, 's', format('(select l.state <> ''destroyed'' and %s from berth.lease l
		where l.id = s.id)', wanted), newer, edge, most, patience) c
	cross join lateral (select * from berth.lease where lease.id = c.id offset 0) l
	join berth.pool p on p.id = l.pool
	left join berth.resource r on r.id = l.resource;
end $$;

-- Returns up to `most` live targets other than leases that have a label and meet a condition on `v`. They come before
-- all leases, with numbers of their own, at most 10,000 of each kind.
create or replace function berth.label_things(asked_prefix text, asked_name text, asked_value text, condition text,
	newer bool, edge bigint, most bigint)
returns table (id uuid, seq bigint, kind text, target text, pool text, holder text, state text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query execute format('select v.id, v.seq, v.kind, v.target, v.pool, v.holder, v.state from (
			select b.target as id, 4611686018427387904
					+ row_number() over (order by b.kind desc, t.pool desc, t.target desc, b.target) as seq,
				b.kind, t.target, coalesce(t.pool, '''') as pool, '''' as holder, coalesce(t.state, '''') as state
			from berth.label_kinds() k
			cross join lateral (select * from berth.label where label.kind = k and prefix = $1 and name = $2
				and label.value = $3 limit 10000) b
			cross join lateral berth.label_thing(b.kind, b.target) t
			where k <> ''lease'' and berth.is_live(b.kind, b.target)) v
		where ($4 is null or v.seq %s $4) and %s order by v.seq %s limit $5', case when newer then '>' else '<' end,
		coalesce(condition, 'true'), case when newer then 'asc' else 'desc' end)
	using asked_prefix, asked_name, asked_value, edge, most;
end $$;

-- Returns a window of the live targets that have a label with this value and match a filter; null is none. The search
-- among the leases is bounded by `patience`.
create or replace function berth.label_target_window(asked_key text, asked_value text, filter jsonb, newer bool,
	edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint, kind text, target text, pool text, holder text, state text, labels jsonb)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set jit = off as $$
#variable_conflict use_column
declare
	prefix text := berth.key_prefix(asked_key);
	name text := berth.key_name(asked_key);
	condition text;
begin
	perform berth.accept(coalesce(
		berth.check_filter('label targets', filter),
		berth.check_bool('newer', newer),
		berth.check_count('most', most, 0, 1000000000),
		berth.check_most(patience)));
	condition := case when filter is not null then berth.filter_condition('label targets', filter, array(
		select format('(strpos(lower(concat_ws('' '', v.kind, v.target, v.pool, v.holder, v.state)), %L) > 0
			or berth.has_label_word(v.id, %1$L))', lower(w->>'text'))
		from jsonb_array_elements(filter->'words') w)) end;
	return query with found as (
		select * from berth.label_things(prefix, name, asked_value, condition, newer, edge, most)
		union all
		select l.id, l.seq, 'lease', l.target, l.pool, l.holder, l.state
		from berth.label_leases(prefix, name, asked_value, condition, newer, edge, most, patience) l
	), shown as (
		(select * from found where not newer order by found.seq desc limit most)
		union all
		(select * from found where newer order by found.seq limit most)
	)
	select s.*, berth.metadata('label', s.id) from shown s order by s.seq desc;
end $$;

-- Reports how far the window of targets before this statement has come, and how many leases have the label; 0: more
-- than are counted.
create or replace function berth.label_target_search(asked_key text, asked_value text, newer bool)
returns table (total bigint, more bool, reach bigint, above bool, looked bigint, rows bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	came record := berth.search_report(newer);
begin
	total := -1;
	more := true;
	reach := came.reach;
	above := (berth.search_report(not newer)).reach <> 0;
	looked := came.looked;
	select count(*) into rows from (select from berth.label b where b.kind = 'lease'
		and b.prefix = berth.key_prefix(asked_key) and b.name = berth.key_name(asked_key) and b.value = asked_value
		limit 10000) l;
	rows := case when rows < 10000 then rows else 0 end;
	return next;
end $$;
