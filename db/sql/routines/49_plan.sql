-- Plans of bulks: what one would change, before it is queued.

-- Returns what a deletion takes away: the leases of the project, then its pools with their resources.
create or replace function berth.deletion_scopes(asked_project uuid) returns jsonb
language sql stable return jsonb_build_array(jsonb_build_object('kind', 'project', 'id', asked_project)) || coalesce((
	select jsonb_agg(jsonb_build_object('kind', 'pool', 'id', p.id) order by p.name)
	from berth.pool p where p.project = asked_project and p.destroyed is null), '[]');

-- Returns the scopes that targets mean. A project that is to be deleted ("whole") takes its pools along.
create or replace function berth.scopes_of(asked_targets jsonb) returns jsonb language sql stable begin atomic
	select jsonb_agg(s.one order by n, place)
	from jsonb_array_elements(asked_targets) with ordinality as a (t, n)
	cross join lateral berth.resolve(t) scope
	cross join lateral jsonb_array_elements(case when t ? 'whole' then berth.deletion_scopes((scope->>'id')::uuid)
		else jsonb_build_array(scope) end) with ordinality as s (one, place);
end;

-- Returns the resources that a release of these scopes drains, or that are being drained and have leases of the
-- release. Each is looked up by its key.
create or replace function berth.draining(scopes jsonb, held uuid[]) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
	return query select r.id from jsonb_array_elements(scopes) s join berth.resource r on r.id = (s->>'id')::uuid
	where s->>'kind' = 'resource' and r.state = 'active'
	union
	select r.id from jsonb_array_elements(scopes) s
	cross join lateral (select * from berth.resource
		where resource.pool = (s->>'id')::uuid and resource.state <> 'destroyed' offset 0) r
	where s->>'kind' = 'pool' and r.state = 'active'
	union
	select r.id from unnest(held) h (id) join berth.resource r on r.id = h.id where r.state in ('released', 'broken');
end $$;

-- Returns what a plan tells of a live pool, without the rest of berth.pool_view: a plan may be about all pools. The
-- offset keeps the caller's joins out.
create or replace function berth.pool_use(asked_pool uuid, out name text, out reuse_delay bigint, out used numeric,
	out held_back numeric, out free numeric)
returns setof record language sql stable begin atomic
	select p.name, p.reuse_delay, coalesce(u.used, 0), coalesce(u.held_back, 0), coalesce(u.free, 0)
	from berth.pool p
	cross join lateral (
		select sum(div(t.last - t.first + 1, t.block) - t.room - t.resting - t.kept) as used,
			sum(case when t.usable then 0 else t.room end + t.resting + t.kept) as held_back,
			sum(t.room) filter (where t.usable) as free
		from berth.stripe t where t.pool = p.id
	) u
	where p.id = asked_pool and p.destroyed is null offset 0;
end;

-- Returns what releasing would change in each pool: the number of leases that the targets mean, by berth.bulk_targets()
-- as the bulk itself takes them, and what is used, held back and free before and after.
create or replace function berth.release_plan(asked_targets jsonb) returns table (pool text, leases bigint,
	used numeric, held_back numeric, free numeric, used_after numeric, held_back_after numeric, free_after numeric)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set jit = off as $$
declare
	scopes jsonb;
begin
	perform berth.accept(berth.check_targets(asked_targets));
	scopes := berth.scopes_of(asked_targets);
	perform berth.check_action('release', scopes);
	return query with scope as (
		select s from jsonb_array_elements(scopes) s
	), met as materialized (
		select distinct m.id from scope cross join lateral berth.bulk_targets('release', s, null, null, null) m
	), ending as materialized (
		select l.pool, l.resource, l.value is not null and l.rest_until is null and l.state <> 'destroyed' as held,
			exists (select from berth.exclusion x where x.resource = l.resource and x.first <= l.value
				and x.last >= l.value) as excluded
		from met cross join lateral (select * from berth.lease where lease.id = met.id offset 0) l
	), drained as materialized (
		-- A resource that is drained, now or already, leaves the pool with its last lease; it stays
		-- as long as one rests, or ends by another command.
		select r.id, r.pool, r.state = 'active' and not r.cordoned as usable, exists (
			select from berth.lease l where l.resource = r.id and l.state <> 'destroyed'
				and (p.reuse_delay > 0 or not exists (select from met where met.id = l.id))) as stays
		from berth.draining(scopes, array(select distinct e.resource from ending e where e.resource is not null)) d (id)
		cross join lateral (select * from berth.resource where resource.id = d.id offset 0) r
		cross join lateral (select * from berth.pool where pool.id = r.pool offset 0) p
	), share as (
		-- Counts the values that the leases of each resource give back, and those that are not excluded.
		select e.pool, e.resource, count(*) as leases, count(*) filter (where e.held) as given,
			count(*) filter (where e.held and not e.excluded) as freed,
			r.state = 'active' and not r.cordoned and d.id is null as usable, not d.stays as leaves
		from ending e left join lateral (select * from berth.resource where resource.id = e.resource offset 0) r on true
		left join drained d on d.id = e.resource
		group by e.pool, e.resource, r.state, r.cordoned, d.id, d.stays
	), gone as (
		select d.pool, sum(v.free) as free,
			coalesce(sum(v.held_back) filter (where not d.stays), 0) - coalesce(sum(v.free) filter (where d.stays),
				0) as held_back
		from drained d cross join lateral (select * from berth.resource_view where resource_view.id = d.id offset 0) v
		group by d.pool
	), effect as (
		select v.name, v.used, v.held_back, v.free, v.reuse_delay > 0 as rests,
			coalesce(x.leases, 0) as leases, coalesce(x.given, 0) as given, coalesce(x.usable, 0) as usable,
			coalesce(x.leaves, 0) as leaves,
			coalesce(g.free, 0) as gone_free, coalesce(g.held_back, 0) as gone_back
		from (select share.pool from share union select gone.pool from gone) k
		cross join lateral berth.pool_use(k.pool) v
		left join (select s.pool, sum(s.leases) as leases, sum(s.given) as given,
				sum(s.freed) filter (where s.usable) as usable,
				sum(s.given) filter (where s.leaves) as leaves from share s group by s.pool) x on x.pool = k.pool
		left join gone g on g.pool = k.pool
	)
	select e.name, e.leases::bigint, e.used, e.held_back, e.free, e.used - e.given,
		e.held_back - e.gone_back + case when e.rests then e.given else e.given - e.usable - e.leaves end,
		e.free - e.gone_free + case when e.rests then 0 else e.usable end
	-- In the order in which jsonb has its keys.
	from effect e order by octet_length(e.name), e.name collate "C";
end $$;

-- Returns what another action would change in each pool, as berth.release_plan() does; `leases` is the number of
-- targets of any kind, each of them once. A retry, skip or force is not foretold: the hook, or the state of the lease
-- by then, decides.
create or replace function berth.bulk_plan(asked_action text, asked_targets jsonb) returns table (pool text,
	leases bigint, used numeric, held_back numeric, free numeric, used_after numeric, held_back_after numeric,
	free_after numeric)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set jit = off as $$
declare
	scopes jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_action_word(asked_action),
		berth.check_targets(asked_targets)));
	scopes := berth.scopes_of(asked_targets);
	perform berth.check_action(asked_action, scopes);
	return query with met as materialized (
		select distinct m.kind, m.id from jsonb_array_elements(scopes) s
		cross join lateral berth.bulk_targets(asked_action, s, null, null, null) m
	), placed as (
		select case m.kind when 'pool' then m.id else coalesce(r.pool, l.pool) end as id,
			-- The values that can be taken no longer, or again.
			case when r.state = 'active' and asked_action = case when r.cordoned then 'uncordon' else 'cordon' end
				then case when r.cordoned then -1 else 1 end
					* (select coalesce(sum(s.room), 0) from berth.stripe s where s.resource = r.id)
				else 0 end as kept
		from met m
		left join lateral (select * from berth.resource
			where m.kind = 'resource' and resource.id = m.id offset 0) r on true
		left join lateral (select * from berth.lease
			where m.kind in ('lease', 'command') and lease.id = berth.serialization_key(m.kind, m.id) offset 0) l
			on true
	), share as (
		select placed.id, count(*) as targets, sum(placed.kept) as kept from placed group by placed.id
	)
	select v.name, share.targets, v.used, v.held_back, v.free, v.used, v.held_back + share.kept, v.free - share.kept
	from share cross join lateral berth.pool_use(share.id) v
	order by octet_length(v.name), v.name collate "C";
end $$;

-- Returns the first targets of a plan, each once, in the order in which they were named.
create or replace function berth.bulk_sample(asked_action text, asked_targets jsonb, most bigint)
returns table (kind text, id uuid, n bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(coalesce(
		berth.check_action_word(asked_action),
		berth.check_targets(asked_targets),
		berth.check_most(most)));
	return query select met.kind, met.id, row_number() over (order by met.n, met.mark)
	from (
		select distinct on (m.id) m.kind, m.id, a.n, m.mark from jsonb_array_elements(asked_targets)
			with ordinality as a (t, n)
		cross join lateral berth.bulk_targets(asked_action, berth.resolve(t), null, null, most) m
		order by m.id, a.n
	) met order by met.n, met.mark limit most;
end $$;

-- Returns, for each target in its order, the id of the pool, project or organization that its name stands for, or null:
-- a plan sends them along as "seen", see berth.resolve().
create or replace function berth.named_targets(asked_targets jsonb) returns table (id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_targets(asked_targets));
	return query select berth.named_by(t) from jsonb_array_elements(asked_targets) with ordinality as a (t, n)
		order by n;
end $$;
