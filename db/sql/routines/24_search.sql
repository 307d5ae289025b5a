-- Bounded searches. A filter may match nothing among ten million rows, so a search with patience stops after that time,
-- and says how far it has come.

-- Returns the rows, up to `most`, that meet a condition among those of a source, which has the alias `alias`. It is
-- a query for up to $2 rows (id, seq, ...) after $1, in the direction of `newer`. It is read in chunks of some
-- milliseconds. With `patience`, in microseconds, the search stops at the end of a chunk, and leaves the place and the
-- number of the rows that it has looked through in a setting of the transaction for berth.search_report().
create or replace function berth.search_chunks(source text, alias text, condition text, newer bool, edge bigint,
	most bigint, patience bigint)
returns table (id uuid, seq bigint) language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	started timestamptz := clock_timestamp();
	took interval;
	chunk bigint := case when patience is null then 1000 else 250 end;
	statement text := format('select count(*), %1$s(w.seq), array_agg(w.id order by w.seq %2$s) filter (where w.hit),
		array_agg(w.seq order by w.seq %2$s) filter (where w.hit)
		from (select %3$s.id, %3$s.seq, %4$s as hit from (%5$s) %3$s) w', case when newer then 'max' else 'min' end,
		case when newer then 'asc' else 'desc' end, alias, condition, source);
	looked bigint := 0;
	rows_read bigint;
	reach bigint;
	ids uuid[];
	seqs bigint[];
begin
	edge := coalesce(edge, case when newer then -1 else 9223372036854775807 end);
	loop
		took := started - clock_timestamp();
		execute statement into rows_read, reach, ids, seqs using edge, chunk;
		looked := looked + rows_read;
		return query select u.id, u.seq from unnest(ids, seqs) with ordinality u (id, seq, n)
			where most is null or u.n <= most order by u.n;
		most := most - coalesce(cardinality(ids), 0);
		edge := case when rows_read = chunk and coalesce(most, 1) > 0 then reach end;
		exit when edge is null or clock_timestamp() > berth.time_in(patience, started);
		took := took + (clock_timestamp() - started);
		chunk := case when took < interval '5 ms' then least(4 * chunk, 50000)
			when took > interval '10 ms' then greatest(chunk / 2, 100) else chunk end;
	end loop;
	if patience is not null then
		perform set_config(case when newer then 'berth.search_newer' else 'berth.search_older' end,
			jsonb_build_object('reach', coalesce(edge, 0), 'looked', looked)::text, true);
	end if;
end $$;

-- Returns how far the last search of this transaction in a direction has come: the place to go on from, or 0 when the
-- rows asked for or the end were reached; and the number of rows that it has looked through.
create or replace function berth.search_report(newer bool, out reach bigint, out looked bigint)
language sql stable begin atomic
	select coalesce((r->>'reach')::bigint, 0), coalesce((r->>'looked')::bigint, 0) from (
		select nullif(current_setting(case when newer then 'berth.search_newer' else 'berth.search_older' end, true),
			'')::jsonb as r) s;
end;

-- Returns about how many rows an index has.
create or replace function berth.rows_about(index regclass) returns bigint
language sql stable return (select sum(greatest(c.reltuples, 0))::bigint from pg_catalog.pg_class c
	where c.oid = index or c.oid in (select relid from pg_catalog.pg_partition_tree(index) where isleaf));
