-- Windows of leases in the order of their birth, for lists of any length.
--
-- What is live and what is past have an index each, which only serves a query
-- that says which one it means, and in which direction: so the statement is put
-- together, from the pieces that stand here and nothing else.

-- The condition that a lease is of that project; none is no condition.
create or replace function berth.lease_of(asked_project uuid) returns text language sql immutable return
	case when asked_project is null then '' else format(' and l.project = %L', asked_project) end;

-- What of the leases that are looked through is asked for; its parameters are those of berth.lease_scan().
create or replace function berth.lease_filter(live bool, asked_project uuid) returns text
language sql immutable return format(
	'l.state %s ''destroyed'' and l.state = any ($1) and ($2 is null or l.pool = $2) and ($3 is null or l.holder = $3)',
	case when live then '<>' else '=' end) || berth.lease_of(asked_project);

-- Up to $7 (id, seq) behind $6, in that direction: of all leases, of those that have a
-- label with a key, or with one of its values; `d` is the requirement.
create or replace function berth.lease_source(kind text, live bool, newer bool, asked_project uuid) returns text
language sql immutable return format(
	case kind
	when 'all' then
		'select l.id, l.seq from berth.lease l where l.state %3$s ''destroyed'' and ($2 is null or l.pool = $2)' || berth.lease_of(asked_project) || '
			and l.seq %1$s $6 order by l.seq %2$s limit $7'
	when 'key' then
		'select b.target as id, b.seq from berth.label b where b.kind = ''lease'' and b.prefix = d.prefix and b.name = d.name
			and b.seq %1$s $6 order by b.seq %2$s limit $7'
	else
		'select v.id, v.seq from unnest(d."values") asked (value) cross join lateral (
			select b.target as id, b.seq from berth.label b where b.kind = ''lease'' and b.prefix = d.prefix and b.name = d.name
				and b.value = asked.value and b.seq %1$s $6 order by b.seq %2$s limit $7) v
		order by v.seq %2$s limit $7'
	end,
	case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end, case when live then '<>' else '=' end);

-- Up to `most` ids from the newest on, or with `newer` those born next after `edge`.
--
-- With a selector it goes through whatever is rarest just there: in each step
-- every requirement that has an index says how far its next labels reach, as do the
-- leases themselves, and those that reach farthest are looked at one by one. So it
-- does not matter where in a million those that match are, nor which of fifty
-- requirements is the one that few meet. Inverted it goes through the leases. `match`
-- is not asked for together with a selector.
create or replace function berth.lease_scan(live bool, states text[], asked_pool uuid, asked_holder text, match text, invert bool,
	newer bool, edge bigint, most bigint, selector jsonb, asked_project uuid default null)
returns table (id uuid, seq bigint) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	filter text := berth.lease_filter(live, asked_project);
	way text := case when newer then 'asc' else 'desc' end;
	chunk bigint := least(greatest(2 * least(most, 500), 200), 1000);
	step record;
	rows_found bigint;
begin
	if match is not null then
		return query select w.id, w.seq
		from berth.lease_search(live, states, asked_pool, asked_holder, lower(match), invert, newer, edge, most, asked_project) w;
		return;
	elsif selector is null then
		return query execute format('select l.id, l.seq from berth.lease l where %s and ($4 is null or l.seq %s $4) order by l.seq %s limit $5',
			filter, case when newer then '>' else '<' end, way)
		using states, asked_pool, asked_holder, edge, most;
		return;
	end if;
	edge := coalesce(edge, case when newer then -1 else 9223372036854775807 end);
	loop
		execute format('
			with d as (select * from rows from (jsonb_to_recordset($8) as (op text, prefix text, name text, "values" text[]))
				with ordinality as d (op, prefix, name, "values", n) where not $5)
			select w.kind, w.n, w.rows = $7 as more, w.reach from (
				select ''all'' as kind, 0 as n, count(*) as rows, %1$s(s.seq) as reach from (%2$s) s
				union all
				select ''key'', d.n, s.* from d cross join lateral (select count(*), %1$s(s.seq) from (%3$s) s) s
				where d.op in (''exists'', ''greater'', ''less'')
				union all
				select ''value'', d.n, s.* from d cross join lateral (select count(*), %1$s(s.seq) from (%4$s) s) s
				where d.op in (''equals'', ''in'')) w
			order by w.rows, w.reach %5$s, w.n desc limit 1',
			case when newer then 'max' else 'min' end, berth.lease_source('all', live, newer, asked_project),
			berth.lease_source('key', live, newer, asked_project), berth.lease_source('value', live, newer, asked_project), case when newer then 'desc' else 'asc' end)
		into step using states, asked_pool, asked_holder, null, invert, edge, chunk, selector;
		-- Not beside `d` here: what comes in the order of its index needs no sort, and ends with the page. Each
		-- lease by its id, whatever the server believes of a table that has just been filled.
		return query execute format('
			select l.id, l.seq from (%s) s cross join lateral (select * from berth.lease where lease.id = s.id offset 0) l
			where %s and %s exists (select from berth.unmet($8, l.id)) order by s.seq %s limit $9',
			replace(replace(replace(berth.lease_source(step.kind, live, newer, asked_project), 'd.prefix', '$10'), 'd.name', '$11'), 'd."values"', '$12'),
			filter, case when invert then '' else 'not' end, way)
		using states, asked_pool, asked_holder, null, invert, edge, chunk, selector, most, selector->(step.n::int - 1)->>'prefix',
			selector->(step.n::int - 1)->>'name', array(select jsonb_array_elements_text(selector->(step.n::int - 1)->'values'));
		get diagnostics rows_found = row_count;
		most := most - rows_found;
		exit when not step.more or most <= 0;
		edge := step.reach;
		chunk := least(4 * chunk, 20000);
	end loop;
end $$;

-- The labels of leases that a word is found in, as selectors of one requirement each;
-- null when so many are that it is no use to begin with them.
create or replace function berth.lease_said(word text) returns jsonb[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	found_ones jsonb[] := '{}';
	k record;
	held text[];
begin
	for k in select * from berth.label_keys('lease') loop
		if strpos(lower(berth.key_text(k.prefix, k.name)), word) > 0 then
			found_ones := found_ones || jsonb_build_array(jsonb_build_object('op', 'exists', 'prefix', k.prefix, 'name', k.name, 'values', '{}'::text[]));
			continue;
		end if;
		-- One step of the index for each value, where they are few; else all of its part of the index.
		held := array(select v from berth.label_values('lease', k.prefix, k.name, most => 1001) v);
		if cardinality(held) > 1000 then
			held := array(select distinct b.value from berth.label b
				where b.kind = 'lease' and b.prefix = k.prefix and b.name = k.name and strpos(lower(b.value), word) > 0 limit 1001);
			if cardinality(held) > 1000 then
				return null;
			end if;
		end if;
		held := array(select v from unnest(held) v where strpos(lower(v), word) > 0);
		if held <> '{}' then
			found_ones := found_ones || jsonb_build_array(jsonb_build_object('op', 'in', 'prefix', k.prefix, 'name', k.name, 'values', held));
		end if;
	end loop;
	return found_ones;
end $$;

-- Where a word, in lower case, could be in leases: found once, so that a lease is asked no more than it must be.
create or replace function berth.word_places(word text, out pools uuid[], out hosts uuid[], out is_id bool, out is_value bool,
	out numbers uuid[], out fours uuid[])
language sql stable begin atomic
	select array(select p.id from berth.pool p where strpos(lower(p.name), word) > 0),
		array(select r.id from berth.resource r where r.host <> '' and strpos(lower(r.host), word) > 0),
		word ~ '^[0-9a-f-]+$', word ~ '^[0-9a-f.:]+$' or word ~ ':[0-9]*$',
		array(select p.id from berth.pool p where p.kind = 'number'), array(select p.id from berth.pool p where p.kind = 'ipv4');
end;

-- Whether the lease `l` has the word $6 in its holder, id, value or pool's name; behind it are its places, $7 to $12.
create or replace function berth.lease_has_word() returns text language sql immutable return
	'(strpos(lower(l.holder), $6) > 0 or l.pool = any ($7) or l.resource = any ($8) or ($9 and strpos(l.id::text, $6) > 0)
	or ($10 and strpos(case when l.pool = any ($11) then l.value::text when l.pool = any ($12) then host(''0.0.0.0''::inet + l.value::bigint)
		else (select lower(berth.value_text(r.kind, r.host, l.value)) from berth.resource r where r.id = l.resource) end, $6) > 0))';

-- The same for a word: leases that have it themselves, or in a key or value of
-- their labels; by those they are selected as with `-l`. Inverted, or with a word
-- that is in a great many labels, every lease is asked for its own, and that
-- ends with the page.
create or replace function berth.lease_search(live bool, states text[], asked_pool uuid, asked_holder text, word text, invert bool,
	newer bool, edge bigint, most bigint, asked_project uuid)
returns table (id uuid, seq bigint) language plpgsql stable set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	w record := berth.word_places(word);
	said jsonb[] := case when not invert then berth.lease_said(word) end;
begin
	return query execute format('
		select w.id, w.seq from (
			(select l.id, l.seq from berth.lease l where %1$s and ($4 is null or l.seq %2$s $4)
				and %4$s (%5$s or ($13 and berth.said(l.id, $6)))
			order by l.seq %3$s limit $5)
			union
			select s.* from unnest($14) selector
			cross join lateral berth.lease_scan($15, $1, $2, $3, null, false, $16, $4, $5, selector, $17) s) w
		order by w.seq %3$s limit $5',
		berth.lease_filter(live, asked_project), case when newer then '>' else '<' end, case when newer then 'asc' else 'desc' end,
		case when invert then 'not' else '' end, berth.lease_has_word())
	using states, asked_pool, asked_holder, edge, most, word, w.pools, w.hosts, w.is_id, w.is_value, w.numbers, w.fours, said is null, said,
		live, newer, asked_project;
end $$;

create or replace function berth.lease_window(live bool, states text[], asked_pool text, asked_holder text, match text,
	invert bool, newer bool, edge bigint, most bigint, selector jsonb, asked_project text)
returns table (id uuid, seq bigint) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	pool uuid;
	project uuid;
begin
	perform berth.accept(coalesce(
		berth.check_bool('live', live),
		berth.check_bool('invert', invert),
		berth.check_bool('newer', newer),
		berth.check_most(most),
		berth.check_selector(selector),
		berth.check_that('filter', match is null or selector is null, 'a word or a selector, not both')));
	if asked_pool is not null then
		select p.id into pool from berth.pool p where p.name = asked_pool and p.destroyed is null;
		if not found then
			return;
		end if;
	end if;
	if asked_project is not null then
		project := (berth.find_project(asked_project)).id;
		if project is null then
			return;
		end if;
	end if;
	return query select w.id, w.seq
	from berth.lease_scan(live, states, pool, asked_holder, match, invert, newer, edge, most, selector, project) w;
end $$;

-- Why a lease waits: its place in the line of its pool, of each resource of the pool why it gives nothing, and who
-- keeps a value too long. `hook`: it takes a worker that runs hooks to release those.
create or replace function berth.waiting(asked_lease uuid)
returns table (place bigint, ahead bigint, reasons jsonb, hook bool) language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select w.ahead + 1, w.ahead, coalesce((
		select jsonb_agg(format('resource %s: %s', r.name, case
				when r.state <> 'active' then 'being drained'
				when r.cordoned then 'cordoned'
				when r.free > 0 then format('%s free, to be given soon', r.free)
				when r.held_back > 0 then format('all taken, %s of %s in their reuse delay', r.held_back, r.capacity)
				else format('all %s taken', r.capacity) end) order by r.name)
		from berth.resource_view r where r.pool = p.name and r.state <> 'destroyed'), '["the pool has no resources"]')
			|| to_jsonb(k.words),
		k.takes_hook
	from berth.lease l
	join berth.pool p on p.id = l.pool
	cross join lateral berth.kept_in(l.pool) k
	cross join lateral (select count(*) as ahead from berth.lease o
		where o.pool = l.pool and o.state = 'pending' and (o.priority > l.priority or (o.priority = l.priority and o.seq < l.seq))) w
	where l.id = asked_lease and l.state = 'pending';
end;

-- In the last minute; what a clock has put into the future is not. Written so that it is found by an index.
create or replace function berth.just_now(at timestamptz) returns bool language sql stable return
	at > now() - interval '1 minute' and at < now() + interval '1 minute';

-- `overdue` are leases whose time is over and that keep their value still.
create or replace function berth.queue_stats() returns table (queued bigint, running bigint, quarantined bigint, oldest_seconds float8,
	applied_last_minute bigint, workers_alive bigint, consumed_last_minute bigint, arrived_last_minute bigint, overdue bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	select (select count(*) from berth.command c where c.state = 'queued'),
		(select count(*) from berth.command c where c.state = 'running'),
		(select count(*) from berth.command c where c.state = 'quarantined'),
		coalesce((select greatest(0, date_part('epoch', now() - min(case when c.not_before = '-infinity' then c.created else c.not_before end)))
			from berth.command c where c.state = 'queued' and c.not_before <= now()), 0),
		(select count(*) from berth.command c where c.state = 'done' and c.outcome = 'applied' and berth.just_now(c.consumed_at)),
		(select count(*) from berth.worker_view w where w.alive),
		(select count(*) from berth.command c where c.state in ('done', 'cancelled') and berth.just_now(c.consumed_at)),
		(select count(*) from berth.command c where c.state in ('queued', 'running', 'quarantined') and berth.just_now(c.created))
			+ (select count(*) from berth.command c where c.state in ('done', 'cancelled')
				and berth.just_now(c.consumed_at) and berth.just_now(c.created)),
		(select count(*) from berth.kept(null) k where k.until <= now());
end;

-- The statement for events in their order, the births of leases among them, that meet a condition. Each source gives
-- its own window, so that the whole costs as little anywhere in a long history: with `newest` the last ones, else the
-- first. Up to $5, and $1 and $2 are the target's kind and id where there is one.
create or replace function berth.event_query(asked_kind text, condition text, newest bool) returns text
language sql immutable return format(
	'select seq, at, actor, action, kind, target, target_id, command, before, after from (
		(select seq, at, actor, action, kind, target, target_id, command, before, after from berth.change_view
			where %1$s order by seq %2$s limit $5)
		union all (select seq, at, actor, action, kind, target, target_id, command, before, after from berth.birth_view
			where live and %1$s order by seq %2$s limit $5)
		union all (select seq, at, actor, action, kind, target, target_id, command, before, after from berth.birth_view
			where not live and %1$s order by seq %2$s limit $5)
		order by seq %2$s limit $5) w order by seq',
	case when asked_kind is null then 'true' else 'kind = $1 and target_id = $2' end || condition,
	case when newest then 'desc' else 'asc' end);

create or replace function berth.event_window(asked_kind text, asked_target uuid, edge bigint, since timestamptz, newest bool, most bigint)
returns setof berth.event_view language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.accept(berth.check_events(asked_kind, newest, most));
	return query execute berth.event_query(asked_kind,
		case when edge is null then '' else ' and seq > $3' end || case when since is null then '' else ' and at >= $4' end, newest)
	using asked_kind, asked_target, edge, since, most;
end $$;
