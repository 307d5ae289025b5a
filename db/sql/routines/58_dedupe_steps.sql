-- The steps of a run of dedupe, each a transaction.
--
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
	name text := berth.dedupe_guard_name(r.guard);
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
	if tg_relid <> %8$L::pg_catalog.oid then
		raise insufficient_privilege using message = 'this guard is of another table'; end if;
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
		(select string_agg(format('coalesce(pg_catalog.format(''%%s'', new.%I), ''null'')', c), ', ' order by place) from jsonb_array_elements_text(r.ask->'key') with ordinality x (c, place)),
		r.constraint_name, r.relation);
end $$;

-- Makes the table of turns of a new guard, in berth's own schema, where nobody else creates anything, under a name that is made up
-- here. A former one goes. The owner of the table may write it, for the guard is his.
create or replace function berth.dedupe_turns(asked_run uuid, asked_epoch bigint, token uuid default berth.caller()) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token, '{running}');
	made uuid := gen_random_uuid();
	name text := berth.dedupe_guard_name(made);
begin
	if r.phase <> 'guard' then
		perform berth.refuse('invalid_input', format('run %s needs no guard', r.id));
	end if;
	if r.guard is not null then
		execute format('drop table if exists berth_guard.%I', berth.dedupe_guard_name(r.guard));
	end if;
	execute format('create unlogged table berth_guard.%I (hash bigint not null, at tid not null, before tid, constraint %I primary key (hash))'
		' with (fillfactor = 50)', name, name || '_pkey');
	execute format('grant select, insert, update on berth_guard.%I to %s', name, (select relowner::regrole from pg_class where oid = r.relation));
	update berth.dedupe_run set guard = made, guard_function = null where id = r.id;
	return made;
end $$;

-- The function of the guard, once its owner has made it; null with the guard when it is gone.
create or replace function berth.dedupe_guarded(asked_run uuid, asked_epoch bigint, made oid, token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token);
begin
	if made is not null then
		update berth.dedupe_run set guard_function = (select p.oid from pg_proc p join pg_class c on c.oid = r.relation and c.relowner = p.proowner
			where p.oid = made and p.proname = berth.dedupe_guard_name(r.guard)) where id = r.id;
	elsif r.guard is not null then
		execute format('drop table if exists berth_guard.%I', berth.dedupe_guard_name(r.guard));
		update berth.dedupe_run set guard = null, guard_function = null where id = r.id;
	end if;
end $$;

-- Makes the function of the guard, which reads the table for whoever writes it: as the owner, whose indexes and policies take part in
-- reading, and as nobody else. So it is the owner's from the moment that others see it, in the table's own schema, where nobody knows
-- its name before, and nobody else may put it on a table. A superuser makes it over to the owner; others make it as the owner, of whose role they are members.
create or replace function berth.dedupe_guard_function(r berth.dedupe_run) returns oid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	name text := format('%s()', berth.dedupe_index_name(r.relation, berth.dedupe_guard_name(r.guard)));
	keeper regrole := (select relowner from pg_class where oid = r.relation);
	mine text := current_setting('role');
	boss bool := (select rolsuper from pg_roles where rolname = current_user);
	body text := berth.dedupe_guard_body(r);
begin
	if not boss and keeper::oid <> (select oid from pg_roles where rolname = current_user) then
		perform set_config('role', (select rolname from pg_roles where oid = keeper), true);
	end if;
	execute format('create function %s returns trigger language plpgsql security definer'
		' set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as %L', name, body);
	execute format('revoke all on function %s from public', name);
	if boss then
		execute format('alter function %s owner to %s', name, keeper);
	end if;
	perform set_config('role', mine, true);
	return to_regprocedure(name);
end $$;

create or replace function berth.dedupe_is_guarded(relation oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	exists (select from pg_trigger where tgrelid = relation and tgname in ('berth_guard_insert', 'berth_guard_update'));

create or replace function berth.dedupe_guard(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(r.relation);
	o record;
	n record;
	since timestamptz;
begin
	if r.guard is not null or berth.dedupe_is_guarded(r.relation) then
		since := berth.dedupe_lock(r.relation, 'access exclusive');
		perform berth.dedupe_unguard(r);
	end if;
	r.guard := berth.dedupe_turns(r.id, r.epoch);
	r.guard_function := berth.dedupe_guard_function(r);
	perform berth.dedupe_guarded(r.id, r.epoch, r.guard_function);
	o := berth.dedupe_parts(r.relation, r.ask, 'old.');
	n := berth.dedupe_parts(r.relation, r.ask, 'new.');
	since := coalesce(since, berth.dedupe_lock(r.relation, 'share row exclusive'));
	execute format('create trigger berth_guard_insert after insert on %s for each row execute function %s()', source,
		berth.dedupe_index_name(r.relation, berth.dedupe_guard_name(r.guard)));
	execute format('create trigger berth_guard_update after update on %s for each row when (not pg_catalog.record_eq(%s, %s))'
		' execute function %s()', source, o.key, n.key, berth.dedupe_index_name(r.relation, berth.dedupe_guard_name(r.guard)));
	execute format('alter table only %s enable always trigger berth_guard_insert', source);
	execute format('alter table only %s enable always trigger berth_guard_update', source);
	perform berth.dedupe_note(r.id, r.epoch, 'find', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;

-- Takes the guard off, if there is one, under a lock against everybody. A leftover is dropped, whoever has made it.
create or replace function berth.dedupe_unguard(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	if berth.dedupe_is_guarded(r.relation) then
		execute format('drop trigger if exists berth_guard_insert on %s', berth.dedupe_name(r.relation));
		execute format('drop trigger if exists berth_guard_update on %s', berth.dedupe_name(r.relation));
	end if;
	if r.guard is not null then
		perform berth.dedupe_unguard_function(r);
		perform berth.dedupe_guarded(r.id, r.epoch, null);
	end if;
end $$;

create or replace function berth.dedupe_unguard_function(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	name text := (select format('%I.%I()', n.nspname, p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where p.oid = r.guard_function and p.proname = berth.dedupe_guard_name(r.guard));
begin
	if name is not null then
		execute format('drop function if exists %s', name);
	end if;
end $$;

-- The rows whose hash, which is told how to work out, is in $1, as a condition.
create or replace function berth.dedupe_chosen(r berth.dedupe_run, hash text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	case when r.indexed then '' else
		format('t.ctid = any (array(select unnest(d.at) from berth.dedupe_todo d where d.run = %L and d.hash = any ($1))) and ', r.id) end
	|| hash || ' = any ($1)';

-- Finds the keys that have duplicates. Without an index a second pass over the table tells where their rows are: to sort the places
-- along with the numbers would take longer.
create or replace function berth.dedupe_find(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off set enable_hashagg = off set work_mem = '64MB'
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
		execute format('select array_agg((null, hash, null, null, at)::berth.dedupe_todo) from (select hash, array_agg(at order by at) as at from ('
			' select %s as hash, t.ctid as at from only %s t where %3$s and %1$s = any ($1)) y group by 1) x', p.hash, source, p.pin) into many using hashes;
	end if;
	perform berth.dedupe_found(r.id, r.epoch, many);
	perform berth.dedupe_note(r.id, r.epoch, 'remove');
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
		berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, p.pin, berth.dedupe_chosen(r, p.hash), '')) into part using array[asked_hash], berth.dedupe_most();
	if part.differs and r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, 1, null);
	end if;
	select at into rest from berth.dedupe_todo where run = r.id and hash = asked_hash;
	if part.n < cardinality(rest) and not r.indexed then
		perform berth.dedupe_looked(r.id, r.epoch, array[asked_hash], '{}', 0, 0, 1);
		return null;
	end if;
	rest := array(select unnest(rest) except select unnest(part.at));
	since := clock_timestamp();
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid = any ($1) and %s for update skip locked) x', source, p.pin)
		into locked using part.at || part.stay;
	if coalesce(not locked @> part.stay or cardinality(locked) = cardinality(part.stay), true) then
		return berth.dedupe_holders(r.relation);
	end if;
	perform berth.dedupe_refuse_referenced(r.relation, format(
		'select v.*, 2 as place from unnest(%L::tid[], %L::text[], %L::text[]) v (at, id, survivor) where v.at = any (%L::tid[])',
		part.at, part.id, part.survivor, locked), null);
	execute format('with lost as (delete from only %s t using unnest($1, $2, $3) v (at, id, survivor) where t.ctid = v.at and v.at = any ($4) and %s'
		'  returning v.id, v.survivor, %s as fields)'
		' select berth.dedupe_archive($5, $7, array_agg((null, null, id, survivor, $6, fields, null, $8, false)::berth.dedupe_row)) from lost',
		source, berth.dedupe_pinned(r.relation, 'delete'), p.fields)
		into kept using part.at, part.id, part.survivor, locked, r.id,
			case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end, r.epoch, part.differs;
	if kept is distinct from (select count(*) from unnest(locked) l where l <> all (part.stay)) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted', source));
	end if;
	perform berth.dedupe_sliced(r.id, r.epoch, asked_hash, rest || array(select unnest(part.at) except select unnest(locked)), part.differs);
	perform berth.dedupe_pace(r.id, r.epoch, r.mark, since);
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
		' (select h, count(*) as n from (select %s as h from only %s t where %s and %s%s) x group by h) there using (h)';
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
		perform berth.dedupe_note(r.id, r.epoch, case when r.gone = 0 or r.indexed then 'rewrite' when r.round = 1 then 'find' else 'index' end);
		return null;
	end if;
	differed := coalesce(todo.differed, '{}');
	select * into p from berth.dedupe_parts(r.relation, r.ask, 't.');
	chosen := berth.dedupe_chosen(r, p.hash);
	-- Planned before the deletion of the same statement, and pinned for both.
	ranked := berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, berth.dedupe_pinned(r.relation, 'delete'), chosen, '');
	there := todo.sizes;
	if r.indexed then
		execute format(numbers, p.hash, source, p.pin, chosen, '') into there using todo.hashes;
	end if;
	-- As many of them as have few enough rows, the first one in any case.
	select array_agg(h) as hashes, array_agg(n) as sizes, max(place) as till, max(n) as most into todo
	from (select h, n, place, sum(n) over (order by place) as total from unnest(todo.hashes, todo.places, there) wanted (h, place, n)) x
	where total <= berth.dedupe_most() or place = todo.places[1];
	if todo.most > berth.dedupe_most() then
		return berth.dedupe_slice(r, todo.hashes[1]);
	end if;
	since := clock_timestamp();
	execute format(numbers, p.hash, source, p.pin, chosen, ' for update skip locked') into had using todo.hashes;
	there := todo.sizes;
	if had <> there and not r.indexed then
		execute format(numbers, p.hash, source, p.pin, chosen, '') into there using todo.hashes;
	end if;
	back := array(select h from unnest(todo.hashes, there, had) x (h, n, locked) where n <> locked);
	gone := array(select h from unnest(todo.hashes, todo.sizes, there, had) x (h, size, n, locked) where n < size and n = locked);
	hashes := array(select unnest(todo.hashes) except select unnest(back || gone));
	perform berth.dedupe_refuse_referenced(r.relation, ranked, hashes);
	execute format('with g as materialized (%s), lost as ('
		'  delete from only %s t using g where t.ctid = g.at and g.place > 1'
		'  returning g.id, g.survivor, %s as fields, g.differs or g.hash = any ($4) as differs)'
		' select (select berth.dedupe_archive($2, $5, array_agg((null, null, id, survivor, $3, fields, null, differs, false)::berth.dedupe_row)) from lost) as kept,'
		'  count(*) filter (where place = 2) as groups, count(*) filter (where place = 1 and (differs or hash = any ($4))) as conflicting,'
		'  count(*) filter (where place > 1) as losers from g',
		ranked, source, p.fields) into counted
		using hashes, r.id, case r.ask->>'survivor' when 'abort' then 'identical' else r.ask->>'survivor' end, differed, r.epoch;
	if r.ask->>'survivor' = 'abort' then
		perform berth.dedupe_refuse_differing(r.relation, counted.conflicting, null);
	end if;
	if counted.losers <> coalesce(counted.kept, 0) then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted', source));
	end if;
	perform berth.dedupe_looked(r.id, r.epoch, hashes || gone, back, counted.groups, counted.conflicting, cardinality(gone));
	perform berth.dedupe_pace(r.id, r.epoch, todo.till, since);
	return case when back = todo.hashes then berth.dedupe_holders(r.relation) end;
end $$;

-- NULL becomes empty in the columns where it counts as that, some pages of the table at a time.
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
	execute format('select array_agg(at) from (select t.ctid as at from only %s t where t.ctid >= $1 and t.ctid < $2 and %s and (%s) for update skip locked) x',
		source, pin, empties) into locked using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid;
	execute format('select exists (select from only %s t where t.ctid >= $1 and t.ctid < $2 and %s and (%s) and t.ctid <> all (coalesce($3, ''{}'')))',
		source, pin, empties) into waiting using format('(%s,0)', r.mark)::tid, format('(%s,0)', till)::tid, locked;
	execute format('with old as materialized (select t.ctid as at, %1$s as id, %2$s as emptied from only %3$s t where %6$s and t.ctid = any ($1)), changed as ('
		'  update only %3$s t set %4$s from old where %6$s and t.ctid = old.at returning old.id, old.emptied, (%5$s) as still)'
		' select bool_or(still), berth.dedupe_archive($2, $3, array_agg((null, null, id, null, ''null-as-empty'', null, emptied, false, false)::berth.dedupe_row)) from changed',
		berth.dedupe_written(format('t.%I', r.ask->>'row_id')),
		(select format('array_remove(array[%s], null)', string_agg(format('case when t.%I is null then %L end', c, c), ', '))
			from jsonb_array_elements_text(r.ask->'null_as_empty') c),
		source, (select string_agg(format('%I = coalesce(t.%1$I, '''')', c), ', ') from jsonb_array_elements_text(r.ask->'null_as_empty') c), empties, pin)
		into still using coalesce(locked, '{}'), r.id, r.epoch;
	if still then
		perform berth.refuse('precondition_failed', format('a trigger of table %s makes NULL of what is empty', source));
	end if;
	perform berth.dedupe_pace(r.id, r.epoch, case when waiting then r.mark else till end, since);
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
	perform berth.dedupe_note(r.id, r.epoch, 'clean', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;
