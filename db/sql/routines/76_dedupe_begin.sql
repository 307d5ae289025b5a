-- Runs of dedupe: the checks before one begins, and its first row.
--
-- The user's table is read and written with the rights of the caller. Berth's own tables are written by the functions
-- marked SECURITY DEFINER, since no role may write them. These functions check that their caller is an owner of the
-- user's table.

-- Returns a unique constraint that already ensures what is requested, or an index for what no constraint can be: such
-- an index may also count all rows.
create or replace function berth.dedupe_existing(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return (
	select coalesce(n.conname, c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid
		left join pg_constraint n on n.conindid = i.indexrelid and n.conrelid = i.indrelid and n.contype in ('u', 'p')
	where i.indrelid = relation and i.indisunique and i.indisvalid and i.indimmediate
		and (n.oid is not null or berth.dedupe_by_index(ask))
		and (berth.dedupe_alike(i, ask) or berth.dedupe_alike(i, ask - 'live'))
		and (coalesce((to_jsonb(i)->>'indnullsnotdistinct')::bool, false)
			-- Before PostgreSQL 15 a column that takes NULL as empty needs no more, see berth.dedupe_refuse_rows().
			or not exists (select from berth.dedupe_columns(relation) where ask->'key' ? name and nullable
				and not (ask->'null_as_empty' ? name and current_setting('server_version_num')::int < 150000)))
	order by 1 limit 1);

-- Returns the name of the constraint: TABLE_COLUMNS_berth, cut to the length of a name.
create or replace function berth.dedupe_constraint(relation oid, ask jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp return coalesce(ask->>'constraint', (
	select format('%s_%s_berth', c.relname,
		(select string_agg(k, '_' order by place) from jsonb_array_elements_text(ask->'key') with
			ordinality x (k, place)))::name::text
	from pg_class c where c.oid = relation));

-- Creates a run. Its guard needs an index of the table from the beginning if the index of the constraint will not find
-- every duplicate: either the constraint exists already, or its index does not treat NULL as empty. The request is
-- completed here, since the stored one is trusted later.
create or replace function berth.dedupe_open(asked_id uuid, target oid, request jsonb, detail jsonb, since timestamptz,
	moved oid[], token uuid default berth.caller())
returns berth.dedupe_claim
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	ask jsonb;
	standing text;
	indexed bool;
	r berth.dedupe_run;
begin
	perform berth.dedupe_refuse_stranger(target, who);
	ask := berth.dedupe_asked(target, request);
	standing := berth.dedupe_existing(target, ask);
	indexed := standing is not null or ask->'null_as_empty' <> '[]';
	insert into berth.dedupe_run (id, relation, name, ask, request, columns, constraint_name, standing, author, detail,
		pid, backend_start, indexed, phase)
	values (asked_id, target, berth.dedupe_name(target), ask, request,
		(select jsonb_agg(jsonb_build_object('name', c.name, 'type', c.type)) from berth.dedupe_columns(target) c),
		coalesce(standing, berth.dedupe_constraint(target, ask)), standing is not null, who, detail, pg_backend_pid(),
			since, indexed, case
			when standing is null and berth.dedupe_leftover(target, ask, berth.dedupe_constraint(target, ask))
				then 'drop'
			when indexed then 'index' else 'guard' end)
	on conflict (relation) where state in ('running', 'undoing') do nothing
	returning * into r;
	if r.id is null then
		perform berth.refuse('conflict', format('somebody else has just begun with table %s',
			berth.dedupe_name(target)));
	end if;
	perform berth.dedupe_refer(r, who, moved);
	return (r.id, r.epoch, r.state, r.name, r.constraint_name, 0)::berth.dedupe_claim;
end $$;

-- Records the references that a run moves. They are those of its table, and of tables that the caller may write.
create or replace function berth.dedupe_refer(r berth.dedupe_run, who name, moved oid[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	if (moved <> '{}' and not (r.ask->>'repoint')::bool) or exists (select from unnest(moved) m where not exists (
		select from berth.dedupe_references(r.relation) f where f.id = m and f.other <> r.relation
			and has_table_privilege(who, f.other, 'update') and berth.dedupe_identity(f.other) is not null))
	then
		perform berth.refuse('not_allowed', 'a run moves references of its own table, in tables that you may update');
	end if;
	insert into berth.dedupe_reference (run, place, key, relation, columns, targets, ids)
	select r.id, row_number() over (order by f.id), f.id, f.other, c.here, c.there, berth.dedupe_identity(f.other)
	from berth.dedupe_references(r.relation) f, berth.dedupe_reference_columns(f.id) c where f.id = any (moved);
end $$;

-- Begins a run, continues an unfinished one, or finds that it is done.
create or replace function berth.dedupe_begin(asked_id uuid, relation oid, request jsonb, detail jsonb)
	returns berth.dedupe_claim
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	ask jsonb;
	standing text;
	r berth.dedupe_run;
	rewrites bool;
	many berth.dedupe_reference[];
begin
	perform berth.dedupe_refuse_busy(relation);
	perform berth.dedupe_hold(relation, 'delete');
	ask := berth.dedupe_asked(relation, request);
	standing := berth.dedupe_existing(relation, ask);
	select * into r from berth.dedupe_run where id = asked_id;
	if r.id is not null and (r.relation <> relation or r.request <> request) then
		perform berth.refuse('id_conflict', format('%s is the id of another run, on table %s', r.id, r.name),
			jsonb_build_object('existing', r.request, 'asked', request));
	elsif r.state in ('done', 'undone') then
		return (r.id, r.epoch, r.state, r.name, r.constraint_name, r.restored)::berth.dedupe_claim;
	end if;
	r := berth.dedupe_unfinished(relation, request);
	if r.id is not null then
		return berth.dedupe_take_over(r.id, 'running', berth.dedupe_since());
	end if;
	perform berth.dedupe_refuse_table(relation);
	execute format('select exists (select from only %s t where %s and (%s))', berth.dedupe_name(relation),
		berth.dedupe_pinned(relation, 'read'),
		berth.dedupe_empties(relation, ask, 't.')) into rewrites;
	if standing is not null and not rewrites then
		return (null, 0, 'done', berth.dedupe_name(relation), standing, 0)::berth.dedupe_claim;
	end if;
	if standing is null then
		perform berth.dedupe_refuse_name(relation, ask, berth.dedupe_constraint(relation, ask));
	end if;
	many := berth.dedupe_movable(relation, ask);
	perform berth.dedupe_hold_moved(relation, many);
	perform berth.dedupe_refuse_rows(relation, ask, many);
	return berth.dedupe_open(asked_id, relation, request, detail, berth.dedupe_since(),
		array(select m.key from unnest(many) m));
end $$;
