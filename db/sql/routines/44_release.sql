-- Changes of leases: releasing, activating and extending them, and what follows from that for their resources.

-- Takes a lease out of the line of each of these pools, which may come several times. Locks the pools.
create or replace function berth.leave_lines(pools uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform from berth.pool where id = any (pools) order by id for no key update;
	update berth.pool p set waiting = p.waiting - gone.n
	from (select id, count(*) as n from unnest(pools) id group by id) gone where p.id = gone.id;
end $$;

-- Credits the projects whose leases are destroyed. Locks them, in one order.
create or replace function berth.credit_projects(ends berth.ending[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.lock_projects(array(select distinct l.project from unnest(ends) e join berth.lease l on l.id = e.lease
		where l.project is not null));
	update berth.project j set leases = j.leases - gone.n
	from (select l.project, count(*) as n from unnest(ends) e join berth.lease l on l.id = e.lease
		where l.project is not null and not e.rest and not berth.state_is(l.state, '{destroyed}')
		group by l.project) gone
	where j.id = gone.project and j.max_leases is not null;
end $$;

-- Ends the other open commands of leases that end, and returns those whose bulk has yet to count them.
create or replace function berth.close_superseded(actor text, ends berth.ending[]) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	closed uuid[];
begin
	with shut as (
		update berth.command c
		set state = 'done', outcome = case when c.state = 'quarantined' then 'failed'
				when c.action in ('release', 'activate') or c.not_before > now() then 'noop' else 'rejected' end,
			explanation = case c.state when 'quarantined' then 'superseded by ' else 'it was released by ' end
				|| coalesce('command ' || e.command, actor),
			consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from unnest(ends) e cross join lateral berth.open_in(e.lease) open
		where c.id = open.id and open.id is distinct from e.command and berth.state_is(c.state, '{queued, quarantined}')
		returning c.id, c.outcome
	)
	select coalesce(array_agg(id) filter (where outcome <> 'failed'), '{}') into closed from shut;
	return closed;
end $$;

-- Ends leases: each is destroyed and its value is free, or is released and its value rests. Ends the other open
-- commands of these leases, and returns them. Locks pools, stripes and projects, in that order.
create or replace function berth.end_leases(actor text, ends berth.ending[]) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	closed uuid[];
	resources uuid[];
	firsts numeric[];
	ended_count bigint;
	pools uuid[];
	charged bool;
begin
	select array_agg(l.pool) filter (where berth.state_is(l.state, '{pending}')), bool_or(l.project is not null)
	into pools, charged from unnest(ends) e join berth.lease l on l.id = e.lease;
	-- Lines are locked before values, as by whoever fills them.
	perform berth.leave_lines(pools) where pools is not null;
	perform berth.lock_stripes(array(select e.lease from unnest(ends) e));
	perform berth.credit_projects(ends) where charged;
	closed := berth.close_superseded(actor, ends);
	with held as materialized (
		select l.id, l.seq, l.state, l.generation, l.resource, l.value, l.rest_until, e.command, e.rest,
			s.first as stripe,
			s.changed, p.reuse_delay as delay, p.block,
			jsonb_build_object('state', l.state, 'generation', l.generation) as before,
			jsonb_build_object('state', 'released', 'generation', l.generation + 1) as between,
			(l.state <> 'released')::int as steps
		from unnest(ends) e
		join berth.lease l on l.id = e.lease
		join berth.pool p on p.id = l.pool
		left join lateral (select first, changed from berth.stripe where resource = l.resource and first <= l.value
			order by first desc limit 1) s on true
		where not berth.state_is(l.state, '{destroyed}')
	), present as materialized (
		select berth.time_of_change(max(changed)) as at from held
	), given as (
		select resource, stripe, count(*) filter (where not rest) as room,
			coalesce(range_agg(numrange(value, value + block)) filter (where not rest), '{}') as free,
			count(*) filter (where rest) - count(*) filter (where rest_until is not null) as resting
		from held where value is not null group by resource, stripe
	), freed as (
		update berth.stripe s
		set (free, room, kept, open) = (select r.* from berth.given_back(s, g.free, g.room) r),
			resting = s.resting + g.resting, changed = present.at
		from given g, present where s.resource = g.resource and s.first = g.stripe
		returning s.resource, s.first
	), told as (
		insert into berth.event (actor, action, kind, target, command, before, after)
		select actor, t.action, 'lease', h.id, h.command, t.before, t.after
		from held h cross join lateral (values
			(1, 'release', h.before, h.between, h.steps = 1),
			(2, 'destroy', case h.steps when 1 then h.between else h.before end,
				jsonb_build_object('state', 'destroyed', 'generation', h.generation + h.steps + 1), not h.rest)
		) as t (n, action, before, after, wanted)
		where t.wanted order by h.seq, t.n
	), ended as (
		update berth.lease l
		set state = case when h.rest then 'released' else 'destroyed' end,
			released = coalesce(l.released, greatest(present.at, l.created, l.acquired, l.activated)),
			destroyed = case when not h.rest
				then greatest(present.at, l.created, l.acquired, l.activated, l.released) end,
			rest_until = case when h.rest then berth.time_in(h.delay, present.at) end,
			generation = l.generation + h.steps + (not h.rest)::int
		from held h, present where l.id = h.id and l.state = h.state and l.generation = h.generation
		returning l.id
	)
	select (select array_agg(resource) from freed), (select array_agg(first) from freed),
		berth.assert_rows((select count(*) from freed), (select count(*) from given))
			+ berth.assert_rows((select count(*) from ended), (select count(*) from held))
	into resources, firsts, ended_count;
	perform berth.split_crumbs(resources, firsts);
	return closed;
end $$;

-- Returns the resources that these leases have values of, in the order in which they are locked: one after the other by
-- their ids, so that no more of them are read.
create or replace function berth.resources_of(leases uuid[]) returns setof uuid language sql stable begin atomic
	select distinct l.resource from unnest(leases) held (id) join berth.lease l on l.id = held.id
	where l.resource is not null order by l.resource;
end;

-- Locks the resources of these leases. A lease that breaks or is mended may change the state of its resource, and that
-- of one which is being drained at the same moment: one after the other.
create or replace function berth.lock_resources(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform from berth.resources_of(leases) held (id)
	cross join lateral (select from berth.resource r where r.id = held.id for no key update) r;
end $$;

-- Returns the leases that hold a value of a resource, in the order of their values: in the order of the index on them,
-- which statistics of a time when nothing was held would make no better than any other index on leases.
create or replace function berth.leases_on(asked_resource uuid, asked_states text[], behind numeric, most bigint)
returns setof berth.lease language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.lease
	where resource = asked_resource and state <> 'destroyed' and value > coalesce(behind, -1)
		and (asked_states is null or state = any (asked_states))
	order by value limit most;
end $$;

-- Brings resources that are being drained to the state that their leases give them: broken while a lease is, destroyed
-- with the last of them. Locks them.
create or replace function berth.update_drained(actor text, leases uuid[], asked_command uuid default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.resource;
begin
	for r in
		select drained.* from berth.resources_of(leases) held (id)
		cross join lateral (select * from berth.resource
			where id = held.id and berth.state_is(state, '{released, broken}') for no key update) drained
	loop
		perform berth.update_drained_resource(actor, r, asked_command);
	end loop;
end $$;

-- Does so for one resource, which is locked.
create or replace function berth.update_drained_resource(actor text, r berth.resource, asked_command uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	became text := case
		when not exists (select from berth.leases_on(r.id, null, null, 1)) then 'destroyed'
		when exists (select from berth.lease l where l.resource = r.id and l.state = 'broken') then 'broken'
		else 'released' end;
begin
	if became = r.state then
		return;
	end if;
	if became = 'destroyed' then
		delete from berth.stripe where resource = r.id;
		delete from berth.exclusion where resource = r.id;
		perform berth.close_commands(actor, r.id, format('resource %s is destroyed', r.name), asked_command);
	end if;
	update berth.resource
	set state = became, generation = generation + 1, destroyed = case became when 'destroyed' then clock_timestamp() end
	where id = r.id;
	perform berth.add_event(actor, case became when 'destroyed' then 'destroy' when 'broken' then 'break'
			else 'release' end, 'resource', r.id, asked_command,
		jsonb_build_object('state', r.state, 'generation', r.generation),
		jsonb_build_object('state', became, 'generation', r.generation + 1));
end $$;

-- Ends the commands that are queued for a target that is gone, but one. Items of bulks are left to the next worker,
-- which finds the target gone, and counts them.
create or replace function berth.close_commands(actor text, gone uuid, words text, but uuid default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.command
	set state = 'done',
		outcome = case when action in ('cordon', 'uncordon', 'label') and not_before <= now() then 'rejected'
			else 'noop' end,
		explanation = words, consumed_at = greatest(clock_timestamp(), created), consumed_by = actor
	where id in (select id from berth.open_in(gone)
		where state = 'queued' and parent is null and id is distinct from but);
end $$;

-- Ends quarantined commands after a person has decided about them.
create or replace function berth.close_quarantined(actor text, asked_commands uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.command q
	set state = 'done', outcome = 'failed', consumed_at = greatest(clock_timestamp(), q.created), consumed_by = actor,
		explanation = format('%s by %s', case c.action when 'retry' then 'retried' when 'skip' then 'skipped'
				else 'forced' end, c.author)
			|| case when c.reason = '' then '' else ': ' || c.reason end
	from berth.command c where c.id = any (asked_commands) and q.id = c.target and c.kind = 'command'
		and berth.state_is(q.state, '{quarantined}');
	update berth.command c set credits = nullif(array_remove(q.credits || q.parent, null), '{}')
	from berth.command q where c.id = any (asked_commands) and c.kind = 'command' and q.id = c.target;
end $$;

-- Activates leases whose hook has succeeded, or was skipped.
create or replace function berth.activate_leases(actor text, leases uuid[], commands uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	with seen as materialized (
		select l.id, l.state, l.generation, a.command
		from unnest(leases, commands) a (id, command) join berth.lease l using (id)
		where berth.state_is(l.state, '{acquired, broken}')
	), changed as (
		update berth.lease l set state = 'active', activated = greatest(clock_timestamp(), l.created, l.acquired),
			generation = l.generation + 1
		from seen s where l.id = s.id and l.generation = s.generation
		returning l.id
	)
	insert into berth.event (actor, action, kind, target, command, before, after)
	select actor, 'activate', 'lease', s.id, s.command, jsonb_build_object('state', s.state, 'generation',
		s.generation),
		jsonb_build_object('state', 'active', 'generation', s.generation + 1)
	from seen s join changed using (id);
end $$;

-- Changes the ends of leases.
create or replace function berth.extend_leases(actor text, decisions berth.decision[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	with seen as materialized (
		select l.id, l.until, l.generation, v.command, nullif(v.until, 'infinity') as wanted, l.state
		from unnest(decisions) v join berth.lease l on l.id = v.lease
	), changed as (
		-- A pending lease keeps its duration, which has yet to begin, unless it gets no end.
		update berth.lease l set until = s.wanted, duration = case when s.wanted is not null then l.duration end,
			generation = l.generation + 1
		from seen s where l.id = s.id and l.generation = s.generation
		returning l.id
	)
	insert into berth.event (actor, action, kind, target, command, before, after)
	select actor, 'extend', 'lease', s.id, s.command,
		jsonb_build_object('until', berth.time_exact(s.until), 'state', s.state, 'generation', s.generation),
		jsonb_build_object('until', berth.time_exact(s.wanted), 'state', s.state, 'generation', s.generation + 1)
	from seen s join changed using (id);
end $$;

-- Changes the holders of leases.
create or replace function berth.transfer_leases(actor text, decisions berth.decision[]) returns void
language sql begin atomic
	with seen as materialized (
		select l.id, l.holder, l.generation, l.state, c.id as command, berth.wanted_holder(c.arguments) as heir
		from unnest(decisions) v join berth.command c on c.id = v.command join berth.lease l on l.id = v.lease
	), changed as (
		update berth.lease l set holder = s.heir, generation = l.generation + 1
		from seen s where l.id = s.id and l.generation = s.generation
		returning l.id
	)
	insert into berth.event (actor, action, kind, target, command, before, after)
	select actor, 'transfer', 'lease', s.id, s.command,
		jsonb_build_object('holder', s.holder, 'state', s.state, 'generation', s.generation),
		jsonb_build_object('holder', s.heir, 'state', s.state, 'generation', s.generation + 1)
	from seen s join changed using (id);
end;
