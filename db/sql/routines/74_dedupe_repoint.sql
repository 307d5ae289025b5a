-- References to rows that are removed: they are moved to the survivors, and back by an undo.
--
-- Only rows of a plain table are moved that an update changes in the referring columns and nowhere else, and that can
-- be found again. So the table has an identity, and no rule, trigger or policy takes part. It may belong to anybody:
-- its code is held to the same rule as that of the table itself (dedupe_foreign).

-- Returns the columns of a foreign key, and those that it refers to.
create or replace function berth.dedupe_reference_columns(key oid, out here text[], out there text[])
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select array_agg(a.attname::text order by k.place), array_agg(b.attname::text order by k.place)
	from pg_constraint c, unnest(c.conkey, c.confkey) with ordinality k (here, there, place)
	join pg_attribute a on a.attnum = k.here join pg_attribute b on b.attnum = k.there
	where c.oid = key and a.attrelid = c.conrelid and b.attrelid = c.confrelid;
end;

-- Returns the columns that identify a row of a referring table: its primary key, else another one without NULL.
create or replace function berth.dedupe_identity(relation oid) returns text[]
language sql stable set search_path = pg_catalog, pg_temp return (
	select u.names from berth.dedupe_unique(relation) u join pg_index i on i.indexrelid = u.index
	where i.indimmediate and not exists (select from berth.dedupe_columns(relation) c where c.name = any (u.names)
		and c.nullable)
	order by i.indisprimary desc, cardinality(u.names), u.names limit 1);

-- Returns why these columns of a table cannot be changed and put back exactly; null if they can.
create or replace function berth.dedupe_unmovable(relation oid, other oid, columns text[]) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	places int2[] := array(select attnum from pg_attribute where attrelid = other and attname = any (columns));
	t pg_class;
begin
	select * into t from pg_class where oid = other;
	return case
		when t.oid is null or cardinality(places) <> cardinality(columns) then 'has lost columns'
		when relation = other then 'refers to itself'
		when t.relkind <> 'r' or t.relispartition then 'is partitioned'
		when not (has_table_privilege(other, 'select') and has_table_privilege(other, 'update'))
			then 'may not be read and updated by you'
		when row_security_active(other) then 'has row security, which hides rows from you'
		when exists (select from pg_rewrite where ev_class = other) then 'has rules'
		when berth.dedupe_identity(other) is null then 'has nothing that identifies a row'
		when exists (select from berth.dedupe_columns(other) c where c.name = any (columns)
			and (c.generated or berth.dedupe_base(c.kind) >= 16384))
			then 'has a column that is generated, or of a type that is not the server''s'
		else coalesce((select format('has trigger %I, which takes part in updates', g.tgname) from pg_trigger g
			where g.tgrelid = other and g.tgenabled <> 'D' and g.tgtype & 16 <> 0 and berth.dedupe_fires(g)
				and (cardinality(g.tgattr::int2[]) = 0 or g.tgattr::int2[] && places) order by g.tgname limit 1),
			(select format('has index %s, of an expression or a part of the rows', i.indexrelid::regclass)
			from pg_index i where i.indrelid = other and (i.indisexclusion or (i.indisunique and (i.indexprs is not null
				or i.indpred is not null))) and (i.indkey::int2[] && places or exists (select from pg_depend d
					where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = other
						and d.refobjsubid = any (places))) order by 1 limit 1),
			(select format('is published by %I, and has no replica identity', p) from berth.dedupe_publication(other,
				false, true) p where p is not null),
			(select format('has code that you do not run: %s %s', f.kind, f.name) from berth.dedupe_foreign(other,
				'insert') f limit 1)) end;
end $$;

-- Locks the tables whose rows are moved, so that nothing can be attached to them, and looks at them again. A table that
-- is gone has nothing to put back.
create or replace function berth.dedupe_hold_moved(relation oid, many berth.dedupe_reference[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	m record;
	why text;
begin
	for m in select u.relation as other, array_agg(distinct c) as columns
		from unnest(many) u, unnest(u.columns) c
		where exists (select from pg_class where oid = u.relation) group by u.relation order by 1
	loop
		perform berth.dedupe_lock_related(m.other, true);
		why := berth.dedupe_unmovable(dedupe_hold_moved.relation, m.other, m.columns);
		if why is not null then
			perform berth.dedupe_refuse_moved(m.other, why);
		end if;
		perform berth.dedupe_remember(m.other, 'insert');
	end loop;
end $$;

-- Returns the references of a run.
create or replace function berth.dedupe_moved_by(asked_run uuid) returns berth.dedupe_reference[]
language sql stable set search_path = pg_catalog, pg_temp return
	array(select d from berth.dedupe_reference d where d.run = asked_run order by d.place);

create or replace function berth.dedupe_refuse_moved(other oid, why text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	perform berth.refuse(case when why ~ ' you' then 'not_allowed' else 'precondition_failed' end,
		format('rows of table %s cannot be repointed and put back: it %s', berth.dedupe_name(other), why),
		jsonb_build_object('table', berth.dedupe_name(other), 'reason', why),
		'let those rows reference the survivors first');
end $$;

-- Returns the foreign keys whose rows a run can move, as it keeps them.
create or replace function berth.dedupe_movable(asked_relation oid, ask jsonb) returns berth.dedupe_reference[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	return case when (ask->>'repoint')::bool then array(
		select (null, row_number() over (order by f.id), f.id, f.other, c.here, c.there,
			berth.dedupe_identity(f.other))::berth.dedupe_reference
		from berth.dedupe_references(asked_relation) f, berth.dedupe_reference_columns(f.id) c
		where berth.dedupe_unmovable(asked_relation, f.other, c.here) is null order by f.id) else '{}' end;
end $$;

-- Returns the condition that pins the table whose rows are moved, with the table that they refer to.
create or replace function berth.dedupe_pinned_moved(relation oid, other oid, what text) returns text
language sql stable set search_path = pg_catalog, pg_temp return
	format('berth.dedupe_pin(%L::pg_catalog.oid[], %L)', other || (relation
		|| array_remove(array_remove(berth.dedupe_related(relation, 'delete'), relation), other)), what);

-- Returns the CTEs g, the ranked rows, and m: the rows of a referring table that are moved, with the removed row, the
-- survivor and its key.
create or replace function berth.dedupe_moves(relation oid, ranked text, other oid, matches text, what text)
	returns text
language sql stable set search_path = pg_catalog, pg_temp return format(
	'with g as materialized (%s), m as materialized (select f.ctid as at, t.ctid as removed_at, g.survivor_at, '
	'g.survivor, g.hash from g join only %s t on t.ctid = g.at join %s%s f on %s where g.place > 1 and %s)', ranked,
	berth.dedupe_name(relation),
	case (select relkind from pg_class where oid = other) when 'p' then '' else 'only ' end,
	berth.dedupe_name(other), matches, berth.dedupe_pinned_moved(relation, other, what));

-- How a step finds the rows that refer to removed ones by one foreign key: `branch` selects them from g, the ranked
-- rows. A reference that the run moves has a place, and statements that lock and move its rows.
drop type if exists berth.dedupe_way cascade;
create type berth.dedupe_way as (place int, name text, source text, branch text, hold text, move text);

-- Returns the statement that moves rows which are locked, and archives what their columns were and became.
create or replace function berth.dedupe_move_text(r berth.dedupe_run, d berth.dedupe_reference, pin text) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select format('with old as materialized (select f.ctid as at, array[%1$s]::text[] as was, v.survivor_at, '
		'v.survivor from only %2$s f join unnest($1, $2, $3) v (at, survivor_at, survivor) on v.at = f.ctid '
		'where f.ctid = any ($4) and %3$s), moved as (update only %2$s f set %4$s from old '
		'join only %5$s s on s.ctid = old.survivor_at where f.ctid = old.at and %3$s '
		'returning %6$s as row_id, old.survivor, old.was, array[%1$s]::text[] as became) '
		'select berth.dedupe_archive($5, $6, array_agg((null, null, row_id, survivor, ''repoint'', null, null, false, '
		'false, $7, was, became)::berth.dedupe_row)) from moved',
		string_agg(berth.dedupe_text('f.' || quote_ident(x.name)), ', ' order by x.place),
		berth.dedupe_name(d.relation), pin, string_agg(format('%I = s.%I', x.name, x.target), ', ' order by x.place),
		berth.dedupe_name(r.relation), berth.dedupe_id_text(d.ids, 'f.'))
	from unnest(d.columns, d.targets) with ordinality x (name, target, place));

-- Returns the ways to the rows that refer to removed ones, those that the run moves first. A step asks for them before
-- it locks a row; they stay true because it has locked the tables: the catalogue cannot change under it.
create or replace function berth.dedupe_ways(r berth.dedupe_run) returns berth.dedupe_way[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
	-- Most tables have none, and finding out how rows are matched takes a while.
	if not exists (select from pg_constraint where confrelid = r.relation) then
		return '{}';
	end if;
	return array(
		select (d.place, f.name, f.source,
			format('select f.ctid as at, g.survivor_at, g.survivor, g.hash, g.id from g join only %s t '
				'on t.ctid = g.at join %s%s f on %s where g.place > 1 and %s', berth.dedupe_name(r.relation),
				case when d.place is not null then 'only ' end, f.source, f.matches, p.pin),
			format('select array_agg(at) from (select f.ctid as at from only %s f where f.ctid = any ($1) and %s '
				'for update skip locked) x', f.source, p.pin),
			berth.dedupe_move_text(r, d, p.pin))::berth.dedupe_way
		from berth.dedupe_references(r.relation) f
		left join berth.dedupe_reference d on d.run = r.id and d.key = f.id
		cross join lateral (select case when d.place is null then berth.dedupe_pinned(r.relation, 'read')
			else berth.dedupe_pinned_moved(r.relation, d.relation, 'insert') end) p (pin)
		order by d.place, f.id);
end $$;

-- Returns the statement that finds the rows of all ways at once: per way, by its number, those that a step may move and
-- one more, or one that is in the way. $1 are the hashes of `ranked`, $2 is the number of rows.
create or replace function berth.dedupe_meet_text(ways berth.dedupe_way[], ranked text) returns text
language sql immutable set search_path = pg_catalog, pg_temp return (
	select format('with g as materialized (%s) select way, array_agg(at order by hash, at) as at, '
		'array_agg(survivor_at order by hash, at) as survivor_at, array_agg(survivor order by hash, at) as survivor, '
		'array_agg(hash order by hash, at) as hash, min(id) as id from (%s) x group by way order by way', ranked,
		string_agg(format('(select %s as way, m.* from (%s) m order by hash, at limit %s)', n, branch,
			case when place is null then '1' else '$2' end), ' union all ' order by n))
	from unnest(ways) with ordinality w (place, name, source, branch, hold, move, n));

-- Moves the references to rows that are to go to their survivors, as many as a step may lock. Returns the keys that
-- have more of them, or have some that someone else has locked or that this step has moved in another column, and the
-- number of rows moved. Refuses references that are not moved: the delete would fail, or delete the other row too.
create or replace function berth.dedupe_repoint(r berth.dedupe_run, ways berth.dedupe_way[], ranked text,
	hashes bigint[], out left_over bigint[], out moved bigint)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	most bigint := berth.dedupe_most(r);
	w berth.dedupe_way;
	m record;
	n int;
	locked tid[];
begin
	left_over := '{}';
	moved := 0;
	if ways = '{}' then
		return;
	end if;
	for m in execute berth.dedupe_meet_text(ways, ranked) using hashes, most + 1 loop
		w := ways[m.way];
		if w.place is null then
			perform berth.dedupe_refuse_reference(r.relation, w.source, w.name, m.id, m.survivor[1]);
		end if;
		n := most - moved + 1;
		execute w.hold into locked using m.at[:n];
		left_over := left_over || array(select distinct u.hash from unnest(m.at[:n], m.hash[:n]) u (at, hash)
			where u.at <> all (coalesce(locked, '{}')));
		if cardinality(m.at) >= n then
			left_over := left_over || array(select h from unnest(hashes) h where h >= m.hash[n]);
		end if;
		moved := moved + berth.dedupe_move(r, w, m.at[:n], m.survivor_at[:n], m.survivor[:n], locked);
		if moved >= most then
			left_over := hashes;
			exit;
		end if;
	end loop;
end $$;

-- Moves rows that are locked, and archives what their columns were and became.
create or replace function berth.dedupe_move(r berth.dedupe_run, w berth.dedupe_way, at tid[], survivor_at tid[],
	survivor text[], locked tid[]) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	kept bigint;
	why text;
	rule text;
begin
	execute w.move into kept using at, survivor_at, survivor, locked, r.id, r.epoch, w.place;
	return coalesce(kept, 0);
exception
when unique_violation or foreign_key_violation or check_violation or not_null_violation or exclusion_violation
	or data_exception then
	get stacked diagnostics why = pg_exception_detail, rule = constraint_name;
	perform berth.refuse('conflict', format('a row of table %s cannot be repointed (constraint %s): %s', w.source, rule,
		coalesce(nullif(why, ''), sqlerrm)), jsonb_build_object('table', w.source, 'constraint', rule, 'reason', why),
		'when that is out of the way, the same again goes on');
end $$;

-- Puts moved references back that are as the run has left them, the last one first: a row may have been moved twice.
create or replace function berth.dedupe_move_back(r berth.dedupe_run, asked_place int, lowest bigint, highest bigint)
	returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	d berth.dedupe_reference;
	a record;
	statement text;
	why text;
	rule text;
begin
	select * into d from berth.dedupe_reference where run = r.id and place = asked_place;
	if not exists (select from pg_class where oid = d.relation) then
		return;
	end if;
	select format('update only %s f set %s where %s and array[%s]::text[] = $3 and %s', berth.dedupe_name(d.relation),
		string_agg(format('%I = %s', x.name, berth.dedupe_value(format('$2[%s]', x.place), c.kind, c.type)), ', '
			order by x.place), berth.dedupe_id_equals(d.relation, d.ids, 'f.', '$1'),
		string_agg(berth.dedupe_text('f.' || quote_ident(x.name)), ', ' order by x.place),
		berth.dedupe_pinned_moved(r.relation, d.relation, 'insert')) into statement
	from unnest(d.columns) with ordinality x (name, place) join berth.dedupe_columns(d.relation) c using (name);
	for a in select row_id, was, became from berth.dedupe_row where run = r.id and seq between lowest and highest
		order by seq desc
	loop
		execute statement using a.row_id, a.was, a.became;
	end loop;
exception
when unique_violation or foreign_key_violation or check_violation or not_null_violation or exclusion_violation
	or data_exception then
	get stacked diagnostics why = pg_exception_detail, rule = constraint_name;
	perform berth.refuse('conflict', format('a row of table %s cannot be put back (constraint %s): %s',
		berth.dedupe_name(d.relation), rule, coalesce(nullif(why, ''), sqlerrm)),
		jsonb_build_object('constraint', rule, 'reason', why), 'when that is out of the way, the same again goes on');
end $$;
