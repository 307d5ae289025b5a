-- Every invariant, recomputed from what it is about: at once, or piece by piece.

-- Returns the parts of the check in their order: what the key of a piece is taken from, and about how many rows that
-- has.
create or replace function berth.doctor_parts() returns table (place bigint, part text, source text, key text,
	rows bigint)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select p.place, p.part, p.source, p.key, coalesce(berth.rows_about(to_regclass(p.weight)), 0)
	from (values
		(1, 'resources', 'berth.stripe', 'resource', 'berth.lease_held'),
		(2, 'pools', 'berth.pool', 'id', 'berth.pool_pkey'),
		(3, 'projects', 'berth.project', 'id', 'berth.project_pkey'),
		(4, 'leases', '(select seq from berth.lease where state <> ''destroyed'')', 'seq', 'berth.lease_live'),
		(5, 'labels', 'berth.label', 'target', 'berth.label_pkey'),
		(6, 'commands', 'berth.command', 'seq', 'berth.command_seq'),
		(7, 'events', 'berth.event', 'target', 'berth.event_target'),
		(8, 'troubles', 'berth.trouble', 'target', 'berth.trouble_pkey'),
		(9, 'indexes', null, null, null),
		(10, 'overdue', null, null, null)) p (place, part, source, key, weight);
end;

-- Returns the names of the checks in the order in which they are told, and the part that each belongs to.
create or replace function berth.doctor_checks() returns table (place bigint, part text, name text)
language sql immutable parallel safe begin atomic
	select c.place, c.part, c.name from (values (1, 'resources', 'used_is_held'),
		(2, 'resources', 'resting_is_counted'), (3, 'pools', 'waiting_is_counted'),
		(4, 'resources', 'held_is_not_free'),
		(5, 'resources', 'held_once'),
		(6, 'resources', 'stripes_tile_resource'), (7, 'resources', 'room_is_free'),
		(8, 'resources', 'usable_is_active'), (9, 'resources', 'lease_in_resource'),
		(10, 'resources', 'resource_in_pool'), (11, 'commands', 'nothing_open_on_finished'),
		(12, 'leases', 'released_has_a_reason'), (13, 'leases', 'acquired_has_a_reason'),
		(14, 'leases', 'broken_has_a_reason'), (15, 'events', 'released_once'), (16, 'commands', 'claims_are_whole'),
		(17, 'commands', 'progress_adds_up'), (18, 'troubles', 'nothing_is_stuck'),
		(19, 'resources', 'drained_is_destroyed'), (20, 'labels', 'labels_stand_by_birth'),
		(21, 'projects', 'projects_are_counted'), (22, 'projects', 'leases_are_charged'),
		(23, 'projects', 'deleted_is_empty'), (24, 'projects', 'deleting_has_a_reason'),
		(25, 'pools', 'project_gives_to_its_own'), (26, 'indexes', 'indexes_valid'),
		(27, 'troubles', 'given_up'), (28, 'overdue', 'overdue'), (29, 'resources', 'excluded_is_kept'),
		(30, 'resources', 'excluded_is_told')) c (place, part, name);
end;

-- Returns true for a check that warns: it is ok, however much it finds.
create or replace function berth.only_warns(name text) returns bool
language sql immutable parallel safe return name in ('given_up', 'overdue');

-- Checks everything. Each row: a name, how many breaches there are, and up to five of them. One statement: one moment.
create or replace function berth.doctor() returns table (name text, ok bool, found bigint, examples jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	with breach as (
		select * from berth.doctor_counts(null, null) union all
		select * from berth.doctor_stripes(null, null) union all
		select * from berth.doctor_values(null, null) union all
		select * from berth.doctor_exclusions(null, null) union all
		select * from berth.doctor_resources(null, null) union all
		select * from berth.doctor_pools(null, null) union all
		select * from berth.doctor_projects(null, null) union all
		select * from berth.doctor_leases(null, null) union all
		select * from berth.doctor_labels(null, null) union all
		select * from berth.doctor_commands(null, null) union all
		select * from berth.doctor_bulks(null, null) union all
		select * from berth.doctor_events(null, null) union all
		select * from berth.doctor_troubles(null, null) union all
		select * from berth.doctor_indexes() union all
		select * from berth.doctor_overdue()
	)
	select c.name, count(b.example) = 0 or berth.only_warns(c.name), count(b.example),
		coalesce(jsonb_agg(b.example) filter (where b.n <= 5), '[]')
	from berth.doctor_checks() c
	left join (select *, row_number() over (partition by breach.name) as n from breach) b on b.name = c.name
	group by c.name, c.place order by c.place;
end;

-- Returns a key of a source: of the row that `skip` others come before, of those with keys after `low` and before
-- `bound`; null when there are fewer. Null bounds nothing. An index has the keys in their order.
create or replace function berth.key_between(source text, key text, low text, bound text, skip bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_sort = off
	set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
	found_key text;
begin
	execute format('select t.%1$I from %2$s t where %3$s and %4$s order by t.%1$I offset $1 limit 1', key, source,
		case when low is null then 'true' else format('t.%I > %L', key, low) end,
		case when bound is null then 'true' else format('t.%I < %L', key, bound) end) into found_key using skip;
	return found_key;
end $$;

-- Returns the end of the piece that begins after `low`: the key of about the `most`-th row after it, or null when there
-- are fewer. Rows with one key stay together.
create or replace function berth.piece_end(asked_part text, low text, most bigint) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select berth.key_between(d.source, d.key, low, null, most - 1)
	from berth.doctor_parts() d where d.part = asked_part and d.source is not null);

-- Returns the breaches of a piece.
create or replace function berth.doctor_breaches(asked_part text, low text, high text)
returns setof berth.breached
language plpgsql stable set search_path = pg_catalog, pg_temp
	set plan_cache_mode = force_custom_plan set enable_seqscan = off set enable_hashjoin = off set jit = off as $$
begin
	case asked_part
	when 'resources' then
		return query select * from berth.doctor_counts(low::uuid, high::uuid);
		return query select * from berth.doctor_stripes(low::uuid, high::uuid);
		return query select * from berth.doctor_values(low::uuid, high::uuid);
		return query select * from berth.doctor_exclusions(low::uuid, high::uuid);
		return query select * from berth.doctor_resources(low::uuid, high::uuid);
	when 'pools' then
		return query select * from berth.doctor_pools(low::uuid, high::uuid);
	when 'projects' then
		return query select * from berth.doctor_projects(low::uuid, high::uuid);
	when 'leases' then
		return query select * from berth.doctor_leases(low::bigint, high::bigint);
	when 'labels' then
		return query select * from berth.doctor_labels(low::uuid, high::uuid);
	when 'commands' then
		return query select * from berth.doctor_commands(low::bigint, high::bigint);
		return query select * from berth.doctor_bulks(low::bigint, high::bigint);
	when 'events' then
		return query select * from berth.doctor_events(low::uuid, high::uuid);
	when 'troubles' then
		return query select * from berth.doctor_troubles(low::uuid, high::uuid);
	when 'indexes' then
		return query select * from berth.doctor_indexes();
	when 'overdue' then
		return query select * from berth.doctor_overdue();
	end case;
end $$;

-- Returns how much of a part comes before a key, from 0 to 1: ids are spread evenly, and places are as numerous as the
-- last one tells.
create or replace function berth.piece_share(key text) returns float8
language sql stable return case
	when key is null then 1
	when key ~ '^[0-9]+$' then least(key::float8 / greatest((select last_value from berth.event_seq), 1), 1)
	else ('x' || left(key, 8))::bit(32)::bigint / 4294967296.0 end;

-- Checks the piece of a part that begins after a key, of about `most` rows; null begins. Returns a row for each check
-- of the part, and more rows of a check for up to five examples; all tell the place to go on, null at the end, and
-- the share of the whole that is checked by then.
create or replace function berth.doctor_piece(asked_part text, after text, most bigint)
returns table (place bigint, name text, ok bool, found bigint, example text, next_part text, next_after text,
	share float8)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	here text := coalesce(asked_part, 'resources');
	high text;
	progress float8;
	following text;
begin
	perform berth.accept(coalesce(
		berth.check_word('part', here, array(select d.part from berth.doctor_parts() d)),
		berth.check_that('after', after is null or case when here in ('leases', 'commands') then after ~ '^[0-9]{1,18}$'
			else berth.id_of(after) is not null end, 'a key of the part is needed'),
		berth.check_count('most', most, 1, 1000000000)));
	high := berth.piece_end(here, after, most);
	select (sum(d.rows) filter (where d.place < p.place) + p.rows * berth.piece_share(high))
			/ greatest(sum(d.rows), 1), min(d.part) filter (where d.place = p.place + 1)
	into progress, following
	from berth.doctor_parts() p cross join berth.doctor_parts() d where p.part = here group by p.place, p.rows;
	return query with breach as (
		select b.*, row_number() over (partition by b.name) as n, count(*) over (partition by b.name) as total
		from berth.doctor_breaches(here, after, high) b
	)
	select c.place, c.name, b.total is null or berth.only_warns(c.name), coalesce(b.total, 0), b.example,
		case when high is null then following else here end, high, coalesce(progress, 0)
	from berth.doctor_checks() c left join breach b on b.name = c.name and b.n <= 5
	where c.part = here order by c.place, b.n;
end $$;
