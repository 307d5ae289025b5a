-- What a worker does without being asked by a command, and what it says of itself.

-- The leases whose reuse delay is over.
create or replace function berth.rested(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.lease
	where rest_until <= now() and id <> all ((select berth.troubled('rest'))::uuid[])
	order by rest_until limit most;
end $$;

-- Their values are free.
create or replace function berth.end_rests(actor text, asked_leases uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	leases uuid[] := array(
		select id from berth.lease where id = any (asked_leases) and rest_until <= now() for no key update skip locked);
	closed uuid[];
begin
	if leases <> '{}' then
		closed := berth.end_leases(actor, array(select (id, null, false)::berth.ending from unnest(leases) id));
		perform berth.settle(actor, leases);
		perform berth.tally(closed, actor);
	end if;
	return cardinality(leases);
end $$;

-- Returns leases whose time has ended and whose release nobody has asked for on that account, the longest over first:
-- in the order of the index on that time, which alone has them all and nothing else.
create or replace function berth.overdue(most bigint) returns setof berth.lease language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.lease l
	where l.until <= now() and l.state in ('pending', 'acquired', 'active')
		and not exists (select from berth.open_in(l.id) c where c.author = 'berth:expiry')
		and l.id <> all ((select berth.troubled('expire'))::uuid[])
	order by l.until limit most;
end $$;

-- One release for each lease whose time has ended. The unique index says once,
-- also when two workers look at the clock together. What is told of a lease is
-- what it is: whoever changes it just now is passed over until the next time.
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
		cross join lateral (select jsonb_build_object('until', berth.time_exact(over.until), 'state', over.state, 'generation', over.generation) as seen) s
		order by over.until
	)
	select count(*) from made;
end;

-- The pools that somebody waits for and that have something free.
create or replace function berth.to_fill() returns setof uuid
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select id from berth.pool q
	where waiting > 0 and exists (select from berth.stripe s where s.pool = q.id and s.open)
		and id <> all ((select berth.troubled('fill'))::uuid[]);
end;

-- Those that wait get what is free, by priority, then age. One worker a pool at
-- a time, under its lock, so that the order is kept.
create or replace function berth.fill(actor text, pools uuid[], chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
	total bigint := 0;
begin
	for p in select * from berth.pool where id = any (pools) order by id for no key update skip locked loop
		total := total + berth.fill_pool(actor, p, chunk);
	end loop;
	return total;
end $$;

-- The same for one pool, of whose leases one cannot be served: it leaves the line, and nobody waits behind it.
create or replace function berth.fill_alone(actor text, asked_pool uuid, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	one uuid;
	words text;
	total bigint := 0;
begin
	while total < chunk loop
		begin
			exit when berth.fill(actor, array[asked_pool], 1) = 0;
			words := null;
		exception when others then
			if not berth.is_lasting(sqlstate) then
				raise;
			end if;
			words := berth.error_words(sqlstate, sqlerrm);
		end;
		if words is not null then
			one := (berth.in_line(asked_pool, 1))[1];
			perform berth.note_trouble('fill', 'lease', one, words);
			begin
				perform berth.end_leases(actor, array[(one, null, false)::berth.ending]);
			exception when others then
				if not berth.is_lasting(sqlstate) then
					raise;
				end if;
				perform berth.note_trouble('fill', 'pool', asked_pool, words);
				exit;
			end;
		end if;
		total := total + 1;
	end loop;
	return total;
end $$;

-- The leases that wait for a pool, those first that are served first. Whose own time is over is about to leave the line.
create or replace function berth.in_line(asked_pool uuid, most bigint) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return array(select id from berth.lease where pool = asked_pool and state = 'pending' and coalesce(until > now(), true)
		order by priority desc, seq limit most);
end $$;

create or replace function berth.fill_pool(actor text, p berth.pool, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	waiting uuid[];
	mine uuid[];
	taken uuid[] := '{}';
	s berth.stripe;
	given nummultirange;
	n bigint;
	at timestamptz;
begin
	-- Nobody passes one that is being changed just now: those before it, for this time.
	waiting := berth.in_line(p.id, chunk);
	mine := array(select id from berth.lease where id = any (waiting) and berth.state_is(state, '{pending}')
		for no key update skip locked);
	waiting := waiting[1 : coalesce((
		select min(w.place) - 1 from unnest(waiting) with ordinality w (id, place) where not w.id = any (mine)), cardinality(waiting))];
	while cardinality(waiting) > cardinality(taken) loop
		select * into s from berth.stripe where pool = p.id and open order by host, first limit 1 for update;
		exit when not found;
		given := berth.lowest(s.free, cardinality(waiting) - cardinality(taken));
		n := berth.room(given);
		at := berth.moment(s.flow_at);
		update berth.stripe set free = free - given, room = room - n, open = room > n,
			flow = berth.flow(flow, flow_at) + n, flow_at = at
		where resource = s.resource and first = s.first;
		perform berth.give(actor, p, s, given, waiting[cardinality(taken) + 1 : cardinality(taken) + n], at);
		taken := taken || waiting[cardinality(taken) + 1 : cardinality(taken) + n];
	end loop;
	return cardinality(taken);
end $$;

-- Pending leases get values of a stripe, in the order of both. What they were
-- asked for counts from then.
create or replace function berth.give(actor text, p berth.pool, s berth.stripe, given nummultirange, leases uuid[], at timestamptz)
returns void
language sql begin atomic
	with pair as materialized (
		select leases[row_number() over (order by value)] as id, value
		from unnest(given) piece, generate_series(lower(piece), upper(piece) - 1) value
	), filled as (
		update berth.lease l
		set resource = s.resource, value = pair.value, state = case when p.activate_hook is null then 'active' else 'acquired' end,
			-- A birth whose time is that of its acquisition was not in the line.
			acquired = greatest(at, l.created + interval '1 microsecond'),
			activated = case when p.activate_hook is null then greatest(at, l.created + interval '1 microsecond') end,
			until = coalesce(l.until, berth.time_in(l.duration, at)),
			generation = l.generation + 1
		from pair join berth.lease old using (id) where l.id = pair.id and berth.state_is(l.state, '{pending}')
		returning l.id, l.value, l.state, l.generation, case when old.until is null then l.until end as begun
	), told as (
		insert into berth.event (actor, action, kind, target, before, after)
		select actor, 'fill', 'lease', id, jsonb_build_object('state', 'pending', 'value', null, 'generation', generation - 1)
				|| case when begun is null then '{}' else '{"until": null}'::jsonb end,
			jsonb_build_object('state', state, 'value', berth.value_text(p.kind, s.host, value), 'generation', generation)
				|| case when begun is null then '{}' else jsonb_build_object('until', berth.time_exact(begun)) end
		from filled order by value
	), begun as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook)
		select 'activate', 'lease', id, 'lease', id, true from filled where state = 'acquired' order by value
	)
	update berth.pool set waiting = waiting - (select berth.demand(count(*), cardinality(leases)) from filled) where id = p.id;
end;

-- Commands that have been due for a while, of things that are not there. Only somebody who wrote in the tables
-- himself can have made them.
create or replace function berth.orphans(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select due.id
	from (values ('lease', false), ('lease', true), ('resource', false), ('pool', false), ('org', false), ('project', false)) w (kind, hook)
	cross join lateral (
		select id, lane, created from berth.command q
		where q.lane_kind = w.kind and q.hook = w.hook and q.state = 'queued' and q.not_before < now() - interval '1 minute'
		order by not_before, seq limit most) due
	where due.created < now() - interval '1 minute' and due.id <> all ((select berth.troubled('orphan'))::uuid[]) and case w.kind
		when 'lease' then not exists (select from berth.lease where id = due.lane)
		when 'resource' then not exists (select from berth.resource where id = due.lane)
		when 'pool' then not exists (select from berth.pool where id = due.lane)
		when 'org' then not exists (select from berth.organization where id = due.lane)
		else not exists (select from berth.project where id = due.lane) end;
end $$;

-- Ends them. Those that another worker has found as well are passed over: it ends them just now, or has.
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

-- History older than this is forgotten, a chunk at a time: the events, and with
-- its end a lease, what was said of it, and its commands.
create or replace function berth.history() returns interval language sql immutable return interval '30 days';

-- As long as the first is young few others are looked at.
create or replace function berth.old_events(chunk bigint) returns setof bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select seq from berth.event
	where at < now() - berth.history() and target <> all ((select berth.troubled('forget events'))::uuid[]) and seq < (
		-- What a wrong clock has put into the future stays until then, and nobody waits behind it.
		select seq + case when at < now() - berth.history() then 100 else 1 end * chunk from berth.event
		where at < now() + interval '1 day' order by seq limit 1)
	order by seq limit chunk;
end $$;

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
	where r.id = o.target and o.after->>'state' = 'destroyed' and o.kind = 'resource' and berth.state_is(r.state, '{destroyed}')
		and not exists (select from berth.lease l where l.resource = r.id);
	return cardinality(old);
end $$;

-- The cancelled hook that a lease is broken for stays as long as that, and so does what a project is closed by.
create or replace function berth.old_commands(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command c
	where state in ('done', 'cancelled') and consumed_at < now() - berth.history()
		and id <> all ((select berth.troubled('forget commands'))::uuid[])
		and not (state = 'cancelled' and hook
			and exists (select from berth.lease l where l.id = c.lane and berth.state_is(l.state, '{broken}')))
		and not (action = 'delete' and exists (select from berth.project j where j.id = c.lane and berth.state_is(j.state, '{deleting}')))
	order by consumed_at limit most;
end $$;

create or replace function berth.forget_commands(commands uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	delete from berth.command where id in (select id from berth.command where id = any (commands) for update skip locked);
	return (select count(*) from unnest(commands));
end $$;

-- A clock that is wrong for a while must not make anybody forget what is young. So nothing is forgotten for a week after
-- workers have seen the time leap by two days or more: whoever has seen to the clock by then has corrected it. A leap is
-- also what nobody saw because no worker ran: then it takes a week longer.
create or replace function berth.clock_settled() returns bool language sql stable return (
	select since <= now() - interval '7 days' and seen > now() - interval '2 days' and seen < now() + interval '2 days' from berth.clock);

create or replace function berth.note_clock() returns void language sql begin atomic
	update berth.clock
	set since = case when seen > now() - interval '2 days' and seen < now() + interval '2 days' then since else now() end, seen = now()
	where seen < now() - interval '1 hour' or seen > now() + interval '1 hour';
end;

-- Returns the commands whose grace, or whose delay before the next try, seems to have begun in the future.
create or replace function berth.graces_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command where state = 'queued' and waits_from > now() + interval '1 minute'
	order by waits_from limit most;
end $$;

-- Returns the hooks that seem to have been claimed in the future. Whoever has claimed one may not know of it.
create or replace function berth.claims_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command where state = 'running' and hook and begun > now() + interval '1 minute'
	order by seq limit most;
end $$;

-- Returns the leases that seem to have been released in the future and would rest longer than their pool demands.
create or replace function berth.rests_ahead(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select l.id from berth.lease l join berth.pool p on p.id = l.pool
	where l.rest_until is not null and l.released > now() + interval '1 minute'
		and l.rest_until > berth.time_in(p.reuse_delay) + interval '1 minute'
	order by l.released limit most;
end $$;

-- A clock that was ahead has been put back: what began to wait in what is the future now begins to wait anew, and
-- nothing waits until the clock has come to where it was. By less than a minute it is waited for.
create or replace function berth.clock_back(chunk bigint) returns bigint language sql begin atomic
	with graces as (
		select id from berth.command where id = any (array(select berth.graces_ahead(chunk)))
			and berth.state_is(state, '{queued}') for no key update skip locked
	), again as (
		update berth.command c set not_before = now() + (c.not_before - c.waits_from), waits_from = now()
		from graces g where c.id = g.id and berth.state_is(c.state, '{queued}')
		returning 1
	), claims as (
		select id from berth.command where id = any (array(select berth.claims_ahead(chunk)))
			and berth.state_is(state, '{running}') for no key update skip locked
	), claimed as (
		update berth.command c set deadline = now() + (c.deadline - c.begun), begun = now()
		from claims m where c.id = m.id and berth.state_is(c.state, '{running}')
		returning 1
	), rests as (
		select l.id, p.reuse_delay as delay from berth.lease l join berth.pool p on p.id = l.pool
		where l.id = any (array(select berth.rests_ahead(chunk))) and berth.state_is(l.state, '{released}')
		for no key update of l skip locked
	), rested as (
		update berth.lease l set rest_until = berth.time_in(r.delay) from rests r
		where l.id = r.id and berth.state_is(l.state, '{released}')
		returning 1
	)
	select (select count(*) from again) + (select count(*) from claimed) + (select count(*) from rested);
end;

-- When there is something to do next, as far as the clock decides it.
create or replace function berth.next_due() returns timestamptz language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return least(
		(select min(c.not_before) from (values ('lease', false), ('lease', true), ('resource', false)) w (lane_kind, hook)
			cross join lateral (select not_before from berth.command q where q.lane_kind = w.lane_kind and q.hook = w.hook
				and q.state = 'queued' and q.not_before > now() order by not_before limit 1) c),
		(select until from berth.lease where until > now() and state in ('pending', 'acquired', 'active') order by until limit 1),
		(select rest_until from berth.lease where rest_until > now() order by rest_until limit 1));
end $$;

-- One round of all that is not a command's business. Answers with how much was
-- done, when the clock asks for more, and what it shows. `expected` is what the worker
-- expects it to show, by its own steady clock; null: it does not know. If the clock
-- has leapt, nothing that cannot be undone is done because of it: nobody is taken
-- for dead, and nothing ends, until the worker has got used to the new time, some
-- heartbeats later.
create or replace function berth.tend(asked_worker text, tries bigint, chunk bigint, expected timestamptz,
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
	foreach part in array array['take over', 'rest', 'expire', 'fill', 'delete', 'orphan', 'forget events', 'forget commands'] loop
		continue when leapt and part not in ('fill', 'delete', 'orphan')
			or part like 'forget %' and not berth.clock_settled();
		done := done + berth.tend_part(part, asked_worker, tries, chunk);
	end loop;
	delete from berth.trouble where seen < now() - interval '1 day' or seen > now() + interval '1 day';
	next := berth.next_due();
	present := now();
	return next;
end $$;

-- One chunk of the queue. A chunk is a few rows, each by its key, of tables of any
-- size; with plans made while they were small the server would read them whole.
-- Answers with how many commands were consumed or begun.
create or replace function berth.apply(asked_worker text, chunk bigint, token uuid default berth.caller()) returns bigint
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
		if not berth.is_lasting(sqlstate) then
			raise;
		end if;
		total := berth.do_most('apply', asked_worker, berth.lock_due(false, '{}', chunk)::text[], chunk);
		if total = 0 then
			total := berth.apply_others_alone(asked_worker, chunk);
		end if;
	end;
	if total > 0 then
		update berth.worker set consumed = consumed + total, heartbeat = now() where name = asked_worker;
	end if;
	return total;
end $$;

create or replace function berth.spread(asked_worker text, chunk bigint, token uuid default berth.caller()) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
	perform berth.accept_worker(token, asked_worker, berth.check_count('chunk', chunk, 1, 5000));
	return berth.fan_out(asked_worker, chunk);
end $$;

-- Ends the transaction when a check has failed, or when the caller has not started the worker in whose name it acts.
-- The login is unknown of workers that started before it was kept.
create or replace function berth.accept_worker(token uuid, asked_name text, failed text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), failed));
	if not exists (select from berth.worker where name = asked_name and coalesce(login = who, true)) then
		perform berth.refuse('conflict', format('%s has started no worker %s', who, asked_name),
			jsonb_build_object('worker', asked_name));
	end if;
end $$;

-- A worker begins. Its name may be that of a dead one, whose claims are then free.
create or replace function berth.worker_start(asked_name text, asked_host text, asked_pid bigint, asked_every bigint, asked_hooks bool,
	asked_started timestamptz, token uuid default berth.caller())
returns setof berth.worker_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	w berth.worker_view;
	owner text;
begin
	perform berth.accept(coalesce(
		berth.check_worker(asked_name),
		berth.check_text('host', asked_host, 255),
		berth.check_count('pid', asked_pid, 1, 2147483647),
		berth.check_count('heartbeat in microseconds', asked_every, 100000, 3600000000),
		berth.check_bool('hooks', asked_hooks),
		berth.check_that('started', asked_started is not null, 'a time is needed'),
		berth.check_time('started', asked_started)));
	insert into berth.worker (name, host, pid, every, hooks, started, login)
	values (asked_name, asked_host, asked_pid, asked_every, asked_hooks, asked_started, who)
	on conflict on constraint worker_pkey do nothing;
	if not found then
		select login into owner from berth.worker where name = asked_name for update;
		select * into w from berth.worker_view where name = asked_name;
		if w.alive and (w.started <> asked_started or owner <> who) then
			perform berth.refuse('conflict', format('worker %s is alive: it runs on %s as process %s', w.name, w.host, w.pid),
				jsonb_build_object('worker', w.name, 'host', w.host, 'pid', w.pid, 'heartbeat', w.heartbeat),
				'give another --name');
		end if;
		update berth.command set deadline = now() - interval '1 second' where state = 'running' and hook and worker = asked_name
			and (w.started <> asked_started or owner <> who);
		update berth.worker
		set host = asked_host, pid = asked_pid, every = asked_every, hooks = asked_hooks, login = who, stopped = false, heartbeat = now(),
			consumed = case when started = asked_started then consumed else 0 end, started = asked_started
		where name = asked_name;
	end if;
	delete from berth.caller where xact < pg_snapshot_xmin(pg_current_snapshot());
	-- Those that said that they go are of interest for a while, those that did not for longer.
	delete from berth.worker where name <> asked_name
		and heartbeat < now() - case when stopped then interval '1 hour' else berth.history() end and (stopped or berth.clock_settled());
	return query select * from berth.worker_view where name = asked_name;
end $$;

-- Still here. False: another one has the name by now.
create or replace function berth.worker_beat(asked_name text, asked_started timestamptz,
	token uuid default berth.caller()) returns bool
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), berth.check_time('started', asked_started)));
	update berth.worker set heartbeat = now(), stopped = false
	where name = asked_name and started = asked_started and coalesce(login = who, true);
	return found;
end $$;

create or replace function berth.worker_stop(asked_name text, asked_started timestamptz,
	token uuid default berth.caller()) returns bool
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
begin
	perform berth.accept(coalesce(berth.check_worker(asked_name), berth.check_time('started', asked_started)));
	update berth.worker set stopped = true
	where name = asked_name and started = asked_started and coalesce(login = who, true);
	return found;
end $$;
