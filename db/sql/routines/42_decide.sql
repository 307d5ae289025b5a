-- Decides what becomes of the commands on leases. Callers hold the locks of the serialization keys.

drop type if exists berth.decision, berth.ending cascade;

-- The decision on the next command of a lease: an outcome at once, or first a change: 'end' the lease, 'extend' it,
-- 'transfer' it, 'label' it, 'activate' it, 'run' its hook; 'wait' is not now. `stuck` is the quarantined command that
-- it is about.
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

-- Returns why a command would change nothing.
create or replace function berth.explain_noop(action text, state text, until timestamptz) returns text
language sql stable return case
	when action = 'transfer' then 'the lease has this holder already'
	when action <> 'extend' then format('the lease is %s already', state)
	when until is null then 'the lease has no end already'
	else 'the lease is good until then already' end;

-- Returns how a command ends a lease.
create or replace function berth.explain_end(action text, state text, rests bool) returns text
language sql immutable return case
	when action = 'force' then 'destroyed without its hook'
	when action = 'skip' then 'released without its hook'
	when state = 'pending' then 'taken out of the line'
	when rests then 'released; the value rests'
	else 'released' end;

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

-- Returns the holder that a transfer asks for. Raises invalid_input if there is none.
create or replace function berth.wanted_holder(arguments jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(coalesce(
		berth.check_that('holder', jsonb_typeof(arguments->'holder') = 'string', 'transfer needs one'),
		berth.check_text('holder', arguments->>'holder', 200)));
	return arguments->>'holder';
end $$;

-- Returns the decision on the next due command of each lease.
create or replace function berth.decide(keys uuid[]) returns setof berth.decision language sql stable begin atomic
	with due as (
		select c.* from unnest(keys) k (id) cross join lateral berth.next_in(k.id) c
	), placed as (
		select c.id, c.action, c.lane, c.arguments, c.author, c.hook, c.expect_generation as seen, c.epoch > 0 as begun,
			l.state, l.generation, l.released, 
			case c.action when 'extend' then berth.wanted_end(c.arguments) end as wanted,
			l.holder, case c.action when 'transfer' then berth.wanted_holder(c.arguments) end as heir,
			-- The time of a pending lease has yet to begin.
			case l.state when 'pending' then coalesce(l.until, berth.time_in(l.duration)) else l.until end as until,
			p.reuse_delay > 0 as rests, p.release_hook is not null as hooked,
			p.activate_hook is null and l.state in ('acquired', 'broken') as unarmed,
			q.id as stuck, coalesce(q.state, '') as stuck_state, berth.hook_event(coalesce(q.action, c.action),
				coalesce(q.arguments, c.arguments)) as direction,
			l.state = 'acquired' and exists (select from berth.open_in(c.lane) r where r.state = 'running') as busy
		from due c
		join berth.lease l on l.id = c.lane
		join berth.pool p on p.id = l.pool
		left join berth.command q on c.kind = 'command' and q.id = c.target
	), decided as (
		select *, case
			when seen <> generation and not begun then 'stale'
			when action in ('retry', 'skip', 'force') and stuck_state <> 'quarantined' and not begun then 'not_stuck'
			-- The pool may have lost its hook since.
			when action = 'retry' and direction = 'release' and not hooked then 'end'
			when action in ('retry', 'activate') and direction = 'activate' and unarmed then 'activate'
			when action = 'retry' or (action = 'activate' and state = 'acquired') then 'run'
			when action = 'activate' then 'noop'
			when action = 'force' or (action = 'skip' and direction = 'release') then 'end'
			when action = 'skip' then 'activate'
			when action in ('extend', 'transfer', 'label')
				and (state = 'destroyed' or (action <> 'label' and state = 'released')) then 'too_late'
			when action = 'label' then 'label'
			when action = 'transfer' then case when holder = heir then 'noop' else 'transfer' end
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
		case when decision in ('end', 'extend', 'transfer', 'label', 'activate', 'run', 'wait') then decision end,
		case when decision in ('end', 'extend', 'transfer', 'activate') then 'applied'
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
			when 'noop' then berth.explain_noop(action, state, until)
			when 'extend' then 'extended to ' || coalesce(berth.time_text(nullif(wanted, 'infinity')), 'no end')
			when 'transfer' then 'transferred to ' || case heir when '' then 'nobody' else berth.quoted(heir) end
			when 'activate' then 'activated without its hook'
			when 'end' then berth.explain_end(action, state, rests)
		end,
		rests and action <> 'force' and state <> 'pending', wanted, stuck
	from decided;
end;
