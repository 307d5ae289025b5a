#!/usr/bin/env bash
# A bulk on a terminal: its plan, and the phrase that confirms it.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q pool create web --kind ipv4 10.0.0.0/28 >"$TMPDIR/made"
berth -q pool create six --kind ipv6 fd00::/64 >"$TMPDIR/made"
take web 3
three=("${leases[@]}")
take six 1

nothing_queued() {
	equal 0 "$(sql 'select count(*) from berth.command')"
}

# An answer other than the phrase changes nothing.
while IFS='|' read -r what answer; do
	check "$what: asked" screen_start 140 30 "$BERTH" release --pool web
	check '... the plan is shown' screen_wait 'web: used 3 to 0, free 13 to 16'
	check '... with what it is about' screen_wait "${three[0]} .*10\.0\.0\.0"
	check '... and the phrase' screen_wait 'To confirm, type "release 3 web":'
	eval "$answer"
	check '... nothing is done' screen_ends 2
	check '... with a message' screen_wait 'not confirmed; nothing was queued'
	check '... and nothing is queued' nothing_queued
done <<'END'
Enter|screen_keys Enter
y|screen_type y; screen_keys Enter
yes|screen_type yes; screen_keys Enter
another number|screen_type 'release 4 web'; screen_keys Enter
more than that|screen_type 'release 3 web '; screen_keys Enter
the end of input|screen_keys C-d
END

check 'interrupted' screen_start 140 30 "$BERTH" release --pool web
check '... when asked' screen_wait 'To confirm'
check '... by the keyboard' screen_keys C-c
check '... it ends' screen_ends 130
check '... with nothing done' nothing_queued

check 'the phrase' screen_start 140 30 "$BERTH" release --pool web
check '... is requested' screen_wait 'To confirm'
screen_type 'release 3 web'
screen_keys Enter
check '... it is queued' screen_ends 0
check '... and shown' screen_wait '^target +pool/web'
check '... by one command' equal 1 "$(sql 'select count(*) from berth.command')"
check '... a worker applies it' work
check '... all three leases are released' equal 3 "$(sql "select count(*) from berth.lease where state = 'destroyed'")"

take web 2
check 'over several pools' screen_start 140 30 "$BERTH" release "${leases[0]}" pool/six
check '... the phrase counts leases' screen_wait 'To confirm, type "release 2 leases":'
check '... counts are exact' screen_wait 'six: used 1 to 0, free 18446744073709551615 to 0'
check '... Enter alone is refused' screen_keys Enter
check '... exit 2' screen_ends 2

check 'output that a program reads' screen_start 140 30 sh -c "'$BERTH' release --pool web --json >'$TMPDIR/answer'"
check '... the phrase is requested on the terminal too' screen_wait 'To confirm, type "release 2 web":'
screen_type 'release 2 web'
screen_keys Enter
check '... is queued' screen_ends 0
check '... and the answer is one document' answers "d->>'action'" release cat "$TMPDIR/answer"

take web 1
check '--yes needs no confirmation' screen_start 140 30 "$BERTH" release pool/six --yes
check '... exit 0' screen_ends 0
check 'one lease needs no confirmation' screen_start 140 30 "$BERTH" release "${leases[0]}"
check '... exit 0' screen_ends 0
check 'a selection without leases needs no confirmation' screen_start 140 30 "$BERTH" release --pool web --state broken
check '... exit 0' screen_ends 0
