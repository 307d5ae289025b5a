-- The words of rows for filters: what screens show, and the conditions that a row has a word.

-- Returns the state of a lease and its word on the screen.
create or replace function berth.lease_words(l berth.lease) returns text[]
language sql stable parallel safe return array[l.state, case
	when l.state in ('acquired', 'active') and l.until <= now() then 'late'
	when l.state in ('acquired', 'active') and l.until < now() + interval '1 hour' then 'soon'
	when l.state = 'pending' then 'wait'
	when l.state = 'acquired' then 'start'
	when l.state = 'active' then 'held'
	when l.state = 'released' then 'ending'
	when l.state = 'destroyed' then 'gone'
	else l.state end];

-- Returns the status of a pool and its word on the screen.
create or replace function berth.pool_words(status text, capacity float8) returns text[]
language sql immutable parallel safe return array[status, case
	when capacity = 0 then 'empty'
	when status = 'exhausted' then 'full'
	when status = 'ok' then status
	else left(status, 4) end];

-- Returns the state and outcome of a command, and its word on the screen.
create or replace function berth.command_words(c berth.command) returns text[]
language sql stable parallel safe return array[c.state, coalesce(c.outcome, ''), case
	when c.state = 'queued' and c.not_before <= now() then 'queued'
	when c.state = 'queued' and c.attempts > 0 then 'retry'
	when c.state = 'queued' then 'wait'
	when c.state = 'running' then 'run'
	when c.state = 'quarantined' then 'stuck'
	when c.state = 'cancelled' then 'cancel'
	when c.outcome = 'rejected' then 'reject'
	when c.outcome = 'applied' and c.total is not null and c.action <> 'delete' and c.rejected + c.cancelled > 0
		then 'ended'
	else coalesce(c.outcome, '') end];

-- Returns the word on the screen for a kind of alerts.
create or replace function berth.alert_word(kind text) returns text
language sql immutable parallel safe return case kind
	when 'no_worker' then 'no worker'
	when 'full_waiting' then 'full'
	when 'runs_out' then 'soon'
	when 'invalid_index' then 'index'
	when 'invariant' then 'broken'
	when 'duplicates' then 'doubles'
	else kind end;

-- Returns the target of a command as it is written, and as screens name it.
create or replace function berth.command_target_text(c berth.command) returns text
language sql stable parallel safe return (
	select concat_ws(' ', v.target, v.subject) from berth.command_view v where v.id = c.id);

-- Returns how long a command has been due, or was when it ended; null before it is due.
create or replace function berth.command_lag(c berth.command) returns interval
language sql stable parallel safe return case
	when c.state in ('done', 'cancelled') and c.consumed_at is not null then
		c.consumed_at - case when c.not_before > c.created and c.not_before < c.consumed_at then c.not_before
			else c.created end
	when c.not_before <= now() then now() - greatest(c.not_before, c.created) end;

-- Returns the condition that a lease `l` shows a word, and the leases that indexes find for it: those with the word in
-- a label, with a value in the range that the word is, or with this id.
create or replace function berth.lease_word(word jsonb, out condition text, out known uuid[])
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	w text := lower(word->>'text');
	m record := berth.word_matches(w);
	labels jsonb[] := berth.label_selectors(w);
	parts text[] := array[format('strpos(lower(l.holder), %L) > 0', w)];
begin
	known := array(select t from unnest(labels) s cross join lateral berth.label_targets(s->0, 5001) t limit 5001);
	parts := parts
		-- Not `exists`, for which the server might read all labels.
		|| case when labels is null or cardinality(known) > 5000 then format('(select bool_or(strpos(lower(
				case b.prefix when '''' then b.name else b.prefix || ''/'' || b.name end), %1$L) > 0
				or strpos(lower(b.value), %1$L) > 0) from berth.label b where b.target = l.id)', w)
			when known <> '{}' then format('l.id = any (%L::uuid[])', known) end
		|| case when m.pools <> '{}' then format('l.pool = any (%L::uuid[])', m.pools) end
		|| case when m.hosts <> '{}' then format('l.resource = any (%L::uuid[])', m.hosts) end
		|| case when m.is_id then format('strpos(l.id::text, %L) > 0', w) end
		|| case when m.is_value then format('strpos(case when l.pool = any (%1$L::uuid[]) then l.value::text
			when l.pool = any (%2$L::uuid[]) then host(''0.0.0.0''::inet + l.value::bigint)
			else (select lower(berth.held_text(r.kind, r.host, l.value, p.unit)) from berth.resource r
				join berth.pool p on p.id = r.pool where r.id = l.resource)
			end, %3$L) > 0', m.numbers, m.fours, w) end
		|| case when exists (select from unnest('{pending, acquired, active, released, destroyed, broken, wait, start,
				held, soon, late, ending, gone}'::text[]) s where strpos(s, w) > 0)
			then format('strpos(array_to_string(berth.lease_words(l), '' ''), %L) > 0', w) end
		|| (select case when count(*) > 0 then format('l.project = any (%L::uuid[])', array_agg(j.id)) end
			from berth.project j join berth.organization o on o.id = j.organization
			where strpos(lower(o.name || '/' || j.name), w) > 0);
	condition := format('(%s)', array_to_string(array_remove(parts, null), ' or '));
	known := known || berth.id_of(w) || case when word ? 'kind' then array(select l.id from berth.resource r
		join berth.pool p on p.id = r.pool
		join berth.lease l on l.resource = r.id and l.value > (word->>'first')::numeric - p.block
			and l.value <= (word->>'last')::numeric
		where r.kind = word->>'kind' and r.state <> 'destroyed' and lower(r.host) = lower(word->>'host')
			and r.first <= (word->>'last')::numeric and r.last >= (word->>'first')::numeric
			and l.state <> 'destroyed' limit 1000) end;
end $$;

-- Returns up to `most` leases with a label that meets a requirement `exists` or `in`.
create or replace function berth.label_targets(requirement jsonb, most bigint) returns setof uuid
language sql stable begin atomic
	select b.target from berth.label b
	where b.kind = 'lease' and b.prefix = requirement->>'prefix' and b.name = requirement->>'name'
		and (requirement->>'op' = 'exists'
			or b.value = any (array(select jsonb_array_elements_text(requirement->'values'))))
	limit most;
end;

-- Returns true if a range contains the one that a word is.
create or replace function berth.range_contains(kind text, host text, first numeric, last numeric, word jsonb)
returns bool language sql immutable parallel safe return kind = word->>'kind' and lower(host) = lower(word->>'host')
	and first <= (word->>'first')::numeric
	and (last >= (word->>'last')::numeric or (kind = 'host' and word->>'last' = '9223372036854775807'));

-- Returns true if a live range of a pool contains the range that a word is; of a host without a slot, any of its slots.
create or replace function berth.pool_contains(asked_pool uuid, word jsonb) returns bool
language sql stable parallel safe return exists (select from berth.resource r
	where r.pool = asked_pool and r.state <> 'destroyed'
		and berth.range_contains(r.kind, r.host, r.first, r.last, word));

-- Returns the condition that the labels of a pool `v` contain a word, which is given in lower case. The pools are
-- listed if they are few.
create or replace function berth.pool_label_word(word text) returns text
language sql stable parallel safe return (
	select case when cardinality(k.known) <= 1000 then format('v.id = any (%L::uuid[])', k.known)
		else format('berth.has_label_word(v.id, %L)', word) end
	from (select array(select b.target from berth.label b where b.kind = 'pool'
		and (strpos(lower(berth.key_text(b.prefix, b.name)), word) > 0 or strpos(lower(b.value), word) > 0)
		limit 1001) as known) k);

-- Returns the condition that a pool `v` shows a word, or has a range that contains it. Its state is looked at only for
-- a word that a state can have.
create or replace function berth.pool_word(word jsonb) returns text
language sql stable parallel safe return format('(%s)', concat_ws(' or ',
	format('strpos(lower(concat_ws('' '', v.name, v.kind, v.space, v.project)), %L) > 0', lower(word->>'text')),
	case when exists (select from unnest('{exhausted, critical, warning, ok, empty, full, crit, warn}'::text[]) s
			where strpos(s, lower(word->>'text')) > 0)
		then format('strpos(array_to_string(berth.pool_words(v.status, v.capacity), '' ''), %L) > 0',
			lower(word->>'text')) end,
	berth.pool_label_word(lower(word->>'text')),
	case when word ? 'kind' then format('berth.pool_contains(v.id, %L)', word) end));

-- Returns the condition that a command `c` shows a word. Its target is looked up last: that takes longest.
create or replace function berth.command_word(word jsonb) returns text
language sql immutable parallel safe return format('(strpos(lower(concat_ws('' '', c.id, c.action, c.kind, c.target,
		c.author, c.state, c.outcome, c.reason, c.explanation)), %1$L) > 0
		or strpos(array_to_string(berth.command_words(c), '' ''), %1$L) > 0
		or (select strpos(lower(concat_ws('' '', v.target, v.subject)), %1$L) > 0
			from berth.command_view v where v.id = c.id))', lower(word->>'text'));

-- Returns the state of a resource and its word on the screen.
create or replace function berth.resource_words(state text, cordoned bool) returns text[]
language sql immutable parallel safe return array[state, case
	when state = 'active' and cordoned then 'cordon'
	when state = 'released' then 'drain'
	when state = 'destroyed' then 'gone'
	else state end];

-- Returns the leases of a project; without a limit they are counted here, up to 100,000.
create or replace function berth.project_use(j berth.project) returns numeric
language sql stable parallel safe return
	case when j.max_leases is null then berth.project_leases(j.id, 100000) else j.leases end;

-- Returns how much of its limit a project uses, in percent; null without a limit.
create or replace function berth.project_percent(j berth.project) returns numeric
language sql immutable parallel safe return case j.max_leases when 0 then 100
	else 100 * j.leases::numeric / j.max_leases end;

-- Returns the state of a project and its word on the screen, which tells how near its limit is.
create or replace function berth.project_words(j berth.project) returns text[]
language sql stable parallel safe return array[j.state, case
	when j.state <> 'active' then 'closed'
	when j.leases > j.max_leases then 'over'
	when j.leases = j.max_leases then 'full'
	when berth.project_percent(j) >= 90 then 'crit'
	when berth.project_percent(j) >= 80 then 'warn'
	when case when j.max_leases is null then berth.project_leases(j.id, 1) else j.leases end > 0 then 'ok'
	else 'unused' end];

-- Returns the condition that a resource `v`, with its row `r`, shows a word, or contains the range that it is.
create or replace function berth.resource_word(word jsonb) returns text
language sql immutable parallel safe return format('(strpos(lower(concat_ws('' '', v.name, v.pool, r.kind,
		array_to_string(berth.resource_words(v.state, v.cordoned), '' ''))), %1$L) > 0
		or berth.has_label_word(v.id, %1$L)%2$s)',
	lower(word->>'text'), case when word ? 'kind'
		then format(' or berth.range_contains(r.kind, r.host, r.first, r.last, %L)', word) end);

-- Returns the condition that a project `j` of an organization `o` shows a word.
create or replace function berth.project_word(word jsonb) returns text
language sql immutable parallel safe return format('(strpos(lower(concat_ws('' '', o.name || ''/'' || j.name,
		array_to_string(berth.project_words(j), '' ''))), %1$L) > 0 or berth.has_label_word(j.id, %1$L)
		or exists (select from berth.pool p where p.project = j.id and p.destroyed is null
			and strpos(lower(p.name), %1$L) > 0))', lower(word->>'text'));

-- Returns the live resources that match a filter.
create or replace function berth.resources_matching(filter jsonb) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_filter('resources', filter));
	return query execute format('select v.id from berth.resource_view v join berth.resource r using (id)
		where v.state <> ''destroyed'' and %s', berth.filter_condition('resources', filter,
		array(select berth.resource_word(w) from jsonb_array_elements(filter->'words') w)));
end $$;

-- Returns the live projects that match a filter.
create or replace function berth.projects_matching(filter jsonb) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_filter('projects', filter));
	return query execute format('select j.id from berth.project j join berth.organization o on o.id = j.organization
		where j.state <> ''destroyed'' and %s', berth.filter_condition('projects', filter,
		array(select berth.project_word(w) from jsonb_array_elements(filter->'words') w)));
end $$;
