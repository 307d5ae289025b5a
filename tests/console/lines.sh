#!/usr/bin/env bash
# The console as lines, for screen readers: the list as sentences, keys and verbs as lines, and the same questions.
. tests/lib.sh

export XDG_CONFIG_HOME=$TMPDIR/config XDG_STATE_HOME=$TMPDIR/state
umask 022
new_database
{
	berth pool create web --kind ipv4 10.0.0.0/29
	berth pool create mail --kind number 1-9
	berth allocate web --holder old --label env=test
	berth allocate web --holder new --label env=prod
} >"$TMPDIR/made"

# line LINE: types a whole line
line() {
	screen_type "$1"
	screen_keys Enter
}

BERTH_ENV=here screen_start 100 50 "$BERTH" --linear
check 'it prints the first list' screen_wait '^pools, 2 in all, sorted by runs-out'
check '... as sentences' screen_wait '^> .*(web|mail).*free'
check '... and asks for a line' screen_wait '^: *$'
line 2
check 'a digit is a screen' screen_wait '^leases, .*sorted by newest'
check '... with its rows' screen_wait '10\.0\.0\.1.*new'
line j
check 'a key moves and prints the row' screen_wait '^> .*10\.0\.0\.0.*old'
line '/new'
check 'a filter' screen_wait '^leases, filter new'
line 'lease list --pool web -l env=test'
check 'a verb opens its screen' screen_wait '^leases of web, filter env=test'
line ':pool free web'
check 'a verb without a screen is answered' screen_wait '10\.0\.0\.2'
line 'pool lst'
check 'an error is told with its hint' screen_wait 'did you mean pool list\?'
line '/state=nonsense'
check 'a wrong filter is told' screen_wait 'filter: state is one of'
line o
check 'a menu is lines' screen_wait '^sort by'
check '... each with its letter' screen_wait '^n newest'
line v
check '... of which one is chosen' screen_wait 'sorted by value'
line f
check 'the places that a row names' screen_wait '^go to'
line p
check 'a detail is lines' screen_wait '^pools of web'
check '... without a frame' screen_wait_gone '──|▸1 Pools'
line q
line 'b'
check 'an unknown key is told' screen_wait 'no key b here'
line r
check 'without write mode nothing is planned' screen_wait 'read-only: W turns write mode on'
line W
check 'write mode asks' screen_wait 'Type "here" to enable writes'
line nowhere
check '... for the right name' screen_wait 'still read-only'
line W
line here
check '... and is on' screen_wait 'write mode for 10 minutes'
line r
check 'a release is planned' screen_wait 'release .*10\.0\.0\.0'
check '... and waits for an answer' screen_wait '^\? *$'
line .
check 'a point leaves it' screen_wait 'nothing was queued'
check '... and nothing is queued' equal 0 "$(sql 'select count(*) from berth.command')"
line r
line y
check 'y queues it' screen_wait 'runs in [0-9]+s; u cancels'
line u
check 'u cancels it' screen_wait 'cancelled, nothing was changed'
check '... and it was queued once' equal cancelled "$(sql 'select state from berth.command_view')"
line 'save mine'
check 'a view is saved' screen_wait 'saved as mine'
line '?'
check 'the keys' screen_wait 'Shift-Tab'
# connections ON|OFF: lets sessions of this database begin, or ends them
connections() {
	psql -XqAt -d postgres -v ON_ERROR_STOP=1 >"$TMPDIR/ended" <<-END
		alter database $PGDATABASE allow_connections $1;
		select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '$PGDATABASE';
	END
}
connections off
line 1
check 'without a server it says so, and why' screen_wait '^connection lost, next try in [0-9]+s: connection to server'
check '... and shows the last rows' screen_wait '^> .*(web|mail).*free'
connections on
line j
check 'it goes on when the server is back' screen_wait '^> .*(web|mail).*free'
line 'pool free web'
check '... with answers' screen_wait '10\.0\.0\.[0-9]'
line q
line quit
check 'it ends' screen_ends 0
check 'what was typed is kept' grep -q '^:pool free web$' "$XDG_STATE_HOME/berth/history"

screen_start 100 50 "$BERTH" --linear -d postgres
check 'a database without a schema' screen_ends 3
screen_start 100 50 "$BERTH" --linear
check 'it starts again' screen_wait '^pools, 2 in all'
screen_keys C-d
check 'the end of the input is its end' screen_ends 0

screen_start 100 50 bash -c '"$BERTH" --linear; echo "left $?"; read -r'
check 'it starts once more' screen_wait '^pools, 2 in all'
sql 'drop schema berth cascade' 2>"$TMPDIR/dropped"
connections on
line r
check 'another schema ends it with 3, and says why' screen_wait 'berth migrate'
check '... at once' screen_wait '^left 3$'
