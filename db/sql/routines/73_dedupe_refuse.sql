-- Checks before a run begins.

-- Checks that the constraints of the table, and of its domains, let NULL become empty. The condition on all columns,
-- which always holds, is there for the domains.
create or replace function berth.dedupe_refuse_empty(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(relation);
	become text := (select string_agg(case when ask->'null_as_empty' ? name
		then format('%s as %I', berth.dedupe_value(format('coalesce(t.%I, '''')', name), kind, type), name)
		else format('t.%I', name) end, ', ')
		from berth.dedupe_columns(relation));
	c record;
	refused bool;
begin
	execute format('select exists (select from only %s t where %s and (%s))', source, berth.dedupe_pinned(relation,
		'read'),
		berth.dedupe_empties(relation, ask, 't.')) into refused;
	if not refused then
		return;
	elsif not berth.dedupe_trusts(relation) then
		perform berth.refuse('not_allowed', format('rows of table %s are rewritten by its owner alone: its checks are '
			'run, and the guard of the run', source),
			'{}', format('log in as %I', (select o.rolname from pg_class me join pg_roles o on o.oid = me.relowner
				where me.oid = relation)));
	end if;
	perform berth.dedupe_refuse_foreign(relation, 'undo');
	for c in select conname, pg_get_expr(conbin, conrelid) as holds from pg_constraint where conrelid = relation
		and contype = 'c'
		union all select null, 'num_nulls(x.*) = 0' order by conname
	loop
		execute format('select exists (select from (select %s from only %s t where %s and (%s) offset 0) x where not '
			'(%s))',
			become, source, berth.dedupe_pinned(relation, 'undo'), berth.dedupe_empties(relation, ask, 't.'), c.holds)
				into refused;
		if refused then
			perform berth.refuse('precondition_failed',
				format('constraint %s of table %s does not take '''' where NULL is', quote_ident(c.conname), source),
				jsonb_build_object('constraint', c.conname));
		end if;
	end loop;
exception when check_violation then
	perform berth.refuse('precondition_failed', format('NULL of table %s cannot become empty: %s', source, sqlerrm));
end $$;

-- Checks that the caller is an owner of the table with the rights that a run needs. The run's guard belongs to the
-- owner.
create or replace function berth.dedupe_refuse_table(relation oid) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(relation);
	t record;
begin
	select c.relowner, c.relnamespace, n.nspname into t from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.oid = relation;
	if not pg_has_role(t.relowner, 'usage') then
		perform berth.refuse('not_allowed', format('table %s belongs to %s, and only owners may add constraints',
			source, t.relowner::regrole));
	elsif not has_schema_privilege(t.relnamespace, 'create') then
		perform berth.refuse('not_allowed', format('in schema %I you may not create an index', t.nspname));
	elsif not has_schema_privilege(t.relowner, t.relnamespace, 'create') and not (select rolsuper from pg_roles
		where rolname = current_user) then
		perform berth.refuse('not_allowed', format('in schema %I the owner of table %s may not create an index',
			t.nspname, source));
	elsif not (has_table_privilege(relation, 'select') and has_table_privilege(relation, 'update')
		and has_table_privilege(relation, 'delete')
		and has_table_privilege(relation, 'insert') and has_table_privilege(relation, 'trigger')) then
		perform berth.refuse('not_allowed', format('table %s may not be read and written by you', source));
	elsif row_security_active(relation) then
		perform berth.refuse('precondition_failed', format('row security of table %s hides rows from you', source));
	elsif exists (select from pg_rewrite where ev_class = relation) then
		perform berth.refuse('precondition_failed',
			format('table %s has rules, which make something else of what is written', source));
	end if;
end $$;

-- Returns a publication that keeps rows from being deleted or updated: published rows need a replica identity.
create or replace function berth.dedupe_publication(relation oid, deletes bool, updates bool) returns name
language sql stable set search_path = pg_catalog, pg_temp return (
	select p.pubname from pg_publication p
	where ((p.pubdelete and deletes) or (p.pubupdate and updates)) and exists (
		select from pg_publication_tables t join pg_class c on c.relname = t.tablename join pg_namespace n
			on n.oid = c.relnamespace and n.nspname = t.schemaname
		where t.pubname = p.pubname and (c.oid = relation or c.oid in (select pg_partition_ancestors(relation))))
		and not exists (select from pg_class c where c.oid = relation and (c.relreplident = 'f' or exists (
			select from pg_index i where i.indrelid = relation and i.indisvalid
				and ((c.relreplident = 'd' and i.indisprimary) or (c.relreplident = 'i' and i.indisreplident)))))
	limit 1);

-- Checks that logical replication allows deletes and updates.
create or replace function berth.dedupe_refuse_published(relation oid, ask jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	publication name := berth.dedupe_publication(relation, true, ask->'null_as_empty' <> '[]');
begin
	if publication is not null then
		perform berth.refuse('precondition_failed',
			format('publication %I replicates table %s, which has no replica identity: nothing can be deleted',
				publication, berth.dedupe_name(relation)), jsonb_build_object('publication', publication),
			format('ALTER TABLE %s REPLICA IDENTITY FULL', berth.dedupe_name(relation)));
	end if;
end $$;

-- Refuses a table from which another one inherits that has rows of the same keys: no constraint covers both.
create or replace function berth.dedupe_refuse_heirs(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	p record;
	heirs text[];
begin
	if not exists (select from pg_inherits where inhparent = relation) then
		return;
	end if;
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	execute format('select array_agg(distinct berth.dedupe_name(heir) order by berth.dedupe_name(heir)) from ('
		'select unnest(array_agg(distinct t.tableoid)) as heir from %2$s t where %3$s group by %4$s, %5$s'
		' having count(*) > 1 and bool_or(t.tableoid <> %1$s)) x where heir <> %1$s', relation,
		berth.dedupe_name(relation), p.pin, p.hash, p.key) into heirs;
	if heirs is not null then
		perform berth.refuse('precondition_failed', format(case cardinality(heirs) when 1 then 'table %s inherits from '
			'table %s and has' else 'tables %s inherit from table %s and have' end
			|| ' rows of the same keys, which no constraint can prevent', array_to_string(heirs, ', '),
			berth.dedupe_name(relation)), jsonb_build_object('table', heirs[1], 'tables', heirs));
	end if;
end $$;

-- Returns true for a half-built index: it has that name and this key, is invalid, and no one is building it.
create or replace function berth.dedupe_leftover(relation oid, ask jsonb, name text) returns bool
language sql stable set search_path = pg_catalog, pg_temp return exists (
	select from pg_index i join pg_class c on c.oid = i.indexrelid
	where i.indrelid = relation and c.relname = dedupe_leftover.name and not i.indisvalid
		and not exists (select from pg_stat_get_progress_info('CREATE INDEX') p where p.relid = relation)
		and berth.dedupe_alike(i, ask));

-- Checks that a constraint of that name can be created.
create or replace function berth.dedupe_refuse_name(relation oid, ask jsonb, name text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	space oid := (select relnamespace from pg_class where oid = relation);
begin
	if octet_length(name) > 63 or name = '' then
		perform berth.refuse('invalid_input', format('constraint %s: a name has 1 to 63 bytes', name));
	elsif berth.dedupe_leftover(relation, ask, name) then
		return;
	elsif exists (select from pg_class where relnamespace = space and relname = dedupe_refuse_name.name)
		or exists (select from pg_constraint where conrelid = relation and conname = dedupe_refuse_name.name)
	then
		perform berth.refuse('already_exists', format('%s is something else already', berth.dedupe_index_name(relation,
			name)),
			jsonb_build_object('constraint', name), 'choose another name with --constraint');
	end if;
end $$;

-- Refuses rows with different values unless the request has a rule for them.
create or replace function berth.dedupe_refuse_differing(relation oid, conflicting bigint, example jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	if conflicting > 0 then
		perform berth.refuse('conflict', format('%s keys of %s have rows of different values%s', conflicting,
			berth.dedupe_name(relation), ', such as ' || example::text),
			jsonb_build_object('conflicting', conflicting, 'key', example),
				'say which is to stay: --survivor newest, oldest, lowest, highest');
	end if;
end $$;

-- Refuses keys that are longer than what an index takes.
create or replace function berth.dedupe_refuse_long(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	too_long bool;
begin
	execute format('select max(%2$s) > 2650 from only %1$s t where %3$s%4$s', berth.dedupe_name(relation), (
		select string_agg(format('coalesce(greatest(octet_length(%s), pg_column_size(t.%I)), 0)',
			case when ask->'fold' ? name or kind in ('text'::regtype, 'varchar'::regtype)
				then berth.dedupe_folded(ask, name, 't.' || quote_ident(name))
				else berth.dedupe_text('t.' || quote_ident(name)) end, name), ' + ')
		from berth.dedupe_columns(relation) where ask->'key' ? name), berth.dedupe_pinned(relation, 'read'),
		coalesce(' and ' || berth.dedupe_live(ask, 't.'), '')) into too_long;
	if too_long then
		perform berth.refuse('precondition_failed',
			format('a key of table %s is longer than what an index takes, some 2,700 bytes',
				berth.dedupe_name(relation)));
	end if;
end $$;

-- Refuses columns that are said to identify a row and do not. Without any, rows are told apart by their place, which
-- lasts as long as a lock: a row that is rewritten could not be found again.
create or replace function berth.dedupe_refuse_same(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(relation);
	ids text[] := berth.dedupe_names(ask->'row_id');
	listed text := (select string_agg(quote_ident(i), ', ' order by place)
		from unnest(ids) with ordinality x (i, place));
	same bool;
begin
	if ids = '{}' and ask->'null_as_empty' <> '[]' then
		perform berth.refuse('precondition_failed', format('nothing identifies a row of table %s: a NULL that became '
			'empty could not be found again', source), '{}', 'name columns that identify a row: --row-id C,...');
	elsif ids = '{}' or (not exists (select from berth.dedupe_columns(relation) where name = any (ids) and nullable)
		and exists (select from berth.dedupe_unique(relation) u where u.names <@ ids))
	then
		return;
	end if;
	execute format('select exists (select from only %1$s t where %3$s group by %2$s having count(*) > 1 or '
		'num_nulls(%2$s) > 0)', source, listed, berth.dedupe_pinned(relation, 'read')) into same;
	if same then
		perform berth.refuse('precondition_failed', format(case cardinality(ids) when 1 then 'column %s of table %s is '
			'NULL or the same in several rows, and identifies none' else 'columns %s of table %s are NULL or the same '
			'in several rows, and identify none' end, listed, source));
	end if;
end $$;

-- Refuses a table that a run cannot fix: rows without an identity, keys too long for an index, NULLs on a server whose
-- unique constraints allow several, references to rows that would be deleted, or undecided values.
create or replace function berth.dedupe_refuse_rows(relation oid, ask jsonb, many berth.dedupe_reference[])
	returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
declare
	source text := berth.dedupe_name(relation);
	pin text := berth.dedupe_pinned(relation, 'read');
	ranked text := berth.dedupe_ranked(relation, ask);
	found_one record;
begin
	perform berth.dedupe_try(relation, ask);
	if current_setting('server_version_num')::int < 150000 and exists (
		select from berth.dedupe_columns(relation) where ask->'key' ? name and not ask->'null_as_empty' ? name
			and nullable)
	then
		perform berth.refuse('precondition_failed',
			'before PostgreSQL 15 a constraint takes every NULL for another one', '{}',
			'take NULL as empty (--null-as-empty), or make the key''s columns NOT NULL');
	end if;
	if jsonb_array_length(ask->'key') > 32 then
		perform berth.refuse('precondition_failed', 'a constraint has at most 32 columns');
	end if;
	perform berth.dedupe_refuse_published(relation, ask);
	perform berth.dedupe_refuse_long(relation, ask);
	perform berth.dedupe_refuse_same(relation, ask);
	if ask->>'survivor' = 'abort' then
		execute format('select g.shown, count(*) over () from (%s) g where g.differs and g.place = 1 limit 1', ranked)
			into found_one;
		perform berth.dedupe_refuse_differing(relation, found_one.count, found_one.shown);
	end if;
	perform berth.dedupe_refuse_empty(relation, ask);
	if (ask->>'repoint')::bool then
		perform berth.dedupe_refuse_repoint(relation, ranked, many);
	else
		perform berth.dedupe_refuse_referenced(relation, ranked);
	end if;
	perform berth.dedupe_refuse_heirs(relation, ask);
	perform berth.dedupe_try_rows(relation, ask);
end $$;

-- Refuses a request because a row to be deleted is referenced.
create or replace function berth.dedupe_refuse_reference(relation oid, source text, name text, lost text, survivor text)
returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse('in_use', format('row %s of %s is to go for row %s, and %s references it (constraint %s)',
		lost, berth.dedupe_name(relation), survivor, source, quote_ident(name)),
		jsonb_build_object('row', lost, 'survivor', survivor, 'table', source, 'constraint', name),
		'let those rows reference the survivor first, or have them moved: --repoint');
end $$;

-- Refuses when a row to be deleted is referenced: the delete would fail, or delete the other row too.
create or replace function berth.dedupe_refuse_referenced(relation oid, ranked text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r record;
	lost record;
begin
	for r in select * from berth.dedupe_references(relation) loop
		execute format('with g as materialized (%s) select g.id, g.survivor from g join only %s t on t.ctid = g.at '
			'join %s f on %s'
			' where g.place > 1 and %s limit 1', ranked, berth.dedupe_name(relation), r.source, r.matches,
				berth.dedupe_pinned(relation, 'read'))
			into lost;
		if lost.id is not null then
			perform berth.dedupe_refuse_reference(relation, r.source, r.name, lost.id, lost.survivor);
		end if;
	end loop;
end $$;
