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

-- name: read_only() :one freshness
-- The same, and makes the transaction read-only. The answer tells how old the other answers are. A standby that is
-- connected and has replayed all that it was sent has everything; another one what it has replayed.
select set.present, pg_catalog.pg_wal_lsn_diff(set.place, '0/0')::bigint as place,
	case when not set.replays or (set.place operator(pg_catalog.>=) set.sent
			and exists (select from pg_catalog.pg_stat_get_wal_receiver() receiver where receiver.pid is not null))
		then set.present
		else least(set.present, coalesce(pg_catalog.pg_last_xact_replay_timestamp(),
			(select checkpoint_time from pg_catalog.pg_control_checkpoint()))) end as whole
from (select pg_catalog.clock_timestamp() as present, pg_catalog.pg_is_in_recovery() as replays,
	pg_catalog.pg_last_wal_receive_lsn() as sent,
	case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
		else pg_catalog.pg_current_wal_insert_lsn() end as place,
	pg_catalog.set_config('transaction_read_only', 'on', true),
	pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)) set;

-- name: confirm() :one nothing
-- Writes to the log in any case: a transaction that only finds what an earlier one has committed then waits for
-- the synchronous standby too, and so confirms the earlier one.
select from (select case when not pg_is_in_recovery() then pg_logical_emit_message(true, 'berth', '') end) log;

-- name: dry_run() :one nothing
select from (select berth.dry_run()) refused;
