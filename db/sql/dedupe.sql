-- name: dedupe_check(ask json) :many duplicate
select * from berth.dedupe_check(berth.dedupe_table($1), $1);

-- name: dedupe_group(ask json, key json) :many duplicate_column
select * from berth.dedupe_group(berth.dedupe_table($1), $1, $2);

-- name: dedupe_examples(ask json) :many duplicate
select * from berth.dedupe_examples(berth.dedupe_table($1), $1);

-- name: dedupe_rule(ask json) :one dedupe_rule
select asked->'order' as orders, nullif(array_to_string(berth.dedupe_names(asked->'row_id'), ', '), '') as row_id
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

-- name: dedupe_shown(run id, after int, most positive) :many dedupe_shown
select $1 as run, * from berth.dedupe_shown($1, $2, $3);

-- name: dedupe_would(ask json) :one dedupe_run
select * from berth.dedupe_would(berth.dedupe_table($1), $1);

-- name: dedupe_would_remove(ask json) :many dedupe_removed
select * from berth.dedupe_would_remove(berth.dedupe_table($1), $1);

-- name: dedupe_own() :many dedupe_run
select * from berth.dedupe_own();

-- name: dedupe_forget(run id) :one nothing
select from (select berth.dedupe_forget($1)) forgotten;

-- name: dedupe_tables(word text, most positive) :many word
-- Tables whose name begins so, with their schema or without.
select named.word
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join lateral (values (concat(n.nspname, '.', c.relname))) named (word)
where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^(pg_|information_schema$|berth$|berth_guard$)'
	and (starts_with(named.word, $1) or starts_with(c.relname::text, $1))
order by named.word limit $2;

-- name: dedupe_columns(relation text, word text, most positive) :many word
-- Columns of a table whose name begins so.
select a.attname::text as word
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and starts_with(a.attname::text, $2)
	and $1 in (c.relname, concat(n.nspname, '.', c.relname)) and n.nspname !~ '^(pg_|information_schema$|berth$|berth_guard$)'
group by a.attname order by a.attname limit $3;
