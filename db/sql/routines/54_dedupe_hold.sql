-- Holding a table while it is looked at, and refusing to run the code of others.
--
-- The owner of a table decides what runs when it is read or written: expressions of its indexes, which the planner folds
-- already, types, policies, triggers, rules, checks, defaults. It runs with the rights of the session, and `reset role` in it
-- gives back even the rights that `set role` had put away. So it is run for nobody but the owner: `dedupe_trusts` says who may
-- run everything, and for all others `dedupe_foreign` lists what is in the way, and the request is refused.
--
-- Names are the other way in: statements are texts, and between two of them a schema can be renamed, lock or no lock, so that
-- the same name leads to another table. Each statement therefore has the condition `dedupe_pin`, a function that claims to be
-- immutable, so that the planner runs it before it looks at the table: at that time the statement's names have been resolved
-- and locked, the table is the one that is meant or nothing is planned, and what it has attached is looked at again. Whoever
-- adds an index with an expression needs a lock that conflicts with that of every writing statement; with one that only reads
-- it does not, and the time between the look and the plan, some microseconds, is what is left of the race.

create or replace function berth.dedupe_name(relation oid) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	(select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation);

-- The owner as nobody else, or a superuser, whose code may do everything already.
create or replace function berth.dedupe_trusts(relation oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	(select o.rolsuper or (o.rolname = session_user and o.rolname = current_user)
		from pg_class c join pg_roles o on o.oid = c.relowner where c.oid = relation);

-- The functions of the server and of superusers (extensions).
create or replace function berth.dedupe_sound_function(asked oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	asked < 16384 or (select o.rolsuper from pg_proc p join pg_roles o on o.oid = p.proowner where p.oid = asked);

-- Whether values of a type are read, compared and written by functions of the server and of superusers alone. Others can make
-- enums, which have the functions of every enum, and arrays, domains, composites and ranges of sound types.
create or replace function berth.dedupe_sound_type(asked oid) returns bool
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	t pg_type := (select y from pg_type y where y.oid = asked);
	r pg_range;
begin
	if asked < 16384 or t.typtype = 'e' then
		return true;
	elsif t.typtype = 'b' and t.typcategory = 'A' then
		return t.typelem <> 0 and berth.dedupe_sound_type(t.typelem);
	elsif t.typtype = 'b' then
		return (select rolsuper from pg_roles where oid = t.typowner)
			and berth.dedupe_sound_function(t.typoutput) and berth.dedupe_sound_function(t.typinput)
			and not exists (select from pg_opclass c join pg_amproc a on a.amprocfamily = c.opcfamily
				where c.opcintype = asked and not berth.dedupe_sound_function(a.amproc));
	elsif t.typtype = 'd' then
		return berth.dedupe_sound_type(t.typbasetype);
	elsif t.typtype = 'c' then
		return not exists (select from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
			and not berth.dedupe_sound_type(a.atttypid));
	elsif t.typtype in ('r', 'm') then
		select * into r from pg_range where asked in (rngtypid, rngmultitypid);
		return berth.dedupe_sound_type(r.rngsubtype) and berth.dedupe_sound_function(r.rngcanonical)
			and berth.dedupe_sound_function(r.rngsubdiff);
	end if;
	return false;
end $$;

-- Whether an expression of the catalogue uses something that is not sound. The server notes of what is its own nothing.
create or replace function berth.dedupe_uses_foreign(class oid, object oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return exists (
	select from pg_depend d where d.classid = class and d.objid = object and d.refobjid >= 16384 and case d.refclassid
		when 'pg_proc'::regclass then not berth.dedupe_sound_function(d.refobjid)
		when 'pg_operator'::regclass then not (select berth.dedupe_sound_function(o.oprcode) from pg_operator o where o.oid = d.refobjid)
		when 'pg_type'::regclass then not berth.dedupe_sound_type(d.refobjid)
		when 'pg_opclass'::regclass then not (select rolsuper from pg_opclass c join pg_roles o on o.oid = c.opcowner where c.oid = d.refobjid)
		else false end);

-- Whether a stored expression does more than compute: the server itself has functions that run a text as SQL, or read files.
create or replace function berth.dedupe_acts(expression pg_node_tree) returns bool
language sql stable set search_path = pg_catalog, pg_temp return exists (
	select from regexp_matches(expression::text, ':(?:func|opfunc|aggfn|elemfunc)(?:id|oid) ([0-9]+)', 'g') f
	join pg_proc p on p.oid = f[1]::oid where p.provolatile <> 'i' and p.proname not in ('nextval', 'now', 'gen_random_uuid'));

-- What others' code is run when the table is read; when rows are deleted ('delete') or put in ('insert'), also by that.
create or replace function berth.dedupe_foreign(relation oid, what text) returns table (kind text, name text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query select 'column', format('%I of type %s', a.attname, format_type(a.atttypid, a.atttypmod)) from pg_attribute a
		where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and not berth.dedupe_sound_type(a.atttypid);
	return query select 'index', i.indexrelid::regclass::text from pg_index i
		where i.indrelid = relation and berth.dedupe_uses_foreign('pg_class'::regclass, i.indexrelid);
	return query select 'statistics', s.stxname::text from pg_statistic_ext s
		where s.stxrelid = relation and berth.dedupe_uses_foreign('pg_statistic_ext'::regclass, s.oid);
	return query select 'policy', quote_ident(p.polname) from pg_policy p where p.polrelid = relation and row_security_active(relation);
	if what = 'read' then
		return;
	end if;
	return query select 'trigger', quote_ident(t.tgname) from pg_trigger t
		where t.tgrelid = relation and not t.tgisinternal and t.tgname !~ '^berth_guard_(insert|update)$';
	return query select 'rule', quote_ident(r.rulename) from pg_rewrite r where r.ev_class = relation;
	if what = 'delete' then
		return;
	end if;
	return query select 'constraint', quote_ident(c.conname) from pg_constraint c
		where c.conrelid = relation and (berth.dedupe_uses_foreign('pg_constraint'::regclass, c.oid) or berth.dedupe_acts(c.conbin));
	return query select 'default of column', quote_ident(a.attname) from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
		where d.adrelid = relation and (berth.dedupe_uses_foreign('pg_attrdef'::regclass, d.oid) or berth.dedupe_acts(d.adbin));
	return query with recursive domains (id) as (
			select a.atttypid from pg_attribute a where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
			union select coalesce(nullif(y.typelem, 0), nullif(y.typbasetype, 0), m.atttypid) from domains d join pg_type y on y.oid = d.id
			left join pg_attribute m on m.attrelid = y.typrelid and y.typrelid <> 0 and m.attnum > 0 and not m.attisdropped)
		select 'domain', c.contypid::regtype::text from domains d join pg_constraint c on c.contypid = d.id and c.contypid <> 0
		where berth.dedupe_uses_foreign('pg_constraint'::regclass, c.oid) or berth.dedupe_acts(c.conbin);
	return query select 'partition key of', i.inhparent::regclass::text from pg_inherits i join pg_partitioned_table p on p.partrelid = i.inhparent
		where i.inhrelid = relation and p.partexprs is not null;
end $$;

-- Who deletes a row of the table fires triggers of tables that follow it, as himself.
create or replace function berth.dedupe_follower(relation oid) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select format('trigger %I of table %s', t.tgname, berth.dedupe_name(f.oid))
	from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_roles o on o.oid = f.relowner join pg_trigger t on t.tgrelid = f.oid
	where c.contype = 'f' and c.confrelid = relation and c.confdeltype in ('c', 'n', 'd') and not t.tgisinternal
		and not o.rolsuper and o.rolname not in (current_user, session_user)
	limit 1);

-- Refuses to run what others have written, and names it.
create or replace function berth.dedupe_refuse_foreign(relation oid, what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	f record;
	follower text;
	keeper name;
begin
	if not berth.dedupe_trusts(relation) then
		select * into f from berth.dedupe_foreign(relation, what) limit 1;
		if found then
			select o.rolname into keeper from pg_class c join pg_roles o on o.oid = c.relowner where c.oid = relation;
			perform berth.refuse('not_allowed', format('%s %s of table %s has code that its owner wrote, which is not run as you', f.kind, f.name,
					berth.dedupe_name(relation)),
				jsonb_build_object('kind', f.kind, 'name', f.name, 'owner', keeper), format('log in as %I, the owner of the table', keeper));
		end if;
	end if;
	if what = 'delete' and exists (select from pg_constraint where confrelid = relation) then
		follower := berth.dedupe_follower(relation);
	end if;
	if follower is not null then
		perform berth.refuse('not_allowed', format('%s, which follows table %s, belongs to somebody else and would run as you',
			follower, berth.dedupe_name(relation)));
	end if;
end $$;

-- The tables that inherit from this one.
create or replace function berth.dedupe_heirs(relation oid) returns setof oid
language sql stable set search_path = pg_catalog, pg_temp as $$
	with recursive heirs (id) as (select inhrelid from pg_inherits where inhparent = relation
		union select i.inhrelid from heirs h join pg_inherits i on i.inhparent = h.id)
	select id from heirs;
$$;

-- Another table of the same name that this transaction has locked must have come in the place of the one that is meant; one
-- that is there and that it cannot see was made a moment ago.
create or replace function berth.dedupe_look(relations oid[], what text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	if exists (
		select from pg_lock_status() l left join pg_class c on c.oid = l.relation
		where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384 and l.relation <> all (relations)
			and l.database = (select oid from pg_database where datname = current_database())
			and ((c.oid is null and l.relation::regclass::text !~ '^[0-9]+$') or (c.relkind not in ('i', 'I', 't')
				and c.relname in (select relname from pg_class where oid = any (relations)))))
	then
		raise exception using errcode = 'serialization_failure',
			message = format('the name of table %s leads to another table by now', berth.dedupe_name(relations[1]));
	end if;
	perform berth.dedupe_refuse_foreign(relations[1], what);
end $$;

-- True in every statement about these tables; the first one is the table itself. What it calls is volatile, and sees the
-- catalogue as it is at that moment.
create or replace function berth.dedupe_pin(relations oid[], what text) returns bool
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.dedupe_look(relations, what);
	return true;
end $$;

-- The condition that pins this table, as text. Tables that reference it or inherit from it are read by the same statements, and
-- may have its name.
create or replace function berth.dedupe_pinned(relation oid, what text) returns text
language sql stable set search_path = pg_catalog, pg_temp return format('berth.dedupe_pin(%L::pg_catalog.oid[], %L)',
	array[relation] || array(select f.oid from pg_class me join pg_class f on f.relname = me.relname and f.oid <> me.oid
		where me.oid = relation and (f.oid in (select conrelid from pg_constraint where contype = 'f' and confrelid = relation) or f.oid in (select berth.dedupe_heirs(relation)))),
	what);

-- Locks the table for the rest of the transaction, so that it stays what it is, and refuses what must not be looked at. The
-- name is resolved anew by the lock, and leads to the table that is meant, or the transaction is to begin again.
create or replace function berth.dedupe_hold(relation oid, what text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	if what <> 'read' and not coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = relation), false) then
		perform berth.refuse('not_allowed', format('table %s belongs to somebody else, and only owners may add constraints and take them off',
			berth.dedupe_name(relation)));
	elsif not has_table_privilege(relation, 'select') then
		perform berth.refuse('not_allowed', format('table %s may not be read by you', berth.dedupe_name(relation)));
	end if;
	if current_setting('restrict_nonsystem_relation_kind', true) is not null then
		perform set_config('restrict_nonsystem_relation_kind', 'view, foreign-table', true);
	end if;
	perform set_config('constraint_exclusion', 'off', true);
	if current_setting('transaction_isolation') <> 'read committed' and not berth.dedupe_trusts(relation) then
		perform berth.refuse('not_allowed', format('in a transaction that is %s nobody can see what table %s has by now',
			current_setting('transaction_isolation'), berth.dedupe_name(relation)), '{}', 'use read committed, or log in as the owner of the table');
	end if;
	execute format('lock table only %s in access share mode', berth.dedupe_name(relation));
	if not exists (select from pg_lock_status() l where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation = dedupe_hold.relation)
		or not exists (select from pg_class where oid = relation and relkind in ('r', 'p') and relpersistence <> 't')
	then
		raise exception using errcode = 'serialization_failure', message = 'the table was replaced while it was looked up';
	end if;
	perform berth.dedupe_refuse_foreign(relation, what);
end $$;
