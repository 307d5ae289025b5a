-- Windows of leases in the order of their birth, for lists of any length.
--
-- What is live and what is past have an index each, which only serves a query
-- that says which one it means, and in which direction: so the statement is put
-- together, from the pieces that stand here and nothing else. Gives up to `most`
-- ids from the newest on, or with `newer` those born next after `edge`.
create or replace function berth.lease_window(live bool, states text[], asked_pool text, asked_holder text, match text,
	invert bool, newer bool, edge bigint, most bigint)
returns table (id uuid, seq bigint) language plpgsql stable as $$
begin
	return query execute format(
		'select l.id, l.seq from berth.lease l
		where l.state %s ''destroyed'' and l.state = any ($1)
			and ($2 is null or l.pool = (select p.id from berth.pool p where p.name = $2 and p.destroyed is null))
			and ($3 is null or l.holder = $3)
			and ($4 is null or $5 <> (strpos(lower(l.holder), lower($4)) > 0 or strpos(l.id::text, lower($4)) > 0
				or exists (select from berth.pool p where p.id = l.pool and strpos(lower(p.name), lower($4)) > 0)))
			and ($6 is null or l.seq %s $6)
		order by l.seq %s limit $7',
		case when live then '<>' else '=' end, case when newer then '>' else '<' end,
		case when newer then 'asc' else 'desc' end)
	using states, asked_pool, asked_holder, match, invert, edge, most;
end $$;

-- Why a lease waits: its place in the line of its pool, and of each resource of
-- the pool why it gives nothing.
create or replace function berth.waiting(asked_lease uuid) returns table (place bigint, ahead bigint, reasons jsonb)
language sql stable as $$
	select w.ahead + 1, w.ahead, coalesce((
		select jsonb_agg(format('resource %s: %s', r.name, case
				when r.state <> 'active' then 'being drained'
				when r.cordoned then 'cordoned'
				when r.free > 0 then format('%s free, to be given soon', r.free)
				when r.held_back > 0 then format('all taken, %s of %s in their reuse delay', r.held_back, r.capacity)
				else format('all %s taken', r.capacity) end) order by r.name)
		from berth.resource_view r where r.pool = p.name and r.state <> 'destroyed'), '["the pool has no resources"]')
	from berth.lease l
	join berth.pool p on p.id = l.pool
	cross join lateral (select count(*) as ahead from berth.lease o
		where o.pool = l.pool and o.state = 'pending' and (o.priority > l.priority or (o.priority = l.priority and o.seq < l.seq))) w
	where l.id = asked_lease and l.state = 'pending'
$$;

create or replace function berth.queue_stats() returns table (queued bigint, running bigint, quarantined bigint, oldest_seconds float8,
	applied_last_minute bigint, workers_alive bigint, consumed_last_minute bigint, arrived_last_minute bigint)
language sql stable as $$
	select (select count(*) from berth.command c where c.state = 'queued'),
		(select count(*) from berth.command c where c.state = 'running'),
		(select count(*) from berth.command c where c.state = 'quarantined'),
		coalesce((select date_part('epoch', now() - min(c.not_before)) from berth.command c
			where c.state = 'queued' and c.not_before <= now()), 0),
		(select count(*) from berth.command c where c.state = 'done' and c.outcome = 'applied' and c.consumed_at > now() - interval '1 minute'),
		(select count(*) from berth.worker_view w where w.alive),
		(select count(*) from berth.command c where c.state in ('done', 'cancelled') and c.consumed_at > now() - interval '1 minute'),
		(select count(*) from berth.command c where c.state in ('queued', 'running', 'quarantined') and c.created > now() - interval '1 minute')
			+ (select count(*) from berth.command c where c.state in ('done', 'cancelled')
				and c.consumed_at > now() - interval '1 minute' and c.created > now() - interval '1 minute')
$$;

-- Events in their order, the births of leases among them. Each source gives its
-- own window, so that the whole costs as little anywhere in a long history:
-- with `newest` the last ones, else the first behind the edge.
create or replace function berth.event_window(asked_kind text, asked_target uuid, edge bigint, since timestamptz, newest bool, most bigint)
returns setof berth.event_view language plpgsql stable as $$
begin
	return query execute format(
		'select * from (
			(select * from berth.change_view where %1$s order by seq %2$s limit $5)
			union all (select seq, at, actor, action, kind, target, target_id, command, before, after from berth.birth_view
				where live and %1$s order by seq %2$s limit $5)
			union all (select seq, at, actor, action, kind, target, target_id, command, before, after from berth.birth_view
				where not live and %1$s order by seq %2$s limit $5)
			order by seq %2$s limit $5) w order by seq',
		case when asked_kind is null then 'true' else 'kind = $1 and target_id = $2' end
			|| case when edge is null then '' else ' and seq > $3' end || case when since is null then '' else ' and at >= $4' end,
		case when newest then 'desc' else 'asc' end)
	using asked_kind, asked_target, edge, since, most;
end $$;
