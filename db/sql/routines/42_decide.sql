-- Decides what becomes of the commands on leases. Callers hold the locks of the serialization keys.

drop type if exists berth.decision, berth.ending cascade;

-- The decision on the next command of a lease: an outcome at once, or first a change: 'end' the lease, 'extend' it,
-- 'activate' it, 'run' its hook; 'wait' is not now. `stuck` is the quarantined command that it is about.
create type berth.decision as (
	command uuid, action text, lease uuid, change text, outcome text, explanation text, rest bool, until timestamptz,
	stuck uuid);

-- A lease that ends: its value is free, or rests first.
create type berth.ending as (lease uuid, command uuid, rest bool);

-- Returns why a command that names a generation comes too late.
create or replace function berth.explain_stale(asked_kind text, asked_target uuid, now_at bigint, seen bigint)
returns text language sql stable return format('generation %s now, you saw %s: ', now_at, seen) || coalesce((
	select format('%s by %s at %s', e.action, e.actor, berth.time_text(e.at)) from berth.event e
	where e.kind = asked_kind and e.target = asked_target and (e.after->>'generation')::bigint > seen
		and e.before->'generation' is distinct from e.after->'generation'
	order by e.seq desc limit 1), 'it never was at that one');

-- Returns which command released a lease, as far as it is remembered.
create or replace function berth.explain_released(asked_lease uuid, released timestamptz) returns text
language sql stable return coalesce((
	select format('it was released by %s at %s', coalesce('command ' || e.command, e.actor), berth.time_text(e.at))
	from berth.event e
	where e.kind = 'lease' and e.target = asked_lease and e.action = 'release' order by e.seq desc limit 1),
	'it was released at ' || berth.time_text(released));

-- Returns the next due command of a lease. A release by expiry comes last, so that an extension that was sent before it
-- is applied wins. An activation that has failed, or never came back, is tried again after what was sent meanwhile.
create or replace function berth.next_in(asked_key uuid) returns setof berth.command language sql stable begin atomic
	select * from berth.open_in(asked_key)
	where state = 'queued' and not_before <= now()
	order by epoch > 0 and berth.hook_event(action, arguments) = 'activate', author = 'berth:expiry', seq limit 1;
end;

-- Returns the time that an extend asks for. Raises invalid_input if there is none: it would seem to ask for no end.
create or replace function berth.wanted_end(arguments jsonb) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_that('until', jsonb_typeof(arguments->'until') = 'string', 'extend needs a time'));
	return (arguments->>'until')::timestamptz;
end $$;

-- Returns the decision on the next due command of each lease.
create or replace function berth.decide(keys uuid[]) returns setof berth.decision language sql stable begin atomic
	with due as (
		select c.* from unnest(keys) k (id) cross join lateral berth.next_in(k.id) c
	), placed as (
		select c.id, c.action, c.lane, c.arguments, c.author, c.hook, c.expect_generation as seen, c.epoch > 0 as begun,
			l.state, l.generation, l.released, 
			case c.action when 'extend' then berth.wanted_end(c.arguments) end as wanted,
			-- The time of a pending lease has yet to begin.
			case l.state when 'pending' then coalesce(l.until, berth.time_in(l.duration)) else l.until end as until,
			p.reuse_delay > 0 as rests, p.release_hook is not null as hooked,
			q.id as stuck, coalesce(q.state, '') as stuck_state, berth.hook_event(q.action, q.arguments) as direction,
			l.state = 'acquired' and exists (select from berth.open_in(c.lane) r where r.state = 'running') as busy
		from due c
		join berth.lease l on l.id = c.lane
		join berth.pool p on p.id = l.pool
		left join berth.command q on c.kind = 'command' and q.id = c.target
	), decided as (
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
		end as decision
		from placed
	)
	select id, action, lane,
		case when decision in ('end', 'extend', 'activate', 'run', 'wait') then decision end,
		case when decision in ('end', 'extend', 'activate') then 'applied'
			when decision in ('stale', 'not_stuck', 'too_late', 'past', 'shorter') then 'rejected'
			when decision in ('released', 'extended', 'noop') then 'noop' end,
		case decision
			when 'stale' then berth.explain_stale('lease', lane, generation, seen)
			when 'not_stuck' then format('command %s is %s, not quarantined', stuck, stuck_state)
			when 'too_late' then format('the lease is %s: %s', state, berth.explain_released(lane, released))
			when 'past' then format('the lease cannot end at %s', berth.time_text(wanted))
			when 'shorter' then format('the lease runs until %s; to shorten it takes --force',
				coalesce(berth.time_text(until), 'it is released'))
			when 'released' then case when state = 'destroyed' and released is null then 'it is destroyed'
				else berth.explain_released(lane, released) end
			when 'extended' then 'extended to ' || coalesce(berth.time_text(until), 'no end')
			when 'noop' then case when action <> 'extend' then format('the lease is %s already', state)
				when until is null then 'the lease has no end already' else 'the lease is good until then already' end
			when 'extend' then 'extended to ' || coalesce(berth.time_text(nullif(wanted, 'infinity')), 'no end')
			when 'activate' then 'activated without its hook'
			when 'end' then case when action = 'force' then 'destroyed without its hook'
				when action = 'skip' then 'released without its hook'
				when state = 'pending' then 'taken out of the line' when rests then 'released; the value rests'
					else 'released' end
		end,
		rests and action <> 'force' and state <> 'pending', wanted, stuck
	from decided;
end;

-- Ends the commands that have an outcome, and returns them.
create or replace function berth.finish_commands(actor text, decisions berth.decision[]) returns uuid[]
language sql begin atomic
	with ended as (
		update berth.command c
		set state = 'done', outcome = v.outcome, explanation = v.explanation,
			consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from unnest(decisions) v where c.id = v.command and v.outcome is not null
			and berth.state_is(c.state, '{queued, running}')
		returning c.id
	)
	select coalesce(array_agg(id), '{}') from ended;
end;

-- Applies the next command of each lease, and returns how many were consumed, and the keys that may have another one.
create or replace function berth.apply_round(actor text, inout keys uuid[], out consumed bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	decisions berth.decision[] := array(select d from berth.decide(keys) d);
	finished uuid[];
	resolved uuid[];
	changed uuid[];
begin
	-- A hook is for workers that run hooks.
	update berth.command c set hook = true
	from unnest(decisions) v where c.id = v.command and v.change = 'run' and not c.hook;
	decisions := array(select v from unnest(decisions) v where v.outcome is not null);
	changed := array(select v.lease from unnest(decisions) v where v.stuck is not null or v.change = 'end');
	perform berth.lock_resources(array(
		select v.lease from unnest(decisions) v where v.stuck is not null and v.change = 'activate'));
	resolved := array(select v.command from unnest(decisions) v where v.stuck is not null and v.change is not null);
	if resolved <> '{}' then
		perform berth.close_quarantined(actor, resolved);
	end if;
	finished := berth.finish_commands(actor, decisions);
	perform berth.activate_leases(actor, array_agg(v.lease), array_agg(v.command))
	from unnest(decisions) v where v.change = 'activate';
	if exists (select from unnest(decisions) v where v.change = 'extend') then
		perform berth.extend_leases(actor, array(select v from unnest(decisions) v where v.change = 'extend'));
	end if;
	finished := finished || berth.end_leases(actor, array(
		select (v.lease, v.command, v.rest)::berth.ending from unnest(decisions) v where v.change = 'end'));
	perform berth.update_drained(actor, changed);
	perform berth.tally(finished, actor);
	consumed := cardinality(finished);
	keys := array(select v.lease from unnest(decisions) v where v.change is distinct from 'end');
end $$;

-- Locks leases that have due commands, with a hook or without, and returns them, those that are due the longest first.
-- Leases that another worker has locked, or that were tried, are passed over. The commands are read in the order of
-- their index, never sorted, so that what is read does not grow with the queue. (If they were asked for by
-- `= '-infinity'`, an index on `seq` alone would give the order too, with the commands of all other keys between.)
create or replace function berth.lock_due(with_hook bool, tried uuid[], most bigint) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
	set plan_cache_mode = force_generic_plan as $$
begin
	return array(select due.lane from (select lane, row_number() over () as place from (
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
		limit most) locked) due
		group by due.lane order by min(due.place));
end $$;

-- Applies all due commands of these leases that need no hook, and returns their number.
create or replace function berth.apply_keys(actor text, keys uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	part bigint;
	total bigint := 0;
begin
	while keys <> '{}' loop
		select r.keys, r.consumed into keys, part from berth.apply_round(actor, keys) r;
		total := total + part;
	end loop;
	return total;
end $$;

-- Applies such commands of as many leases as a chunk has, and returns their number. Commands that wait for a hook are
-- skipped, with others after them. Plain releases and the others are not mixed in one transaction, so that each locks
-- its rows in its one order; what has waited the longest decides which it is.
create or replace function berth.apply_leases(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	keys uuid[];
	tried uuid[] := '{}';
	plain uuid[];
	total bigint := 0;
begin
	while total = 0 loop
		keys := berth.lock_due(false, tried, chunk);
		exit when keys = '{}';
		tried := tried || keys;
		select r.leases, r.consumed into plain, total from berth.release_plain(actor, keys) r;
		if total = 0 then
			total := berth.apply_keys(actor, array(select k from unnest(keys) k where k <> all (plain)));
		end if;
	end loop;
	return total;
end $$;
