-- The command queue: sending, cancelling, and what is in it.
--
-- A command has a serialization key (the columns lane_kind and lane): the row whose lock is the right to apply it.
-- Commands with one key are applied one after the other.

-- Wakes the workers. A hint: they look once a second anyway.
create or replace function berth.wake() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform pg_notify('berth', '');
end $$;

-- Registers the session for that hint.
create or replace function berth.listen() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	listen berth;
end $$;

-- Does nothing. It is granted with queue(), so that a missing right is told before anyone is asked to confirm.
create or replace function berth.may_queue() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
end $$;

-- Raises conflict if a name stands for something else than its sender has seen.
create or replace function berth.refuse_unseen(asked jsonb, found_id uuid) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	named text := case when asked ? 'pool' then 'pool' else asked->>'kind' end;
begin
	if found_id <> (asked->>'seen')::uuid then
		perform berth.refuse('conflict', format('%s %s is another one by now than was shown', named,
				coalesce(asked->>'pool', asked->>'name')),
			jsonb_build_object(named, coalesce(asked->>'pool', asked->>'name'), 'seen', asked->>'seen',
				'now', found_id),
			'nothing was changed; ask again to see what it is now');
	end if;
end $$;

-- Returns the id of the pool, project or organization that the name in a target stands for; null for a target without
-- one. Raises not_found, and conflict for another than was seen.
create or replace function berth.named_by(asked jsonb) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	found_id uuid;
begin
	found_id := case
		when asked->>'pool' is not null then (berth.live_pool(asked->>'pool')).id
		when asked ? 'id' then null
		when asked->>'kind' = 'pool' then (berth.live_pool(asked->>'name')).id
		when asked->>'kind' = 'org' then (berth.live_organization(asked->>'name')).id
		when asked->>'kind' = 'project' then coalesce((berth.find_project(asked->>'name')).id,
			(berth.live_project(asked->>'name')).id) end;
	perform berth.refuse_unseen(asked, found_id);
	return found_id;
end $$;

-- Returns a target with its id in place of whatever named it. Raises not_found. Targets are:
--     {"kind": "lease" | "command", "id"}              one row
--     {"kind": "resource", "id"}                       by its id, or by its place:
--     {"kind": "resource", "pool", "type", "host", "first", "last"}     see berth.resource_at()
--     {"kind": "pool" | "org" | "project", "name"}     a project also by its id; the live one, else the last
--     {"kind": "leases", "pool", "states", "holder", "selector"}        the live leases that match
--     {"kind": "resources" | "pools", "pool", "selector"}               likewise
-- One target can carry the "generation" that its sender saw; a command, that of its lease. One with a name can carry
-- the id that its sender has "seen" it stand for: of the pool, project or organization. Raises conflict for another.
create or replace function berth.resolve(asked jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	found_id uuid;
	name text := asked->>'kind' || ' ' || coalesce(asked->>'id', asked->>'name', asked->>'range', '');
begin
	case asked->>'kind'
	when 'lease' then
		select id into found_id from berth.lease where id = (asked->>'id')::uuid;
	when 'command' then
		select id into found_id from berth.command where id = (asked->>'id')::uuid;
	when 'resource' then
		if asked ? 'id' then
			select id into found_id from berth.resource where id = (asked->>'id')::uuid;
		else
			perform berth.named_by(asked);
			found_id := berth.resource_at(asked->>'pool', asked->>'type', asked->>'host', (asked->>'first')::numeric,
				(asked->>'last')::numeric);
			name := format('resource %s of pool %s', asked->>'range', asked->>'pool');
		end if;
	when 'pool', 'org', 'project' then
		found_id := coalesce((asked->>'id')::uuid, berth.named_by(asked));
	else
		return jsonb_strip_nulls(jsonb_build_object('kind', asked->>'kind', 'states', asked->'states',
			'holder', asked->'holder',
			'selector', nullif(asked->'selector', '[]'), 'pool', berth.named_by(asked)));
	end case;
	if found_id is null then
		perform berth.refuse('not_found', format('%s does not exist', name), asked);
	end if;
	return jsonb_strip_nulls(jsonb_build_object('kind', asked->>'kind', 'id', found_id,
		'generation', asked->'generation'));
end $$;

-- Returns the serialization key of a target: its own id, and for a command (which retry, skip and force are about) the
-- lease whose hook failed.
create or replace function berth.serialization_key(asked_kind text, asked_target uuid) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return case asked_kind when 'command' then (select lane from berth.command where id = asked_target)
		else asked_target end;
end $$;

-- Returns true if applying a command runs a hook, as far as is known now. Whoever applies it looks again.
create or replace function berth.needs_hook(asked_action text, asked_lease uuid) returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return coalesce((
		select case asked_action
			when 'release' then p.release_hook is not null and l.state in ('acquired', 'active', 'broken')
			when 'retry' then p.release_hook is not null or p.activate_hook is not null
			when 'activate' then true
			else false end
		from berth.lease l join berth.pool p on p.id = l.pool where l.id = asked_lease), false);
end $$;

-- Returns the actions that a target of a kind can have, by itself or with others in a bulk. Those of a selection are
-- those of what it selects. A deletion is of one project.
create or replace function berth.actions_of(asked_kind text) returns text[]
language sql immutable parallel safe return case asked_kind
	when 'lease' then array['release', 'extend', 'transfer', 'label']
	when 'leases' then array['release', 'extend', 'label']
	when 'resource' then array['release', 'reclaim', 'cordon', 'uncordon', 'label']
	when 'resources' then array['reclaim', 'cordon', 'uncordon', 'label']
	when 'pool' then array['release', 'label']
	when 'pools' then array['label']
	when 'command' then array['retry', 'skip', 'force']
	when 'project' then array['release', 'delete']
	else '{}'::text[] end;

-- Returns true for a scope that is one target; others select, and are a bulk by themselves.
create or replace function berth.is_one_target(scope jsonb) returns bool
language sql immutable parallel safe return scope->>'kind' not in ('leases', 'resources', 'pools');

-- Raises invalid_input for an action that one of its targets does not have, and conflict for a command without a hook.
create or replace function berth.check_action(asked_action text, scopes jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scope_kind text;
	hookless uuid;
begin
	select case when berth.is_one_target(s) then '' else 'selection of ' end || (s->>'kind') into scope_kind
	from jsonb_array_elements(scopes) s where asked_action <> all (berth.actions_of(s->>'kind')) limit 1;
	if found then
		perform berth.refuse('invalid_input', format('%s is not for a %s', asked_action, scope_kind),
			jsonb_build_object('action', asked_action, 'kind', scope_kind));
	end if;
	select c.id into hookless from jsonb_array_elements(scopes) s join berth.command c on c.id = (s->>'id')::uuid
	where s->>'kind' = 'command' and not exists (select from berth.lease l where l.id = c.lane) limit 1;
	if found then
		perform berth.refuse('conflict', format('command %s has no hook: there is nothing to %s', hookless,
			asked_action), jsonb_build_object('command', hookless));
	end if;
end $$;

-- Returns a command as the answer of a replay.
create or replace function berth.replayed_command(c berth.command, asked_reason text, asked_grace bigint,
	asked_generation bigint, asked_shorten bool)
returns berth.command_view language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	v berth.command_view;
begin
	select * into v from berth.command_view where id = c.id;
	v.replayed := true;
	v.differs := berth.command_differs(c, asked_reason, asked_grace, asked_generation, asked_shorten);
	return v;
end $$;

-- Wakes the workers if those that apply this sort of command have nothing to do. A command that has been due for longer
-- than a worker takes to look has been seen: it waits for another command with its key, or for a worker with hooks.
create or replace function berth.wake_if_idle(c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if not exists (select from (
			select q.created from berth.command q
			where q.lane_kind = c.lane_kind and q.hook = c.hook and q.state = 'queued' and q.not_before <= '-infinity'
				and q.id <> c.id
			order by q.not_before desc, q.seq desc limit 1) newest
		where newest.created > c.created - interval '2 seconds' and newest.created < c.created + interval '2 seconds')
		and not exists (select from berth.command q
			where q.lane_kind = c.lane_kind and q.hook = c.hook and q.state = 'queued' and q.not_before <= c.created
				and q.not_before > c.created - interval '2 seconds' and q.id <> c.id)
	then
		perform berth.wake();
	end if;
end $$;

-- Adds a command, and returns it. The same id again is answered with the first command, also when its target is gone.
-- Raises id_conflict for another request with the id, not_found, invalid_input, and conflict for a command without a
-- hook.
create or replace function berth.enqueue(asked_id uuid, asked_action text, asked_targets jsonb, asked_reason text,
	asked_grace bigint, asked_generation bigint, asked_until timestamptz, asked_duration bigint, asked_shorten bool,
	asked_detail jsonb, asked_labels jsonb default null, asked_holder text default null)
returns setof berth.command_view language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb;
	asked jsonb;
	c berth.command;
	single bool;
	utc timestamp := asked_until at time zone 'UTC';
	sent text := berth.digest(jsonb_build_array(asked_action, asked_targets, utc, asked_duration)
		|| case when asked_labels is null then '[]' else jsonb_build_array(asked_labels) end
		|| case when asked_holder is null then '[]' else jsonb_build_array(asked_holder) end);
	-- The digest of an earlier version.
	former text := md5(concat_ws(' ', asked_action, asked_targets, utc, asked_duration));
	owner jsonb;
begin
	select * into c from berth.command where id = asked_id;
	if c.arguments->>'sent' in (sent, former) then
		return next berth.replayed_command(c, asked_reason, asked_grace, asked_generation, asked_shorten);
		return;
	end if;
	select jsonb_agg(berth.resolve(t) order by n) into scopes
	from jsonb_array_elements(asked_targets) with ordinality as a (t, n);
	single := jsonb_array_length(scopes) = 1 and berth.is_one_target(scopes->0);
	asked := jsonb_strip_nulls(jsonb_build_object('action', asked_action, 'scopes', scopes, 'until', utc,
		'duration', asked_duration, 'labels', asked_labels, 'holder', asked_holder));
	if c.arguments->'asked' = asked then
		return next berth.replayed_command(c, asked_reason, asked_grace, asked_generation, asked_shorten);
		return;
	end if;
	owner := case when c.id is null then berth.id_owner(asked_id, 'command')
		else jsonb_build_object('action', c.action, 'target', berth.target_text(c.kind, c.target)) end;
	if owner is not null then
		perform berth.refuse_used_id(asked_id, owner, jsonb_build_object('action', asked_action, 'target',
			case when single then berth.target_text(scopes->0->>'kind', (scopes->0->>'id')::uuid) end));
	end if;
	c.id := asked_id;
	c.kind := case when single then scopes->0->>'kind' else 'selection' end;
	c.target := case when single then (scopes->0->>'id')::uuid else asked_id end;
	c.lane_kind := case c.kind when 'command' then 'lease' when 'selection' then 'command' else c.kind end;
	c.lane := berth.serialization_key(c.kind, c.target);
	perform berth.check_action(asked_action, scopes);
	c.hook := c.lane_kind = 'lease' and berth.needs_hook(asked_action, c.lane);
	c.created := clock_timestamp();
	insert into berth.command (id, action, kind, target, lane_kind, lane, hook, reason, created, not_before, waits_from,
		expect_generation, total, arguments, detail)
	values (asked_id, asked_action, c.kind, c.target, c.lane_kind, c.lane, c.hook, coalesce(asked_reason, ''),
		c.created,
		case when asked_grace > 0 then berth.time_in(asked_grace, c.created) else '-infinity' end,
		case when asked_grace > 0 then c.created end,
		coalesce(asked_generation, case when single then (scopes->0->>'generation')::bigint end),
		case when not single or (berth.acts_on_leases(asked_action) and c.lane_kind <> 'lease') then 0 end,
		jsonb_strip_nulls(jsonb_build_object('sent', sent, 'asked', asked, 'scopes', scopes,
			'shorten', nullif(asked_shorten, false), 'grace', coalesce(asked_grace, 0), 'labels', asked_labels,
			'holder', asked_holder,
			'until', coalesce(asked_until, berth.time_in(asked_duration, c.created)))), asked_detail)
	on conflict on constraint command_pkey do nothing;
	if not found then
		perform berth.retry_transaction(asked_id);
	end if;
	perform berth.wake_if_idle(c);
	return query select * from berth.command_view where id = asked_id;
end $$;

-- Checks an action that an operator can ask for.
create or replace function berth.check_action_word(asked_action text) returns text
language sql immutable parallel safe return berth.check_word('action', asked_action,
	array['release', 'reclaim', 'cordon', 'uncordon', 'extend', 'transfer', 'label', 'retry', 'skip', 'force']);

-- Adds a command that an operator can ask for, and returns it, see berth.enqueue(). Projects are deleted by
-- berth.project_delete(), and activations come from berth.
create or replace function berth.queue(asked_id uuid, asked_action text, asked_targets jsonb, asked_reason text,
	asked_grace bigint, asked_generation bigint, asked_until timestamptz, asked_duration bigint, asked_shorten bool,
	asked_detail jsonb, asked_labels jsonb default null, asked_holder text default null)
returns setof berth.command_view language plpgsql security definer set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan as $$
begin
	perform berth.accept(coalesce(
		berth.check_request(asked_id, asked_reason, asked_grace, asked_generation, asked_detail),
		berth.check_action_word(asked_action),
		berth.check_targets(asked_targets),
		berth.check_end(asked_until, asked_duration),
		berth.check_that('end', num_nonnulls(asked_until, asked_duration) = (asked_action = 'extend')::int,
			'extend needs a time or a duration, and nothing else takes one'),
		berth.check_bool('shorten', asked_shorten),
		berth.check_that('labels', (asked_labels is not null) = (asked_action = 'label'),
			'label needs them, and nothing else takes them'),
		case when asked_labels is not null then berth.check_label_edit(asked_labels) end,
		berth.check_that('holder', (asked_holder is not null) = (asked_action = 'transfer'),
			'transfer needs one, and nothing else takes one'),
		case when asked_holder is not null then berth.check_text('holder', asked_holder, 200) end));
	return query select * from berth.enqueue(asked_id, asked_action, asked_targets, asked_reason, asked_grace,
		asked_generation, asked_until, asked_duration, asked_shorten, asked_detail, asked_labels, asked_holder);
end $$;

-- Returns the open commands with a serialization key. They are found by the key whatever statistics say:
-- command_lane_open is the one partial index whose condition is that of the inner query, and `offset 0` keeps the
-- callers' conditions out.
create or replace function berth.open_in(asked_key uuid) returns setof berth.command language sql stable begin atomic
	select * from berth.command where lane = asked_key and state not in ('done', 'cancelled') offset 0;
end;

-- Locks the row of a serialization key, which is the right to write that row and its commands.
create or replace function berth.lock_key(asked_kind text, asked_key uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	case asked_kind
	when 'lease' then perform from berth.lease where id = asked_key for no key update;
	when 'resource' then perform from berth.resource where id = asked_key for no key update;
	when 'pool' then perform from berth.pool where id = asked_key for no key update;
	when 'org' then perform from berth.organization where id = asked_key for no key update;
	when 'project' then perform from berth.project where id = asked_key for no key update;
	else perform from berth.command where id = asked_key for no key update;
	end case;
end $$;


-- Returns true for a time in the last minute. Times that a clock has put into the future are none. An index finds it.
create or replace function berth.just_now(at timestamptz) returns bool language sql stable return
	at > now() - interval '1 minute' and at < now() + interval '1 minute';

-- Returns the counts of the queue. `overdue` counts leases whose time is over and that keep their value.
create or replace function berth.queue_stats() returns table (queued bigint, running bigint, quarantined bigint,
	oldest_seconds float8, applied_last_minute bigint, workers_alive bigint, consumed_last_minute bigint,
	arrived_last_minute bigint, overdue bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select open.queued, open.running, open.quarantined,
		coalesce(greatest(0, date_part('epoch', now() - open.oldest)), 0), ended.applied,
		(select count(*) from berth.worker_view w where w.alive), ended.consumed,
		open.arrived + ended.arrived, (select count(*) from berth.stuck_leases(null) k where k.until <= now())
	from (
		select count(*) filter (where c.state = 'queued') as queued,
			count(*) filter (where c.state = 'running') as running,
			count(*) filter (where c.state = 'quarantined') as quarantined,
			min(case when c.not_before = '-infinity' then c.created else c.not_before end)
				filter (where c.state = 'queued' and c.not_before <= now()) as oldest,
			count(*) filter (where berth.just_now(c.created)) as arrived
		from berth.command c where c.state in ('queued', 'running', 'quarantined')
	) open
	cross join (
		select count(*) as consumed, count(*) filter (where c.state = 'done' and c.outcome = 'applied') as applied,
			count(*) filter (where berth.just_now(c.created)) as arrived
		from berth.command c where c.state in ('done', 'cancelled') and berth.just_now(c.consumed_at)
	) ended;
end;
