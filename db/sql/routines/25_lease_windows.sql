-- Windows of leases in the order of their birth, for lists of any length.
--
-- Live and past leases have an index each, which serves only a query that names one of them and a direction. So
-- statements are put together here, from the pieces in this file and nothing else.

-- Returns the condition that a lease belongs to a project; '' for null.
create or replace function berth.lease_of(asked_project uuid) returns text language sql immutable return
	case when asked_project is null then '' else format(' and l.project = %L', asked_project) end;

-- Returns the condition on leases that are read. Its parameters $1 to $3 are those of berth.lease_scan().
create or replace function berth.lease_filter(live bool, asked_project uuid) returns text
language sql immutable return format('l.state %s ''destroyed'' and l.state = any ($1) and ($2 is null or l.pool = $2)'
		|| ' and ($3 is null or l.holder collate "C" = $3)', case when live then '<>' else '=' end)
	|| berth.lease_of(asked_project);

-- Returns a query for up to $7 rows (id, seq) after $6 in one direction: of all leases, of those that have a label with
-- the key of the requirement `d`, or of those whose label has one of its values.
create or replace function berth.lease_source(kind text, live bool, newer bool, asked_project uuid) returns text
language sql immutable return format(
	case kind
	when 'all' then
		'select l.id, l.seq from berth.lease l where l.state %3$s ''destroyed'' and ($2 is null or l.pool = $2)'
		|| berth.lease_of(asked_project) || ' and l.seq %1$s $6 order by l.seq %2$s limit $7'
	when 'key' then
		'select b.target as id, b.seq from berth.label b
		where b.kind = ''lease'' and b.prefix = d.prefix and b.name = d.name and b.seq %1$s $6
		order by b.seq %2$s limit $7'
	else
		'select v.id, v.seq from unnest(d."values") asked (value) cross join lateral (
			select b.target as id, b.seq from berth.label b
			where b.kind = ''lease'' and b.prefix = d.prefix and b.name = d.name and b.value = asked.value
				and b.seq %1$s $6
			order by b.seq %2$s limit $7) v
		order by v.seq %2$s limit $7'
	end,
	case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end,
	case when live then '<>' else '=' end);

-- Returns the source that reaches farthest with up to $7 rows after $6: `kind` and `n`, the requirement; whether there
-- is `more` after them, and the `reach`. Its parameters are those of berth.lease_scan().
create or replace function berth.lease_step_query(live bool, newer bool, asked_project uuid) returns text
language sql immutable return format('
	with d as (select * from rows from (jsonb_to_recordset($8) as (op text, prefix text, name text, "values" text[]))
		with ordinality as d (op, prefix, name, "values", n))
	select w.kind, w.n, w.rows = $7 as more, w.reach from (
		select ''all'' as kind, 0 as n, count(*) as rows, %1$s(s.seq) as reach from (%2$s) s
		union all
		select ''key'', d.n, s.* from d cross join lateral (select count(*), %1$s(s.seq) from (%3$s) s) s
		where d.op in (''exists'', ''greater'', ''less'', ''at_least'', ''at_most'')
		union all
		select ''value'', d.n, s.* from d cross join lateral (select count(*), %1$s(s.seq) from (%4$s) s) s
		where d.op in (''equals'', ''in'')) w
	order by w.rows, w.reach %5$s, w.n desc limit 1',
	case when newer then 'max' else 'min' end, berth.lease_source('all', live, newer, asked_project),
	berth.lease_source('key', live, newer, asked_project), berth.lease_source('value', live, newer, asked_project),
	case when newer then 'desc' else 'asc' end);

-- Returns up to `most` leases, newest first, or with `newer` those created next after `edge`.
--
-- With a selector it follows the source that is rarest there: in each step every requirement that has an index tells
-- how far its next labels reach, as do the leases themselves, and the rows of the source that reaches farthest are
-- checked one by one. So the place of the matches among a million leases does not matter, nor which of fifty
-- requirements is the rare one.
create or replace function berth.lease_scan(live bool, states text[], asked_pool uuid, asked_holder text,
	newer bool, edge bigint, most bigint, selector jsonb, asked_project uuid default null)
returns table (id uuid, seq bigint) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	filter text := berth.lease_filter(live, asked_project);
	way text := case when newer then 'asc' else 'desc' end;
	chunk bigint := least(greatest(2 * least(most, 500), 200), 1000);
	step record;
	asked jsonb;
	rows_found bigint;
begin
	if selector is null then
		return query execute format('select l.id, l.seq from berth.lease l
				where %s and ($4 is null or l.seq %s $4) order by l.seq %s limit $5',
			filter, case when newer then '>' else '<' end, way)
		using states, asked_pool, asked_holder, edge, most;
		return;
	end if;
	edge := coalesce(edge, case when newer then -1 else 9223372036854775807 end);
	loop
		execute berth.lease_step_query(live, newer, asked_project)
		into step using states, asked_pool, asked_holder, null, null, edge, chunk, selector;
		asked := selector->(step.n::int - 1);
		-- A statement of its own: rows that come in the order of an index need no sort, and end with the page. Each
		-- lease is found by its id, whatever statistics say of a table that has just been filled.
		return query execute format('
			select l.id, l.seq from (%s) s
			cross join lateral (select * from berth.lease where lease.id = s.id offset 0) l
			where %s and not exists (select from berth.unmet_requirements($8, l.id)) order by s.seq %s limit $9',
			replace(replace(replace(berth.lease_source(step.kind, live, newer, asked_project),
				'd.prefix', '$10'), 'd.name', '$11'), 'd."values"', '$12'),
			filter, way)
		using states, asked_pool, asked_holder, null, null, edge, chunk, selector, most, asked->>'prefix',
			asked->>'name', array(select jsonb_array_elements_text(asked->'values'));
		get diagnostics rows_found = row_count;
		most := most - rows_found;
		exit when not step.more or most <= 0;
		edge := step.reach;
		chunk := least(4 * chunk, 20000);
	end loop;
end $$;

-- Returns the lease labels that contain a word, as selectors of one requirement each. Returns null when a key has so
-- many values that a search should not begin with them.
create or replace function berth.label_selectors(word text) returns jsonb[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	selectors jsonb[] := '{}';
	k record;
	held text[];
	is_key bool;
begin
	for k in select * from berth.label_keys('lease') loop
		is_key := strpos(lower(berth.key_text(k.prefix, k.name)), word) > 0;
		held := '{}';
		if not is_key then
			held := array(select v from berth.label_values('lease', k.prefix, k.name, most => 101) v);
			if cardinality(held) > 100 then
				return null;
			end if;
			held := array(select v from unnest(held) v where strpos(lower(v), word) > 0);
		end if;
		if is_key or held <> '{}' then
			selectors := selectors || jsonb_build_array(jsonb_build_object('op', case when is_key then 'exists'
				else 'in' end,
				'prefix', k.prefix, 'name', k.name, 'values', held));
		end if;
	end loop;
	return selectors;
end $$;

-- Returns where a word, given in lower case, can be found in leases. This is computed once, so that each lease is
-- checked no more than necessary.
create or replace function berth.word_matches(word text, out pools uuid[], out hosts uuid[], out is_id bool,
	out is_value bool, out numbers uuid[], out fours uuid[])
language sql stable begin atomic
	select array(select p.id from berth.pool p where strpos(lower(p.name), word) > 0 or strpos(p.kind, word) > 0),
		array(select r.id from berth.resource r where r.host <> '' and strpos(lower(r.host), word) > 0),
		word ~ '^[0-9a-f-]+$', word ~ '^[0-9a-f.:/-]+$' or word ~ ':[0-9]*$',
		array(select p.id from berth.pool p where p.kind = 'number' and p.unit is null),
		array(select p.id from berth.pool p where p.kind = 'ipv4' and p.unit is null);
end;

-- Returns a window of leases, see berth.lease_scan() and berth.lease_find(), by the names of a pool and a project; none
-- for an unknown name.
create or replace function berth.lease_window(live bool, states text[], asked_pool text, asked_holder text,
	filter jsonb, newer bool, edge bigint, most bigint, selector jsonb, asked_project text, patience bigint)
returns table (id uuid, seq bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	pool uuid;
	project uuid;
begin
	perform berth.accept(coalesce(
		berth.check_bool('live', live),
		berth.check_filter('leases', filter),
		berth.check_bool('newer', newer),
		berth.check_most(most),
		berth.check_selector(selector),
		berth.check_most(patience)));
	select p.id into pool from berth.pool p where p.name = asked_pool and p.destroyed is null;
	project := (berth.find_project(asked_project)).id;
	if (asked_pool is not null and pool is null) or (asked_project is not null and project is null) then
		return;
	elsif filter is null and selector is null and live and asked_pool is null and asked_project is null
		and asked_holder is not null then
		return query select w.id, w.seq from berth.holder_scan(states, asked_holder, newer, edge, most) w;
		return;
	elsif filter is null then
		return query select w.id, w.seq
		from berth.lease_scan(live, states, pool, asked_holder, newer, edge, most, selector, project) w;
		return;
	end if;
	return query select w.id, w.seq from berth.lease_find(live, states, pool, asked_holder, project,
		coalesce(selector, '[]'), filter, newer, edge, most, patience) w;
end $$;
