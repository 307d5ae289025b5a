-- Blocks: pools whose leases hold a prefix or a block of numbers each, the unit of the pool.
--
-- A unit begins at a multiple of its size. Ranges, stripes and leases keep the values that they are: a lease has the
-- first value of its unit, and sets of values consist of whole units. What is counted is units: `room`, `resting` and
-- `kept` of a stripe, capacity and use.

-- Returns the number of values in a unit: null is one value, "/64" a prefix, "64" a block of numbers.
create function berth.unit_size(kind text, unit text) returns numeric
language sql immutable parallel safe return case
	when unit is null then 1
	when kind = 'ipv4' then trunc(power(2::numeric, 32 - substr(unit, 2)::numeric))
	when kind = 'ipv6' then trunc(power(2::numeric, 128 - substr(unit, 2)::numeric))
	else unit::numeric end;

-- `block` is the size of the unit, so that allocation finds it in the row that it reads anyway.
alter table berth.pool add column unit text collate "C",
	add column block numeric not null generated always as (berth.unit_size(kind, unit)) stored,
	add constraint pool_unit_known check (unit is null or case kind when 'ipv4' then unit ~ '^/([0-9]|[12][0-9]|3[0-2])$'
		when 'ipv6' then unit ~ '^/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$'
		when 'number' then unit ~ '^[1-9][0-9]{0,17}$' and unit <> '1' else false end);

-- The unit of the pool again, for whoever gives values back.
alter table berth.stripe add column block numeric not null default 1;
