#!/usr/bin/env bash
# Requests whose target was about to end, to be drained, or had yet to begin: none is reported as done when it
# was not.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
lease=$(sql 'select gen_random_uuid()')
outcome_of() {
	sql "select concat_ws(' ', state, outcome) from berth.command where id = '$1'"
}

berth -q pool create web --kind number 1-3000 --space a >"$TMPDIR/made"
take web 1
late=$(sql 'select gen_random_uuid()')
graceful=$(sql 'select gen_random_uuid()')
check 'a release' exits 0 berth release "${leases[0]}"
check 'an extension after it' exits 0 berth extend "${leases[0]}" --for 2h --id "$late"
check 'and one in its grace period' exits 0 berth extend "${leases[0]}" --for 2h --id "$graceful" --grace 1h
check '... a worker applies it' work
check 'the due one is rejected as too late' equal 'done rejected' "$(outcome_of "$late")"
check 'the other one is consumed at once' equal 'done noop' "$(outcome_of "$graceful")"

# A drain that was cancelled in the middle.
check 'leases' take web 100
drain=$(sql 'select gen_random_uuid()')
check 'a drain' exits 0 berth resource release web/1-3000 --id "$drain"
sql "select berth.worker_start('hand', 'h', 1, 60000000, false, now())" >"$TMPDIR/hand"
sql "select berth.apply('hand', 10)" >"$TMPDIR/hand"
sql "select berth.fan_out('hand', 10)" >"$TMPDIR/hand"
check 'is cancelled when it has begun' exits 0 berth queue cancel "$drain"
check 'doctor finds nothing' exits 0 berth doctor
check 'another one' exits 0 berth resource release web/1-3000
check '... a worker applies it' work
check '... ends it' equal destroyed "$(sql "select state from berth.resource where name = '1-3000'")"

# Those that wait.
berth -q pool create narrow --kind number 1-1 --space b >"$TMPDIR/made"
take narrow 1
check 'one waits' exits 0 berth allocate narrow --id "$lease" --for 1h --wait=0s
check 'its duration can be extended' exits 0 berth extend "$lease" --for 2h --id "$(sql 'select gen_random_uuid()')"
check '... a worker applies it' work
check '... before it begins' equal 'done applied' "$(sql "select concat_ws(' ', state, outcome) from berth.command where target = '$lease'")"
check 'a pool with one that waits is in use' complains 5 'narrow' berth pool delete narrow
berth -q pool add narrow 2-9 >"$TMPDIR/made"
check 'free values are for pending leases' complains 6 'for the 1 that wait' berth allocate narrow
check '... also a requested one' complains 6 'for the 1 that wait' berth allocate narrow --value 5
check '... a worker applies it' work
check '... which get them' answers "d->>'state'" active berth lease show "$lease" --json
check '... from the recorded time' equal t \
	"$(sql "select after ? 'until' or before ? 'until' or (select until is not null from berth.lease where id = '$lease') from berth.event where action = 'fill'")"

# A release that waits for a worker with hooks draws no worker away from other leases.
berth -q pool create hooked --kind number 1-9 --space c --activate-hook up >"$TMPDIR/made"
take hooked 1
check 'a release that no worker can apply yet' exits 0 berth release "${leases[0]}"
sql "update berth.command set created = created - interval '1 minute' where state = 'queued'"
heard() {
	psql -XqAt -c 'listen berth' -c "select state from berth.queue(gen_random_uuid(), 'release',
		jsonb_build_array(jsonb_build_object('kind', 'lease', 'id', '$lease'::uuid)), '', 0, null, null, null, false, '{}')" |
		grep -q 'notification "berth"'
}
check 'does not keep another one from being noticed' heard

# The reason of a broken lease is kept as long as the lease.
check 'an activation is cancelled' exits 0 berth queue cancel \
	"$(sql "select id from berth.command where action = 'activate'")"
check '... which breaks its lease' equal broken "$(sql "select state from berth.lease where id = '${leases[0]}'")"
sql "update berth.command set consumed_at = now() - interval '40 days' where action = 'activate'"
sql "update berth.command set not_before = now() + interval '1 day' where lane = '${leases[0]}' and state = 'queued'"
check '... a worker applies it' work
check '... also after a month' exits 0 berth doctor
check 'doctor finds nothing in the end' exits 0 berth doctor
