-- Pools and resources, as administrators change them: at once, under the row lock of what they change.

-- Locks the live pool of that name against other changes, though not against allocation, and returns it. Raises
-- not_found.
create or replace function berth.lock_pool(asked_pool text) returns berth.pool
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	select * into p from berth.pool where name = asked_pool and destroyed is null for no key update;
	if not found then
		-- A pool that was deleted meanwhile may have a successor.
		perform berth.live_pool(asked_pool);
		return berth.lock_pool(asked_pool);
	end if;
	return p;
end $$;

-- Returns the number of a space, which is added if it is new.
create or replace function berth.space_number(asked text) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	n int;
begin
	select number into n from berth.space where name = asked;
	if not found then
		insert into berth.space (name) values (asked) on conflict on constraint space_name_key do nothing
			returning number into n;
		if not found then
			select number into n from berth.space where name = asked;
		end if;
	end if;
	return n;
end $$;

-- Returns the kept answer of a request as a pool. Earlier versions knew of no exclusions and no units.
create or replace function berth.replayed_pool(answer jsonb) returns berth.pool_view
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return jsonb_populate_record(null::berth.pool_view, '{"excluded": 0}'
		|| jsonb_build_object('addresses', answer->'capacity') || answer || '{"replayed": true}');
end $$;

-- Returns the answer to a request about a pool: the kept one, or the pool as it is now, which is kept.
create or replace function berth.answer_pool(asked_id uuid, answer jsonb, pool uuid) returns berth.pool_view
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	v berth.pool_view;
begin
	if answer is not null then
		return berth.replayed_pool(answer);
	end if;
	select * into v from berth.pool_view where id = pool;
	perform berth.remember(asked_id, to_jsonb(v), pool);
	return v;
end $$;

-- Raises invalid_input for ranges of another kind than the pool's.
create or replace function berth.refuse_kind(p berth.pool, asked_kind text, ranges jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if p.kind <> asked_kind then
		perform berth.refuse('invalid_input', format('pool %s is of kind %s, and %s is %s', p.name, p.kind,
			ranges->0->>'name', asked_kind), jsonb_build_object('pool', p.name, 'kind', p.kind));
	end if;
end $$;

-- Creates a pool with its ranges, of which values may be excluded, and returns it. Raises already_exists, overlap,
-- id_conflict, invalid_input for excluded values that it has not and for parts of units, not_found and
-- precondition_failed for its project.
create or replace function berth.pool_create(asked_id uuid, asked_name text, asked_kind text, asked_space text,
	asked_project text,
	asked_warn bigint, asked_crit bigint, asked_ttl bigint, asked_reuse_delay bigint, asked_activate_hook text,
	asked_release_hook text, ranges jsonb, detail jsonb, exclude jsonb default '[]', asked_unit text default null)
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
		berth.check_unit(asked_kind, asked_unit),
		berth.check_name('space', asked_space),
		case when asked_project is not null then berth.check_project('project', asked_project) end,
		berth.check_count('crit', asked_crit, 0, 100),
		berth.check_count('warn, not above crit', asked_warn, 0, asked_crit),
		berth.check_duration('ttl', asked_ttl, 0),
		berth.check_duration('reuse delay', asked_reuse_delay, 0),
		case when asked_activate_hook is not null then berth.check_name('hook', asked_activate_hook) end,
		case when asked_release_hook is not null then berth.check_name('hook', asked_release_hook) end,
		berth.check_ranges(asked_kind, ranges),
		berth.check_portions(asked_kind, exclude),
		berth.check_detail(detail)));
	content := content || berth.exclude_content(exclude)
		|| case when asked_unit is null then '[]' else jsonb_build_array(asked_unit) end;
	if berth.replayed(asked_id, 'pool create', asked_name, berth.digest(content || to_jsonb(array[asked_project])),
		md5(content::text || coalesce(asked_project, ''))) is not null
	then
		if exists (select from berth.pool where id = asked_id and destroyed is not null) then
			perform berth.refuse('id_conflict', format('pool %s with id %s was deleted; its id is spent', asked_name,
				asked_id),
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
		perform berth.lock_open_project(owner);
	end if;
	insert into berth.pool (id, name, kind, space, project, warn, crit, ttl, reuse_delay, activate_hook, release_hook,
		unit)
	values (asked_id, asked_name, asked_kind, berth.space_number(asked_space), owner, asked_warn, asked_crit, asked_ttl,
		asked_reuse_delay, asked_activate_hook, asked_release_hook, asked_unit)
	returning * into p;
	perform berth.add_event(session_user, 'create', 'pool', p.id, null, null, jsonb_build_object('name', p.name, 'kind',
		p.kind, 'space', asked_space,
		'warn', p.warn, 'crit', p.crit, 'ttl', p.ttl, 'reuse_delay', p.reuse_delay)
			|| jsonb_strip_nulls(jsonb_build_object('project', asked_project, 'unit', asked_unit)), detail);
	perform berth.add_ranges(p, ranges, detail);
	perform berth.change_exclusions(p, true, exclude, detail);
	perform berth.remember(asked_id, '{}');
	return query select * from berth.pool_view where id = p.id;
end $$;

-- Adds ranges to a pool, of which values may be excluded, and returns their resources; those that are there already
-- stay as they are. Locks the pool. Raises not_found, overlap, id_conflict, and invalid_input for another kind and for
-- excluded values that are in none of the ranges.
create or replace function berth.pool_add(asked_id uuid, asked_pool text, asked_kind text, ranges jsonb, detail jsonb,
	exclude jsonb default '[]')
returns setof berth.resource_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	had uuid[];
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
		berth.check_portions(asked_kind, exclude),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool add', asked_pool, berth.digest(case when exclude = '[]' then ranges
		else jsonb_build_array(ranges) || berth.exclude_content(exclude) end));
	if answer is null then
		p := berth.lock_pool(asked_pool);
		perform berth.refuse_kind(p, asked_kind, ranges);
		perform berth.lock_open_project(p.project);
		had := array(select berth.resource_of(p, p.kind, r.first, r.last, r.host)
			from jsonb_to_recordset(ranges) as r (first numeric, last numeric, host text));
		ids := berth.add_ranges(p, ranges, detail);
		perform berth.exclude_added(p, ids, array(select id from unnest(ids) id where id = any (had) is not true),
			exclude, detail);
		perform berth.remember(asked_id, to_jsonb(ids), p.id);
	else
		select array_agg(id::uuid order by n) into ids from jsonb_array_elements_text(answer) with
			ordinality as a (id, n);
	end if;
	for v in select r.* from unnest(ids) with ordinality as a (id, n) join berth.resource_view r using (id)
		order by n loop
		v.replayed := answer is not null;
		return next v;
	end loop;
end $$;

-- Returns leases as `in_use` names them: [{"id", "value", "holder"}]. A pending lease has no value.
create or replace function berth.in_use_leases(leases uuid[]) returns jsonb language sql stable return (
	select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'value', berth.held_text(r.kind, r.host, l.value,
		p.unit), 'holder', l.holder) order by n), '[]')
	from unnest(leases) with ordinality asked (id, n) join berth.lease l using (id) join berth.pool p on p.id = l.pool
		left join berth.resource r on r.id = l.resource);

-- Returns them for a message, and how many more there are of `total`: 10.0.0.7 ("web-1"), value 8 and 3 more. A number
-- alone would be read as a count, and a holder without quotes as the rest of the sentence.
create or replace function berth.in_use_text(users jsonb, total numeric) returns text language sql immutable return (
	select string_agg(case when u->>'value' ~ '^[0-9]+$' then 'value ' else '' end || coalesce(u->>'value', 'lease '
		|| (u->>'id'))
		|| case u->>'holder' when '' then '' else ' (' || berth.quoted(u->>'holder') || ')' end, ', ' order by n)
		|| case when total > count(*) then format(' and %s more', total - count(*)) else '' end
	from jsonb_array_elements(users) with ordinality e (u, n));

-- Returns how many units of a pool, or of one of its resources, are held.
create or replace function berth.held_in(asked_pool uuid, asked_resource uuid default null) returns numeric
language sql stable return (
	select coalesce(sum(div(last - first + 1, block) - room - kept), 0) from berth.stripe
	where pool = asked_pool and (asked_resource is null or resource = asked_resource));

-- Raises in_use, naming leases.
create or replace function berth.refuse_in_use(asked_what text, users jsonb, total numeric, hint text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('in_use', asked_what || coalesce(': ' || berth.in_use_text(users, total), ''),
		jsonb_build_object('leases', users), hint);
end $$;

-- Deletes a pool without resources, and returns it. Locks the pool. Raises not_found, in_use, id_conflict.
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
		v := berth.replayed_pool(answer);
		return next v;
		return;
	end if;
	p := berth.lock_pool(asked_pool);
	select string_agg(name, ', ') into names
	from (select name from berth.resource where pool = p.id and state <> 'destroyed' order by host, first limit 3) r;
	if names is not null or p.waiting > 0 then
		users := berth.in_use_leases(array(select id from berth.lease where pool = p.id and state <> 'destroyed'
			order by seq limit 10));
		perform berth.refuse_in_use(
			case when names is null then format('%s leases wait in pool %s', p.waiting, asked_pool)
				else format('pool %s has resources: %s', asked_pool, names) || case when users <> '[]'
					then '; its leases' else '' end end,
			users, berth.held_in(p.id) + p.waiting,
			case when names is null then 'release them first'
				else format('remove them first: berth pool remove %s RANGE', asked_pool) end);
	end if;
	select * into v from berth.pool_view where id = p.id;
	update berth.pool set destroyed = clock_timestamp() where id = p.id;
	perform berth.close_commands(session_user, p.id, format('pool %s is deleted', p.name));
	perform berth.add_event(session_user, 'remove', 'pool', p.id, null, jsonb_build_object('name', p.name), null,
		detail);
	perform berth.remember(asked_id, to_jsonb(v), p.id);
	return next v;
end $$;
