-- Hooks: a program that a worker runs, outside any transaction, before a lease
-- is active or after it was released.
--
-- The claim of a hook is three columns of its command: the worker, the deadline,
-- and the epoch, raised by each claim. Only a finish that names the epoch counts,
-- so that a worker which was stopped for a while and comes back late is refused.

-- Returns what a hook gets on its standard input, and which hook it is.
create or replace function berth.job(asked_command uuid) returns setof berth.job_view language sql stable begin atomic
	select * from berth.job_view where command = asked_command;
end;

-- Sets the state of a lease whose hook has failed, or is to run again, and adds the event.
create or replace function berth.set_lease_state(actor text, asked_lease uuid, asked_command uuid, asked_action text,
	asked_state text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	with seen as materialized (
		select id, state, generation from berth.lease where id = asked_lease and state <> asked_state
	), changed as (
		update berth.lease l set state = asked_state, generation = l.generation + 1,
			released = case asked_state when 'released' then coalesce(l.released, greatest(clock_timestamp(), l.created,
				l.acquired, l.activated)) else l.released end
		from seen where l.id = seen.id
	)
	insert into berth.event (actor, action, kind, target, command, before, after)
	select actor, asked_action, 'lease', id, asked_command, jsonb_build_object('state', state, 'generation',
		generation),
		jsonb_build_object('state', asked_state, 'generation', generation + 1)
	from seen;
end $$;

-- Begins the run of a hook that berth.decide() has allowed.
create or replace function berth.begin_hook(asked_worker text, v berth.decision, span bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	ended uuid[];
	way text;
begin
	if v.stuck is not null then
		update berth.command c
		set attempts = q.attempts, spent = q.attempts, arguments = c.arguments || jsonb_build_object('direction',
			berth.hook_event(q.action, q.arguments))
		from berth.command q where c.id = v.command and c.epoch = 0 and q.id = v.stuck
			and berth.state_is(q.state, '{quarantined}');
		perform berth.close_quarantined(asked_worker, array[v.command]);
	end if;
	select berth.hook_event(action, arguments) into way from berth.command where id = v.command;
	if exists (select from berth.lease where id = v.lease and berth.state_is(state, '{broken}')) then
		perform berth.lock_resources(array[v.lease]);
	end if;
	perform berth.set_lease_state(asked_worker, v.lease, v.command, v.action, case way when 'release' then 'released'
		else 'acquired' end);
	if way = 'release' then
		-- Work that was still to be done for it, or had failed, is not wanted any more.
		with shut as (
			update berth.command
			set state = 'done', outcome = case state when 'quarantined' then 'failed' else 'noop' end,
				explanation = 'superseded by command ' || v.command, consumed_at = greatest(clock_timestamp(), created),
					consumed_by = asked_worker
			where id in (select o.id from berth.open_in(v.lease) o where o.id <> v.command and (o.state = 'quarantined'
				or (o.state = 'queued' and berth.hook_event(o.action, o.arguments) = 'activate')))
			returning id, outcome
		)
		select array_agg(id) into ended from shut where outcome = 'noop';
		perform berth.tally(ended, asked_worker);
	end if;
	perform berth.update_drained(asked_worker, array[v.lease], v.command);
	update berth.command
	set state = 'running', hook = true, attempts = attempts + 1, epoch = epoch + 1, worker = asked_worker,
		begun = clock_timestamp(), deadline = berth.time_in(span)
	where id = v.command and berth.state_is(state, '{queued}');
end $$;

-- Begins the next hooks of these leases; commands that need none after all are applied. Returns the commands that run
-- now.
create or replace function berth.begin_hooks(asked_worker text, keys uuid[], span bigint) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	v berth.decision;
	begun uuid[] := '{}';
	total bigint := berth.apply_keys(asked_worker, keys);
begin
	for v in select j.* from berth.decide(keys) j where j.change = 'run' loop
		perform berth.begin_hook(asked_worker, v, span);
		begun := begun || v.command;
	end loop;
	if total > 0 then
		update berth.worker set consumed = consumed + total where name = asked_worker;
	end if;
	return begun;
end $$;

-- Does the same for each lease by itself, for a chunk that has failed.
create or replace function berth.begin_hooks_singly(asked_worker text, keys uuid[], span bigint) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	one uuid;
	c berth.command;
	begun uuid[] := '{}';
begin
	foreach one in array keys loop
		begin
			begun := begun || berth.begin_hooks(asked_worker, array[one], span);
		exception when others then
			if not berth.is_permanent(sqlstate) then
				raise;
			end if;
			select * into c from berth.next_in(one);
			perform berth.give_up(asked_worker, c, 'claim', berth.error_text(sqlstate, sqlerrm));
		end;
	end loop;
	return begun;
end $$;

-- Claims up to `wanted` due hooks, each of another lease, and returns them. For `span` nobody else can take them over.
-- Raises conflict for a worker that the caller has not started.
create or replace function berth.claim_hooks(asked_worker text, wanted bigint, span bigint,
	token uuid default berth.caller()) returns setof berth.job_view
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	keys uuid[];
	tried uuid[] := '{}';
	fresh uuid[];
	begun uuid[] := '{}';
begin
	perform berth.accept_worker(token, asked_worker, coalesce(
		berth.check_count('wanted', wanted, 1, 256),
		berth.check_count('span in microseconds', span, 1000, 608400000000)));
	-- Behind those that wait for another hook of their lease are others.
	while wanted > cardinality(begun) loop
		begin
			keys := berth.lock_due(true, tried, wanted - cardinality(begun));
			exit when keys = '{}';
			fresh := berth.begin_hooks(asked_worker, keys, span);
		exception when others then
			if not berth.is_permanent(sqlstate) then
				raise;
			end if;
			keys := berth.lock_due(true, tried, wanted - cardinality(begun));
			fresh := berth.begin_hooks_singly(asked_worker, keys, span);
		end;
		tried := tried || keys;
		begun := begun || fresh;
	end loop;
	return query select j.* from unnest(begun) one (id) cross join lateral berth.job(one.id) j;
end $$;

-- Ends a failed run of a hook: it is tried again after a delay that doubles each time, with jitter and at most an hour,
-- or quarantined after so many tries.
create or replace function berth.fail_hook(asked_worker text, c berth.command, words text, base bigint, tries bigint,
	at_once bool)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	n int := c.attempts - c.spent;
	at timestamptz := case when not at_once then clock_timestamp() end;
begin
	if n < tries then
		update berth.command
		set state = 'queued', explanation = words, worker = null, deadline = null, waits_from = at,
			not_before = coalesce(
			berth.time_in((least(base * 2 ^ least(n - 1, 40), 3600e6) * (0.5 + random()))::bigint, at), '-infinity')
		where id = c.id;
		return;
	end if;
	perform berth.quarantine(asked_worker, c, words);
end $$;

-- Ends a hook that has succeeded, and moves its lease on.
create or replace function berth.complete_hook(asked_worker text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	closed uuid[] := '{}';
begin
	perform berth.end_command(asked_worker, c.id, 'applied',
		case berth.hook_event(c.action, c.arguments) when 'release' then 'released' else 'activated' end);
	if berth.hook_event(c.action, c.arguments) = 'release' then
		closed := berth.end_leases(asked_worker, array(select (c.lane, c.id, p.reuse_delay > 0)::berth.ending
			from berth.lease l join berth.pool p on p.id = l.pool where l.id = c.lane));
	else
		perform berth.activate_leases(asked_worker, array[c.lane], array[c.id]);
	end if;
	perform berth.update_drained(asked_worker, array[c.lane], c.id);
	perform berth.tally(closed || c.id, asked_worker);
	update berth.worker set consumed = consumed + 1 + cardinality(closed) where name = asked_worker;
end $$;

-- Reports the end of a hook's run. Returns false, and changes nothing, if the claim is another worker's by now. Locks
-- the command's lease.
create or replace function berth.finish_hook(asked_worker text, asked_command uuid, asked_epoch bigint, well bool,
	words text,
	base bigint, tries bigint, token uuid default berth.caller())
returns bool language plpgsql security definer set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
	set enable_mergejoin = off set jit = off as $$
declare
	c berth.command;
begin
	perform berth.accept_worker(token, asked_worker, coalesce(
		berth.check_id('command', asked_command),
		berth.check_count('epoch', asked_epoch, 0, 9223372036854775807),
		berth.check_bool('well', well),
		berth.check_text('words', words, 2000),
		berth.check_count('base in microseconds', base, 0, 3600000000),
		berth.check_count('tries', tries, 1, 1000000)));
	perform berth.lock_key(lane_kind, lane) from berth.command where id = asked_command;
	select * into c from berth.command
	where id = asked_command and epoch = asked_epoch and worker = asked_worker and berth.state_is(state, '{running}')
	for no key update;
	if not found then
		return false;
	end if;
	if not well then
		perform berth.fail_hook(asked_worker, c, words, base, tries, false);
		return true;
	end if;
	begin
		perform berth.complete_hook(asked_worker, c);
	exception when others then
		if not berth.is_permanent(sqlstate) then
			raise;
		end if;
		perform berth.give_up(asked_worker, c, 'finish', berth.error_text(sqlstate, sqlerrm));
	end;
	return true;
end $$;

-- Gives a claim back for a worker that ends: another one runs the hook at once, and the run does not count. Returns
-- false if the claim is another worker's by now.
create or replace function berth.return_hook(asked_worker text, asked_command uuid, asked_epoch bigint,
	token uuid default berth.caller()) returns bool
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept_worker(token, asked_worker, coalesce(
		berth.check_id('command', asked_command),
		berth.check_count('epoch', asked_epoch, 0, 9223372036854775807)));
	perform berth.lock_key(lane_kind, lane) from berth.command where id = asked_command;
	update berth.command set state = 'queued', not_before = '-infinity', waits_from = null, worker = null,
		deadline = null, spent = spent + 1,
		explanation = format('given back by worker %s, which was stopped', asked_worker)
	where id = asked_command and epoch = asked_epoch and worker = asked_worker and berth.state_is(state, '{running}');
	return found;
end $$;

-- Returns the hooks whose time is over, or whose worker is dead.
create or replace function berth.lost_hooks(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select r.id from berth.command r
	where r.state = 'running' and r.hook and r.id <> all ((select berth.recent_troubles('take over'))::uuid[])
		and (r.deadline < now() or not exists (select from berth.worker_view w where w.name = r.worker and w.alive))
	order by r.seq limit most;
end $$;

-- Takes such hooks over. The run counts as a failed one.
create or replace function berth.take_over(asked_worker text, asked_commands uuid[], tries bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	total bigint := 0;
begin
	for c in
		select r.* from berth.command r
		cross join lateral (select from berth.lease l where l.id = r.lane for no key update skip locked) l
		where r.id = any (asked_commands) order by r.seq
	loop
		select * into c from berth.command where id = c.id and epoch = c.epoch and berth.state_is(state, '{running}');
		if found then
			perform berth.fail_hook(asked_worker, c, format('worker %s did not report its end in time', c.worker), 0,
				tries, true);
			total := total + 1;
		end if;
	end loop;
	return total;
end $$;
