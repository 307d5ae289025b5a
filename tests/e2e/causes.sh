#!/usr/bin/env bash
# Errors name the actual cause, not a possible one.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"
check 'a setting of berth.api from outside changes no code' refuses not_found env PGOPTIONS='-c berth.api=on' "$BERTH" allocate nowhere
coproc LOCK { psql -Xq 2>&1; }
lock=$LOCK_PID
echo 'begin; lock berth.stripe; \echo locked' >&"${LOCK[1]}"
read -r locked <&"${LOCK[0]}"
check 'another session has the lock' equal locked "$locked"
check "the server's statement_timeout" complains 8 "the server's statement_timeout" env PGOPTIONS='-c statement_timeout=200ms' "$BERTH" allocate web
check '... also with --timeout' complains 8 "the server's statement_timeout" \
	env PGOPTIONS='-c statement_timeout=200ms' "$BERTH" allocate web --timeout 60s
check "the server's lock_timeout" complains 8 "the server's lock_timeout" env PGOPTIONS='-c lock_timeout=200ms' "$BERTH" allocate web --timeout 60s
check '... is a timeout' refuses timeout env PGOPTIONS='-c lock_timeout=200ms' "$BERTH" allocate web
check '--timeout' complains 8 'timed out after --timeout 1s' berth allocate web --timeout 1s
"$BERTH" allocate web --json --timeout 60s >"$TMPDIR/out" 2>"$TMPDIR/stderr" &
waiter=$!
waiting() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")" -eq 1 ]
}
check 'a request waits' wait_for waiting
sql "select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'" >"$TMPDIR/cancel"
cancelled() {
	local code=0
	wait "$waiter" || code=$?
	equal 8 "$code"
}
check 'an administrator cancels it' cancelled
check '... the error is not a timeout' grep -q 'cancelled on the server, not by berth' "$TMPDIR/stderr"
echo 'rollback; \q' >&"${LOCK[1]}"
wait "$lock"

# A database of another encoding.
latin=${PGDATABASE}_latin
createdb -T template0 -E LATIN1 --locale=C "$latin"
tests_databases+=("$latin")
export PGDATABASE=$latin
check 'a database of another encoding' exits 0 berth -q migrate
berth -q pool create web --kind ipv4 10.0.0.0/24 >"$TMPDIR/made"
check '... accepts text that it can hold' answers "d->>'holder'" 'Zoë' berth allocate web --holder 'Zoë' --json
check '... the error names other text and the encoding' complains 2 "the database's encoding, LATIN1, cannot hold 'costs 5 €'" \
	berth allocate web --holder 'costs 5 €'
check '... in an annotation' complains 2 "LATIN1, cannot hold '漢字 x'" berth annotate pool/web 'a=漢字 x' b=c
check '... in a label of many' complains 2 "LATIN1, cannot hold '日本'" berth batch - <<<'annotate pool/web c="日本"'
check '... as invalid_input' refuses invalid_input berth allocate web --holder '日本'
check '... in a label too' refuses invalid_input berth allocate web --label 'a=日本'
check '... and in a filter' refuses invalid_input berth lease list --filter 'holder = 日本'
check 'nothing else was stored' equal 1 "$(sql 'select count(*) from berth.lease')"
