#!/usr/bin/env bash
# A console that reads from a standby and changes on the primary: it never shows less than it has shown, marks data
# that is old, and goes on with the one server when the other is away.
. tests/lib.sh
. tests/lib/cluster.sh

export XDG_CONFIG_HOME=$TMPDIR/config
config=$XDG_CONFIG_HOME/berth/config
mkdir -p "${config%/*}"
cluster_pair
PGHOST=$one berth -q pool create edge --kind number 1-9 >"$TMPDIR/made"
cat >"$config" <<END
[profile prod]
host = $one
dbname = berth
colour = none
environment = shop
reads = host=$two
END
has_pool() {
	PGHOST=$two berth pool show "$1" >"$TMPDIR/pool" 2>&1
}
check 'the pool comes to the standby' wait_for has_pool edge

screen_start 120 30 "$BERTH" @prod
check 'the console reads the standby' screen_wait '● live  standby$'
check '... its rows' screen_wait '^>.* edge'
check '... and may change something: the primary is not in recovery' tests_screen_hides 'RO server'

# A change that the standby does not replay.
cluster_sql two 'select pg_wal_replay_pause()' >"$TMPDIR/sql"
screen_keys W
check 'write mode' screen_wait 'Type "shop"'
screen_type shop
screen_keys Enter
check '... is on' screen_wait ' RW 09:'
screen_keys a
check 'an allocation' screen_wait 'ALLOCATE on shop'
screen_keys Enter
screen_type mira
screen_keys Enter Enter Enter
check '... is confirmed' screen_wait 'Allocate from edge\?'
screen_keys y
check '... and carried out on the primary' screen_wait 'allocated 1 of edge'
screen_keys Enter
check 'what was changed is shown, though the standby lacks it' screen_wait 'HELD +1 +mira'
check '... which is told' screen_wait 'standby: it has not replayed the last changes yet; reading from the primary'
check '... also in the first line' screen_wait 'live  primary$'
check '... while the row stays' tests_screen_shows 'HELD +1 +mira'
cluster_sql two 'select pg_wal_replay_resume()' >"$TMPDIR/sql"
check 'when the standby has the change, it is read again' screen_wait 'reading from the standby again'
check '... as the first line tells' screen_wait '● live  standby$'
check '... with the change' tests_screen_shows 'HELD +1 +mira'

# Changes by others that the standby does not replay.
cluster_sql two 'select pg_wal_replay_pause()' >"$TMPDIR/sql"
PGHOST=$one berth -q allocate edge --holder other >"$TMPDIR/made"
check 'data that is old is marked, with the time that the standby is behind' \
	screen_wait 'STALE  data [0-9]+s old  standby [0-9]+s behind'
screen_keys r
check '... and nothing acts on it' screen_wait 'refused: the data is stale'
cluster_sql two 'select pg_wal_replay_resume()' >"$TMPDIR/sql"
check 'it catches up' screen_wait 'HELD +2 +other'
check '... and is live again' screen_wait '● live  standby$'

# One of them is gone.
cluster_stop two
check 'without the standby the primary is read' screen_wait 'standby: .*; reading from the primary'
check '... as the first line tells, too' screen_wait 'live  primary$'
PGHOST=$one berth -q allocate edge --holder third >"$TMPDIR/made"
check '... and what is new there' screen_wait 'HELD +3 +third'
check 'the standby comes back' cluster_start two
check '... and is read again' screen_wait '● live  standby$'
check '... with all rows' screen_wait 'HELD +3 +third'
cluster_stop one
check 'without the primary the standby is read' screen_wait 'RO server.*standby$'
check '... and the rows are live' screen_wait 'HELD +3 +third'
screen_keys a
check '... but nothing can be changed' screen_wait 'connection to server|terminat|closed'
screen_keys Escape
check 'the primary comes back' cluster_start one
check '... and accepts changes' screen_wait_gone 'RO server'
screen_type ':connect'
screen_keys Enter
check ':connect keeps the standby' screen_wait '● live  standby$'
screen_keys q
check 'it ends well' screen_ends 0


screen_start 100 40 "$BERTH" @prod --linear
check 'the console as lines reads the standby' screen_wait '^> ok edge'
cluster_stop two
screen_type 2
screen_keys Enter
check '... and then the primary' screen_wait 'standby: .*; reading from the primary'
check '... with its rows' screen_wait 'third'
screen_stop
