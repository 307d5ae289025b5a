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

-- Moves the references to rows that are to go to their survivors, as many as a step may lock. Returns the keys that
-- have more of them, or have some that someone else has locked, and the number of rows moved.
create or replace function berth.dedupe_repoint(r berth.dedupe_run, ranked text, hashes bigint[],
	out left_over bigint[], out moved bigint)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	d berth.dedupe_reference;
	f record;
	pin text;
	found_ones record;
	locked tid[];
	done bigint;
begin
	left_over := '{}';
	moved := 0;
	for d in select * from berth.dedupe_reference where run = r.id order by place loop
		select * into f from berth.dedupe_references(r.relation) x where x.id = d.key;
		continue when f.id is null;
		pin := berth.dedupe_pinned_moved(r.relation, d.relation, 'insert');
		execute berth.dedupe_moves(r.relation, ranked, d.relation, f.matches, 'insert')
			|| ' select array_agg(at) as at, array_agg(survivor_at) as survivor_at, array_agg(survivor) as survivor, '
			'array_agg(hash) as hash, count(*) as n from (select * from m order by hash, at limit $2) x'
			into found_ones using hashes, berth.dedupe_most() - moved + 1;
		continue when found_ones.n = 0;
		execute format('select array_agg(at) from (select f.ctid as at from only %s f where f.ctid = any ($1) and %s '
			'for update skip locked) x', f.source, pin) into locked using found_ones.at;
		left_over := left_over || array(select distinct u.hash from unnest(found_ones.at, found_ones.hash) u (at, hash)
			where u.at <> all (coalesce(locked, '{}')));
		if found_ones.n > berth.dedupe_most() - moved then
			left_over := left_over || array(select h from unnest(hashes) h
				where h >= found_ones.hash[found_ones.n]);
		end if;
		done := berth.dedupe_move(r, d, f.source, pin, found_ones.at, found_ones.survivor_at, found_ones.survivor,
			locked);
		moved := moved + done;
		if moved >= berth.dedupe_most() then
			left_over := hashes;
			exit;
		end if;
	end loop;
end $$;

-- Moves rows that are locked, and archives what their columns were and became.
create or replace function berth.dedupe_move(r berth.dedupe_run, d berth.dedupe_reference, source text, pin text,
	at tid[], survivor_at tid[], survivor text[], locked tid[]) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	texts text := (select string_agg(berth.dedupe_text('f.' || quote_ident(c)), ', ' order by place)
		from unnest(d.columns) with ordinality x (c, place));
	kept bigint;
	why text;
	rule text;
begin
	execute format('with old as materialized (select f.ctid as at, array[%1$s]::text[] as was, v.survivor_at, '
		'v.survivor from only %2$s f join unnest($1, $2, $3) v (at, survivor_at, survivor) on v.at = f.ctid '
		'where f.ctid = any ($4) and %3$s), moved as (update only %2$s f set %4$s from old '
		'join only %5$s s on s.ctid = old.survivor_at where f.ctid = old.at and %3$s '
		'returning %6$s as row_id, old.survivor, old.was, array[%1$s]::text[] as became) '
		'select berth.dedupe_archive($5, $6, array_agg((null, null, row_id, survivor, ''repoint'', null, null, false, '
		'false, $7, was, became)::berth.dedupe_row)) from moved', texts, source, pin,
		(select string_agg(format('%I = s.%I', c, t), ', ' order by place)
			from unnest(d.columns, d.targets) with ordinality x (c, t, place)),
		berth.dedupe_name(r.relation), berth.dedupe_id_text(d.ids, 'f.'))
		into kept using at, survivor_at, survivor, locked, r.id, r.epoch, d.place;
	return coalesce(kept, 0);
exception
when unique_violation or foreign_key_violation or check_violation or not_null_violation or exclusion_violation
	or data_exception then
	get stacked diagnostics why = pg_exception_detail, rule = constraint_name;
	perform berth.refuse('conflict', format('a row of table %s cannot be repointed (constraint %s): %s', source, rule,
		coalesce(nullif(why, ''), sqlerrm)), jsonb_build_object('table', source, 'constraint', rule, 'reason', why),
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
