-- Checks of arguments. Each granted function makes all of its checks before it does anything else: the program checks
-- the same, but everyone in a role can call the function without it.
--
-- A check returns why it refuses a value, or null. `what` names the argument for people. coalesce() of several reads
-- like a table and returns the first that fails:
--
--     perform berth.accept(coalesce(
--         berth.check_id('id', asked_id),
--         berth.check_name('pool', asked_pool)));
--
-- The server inlines checks without a subquery: together they cost less than one call.

-- Raises invalid_input when a check has failed.
create or replace function berth.accept(failed text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if failed is not null then
		perform berth.refuse('invalid_input', failed);
	end if;
end $$;

-- Returns the start of a foreign text in quotes, for a message. Quotes in the text get a backslash.
create or replace function berth.quoted(value text) returns text
language sql immutable parallel safe return
	coalesce('"' || replace(left(value, 80), '"', chr(92) || '"') || '"', 'nothing');

-- Returns the rule as the reason when a condition is not true.
create or replace function berth.check_that(what text, good bool, rule text) returns text
language sql immutable parallel safe return case when good then null else what || ': ' || rule end;

-- Checks an id. The nil UUID stands for no id.
create or replace function berth.check_id(what text, value uuid) returns text
language sql immutable parallel safe return berth.check_that(what, value <> '00000000-0000-0000-0000-000000000000',
	'a UUID other than nil is needed');

-- Checks the ids of one request for many leases.
create or replace function berth.check_ids(ids uuid[]) returns text
language sql immutable parallel safe return berth.check_that('ids', array_ndims(ids) = 1 and array_lower(ids, 1) = 1
		and cardinality(ids) <= 10000 and cardinality(ids) = (select count(distinct id) from unnest(ids) id
			where id <> '00000000-0000-0000-0000-000000000000'),
	'1 to 10000 different UUIDs other than nil are needed');

-- Returns true for a name of a pool, space, host, organization or project.
create or replace function berth.is_name(value text) returns bool
language sql immutable parallel safe return value ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$' and octet_length(value) <= 63;

create or replace function berth.check_name(what text, value text) returns text
language sql immutable parallel safe return case when berth.is_name(value) then null
	else what || ' ' || berth.quoted(value) || ': a name is 1 to 63 letters, digits, ".", "_" and "-",'
		|| ' and begins with a letter or digit' end;

create or replace function berth.check_project(what text, value text) returns text
language sql immutable parallel safe return case
	when strpos(value, '/') > 0 and berth.is_name(split_part(value, '/', 1))
		and berth.is_name(substr(value, strpos(value, '/') + 1)) then null
	else what || ' ' || berth.quoted(value) || ': expected ORG/NAME' end;

create or replace function berth.check_worker(value text) returns text
language sql immutable parallel safe return case
	when value ~ '^[A-Za-z0-9][A-Za-z0-9._:-]*$' and octet_length(value) <= 128 then null
	else 'worker ' || berth.quoted(value) || ': that is no name of a worker' end;

create or replace function berth.check_text(what text, value text, most int) returns text
language sql immutable parallel safe return case when char_length(value) <= most then null
	else what || ': a text of at most ' || most::text || ' characters is needed' end;

create or replace function berth.check_number(what text, value numeric, low numeric, high numeric) returns text
language sql immutable parallel safe return case when value between low and high then null
	else what || ': a number from ' || low::text || ' to ' || high::text || ' is needed' end;

create or replace function berth.check_count(what text, value bigint, low bigint, high bigint) returns text
language sql immutable parallel safe return case when value between low and high then null
	else what || ': a number from ' || low::text || ' to ' || high::text || ' is needed' end;

-- Checks a duration in microseconds. The longest is 1,000,000 days: any time of check_time() plus it is a time.
create or replace function berth.check_duration(what text, value bigint, low bigint) returns text
language sql immutable parallel safe return
	berth.check_count(what || ' in microseconds', value, low, 86400000000000000);

-- Checks a time that can be written as RFC 3339, or null.
create or replace function berth.check_time(what text, value timestamptz) returns text
language sql immutable parallel safe return berth.check_that(what, value is null
	or (value >= timestamptz '1970-01-01 00:00:00+00' and value < timestamptz '10000-01-01 00:00:00+00'),
	'a time from 1970 to 9999 is needed');

create or replace function berth.check_bool(what text, value bool) returns text
language sql immutable parallel safe return berth.check_that(what, value is not null, 'true or false is needed');

create or replace function berth.check_word(what text, value text, known text[]) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return case when value = any (known) then null
		else what || ' ' || berth.quoted(value) || ': it is one of ' || array_to_string(known, ', ') end;
end $$;

create or replace function berth.check_kind(value text) returns text
language sql immutable parallel safe return berth.check_word('kind', value, array['ipv4', 'ipv6', 'number', 'host']);

-- Checks who asked, from where and why, which the program sends with each change.
create or replace function berth.check_detail(value jsonb) returns text
language sql stable parallel safe return berth.check_that('detail',
	jsonb_typeof(value) = 'object' and pg_column_size(value) <= 8192, 'an object of at most 8192 bytes is needed');

-- Checks the number of rows that a list may have; null is all.
create or replace function berth.check_most(value bigint) returns text
language sql immutable parallel safe return
	berth.check_that('limit', value is null or value >= 0, 'a number from 0 is needed');

-- Returns the last value of a kind, or null for an unknown kind.
create or replace function berth.last_of(kind text) returns numeric
language sql immutable parallel safe return case kind
	when 'ipv4' then 4294967295
	when 'ipv6' then 340282366920938463463374607431768211455
	when 'number' then 9223372036854775807
	when 'host' then 9223372036854775807
end;

-- Checks a value of a kind: a whole number in its bounds. A slot of a host is counted from 1 and has the host's name.
create or replace function berth.check_value(kind text, host text, value numeric) returns text
language sql immutable parallel safe return berth.check_that('value',
	case when kind = 'host' then berth.is_name(host) else host = '' end
		and value between (kind = 'host')::int and berth.last_of(kind) and value = trunc(value),
	'it is no value of kind ' || coalesce(kind, 'unknown'));

-- Checks the last value of a block that begins at a value; null is none. Slots have no blocks.
create or replace function berth.check_last(kind text, first numeric, last numeric) returns text
language sql immutable parallel safe return case when last is not null then berth.check_that('value',
	kind <> 'host' and last between first and berth.last_of(kind) and last = trunc(last),
	'it is no block of kind ' || coalesce(kind, 'unknown')) end;

-- Checks a range from its first value to its last.
create or replace function berth.check_range(kind text, name text, host text, first numeric, last numeric) returns text
language sql immutable parallel safe return berth.check_that('range ' || berth.quoted(name),
	name ~ '^[0-9A-Za-z._:/-]+$' and octet_length(name) <= 100
		and case when kind = 'host' then berth.is_name(host) and first = 1 else host = '' end
		and first between 0 and last and last <= berth.last_of(kind) and first = trunc(first) and last = trunc(last),
	'it is no range of kind ' || coalesce(kind, 'unknown'));

-- Checks the unit of a pool of a kind, "/64" or "64"; null is none.
create or replace function berth.check_unit(kind text, unit text) returns text
language sql immutable parallel safe return case when unit is null or case kind
		when 'ipv4' then unit ~ '^/([0-9]|[12][0-9]|3[0-2])$'
		when 'ipv6' then unit ~ '^/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$'
		when 'number' then unit ~ '^[1-9][0-9]{0,17}$' and unit <> '1' else false end then null
	else 'unit ' || berth.quoted(unit) || ': it is none of kind ' || coalesce(kind, 'unknown') end;

-- Returns a member of an object as a number, or null for anything else.
create or replace function berth.json_number(value jsonb) returns numeric
language sql immutable parallel safe return case jsonb_typeof(value) when 'number' then value::numeric end;

-- Returns a member of an object as a whole number, or null for anything else.
create or replace function berth.json_whole(value jsonb) returns numeric
language sql immutable parallel safe return
	case when jsonb_typeof(value) = 'number' and value::numeric % 1 = 0 then value::numeric end;

-- Returns a member of an object as a text, or null for anything else.
create or replace function berth.json_text(value jsonb) returns text
language sql immutable parallel safe return case jsonb_typeof(value) when 'string' then value #>> '{}' end;

-- Checks ranges as the program writes them: [{"name", "first", "last", "host"}].
create or replace function berth.check_ranges(kind text, ranges jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(ranges) is distinct from 'array' then 'ranges: a list is needed'
	else (
		select failed from jsonb_array_elements(ranges) r
		cross join lateral (select berth.check_range(kind, berth.json_text(r->'name'), berth.json_text(r->'host'),
			berth.json_number(r->'first'), berth.json_number(r->'last')) as failed) c
		where failed is not null limit 1)
end;

-- Checks values and ranges in pools that are excluded: [{"name", "first", "last", "host", "reason"}]. The slots of a
-- host may begin anywhere.
create or replace function berth.check_portions(kind text, ranges jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(ranges) is distinct from 'array' then 'ranges: a list is needed'
	else (
		select failed from jsonb_array_elements(ranges) r
		cross join lateral (select coalesce(
			berth.check_that('range', berth.json_text(r->'name') ~ '^[0-9A-Za-z._:/-]{1,100}$', 'a name is needed'),
			berth.check_value(kind, berth.json_text(r->'host'), berth.json_number(r->'first')),
			berth.check_value(kind, berth.json_text(r->'host'), berth.json_number(r->'last')),
			berth.check_that('range', berth.json_number(r->'first') <= berth.json_number(r->'last'),
				'it ends before it begins'),
			case when r ? 'reason' then berth.check_text('reason', berth.json_text(r->'reason'), 1000) end) as failed) c
		where failed is not null limit 1)
end;

-- Checks a key of labels or annotations: NAME or PREFIX/NAME, the prefix a DNS name.
create or replace function berth.check_key(what text, key text) returns text
language sql immutable parallel safe return case
	when strpos(key, '/') <= 254 and key ~ ('^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
		|| '([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$')
			then null
	else what || ' key ' || berth.quoted(key) || ': expected NAME or PREFIX/NAME; a name is 1 to 63 letters, digits,'
		|| ' "-", "_" and ".", with a letter or digit at both ends, and a prefix is a DNS name' end;

create or replace function berth.check_label_value(value text) returns text
language sql immutable parallel safe return case
	when value ~ '^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$' and octet_length(value) <= 63 then null
	else 'label value ' || berth.quoted(value) || ': it is empty, or at most 63 letters, digits, "-", "_" and ".",'
		|| ' with a letter or digit at both ends' end;

-- Checks labels or annotations that are to be set: {KEY: VALUE}.
create or replace function berth.check_labels(what text, object jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(object) is distinct from 'object' then what || 's: an object is needed'
	else (
		select failed from jsonb_each(object) e cross join lateral (select coalesce(
			berth.check_key(what, e.key),
			case what when 'label' then berth.check_label_value(berth.json_text(e.value))
				else berth.check_text('annotation', berth.json_text(e.value), 5000) end) as failed) c
		where failed is not null limit 1)
end;

-- Checks what a row of an import excludes of its range: [{"first", "last"}].
create or replace function berth.check_row_exclude(r jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(r->'exclude') is distinct from 'array' then 'exclude: a list is needed'
	else (
		select berth.check_that('exclude', false, 'ranges of the row are needed')
		from jsonb_array_elements(r->'exclude') e
		where (berth.json_whole(e->'first') between berth.json_number(r->'first') and berth.json_whole(e->'last')
			and berth.json_whole(e->'last') <= berth.json_number(r->'last')) is not true limit 1)
end;

-- Checks one row of an import, see berth.pool_import().
create or replace function berth.check_row(r jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(r) is distinct from 'object' then 'row: an object is needed'
	else coalesce(
		berth.check_number('line', berth.json_whole(r->'line'), 1, 9223372036854775807),
		case when r ? 'error' then coalesce(
				berth.check_text('pool', berth.json_text(r->'pool'), 10000000),
				berth.check_text('name', berth.json_text(r->'name'), 10000000),
				berth.check_that('error', berth.json_text(r->'error'->'code') in ('invalid_input', 'limit_exceeded')
					and berth.json_text(r->'error'->'message') is not null
					and jsonb_typeof(r->'error'->'detail') = 'object', 'a code, a message and a detail are needed'))
			else coalesce(
				berth.check_name('pool', berth.json_text(r->'pool')),
				berth.check_name('space', berth.json_text(r->'space')),
				berth.check_kind(berth.json_text(r->'kind')),
				berth.check_range(r->>'kind', berth.json_text(r->'name'), berth.json_text(r->'host'),
					berth.json_number(r->'first'), berth.json_number(r->'last')),
				berth.check_labels('label', r->'labels'),
				case when r ? 'exclude' then berth.check_row_exclude(r) end,
				berth.check_unit(r->>'kind', r->>'unit'),
				berth.check_that('labels', berth.key_count(r->'labels') <= 50, 'at most 50 are allowed')) end)
end;

-- Checks all rows of an import. One statement finds those that are not plainly right, whatever the number of rows; only
-- these are checked one by one.
create or replace function berth.check_rows(list jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	place int;
	failed text;
begin
	if jsonb_typeof(list) is distinct from 'array' then
		return 'rows: a list is needed';
	end if;
	for place in
		select n from rows from (jsonb_to_recordset(list) as (line numeric, pool text, kind text, space text, name text,
				first numeric, last numeric, host text, labels jsonb, exclude jsonb, unit text, error jsonb))
			with ordinality as r (line, pool, kind, space, name, first, last, host, labels, exclude, unit, error, n)
		where coalesce(r.line % 1 <> 0 or r.line not between 1 and 9223372036854775807, true) or error is not null
			or exclude is not null
			or berth.is_name(r.pool) is not true or berth.is_name(r.space) is not true
			or berth.check_range(r.kind, r.name, r.host, r.first, r.last) is not null
			or berth.check_unit(r.kind, r.unit) is not null
			or jsonb_typeof(labels) is distinct from 'object' or (labels <> '{}' and (
				select count(*) > 50 or bool_or(jsonb_typeof(l.value) <> 'string'
					or berth.check_key('', l.key) is not null or berth.check_label_value(l.value #>> '{}') is not null)
				from jsonb_each(r.labels) l))
	loop
		failed := berth.check_row(list->(place - 1));
		exit when failed is not null;
	end loop;
	return failed;
exception
	when data_exception then
		return 'rows: ' || sqlerrm;
end $$;

create or replace function berth.check_texts(what text, list jsonb) returns text
language sql immutable parallel safe return case
	when jsonb_typeof(list) is distinct from 'array' then what || ': a list is needed'
	when jsonb_path_exists(list, 'strict $[*] ? (@.type() != "string")') then what || ': a list of texts is needed'
end;

-- Checks one requirement of a selector, as model/syntax/selector.c writes it: {"op", "prefix", "name", "values"}.
create or replace function berth.check_requirement(r jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	failed text;
begin
	if jsonb_typeof(r) is distinct from 'object' then
		return 'selector: a requirement is an object';
	end if;
	failed := coalesce(
		berth.check_word('selector operator', berth.json_text(r->'op'),
			'{exists, absent, equals, not_equals, in, not_in, greater, less, at_least, at_most}'),
		berth.check_key('selector', case berth.json_text(r->'prefix') when '' then '' else (r->>'prefix') || '/' end
			|| berth.json_text(r->'name')), berth.check_texts('selector values', r->'values'),
		case when r->>'op' in ('greater', 'less', 'at_least', 'at_most') then
			berth.check_that('selector',
				jsonb_array_length(r->'values') = 1 and berth.label_number(r->'values'->>0) is not null,
				'an integer from 0 to 9223372036854775807 is needed')
		end);
	for place in 0 .. jsonb_array_length(case when failed is null then r->'values' else '[]' end) - 1 loop
		failed := coalesce(failed, berth.check_label_value(r->'values'->>place));
	end loop;
	return failed;
end $$;

-- Checks a whole selector; null is none. In PL/pgSQL, whose expressions are planned once a session: a list may ask for
-- fifty requirements each time it is refreshed.
create or replace function berth.check_selector(selector jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	failed text;
begin
	if jsonb_typeof(selector) <> 'array' then
		return 'selector: a list is needed';
	end if;
	for place in 0 .. coalesce(jsonb_array_length(selector), 0) - 1 loop
		failed := coalesce(failed, berth.check_requirement(selector->place));
	end loop;
	return failed;
end $$;

-- Checks a resource that is named by its place. A host can leave out its number of slots.
create or replace function berth.check_place(t jsonb) returns text
language sql immutable parallel safe return coalesce(
	berth.check_name('pool', berth.json_text(t->'pool')),
	berth.check_kind(berth.json_text(t->'type')),
	case when t->>'type' = 'host' and not t ?| array['first', 'last'] then
			berth.check_range('host', berth.json_text(t->'range'), berth.json_text(t->'host'), 1, 1)
		else berth.check_range(t->>'type', berth.json_text(t->'range'), berth.json_text(t->'host'),
			berth.json_number(t->'first'), berth.json_number(t->'last')) end);

create or replace function berth.check_states(states jsonb) returns text
language sql immutable parallel safe return coalesce(berth.check_texts('states', states), berth.check_that('states',
	states <@ '["pending", "acquired", "active", "released", "destroyed", "broken"]', 'one of them is unknown'));

-- Checks a selection of leases, resources or pools: of a pool, with some labels, and leases in some states.
create or replace function berth.check_selection(t jsonb) returns text
language sql immutable parallel safe return coalesce(
	case when t ? 'pool' then berth.check_name('pool', berth.json_text(t->'pool')) end,
	case when t ? 'holder' then berth.check_text('holder', berth.json_text(t->'holder'), 200) end,
	case when t ? 'states' then berth.check_states(case t->>'kind' when 'leases' then t->'states' end) end,
	berth.check_selector(t->'selector'));

-- Checks the arguments of a window of events.
create or replace function berth.check_events(kind text, newest bool, most bigint) returns text
language sql immutable parallel safe return coalesce(
	case when kind is not null then berth.check_word('kind', kind,
		array['lease', 'resource', 'pool', 'org', 'project', 'command']) end,
	berth.check_bool('newest', newest),
	berth.check_most(most));

-- Checks the end of a lease: a time, infinity for no end, a duration, or neither for its pool's default.
create or replace function berth.check_end(until timestamptz, duration bigint) returns text
language sql immutable parallel safe return coalesce(
	berth.check_time('until', nullif(until, 'infinity')),
	case when duration is not null then berth.check_duration('duration', duration, 1) end);

-- Checks a request that sets a limit; `name_failed` is the check of its name, and null is no limit.
create or replace function berth.check_limit(id uuid, name_failed text, most bigint, detail jsonb) returns text
language sql stable parallel safe return coalesce(
	berth.check_id('id', id),
	name_failed,
	case when most is not null then berth.check_count('limit', most, 0, 9223372036854775807) end,
	berth.check_detail(detail));

-- Checks the terms of every request that is queued.
create or replace function berth.check_request(id uuid, reason text, grace bigint, generation bigint, detail jsonb)
returns text language sql stable parallel safe return coalesce(
	berth.check_id('id', id),
	case when reason is not null then berth.check_text('reason', reason, 1000) end,
	case when grace is not null then berth.check_duration('grace', grace, 0) end,
	case when generation is not null then berth.check_count('generation', generation, 1, 9223372036854775807) end,
	berth.check_detail(detail));

-- Checks the terms of every allocation; it can leave all but the id and the detail open.
create or replace function berth.check_terms(id uuid, holder text, until timestamptz, duration bigint, priority bigint,
	detail jsonb, labels jsonb, project text)
returns text language sql stable parallel safe return coalesce(
	berth.check_id('id', id),
	case when holder is not null then berth.check_text('holder', holder, 200) end,
	berth.check_end(until, duration),
	case when priority is not null then berth.check_count('priority', priority, -1000000, 1000000) end,
	berth.check_detail(detail),
	case when labels is not null then berth.check_labels('label', labels) end,
	case when project is not null then berth.check_project('project', project) end);
