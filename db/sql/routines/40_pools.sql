-- Pools and resources: what administrators change. These act at once, under the
-- row lock of what they change.

-- The answer that a request of this id got before, or null when it is new. The
-- same id with another request is refused, naming both. `former` is the digest
-- by which an earlier version has known it.
create or replace function berth.replayed(asked_id uuid, asked_action text, asked_target text, asked_digest text,
	former text default null)
returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.request;
	owner jsonb;
begin
	select * into r from berth.request where id = asked_id;
	if not found then
		-- Whoever comes second waits here until the first has ended.
		insert into berth.request (id, action, target, digest, answer)
		values (asked_id, asked_action, asked_target, asked_digest, 'null')
		on conflict on constraint request_pkey do nothing;
		if not found then
			return berth.replayed(asked_id, asked_action, asked_target, asked_digest, former);
		end if;
		owner := coalesce(
			(select jsonb_build_object('action', 'allocate', 'target', 'lease/' || l.id) from berth.lease l where l.id = asked_id),
			(select jsonb_build_object('action', c.action, 'target', berth.target_text(c.kind, c.target, c.arguments))
				from berth.command c where c.id = asked_id));
		if owner is not null then
			perform berth.refuse_used_id(asked_id, owner, jsonb_build_object('action', asked_action, 'target', asked_target));
		end if;
		return null;
	end if;
	if r.action <> asked_action or r.target <> asked_target or r.digest not in (asked_digest, coalesce(former, asked_digest)) then
		perform berth.refuse_used_id(asked_id, jsonb_build_object('action', r.action, 'target', r.target),
			jsonb_build_object('action', asked_action, 'target', asked_target));
	end if;
	return r.answer;
end $$;

create or replace function berth.remember(asked_id uuid, asked_answer jsonb) returns void language sql begin atomic
	update berth.request set answer = asked_answer where id = asked_id;
end;

-- The live pool of that name, locked against whoever else changes it, though
-- not against allocation.
create or replace function berth.lock_pool(asked_pool text) returns berth.pool
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	select * into p from berth.pool where name = asked_pool and destroyed is null for no key update;
	if not found then
		-- One that was deleted while this waited may have a successor.
		perform berth.live_pool(asked_pool);
		return berth.lock_pool(asked_pool);
	end if;
	return p;
end $$;

create or replace function berth.record(asked_action text, asked_kind text, asked_target uuid, asked_before jsonb,
	asked_after jsonb, asked_detail jsonb)
returns void language sql begin atomic
	insert into berth.event (action, kind, target, before, after, detail)
	values (asked_action, asked_kind, asked_target, asked_before, asked_after, asked_detail);
end;

-- What was still to be done with something that is gone.
create or replace function berth.close_lane(gone uuid, words text) returns void language sql begin atomic
	update berth.command
	set state = 'done', outcome = case when action in ('cordon', 'uncordon') and not_before <= now() then 'rejected' else 'noop' end,
		explanation = words, consumed_at = greatest(clock_timestamp(), created), consumed_by = session_user
	where id in (select id from berth.open_in(gone) where state = 'queued');
end;

create or replace function berth.space_number(asked text) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	n int;
begin
	select number into n from berth.space where name = asked;
	if not found then
		insert into berth.space (name) values (asked) on conflict on constraint space_name_key do nothing returning number into n;
		if not found then
			select number into n from berth.space where name = asked;
		end if;
	end if;
	return n;
end $$;

-- Adds ranges to a pool: jsonb [{"name", "first", "last", "host"}]. A range that
-- is exactly there already is left as it is. Refuses the first that overlaps a
-- live resource of its space and kind, in the order given, naming the culprit.
-- Answers with the ids of all, in that order.
create or replace function berth.add_ranges(p berth.pool, ranges jsonb, detail jsonb) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	ids uuid[];
	asked record;
	made uuid;
begin
	for asked in select * from jsonb_to_recordset(ranges) as r (name text, first numeric, last numeric, host text) loop
		made := berth.add_range(p, asked.name, asked.first, asked.last, asked.host, detail);
		if made is null then
			perform berth.refuse_overlap(p.id, p.space, p.kind, asked.name, asked.first, asked.last, asked.host);
		end if;
		ids := ids || made;
	end loop;
	if p.waiting > 0 then
		perform berth.wake();
	end if;
	return coalesce(ids, '{}');
end $$;

-- Returns whether a host of that name is one of several that differ in case, of a time when that was allowed. The index
-- does not keep others away from it.
create or replace function berth.has_twin(asked_space int, asked_host text) returns bool
language sql stable return exists (
	select from berth.resource where space = asked_space and lower(host) = lower(asked_host) and twin <> ''
		and state <> 'destroyed' and host <> '');

-- One range: its id, also when it was there already; null when another one is in its way.
create or replace function berth.add_range(p berth.pool, asked_name text, asked_first numeric, asked_last numeric,
	asked_host text, detail jsonb)
returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	made uuid;
begin
	insert into berth.resource (pool, space, kind, name, host, first, last)
	select p.id, p.space, p.kind, asked_name, asked_host, asked_first, asked_last
	where asked_host = '' or not berth.has_twin(p.space, asked_host)
	on conflict do nothing
	returning id into made;
	if found then
		insert into berth.stripe (pool, resource, host, first, last, free, room, open)
		values (p.id, made, asked_host, asked_first, asked_last, nummultirange(numrange(asked_first, asked_last + 1)),
			asked_last - asked_first + 1, true);
		perform berth.record('create', 'resource', made, null,
			jsonb_build_object('pool', p.name, 'name', asked_name, 'state', 'active', 'generation', 1), detail);
		return made;
	end if;
	return berth.resource_of(p, p.kind, asked_first, asked_last, asked_host);
end $$;

-- The live resource that overlaps a range, the lowest if there are several. An
-- import asks this for each row that it refuses, and has nested loops off; and
-- where statistics know of no resource, all of them would be read for each row.
create or replace function berth.culprit(asked_space int, asked_kind text, asked_first numeric, asked_last numeric, asked_host text)
returns berth.resource language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_nestloop = on set enable_seqscan = off as $$
declare
	r berth.resource;
begin
	if asked_kind = 'host' then
		select * into r from berth.resource
		where space = asked_space and lower(host) = lower(asked_host) and host <> '' and state <> 'destroyed'
		order by host <> asked_host, twin limit 1;
	else
		select * into r from berth.resource
		where berth.span(space, kind, first, last) && berth.span(asked_space, asked_kind, asked_first, asked_last)
			and state <> 'destroyed' and kind <> 'host'
		order by first limit 1;
	end if;
	return r;
end $$;

-- Returns the live resource of a pool that is exactly this range, or null.
create or replace function berth.resource_of(p berth.pool, asked_kind text, asked_first numeric, asked_last numeric, asked_host text)
returns uuid language sql stable return (
	select c.id from berth.culprit(p.space, asked_kind, asked_first, asked_last, asked_host) c
	where c.pool = p.id and c.first = asked_first and c.last = asked_last);

-- Returns the resource that a place in a pool names, or null: the live one that is this range or has this value; of a host
-- whatever slots it has, when none is asked for. Else of those that are destroyed the last that was this range.
create or replace function berth.resource_at(asked_pool text, asked_kind text, asked_host text, asked_first numeric, asked_last numeric)
returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	c berth.resource;
begin
	perform berth.accept(coalesce(
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_range(asked_kind, 'asked-for', asked_host,
			case when asked_kind = 'host' and asked_last is null then coalesce(asked_first, 1) else asked_first end,
			case when asked_kind = 'host' and asked_first is null then coalesce(asked_last, 1) else asked_last end)));
	select * into p from berth.pool where name = asked_pool and destroyed is null;
	c := berth.culprit(p.space, asked_kind, asked_first, asked_last, asked_host);
	if c.pool = p.id and coalesce(asked_kind = 'host' and asked_last <= c.last or c.first = asked_first and c.last = asked_last
		or asked_first = asked_last and asked_first between c.first and c.last, true)
	then
		return c.id;
	end if;
	return (select id from berth.resource
		where pool = p.id and state = 'destroyed' and kind = asked_kind and lower(host) = lower(asked_host)
			and (asked_first is null or (first = asked_first and last = asked_last))
		order by destroyed desc limit 1);
end $$;

create or replace function berth.pool_name(asked uuid) returns text
language sql stable return (select name from berth.pool where id = asked);

create or replace function berth.overlap_detail(c berth.resource) returns jsonb
language sql stable return jsonb_build_object('pool', berth.pool_name(c.pool), 'resource', c.id, 'range', c.name,
	'first', berth.value_text(c.kind, c.host, c.first), 'last', berth.value_text(c.kind, c.host, c.last));

-- Returns how the two can stand beside each other: not in one pool, but those of pools in spaces of their own are not
-- compared.
create or replace function berth.overlap_hint(asked_pool uuid, c berth.resource) returns text
language sql stable return case when c.pool is distinct from asked_pool then
	format('values that mean something else belong in a space of their own: berth pool create NAME --kind %s --space SPACE',
		c.kind) end;

create or replace function berth.refuse_overlap(asked_pool uuid, asked_space int, asked_kind text, asked_name text,
	asked_first numeric, asked_last numeric, asked_host text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.resource := berth.culprit(asked_space, asked_kind, asked_first, asked_last, asked_host);
begin
	if c.id is null then
		raise exception using errcode = 'serialization_failure', message = 'the range in the way is gone';
	end if;
	perform berth.refuse('overlap', format('range %s overlaps %s of pool %s', asked_name, c.name, berth.pool_name(c.pool)),
		berth.overlap_detail(c), berth.overlap_hint(asked_pool, c));
end $$;

create or replace function berth.pool_create(asked_id uuid, asked_name text, asked_kind text, asked_space text, asked_project text,
	asked_warn bigint, asked_crit bigint, asked_ttl bigint, asked_reuse_delay bigint, asked_activate_hook text,
	asked_release_hook text, ranges jsonb, detail jsonb)
returns setof berth.pool_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	v berth.pool_view;
	owner uuid;
	content jsonb := jsonb_build_array(asked_kind, asked_space, asked_warn, asked_crit, asked_ttl, asked_reuse_delay,
		asked_activate_hook, asked_release_hook, ranges);
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_name),
		berth.check_kind(asked_kind),
		berth.check_name('space', asked_space),
		case when asked_project is not null then berth.check_project('project', asked_project) end,
		berth.check_count('crit', asked_crit, 0, 100),
		berth.check_count('warn, not above crit', asked_warn, 0, asked_crit),
		berth.check_duration('ttl', asked_ttl, 0),
		berth.check_duration('reuse delay', asked_reuse_delay, 0),
		case when asked_activate_hook is not null then berth.check_name('hook', asked_activate_hook) end,
		case when asked_release_hook is not null then berth.check_name('hook', asked_release_hook) end,
		berth.check_ranges(asked_kind, ranges),
		berth.check_detail(detail)));
	if berth.replayed(asked_id, 'pool create', asked_name, berth.digest(content || to_jsonb(array[asked_project])),
		md5(content::text || coalesce(asked_project, ''))) is not null
	then
		if exists (select from berth.pool where id = asked_id and destroyed is not null) then
			perform berth.refuse('id_conflict', format('pool %s with id %s was deleted; its id is spent', asked_name, asked_id),
				jsonb_build_object('existing', jsonb_build_object('id', asked_id, 'state', 'destroyed'),
					'asked', jsonb_build_object('id', asked_id, 'name', asked_name)));
		end if;
		select * into v from berth.pool_view where id = asked_id;
		v.replayed := true;
		return next v;
		return;
	end if;
	if asked_project is not null then
		owner := (berth.live_project(asked_project)).id;
		perform berth.hold_project(owner);
	end if;
	insert into berth.pool (id, name, kind, space, project, warn, crit, ttl, reuse_delay, activate_hook, release_hook)
	values (asked_id, asked_name, asked_kind, berth.space_number(asked_space), owner, asked_warn, asked_crit, asked_ttl,
		asked_reuse_delay, asked_activate_hook, asked_release_hook)
	returning * into p;
	perform berth.record('create', 'pool', p.id, null, jsonb_build_object('name', p.name, 'kind', p.kind, 'space', asked_space,
		'warn', p.warn, 'crit', p.crit, 'ttl', p.ttl, 'reuse_delay', p.reuse_delay)
			|| jsonb_strip_nulls(jsonb_build_object('project', asked_project)), detail);
	perform berth.add_ranges(p, ranges, detail);
	perform berth.remember(asked_id, '{}');
	return query select * from berth.pool_view where id = p.id;
end $$;

create or replace function berth.pool_add(asked_id uuid, asked_pool text, asked_kind text, ranges jsonb, detail jsonb)
returns setof berth.resource_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	ids uuid[];
	v berth.resource_view;
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_ranges(asked_kind, ranges),
		berth.check_that('ranges', ranges <> '[]', 'one is needed'),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool add', asked_pool, berth.digest(ranges));
	if answer is null then
		p := berth.lock_pool(asked_pool);
		if p.kind <> asked_kind then
			perform berth.refuse('invalid_input', format('pool %s is of kind %s, and %s is %s', asked_pool, p.kind,
				ranges->0->>'name', asked_kind), jsonb_build_object('pool', asked_pool, 'kind', p.kind));
		end if;
		perform berth.hold_project(p.project);
		ids := berth.add_ranges(p, ranges, detail);
		perform berth.remember(asked_id, to_jsonb(ids));
	else
		select array_agg(id::uuid order by n) into ids from jsonb_array_elements_text(answer) with ordinality as a (id, n);
	end if;
	for v in select r.* from unnest(ids) with ordinality as a (id, n) join berth.resource_view r using (id) order by n loop
		v.replayed := answer is not null;
		return next v;
	end loop;
end $$;

-- Returns leases as `in_use` names them: [{"id", "value", "holder"}]. One that waits has no value.
create or replace function berth.users(leases uuid[]) returns jsonb language sql stable return (
	select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'value', berth.value_text(r.kind, r.host, l.value),
		'holder', l.holder) order by n), '[]')
	from unnest(leases) with ordinality asked (id, n) join berth.lease l using (id) left join berth.resource r on r.id = l.resource);

-- Returns them in words, and how many more there are of `total`: 10.0.0.7 ("web-1"), value 8 and 3 more. A number alone
-- would be taken for a count, and a holder without quotes for what follows it.
create or replace function berth.users_text(users jsonb, total numeric) returns text language sql immutable return (
	select string_agg(case when u->>'value' ~ '^[0-9]+$' then 'value ' else '' end || coalesce(u->>'value', 'lease ' || (u->>'id'))
		|| case u->>'holder' when '' then '' else ' (' || berth.quoted(u->>'holder') || ')' end, ', ' order by n)
		|| case when total > count(*) then format(' and %s more', total - count(*)) else '' end
	from jsonb_array_elements(users) with ordinality e (u, n));

-- Returns how many values of a pool, or of one of its resources, are held.
create or replace function berth.held_in(asked_pool uuid, asked_resource uuid default null) returns numeric
language sql stable return (
	select coalesce(sum(last - first + 1 - room), 0) from berth.stripe
	where pool = asked_pool and (asked_resource is null or resource = asked_resource));

create or replace function berth.refuse_in_use(asked_what text, users jsonb, total numeric, hint text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('in_use', asked_what || coalesce(': ' || berth.users_text(users, total), ''),
		jsonb_build_object('leases', users), hint);
end $$;

create or replace function berth.pool_remove(asked_id uuid, asked_pool text, asked_kind text, asked_name text,
	asked_first numeric, asked_last numeric, asked_host text, detail jsonb)
returns setof berth.resource_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	r berth.resource;
	v berth.resource_view;
	answer jsonb;
	users jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_kind(asked_kind),
		berth.check_range(asked_kind, asked_name, asked_host, asked_first, asked_last),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool remove', asked_pool,
		berth.digest(jsonb_build_array(asked_kind, asked_first, asked_last, asked_host)));
	if answer is not null then
		v := jsonb_populate_record(null::berth.resource_view, answer || '{"replayed": true}');
		return next v;
		return;
	end if;
	p := berth.live_pool(asked_pool);
	r.id := berth.resource_of(p, asked_kind, asked_first, asked_last, asked_host);
	-- In the order of an allocation: its stripe, then its resource. A stripe that was cut off meanwhile is found
	-- the second time; a lease in one that is not committed yet holds the resource by its foreign key.
	perform from berth.stripe where resource = r.id order by first for update;
	select * into r from berth.resource where id = r.id and state <> 'destroyed' for update;
	perform from berth.stripe where resource = r.id order by first for update;
	if r.id is null then
		perform berth.refuse('not_found', format('pool %s has no live resource %s', asked_pool, asked_name),
			jsonb_build_object('pool', asked_pool, 'range', asked_name), format('berth resource list %s shows those it has', asked_pool));
	end if;
	users := berth.users(array(select id from berth.leases_on(r.id, null, null, 10)));
	if users <> '[]' then
		perform berth.refuse_in_use(format('resource %s of pool %s has leases', r.name, p.name), users, berth.held_in(p.id, r.id),
			'release them first');
	end if;
	delete from berth.stripe where resource = r.id;
	update berth.resource set state = 'destroyed', destroyed = clock_timestamp(), generation = generation + 1 where id = r.id;
	perform berth.close_lane(r.id, format('resource %s is removed', r.name));
	perform berth.record('remove', 'resource', r.id, jsonb_build_object('state', r.state, 'generation', r.generation),
		jsonb_build_object('state', 'destroyed', 'generation', r.generation + 1), detail);
	select * into v from berth.resource_view where id = r.id;
	perform berth.remember(asked_id, to_jsonb(v));
	return next v;
end $$;

create or replace function berth.pool_delete(asked_id uuid, asked_pool text, detail jsonb)
returns setof berth.pool_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	v berth.pool_view;
	answer jsonb;
	names text;
	users jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool delete', asked_pool, '');
	if answer is not null then
		v := jsonb_populate_record(null::berth.pool_view, answer || '{"replayed": true}');
		return next v;
		return;
	end if;
	p := berth.lock_pool(asked_pool);
	select string_agg(name, ', ') into names
	from (select name from berth.resource where pool = p.id and state <> 'destroyed' order by host, first limit 3) r;
	if names is not null or p.waiting > 0 then
		users := berth.users(array(select id from berth.lease where pool = p.id and state <> 'destroyed' order by seq limit 10));
		perform berth.refuse_in_use(
			case when names is null then format('%s leases wait in pool %s', p.waiting, asked_pool)
				else format('pool %s has resources: %s', asked_pool, names) || case when users <> '[]' then '; its leases' else '' end end,
			users, berth.held_in(p.id) + p.waiting,
			case when names is null then 'release them first'
				else format('remove them first: berth pool remove %s RANGE', asked_pool) end);
	end if;
	select * into v from berth.pool_view where id = p.id;
	update berth.pool set destroyed = clock_timestamp() where id = p.id;
	perform berth.close_lane(p.id, format('pool %s is deleted', p.name));
	perform berth.record('remove', 'pool', p.id, jsonb_build_object('name', p.name), null, detail);
	perform berth.remember(asked_id, to_jsonb(v));
	return next v;
end $$;
