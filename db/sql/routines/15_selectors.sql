-- Reads labels and annotations, and matches selectors.

-- Returns the prefix of a key that is written as NAME or PREFIX/NAME; '' without one.
create or replace function berth.key_prefix(key text) returns text
language sql immutable parallel safe return case when strpos(key, '/') > 0 then split_part(key, '/', 1) else '' end;

-- Returns the name in such a key.
create or replace function berth.key_name(key text) returns text
language sql immutable parallel safe return substr(key, strpos(key, '/') + 1);

-- Returns a key as people write it.
create or replace function berth.key_text(prefix text, name text) returns text
language sql immutable parallel safe return case prefix when '' then name else prefix || '/' || name end;

-- Returns the labels of a command as people write them, "env=prod old-", or null for what is no change of labels.
create or replace function berth.labels_text(labels jsonb) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	if jsonb_typeof(labels->'set') = 'object' and jsonb_typeof(labels->'gone') = 'array' then
		return concat_ws(' ',
			(select string_agg(key || '=' || value, ' ' order by key collate "C") from jsonb_each_text(labels->'set')),
			(select string_agg(key || '-', ' ' order by key collate "C")
				from jsonb_array_elements_text(labels->'gone') g (key)));
	end if;
	return null;
end $$;

-- Returns the number of members of an object.
create or replace function berth.key_count(object jsonb) returns bigint
language sql immutable parallel safe return (select count(*) from jsonb_object_keys(object));

-- Returns the labels or annotations of one target, as an object.
create or replace function berth.metadata(asked_what text, asked_target uuid) returns jsonb
language sql stable parallel safe return coalesce(case asked_what
	when 'label' then (
		select jsonb_object_agg(berth.key_text(prefix, name), value) from berth.label where target = asked_target)
	else (
		select jsonb_object_agg(berth.key_text(prefix, name), value) from berth.annotation where target = asked_target)
end, '{}');

-- Returns an object with its members in the order of their keys, for output.
create or replace function berth.ordered_json(object jsonb) returns json
language sql immutable parallel safe return
	(select coalesce(json_object_agg(key, value order by key collate "C"), '{}') from jsonb_each(object));

-- Returns a label's value as a number, or null if it is no integer of 63 bits.
create or replace function berth.label_number(value text) returns numeric
language sql immutable parallel safe return case when value ~ '^[0-9]{1,63}$' then
	case when value::numeric <= 9223372036854775807 then value::numeric end end;

-- Returns true if a label's value meets one requirement; null is no such label. Unknown operators match nothing.
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
	when 'at_least' then coalesce(berth.label_number(value) >= asked[1]::numeric, false)
	when 'at_most' then coalesce(berth.label_number(value) <= asked[1]::numeric, false)
	else false
end;

-- Returns the names of the requirements of a selector that a target does not meet. A selector is what
-- model/syntax/selector.c writes: [{"op", "prefix", "name", "values"}].
--
-- `not exists (select from berth.unmet_requirements(selector, id))` is the one predicate that selects, whatever the
-- number of requirements: the server inlines this function, and reads the selector once for all rows.
create or replace function berth.unmet_requirements(selector jsonb, asked_target uuid) returns setof text
language sql stable parallel safe begin atomic
	select r.name from jsonb_to_recordset(selector) as r (op text, prefix text, name text, "values" text[])
	left join berth.label b on b.target = asked_target and b.prefix = r.prefix and b.name = r.name
	where not berth.label_holds(r.op, b.value, r."values");
end;

-- Returns true if a key or value of a target's labels contains a word, which is given in lower case.
create or replace function berth.has_label_word(asked_target uuid, word text) returns bool
language sql stable parallel safe return exists (select from berth.label where target = asked_target
	and (strpos(lower(berth.key_text(prefix, name)), word) > 0 or strpos(lower(value), word) > 0));
