# For the shell tests of the queue, behind tests/lib.sh and tests/lib/answers.sh:
# leases to work on, and a worker for what is queued.
#
#     take POOL N [OPTIONS]      allocates N leases; their ids into the array `leases`
#     work [OPTIONS]             consumes the queue until nothing is due
#     hook NAME <<'END'          a hook in $hooks, from standard input
#     working OPTIONS            a worker beside the test, `worker` is its process; ends by worked
#     worked

hooks=$TMPDIR/hooks
mkdir -m 755 "$hooks"
leases=()

take() {
	local pool=$1 n=$2
	shift 2
	mapfile -t leases < <(berth -q allocate "$pool" --count "$n" --csv "$@" | tail -n +2 | cut -d, -f1)
	[ "${#leases[@]}" -eq "$n" ]
}

work() {
	berth worker --until-idle --hooks "$hooks" --attempts 1 -q "$@" >"$TMPDIR/work" 2>&1 || {
		cat "$TMPDIR/work"
		return 1
	}
}

hook() {
	cat >"$hooks/$1.new" && chmod 755 "$hooks/$1.new" && mv "$hooks/$1.new" "$hooks/$1"
}

working() {
	"$BERTH" worker -q --hooks "$hooks" "$@" >"$TMPDIR/working" 2>&1 &
	worker=$!
}

worked() {
	kill -TERM "$worker" && wait "$worker"
}
