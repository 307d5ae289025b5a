-- The steps of a run of dedupe, each a transaction.

-- Returns a condition for the rows whose hash, given as an expression, is in $1.
create or replace function berth.dedupe_chosen(r berth.dedupe_run, hash text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	case when r.indexed then '' else
		format('t.ctid = any (array(select unnest(d.at) from berth.dedupe_todo d where d.run = %L and d.hash = any '
			'($1))) and ', r.id) end
	|| hash || ' = any ($1)';

-- Returns the hashes of the keys that more than one row has. It takes one pass over the table: sorting numbers is
-- cheaper than a look at each place of an index.
create or replace function berth.dedupe_doubled(relation oid, ask jsonb) returns bigint[]
language plpgsql stable set search_path = pg_catalog, pg_temp set jit = off set enable_hashagg = off
set work_mem = '64MB' set enable_indexscan = off set enable_bitmapscan = off
set parallel_setup_cost = 0 set parallel_tuple_cost = 0 as $$
declare
	p record;
	hashes bigint[];
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	execute format('select array_agg(hash) from (select hash from (select %s as hash from only %s t where %s order by '
		'1 offset 0) y group by 1 having count(*) > 1) x', p.hash, berth.dedupe_name(relation), p.pin) into hashes;
	return hashes;
end $$;

-- Finds the keys that have duplicates. Without an index a second pass over the table finds the places of their rows:
-- sorting the places along with the numbers would take longer.
create or replace function berth.dedupe_find(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_hashagg = off
	set work_mem = '64MB'
set enable_indexscan = off set enable_bitmapscan = off set parallel_setup_cost = 0 set parallel_tuple_cost = 0 as $$
declare
	source text := berth.dedupe_name(r.relation);
	p record;
	hashes bigint[] := berth.dedupe_doubled(r.relation, r.ask);
	many berth.dedupe_todo[];
begin
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	if r.indexed then
		many := array(select (null, h, null, null, null)::berth.dedupe_todo from unnest(hashes) h);
	else
		execute format('select array_agg((null, hash, null, null, at)::berth.dedupe_todo) from (select hash, '
			'array_agg(at order by at) as at from ('
			' select %s as hash, t.ctid as at from only %s t where %3$s and %1$s = any ($1)) y group by 1) x', p.hash,
				source, p.pin) into many using hashes;
	end if;
	perform berth.dedupe_found(r.id, r.epoch, many);
	perform berth.dedupe_note(r.id, r.epoch, 'remove');
end $$;

-- Returns how many rows a step locks at most, fewer after steps that took long: see berth.dedupe_pace().
create or replace function berth.dedupe_most(r berth.dedupe_run) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp return least(2000, 64 * r.chunk);

-- Removes the last rows by the rule from a key with more rows than that, a part at a time, until there are few enough
-- for berth.dedupe_remove(). The rows are chosen before anything is locked, and rows that someone else has locked stay
-- for now. If some rows are not at their recorded places, the key is searched again.
create or replace function berth.dedupe_slice(r berth.dedupe_run, asked_hash bigint) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_seqscan = off
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	source text := berth.dedupe_name(r.relation);
	since timestamptz;
	p record;
	part record;
	locked tid[];
	kept bigint;
	rest tid[];
	ways berth.dedupe_way[];
	ranked text;
	moved record;
begin
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	execute format('with g as materialized (%s) select array_agg(at) as at, array_agg(id) as id, array_agg(survivor) '
		'as survivor,'
		'  bool_or(differs) as differs, (select array_agg(at) from g where place = 1) as stay, (select count(*) from '
			'g) as n'
		' from (select * from g where place > 2 order by place desc limit $2) last',
		berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, p.pin, berth.dedupe_chosen(r, p.hash), ''))
			into part using array[asked_hash], berth.dedupe_most(r);
	if part.differs and r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, 1, null);
	end if;
	select at into rest from berth.dedupe_todo where run = r.id and hash = asked_hash;
	if part.n < cardinality(rest) and not r.indexed then
		perform berth.dedupe_looked(r.id, r.epoch, array[asked_hash], '{}', 0, 0, 1);
		return null;
	end if;
	rest := array(select unnest(rest) except select unnest(part.at));
	ways := berth.dedupe_ways(r);
	since := clock_timestamp();
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid = any ($1) and %s for '
		'update skip locked) x', source, p.pin)
		into locked using part.at || part.stay;
	if coalesce(not locked @> part.stay or cardinality(locked) = cardinality(part.stay), true) then
		return berth.dedupe_holders(r.relation);
	end if;
	ranked := format('select v.*, 2 as place, %L::tid as survivor_at, %L::bigint as hash from unnest(%L::tid[], '
		'%L::text[], %L::text[]) v (at, id, survivor) where v.at = any (%L::tid[])',
		part.stay[1], asked_hash, part.at, part.id, part.survivor, locked);
	select * into moved from berth.dedupe_repoint(r, ways, ranked, array[asked_hash]);
	if moved.left_over <> '{}' then
		perform berth.dedupe_pace(r.id, r.epoch, r.mark, since);
		return case when moved.moved = 0 then berth.dedupe_holders(r.relation) end;
	end if;
	execute format('with lost as (delete from only %s t using unnest($1, $2, $3) v (at, id, survivor) where t.ctid = '
		'v.at and v.at = any ($4) and %s'
		'  returning v.id, v.survivor, %s as fields)'
		' select berth.dedupe_archive($5, $7, array_agg((null, null, id, survivor, $6, fields, null, $8, '
			'false, null, null, null)::berth.dedupe_row)) from lost',
		source, berth.dedupe_pinned(r.relation, 'delete'), p.fields)
		into kept using part.at, part.id, part.survivor, locked, r.id,
			case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end, r.epoch, part.differs;
	if kept is distinct from (select count(*) from unnest(locked) l where l <> all (part.stay)) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted',
			source));
	end if;
	perform berth.dedupe_sliced(r.id, r.epoch, asked_hash, rest
		|| array(select unnest(part.at) except select unnest(locked)), part.differs);
	perform berth.dedupe_pace(r.id, r.epoch, r.mark, since);
	return null;
end $$;

-- Removes the duplicates of some keys. A key with a row that someone else has locked goes to the end of the line; a key
-- with a row that is not at its recorded place is searched again.
create or replace function berth.dedupe_remove(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_seqscan = off
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	source text := berth.dedupe_name(r.relation);
	chosen text;
	ranked text;
	numbers constant text := 'select array_agg(coalesce(n, 0) order by place) from unnest($1) with ordinality wanted '
		'(h, place) left join'
		' (select h, count(*) as n from (select %s as h from only %s t where %s and %s%s) x group by h) there using '
			'(h)';
	since timestamptz;
	p record;
	todo record;
	there bigint[];
	had bigint[];
	back bigint[];
	gone bigint[];
	hashes bigint[];
	differed bigint[];
	ways berth.dedupe_way[];
	moved record;
	counted record;
begin
	select array_agg(hash order by place) as hashes, array_agg(place order by place) as places,
		array_agg(cardinality(at)::bigint order by place) as sizes,
		array_agg(hash) filter (where next.differed) as differed into todo
	from (select hash, place, at, t.differed from berth.dedupe_todo t where run = r.id and place > r.mark order by place
		limit r.chunk) next;
	if todo.hashes is null then
		perform berth.dedupe_note(r.id, r.epoch, case when r.gone = 0 or r.indexed then 'rewrite' when r.round = 1
			then 'find' else 'index' end);
		return null;
	end if;
	differed := coalesce(todo.differed, '{}');
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	chosen := berth.dedupe_chosen(r, p.hash);
	-- Planned before the delete in the same statement, and pinned for both.
	ranked := berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, berth.dedupe_pinned(r.relation, 'delete')
		|| coalesce(' and ' || p.live, ''), chosen, ', first_value(t.ctid) over byrank as survivor_at');
	there := todo.sizes;
	if r.indexed then
		execute format(numbers, p.hash, source, p.pin, chosen, '') into there using todo.hashes;
	end if;
	-- As many keys as have few enough rows together, and the first one in any case.
	select array_agg(h) as hashes, array_agg(n) as sizes, max(place) as till, max(n) as most into todo
	from (select h, n, place, sum(n) over (order by place) as total from unnest(todo.hashes, todo.places,
		there) wanted (h, place, n)) x
	where total <= berth.dedupe_most(r) or place = todo.places[1];
	if todo.most > berth.dedupe_most(r) then
		return berth.dedupe_slice(r, todo.hashes[1]);
	end if;
	ways := berth.dedupe_ways(r);
	since := clock_timestamp();
	execute format(numbers, p.hash, source, p.pin, chosen, ' for update skip locked') into had using todo.hashes;
	there := todo.sizes;
	if had <> there and not r.indexed then
		execute format(numbers, p.hash, source, p.pin, chosen, '') into there using todo.hashes;
	end if;
	back := array(select h from unnest(todo.hashes, there, had) x (h, n, locked) where n <> locked);
	gone := array(select h from unnest(todo.hashes, todo.sizes, there, had) x (h, size, n, locked) where n < size
		and n = locked);
	hashes := array(select unnest(todo.hashes) except select unnest(back || gone));
	select * into moved from berth.dedupe_repoint(r, ways, ranked, hashes);
	back := back || array(select distinct unnest(moved.left_over));
	hashes := array(select unnest(hashes) except select unnest(back));
	execute format('with g as materialized (%s), lost as ('
		'  delete from only %s t using g where t.ctid = g.at and g.place > 1'
		'  returning g.id, g.survivor, %s as fields, g.differs or g.hash = any ($4) as differs)'
		' select (select berth.dedupe_archive($2, $5, array_agg((null, null, id, survivor, $3, fields, null, differs, '
			'false, null, null, null)::berth.dedupe_row)) from lost) as kept,'
		'  count(*) filter (where place = 2) as groups, count(*) filter (where place = 1 and (differs or hash = any '
			'($4))) as conflicting,'
		'  count(*) filter (where place > 1) as losers from g',
		ranked, source, p.fields) into counted
		using hashes, r.id, case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end, differed,
			r.epoch;
	if r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, counted.conflicting, null);
	end if;
	if counted.losers <> coalesce(counted.kept, 0) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted',
			source));
	end if;
	perform berth.dedupe_looked(r.id, r.epoch, hashes || gone, back, counted.groups, counted.conflicting,
		cardinality(gone));
	perform berth.dedupe_pace(r.id, r.epoch, todo.till, since);
	return case when hashes || gone = '{}' and moved.moved = 0 then berth.dedupe_holders(r.relation) end;
end $$;

-- Makes NULL empty in the columns where it counts as empty, some pages of the table at a time.
create or replace function berth.dedupe_rewrite(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	source text := berth.dedupe_name(r.relation);
	empties text := berth.dedupe_empties(r.relation, r.ask, 't.');
	pin text := berth.dedupe_pinned(r.relation, 'insert');
	pages bigint := pg_relation_size(r.relation) / current_setting('block_size')::int;
	till bigint := least(r.mark + r.chunk, 4294967294);
	since timestamptz := clock_timestamp();
	locked tid[];
	waiting bool;
	still bool;
begin
	if empties = 'false' or r.mark >= pages or not berth.dedupe_trusts(r.relation) then
		perform berth.dedupe_note(r.id, r.epoch, 'unique');
		return null;
	end if;
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid >= $1 and t.ctid < $2 '
		'and %s and (%s) for update skip locked) x',
		source, pin, empties) into locked using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid;
	execute format('select exists (select from only %s t where t.ctid >= $1 and t.ctid < $2 and %s and (%s) and '
		't.ctid <> all (coalesce($3, ''{}'')))',
		source, pin, empties) into waiting using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid, locked;
	execute format('with old as materialized (select t.ctid as at, %1$s as id, %2$s as emptied from only %3$s t where '
		'%6$s and t.ctid = any ($1)), changed as ('
		'  update only %3$s t set %4$s from old where %6$s and t.ctid = old.at returning old.id, old.emptied, (%5$s) '
			'as still)'
		' select bool_or(still), berth.dedupe_archive($2, $3, array_agg((null, null, id, null, ''null-as-empty'', '
			'null, emptied, false, false, null, null, null)::berth.dedupe_row)) from changed',
		berth.dedupe_id_text(berth.dedupe_names(r.ask->'row_id'), 't.'),
		(select format('array_remove(array[%s], null)', string_agg(format('case when t.%I is null then %L end', c, c),
			', '))
			from jsonb_array_elements_text(r.ask->'null_as_empty') c),
		source, (select string_agg(format('%I = coalesce(t.%1$I, '''')', c), ', ')
			from jsonb_array_elements_text(r.ask->'null_as_empty') c), empties, pin)
		into still using coalesce(locked, '{}'), r.id, r.epoch;
	if still then
		perform berth.refuse('precondition_failed', format('a trigger of table %s makes NULL of what is empty',
			source));
	end if;
	perform berth.dedupe_pace(r.id, r.epoch, case when waiting then r.mark else till end, since);
	return case when waiting then berth.dedupe_holders(r.relation) end;
exception when unique_violation or foreign_key_violation or check_violation or exclusion_violation then
	perform berth.refuse('precondition_failed', format('NULL cannot become empty: %s', sqlerrm));
end $$;

-- Lets the constraint take over the index, which is valid by now, and removes the guard, at the same moment. An index
-- that no constraint can have stays by itself.
create or replace function berth.dedupe_attach(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	since timestamptz;
begin
	since := berth.dedupe_lock(r.relation, 'access exclusive');
	if not r.standing and not berth.dedupe_by_index(r.ask) and not exists (select from pg_constraint
		where conrelid = r.relation and conname = r.constraint_name) then
		execute format('alter table only %s add constraint %I unique using index %2$I', berth.dedupe_name(r.relation),
			r.constraint_name);
	end if;
	perform berth.dedupe_unguard(r);
	perform berth.dedupe_note(r.id, r.epoch, 'clean', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;
