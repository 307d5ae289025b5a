-- Commands on resources, pools and projects.

-- Changes the state of a resource or whether it is cordoned, and adds the event.
create or replace function berth.change_resource(actor text, r berth.resource, asked_action text, asked_command uuid,
	asked_state text, asked_cordoned bool)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.set_usable(r.id, asked_state = 'active' and not asked_cordoned);
	update berth.resource set state = asked_state, cordoned = asked_cordoned, generation = generation + 1
		where id = r.id;
	perform berth.add_event(actor, asked_action, 'resource', r.id, asked_command,
		jsonb_build_object('state', r.state, 'cordoned', r.cordoned, 'generation', r.generation),
		jsonb_build_object('state', asked_state, 'cordoned', asked_cordoned, 'generation', r.generation + 1));
end $$;

-- Returns true if a resource is being drained, but nothing releases the leases that are left on it: its bulk, or an
-- item, was cancelled.
create or replace function berth.drain_stopped(r berth.resource) returns bool
language sql stable return r.state in ('released', 'broken')
	and exists (select from berth.leases_on(r.id, array['acquired', 'active'], null, null) l
		where not exists (select from berth.open_in(l.id) o where o.action = 'release'
			and o.state in ('queued', 'running')))
	and not exists (select from berth.command o where o.fanning and berth.state_is(o.state, '{running}')
		and (o.arguments->'scopes' @> jsonb_build_array(jsonb_build_object('kind', 'resource', 'id', r.id))
			or o.arguments->'scopes' @> jsonb_build_array(jsonb_build_object('kind', 'pool', 'id', r.pool))));

-- Applies a command on a resource that is not a bulk, or not yet.
create or replace function berth.apply_resource(actor text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.resource;
	users jsonb;
begin
	select * into r from berth.resource where id = c.target;
	if c.expect_generation <> r.generation then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('resource', r.id, r.generation,
			c.expect_generation));
	elsif c.action = 'release' and berth.drain_stopped(r) then
		perform berth.begin_bulk(actor, c.id);
	elsif c.action = 'label' and r.state <> 'destroyed' then
		perform berth.apply_label(actor, c, 0, r.state, r.generation);
	elsif c.action in ('release', 'reclaim') and r.state <> 'active' then
		perform berth.end_command(actor, c.id, 'noop', format('resource %s is %s', r.name,
			case when r.state = 'destroyed' then 'destroyed already' else 'being drained already' end));
	elsif r.state <> 'active' then
		perform berth.end_command(actor, c.id, 'rejected', format('resource %s is %s', r.name,
			case when r.state = 'destroyed' then 'destroyed' else 'being drained' end));
	elsif c.action in ('cordon', 'uncordon') then
		if r.cordoned = (c.action = 'cordon') then
			perform berth.end_command(actor, c.id, 'noop', format('resource %s is %sed already', r.name, c.action));
		else
			perform berth.change_resource(actor, r, c.action, c.id, r.state, c.action = 'cordon');
			perform berth.end_command(actor, c.id, 'applied', format('resource %s is %sed', r.name, c.action));
		end if;
	elsif c.action = 'release' then
		perform berth.begin_bulk(actor, c.id);
		perform berth.drain(actor, c, c.arguments->'scopes'->0, 1);
	else
		-- No one can take a value between the check and the end.
		perform berth.set_usable(r.id, false);
		users := berth.in_use_leases(array(select id from berth.leases_on(r.id, null, null, 3)));
		if users <> '[]' then
			perform berth.set_usable(r.id, not r.cordoned);
			perform berth.end_command(actor, c.id, 'rejected',
				format('resource %s has leases: %s', r.name, berth.in_use_text(users, berth.held_in(r.pool, r.id))));
		else
			perform berth.update_drained_resource(actor, r, c.id);
			perform berth.end_command(actor, c.id, 'applied', format('resource %s is destroyed', r.name));
		end if;
	end if;
end $$;

-- Returns the keys other than leases that have due commands, oldest first; a key with several comes as often. They are
-- read in the order of their index, see berth.lock_due().
create or replace function berth.due_others(tried uuid[], most bigint) returns table (lane_kind text, lane uuid)
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select due.lane_kind, due.lane
	from unnest(array['resource', 'pool', 'org', 'project', 'command']) of_kind (name)
	cross join lateral (
		select k.lane_kind, k.lane, k.not_before, k.seq from berth.command k
		where k.lane_kind = of_kind.name and not k.hook and k.state = 'queued' and k.not_before <= now()
			and k.lane <> all (tried)
		order by k.not_before, k.seq limit most) due
	order by due.not_before, due.seq limit most;
end $$;

-- Locks the row of a serialization key if no one has it locked, and returns whether it did.
create or replace function berth.try_key(asked_kind text, asked_key uuid) returns bool
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	case asked_kind
	when 'lease' then perform from berth.lease where id = asked_key for no key update skip locked;
	when 'resource' then perform from berth.resource where id = asked_key for no key update skip locked;
	when 'pool' then perform from berth.pool where id = asked_key for no key update skip locked;
	when 'org' then perform from berth.organization where id = asked_key for no key update skip locked;
	when 'project' then perform from berth.project where id = asked_key for no key update skip locked;
	else perform from berth.command where id = asked_key for no key update skip locked;
	end case;
	return found;
end $$;

-- Applies a command whose key is a resource, a pool, a project, or the command itself. The caller counts it with
-- berth.tally().
create or replace function berth.apply_other(actor text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if c.lane_kind = 'resource' then
		perform berth.apply_resource(actor, c);
	elsif c.lane_kind = 'project' then
		perform berth.apply_project(actor, c);
	elsif c.lane_kind = 'pool' and exists (select from berth.pool where id = c.target and destroyed is not null) then
		perform berth.end_command(actor, c.id, case c.action when 'label' then 'rejected' else 'noop' end,
			'the pool is deleted');
	elsif c.lane_kind = 'pool' and c.action = 'label' then
		perform berth.apply_label(actor, c, 0, null, null);
	else
		perform berth.begin_bulk(actor, c.id);
	end if;
end $$;

-- Applies such commands, one after the other for each key, and returns their number.
create or replace function berth.apply_others(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	due record;
	c berth.command;
	tried uuid[] := '{}';
	passed uuid[];
	applied uuid[] := '{}';
begin
	-- Keys that another worker holds are skipped, with others after them.
	while cardinality(applied) < chunk loop
		passed := tried;
		for due in select * from berth.due_others(tried, chunk - cardinality(applied)) loop
			tried := tried || due.lane;
			continue when not berth.try_key(due.lane_kind, due.lane);
			-- Others may have been consumed before the key was locked.
			select * into c from berth.open_in(due.lane) where state = 'queued' and not_before <= now() order by seq
				limit 1;
			continue when not found;
			perform berth.apply_other(actor, c);
			applied := applied || c.id;
		end loop;
		exit when tried = passed;
	end loop;
	if applied <> '{}' then
		perform berth.tally(applied, actor);
	end if;
	return cardinality(applied);
end $$;

-- Does the same with a subtransaction for each command, for a chunk that has failed. A command that cannot be applied
-- is ended.
create or replace function berth.apply_others_singly(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	due record;
	c berth.command;
	total bigint := 0;
begin
	for due in select * from berth.due_others('{}', chunk) loop
		continue when not berth.try_key(due.lane_kind, due.lane);
		select * into c from berth.open_in(due.lane) where state = 'queued' and not_before <= now() order by seq
			limit 1;
		continue when not found;
		begin
			perform berth.apply_other(actor, c);
			perform berth.tally(array[c.id], actor);
		exception when others then
			if not berth.is_permanent(sqlstate) then
				raise;
			end if;
			perform berth.give_up(actor, c, 'apply', berth.error_text(sqlstate, sqlerrm));
		end;
		total := total + (select berth.state_is(state, '{running, done}')::int from berth.command where id = c.id);
	end loop;
	return total;
end $$;
