-- Every invariant, recomputed for all that there is (80_breaches.sql). Each row: a name, how many
-- breaches there are, and up to five of them. `overdue` and `given_up` are warnings: ok,
-- however many. One statement: one moment.
create or replace function berth.doctor() returns table (name text, ok bool, found bigint, examples jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp begin atomic
	with breach (name, example) as (
		select b.name, b.example
		from (
			select * from berth.broken_resources(null) union all
			select * from berth.broken_leases(null) union all
			select * from berth.broken_commands(null) union all
			select * from berth.broken_pools(null) union all
			select * from berth.broken_projects(null) union all
			select * from berth.broken_organizations(null) union all
			select * from berth.broken_work(null) union all
			select * from berth.broken_indexes(null)) b
		union all
		-- No breach: whoever is to release them is late, or a hook has failed and somebody has to decide.
		select 'overdue', format('lease %s: its time ended at %s%s', l.id, berth.time_text(l.until), case l.state
			when 'broken' then '; a hook of it failed: berth queue list --state quarantined; retry, skip or force it'
			when 'released' then '; its hook is still to end' else '' end)
		from berth.stuck_leases(null) l where l.until <= now()
	)
	select checks.name, count(b.example) = 0 or checks.name in ('given_up', 'overdue'), count(b.example),
		coalesce(jsonb_agg(b.example) filter (where b.n <= 5), '[]')
	from unnest(array['used_is_held', 'resting_is_counted', 'waiting_is_counted', 'held_is_not_free', 'held_once',
		'stripes_tile_resource', 'room_is_free',
		'usable_is_active', 'lease_in_resource', 'resource_in_pool', 'nothing_open_on_finished',
			'released_has_a_reason', 'acquired_has_a_reason', 'broken_has_a_reason',
		'released_once', 'claims_are_whole', 'progress_adds_up', 'nothing_is_stuck', 'drained_is_destroyed',
			'labels_stand_by_birth', 'projects_are_counted',
		'leases_are_charged', 'deleted_is_empty', 'deleting_has_a_reason', 'project_gives_to_its_own', 'indexes_valid',
		'given_up', 'overdue']) with ordinality as checks (name, place)
	left join (select *, row_number() over (partition by breach.name) as n from breach) b on b.name = checks.name
	group by checks.name, checks.place order by checks.place;
end;
