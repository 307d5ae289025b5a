#!/usr/bin/env bash
# Look-alikes on a real terminal: found, named, shown side by side, and never merged.
. tests/lib.sh

new_database
{
	berth pool create edge --kind ipv4 10.0.0.0/28
	berth pool create Edge --kind number 0-9
	berth pool create hosts --kind host rack1:2 rackl:2
	berth allocate edge --holder web --label team=net
	berth allocate edge --holder 'web ' --label Team=net
	berth allocate edge --holder $'w\u0435b'
	berth allocate edge --holder $'etl\u200b-x' --label env=prod
	berth allocate edge --holder etl-x --label env=Prod
} >"$TMPDIR/made"

BERTH_ENV=prod screen_start 120 30 "$BERTH"
check 'it starts' screen_wait '^>.. *[eE]dge'
screen_keys 5
check 'the screen describes itself' screen_wait 'Look-alikes among label keys and values, holders, names'
check 'a hidden character' screen_wait '^> ≠ LOOK-ALIKE +etl-x / etl‹200B›-x +2 +holders'
check 'side by side, the difference in brackets' screen_wait '│ B  etl\[‹200B›\]-x'
check 'white space and letters, three of them' screen_wait '≠ LOOK-ALIKE +web / "web " / wеb +3 +holders'
check 'hosts' screen_wait 'rack1 / rackl +2 +hosts'
check 'label keys' screen_wait 'Team / team +2 +label keys'
check 'values of a key' screen_wait 'Prod / prod +2 +values of env'
check 'pools' screen_wait 'Edge / edge +2 +pools'
screen_keys j
check 'a trailing blank shows' screen_wait '│ B  web\[‹20›\]'
check 'the kind of the difference is shown' screen_wait 'space, letters that look alike'
screen_type '/white'
screen_keys Escape
screen_type '/!holders'
screen_keys Enter
check 'the filter' screen_wait 'duplicates   /!holders .* 1 of 4$'
screen_keys q
screen_type '/rackl'
screen_keys Enter
check 'the filter matches either text' screen_wait 'duplicates   /rackl .* 1 of 1$'
screen_keys Enter
check 'the detail is shown' screen_wait 'Brackets show what differs from A'
screen_keys q q
screen_keys C-c C-c
check 'the console ends' screen_ends 0
check 'nothing was merged' equal 5 "$(sql 'select count(distinct holder) from berth.lease')"

check 'as text' prints 'LOOK-ALIKE' berth --once duplicates
check 'as sentences' prints 'LOOK-ALIKE hosts: rack1 / rackl differ in letters that look alike' berth --once duplicates --linear
only_ascii() {
	berth --once duplicates --ascii >"$TMPDIR/once" && ! LC_ALL=C grep -q '[^ -~]' "$TMPDIR/once"
}
check 'the output is ASCII only' only_ascii
