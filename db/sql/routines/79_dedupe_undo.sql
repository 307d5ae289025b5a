-- Undoing a run of dedupe, and reading about runs.

-- Refuses a table that has lost columns of the removed rows.
create or replace function berth.dedupe_refuse_lost(r berth.dedupe_run) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	lost text := (select string_agg(quote_ident(name), ', ') from berth.dedupe_typed(r.columns, r.relation)
		where generated is null);
begin
	if lost is not null then
		perform berth.refuse('precondition_failed', format('table %s has lost columns that its rows had: %s',
			berth.dedupe_name(r.relation), lost));
	end if;
end $$;

-- Begins or continues to undo a run.
create or replace function berth.dedupe_undo(asked_run uuid) returns berth.dedupe_claim
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run;
	if r.id is null then
		perform berth.refuse('not_found', format('run %s does not exist', asked_run), '{}',
			'berth dedupe runs shows those that do');
	elsif r.state = 'undone' then
		return (r.id, r.epoch, r.state, r.name, r.constraint_name, 0)::berth.dedupe_claim;
	elsif not exists (select from pg_class where oid = r.relation) then
		perform berth.refuse('not_found', format('table %s of run %s is gone', r.name, r.id), '{}',
			format('berth dedupe forget %s', r.id));
	end if;
	perform berth.dedupe_refuse_busy(r.relation);
	perform berth.dedupe_hold(r.relation, 'undo');
	perform berth.dedupe_hold_moved(r.relation, berth.dedupe_moved_by(r.id));
	perform berth.dedupe_refuse_lost(r);
	return berth.dedupe_take_over(r.id, 'undoing', berth.dedupe_since());
end $$;

-- Records that these rows of the archive are in the table again; `more` of them were removed rows.
create or replace function berth.dedupe_restored(asked_run uuid, asked_epoch bigint, lowest bigint, highest bigint,
	more bigint, token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run := berth.dedupe_claimed(asked_run, asked_epoch, token, '{undoing}');
begin
	update berth.dedupe_row set put_back = true where run = r.id and seq between lowest and highest;
	update berth.dedupe_run set restored = restored + coalesce(more, 0), mark = lowest where id = r.id;
end $$;

-- Puts the archived rows of a range back, n in number. They must be unchanged in the table. The planner uses the index
-- for a range even when it knows nothing yet of the rows that the run has just archived.
create or replace function berth.dedupe_put_back(r berth.dedupe_run, lowest bigint, highest bigint, n bigint)
	returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	source text := berth.dedupe_name(r.relation);
	why text;
	rule text;
	done record;
begin
	execute berth.dedupe_put_text(r.relation, r.columns,
		'berth.dedupe_row d where d.run = $1 and d.seq between $2 and $3')
		into done using r.id, lowest, highest;
	if done.count <> n or done.other > 0 then
		perform berth.refuse('precondition_failed', format('a trigger of table %s changes rows that are put back',
			source));
	end if;
	return done.count;
exception
when data_exception then
	perform berth.refuse('precondition_failed',
		format('what a row of table %s had is no value of its columns any more: %s', source, sqlerrm));
when unique_violation or foreign_key_violation or check_violation or not_null_violation or exclusion_violation then
	get stacked diagnostics why = pg_exception_detail, rule = constraint_name;
	perform berth.refuse('conflict', format('a row of table %s cannot be put back (constraint %s): %s', source, rule,
		why),
		jsonb_build_object('constraint', rule, 'reason', why), 'when that is out of the way, the same again goes on');
end $$;

-- Makes values NULL again that were NULL and are still empty.
create or replace function berth.dedupe_empty(r berth.dedupe_run, lowest bigint, highest bigint) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
	execute (select format('update only %s t set %s from berth.dedupe_row d where d.run = $1 and d.seq between $2 and '
		'$3 and %s and %s',
			berth.dedupe_name(r.relation),
			string_agg(format('%1$I = case when %1$L = any (d.emptied) and t.%1$I = '''' then null else t.%1$I end', c),
				', '),
			berth.dedupe_id_equals(r.relation, berth.dedupe_names(r.ask->'row_id'), 't.', 'd.row_id'),
			berth.dedupe_pinned(r.relation, 'insert'))
		from jsonb_array_elements_text(r.ask->'null_as_empty') c) using r.id, lowest, highest;
end $$;

-- Takes the last changes back first, rows, rewritten values and moved references: a state that was possible then is
-- possible now.
create or replace function berth.dedupe_restore(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	since timestamptz := clock_timestamp();
	till bigint := coalesce(nullif(r.mark, 0), 9223372036854775807);
	chunk record;
begin
	perform berth.dedupe_refuse_lost(r);
	with next as (select seq, place, case when fields is not null then 'removed' when was is not null
			then 'moved ' || place else 'rewritten' end as kind
		from berth.dedupe_row where run = r.id and seq < till order by seq desc limit r.chunk),
		alike as (select n.*, bool_and(kind = (select kind from next order by seq desc
			limit 1)) over (order by seq desc) as first from next n)
	select min(seq) as lowest, max(seq) as highest, count(*) as n, min(kind) as kind, min(place) as place into chunk
	from alike where first;
	if chunk.n = 0 then
		if r.phase = 'restore' then
			perform berth.dedupe_end(r.id, r.epoch);
		end if;
		return;
	elsif chunk.kind = 'removed' then
		perform berth.dedupe_restored(r.id, r.epoch, chunk.lowest, chunk.highest, berth.dedupe_put_back(r, chunk.lowest,
			chunk.highest, chunk.n));
	else
		if chunk.place is not null then
			perform berth.dedupe_move_back(r, chunk.place, chunk.lowest, chunk.highest);
		else
			perform berth.dedupe_empty(r, chunk.lowest, chunk.highest);
		end if;
		perform berth.dedupe_restored(r.id, r.epoch, chunk.lowest, chunk.highest, 0);
	end if;
	perform berth.dedupe_pace(r.id, r.epoch, chunk.lowest, since);
end $$;

-- Refuses an archived row that cannot return because another row has its value in an index that is not the run's.
create or replace function berth.dedupe_refuse_taken(r berth.dedupe_run) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
	set extra_float_digits = 1 as $$
declare
	u record;
	taken text;
	why text;
begin
	for u in
		select c.relname as name, string_agg(berth.dedupe_equals(format('t.%I', k.name), k.value, k.kind),
			' and ') as alike, string_agg(quote_ident(k.name), ', ') as columns,
			string_agg(format('coalesce(d.fields[%s], %L)', k.place, 'null'), ', ') as fields
		from berth.dedupe_unique(r.relation) x join pg_class c on c.oid = x.index, berth.dedupe_typed(r.columns,
			r.relation) k
		where c.relname <> r.constraint_name and k.name = any (x.names)
		group by c.relname, x.names having count(*) = cardinality(x.names)
	loop
		execute format('select concat_ws(%L, %s) from berth.dedupe_row d where d.run = $1 and d.fields is not null '
			'and not d.put_back'
			' and exists (select from only %s t where %s and %s) limit 1',
			', ', u.fields, berth.dedupe_name(r.relation), u.alike, berth.dedupe_pinned(r.relation, 'undo'))
				into taken using r.id;
		if taken is not null then
			why := format('Key (%s)=(%s) already exists.', u.columns, taken);
			perform berth.refuse('conflict', format('a row of table %s cannot be put back (constraint %s): %s',
				berth.dedupe_name(r.relation), u.name, why),
				jsonb_build_object('constraint', u.name, 'reason', why),
					'when that is out of the way, the same again goes on');
		end if;
	end loop;
exception when data_exception then
	perform berth.refuse('precondition_failed',
		format('what a row of table %s had is no value of its columns any more: %s', r.name, sqlerrm));
end $$;

-- Drops the constraint at the moment when the first rows return, so that a table which can take none of them back keeps
-- it. All rows are checked for obstacles before. From then on both directions are open: to continue the undo, or to fix
-- the same again, which removes what was put back.
create or replace function berth.dedupe_detach(r berth.dedupe_run) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	since timestamptz;
	why text;
begin
	perform berth.dedupe_refuse_lost(r);
	perform berth.dedupe_refuse_taken(r);
	since := berth.dedupe_lock(r.relation, 'access exclusive');
	if not r.standing then
		execute format('alter table only %s drop constraint if exists %I', berth.dedupe_name(r.relation),
			r.constraint_name);
		if berth.dedupe_index(r.relation, r.constraint_name) is not null then
			execute format('drop index %s', berth.dedupe_index_name(r.relation, r.constraint_name));
		end if;
	end if;
	perform berth.dedupe_unguard(r);
	perform berth.dedupe_refuse_foreign(r.relation, 'insert');
	perform berth.dedupe_restore(r);
	perform berth.dedupe_note(r.id, r.epoch, 'unindex', since);
	return null;
exception
	when lock_not_available then
		return berth.dedupe_holders(r.relation);
	when dependent_objects_still_exist then
		get stacked diagnostics why = pg_exception_detail;
		perform berth.refuse('in_use', format('constraint %s of table %s is still needed: %s', r.constraint_name,
			r.name, why),
			jsonb_build_object('constraint', r.constraint_name, 'reason', why),
				'when that is gone, the same again goes on');
		return null;
end $$;

-- Forgets a run with all that it keeps, for an owner of the table or, when that is gone, for the author of the run.
create or replace function berth.dedupe_forgotten(asked_run uuid, token uuid default berth.caller()) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who name := berth.called_by(token);
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run for update;
	if r.id is null then
		return;
	elsif exists (select from pg_class where oid = r.relation) then
		perform berth.dedupe_refuse_stranger(r.relation, who);
		if r.state in ('running', 'undoing') then
			perform berth.refuse('conflict', format('run %s on table %s is unfinished', r.id, r.name), '{}',
				format('berth dedupe undo %s takes it back', r.id));
		end if;
	elsif not (select o.rolsuper or o.rolname = r.author
		or pg_has_role(who, (select nspowner from pg_namespace where nspname = 'berth'), 'usage')
		from pg_roles o where o.rolname = who)
	then
		perform berth.refuse('not_allowed', format('run %s was made by %s', r.id, r.author));
	end if;
	if r.guard is not null then
		execute format('drop table if exists berth_guard.%I', berth.dedupe_guard_name(r.guard));
	end if;
	delete from berth.dedupe_todo where run = asked_run;
	delete from berth.dedupe_row where run = asked_run;
	delete from berth.dedupe_run where id = asked_run;
end $$;

-- Forgets a run. A table that was dropped during the run has left its guard's function, which the table's owner owned.
create or replace function berth.dedupe_forget(asked_run uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
	r berth.dedupe_run;
begin
	select * into r from berth.dedupe_run where id = asked_run;
	perform berth.dedupe_forgotten(asked_run);
	if exists (select from pg_proc where oid = r.guard_function and pg_has_role(proowner, 'usage')) then
		perform berth.dedupe_unguard_function(r);
	end if;
end $$;
