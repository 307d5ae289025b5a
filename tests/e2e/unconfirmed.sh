#!/usr/bin/env bash
# A commit that the synchronous standby has not confirmed is no success, however the wait is ended.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/cluster.sh

check 'a server' cluster_new one
PGHOST=$(cluster_folder one)
export PGHOST PGUSER=postgres PGDATABASE=berth
berth -q pool create web --kind number 1-100 >"$TMPDIR/made"
ids=()
for ((i = 0; i < 8; i++)); do
	ids+=("$(sql 'select gen_random_uuid()')")
done
cluster_sql one "alter system set synchronous_standby_names = 'nobody'" >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
names() {
	[ "$(cluster_sql one 'show synchronous_standby_names')" = "$1" ]
}
check 'its commits wait for a standby that never comes' wait_for names nobody

leases() {
	cluster_sql one "select count(*) from berth.lease where id = '$1'"
}
waits() {
	[ "$(cluster_sql one "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")" = 1 ]
}
background() {
	"$BERTH" "$@" --json >"$TMPDIR/out" 2>"$TMPDIR/stderr" &
	waiter=$!
}
ends() {
	local code=0
	wait "$waiter" || code=$?
	equal "$1" "$code" && equal '' "$(<"$TMPDIR/out")" || {
		cat "$TMPDIR/stderr"
		return 1
	}
}

check '--timeout ends the wait' refuses outcome_unknown timeout 20 "$BERTH" allocate web --id "${ids[0]}" --timeout 1s
check '... with the reason' grep -q 'not confirmed by the synchronous standby' "$TMPDIR/stderr"
check '... with the id' equal "${ids[0]}" "$(fault "d->'error'->'detail'->>'id'")"
check '... the lease exists' equal 1 "$(leases "${ids[0]}")"
check 'the repeated request finds it, and waits as well' refuses outcome_unknown timeout 20 "$BERTH" allocate web --id "${ids[0]}" --timeout 1s
background allocate web --id "${ids[1]}"
check 'a request waits' wait_for waits
cluster_sql one "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'" >"$TMPDIR/sql"
check 'its wait is cancelled by an administrator' ends 9
check '... with the reason' grep -q 'not confirmed by the synchronous standby' "$TMPDIR/stderr"
check '... the lease exists' equal 1 "$(leases "${ids[1]}")"
background allocate web --id "${ids[2]}"
check 'a request waits' wait_for waits
cluster_sql one "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'" >"$TMPDIR/sql"
check 'its process is ended' ends 9
check '... with the reason' grep -q 'not confirmed by the synchronous standby' "$TMPDIR/stderr"
check '... the lease exists' equal 1 "$(leases "${ids[2]}")"
background release "${ids[0]}" --id "${ids[3]}"
check 'a release waits' wait_for waits
cluster_sql one "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'" >"$TMPDIR/sql"
check '... and is no success either' ends 9
printf 'allocate web\nallocate web\n' >"$TMPDIR/lines"
check 'a batch is no success either' refuses outcome_unknown timeout 20 "$BERTH" batch "$TMPDIR/lines" --id "${ids[4]}" --timeout 1s
check 'a dry run does not wait' exits 0 timeout 20 "$BERTH" allocate web -n
check 'a refusal does not wait' refuses not_found timeout 20 "$BERTH" allocate nope --timeout 5s
check 'a read does not wait' exits 0 timeout 20 "$BERTH" lease list

# The connection is lost while it waits, without a reason.
background allocate web --id "${ids[5]}" --timeout 3s
check 'a request waits' wait_for waits
cluster_sql one "select pid from pg_stat_activity where wait_event = 'SyncRep'" >"$TMPDIR/pid"
kill -KILL "$(<"$TMPDIR/pid")"
check 'its process is killed and the server restarts: the found lease waits too' ends 9
back() {
	cluster_sql one 'select 1' >"$TMPDIR/sql" 2>&1
}
check 'the server is back' wait_for back
check '... with the lease' equal 1 "$(leases "${ids[5]}")"

cluster_sql one 'alter system reset synchronous_standby_names' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'no standby is required any more' wait_for names ''
for ((i = 0; i < 6; i++)); do
	[ $i -eq 3 ] || [ $i -eq 4 ] || check 'the same again is the same' answers "d->>'replayed'" true berth allocate web --id "${ids[i]}" --json
done
check 'doctor finds nothing' exits 0 berth doctor
