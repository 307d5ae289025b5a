-- Applies what was decided about the commands of leases, a chunk at a time.

-- Ends the commands that have an outcome, and returns them.
create or replace function berth.finish_commands(actor text, decisions berth.decision[]) returns uuid[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	finished uuid[];
begin
	with ended as (
		update berth.command c
		set state = 'done', outcome = v.outcome, explanation = v.explanation,
			consumed_at = greatest(clock_timestamp(), c.created), consumed_by = actor
		from unnest(decisions) v where c.id = v.command and v.outcome is not null
			and berth.state_is(c.state, '{queued, running}')
		returning c.id
	)
	select coalesce(array_agg(id), '{}') into finished from ended;
	return finished;
end $$;

-- Applies the next command of each lease, and returns how many were consumed, and the keys that may have another one.
create or replace function berth.apply_round(actor text, inout keys uuid[], out consumed bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	decisions berth.decision[] := array(select d from berth.decide(keys) d);
	finished uuid[];
	resolved uuid[];
	changed uuid[];
	labelled uuid[] := array(select v.command from unnest(decisions) v where v.change = 'label');
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
	if exists (select from unnest(decisions) v where v.change = 'transfer') then
		perform berth.transfer_leases(actor, array(select v from unnest(decisions) v where v.change = 'transfer'));
	end if;
	perform berth.label_leases(actor, labelled) where labelled <> '{}';
	finished := finished || labelled || berth.end_leases(actor, array(
		select (v.lease, v.command, v.rest)::berth.ending from unnest(decisions) v where v.change = 'end'));
	perform berth.update_drained(actor, changed);
	perform berth.tally(finished, actor);
	consumed := cardinality(finished);
	keys := array(select v.lease from unnest(decisions) v where v.change is distinct from 'end')
		|| array(select lane from berth.command where id = any (labelled));
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
-- its rows in its one order; what has waited the longest goes first, and keeps no one waiting that it cannot pass.
create or replace function berth.apply_leases(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	keys uuid[];
	tried uuid[] := '{}';
	releases berth.plain_release[];
	plain uuid[];
	total bigint := 0;
begin
	while total = 0 loop
		keys := berth.lock_due(false, tried, chunk);
		exit when keys = '{}';
		tried := tried || keys;
		releases := berth.plain_releases(keys);
		plain := array(select r.lease from unnest(releases) r);
		if keys[1] <> all (plain) then
			total := berth.apply_keys(actor, array(select k from unnest(keys) k where k <> all (plain)));
		end if;
		-- Nothing more is locked yet if nothing was applied.
		if total = 0 and plain <> '{}' then
			total := berth.release_plain(actor, releases);
		end if;
		if total = 0 then
			total := berth.apply_keys(actor, plain);
		end if;
	end loop;
	return total;
end $$;

-- Applies one chunk of the queue, and returns how many commands were consumed or begun. A chunk is a few rows, each by
-- its key, of tables of any size; with plans made while they were small the server would read them whole.
create or replace function berth.apply(asked_worker text, chunk bigint, token uuid default berth.caller())
	returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
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
