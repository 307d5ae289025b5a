#!/usr/bin/env bash
# The console of a fleet: pools of several databases in one list, the console of one from there and back, and
# databases that cannot be read.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
new_database
{
	berth pool create web --kind number 1-4
	berth allocate web --count 3 --holder mira
} >"$TMPDIR/made"
one=$PGDATABASE
new_database
berth -q pool create web --kind number 1-9 >"$TMPDIR/made"
two=$PGDATABASE
cat >"$config" <<END
fleet = one two gone

[profile one]
host = $PGHOST
dbname = $one
environment = FIRST

[profile two]
host = $PGHOST
dbname = $two

[profile gone]
host = $TMPDIR/nowhere
END

screen_start 120 30 "$BERTH" @fleet
check 'the pools of all databases are shown, the fullest first' screen_wait 'one +web .* 75%'
check '... all of them' screen_wait 'two +web'
check '... and a database that cannot be read, with the reason' screen_wait 'gone +connection to'
check 'the first line names the fleet' tests_screen_shows '^ fleet '
check '... live' screen_wait '● live'
PGDATABASE=$two berth -q allocate web --count 9 >"$TMPDIR/made"
check 'a change in one of them comes by itself' screen_wait 'two +web .* 100%'
screen_keys a
check 'nothing can be changed here' screen_wait '@fleet is several databases: Enter opens the console of one'
screen_keys 2
check '... and there is no other screen' tests_screen_shows 'two +web'
screen_type ':pool create x --kind number 1-2'
screen_keys Enter
check '... also not by a verb' screen_wait '@fleet is several databases'
screen_keys Escape Escape
screen_type '/free>0'
screen_keys Enter
check 'a filter counts in each database' screen_wait_gone 'two +web'
check '... of which the others stay' tests_screen_shows '^>.*(one|gone)'
screen_keys Escape
check 'without the filter' screen_wait 'two +web'

screen_type '/used%>50'
screen_keys Enter
check 'two pools are full' screen_wait 'one +web'
screen_keys G
check 'the cursor is on a pool' screen_wait '^>.*(one|two) +web'
screen_keys Enter
check 'Enter opens the console of that environment at the pool' screen_wait 'web > leases'
check '... with its badge' screen_wait '^ (FIRST|two) '
screen_keys W
check '... where changes are possible' screen_wait 'Type "(FIRST|two)" to enable writes'
screen_keys Escape Escape
check 'back are the pools of that database' screen_wait 'pools +sort'
screen_keys Escape
check '... and then the fleet' screen_wait 'Pools of 3 databases'
check '... with its rows' screen_wait 'gone +connection to'
screen_keys q
check 'q leaves' screen_ends 0

check 'a screen of a fleet is not printed' complains 2 'its console needs a whole screen' berth @fleet --once pools
