-- Requests that are repeated: an id stands for one request. The same request again gets the same answer, another
-- request with the id is refused, and a replay that asks for other terms is told which of them differ.

-- Raises id_conflict, naming what the id was used for and what is asked for now.
create or replace function berth.refuse_used_id(asked_id uuid, existing jsonb, asked jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('id_conflict', format('id %s was used for %s %s, now %s %s was asked for', asked_id,
			existing->>'action', coalesce(existing->>'target', 'several'), asked->>'action',
			coalesce(asked->>'target', 'several') || case when existing->>'action' = asked->>'action'
				and existing->>'target' = asked->>'target' then ' with other content' else '' end),
		jsonb_build_object('existing', existing, 'asked', asked));
end $$;

-- Returns what has an id already, other than one of `own`, 'request' or 'command', as {"action", "target"}; else null.
create or replace function berth.id_owner(asked_id uuid, own text) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return coalesce(
		(select jsonb_build_object('action', 'allocate', 'target', 'lease/' || l.id) from berth.lease l
			where l.id = asked_id),
		(select jsonb_build_object('action', r.action, 'target', r.target)
			from berth.request r where r.id = asked_id and own <> 'request'),
		(select jsonb_build_object('action', c.action, 'target', berth.target_text(c.kind, c.target, c.arguments))
			from berth.command c where c.id = asked_id and own <> 'command'));
end $$;

-- Returns true if a name stands for what a request was about. A pool is known by all names that it ever had, unless a
-- live pool has the name now.
create or replace function berth.names_target(r berth.request, asked text) returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return coalesce(r.pool = any (berth.pools_named(asked)), false) or (r.target = asked and not exists (
		select from berth.former_name f join berth.pool p on p.name = f.name and p.destroyed is null
		where f.name = asked and f.pool = r.pool and p.id <> f.pool));
end $$;

-- Returns the answer that a request with this id got before, or null when it is new; a new one is remembered. Raises
-- id_conflict for another request with the id. `former` is the digest by which an earlier version recognized the
-- request.
create or replace function berth.replayed(asked_id uuid, asked_action text, asked_target text, asked_digest text,
	former text default null)
returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	r berth.request;
	asked jsonb := jsonb_build_object('action', asked_action, 'target', asked_target);
	owner jsonb;
begin
	select * into r from berth.request where id = asked_id;
	if not found then
		-- The second of two waits here until the first has ended.
		insert into berth.request (id, action, target, digest, answer)
		values (asked_id, asked_action, asked_target, asked_digest, 'null')
		on conflict on constraint request_pkey do nothing;
		if not found then
			return berth.replayed(asked_id, asked_action, asked_target, asked_digest, former);
		end if;
		owner := berth.id_owner(asked_id, 'request');
		if owner is not null then
			perform berth.refuse_used_id(asked_id, owner, asked);
		end if;
		return null;
	end if;
	if r.action <> asked_action or not berth.names_target(r, asked_target)
		or r.digest not in (asked_digest, coalesce(former, asked_digest))
	then
		perform berth.refuse_used_id(asked_id, jsonb_build_object('action', r.action, 'target', r.target), asked);
	end if;
	return r.answer;
end $$;

-- Keeps the answer of a request for replays.
create or replace function berth.remember(asked_id uuid, asked_answer jsonb, asked_pool uuid default null) returns void
language sql begin atomic
	update berth.request set answer = asked_answer, pool = asked_pool where id = asked_id;
end;

-- Begins a batch. A repeated batch with the same content continues to its lines, each of which is answered as before.
-- Returns when the batch was done before, or null. `asked_places` tells where the commands are in the file, from which
-- the ids of the lines are derived. Raises id_conflict for other content, or for commands on other lines, with their
-- earlier places.
create or replace function berth.batch_begin(asked_id uuid, asked_digest text, asked_places text) returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	answer jsonb;
begin
	perform berth.accept(coalesce(
		berth.check_id('id', asked_id),
		berth.check_that('digest', asked_digest ~ '^[0-9a-f-]{36}$', 'the digest of a batch is needed'),
		berth.check_that('places', asked_places ~ '^([0-9]{1,18}[+][0-9]{1,18}(,[0-9]{1,18}[+][0-9]{1,18})*)?$',
			'the places of its commands are needed')));
	-- In a read-only transaction each line finds what it requests, or is refused by itself.
	if current_setting('transaction_read_only')::bool and not exists (select from berth.request where id = asked_id)
		then
		return null;
	end if;
	answer := berth.replayed(asked_id, 'batch', 'file', asked_digest);
	if answer is null then
		perform berth.remember(asked_id, jsonb_build_object('places', asked_places));
		return null;
	elsif answer->>'places' <> asked_places then
		perform berth.refuse('id_conflict',
			format('batch %s was sent before with its commands on other lines', asked_id), answer);
	end if;
	return (select at from berth.request where id = asked_id);
end $$;

-- Refuses new leases: raises id_conflict for ids that are another request's already, or leases derived from another id,
-- and invalid_input, constraint lease_until_ahead, for an end in the past. A replay of a lease that has ended is
-- answered.
create or replace function berth.refuse_spent(asked_ids uuid[], asked_pool text, asked_until timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	existing jsonb;
begin
	select jsonb_build_object('action', r.action, 'target', r.target) into existing from (
		select action, target from berth.request where id = any (asked_ids)
		union all
		select action, berth.target_text(kind, target, arguments) from berth.command where id = any (asked_ids)
		union all
		select 'allocate', 'lease/' || l.id from berth.lease l
		where l.id = any (asked_ids[2:]) and not exists (select from berth.lease f where f.id = asked_ids[1])) r
			limit 1;
	if found then
		perform berth.refuse('id_conflict', format('id %s was used for %s %s, now allocate %s was asked for',
			asked_ids[1],
				existing->>'action', existing->>'target', asked_pool),
			jsonb_build_object('existing', existing,
				'asked', jsonb_build_object('action', 'allocate', 'target', 'pool/' || asked_pool)));
	elsif asked_until <= now() then
		-- By the constraint the program knows which option it was.
		perform berth.refuse('invalid_input', 'the end of the lease is in the past', broken => 'lease_until_ahead');
	end if;
end $$;

-- Returns the leases that these ids have, as the answer of a replay. Raises id_conflict if the request was another one,
-- or its lease was released.
create or replace function berth.allocate_replay(asked_ids uuid[], asked_pool text, asked_project text,
	asked_holder text, asked_until timestamptz, asked_duration bigint, asked_priority bigint, asked_labels jsonb,
	asked_detail jsonb, asked_resource uuid default null, asked_value numeric default null,
		asked_text text default null)
returns setof berth.lease_view language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	count int := cardinality(asked_ids);
	l berth.lease;
	v berth.lease_view;
	clash text;
	differs jsonb;
begin
	select * into l from berth.lease where id = asked_ids[1];
	select * into v from berth.lease_view where id = asked_ids[1];
	clash := case
		when l.pool <> all (berth.pools_named(asked_pool)) then format('it is in pool %s, not %s', v.pool, asked_pool)
		when l.state = 'destroyed' or l.state = 'released'
			then format('it was released %s; the id of a released lease is spent',
				berth.time_text(coalesce(l.released, l.destroyed)))
		when asked_value is not null
			and (l.resource is distinct from asked_resource or l.value is distinct from asked_value)
			then format('it does not hold %s', asked_text)
		when v.project is distinct from asked_project and asked_project is not null
			then format('it is of %s, not of %s', coalesce('project ' || v.project, 'no project'), asked_project)
		when l.parts <> count then format('it was asked for with --count %s, not %s', l.parts, count)
	end;
	if clash is not null then
		perform berth.refuse('id_conflict', format('lease %s exists: %s', l.id, clash),
			jsonb_build_object(
				'existing', jsonb_build_object('id', v.id, 'pool', v.pool,
					'value', berth.held_text(v.kind, v.host, v.value, v.unit), 'project', v.project, 'state', v.state,
					'count', l.parts),
				'asked', jsonb_build_object('id', l.id, 'pool', asked_pool, 'value', asked_text, 'project',
					asked_project,
					'count', count)));
	end if;
	-- All leases of one request were asked for with the same terms.
	differs := berth.lease_differs(l, asked_holder, asked_until, asked_duration, asked_priority, asked_labels,
		asked_detail);
	for v in select w.* from unnest(asked_ids) with ordinality as asked (id, n) join berth.lease_view w using (id)
		order by n
	loop
		v.replayed := true;
		v.differs := differs;
		return next v;
	end loop;
end $$;

-- Returns the lease of one id, as the answer of a replay: the pool has it, and `kind` and `unit` are the pool's. A
-- request that differs in nothing from the one that made this very lease, without labels and project, is answered by
-- one look; berth.allocate_replay() answers all others. Raises what that raises.
create or replace function berth.allocate_again(asked_id uuid, asked_pool text, asked_pool_id uuid, asked_kind text,
	asked_unit text, asked_project text, asked_holder text, asked_until timestamptz, asked_duration bigint,
	asked_priority bigint, asked_labels jsonb, asked_detail jsonb)
returns setof berth.lease_view language plpgsql stable set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_generic_plan as $$
begin
	return query select l.id, l.seq, asked_pool, asked_kind, true, l.value,
		case when asked_kind = 'host' then (select r.host from berth.resource r where r.id = l.resource) else '' end,
		asked_unit, l.resource, l.state, l.holder, null::text, l.priority::bigint, l.until, l.created, l.acquired,
		l.activated, l.released, l.destroyed, l.generation, l.created_by, '{}'::jsonb, true, null::jsonb
	from berth.lease l
	where l.id = asked_id and l.pool = asked_pool_id and l.parts = 1 and l.project is null and l.generation = 1
		and berth.state_is(l.state, '{acquired, active, broken}')
		and coalesce(l.holder = asked_holder, true) and coalesce(l.priority = asked_priority, true)
		and num_nonnulls(asked_until, asked_duration, asked_labels, asked_project, asked_detail->'reason') = 0
		and not exists (select from berth.label where target = l.id);
	if not found then
		return query select * from berth.allocate_replay(array[asked_id], asked_pool, asked_project, asked_holder,
			asked_until, asked_duration, asked_priority, asked_labels, asked_detail);
	end if;
end $$;

-- Returns the labels that a lease was created with: those of today, with each change taken back.
create or replace function berth.labels_at_birth(asked_lease uuid) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	labels jsonb := berth.metadata('label', asked_lease);
	e record;
begin
	for e in select before->'labels' as gone, after->'labels' as made from berth.event
		where kind = 'lease' and target = asked_lease and before ? 'labels' order by seq desc
	loop
		labels := (labels - array(select jsonb_object_keys(e.made))) || e.gone;
	end loop;
	return labels;
end $$;

-- Returns the end that a lease was requested with: a time as text, 'null' for no end, or a number of microseconds. It
-- is a number if durations are compared and nothing else is known: a pending lease has a duration, which begins with
-- its value. Returns null if the duration was removed while the lease was pending: then the end is unknown.
create or replace function berth.end_at_birth(l berth.lease, by_duration bool) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	e berth.event;
	born timestamptz := l.until;
begin
	select * into e from berth.event where kind = 'lease' and target = l.id and before ? 'until' order by seq limit 1;
	if found then
		born := berth.time_of(e.before->>'until');
	end if;
	return case
		when born is null and l.duration is null and e.after->>'state' = 'pending' then null
		when born is null then coalesce(to_jsonb(l.duration), 'null')
		when by_duration and l.acquired = l.created
			then to_jsonb((extract(epoch from born - l.created) * 1000000)::bigint)
		else to_jsonb(berth.time_exact(born)) end;
end $$;

-- Returns the terms in which a replay differs from the request for a lease, as {"holder": the first holder}, or null
-- for none. Terms that the replay leaves open are null, and not compared. Changed terms are compared as they were at
-- first.
create or replace function berth.lease_differs(l berth.lease, asked_holder text, asked_until timestamptz,
	asked_duration bigint, asked_priority bigint, asked_labels jsonb, asked_detail jsonb)
returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	differs jsonb := '{}';
	born jsonb;
begin
	if asked_holder is not null then
		if asked_holder <> berth.first_holder(l.id, l.holder) then
			differs := jsonb_build_object('holder', berth.first_holder(l.id, l.holder));
		end if;
	end if;
	if asked_until is not null or asked_duration is not null then
		born := berth.end_at_birth(l, asked_duration is not null);
		if born <> coalesce(to_jsonb(berth.time_exact(nullif(asked_until, 'infinity'))), to_jsonb(asked_duration),
			'null')
		then
			differs := differs || jsonb_build_object('until', born);
		end if;
	end if;
	if asked_priority <> l.priority then
		differs := differs || jsonb_build_object('priority', l.priority);
	end if;
	if asked_labels is not null then
		born := berth.labels_at_birth(l.id);
		if asked_labels <> born then
			differs := differs || jsonb_build_object('labels', born);
		end if;
	end if;
	if asked_detail->>'reason' <> coalesce(l.detail->>'reason', '') then
		differs := differs || jsonb_build_object('reason', coalesce(l.detail->>'reason', ''));
	end if;
	return nullif(differs, '{}');
end $$;

-- Returns the terms in which a replay differs from the request for a command, in the same form. The grace of commands
-- from before graces were kept is not compared.
create or replace function berth.command_differs(c berth.command, asked_reason text, asked_grace bigint,
	asked_generation bigint, asked_shorten bool)
returns jsonb language sql stable return (
	select jsonb_object_agg(field, first) from (values
		('reason', to_jsonb(c.reason), asked_reason <> c.reason),
		('grace', c.arguments->'grace', asked_grace <> (c.arguments->>'grace')::bigint),
		('expect_generation', coalesce(to_jsonb(c.expect_generation), 'null'),
			asked_generation is not null and asked_generation is distinct from c.expect_generation),
		('force', 'false', asked_shorten and not c.arguments ? 'shorten')
	) compared (field, first, differs) where differs);
