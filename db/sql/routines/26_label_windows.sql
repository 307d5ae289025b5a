-- Which labels there are, for lists of any length: one step of an index for each key or value, however many targets
-- have it. No key and no value sorts after "~".

-- Returns true if a text is one that is looked for; the word is in lower case, null for all.
create or replace function berth.is_wanted(text text, word text, invert bool) returns bool
language sql immutable parallel safe return word is null or invert <> (strpos(lower(text), word) > 0);

-- Returns up to `most` keys of one kind of target after an edge, in their order or against it.
create or replace function berth.label_keys(asked_kind text, edge_prefix text default null, edge_name text default null,
	with_edge bool default false, backwards bool default false, most bigint default null, word text default null,
	invert bool default false)
returns table (prefix text, name text) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	missing bigint := coalesce(most, 9223372036854775807);
begin
	prefix := coalesce(edge_prefix, case when backwards then '~' else '' end);
	name := coalesce(edge_name, '');
	if with_edge and missing > 0 and berth.is_wanted(berth.key_text(prefix, name), word, invert) and exists (
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
		if berth.is_wanted(berth.key_text(prefix, name), word, invert) then
			return next;
			missing := missing - 1;
		end if;
	end loop;
end $$;

-- Returns up to `most` values of a key after an edge, in the same way.
create or replace function berth.label_values(asked_kind text, asked_prefix text, asked_name text,
	edge text default null, with_edge bool default false, backwards bool default false, most bigint default null,
	word text default null, invert bool default false)
returns setof text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	missing bigint := coalesce(most, 9223372036854775807);
	at text := coalesce(edge, case when backwards then '~' else '' end);
	steps bigint := 0;
begin
	-- The first value of all may be the empty one.
	if (with_edge or (edge is null and not backwards)) and missing > 0 and berth.is_wanted(at, word, invert)
		and exists (
			select from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value = at) then
		return next at;
		missing := missing - 1;
	end if;
	while missing > 0 loop
		steps := steps + 1;
		if word is not null and steps > 1000 then
			-- So many are not wanted that reading all of their part of the index is cheaper.
			return query execute format('select distinct b.value from berth.label b
				where b.kind = $1 and b.prefix = $2 and b.name = $3 and b.value %s $4
					and $5 <> (strpos(lower(b.value), $6) > 0)
				order by b.value %s limit $7',
				case when backwards then '<' else '>' end, case when backwards then 'desc' else 'asc' end)
			using asked_kind, asked_prefix, asked_name, at, invert, word, missing;
			return;
		end if;
		if backwards then
			select b.value into at from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value < at
			order by b.value desc limit 1;
		else
			select b.value into at from berth.label b
			where b.kind = asked_kind and b.prefix = asked_prefix and b.name = asked_name and b.value > at
			order by b.value limit 1;
		end if;
		exit when not found;
		if berth.is_wanted(at, word, invert) then
			return next at;
			missing := missing - 1;
		end if;
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

-- Returns why the arguments of a window of keys or values are refused, or null.
create or replace function berth.check_label_window(invert bool, with_edge bool, backwards bool, most bigint,
	counted bigint)
returns text language sql immutable parallel safe return coalesce(
	berth.check_bool('invert', invert),
	berth.check_bool('with_edge', with_edge),
	berth.check_bool('backwards', backwards),
	berth.check_count('most', most, 0, 1000000000),
	berth.check_count('counted', counted, 0, 1000000000));

-- Returns a window of keys and what they are on: up to `most` after an edge, in their order. At most `counted` targets
-- of a kind are counted, and at most `counted_values` values.
create or replace function berth.label_key_window(word text, invert bool, edge text, with_edge bool, backwards bool,
	most bigint, counted bigint, counted_values bigint)
returns table (id uuid, key text, value text, "values" bigint, targets bigint, leases bigint, resources bigint,
	pools bigint, projects bigint, organizations bigint, more text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
#variable_conflict use_column
begin
	perform berth.accept(coalesce(
		berth.check_label_window(invert, with_edge, backwards, most, counted),
		berth.check_count('counted_values', counted_values, 0, 1000000000)));
	return query with found as (
		select distinct k.prefix, k.name from berth.label_kinds() kind
		cross join lateral berth.label_keys(kind, case when edge is not null then berth.key_prefix(edge) end,
			berth.key_name(edge), with_edge, backwards, most, word, invert) k
	), shown as (
		(select * from found where not backwards order by prefix, name limit most)
		union all
		(select * from found where backwards order by prefix desc, name desc limit most)
	)
	select md5(berth.key_text(s.prefix, s.name))::uuid, berth.key_text(s.prefix, s.name), null::text, (
			select count(distinct v) from berth.label_kinds() kind
			cross join lateral berth.label_values(kind, s.prefix, s.name, most => counted_values + 1) v),
		c.targets, c.leases, c.resources, c.pools, c.projects, c.organizations, c.more
	from shown s cross join lateral berth.label_count(s.prefix, s.name, null, counted) c
	order by s.prefix, s.name;
end $$;

-- Returns a window of the values of a key, in the same way.
create or replace function berth.label_value_window(asked_key text, word text, invert bool, edge text, with_edge bool,
	backwards bool, most bigint, counted bigint)
returns table (id uuid, key text, value text, "values" bigint, targets bigint, leases bigint, resources bigint,
	pools bigint, projects bigint, organizations bigint, more text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set jit = off as $$
#variable_conflict use_column
declare
	prefix text := berth.key_prefix(asked_key);
	name text := berth.key_name(asked_key);
begin
	perform berth.accept(berth.check_label_window(invert, with_edge, backwards, most, counted));
	return query with found as (
		select distinct v as value from berth.label_kinds() kind
		cross join lateral berth.label_values(kind, prefix, name, edge, with_edge, backwards, most, word, invert) v
	), shown as (
		(select * from found where not backwards order by found.value limit most)
		union all
		(select * from found where backwards order by found.value desc limit most)
	)
	select md5(asked_key || '=' || s.value)::uuid, asked_key, s.value, 1::bigint,
		c.targets, c.leases, c.resources, c.pools, c.projects, c.organizations, c.more
	from shown s cross join lateral berth.label_count(prefix, name, s.value, counted) c
	order by s.value;
end $$;

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

-- Returns up to `most` live leases that have a label, and contain a word if one is given; see berth.search_chunks() for
-- `patience`.
create or replace function berth.label_leases(asked_prefix text, asked_name text, asked_value text, word text,
	invert bool, newer bool, edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint, target text, pool text, holder text, state text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	w record := berth.word_matches(word);
	source text := format('select b.target as id, b.seq from berth.label b where b.kind = ''lease'' and b.prefix = %L
		and b.name = %L and b.value = %L and b.seq %s $1 order by b.seq %s limit $2', asked_prefix, asked_name,
		asked_value, case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end);
	has_word text := case when word is null then 'true' else format('%L <> (%s)', invert, berth.lease_has_word()) end;
	known text[] := array[quote_literal(word), format('%L::uuid[]', w.pools), format('%L::uuid[]', w.hosts),
		quote_literal(w.is_id) || '::bool', quote_literal(w.is_value) || '::bool', format('%L::uuid[]', w.numbers),
		format('%L::uuid[]', w.fours)];
begin
	if word is not null then
		-- Its parameters are written in, those with two digits first.
		for n in reverse 12 .. 6 loop
			has_word := replace(has_word, '$' || n, known[n - 5]);
		end loop;
	end if;
	return query select l.id, l.seq, coalesce(berth.value_text(p.kind, coalesce(r.host, ''), l.value), ''), p.name,
		l.holder, l.state
	from berth.search_chunks(source, 's', format('(select l.state <> ''destroyed'' and %s from berth.lease l
		where l.id = s.id)', has_word), newer, edge, most, patience) c
	cross join lateral (select * from berth.lease where lease.id = c.id offset 0) l
	join berth.pool p on p.id = l.pool
	left join berth.resource r on r.id = l.resource;
end $$;

-- Returns a window of the live targets that have a label with this value. Targets other than leases come before all
-- leases, with numbers of their own, at most 10,000 of each kind. The search among the leases is bounded by `patience`.
create or replace function berth.label_target_window(asked_key text, asked_value text, word text, invert bool,
	newer bool, edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint, kind text, target text, pool text, holder text, state text, labels jsonb)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set jit = off as $$
#variable_conflict use_column
declare
	asked_prefix text := berth.key_prefix(asked_key);
	asked_name text := berth.key_name(asked_key);
begin
	perform berth.accept(coalesce(
		berth.check_bool('invert', invert),
		berth.check_bool('newer', newer),
		berth.check_count('most', most, 0, 1000000000),
		berth.check_most(patience)));
	return query with things as (
		select b.kind, b.target, t.target as called, t.pool, t.state,
			4611686018427387904 + row_number() over (order by b.kind desc, t.pool desc, t.target desc, b.target) as seq
		from berth.label_kinds() k
		cross join lateral (select * from berth.label where label.kind = k and prefix = asked_prefix
			and name = asked_name and label.value = asked_value limit 10000) b
		cross join lateral berth.label_thing(b.kind, b.target) t
		where k <> 'lease' and berth.is_live(b.kind, b.target)
	), found as (
		select t.target as id, t.seq, t.kind, t.called as target, coalesce(t.pool, '') as pool, '' as holder,
			coalesce(t.state, '') as state
		from things t
		where (edge is null or case when newer then t.seq > edge else t.seq < edge end)
			and (word is null or invert <> (strpos(lower(t.called), word) > 0 or strpos(lower(t.pool), word) > 0))
		union all
		select l.id, l.seq, 'lease', l.target, l.pool, l.holder, l.state
		from berth.label_leases(asked_prefix, asked_name, asked_value, word, invert, newer, edge, most, patience) l
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
