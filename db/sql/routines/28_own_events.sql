-- The changes of the present transaction, by which a dry run tells what it would change, and by which the same request
-- for real is compared with it.
--
-- They are the youngest rows of their tables, but for those that others have written meanwhile: the search ends at one
-- of another transaction that is older than this one.

-- Returns the number of the first event of this transaction, or null.
create or replace function berth.first_own_event() returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_sort = off as $$
declare
	mine xid8 := pg_current_xact_id_if_assigned();
	first_one bigint;
	e record;
begin
	for e in select seq, at, born from berth.event order by seq desc loop
		exit when mine is null or (e.born is distinct from mine and e.at < now() - interval '1 second');
		if e.born = mine then
			first_one := e.seq;
		end if;
	end loop;
	return first_one;
end $$;

-- Returns the number of the first lease that this transaction has made, or null. An imported lease can be older than
-- its transaction.
create or replace function berth.first_own_lease() returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp
	set enable_seqscan = off set enable_sort = off as $$
declare
	mine xid8 := pg_current_xact_id_if_assigned();
	first_one bigint;
	l record;
begin
	for l in select seq, created, born from berth.lease where state <> 'destroyed' order by seq desc loop
		exit when mine is null
			or (coalesce(l.born < mine, true) and l.created < now() - interval '1 second');
		if l.born = mine then
			first_one := l.seq;
		end if;
	end loop;
	return first_one;
end $$;

-- Returns the last events that this transaction has written so far, in their order; the births of leases are not among
-- them.
create or replace function berth.own_events(most bigint) returns setof berth.event_view
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	first_one bigint;
begin
	perform berth.accept(berth.check_most(most));
	first_one := berth.first_own_event();
	return query
	select v.seq, v.at, v.actor, v.action, v.kind, v.target, v.target_id, v.command, v.before, v.after
	from (select e.seq from berth.event e where e.seq >= first_one and e.born = pg_current_xact_id_if_assigned()
		order by e.seq desc limit most) own
	join berth.change_view v using (seq) order by v.seq;
end $$;

-- Returns digests of the events of this transaction: what was done to what, and before and after. The ids of what it
-- has made differ each time, so that the pool, project or organization stands for these.
create or replace function berth.own_changes() returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
	with own as materialized (
		select * from berth.event where seq >= berth.first_own_event() and born = pg_current_xact_id_if_assigned()
	), made as materialized (
		-- A part that is cut off a resource has an id from then on, and a name, which a whole one keeps.
		select distinct target as id from own
		where action = 'create' or (action = 'remove' and after->>'state' = 'destroyed' and after ? 'name')
	)
	select berth.digest(jsonb_build_array(o.action, o.kind,
		case when not exists (select from made where made.id = o.target) then o.target end,
		case when not exists (select from made where made.id = owner.id) then owner.id end, o.before, o.after))
	from own o
	cross join lateral (select case o.kind
		when 'resource' then (select pool from berth.resource r where r.id = o.target)
		when 'pool' then (select project from berth.pool p where p.id = o.target)
		when 'project' then (select organization from berth.project j where j.id = o.target) end as id) owner
$$;

-- Returns what the changes of this transaction are known by: their number, and a digest that is the same in another
-- transaction which changes the same things from and to the same. Of a new lease only its pool and project count: a
-- value that was not asked for is no promise.
create or replace function berth.own_evidence(out changes bigint, out evidence text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	select count(*) filter (where t.event), coalesce(md5(string_agg(t.told, '' order by t.told)), '')
	into changes, evidence
	from (
		select true as event, told from berth.own_changes() told
		union all
		select false, berth.digest(jsonb_build_array(l.pool, l.project)) from berth.lease l
		where l.seq >= berth.first_own_lease() and l.born = pg_current_xact_id_if_assigned() and l.state <> 'destroyed'
	) t;
end $$;

-- Raises conflict unless the changes of this transaction are those that a dry run has shown. `again`: the request may
-- have been carried out before, so that it changes nothing now.
create or replace function berth.expect_evidence(asked_evidence text, again bool) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	found_evidence text;
begin
	perform berth.accept(coalesce(
		berth.check_that('evidence', asked_evidence ~ '^([0-9a-f]{32})?$', 'that of a dry run is needed'),
		berth.check_bool('again', again)));
	select e.evidence into found_evidence from berth.own_evidence() e;
	if found_evidence <> asked_evidence and not (again and found_evidence = '') then
		perform berth.refuse('conflict', 'this would change something else by now than the plan shows', '{}',
			'nothing was changed; the same words again make a new plan');
	end if;
end $$;
