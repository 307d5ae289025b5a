-- name: command_queue(id id, action text, targets json, reason text, grace int?, generation positive, until time,
--     duration positive, shorten bool, detail json, labels json, holder text) :one command
select * from berth.queue($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: command_cancel(id id, reason text, detail json) :one command
select * from berth.queue_cancel($1, $2, $3);

-- name: command_cancel_all(ids text, reason text, detail json) :many command
select * from berth.queue_cancel_all($1::uuid[], $2, $3);

-- name: command_show(id id) :maybe command
select * from berth.command_view where id = $1;

-- name: command_at(seq int) :maybe command
select * from berth.command_view where seq = $1;

-- name: command_open(states text, kind text, target id, parent id, newer bool, edge positive, limit positive)
--     :many command
-- The commands that have not ended, newest first; with `newer` those just before the edge, also newest first. The
-- states in the condition are those of an index.
select v.* from (
	select c.id, c.seq from berth.command c
	where c.state in ('queued', 'running', 'quarantined') and c.state = any ($1::text[])
		and ($2 is null or (c.kind = $2 and c.target = $3 and c.lane = berth.serialization_key($2, $3))
			or ($2 = 'pool' and c.kind = 'selection'
				and c.arguments @> jsonb_build_object('scopes', jsonb_build_array(jsonb_build_object('pool', $3)))))
		and ($4 is null or c.parent = $4)
		and ($6 is null or case when $5 then c.seq > $6 else c.seq < $6 end)
	order by case when $5 then c.seq end, c.seq desc limit $7
) w join berth.command_view v using (id) order by v.seq desc;

-- name: command_all(states text, kind text, target id, parent id, newer bool, edge positive, limit positive)
--     :many command
-- The same, also of commands that have ended and are remembered.
select v.* from (
	select c.id, c.seq from berth.command c
	where c.state = any ($1::text[])
		and ($2 is null or (c.kind = $2 and c.target = $3 and c.lane = berth.serialization_key($2, $3))
			or ($2 = 'pool' and c.kind = 'selection'
				and c.arguments @> jsonb_build_object('scopes', jsonb_build_array(jsonb_build_object('pool', $3)))))
		and ($4 is null or c.parent = $4)
		and ($6 is null or case when $5 then c.seq > $6 else c.seq < $6 end)
	order by case when $5 then c.seq end, c.seq desc limit $7
) w join berth.command_view v using (id) order by v.seq desc;

-- name: command_find(states text, kind text, target id, parent id, filter json, newer bool, edge positive,
--     limit positive, patience positive) :many command
-- The same for a filter.
select v.* from berth.command_window($1::text[], $2, $3, $4, $5, $6, $7, $8, $9) w
join berth.command_view v using (id) order by v.seq desc;

-- name: command_sorted(states text, kind text, target id, parent id, filter json, patience positive, order json)
--     :many command
-- In another order than that of their birth.
select v.* from berth.command_sorted($1::text[], $2, $3, $4, $5, $6, $7) w
join berth.command_view v using (id) order by w.n;

-- name: command_search(states text, parent id, filter json, newer bool, patience positive) :one search
-- After a window of commands in the same batch: how far that has come, and how many match.
select * from berth.command_search($1::text[], $2, $3, $4, $5);

-- name: command_of_lane(lane id) :many command
-- The commands of one lease, oldest first: the requests, and those that concern its stuck commands.
select * from berth.command_view where id in (select id from berth.command where lane = $1) order by seq;

-- name: command_claimed(worker text) :many command
select v.* from berth.command_view v join berth.job_view j on j.command = v.id where j.worker = $1;

-- name: queue_stats() :one queue_stats
select * from berth.queue_stats();

-- name: queue_right() :one nothing
-- Fails for a user who may not queue, so that they learn it before they are asked to confirm.
select from (select berth.may_queue()) may;

-- name: release_plan(targets json) :many pool_effect
select * from berth.release_plan($1);

-- name: bulk_plan(action text, targets json) :many pool_effect
select * from berth.bulk_plan($1, $2);

-- name: bulk_leases(action text, targets json, limit int) :many lease
select v.* from berth.bulk_sample($1, $2, $3) s join berth.lease_view v using (id) order by s.n;

-- name: bulk_resources(action text, targets json, limit int) :many resource
select v.* from berth.bulk_sample($1, $2, $3) s join berth.resource_view v using (id) order by s.n;

-- name: bulk_pools(action text, targets json, limit int) :many pool
select v.* from berth.bulk_sample($1, $2, $3) s join berth.pool_view v using (id) order by s.n;

-- name: bulk_commands(action text, targets json, limit int) :many command
select v.* from berth.bulk_sample($1, $2, $3) s join berth.command_view v using (id) order by s.n;

-- name: named_targets(targets json) :many named_target
select * from berth.named_targets($1);

-- name: release_busy(targets json, limit int) :many busy
select * from berth.release_busy($1, $2);

-- name: open_plan_note(id id, doing text) :one nothing
select from (select berth.note_plan($1, $2)) noted;

-- name: open_plans(self id) :many open_plan
select * from berth.open_plan_view where id <> $1 order by since, id;
