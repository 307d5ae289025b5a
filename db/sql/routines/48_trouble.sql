-- One bad thing does not stop the rest.
--
-- A worker does many things in one transaction. When one of them cannot be done, because what was asked or what is
-- stored makes no sense, all of them would fail, and again at the next try. So each chunk has a subtransaction of its
-- own; one that fails is done again in halves, until the thing is found that fails alone. That one is given up, and
-- told: see berth.trouble.

-- Returns true if an error comes from what is in a row, so that the same would fail again: a value that cannot be read
-- or is out of range, a constraint, a check of a function or trigger. Other errors come from the moment, from the
-- server or from rights, and concern all work: they are left to the worker, which tries again.
create or replace function berth.is_permanent(state text) returns bool
language sql immutable parallel safe return state ~ '^(2[1237]|38|39|44|54|BE|P0|XX00[12])';

-- Returns an error as a sentence, without the code with which that of berth.refuse() begins.
create or replace function berth.error_text(state text, message text) returns text
language sql immutable parallel safe return
	left(case when state = 'BERTH' then substr(message, strpos(message, E'\n') + 1) else message end, 1000);

-- Keeps what could not be done, and why, for berth.doctor().
create or replace function berth.note_trouble(asked_part text, asked_kind text, asked_target uuid, asked_words text)
	returns void
language sql begin atomic
	insert into berth.trouble (part, kind, target, words) values (asked_part, asked_kind, asked_target, asked_words)
	on conflict on constraint trouble_pkey do update set seen = now(), words = excluded.words;
end;

-- Returns the status of what could not be done, and how to go on, or nulls if it has been done since:
-- 'nothing_is_stuck' if it still waits for a decision or for the next try, 'given_up' if it was ended as rejected or
-- failed.
create or replace function berth.trouble_status(t berth.trouble, out standing text, out way_on text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	waits bool;
begin
	case
	when t.kind = 'part' or t.part = 'forget events' then
		waits := true;
	when t.part in ('apply', 'claim', 'finish', 'fan out', 'orphan') then
		select * into c from berth.command where id = t.target;
		waits := c.state not in ('done', 'cancelled');
		-- A trouble that a person has decided about is not told again.
		if c.outcome = 'rejected' or (c.outcome = 'failed' and c.lane_kind <> 'lease') then
			standing := 'given_up';
			way_on := format('it was %s, and nothing waits for it; this is told until %s', c.outcome,
				berth.time_text(t.seen + interval '1 day'));
		end if;
	when t.part in ('take over', 'delete', 'forget commands') then
		waits := exists (select from berth.command k
			where k.id = t.target and (t.part = 'forget commands' or k.state = 'running'));
	when t.part = 'forecast' then
		waits := exists (select from berth.forecast f where f.pool = t.target and f.due <= now());
	when t.part = 'fill' and t.kind = 'pool' then
		waits := exists (select from berth.pool p where p.id = t.target and p.waiting > 0);
	else
		waits := exists (select from berth.lease l where l.id = t.target and case t.part
			when 'rest' then l.rest_until is not null
			when 'fill' then l.state = 'pending'
			else l.until <= now() and l.state in ('pending', 'acquired', 'active') end);
		if t.part = 'fill' and not waits and exists (select from berth.lease l where l.id = t.target
			and l.value is null) then
			standing := 'given_up';
			way_on := format('it was taken out of the line; this is told until %s',
				berth.time_text(t.seen + interval '1 day'));
		end if;
	end case;
	if waits then
		standing := 'nothing_is_stuck';
		way_on := case when c.state = 'quarantined' then format('berth queue retry, skip or force %s decides', t.target)
			else 'it is tried again every minute' end;
	end if;
end $$;

-- Returns what failed so lately that it is skipped for now.
create or replace function berth.recent_troubles(asked_part text) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return array(select target from berth.trouble where part = asked_part
		and seen > now() - interval '1 minute' and seen < now() + interval '1 minute');
end $$;

-- Quarantines a command whose hook has failed for good: its lease is broken until somebody decides.
create or replace function berth.quarantine(actor text, c berth.command, words text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.command set state = 'quarantined', explanation = words, worker = null, deadline = null,
		consumed_by = actor
	where id = c.id;
	perform berth.lock_resources(array[c.lane]);
	perform berth.set_lease_state(actor, c.lane, c.id, 'break', 'broken');
	perform berth.update_drained(actor, array[c.lane], c.id);
	-- An item has ended for its bulk when nobody but a person can take it further.
	if c.parent is not null then
		perform berth.tally(array[c.id], actor);
	end if;
end $$;

-- Ends a command that cannot be applied. A lease that needs it to go on is broken, as by a hook that failed; a person
-- can release it anew, or force it. A deletion has failed: its project stays closed.
create or replace function berth.give_up(actor text, c berth.command, part text, words text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	sentence text := 'it cannot be applied: ' || words;
begin
	perform berth.note_trouble(part, 'command', c.id, words);
	begin
		if c.action in ('release', 'activate') and exists (select from berth.lease l
			where l.id = c.lane and berth.state_is(l.state, '{acquired, active, released}') and l.rest_until is null)
		then
			perform berth.quarantine(actor, c, sentence);
			return;
		end if;
	exception when others then
		if not berth.is_permanent(sqlstate) then
			raise;
		end if;
	end;
	perform berth.end_command(actor, c.id, case c.action when 'delete' then 'failed' else 'rejected' end, sentence);
	perform berth.tally(array[c.id], actor);
exception when others then
	-- It cannot even be ended. It stays, and so does what is told of it.
	if not berth.is_permanent(sqlstate) then
		raise;
	end if;
	perform berth.note_trouble(part, 'command', c.id, words);
end $$;

-- Applies the commands of one lease, one after the other, and returns how many were consumed.
create or replace function berth.apply_alone(actor text, asked_key uuid) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	keys uuid[] := array[asked_key];
	part bigint;
	total bigint := 0;
begin
	while keys <> '{}' loop
		begin
			select r.keys, r.consumed into keys, part from berth.apply_round(actor, keys) r;
			total := total + part;
		exception when others then
			if not berth.is_permanent(sqlstate) then
				raise;
			end if;
			select * into c from berth.next_in(asked_key);
			perform berth.give_up(actor, c, 'apply', berth.error_text(sqlstate, sqlerrm));
			exit when exists (select from berth.command where id = c.id and berth.state_is(state, '{queued}'));
			total := total + 1;
		end;
	end loop;
	return total;
end $$;

-- Does one part of a worker's work on these ids: leases, pools, commands, or the numbers of events. Returns how much
-- was done; samples, forecasts and the inspection are not counted, since nothing waits for them.
create or replace function berth.run_part(part text, actor text, ids text[], most bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	case part
	when 'apply' then return berth.apply_keys(actor, ids::uuid[]);
	when 'take over' then return berth.take_over(actor, ids::uuid[], most);
	when 'rest' then return berth.end_rests(actor, ids::uuid[]);
	when 'expire' then return berth.expire(actor, ids::uuid[]);
	when 'fill' then return berth.fill(actor, ids::uuid[], most);
	when 'delete' then return berth.finish_deletions(actor, ids::uuid[], most);
	when 'orphan' then return berth.end_orphans(actor, ids::uuid[]);
	when 'forget events' then return berth.forget_events(ids::bigint[]);
	when 'forget commands' then return berth.forget_commands(ids::uuid[]);
	when 'sample' then perform berth.take_samples();
	when 'forecast' then perform berth.make_forecasts(ids::uuid[]);
	when 'forget samples' then perform berth.forget_samples(10 * most);
	when 'inspect' then perform berth.inspect(most);
	when 'begin part' then perform berth.begin_part();
	when 'forget part' then perform berth.drop_part(ids[1]::bigint);
	end case;
	return 0;
end $$;

-- Returns what one part of the maintenance has to do now, oldest first, without what has just failed.
create or replace function berth.pending_work(part text, chunk bigint) returns text[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	case part
	when 'take over' then return array(select id from berth.lost_hooks(chunk) id);
	when 'rest' then return array(select id from berth.rested(chunk) id);
	when 'expire' then return array(select id from berth.overdue(chunk));
	when 'fill' then return array(select id from berth.pools_to_fill() id);
	when 'delete' then return array(select id from berth.deletions_to_finish() id);
	when 'orphan' then return array(select id from berth.orphans(chunk) id);
	when 'forget events' then return array(select seq from berth.old_events(chunk) seq);
	when 'forget commands' then return array(select id from berth.old_commands(chunk) id);
	when 'sample' then return case when berth.samples_due() then '{all}' else '{}' end;
	when 'forecast' then return array(select id from berth.forecasts_due(chunk) id);
	when 'forget samples' then return case when berth.has_old_samples() then '{all}' else '{}' end;
	when 'inspect' then return case when berth.inspection_due() then '{all}' else '{}' end;
	when 'begin part' then return case when berth.part_due() then '{all}' else '{}' end;
	when 'forget part' then return array(select first from berth.old_part() first);
	end case;
end $$;

-- Does a part on one id that fails by itself, or keeps that as a trouble.
create or replace function berth.run_alone(part text, actor text, id text, most bigint, words text) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	case part
	when 'apply' then
		return berth.apply_alone(actor, id::uuid);
	when 'fill' then
		return berth.fill_alone(actor, id::uuid, most);
	when 'forget events' then
		perform berth.note_trouble(part, e.kind, e.target, words) from berth.event e where e.seq = id::bigint;
	when 'forecast' then
		perform berth.note_trouble(part, 'pool', id::uuid, words);
	when 'sample', 'forget samples', 'inspect', 'begin part', 'forget part' then
		perform berth.note_trouble(part, 'part', '00000000-0000-0000-0000-000000000000', words);
	else
		perform berth.note_trouble(part, case when part in ('rest', 'expire') then 'lease' else 'command' end, id::uuid,
			words);
	end case;
	return 0;
end $$;

-- Does a part on all of these ids; in halves where that fails, down to the ids that fail alone.
create or replace function berth.run_bisected(part text, actor text, ids text[], most bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	half int := cardinality(ids) / 2;
	words text;
begin
	if ids = '{}' then
		return 0;
	end if;
	begin
		return berth.run_part(part, actor, ids, most);
	exception when others then
		if not berth.is_permanent(sqlstate) then
			raise;
		end if;
		words := berth.error_text(sqlstate, sqlerrm);
	end;
	if half = 0 then
		return berth.run_alone(part, actor, ids[1], most, words);
	end if;
	return berth.run_bisected(part, actor, ids[1 : half], most) + berth.run_bisected(part, actor, ids[half + 1 :],
		most);
end $$;

-- Does one part of the maintenance. Whatever fails in it, the others go on.
create or replace function berth.maintain_part(part text, actor text, tries bigint, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	delete from berth.trouble t where t.part = maintain_part.part and t.target = '00000000-0000-0000-0000-000000000000';
	return berth.run_bisected(part, actor, berth.pending_work(part, chunk), case part when 'take over' then tries
		else chunk end);
exception when others then
	if not berth.is_permanent(sqlstate) then
		raise;
	end if;
	perform berth.note_trouble(part, 'part', '00000000-0000-0000-0000-000000000000',
		berth.error_text(sqlstate, sqlerrm));
	return 0;
end $$;
