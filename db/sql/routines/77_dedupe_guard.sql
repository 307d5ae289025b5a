-- The guard of a run of dedupe: triggers on the table that refuse new duplicates.

-- Returns the body of the guard's function. The guard refuses new duplicates while existing ones are removed. It is a
-- trigger after each row, as the constraint will be, so that it sees what other triggers make of the row. Two writers
-- of one new key at the same time do not see each other: the second one waits for the first at the key's row in a table
-- of turns, which has the place of the last row written with that key. A snapshot older than that row does not see the
-- first writer's key; serializable transactions fail for reasons of their own. Like a unique index, the guard waits for
-- a row that someone is about to delete, or to take out of those that count, but never during its turn: the deleting
-- transaction may go on to write that key.
--
-- Only an index of the table finds every equal row, and building one takes most of the time of a run. Without it the
-- guard sees only rows written since it exists, at their recorded places: the case of two writers that both found
-- nothing. A duplicate of an older row is found when the index of the constraint is built, which then fails; the run
-- then adds an index, and removes the new duplicates.
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
	equal := format('perform from only %s t where %s and pg_catalog.record_eq(%s, %s)%s limit 2',
		berth.dedupe_name(r.relation),
		case when r.indexed then format('%s = guard.h', t.hash) else 't.ctid = any (array[guard.other, new.ctid])' end,
			t.key, n.key, coalesce(' and ' || t.live, ''));
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
			%3$s for %9$s;
			get diagnostics equals = row_count;
		end if;
		if equals <= 1 then
			insert into berth_guard.%2$I as turn (hash, at) values (guard.h, new.ctid)
				on conflict (hash) do update set at = excluded.at, before = turn.at returning turn.before
					into guard.other;
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
		raise unique_violation using message = %4$L, detail = 'Key (' || %5$L || ')=(' || pg_catalog.concat_ws(', ',
			%6$s) || ') already exists.',
			schema = tg_table_schema, table = tg_table_name, constraint = %7$L;
	end if;
	return null;
end $body$, n.hash, name, equal, format('duplicate key value violates unique constraint "%s"', r.constraint_name),
		(select string_agg(c, ', ' order by place) from jsonb_array_elements_text(r.ask->'key') with
			ordinality x (c, place)),
		(select string_agg(format('coalesce(pg_catalog.format(''%%s'', new.%I), ''null'')', c), ', ' order by place)
			from jsonb_array_elements_text(r.ask->'key') with ordinality x (c, place)),
		r.constraint_name, r.relation, case when t.live is null then 'key share' else 'share' end);
end $$;

-- Creates the table of turns of a new guard under a generated name, in berth's own schema, where no one else can create
-- objects. Drops an earlier one. The owner of the table may write it, since the guard belongs to them.
create or replace function berth.dedupe_turns(asked_run uuid, asked_epoch bigint, token uuid default berth.caller())
	returns uuid
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
	execute format('create unlogged table berth_guard.%I (hash bigint not null, at tid not null, before tid, '
		'constraint %I primary key (hash))'
		' with (fillfactor = 50)', name, name || '_pkey');
	execute format('grant select, insert, update on berth_guard.%I to %s', name, (select relowner::regrole from pg_class
		where oid = r.relation));
	update berth.dedupe_run set guard = made, guard_function = null where id = r.id;
	return made;
end $$;

-- Records the guard's function after its owner has made it; with null, records that the guard is gone.
create or replace function berth.dedupe_guarded(asked_run uuid, asked_epoch bigint, made oid,
	token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token);
begin
	if made is not null then
		update berth.dedupe_run set guard_function = (select p.oid from pg_proc p join pg_class c on c.oid = r.relation
			and c.relowner = p.proowner
			where p.oid = made and p.proname = berth.dedupe_guard_name(r.guard)) where id = r.id;
	elsif r.guard is not null then
		execute format('drop table if exists berth_guard.%I', berth.dedupe_guard_name(r.guard));
		update berth.dedupe_run set guard = null, guard_function = null where id = r.id;
	end if;
end $$;

-- Creates the function of the guard. It reads the table for every writer as the owner, whose indexes and policies
-- apply, and as no other role. So it belongs to the owner before anyone else can see it; it is in the table's own
-- schema under an unknown name, and no one else may put it on a table. A superuser transfers it to the owner; others
-- create it as the owner, of whose role they are members.
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
	execute format('create trigger berth_guard_insert after insert on %s for each row%s execute function %s()', source,
		' when (' || n.live || ')', berth.dedupe_index_name(r.relation, berth.dedupe_guard_name(r.guard)));
	execute format('create trigger berth_guard_update after update on %s for each row when ((not '
		'pg_catalog.record_eq(%s, %s)%s)%s) execute function %s()', source, o.key, n.key,
		' or not (' || o.live || ')', ' and ' || n.live,
		berth.dedupe_index_name(r.relation, berth.dedupe_guard_name(r.guard)));
	execute format('alter table only %s enable always trigger berth_guard_insert', source);
	execute format('alter table only %s enable always trigger berth_guard_update', source);
	perform berth.dedupe_note(r.id, r.epoch, 'find', since);
	return null;
exception when lock_not_available then
	return berth.dedupe_holders(r.relation);
end $$;

-- Removes the guard, if there is one, under a lock against everyone. A leftover of any owner is dropped.
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
	name text := (select format('%I.%I()', n.nspname, p.proname) from pg_proc p join pg_namespace n
		on n.oid = p.pronamespace
		where p.oid = r.guard_function and p.proname = berth.dedupe_guard_name(r.guard));
begin
	if name is not null then
		execute format('drop function if exists %s', name);
	end if;
end $$;
