-- The worker's inspection: the invariants of `berth doctor`, looked at without rest but a few things at a time, so that
-- a breach becomes an alert by itself. What one round costs does not depend on how much there is: it looks at `most`
-- things, and counts at most 100,000 leases for them. A thing that has more is left to `berth doctor`.

-- Returns true when a round is due. One in the far future is from before the clock was set back.
create or replace function berth.inspection_due() returns bool language sql stable return (
	select due <= now() or due > now() + interval '10 minutes' from berth.inspection);

-- The parts in their order. The last word names the checks.
create or replace function berth.inspection_parts() returns text[] language sql immutable parallel safe return
	array['resources', 'leases', 'past leases', 'commands', 'pools', 'projects', 'organizations', 'work', 'indexes'];

-- Returns the breaches that these checks find among these things. The statement is planned for them, not cached.
create or replace function berth.breaches_of(checks text, ids uuid[]) returns setof berth.breached
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query execute format('select * from berth.%I($1) where name <> ''given_up''', 'broken_' || checks) using ids;
end $$;

-- Returns the next things of a part after a mark, up to `most`, each with its mark.
create or replace function berth.things_after(part text, mark text, most bigint)
returns table (id uuid, at text) language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
	after uuid := case when part not in ('leases', 'past leases', 'commands') then mark::uuid end;
	later bigint := case when part in ('leases', 'past leases', 'commands') then coalesce(mark::bigint, -1) end;
begin
	after := coalesce(after, '00000000-0000-0000-0000-000000000000');
	case part
	when 'resources' then
		-- Also those that have only stripes left.
		return query select u.id, u.id::text from (
			(select r.id from berth.resource r where r.id > after and r.state <> 'destroyed' order by r.id limit most)
			union
			(select distinct s.resource from berth.stripe s where s.resource > after order by s.resource limit most)) u
		order by u.id limit most;
	when 'leases' then
		return query select l.id, l.seq::text from berth.lease l
		where l.seq > later and l.state <> 'destroyed' order by l.seq limit most;
	when 'past leases' then
		return query select l.id, l.seq::text from berth.lease l
		where l.seq > later and l.state = 'destroyed' order by l.seq limit most;
	when 'commands' then
		return query select c.id, c.seq::text from berth.command c where c.seq > later order by c.seq limit most;
	when 'pools' then
		return query select p.id, p.id::text from berth.pool p where p.id > after order by p.id limit most;
	when 'projects' then
		return query select j.id, j.id::text from berth.project j where j.id > after order by j.id limit most;
	when 'organizations' then
		return query select o.id, o.id::text from berth.organization o where o.id > after order by o.id limit most;
	when 'work' then
		return query select distinct t.target, t.target::text from berth.trouble t
		where t.target > after order by t.target limit most;
	when 'indexes' then
		return query select after, after::text where mark is null;
	end case;
end $$;

-- The most rows that the checks of one round count.
create or replace function berth.rows_in_round() returns bigint language sql immutable parallel safe return 100000;

-- Returns how many rows the checks of a thing count, up to one more than `most`.
create or replace function berth.rows_of(part text, asked uuid, most bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
begin
	return case part
		when 'resources' then (select count(*) from (select from berth.lease
			where resource = asked and state <> 'destroyed' and value is not null limit most + 1) l)
		when 'pools' then (select count(*) from (select from berth.lease
			where pool = asked and state = 'pending' limit most + 1) l)
		when 'projects' then (select count(*) from (select from berth.lease
			where project = asked and state <> 'destroyed' limit most + 1) l)
		when 'commands' then (select count(*) from (select from berth.command where parent = asked limit most + 1) c)
		else 1 end;
end $$;

-- Keeps the breaches among these things: one that is known keeps its time. Forgets those of them that are mended.
create or replace function berth.note_breaches(asked_checks text, ids uuid[]) returns void
language sql begin atomic
	with found as materialized (
		select distinct on (name, target) name, kind, target, left(example, 500) as example
		from berth.breaches_of(asked_checks, ids) order by name, target, example
	), mended as (
		delete from berth.breach b where b.checks = asked_checks and b.target = any (ids)
			and not exists (select from found f where f.name = b.name and f.target = b.target)
	)
	insert into berth.breach as b (checks, name, kind, target, example)
	select asked_checks, name, kind, target, example from found
	on conflict on constraint breach_pkey do update set example = excluded.example, seen = now(),
		since = least(b.since, now());
end;

-- Looks again at things that are known to be broken, those first that were looked at longest ago.
create or replace function berth.inspect_again(most bigint) returns void
language sql begin atomic
	select berth.note_breaches(b.checks, array_agg(distinct b.target))
	from (select checks, target from berth.breach order by seen limit most) b group by b.checks;
end;

-- Looks at the next things of a part after the mark, up to `most`, as far as `room` for the rows to count goes. Returns
-- how many it was, the new mark, null if there are no more, and the room that is left.
create or replace function berth.inspect_part(part text, inout mark text, most bigint, inout room bigint,
	out seen bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	ids uuid[] := '{}';
	thing record;
	n bigint;
	limited bool := false;
begin
	seen := 0;
	for thing in select * from berth.things_after(part, mark, most) loop
		n := berth.rows_of(part, thing.id, berth.rows_in_round());
		limited := n > room and n <= berth.rows_in_round();
		exit when limited;
		seen := seen + 1;
		mark := thing.at;
		if n <= berth.rows_in_round() then
			ids := ids || thing.id;
			room := room - n;
		end if;
	end loop;
	if ids <> '{}' then
		perform berth.note_breaches(split_part(part, ' ', -1), ids);
	end if;
	if limited then
		room := 0;
	elsif seen < most then
		mark := null;
	end if;
end $$;

-- Does a round, unless another worker does: goes on from the mark until `most` things have been looked at. A pass
-- through all parts is followed by a pause, and a round by one of fifty times as long: it takes 2 % of one session.
create or replace function berth.inspect(most bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	parts text[] := berth.inspection_parts();
	room bigint := berth.rows_in_round();
	began timestamptz := clock_timestamp();
	missing bigint := most;
	place berth.inspection;
	one record;
begin
	select * into place from berth.inspection where berth.inspection_due() for update skip locked;
	if not found then
		return;
	end if;
	perform berth.inspect_again(20);
	while missing > 0 and room > 0 and place.part <= cardinality(parts) loop
		select * into one from berth.inspect_part(parts[place.part], place.mark, missing, room);
		missing := missing - one.seen;
		room := one.room;
		place.mark := one.mark;
		place.part := place.part + case when one.mark is null then 1 else 0 end;
	end loop;
	update berth.inspection
	set part = case when place.part > cardinality(parts) then 1 else place.part end, mark = place.mark,
		due = now() + greatest(
			case when place.part > cardinality(parts) then interval '1 minute' else interval '2 seconds' end,
			least(50 * (clock_timestamp() - began), interval '5 minutes'));
end $$;
