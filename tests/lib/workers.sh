# Helpers for shell tests of workers, after tests/lib.sh and tests/lib/answers.sh.
#
#     worker_start NAME OPTION...   starts a worker in the background; its output is in $TMPDIR/NAME.said
#     worker_pid NAME               prints its process id
#     worker_ends CODE NAME         waits until it ends by itself, with that code
#     worker_stop NAME              sends SIGTERM; it must end with 0
#     worker_says NAME TEXT         waits until it has printed that
#     is_alive NAME, is_dead NAME   the state that the server reports; is_alive waits for it
#     new_lease POOL                allocates a lease; prints its id
#     release ID [OPTION...]        queues its release; prints the command's id
#     command_is ID TEXT            waits until a command has that "state outcome"
#     lease_is ID STATE             waits until a lease has that state
#
# Workers that still run at the end of the script are killed.

declare -A workers_pids=()

workers_end() {
	local code=$? name
	for name in "${!workers_pids[@]}"; do
		kill -KILL "${workers_pids[$name]}" 2>/dev/null
		wait "${workers_pids[$name]}" 2>/dev/null
	done
	(exit "$code")
	tests_end
}
trap workers_end EXIT

worker_start() {
	local name=$1
	shift
	: >"$TMPDIR/$name.said"
	"$BERTH" worker --name "$name" "$@" 2>>"$TMPDIR/$name.said" &
	workers_pids[$name]=$!
}

worker_pid() {
	echo "${workers_pids[$1]}"
}

workers_gone() {
	! kill -0 "$1" 2>/dev/null
}

worker_ends() {
	local code=$1 name=$2 pid=${workers_pids[$2]} status=0
	wait_for workers_gone "$pid" || {
		echo 'still running'
		return 1
	}
	wait "$pid" || status=$?
	unset "workers_pids[$name]"
	equal "$code" "$status" || {
		cat "$TMPDIR/$name.said"
		return 1
	}
}

worker_stop() {
	kill -TERM "${workers_pids[$1]}" && worker_ends 0 "$1"
}

worker_says() {
	wait_for grep -qF -- "$2" "$TMPDIR/$1.said" || {
		cat "$TMPDIR/$1.said"
		return 1
	}
}

workers_alive_is() {
	[ "$(sql "select coalesce(bool_or(alive), false) from berth.worker_view where name = '$1'" 2>/dev/null)" = "$2" ]
}

is_alive() {
	wait_for workers_alive_is "$1" t
}

is_dead() {
	workers_alive_is "$1" f
}

new_lease() {
	local id
	id=$(sql 'select gen_random_uuid()')
	berth -q allocate "$1" --id "$id" >"$TMPDIR/allocated" && echo "$id"
}

release() {
	local id target=$1
	shift
	id=$(sql 'select gen_random_uuid()')
	berth -q release "$target" --id "$id" "$@" >"$TMPDIR/queued" && echo "$id"
}

workers_asks() {
	[ "$(sql "$1" 2>/dev/null)" = "$2" ]
}

# asks QUERY VALUE: waits until the query returns the value
asks() {
	wait_for workers_asks "$1" "$2" || equal "$2" "$(sql "$1")"
}

command_is() {
	asks "select concat_ws(' ', state, outcome) from berth.command where id = '$1'" "$2"
}

lease_is() {
	asks "select state from berth.lease where id = '$1'" "$2"
}
