-- Replays that ask for something else than the request that they repeat. What they ask for so is ignored, and told.

-- Returns the labels that a lease was born with: those of today, with each change taken back.
create or replace function berth.born_labels(asked_lease uuid) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	labels jsonb := berth.described('label', asked_lease);
	e record;
begin
	for e in select before->'labels' as gone, after->'labels' as made from berth.event
		where kind = 'lease' and target = asked_lease and before ? 'labels' order by seq desc
	loop
		labels := (labels - array(select jsonb_object_keys(e.made))) || e.gone;
	end loop;
	return labels;
end $$;

-- Returns the end that a lease was asked for with: a time as text, 'null' for none, or a number of microseconds. It is
-- a number if durations are to be compared, and if nothing else is known: a lease that waited for its value had a
-- duration, which began with it. If that was taken away while it waited nobody knows any more, which is null.
create or replace function berth.born_until(l berth.lease, by_duration bool) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	e berth.event;
	born timestamptz := l.until;
begin
	select * into e from berth.event where kind = 'lease' and target = l.id and before ? 'until' order by seq limit 1;
	if found then
		born := berth.time_of(e.before->>'until');
	end if;
	return case
		when born is null and l.duration is null and e.after->>'state' = 'pending' then null
		when born is null then coalesce(to_jsonb(l.duration), 'null')
		when by_duration and l.acquired = l.created then to_jsonb((extract(epoch from born - l.created) * 1000000)::bigint)
		else to_jsonb(berth.time_exact(born)) end;
end $$;

-- Returns what a replay asks for otherwise than the lease was asked for, as {"holder": what it was at first}, or null
-- for nothing. What a replay leaves open is null, and is not compared. What was changed since is compared as it was.
create or replace function berth.lease_differs(l berth.lease, asked_holder text, asked_until timestamptz,
	asked_duration bigint, asked_priority bigint, asked_labels jsonb, asked_detail jsonb)
returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	differs jsonb := '{}';
	born jsonb;
begin
	if asked_holder is not null then
		select before into born from berth.event
		where kind = 'lease' and target = l.id and before ? 'holder' order by seq limit 1;
		if asked_holder <> coalesce(born->>'holder', l.holder) then
			differs := jsonb_build_object('holder', coalesce(born->>'holder', l.holder));
		end if;
	end if;
	if asked_until is not null or asked_duration is not null then
		born := berth.born_until(l, asked_duration is not null);
		if born <> coalesce(to_jsonb(berth.time_exact(nullif(asked_until, 'infinity'))), to_jsonb(asked_duration), 'null')
		then
			differs := differs || jsonb_build_object('until', born);
		end if;
	end if;
	if asked_priority <> l.priority then
		differs := differs || jsonb_build_object('priority', l.priority);
	end if;
	if asked_labels is not null then
		born := berth.born_labels(l.id);
		if asked_labels <> born then
			differs := differs || jsonb_build_object('labels', born);
		end if;
	end if;
	if asked_detail->>'reason' <> coalesce(l.detail->>'reason', '') then
		differs := differs || jsonb_build_object('reason', coalesce(l.detail->>'reason', ''));
	end if;
	return nullif(differs, '{}');
end $$;

-- Returns what a replay asks for otherwise than the command was asked for, as berth.lease_differs() does. A command of
-- before graces were kept is not compared by its grace.
create or replace function berth.command_differs(c berth.command, asked_reason text, asked_grace bigint,
	asked_generation bigint, asked_shorten bool)
returns jsonb language sql stable return (
	select jsonb_object_agg(field, first) from (values
		('reason', to_jsonb(c.reason), asked_reason <> c.reason),
		('grace', c.arguments->'grace', asked_grace <> (c.arguments->>'grace')::bigint),
		('expect_generation', coalesce(to_jsonb(c.expect_generation), 'null'),
			asked_generation is not null and asked_generation is distinct from c.expect_generation),
		('force', 'false', asked_shorten and not c.arguments ? 'shorten')
	) compared (field, first, differs) where differs);
