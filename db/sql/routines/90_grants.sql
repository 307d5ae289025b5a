-- Grants rights to group roles without login, which belong to the whole cluster and are reused if they exist: grant
-- them to the people and programs that log in. Only functions write tables. Functions that no one has to call are not
-- granted: tests/sql/test_grants.c has the list.
do $$
declare
	role text;
begin
	foreach role in array array['berth_viewer', 'berth_operator', 'berth_worker', 'berth_admin'] loop
		begin
			if not exists (select from pg_catalog.pg_roles where rolname = role) then
				execute format('create role %I nologin', role);
			end if;
		exception
			when duplicate_object or unique_violation then
				null;
			when insufficient_privilege then
				raise exception using errcode = 'insufficient_privilege',
					message = format('role %s is missing and may not be created', role),
					hint = format('let an administrator run: create role %s nologin', role);
		end;
	end loop;
end $$;

revoke all on schema berth from public;
revoke all on all functions in schema berth from public;

grant usage on schema berth to berth_viewer, berth_operator, berth_worker, berth_admin;

-- Grants for reading. The answers of requests, and the operating system's user and host of each change, are for admins.
grant select on all tables in schema berth to berth_viewer, berth_operator, berth_worker, berth_admin;
revoke select on berth.request from berth_viewer, berth_operator, berth_worker;
do $$
declare
	t record;
begin
	for t in
		select c.oid::regclass::text as name, string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns
		from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
		where c.oid in ('berth.lease'::regclass, 'berth.command'::regclass, 'berth.event'::regclass) and a.attnum > 0
			and not a.attisdropped and a.attname <> 'detail'
		group by c.oid
	loop
		execute format('revoke select on %s from berth_viewer, berth_operator, berth_worker', t.name);
		execute format('grant select (%s) on %s to berth_viewer, berth_operator, berth_worker', t.columns, t.name);
	end loop;
	-- Parts are read as what they are parts of.
	for t in select oid::regclass::text as name from pg_catalog.pg_class
		where relnamespace = 'berth'::regnamespace and relkind = 'r' and relispartition
	loop
		execute format('revoke all on %s from berth_viewer, berth_operator, berth_worker, berth_admin', t.name);
	end loop;
end $$;

-- Functions run with the rights of their owner, and check the arguments of every caller. These read.
grant execute on function berth.lease_window, berth.lease_search, berth.lease_meeting, berth.holder_window,
	berth.command_window, berth.command_search, berth.pool_window,
	berth.project_window, berth.lease_sorted, berth.command_sorted, berth.sorted_report,
	berth.find_values, berth.event_window, berth.event_news, berth.own_events, berth.own_evidence,
	berth.expect_evidence, berth.waiting, berth.resource_at,
	berth.value_leases, berth.queue_stats, berth.alerts, berth.alert_find, berth.resources_matching,
	berth.projects_matching, berth.doctor, berth.doctor_piece,
	berth.release_plan, berth.bulk_plan, berth.bulk_sample, berth.named_targets,
	berth.release_busy,
	berth.label_key_window, berth.label_value_window, berth.label_search, berth.label_target_window,
	berth.label_target_search,
	berth.lookalike_texts
	to berth_viewer, berth_operator, berth_worker, berth_admin;
-- These are parts of views and of queries. They run with the rights of the caller, compute, and read only tables that
-- the caller can read anyway; dry_run() and refuse() only fail.
grant execute on function berth.value_text, berth.held_text, berth.unit_count, berth.target_text, berth.pool_status,
	berth.ipv6_text, berth.pool_text, berth.organization_text, berth.project_text, berth.project_leases,
	berth.first_holder,
	berth.forecast_counts, berth.forecast_days, berth.hook_event, berth.range_text, berth.free_count,
	berth.exclusions_text,
	berth.key_text, berth.metadata, berth.ordered_json, berth.label_holds, berth.label_number,
		berth.unmet_requirements, berth.has_label_word, berth.range_contains,
	berth.serialization_key, berth.id_of, berth.time_of, berth.scopes_in, berth.labels_text, berth.dry_run,
	berth.refuse, berth.api_state, berth.in_api
	to berth_viewer, berth_operator, berth_worker, berth_admin;
-- These write.
grant execute on function berth.allocate, berth.allocate_value, berth.allocate_many, berth.lease_import
	to berth_operator, berth_admin;
grant execute on function berth.queue, berth.queue_cancel, berth.queue_cancel_all, berth.note_plan, berth.may_queue, 
	berth.edit_metadata, berth.batch_begin
	to berth_operator, berth_admin;
grant execute on function berth.listen, berth.apply, berth.fan_out, berth.maintain, berth.claim_hooks,
	berth.finish_hook, berth.return_hook,
	berth.worker_start, berth.worker_beat, berth.worker_stop
	to berth_worker;
-- The callers themselves record who calls for these functions and for those of dedupe.
grant insert (token) on berth.caller_view to berth_worker, berth_admin;
grant execute on function berth.caller to berth_worker, berth_admin;
grant execute on function berth.pool_create, berth.pool_set, berth.pool_rename, berth.pool_add, berth.pool_remove,
	berth.pool_delete, berth.pool_import, berth.pool_exclude, berth.pool_include,
	berth.org_create, berth.org_limit, berth.project_create, berth.charge_organization, berth.part_of,
		berth.project_limit,
	berth.project_delete
	to berth_admin;

-- Everyone who can read a table can search it for duplicates, and its owners can remove them; only admins can see
-- removed rows. First the functions that only read the catalogue, or compose statements and run them as the caller.
grant execute on function berth.dedupe_table, berth.dedupe_name, berth.dedupe_columns, berth.dedupe_unique,
	berth.dedupe_asked,
	berth.dedupe_refuse_malformed, berth.dedupe_orders, berth.dedupe_text, berth.dedupe_json, berth.dedupe_parts,
		berth.dedupe_empties,
	berth.dedupe_names, berth.dedupe_folded, berth.dedupe_live, berth.dedupe_refuse_columns, berth.dedupe_refuse_fold,
	berth.dedupe_refuse_live, berth.dedupe_id_text,
	berth.dedupe_try, berth.dedupe_ranks, berth.dedupe_ranked, berth.dedupe_check, berth.dedupe_hold,
		berth.dedupe_ranked_where, berth.dedupe_grouped, berth.dedupe_group,
		berth.dedupe_children, berth.dedupe_look, berth.dedupe_pin,
	berth.dedupe_pinned, berth.dedupe_trusts, berth.dedupe_trusts_role, berth.dedupe_foreign, berth.dedupe_attached,
		berth.dedupe_uses,
	berth.dedupe_author, berth.dedupe_casts, berth.dedupe_followers, berth.dedupe_fires, berth.dedupe_is_guard,
		berth.dedupe_refuse_foreign,
	berth.dedupe_impure, berth.dedupe_base, berth.dedupe_based, berth.dedupe_related, berth.dedupe_has_lock,
		berth.dedupe_remember, berth.dedupe_looked_at, berth.dedupe_looked_key,
	berth.dedupe_lock_for_reader, berth.dedupe_lock_related
	to berth_viewer, berth_operator, berth_worker, berth_admin;
grant execute on function berth.dedupe_references, berth.dedupe_refuse_referenced, berth.dedupe_lives,
	berth.dedupe_since,
	berth.dedupe_limits, berth.dedupe_existing, berth.dedupe_constraint, berth.dedupe_leftover,
		berth.dedupe_refuse_table,
	berth.dedupe_refuse_published, berth.dedupe_refuse_heirs, berth.dedupe_refuse_name, berth.dedupe_refuse_rows,
	berth.dedupe_refuse_empty, berth.dedupe_refuse_differing, berth.dedupe_refuse_under_way, berth.dedupe_refuse_lost,
	berth.dedupe_refuse_taken, berth.dedupe_refuse_busy, berth.dedupe_value, berth.dedupe_equals, berth.dedupe_held,
		berth.dedupe_try_rows, berth.dedupe_try_delete, berth.dedupe_try_rewrite, berth.dedupe_put_text,
	berth.dedupe_row_json, berth.dedupe_chosen, berth.dedupe_most, berth.dedupe_slice, berth.dedupe_unfinished,
		berth.dedupe_begin,
	berth.dedupe_by_index, berth.dedupe_index_columns, berth.dedupe_alike, berth.dedupe_id_part, berth.dedupe_id_equals,
	berth.dedupe_reference_columns, berth.dedupe_identity, berth.dedupe_unmovable, berth.dedupe_hold_moved,
	berth.dedupe_moved_by, berth.dedupe_refuse_moved, berth.dedupe_movable, berth.dedupe_pinned_moved,
	berth.dedupe_moves, berth.dedupe_move_text, berth.dedupe_ways, berth.dedupe_meet_text, berth.dedupe_repoint,
	berth.dedupe_move, berth.dedupe_move_back, berth.dedupe_changed, berth.dedupe_refuse_reference,
	berth.dedupe_refuse_unindexed,
	berth.dedupe_refuse_shared, berth.dedupe_refuse_merged, berth.dedupe_refuse_unchecked, berth.dedupe_refuse_repoint,
	berth.dedupe_publication, berth.dedupe_refuse_long, berth.dedupe_refuse_same, berth.dedupe_survivor_json,
	berth.dedupe_lock, berth.dedupe_holders, berth.dedupe_blockers, berth.dedupe_guard_name, berth.dedupe_index,
		berth.dedupe_index_name,
	berth.dedupe_alone, berth.dedupe_statement, berth.dedupe_step, berth.dedupe_progress_of, berth.dedupe_leave,
		berth.dedupe_guard_body,
	berth.dedupe_guard_function, berth.dedupe_is_guarded, berth.dedupe_guard, berth.dedupe_unguard,
		berth.dedupe_unguard_function,
	berth.dedupe_doubled, berth.dedupe_some_doubled, berth.dedupe_examples,
	berth.dedupe_find, berth.dedupe_remove, berth.dedupe_rewrite, berth.dedupe_attach, berth.dedupe_detach,
		berth.dedupe_undo,
	berth.dedupe_typed, berth.dedupe_put_back, berth.dedupe_empty, berth.dedupe_restore, berth.dedupe_forget,
		berth.dedupe_removed, berth.dedupe_shown,
	berth.dedupe_would_remove, berth.dedupe_would, berth.dedupe_own
	to berth_admin;
-- These write berth's tables: each checks its caller, the run, and that the run has come to this point.
grant execute on function berth.dedupe_open, berth.dedupe_take_over, berth.dedupe_enter, berth.dedupe_note,
	berth.dedupe_pace,
	berth.dedupe_found, berth.dedupe_archive, berth.dedupe_sliced, berth.dedupe_looked, berth.dedupe_turns,
		berth.dedupe_guarded,
	berth.dedupe_restored, berth.dedupe_end, berth.dedupe_forgotten
	to berth_admin;
revoke select on berth.dedupe_row, berth.dedupe_reference from berth_viewer, berth_operator, berth_worker;
-- Applications have the rights of their role, in berth_api as elsewhere.
revoke all on schema berth_api from public;
revoke all on all functions in schema berth_api from public;
grant usage on schema berth_api to berth_viewer, berth_operator, berth_worker, berth_admin;
grant select on all tables in schema berth_api to berth_viewer, berth_operator, berth_worker, berth_admin;
grant execute on function berth_api.allocate, berth_api.release, berth_api.extend, berth_api.transfer, berth_api.label,
	berth_api.cancel to berth_operator, berth_admin;
-- The tables of guards are used by the owners of the guarded tables, and created only by berth.
revoke all on schema berth_guard from public, berth_admin;
grant usage on schema berth_guard to public;
