-- Bulks: commands that stand for many targets, for each of which they make an item: a command of its own.

-- Returns true if a bulk is at its end: all items are made, and each has ended. A deletion ends with what it deletes;
-- one that has failed is not made good by what becomes of its items later: the project is still there.
create or replace function berth.bulk_over(p berth.command, ended numeric) returns bool
language sql immutable parallel safe return p.action <> 'delete'
	and (p.state = 'done' or (p.state = 'running' and not p.fanning and p.done + ended >= p.total));

-- Returns how many items of a bulk ended in each way: "2 applied, 1 rejected"; "" for no item.
create or replace function berth.outcome_counts(applied numeric, noop numeric, rejected numeric, failed numeric,
	cancelled numeric)
returns text language sql immutable parallel safe return concat_ws(', ',
	case when applied <> 0 then applied || ' applied' end, case when noop <> 0 then noop || ' no-op' end,
	case when rejected <> 0 then rejected || ' rejected' end, case when failed <> 0 then failed || ' failed' end,
	case when cancelled <> 0 then cancelled || ' cancelled' end);

-- Returns how a bulk has ended: "3 of 3 ended, 2 applied, 1 rejected", and what stopped it before its end.
create or replace function berth.bulk_text(done numeric, total numeric, counts text, stopped text)
returns text language sql immutable parallel safe return
	concat_ws(', ', format('%s of %s ended', done, total), nullif(counts, ''))
	|| coalesce('; it went no further: ' || stopped, '');

-- Counts items that have ended in their bulks, and ends bulks whose last item this was; also bulks that are named
-- themselves. Each item is named once, when it ends. A quarantined item has ended as failed, until a retry, skip or
-- force of it is applied: then it counts as applied. Locks the bulks in one order, and as late as possible: every
-- worker on a bulk comes by here.
create or replace function berth.tally(commands uuid[], actor text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	with mine as materialized (
		select id, parent, credits, total is not null and berth.state_is(state, '{running, cancelled}') as bulk,
			outcome,
			case state when 'quarantined' then 'failed' when 'cancelled' then 'cancelled' else outcome end as way
		from berth.command c where id = any (commands)
	), part (id, done, way, n) as (
		select parent, 1, way, 1 from mine where parent is not null
		union all
		select bulk_id, 0, credited.way, credited.n from mine cross join lateral unnest(credits) bulk_id
		cross join (values ('applied', 1), ('failed', -1)) as credited (way, n)
		where outcome = 'applied'
		union all
		select id, 0, null, 0 from mine where bulk
	), share as (
		select id, sum(done) as done, coalesce(sum(n) filter (where way = 'applied'), 0) as applied,
			coalesce(sum(n) filter (where way = 'noop'), 0) as noop,
			coalesce(sum(n) filter (where way = 'rejected'), 0) as rejected,
			coalesce(sum(n) filter (where way = 'failed'), 0) as failed,
			coalesce(sum(n) filter (where way = 'cancelled'), 0) as cancelled
		from part group by id
	), locked as materialized (
		select p.id from share join berth.command p using (id) order by p.id for no key update of p
	)
	update berth.command p
	set done = p.done + s.done, applied = p.applied + s.applied, noop = p.noop + s.noop,
		rejected = p.rejected + s.rejected,
		failed = p.failed + s.failed, cancelled = p.cancelled + s.cancelled,
		state = case when berth.bulk_over(p, s.done) then 'done' else p.state end,
		outcome = case when not berth.bulk_over(p, s.done) then p.outcome
			when p.failed + s.failed > 0 or p.stopped is not null then 'failed' else 'applied' end,
		explanation = case when berth.bulk_over(p, s.done)
			then berth.bulk_text(p.done + s.done, p.total, berth.outcome_counts(p.applied + s.applied, p.noop + s.noop,
				p.rejected + s.rejected, p.failed + s.failed, p.cancelled + s.cancelled), p.stopped)
			when p.state = 'cancelled' and p.stopped is not null
			then p.stopped || '; ' || berth.bulk_text(p.done + s.done, p.total,
				berth.outcome_counts(p.applied + s.applied,
				p.noop + s.noop, p.rejected + s.rejected, p.failed + s.failed, p.cancelled + s.cancelled), null)
			else p.explanation end,
		consumed_at = case when berth.bulk_over(p, s.done)
			then coalesce(p.consumed_at, greatest(clock_timestamp(), p.created)) else p.consumed_at end,
		consumed_by = case when berth.bulk_over(p, s.done)
			then coalesce(p.consumed_by, actor) else p.consumed_by end
	from share s join locked using (id) where p.id = s.id;
end $$;

-- Ends a command with an outcome.
create or replace function berth.end_command(actor text, asked_command uuid, asked_outcome text, words text)
	returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	update berth.command set state = 'done', outcome = asked_outcome, explanation = words,
		consumed_at = greatest(clock_timestamp(), created), consumed_by = actor
	where id = asked_command and berth.state_is(state, '{queued, running}');
end $$;

-- Returns the leases that a scope of several means, after a mark, in the scope's order. A scope is what berth.resolve()
-- made; `watermark` leaves out what was born later.
create or replace function berth.bulk_leases(scope jsonb, after_mark numeric, watermark bigint, most bigint)
returns table (id uuid, mark numeric)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	states text[] := array['pending', 'acquired', 'active', 'broken'];
begin
	perform berth.accept(berth.check_scope(scope));
	if scope->'states' <> '[]' then
		states := array(select jsonb_array_elements_text(scope->'states'));
	end if;
	case scope->>'kind'
	when 'resource' then
		return query select l.id, l.value from berth.leases_on((scope->>'id')::uuid, states, after_mark,
			most) l;
	when 'project' then
		return query select l.id, l.seq::numeric from berth.lease l
		where l.project = (scope->>'id')::uuid and l.state <> 'destroyed' and l.state = any (states)
			and l.seq > coalesce(after_mark, -1) and l.seq <= coalesce(watermark, 9223372036854775807)
		order by l.seq limit most;
	when 'pool', 'leases' then
		if scope ? 'selector' then
			return query select w.id, w.seq::numeric
			from berth.lease_scan(true, states, (scope->>'pool')::uuid, scope->>'holder', true,
				coalesce(after_mark, -1)::bigint, most,
				scope->'selector') w
			where w.seq <= coalesce(watermark, 9223372036854775807);
			return;
		elsif scope->>'kind' = 'leases' and scope ? 'holder' and not scope ? 'pool' then
			return query select w.id, w.seq::numeric
			from berth.holder_scan(states, scope->>'holder', true, coalesce(after_mark, -1)::bigint, most) w
			where w.seq <= coalesce(watermark, 9223372036854775807);
			return;
		end if;
		return query execute format(
			'select l.id, l.seq::numeric from berth.lease l
			where l.state <> ''destroyed'' and l.state = any ($1) and l.seq > $2 and l.seq <= $3 %s
			order by l.seq limit $4',
			case when scope->>'kind' = 'pool' then 'and l.pool = $5' when scope ? 'pool' then 'and l.pool = $6'
				else '' end || case when scope ? 'holder' then ' and l.holder collate "C" = $7' else '' end)
		using states, coalesce(after_mark, -1), coalesce(watermark, 9223372036854775807), most,
			(scope->>'id')::uuid, (scope->>'pool')::uuid, scope->>'holder';
	end case;
end $$;

-- Returns true if an action is for the leases of its targets, and not for these themselves.
create or replace function berth.acts_on_leases(asked_action text) returns bool
language sql immutable parallel safe return asked_action in ('release', 'delete');

-- Returns true for a scope that means itself alone.
create or replace function berth.means_itself(asked_action text, asked_kind text) returns bool
language sql immutable parallel safe return asked_kind in ('lease', 'command')
	or (asked_kind in ('resource', 'pool') and not berth.acts_on_leases(asked_action));

-- Returns the targets that a scope of a bulk means, after a mark, in the scope's order: the plan of a bulk, its total
-- and its items are all taken from here. Targets that are named one by one, of which there may be thousands, were
-- checked when the bulk began, and can have a generation that was seen.
create or replace function berth.bulk_targets(asked_action text, scope jsonb, after_mark numeric, watermark bigint,
	most bigint)
returns table (kind text, id uuid, mark numeric, generation bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	scope_kind text := scope->>'kind';
	one uuid := case when berth.means_itself(asked_action, scope_kind) then scope->>'id' end;
	seen bigint := scope->>'generation';
	low bigint := coalesce(after_mark, -1);
	high bigint := coalesce(watermark, 9223372036854775807);
begin
	case
	when one is not null and after_mark is not null then
		return;
	when scope_kind = 'lease' then
		return query select scope_kind, l.id, l.seq::numeric, seen from berth.lease l where l.id = one;
	when scope_kind = 'command' then
		return query select scope_kind, c.id, c.seq::numeric, seen from berth.command c where c.id = one;
	when one is not null and scope_kind = 'resource' then
		return query select scope_kind, r.id, r.seq::numeric, seen from berth.resource r where r.id = one;
	when one is not null then
		return query select scope_kind, p.id, p.seq::numeric, seen from berth.pool p where p.id = one;
	when scope_kind in ('resources', 'pools') then
		perform berth.accept(berth.check_scope(scope));
		return query select w.kind, w.id, w.seq::numeric, null::bigint from (
			select 'resource' as kind, r.id, r.seq, r.pool from berth.resource r
			where scope_kind = 'resources' and r.state <> 'destroyed'
			union all
			select 'pool', p.id, p.seq, p.id from berth.pool p where scope_kind = 'pools' and p.destroyed is null) w
		where w.seq > low and w.seq <= high and (not scope ? 'pool' or w.pool = (scope->>'pool')::uuid)
			and not exists (select from berth.unmet_requirements(coalesce(scope->'selector', '[]'), w.id))
		order by w.seq limit most;
	else
		return query select 'lease', m.id, m.mark, null::bigint
		from berth.bulk_leases(scope, after_mark, watermark, most) m;
	end case;
end $$;

-- Begins a bulk: from now on it makes items. Raises invalid_input for scopes that cannot be read.
create or replace function berth.begin_bulk(actor text, asked_command uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb;
	asked_action text;
	expected bigint;
begin
	select arguments->'scopes', action into scopes, asked_action from berth.command where id = asked_command;
	perform berth.accept(berth.check_scopes(scopes));
	-- A lease of a project that is deleted is in the first scope, and also in the pools that go with it; several
	-- targets may mean the same lease. Each is counted once.
	if jsonb_array_length(scopes) = 1 or asked_action = 'delete' then
		select count(*) into expected from berth.bulk_targets(asked_action, scopes->0, null, null, null) m;
	else
		select count(distinct m.id) into expected from jsonb_array_elements(scopes) one,
			berth.bulk_targets(asked_action, one, null, null, null) m;
	end if;
	update berth.command set state = 'running', fanning = true, total = expected, watermark = (
		select last_value from berth.event_seq)
	where id = asked_command and berth.state_is(state, '{queued}');
end $$;

-- Drains the resources of a scope, as many as a chunk has, and returns true if that was all.
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
		perform berth.update_drained_resource(actor, r, c.id);
		drained := drained + 1;
	end loop;
	return drained < chunk;
end $$;

-- Adds an item to a bulk for each of these targets, in their order, and returns the number of those that are new.
create or replace function berth.add_items(c berth.command, kinds text[], targets uuid[], generations bigint[])
returns bigint language sql begin atomic
	with born as (
		insert into berth.command (action, kind, target, lane_kind, lane, hook, author, reason, arguments,
			expect_generation, parent)
		select given.action, t.kind, t.id, lane.kind, lane.id,
			lane.kind = 'lease' and berth.needs_hook(given.action, lane.id), c.author, c.reason, given.arguments,
			t.generation, c.id
		from unnest(kinds, targets, generations) with ordinality as t (kind, id, generation, n)
		cross join lateral (select case t.kind when 'command' then 'lease' else t.kind end as kind,
			berth.serialization_key(t.kind, t.id) as id) lane
		cross join (select case c.action when 'delete' then 'release' else c.action end as action,
			jsonb_strip_nulls(jsonb_build_object('until', c.arguments->'until', 'shorten', c.arguments->'shorten',
				'labels', c.arguments->'labels', 'holder', c.arguments->'holder')) as arguments) given
		order by t.n
		on conflict (parent, target) where parent is not null do nothing
		returning 1
	)
	select count(*) from born;
end;

-- Makes the next items of a bulk, and returns their number. Scopes that mean one target each are taken together.
create or replace function berth.make_children(actor text, c berth.command, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	scopes jsonb := c.arguments->'scopes';
	last_scope int := c.scope;
	reached numeric;
	found_rows bigint;
	inserted bigint;
begin
	while last_scope - c.scope < chunk and berth.means_itself(c.action, scopes->last_scope->>'kind') loop
		last_scope := last_scope + 1;
	end loop;
	last_scope := greatest(last_scope, c.scope + 1);
	select count(*), max(m.mark), berth.add_items(c, array_agg(m.kind order by m.mark), array_agg(m.id order by m.mark),
		array_agg(m.generation order by m.mark))
	into found_rows, reached, inserted
	from generate_series(c.scope, last_scope - 1) n
	-- A pool that is drained keeps no lease, also none that was taken just before.
	cross join lateral berth.bulk_targets(c.action, scopes->n, c.mark, case scopes->n->>'kind' when 'pool' then null
		else c.watermark end, chunk) m;
	if last_scope - c.scope = 1 and found_rows = chunk
		and not berth.means_itself(c.action, scopes->c.scope->>'kind')
	then
		update berth.command set mark = reached, made = made + inserted, total = greatest(total, made + inserted)
			where id = c.id;
	else
		update berth.command
		set scope = last_scope, mark = null, made = made + inserted, fanning = last_scope < jsonb_array_length(scopes),
			total = case when last_scope < jsonb_array_length(scopes) then greatest(total, made + inserted)
				else made + inserted end
		where id = c.id;
	end if;
	return inserted;
end $$;

-- Locks the oldest bulk that has items to make and that nobody holds, and returns it. A bulk stays only a few chunks
-- ahead of what is consumed of it, so that cancelling it has an effect.
create or replace function berth.lock_bulk(chunk bigint) returns setof berth.command language plpgsql
	set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select * from berth.command
	where fanning and berth.state_is(state, '{running}') and made - done < 4 * chunk
	order by seq limit 1 for no key update skip locked;
end $$;

-- Does one step of a bulk, and returns whether something was done.
create or replace function berth.fan_out_step(actor text, c berth.command, chunk bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_that('scopes', jsonb_typeof(c.arguments->'scopes') = 'array', 'a list is needed'));
	if c.scope < jsonb_array_length(c.arguments->'scopes') then
		if berth.acts_on_leases(c.action) and not berth.drain(actor, c, c.arguments->'scopes'->c.scope, chunk) then
			return chunk;
		end if;
		perform berth.make_children(actor, c, chunk);
	else
		update berth.command set fanning = false, total = made where id = c.id;
	end if;
	perform berth.tally(array[c.id], actor);
	return 1;
end $$;

-- Does one step of the oldest bulk, and returns whether something was done. A bulk that cannot go on makes no more
-- items, and ends with those that it has. Raises conflict for a worker that the caller has not started.
create or replace function berth.fan_out(asked_worker text, chunk bigint, token uuid default berth.caller())
	returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	c berth.command;
	words text;
begin
	perform berth.accept_worker(token, asked_worker, berth.check_count('chunk', chunk, 1, 5000));
	begin
		select * into c from berth.lock_bulk(chunk);
		if not found then
			return 0;
		end if;
		return berth.fan_out_step(asked_worker, c, chunk);
	exception when others then
		if c.id is null or not berth.is_permanent(sqlstate) then
			raise;
		end if;
		words := berth.error_text(sqlstate, sqlerrm);
	end;
	perform berth.note_trouble('fan out', 'command', c.id, words);
	update berth.command set fanning = false, total = made, stopped = words
	where id = c.id and berth.state_is(state, '{running}');
	perform berth.tally(array[c.id], asked_worker);
	return 1;
end $$;
