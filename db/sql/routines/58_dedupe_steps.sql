-- The steps of a run of dedupe, each a transaction.

-- The guard: from now on nobody can add a duplicate, while those that are there are taken out. A trigger after each row, as the
-- constraint will be, so that what other triggers make of a row counts. Two writers of one new key at the same moment do not see
-- each other: the second one waits for the first at the key's row in a table of turns, which tells where the last one of the key
-- was written. With a snapshot that is older than that row it is the first one's key that it does not see; serializable transactions
-- have their own reasons to fail. A row that somebody is about to delete is waited for, as a unique index does, but never in one's
-- turn: whoever deletes it may be going to write the key anew.
--
-- Only an index of the table finds every equal row, and building one takes most of the time of a run. Without it the guard sees
-- those that were written since it stands, where they were written: the two writers who both found nothing. Who doubles an older
-- row is found when the constraint's index is built, which then fails; the run gets the index, and takes out what came in.
create or replace function berth.dedupe_guard_body(r berth.dedupe_run) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	name text := berth.dedupe_guard_name(r.id);
	n record;
	t record;
	equal text;
begin
	select * into n from berth.dedupe_parts(r.relation, r.ask, 'new.');
	select * into t from berth.dedupe_parts(r.relation, r.ask, 't.');
	equal := format('perform from only %s t where %s and pg_catalog.record_eq(%s, %s) limit 2', berth.dedupe_name(r.relation),
		case when r.indexed then format('%s = guard.h', t.hash) else 't.ctid = any (array[guard.other, new.ctid])' end, t.key, n.key);
	return format($body$
<<guard>>
declare
	h bigint := %1$s;
	other tid;
	equals int := 0;
begin
	begin
		select turn.at into guard.other from berth_guard.%2$I turn where turn.hash = guard.h;
		%3$s;
		get diagnostics equals = row_count;
		if equals > 1 then
			%3$s for key share;
			get diagnostics equals = row_count;
		end if;
		if equals <= 1 then
			insert into berth_guard.%2$I as turn (hash, at) values (guard.h, new.ctid)
				on conflict (hash) do update set at = excluded.at, before = turn.at returning turn.before into guard.other;
			%3$s;
			get diagnostics equals = row_count;
		end if;
	exception when serialization_failure then
		if pg_catalog.current_setting('transaction_isolation') = 'serializable' then
			raise;
		end if;
		equals := 2;
	end;
	if equals > 1 then
		raise unique_violation using message = %4$L, detail = 'Key (' || %5$L || ')=(' || pg_catalog.concat_ws(', ', %6$s) || ') already exists.',
			schema = tg_table_schema, table = tg_table_name, constraint = %7$L;
	end if;
	return null;
end $body$, n.hash, name, equal, format('duplicate key value violates unique constraint "%s"', r.constraint_name),
		(select string_agg(c, ', ' order by place) from jsonb_array_elements_text(r.ask->'key') with ordinality x (c, place)),
		(select string_agg(format('coalesce(new.%I::text, ''null'')', c), ', ' order by place) from jsonb_array_elements_text(r.ask->'key') with ordinality x (c, place)),
		r.constraint_name);
end $$;

create or replace function berth.dedupe_guard(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	name text := berth.dedupe_guard_name(r.id);
	source text := berth.dedupe_name(r.relation);
	body text := berth.dedupe_guard_body(r);
	o record;
	n record;
	since timestamptz;
begin
	select * into o from berth.dedupe_parts(r.relation, r.ask, 'old.');
	select * into n from berth.dedupe_parts(r.relation, r.ask, 'new.');
	execute format('create unlogged table if not exists berth_guard.%I (hash bigint primary key, at tid not null, before tid) with (fillfactor = 50)', name);
	execute format('create or replace function berth_guard.%I() returns trigger language plpgsql security definer'
		' set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as %L', name, body);
	since := berth.dedupe_lock(r.relation, 'share row exclusive');
	execute format('create or replace trigger berth_guard_insert after insert on %s for each row execute function berth_guard.%I()', source, name);
	execute format('create or replace trigger berth_guard_update after update on %s for each row when (not pg_catalog.record_eq(%s, %s))'
		' execute function berth_guard.%I()', source, o.key, n.key, name);
	execute format('alter table only %s enable always trigger berth_guard_insert', source);
	execute format('alter table only %s enable always trigger berth_guard_update', source);
	perform berth.dedupe_note(r.id, 'find', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;

-- What the guard needs, once no trigger is left of it.
create or replace function berth.dedupe_unguard_rest(run uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	name text := berth.dedupe_guard_name(run);
begin
	execute format('drop function if exists berth_guard.%I()', name);
	execute format('drop table if exists berth_guard.%I', name);
end $$;

-- Takes the guard off; the table is locked against everybody.
create or replace function berth.dedupe_unguard(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	execute format('drop trigger if exists berth_guard_insert on %s', berth.dedupe_name(r.relation));
	execute format('drop trigger if exists berth_guard_update on %s', berth.dedupe_name(r.relation));
	perform berth.dedupe_unguard_rest(r.id);
end $$;

-- The rows whose hash, which is told how to work out, is in $1, as a condition.
create or replace function berth.dedupe_chosen(r berth.dedupe_run, hash text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	case when r.indexed then '' else
		format('t.ctid = any (array(select unnest(d.at) from berth.dedupe_todo d where d.run = %L and d.hash = any ($1))) and ', r.id) end
	|| hash || ' = any ($1)';

-- One pass over the table, for sorting numbers is cheaper than looking at each place of an index; and without an index a second one
-- tells where the rows of those keys are: to sort them along with the numbers would take longer.
create or replace function berth.dedupe_find(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_hashagg = off set work_mem = '64MB'
set enable_indexscan = off set enable_bitmapscan = off set parallel_setup_cost = 0 set parallel_tuple_cost = 0 as $$
declare
	source text := berth.dedupe_name(r.relation);
	p record;
	hashes bigint[];
	many berth.dedupe_todo[];
begin
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	execute format('select array_agg(hash) from (select hash from (select %s as hash from only %s t order by 1 offset 0) y group by 1 having count(*) > 1) x',
		p.hash, source) into hashes;
	if r.indexed then
		many := array(select (null, h, null, null, null)::berth.dedupe_todo from unnest(hashes) h);
	else
		execute format('select array_agg((null, hash, null, null, at)::berth.dedupe_todo) from (select hash, array_agg(at order by at) as at from ('
			' select %s as hash, t.ctid as at from only %s t where %1$s = any ($1)) y group by 1) x', p.hash, source) into many using hashes;
	end if;
	perform berth.dedupe_found(r.id, many);
	perform berth.dedupe_note(r.id, 'remove');
end $$;

-- How many rows a step locks at most.
create or replace function berth.dedupe_most() returns bigint language sql immutable return 2000;

-- Of a key with more rows than that the last ones by the rule, a part at a time, until there are few enough for berth.dedupe_remove().
-- Which ones that are is found out before anything is locked, and those that somebody else has locked stay for now. Some that are not
-- where they were found: the key is looked for anew.
create or replace function berth.dedupe_slice(r berth.dedupe_run, asked_hash bigint) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_seqscan = off
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 as $$
declare
	source text := berth.dedupe_name(r.relation);
	since timestamptz;
	p record;
	part record;
	locked tid[];
	kept bigint;
	rest tid[];
begin
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	execute format('with g as materialized (%s) select array_agg(at) as at, array_agg(id) as id, array_agg(survivor) as survivor,'
		'  bool_or(differs) as differs, (select array_agg(at) from g where place = 1) as stay, (select count(*) from g) as n'
		' from (select * from g where place > 2 order by place desc limit $2) last',
		berth.dedupe_ranked(r.relation, r.ask, berth.dedupe_chosen(r, p.hash))) into part using array[asked_hash], berth.dedupe_most();
	if part.differs and r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, 1, null);
	end if;
	select at into rest from berth.dedupe_todo where run = r.id and hash = asked_hash;
	if part.n < cardinality(rest) and not r.indexed then
		perform berth.dedupe_looked(r.id, array[asked_hash], '{}', 0, 0, 1);
		return null;
	end if;
	rest := array(select unnest(rest) except select unnest(part.at));
	since := clock_timestamp();
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid = any ($1) for update skip locked) x', source)
		into locked using part.at || part.stay;
	if coalesce(not locked @> part.stay or cardinality(locked) = cardinality(part.stay), true) then
		return berth.dedupe_holders(r.relation);
	end if;
	perform berth.dedupe_refuse_referenced(r.relation, format(
		'select v.*, 2 as place from unnest(%L::tid[], %L::text[], %L::text[]) v (at, id, survivor) where v.at = any (%L::tid[])',
		part.at, part.id, part.survivor, locked), null);
	execute format('with lost as (delete from only %s t using unnest($1, $2, $3) v (at, id, survivor) where t.ctid = v.at and v.at = any ($4)'
		'  returning v.id, v.survivor, %s as fields)'
		' select berth.dedupe_archive($5, array_agg((null, null, id, survivor, $6, fields, null)::berth.dedupe_row)) from lost', source, p.fields)
		into kept using part.at, part.id, part.survivor, locked, r.id,
			case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end;
	if kept is distinct from (select count(*) from unnest(locked) l where l <> all (part.stay)) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted', source));
	end if;
	perform berth.dedupe_sliced(r.id, asked_hash, rest || array(select unnest(part.at) except select unnest(locked)), part.differs);
	perform berth.dedupe_pace(r.id, r.mark, since);
	return null;
end $$;

-- Takes out the duplicates of some keys. A key with a row that somebody has locked goes to the end of the line; one with a row that
-- is not where it was found is looked for anew.
create or replace function berth.dedupe_remove(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_seqscan = off
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 as $$
declare
	source text := berth.dedupe_name(r.relation);
	chosen text;
	ranked text;
	numbers constant text := 'select array_agg(coalesce(n, 0) order by place) from unnest($1) with ordinality wanted (h, place) left join'
		' (select h, count(*) as n from (select %s as h from only %s t where %s%s) x group by h) there using (h)';
	since timestamptz;
	p record;
	todo record;
	there bigint[];
	had bigint[];
	back bigint[];
	gone bigint[];
	hashes bigint[];
	differed bigint[];
	counted record;
begin
	select array_agg(hash order by place) as hashes, array_agg(place order by place) as places, array_agg(cardinality(at)::bigint order by place) as sizes,
		array_agg(hash) filter (where next.differed) as differed into todo
	from (select hash, place, at, t.differed from berth.dedupe_todo t where run = r.id and place > r.mark order by place limit r.chunk) next;
	if todo.hashes is null then
		perform berth.dedupe_note(r.id, case when r.gone = 0 or r.indexed then 'rewrite' when r.round = 1 then 'find' else 'index' end);
		return null;
	end if;
	differed := coalesce(todo.differed, '{}');
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	chosen := berth.dedupe_chosen(r, p.hash);
	ranked := berth.dedupe_ranked(r.relation, r.ask, chosen);
	there := todo.sizes;
	if r.indexed then
		execute format(numbers, p.hash, source, chosen, '') into there using todo.hashes;
	end if;
	-- As many of them as have few enough rows, the first one in any case.
	select array_agg(h) as hashes, array_agg(n) as sizes, max(place) as till, max(n) as most into todo
	from (select h, n, place, sum(n) over (order by place) as total from unnest(todo.hashes, todo.places, there) wanted (h, place, n)) x
	where total <= berth.dedupe_most() or place = todo.places[1];
	if todo.most > berth.dedupe_most() then
		return berth.dedupe_slice(r, todo.hashes[1]);
	end if;
	since := clock_timestamp();
	execute format(numbers, p.hash, source, chosen, ' for update skip locked') into had using todo.hashes;
	there := todo.sizes;
	if had <> there and not r.indexed then
		execute format(numbers, p.hash, source, chosen, '') into there using todo.hashes;
	end if;
	back := array(select h from unnest(todo.hashes, there, had) x (h, n, locked) where n <> locked);
	gone := array(select h from unnest(todo.hashes, todo.sizes, there, had) x (h, size, n, locked) where n < size and n = locked);
	hashes := array(select unnest(todo.hashes) except select unnest(back || gone));
	perform berth.dedupe_refuse_referenced(r.relation, ranked, hashes);
	execute format('with g as materialized (%s), lost as ('
		'  delete from only %s t using g where t.ctid = g.at and g.place > 1 returning g.id, g.survivor, %s as fields)'
		' select (select berth.dedupe_archive($2, array_agg((null, null, id, survivor, $3, fields, null)::berth.dedupe_row)) from lost) as kept,'
		'  count(*) filter (where place = 2) as groups, count(*) filter (where place = 1 and (differs or hash = any ($4))) as conflicting,'
		'  count(*) filter (where place > 1) as losers from g',
		ranked, source, p.fields) into counted using hashes, r.id, case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end,
			differed;
	if r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, counted.conflicting, null);
	end if;
	if counted.losers <> coalesce(counted.kept, 0) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted', source));
	end if;
	perform berth.dedupe_looked(r.id, hashes || gone, back, counted.groups, counted.conflicting, cardinality(gone));
	perform berth.dedupe_pace(r.id, todo.till, since);
	return case when back = todo.hashes then berth.dedupe_holders(r.relation) end;
end $$;

-- NULL becomes empty in the columns where it counts as that, some pages of the table at a time.
create or replace function berth.dedupe_rewrite(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	source text := berth.dedupe_name(r.relation);
	empties text := berth.dedupe_empties(r.relation, r.ask, 't.');
	pages bigint := pg_relation_size(r.relation) / current_setting('block_size')::int;
	till bigint := least(r.mark + r.chunk, 4294967294);
	since timestamptz := clock_timestamp();
	locked tid[];
	waiting bool;
	still bool;
begin
	if empties = 'false' or r.mark >= pages then
		perform berth.dedupe_note(r.id, 'unique');
		return null;
	end if;
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid >= $1 and t.ctid < $2 and (%s) for update skip locked) x',
		source, empties) into locked using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid;
	execute format('select exists (select from only %s t where t.ctid >= $1 and t.ctid < $2 and (%s) and t.ctid <> all (coalesce($3, ''{}'')))',
		source, empties) into waiting using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid, locked;
	execute format('with old as materialized (select t.ctid as at, %1$s as id, %2$s as emptied from only %3$s t where t.ctid = any ($1)), changed as ('
		'  update only %3$s t set %4$s from old where t.ctid = old.at returning old.id, old.emptied, (%5$s) as still)'
		' select bool_or(still), berth.dedupe_archive($2, array_agg((null, null, id, null, ''null-as-empty'', null, emptied)::berth.dedupe_row)) from changed',
		berth.dedupe_written(format('t.%I', r.ask->>'row_id')),
		(select format('array_remove(array[%s], null)', string_agg(format('case when t.%I is null then %L end', c, c), ', '))
			from jsonb_array_elements_text(r.ask->'null_as_empty') c),
		source, (select string_agg(format('%I = coalesce(t.%1$I, '''')', c), ', ') from jsonb_array_elements_text(r.ask->'null_as_empty') c), empties)
		into still using coalesce(locked, '{}'), r.id;
	if still then
		perform berth.refuse('precondition_failed', format('a trigger of table %s makes NULL of what is empty', source));
	end if;
	perform berth.dedupe_pace(r.id, case when waiting then r.mark else till end, since);
	return case when waiting then berth.dedupe_holders(r.relation) end;
exception when unique_violation or foreign_key_violation or check_violation or exclusion_violation then
	perform berth.refuse('precondition_failed', format('NULL cannot become empty: %s', sqlerrm));
end $$;

-- The index is there and valid: the constraint takes it over, and the guard goes, in one moment.
create or replace function berth.dedupe_attach(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	since timestamptz;
begin
	since := berth.dedupe_lock(r.relation, 'access exclusive');
	if not r.standing and not exists (select from pg_constraint where conrelid = r.relation and conname = r.constraint_name) then
		execute format('alter table only %s add constraint %I unique using index %2$I', berth.dedupe_name(r.relation), r.constraint_name);
	end if;
	perform berth.dedupe_unguard(r);
	perform berth.dedupe_note(r.id, 'clean', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;

-- Undoing: what the run has attached goes first.
create or replace function berth.dedupe_detach(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	since timestamptz;
	why text;
begin
	since := berth.dedupe_lock(r.relation, 'access exclusive');
	if not r.standing then
		execute format('alter table only %s drop constraint if exists %I', berth.dedupe_name(r.relation), r.constraint_name);
	end if;
	perform berth.dedupe_unguard(r);
	perform berth.dedupe_note(r.id, 'unindex', since);
	return null;
exception
	when lock_not_available then
		return berth.dedupe_holders(r.relation);
	when dependent_objects_still_exist then
		get stacked diagnostics why = pg_exception_detail;
		perform berth.refuse('in_use', format('constraint %s of table %s is still needed: %s', r.constraint_name, r.name, why),
			jsonb_build_object('constraint', r.constraint_name, 'reason', why), 'when that is gone, the same again goes on');
		return null;
end $$;
