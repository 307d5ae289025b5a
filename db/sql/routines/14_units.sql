-- Units: what a lease holds, a value or a block of the pool's unit; see the migration `blocks`.

-- Returns the exact number of units of `block` values in a set of whole ones.
create or replace function berth.unit_count(given nummultirange, block numeric) returns numeric
language sql immutable parallel safe return div(berth.free_count(given), nullif(block, 0));

-- Returns how many units of a set are excluded.
create or replace function berth.excluded_count(given nummultirange, excluded nummultirange, block numeric)
returns numeric language sql immutable parallel safe return
	case when isempty(excluded) then 0 else berth.unit_count(given * excluded, block) end;

-- Returns the first value of the unit that a value is in.
create or replace function berth.unit_first(value numeric, block numeric) returns numeric
language sql immutable parallel safe return value - mod(value, block);

-- Returns what a lease holds as people write it: a value, or the block of a pool's unit that begins there:
-- 10.0.64.0/26, 1024-1087.
create or replace function berth.held_text(kind text, host text, value numeric, unit text) returns text
language sql immutable parallel safe return case
	when unit is null then berth.value_text(kind, host, value)
	when unit ~ '^[0-9]{1,18}$' then value::text || '-' || (value + unit::numeric - 1)::text
	else berth.value_text(kind, host, value) || unit
end;

-- Returns true for what a pool gives: a single value, with `last` null, or a whole unit.
create or replace function berth.is_unit(unit text, block numeric, first numeric, last numeric) returns bool
language sql immutable parallel safe return case when unit is null then last is null
	else coalesce(mod(first, block) = 0 and last = first + block - 1, false) end;

-- Returns true if a set consists of whole units.
create or replace function berth.is_whole(given nummultirange, block numeric) returns bool
language sql immutable parallel safe return block = 1 or not exists (
	select from unnest(given) piece where mod(lower(piece), block) <> 0 or mod(upper(piece), block) <> 0);

-- Returns the units of a pool in words.
create or replace function berth.units_text(unit text) returns text
language sql immutable parallel safe return case when unit like '/%' then 'prefixes of ' || unit
	else 'blocks of ' || unit || ' numbers' end;

-- Returns the reason for which a value is not what a pool gives.
create or replace function berth.other_unit_text(pool text, unit text, value text) returns text
language sql immutable parallel safe return case
	when unit is null then format('"%s" is a block, and pool %s gives single values', value, pool)
	else format('"%s" is no block of pool %s, which gives %s', value, pool, berth.units_text(unit)) end;

-- Returns the nearest range of whole units: those within a range, else the unit that it begins in.
create or replace function berth.whole_text(kind text, block numeric, first numeric, last numeric) returns text
language sql immutable parallel safe return (
	select case when low < high then berth.range_text(kind, low, high - 1)
		else berth.range_text(kind, berth.unit_first(first, block), berth.unit_first(first, block) + block - 1) end
	from (select berth.unit_first(first + block - 1, block) as low, berth.unit_first(last + 1, block) as high) whole);

-- Raises invalid_input for a range that does not consist of whole units of a pool, and names the nearest that does.
create or replace function berth.refuse_part(p berth.pool, asked_name text, asked_first numeric, asked_last numeric)
returns void language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if p.unit is not null and (mod(asked_first, p.block) <> 0 or mod(asked_last + 1, p.block) <> 0) then
		perform berth.refuse('invalid_input', format('range %s is not made of whole blocks: pool %s gives %s',
			asked_name, p.name, berth.units_text(p.unit)),
			jsonb_build_object('pool', p.name, 'range', asked_name, 'unit', p.unit), format('the nearest that is: %s',
				berth.whole_text(p.kind, p.block, asked_first, asked_last)));
	end if;
end $$;

-- Raises invalid_input for a value that is not what the pool gives: a single value, with `asked_last` null, or the
-- block of a pool with a unit. Names the block that the value is in.
create or replace function berth.refuse_other_unit(p berth.pool, asked_first numeric, asked_last numeric,
	asked_text text)
returns void language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if not berth.is_unit(p.unit, p.block, asked_first, asked_last) then
		perform berth.refuse('invalid_input', berth.other_unit_text(p.name, p.unit, asked_text),
			jsonb_build_object('pool', p.name, 'value', asked_text, 'unit', p.unit),
			format('did you mean %s?', berth.held_text(p.kind, '', berth.unit_first(asked_first, p.block), p.unit)));
	end if;
end $$;
