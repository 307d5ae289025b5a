-- Labels and annotations, read; and what a selector means.

-- A key as people write it is "name" or "prefix/name".
create or replace function berth.key_prefix(key text) returns text
language sql immutable parallel safe return case when strpos(key, '/') > 0 then split_part(key, '/', 1) else '' end;

create or replace function berth.key_name(key text) returns text
language sql immutable parallel safe return substr(key, strpos(key, '/') + 1);

create or replace function berth.key_text(prefix text, name text) returns text
language sql immutable parallel safe return case prefix when '' then name else prefix || '/' || name end;

create or replace function berth.keys_of(object jsonb) returns bigint
language sql immutable parallel safe return (select count(*) from jsonb_object_keys(object));

-- The labels or annotations of one thing, as one object.
create or replace function berth.described(asked_what text, asked_target uuid) returns jsonb
language sql stable parallel safe return coalesce(case asked_what
	when 'label' then (select jsonb_object_agg(berth.key_text(prefix, name), value) from berth.label where target = asked_target)
	else (select jsonb_object_agg(berth.key_text(prefix, name), value) from berth.annotation where target = asked_target)
end, '{}');

-- Such an object as it is shown: in the order of the keys.
create or replace function berth.in_order(object jsonb) returns json
language sql immutable parallel safe return
	(select coalesce(json_object_agg(key, value order by key collate "C"), '{}') from jsonb_each(object));

-- A label as the number that it is, if it is one of 63 bits.
create or replace function berth.label_number(value text) returns numeric
language sql immutable parallel safe return case when value ~ '^[0-9]{1,63}$' then
	case when value::numeric <= 9223372036854775807 then value::numeric end end;

-- Whether a label is as one requirement wants it; null is no such label. What is not understood holds for nothing.
create or replace function berth.label_holds(op text, value text, asked text[]) returns bool
language sql immutable parallel safe return case op
	when 'exists' then value is not null
	when 'absent' then value is null
	when 'equals' then coalesce(value = any (asked), false)
	when 'in' then coalesce(value = any (asked), false)
	when 'not_equals' then coalesce(value <> all (asked), true)
	when 'not_in' then coalesce(value <> all (asked), true)
	when 'greater' then coalesce(berth.label_number(value) > asked[1]::numeric, false)
	when 'less' then coalesce(berth.label_number(value) < asked[1]::numeric, false)
	else false
end;

-- The names of the requirements of a selector that a thing does not meet. A
-- selector is what model/syntax/selector.c writes: [{"op", "prefix", "name", "values"}].
--
-- `not exists (select from berth.unmet(selector, id))` is the one predicate that
-- selects, whatever the number of requirements: the server puts the body of this
-- function in its place, and reads the selector once for all rows.
create or replace function berth.unmet(selector jsonb, asked_target uuid) returns setof text
language sql stable parallel safe begin atomic
	select r.name from jsonb_to_recordset(selector) as r (op text, prefix text, name text, "values" text[])
	left join berth.label b on b.target = asked_target and b.prefix = r.prefix and b.name = r.name
	where not berth.label_holds(r.op, b.value, r."values");
end;

create or replace function berth.selects(selector jsonb, asked_target uuid) returns bool
language sql stable parallel safe return not exists (select from berth.unmet(selector, asked_target));

-- Whether a word, in lower case, is in a key or value of the labels of a thing.
create or replace function berth.said(asked_target uuid, word text) returns bool
language sql stable parallel safe return exists (select from berth.label where target = asked_target
	and (strpos(lower(berth.key_text(prefix, name)), word) > 0 or strpos(lower(value), word) > 0));
