-- Organizations and projects, and their limits.

-- Returns a project by its name, "organization/name": the live one, else the one destroyed last.
create or replace function berth.find_project(asked text) returns berth.project language sql stable begin atomic
	select j from berth.project j join berth.organization o on o.id = j.organization
	where o.name = split_part(asked, '/', 1) and j.name = split_part(asked, '/', 2)
	order by j.destroyed desc nulls first limit 1;
end;

-- Returns the organization of that name. Raises not_found.
create or replace function berth.live_organization(asked text) returns berth.organization
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	o berth.organization;
begin
	select * into o from berth.organization where name = asked;
	if not found then
		perform berth.refuse('not_found', format('organization %s does not exist', asked),
			jsonb_build_object('organization', asked),
			'berth org list shows those that do');
	end if;
	return o;
end $$;

-- Returns the live project of that name. Raises not_found.
create or replace function berth.live_project(asked text) returns berth.project
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project := berth.find_project(asked);
begin
	if j.id is null or j.state = 'destroyed' then
		perform berth.live_organization(split_part(asked, '/', 1));
		perform berth.refuse('not_found', format('project %s does not exist', asked), jsonb_build_object('project',
			asked),
			'berth project list shows those that do');
	end if;
	return j;
end $$;

-- Raises precondition_failed for a project that is being deleted, or is deleted.
create or replace function berth.refuse_deleting(j berth.project) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if j.state <> 'active' then
		perform berth.refuse('precondition_failed', format('project %s is %s', berth.project_text(j.id),
				case j.state when 'deleting' then 'being deleted' else 'deleted' end),
			jsonb_build_object('project', berth.project_text(j.id), 'state', j.state));
	end if;
end $$;

-- Locks a project, so that no one can close it while something is created in it. Raises precondition_failed. Null locks
-- nothing.
create or replace function berth.lock_open_project(asked uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	j berth.project;
begin
	if asked is not null then
		select * into j from berth.project where id = asked for key share;
		perform berth.refuse_deleting(j);
	end if;
end $$;

-- Returns the project that a new lease is charged to, or null. A pool that belongs to a project gives to that one only.
-- Raises not_found, precondition_failed, conflict.
create or replace function berth.allocation_project(asked_project text, owner uuid, asked_pool text) returns uuid
language plpgsql set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan as $$
declare
	j berth.project;
	charged uuid;
begin
	-- One look, for nearly all; the rest of it finds out what is wrong.
	select p.id into charged from berth.organization o join berth.project p on p.organization = o.id
	where o.name = split_part(asked_project, '/', 1) and p.name = split_part(asked_project, '/', 2)
		and p.state = 'active' and coalesce(p.id = owner, true);
	if found then
		return charged;
	end if;
	if asked_project is not null then
		j := berth.live_project(asked_project);
		perform berth.refuse_deleting(j);
	end if;
	if owner is not null and owner is distinct from j.id then
		perform berth.refuse('conflict', format('pool %s belongs to project %s: it gives to no other', asked_pool,
			berth.project_text(owner)),
			jsonb_build_object('pool', asked_pool, 'project', berth.project_text(owner), 'asked', asked_project),
			format('say --project %s', berth.project_text(owner)));
	end if;
	return j.id;
end $$;

-- Raises quota_exceeded for n new leases, which exist until the transaction is rolled back. The numbers exclude them
-- and those of earlier lines of the same batch, so they match what anyone sees afterwards.
create or replace function berth.refuse_quota(j berth.project, n bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	earlier bigint := (select count(*) from berth.lease l
		where l.project = j.id and l.born = pg_current_xact_id_if_assigned()) - n;
begin
	perform berth.refuse('quota_exceeded', format('project %s has %s of %s leases',
				berth.project_text(j.id), j.leases - earlier, j.max_leases)
			|| berth.more_text(n, earlier),
		jsonb_build_object('project', berth.project_text(j.id), 'limit', j.max_leases, 'used', j.leases - earlier,
			'asked', n,
			'earlier', earlier),
		format('release some, or raise it: berth project limit %s --max-leases N', berth.project_text(j.id)));
end $$;

-- Returns how many more than a limit allows were asked for, if it is more than one.
create or replace function berth.more_text(n bigint, earlier bigint) returns text language sql immutable return
	case when n + earlier = 1 then '' else format(', %s more were asked for', n + earlier) end
		|| berth.earlier_text(earlier);

-- Charges new leases to their project, and locks the project until the end of the transaction, so that no one closes it
-- or sets its first limit meanwhile. It is the last lock that allocation takes. Raises quota_exceeded,
-- precondition_failed.
create or replace function berth.charge(asked_project uuid, n bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan as $$
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

-- Locks projects that leases are charged to, in one order.
create or replace function berth.lock_projects(projects uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if projects <> '{}' then
		perform from berth.project where id = any (projects) order by id for key share;
		perform from berth.project where id = any (projects) and max_leases is not null order by id for no key update;
	end if;
end $$;

-- Creates an organization, and returns it. Raises already_exists, id_conflict.
create or replace function berth.org_create(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.org_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.org_view;
	again bool;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_name('organization', asked_name), asked_max,
		asked_detail));
	again := berth.replayed(asked_id, 'org create', asked_name, berth.digest(jsonb_build_array(asked_max))) is not null;
	if not again then
		insert into berth.organization (id, name, max_projects) values (asked_id, asked_name, asked_max);
		perform berth.add_event(session_user, 'create', 'org', asked_id, null, null,
			jsonb_build_object('name', asked_name, 'max_projects', asked_max, 'generation', 1),
			asked_detail);
		perform berth.remember(asked_id, '{}');
	end if;
	select * into v from berth.org_view where id = asked_id;
	v.replayed := again;
	return next v;
end $$;

-- Sets the limit of an organization, and returns it. Locks the organization. Raises not_found, id_conflict.
create or replace function berth.org_limit(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.org_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.org_view;
	o berth.organization;
	again bool;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_name('organization', asked_name), asked_max,
		asked_detail));
	again := berth.replayed(asked_id, 'org limit', asked_name, berth.digest(jsonb_build_array(asked_max))) is not null;
	o := berth.live_organization(asked_name);
	if not again then
		select * into o from berth.organization where id = o.id for no key update;
		if o.max_projects is distinct from asked_max then
			update berth.organization set max_projects = asked_max, generation = generation + 1 where id = o.id;
			perform berth.add_event(session_user, 'set', 'org', o.id, null, jsonb_build_object('max_projects',
				o.max_projects, 'generation', o.generation),
				jsonb_build_object('max_projects', asked_max, 'generation', o.generation + 1), asked_detail);
		end if;
		perform berth.remember(asked_id, '{}');
	end if;
	select * into v from berth.org_view where id = o.id;
	v.replayed := again;
	return next v;
end $$;

-- Creates a project: the first step of a request that makes it with all its parts, which `asked_content` describes. If
-- it was made before, the other steps do nothing, see berth.part_of(). Raises already_exists, id_conflict, not_found.
create or replace function berth.project_create(asked_id uuid, asked_name text, asked_max bigint, asked_content jsonb,
	asked_detail jsonb)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	o berth.organization;
begin
	perform berth.accept(coalesce(
		berth.check_limit(asked_id, berth.check_project('project', asked_name), asked_max, asked_detail),
		berth.check_that('content', jsonb_typeof(asked_content) = 'object', 'an object is needed')));
	if berth.replayed(asked_id, 'project create', 'project/' || asked_name, berth.digest(asked_content)) is not null
		then
		if exists (select from berth.project where id = asked_id and state = 'destroyed') then
			perform berth.refuse('id_conflict', format('project %s with id %s was deleted; its id is spent', asked_name,
				asked_id),
				jsonb_build_object('existing', jsonb_build_object('id', asked_id, 'state', 'destroyed'),
					'asked', jsonb_build_object('id', asked_id, 'name', asked_name)));
		end if;
		return;
	end if;
	o := berth.live_organization(split_part(asked_name, '/', 1));
	insert into berth.project (id, organization, name, max_leases) values (asked_id, o.id,
		split_part(asked_name, '/', 2), asked_max);
	perform berth.add_event(session_user, 'create', 'project', asked_id, null, null,
		jsonb_build_object('name', asked_name, 'state', 'active', 'max_leases', asked_max, 'generation', 1),
			asked_detail);
	perform berth.remember(asked_id, '{}');
end $$;

-- Returns the id of a part of a project if the project is being made in this very transaction; no row when it was made
-- before.
create or replace function berth.part_of(asked_project uuid, asked_part uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select asked_part from berth.project where id = asked_project and born = pg_current_xact_id_if_assigned();
end;

-- Counts a new project against the limit of its organization, once. Raises limit_exceeded.
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
	where id = (select organization from berth.project where id = asked_project) and coalesce(projects < max_projects,
		true);
	if not found then
		select * into o from berth.organization where id = (select organization from berth.project
			where id = asked_project);
		select count(*) into earlier from berth.project
		where organization = o.id and counted and id <> asked_project and born = pg_current_xact_id_if_assigned();
		perform berth.refuse('limit_exceeded', format('organization %s has %s of %s projects',
					o.name, o.projects - earlier, o.max_projects)
				|| berth.more_text(1, earlier),
			jsonb_build_object('organization', o.name, 'limit', o.max_projects, 'used', o.projects - earlier, 'asked',
				1,
				'earlier', earlier),
			format('delete one, or raise it: berth org limit %s --max-projects N', o.name));
	end if;
end $$;

-- Counts a new project at the end of the transaction, if no step has. The program counts it in a step of its own, whose
-- name is in the error.
create or replace function berth.count_project() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.charge_organization(new.id);
	return null;
end $$;

create constraint trigger project_is_counted after insert on berth.project deferrable initially deferred
for each row execute function berth.count_project();

-- Sets the limit of a project, and returns it. The first limit begins to count: the lock keeps allocations and releases
-- away, so that the count is exact. Raises not_found, precondition_failed, id_conflict.
create or replace function berth.project_limit(asked_id uuid, asked_name text, asked_max bigint, asked_detail jsonb)
returns setof berth.project_view language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	v berth.project_view;
	j berth.project;
	answer jsonb;
begin
	perform berth.accept(berth.check_limit(asked_id, berth.check_project('project', asked_name), asked_max,
		asked_detail));
	answer := berth.replayed(asked_id, 'project limit', 'project/' || asked_name,
		berth.digest(jsonb_build_array(asked_max)));
	-- A repeated request is answered for its own project, as it is now, or as it was if it is gone.
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
		set max_leases = asked_max, generation = generation + 1, leases = case when asked_max is null then 0
			when j.max_leases is null
			then (select count(*) from berth.lease l where l.project = j.id and l.state <> 'destroyed') else leases end
		where id = j.id;
		perform berth.add_event(session_user, 'set', 'project', j.id, null, jsonb_build_object('max_leases',
			j.max_leases, 'state', j.state, 'generation', j.generation),
			jsonb_build_object('max_leases', asked_max, 'state', j.state, 'generation', j.generation + 1),
				asked_detail);
	end if;
	select * into v from berth.project_view where id = j.id;
	perform berth.remember(asked_id, to_jsonb(v));
	return next v;
end $$;
