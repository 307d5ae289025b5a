#!/usr/bin/env bash
# Changes: read-only at the start, write mode by typing a name, and a form that allocates.
. tests/lib.sh

new_database
berth -q pool create edge --kind ipv4 10.0.0.0/30 >"$TMPDIR/made"

leases() {
	equal "$1" "$(sql 'select count(*) from berth.lease')"
}

BERTH_ENV=prod screen_start 100 30 "$BERTH"
check 'it starts' screen_wait '^>.. *edge'
screen_keys a
check 'read-only at the start' screen_wait 'read-only: W turns write mode on'
screen_keys W
check 'the name is requested' screen_wait 'Type "prod" to enable writes for 10 minutes'
screen_type test
screen_keys Enter
check 'another name is refused' screen_wait 'still read-only'
screen_keys W
check 'the name is requested again' screen_wait 'to enable writes'
screen_paste prod
screen_keys Enter
check 'a paste is refused' screen_wait 'still read-only'
screen_keys W
check 'the name is requested a third time' screen_wait 'to enable writes'
screen_type prod
screen_keys Enter
check 'write mode shows its time' screen_wait '^ prod .* RW 09:5[0-9]'

screen_keys a
check 'the form opens on the pool' screen_wait 'pool +edge$'
id=$(screen_text | sed -n 's/^ lease \([0-9a-f-]\{36\}\)$/\1/p')
screen_type 10.0.0.2
screen_keys Enter
screen_type 'mira & co'
screen_keys Enter
screen_type 2h
screen_keys Enter Enter
check 'it asks for confirmation at the end' screen_wait 'Allocate from edge\?'
screen_keys Enter Enter
check 'Enter never confirms' leases 0
screen_keys y
check 'y does' screen_wait "allocated 10.0.0.2 of edge, lease $id"
check 'the lease has the id that was shown' equal 10.0.0.2 "$(berth lease show "$id" --json | sed -n 's/.*"value": *"\([^"]*\)".*/\1/p')"

screen_keys a
check 'the form again' screen_wait 'pool +edge$'
screen_type 10.0.0.9
screen_keys Enter Enter Enter Enter
check 'it asks again' screen_wait 'Allocate from edge\?'
screen_keys y
check 'an error is told in the server'"'"'s words' screen_wait '10.0.0.9'
check 'the form stays' screen_wait '^ ALLOCATE on prod'
check 'nothing was taken' leases 1
screen_keys Escape
check 'Escape leaves it' screen_wait 'nothing was allocated'
screen_keys W
check 'W ends write mode' screen_wait 'read-only again'
screen_keys q
check 'it ends' screen_ends 0

screen_start 100 30 "$BERTH" --read-only
check 'it starts with --read-only' screen_wait '^>.. *edge'
screen_keys W
check '--read-only cannot be turned off' screen_wait 'started with --read-only'
screen_keys C-c
check 'one Ctrl-C warns' screen_wait 'Ctrl-C again quits'
screen_keys C-c C-c
check 'two leave' screen_ends 0
