-- Tries on one row what a run does with many, in a subtransaction that is always rolled back.

-- Returns the fields of the archive as values of their columns. `as_it_was` is the value in its old type while the
-- column still has it; it is cast only if the type is the server's, so that reading it runs no foreign code.
create or replace function berth.dedupe_typed(columns jsonb, relation oid)
returns table (name text, place bigint, value text, kind oid, generated bool, as_it_was text)
language sql stable set search_path = pg_catalog, pg_temp begin atomic
	select k.c->>'name', k.place, coalesce(berth.dedupe_value(format('d.fields[%s]', k.place), c.kind, c.type),
		format('d.fields[%s]', k.place)),
		c.kind, c.generated,
		format('d.fields[%s]%s', k.place, case when c.type = k.c->>'type' and c.kind < 16384 then '::' || c.type
			else '' end)
	from jsonb_array_elements(columns) with ordinality k (c, place) left join berth.dedupe_columns(relation) c
		on c.name = k.c->>'name';
end;

-- Returns the statement that inserts rows, whose fields are `d` in `source`. It returns how many rows there are, and
-- how many of them the table has changed.
create or replace function berth.dedupe_put_text(relation oid, columns jsonb, source text) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select format('with put as (insert into %1$s (%2$s) overriding system value select %3$s from %4$s and %5$s '
		'returning array[%6$s]::text[] as fields)'
		' select (select count(*) from put) as count, count(*) as other from (select fields from put except all '
			'select d.fields from %4$s) changed',
		berth.dedupe_name(relation), string_agg(quote_ident(name), ', ' order by place) filter (where not generated),
		string_agg(value, ', ' order by place) filter (where not generated), source, berth.dedupe_pinned(relation,
			'insert'),
		string_agg(berth.dedupe_text(quote_ident(name)), ', ' order by place))
	from berth.dedupe_typed(columns, relation));

-- Returns the places of all rows of some keys that more than one row has; null when there are no such keys. Tries first
-- the hashes that are divisible by 64, which are few to sort.
create or replace function berth.dedupe_some_doubled(relation oid, ask jsonb) returns tid[]
language plpgsql stable set search_path = pg_catalog, pg_temp set jit = off
set parallel_setup_cost = 0 set parallel_tuple_cost = 0 as $$
declare
	source text := berth.dedupe_name(relation);
	p record;
	places tid[];
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	execute format('select array_agg(at) from (select unnest(array_agg(t.ctid)) as at from only %2$s t where %3$s '
		'and mod(%1$s, 64) = 0 group by %1$s having count(*) > 1 limit 50) x', p.hash, source, p.pin) into places;
	if places is null then
		execute format('select array_agg(t.ctid) from only %2$s t where %3$s and %1$s = any ($1)', p.hash, source,
			p.pin) into places using berth.dedupe_doubled(relation, ask);
	end if;
	return places;
end $$;

-- Deletes one duplicate and inserts it again, to find a trigger that keeps or changes it before a run begins. A row
-- whose references will be moved is none to try.
create or replace function berth.dedupe_try_delete(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	source text := berth.dedupe_name(relation);
	columns jsonb := (select jsonb_agg(jsonb_build_object('name', c.name, 'type', c.type))
		from berth.dedupe_columns(relation) c);
	ranked text;
	victim tid;
	lost text[];
	done record;
	p record;
begin
	select * into p from berth.dedupe_parts(relation, ask, 't.');
	ranked := berth.dedupe_ranks(source, p.hash, p.key, p.id, p.said, p.rank, p.pin, 't.ctid = any ($1)', '');
	execute format('select t.ctid from only %s t where t.ctid = any (array(select g.at from (%s) g where g.place > 1 '
		'limit 50)) and %s%s limit 1 for update skip locked', source, ranked, p.pin, case when (ask->>'repoint')::bool
		then (select string_agg(format(' and not exists (select from %s f where %s)', f.source, f.matches), '')
			from berth.dedupe_references(relation) f) end)
		into victim using berth.dedupe_some_doubled(relation, ask);
	if victim is null then
		return;
	end if;
	execute format('delete from only %s t where t.ctid = $1 and %s returning %s', source, berth.dedupe_pinned(relation,
		'delete'), p.fields)
		into lost using victim;
	if lost is null then
		perform berth.refuse('precondition_failed', format('a trigger of table %s keeps rows from being deleted',
			source));
	end if;
	execute berth.dedupe_put_text(relation, columns, '(select $1::text[] as fields) d where true') into done using lost;
	if done.count <> 1 or done.other > 0 then
		perform berth.refuse('precondition_failed', format('a trigger of table %s changes rows that are put back',
			source));
	end if;
end $$;

-- Does the same for a row in which NULL becomes empty.
create or replace function berth.dedupe_try_rewrite(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	pin text := berth.dedupe_pinned(relation, 'insert');
	empties text := berth.dedupe_empties(relation, ask, 't.');
	fill text := (select string_agg(format('%I = coalesce(t.%1$I, '''')', c), ', ')
		from jsonb_array_elements_text(ask->'null_as_empty') c);
	still bool;
begin
	execute format('update only %1$s t set %2$s where t.ctid = any (array(select t.ctid from only %1$s t where %4$s '
		'and (%3$s) limit 1 for update skip locked))'
		' and %4$s returning (%3$s)', berth.dedupe_name(relation), fill, empties, pin) into still;
	if still then
		perform berth.refuse('precondition_failed', format('a trigger of table %s makes NULL of what is empty',
			berth.dedupe_name(relation)));
	end if;
-- The row has a duplicate that is still there.
exception when unique_violation then
	null;
end $$;

-- Tries both, and rolls back. An error of a trigger, a reference or a check is the table's answer; a lock that someone
-- else has is not.
create or replace function berth.dedupe_try_rows(relation oid, ask jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set jit = off as $$
begin
	-- Foreign code is not run, and without it there is nothing to try.
	if current_setting('transaction_read_only') = 'on' or not berth.dedupe_trusts(relation)
		or exists (select from berth.dedupe_foreign(relation, 'insert')) then
		return;
	end if;
	begin
		perform berth.dedupe_try_delete(relation, ask);
		if ask->'null_as_empty' <> '[]' then
			perform berth.dedupe_try_rewrite(relation, ask);
		end if;
		set constraints all immediate;
		raise exception using errcode = 'BERTT', message = 'tried';
	exception when others then
		if sqlstate = 'BERTT' then
			return;
		elsif sqlstate = 'BERTH' or sqlstate ~ '^(40|53|54|55P03|57|58|XX)' or sqlstate in ('42501', '25006') then
			raise;
		end if;
		perform berth.refuse('precondition_failed', format('a row of table %s cannot be taken out and put back: %s',
			berth.dedupe_name(relation), sqlerrm));
	end;
end $$;
