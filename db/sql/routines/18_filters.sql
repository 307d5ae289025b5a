-- Filters of lists, as model/syntax/filter.c writes them:
--
--     {"invert": bool, "words": [{"text", "kind", "first", "last", "host"}], "terms": [{"field", "op", "values"}],
--      "labels": a selector}
--
-- A word that is a value or range has its kind, first, last and host. All terms must hold. A filter becomes a condition
-- on one row. It is put together from the expressions in this table; a text of the caller is quoted by %L.

-- Returns the fields of `leases` l, `pools` v, `commands` c, `resources` v with r, `projects` j of o, `alerts` a, and
-- of `holders`, `label keys`, `label values` and `label targets` v: their name, the type of their values, and the
-- expression. One of type word is an array: the state, and what screens show for it. A count that was not finished is
-- more than any number.
create or replace function berth.filter_fields(rows text) returns table (field text, type text, expression text)
language sql immutable parallel safe begin atomic
	select f.field, f.type, f.expression from (values
		('leases', 'state', 'word', 'berth.lease_words(l)'),
		('leases', 'pool', 'pool', 'p.name'),
		('leases', 'value', 'value', null),
		('leases', 'holder', 'name', 'l.holder'),
		('leases', 'project', 'name', 'case when l.project is not null then berth.project_text(l.project) end'),
		('leases', 'held', 'span', 'coalesce(l.destroyed, now()) - l.acquired'),
		('leases', 'expires', 'time', 'l.until'),
		('leases', 'priority', 'number', 'l.priority'),
		('leases', 'kind', 'pool', 'p.kind'),
		('pools', 'name', 'name', 'v.name'),
		('pools', 'kind', 'word', 'array[v.kind]'),
		('pools', 'space', 'name', 'v.space'),
		('pools', 'status', 'word', 'berth.pool_words(v.status, v.capacity)'),
		('pools', 'used', 'number', 'v.used'),
		('pools', 'used%', 'number', 'v.percent::numeric'),
		('pools', 'free', 'number', 'v.free'),
		('pools', 'size', 'number', 'v.capacity'),
		('pools', 'waiting', 'number', 'v.pending'),
		('pools', 'runs-out', 'time', 'case v.status when ''exhausted'' then now() else v.runs_out end'),
		('commands', 'state', 'word', 'berth.command_words(c)'),
		('commands', 'action', 'word', 'array[c.action]'),
		('commands', 'target', 'part', 'berth.command_target_text(c)'),
		('commands', 'by', 'name', 'c.author'),
		('commands', 'lag', 'span', 'berth.command_lag(c)'),
		('commands', 'tries', 'number', 'c.attempts'),
		('commands', 'error', 'part', 'c.explanation'),
		('resources', 'name', 'name', 'v.name'),
		('resources', 'pool', 'name', 'v.pool'),
		('resources', 'kind', 'word', 'array[r.kind]'),
		('resources', 'state', 'word', 'berth.resource_words(v.state, v.cordoned)'),
		('resources', 'used', 'number', 'v.used'),
		('resources', 'used%', 'number', '100 * v.used / v.capacity'),
		('resources', 'free', 'number', 'v.free'),
		('resources', 'size', 'number', 'v.capacity'),
		('projects', 'name', 'name', 'j.name'),
		('projects', 'org', 'name', 'o.name'),
		('projects', 'state', 'word', 'berth.project_words(j)'),
		('projects', 'leases', 'number', 'berth.project_use(j)'),
		('projects', 'limit', 'number', 'j.max_leases'),
		('projects', 'used%', 'number', 'berth.project_percent(j)'),
		('alerts', 'kind', 'word', 'array[a.kind, berth.alert_word(a.kind)]'),
		('alerts', 'severity', 'word', 'array[a.severity]'),
		('alerts', 'target', 'part', 'a.target'),
		('alerts', 'for', 'span', 'now() - a.since'),
		('holders', 'holder', 'name', 'v.holder'),
		('holders', 'leases', 'number', 'case when v.more then 1e38 else v.leases end'),
		('holders', 'oldest', 'span', 'now() - v.oldest'),
		('holders', 'idle', 'span', 'now() - v.newest'),
		('holders', 'expires', 'time', 'v.next_expiry'),
		('holders', 'pool', 'word', 'array(select jsonb_array_elements_text(v.pools))'),
		('label keys', 'key', 'name', 'v.key'),
		('label keys', 'values', 'number', 'case when v.more_values then 1e38 else v."values" end'),
		('label values', 'value', 'name', 'v.value'),
		('label targets', 'kind', 'word', 'array[v.kind]'),
		('label targets', 'target', 'part', 'v.target'),
		('label targets', 'pool', 'name', 'v.pool'),
		('label targets', 'holder', 'name', 'v.holder'),
		('label targets', 'state', 'word', 'array[v.state]')
	) f (rows, field, type, expression) where f.rows = filter_fields.rows
	union all
	select c.field, 'number', case when c.kind is null then 'case when v.more <> '''' then 1e38 else v.targets end'
		else format('case when strpos(v.more, %L) > 0 then 1e38 else v.%I end', c.kind, c.member) end
	from (values ('targets', null, null), ('leases', 'lease', 'leases'), ('resources', 'resource', 'resources'),
		('pools', 'pool', 'pools'), ('projects', 'project', 'projects'), ('orgs', 'org', 'organizations'))
		c (field, kind, member)
	where filter_fields.rows in ('label keys', 'label values');
end;

-- Returns the operator of that name in SQL.
create or replace function berth.filter_operator(op text) returns text
language sql immutable parallel safe return case op when '<' then '<' when '>' then '>' when '<=' then '<='
	when '>=' then '>=' else '=' end;

-- Returns a value of a term as an expression of the type. A time is "+US" from now, "@US" since 1970, or "never".
create or replace function berth.filter_literal(type text, value text) returns text
language sql immutable parallel safe return case type
	when 'number' then format('%L::numeric', value)
	when 'span' then format('(%L::bigint * interval ''1 microsecond'')', value)
	when 'time' then format('(%s + %L::bigint * interval ''1 microsecond'')',
		case left(value, 1) when '+' then 'now()' else 'timestamptz ''1970-01-01 00:00:00+00''' end, substr(value, 2))
	else format('%L collate "C"', value) end;

-- Returns the condition of a term on a field of that type, without regard to `!=` and `notin`; see filter_condition().
create or replace function berth.filter_term(type text, expression text, term jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	asked text[] := array(select jsonb_array_elements_text(term->'values'));
	op text := berth.filter_operator(term->>'op');
begin
	return case
		when type = 'word' then format('%s && %L::text[]', expression, asked)
		when type = 'part' then format('strpos(lower(%s), %L) > 0', expression, lower(asked[1]))
		when type = 'pool' then format('l.pool = any (%L::uuid[])', berth.filter_pools(expression, op, asked))
		when type = 'value' then berth.filter_value(op, asked)
		when type = 'name' and op = '=' then format('coalesce(%s, '''') = any (%L::text[])', expression, asked)
		when type = 'name' then format('coalesce(%s, '''') collate "C" %s %s', expression, op,
			berth.filter_literal(type, asked[1]))
		when asked[1] = 'never' then format('%s is null', expression)
		else format('%s %s %s', expression, op, berth.filter_literal(type, asked[1])) end;
end $$;

-- Returns the pools whose name or kind, `expression`, meets a term. Pools are few, and leases many.
create or replace function berth.filter_pools(expression text, op text, asked text[]) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	pools uuid[];
begin
	execute format('select array(select p.id from berth.pool p where case when $1 = ''='' then %1$s = any ($2)
		else %1$s collate "C" %2$s $2[1] end)', expression, op) into pools using op, asked;
	return pools;
end $$;

-- Returns the condition that the value of a lease is in a range, or compares with its only value. A block is in a range
-- if a value of it is, and compares by its first value.
create or replace function berth.filter_value(op text, asked text[]) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	bound text := case op when '=' then 'l.value between %3$L::numeric - %2$s and %4$L::numeric'
		else 'l.value ' || op || ' %3$L::numeric' end;
begin
	if asked[1] = 'host' then
		return format('l.resource = any (%1$L::uuid[]) and ' || bound,
			array(select r.id from berth.resource r where r.kind = 'host' and lower(r.host) = lower(asked[4])), 0,
			asked[2], asked[3]);
	end if;
	return (select coalesce('(' || string_agg(format('l.pool = any (%1$L::uuid[]) and ' || bound, of_unit.pools,
			of_unit.block - 1, asked[2], asked[3]), ' or ') || ')', 'false')
		from (select p.block, array_agg(p.id) as pools from berth.pool p where p.kind = asked[1] group by p.block)
			of_unit);
end $$;

-- Returns the condition of a filter: true, false or null for a row that it does not match. `words` are the conditions
-- of its words.
create or replace function berth.filter_condition(rows text, filter jsonb, words text[]) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	parts text[] := words;
	term jsonb;
	f record;
begin
	for term in select * from jsonb_array_elements(filter->'terms') loop
		select * into f from berth.filter_fields(rows) d where d.field = term->>'field';
		parts := parts || format(case when term->>'op' in ('!=', 'notin') then '(%s) is not true' else '(%s)' end,
			berth.filter_term(f.type, f.expression, term));
	end loop;
	if filter->'labels' <> '[]' then
		parts := parts || format('not exists (select from berth.unmet_requirements(%L, %s.id))', filter->'labels',
			case rows when 'leases' then 'l' when 'projects' then 'j' when 'resources' then 'r' else 'v' end);
	end if;
	return format(case when (filter->'invert')::bool then '(%s) is not true' else '(%s) is true' end,
		coalesce(nullif(array_to_string(parts, ' and '), ''), 'true'));
end $$;

-- Checks the values of a term.
create or replace function berth.check_filter_values(type text, op text, asked text[]) returns text
language sql immutable parallel safe return berth.check_that('filter', case
	when asked is null or cardinality(asked) = 0 or array_position(asked, null) is not null then false
	when cardinality(asked) > 1 and type <> 'value' and op not in ('in', 'notin') then false
	when op in ('in', 'notin') then type in ('word', 'name', 'pool')
	when type = 'number' then asked[1] ~ '^[0-9]{1,39}([.][0-9]{1,12})?$'
	when type = 'span' then asked[1] ~ '^[0-9]{1,17}$'
	when type = 'time' then asked[1] ~ '^[+@][0-9]{1,18}$' or (asked[1] = 'never' and op in ('=', '!='))
	when type = 'value' then cardinality(asked) = 4 and asked[2] ~ '^[0-9]{1,39}$' and asked[3] ~ '^[0-9]{1,39}$'
		and asked[1] = any (array['ipv4', 'ipv6', 'number', 'host'])
	when type in ('word', 'part') then op in ('=', '!=')
	else true end, 'the field has no such values');

-- Checks one term.
create or replace function berth.check_filter_term(rows text, term jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	kind text := (select f.type from berth.filter_fields(rows) f where f.field = berth.json_text(term->'field'));
begin
	if jsonb_typeof(term) is distinct from 'object' or kind is null then
		return 'filter: a term has a field of the list';
	end if;
	return coalesce(
		berth.check_word('filter operator', berth.json_text(term->'op'),
			array['=', '!=', '<', '>', '<=', '>=', 'in', 'notin']),
		berth.check_texts('filter values', term->'values'),
		berth.check_filter_values(kind, term->>'op', array(select jsonb_array_elements_text(term->'values'))));
end $$;

-- Checks one word; a value or range that it is.
create or replace function berth.check_filter_word(word jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	if jsonb_typeof(word) is distinct from 'object' then
		return 'filter: a word is an object';
	end if;
	return coalesce(
		berth.check_text('filter word', berth.json_text(word->'text'), 16384),
		case when word ? 'kind' then coalesce(
			berth.check_kind(berth.json_text(word->'kind')),
			berth.check_that('filter word', berth.json_text(word->'first') ~ '^[0-9]{1,39}$'
				and berth.json_text(word->'last') ~ '^[0-9]{1,39}$' and berth.json_text(word->'host') is not null,
				'a range has its first and last value')) end);
end $$;

-- Checks a whole filter; null is none.
create or replace function berth.check_filter(rows text, filter jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	failed text;
begin
	if filter is null then
		return null;
	elsif jsonb_typeof(filter) <> 'object' then
		return 'filter: an object is needed';
	elsif jsonb_typeof(filter->'invert') is distinct from 'boolean'
		or jsonb_typeof(filter->'words') is distinct from 'array'
		or jsonb_typeof(filter->'terms') is distinct from 'array'
		or jsonb_typeof(filter->'labels') is distinct from 'array' then
		return 'filter: it has "invert", "words", "terms" and "labels"';
	elsif octet_length(filter::text) > 1048576 then
		return 'filter: at most 1048576 bytes are allowed';
	elsif jsonb_array_length(filter->'words') + jsonb_array_length(filter->'terms')
		+ jsonb_array_length(filter->'labels') > 1024 then
		return 'filter: at most 1024 terms are allowed';
	end if;
	for place in 0 .. jsonb_array_length(filter->'words') - 1 loop
		failed := coalesce(failed, berth.check_filter_word(filter->'words'->place));
	end loop;
	for place in 0 .. jsonb_array_length(filter->'terms') - 1 loop
		failed := coalesce(failed, berth.check_filter_term(rows, filter->'terms'->place));
	end loop;
	return coalesce(failed, berth.check_selector(filter->'labels'));
end $$;
