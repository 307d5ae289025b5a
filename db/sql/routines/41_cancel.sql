-- Cancelling commands: at once, by whoever asks, and not by a worker.

-- Cancels a command whose key is locked, if it has not begun, or is a bulk that can go further. Returns true if it did:
-- then berth.tally() has to count it.
create or replace function berth.cancel_command(c berth.command, words text) returns bool
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	left_over bigint;
begin
	if c.state <> 'queued' and (c.state <> 'running' or c.total is null) then
		return false;
	end if;
	with waits as materialized (
		select k.id, k.lane_kind, k.lane from berth.command k
		where k.parent = c.id and berth.state_is(k.state, '{queued}') and k.epoch = 0
	), stopped as (
		update berth.command child set state = 'cancelled', explanation = words,
			consumed_at = greatest(clock_timestamp(), child.created), consumed_by = session_user
		-- Items that are being applied just now, or have begun, come to their end.
		from (select id from waits where berth.try_key(lane_kind, lane)) held
		where child.id = held.id and berth.state_is(child.state, '{queued}') and child.epoch = 0
		returning 1
	)
	select count(*) into left_over from stopped;
	-- For a bulk that has begun, tally() adds to these words what it had done, and what ends later.
	update berth.command set state = 'cancelled', fanning = false, explanation = words,
		stopped = case when made > 0 then words end, consumed_at = greatest(clock_timestamp(), created),
		consumed_by = session_user, done = done + left_over, cancelled = cancelled + left_over
	where id = c.id;
	if c.action = 'activate' or c.epoch > 0 then
		perform berth.set_lease_state(session_user::text, c.lane, c.id, 'break', 'broken');
		perform berth.update_drained(session_user::text, array[c.lane], c.id);
	end if;
	if c.action = 'delete' then
		perform berth.reopen_project(c.target);
	end if;
	return true;
end $$;

-- Cancels those of these commands that can be, see berth.queue_cancel(). Locks their keys first, those of bulks last,
-- as workers do, and counts at the end what was cancelled. Raises not_found, and then nothing is cancelled.
create or replace function berth.cancel_commands(commands uuid[], reason text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	words text := format('cancelled by %s', session_user) || case when reason = '' then '' else ': ' || reason end;
	one uuid;
	c berth.command;
	cancelled uuid[] := '{}';
begin
	select asked.id into one from unnest(commands) asked (id)
	where not exists (select from berth.command k where k.id = asked.id) limit 1;
	if found then
		perform berth.refuse('not_found', format('command %s does not exist', one), jsonb_build_object('command', one));
	end if;
	perform berth.lock_key(k.lane_kind, k.lane) from (
		select lane_kind, lane from berth.command where id = any (commands) group by lane_kind, lane
		order by lane_kind = 'command', lane_kind, lane) k;
	foreach one in array commands loop
		select * into c from berth.command where id = one for no key update;
		if berth.cancel_command(c, words) then
			cancelled := cancelled || one;
		end if;
	end loop;
	perform berth.tally(cancelled, session_user::text);
end $$;

-- Cancels a command, and returns it. A command that has not begun is taken back; a bulk that has begun goes no further,
-- and what it has done stays done. A lease that cannot go on without the hook of a cancelled command is broken, until
-- it is released anew. Raises not_found, and conflict for a command that runs or is done.
create or replace function berth.queue_cancel(asked_command uuid, asked_reason text, asked_detail jsonb)
returns setof berth.command_view language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	c berth.command;
begin
	perform berth.accept(coalesce(
		berth.check_id('command', asked_command),
		berth.check_text('reason', asked_reason, 1000),
		berth.check_detail(asked_detail)));
	perform berth.cancel_commands(array[asked_command], asked_reason);
	select * into c from berth.command where id = asked_command;
	if c.state <> 'cancelled' then
		perform berth.refuse('conflict', format('command %s is %s and cannot be cancelled', c.id,
				case c.state when 'done' then 'done: ' || c.outcome else c.state end),
			jsonb_build_object('command', c.id, 'state', c.state),
			case c.state when 'quarantined' then 'berth queue retry, skip or force it' end);
	end if;
	return query select * from berth.command_view where id = asked_command;
end $$;

-- Cancels several commands, and returns them all in this order, as they are then: those that could not be cancelled are
-- not, and the others are. Raises not_found, and then nothing is cancelled.
create or replace function berth.queue_cancel_all(asked_commands uuid[], asked_reason text, asked_detail jsonb)
returns setof berth.command_view language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
	perform berth.accept(coalesce(
		berth.check_ids(asked_commands),
		berth.check_text('reason', asked_reason, 1000),
		berth.check_detail(asked_detail)));
	perform berth.cancel_commands(asked_commands, asked_reason);
	return query select v.* from unnest(asked_commands) with ordinality a (id, n)
	cross join lateral (select * from berth.command_view w where w.id = a.id) v order by a.n;
end $$;

