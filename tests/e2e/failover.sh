#!/usr/bin/env bash
# Several hosts, of which one is or becomes a standby: who may decide what became of a commit, and what is said
# of what was accepted before.
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
check '... has all' wait_for caught_up
check 'a change is refused by the standby alone' refuses read_only "$BERTH" -h "$(cluster_folder two)" -U postgres -d berth allocate web
check '... which can be read' exits 0 "$BERTH" -h "$(cluster_folder two)" -U postgres -d berth pool list
check 'of two hosts the primary takes it, whichever is first' exits 0 "$BERTH" -h "$(cluster_folder two),$(cluster_folder one)" \
	-U postgres -d berth allocate web --json
check '... and the standby has that' wait_for caught_up

# From here on the primary's commits wait for a standby that never comes: what has been committed there is not
# answered, and the streaming one has it or not.
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

# The standby has the commit, but is none that can decide until it takes changes.
lease=$(new_id)
ask "$lease"
check 'a commit waits' wait_for waits
check '... and the standby has it' wait_for caught_up
cluster_stop one
check 'the primary is gone, and the standby is promoted' cluster_promote two
check 'the promoted one knows the id: it is done' ended 0
check '... there' equal 1 "$(count_at two "$lease")"

# A standby that was promoted before the commit came to it says no, but it cannot know.
cluster_start one
"$BERTH" -h "$(cluster_folder two)" -U postgres -d berth -q allocate web >"$TMPDIR/made"
lost=$(new_id)
check 'the old primary is the first of the hosts' wait_for is_set
ask "$lost"
check 'a commit waits' wait_for waits
cluster_stop one
check 'who has not its history and refuses does not decide' ended 9
check '... and is named with what it says' grep -q 'cannot tell.*exhausted\|cannot tell.*free' "$TMPDIR/stderr"
check '... since it is there after all' cluster_start one
check '...' equal 1 "$(count_at one "$lost")"
check '... and not there' equal 0 "$(count_at two "$lost")"

# What was queued is waited for at a server that may not have it.
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
check 'the other server does not know of it, which is no outcome' ended 9
check '... and is told' grep -q 'does not have it' "$TMPDIR/stderr"

# A server that has become read-only, or lost its schema, is as good as gone to who waits.
check 'the first one is there' cluster_start one
again=$(new_id)
berth_one release "$lost" --id "$again" --wait --timeout 8s --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
asker=$!
command=$again
check 'a release is queued' wait_for queued
cluster_sql one 'alter system set default_transaction_read_only = on' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'a server that becomes read-only: the time is over, not the right missing' ended 8
PGOPTIONS='-c default_transaction_read_only=off' cluster_sql one 'alter system reset default_transaction_read_only' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'the same again goes on' exits 8 berth_one release "$lost" --id "$again" --wait=1s
