-- Duplicates: which rows of a table have the same key, and which of them is kept.
--
-- Identifiers are passed as text and quoted in every statement; names are stored, never SQL. Keys are compared as
-- records: that uses the equality of each type that a unique index would use, whatever the search path, and treats NULL
-- as equal to NULL.

-- Returns the table of a request. A name without a schema is looked up in the session's search path.
create or replace function berth.dedupe_table(ask jsonb) returns oid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	written text := concat_ws('.', quote_ident(ask->>'schema'), quote_ident(ask->>'table'));
	kind "char";
	lives "char";
	space name;
	relation oid;
begin
	if ask->>'schema' is null then
		-- The path that the session started with; only the name is looked up under it, and nothing is run.
		perform set_config('search_path', (select reset_val from pg_settings where name = 'search_path'), true);
		relation := pg_catalog.to_regclass(written);
		perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	else
		select c.oid into relation from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
		where n.nspname = ask->>'schema' and c.relname = ask->>'table';
	end if;
	select c.relkind, c.relpersistence, n.nspname into kind, lives, space
	from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = relation;
	if kind is null then
		perform berth.refuse('not_found', format('table %s does not exist', written), '{}',
			'a name is matched exactly as written; odd ones in double quotes: ''public."My table"''');
	elsif kind <> 'r' or lives = 't' or space in ('pg_catalog', 'information_schema', 'pg_toast') then
		perform berth.refuse('invalid_input', format('%s is %s, and duplicates are looked for in plain tables', written,
			case
			when kind in ('v', 'm') then 'a view' when kind = 'p' then 'a partitioned table' when kind = 'f'
				then 'a foreign table'
			when kind <> 'r' then 'no table' when lives = 't' then 'a temporary table'
				else 'a table of the catalogue' end));
	end if;
	return relation;
end $$;

-- Returns the columns, in their order.
create or replace function berth.dedupe_columns(relation oid)
returns table (name text, type text, kind oid, category "char", nullable bool, generated bool, is_order bool)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid, y.typcategory, not a.attnotnull,
		a.attgenerated <> '',
		y.typcategory in ('D', 'N') and a.atttypid < 16384
	from pg_attribute a join pg_type y on y.oid = a.atttypid
	where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
	order by a.attnum;
end;

-- Returns the columns of each unique index or constraint.
create or replace function berth.dedupe_unique(relation oid) returns table (index oid, names text[])
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select i.indexrelid, array_agg(a.attname::text order by a.attname)
	from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey[0:i.indnkeyatts - 1])
	where i.indrelid = relation and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
	group by i.indexrelid;
end;

-- Returns an expression for a column as its type writes it; NULL stays NULL, also for a row of NULLs. The texts are
-- compared by their bytes, whatever the columns' collations.
create or replace function berth.dedupe_text(reference text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return
	format('case when pg_catalog.num_nulls(%1$s) = 0 then pg_catalog.format(''%%s'', %1$s) collate "C" end', reference);

-- Returns the same for a value in JSON. For types that are not its own the server looks for a cast to JSON, which
-- anyone may have created, so such a value becomes a text.
create or replace function berth.dedupe_json(reference text, kind oid) returns text
language sql immutable set search_path = pg_catalog, pg_temp return
	case when kind < 16384 then reference else berth.dedupe_text(reference) end;

-- Returns an expression as the base type of its domain, for which the server looks for no cast.
create or replace function berth.dedupe_based(reference text, kind oid) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	case when berth.dedupe_base(kind) <> kind then format('(%s)::%s', reference, format_type(berth.dedupe_base(kind),
		null)) else reference end;

-- Returns an expression that reads a text as a value of a type. For types that are not its own the server would look
-- for a cast, which anyone may have created; JSON is read by the type's own input function.
create or replace function berth.dedupe_value(reference text, kind oid, type text) returns text
language sql stable set search_path = pg_catalog, pg_temp return case when berth.dedupe_base(kind) < 16384
	then format('%s::%s', reference, type)
	else format('(select x.v from pg_catalog.jsonb_to_record(pg_catalog.jsonb_build_object(''v'', %s)) x (v %s))',
		reference, type) end;

-- Returns a condition that two expressions of one type are equal, as the type's index compares them. The server
-- searches for an operator among those reachable by casts, unless the type is its own or has an operator for exactly
-- this type.
create or replace function berth.dedupe_equals(one text, other text, kind oid) returns text
language sql stable set search_path = pg_catalog, pg_temp return case when berth.dedupe_base(kind) < 16384
	then format('%s = %s', berth.dedupe_based(one, kind), berth.dedupe_based(other, kind))
	else format('%spg_catalog.record_eq(row(%s), row(%s))', case when (select typtype = 'e' from pg_type
		where oid = berth.dedupe_base(kind)) then
		format('pg_catalog.hash_record_extended(row(%s), 0) = pg_catalog.hash_record_extended(row(%s), 0) and ', one,
			other) end, one, other) end;

-- Returns an expression for a whole row as JSON.
create or replace function berth.dedupe_row_json(relation oid, alias text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	(select format('(select pg_catalog.to_jsonb(v.*) from (select %s) v)',
		string_agg(format('%s as %I', berth.dedupe_json(alias || quote_ident(c.name), c.kind), c.name), ', '))
			from berth.dedupe_columns(relation) c);

-- Returns the parts of the statements about a table, for rows called `alias` ("t." or nothing).
create or replace function berth.dedupe_parts(relation oid, ask jsonb, alias text, out key text, out hash text,
	out bare text, out filled text, out folded text, out shown text, out id text, out rank text, out said text,
	out said_json text, out fields text, out live text, out pin text, out id_json text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	orders text[];
	backwards bool := ask->>'survivor' in ('oldest', 'lowest');
	names text[];
	kinds oid[];
	ids text[] := berth.dedupe_names(ask->'row_id');
begin
	select array_agg(c.name), array_agg(c.kind),
		format('array[%s]::text[]', string_agg(berth.dedupe_text(alias || quote_ident(c.name)), ', '))
	into names, kinds, fields from berth.dedupe_columns(relation) c;
	select format('row(%s)', string_agg(whole, ', ' order by place)),
		format('row(%s)', string_agg(alias || quote_ident(c), ', ' order by place)),
		format('row(%s)', string_agg(fill, ', ' order by place)),
		format('row(%s)', string_agg(berth.dedupe_folded(ask, c, fill), ', ' order by place)),
		format('jsonb_build_object(%s)', string_agg(format('%L, %s', c, berth.dedupe_json(whole, case
			when whole = alias || quote_ident(c) then kinds[array_position(names, c)] else 25 end)), ', '
				order by place))
	into key, bare, filled, folded, shown
	from jsonb_array_elements_text(ask->'key') with ordinality x (c, place),
		lateral (select case when ask->'null_as_empty' ? c then format('coalesce(%s%I, '''')', alias, c) else alias
			|| quote_ident(c) end) f (fill),
		lateral (select berth.dedupe_folded(ask, c, case when ask->'trim' ? c
			then format('pg_catalog."left"(%s::pg_catalog.text, %s)', fill, (ask->'trim'->>c)::int)
			else fill end)) k (whole);
	hash := format('pg_catalog.hash_record_extended(%s, 0)', key);
	id := berth.dedupe_id_text(ids, alias);
	id_json := case cardinality(ids) when 0 then format('to_jsonb(%s)', id) when 1 then format('to_jsonb(%s)',
		berth.dedupe_json(alias || quote_ident(ids[1]), kinds[array_position(names, ids[1])]))
		else (select format('jsonb_build_object(%s)', string_agg(format('%L, %s', i, berth.dedupe_json(alias
			|| quote_ident(i), kinds[array_position(names, i)])), ', ' order by place))
			from unnest(ids) with ordinality x (i, place)) end;
	live := berth.dedupe_live(ask, alias);
	pin := berth.dedupe_pinned(relation, 'read') || coalesce(' and ' || live, '');
	orders := array(select alias || quote_ident(c) from jsonb_array_elements_text(ask->'order') with
		ordinality x (c, place) order by place);
	if cardinality(orders) = 2 and kinds[array_position(names, ask->'order'->>0)] <> kinds[array_position(names,
		ask->'order'->>1)] then
		orders := array(select o || '::timestamptz' from unnest(orders) o);
	end if;
	rank := case when cardinality(orders) > 0 and coalesce(ask->>'survivor', '') not in ('lowest', 'highest') then
		format('coalesce(%s) %s nulls last, ', array_to_string(orders, ', '), case when backwards then 'asc'
			else 'desc' end) else '' end
		|| (select string_agg(i || case when backwards then ' asc' else ' desc' end, ', ' order by place)
			from unnest(case when ids = '{}' then array[alias || 'ctid'] else array(select alias || quote_ident(i)
				from unnest(ids) i) end) with ordinality x (i, place));
	select format('array[%s]::text[]', string_agg(berth.dedupe_text(alias || quote_ident(c)), ', ' order by place)
			|| coalesce((select ', ' || string_agg(format('case when pg_catalog.num_nulls(%s) = 0 then '''' collate '
				'"C" end', alias || quote_ident(n)), ', ')
				from jsonb_array_elements_text(ask->'nulls') n), '')),
		case count(*) when 0 then 'null::jsonb' when 1 then format('coalesce(to_jsonb(%s), ''null'')',
			min(berth.dedupe_text(alias || quote_ident(c))))
		else format('(select to_jsonb(v.*) from (select %s) v)',
			string_agg(format('%s as %I', berth.dedupe_text(alias || quote_ident(c)), c), ', ' order by place)) end
	into said, said_json
	from jsonb_array_elements_text(ask->'values') with ordinality x (c, place);
end $$;

-- Checks that rows can be compared and sorted at all: some types have no hash, equality or order. Replaces the server's
-- errors for that by sentences.
create or replace function berth.dedupe_try(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	p record;
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	begin
		execute format('select hash_record_extended(%1$s, 0), btrecordcmp(%1$s, %1$s)'
			' from (select) one left join (select * from only %2$s t where %3$s limit 0) t on true', p.folded,
				berth.dedupe_name(relation), p.pin);
	exception when undefined_function then
		perform berth.refuse('precondition_failed', format('the key cannot be unique in a table: %s', sqlerrm));
	end;
	begin
		execute format('select from only %s t where %s order by %s limit 0', berth.dedupe_name(relation), p.pin,
			p.rank);
	exception when undefined_function or cannot_coerce or datatype_mismatch or wrong_object_type then
		perform berth.refuse('invalid_input', format('what is newest or lowest cannot be told: %s', sqlerrm));
	end;
end $$;

-- Returns a query for the rows that meet `chosen`, from the parts for "t.": their ctid, key, number within the group by
-- the rule, whether the group's values differ, the survivor, and further columns.
create or replace function berth.dedupe_ranks(source text, hash text, key text, id text, said text, rank text, pin text,
	chosen text, more text)
returns text language sql immutable set search_path = pg_catalog, pg_temp return
	format('select t.ctid as at, %1$s as hash, %2$s as key, %3$s as id, row_number() over byrank as place,'
		' min(%4$s) over whole <> max(%4$s) over whole as differs, first_value(%3$s) over byrank as survivor%5$s'
		' from only %6$s t where %9$s and (%7$s) window whole as (partition by %1$s, %2$s), byrank as (partition by '
			'%1$s, %2$s order by %8$s)',
		hash, key, id, said, more, source, chosen, rank, pin);

-- Returns the same query with all that is shown of a group.
create or replace function berth.dedupe_ranked_where(relation oid, ask jsonb, chosen text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	p record;
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	return berth.dedupe_ranks(berth.dedupe_name(relation), p.hash, p.key, p.id, p.said, p.rank, p.pin, chosen,
		format(', first_value(t.ctid) over byrank as survivor_at, %s as shown, %s as said, %s as bare, %s as filled, '
			'%s as folded, %s as id_json, %s as empties',
			p.shown, p.said_json, p.bare, p.filled, p.folded, p.id_json, berth.dedupe_empties(relation, ask, 't.')));
end $$;

-- Returns the same query for all rows that have duplicates.
create or replace function berth.dedupe_ranked(relation oid, ask jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	p record;
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	return berth.dedupe_ranked_where(relation, ask,
		format('%1$s in (select %1$s from only %2$s t where %3$s group by 1 having count(*) > 1)', p.hash,
			berth.dedupe_name(relation), p.pin));
end $$;

-- Returns the foreign keys that reference the table, or the table that it is a partition of, and how their rows find
-- the referenced row. Keys of the partitions of a referencing table belong to the key of that table. None of them
-- compares by a foreign cast (dedupe_casts).
create or replace function berth.dedupe_references(relation oid) returns table (id oid, name text, other oid,
	source text, matches text)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select c.oid, coalesce(whole.conname, c.conname)::text, c.conrelid, berth.dedupe_name(c.conrelid), string_agg(case
			when berth.dedupe_base(a.atttypid) < 16384 or o.oprleft >= 16384
				or berth.dedupe_base(a.atttypid) <> berth.dedupe_base(b.atttypid) then format('%s operator(%I.%s) %s',
				berth.dedupe_based(format('t.%I', b.attname), b.atttypid), n.nspname, o.oprname,
					berth.dedupe_based(format('f.%I', a.attname), a.atttypid))
			else berth.dedupe_equals(berth.dedupe_based(format('t.%I', b.attname), b.atttypid),
				berth.dedupe_based(format('f.%I', a.attname), a.atttypid),
				berth.dedupe_base(a.atttypid)) end, ' and ')
	from pg_constraint c left join pg_constraint whole on whole.oid = c.conparentid,
		unnest(c.confkey, c.conkey, c.conpfeqop) as k (there, here, op)
		join pg_operator o on o.oid = k.op join pg_namespace n on n.oid = o.oprnamespace
		join pg_attribute a on a.attnum = k.here join pg_attribute b on b.attnum = k.there
	where c.contype = 'f' and c.confrelid = relation and whole.confrelid is distinct from relation
		and a.attrelid = c.conrelid and b.attrelid = c.confrelid
	group by c.oid, c.conname, c.conrelid, whole.conname;
end;
