#!/usr/bin/env bash
# The end of a lease: the forms of a time, and never.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
id() {
	printf '%08d-0000-4000-8000-000000000000' "$1"
}
berth -q pool create short --kind number 1-20 --ttl 1h >"$TMPDIR/made"

# All options that take a time accept the same forms.
while IFS='|' read -r text expected; do
	check "--until '$text'" answers "d->>'until'" "$expected" berth allocate short --until "$text" --json
	check "... --since" answers d '[]' berth events --since "$text" --json
	check "... --at" answers d '[]' berth lease list --value 20 --at "$text" --json
	check "... in a batch" answers "d->0->>'until'" "$expected" berth batch - --json <<<"allocate short --until '$text'"
done <<'END'
2999-12-31T23:30:00.123456789Z|2999-12-31T23:30:00.123456Z
2999-12-31t23:59:60z|3000-01-01T00:00:00.000000Z
2999-12-31 23:30:00.5+01:00|2999-12-31T22:30:00.500000Z
END
check 'a 61st second' refuses invalid_input berth allocate short --until 2999-12-31T23:59:61Z

check 'without --until the ttl counts' answers "d->'until' <> 'null'" t berth allocate short --json
check '--until never overrides it' answers "d->'until'" null berth allocate short --until never --id "$(id 1)" --json
check '... no other spelling is accepted' complains 2 'hint: "never"' berth allocate short --until Never
check '... also with a value' answers "d->'until'" null berth allocate short --until never --value 20 --json
check '... and of several' answers "(select jsonb_agg(e->'until') from jsonb_array_elements(d) e)" '[null, null]' \
	berth allocate short --until never --count 2 --json
check '... and not with --for' refuses invalid_input berth allocate short --until never --for 1h
check 'no other option takes it' refuses invalid_input berth events --since never

# A pending lease without an end still has none when it gets its value.
berth -q pool create one --kind number 1 --ttl 1h --space other >"$TMPDIR/made"
take one 1
berth -q allocate one --until never --wait=0s --id "$(id 2)" >"$TMPDIR/made"
berth -q allocate one --wait=0s --id "$(id 3)" >"$TMPDIR/made"
check 'a release' exits 0 berth release "${leases[0]}"
check '... a worker applies it' work
check '... and fills the pending lease' answers "concat_ws(' ', d->>'state', d->'until')" 'active null' \
	berth lease show "$(id 2)" --json

# extend: the end is removed, and set again with --force.
take short 1
lease=${leases[0]}
check 'extend --until never' answers "concat_ws(' ', d->>'action', d->>'state', d->'until')" 'extend queued null' \
	berth extend "$lease" --until never --id "$(id 4)" --json
check '... a worker applies it' work
check '... removes the end' answers "concat_ws(' ', d->'until', d->'generation')" 'null 2' berth lease show "$lease" --json
check '... and says so' answers "d->>'explanation'" 'extended to no end' berth queue show "$(id 4)" --json
check '... as an event' answers "concat_ws(' ', d->-1->>'action', d->-1->'before'->'until' <> 'null', d->-1->'after'->'until')" \
	'extend t null' berth events "lease/$lease" --json
check 'sent again' answers "concat_ws(' ', d->>'outcome', d->'replayed')" 'applied true' \
	berth extend "$lease" --until never --id "$(id 4)" --json
berth -q extend "$lease" --until never --id "$(id 5)" >"$TMPDIR/made"
berth -q extend "$lease" --for 1h --id "$(id 6)" >"$TMPDIR/made"
check '... a worker applies it' work
check 'never again is a no-op' answers "concat_ws(': ', d->>'outcome', d->>'explanation')" 'noop: the lease has no end already' \
	berth queue show "$(id 5)" --json
check 'an end in an hour is rejected' answers "d->>'outcome'" rejected berth queue show "$(id 6)" --json
berth -q extend "$lease" --for 1h --force >"$TMPDIR/made"
check '... a worker applies it' work
check '... but applied with --force' answers "d->'until' <> 'null'" t berth lease show "$lease" --json

# A pending lease is extended while it waits.
berth -q extend "$(id 3)" --until never >"$TMPDIR/made"
check '... a worker applies it' work
check 'a release' exits 0 berth release "$(id 2)"
check '... a worker applies it' work
check 'a pending lease gets no end' answers "concat_ws(' ', d->>'state', d->'until')" 'active null' \
	berth lease show "$(id 3)" --json

check 'a lease without an end is not overdue' answers "d->'overdue'" 0 berth queue stats --json
check 'the doctor finds nothing' exits 0 berth doctor
