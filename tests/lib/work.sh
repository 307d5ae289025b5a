# Helpers for shell tests of the queue, after tests/lib.sh and tests/lib/answers.sh:
# leases, and a worker for queued commands.
#
#     take POOL N [OPTIONS]      allocates N leases; sets the array `leases` to their ids
#     work [OPTIONS]             consumes the queue until nothing is due
#     hook NAME <<'END'          writes a hook into $hooks, from standard input
#     working OPTIONS            starts a worker in the background; `worker` is its process id
#     worked                     stops it

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
