#!/usr/bin/env bash
# Workers and servers that are killed in the middle of a drain: each lease is released and destroyed once, the
# bulk ends at its total, and doctor finds nothing.
. tests/lib.sh

tests_patience=120
leases=20000

workers=()
worker() { # worker N: in the background until it is killed; the name of a killed one stays alive for a while
	"$BERTH" worker -q 2>>"$TMPDIR/worker.$1" &
	workers[$1]=$!
}
kill_workers() {
	kill -KILL "${workers[@]}" 2>/dev/null
	wait "${workers[@]}" 2>/dev/null
	workers=()
}
trap 'code=$?; [ ${#workers[@]} -eq 0 ] || kill_workers; (exit "$code"); tests_end' EXIT

fill() {
	berth pool create storm --kind number 1-30000 >/dev/null &&
		berth allocate storm --count 10000 --json >/dev/null && berth allocate storm --count 10000 --json >/dev/null
}
progress() {
	sql "select coalesce(max(done), 0) from berth.command where total is not null"
}
reached() {
	[ "$(progress 2>/dev/null || echo -1)" -ge "$1" ]
}
bulk_runs() {
	[ "$(sql "select state from berth.command where total is not null")" = running ]
}
bulk_is() {
	[ "$(sql "select concat_ws(' ', state, outcome, done, total, failed) from berth.command where total is not null" 2>/dev/null)" = "$1" ]
}
once_each() {
	sql "select count(*) = $leases and bool_and(n = 1) from (
		select target, count(*) as n from berth.event where kind = 'lease' and action = '$1' group by target) e"
}
survived() {
	check "$1: the bulk is done" wait_for bulk_is "done applied $leases $leases 0"
	check "$1: each lease was released once" equal t "$(once_each release)"
	check "$1: and destroyed once" equal t "$(once_each destroy)"
	check "$1: the resource with the last of them" equal destroyed "$(sql 'select state from berth.resource')"
	check "$1: nothing is open" equal 0 "$(sql "select count(*) from berth.command where state in ('queued', 'running', 'quarantined')")"
	check "$1: doctor finds nothing" exits 0 berth doctor
}

new_database
check 'a full pool' fill
check 'its drain is queued' exits 0 berth release pool/storm --yes --json
cut=0
for ((step = 1500; step < leases; step += 1500)); do
	worker 1
	worker 2
	wait_for reached "$step" || break
	kill_workers
	bulk_runs && cut=$((cut + 1))
done
check 'the workers were killed several times' test "$cut" -ge 5
worker 1
worker 2
survived 'killed workers'
kill_workers

check_host=$PGHOST check_user=$PGUSER

# The same with a server that loses power three times. The workers stay and reconnect.
unset PGDATABASE PGUSER
server=$TMPDIR/s
berth local start --local="$server" >/dev/null
postmaster() {
	head -n 1 "$server/data/postmaster.pid"
}
export PGHOST=$server PGUSER=berth PGDATABASE=berth
berth migrate >/dev/null
check 'a full pool on a server of its own' fill
check 'its drain is queued there' exits 0 berth release pool/storm --yes --json
worker 1
worker 2
for step in 4000 8000 12000; do
	check "as far as $step" wait_for reached "$step"
	pid=$(postmaster)
	kill -QUIT "$pid"
	wait_for test ! -e "/proc/$pid"
	check 'the server is back' exits 0 env -u PGHOST -u PGUSER -u PGDATABASE "$BERTH" local start --local="$server"
done
survived 'killed servers'
check 'the workers are those that were there before' kill -0 "${workers[@]}"
kill_workers
check 'the server is stopped' exits 0 env -u PGHOST -u PGUSER -u PGDATABASE "$BERTH" local stop --local="$server"
export PGHOST=$check_host PGUSER=$check_user
