-- name: dedupe_check(ask json) :many duplicate
select * from berth.dedupe_check(berth.dedupe_table($1), $1);

-- name: dedupe_group(ask json, key json) :many duplicate_column
select * from berth.dedupe_group(berth.dedupe_table($1), $1, $2);

-- name: dedupe_examples(ask json) :many duplicate
select * from berth.dedupe_examples(berth.dedupe_table($1), $1);

-- name: dedupe_rule(ask json) :one dedupe_rule
select asked->'order' as orders, asked->>'row_id' as row_id
from berth.dedupe_asked(berth.dedupe_table($1), $1) r (asked);

-- name: dedupe_begin(id id, ask json, detail json) :one dedupe_claim
select * from berth.dedupe_begin($1, berth.dedupe_table($2), $2, $3);

-- name: dedupe_undo(run id) :one dedupe_claim
select * from berth.dedupe_undo($1);

-- name: dedupe_limits() :one nothing
-- The first step of each transaction of a run.
select from (select berth.dedupe_limits()) set;

-- name: dedupe_leave(run id, epoch int) :one dedupe_progress
select * from berth.dedupe_leave($1, $2);

-- name: dedupe_step(run id, epoch int) :one dedupe_progress
select * from berth.dedupe_step($1, $2);

-- name: dedupe_statement(run id, epoch int) :one composed_statement
-- The statement that is to be sent by itself, or null.
select berth.dedupe_statement($1, $2) as sql;

-- name: dedupe_blockers(pid int) :many dedupe_blocker
select * from berth.dedupe_blockers($1::int);

-- name: dedupe_show(run id) :maybe dedupe_run
select * from berth.dedupe_view where run = $1;

-- name: dedupe_runs() :many dedupe_run
select v.* from berth.dedupe_view v join berth.dedupe_run r on r.id = v.run order by r.seq desc;

-- name: dedupe_removed(run id) :many dedupe_removed
select * from berth.dedupe_removed($1);

-- name: dedupe_would(ask json) :one dedupe_run
select * from berth.dedupe_would(berth.dedupe_table($1), $1);

-- name: dedupe_would_remove(ask json) :many dedupe_removed
select * from berth.dedupe_would_remove(berth.dedupe_table($1), $1);

-- name: dedupe_own() :many dedupe_run
select * from berth.dedupe_own();

-- name: dedupe_forget(run id) :one nothing
select from (select berth.dedupe_forget($1)) forgotten;
