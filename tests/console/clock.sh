#!/usr/bin/env bash
# The clock of the machine with the console is wrong: ages on the screen follow the server's clock.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

# set_clock SECONDS: from now on a program that is started by "${wrong[@]}" has a clock that is so far ahead.
# Only the program gets the library for it: a shell with it was seen never to end.
set_clock() {
	local micros=$(($1 * 1000000)) i
	for ((i = 0; i < 8; i++)); do
		# shellcheck disable=SC2059
		printf "\\x$(printf %02x $((micros >> 8 * i & 255)))"
	done >"$TMPDIR/clock"
}
wrong=(env "CHAOS_CLOCK=$TMPDIR/clock" "LD_PRELOAD=$BERTH_BUILD/tests/chaos/clock.so")
# The output is the same as with the right clock, except for a minute that may pass just then.
same() {
	"$BERTH" "$@" >"$TMPDIR/right" && "${wrong[@]}" "$BERTH" "$@" >"$TMPDIR/wrong" && cmp "$TMPDIR/right" "$TMPDIR/wrong"
}

new_database
berth -q pool create web --kind number 1-100 >"$TMPDIR/out"
take web 2 --for 3h
take web 1
berth -q release "${leases[0]}" --grace 2h >"$TMPDIR/out"
sql "update berth.pool set created = created - interval '3 days';
	update berth.lease set created = created - interval '2 days', acquired = acquired - interval '2 days', activated = activated - interval '2 days';
	update berth.event set at = at - interval '2 days';
	update berth.command set created = created - interval '1 hour'"

set_clock 259200
"${wrong[@]}" date +%s >"$TMPDIR/out"
check 'the clock is wrong' test "$(<"$TMPDIR/out")" -gt "$(($(date +%s) + 200000))"
for by in 259200 -259200 5400; do
	set_clock "$by"
	for screen in pools leases queue; do
		check "by $by s: $screen" wait_for same --once "$screen"
		check "by $by s: $screen, line by line" wait_for same --once "$screen" --linear
	done
done
check 'a lease has its remaining time' prints 'in 2h 5' berth --once leases
check '... its age' prints '2d' berth --once leases
check '... a command that waits' prints 'in 1h 5' berth --once queue

set_clock 259200
screen_start 120 40 "${wrong[@]}" "$BERTH"
screen_keys 2
check 'on the screen' screen_wait 'in 2h 5[0-9]m'
check '... with its age' screen_wait '2d'
screen_keys 3
check '... and in the queue' screen_wait 'in 1h 5[0-9]m'
screen_type ':q'
screen_keys Enter
check 'it ends' screen_ends 0
