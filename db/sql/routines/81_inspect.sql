-- The worker's inspection: the invariants of `berth doctor`, looked at without rest but a piece at a time, so that a
-- breach becomes an alert by itself. The cost of one round does not depend on how much there is: a piece has `most`
-- things, and at most 100,000 rows that are counted for them. A thing that has more is left to `berth doctor`.

-- Returns true when a round is due. One in the far future is from before the clock was set back.
create or replace function berth.inspection_due() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return (select due <= now() or due > now() + interval '10 minutes' from berth.inspection);
end $$;

-- The most rows that the checks of one piece count.
create or replace function berth.rows_in_round() returns bigint language sql immutable parallel safe return 100000;

-- Returns the part that follows in the inspection, null after the last one. A part that only warns is left out.
create or replace function berth.part_after(asked_part text) returns text
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select p.part from berth.doctor_parts() p join berth.doctor_parts() here on here.part = asked_part
	where p.place > here.place and exists (select from berth.doctor_checks() c
		where c.part = p.part and not berth.only_warns(c.name))
	order by p.place limit 1;
end;

-- Returns the rows that the checks of a part read, with the key of the piece that each belongs to: first the things,
-- one row a key, then the rows that are counted for them. An index has each in the order of the keys.
create or replace function berth.piece_sources(asked_part text) returns table (place bigint, source text, key text,
	counted bool)
language sql immutable parallel safe begin atomic
	select s.place, s.source, s.key, s.counted from (values
		(1, 'resources', 'berth.resource', 'id', false),
		(2, 'resources', 'berth.stripe', 'resource', true),
		(3, 'resources', '(select resource from berth.lease where state <> ''destroyed'' and value is not null)',
			'resource', true),
		(4, 'resources', 'berth.exclusion', 'resource', true),
		(1, 'pools', 'berth.pool', 'id', false),
		(2, 'pools', '(select pool from berth.lease where state = ''pending'')', 'pool', true),
		(3, 'pools', '(select p.id from berth.pool p join berth.lease l on l.pool = p.id
			where p.project is not null and l.state <> ''destroyed'')', 'id', true),
		(1, 'projects', 'berth.project', 'id', false),
		(2, 'projects', 'berth.organization', 'id', false),
		(3, 'projects', '(select project from berth.lease where project is not null and state <> ''destroyed'')',
			'project', true),
		(4, 'projects', '(select organization from berth.project where state <> ''destroyed'')', 'organization', true),
		(1, 'leases', '(select seq from berth.lease where state <> ''destroyed'')', 'seq', false),
		(1, 'labels', 'berth.label', 'target', true),
		(1, 'commands', 'berth.command', 'seq', false),
		(2, 'commands', '(select p.seq from berth.command p join berth.command c on c.parent = p.id
			where p.total is not null)', 'seq', true),
		(1, 'events', 'berth.event', 'target', true),
		(1, 'troubles', 'berth.trouble', 'target', true)) s (place, part, source, key, counted)
	where s.part = asked_part;
end;

-- Returns the key at which a piece after `low` gets too large: the least of which any source has a row that is one too
-- many; null when all that is left is small enough. A source is read only up to what the others have allowed.
create or replace function berth.piece_bound(asked_part text, low text, most bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	s record;
	bound text;
begin
	for s in select * from berth.piece_sources(asked_part) order by place loop
		bound := coalesce(berth.key_between(s.source, s.key, low, bound,
			case when s.counted then berth.rows_in_round() else most end), bound);
	end loop;
	return bound;
end $$;

-- Returns the key before a key, which need not be that of a row; null before the first one.
create or replace function berth.key_before(key text) returns text
language sql immutable parallel safe begin atomic
	select case
		when key ~ '^[0-9]+$' then (key::bigint - 1)::text
		when d.digits <> '' then (left(d.digits, -1)
			|| to_hex(strpos('0123456789abcdef', right(d.digits, 1)) - 2)
			|| repeat('f', 32 - length(d.digits)))::uuid::text end
	from (select rtrim(replace(key, '-', ''), '0') as digits) d;
end;

-- Returns a key as breaches have it: their order as text is that of the keys.
create or replace function berth.key_in_order(key text) returns text
language sql immutable parallel safe return case when key ~ '^[0-9]+$' then lpad(key, 19, '0') else key end;

-- Returns the key of the piece that finds a breach of this thing.
create or replace function berth.key_of_breach(asked_part text, kind text, asked_target uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp return berth.key_in_order(case
	when asked_part = 'leases' then (select seq::text from berth.lease where id = asked_target)
	when asked_part = 'commands' then (select seq::text from berth.command where id = asked_target)
	when asked_part = 'resources' and kind = 'lease' then (
		select resource::text from berth.lease where id = asked_target)
	when asked_part = 'pools' and kind = 'lease' then (select pool::text from berth.lease where id = asked_target)
	else asked_target::text end);

-- Checks a piece and keeps its breaches: one that is known keeps its time. Forgets those of it that are mended. All
-- keys come after '' and before 'g'.
create or replace function berth.inspect_piece(asked_part text, low text, high text) returns void
language sql set search_path = pg_catalog, pg_temp begin atomic
	with found as materialized (
		select distinct on (b.name, b.target) b.name, b.kind, b.target, left(b.example, 500) as example
		from berth.doctor_breaches(asked_part, low, high) b
		where not berth.only_warns(b.name) order by b.name, b.target, b.example
	), mended as (
		delete from berth.breach b where b.part = asked_part
			and b.key > coalesce(berth.key_in_order(low), '') and b.key <= coalesce(berth.key_in_order(high), 'g')
			and not exists (select from found f where f.name = b.name and f.target = b.target)
	)
	insert into berth.breach as b (part, key, name, kind, target, example)
	select asked_part, berth.key_of_breach(asked_part, kind, target), name, kind, target, example from found
	on conflict on constraint breach_pkey do update set key = excluded.key, kind = excluded.kind,
		example = excluded.example, seen = now(), since = least(b.since, now());
end;

-- Looks again at things that are known to be broken, each as a piece of its own, however large, those first that were
-- looked at longest ago.
create or replace function berth.inspect_again(most bigint) returns void
language sql set search_path = pg_catalog, pg_temp begin atomic
	select berth.inspect_piece(b.part, berth.key_before(b.key), b.key)
	from (select part, key from berth.breach group by part, key order by min(seen) limit most) b;
end;

-- Looks at the next piece of a part after a key. Returns the key up to which it has come, null at the end of the part.
-- A thing that is too large by itself is passed.
create or replace function berth.inspect_next(part text, after text, most bigint) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	bound text := berth.piece_bound(part, after, most);
	high text := berth.key_before(bound);
begin
	if bound is not null and high is not distinct from after then
		return bound;
	end if;
	perform berth.inspect_piece(part, after, high);
	return high;
end $$;

-- Does a round, unless another worker does: goes on until a piece ends inside of its part. A pass through all parts is
-- followed by a pause, and a round by one of fifty times as long: it takes 2 % of one session.
create or replace function berth.inspect(most bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	began timestamptz := clock_timestamp();
	here berth.inspection;
begin
	select * into here from berth.inspection where berth.inspection_due() for update skip locked;
	if not found then
		return;
	end if;
	perform berth.inspect_again(20);
	loop
		here.key := berth.inspect_next(here.part, here.key, most);
		exit when here.key is not null;
		here.part := berth.part_after(here.part);
		exit when here.part is null;
	end loop;
	update berth.inspection
	set part = coalesce(here.part, 'resources'), key = here.key,
		due = now() + greatest(
			case when here.part is null then interval '1 minute' else interval '2 seconds' end,
			least(50 * (clock_timestamp() - began), interval '5 minutes'));
end $$;
