-- What a worker does to leases. Whoever calls these holds the locks of the lanes.

drop type if exists berth.verdict, berth.ending cascade;

-- What is to become of the command whose turn it is in its lane: an outcome at
-- once, or first a change: 'end' the lease, 'extend' it, 'activate' it, 'run' its
-- hook. 'wait': not now.
create type berth.verdict as (
	command uuid, action text, lease uuid, change text, outcome text, explanation text, rest bool, until timestamptz,
	stuck uuid);

-- A lease that has nothing to wait for any more: its value is free, or rests first.
create type berth.ending as (lease uuid, command uuid, rest bool);

-- Why a command that names a generation comes too late.
create or replace function berth.explain_stale(asked_kind text, asked_target uuid, now_at bigint, seen bigint) returns text
language sql stable return format('generation %s now, you saw %s: ', now_at, seen) || coalesce((
	select format('%s by %s at %s', e.action, e.actor, berth.time_text(e.at)) from berth.event e
	where e.kind = asked_kind and e.target = asked_target and (e.after->>'generation')::bigint > seen
		and e.before->'generation' is distinct from e.after->'generation'
	order by e.seq desc limit 1), 'it never was at that one');

-- Which command released a lease, as far as it is remembered.
create or replace function berth.explain_released(asked_lease uuid, released timestamptz) returns text
language sql stable return coalesce((
	select format('it was released by %s at %s', coalesce('command ' || e.command, e.actor), berth.time_text(e.at)) from berth.event e
	where e.kind = 'lease' and e.target = asked_lease and e.action = 'release' order by e.seq desc limit 1),
	'it was released at ' || berth.time_text(released));

-- The command of a lease whose turn it is. A release that the end of the lease's
-- time asked for comes last, so that an extension that was sent before it is
-- applied wins. An activation that has failed, or never came back, is not tried
-- again before what was sent meanwhile.
create or replace function berth.next_in(asked_lane uuid) returns setof berth.command language sql stable begin atomic
	select * from berth.open_in(asked_lane)
	where state = 'queued' and not_before <= now()
	order by epoch > 0 and berth.direction(action, arguments) = 'activate', author = 'berth:expiry', seq limit 1;
end;

-- The time that an extend asks for. One that names none cannot be applied: it would seem to ask for no end.
create or replace function berth.wanted_end(arguments jsonb) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_that('until', jsonb_typeof(arguments->'until') = 'string', 'extend needs a time'));
	return (arguments->>'until')::timestamptz;
end $$;

-- The verdict on that command of each lane.
create or replace function berth.judge(lanes uuid[]) returns setof berth.verdict language sql stable begin atomic
	with due as (
		select c.* from unnest(lanes) lane (id) cross join lateral berth.next_in(lane.id) c
	), placed as (
		select c.id, c.action, c.lane, c.arguments, c.author, c.hook, c.expect_generation as seen, c.epoch > 0 as begun,
			l.state, l.generation, l.released, case c.action when 'extend' then berth.wanted_end(c.arguments) end as wanted,
			-- One that waits has its time yet to begin.
			case l.state when 'pending' then coalesce(l.until, berth.time_in(l.duration)) else l.until end as until,
			p.reuse_delay > 0 as rests, p.release_hook is not null as hooked,
			q.id as stuck, coalesce(q.state, '') as stuck_state, berth.direction(q.action, q.arguments) as direction,
			l.state = 'acquired' and exists (select from berth.open_in(c.lane) r where r.state = 'running') as busy
		from due c
		join berth.lease l on l.id = c.lane
		join berth.pool p on p.id = l.pool
		left join berth.command q on c.kind = 'command' and q.id = c.target
	), judged as (
		select *, case
			when seen <> generation and not begun then 'stale'
			when action in ('retry', 'skip', 'force') and stuck_state <> 'quarantined' and not begun then 'not_stuck'
			when action = 'retry' or (action = 'activate' and state = 'acquired') then 'run'
			when action = 'activate' then 'noop'
			when action = 'force' or (action = 'skip' and direction = 'release') then 'end'
			when action = 'skip' then 'activate'
			when action = 'extend' and state in ('released', 'destroyed') then 'too_late'
			when action = 'extend' and wanted <= now() then 'past'
			when action = 'extend' and coalesce(until, 'infinity') = wanted then 'noop'
			when action = 'extend' and coalesce(until, 'infinity') > wanted and not arguments ? 'shorten' then 'shorter'
			when action = 'extend' then 'extend'
			when state = 'destroyed' or (state = 'released' and not begun) then 'released'
			when author = 'berth:expiry' and coalesce(until > now(), true) and not begun then 'extended'
			when busy then 'wait'
			when state = 'pending' or not hooked then 'end'
			else 'run'
		end as verdict
		from placed
	)
	select id, action, lane,
		case when verdict in ('end', 'extend', 'activate', 'run', 'wait') then verdict end,
		case when verdict in ('end', 'extend', 'activate') then 'applied'
			when verdict in ('stale', 'not_stuck', 'too_late', 'past', 'shorter') then 'rejected'
			when verdict in ('released', 'extended', 'noop') then 'noop' end,
		case verdict
			when 'stale' then berth.explain_stale('lease', lane, generation, seen)
			when 'not_stuck' then format('command %s is %s, not quarantined', stuck, stuck_state)
			when 'too_late' then format('the lease is %s: %s', state, berth.explain_released(lane, released))
			when 'past' then format('the lease cannot end at %s', berth.time_text(wanted))
			when 'shorter' then format('the lease runs until %s; to shorten it takes --force', coalesce(berth.time_text(until), 'it is released'))
			when 'released' then case when state = 'destroyed' and released is null then 'it is destroyed'
				else berth.explain_released(lane, released) end
			when 'extended' then 'extended to ' || coalesce(berth.time_text(until), 'no end')
			when 'noop' then case when action <> 'extend' then format('the lease is %s already', state)
				when until is null then 'the lease has no end already' else 'the lease is good until then already' end
			when 'extend' then 'extended to ' || coalesce(berth.time_text(nullif(wanted, 'infinity')), 'no end')
			when 'activate' then 'activated without its hook'
			when 'end' then case when action = 'force' then 'destroyed without its hook' when action = 'skip' then 'released without its hook'
				when state = 'pending' then 'taken out of the line' when rests then 'released; the value rests' else 'released' end
		end,
		rests and action <> 'force' and state <> 'pending', wanted, stuck
	from judged;
end;

-- Locks the stripes of these values, in one order. A stripe that was split
-- meanwhile no longer reaches to the value that it was found by: look again.
create or replace function berth.lock_stripes(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	whole bool;
begin
	loop
		with located as (
			select s.resource, s.first, max(l.value) as top
			from unnest(leases) held (id) join berth.lease l on l.id = held.id
			cross join lateral (select resource, first from berth.stripe where resource = l.resource and first <= l.value
				order by first desc limit 1) s
			where l.value is not null
			group by s.resource, s.first order by s.resource, s.first
		)
		select coalesce(bool_and(s.last >= located.top), true) into whole from located
		cross join lateral (select last from berth.stripe t where t.resource = located.resource and t.first = located.first
			for update) s;
		exit when whole;
	end loop;
end $$;

-- Stripes whose free values have fallen into many pieces are cut until each is small.
create or replace function berth.split_crumbs(resources uuid[], firsts numeric[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	s record;
begin
	for s in
		select t.resource, t.first from unnest(resources, firsts) u (resource, first)
		join berth.stripe t on t.resource = u.resource and t.first = u.first
		where (select count(*) from unnest(t.free)) > 64
	loop
		perform berth.split(s.resource, s.first);
		perform berth.split_crumbs(array[s.resource, s.resource], array[s.first,
			(select min(first) from berth.stripe where resource = s.resource and first > s.first)]);
	end loop;
end $$;

-- Gives values back: the lease is destroyed, or rests first. Closes whatever
-- is still open in its lane, and answers with what it closed.
create or replace function berth.end_leases(actor text, ends berth.ending[]) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	closed uuid[];
	resources uuid[];
	firsts numeric[];
begin
	-- First the lines, then the values: so does who serves them.
	perform from berth.pool
	where id in (select l.pool from unnest(ends) e join berth.lease l on l.id = e.lease where berth.state_is(l.state, '{pending}'))
	order by id for no key update;
	perform berth.lock_stripes(array(select e.lease from unnest(ends) e));
	perform berth.lock_projects(array(select e.lease from unnest(ends) e));
	with held as materialized (
		select l.id, l.seq, l.pool, l.project, l.state, l.generation, l.resource, l.value, l.rest_until, e.command, e.rest, s.first as stripe, s.flow_at,
			p.reuse_delay as delay,
			jsonb_build_object('state', l.state, 'generation', l.generation) as before,
			jsonb_build_object('state', 'released', 'generation', l.generation + 1) as between,
			(l.state <> 'released')::int as steps
		from unnest(ends) e
		join berth.lease l on l.id = e.lease
		join berth.pool p on p.id = l.pool
		left join lateral (select first, flow_at from berth.stripe where resource = l.resource and first <= l.value
			order by first desc limit 1) s on true
		where not berth.state_is(l.state, '{destroyed}')
	), present as materialized (
		select berth.moment(max(flow_at)) as at from held
	), given as (
		select resource, stripe, coalesce(range_agg(numrange(value, value + 1)) filter (where not rest), '{}') as free,
			count(*) filter (where not rest) as room,
			count(*) filter (where rest) - count(*) filter (where rest_until is not null) as resting
		from held where value is not null group by resource, stripe
	), freed as (
		update berth.stripe s
		set free = s.free + g.free, room = s.room + g.room, resting = s.resting + g.resting,
			open = s.usable and s.room + g.room > 0, flow = berth.flow(s.flow, s.flow_at) - g.room, flow_at = present.at
		from given g, present where s.resource = g.resource and s.first = g.stripe
		returning s.resource, s.first
	), lines as (
		update berth.pool p set waiting = p.waiting - gone.n
		from (select pool, count(*) as n from held where state = 'pending' group by pool) gone where p.id = gone.pool
	), credited as (
		update berth.project j set leases = j.leases - gone.n
		from (select project, count(*) as n from held where project is not null and not rest group by project) gone
		where j.id = gone.project and j.max_leases is not null
	), told as (
		insert into berth.event (actor, action, kind, target, command, before, after)
		select actor, t.action, 'lease', h.id, h.command, t.before, t.after
		from held h cross join lateral (values
			(1, 'release', h.before, h.between, h.steps = 1),
			(2, 'destroy', case h.steps when 1 then h.between else h.before end,
				jsonb_build_object('state', 'destroyed', 'generation', h.generation + h.steps + 1), not h.rest)
		) as t (n, action, before, after, wanted)
		where t.wanted order by h.seq, t.n
	), shut as (
		update berth.command c
		set state = 'done', outcome = case when c.state = 'quarantined' then 'failed' when c.action in ('release', 'activate') or c.not_before > now() then 'noop'
				else 'rejected' end,
			explanation = case c.state when 'quarantined' then 'superseded by ' else 'it was released by ' end
				|| coalesce('command ' || h.command, actor),
			consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from held h cross join lateral berth.open_in(h.id) open
		where c.id = open.id and open.id is distinct from h.command and berth.state_is(c.state, '{queued, quarantined}')
		returning c.id, c.outcome
	), ended as (
		update berth.lease l
		set state = case when h.rest then 'released' else 'destroyed' end,
			released = coalesce(l.released, greatest(present.at, l.created, l.acquired, l.activated)),
			destroyed = case when not h.rest then greatest(present.at, l.created, l.acquired, l.activated, l.released) end,
			rest_until = case when h.rest then berth.time_in(h.delay, present.at) end,
			generation = l.generation + h.steps + (not h.rest)::int
		from held h, present where l.id = h.id and l.state = h.state and l.generation = h.generation
		returning l.id
	)
	select (select array_agg(id) from shut where outcome <> 'failed'),
		(select array_agg(resource) from freed), (select array_agg(first) from freed),
		(select berth.demand(count(*), (select count(*) from held)) from ended) is null
	into closed, resources, firsts;
	perform berth.split_crumbs(resources, firsts);
	return coalesce(closed, '{}');
end $$;

-- The resources that these leases have values of, in the order in which they are locked: one after the other by their
-- ids, so that no more of them are read.
create or replace function berth.resources_of(leases uuid[]) returns setof uuid language sql stable begin atomic
	select distinct l.resource from unnest(leases) held (id) join berth.lease l on l.id = held.id
	where l.resource is not null order by l.resource;
end;

-- A lease that breaks or is mended may change the state of its resource, and
-- that of one which is being drained at the same moment: one after the other.
create or replace function berth.lock_resources(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform from berth.resources_of(leases) held (id)
	cross join lateral (select from berth.resource r where r.id = held.id for no key update) r;
end $$;

-- Returns the leases that hold a value of a resource, in the order of their values: in that of the index on them, which
-- statistics of a time when nothing was held would make no better than any other index on leases.
create or replace function berth.leases_on(asked_resource uuid, asked_states text[], behind numeric, most bigint)
returns setof berth.lease language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.lease
	where resource = asked_resource and state <> 'destroyed' and value > coalesce(behind, -1)
		and (asked_states is null or state = any (asked_states))
	order by value limit most;
end $$;

-- Brings resources that are being drained to the state that their leases give
-- them: broken while one of these is, destroyed with the last of them.
create or replace function berth.settle(actor text, leases uuid[], asked_command uuid default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.resource;
begin
	for r in
		select drained.* from berth.resources_of(leases) held (id)
		cross join lateral (select * from berth.resource
			where id = held.id and berth.state_is(state, '{released, broken}') for no key update) drained
	loop
		perform berth.settle_one(actor, r, asked_command);
	end loop;
end $$;

create or replace function berth.settle_one(actor text, r berth.resource, asked_command uuid) returns void
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
		update berth.command set state = 'done', outcome = case when action in ('cordon', 'uncordon') and not_before <= now() then 'rejected' else 'noop' end,
			explanation = format('resource %s is destroyed', r.name), consumed_at = greatest(clock_timestamp(), created), consumed_by = actor
		where id in (select id from berth.open_in(r.id) where state = 'queued' and id is distinct from asked_command);
	end if;
	update berth.resource
	set state = became, generation = generation + 1, destroyed = case became when 'destroyed' then clock_timestamp() end
	where id = r.id;
	perform berth.tell(actor, case became when 'destroyed' then 'destroy' when 'broken' then 'break' else 'release' end,
		'resource', r.id, asked_command, jsonb_build_object('state', r.state, 'generation', r.generation),
		jsonb_build_object('state', became, 'generation', r.generation + 1));
end $$;

create or replace function berth.tell(actor text, asked_action text, asked_kind text, asked_target uuid, asked_command uuid,
	asked_before jsonb, asked_after jsonb)
returns void language sql begin atomic
	insert into berth.event (actor, action, kind, target, command, before, after)
	values (actor, asked_action, asked_kind, asked_target, asked_command, asked_before, asked_after);
end;

-- Whether a bulk is at its end: all children are made, and each has ended. A deletion ends with what it deletes, and
-- one that has failed is not made good by what becomes of its children later: the project is still there.
create or replace function berth.bulk_over(p berth.command, ended numeric) returns bool
language sql immutable parallel safe return p.action <> 'delete'
	and (p.state = 'done' or (p.state = 'running' and not p.fanning and p.done + ended >= p.total));

-- Returns how many items of a bulk ended in each way, in words: "2 applied, 1 rejected". Of no item: "".
create or replace function berth.count_words(applied numeric, noop numeric, rejected numeric, failed numeric, cancelled numeric)
returns text language sql immutable parallel safe return concat_ws(', ',
	case when applied <> 0 then applied || ' applied' end, case when noop <> 0 then noop || ' no-op' end,
	case when rejected <> 0 then rejected || ' rejected' end, case when failed <> 0 then failed || ' failed' end,
	case when cancelled <> 0 then cancelled || ' cancelled' end);

-- Returns how a bulk has ended, in words: "3 of 3 ended, 2 applied, 1 rejected". What stopped it before its end is told.
create or replace function berth.bulk_words(done numeric, total numeric, counts text, stopped text)
returns text language sql immutable parallel safe return
	concat_ws(', ', format('%s of %s ended', done, total), nullif(counts, ''))
	|| coalesce('; it went no further: ' || stopped, '');

-- Adds children that have ended to their parents' progress, and ends the parents whose last this was; also those that
-- are named themselves. Each child is named once, when it ends; one that is quarantined has ended as failed, until a
-- retry, skip or force of it is applied: then it is an applied one. Parents are locked in one order, and as late as can
-- be: every worker on a bulk comes by here.
create or replace function berth.tally(commands uuid[], actor text) returns void language sql begin atomic
	with mine as materialized (
		select id, parent, credit, total is not null and berth.state_is(state, '{running, cancelled}') as bulk, outcome,
			case state when 'quarantined' then 'failed' when 'cancelled' then 'cancelled' else outcome end as way
		from berth.command c where id = any (commands)
	), part (id, done, way, n) as (
		select parent, 1, way, 1 from mine where parent is not null
		union all
		select credit, 0, credited.way, credited.n from mine cross join (values ('applied', 1), ('failed', -1)) as credited (way, n)
		where credit is not null and outcome = 'applied'
		union all
		select id, 0, null, 0 from mine where bulk
	), share as (
		select id, sum(done) as done, coalesce(sum(n) filter (where way = 'applied'), 0) as applied,
			coalesce(sum(n) filter (where way = 'noop'), 0) as noop, coalesce(sum(n) filter (where way = 'rejected'), 0) as rejected,
			coalesce(sum(n) filter (where way = 'failed'), 0) as failed,
			coalesce(sum(n) filter (where way = 'cancelled'), 0) as cancelled
		from part group by id
	), locked as materialized (
		select p.id from share join berth.command p using (id) order by p.id for no key update of p
	)
	update berth.command p
	set done = p.done + s.done, applied = p.applied + s.applied, noop = p.noop + s.noop, rejected = p.rejected + s.rejected,
		failed = p.failed + s.failed, cancelled = p.cancelled + s.cancelled,
		state = case when berth.bulk_over(p, s.done) then 'done' else p.state end,
		outcome = case when not berth.bulk_over(p, s.done) then p.outcome
			when p.failed + s.failed > 0 or p.stopped is not null then 'failed' else 'applied' end,
		explanation = case when berth.bulk_over(p, s.done)
			then berth.bulk_words(p.done + s.done, p.total, berth.count_words(p.applied + s.applied, p.noop + s.noop,
				p.rejected + s.rejected, p.failed + s.failed, p.cancelled + s.cancelled), p.stopped)
			when p.state = 'cancelled' and p.stopped is not null
			then p.stopped || '; ' || berth.bulk_words(p.done + s.done, p.total, berth.count_words(p.applied + s.applied,
				p.noop + s.noop, p.rejected + s.rejected, p.failed + s.failed, p.cancelled + s.cancelled), null)
			else p.explanation end,
		consumed_at = case when berth.bulk_over(p, s.done)
			then coalesce(p.consumed_at, greatest(clock_timestamp(), p.created)) else p.consumed_at end,
		consumed_by = case when berth.bulk_over(p, s.done)
			then coalesce(p.consumed_by, actor) else p.consumed_by end
	from share s join locked using (id) where p.id = s.id;
end;

-- A quarantined command ends when somebody has decided about it.
create or replace function berth.close_stuck(actor text, asked_commands uuid[]) returns void language sql begin atomic
	update berth.command q
	set state = 'done', outcome = 'failed', consumed_at = greatest(clock_timestamp(), q.created), consumed_by = actor,
		explanation = format('%s by %s', case c.action when 'retry' then 'retried' when 'skip' then 'skipped' else 'forced' end, c.author)
			|| case when c.reason = '' then '' else ': ' || c.reason end
	from berth.command c where c.id = any (asked_commands) and q.id = c.target and c.kind = 'command'
		and berth.state_is(q.state, '{quarantined}');
	update berth.command c set credit = coalesce(q.credit, q.parent)
	from berth.command q where c.id = any (asked_commands) and c.kind = 'command' and q.id = c.target;
end;

-- The leases that become active, by a hook that ended well or one that was skipped.
create or replace function berth.activate_leases(actor text, leases uuid[], commands uuid[]) returns void
language sql begin atomic
	with seen as materialized (
		select l.id, l.state, l.generation, a.command
		from unnest(leases, commands) a (id, command) join berth.lease l using (id)
		where berth.state_is(l.state, '{acquired, broken}')
	), changed as (
		update berth.lease l set state = 'active', activated = greatest(clock_timestamp(), l.created, l.acquired), generation = l.generation + 1
		from seen s where l.id = s.id and l.generation = s.generation
		returning l.id
	)
	insert into berth.event (actor, action, kind, target, command, before, after)
	select actor, 'activate', 'lease', s.id, s.command, jsonb_build_object('state', s.state, 'generation', s.generation),
		jsonb_build_object('state', 'active', 'generation', s.generation + 1)
	from seen s join changed using (id);
end;

create or replace function berth.extend_leases(actor text, verdicts berth.verdict[]) returns void
language sql begin atomic
	with seen as materialized (
		select l.id, l.until, l.generation, v.command, nullif(v.until, 'infinity') as wanted, l.state
		from unnest(verdicts) v join berth.lease l on l.id = v.lease
	), changed as (
		-- One that waits has its time yet to begin, and no time when it has no end.
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
end;

create or replace function berth.conclude(actor text, verdicts berth.verdict[]) returns uuid[] language sql begin atomic
	with ended as (
		update berth.command c
		set state = 'done', outcome = v.outcome, explanation = v.explanation, consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from unnest(verdicts) v where c.id = v.command and v.outcome is not null and berth.state_is(c.state, '{queued, running}')
		returning c.id
	)
	select coalesce(array_agg(id), '{}') from ended;
end;

-- The next command of each lane. Answers with how many were consumed, and leaves
-- out the lanes that have nothing more for now.
create or replace function berth.apply_round(actor text, inout lanes uuid[], out consumed bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	verdicts berth.verdict[] := array(select v from berth.judge(lanes) v);
	ended uuid[];
	closed uuid[];
	changed uuid[];
begin
	-- A hook is for those who can run it.
	update berth.command c set hook = true from unnest(verdicts) v where c.id = v.command and v.change = 'run' and not c.hook;
	verdicts := array(select v from unnest(verdicts) v where v.outcome is not null);
	changed := array(select v.lease from unnest(verdicts) v where v.stuck is not null or v.change = 'end');
	perform berth.lock_resources(array(select v.lease from unnest(verdicts) v where v.stuck is not null and v.change = 'activate'));
	if exists (select from unnest(verdicts) v where v.stuck is not null and v.change is not null) then
		perform berth.close_stuck(actor, array(select v.command from unnest(verdicts) v where v.stuck is not null and v.change is not null));
	end if;
	ended := berth.conclude(actor, verdicts);
	perform berth.activate_leases(actor, array_agg(v.lease), array_agg(v.command)) from unnest(verdicts) v where v.change = 'activate';
	if exists (select from unnest(verdicts) v where v.change = 'extend') then
		perform berth.extend_leases(actor, array(select v from unnest(verdicts) v where v.change = 'extend'));
	end if;
	closed := berth.end_leases(actor, array(
		select (v.lease, v.command, v.rest)::berth.ending from unnest(verdicts) v where v.change = 'end'));
	perform berth.settle(actor, changed);
	perform berth.tally(ended || closed, actor);
	consumed := cardinality(ended || closed);
	lanes := array(select v.lease from unnest(verdicts) v where v.change is distinct from 'end');
end $$;

-- Locks leases that have commands which are due, with a hook or without, and answers with them. Those that another
-- worker holds are passed over, and so are those that were tried. The commands are read in the order of their index,
-- never sorted, so that what is read does not grow with the queue. (Were they asked for by `= '-infinity'`, an index on
-- `seq` alone would give the order too, with those of all other lanes between.)
create or replace function berth.lock_due(with_hook bool, tried uuid[], most bigint) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return array(select distinct due.lane from (
		(select c.lane from (
			select k.lane, k.not_before, k.seq from berth.command k
			where k.lane_kind = 'lease' and k.hook = with_hook and k.state = 'queued'
				and k.not_before > '-infinity' and k.not_before <= now() and k.lane <> all (tried)
			order by k.not_before, k.seq offset 0) c
		cross join lateral (select from berth.lease l where l.id = c.lane for no key update skip locked) l
		order by c.not_before, c.seq limit most)
		union all
		(select c.lane from (
			select k.lane, k.not_before, k.seq from berth.command k
			where k.lane_kind = 'lease' and k.hook = with_hook and k.state = 'queued'
				and k.not_before <= '-infinity' and k.lane <> all (tried)
			order by k.not_before, k.seq offset 0) c
		cross join lateral (select from berth.lease l where l.id = c.lane for no key update skip locked) l
		order by c.not_before, c.seq limit most)
		limit most) due);
end $$;

-- The commands of these leases that are due and need no hook, as often as there is one. Answers with their number.
create or replace function berth.apply_lanes(actor text, lanes uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	part bigint;
	total bigint := 0;
begin
	while lanes <> '{}' loop
		select r.lanes, r.consumed into lanes, part from berth.apply_round(actor, lanes) r;
		total := total + part;
	end loop;
	return total;
end $$;

-- Such commands of as many leases as a chunk has.
create or replace function berth.apply_leases(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	lanes uuid[];
	tried uuid[] := '{}';
	total bigint := 0;
begin
	-- Behind those whose turn it is not, because of a hook, are others. Whoever has waited for its time is not to wait
	-- behind all that never had to, of which a bulk sends more and more.
	while total < chunk loop
		lanes := berth.lock_due(false, tried, chunk);
		exit when lanes = '{}';
		tried := tried || lanes;
		total := total + berth.apply_lanes(actor, lanes);
	end loop;
	return total;
end $$;
