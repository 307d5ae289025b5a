-- Filtered windows of the command queue.

-- Returns a window of commands that match a filter, newest first, or with `newer` those just after `edge`; see
-- berth.search_chunks() for `patience`.
create or replace function berth.command_window(states text[], asked_kind text, asked_target uuid, asked_parent uuid,
	filter jsonb, newer bool, edge bigint, most bigint, patience bigint)
returns table (id uuid, seq bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	condition text;
begin
	perform berth.accept(coalesce(
		berth.check_filter('commands', coalesce(filter, '[]')),
		berth.check_bool('newer', newer),
		berth.check_most(most),
		berth.check_most(patience)));
	condition := format('c.state = any (%L::text[])%s%s and %s', states,
		case when asked_kind is not null then format(' and berth.command_is_of(c, %L, %L)', asked_kind, asked_target)
			else '' end,
		case when asked_parent is not null then format(' and c.parent = %L', asked_parent) else '' end,
		berth.filter_condition('commands', filter, array(
			select berth.command_word(w) from jsonb_array_elements(filter->'words') w)));
	return query select s.id, s.seq from berth.search_chunks(
		berth.command_rows(berth.command_states(states, filter), asked_kind, asked_target, asked_parent, newer), 'c',
		condition, newer, edge, most, patience) s;
end $$;

-- Returns true if a command is one of a target, or a selection of a pool's leases.
create or replace function berth.command_is_of(c berth.command, asked_kind text, asked_target uuid) returns bool
language sql immutable parallel safe return (c.kind = asked_kind and c.target = asked_target)
	or (asked_kind = 'pool' and c.kind = 'selection'
		and c.arguments @> jsonb_build_object('scopes', jsonb_build_array(jsonb_build_object('pool', asked_target))));

-- Returns those of the states that a command must be in to meet the filter, as far as an index on a state helps.
create or replace function berth.command_states(states text[], filter jsonb) returns text[]
language sql immutable parallel safe return case
	when not (filter->'invert')::bool and exists (select from jsonb_array_elements(filter->'terms') t
		where t->>'field' = 'state' and t->>'op' in ('=', 'in') and t->'values' <@ '["quarantined", "stuck"]')
		then array['quarantined']
	when not (filter->'invert')::bool and exists (select from jsonb_array_elements(filter->'terms') t
		where t->>'field' = 'state' and t->>'op' in ('=', 'in') and t->'values' <@ '["running", "run"]')
		then array['running']
	else states end;

-- Returns the source of berth.command_window(): the shortest that an index gives for these states.
create or replace function berth.command_rows(states text[], asked_kind text, asked_target uuid, asked_parent uuid,
	newer bool) returns text
language sql stable return format('select c.* from berth.command c where %s and c.seq %s $1 order by c.seq %s limit $2',
	case
		when asked_parent is not null then format('c.parent = %L', asked_parent)
		when asked_kind is not null and asked_kind <> 'pool' then
			format('c.lane = %L', berth.serialization_key(asked_kind, asked_target))
		when states = array['quarantined'] then 'c.state = ''quarantined'''
		when states = array['running'] then 'c.state = ''running'''
		when states <@ array['queued', 'running', 'quarantined'] then
			'c.state in (''queued'', ''running'', ''quarantined'')'
		else 'true' end,
	case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end);

-- Counts the commands of these states that match a filter, up to 10,000; and reports how far the window before this
-- statement has come, and about how many commands there are to look through.
create or replace function berth.command_search(states text[], asked_parent uuid, filter jsonb, newer bool,
	patience bigint)
returns table (total bigint, more bool, reach bigint, above bool, looked bigint, rows bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	came record := berth.search_report(newer);
	behind record := berth.search_report(not newer);
begin
	select count(*) into total from berth.command_window(states, null, null, asked_parent, coalesce(filter,
		'{"invert": false, "words": [], "terms": [], "labels": []}'), false, null, 10001, patience);
	more := total > 10000 or (berth.search_report(false)).reach <> 0;
	total := least(total, 10000);
	reach := came.reach;
	above := behind.reach <> 0;
	looked := came.looked;
	rows := berth.rows_about(case when states <@ array['queued', 'running', 'quarantined'] then
		'berth.command_open' else 'berth.command_seq' end::regclass);
	return next;
end $$;
