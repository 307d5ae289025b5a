-- Duplicates: the request, with what it leaves open filled in.

-- Refuses a request that does not have the form that the program sends.
create or replace function berth.dedupe_refuse_malformed(ask jsonb) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
	k text;
	wrong text;
begin
	if jsonb_typeof(ask) is distinct from 'object' then
		wrong := 'the request';
	else
		foreach k in array array['schema', 'order', 'live', 'constraint', 'table', 'survivor'] loop
			if coalesce(jsonb_typeof(ask->k), 'null') not in ('string', 'null') or octet_length(ask->>k) not between 1
				and 63 then
				wrong := coalesce(wrong, k);
			end if;
		end loop;
		foreach k in array array['key', 'values', 'null_as_empty', 'fold', 'row_id'] loop
			if jsonb_typeof(ask->k) is distinct from 'array' or jsonb_path_exists(ask->k,
				'strict $[*] ? (@.type() != "string")')
				or (select count(*) <> count(distinct e) from jsonb_array_elements(case jsonb_typeof(ask->k)
					when 'array' then ask->k else '[]' end) e)
			then
				wrong := coalesce(wrong, k);
			end if;
		end loop;
		if wrong is null then
			wrong := case when ask->>'table' is null then 'table' when ask->'key' = '[]' then 'key'
				when ask->>'survivor' is not null and ask->>'survivor' not in ('newest', 'oldest', 'lowest', 'highest',
					'abort') then 'survivor'
				when coalesce(jsonb_typeof(ask->'repoint'), 'boolean') <> 'boolean' then 'repoint'
				when jsonb_typeof(ask->'trim') is distinct from 'object'
					or jsonb_path_exists(ask->'trim',
						'strict $.* ? (@.type() != "number" || @ < 1 || @ > 10485760 || @ != @.floor())') then 'trim'
				else (select o from jsonb_object_keys(ask) o where o <> all (array['schema', 'table', 'key', 'values',
					'null_as_empty', 'fold', 'live', 'trim', 'order', 'row_id', 'constraint', 'survivor', 'repoint'])
					limit 1) end;
		end if;
	end if;
	if wrong is not null then
		perform berth.refuse('invalid_input', format('%s of the request for duplicates is malformed',
			quote_ident(wrong)));
	end if;
end $$;

-- Returns the columns that tell older from newer rows: the requested one, or those with the usual names, if they are
-- times or numbers.
create or replace function berth.dedupe_orders(relation oid, ask jsonb) returns text[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	kinds oid[];
	orders text[];
begin
	select array_agg(c.name order by c.name desc), array_agg(c.kind order by c.name desc) into orders, kinds
	from berth.dedupe_columns(relation) c
	where c.is_order and case when ask->>'order' is not null then c.name = ask->>'order' else c.name in ('updated_at',
		'created_at') end;
	if ask->>'order' is not null and orders is null then
		perform berth.refuse('invalid_input', format('column %I of table %s is no time and no number, and tells '
			'nothing of old and new',
			ask->>'order', berth.dedupe_name(relation)));
	end if;
	-- Two columns that cannot be compared: use the one whose name means newer.
	return case when cardinality(orders) = 2 and kinds[1] <> kinds[2]
			and not kinds <@ array['date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype]::oid[] then
				orders[1:1] else coalesce(orders, '{}') end;
end $$;

-- Refuses columns that the table does not have, and those that cannot be what they are asked for.
create or replace function berth.dedupe_refuse_columns(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	every text[] := array(select name from berth.dedupe_columns(relation));
	key text[] := berth.dedupe_names(ask->'key');
	missing text;
begin
	select n into missing from unnest(key || berth.dedupe_names((ask->'null_as_empty') || (ask->'fold')
		|| (ask->'values') || (ask->'row_id')) || array(select jsonb_object_keys(ask->'trim'))
		|| array_remove(array[ask->>'live', ask->>'order'], null)) with ordinality x (n, place)
	where n <> all (every) order by place limit 1;
	if missing is not null then
		perform berth.refuse('not_found', format('table %s has no column %s', berth.dedupe_name(relation),
			quote_ident(missing)), '{}',
			'it has ' || array_to_string(array(select quote_ident(n) from unnest(every) n), ', '));
	end if;
	select n into missing from unnest(berth.dedupe_names(ask->'null_as_empty')
		|| array(select jsonb_object_keys(ask->'trim'))) n
	where n <> all (key) or n not in (select name from berth.dedupe_columns(relation) where category = 'S') limit 1;
	if missing is not null then
		perform berth.refuse('invalid_input', format('column %s is not one of the key''s texts, which alone can be '
			'empty or cut', quote_ident(missing)));
	end if;
	perform berth.dedupe_refuse_fold(relation, ask);
	perform berth.dedupe_refuse_live(relation, ask);
end $$;

-- Returns the request with all defaults filled in: the columns that distinguish values, those of which only NULL or not
-- NULL counts, those that identify a row, and those that tell older from newer rows. Refuses unknown columns.
create or replace function berth.dedupe_asked(relation oid, ask jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	sole text[] := array(select u.names[1] from berth.dedupe_unique(relation) u where cardinality(u.names) = 1);
	id text[];
	key text[];
	orders text[];
	others jsonb;
begin
	perform berth.dedupe_refuse_malformed(ask);
	perform berth.dedupe_refuse_columns(relation, ask);
	key := berth.dedupe_names(ask->'key');
	id := case when ask->'row_id' <> '[]' then berth.dedupe_names(ask->'row_id') else coalesce((
		select u.names from pg_index i join berth.dedupe_unique(relation) u on u.index = i.indexrelid
		where i.indisprimary), '{}') end;
	orders := berth.dedupe_orders(relation, ask);
	-- A generated column differs only when its source columns differ.
	select coalesce(jsonb_agg(c.name), '[]') into others from berth.dedupe_columns(relation) c
	where c.name <> all (key) and c.name <> all (sole) and c.name <> all (id) and not c.generated
		and (c.name <> all (orders) or ask->>'survivor' in ('lowest', 'highest'));
	return ask || jsonb_build_object('row_id', to_jsonb(id), 'order', to_jsonb(orders),
		'repoint', coalesce((ask->>'repoint')::bool, false)) || case
		when ask->'values' <> '[]' then jsonb_build_object('nulls', others)
		when others ? 'value' then jsonb_build_object('values', '["value"]'::jsonb, 'nulls', others - 'value')
		else jsonb_build_object('values', others, 'nulls', '[]'::jsonb) end;
end $$;
