-- Maintenance: what a worker does without being asked by a command.

-- Returns commands that have been due for a while, on targets that do not exist. Only somebody who wrote in the tables
-- can have made them.
create or replace function berth.orphans(most bigint) returns setof uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return query select due.id
	from (values ('lease', false), ('lease', true), ('resource', false), ('pool', false), ('org', false),
		('project', false)) w (kind, hook)
	cross join lateral (
		select id, lane, created from berth.command q
		where q.lane_kind = w.kind and q.hook = w.hook and q.state = 'queued'
			and q.not_before < now() - interval '1 minute'
		order by not_before, seq limit most) due
	where due.created < now() - interval '1 minute' and due.id <> all ((select berth.recent_troubles('orphan'))::uuid[])
		and case w.kind
		when 'lease' then not exists (select from berth.lease where id = due.lane)
		when 'resource' then not exists (select from berth.resource where id = due.lane)
		when 'pool' then not exists (select from berth.pool where id = due.lane)
		when 'org' then not exists (select from berth.organization where id = due.lane)
		else not exists (select from berth.project where id = due.lane) end;
end $$;

-- Ends such commands, and returns their number. Those that another worker is ending are skipped.
create or replace function berth.end_orphans(actor text, commands uuid[]) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	mine uuid[] := array(select id from berth.command where id = any (commands) and berth.state_is(state, '{queued}')
		order by id for no key update skip locked);
begin
	perform berth.end_command(actor, c.id, 'rejected', format('there is no %s %s', c.lane_kind, c.lane)),
		berth.note_trouble('orphan', 'command', c.id, format('there is no %s %s', c.lane_kind, c.lane))
	from berth.command c where c.id = any (mine);
	perform berth.tally(mine, actor);
	return cardinality(mine);
end $$;

-- Returns when there is something to do next, as far as the clock decides it.
create or replace function berth.next_due() returns timestamptz language plpgsql stable set search_path = pg_catalog,
	pg_temp
	set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
	return least(
		(select min(c.not_before) from (values ('lease', false), ('lease', true), ('resource', false)) w (lane_kind,
			hook)
			cross join lateral (select not_before from berth.command q where q.lane_kind = w.lane_kind
				and q.hook = w.hook
				and q.state = 'queued' and q.not_before > now() order by not_before limit 1) c),
		(select until from berth.lease where until > now() and state in ('pending', 'acquired', 'active') order by until
			limit 1),
		(select rest_until from berth.lease where rest_until > now() order by rest_until limit 1));
end $$;

-- Does one round of the maintenance. Returns how much was done, when the clock asks for more, and what the clock shows.
-- `expected` is what the worker expects it to show by its own steady clock; null is unknown. If the clock has leapt,
-- nothing that cannot be undone is done because of it, until the worker has got used to the new time, some heartbeats
-- later.
create or replace function berth.maintain(asked_worker text, tries bigint, chunk bigint, expected timestamptz,
	token uuid default berth.caller())
returns table (done bigint, next timestamptz, present timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
	set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
	part text;
	leapt bool;
begin
	perform berth.accept_worker(token, asked_worker, coalesce(
		berth.check_count('tries', tries, 1, 1000000),
		berth.check_count('chunk', chunk, 1, 5000)));
	done := berth.clock_back(chunk);
	leapt := coalesce(abs(date_part('epoch', now() - case when isfinite(expected) then expected end)) >= 3, false);
	if not leapt then
		perform berth.note_clock();
	end if;
	foreach part in array array['take over', 'rest', 'expire', 'fill', 'delete', 'orphan', 'forget events',
		'forget commands', 'sample', 'forecast', 'forget samples', 'inspect', 'begin part', 'forget part'] loop
		continue when leapt and part not in ('fill', 'delete', 'orphan')
			or part like 'forget %' and not berth.clock_settled();
		done := done + berth.maintain_part(part, asked_worker, tries, chunk);
	end loop;
	delete from berth.trouble where seen < now() - interval '1 day' or seen > now() + interval '1 day';
	next := berth.next_due();
	present := now();
	return next;
end $$;
