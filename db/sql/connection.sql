-- name: hello() :one hello
-- The first thing on a new connection. Without a schema the table is missing, which the caller understands.
select session_user::text as user, current_database()::text as database,
	(select coalesce(max(version), 0)::bigint from berth.schema_version) as schema,
	pg_backend_pid()::bigint as pid,
	(select backend_start from pg_stat_get_activity(pg_backend_pid())) as started;

-- name: backend_alive(pid int, started time) :one total
-- Whether a process of the server, known by its number and start, is still there.
select count(*) as total from pg_stat_get_activity($1::int) where backend_start = $2;

-- name: safe_path() :one nothing
-- Objects that others have made cannot stand in for the server's in this transaction.
select from (select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)) set;

-- name: read_only() :one nothing
-- The same, and this transaction cannot write.
select from (select pg_catalog.set_config('transaction_read_only', 'on', true),
	pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)) set;

-- name: dry_run() :one nothing
select from (select berth.dry_run()) refused;
