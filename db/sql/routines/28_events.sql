-- Windows of the event history, and following it: each event once, whenever its transaction commits.
--
-- An event draws its number before its commit, so a number may appear after higher ones, seconds or hours later. The
-- events that were shown are therefore known by a snapshot, not by a number: all that it saw. New events are those that
-- a later snapshot sees and the earlier one did not; each row has the transaction that wrote it (`born`). No clock is
-- used.

-- Returns the query for events in their order, the births of leases among them, that meet a condition: up to $5, the
-- last ones with `newest`, else the first. $1 and $2 are the target's kind and id, if one is given. Each source gives
-- its own window, so that the whole costs as little anywhere in a long history.
create or replace function berth.event_query(asked_kind text, condition text, newest bool) returns text
language sql immutable return format(
	'select %3$s from (
		(select %3$s from berth.change_view where %1$s order by seq %2$s limit $5)
		union all (select %3$s from berth.birth_view where live and %1$s order by seq %2$s limit $5)
		union all (select %3$s from berth.birth_view where not live and %1$s order by seq %2$s limit $5)
		order by seq %2$s limit $5) w order by seq',
	case when asked_kind is null then 'true' else 'kind = $1 and target_id = $2' end || condition,
	case when newest then 'desc' else 'asc' end,
	'seq, at, actor, action, kind, target, target_id, command, before, after');

-- Returns a window of events after `edge` and `since`, of one target or of all.
create or replace function berth.event_window(asked_kind text, asked_target uuid, edge bigint, since timestamptz,
	newest bool, most bigint)
returns setof berth.event_view
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_events(asked_kind, newest, most));
	return query execute berth.event_query(asked_kind, case when edge is null then '' else ' and seq > $3' end
		|| case when since is null then '' else ' and at >= $4' end, newest)
	using asked_kind, asked_target, edge, since, most;
end $$;

-- Returns what this statement sees. A standby does not know which transactions are running: there it is what was
-- settled before the oldest of them.
create or replace function berth.visible_snapshot() returns pg_snapshot language sql stable return
	case when pg_is_in_recovery() then format('%1$s:%1$s:', pg_snapshot_xmin(pg_current_snapshot()))::pg_snapshot
		else pg_current_snapshot() end;

-- Returns an id that no transaction has yet: the next one, or a little more. The server refuses to tell the status of
-- such ids, which ends the search.
create or replace function berth.next_xid() returns xid8
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
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

-- Returns the oldest transaction that one snapshot did not see and the other one does, or an older one.
create or replace function berth.oldest_new(seen pg_snapshot, sight pg_snapshot) returns xid8
language sql immutable return coalesce(
	(select x from pg_snapshot_xip(seen) x where pg_visible_in_snapshot(x, sight) order by x limit 1),
	pg_snapshot_xmax(seen));

-- Thins out marks [id, seq], oldest first, which mean: transactions from this id on draw only higher numbers. Of the
-- marks before all running transactions only the last is needed, and of the others some: with fewer marks more is read.
create or replace function berth.thin_marks(marks jsonb, seen pg_snapshot) returns jsonb language sql immutable return (
	with m as (
		select mark, n, (mark->>0)::xid8 <= pg_snapshot_xmin(seen) as settled, jsonb_array_length(marks) as count
		from jsonb_array_elements(marks) with ordinality as m (mark, n)
	)
	select coalesce(jsonb_agg(mark order by n), '[]') from m
	where n >= (select coalesce(max(n) filter (where settled), 0) from m)
		and (count <= 64 or n % 2 = count % 2 or settled));

-- Returns why a place is refused that berth.event_news() cannot have given, or null.
create or replace function berth.check_news(place jsonb) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	perform (place->>'seen')::pg_snapshot, (place->>'sight')::pg_snapshot, (place->>'from')::bigint,
		(place->>'top')::bigint, (place->>'edge')::bigint;
	-- Before PostgreSQL 16 any text is taken for a transaction's id.
	return berth.check_that('place', jsonb_typeof(place) = 'object' and not exists (
		select from jsonb_array_elements(place->'marks') m
		where coalesce(m->>0 !~ '^[0-9]{1,19}$' or (m->>1)::bigint < 0, true)), 'it is none that was given');
exception
	when data_exception then
		return 'place: it is none that was given';
end $$;

-- Returns the place from which the next call goes on. A full page goes on in the same snapshot; else the whole snapshot
-- is seen, and the highest number shown becomes a mark.
create or replace function berth.next_place(is_full bool, seen pg_snapshot, sight pg_snapshot, reached bigint,
	origin bigint, top bigint, marks jsonb)
returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	place jsonb := jsonb_build_object('seen', sight);
begin
	if is_full then
		place := jsonb_build_object('seen', seen, 'sight', sight, 'edge', reached);
	else
		if top > coalesce((marks->-1->>1)::bigint, 0) then
			marks := marks || jsonb_build_array(jsonb_build_array(berth.next_xid(), top));
		end if;
		marks := berth.thin_marks(marks, sight);
	end if;
	return place || jsonb_build_object('from', origin, 'top', top, 'marks', marks);
end $$;

-- Returns up to `most` events that were not shown yet, in their order, and after them a row that is no event (its seq
-- is 0) with the `place` for the next call in `after`. The first call has no place: it begins with the last events if
-- `newest`, else after `edge`. While pages are full they are of one snapshot, and in one order.
--
-- `place` has `seen`, the snapshot of what was shown; `sight` and `edge`, the snapshot of a pass that goes on and how
-- far it has come; `top`, the highest number shown; `from`, where all began; and `marks`.
create or replace function berth.event_news(asked_kind text, asked_target uuid, edge bigint, since timestamptz,
	newest bool, most bigint, place jsonb)
returns setof berth.event_view
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	sight pg_snapshot;
	seen pg_snapshot;
	origin bigint;
	start bigint;
	top bigint;
	marks jsonb;
	oldest xid8;
	n bigint := 0;
	e berth.event_view;
	reached bigint;
begin
	perform berth.accept(coalesce(
		berth.check_events(asked_kind, newest, most),
		case when place is not null then berth.check_news(place) end));
	sight := coalesce((place->>'sight')::pg_snapshot, berth.visible_snapshot());
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
		select greatest(origin, max((m->>1)::bigint)) into start
		from jsonb_array_elements(marks) m where (m->>0)::xid8 <= oldest;
	end if;
	if seen is null or seen::text <> sight::text then
		for e in execute berth.event_query(asked_kind, case when newest then '' else ' and seq > $3' end
				|| case when since is null then '' else ' and at >= $4' end
				|| ' and coalesce(pg_visible_in_snapshot(born, $6), true)'
				|| case when seen is null then '' else ' and born >= $8 and not pg_visible_in_snapshot(born, $7)' end,
					newest)
			using asked_kind, asked_target, greatest(start, (place->>'edge')::bigint), since, most, sight, seen, oldest
		loop
			return next e;
			n := n + 1;
			reached := e.seq;
		end loop;
	end if;
	e := null;
	e.seq := 0;
	e.after := berth.next_place(n = most and not newest, seen, sight, reached, origin, greatest(top, reached), marks);
	return next e;
end $$;
