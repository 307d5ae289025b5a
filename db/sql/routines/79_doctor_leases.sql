-- The invariants of leases, commands and history; see 79_doctor_resources.sql.

-- The state of a live lease has a reason in the queue, by place.
create or replace function berth.doctor_leases(low bigint, high bigint) returns setof berth.breached
language sql stable begin atomic
	select 'released_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'released' and l.rest_until is null and not exists (
		select from berth.command c where c.lane = l.id and c.hook and c.state in ('queued', 'running'))
		and berth.in_piece(l.seq, low, high)
	union all
	select 'acquired_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'acquired' and not exists (
		select from berth.command c where c.lane = l.id and c.hook and c.state in ('queued', 'running'))
		and berth.in_piece(l.seq, low, high)
	union all
	select 'broken_has_a_reason', 'lease', l.id, format('lease %s', l.id)
	from berth.lease l
	where l.state = 'broken' and 1 <> (select count(*) from berth.command c where c.lane = l.id
		and c.state = 'quarantined')
		and not exists (select from berth.command c where c.lane = l.id and c.state = 'cancelled' and c.hook)
		and berth.in_piece(l.seq, low, high);
end;

-- Labels of a lease repeat its place, by target.
create or replace function berth.doctor_labels(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'labels_stand_by_birth', 'lease', l.id,
		format('label %s of lease %s', berth.key_text(b.prefix, b.name), b.target)
	from berth.label b join berth.lease l on l.id = b.target
	where b.seq <> l.seq and berth.in_piece(b.target, low, high) and berth.in_piece(l.id, low, high);
end;

-- Nothing is open on what has ended, and claims are whole, by place.
create or replace function berth.doctor_commands(low bigint, high bigint) returns setof berth.breached
language sql stable begin atomic
	select 'nothing_open_on_finished', 'command', c.id, format('command %s', c.id)
	from berth.command c
	left join lateral (select * from berth.lease where c.lane_kind = 'lease' and lease.id = c.lane offset 0) l on true
	left join lateral (select * from berth.resource
		where c.lane_kind = 'resource' and resource.id = c.lane offset 0) r on true
	where c.state in ('running', 'quarantined') and case c.lane_kind
		when 'lease' then coalesce(l.state = 'destroyed' or l.rest_until is not null, true)
		when 'resource' then r.id is null else false end
		and berth.in_piece(c.seq, low, high)
	union all
	-- One that was being sent while its target ended is consumed at once; one that stays is a breach. The times are
	-- those of the clock at the command and at the end: a lease that began while the clock was ahead tells another
	-- time of its end.
	select 'nothing_open_on_finished', 'command', c.id, format('command %s', c.id)
	from berth.command c cross join lateral (select * from berth.lease where lease.id = c.lane offset 0) l
	where c.state = 'queued' and (l.state = 'destroyed' or l.rest_until is not null)
		and c.created < now() - interval '1 minute'
		and exists (select from berth.event e where e.target = l.id and e.action in ('release', 'destroy')
			and e.seq > c.seq and e.at > c.created + interval '1 minute')
		and berth.in_piece(c.seq, low, high)
	union all
	select 'claims_are_whole', 'command', c.id, format('command %s', c.id)
	from berth.command c
	where c.state = 'running' and ((c.total is null and (c.worker is null or c.deadline is null or not c.hook))
		or (c.total is not null and (c.hook or c.done > c.made))) and berth.in_piece(c.seq, low, high);
end;

-- A bulk counts its items, by place. What was retried, skipped or forced well has been made good: it failed, and counts
-- as applied.
create or replace function berth.doctor_bulks(low bigint, high bigint) returns setof berth.breached
language sql stable begin atomic
	select 'progress_adds_up', 'command', p.id, format('command %s: %s, and its items: %s', p.id,
		berth.bulk_text(p.done, p.total,
			berth.outcome_counts(p.applied, p.noop, p.rejected, p.failed, p.cancelled), null),
		berth.outcome_counts(x.applied + x.mended, x.noop, x.rejected, x.failed - x.mended, x.cancelled))
	from berth.command p cross join lateral (
		select count(*) filter (where c.state in ('done', 'cancelled', 'quarantined')) as ended,
			count(*) filter (where c.outcome = 'applied') as applied,
				count(*) filter (where c.outcome = 'noop') as noop,
			count(*) filter (where c.outcome = 'rejected') as rejected,
			count(*) filter (where c.outcome = 'failed' or c.state = 'quarantined') as failed,
			count(*) filter (where c.state = 'cancelled') as cancelled, (
				select count(*) from berth.command i join berth.command k on k.lane = i.lane
				where i.parent = p.id and i.outcome = 'failed' and p.id = any (k.credits)
					and k.outcome = 'applied') as mended
		from berth.command c where c.parent = p.id) x
	where p.total is not null and p.created > now() - berth.history() / 2 and (p.done <> x.ended or p.done > p.total
		or (p.applied, p.noop, p.rejected, p.failed, p.cancelled)
			is distinct from (x.applied + x.mended, x.noop, x.rejected, x.failed - x.mended, x.cancelled)
		or (p.state = 'done' and p.done <> p.total)) and berth.in_piece(p.seq, low, high);
end;

-- A lease ends once, by target.
create or replace function berth.doctor_events(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select 'released_once', 'lease', e.target, format('lease %s: %s of %s', e.target, count(*), e.action)
	from berth.event e
	where e.kind = 'lease' and e.action = 'destroy' and berth.in_piece(e.target, low, high)
	group by e.target, e.action having count(*) > 1;
end;

-- Work that workers could not do, by target. Work that was given up breaks nothing.
create or replace function berth.doctor_troubles(low uuid, high uuid) returns setof berth.breached
language sql stable begin atomic
	select s.standing, t.kind, t.target, format('%s: %s %s: %s; %s', t.part, t.kind, t.target, t.words, s.way_on)
	from berth.trouble t cross join lateral berth.trouble_status(t) s
	where t.seen > now() - interval '1 day' and s.standing is not null and berth.in_piece(t.target, low, high);
end;

-- Berth's own indexes, which are few.
create or replace function berth.doctor_indexes() returns setof berth.breached
language sql stable begin atomic
	select 'indexes_valid', 'index', '00000000-0000-0000-0000-000000000000'::uuid, i.indexrelid::regclass::text
	from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
	where c.relnamespace = 'berth'::regnamespace and not i.indisvalid;
end;

-- Leases past their time. No breach: whoever is to release them is late, or a hook has failed and somebody has to
-- decide.
create or replace function berth.doctor_overdue() returns setof berth.breached
language sql stable begin atomic
	select 'overdue', 'lease', l.id, format('lease %s: its time ended at %s%s', l.id, berth.time_text(l.until),
		case l.state
		when 'broken' then '; a hook of it failed: berth queue list --state quarantined; retry, skip or force it'
		when 'released' then '; its hook is still to end' else '' end)
	from berth.stuck_leases(null) l where l.until <= now();
end;
