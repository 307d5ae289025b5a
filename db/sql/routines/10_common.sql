-- What the other routines share.

-- Returns the time that is so many microseconds from now, or from another time; null for null. No span is so long
-- that there is no such time: it is at most 10,000 years.
create or replace function berth.time_in(span bigint, since timestamptz default now()) returns timestamptz
language sql stable parallel safe return
	case when span is not null then
		since + least(greatest(span, -315576000000000000), 315576000000000000) * interval '1 microsecond' end;

-- Returns a time or an id that was written as text, or null for what is none, so that whoever reads many rows is not
-- kept from all of them by one.
create or replace function berth.time_of(words text) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return words::timestamptz;
exception when data_exception then
	return null;
end $$;

create or replace function berth.id_of(words text) returns uuid language sql immutable parallel safe return
	case when words ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then words::uuid end;

-- Returns the scopes of a command, none for what is no list of them.
create or replace function berth.scopes_in(arguments jsonb) returns jsonb language sql immutable parallel safe return
	case when jsonb_typeof(arguments->'scopes') = 'array' then arguments->'scopes' else '[]' end;

-- Ends the transaction with a domain error (design: errors). SQLSTATE BERTH says
-- so; the message is the code's name, a newline, and the sentence for people.
create or replace function berth.refuse(code text, sentence text, detail jsonb default '{}', hint text default null)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'BERTH', message = code || E'\n' || sentence, detail = detail::text,
		hint = coalesce(hint, case code when 'id_conflict' then 'an id stands for one request: without --id a new one is chosen' end, '');
end $$;

-- A demand on the effect of a statement, checked before the commit.
create or replace function berth.demand(rows bigint, wanted bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	if rows <> wanted then
		raise exception using errcode = 'BERTE', constraint = 'demand',
			message = format('%s rows and not %s', rows, wanted);
	end if;
	return rows;
end $$;

-- The last step of a dry run: everything before it has been answered, and is undone.
create or replace function berth.dry_run() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
	raise exception using errcode = 'BERTD', message = 'dry run';
end $$;

-- The digest of what a request asks for: by it the same request is known again. A JSON array keeps its parts and its
-- nulls apart, which a concatenation does not.
create or replace function berth.digest(content jsonb) returns text
language sql immutable parallel safe return md5(content::text);

-- Returns whether a state is one of these, for rows that are found by something else: their id, lane or target. No
-- index answers this form of the question, which is its purpose. A partial index on a state that no row had when
-- statistics were last taken looks empty, and so cheaper than any look-up: it was read whole for each row of a chunk.
create or replace function berth.state_is(state text, states text[]) returns bool
language sql immutable parallel safe return state || '' = any (states);

-- How many values a set holds, exactly.
create or replace function berth.room(free nummultirange) returns numeric
language sql immutable parallel safe return
	(select coalesce(sum(upper(piece) - lower(piece)), 0) from unnest(free) piece);

-- The present, for a row that was last changed at `last` and is locked: never before that, so that the times of one
-- thing are in the order of its changes whenever their transactions began. A clock that was set back by more than a
-- minute is believed: nothing waits for it to come to where it wrongly was.
create or replace function berth.moment(last timestamptz) returns timestamptz language sql volatile return
	case when last < clock_timestamp() + interval '1 minute' then greatest(clock_timestamp(), last) else clock_timestamp() end;

-- A decayed count, as of now: what happened t ago weighs exp(-t / 6 h). Divided
-- by those six hours it is a rate; young pools have not had six hours, which the
-- last factor mends (the bias correction of an exponential moving average). One
-- younger than an hour is taken as an hour old: its first filling is no trend.
-- Times that a clock has put into the future, or far into the past, are no reason
-- to fail: the exponents stay between 0 and -700.
create or replace function berth.flow(flow float8, since timestamptz) returns float8
language sql stable parallel safe return
	flow * exp(least(0, greatest(-700, date_part('epoch', since - now()) / 21600)));

create or replace function berth.per_hour(flow float8, born timestamptz) returns float8
language sql stable parallel safe return
	flow / 6 / (1 - exp(-least(700, greatest(3600, date_part('epoch', now() - born)) / 21600)));

-- What deserves to be called a trend, null for none: the pool is six hours old at least, and what it has gained in these
-- hours is more than chance. A net change of n comes of n steps at least, which by chance would be the square root of n:
-- so sure it is.
create or replace function berth.trend(flow float8, per_hour float8, born timestamptz) returns jsonb
language sql stable parallel safe return case when born <= now() - interval '6 hours' and abs(flow) >= 4
	then jsonb_build_object('per_day', round((least(1e15, greatest(-1e15, per_hour)) * 24)::numeric, 3), 'span', 21600,
		'confidence', round((1 - 1 / sqrt(abs(flow)))::numeric, 2)) end;

-- A value as people write it.
create or replace function berth.value_text(kind text, host text, value numeric) returns text
language sql immutable parallel safe return case kind
	when 'host' then host || ':' || value
	when 'number' then value::text
	when 'ipv4' then pg_catalog.host('0.0.0.0'::inet + value::bigint)
	else pg_catalog.host((
		select string_agg(to_hex(mod(div(value, power(65536::numeric, 7 - place)), 65536)::int), ':' order by place)
		from generate_series(0, 7) place)::inet)
end;

-- A project as people write it.
create or replace function berth.project_text(asked uuid) returns text
language sql stable parallel safe return (select o.name || '/' || j.name
	from berth.project j join berth.organization o on o.id = j.organization where j.id = asked);

-- A target as people write it. A selection is what it was taken from.
create or replace function berth.target_text(kind text, target uuid, arguments jsonb default null) returns text
language sql stable parallel safe return case kind
	when 'pool' then 'pool/' || (select name from berth.pool where id = target)
	when 'org' then 'org/' || (select name from berth.organization where id = target)
	when 'project' then 'project/' || berth.project_text(target)
	when 'selection' then 'pool/' || (select name from berth.pool where jsonb_array_length(berth.scopes_in(arguments)) = 1
		and id = berth.id_of(arguments->'scopes'->0->>'pool'))
	else kind || '/' || target
end;

-- What a hook is run for: a retry runs that of the command it is about.
create or replace function berth.direction(action text, arguments jsonb) returns text
language sql immutable parallel safe return case action when 'retry' then arguments->>'direction' else action end;

create or replace function berth.time_text(at timestamptz) returns text
language sql stable parallel safe return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- As the JSON of every time is: to the microsecond, null for none.
create or replace function berth.time_exact(at timestamptz) returns text
language sql stable parallel safe return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
