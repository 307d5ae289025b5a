#!/usr/bin/env bash
# Labels on a real terminal: keys, their values, their targets, and the screens of targets.
. tests/lib.sh

new_database
{
	berth pool create edge --kind ipv4 10.0.0.0/29
	berth pool create many --kind number 0-99
	berth label pool/edge env=prod site=fra
	berth allocate edge --holder web --label env=prod --label team/owner=net
	berth allocate many --count 40 --holder ci --label env=test --label serial=1
	berth label resource/many/0-99 env=test
	berth org create acme
	berth project create acme/web --label env=prod
	berth label org/acme env=prod
	for thing in pool/edge resource/many/0-99 org/acme project/acme/web; do
		berth annotate $thing "note=about the ${thing%%/*}"
	done
} >"$TMPDIR/made"

BERTH_ENV=prod screen_start 120 30 "$BERTH"
check 'it starts' screen_wait '^>.. *(edge|many)'
screen_keys 4
check 'the keys, with their values and targets of all kinds' screen_wait '^> env +2 +45 +41 +1 +1 +1 +1 '
check 'keys with a prefix come last' screen_wait '^  team/owner +1 +1 '
check 'the values are shown beside them' screen_wait '│ 41  test'
screen_type '/own'
check 'the filter' screen_wait 'labels   /own .* 1 of 1$'
screen_keys Escape
check 'the filter is dropped, and the list starts again' screen_wait '^> env '
screen_keys Enter
check 'Enter opens the values' screen_wait 'labels > env > values'
check 'the values have their counts' screen_wait '^> prod +4 +1 +1 +1 +1 '
screen_keys j Enter
check 'Enter opens the targets' screen_wait 'values > env=test > targets'
check 'targets other than leases come first' screen_wait '^> resource 0-99 +many'
screen_keys j
check 'the leases, the youngest first' screen_wait '^> lease +39 +many +ci +active'
screen_keys G
check 'G goes to the oldest' screen_wait '^> lease +0 +many'
screen_keys g
screen_keys Enter
check 'a resource on its own screen' screen_wait 'targets > resource 0-99'
check '... with its annotations' screen_wait 'note +about the resource'
screen_keys Escape
check 'Escape comes back to the same row' screen_wait '^> resource 0-99 +many'
screen_keys Enter
screen_type ':labels env=prod'
screen_keys Enter
check 'by name' screen_wait 'values > env=prod > targets'
check 'an organization has its annotations beside it' screen_wait '│ note +about the org'
screen_keys j j
check 'so has a project' screen_wait '│ note +about the project'
screen_keys G
check 'a lease' screen_wait '^> lease +10\.0\.0\.0 +edge +web'
screen_keys Enter
check 'it is on the screen of leases' screen_wait 'targets > lease 10\.0\.0\.0'
check 'with its detail' screen_wait 'holder +web'
screen_keys f
check 'what it names can be chosen' screen_wait 'p +pool +edge'
screen_keys p
check 'its pool' screen_wait 'leases > pool edge'
check '... with its annotations' screen_wait 'note +about the pool'
screen_keys Escape
screen_type ':labels env'
screen_keys Enter
check 'the values of a key' screen_wait 'leases > env > values'
screen_keys 4
check 'the digit of the screen goes back to the keys' screen_wait '^ labels {20}'
check 'another client sets a label' berth label pool/many new=1
check 'it appears' screen_wait '^  new +1 +1 '
check 'another client deletes it' berth label pool/many new-
check 'it disappears' screen_wait_gone '^.. new '
screen_keys q
check 'back at the pools' screen_wait '▸1 Pools'
screen_keys q
check 'the console ends' screen_ends 0

check 'the keys as text' prints '      2      45      41         1      1        1      1' berth --once labels
check 'as sentences' prints 'env: 45 targets, 2 values' berth --once labels --linear
check 'there are no values without a key' exits 2 berth --once values
