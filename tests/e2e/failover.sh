#!/usr/bin/env bash
# Several hosts, one of which is or becomes a standby: which server can decide the outcome of a commit, and the
# messages about requests that were accepted before.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/cluster.sh

check 'a primary' cluster_new one
berth_one() {
	"$BERTH" -h "$(cluster_folder one)" -U postgres -d berth "$@"
}
both() {
	"$BERTH" -h "$(cluster_folder one),$(cluster_folder two)" -U postgres -d berth "$@"
}
new_id() {
	psql -XqAt -d postgres -c 'select gen_random_uuid()'
}
count_at() {
	cluster_sql "$1" "select count(*) from berth.lease where id = '$2'"
}
berth_one -q pool create web --kind number 1-3 >"$TMPDIR/made"
check 'its standby' cluster_standby two one
caught_up() {
	[ "$(cluster_sql one "select count(*) from pg_stat_replication where replay_lsn >= pg_current_wal_lsn()")" -ge 1 ]
}
check '... has all changes' wait_for caught_up
check 'a change is refused by the standby alone' refuses read_only "$BERTH" -h "$(cluster_folder two)" -U postgres -d berth allocate web
check '... reads are answered' exits 0 "$BERTH" -h "$(cluster_folder two)" -U postgres -d berth pool list
check 'with both hosts the primary gets it, in either order' exits 0 "$BERTH" -h "$(cluster_folder two),$(cluster_folder one)" \
	-U postgres -d berth allocate web --json
check '... and the standby receives it' wait_for caught_up

# From here on the primary's commits wait for a standby that never comes: they get no answer, and the streaming
# standby has them or not.
cluster_sql one "alter system set synchronous_standby_names = 'nobody'" >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
is_set() {
	[ "$(cluster_sql one 'show synchronous_standby_names')" = nobody ]
}
check 'commits wait' wait_for is_set
waits() {
	[ "$(cluster_sql one "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")" = 1 ]
}
ended() {
	local code=0
	wait "$asker" || code=$?
	equal "$1" "$code" || {
		cat "$TMPDIR/stdout" "$TMPDIR/stderr"
		return 1
	}
}
ask() {
	both allocate web --id "$1" --timeout 60s --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
	asker=$!
}

# The standby has the commit, but cannot decide before it accepts changes.
lease=$(new_id)
ask "$lease"
check 'a commit waits' wait_for waits
check '... and the standby has it' wait_for caught_up
cluster_stop one
check 'the primary is gone, and the standby is promoted' cluster_promote two
check 'the promoted server knows the id: success' ended 0
check '... there' equal 1 "$(count_at two "$lease")"

# A standby that was promoted before the commit reached it denies it, but cannot know.
cluster_start one
"$BERTH" -h "$(cluster_folder two)" -U postgres -d berth -q allocate web >"$TMPDIR/made"
lost=$(new_id)
check 'the old primary is the first of the hosts' wait_for is_set
ask "$lost"
check 'a commit waits' wait_for waits
cluster_stop one
check 'a refusal by a server without its history does not decide' ended 9
check '... the message quotes it' grep -q 'cannot tell.*exhausted\|cannot tell.*free' "$TMPDIR/stderr"
check '... the old primary starts again' cluster_start one
check '... and has it' equal 1 "$(count_at one "$lost")"
check '... and not there' equal 0 "$(count_at two "$lost")"

# A client waits for a queued command at a server that may not have it.
cluster_sql one 'alter system reset synchronous_standby_names' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
command=$(new_id)
both release "$lost" --id "$command" --wait --timeout 60s --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
asker=$!
queued() {
	[ "$(cluster_sql one "select count(*) from berth.command where id = '$command'")" = 1 ]
}
check 'a release is queued' wait_for queued
cluster_stop one
check 'a server that does not know the command does not decide' ended 9
check '... the message says so' grep -q 'does not have it' "$TMPDIR/stderr"

# To a waiting client, a server that has become read-only or has lost its schema is the same as an unreachable
# one.
check 'the first server starts again' cluster_start one
again=$(new_id)
berth_one release "$lost" --id "$again" --wait --timeout 8s --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
asker=$!
command=$again
check 'a release is queued' wait_for queued
cluster_sql one 'alter system set default_transaction_read_only = on' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'a server that becomes read-only: timeout, not a missing right' ended 8
PGOPTIONS='-c default_transaction_read_only=off' cluster_sql one 'alter system reset default_transaction_read_only' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'the repeated request continues' exits 8 berth_one release "$lost" --id "$again" --wait=1s
