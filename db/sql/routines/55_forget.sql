-- History that is old enough is forgotten, a chunk at a time.

-- Returns the age at which history is forgotten, a chunk at a time: the events, and with its end a lease, its labels,
-- and its commands.
create or replace function berth.history() returns interval language sql immutable return interval '30 days';

-- Returns events that are old enough to be forgotten. As long as the first is young few others are looked at.
create or replace function berth.old_events(chunk bigint) returns setof bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select seq from berth.event
	where at < now() - berth.history() and target <> all ((select berth.recent_troubles('forget events'))::uuid[])
		and seq < (
		-- A time that a wrong clock has put into the future stays until then, and nothing waits for it.
		select seq + case when at < now() - berth.history() then 100 else 1 end * chunk from berth.event
		where at < now() + interval '1 day' order by seq limit 1)
	order by seq limit chunk;
end $$;

-- Deletes these events with what they tell the end of, and returns their number.
create or replace function berth.forget_events(seqs bigint[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	old berth.event[] := array(select e from (
		select * from berth.event where seq = any (seqs) order by seq for update skip locked) e);
begin
	delete from berth.event e using unnest(old) o where e.seq = o.seq;
	delete from berth.label b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.annotation b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.lease l using unnest(old) o
	where l.id = o.target and o.action = 'destroy' and o.kind = 'lease' and berth.state_is(l.state, '{destroyed}');
	delete from berth.resource r using unnest(old) o
	where r.id = o.target and o.after->>'state' = 'destroyed' and o.kind = 'resource'
		and berth.state_is(r.state, '{destroyed}')
		and not exists (select from berth.lease l where l.resource = r.id);
	return cardinality(old);
end $$;

-- Returns commands that are old enough to be forgotten. The cancelled hook for which a lease is broken stays as long as
-- that, and so does the deletion that has closed a project.
create or replace function berth.old_commands(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select id from berth.command c
	where state in ('done', 'cancelled') and consumed_at < now() - berth.history()
		and id <> all ((select berth.recent_troubles('forget commands'))::uuid[])
		and not (state = 'cancelled' and hook
			and exists (select from berth.lease l where l.id = c.lane and berth.state_is(l.state, '{broken}')))
		and not (action = 'delete' and exists (select from berth.project j where j.id = c.lane
			and berth.state_is(j.state, '{deleting}')))
	order by consumed_at limit most;
end $$;

-- Deletes these commands, and returns their number.
create or replace function berth.forget_commands(commands uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	delete from berth.command where id in (select id from berth.command
		where id = any (commands) for update skip locked);
	return (select count(*) from unnest(commands));
end $$;
