-- name: hello(needed int) :one hello
-- The first query on a new connection. Without a schema the table is missing, which the caller understands. A
-- migration holds its lock on that table until it commits.
select session_user::text as user, current_database()::text as database, v.version as schema,
	case when v.version < $1 then exists (select from pg_locks l
		where l.database = (select oid from pg_database where datname = current_database())
			and l.relation = 'berth.schema_version'::regclass and l.mode = 'ShareRowExclusiveLock' and l.granted)
		else false end as migrates,
	pg_backend_pid()::bigint as pid,
	(select backend_start from pg_stat_get_activity(pg_backend_pid())) as started,
	(select system_identifier from pg_control_system()) as system,
	case when pg_is_in_recovery() then 0 else
		('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::bigint end as timeline,
	case when pg_is_in_recovery() then 0 else
		pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint end as place,
	current_setting('synchronous_standby_names') <> '' as confirms,
	exists (select from pg_proc f where f.pronamespace = 'berth'::regnamespace
		and f.proname in ('queue', 'allocate', 'pool_create') and has_function_privilege(f.oid, 'execute')) as writes
from (select coalesce(max(version), 0)::bigint as version from berth.schema_version) v;

-- name: backend_alive(pid int, started time) :one total
-- Counts the processes of the server with this number and start: 1 while the process is there.
select count(*) as total from pg_stat_get_activity($1::int) where backend_start = $2;

-- name: safe_path() :one nothing
-- Keeps objects that others have made from replacing the server's in this transaction.
select from (select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)) set;

-- name: read_only() :one present
-- The same, and makes the transaction read-only. The answer tells how old the other answers are.
select set.present from (select pg_catalog.clock_timestamp() as present,
	pg_catalog.set_config('transaction_read_only', 'on', true),
	pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)) set;

-- name: confirm() :one nothing
-- Writes to the log in any case: a transaction that only finds what an earlier one has committed then waits for
-- the synchronous standby too, and so confirms the earlier one.
select from (select case when not pg_is_in_recovery() then pg_logical_emit_message(true, 'berth', '') end) log;

-- name: dry_run() :one nothing
select from (select berth.dry_run()) refused;
