#!/usr/bin/env bash
# A private server that was killed, or lost a process: the next verb starts it, waits until it has recovered, and works.
. tests/lib.sh
. tests/lib/answers.sh

unset PGHOST PGUSER PGDATABASE
server=$TMPDIR/s

finish() {
	local status=$?
	mkdir -p "$TMPDIR/go/on"
	berth local stop -q --local="$server" >"$TMPDIR/made" 2>&1
	(exit "$status")
	tests_end
}
trap finish EXIT
psql_local() {
	psql -XqAt -h "$server" -U berth -d berth -v ON_ERROR_STOP=1 "$@"
}
status_pid() {
	berth local status --local="$server" --csv | sed -n '2s/^[a-z]*,[^,]*,\([0-9]*\),.*/\1/p'
}
state() {
	berth local status --local="$server" --csv | sed -n '2s/,.*//p'
}
is_state() {
	[ "$(state)" = "$1" ]
}
# A process that is not reaped yet has ended too.
ended() {
	! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status"
}
# A session that prints its process id, and then does nothing.
session() {
	local pid
	mkfifo "$TMPDIR/$1"
	psql_local -o "$TMPDIR/$1.pid" <"$TMPDIR/$1" >"$TMPDIR/$1.out" 2>&1 &
	sessions+=($!)
	eval "exec $2>'$TMPDIR/$1'"
	echo 'select pg_backend_pid();' >&"$2"
	wait_for test -s "$TMPDIR/$1.pid"
	read -r pid <"$TMPDIR/$1.pid"
	printf -v "$1" %s "$pid"
}
sessions=()
later() {
	"$BERTH" --local="$server" "$@" >"$TMPDIR/later.out" 2>"$TMPDIR/later.err" &
	later=$!
}
later_ends() {
	wait "$later"
	local status=$?
	[ "$status" -eq "$1" ] || {
		echo "exit $status"
		cat "$TMPDIR/later.err"
		return 1
	}
}

berth --local="$server" migrate -q >"$TMPDIR/made" 2>&1
berth --local="$server" pool create web --kind number 1-9 >"$TMPDIR/made" 2>&1

# 1. Killed with something to recover.
psql_local -c "create table much as select repeat('x', 900) as x from generate_series(1, 60000)"
pid=$(status_pid)
kill -KILL "$pid"
wait_for ended "$pid"
check 'after a kill the next verb recovers it' prints web berth --local="$server" pool list
check '... with all that was committed' equal 60000 "$(psql_local -c 'select count(*) from much')"

# 2. Killed while one of its processes still uses its memory.
session busy 8
pid=$(status_pid)
kill -STOP "$busy"
kill -KILL "$pid"
wait_for ended "$pid"
size=$(stat -c %s "$server/log")
in_use() {
	tail -c "+$((size + 1))" "$server/log" | grep -q 'still in use'
}
later pool list
check 'it cannot start while a process uses its memory' wait_for in_use
kill -KILL "$busy"
check '... and the verb waits for its end' later_ends 0
exec 8>&-
rm "$TMPDIR"/busy*

# 3. One of its processes is killed, so that it recovers without a new start. A stopped process delays that for
# a short time: if it has ended by the end of a round, another round is needed.
recovers() {
	session victim 8
	session witness 9
	session held 7
	kill -STOP "$held"
	kill -KILL "$victim"
	wait_for ended "$witness"
}
recovered() {
	exec 7>&- 8>&- 9>&-
	wait "${sessions[@]}"
	sessions=()
	rm -f "$TMPDIR"/{victim,witness,held}*
	wait_for is_state running
}
for ((rounds = 1; ; rounds++)); do
	recovers
	seen=$(state)
	later pool list
	ended "$held" || break
	wait "$later"
	recovered
done
check 'a server that recovers from the death of a process says that it waits' equal waiting "$seen"
kill -KILL "$held"
check 'a verb that comes meanwhile waits and works' later_ends 0
check '... and prints its answer' grep -q web "$TMPDIR/later.out"
recovered

# 4. It recovers for as long as the test needs.
check 'it is stopped' exits 0 berth local stop --local="$server"
echo "restore_command = 'until test -e \"$TMPDIR/go/on\"; do sleep 0.02; done; false'" >>"$server/data/postgresql.auto.conf"
mkdir -m 755 "$TMPDIR/go"
: >"$server/data/recovery.signal"
chown --reference="$server/data/PG_VERSION" "$server/data/recovery.signal"
begun() {
	run berth --local="$server" --timeout 1s pool list
	is_state waiting
}
check 'a start continues after the timeout of its verb' wait_for begun
check '... which exits with 8' equal 8 "$status"
check '... with the same process id' kill -0 "$(status_pid)"
check 'a later verb waits for its own timeout' complains 8 'is still starting or recovering' \
	berth --local="$server" --timeout 0s pool list
check '... as an error object' refuses timeout berth --local="$server" --timeout 0s pool list
check '... also for the screens' complains 8 'is still starting or recovering' \
	berth --local="$server" --timeout 0s --once pools
check '... and for local start' complains 8 'is still starting or recovering' \
	berth local start --local="$server" --timeout 0s
later pool list --json
check 'others wait' is_state waiting
: >"$TMPDIR/go/on"
check '... and work when it is ready' later_ends 0
check '... with the data' grep -q '"web"' "$TMPDIR/later.out"
check 'it runs' is_state running

# 5. Settings in the environment that name another server do not count.
check 'the environment does not change the server' prints running \
	env PGHOSTADDR=127.0.0.1 PGSERVICE=none "$BERTH" local status --local="$server"
check 'it is stopped' exits 0 berth local stop --local="$server"
