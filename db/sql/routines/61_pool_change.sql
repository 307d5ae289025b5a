-- Changes of a pool itself: its settings and its name, at once, under the row lock of the pool.

-- Returns the pools that a name stands for: the live one of this name, else all that had it before they were renamed.
create or replace function berth.pools_named(asked text) returns uuid[] language sql stable return coalesce(
	(select array[p.id] from berth.pool p where p.name = asked and p.destroyed is null),
	array(select f.pool from berth.former_name f where f.name = asked));

-- Returns the present name of the live pool that had a name last, or null.
create or replace function berth.renamed_to(asked text) returns text language sql stable return (
	select p.name from berth.former_name f join berth.pool p on p.id = f.pool
	where f.name = asked and p.destroyed is null order by f.until desc limit 1);

-- Returns the settings of a pool, by which its changes are told.
create or replace function berth.pool_settings(p berth.pool) returns jsonb
language sql immutable parallel safe return jsonb_build_object('warn', p.warn, 'crit', p.crit, 'ttl', p.ttl,
	'reuse_delay', p.reuse_delay, 'activate_hook', p.activate_hook, 'release_hook', p.release_hook);

-- Checks the settings that a change asks for. Null leaves a setting as it is; a duration of 0 and an empty hook are
-- none.
create or replace function berth.check_settings(warn bigint, crit bigint, ttl bigint, reuse_delay bigint,
	activate_hook text, release_hook text)
returns text language sql immutable parallel safe return coalesce(
	berth.check_that('settings', num_nonnulls(warn, crit, ttl, reuse_delay, activate_hook, release_hook) > 0,
		'one is needed'),
	case when crit is not null then berth.check_count('crit', crit, 0, 100) end,
	case when warn is not null then berth.check_count('warn, not above crit', warn, 0, coalesce(crit, 100)) end,
	case when ttl is not null then berth.check_duration('ttl', ttl, 0) end,
	case when reuse_delay is not null then berth.check_duration('reuse delay', reuse_delay, 0) end,
	case when activate_hook <> '' then berth.check_name('hook', activate_hook) end,
	case when release_hook <> '' then berth.check_name('hook', release_hook) end);

-- Lets every worker have the queued commands of a pool that has lost a hook. A worker that applies one checks its need
-- of hooks.
create or replace function berth.unhook_commands(asked_pool uuid) returns void language sql begin atomic
	update berth.command set hook = false
	where id in (select c.id from berth.command c join berth.lease l on l.id = c.lane
		where c.lane_kind = 'lease' and c.hook and c.state = 'queued' and l.pool = asked_pool
		for update of c skip locked);
	select berth.wake();
end;

-- Writes the settings of a locked pool, with an event for what differs.
create or replace function berth.write_settings(p berth.pool, wanted berth.pool, detail jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	was jsonb := berth.pool_settings(p);
	changed jsonb;
begin
	select jsonb_object_agg(key, value) into changed from jsonb_each(berth.pool_settings(wanted))
	where was->key is distinct from value;
	if changed is null then
		return;
	end if;
	update berth.pool
	set warn = wanted.warn, crit = wanted.crit, ttl = wanted.ttl, reuse_delay = wanted.reuse_delay,
		activate_hook = wanted.activate_hook, release_hook = wanted.release_hook
	where id = p.id;
	if changed->>'activate_hook' is null and changed ? 'activate_hook'
		or changed->>'release_hook' is null and changed ? 'release_hook'
	then
		perform berth.unhook_commands(p.id);
	end if;
	perform berth.add_event(session_user, 'set', 'pool', p.id, null, (select jsonb_object_agg(key, was->key)
		from jsonb_object_keys(changed) key), changed, detail);
end $$;

-- Changes the settings of a pool for what happens from now on, and returns the pool. Locks it. Raises not_found,
-- id_conflict, and invalid_input for a warning above the critical threshold.
create or replace function berth.pool_set(asked_id uuid, asked_pool text, asked_warn bigint, asked_crit bigint,
	asked_ttl bigint, asked_reuse_delay bigint, asked_activate_hook text, asked_release_hook text, detail jsonb)
returns setof berth.pool_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	wanted berth.pool;
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_settings(asked_warn, asked_crit, asked_ttl, asked_reuse_delay, asked_activate_hook,
			asked_release_hook),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool set', asked_pool, berth.digest(jsonb_build_array(asked_warn, asked_crit,
		asked_ttl, asked_reuse_delay, asked_activate_hook, asked_release_hook)));
	if answer is null then
		p := berth.lock_pool(asked_pool);
		wanted := p;
		wanted.warn := coalesce(asked_warn, p.warn);
		wanted.crit := coalesce(asked_crit, p.crit);
		wanted.ttl := coalesce(asked_ttl, p.ttl);
		wanted.reuse_delay := coalesce(asked_reuse_delay, p.reuse_delay);
		wanted.activate_hook := nullif(coalesce(asked_activate_hook, p.activate_hook), '');
		wanted.release_hook := nullif(coalesce(asked_release_hook, p.release_hook), '');
		if wanted.warn > wanted.crit then
			perform berth.refuse('invalid_input', format('--warn %s would be above --crit %s of pool %s', wanted.warn,
				wanted.crit, p.name), jsonb_build_object('pool', p.name, 'warn', wanted.warn, 'crit', wanted.crit));
		end if;
		perform berth.write_settings(p, wanted, detail);
	end if;
	return next berth.answer_pool(asked_id, answer, p.id);
end $$;

-- Renames a pool, and returns it. Its id, leases and history stay, and a request that was made under the former name
-- can be repeated. Locks the pool. Raises not_found, already_exists, id_conflict.
create or replace function berth.pool_rename(asked_id uuid, asked_pool text, asked_name text, detail jsonb)
returns setof berth.pool_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_name('pool', asked_pool),
		berth.check_name('pool', asked_name),
		berth.check_detail(detail)));
	answer := berth.replayed(asked_id, 'pool rename', asked_pool, berth.digest(to_jsonb(asked_name)));
	if answer is null then
		p := berth.lock_pool(asked_pool);
		if p.name <> asked_name then
			insert into berth.former_name (name, pool) values (p.name, p.id)
			on conflict on constraint former_name_pkey do update set until = clock_timestamp();
			update berth.pool set name = asked_name where id = p.id;
			delete from berth.former_name where name = asked_name and pool = p.id;
			perform berth.add_event(session_user, 'rename', 'pool', p.id, null, jsonb_build_object('name', p.name),
				jsonb_build_object('name', asked_name), detail);
		end if;
	end if;
	return next berth.answer_pool(asked_id, answer, p.id);
end $$;
