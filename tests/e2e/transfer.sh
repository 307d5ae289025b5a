#!/usr/bin/env bash
# Leases that change: another holder, and no end.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
lease=11111111-1111-4111-8111-111111111111
outcome="concat_ws(' ', d->>'state', d->>'outcome', d->>'explanation')"
berth -q pool create web --kind ipv4 10.9.0.0/24 --ttl 7d >"$TMPDIR/made"
berth -q allocate web --id $lease --value 10.9.0.7 --holder ci-17 --label env=test >"$TMPDIR/made"

# --- another holder -----------------------------------------------------------

check 'a dry run changes nothing' answers "concat_ws(' ', d->>'action', d->>'holder', d->>'state')" 'transfer ci-18 queued' \
	berth transfer $lease --holder ci-18 -n --json
check '... nothing is queued' answers d '[]' berth queue list --json
check 'it is queued' answers "concat_ws(' ', d->>'action', d->>'holder', d->>'state', d->>'target')" \
	"transfer ci-18 queued lease/$lease" berth transfer lease/$lease --holder ci-18 --id 21111111-1111-4111-8111-111111111111 \
	--reason 'ci-17 is gone' --json
check '... the lease is as before' answers "d->>'holder'" ci-17 berth lease show $lease --json
check '... the same id is a replay' answers "d->'replayed'" true \
	berth transfer $lease --holder ci-18 --id 21111111-1111-4111-8111-111111111111 --json
check '... with another holder it is refused' refuses id_conflict \
	berth transfer $lease --holder ci-19 --id 21111111-1111-4111-8111-111111111111
check 'a worker applies it' work
check '... and says so' answers "$outcome" 'done applied transferred to "ci-18"' \
	berth queue show 21111111-1111-4111-8111-111111111111 --json
check 'value, labels and state stay, the generation is raised' answers \
	"concat_ws(' ', d->>'holder', d->>'value', d->'labels'->>'env', d->>'state', d->'generation', d->>'until' is null)" \
	'ci-18 10.9.0.7 test active 2 f' berth lease show $lease --json
check 'the event tells both holders' answers \
	"(select concat_ws(' ', e->'before'->>'holder', e->'after'->>'holder', e->'before'->'generation', e->'after'->'generation', e->>'command')
		from jsonb_array_elements(d) e where e->>'action' = 'transfer')" \
	'ci-17 ci-18 1 2 21111111-1111-4111-8111-111111111111' berth events lease/$lease --json
check 'the history begins with the first holder' answers "d->0->'after'->>'holder'" ci-17 berth events lease/$lease --json
check 'a replay of the allocation answers' answers "concat_ws(' ', d->>'holder', d->'replayed', d->'differs')" 'ci-18 true []' \
	berth allocate web --id $lease --holder ci-17 --json
check '... and tells what differs from its first request' answers "d->'differs'->>0" holder \
	berth allocate web --id $lease --holder ci-18 --json
check 'the holders know' answers "d->0->>'holder'" ci-18 berth lease holders --pool web --json
check 'the new holder finds it' answers "jsonb_array_length(d)" 1 berth lease list --holder ci-18 --json

check 'to the same holder' exits 0 berth transfer $lease --holder ci-18 --id 31111111-1111-4111-8111-111111111111
check '... a worker applies it' work
check '... is a no-op' answers "$outcome" 'done noop the lease has this holder already' \
	berth queue show 31111111-1111-4111-8111-111111111111 --json
check '... without an event' answers "d->'generation'" 2 berth lease show $lease --json
check 'a stale generation is rejected' exits 0 \
	berth transfer $lease --holder x --expect-generation 1 --id 41111111-1111-4111-8111-111111111111
check '... a worker decides' work
check '... and tells what changed' answers "d->>'explanation' ~ '^generation 2 now, you saw 1: transfer by '" t \
	berth queue show 41111111-1111-4111-8111-111111111111 --json
check 'the empty holder is nobody' exits 0 berth transfer $lease --holder '' --id 51111111-1111-4111-8111-111111111111
check '... a worker applies it' work
check '... and says so' answers "$outcome" 'done applied transferred to nobody' \
	berth queue show 51111111-1111-4111-8111-111111111111 --json
check 'hostile text is kept exactly' exits 0 berth transfer $lease --holder $'a\033[31m"b'
check '... a worker applies it' work
check '... in JSON' answers "d->>'holder'" $'a\033[31m"b' berth lease show $lease --json
check '... and made safe elsewhere' prints 'a‹1B›[31m"b' berth lease show $lease

working
check '--wait tells the outcome' answers "d->>'outcome'" applied berth transfer $lease --holder ci-20 --wait=60s --json
check 'the worker stops' worked
take web 3
check 'several at once need --yes without a terminal' exits 2 berth transfer "${leases[0]}" "${leases[1]}" --holder crew
check 'several at once' answers "d->'progress'->'total'" 0 berth transfer "${leases[@]}" --holder crew --yes --json
check '... a worker applies them' work
check '... each' answers 'jsonb_array_length(d)' 3 berth lease list --holder crew --json
printf 'transfer %s --holder night\nextend %s --until never\n' "${leases[0]}" "${leases[1]}" >"$TMPDIR/lines"
check 'in a batch' answers "(select string_agg(e->>'action', ' ') from jsonb_array_elements(d) e)" 'transfer extend' \
	berth batch "$TMPDIR/lines" --json
check '... a worker applies them' work
check '... both' answers "concat_ws(' ', d->>'holder')" night berth lease show "${leases[0]}" --json
check '... both' answers "concat_ws(' ', d->'until')" null berth lease show "${leases[1]}" --json

check 'an unknown lease' refuses not_found berth transfer 99999999-9999-4999-8999-999999999999 --holder x
check 'it is released' exits 0 berth release $lease
check '... a worker applies it' work
check 'a released lease cannot be transferred' exits 0 berth transfer $lease --holder x --id 61111111-1111-4111-8111-111111111111
check '... a worker decides' work
check '... and says why' answers "$outcome ~ '^done rejected the lease is destroyed: it was released by command '" t \
	berth queue show 61111111-1111-4111-8111-111111111111 --json
check 'a lease in the line' exits 0 berth pool create one --kind number --space one 1
take one 1
berth -q allocate one --wait=0s --holder early --id 71111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
check '... is transferred as well' exits 0 berth transfer 71111111-1111-4111-8111-111111111111 --holder late
check '... a worker applies it' work
check '... and still waits' answers "concat_ws(' ', d->>'holder', d->>'state')" 'late pending' \
	berth lease show 71111111-1111-4111-8111-111111111111 --json

# --- no end -------------------------------------------------------------------

check 'never wins over the ttl of the pool' answers "d->'until'" null berth allocate web --until never --json
check '... with a value' answers "d->'until'" null berth allocate web --value 10.9.0.99 --until never --json
check '... with a count' answers "(select count(*) from jsonb_array_elements(d) e where e->'until' = 'null')" 2 \
	berth allocate web --count 2 --until never --json
check '... in a batch' answers "d->0->'until'" null berth batch <(echo allocate web --until never) --json
check 'a replay without an end differs in nothing' answers "d->'differs'" '[]' \
	berth allocate web --id "$(json "d->0->>'id'")" --json
check 'without it the ttl holds' answers "(d->>'until')::timestamptz between now() + interval '6 days' and now() + interval '8 days'" t \
	berth allocate web --json
lease=$(json "d->>'id'")
check 'extend never' exits 0 berth extend "$lease" --until never --id 81111111-1111-4111-8111-111111111111
check '... a worker applies it' work
check '... and says so' answers "$outcome" 'done applied extended to no end' \
	berth queue show 81111111-1111-4111-8111-111111111111 --json
check '... the lease has no end' answers "d->'until'" null berth lease show "$lease" --json
check '... the event tells the former one' answers \
	"(select e->'before'->>'until' is not null and e->'after'->'until' = 'null' from jsonb_array_elements(d) e where e->>'action' = 'extend')" t \
	berth events "lease/$lease" --json
check 'a ttl for a pool with a line' exits 0 berth pool set one --ttl 1h
berth -q allocate one --wait=0s --until never --id 91111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
check '... values are added' exits 0 berth pool add one 2-9
check '... a worker serves the line' work
check '... a lease that waited has no end' answers "concat_ws(' ', d->>'state', d->'until')" 'active null' \
	berth lease show 91111111-1111-4111-8111-111111111111 --json
check 'the doctor finds nothing' answers "d->'ok'" true berth doctor --json
