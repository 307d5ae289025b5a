-- The deletion of a project: it is closed, its leases are released, and then it is destroyed with its pools.

-- Closes a project, so that nothing new can be created in it, and returns the command that deletes its contents. A
-- request for another generation is queued, and rejected when it is applied. Locks the project. Raises conflict if the
-- name stands for another project than the sender has seen.
create or replace function berth.project_delete(asked_id uuid, asked_name text, asked_reason text, asked_grace bigint,
	asked_generation bigint, asked_detail jsonb, asked_seen uuid default null)
returns setof berth.command_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	perform berth.accept(coalesce(
		berth.check_request(asked_id, asked_reason, asked_grace, asked_generation, asked_detail),
		berth.check_project('project', asked_name)));
	-- A repeated request is answered for its own project, also when another one has its name by now.
	select p.* into j from berth.command c join berth.project p on p.id = c.target
	where c.id = asked_id and c.action = 'delete' and berth.project_text(p.id) = asked_name;
	if not found then
		j := berth.find_project(asked_name);
		if j.id is null then
			j := berth.live_project(asked_name);
		end if;
		perform berth.refuse_unseen(
			jsonb_build_object('kind', 'project', 'name', asked_name, 'seen', asked_seen), j.id);
		select * into j from berth.project where id = j.id for no key update;
	end if;
	if j.state = 'active' and coalesce(asked_generation = j.generation, true) and not exists (select from berth.command
		where id = asked_id)
		and berth.id_owner(asked_id, 'command') is null
	then
		update berth.project set state = 'deleting', generation = generation + 1 where id = j.id;
		perform berth.add_event(session_user, 'delete', 'project', j.id, null, jsonb_build_object('state', 'active',
			'generation', j.generation),
			jsonb_build_object('state', 'deleting', 'generation', j.generation + 1), asked_detail);
	end if;
	return query select * from berth.enqueue(asked_id, 'delete',
		jsonb_build_array(jsonb_build_object('kind', 'project', 'id', j.id)), asked_reason,
		asked_grace, asked_generation, null, null, null, asked_detail);
end $$;

-- Opens a project whose deletion was cancelled, unless another deletion is to come. A deletion that has seen another
-- generation does not count: it will be rejected.
create or replace function berth.reopen_project(asked_project uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	select * into j from berth.project where id = asked_project for no key update;
	if j.state = 'deleting' and not exists (
		select from berth.open_in(j.id) where action = 'delete' and state in ('queued', 'running')
			and coalesce(expect_generation between j.generation - 1 and j.generation, true))
	then
		update berth.project set state = 'active', generation = generation + 1 where id = j.id;
		perform berth.add_event(session_user, 'set', 'project', j.id, null, jsonb_build_object('state', 'deleting',
			'generation', j.generation),
			jsonb_build_object('state', 'active', 'generation', j.generation + 1), null);
	end if;
end $$;

-- Applies the next command on a project.
create or replace function berth.apply_project(actor text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
	other uuid;
begin
	select * into j from berth.project where id = c.target;
	select id into other from berth.open_in(j.id) where action = 'delete' and state = 'running' limit 1;
	if j.state = 'destroyed' then
		perform berth.end_command(actor, c.id, 'noop', 'the project is deleted already');
	elsif c.action = 'release' and c.expect_generation <> j.generation then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation,
			c.expect_generation));
	elsif c.action = 'release' then
		perform berth.begin_bulk(actor, c.id);
	-- It has seen the project open, before one that closed it, or closed.
	elsif c.expect_generation not between j.generation - 1 and j.generation then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation,
			c.expect_generation));
	elsif other is not null then
		perform berth.end_command(actor, c.id, 'noop', format('command %s deletes it already', other));
	elsif j.state = 'active' then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation,
			coalesce(c.expect_generation, 0)));
	else
		update berth.command set arguments = arguments || jsonb_build_object('scopes', berth.deletion_scopes(j.id))
			where id = c.id;
		perform berth.begin_bulk(actor, c.id);
	end if;
end $$;

-- Returns the deletions whose leases have all been released.
create or replace function berth.deletions_to_finish() returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command
	where state = 'running' and action = 'delete' and not fanning and done >= total
		and id <> all ((select berth.recent_troubles('delete'))::uuid[])
	order by seq;
end $$;

-- Finishes deletions, when nothing of them rests any more, and returns how much was done.
create or replace function berth.finish_deletions(actor text, deletions uuid[], chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	one uuid;
	total bigint := 0;
begin
	foreach one in array deletions loop
		total := total + berth.finish_deletion(actor, one, chunk);
	end loop;
	return total;
end $$;

-- Returns true if a deletion has leases to release that it does not know of: taken while the project was being closed,
-- or broken since by a release of their own. The first kind is searched for until none is found: a transaction that
-- took one held the project's row to its end, and the caller has its lock. There can be a million leases that only
-- rest.
create or replace function berth.deletion_missed(c berth.command) returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if c.watermark is not null and exists (select from berth.lease l
		where l.project = c.target and l.state <> 'destroyed' and l.state in ('pending', 'acquired', 'active', 'broken')
			and not exists (select from berth.command k where k.parent = c.id and k.target = l.id))
	then
		return true;
	end if;
	return exists (select from berth.command q join berth.lease l on l.id = q.lane
		where q.state = 'quarantined' and l.project = c.target and l.state = 'broken'
			and not exists (select from berth.command k where k.parent = c.id and k.target = l.id));
end $$;

-- Does one step towards the end of a deletion, and returns 1 if something was done. Locks the project, but waits for no
-- one.
create or replace function berth.finish_deletion(actor text, asked_command uuid, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	j berth.project;
	pools uuid[];
begin
	-- Transactions that still allocate or release there are not waited for.
	select p.* into j from berth.project p where p.id = (select target from berth.command
		where id = asked_command) for update skip locked;
	select * into c from berth.command
	where id = asked_command and berth.state_is(state, '{running}') and not fanning and done >= command.total
	for no key update;
	if j.id is null or c.id is null then
		return 0;
	end if;
	pools := array(select id from berth.pool where project = j.id and destroyed is null order by name limit chunk);
	if c.stopped is not null then
		update berth.command set state = 'done', outcome = 'failed', consumed_at = now(), consumed_by = actor,
			explanation = berth.bulk_text(c.done, c.total, berth.outcome_counts(c.applied, c.noop, c.rejected, c.failed,
				c.cancelled),
				c.stopped) || ': the project is closed, and not gone'
		where id = c.id;
		return 1;
	end if;
	if berth.deletion_missed(c) or exists (select from berth.resource r where r.pool = any (pools)
		and r.state = 'active') then
		update berth.command set fanning = true, scope = 0, mark = null, watermark = (select last_value
			from berth.event_seq),
			arguments = arguments || jsonb_build_object('scopes', berth.deletion_scopes(j.id))
		where id = c.id;
		return 1;
	-- A lease that its item did not release may have been released by another command since.
	elsif c.failed + c.rejected + c.cancelled > 0 and exists (select from berth.lease l
		where l.project = j.id and l.state <> 'destroyed' and l.state in ('pending', 'acquired', 'active', 'broken'))
	then
		update berth.command set state = 'done', outcome = 'failed', consumed_at = greatest(clock_timestamp(), created),
			consumed_by = actor,
			explanation = format('%s of %s leases could not be released: %s; the project is closed, and not gone',
				failed + rejected + cancelled, command.total, berth.outcome_counts(applied, noop, rejected, failed,
					cancelled))
		where id = c.id;
		return 1;
	elsif exists (select from berth.lease l where l.project = j.id and l.state <> 'destroyed')
		or exists (select from berth.resource r where r.pool = any (pools) and r.state <> 'destroyed')
	then
		update berth.command set watermark = null where id = c.id and watermark is not null;
		return found::int;
	end if;
	perform berth.destroy_pools(actor, pools, c.id);
	if cardinality(pools) < chunk then
		perform berth.destroy_project(actor, j, c);
	end if;
	return 1;
end $$;

-- Destroys the pools of a project that is deleted.
create or replace function berth.destroy_pools(actor text, pools uuid[], asked_command uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	for p in select * from berth.pool where id = any (pools) order by name for no key update loop
		update berth.pool set destroyed = clock_timestamp() where id = p.id;
		delete from berth.label where target = p.id;
		delete from berth.annotation where target = p.id;
		perform berth.close_commands(session_user, p.id, format('pool %s is deleted', p.name));
		perform berth.add_event(actor, 'remove', 'pool', p.id, asked_command, jsonb_build_object('name', p.name), null);
	end loop;
end $$;

-- Destroys a project, and ends the command that deletes it.
create or replace function berth.destroy_project(actor text, j berth.project, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.project set state = 'destroyed', destroyed = clock_timestamp(), generation = generation + 1
		where id = j.id;
	update berth.organization set projects = projects - 1 where id = j.organization and j.counted;
	delete from berth.label where target = j.id;
	delete from berth.annotation where target = j.id;
	perform berth.close_commands(session_user, j.id, format('project %s is deleted', j.name));
	perform berth.add_event(actor, 'destroy', 'project', j.id, c.id, jsonb_build_object('state', j.state, 'generation',
		j.generation),
		jsonb_build_object('state', 'destroyed', 'generation', j.generation + 1));
	perform berth.end_command(actor, c.id, 'applied', format('project %s is gone, and the %s leases that it had',
		berth.project_text(j.id), c.total));
end $$;
