-- Checks before a run begins that the rows which reference removed ones can be moved.

-- Returns the columns of a reference whose values differ between a removed row and its survivor.
create or replace function berth.dedupe_changed(relation oid, moves text, d berth.dedupe_reference) returns text[]
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	changed text[];
begin
	execute moves || (select format(' select array_remove(array[%s], null) from m join only %s t on t.ctid = '
		'm.removed_at join only %2$s s on s.ctid = m.survivor_at', string_agg(format(
			'case when bool_or(t.%1$I is distinct from s.%1$I) then %2$L end', target, name), ', '),
			berth.dedupe_name(relation))
		from unnest(d.targets, d.columns) x (target, name)) into changed;
	return changed;
end $$;

-- Refuses a reference that shares a column, which would change, with another one.
create or replace function berth.dedupe_refuse_shared(d berth.dedupe_reference, changed text[]) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	places int2[] := array(select attnum from pg_attribute where attrelid = d.relation and attname = any (changed));
	other name := (select c.conname from pg_constraint c where c.contype = 'f' and c.oid <> d.key and c.conparentid = 0
		and ((c.conrelid = d.relation and c.conkey && places) or (c.confrelid = d.relation and c.confkey && places))
		order by 1 limit 1);
begin
	if other is not null then
		perform berth.dedupe_refuse_moved(d.relation, format('has constraint %I, which has one of the columns too',
			other));
	end if;
end $$;

-- Refuses rows that would become equal in one of their unique indexes.
create or replace function berth.dedupe_refuse_merged(relation oid, moves text, d berth.dedupe_reference) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	u record;
	equal text;
begin
	for u in select i.indexrelid::regclass::text as name, x.names, coalesce((to_jsonb(i)->>'indnullsnotdistinct')::bool,
		false) as nulls from berth.dedupe_unique(d.relation) x join pg_index i on i.indexrelid = x.index
		where x.names && d.columns order by 1
	loop
		execute moves || (select format(' select (array_agg(shown))[1] from (select m.at is not null as moved, '
			'row(%1$s) as key, num_nulls(%1$s) as nulls, concat_ws('', '', %2$s) as shown from only %3$s f left join m '
			'on m.at = f.ctid left join only %4$s s on s.ctid = m.survivor_at) x where nulls = 0 or %5$L::bool '
			'group by key having count(*) > 1 and bool_or(moved) limit 1', string_agg(now, ', ' order by place),
			string_agg(berth.dedupe_text(now), ', ' order by place), berth.dedupe_name(d.relation),
			berth.dedupe_name(relation), u.nulls)
			from (select n.place, case when c.target is null then 'f.' || quote_ident(n.name)
				else format('case when m.at is null then f.%I else s.%I end', n.name, c.target) end as now
				from unnest(u.names) with ordinality n (name, place) left join unnest(d.columns, d.targets)
					c (name, target) using (name)) y) into equal;
		if equal is not null then
			perform berth.refuse('conflict', format('rows of table %s would become equal in %s if they were repointed: '
				'(%s)', berth.dedupe_name(d.relation), u.name, equal),
				jsonb_build_object('table', berth.dedupe_name(d.relation), 'index', u.name, 'key', equal),
				'remove one of them first');
		end if;
	end loop;
end $$;

-- Refuses rows that would not meet a check of their table.
create or replace function berth.dedupe_refuse_unchecked(relation oid, moves text, d berth.dedupe_reference)
	returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	become text := (select string_agg(case when t.target is null then format('f.%I', c.name)
		else format('s.%I::%s as %I', t.target, c.type, c.name) end, ', ')
		from berth.dedupe_columns(d.relation) c left join unnest(d.columns, d.targets) t (name, target) using (name));
	c record;
	broken bool;
begin
	for c in select conname, pg_get_expr(conbin, conrelid) as holds from pg_constraint k
		where k.conrelid = d.relation and k.contype = 'c' and k.conkey && array(select attnum from pg_attribute
			where attrelid = d.relation and attname = any (d.columns)) order by 1
	loop
		execute moves || format(' select exists (select from (select %s from m join only %s f on f.ctid = m.at join '
			'only %s s on s.ctid = m.survivor_at offset 0) x where not (%s))', become, berth.dedupe_name(d.relation),
			berth.dedupe_name(relation), c.holds) into broken;
		if broken then
			perform berth.refuse('precondition_failed', format('constraint %I of table %s does not take the row that '
				'stays', c.conname, berth.dedupe_name(d.relation)), jsonb_build_object('table',
				berth.dedupe_name(d.relation), 'constraint', c.conname));
		end if;
	end loop;
end $$;

-- Refuses a reference whose rows no index finds, unless its table is small: each step, and each row that is deleted,
-- would read the whole table while rows are locked.
create or replace function berth.dedupe_refuse_unindexed(d berth.dedupe_reference) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	name text := berth.dedupe_name(d.relation);
	places int2[] := array(select attnum from pg_attribute where attrelid = d.relation and attname = any (d.columns));
	words text := (select string_agg(quote_ident(c), ', ' order by place) from unnest(d.columns) with
		ordinality x (c, place));
begin
	if pg_relation_size(d.relation) > 1048576 and not exists (select from pg_index i
		where i.indrelid = d.relation and i.indisvalid and i.indpred is null
			and places <@ (i.indkey::int2[])[0:cardinality(places) - 1])
	then
		perform berth.refuse('precondition_failed', format('rows of table %s cannot be repointed quickly: it has no '
			'index that begins with %s', name, words),
			jsonb_build_object('table', name, 'columns', to_jsonb(d.columns)),
			format('create index concurrently on %s (%s)', name, words));
	end if;
end $$;

-- Refuses a request whose references cannot be moved to the survivors. References that no removed row has do not
-- matter. Returns the number of rows to move.
create or replace function berth.dedupe_refuse_repoint(asked_relation oid, ranked text,
	many berth.dedupe_reference[]) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	f record;
	d berth.dedupe_reference;
	moves text;
	n bigint;
	total bigint := 0;
begin
	for f in select * from berth.dedupe_references(asked_relation) loop
		select * into d from unnest(many) m where m.key = f.id;
		if d.key is not null then
			perform berth.dedupe_refuse_unindexed(d);
		end if;
		moves := berth.dedupe_moves(asked_relation, ranked, f.other, f.matches, 'read');
		execute moves || ' select count(*) from m' into n;
		continue when n = 0;
		if d.key is null then
			perform berth.dedupe_refuse_moved(f.other, (select berth.dedupe_unmovable(asked_relation, f.other, c.here)
				from berth.dedupe_reference_columns(f.id) c));
		end if;
		perform berth.dedupe_refuse_shared(d, berth.dedupe_changed(asked_relation, moves, d));
		perform berth.dedupe_refuse_merged(asked_relation, moves, d);
		perform berth.dedupe_refuse_unchecked(asked_relation, moves, d);
		total := total + n;
	end loop;
	return total;
end $$;
