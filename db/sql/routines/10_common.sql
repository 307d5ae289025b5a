-- Functions that all other routines use: errors, times, texts, counts, events.
--
-- A function in SQL without a subquery is inlined, which costs nothing. Any other one in SQL is planned again at each
-- call; the plans of one in PL/pgSQL last as long as the session. So what single requests call, and has a subquery or
-- changes rows, is in PL/pgSQL.

-- Returns the time `span` microseconds after `since`; null for null. The span is cut to 10,000 years, so that the
-- result is always a valid time.
create or replace function berth.time_in(span bigint, since timestamptz default now()) returns timestamptz
language sql stable parallel safe return
	case when span is not null then
		since + least(greatest(span, -315576000000000000), 315576000000000000) * interval '1 microsecond' end;

-- Returns a time that was stored as text, or null when it is not a time.
create or replace function berth.time_of(words text) returns timestamptz
language plpgsql stable strict set search_path = pg_catalog, pg_temp as $$
begin
	return words::timestamptz;
exception when data_exception then
	return null;
end $$;

-- Returns an id that was stored as text, or null when it is not a UUID.
create or replace function berth.id_of(words text) returns uuid language sql immutable parallel safe return
	case when words ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then words::uuid end;

-- Returns the scopes in a command's arguments, or an empty list when there is no list.
create or replace function berth.scopes_in(arguments jsonb) returns jsonb language sql immutable parallel safe return
	case when jsonb_typeof(arguments->'scopes') = 'array' then arguments->'scopes' else '[]' end;

-- Returns the SQLSTATE of an error for applications.
create or replace function berth.api_state(code text) returns text
language sql immutable parallel safe return 'BE0' || lpad(array_position(array['invalid_input', 'not_found',
	'already_exists', 'id_conflict', 'conflict', 'overlap', 'in_use', 'pool_exhausted', 'quota_exceeded',
	'limit_exceeded', 'precondition_failed', 'not_allowed'], code)::text, 2, '0');

-- Returns true within a function of berth_api. The stack of calls says so: nothing has to be set before an error, or
-- undone after one that the application catches. Texts of statements stand in it too, in quotes.
create or replace function berth.in_api() returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	stack text;
begin
	get diagnostics stack = pg_context;
	return stack ~ '(?n)^[^"]*[^"A-Za-z0-9_]berth_api[.][a-z_]+[(][^"]*$';
end $$;

-- Raises a domain error: SQLSTATE BERTH, and as message the code's name, a newline, and the sentence for people. Within
-- berth_api each code has an SQLSTATE of its own, and the message is the sentence.
-- `broken` is the constraint that the error is told apart by, where there are several of its code.
create or replace function berth.refuse(code text, sentence text, detail jsonb default '{}', hint text default null,
	broken text default '')
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	api bool := berth.in_api();
begin
	raise exception using errcode = case when api then berth.api_state(code) else 'BERTH' end,
		message = case when api then '' else code || E'\n' end || sentence, detail = detail::text,
		constraint = broken,
		hint = coalesce(hint, case code when 'id_conflict'
			then 'an id stands for one request: without --id a new one is chosen' end, '');
end $$;

-- Returns the number of rows that a statement has changed. Raises BERTE, constraint assert_rows, if it is not the
-- expected number.
create or replace function berth.assert_rows(rows bigint, wanted bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if rows <> wanted then
		raise exception using errcode = 'BERTE', constraint = 'assert_rows',
			message = format('%s rows and not %s', rows, wanted);
	end if;
	return rows;
end $$;

-- Raises BERTD, which undoes a dry run after everything in it was answered.
create or replace function berth.dry_run() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'BERTD', message = 'dry run';
end $$;

-- Raises 40001, so that the whole transaction is run again: another request with this id has won meanwhile, and the
-- next run finds what it made.
create or replace function berth.retry_transaction(asked_id uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'serialization_failure', message = format('lease %s was made meanwhile', asked_id);
end $$;

-- Returns the digest by which the same request is recognized. A JSON array keeps its parts and nulls apart, which a
-- concatenation does not.
create or replace function berth.digest(content jsonb) returns text
language sql immutable parallel safe return md5(content::text);

-- Returns true if a state is one of these. Use it for rows that are found by their id, key or target. No index answers
-- this form of the condition, which is its purpose: a partial index on a state that no row had when statistics were
-- last taken looks empty, and so cheaper than any look-up. It was read whole for each row of a chunk.
create or replace function berth.state_is(state text, states text[]) returns bool
language sql immutable parallel safe return state || '' = any (states);

-- Returns the exact number of values in a set.
create or replace function berth.free_count(free nummultirange) returns numeric
language sql immutable parallel safe return
	(select coalesce(sum(upper(piece) - lower(piece)), 0) from unnest(free) piece);

-- Returns the current time for a change of a locked row that was last changed at `last`: never before that, so that the
-- times of a row are in the order of its changes. If the clock was set back by more than a minute, returns the clock's
-- time: nothing waits until the clock has caught up.
create or replace function berth.time_of_change(last timestamptz) returns timestamptz language sql volatile return
	case when last < clock_timestamp() + interval '1 minute' then greatest(clock_timestamp(), last)
		else clock_timestamp() end;

-- Returns an IPv6 address as people write it.
create or replace function berth.ipv6_text(value numeric) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return pg_catalog.host((
		select string_agg(to_hex(mod(div(value, power(65536::numeric, 7 - place)), 65536)::int), ':' order by place)
		from generate_series(0, 7) place)::inet);
end $$;

-- Returns a value as people write it.
create or replace function berth.value_text(kind text, host text, value numeric) returns text
language sql immutable parallel safe return case kind
	when 'host' then host || ':' || value::text
	when 'number' then value::text
	when 'ipv4' then pg_catalog.host('0.0.0.0'::inet + value::bigint)
	else berth.ipv6_text(value)
end;

-- Returns a range as the program writes it: a prefix where there is one, a single value alone, else first-last.
create or replace function berth.range_text(kind text, first numeric, last numeric) returns text
language sql immutable parallel safe return coalesce(
	case when first = last then berth.value_text(kind, '', first) end,
	(select berth.value_text(kind, '', first) || '/' || width.bits - n
	from (values ('ipv4', 32), ('ipv6', 128)) width (of_kind, bits), generate_series(1, width.bits) n
	where width.of_kind = kind and power(2::numeric, n) = last - first + 1 and mod(first, power(2::numeric, n)) = 0),
	berth.value_text(kind, '', first) || '-' || berth.value_text(kind, '', last));

-- Returns the name of a pool, also of one that is gone.
create or replace function berth.pool_text(asked uuid) returns text
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return (select name from berth.pool where id = asked);
end $$;

-- Returns the name of an organization.
create or replace function berth.organization_text(asked uuid) returns text
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return (select name from berth.organization where id = asked);
end $$;

-- Returns a project as people write it: ORGANIZATION/NAME.
create or replace function berth.project_text(asked uuid) returns text
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	return (select o.name || '/' || j.name
		from berth.project j join berth.organization o on o.id = j.organization where j.id = asked);
end $$;

-- Returns a target as people write it: KIND/NAME or KIND/ID. A selection of leases is named after its one pool.
create or replace function berth.target_text(kind text, target uuid, arguments jsonb default null) returns text
language sql stable parallel safe return case kind
	when 'pool' then 'pool/' || berth.pool_text(target)
	when 'org' then 'org/' || berth.organization_text(target)
	when 'project' then 'project/' || berth.project_text(target)
	when 'selection' then 'pool/' || case when jsonb_array_length(berth.scopes_in(arguments)) = 1
		then berth.pool_text(berth.id_of(arguments->'scopes'->0->>'pool')) end
	else kind || '/' || target::text
end;

-- Returns the hook that a command runs: 'activate' or 'release'. A retry runs the hook of the command that it repeats.
create or replace function berth.hook_event(action text, arguments jsonb) returns text
language sql immutable parallel safe return case action when 'retry' then arguments->>'direction' else action end;

-- Returns a time for a message, to the second.
create or replace function berth.time_text(at timestamptz) returns text
language sql stable parallel safe return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- Returns a time for JSON, to the microsecond; null for null.
create or replace function berth.time_exact(at timestamptz) returns text
language sql stable parallel safe return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Adds an event.
create or replace function berth.add_event(actor text, asked_action text, asked_kind text, asked_target uuid,
	asked_command uuid, asked_before jsonb, asked_after jsonb, asked_detail jsonb default null)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	insert into berth.event (actor, action, kind, target, command, before, after, detail)
	values (actor, asked_action, asked_kind, asked_target, asked_command, asked_before, asked_after, asked_detail);
end $$;

-- Returns true for a key that comes after `low`, up to `high`; null is no bound. The server inlines it, so that the
-- bounds become the range of an index.
create or replace function berth.in_piece(key uuid, low uuid, high uuid) returns bool
language sql immutable parallel safe return (low is null or key > low) and (high is null or key <= high);
create or replace function berth.in_piece(key bigint, low bigint, high bigint) returns bool
language sql immutable parallel safe return (low is null or key > low) and (high is null or key <= high);
