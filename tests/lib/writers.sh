# Helpers for shell tests of what goes on while others write, after tests/lib.sh.
#
#     writers_start COMMAND     starts three sessions, each with the statements that a run of the command prints
#     writers_end               waits until they are at the end
#     writers_failed STATES     prints their errors but those with these SQLSTATEs, "23505|40001"

writers=()

writers_start() {
	local n
	for n in 1 2 3; do
		"$1" | psql -Xq -v VERBOSITY=verbose >/dev/null 2>"$TMPDIR/writer$n" &
		writers+=($!)
	done
}

writers_end() {
	wait "${writers[@]}"
	writers=()
}

writers_failed() {
	cat "$TMPDIR"/writer? | grep -E 'ERROR|FATAL' | grep -vE "$1"
}
