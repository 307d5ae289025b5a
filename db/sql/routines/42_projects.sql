-- Organizations and projects, their limits, and the end of a project.

-- A project by its name, "organization/name": the live one, else the one destroyed last.
create or replace function berth.find_project(asked text) returns berth.project language sql stable begin atomic
	select j from berth.project j join berth.organization o on o.id = j.organization
	where o.name = split_part(asked, '/', 1) and j.name = split_part(asked, '/', 2)
	order by j.destroyed desc nulls first limit 1;
end;

create or replace function berth.live_organization(asked text) returns berth.organization
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	o berth.organization;
begin
	select * into o from berth.organization where name = asked;
	if not found then
		perform berth.refuse('not_found', format('organization %s does not exist', asked), jsonb_build_object('organization', asked),
			'berth org list shows those that do');
	end if;
	return o;
end $$;

create or replace function berth.live_project(asked text) returns berth.project
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project := berth.find_project(asked);
begin
	if j.id is null or j.state = 'destroyed' then
		perform berth.live_organization(split_part(asked, '/', 1));
		perform berth.refuse('not_found', format('project %s does not exist', asked), jsonb_build_object('project', asked),
			'berth project list shows those that do');
	end if;
	return j;
end $$;

create or replace function berth.refuse_deleting(j berth.project) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if j.state <> 'active' then
		perform berth.refuse('precondition_failed', format('project %s is %s', berth.project_text(j.id),
				case j.state when 'deleting' then 'being deleted' else 'deleted' end),
			jsonb_build_object('project', berth.project_text(j.id), 'state', j.state));
	end if;
end $$;

-- Nobody closes a project while something is made in it.
create or replace function berth.hold_project(asked uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	if asked is not null then
		select * into j from berth.project where id = asked for key share;
		perform berth.refuse_deleting(j);
	end if;
end $$;

-- The project that a new lease is for. Of a pool that belongs to one it is that one.
create or replace function berth.project_for(asked_project text, owner uuid, asked_pool text) returns uuid
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	if asked_project is not null then
		j := berth.live_project(asked_project);
		perform berth.refuse_deleting(j);
	end if;
	if owner is not null and owner is distinct from j.id then
		perform berth.refuse('conflict', format('pool %s belongs to project %s: it gives to no other', asked_pool, berth.project_text(owner)),
			jsonb_build_object('pool', asked_pool, 'project', berth.project_text(owner), 'asked', asked_project),
			format('say --project %s', berth.project_text(owner)));
	end if;
	return j.id;
end $$;

-- Refuses n new leases, which are there until the transaction is undone. What is told is what the project has without
-- them and without those of earlier lines of the same batch: what somebody finds who looks at it afterwards.
create or replace function berth.refuse_quota(j berth.project, n bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	earlier bigint := (select count(*) from berth.lease l
		where l.project = j.id and l.born = pg_current_xact_id_if_assigned()) - n;
begin
	perform berth.refuse('quota_exceeded', format('project %s has %s of %s leases',
				berth.project_text(j.id), j.leases - earlier, j.max_leases)
			|| berth.more_words(n, earlier),
		jsonb_build_object('project', berth.project_text(j.id), 'limit', j.max_leases, 'used', j.leases - earlier, 'asked', n,
			'earlier', earlier),
		format('release some, or raise it: berth project limit %s --max-leases N', berth.project_text(j.id)));
end $$;

-- What was asked for beyond a limit, where it is more than one thing.
create or replace function berth.more_words(n bigint, earlier bigint) returns text language sql immutable return
	case when n + earlier = 1 then '' else format(', %s more were asked for', n + earlier) end
		|| berth.earlier_words(earlier);

-- Counts new leases against the limit of their project, and holds the project as it is until the end of the
-- transaction: nobody closes it, or sets its first limit, beside them. It is the last lock that allocation takes.
create or replace function berth.charge(asked_project uuid, n bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	loop
		update berth.project set leases = leases + n
		where id = asked_project and state = 'active' and leases + n <= max_leases;
		if found then
			return;
		end if;
		select * into j from berth.project where id = asked_project for key share;
		perform berth.refuse_deleting(j);
		if j.max_leases is null then
			return;
		elsif j.leases + n > j.max_leases then
			perform berth.refuse_quota(j, n);
		end if;
	end loop;
end $$;

-- Before leases end: the projects that are to be credited, in one order.
create or replace function berth.lock_projects(leases uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	projects uuid[] := array(select distinct l.project from unnest(leases) e (id) join berth.lease l using (id) where l.project is not null);
begin
	if projects <> '{}' then
		perform from berth.project where id = any (projects) order by id for key share;
		perform from berth.project where id = any (projects) and max_leases is not null order by id for no key update;
	end if;
end $$;

create or replace function berth.org_create(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.org_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.org_view;
	again bool;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_name('organization', asked_name), asked_max, asked_detail));
	again := berth.replayed(asked_id, 'org create', asked_name, berth.digest(jsonb_build_array(asked_max))) is not null;
	if not again then
		insert into berth.organization (id, name, max_projects) values (asked_id, asked_name, asked_max);
		perform berth.record('create', 'org', asked_id, null, jsonb_build_object('name', asked_name, 'max_projects', asked_max, 'generation', 1),
			asked_detail);
		perform berth.remember(asked_id, '{}');
	end if;
	select * into v from berth.org_view where id = asked_id;
	v.replayed := again;
	return next v;
end $$;

create or replace function berth.org_limit(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.org_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.org_view;
	o berth.organization;
	again bool;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_name('organization', asked_name), asked_max, asked_detail));
	again := berth.replayed(asked_id, 'org limit', asked_name, berth.digest(jsonb_build_array(asked_max))) is not null;
	o := berth.live_organization(asked_name);
	if not again then
		select * into o from berth.organization where id = o.id for no key update;
		if o.max_projects is distinct from asked_max then
			update berth.organization set max_projects = asked_max, generation = generation + 1 where id = o.id;
			perform berth.record('set', 'org', o.id, jsonb_build_object('max_projects', o.max_projects, 'generation', o.generation),
				jsonb_build_object('max_projects', asked_max, 'generation', o.generation + 1), asked_detail);
		end if;
		perform berth.remember(asked_id, '{}');
	end if;
	select * into v from berth.org_view where id = o.id;
	v.replayed := again;
	return next v;
end $$;

-- The first step of a request that makes a project with all its parts, which `asked_content` tells whole. Made
-- before: its other steps do nothing, see berth.part_of().
create or replace function berth.project_create(asked_id uuid, asked_name text, asked_max bigint, asked_content jsonb, asked_detail jsonb)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	o berth.organization;
begin
	perform berth.accept(coalesce(
		berth.check_limit(asked_id, berth.check_project('project', asked_name), asked_max, asked_detail),
		berth.check_that('content', jsonb_typeof(asked_content) = 'object', 'an object is needed')));
	if berth.replayed(asked_id, 'project create', 'project/' || asked_name, berth.digest(asked_content)) is not null then
		if exists (select from berth.project where id = asked_id and state = 'destroyed') then
			perform berth.refuse('id_conflict', format('project %s with id %s was deleted; its id is spent', asked_name, asked_id),
				jsonb_build_object('existing', jsonb_build_object('id', asked_id, 'state', 'destroyed'),
					'asked', jsonb_build_object('id', asked_id, 'name', asked_name)));
		end if;
		return;
	end if;
	o := berth.live_organization(split_part(asked_name, '/', 1));
	insert into berth.project (id, organization, name, max_leases) values (asked_id, o.id, split_part(asked_name, '/', 2), asked_max);
	perform berth.record('create', 'project', asked_id, null,
		jsonb_build_object('name', asked_name, 'state', 'active', 'max_leases', asked_max, 'generation', 1), asked_detail);
	perform berth.remember(asked_id, '{}');
end $$;

-- The id of a part of a project, if the project is being made in this very transaction; nothing when it was made before.
create or replace function berth.part_of(asked_project uuid, asked_part uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select asked_part from berth.project where id = asked_project and born = pg_current_xact_id_if_assigned();
end;

-- Counts a new project against the limit of its organization, once.
create or replace function berth.charge_organization(asked_project uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	o berth.organization;
	earlier bigint;
begin
	perform berth.accept(berth.check_id('project', asked_project));
	update berth.project set counted = true where id = asked_project and not counted;
	if not found then
		return;
	end if;
	update berth.organization set projects = projects + 1
	where id = (select organization from berth.project where id = asked_project) and coalesce(projects < max_projects, true);
	if not found then
		select * into o from berth.organization where id = (select organization from berth.project where id = asked_project);
		select count(*) into earlier from berth.project
		where organization = o.id and counted and id <> asked_project and born = pg_current_xact_id_if_assigned();
		perform berth.refuse('limit_exceeded', format('organization %s has %s of %s projects',
					o.name, o.projects - earlier, o.max_projects)
				|| berth.more_words(1, earlier),
			jsonb_build_object('organization', o.name, 'limit', o.max_projects, 'used', o.projects - earlier, 'asked', 1,
				'earlier', earlier),
			format('delete one, or raise it: berth org limit %s --max-projects N', o.name));
	end if;
end $$;

-- The program counts a project in a step of its own, whose name is in the error. Who makes one without that step has it
-- counted at the end of the transaction.
create or replace function berth.count_project() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.charge_organization(new.id);
	return null;
end $$;

create constraint trigger project_is_counted after insert on berth.project deferrable initially deferred
for each row execute function berth.count_project();

-- The first limit of a project begins to count. Nobody allocates or releases beside that, so that the count is exact.
create or replace function berth.project_limit(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.project_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.project_view;
	j berth.project;
	answer jsonb;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_project('project', asked_name), asked_max, asked_detail));
	answer := berth.replayed(asked_id, 'project limit', 'project/' || asked_name, berth.digest(jsonb_build_array(asked_max)));
	-- The same request again is about the project that it was about, as it is now, or as it was when that is gone.
	if answer is not null then
		select * into v from berth.project_view where id = (answer->>'id')::uuid;
		v := jsonb_populate_record(v, case when found then '{}' else answer end || '{"replayed": true}');
		return next v;
		return;
	end if;
	j := berth.live_project(asked_name);
	select * into j from berth.project where id = j.id for update;
	perform berth.refuse_deleting(j);
	if j.max_leases is distinct from asked_max then
		update berth.project
		set max_leases = asked_max, generation = generation + 1, leases = case when asked_max is null then 0 when j.max_leases is null
			then (select count(*) from berth.lease l where l.project = j.id and l.state <> 'destroyed') else leases end
		where id = j.id;
		perform berth.record('set', 'project', j.id, jsonb_build_object('max_leases', j.max_leases, 'state', j.state, 'generation', j.generation),
			jsonb_build_object('max_leases', asked_max, 'state', j.state, 'generation', j.generation + 1), asked_detail);
	end if;
	select * into v from berth.project_view where id = j.id;
	perform berth.remember(asked_id, to_jsonb(v));
	return next v;
end $$;

-- Closes a project, so that nothing new comes into it, and adds the command that takes away what it has. One that
-- names another generation is queued as it is, and rejected when it is applied.
create or replace function berth.project_delete(asked_id uuid, asked_name text, asked_reason text, asked_grace bigint,
	asked_generation bigint, asked_detail jsonb)
returns setof berth.command_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	perform berth.accept(coalesce(
		berth.check_request(asked_id, asked_reason, asked_grace, asked_generation, asked_detail),
		berth.check_project('project', asked_name)));
	-- The same request again is about the project that it was about, also when another one has its name by now.
	select p.* into j from berth.command c join berth.project p on p.id = c.target
	where c.id = asked_id and c.action = 'delete' and berth.project_text(p.id) = asked_name;
	if not found then
		j := berth.find_project(asked_name);
		if j.id is null then
			j := berth.live_project(asked_name);
		end if;
		select * into j from berth.project where id = j.id for no key update;
	end if;
	if j.state = 'active' and coalesce(asked_generation = j.generation, true) and not exists (select from berth.command where id = asked_id)
		and berth.owner_of(asked_id) is null
	then
		update berth.project set state = 'deleting', generation = generation + 1 where id = j.id;
		perform berth.record('delete', 'project', j.id, jsonb_build_object('state', 'active', 'generation', j.generation),
			jsonb_build_object('state', 'deleting', 'generation', j.generation + 1), asked_detail);
	end if;
	return query select * from berth.enqueue(asked_id, 'delete', jsonb_build_array(jsonb_build_object('kind', 'project', 'id', j.id)), asked_reason,
		asked_grace, asked_generation, null, null, null, asked_detail);
end $$;

-- A deletion that was cancelled: what is left lives on, but for another one that is to come. One that has seen
-- another generation is none: it will be rejected.
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
		perform berth.record('set', 'project', j.id, jsonb_build_object('state', 'deleting', 'generation', j.generation),
			jsonb_build_object('state', 'active', 'generation', j.generation + 1), null);
	end if;
end $$;

-- A command on a project whose turn it is.
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
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation, c.expect_generation));
	elsif c.action = 'release' then
		perform berth.begin_bulk(actor, c.id);
	-- It has seen the project open, before one that closed it, or closed.
	elsif c.expect_generation not between j.generation - 1 and j.generation then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation, c.expect_generation));
	elsif other is not null then
		perform berth.end_command(actor, c.id, 'noop', format('command %s deletes it already', other));
	elsif j.state = 'active' then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('project', j.id, j.generation, coalesce(c.expect_generation, 0)));
	else
		update berth.command set arguments = arguments || jsonb_build_object('scopes', berth.deletion_scopes(j.id)) where id = c.id;
		perform berth.begin_bulk(actor, c.id);
	end if;
end $$;

-- The deletions whose leases have all been released.
create or replace function berth.to_delete() returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command
	where state = 'running' and action = 'delete' and not fanning and done >= total
		and id <> all ((select berth.troubled('delete'))::uuid[])
	order by seq;
end $$;

-- They come to their end, when nothing of them rests any more.
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

-- Whether a deletion has leases to release that it knows nothing of: taken while the project was being closed, or broken
-- since by a release of their own. The first sort is looked for until there was none once: whoever took one held the
-- project's row until the end of the transaction, and the caller has its lock. Those that only rest may be a million.
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

create or replace function berth.finish_deletion(actor text, asked_command uuid, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	j berth.project;
	pools uuid[];
begin
	-- Whoever is still allocating there, or giving back, is not waited for.
	select p.* into j from berth.project p where p.id = (select target from berth.command where id = asked_command) for update skip locked;
	select * into c from berth.command
	where id = asked_command and berth.state_is(state, '{running}') and not fanning and done >= command.total
	for no key update;
	if j.id is null or c.id is null then
		return 0;
	end if;
	pools := array(select id from berth.pool where project = j.id and destroyed is null order by name limit chunk);
	if c.stopped is not null then
		update berth.command set state = 'done', outcome = 'failed', consumed_at = now(), consumed_by = actor,
			explanation = berth.bulk_words(c.done, c.total, berth.count_words(c.applied, c.noop, c.rejected, c.failed, c.cancelled),
				c.stopped) || ': the project is closed, and not gone'
		where id = c.id;
		return 1;
	end if;
	if berth.deletion_missed(c) or exists (select from berth.resource r where r.pool = any (pools) and r.state = 'active') then
		update berth.command set fanning = true, scope = 0, mark = null, watermark = (select last_value from berth.event_seq),
			arguments = arguments || jsonb_build_object('scopes', berth.deletion_scopes(j.id))
		where id = c.id;
		return 1;
	-- What was not released by its item may have been released by somebody else since.
	elsif c.failed + c.rejected + c.cancelled > 0 and exists (select from berth.lease l
		where l.project = j.id and l.state <> 'destroyed' and l.state in ('pending', 'acquired', 'active', 'broken'))
	then
		update berth.command set state = 'done', outcome = 'failed', consumed_at = greatest(clock_timestamp(), created), consumed_by = actor,
			explanation = format('%s of %s leases could not be released: %s; the project is closed, and not gone',
				failed + rejected + cancelled, command.total, berth.count_words(applied, noop, rejected, failed, cancelled))
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

create or replace function berth.destroy_pools(actor text, pools uuid[], asked_command uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	p berth.pool;
begin
	for p in select * from berth.pool where id = any (pools) order by name for no key update loop
		update berth.pool set destroyed = clock_timestamp() where id = p.id;
		delete from berth.label where target = p.id;
		delete from berth.annotation where target = p.id;
		perform berth.close_lane(p.id, format('pool %s is deleted', p.name));
		perform berth.tell(actor, 'remove', 'pool', p.id, asked_command, jsonb_build_object('name', p.name), null);
	end loop;
end $$;

create or replace function berth.destroy_project(actor text, j berth.project, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.project set state = 'destroyed', destroyed = clock_timestamp(), generation = generation + 1 where id = j.id;
	update berth.organization set projects = projects - 1 where id = j.organization and j.counted;
	delete from berth.label where target = j.id;
	delete from berth.annotation where target = j.id;
	perform berth.close_lane(j.id, format('project %s is deleted', j.name));
	perform berth.tell(actor, 'destroy', 'project', j.id, c.id, jsonb_build_object('state', j.state, 'generation', j.generation),
		jsonb_build_object('state', 'destroyed', 'generation', j.generation + 1));
	perform berth.end_command(actor, c.id, 'applied', format('project %s is gone, and the %s leases that it had', berth.project_text(j.id), c.total));
end $$;
