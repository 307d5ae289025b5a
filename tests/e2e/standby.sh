#!/usr/bin/env bash
# A worker and a console that meet a standby, or a server that becomes read-only: they keep looking for one that
# accepts changes.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh
. tests/lib/cluster.sh

check 'a primary' cluster_new one
check 'its standby' cluster_standby two one
one=$(cluster_folder one) two=$(cluster_folder two)
export PGUSER=postgres PGDATABASE=berth
PGHOST=$one berth -q pool create edge --kind number 1-9 >"$TMPDIR/made"
alive_at() {
	[ "$(cluster_sql "$1" "select coalesce(bool_or(alive), false) from berth.worker_view where name = '$2'" 2>/dev/null)" = t ]
}
told() {
	grep -c "trying again" "$TMPDIR/$1.said"
}
tries() { # of connections to a server, as its log tells when it is asked to
	grep -c 'connection authorized' "$(cluster_folder "$1")/log"
}

# A standby is searched for duplicates only where no one can meanwhile attach code to the table.
cluster_sql one "create role somebody; create table trusted (id int primary key, k int); insert into trusted values (1, 1), (2, 1);
	create table others (like trusted including all); alter table others owner to somebody" >"$TMPDIR/sql"
is_there() {
	[ "$(cluster_sql two "select count(*) from pg_tables where tablename = 'others' and tableowner = 'somebody'")" = 1 ]
}
check 'tables come to the standby' wait_for is_there
check 'a table of a superuser is checked' exits 1 "$BERTH" -h "$two" --read-only dedupe check --table trusted --key k
check '... a table of another user is not' refuses not_allowed "$BERTH" -h "$two" --read-only dedupe check --table others --key k
check '... but on the primary' exits 0 "$BERTH" -h "$one" --read-only dedupe check --table others --key k

# Both hosts, the standby first.
worker_start both -h "$two,$one" --heartbeat 200ms
check 'a worker with both hosts finds the primary' wait_for alive_at one both

# Only the standby, which is promoted later.
cluster_sql two 'alter system set log_connections = on' >"$TMPDIR/sql"
cluster_sql two 'select pg_reload_conf()' >"$TMPDIR/sql"
worker_start lone -h "$two" --heartbeat 200ms
check 'a worker with nothing but the standby says so' worker_says lone 'the server accepts no changes: it is a standby; trying again'
tried() {
	[ "$(tries two)" -ge 4 ]
}
check '... tries again and again' wait_for tried
check '... reports it once' equal 1 "$(told lone)"
check '... and does not end' kill -0 "$(worker_pid lone)"

screen_start 100 24 "$BERTH" -h "$two"
check 'a console on the standby shows it' screen_wait '^>.. *edge'
check '... and that the server accepts no changes' screen_wait 'RO server'
screen_keys W
check 'write mode is requested' screen_wait 'Type "berth"'
screen_type berth
screen_keys Enter a
check '... refused for that reason' screen_wait 'the server accepts no changes: it is a standby'

# The primary becomes read-only: a worker moves to a server that accepts changes, if there is one.
cluster_sql one 'alter system set default_transaction_read_only = on' >"$TMPDIR/sql"
cluster_sql one 'select pg_reload_conf()' >"$TMPDIR/sql"
check 'a server that becomes read-only is lost' worker_says both '; trying again'
check '... and the worker does not end' kill -0 "$(worker_pid both)"
check 'a command is refused as read_only, not as a missing right' refuses read_only "$BERTH" -h "$one,$two" allocate edge
check 'the standby is promoted' cluster_promote two
check 'the worker that knows both is at work there' wait_for alive_at two both
check '... and so is the one that only knew this host' wait_for alive_at two lone
check '... and reports it' worker_says lone 'worker lone: at work on berth'
check 'a command that knows both is carried out there' exits 0 "$BERTH" -h "$one,$two" allocate edge
check 'the console notices that it accepts changes' screen_wait_gone 'RO server'
screen_keys Escape a
check '... and asks for an allocation' screen_wait 'ALLOCATE on berth'
screen_keys Escape Escape q
check '... and ends' screen_ends 0

# A console with several hosts that reads a standby looks for a better one.
cluster_stop one
check 'the old primary comes back as it was, read-only' cluster_start one
check 'a console on it alone cannot change anything' screen_start 100 24 "$BERTH" -h "$one"
check '... and shows that' screen_wait 'RO server'
screen_stop
check 'the workers end as ever' worker_stop both
check '... a worker applies it' worker_stop lone
cluster_stop two
screen_start 100 24 "$BERTH" -h "$two,$one"
check 'a console with both hosts reads the only running one' screen_wait "$one/berth.*RO server"
check 'the better one comes back' cluster_start two
check '... and the console finds it' screen_wait "$two/berth"
check '... which accepts changes' screen_wait_gone 'RO server'
screen_stop
