#!/usr/bin/env bash
# The connection: absent at the start, lost, back, and of another version.
. tests/lib.sh

new_database
berth -q pool create edge --kind number 0-9 >"$TMPDIR/made"

# Refuses new sessions and ends existing ones, until told otherwise.
connections() {
	psql -XqAt -d postgres -v ON_ERROR_STOP=1 <<-END
		alter database $PGDATABASE allow_connections $1;
		select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '$PGDATABASE';
	END
}

connections off >"$TMPDIR/off"
screen_start 80 24 "$BERTH"
check 'without a server it opens and says why' screen_wait '^▒▒ connection to server|^▒▒ .*not currently accepting'
check 'the time of the next try is shown' screen_wait 'no connection yet, next try in [0-9]s'
screen_keys j 2 1 / x Escape
connections on >"$TMPDIR/on"
check 'it connects when the server accepts sessions' screen_wait '^>.. *edge'
check 'the data is live' screen_wait '● live'

screen_keys W
check 'the database is the environment' screen_wait "Type \"$PGDATABASE\""
screen_type "$PGDATABASE"
screen_keys Enter
check 'in write mode' screen_wait ' RW '
connections off >"$TMPDIR/off"
check 'a lost connection is shown' screen_wait '^▒▒ connection lost'
check 'the rows stay' screen_wait '^>.. *edge'
screen_keys a
check 'changes are refused' screen_wait 'refused: the data is stale'
check 'the age is shown' screen_wait '▒ STALE  data [0-9]+s old'
connections on >"$TMPDIR/on"
check 'it reconnects' screen_wait '● live'
check 'the banner disappears' screen_wait '▸1 Pools'

idle_in_transaction() {
	equal 0 "$(psql -XqAt -d postgres -c "select count(*) from pg_stat_activity where datname = '$PGDATABASE'
		and (state like 'idle in transaction%' or backend_xmin is not null)")"
}
check 'it holds no snapshot' wait_for idle_in_transaction

sql 'lock berth.pool in access exclusive mode; select pg_sleep(60)' >"$TMPDIR/lock" 2>&1 &
blocker=$!
locked() {
	[ "$(psql -XqAt -d postgres -c "select count(*) from pg_stat_activity where datname = '$PGDATABASE'
		and wait_event_type = 'Lock'")" = 1 ]
}
check 'a refresh waits for a lock' wait_for locked
screen_keys C-c
check 'Ctrl-C cancels it' screen_wait 'cancelled'
psql -XqAt -d postgres -c "select pg_terminate_backend(pid) from pg_stat_activity
	where datname = '$PGDATABASE' and query like 'lock%'" >"$TMPDIR/unlock"
wait "$blocker"
check 'the refresh continues' screen_wait '● live'
screen_stop

sql 'drop schema berth cascade' 2>"$TMPDIR/dropped"
screen_start 80 24 "$BERTH"
check 'another schema ends it with 3' screen_ends 3
