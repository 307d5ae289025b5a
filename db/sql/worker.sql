-- name: listen() :one nothing
-- Asks to be notified of new commands. Without a notice a worker looks once a second.
select from (select berth.listen()) heard;

-- name: worker_start(name text, host text, pid int, every int, hooks bool, started time) :one worker
select * from berth.worker_start($1, $2, $3, $4, $5, $6);

-- name: worker_beat(name text, started time) :one total :hot
-- 0: another process has taken the name.
select berth.worker_beat($1, $2)::int::bigint as total;

-- name: worker_stop(name text, started time) :one total
select berth.worker_stop($1, $2)::int::bigint as total;

-- name: worker_list() :many worker
select * from berth.worker_view order by not alive, name;

-- name: worker_apply(worker text, chunk int) :one total :hot
select berth.apply($1, $2) as total;

-- name: worker_fan_out(worker text, chunk int) :one total :hot
select berth.fan_out($1, $2) as total;

-- name: worker_maintain(worker text, tries int, chunk int, expected time) :one maintained :hot
select * from berth.maintain($1, $2, $3, $4);

-- name: worker_claim(worker text, wanted int, span int) :many job :hot
select * from berth.claim_hooks($1, $2, $3);

-- name: worker_claimed_leases(worker text) :many lease
select v.* from berth.lease_view v where v.id in (select lease from berth.job_view where worker = $1);

-- name: worker_finish(worker text, command id, epoch int, well bool, words text, base int, tries int) :one total
-- 0: too late, the claim has passed to another worker.
select berth.finish_hook($1, $2, $3, $4, $5, $6, $7)::int::bigint as total;

-- name: worker_return(worker text, command id, epoch int) :one total
select berth.return_hook($1, $2, $3)::int::bigint as total;

-- name: event_list(kind text, target id, edge positive, since time, newest bool, limit positive) :many event
select * from berth.event_window($1, $2, $3, $4, $5, $6);

-- name: event_own(limit positive) :many event
-- The events of this transaction so far.
select * from berth.own_events($1);

-- name: event_evidence() :one evidence
select * from berth.own_evidence();

-- name: event_expect(evidence text, again bool) :one nothing
select from (select berth.expect_evidence($1, $2)) expected;

-- name: event_news(kind text, target id, edge positive, since time, newest bool, limit positive, place json)
--     :many event
-- The events that were not shown yet. The last row is no event; it has the place to continue from.
select * from berth.event_news($1, $2, $3, $4, $5, $6, $7);
