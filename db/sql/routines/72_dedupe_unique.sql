-- Duplicates: the key of a request as an index has it, the rows that count, and the identity of a row.

-- Returns a list of names in their order.
create or replace function berth.dedupe_names(list jsonb) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp return array(
	select e from jsonb_array_elements_text(list) with ordinality x (e, place) order by place);

-- Returns an expression in lower case if the request folds its column. The server's function is named with its schema
-- and its argument, so that nothing else can be meant.
create or replace function berth.dedupe_folded(ask jsonb, name text, reference text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return
	case when ask->'fold' ? name then format('pg_catalog.lower((%s)::pg_catalog.text)', reference) else reference end;

-- Returns the condition that a row counts; null if all rows do.
create or replace function berth.dedupe_live(ask jsonb, alias text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return
	alias || quote_ident(ask->>'live') || ' is null';

-- Returns a condition that a row counts, and has NULL in a column where it counts as empty.
create or replace function berth.dedupe_empties(relation oid, ask jsonb, alias text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return coalesce((
	select '(' || string_agg(format('%s%I is null', alias, c), ' or ') || ')'
		|| coalesce(' and ' || berth.dedupe_live(ask, alias), '')
	from jsonb_array_elements_text(ask->'null_as_empty') c), 'false');

-- Returns true if the request ends with a unique index: no constraint has expressions or leaves rows out.
create or replace function berth.dedupe_by_index(ask jsonb) returns bool
language sql immutable set search_path = pg_catalog, pg_temp return ask->>'live' is not null or ask->'fold' <> '[]';

-- Returns the columns of an index that the request needs, as CREATE INDEX takes them.
create or replace function berth.dedupe_index_columns(ask jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp return (
	select string_agg(case when ask->'fold' ? c then format('(%s)', berth.dedupe_folded(ask, c, quote_ident(c)))
		else quote_ident(c) end, ', ' order by place)
	from jsonb_array_elements_text(ask->'key') with ordinality x (c, place));

-- Returns true if an index has the key of the request, in any order, and covers just the rows that count. The server
-- writes expressions in one form; a cast to the type that the column has already is not there.
create or replace function berth.dedupe_alike(i pg_index, ask jsonb) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	coalesce(pg_get_expr(i.indpred, i.indrelid), '') = coalesce('(' || quote_ident(ask->>'live') || ' IS NULL)', '')
	and array(select pg_get_indexdef(i.indexrelid, n, false) collate "C" from generate_series(1, i.indnkeyatts) n
		order by 1) = array(
		select case when ask->'fold' ? c.name then format(case when c.kind = 'text'::regtype then 'lower(%I)'
			else 'lower((%I)::text)' end, c.name) else quote_ident(c.name) end collate "C"
		from berth.dedupe_columns(i.indrelid) c where ask->'key' ? c.name order by 1);

-- Refuses a column to fold that is no text of the key, or that a type or a collation of somebody's compares.
create or replace function berth.dedupe_refuse_fold(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	folded text;
	f record;
begin
	foreach folded in array berth.dedupe_names(ask->'fold') loop
		select berth.dedupe_base(a.atttypid) as base, a.attcollation, format_type(a.atttypid, a.atttypmod) as type
		into f from pg_attribute a where a.attrelid = relation and a.attname = folded;
		if not ask->'key' ? folded or f.base not in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) then
			perform berth.refuse('invalid_input', format('column %s is not one of the key''s texts, which alone have '
				'upper and lower case', quote_ident(folded)), jsonb_build_object('column', folded, 'type', f.type));
		elsif f.attcollation >= 16384 then
			perform berth.refuse('precondition_failed', format('column %s of table %s has a collation that is not the '
				'server''s own: its upper and lower case may change', quote_ident(folded), berth.dedupe_name(relation)),
				jsonb_build_object('column', folded, 'collation', f.attcollation::regcollation::text));
		end if;
	end loop;
end $$;

-- Refuses a column of --live that is a part of the key, or cannot tell rows that count from others.
create or replace function berth.dedupe_refuse_live(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	live text := ask->>'live';
	why text;
begin
	if live is null then
		return;
	end if;
	why := case when ask->'key' ? live then 'is a part of the key'
		when (select attnotnull from pg_attribute where attrelid = relation and attname = live)
			then 'is never NULL, so that no row would count'
		when (select typtype = 'c' from pg_attribute, pg_type t where attrelid = relation and attname = live
			and t.oid = berth.dedupe_base(atttypid)) then 'is made of several fields' end;
	if why is not null then
		perform berth.refuse('invalid_input', format('column %s of table %s %s: --live takes a column that is NULL in '
			'the rows that count', quote_ident(live), berth.dedupe_name(relation), why),
			jsonb_build_object('column', live));
	end if;
end $$;

-- Returns an expression that identifies a row as a text: its only column as its type writes it, several as an array of
-- JSON, and the place of a row that has none.
create or replace function berth.dedupe_id_text(ids text[], alias text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return case cardinality(ids)
	when 0 then berth.dedupe_text(alias || 'ctid') when 1 then berth.dedupe_text(alias || quote_ident(ids[1]))
	else (select format('pg_catalog.jsonb_build_array(%s)::pg_catalog.text',
		string_agg(berth.dedupe_text(alias || quote_ident(i)), ', ' order by place))
		from unnest(ids) with ordinality x (i, place)) end;

-- Returns a part of such a text, an expression, as a text again.
create or replace function berth.dedupe_id_part(ids text[], reference text, part bigint) returns text
language sql immutable set search_path = pg_catalog, pg_temp return case cardinality(ids) when 1 then reference
	else format('(%s::pg_catalog.jsonb->>%s)', reference, part - 1) end;

-- Returns the condition that a row has an identity that is written as such a text.
create or replace function berth.dedupe_id_equals(relation oid, ids text[], alias text, reference text) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select string_agg(berth.dedupe_equals(alias || quote_ident(c.name), berth.dedupe_value(
		berth.dedupe_id_part(ids, reference, i.place), c.kind, c.type), c.kind), ' and ')
	from unnest(ids) with ordinality i (name, place) join berth.dedupe_columns(relation) c using (name));
