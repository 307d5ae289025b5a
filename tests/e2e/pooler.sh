#!/usr/bin/env bash
# Through a transaction pooler everything works, and no state stays on the server's session.
. tests/lib.sh
. tests/lib/answers.sh

# Debian's pgbouncer, with one session to the server, so that the next client sees any state left on it.
new_database
port=$((20000 + $$ % 20000))
cat >"$TMPDIR/pgbouncer.ini" <<END
[databases]
$PGDATABASE = host=$PGHOST user=$PGUSER
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $TMPDIR
auth_type = any
pool_mode = transaction
default_pool_size = 1
server_reset_query =
logfile = $TMPDIR/pgbouncer.log
END
user=()
if [ "$(id -u)" -eq 0 ]; then
	user=(-u postgres)
fi
pgbouncer -q "${user[@]}" "$TMPDIR/pgbouncer.ini" &
pooler=$!
pooled=(-h "$TMPDIR" -p "$port")
wait_for psql "${pooled[@]}" -XqAtc "select" || { cat "$TMPDIR/pgbouncer.log"; exit 1; }

# What a session keeps: statements, channels, and settings that differ from its start, except those of the pooler.
left_over() {
	psql "${pooled[@]}" -XqAt <<-'END'
		select 'listens to ' || c from pg_listening_channels() c
		union all
		select 'has the statement ' || name from pg_prepared_statements
		union all
		select name || ' = ' || setting from pg_settings where source = 'session'
			and name not in ('client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings', 'application_name');
	END
}

nothing_left() {
	local rest
	rest=$(left_over) && [ -z "$rest" ] || { echo "$rest"; return 1; }
}

id=22222222-2222-4222-8222-222222222222
printf 'pool,kind,range\nimported,number,500-599\n' >"$TMPDIR/ranges.csv"
printf 'allocate web --holder batch\nallocate web\n' >"$TMPDIR/lines"
# leave_nothing: runs the commands in its input
leave_nothing() {
	local words command
	while read -r words; do
		read -ra command <<<"$words"
		check "berth $words" exits 0 berth "${pooled[@]}" "${command[@]}"
		check '... leaves no state on the session' nothing_left
	done
}

leave_nothing <<END
pool create web --kind ipv4 10.0.0.0/24
allocate web --id $id --label env=test
allocate web -n
label lease/$id tier=db
pool import $TMPDIR/ranges.csv
batch $TMPDIR/lines
org create acme
project create acme/site --pool site=10.1.0.0/24
pool list
lease list -l env=test
release lease/$id
END

# Whoever stays connected names its statements. This pooler does not carry names along: they stay in the session, and
# the next worker finds them taken. One whose session has lost them meanwhile goes on too, and all release.
has_names() {
	[ "$(psql "${pooled[@]}" -XqAtc "select count(*) from pg_prepared_statements where name like 'berth-%'")" -gt 0 ]
}
check 'a worker releases' exits 0 berth "${pooled[@]}" worker --until-idle
check '... and names its statements' has_names
check 'the next one finds the names taken' exits 0 berth "${pooled[@]}" worker --until-idle
psql "${pooled[@]}" -Xqc 'deallocate all'
late=33333333-3333-4333-8333-333333333333
check 'a lease' exits 0 berth "${pooled[@]}" allocate imported --id $late
"$BERTH" "${pooled[@]}" -q worker &
worker=$!
check 'a worker that stays names its statements' wait_for has_names
psql "${pooled[@]}" -Xqc 'deallocate all'
check '... and goes on when the session has lost them' exits 0 berth "${pooled[@]}" release lease/$late --wait
kill "$worker"
check '... and stops' exits 0 wait "$worker"
psql "${pooled[@]}" -Xqc 'deallocate all'

leave_nothing <<END
--read-only lease show $id
extend $id --for 1h -n
events
doctor
migrate
migrate --check
END
check 'a released lease was released' answers "d->>'state'" destroyed berth "${pooled[@]}" lease show $id --json

kill "$pooler"
wait "$pooler" 2>/dev/null || true
