-- The interface for applications that allocate in the same transaction as their own changes: see README. Its functions
-- and views are kept when a version is followed by the next: columns and arguments are only added, at the end, and
-- 05_clean.sql leaves alone what they are made of, so that what an application has made of them stays too.
--
-- A function is for the roles of the verb of its name, and does what that does. Within it errors have an SQLSTATE each,
-- see berth.refuse(). It locks in the order of the verbs: an application that allocates last in its
-- transaction has no part in a deadlock; else it runs the transaction again after 40P01 and 40001.

create or replace view berth_api.lease as
select l.id, p.name as pool, p.kind,
	case when l.value is not null then berth.held_text(p.kind, coalesce(r.host, ''), l.value, p.unit) end as value,
	l.state, l.holder, case when l.project is not null then berth.project_text(l.project) end as project,
	l.priority::bigint as priority, l.until, l.created, l.acquired, l.activated, l.released, l.destroyed, l.generation,
	l.created_by, l.resource, (
		select coalesce(jsonb_object_agg(case b.prefix when '' then b.name else b.prefix || '/' || b.name end, b.value),
			'{}')
		from berth.label b where b.target = l.id) as labels, false as replayed, null::jsonb as differs,
	case when l.value is not null then berth.value_text(p.kind, coalesce(r.host, ''), l.value) end as first,
	case when l.value is not null then berth.value_text(p.kind, coalesce(r.host, ''), l.value + p.block - 1) end as last
from berth.lease l
join berth.pool p on p.id = l.pool
left join berth.resource r on r.id = l.resource;

create or replace view berth_api.pool as
select p.id, p.name, p.kind, s.name as space,
	case when p.project is not null then berth.project_text(p.project) end as project,
	u.capacity, u.used, u.capacity - u.used - u.free as held_back, u.free, u.excluded, p.waiting as pending,
	p.warn::bigint as warn, p.crit::bigint as crit, nullif(p.ttl, 0) * interval '1 microsecond' as ttl,
	p.reuse_delay * interval '1 microsecond' as reuse_delay, p.activate_hook, p.release_hook, p.created, (
		select coalesce(jsonb_object_agg(case b.prefix when '' then b.name else b.prefix || '/' || b.name end, b.value),
			'{}')
		from berth.label b where b.target = p.id) as labels, p.unit, u.addresses
from berth.pool p
join berth.space s on s.number = p.space
cross join lateral (
	select coalesce(sum(t.last - t.first + 1), 0) as addresses,
		coalesce(sum(div(t.last - t.first + 1, t.block)), 0) as capacity,
		coalesce(sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept), 0) as used,
		coalesce(sum(t.room) filter (where t.usable), 0) as free,
		coalesce(sum(berth.unit_count(t.excluded, t.block)), 0) as excluded
	from berth.stripe t where t.pool = p.id) u
where p.destroyed is null;

create or replace view berth_api.resource as
select r.id, p.name as pool, r.kind, r.name, berth.value_text(r.kind, r.host, r.first) as first,
	berth.value_text(r.kind, r.host, r.last) as last, u.capacity, u.used, u.capacity - u.used - u.free as held_back,
	u.free, r.state, r.cordoned, r.generation, r.created, (
		select coalesce(jsonb_object_agg(case b.prefix when '' then b.name else b.prefix || '/' || b.name end, b.value),
			'{}')
		from berth.label b where b.target = r.id) as labels, p.unit
from berth.resource r
join berth.pool p on p.id = r.pool
cross join lateral (
	select div(r.last - r.first + 1, p.block) as capacity,
		coalesce(sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept), 0) as used,
		coalesce(sum(t.room) filter (where t.usable), 0) as free
	from berth.stripe t where t.resource = r.id) u
where r.state <> 'destroyed';

create or replace view berth_api.command as
select c.id, c.action, berth.target_text(c.kind, c.target, c.arguments) as target, c.author, c.reason, c.state,
	c.outcome, c.explanation, c.created, case when c.not_before = '-infinity' then c.created else c.not_before end
		as not_before, c.attempts::bigint as attempts, c.consumed_at, c.consumed_by, c.parent, c.done, c.total,
	false as replayed, null::jsonb as differs
from berth.command c;

-- Returns the number and the host of a value as people write it. Raises invalid_input.
create or replace function berth.read_value(kind text, value text, out number numeric, out host text)
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
	address inet;
	digits text;
begin
	host := '';
	case kind
	when 'number' then
		digits := substring(value from '^[0-9]{1,39}$');
	when 'host' then
		host := substring(value from '^(.{1,200}):[0-9]{1,19}$');
		digits := substring(value from ':([0-9]{1,19})$');
	else
		address := value;
		digits := case when value !~ '(^|[.])0[0-9]' and masklen(address) = case kind when 'ipv4' then 32 else 128 end
			and family(address) = case kind when 'ipv4' then 4 else 6 end then (
			select sum(('x' || lpad(substr(h.hex, length(h.hex) - 8 * n - 7, 8), 16, '0'))::bit(64)::bigint
				* power(4294967296::numeric, n))::text
			from (select encode(substr(inet_send(address), 5), 'hex') as hex) h,
				generate_series(0, length(h.hex) / 8 - 1) n) end;
	end case;
	if digits is null then
		raise invalid_text_representation;
	end if;
	number := digits::numeric;
exception when data_exception then
	perform berth.refuse('invalid_input', format('value %s is not a value of a pool of kind %s',
		coalesce(berth.quoted(value), 'null'), kind));
end $$;

-- Returns the kind of a pool, and the number and host of a value of it; of a block also its last number. Raises
-- not_found and invalid_input.
create or replace function berth.pool_value(asked_pool text, value text, out kind text, out number numeric,
	out host text, out last numeric)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	unit text;
	parts text[];
begin
	perform berth.accept(berth.check_name('pool', asked_pool));
	select p.kind, p.unit into kind, unit from berth.pool p where p.id = any (berth.pools_named(asked_pool)) limit 1;
	if not found then
		perform berth.live_pool(asked_pool);
	end if;
	if unit is not null then
		parts := regexp_match(value, case kind when 'number' then '^([0-9]{1,19})-([0-9]{1,19})$'
			else '^([^/]{1,50})(/[0-9]{1,3})$' end);
	end if;
	select v.number, v.host into number, host from berth.read_value(kind, coalesce(parts[1], value)) v;
	last := case when kind = 'number' then parts[2]::numeric
		when parts is not null then number + berth.unit_size(kind, parts[2]) - 1 end;
end $$;

-- Returns an interval in microseconds. Months have 30 days. Raises invalid_input for one without an end.
create or replace function berth.span_of(what text, span interval) returns bigint
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return (extract(epoch from span) * 1000000)::bigint;
exception when data_exception then
	perform berth.refuse('invalid_input', format('%s: the interval is too long', what));
end $$;

-- Allocates the lowest free value of a pool, or the one that is asked for. The same id always returns the same lease;
-- without one the request cannot be repeated.
create or replace function berth_api.allocate(pool text, id uuid default null, holder text default null,
	value text default null, until timestamptz default null, duration interval default null,
	project text default null, labels jsonb default null, wait bool default false, priority bigint default null,
	context jsonb default '{}')
returns berth_api.lease language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
	l berth.lease_view;
	span bigint;
	v record;
	held text;
	first text;
	last text;
begin
	if allocate.id is null then
		allocate.id := berth.new_id();
	end if;
	if duration is not null then
		span := berth.span_of('duration', duration);
	end if;
	if allocate.value is null then
		select * into l from berth.allocate(allocate.id, allocate.pool, allocate.holder, allocate.until, span,
			allocate.priority, context, allocate.labels, wait, allocate.project);
	else
		perform berth.accept(berth.check_that('wait', not wait, 'not together with value'));
		select * into v from berth.pool_value(allocate.pool, allocate.value);
		select * into l from berth.allocate_value(allocate.id, allocate.pool, v.kind, v.number, v.host, allocate.value,
			allocate.holder, allocate.until, span, allocate.priority, context, allocate.labels, allocate.project,
			v.last);
	end if;
	first := berth.value_text(l.kind, l.host, l.value);
	if l.unit is null then
		held := first;
		last := first;
	else
		held := berth.held_text(l.kind, l.host, l.value, l.unit);
		last := berth.value_text(l.kind, l.host, l.value + berth.unit_size(l.kind, l.unit) - 1);
	end if;
	return row(l.id, l.pool, l.kind, held, l.state, l.holder, l.project, l.priority, l.until, l.created, l.acquired,
		l.activated, l.released, l.destroyed, l.generation, l.created_by, l.resource, l.labels, l.replayed, l.differs,
		first, last)::berth_api.lease;
end $$;

-- Queues a change of one lease, and returns its command.
create or replace function berth.api_queue(id uuid, action text, lease uuid, reason text, grace interval,
	expect_generation bigint, until timestamptz, duration interval, shorten bool, holder text, context jsonb)
returns berth_api.command language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c record;
begin
	select * into c from berth.queue(coalesce(api_queue.id, berth.new_id()), action,
		jsonb_build_array(jsonb_build_object('kind', 'lease', 'id', lease)), reason,
		case when grace is not null then berth.span_of('grace', grace) end, expect_generation, until,
		case when duration is not null then berth.span_of('duration', duration) end, shorten, context, null, holder);
	return row(c.id, c.action, c.target, c.author, c.reason, c.state, c.outcome, c.explanation, c.created, c.not_before,
		c.attempts, c.consumed_at, c.consumed_by, c.parent, c.done, c.total, c.replayed, c.differs)::berth_api.command;
end $$;

-- Queues the release of a lease, after a grace period if one is given.
create or replace function berth_api.release(lease uuid, id uuid default null, reason text default null,
	grace interval default null, expect_generation bigint default null, context jsonb default '{}')
returns berth_api.command language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	return berth.api_queue(id, 'release', lease, reason, grace, expect_generation, null, null, false, null, context);
end $$;

-- Queues another end of a lease: a time, 'infinity' for never, or a duration from now on. It is never earlier unless
-- `shorten`.
create or replace function berth_api.extend(lease uuid, until timestamptz default null,
	duration interval default null, shorten bool default false, id uuid default null, reason text default null,
	grace interval default null, expect_generation bigint default null, context jsonb default '{}')
returns berth_api.command language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	return berth.api_queue(id, 'extend', lease, reason, grace, expect_generation, until, duration, shorten, null,
		context);
end $$;

-- Queues another holder of a lease.
create or replace function berth_api.transfer(lease uuid, holder text, id uuid default null, reason text default null,
	grace interval default null, expect_generation bigint default null, context jsonb default '{}')
returns berth_api.command language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	return berth.api_queue(id, 'transfer', lease, reason, grace, expect_generation, null, null, false, holder, context);
end $$;

-- Sets labels of a lease, and deletes those whose value is null. The others stay. Returns the lease.
create or replace function berth_api.label(lease uuid, labels jsonb, id uuid default null, context jsonb default '{}')
returns berth_api.lease language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	l berth_api.lease;
	made bool := exists (select from berth.request r where r.id = label.id);
begin
	perform berth.accept(berth.check_that('labels', coalesce(jsonb_typeof(labels) = 'object', false),
		'an object is needed'));
	perform berth.edit_metadata(coalesce(label.id, berth.new_id()), 'label',
		jsonb_build_object('kind', 'lease', 'id', lease), jsonb_strip_nulls(labels),
		(select coalesce(jsonb_agg(e.key), '[]') from jsonb_each(labels) e where e.value = 'null'), context);
	select * into l from berth_api.lease v where v.id = label.lease;
	l.replayed := made;
	return l;
end $$;

-- Cancels a command that has not begun, and returns it.
create or replace function berth_api.cancel(command uuid, reason text default null, context jsonb default '{}')
returns berth_api.command language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	c berth_api.command;
begin
	perform berth.queue_cancel(command, coalesce(reason, ''), context);
	select * into c from berth_api.command v where v.id = cancel.command;
	return c;
end $$;
