-- Locking tables while they are inspected.
--
-- The attachments of a table are checked once they can no longer change: under a lock that conflicts with adding an
-- index, statistics, a trigger or a constraint. All tables that a request reads or follows are locked in one order
-- before the first of them is inspected. A table that is only read, and whose owner is trusted, needs no stronger lock
-- than reading takes.
--
-- A name can change its meaning too. Statements are texts, and a schema can be renamed between two of them despite all
-- locks, so that the same name refers to another table. Therefore each statement has the condition `dedupe_pin`, a
-- function that is declared immutable, so that the planner runs it before it looks at the table. At that time the names
-- of the statement are resolved and locked. The function stops the statement if the table is not the intended one, and
-- checks its attachments again.

-- Returns the tables that inherit from this one.
create or replace function berth.dedupe_children(relation oid) returns setof oid
language sql stable set search_path = pg_catalog, pg_temp as $$
	with recursive heirs (id) as (select inhrelid from pg_inherits where inhparent = relation
		union select i.inhrelid from heirs h join pg_inherits i on i.inhparent = h.id)
	select id from heirs;
$$;

-- Returns the tables that a request about this one reads or follows, including the table itself.
create or replace function berth.dedupe_related(relation oid, what text) returns oid[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if what = 'read' or not exists (select from pg_constraint c where c.contype = 'f' and c.confrelid = relation
		union all select from pg_inherits i where i.inhparent = relation)
	then
		return array[relation];
	end if;
	return array(
		with near (id) as (
			select relation
			union select c.conrelid from pg_constraint c where c.contype = 'f' and c.confrelid = relation
				and what = 'delete'
			union select f.id from berth.dedupe_followers(relation) f (id))
		select id from near union select h.id from near n, berth.dedupe_children(n.id) h (id) order by 1);
end $$;

-- Returns true if the session has a lock on the table: any, or one under which nothing can be attached to it.
create or replace function berth.dedupe_has_lock(relation oid, firmly bool) returns bool
language sql volatile set search_path = pg_catalog, pg_temp return exists (
	select from pg_lock_status() l where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted
		and l.relation = dedupe_has_lock.relation
		and l.database = (select oid from pg_database where datname = current_database())
		and (not firmly or l.mode in ('ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
			'AccessExclusiveLock')));

-- Returns the key under which a transaction remembers an inspected table: the table and the transaction's start, which
-- no setting from elsewhere has.
create or replace function berth.dedupe_looked_key(relation oid) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return concat_ws(' ', relation, pg_backend_pid(), extract(epoch from now()));
end $$;

-- Remembers that this transaction has inspected a table under its locks, and for what; that stays true to its end.
create or replace function berth.dedupe_remember(relation oid, what text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	perform set_config('berth.looked_at', (coalesce(nullif(current_setting('berth.looked_at', true), ''), '{}')::jsonb
		|| jsonb_build_object(berth.dedupe_looked_key(relation), what))::text, true);
end $$;

create or replace function berth.dedupe_looked_at(relation oid, what text) returns bool
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	return coalesce(array_position('{read,delete,undo,insert}', what) <= array_position('{read,delete,undo,insert}',
		nullif(current_setting('berth.looked_at', true), '')::jsonb->>berth.dedupe_looked_key(relation)), false);
end $$;

-- Raises 40001 if this transaction has locked another table of the same name, which has replaced the intended one; a
-- locked table that the transaction cannot see was just created. Then inspects the tables that the statement reads, all
-- of which are locked.
create or replace function berth.dedupe_look(relations oid[], what text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r record;
begin
	if exists (
		select from pg_lock_status() l left join pg_class c on c.oid = l.relation
		where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384
			and l.relation <> all (relations)
			and l.database = (select oid from pg_database where datname = current_database())
			and c.relnamespace is distinct from 'berth'::regnamespace
			and ((c.oid is null and l.relation::regclass::text !~ '^[0-9]+$') or (c.relkind not in ('i', 'I', 't')
				and c.relname in (select relname from pg_class where oid = any (relations)))))
	then
		raise exception using errcode = 'serialization_failure',
			message = format('the name of table %s leads to another table by now', berth.dedupe_name(relations[1]));
	end if;
	for r in select u.id, case when u.place = 1 then what else 'read' end as what from unnest(relations) with
		ordinality u (id, place)
		where not berth.dedupe_looked_at(u.id, case when u.place = 1 then what else 'read' end)
			and (u.place = 1 or berth.dedupe_has_lock(u.id, false)) order by u.place
	loop
		if not berth.dedupe_has_lock(r.id, true) and not berth.dedupe_trusts(r.id) then
			perform berth.refuse('not_allowed', format('table %s is not held, and can change while it is looked at',
				berth.dedupe_name(r.id)));
		end if;
		perform berth.dedupe_refuse_foreign(r.id, r.what);
		perform berth.dedupe_remember(r.id, r.what);
	end loop;
end $$;

-- Returns true in every statement about these tables, the first of which is the table itself. The functions that it
-- calls are volatile, and see the current catalogue. The planner replaces the call by its value, so it does not prevent
-- a parallel plan.
create or replace function berth.dedupe_pin(relations oid[], what text) returns bool
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.dedupe_look(relations, what);
	return true;
end $$;

-- Returns the condition that pins this table, as text, with all tables that statements about it read.
create or replace function berth.dedupe_pinned(relation oid, what text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	format('berth.dedupe_pin(%L::pg_catalog.oid[], %L)', relation
		|| array_remove(berth.dedupe_related(relation, 'delete'), relation), what);

-- Locks firmly a table that the session has a lock on, for callers who can only read it.
create or replace function berth.dedupe_lock_for_reader(relation oid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	if berth.dedupe_has_lock(relation, false) and (select relkind in ('r', 'p') from pg_class where oid = relation)
		and has_table_privilege(relation, 'update, delete, truncate')
	then
		execute format('lock table only %s in share update exclusive mode', berth.dedupe_name(relation));
	end if;
end $$;

-- Locks a table for the rest of the transaction, so that it cannot change. The lock resolves the name again; if that is
-- no longer the intended table, raises 40001, and the transaction starts again.
create or replace function berth.dedupe_lock_related(relation oid, firmly bool) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	keeper name := (select o.rolname from pg_class c join pg_roles o on o.oid = c.relowner where c.oid = relation);
begin
	if not has_table_privilege(relation, 'select') then
		perform berth.refuse('not_allowed', format('table %s may not be read by you', berth.dedupe_name(relation)));
	elsif firmly and pg_is_in_recovery() then
		perform berth.refuse('not_allowed', format('table %s belongs to %I, who can change it while it is looked at '
			'on a standby',
			berth.dedupe_name(relation), keeper), jsonb_build_object('owner', keeper),
				format('ask the primary, or log in as %I', keeper));
	end if;
	execute format('lock table only %s in access share mode', berth.dedupe_name(relation));
	if firmly and has_table_privilege(relation, 'update, delete, truncate') then
		execute format('lock table only %s in share update exclusive mode', berth.dedupe_name(relation));
	elsif firmly then
		perform berth.dedupe_lock_for_reader(relation);
	end if;
	if not berth.dedupe_has_lock(relation, false)
		or not exists (select from pg_class where oid = relation and relkind in ('r', 'p') and relpersistence <> 't')
	then
		raise exception using errcode = 'serialization_failure',
			message = 'the table was replaced while it was looked up';
	elsif firmly and not berth.dedupe_has_lock(relation, true) then
		perform berth.refuse('not_allowed', format('table %s belongs to %I, whom nobody keeps from changing it while '
			'you look: you may only read it',
			berth.dedupe_name(relation), keeper), jsonb_build_object('owner', keeper),
				format('log in as %I, or as somebody who may update the table', keeper));
	end if;
end $$;

-- Locks the table and all others that the request concerns, and refuses those that must not be inspected.
create or replace function berth.dedupe_hold(relation oid, what text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	circle oid[] := berth.dedupe_related(relation, what);
begin
	if what <> 'read' and not coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = relation),
		false) then
		perform berth.refuse('not_allowed', format('table %s belongs to somebody else, and only owners may add '
			'constraints and take them off',
			berth.dedupe_name(relation)));
	end if;
	if current_setting('restrict_nonsystem_relation_kind', true) is not null then
		perform set_config('restrict_nonsystem_relation_kind', 'view, foreign-table', true);
	end if;
	perform set_config('constraint_exclusion', 'off', true);
	if current_setting('transaction_isolation') <> 'read committed' and (not berth.dedupe_trusts(relation)
		or (what <> 'read' and exists (
		select from pg_class c, aclexplode(c.relacl) a where c.oid = relation and a.privilege_type in ('TRIGGER',
			'REFERENCES')
			and a.grantee <> c.relowner and not berth.dedupe_trusts_role(a.grantee))))
	then
		perform berth.refuse('not_allowed', format('in a transaction that is %s nobody can see what table %s has by '
			'now',
			current_setting('transaction_isolation'), berth.dedupe_name(relation)), '{}',
				'use read committed, or log in as the owner of the table');
	end if;
	perform berth.dedupe_lock_related(c.id, (what <> 'read' and c.id = relation) or not berth.dedupe_trusts(c.id))
	from unnest(circle) with ordinality c (id, place) order by c.place;
	if berth.dedupe_related(relation, what) <> circle then
		raise exception using errcode = 'serialization_failure',
			message = format('table %s was changed while it was looked up', berth.dedupe_name(relation));
	end if;
	perform berth.dedupe_refuse_foreign(c.id, c.what), berth.dedupe_remember(c.id, c.what)
	from (select u.id, case when u.id = relation then dedupe_hold.what else 'read' end
		from unnest(circle) u (id)) c (id, what);
end $$;
