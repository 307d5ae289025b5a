-- Commands on resources and pools, and what becomes of many leases at once.

-- Sets what can be allocated of a resource. Who is just allocating from a stripe,
-- or giving a value back to it, is waited for, also where nothing is to be set;
-- one that was split off meanwhile is found the next time.
create or replace function berth.set_usable(asked_resource uuid, wanted bool) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	locked bigint;
begin
	loop
		select count(*) into locked from (
			select from berth.stripe where resource = asked_resource order by first for update) s;
		update berth.stripe set usable = wanted, open = wanted and room > 0 where resource = asked_resource and usable <> wanted;
		exit when locked = (select count(*) from berth.stripe where resource = asked_resource);
	end loop;
end $$;

-- A change of a resource itself, told.
create or replace function berth.change_resource(actor text, r berth.resource, asked_action text, asked_command uuid,
	asked_state text, asked_cordoned bool)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.set_usable(r.id, asked_state = 'active' and not asked_cordoned);
	update berth.resource set state = asked_state, cordoned = asked_cordoned, generation = generation + 1 where id = r.id;
	perform berth.tell(actor, asked_action, 'resource', r.id, asked_command,
		jsonb_build_object('state', r.state, 'cordoned', r.cordoned, 'generation', r.generation),
		jsonb_build_object('state', asked_state, 'cordoned', asked_cordoned, 'generation', r.generation + 1));
end $$;

create or replace function berth.end_command(actor text, asked_command uuid, asked_outcome text, words text) returns void
language sql begin atomic
	update berth.command set state = 'done', outcome = asked_outcome, explanation = words, consumed_at = greatest(clock_timestamp(), created), consumed_by = actor
	where id = asked_command and berth.state_is(state, '{queued, running}');
end;

-- The leases that a scope of a bulk means, behind a mark, in its order: the
-- plan of a bulk, its total and its children are all taken from here. A scope is
-- as berth.resolve() made it; `watermark` leaves out what was born later.
create or replace function berth.matched(scope jsonb, behind numeric, watermark bigint, most bigint)
returns table (id uuid, mark numeric, generation bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	states text[] := array['pending', 'acquired', 'active', 'broken'];
begin
	-- Single leases, of which there may be thousands, were looked at when the bulk began.
	if scope->>'kind' is distinct from 'lease' then
		perform berth.accept(berth.check_scope(scope));
		if scope->'states' <> '[]' then
			states := array(select jsonb_array_elements_text(scope->'states'));
		end if;
	end if;
	case scope->>'kind'
	when 'lease' then
		return query select l.id, l.seq::numeric, (scope->>'generation')::bigint from berth.lease l
		where l.id = (scope->>'id')::uuid and behind is null;
	when 'resource' then
		return query select l.id, l.value, null::bigint from berth.leases_on((scope->>'id')::uuid, states, behind, most) l;
	when 'project' then
		return query select l.id, l.seq::numeric, null::bigint from berth.lease l
		where l.project = (scope->>'id')::uuid and l.state <> 'destroyed' and l.state = any (states)
			and l.seq > coalesce(behind, -1) and l.seq <= coalesce(watermark, 9223372036854775807)
		order by l.seq limit most;
	when 'pool', 'leases' then
		if scope ? 'selector' then
			return query select w.id, w.seq::numeric, null::bigint
			from berth.lease_scan(true, states, (scope->>'pool')::uuid, null, null, null, true, coalesce(behind, -1)::bigint, most,
				scope->'selector') w
			where w.seq <= coalesce(watermark, 9223372036854775807);
			return;
		end if;
		return query execute format(
			'select l.id, l.seq::numeric, null::bigint from berth.lease l
			where l.state <> ''destroyed'' and l.state = any ($1) and l.seq > $2 and l.seq <= $3 %s
			order by l.seq limit $4',
			case when scope->>'kind' = 'pool' then 'and l.pool = $5' when scope ? 'pool' then 'and l.pool = $6' else '' end)
		using states, coalesce(behind, -1), coalesce(watermark, 9223372036854775807), most,
			(scope->>'id')::uuid, (scope->>'pool')::uuid;
	end case;
end $$;

-- Begins a bulk: from now on it makes children.
create or replace function berth.begin_bulk(actor text, asked_command uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb;
	deletes bool;
	expected bigint;
begin
	select arguments->'scopes', action = 'delete' into scopes, deletes from berth.command where id = asked_command;
	perform berth.accept(berth.check_scopes(scopes));
	-- What is deleted is in the first one, and also in the pools that go with it; and whoever names several things may
	-- name a lease twice. Each is counted once.
	if jsonb_array_length(scopes) = 1 or deletes then
		select count(*) into expected from berth.matched(scopes->0, null, null, null) m;
	else
		select count(distinct m.id) into expected from jsonb_array_elements(scopes) one,
			berth.matched(one, null, null, null) m;
	end if;
	update berth.command set state = 'running', fanning = true, total = expected, watermark = (
		select last_value from berth.event_seq)
	where id = asked_command and berth.state_is(state, '{queued}');
end $$;

-- Drains the resources of a scope, as many as a chunk has, and says whether that was all.
create or replace function berth.drain(actor text, c berth.command, asked_scope jsonb, chunk bigint) returns bool
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.resource;
	drained bigint := 0;
begin
	for r in
		select * from berth.resource
		where id = any (case asked_scope->>'kind' when 'resource' then array[(asked_scope->>'id')::uuid]
			when 'pool' then array(select id from berth.resource
				where pool = (asked_scope->>'id')::uuid and state = 'active' order by host, first limit chunk) end)
			and berth.state_is(state, '{active}')
		order by id for no key update
	loop
		perform berth.change_resource(actor, r, 'release', c.id, 'released', r.cordoned);
		select * into r from berth.resource where id = r.id;
		perform berth.settle_one(actor, r, c.id);
		drained := drained + 1;
	end loop;
	return drained < chunk;
end $$;

-- The next children of a bulk. Scopes that are one lease each are taken together.
create or replace function berth.make_children(actor text, c berth.command, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb := c.arguments->'scopes';
	last_scope int := c.scope;
	reached numeric;
	found_rows bigint;
	inserted bigint;
begin
	while last_scope - c.scope < chunk and scopes->last_scope->>'kind' = 'lease' loop
		last_scope := last_scope + 1;
	end loop;
	last_scope := greatest(last_scope, c.scope + 1);
	with met as materialized (
		select m.id, m.mark, m.generation from generate_series(c.scope, last_scope - 1) n
		-- Of a pool that is drained nothing may stay, also what was taken just before.
		cross join lateral berth.matched(scopes->n, c.mark, case scopes->n->>'kind' when 'pool' then null else c.watermark end,
			chunk) m
	), born as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook, author, reason, expect_generation, parent)
		select 'release', 'lease', met.id, 'lease', met.id, berth.needs_hook('release', met.id), c.author, c.reason, met.generation, c.id
		from met order by met.mark
		on conflict (parent, target) where parent is not null do nothing
		returning 1
	)
	select (select count(*) from met), (select max(mark) from met), (select count(*) from born) into found_rows, reached, inserted;
	if last_scope - c.scope = 1 and scopes->c.scope->>'kind' <> 'lease' and found_rows = chunk then
		update berth.command set mark = reached, made = made + inserted, total = greatest(total, made + inserted) where id = c.id;
	else
		update berth.command
		set scope = last_scope, mark = null, made = made + inserted, fanning = last_scope < jsonb_array_length(scopes),
			total = case when last_scope < jsonb_array_length(scopes) then greatest(total, made + inserted) else made + inserted end
		where id = c.id;
	end if;
	return inserted;
end $$;

-- Locks the oldest bulk that is to make children and is held by nobody, and answers with it. A bulk stays only a few
-- chunks ahead of what is consumed of it, so that to cancel it means something.
create or replace function berth.lock_bulk(chunk bigint) returns setof berth.command language plpgsql set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.command
	where fanning and berth.state_is(state, '{running}') and made - done < 4 * chunk
	order by seq limit 1 for no key update skip locked;
end $$;

-- One step of a bulk.
create or replace function berth.fan_step(actor text, c berth.command, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_that('scopes', jsonb_typeof(c.arguments->'scopes') = 'array', 'a list is needed'));
	if c.scope < jsonb_array_length(c.arguments->'scopes') then
		if not berth.drain(actor, c, c.arguments->'scopes'->c.scope, chunk) then
			return chunk;
		end if;
		perform berth.make_children(actor, c, chunk);
	else
		update berth.command set fanning = false, total = made where id = c.id;
	end if;
	perform berth.tally(array[c.id], actor);
	return 1;
end $$;

-- One step of the oldest bulk. One that cannot go on makes no more children, and ends with those that it has.
create or replace function berth.fan_out(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	c berth.command;
	words text;
begin
	begin
		select * into c from berth.lock_bulk(chunk);
		if not found then
			return 0;
		end if;
		return berth.fan_step(actor, c, chunk);
	exception when others then
		if c.id is null or not berth.is_lasting(sqlstate) then
			raise;
		end if;
		words := berth.error_words(sqlstate, sqlerrm);
	end;
	perform berth.note_trouble('spread', 'command', c.id, words);
	update berth.command set fanning = false, total = made, stopped = words where id = c.id and berth.state_is(state, '{running}');
	perform berth.tally(array[c.id], actor);
	return 1;
end $$;

-- Whether a resource is to be drained, but nothing releases what is left on it: its bulk, or a child, was cancelled.
create or replace function berth.drain_stopped(r berth.resource) returns bool
language sql stable return r.state in ('released', 'broken')
	and exists (select from berth.leases_on(r.id, array['acquired', 'active'], null, null) l
		where not exists (select from berth.open_in(l.id) o where o.action = 'release' and o.state in ('queued', 'running')))
	and not exists (select from berth.command o where o.fanning and berth.state_is(o.state, '{running}')
		and (o.arguments->'scopes' @> jsonb_build_array(jsonb_build_object('kind', 'resource', 'id', r.id))
			or o.arguments->'scopes' @> jsonb_build_array(jsonb_build_object('kind', 'pool', 'id', r.pool))));

-- A command on a resource that is not a bulk, or not yet.
create or replace function berth.apply_resource(actor text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.resource;
	users jsonb;
begin
	select * into r from berth.resource where id = c.target;
	if c.expect_generation <> r.generation then
		perform berth.end_command(actor, c.id, 'rejected', berth.explain_stale('resource', r.id, r.generation, c.expect_generation));
	elsif c.action = 'release' and berth.drain_stopped(r) then
		perform berth.begin_bulk(actor, c.id);
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
		-- Nobody may take a value between the look and the end.
		perform berth.set_usable(r.id, false);
		users := berth.users(array(select id from berth.leases_on(r.id, null, null, 3)));
		if users <> '[]' then
			perform berth.set_usable(r.id, not r.cordoned);
			perform berth.end_command(actor, c.id, 'rejected',
				format('resource %s has leases: %s', r.name, berth.users_text(users, berth.held_in(r.pool, r.id))));
		else
			perform berth.settle_one(actor, r, c.id);
			perform berth.end_command(actor, c.id, 'applied', format('resource %s is destroyed', r.name));
		end if;
	end if;
end $$;

-- Returns the lanes other than leases that have commands which are due, oldest first; one with several comes as often.
-- Lane kind by lane kind they are read in the order of their index, as by berth.lock_due().
create or replace function berth.due_others(tried uuid[], most bigint) returns table (lane_kind text, lane uuid)
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select due.lane_kind, due.lane
	from unnest(array['resource', 'pool', 'org', 'project', 'command']) of_kind (name)
	cross join lateral (
		select k.lane_kind, k.lane, k.not_before, k.seq from berth.command k
		where k.lane_kind = of_kind.name and not k.hook and k.state = 'queued' and k.not_before <= now() and k.lane <> all (tried)
		order by k.not_before, k.seq limit most) due
	order by due.not_before, due.seq limit most;
end $$;

-- Takes the lock of a lane, if nobody has it.
create or replace function berth.try_lane(asked_kind text, asked_lane uuid) returns bool
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	case asked_kind
	when 'resource' then perform from berth.resource where id = asked_lane for no key update skip locked;
	when 'pool' then perform from berth.pool where id = asked_lane for no key update skip locked;
	when 'org' then perform from berth.organization where id = asked_lane for no key update skip locked;
	when 'project' then perform from berth.project where id = asked_lane for no key update skip locked;
	else perform from berth.command where id = asked_lane for no key update skip locked;
	end case;
	return found;
end $$;

-- One command whose lane is a resource, a pool, a project, or the command itself.
create or replace function berth.apply_other(actor text, c berth.command) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if c.lane_kind = 'resource' then
		perform berth.apply_resource(actor, c);
	elsif c.lane_kind = 'project' then
		perform berth.apply_project(actor, c);
	elsif c.lane_kind = 'pool' and exists (select from berth.pool where id = c.target and destroyed is not null) then
		perform berth.end_command(actor, c.id, 'noop', 'the pool is deleted');
	else
		perform berth.begin_bulk(actor, c.id);
	end if;
	perform berth.tally(array[c.id], actor);
end $$;

-- Such commands, one after the other in each lane.
create or replace function berth.apply_others(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	due record;
	c berth.command;
	tried uuid[] := '{}';
	passed uuid[];
	total bigint := 0;
begin
	-- Behind those whose lane another worker holds are others.
	while total < chunk loop
		passed := tried;
		for due in select * from berth.due_others(tried, chunk - total) loop
			tried := tried || due.lane;
			continue when not berth.try_lane(due.lane_kind, due.lane);
			-- Others may have been consumed before the lane's lock was had.
			select * into c from berth.open_in(due.lane) where state = 'queued' and not_before <= now() order by seq limit 1;
			continue when not found;
			perform berth.apply_other(actor, c);
			total := total + 1;
		end loop;
		exit when tried = passed;
	end loop;
	return total;
end $$;

-- The same, each in a subtransaction of its own: for a chunk that has failed. What cannot be applied is ended.
create or replace function berth.apply_others_alone(actor text, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	due record;
	c berth.command;
	total bigint := 0;
begin
	for due in select * from berth.due_others('{}', chunk) loop
		continue when not berth.try_lane(due.lane_kind, due.lane);
		select * into c from berth.open_in(due.lane) where state = 'queued' and not_before <= now() order by seq limit 1;
		continue when not found;
		begin
			perform berth.apply_other(actor, c);
		exception when others then
			if not berth.is_lasting(sqlstate) then
				raise;
			end if;
			perform berth.give_up(actor, c, 'apply', berth.error_words(sqlstate, sqlerrm));
		end;
		total := total + (select berth.state_is(state, '{running, done}')::int from berth.command where id = c.id);
	end loop;
	return total;
end $$;

-- What a deletion takes away: the leases of the project, then its pools with their resources.
create or replace function berth.deletion_scopes(asked_project uuid) returns jsonb
language sql stable return jsonb_build_array(jsonb_build_object('kind', 'project', 'id', asked_project)) || coalesce((
	select jsonb_agg(jsonb_build_object('kind', 'pool', 'id', p.id) order by p.name)
	from berth.pool p where p.project = asked_project and p.destroyed is null), '[]');

-- The scopes that targets mean. A project that is to be deleted ("whole") takes its pools along.
create or replace function berth.scopes_of(asked_targets jsonb) returns jsonb language sql stable begin atomic
	select jsonb_agg(s.one order by n, place)
	from jsonb_array_elements(asked_targets) with ordinality as a (t, n)
	cross join lateral berth.resolve(t) scope
	cross join lateral jsonb_array_elements(case when t ? 'whole' then berth.deletion_scopes((scope->>'id')::uuid)
		else jsonb_build_array(scope) end) with ordinality as s (one, place);
end;

-- What releasing would change, before anything is queued: the leases that the
-- targets mean, by berth.matched() as the bulk itself takes them, and for each
-- pool what is used, held back and free before and after.
create or replace function berth.release_plan(asked_targets jsonb) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb;
	plan jsonb;
begin
	perform berth.accept(berth.check_targets(asked_targets));
	scopes := berth.scopes_of(asked_targets);
	with scope as (
		select s from jsonb_array_elements(scopes) s
	), met as materialized (
		select distinct m.id from scope cross join lateral berth.matched(s, null, null, null) m
	), ending as materialized (
		select l.pool, l.resource, l.value is not null and l.rest_until is null and l.state <> 'destroyed' as held
		from met join berth.lease l using (id)
	), drained as materialized (
		-- What is drained, now or already, leaves the pool with its last lease; it stays
		-- as long as one rests, or ends by another command.
		select r.id, r.pool, r.state = 'active' and not r.cordoned as usable, exists (
			select from berth.lease l where l.resource = r.id and l.state <> 'destroyed'
				and (p.reuse_delay > 0 or not exists (select from met where met.id = l.id))) as stays
		from berth.resource r join berth.pool p on p.id = r.pool
		where case r.state when 'active' then exists (
				select from scope where case s->>'kind' when 'resource' then r.id = (s->>'id')::uuid
					when 'pool' then r.pool = (s->>'id')::uuid else false end)
			when 'destroyed' then false
			else exists (select from ending where resource = r.id) end
	), share as (
		-- Of each resource: what its leases give back, and whether that can be taken again.
		select e.pool, e.resource, count(*) filter (where e.held) as given,
			r.state = 'active' and not r.cordoned and d.id is null as usable, not d.stays as leaves
		from ending e left join berth.resource r on r.id = e.resource left join drained d on d.id = e.resource
		group by e.pool, e.resource, r.state, r.cordoned, d.id, d.stays
	), gone as (
		select d.pool, sum(v.free) as free,
			coalesce(sum(v.held_back) filter (where not d.stays), 0) - coalesce(sum(v.free) filter (where d.stays), 0) as held_back
		from drained d join berth.resource_view v using (id) group by d.pool
	), effect as (
		select v.name, v.used, v.held_back, v.free, v.reuse_delay > 0 as rests,
			coalesce(x.given, 0) as given, coalesce(x.usable, 0) as usable, coalesce(x.leaves, 0) as leaves,
			coalesce(g.free, 0) as gone_free, coalesce(g.held_back, 0) as gone_back
		from berth.pool_view v
		left join (select pool, sum(given) as given, sum(given) filter (where usable) as usable,
				sum(given) filter (where leaves) as leaves from share group by pool) x on x.pool = v.id
		left join gone g on g.pool = v.id
		where x.pool is not null or g.pool is not null
	)
	select jsonb_build_object(
		'targets', (select count(*) from ending),
		'effect', coalesce((select jsonb_object_agg(name, jsonb_build_object(
			'before', jsonb_build_object('used', used, 'held_back', held_back, 'free', free),
			'after', jsonb_build_object('used', used - given,
				'held_back', held_back - gone_back + case when rests then given else given - usable - leaves end,
				'free', free - gone_free + case when rests then 0 else usable end))) from effect), '{}'))
	into plan;
	return plan;
end $$;

-- The first of the leases that such a plan is about, each once, where a target means it first.
create or replace function berth.release_sample(asked_targets jsonb, most bigint) returns table (id uuid, n bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(coalesce(
		berth.check_targets(asked_targets),
		berth.check_most(most)));
	return query select met.id, row_number() over (order by met.n, met.mark)
	from (
		select distinct on (m.id) m.id, a.n, m.mark from jsonb_array_elements(asked_targets) with ordinality as a (t, n)
		cross join lateral berth.matched(berth.resolve(t), null, null, most) m
		order by m.id, a.n
	) met order by met.n, met.mark limit most;
end $$;
