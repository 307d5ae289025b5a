-- Following the history: each event once, whenever its transaction commits.
--
-- Numbers are drawn before the commit, so a number may appear behind higher ones, seconds or hours later. What has been
-- shown is therefore not known by a number, but by a snapshot: all that it saw. New is what a later one sees and that
-- one did not; each row has the transaction that wrote it (`born`). Nothing here looks at a clock.

-- What this statement sees. A standby does not know which transactions are under way: there it is what was settled
-- before the oldest of them.
create or replace function berth.sight() returns pg_snapshot language sql stable return
	case when pg_is_in_recovery() then format('%1$s:%1$s:', pg_snapshot_xmin(pg_current_snapshot()))::pg_snapshot
		else pg_current_snapshot() end;

-- An id that no transaction has yet: the server refuses to tell of those. It is the next one, or a little more.
create or replace function berth.xid_ahead() returns xid8 language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	base bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
	step bigint := 1;
begin
	loop
		perform pg_xact_status((base + step - 1)::text::xid8);
		step := 2 * step;
	end loop;
exception
	when invalid_parameter_value then
		return (base + step - 1)::text::xid8;
end $$;

-- The oldest transaction that one snapshot did not see and the other one does, or an older one.
create or replace function berth.oldest_new(seen pg_snapshot, sight pg_snapshot) returns xid8
language sql immutable return coalesce(
	(select x from pg_snapshot_xip(seen) x where pg_visible_in_snapshot(x, sight) order by x limit 1), pg_snapshot_xmax(seen));

-- Marks [id, seq], oldest first: transactions from this id on draw only higher numbers. Of those that are behind every
-- transaction under way the last one is enough, and of the others some: without one more is looked through.
create or replace function berth.fewer_marks(marks jsonb, seen pg_snapshot) returns jsonb language sql immutable return (
	with m as (
		select mark, n, (mark->>0)::xid8 <= pg_snapshot_xmin(seen) as behind, jsonb_array_length(marks) as count
		from jsonb_array_elements(marks) with ordinality as m (mark, n)
	)
	select coalesce(jsonb_agg(mark order by n), '[]') from m
	where n >= (select coalesce(max(n) filter (where behind), 0) from m) and (count <= 64 or n % 2 = count % 2 or behind));

-- Whether that is a place which berth.event_news() can have given; a check of 17_arguments.sql.
create or replace function berth.check_news(place jsonb) returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform (place->>'seen')::pg_snapshot, (place->>'sight')::pg_snapshot, (place->>'from')::bigint, (place->>'top')::bigint,
		(place->>'edge')::bigint;
	-- Before PostgreSQL 16 any text is taken for a transaction's id.
	return berth.check_that('place', jsonb_typeof(place) = 'object' and not exists (
		select from jsonb_array_elements(place->'marks') m where coalesce(m->>0 !~ '^[0-9]{1,19}$' or (m->>1)::bigint < 0, true)),
		'it is none that was given');
exception
	when data_exception then
		return 'place: it is none that was given';
end $$;

-- Up to `most` events that were not shown yet, in their order, and behind them a row that is no event (its seq is 0)
-- with the `place` for the next call in `after`. The first call has none: it begins with the last ones if `newest`, else
-- behind `edge`. As long as pages are full they are of one snapshot, and in one order.
--
-- `place`: `seen`, the snapshot of what was shown; `sight` and `edge`, that of a pass which goes on, and how far it has
-- come; `top`, the highest number shown; `from`, where all began; `marks`.
create or replace function berth.event_news(asked_kind text, asked_target uuid, edge bigint, since timestamptz, newest bool,
	most bigint, place jsonb)
returns setof berth.event_view language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	sight pg_snapshot;
	seen pg_snapshot;
	origin bigint;
	start bigint;
	top bigint;
	marks jsonb;
	oldest xid8;
	reached bigint;
	n bigint := 0;
	e berth.event_view;
begin
	perform berth.accept(coalesce(
		berth.check_events(asked_kind, newest, most),
		case when place is not null then berth.check_news(place) end));
	sight := coalesce((place->>'sight')::pg_snapshot, berth.sight());
	seen := (place->>'seen')::pg_snapshot;
	origin := coalesce((place->>'from')::bigint, edge, 0);
	top := coalesce((place->>'top')::bigint, 0);
	marks := coalesce(place->'marks', '[]');
	newest := newest and place is null;
	if pg_snapshot_xmax(seen) > pg_snapshot_xmax(sight) then
		-- Another server, which has not come so far. A standby will; one that was promoted goes on from here.
		if pg_is_in_recovery() then
			sight := seen;
		else
			seen := null;
			marks := '[]';
			origin := top;
		end if;
	end if;
	start := origin;
	if seen is not null then
		oldest := berth.oldest_new(seen, sight);
		select greatest(origin, max((m->>1)::bigint)) into start from jsonb_array_elements(marks) m where (m->>0)::xid8 <= oldest;
	end if;
	if seen is null or seen::text <> sight::text then
		for e in execute berth.event_query(asked_kind,
				case when newest then '' else ' and seq > $3' end || case when since is null then '' else ' and at >= $4' end
					|| ' and coalesce(pg_visible_in_snapshot(born, $6), true)'
					|| case when seen is null then '' else ' and born >= $8 and not pg_visible_in_snapshot(born, $7)' end, newest)
			using asked_kind, asked_target, greatest(start, (place->>'edge')::bigint), since, most, sight, seen, oldest
		loop
			return next e;
			n := n + 1;
			reached := e.seq;
		end loop;
	end if;
	top := greatest(top, reached);
	if n = most and not newest then
		place := jsonb_build_object('seen', seen, 'sight', sight, 'edge', reached);
	else
		if top > coalesce((marks->-1->>1)::bigint, 0) then
			marks := marks || jsonb_build_array(jsonb_build_array(berth.xid_ahead(), top));
		end if;
		marks := berth.fewer_marks(marks, sight);
		place := jsonb_build_object('seen', sight);
	end if;
	e := null;
	e.seq := 0;
	e.after := place || jsonb_build_object('from', origin, 'top', top, 'marks', marks);
	return next e;
end $$;
