#!/usr/bin/env bash
# A server that is absent, does not answer, or goes away; and output that is not read.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"
id=11111111-1111-4111-8111-111111111111

# Runs a program with a time limit, and fails if it hangs.
within() {
	local seconds=$1
	shift
	timeout "$seconds" "$BERTH" "$@"
}

while IFS='|' read -r what options text; do
	eval "set -- $options"
	for words in 'pool list' 'pool create x --kind ipv4' 'allocate web' 'lease list' doctor migrate \
		'pool import tests/data/aws-overlaps.csv'; do
		read -ra command <<<"$words"
		check "$what: $words" refuses unavailable within 10 "$@" "${command[@]}"
	done
	check "$what: in words" complains 3 "$text" within 10 "$@" pool list
done <<'END'
refused|-h 127.0.0.1 -p 1|Connection refused
no socket|-h "$TMPDIR/nowhere"|No such file or directory
no database|-d nope|database "nope" does not exist
no user|-U nobody_here|role "nobody_here" does not exist
END
check 'malformed input is refused without a server' refuses invalid_input within 10 -h 127.0.0.1 -p 1 pool create x --kind ipv4 10.0.0.1/8
check 'help needs none' exits 0 within 10 -h 127.0.0.1 -p 1 help

# A server that accepts connections and sends nothing.
check 'a server of our own' answers "d->>'state'" running berth local start --local="$TMPDIR/s" --json
server=$(json "d->>'pid'")
kill -STOP "$server"
check 'a black hole: --timeout' refuses unavailable within 10 -h "$TMPDIR/s" -U berth -d berth --timeout 500ms pool list
check 'a black hole: without it' refuses unavailable within 20 -h "$TMPDIR/s" -U berth -d berth allocate web
kill -CONT "$server"
check 'it answers again' refuses schema_mismatch berth -h "$TMPDIR/s" -U berth -d berth pool list
check 'and is stopped' exits 0 berth local stop --local="$TMPDIR/s"

createdb "$PGDATABASE-bare"
tests_databases+=("$PGDATABASE-bare")
for words in 'pool list' 'pool show web' 'pool create x --kind ipv4' 'resource list' 'allocate web' 'lease list' \
	"lease show $id" doctor 'migrate --check'; do
	read -ra command <<<"$words"
	check "without a schema: $words" refuses schema_mismatch berth -d "$PGDATABASE-bare" "${command[@]}"
	check '... with a hint' equal "run: berth -d $PGDATABASE-bare migrate" "$(fault "d->'error'->>'hint'")"
done
sql "insert into berth.schema_version (version, name) select max(version) + 1, 'newer' from berth.schema_version" >"$TMPDIR/newer" 2>&1 ||
	sql "insert into berth.schema_version (version) select max(version) + 1 from berth.schema_version" >"$TMPDIR/newer"
check 'a newer schema' refuses schema_mismatch berth pool list
check '... is left alone' refuses schema_mismatch berth migrate
sql "delete from berth.schema_version where version = (select max(version) from berth.schema_version)" >"$TMPDIR/newer"

# A server that is busy, and one that ends.
coproc LOCK { psql -Xq 2>&1; }
lock=$LOCK_PID
echo 'begin; lock berth.stripe; \echo locked' >&"${LOCK[1]}"
read -r locked <&"${LOCK[0]}"
check 'another session has the lock' equal locked "$locked"
before=$(sql 'select count(*) from berth.lease')
check 'a command that waits: --timeout' refuses timeout within 10 allocate web --id $id --timeout 2s
check '... says that nothing was changed' equal "nothing was changed; to repeat the same request: --id $id" "$(fault "d->'error'->>'hint'")"
check '... names the time' complains 8 'allocate: timed out after --timeout 2s' within 10 allocate web --id $id --timeout 2s
check '... a list times out too' refuses timeout within 10 pool list --timeout 2s
check '... and nothing has changed' equal "$before" "$(sql 'select count(*) from berth.lease')"
waiting() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")" -eq "$1" ]
}
wait_for waiting 0
within 20 allocate web --id $id --json >"$TMPDIR/ended" 2>&1 &
waiter=$!
check 'a request waits' wait_for waiting 1
sql "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()" >"$TMPDIR/kill"
wait "$waiter"
check 'its connection ends: unavailable' equal 3 $?
check '... with its id' grep -q '"detail":{"id":"'$id'"}' "$TMPDIR/ended"
check '... and nothing has changed' equal "$before" "$(sql 'select count(*) from berth.lease')"
echo 'rollback; \q' >&"${LOCK[1]}"
wait "$lock"
check 'the same id again' answers "concat_ws(' ', d->>'value', d->'replayed')" '10.0.0.0 false' berth allocate web --id $id --json

# Readers.
berth -q pool create many --kind number --space m $(seq 1 2 6000) >"$TMPDIR/made"
left() {
	local codes
	"$BERTH" resource list "$@" 2>"$TMPDIR/stderr" | head -n 1 >"$TMPDIR/stdout"
	codes=${PIPESTATUS[*]}
	equal '141 0' "$codes" && equal '' "$(<"$TMPDIR/stderr")"
}
for format in '' --json --csv; do
	check "a reader of one line causes no error $format" left $format
done
full() {
	"$BERTH" "$@" >/dev/full 2>"$TMPDIR/stderr"
	equal 70 $? && grep -q 'could not be written: No space left' "$TMPDIR/stderr"
}
for words in 'pool list' 'pool list --json' 'pool list --csv' 'pool show web' 'pool show web --json' 'pool show web --csv' \
	'resource list' 'lease list --json' doctor help 'help pool' version 'version --json' migrate; do
	read -ra command <<<"$words"
	check "a full disk is reported: $words" full "${command[@]}"
done
closed() {
	"$BERTH" allocate web --id "$1" >&- 2>"$TMPDIR/stderr"
	equal 70 $? && grep -q 'could not be written' "$TMPDIR/stderr" &&
		equal 10.0.0.1 "$(berth lease show "$1" --csv | sed -n '2s/^[^,]*,web,ipv4,\([^,]*\),.*/\1/p')"
}
check 'a closed output is told, and is not the server'"'"'s socket' closed 22222222-2222-4222-8222-222222222222
check 'a closed input' equal 2 "$(berth pool import - <&- >"$TMPDIR/stdout" 2>&1; echo $?)"
check 'a closed standard error keeps the exit code' equal 4 "$(berth pool show nope 2>&-; echo $?)"
check 'the doctor finds nothing' exits 0 berth doctor
