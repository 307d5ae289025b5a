#!/usr/bin/env bash
# Holders on a real terminal: from a pool to who has its leases, to those leases, and to the plan that releases them.
. tests/lib.sh
. tests/lib/work.sh

new_database
{
	berth pool create edge --kind ipv4 10.0.0.0/28
	berth pool create many --kind number 0-99
	berth allocate edge --holder web --for 2h
	berth allocate many --count 40 --holder ci
	berth allocate many --count 7 --holder "it's mine" --for 30m
	berth allocate many --holder web
} >"$TMPDIR/made"

BERTH_ENV=prod screen_start 120 40 "$BERTH"
check 'it starts' screen_wait '^>.. *(edge|many)'
screen_type '/many'
screen_keys Enter
check 'the pool' screen_wait '^>.. *many'
screen_keys i
check 'its holders, most leases first' screen_wait '^> ci +40 '
check '... of that pool' screen_wait 'pools > many > holders'
check '... with the next to expire' screen_wait "^  it's mine +7 .* in [23][0-9]m"
screen_keys o n
check 'sorted by name' screen_wait 'sort .* name'
screen_keys o e
check 'sorted by the next to expire' screen_wait 'sort .* expiry'
screen_keys g
check '... it comes first' screen_wait "^> it's mine"
screen_keys Enter
check 'Enter opens the leases of the holder' screen_wait "holders > it's mine in many > leases"
check '... and no others' screen_wait '^[> ] ▸ EXPIRING|^[> ] . HELD +4[0-6]|SOON'
screen_keys Escape
check 'Escape goes back to the holders' screen_wait 'pools > many > holders'
screen_keys W
screen_type prod
screen_keys Enter
check 'write mode' screen_wait 'RW'
screen_keys r
check 'the plan names the holder' screen_wait "release all leases of many held by it's mine"
check '... and counts its leases' screen_wait 'release 7 many'
screen_type 'release 7 many'
screen_keys Enter
check 'it is queued' screen_wait '1 command under way'
check 'a worker applies it' work
check 'the holder is gone' screen_wait '│ gone$'
check 'the others are not' screen_wait '^..ci +40 '
screen_type ':lease holders'
screen_keys Enter
check 'all holders by the verb' screen_wait '^..web +2 '
screen_type ':release --pool many --holder web'
screen_keys Enter
check 'the plan by the verb' screen_wait 'release leases of many held by web'
screen_keys Escape
check 'Escape leaves it' screen_wait 'nothing was queued'
screen_type ':quit'
screen_keys Enter
check 'the console ends' screen_ends 0
