-- Maintenance: what a worker does without being asked by a command.

-- Returns the leases whose reuse delay is over.
create or replace function berth.rested(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.lease
	where rest_until <= now() and id <> all ((select berth.recent_troubles('rest'))::uuid[])
	order by rest_until limit most;
end $$;

-- Frees their values, and returns the number of leases.
create or replace function berth.end_rests(actor text, asked_leases uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	leases uuid[] := array(
		select id from berth.lease where id = any (asked_leases) and rest_until <= now() for no key update skip locked);
	closed uuid[];
begin
	if leases <> '{}' then
		closed := berth.end_leases(actor, array(select (id, null, false)::berth.ending from unnest(leases) id));
		perform berth.update_drained(actor, leases);
		perform berth.tally(closed, actor);
	end if;
	return cardinality(leases);
end $$;

-- Returns leases whose time has ended and for which nobody has queued a release by expiry, the longest over first: in
-- the order of the index on that time, which alone has them all and nothing else.
create or replace function berth.overdue(most bigint) returns setof berth.lease language plpgsql stable
	set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.lease l
	where l.until <= now() and l.state in ('pending', 'acquired', 'active')
		and not exists (select from berth.open_in(l.id) c where c.author = 'berth:expiry')
		and l.id <> all ((select berth.recent_troubles('expire'))::uuid[])
	order by l.until limit most;
end $$;

-- Queues one release for each lease whose time has ended, and returns their number. The unique index makes it one, also
-- when two workers do so together. A lease that is being changed just now is left for the next time.
create or replace function berth.expire(actor text, leases uuid[]) returns bigint language sql begin atomic
	with over as (
		select l.id, l.until, l.state, l.generation from berth.lease l
		where l.id = any (leases) and l.until <= now() and berth.state_is(l.state, '{pending, acquired, active}')
		for no key update skip locked
	), made as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook, author, reason)
		select 'release', 'lease', id, 'lease', id, berth.needs_hook('release', id), 'berth:expiry',
			'its time ended at ' || berth.time_text(until)
		from over order by until
		on conflict (target) where author = 'berth:expiry' and state in ('queued', 'running', 'quarantined') do nothing
		returning id, target
	), told as (
		insert into berth.event (actor, action, kind, target, command, before, after)
		select actor, 'expire', 'lease', over.id, made.id, seen, seen
		from made join over on over.id = made.target
		cross join lateral (select jsonb_build_object('until', berth.time_exact(over.until), 'state', over.state,
			'generation', over.generation) as seen) s
		order by over.until
	)
	select count(*) from made;
end;

-- Returns commands that have been due for a while, on targets that do not exist. Only somebody who wrote in the tables
-- can have made them.
create or replace function berth.orphans(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select due.id
	from (values ('lease', false), ('lease', true), ('resource', false), ('pool', false), ('org', false),
		('project', false)) w (kind, hook)
	cross join lateral (
		select id, lane, created from berth.command q
		where q.lane_kind = w.kind and q.hook = w.hook and q.state = 'queued'
			and q.not_before < now() - interval '1 minute'
		order by not_before, seq limit most) due
	where due.created < now() - interval '1 minute' and due.id <> all ((select berth.recent_troubles('orphan'))::uuid[])
		and case w.kind
		when 'lease' then not exists (select from berth.lease where id = due.lane)
		when 'resource' then not exists (select from berth.resource where id = due.lane)
		when 'pool' then not exists (select from berth.pool where id = due.lane)
		when 'org' then not exists (select from berth.organization where id = due.lane)
		else not exists (select from berth.project where id = due.lane) end;
end $$;

-- Ends such commands, and returns their number. Those that another worker is ending are skipped.
create or replace function berth.end_orphans(actor text, commands uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	mine uuid[] := array(select id from berth.command where id = any (commands) and berth.state_is(state, '{queued}')
		order by id for no key update skip locked);
begin
	perform berth.end_command(actor, c.id, 'rejected', format('there is no %s %s', c.lane_kind, c.lane)),
		berth.note_trouble('orphan', 'command', c.id, format('there is no %s %s', c.lane_kind, c.lane))
	from berth.command c where c.id = any (mine);
	perform berth.tally(mine, actor);
	return cardinality(mine);
end $$;

-- Returns the age at which history is forgotten, a chunk at a time: the events, and with its end a lease, its labels,
-- and its commands.
create or replace function berth.history() returns interval language sql immutable return interval '30 days';

-- Returns events that are old enough to be forgotten. As long as the first is young few others are looked at.
create or replace function berth.old_events(chunk bigint) returns setof bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select seq from berth.event
	where at < now() - berth.history() and target <> all ((select berth.recent_troubles('forget events'))::uuid[])
		and seq < (
		-- A time that a wrong clock has put into the future stays until then, and nothing waits for it.
		select seq + case when at < now() - berth.history() then 100 else 1 end * chunk from berth.event
		where at < now() + interval '1 day' order by seq limit 1)
	order by seq limit chunk;
end $$;

-- Deletes these events with what they tell the end of, and returns their number.
create or replace function berth.forget_events(seqs bigint[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	old berth.event[] := array(select e from (
		select * from berth.event where seq = any (seqs) order by seq for update skip locked) e);
begin
	delete from berth.event e using unnest(old) o where e.seq = o.seq;
	delete from berth.label b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.annotation b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.lease l using unnest(old) o
	where l.id = o.target and o.action = 'destroy' and o.kind = 'lease' and berth.state_is(l.state, '{destroyed}');
	delete from berth.resource r using unnest(old) o
	where r.id = o.target and o.after->>'state' = 'destroyed' and o.kind = 'resource'
		and berth.state_is(r.state, '{destroyed}')
		and not exists (select from berth.lease l where l.resource = r.id);
	return cardinality(old);
end $$;

-- Returns commands that are old enough to be forgotten. The cancelled hook for which a lease is broken stays as long as
-- that, and so does the deletion that has closed a project.
create or replace function berth.old_commands(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command c
	where state in ('done', 'cancelled') and consumed_at < now() - berth.history()
		and id <> all ((select berth.recent_troubles('forget commands'))::uuid[])
		and not (state = 'cancelled' and hook
			and exists (select from berth.lease l where l.id = c.lane and berth.state_is(l.state, '{broken}')))
		and not (action = 'delete' and exists (select from berth.project j where j.id = c.lane
			and berth.state_is(j.state, '{deleting}')))
	order by consumed_at limit most;
end $$;

-- Deletes these commands, and returns their number.
create or replace function berth.forget_commands(commands uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	delete from berth.command where id in (select id from berth.command
		where id = any (commands) for update skip locked);
	return (select count(*) from unnest(commands));
end $$;

-- Returns when there is something to do next, as far as the clock decides it.
create or replace function berth.next_due() returns timestamptz language plpgsql stable set search_path = pg_catalog,
	pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return least(
		(select min(c.not_before) from (values ('lease', false), ('lease', true), ('resource', false)) w (lane_kind,
			hook)
			cross join lateral (select not_before from berth.command q where q.lane_kind = w.lane_kind
				and q.hook = w.hook
				and q.state = 'queued' and q.not_before > now() order by not_before limit 1) c),
		(select until from berth.lease where until > now() and state in ('pending', 'acquired', 'active') order by until
			limit 1),
		(select rest_until from berth.lease where rest_until > now() order by rest_until limit 1));
end $$;

-- Does one round of the maintenance. Returns how much was done, when the clock asks for more, and what the clock shows.
-- `expected` is what the worker expects it to show by its own steady clock; null is unknown. If the clock has leapt,
-- nothing that cannot be undone is done because of it, until the worker has got used to the new time, some heartbeats
-- later.
create or replace function berth.maintain(asked_worker text, tries bigint, chunk bigint, expected timestamptz,
	token uuid default berth.caller())
returns table (done bigint, next timestamptz, present timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	part text;
	leapt bool;
begin
	perform berth.accept_worker(token, asked_worker, coalesce(
		berth.check_count('tries', tries, 1, 1000000),
		berth.check_count('chunk', chunk, 1, 5000)));
	done := berth.clock_back(chunk);
	leapt := coalesce(abs(date_part('epoch', now() - case when isfinite(expected) then expected end)) >= 3, false);
	if not leapt then
		perform berth.note_clock();
	end if;
	foreach part in array array['take over', 'rest', 'expire', 'fill', 'delete', 'orphan', 'forget events',
		'forget commands'] loop
		continue when leapt and part not in ('fill', 'delete', 'orphan')
			or part like 'forget %' and not berth.clock_settled();
		done := done + berth.maintain_part(part, asked_worker, tries, chunk);
	end loop;
	delete from berth.trouble where seen < now() - interval '1 day' or seen > now() + interval '1 day';
	next := berth.next_due();
	present := now();
	return next;
end $$;

-- Applies one chunk of the queue, and returns how many commands were consumed or begun. A chunk is a few rows, each by
-- its key, of tables of any size; with plans made while they were small the server would read them whole.
create or replace function berth.apply(asked_worker text, chunk bigint, token uuid default berth.caller())
	returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	total bigint;
begin
	perform berth.accept_worker(token, asked_worker, berth.check_count('chunk', chunk, 1, 5000));
	-- The locks are taken within the subtransaction that uses them. Those of an outer one would be shared with it,
	-- which costs a write for each row.
	begin
		total := berth.apply_leases(asked_worker, chunk);
		if total = 0 then
			total := berth.apply_others(asked_worker, chunk);
		end if;
	exception when others then
		if not berth.is_permanent(sqlstate) then
			raise;
		end if;
		total := berth.run_bisected('apply', asked_worker, berth.lock_due(false, '{}', chunk)::text[], chunk);
		if total = 0 then
			total := berth.apply_others_singly(asked_worker, chunk);
		end if;
	end;
	if total > 0 then
		update berth.worker set consumed = consumed + total, heartbeat = now() where name = asked_worker;
	end if;
	return total;
end $$;
