#!/usr/bin/env bash
# A worker that is stopped inside a hook, past its deadline, and continues late: another one has taken over by
# then, and the late result is refused.
. tests/lib.sh

hooks=$TMPDIR/hooks
mkdir -m 700 "$hooks"
# The first run waits until it is released; the next ones end at once.
cat >"$hooks/free" <<-'END'
	#!/bin/sh
	mkdir ./first 2>/dev/null || { echo again >>./runs; exit 0; }
	echo first >>./runs
	until [ -e ./go ]; do sleep 0.05; done
	echo late >>./runs
END
chmod 700 "$hooks/free"

workers=()
worker() { # worker NAME
	"$BERTH" worker --name "$1" --hooks "$hooks" --heartbeat 200ms --hook-deadline 60s 2>"$TMPDIR/$1.err" &
	workers+=($!)
}
trap 'code=$?; [ ${#workers[@]} -eq 0 ] || kill -KILL "${workers[@]}" 2>/dev/null; (exit "$code"); tests_end' EXIT

is() { # is VALUE SQL
	[ "$(sql "$2")" = "$1" ]
}
ran() {
	grep -qx "$1" "$hooks/runs" 2>/dev/null
}

new_database
lease=$(sql 'select gen_random_uuid()')
command=$(sql 'select gen_random_uuid()')
check 'a pool with a hook' exits 0 berth pool create web --kind number 1-9 --release-hook free
check 'a lease' exits 0 berth allocate web --id "$lease"
worker slow
check 'its release' exits 0 berth release "$lease" --id "$command"
check 'its hook runs' wait_for ran first
kill -STOP "${workers[0]}"
worker quick
check 'the other one takes over' wait_for is 'done applied 2' \
	"select concat_ws(' ', state, outcome, attempts) from berth.command where id = '$command'"
check 'it runs the hook again' ran again
check 'the lease is destroyed' is destroyed "select state from berth.lease where id = '$lease'"
touch "$hooks/go"
check 'the first run ends, too late' wait_for ran late
kill -CONT "${workers[0]}"
check 'its worker is alive again' wait_for is 2 'select count(*) from berth.worker_view where alive'
check 'it reports the refusal' wait_for grep -q "$lease.*too late" "$TMPDIR/slow.err"
check 'one release' is 1 "select count(*) from berth.event where kind = 'lease' and action = 'release'"
check 'one destroy' is 1 "select count(*) from berth.event where kind = 'lease' and action = 'destroy'"
check 'the other worker destroyed it' is quick "select actor from berth.event where action = 'destroy'"
check 'nothing is open' is 0 "select count(*) from berth.command where state <> 'done'"
check 'doctor finds nothing' exits 0 berth doctor
check 'both workers are alive' kill -0 "${workers[@]}"
kill -TERM "${workers[@]}"
for pid in "${workers[@]}"; do
	check 'a worker ends well' wait "$pid"
done
workers=()
