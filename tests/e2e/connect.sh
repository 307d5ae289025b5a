#!/usr/bin/env bash
# Connecting: connection strings, the time limit for the server, and the message about an interrupted request.
. tests/lib.sh
. tests/lib/answers.sh

one_of() {
	local codes=$1
	shift
	run "$@"
	[[ " $codes " == *" $status "* ]]
}

new_database
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"
id=11111111-1111-4111-8111-111111111111

while IFS='|' read -r conninfo text; do
	check "not a connection string: $conninfo" complains 2 "--dbname: $text" berth -d "$conninfo" pool list
	check '... as an error object' refuses invalid_input berth -d "$conninfo" migrate
done <<'END'
bogus=1|invalid connection option ...
dbname=x host|missing "=" after ...
postgresql://h/db?bogus=1|invalid URI query parameter: ...
postgres://[::1/db|end of string reached
END
check 'a text without "=" is a name' complains 3 'database "bogus" does not exist' berth -d bogus pool list
check 'a connection string' answers "d->0->>'name'" web berth -d "dbname=$PGDATABASE connect_timeout=3" pool list --json

for time in 30d 100000d; do
	check "migrate --timeout $time" exits 0 berth migrate --timeout $time
done
# A statement may use the whole time limit, so the shortest limit still allows one.
check 'migrate --timeout 1ms succeeds or times out' one_of '0 8' berth migrate --timeout 1ms
check 'a demo without a terminal starts no server' complains 2 'needs a terminal' env TMPDIR=/nonexistent "$BERTH" demo
check '... nor for an unknown screen' complains 2 'no such screen' env TMPDIR=/nonexistent "$BERTH" demo --once nope
check '... nor for --linear' complains 2 'needs a terminal' env TMPDIR=/nonexistent "$BERTH" demo --linear
check '--linear alone' complains 2 'needs a terminal' berth --linear
check 'an unknown screen is refused without a server' complains 2 'no such screen' berth -h "$TMPDIR/nowhere" --once nope

# Requests whose answers do not hold their id.
cat >"$TMPDIR/ranges.csv" <<'END'
pool,kind,range
imported,number,500-599
END
berth -q pool create empty --kind number >"$TMPDIR/made"
for words in 'pool add web 10.0.1.0/24' 'pool remove web 10.0.1.0/25' 'pool delete empty' "pool import $TMPDIR/ranges.csv"; do
	read -ra command <<<"$words"
	check "dry: $words" exits 0 berth "${command[@]}" -n
	check '... has no id' equal 'berth: dry run: nothing was changed' "$stderr"
	check "$words" exits 0 berth "${command[@]}"
	given=$(sed -n 's/^berth: id \([0-9a-f-]\{36\}\)$/\1/p' <<<"$stderr")
	check '... prints its id' equal "berth: id $given" "$stderr"
	check '... which repeats the request' answers "coalesce(d->0->'replayed', d->'imported', d->'replayed') in ('true', '1')" t berth "${command[@]}" --id "$given" --json
	check '... but not with --quiet' exits 0 berth "${command[@]}" --id "$given" -q
	check '... with an empty standard error' equal '' "$stderr"
done

# A server that stops in the middle of a request.
coproc LOCK { psql -Xq 2>&1; }
lock=$LOCK_PID
echo 'begin; lock berth.stripe; \echo locked' >&"${LOCK[1]}"
read -r locked <&"${LOCK[0]}"
check 'another session has the lock' equal locked "$locked"
"$BERTH" allocate web --json --timeout 3s >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
waiter=$!
waiting() {
	pid=$(sql "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
	[ -n "$pid" ]
}
check 'a request waits' wait_for waiting
kill -STOP "$pid"
wait "$waiter"
check 'the outcome is unknown' equal 9 $?
kill -CONT "$pid"
given=$(fault "d->'error'->'detail'->>'id'")
check 'the hint has its id' equal "repeat the command with --id $given: it is applied at most once" "$(fault "d->'error'->>'hint'")"
echo 'rollback; \q' >&"${LOCK[1]}"
wait "$lock"
check 'the request can be repeated with the id' answers "d->>'id'" "$given" berth allocate web --id "$given" --json

check 'a lease with an end' answers "d->>'replayed'" false berth allocate web --id $id --for 1h --json
check '... is replayed after its end' answers "concat_ws(' ', d->>'id', d->>'replayed')" "$id true" \
	berth allocate web --id $id --until 2020-01-01T00:00:00Z --json
check '... a new lease with a past end is refused' refuses invalid_input berth allocate web --until 2020-01-01T00:00:00Z
check '... also several leases' complains 2 '--until 2020-01-01T00:00:00Z is in the past' \
	berth allocate web --until 2020-01-01T00:00:00Z --count 2
check 'the doctor finds nothing' exits 0 berth doctor
