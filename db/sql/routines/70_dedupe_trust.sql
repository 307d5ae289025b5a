-- Foreign code that would run as the caller.
--
-- Indexes, statistics, types, policies, triggers, rules, checks and defaults decide what runs when a table is read or
-- written. That code runs with the rights of the session, and `reset role` in it even restores the rights that `set
-- role` had dropped. So there is one rule: each function, operator class and type that is used belongs to the caller or
-- to a superuser, whose code can do everything already. berth.dedupe_foreign() follows the catalogue from the table to
-- all of them. An object that it does not know is not trusted.
--
-- Casts are not followed, since anyone can create one for a type of their own at any time. Berth's statements use casts
-- only for the server's own types.

create or replace function berth.dedupe_name(relation oid) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	(select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.oid = relation);

-- Returns true if code of this role may run as the caller: the role is the caller alone, or a superuser.
create or replace function berth.dedupe_trusts_role(asked oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return coalesce(
	(select o.rolsuper or (o.rolname = session_user and o.rolname = current_user) from pg_roles o where o.oid = asked),
		false);

-- Returns true if berth.dedupe_trusts_role() holds for the owner of a table.
create or replace function berth.dedupe_trusts(relation oid) returns bool
language sql stable set search_path = pg_catalog, pg_temp return
	(select berth.dedupe_trusts_role(c.relowner) from pg_class c where c.oid = relation);

-- Returns true if a stored expression does more than compute: some functions of the server itself run a text as SQL, or
-- read files.
create or replace function berth.dedupe_impure(expression pg_node_tree) returns bool
language sql stable set search_path = pg_catalog, pg_temp return exists (
	select from regexp_matches(expression::text, ':(?:func|opfunc|aggfn|elemfunc)(?:id|oid) ([0-9]+)', 'g') f
	join pg_proc p on p.oid = f[1]::oid
	where p.provolatile <> 'i' and not (p.oid < 16384 and p.proname in ('nextval', 'now', 'gen_random_uuid')));

-- Returns the base type of a domain; any other type is its own.
create or replace function berth.dedupe_base(asked oid) returns oid
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	with recursive base (id) as (
		select asked union select t.typbasetype from base b join pg_type t on t.oid = b.id and t.typtype = 'd')
	select b.id from base b join pg_type t on t.oid = b.id where t.typtype <> 'd';
end;

-- Returns the objects that an object of the catalogue uses. A domain that is only read checks nothing (`runs`).
create or replace function berth.dedupe_uses(class oid, object oid, runs bool) returns table (used_class oid, used oid)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return query select d.refclassid, d.refobjid from pg_depend d
	where d.classid = $1 and d.objid = $2 and d.refobjid >= 16384 and $1 not in ('pg_proc'::regclass,
		'pg_opclass'::regclass, 'pg_opfamily'::regclass)
		and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass,
			'pg_opfamily'::regclass, 'pg_type'::regclass)
		and ($3 or $1 <> 'pg_type'::regclass or (select t.typtype <> 'd' from pg_type t where t.oid = $2));
	if $1 <> 'pg_type'::regclass then
		return;
	end if;
	return query select 'pg_constraint'::regclass::oid, c.oid from pg_constraint c where $3 and c.contypid = $2
	union all
	select 'pg_type'::regclass::oid, u.id from pg_type t left join pg_range r on $2 in (r.rngtypid, r.rngmultitypid),
		unnest(array[t.typbasetype, case when t.typlen = -1 then t.typelem end, r.rngtypid, r.rngsubtype]
			|| array(select a.atttypid from pg_attribute a where a.attrelid = t.typrelid and t.typrelid <> 0
				and a.attnum > 0 and not a.attisdropped)) u (id)
	where t.oid = $2 and u.id >= 16384
	union all
	select 'pg_proc'::regclass::oid, p.id from pg_range r, unnest(array[r.rngcanonical, r.rngsubdiff]::oid[]) p (id)
	where r.rngtypid = $2 and p.id >= 16384
	union all
	select 'pg_proc'::regclass::oid, a.amproc::oid from pg_opclass c join pg_amproc a on a.amprocfamily = c.opcfamily
	where c.opcintype = $2 and a.amproc::oid >= 16384;
end $$;

-- Returns the owner of an object whose code would run, or null if it has no code of its own. The server's functions
-- read, compare and write foreign enums, arrays, composites and ranges; they also do so for domains, except for the
-- domains' checks.
create or replace function berth.dedupe_author(class oid, object oid, runs bool) returns oid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return case class
		when 'pg_proc'::regclass then coalesce((select proowner from pg_proc where oid = object), 0)
		when 'pg_opclass'::regclass then coalesce((select opcowner from pg_opclass where oid = object), 0)
		when 'pg_opfamily'::regclass then coalesce((select opfowner from pg_opfamily where oid = object), 0)
		when 'pg_type'::regclass then (select case when not typisdefined then 0
			when typtype in ('e', 'c', 'r', 'm') or (typtype = 'd' and not runs) or (typtype = 'b' and typcategory = 'A'
				and typlen = -1 and typelem <> 0) then null
			else typowner end from pg_type where oid = object) end;
end $$;

-- Returns true if a foreign key compares by a foreign type's cast, which only the owner of the type can create. A
-- change of one of the key's rows runs that cast.
create or replace function berth.dedupe_casts(key pg_constraint) returns bool
language sql stable set search_path = pg_catalog, pg_temp return exists (
	select from unnest(key.conkey, key.confkey, key.conpfeqop) k (here, there, op) join pg_operator o on o.oid = k.op
		join pg_attribute a on a.attrelid = key.conrelid and a.attnum = k.here join pg_attribute b
			on b.attrelid = key.confrelid and b.attnum = k.there
	where exists (select from pg_type t where t.oid in (berth.dedupe_base(a.atttypid), berth.dedupe_base(b.atttypid))
		and t.oid >= 16384
			and not berth.dedupe_trusts_role(t.typowner))
		and not (berth.dedupe_base(b.atttypid) = o.oprleft and berth.dedupe_base(a.atttypid) = o.oprright)
		and not (berth.dedupe_base(a.atttypid) = berth.dedupe_base(b.atttypid) and o.oprleft = o.oprright
			and (select typtype = 'p' from pg_type where oid = o.oprleft)));

-- Returns the tables whose rows change when rows of this one are deleted, directly or through other tables.
create or replace function berth.dedupe_followers(relation oid) returns setof oid
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	with recursive followers (id) as (select relation
		union select c.conrelid from followers f join pg_constraint c on c.contype = 'f' and c.confrelid = f.id
		where c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))
	select id from followers where id <> relation;
end;

-- Returns true if a trigger is more than the server's own part of a constraint. Up to version 14, triggers that
-- partitions have from their parents also count as internal.
create or replace function berth.dedupe_fires(t pg_trigger) returns bool
language sql stable set search_path = pg_catalog, pg_temp return not t.tgisinternal or not exists (
	select from pg_proc p where p.oid = t.tgfoid and p.oid < 16384 and (p.proname = 'unique_key_recheck'
		or p.proname ~ '^RI_FKey_'));

-- Returns true if a trigger looks like berth's guard: it fires only after a row was written.
create or replace function berth.dedupe_is_guard(t pg_trigger) returns bool
language sql stable set search_path = pg_catalog, pg_temp return t.tgname in ('berth_guard_insert',
	'berth_guard_update') and t.tgtype in (5, 17)
	and (select p.proname ~ '^berth_guard_[0-9a-f]{32}$' from pg_proc p where p.oid = t.tgfoid);

-- Returns the objects with which the search begins: those attached to the table that run when it is read, when rows are
-- deleted ('delete') or inserted ('insert'), or when rows will be inserted after the guard was removed ('undo').
-- `sure`: refused whatever it uses.
create or replace function berth.dedupe_attached(relation oid, what text)
returns table (kind text, name text, class oid, object oid, runs bool, sure bool)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	others bool := not berth.dedupe_trusts(relation);
	puts bool := what in ('insert', 'undo');
begin
	return query select 'column', format('%I of type %s', a.attname, format_type(a.atttypid, a.atttypmod)),
		'pg_type'::regclass::oid, a.atttypid, puts, false
		from pg_attribute a where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and a.atttypid >= 16384;
	return query select 'index', i.indexrelid::regclass::text, 'pg_class'::regclass::oid, i.indexrelid, true, false
		from pg_index i where i.indrelid = relation;
	return query select 'statistics', s.stxname::text, 'pg_statistic_ext'::regclass::oid, s.oid, true, false
		from pg_statistic_ext s where s.stxrelid = relation;
	return query select 'policy', quote_ident(p.polname), 'pg_policy'::regclass::oid, p.oid, true, others or exists (
			select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid
				and d.refclassid = 'pg_class'::regclass and d.refobjid <> relation and d.refobjid >= 16384)
		from pg_policy p where p.polrelid = relation and row_security_active(relation);
	if what = 'read' then
		return;
	end if;
	return query select 'trigger', quote_ident(t.tgname), 'pg_trigger'::regclass::oid, t.oid, true, others
		or berth.dedupe_impure(t.tgqual)
		from pg_trigger t where t.tgrelid = relation and berth.dedupe_fires(t)
			and (what = 'insert' or not berth.dedupe_is_guard(t));
	return query select 'rule', quote_ident(r.rulename), 'pg_rewrite'::regclass::oid, r.oid, true, others
		from pg_rewrite r where r.ev_class = relation;
	return query select 'trigger', format('%I of table %s', t.tgname, berth.dedupe_name(f.id)),
		'pg_trigger'::regclass::oid, t.oid, true,
			not berth.dedupe_trusts(f.id) or berth.dedupe_impure(t.tgqual)
		from berth.dedupe_followers(relation) f (id) join pg_trigger t on t.tgrelid = f.id where berth.dedupe_fires(t);
	return query select 'constraint', format('%I of table %s', c.conname, berth.dedupe_name(c.conrelid)),
		'pg_constraint'::regclass::oid, c.oid, true, true
		from pg_constraint c where c.contype = 'f' and (c.confrelid = relation or (puts and c.conrelid = relation))
			and berth.dedupe_casts(c);
	if what = 'delete' then
		return;
	end if;
	return query select 'constraint', quote_ident(c.conname), 'pg_constraint'::regclass::oid, c.oid, true, others
		and coalesce(berth.dedupe_impure(c.conbin), false)
		from pg_constraint c where c.conrelid = relation;
	return query select 'default of column', quote_ident(a.attname), u.class, u.object, true, others
		and berth.dedupe_impure(d.adbin)
		from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum,
			lateral (select 'pg_attrdef'::regclass::oid, d.oid union all select e.refclassid, e.refobjid
				from pg_depend e
				where e.classid = 'pg_class'::regclass and e.objid = relation and e.objsubid = d.adnum
					and e.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)) u (class,
						object)
		where d.adrelid = relation;
	return query select 'partition key of', p.partrelid::regclass::text, 'pg_class'::regclass::oid, p.partrelid::oid,
		true, false
		from pg_partition_ancestors(relation) a (id) join pg_partitioned_table p on p.partrelid = a.id;
end $$;

-- Returns the foreign code that would run, from the table to everything it uses, with the role that wrote it.
create or replace function berth.dedupe_foreign(relation oid, what text) returns table (kind text, name text,
	culprit text, author oid)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	-- Most tables use only objects of the server.
	if not exists (select from berth.dedupe_attached(relation, what) a where a.sure or a.class = 'pg_type'::regclass
		or exists (select from pg_depend d where d.classid = a.class and d.objid = a.object and d.refobjid >= 16384
			and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass,
				'pg_opfamily'::regclass, 'pg_type'::regclass)))
	then
		return;
	end if;
	return query with recursive used (kind, name, class, object, runs, sure) as (
		select a.kind, a.name, a.class, a.object, a.runs, a.sure from berth.dedupe_attached(relation, what) a
		union
		select w.kind, w.name, u.used_class, u.used, w.runs, false from used w, lateral berth.dedupe_uses(w.class,
			w.object, w.runs) u)
	select w.kind, w.name, case when w.sure then null else pg_describe_object(w.class, w.object, 0) end,
		case when w.sure then (select c.relowner from pg_class c where c.oid = relation) else w.by end
	from (select *, berth.dedupe_author(u.class, u.object, u.runs) as by from used u) w
	where w.sure or (w.by is not null and not berth.dedupe_trusts_role(w.by));
end $$;

-- Refuses to run foreign code, and names it.
create or replace function berth.dedupe_refuse_foreign(relation oid, what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	f record;
	keeper name;
begin
	select * into f from berth.dedupe_foreign(relation, what) limit 1;
	if not found then
		return;
	end if;
	select o.rolname into keeper from pg_class c join pg_roles o on o.oid = c.relowner where c.oid = relation;
	perform berth.refuse('not_allowed', format('%s %s of table %s has code that %s wrote, which is not run as you',
		f.kind, f.name,
			berth.dedupe_name(relation), coalesce((select format('%I', rolname) from pg_roles where oid = f.author),
				'nobody knows who')
				|| coalesce(' (' || f.culprit || ')', '')),
		jsonb_build_object('kind', f.kind, 'name', f.name, 'owner', keeper),
		case when f.author = (select relowner from pg_class where oid = relation)
			then format('log in as %I, the owner of the table', keeper)
			else 'what runs must belong to you or to a superuser' end);
end $$;
