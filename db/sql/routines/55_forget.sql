-- History that is old enough is forgotten, a chunk at a time.

-- Returns the age at which history is forgotten: a lease and its labels that long after its end, and its commands; and
-- the events of a month with the youngest of them.
create or replace function berth.history() returns interval language sql immutable return interval '30 days';

-- Returns events that are old enough, whose ends are to be forgotten: those that failed a while ago, and the next ones.
-- An event that a wrong clock has put into the future is as old as one that came after it.
create or replace function berth.old_events(chunk bigint) returns setof bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
	place bigint := (select seq from berth.forgotten);
	failed uuid[] := berth.recent_troubles('forget events');
	waiting bigint[] := '{}';
	taken bigint := 0;
	e record;
begin
	return query select v.seq from berth.trouble t join berth.event v on v.target = t.target and v.seq <= place
	where t.part = 'forget events' and t.target <> all (failed) limit chunk;
	for e in select seq, at, target from berth.event where seq > place order by seq limit 100 * chunk loop
		exit when taken >= chunk or e.at >= now() - berth.history() and e.at < now() + interval '1 day';
		if e.target <> all (failed) then
			waiting := waiting || e.seq;
		end if;
		if e.at < now() - berth.history() then
			return query select unnest(waiting);
			taken := taken + cardinality(waiting);
			waiting := '{}';
		end if;
	end loop;
end $$;

-- Deletes what ends with these events, and returns their number. They themselves go with their part. One worker at a
-- time does this.
create or replace function berth.forget_events(seqs bigint[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	old berth.event[];
begin
	perform from berth.forgotten for update skip locked;
	if not found then
		return 0;
	end if;
	old := array(select e from berth.event e where seq = any (seqs) order by seq);
	delete from berth.label b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.annotation b using unnest(old) o where b.target = o.target and o.after->>'state' = 'destroyed';
	delete from berth.lease l using unnest(old) o
	where l.id = o.target and o.action = 'destroy' and o.kind = 'lease' and berth.state_is(l.state, '{destroyed}');
	delete from berth.resource r using unnest(old) o
	where r.id = o.target and o.after->>'state' = 'destroyed' and o.kind = 'resource'
		and berth.state_is(r.state, '{destroyed}')
		and not exists (select from berth.lease l where l.resource = r.id);
	delete from berth.trouble t using unnest(old) o where t.part = 'forget events' and t.target = o.target;
	update berth.forgotten set seq = greatest(seq, (select max(s) from unnest(seqs) s));
	return cardinality(old);
end $$;

-- Returns the oldest part, if all its events have been carried to their end and no number of it is drawn any more.
create or replace function berth.old_part() returns setof bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query select p.first from (select * from berth.event_part order by first limit 1) p
	where p.past <= (select last_value from berth.event_seq)
		and not exists (select from berth.event e where e.seq > (select seq from berth.forgotten) and e.seq < p.past)
		and not exists (select from berth.trouble where part = 'forget events');
end $$;

-- Drops a part. That waits for all who read or write events, and nobody must wait for it: else it is tried again.
create or replace function berth.drop_part(part bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '50ms' as $$
begin
	delete from berth.event_part where first = part;
	if found then
		execute format('drop table berth.event_%s', part);
	end if;
exception when lock_not_available or deadlock_detected then
	return;
end $$;

-- Returns the part of the number that was drawn last.
create or replace function berth.present_part() returns berth.event_part
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return (select p from berth.event_part p where first <= (select last_value from berth.event_seq)
		order by first desc limit 1);
end $$;

-- Returns true if a month has begun since the present part, or no part is ahead of it.
create or replace function berth.part_due() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	present berth.event_part := berth.present_part();
begin
	return date_trunc('month', present.begun at time zone 'UTC') < date_trunc('month', now() at time zone 'UTC')
		or not exists (select from berth.event_part where first > present.first);
end $$;

-- Gets the next part ready; or, when it is, begins it, by going on with its first number. A part is there for all
-- before anybody draws a number of it, so the two are never done together.
create or replace function berth.begin_part() returns void
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '50ms' as $$
declare
	span constant bigint := 1000000000;
	part berth.event_part;
	ahead bigint;
	past bigint;
begin
	lock table berth.event_part in share row exclusive mode;
	-- Another worker may have done it meanwhile.
	if not berth.part_due() then
		return;
	end if;
	part := berth.present_part();
	ahead := (select min(first) from berth.event_part where first > part.first);
	if ahead is not null then
		perform setval('berth.event_seq', ahead, false);
		return;
	end if;
	past := (greatest(part.past, (select last_value from berth.event_seq)) / span + 1) * span;
	update berth.event_part set begun = now() where first = part.first;
	execute format('create table berth.event_%s (like berth.event including all)', part.past);
	execute format('alter table berth.event attach partition berth.event_%s for values from (%s) to (%s)',
		part.past, part.past, past);
	insert into berth.event_part (first, past) values (part.past, past);
exception when lock_not_available or deadlock_detected then
	return;
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
