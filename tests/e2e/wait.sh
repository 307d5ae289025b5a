#!/usr/bin/env bash
# --wait: until a worker has finished; and waiting in line for a value.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
berth -q pool create web --kind ipv4 10.0.0.0/26 >"$TMPDIR/made"
berth -q pool create three --kind number 1-3 --space s >"$TMPDIR/made"
berth -q pool create hooked --kind number 1-9 --space t --release-hook bye >"$TMPDIR/made"
hook bye <<'END'
#!/bin/sh
exit 1
END

# --- no worker ---------------------------------------------------------------

take web 12
says_nobody='no worker is alive: waiting until one is started'
check 'without a worker: exit 8 after the timeout' exits 8 berth release "${leases[0]}" --wait=300ms --json
check '... having printed the command' equal queued "$(json "d->>'state'")"
check '... which stays in the queue' answers 'jsonb_array_length(d)' 1 berth queue list --json
run berth release "${leases[0]}" --wait=300ms --json
check '... the error' equal timeout "$(fault "d->'error'->>'code'")"
check '... names the command' equal "$(json "d->>'id'")" "$(fault "d->'error'->'detail'->>'command'")"
check '... with a note at once and at the end' equal 2 "$(grep -c "$says_nobody" <<<"$stderr")"
check '... but not with --quiet' equal 0 "$(berth release "${leases[0]}" --wait=10ms -q 2>&1 >"$TMPDIR/out" | grep -c "$says_nobody")"
"$BERTH" release "${leases[1]}" --wait >"$TMPDIR/waiting.out" 2>"$TMPDIR/waiting.err" &
waiting=$!
check 'the note comes while it waits' wait_for grep -q "$says_nobody" "$TMPDIR/waiting.err"
check '... it waits' kill -0 $waiting
check '--wait=0s returns at once' answers "d->>'state'" queued berth release "${leases[2]}" --wait=0s --json
check '... without a note' equal '' "$stderr"
check '--timeout ends it as well' complains 8 'still queued after --timeout 2s' berth release "${leases[2]}" --wait --timeout 2s
check 'the earlier of both ends it' complains 8 'still queued after --wait 200ms' berth release "${leases[2]}" --wait=200ms --timeout 60s
check 'a dry run does not wait' exits 0 berth release "${leases[2]}" --wait -n
check 'nor does that of an extension' exits 0 berth extend "${leases[2]}" --for 1h --wait -n

# --- a worker starts ---------------------------------------------------------

working --name one
check 'a worker starts: the waiting request ends' wait "$waiting"
check '... with the outcome' grep -q 'applied' "$TMPDIR/waiting.out"
check 'applied: exit 0 and the command as it ended' answers "concat_ws(' ', d->>'state', d->>'outcome', d->>'consumed_by', d->'replayed')" 'done applied one false' \
	berth release "${leases[3]}" --wait --json
check '... without a note' equal '' "$stderr"
check 'nothing to do: exit 0' answers "d->>'outcome'" noop berth release "${leases[3]}" --wait=20s --json
check 'rejected: exit 5' exits 5 berth release "${leases[4]}" --expect-generation 7 --wait --json
check '... with the command' equal rejected "$(json "d->>'outcome'")"
check '... and the error' equal 'precondition_failed rejected' "$(fault "concat_ws(' ', d->'error'->>'code', d->'error'->'detail'->>'outcome')")"
check '... in words' complains 5 'rejected: generation 1 now, you saw 7' berth release "${leases[4]}" --expect-generation 7 --wait
id=11111111-1111-4111-8111-111111111111
"$BERTH" release "${leases[5]}" --grace 1h --id $id --wait --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
waiting=$!
queued() {
	berth queue show "$1" >"$TMPDIR/out" 2>&1
}
check 'one in its grace' wait_for queued $id
check '... cancelled' exits 0 sh -c '"$0" queue cancel "$1" >"$2"' "$BERTH" $id "$TMPDIR/out2"
ended=0
wait $waiting || ended=$?
check '... ends with 5' equal 5 $ended
check 'a replay waits too' exits 5 berth release "${leases[5]}" --id $id --wait --json
check '... and is one' equal 'cancelled true' "$(json "concat_ws(' ', d->>'state', d->'replayed')")"
check '... a conflict' equal conflict "$(fault "d->'error'->>'code'")"
check 'a bulk' answers "concat_ws(' ', d->>'outcome', d->'progress')" 'applied {"done": 3, "noop": 0, "total": 3, "failed": 0, "applied": 3, "rejected": 0, "cancelled": 0}' \
	berth release "${leases[@]:6:3}" --yes --wait --json
check 'a resource' answers "d->>'outcome'" applied berth resource cordon web/10.0.0.0/26 --wait --json
check 'an extension' answers "d->>'outcome'" applied berth extend "${leases[9]}" --for 1h --force --wait --json
check 'still ends with 8 when it takes too long' exits 8 berth release "${leases[10]}" --grace 1h --wait=300ms
check '... without the note about workers' test "${stderr/no worker/}" = "$stderr"
check 'the worker ends' worked

take hooked 3
working --name two --attempts 1
check 'a hook fails: exit 1' exits 1 berth release "${leases[0]}" --wait --json
check '... the command is quarantined' equal quarantined "$(json "d->>'state'")"
check '... with a message' equal t "$([[ $stderr == *'berth: quarantined: '* ]] && echo t)"
check 'a bulk with one of these: exit 1' exits 1 berth release "${leases[@]:1:2}" --yes --wait --json
check '... failed' equal 'failed {"done": 2, "noop": 0, "total": 2, "failed": 2, "applied": 0, "rejected": 0, "cancelled": 0}' "$(json "concat_ws(' ', d->>'outcome', d->'progress')")"
check 'a retry that fails: exit 1' exits 1 berth queue retry "$(berth queue list --state quarantined --limit 1 --csv | tail -n 1 | cut -d, -f1)" --wait
check 'skipped: exit 0' exits 0 berth queue skip "$(berth queue list --state quarantined --limit 1 --csv | tail -n 1 | cut -d, -f1)" --wait
check 'the worker ends' worked
"$BERTH" worker -q --name three >"$TMPDIR/working" 2>&1 &
worker=$!
take hooked 1
alive() {
	berth worker list | grep -q 'three .* yes '
}
check 'a worker without hooks' wait_for alive
check '... cannot do it' complains 8 'no live worker runs hooks' berth release "${leases[0]}" --wait=200ms
check '... ends' worked

# --- in line after leases that keep their value too long ---------------------

line=88888888-8888-4888-8888-888888888888
berth -q pool create late --kind number --space late 1 --release-hook bye >"$TMPDIR/made"
take late 1
sql "update berth.lease set created = now() - interval '2 hours', acquired = now() - interval '2 hours',
	activated = now() - interval '2 hours', until = now() - interval '1 hour' where id = '${leases[0]}'" >"$TMPDIR/made"
"$BERTH" worker -q --name plain >"$TMPDIR/working" 2>&1 &
worker=$!
plain_alive() {
	berth worker list | grep -q 'plain .* yes '
}
check 'a worker without hooks' wait_for plain_alive
check '... which cannot release it' complains 6 'the time of 1 is over, and no living worker runs hooks' berth allocate late
check '... a waiting request is told' complains 8 'no live worker runs hooks' berth allocate late --wait=200ms --id $line
check '... and why' prints 'the time of 1 is over, and no living worker runs hooks' berth lease show $line
check '... ends' worked

# --- in line for a value -----------------------------------------------------

take three 3
held=("${leases[@]}")
check 'exhausted' refuses pool_exhausted berth allocate three
check 'in line: exit 8, the lease is pending' exits 8 berth allocate three --wait=200ms --json
check '... with its place and the reason' equal 'pending null 1 0 ["resource 1-3: all 3 taken"]' "$(json "concat_ws(' ', d->>'state', d->'value',
	d->'waiting'->'position', d->'waiting'->'ahead', d->'waiting'->'reasons')")"
check '... and stays in line' equal timeout "$(fault "d->'error'->>'code'")"
first=$(json "d->>'id'")
check '... with a note at once and at the end' equal 2 "$(grep -c "$says_nobody" <<<"$stderr")"
check 'at once: exit 0' answers "concat_ws(' ', d->>'state', d->'waiting'->'position')" 'pending 2' berth allocate three --wait=0s --json
second=$(json "d->>'id'")
check 'a higher priority goes before' answers "d->'waiting'->'position'" 1 berth allocate three --wait=0s --priority 5 --id $nobody --json
before=$(fingerprint)
check 'dry run' answers "concat_ws(' ', d->>'state', d->'waiting'->'position')" 'pending 4' berth allocate three --wait -n --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'a replay, without --wait' answers "concat_ws(' ', d->>'state', d->'waiting'->'ahead', d->'replayed')" 'pending 1 true' berth allocate three --id "$first" --json
check '... with it' exits 8 berth allocate three --id "$first" --wait=10ms
check 'lease show has the place' answers "d->'waiting'->'position'" 3 berth lease show "$second" --json
check '... as a table' prints 'place 3 in the line; resource 1-3: all 3 taken' berth lease show "$second"
check '... but not for a lease with a value' answers "d->'waiting'" '' berth lease show "${held[0]}" --json
check 'no request overtakes' complains 6 'waiting 3' berth allocate three
"$BERTH" allocate three --id "$first" --wait --json >"$TMPDIR/waiting.out" 2>"$TMPDIR/waiting.err" &
waiting=$!
working --name four
check 'one comes free' exits 0 berth release "${held[1]}" --wait
filled() {
	[ "$(berth lease show "$1" --json | tr ',' '\n' | grep -c '"state":"active"')" = 1 ]
}
check '... for the highest priority' wait_for filled $nobody
check '... with that value' answers "d->>'value'" 2 berth lease show $nobody --json
check '... and no other lease' answers 'jsonb_array_length(d)' 2 berth lease list --pool three --state pending --json
check 'another one' exits 0 berth release "${held[0]}" --wait
check '... goes to the oldest waiting lease' wait $waiting
check '... which is printed' grep -q '"value":"1".*"state":"active"' "$TMPDIR/waiting.out"
"$BERTH" allocate three --id "$second" --wait --json >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" &
waiting=$!
check 'one that waits is released' exits 0 sh -c '"$0" release "$1" --wait >"$2"' "$BERTH" "$second" "$TMPDIR/out2"
ended=0
wait $waiting || ended=$?
check '... the waiting request ends with 5' equal 5 $ended
check '... nothing is left in line' answers d '[]' berth lease list --pool three --state pending --json
check 'a range is added' answers 'jsonb_array_length(d)' 1 berth pool add three 4 --json
check '... and gives a value' answers "d->>'value'" 4 berth allocate three --wait --json
check '... without a place in the line' answers "d->'waiting'" '' berth allocate hooked --wait=0s --json --dry-run
check 'the worker ends' worked
check 'doctor finds nothing' exits 0 berth doctor

# --- the server goes away ----------------------------------------------------

local=(--local="$TMPDIR/s")
berth -q migrate "${local[@]}" >"$TMPDIR/out" && berth -q pool create web --kind number 1-9 "${local[@]}" >"$TMPDIR/out" &&
	berth -q allocate web --id $id "${local[@]}" >"$TMPDIR/out"
"$BERTH" release $id "${local[@]}" --wait >"$TMPDIR/away.out" 2>"$TMPDIR/away.err" &
waiting=$!
check 'on another server' wait_for grep -q "$says_nobody" "$TMPDIR/away.err"
check '... which is stopped' exits 0 berth local stop "${local[@]}"
check '... the waiting request continues' kill -0 $waiting
check '... and started again' exits 0 berth local start "${local[@]}"
check '... a worker applies it' exits 0 berth worker --until-idle -q "${local[@]}"
check '... the waiting request ends' wait $waiting
check '... with the outcome' grep -q 'applied' "$TMPDIR/away.out"
check '... the server ends' exits 0 berth local stop "${local[@]}"
