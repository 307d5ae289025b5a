#!/usr/bin/env bash
# An in_use error names the users: up to ten leases with value and holder, and the number of others.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
leases_named="(select string_agg(concat_ws(' ', e->>'value', e->>'holder'), ',' order by n) from jsonb_array_elements(d->'error'->'detail'->'leases')
	with ordinality as x (e, n))"
berth -q pool create web --kind ipv4 10.0.0.0/28 10.1.0.0/30 >"$TMPDIR/made"
take web 2 --holder vm-1
berth -q allocate web --value 10.1.0.2 >"$TMPDIR/made"

check 'a range in use' refuses in_use berth pool remove web 10.0.0.0/28
check '... names value and holder of each' equal '10.0.0.0 vm-1,10.0.0.1 vm-1' "$(fault "$leases_named")"
check '... and its id' equal "${leases[0]}" "$(fault "d->'error'->'detail'->'leases'->0->>'id'")"
check '... also in the message' complains 5 'resource 10.0.0.0/28 of pool web has leases: 10.0.0.0 ("vm-1"), 10.0.0.1 ("vm-1")' \
	berth pool remove web 10.0.0.0/28
check 'one without a holder' refuses in_use berth pool remove web 10.1.0.0/30
check '... has an empty one' equal '{"value": "10.1.0.2", "holder": ""}' "$(fault "(d->'error'->'detail'->'leases'->0) - 'id'")"
check '... and none in the message' complains 5 'has leases: 10.1.0.2' berth pool remove web 10.1.0.0/30

berth -q pool create vlans --kind number 1-5 >"$TMPDIR/made"
berth -q allocate vlans --value 3 >"$TMPDIR/made"
berth -q allocate vlans --value 5 --holder 'x"), 4 ("y' >"$TMPDIR/made"
check 'a number is no count, and a holder is quoted' complains 5 'has leases: value 3, value 5 ("x\"), 4 (\"y")' berth pool remove vlans 1-5

check 'a pool with resources' refuses in_use berth pool delete web
check '... names its leases' equal '10.0.0.0 vm-1,10.0.0.1 vm-1,10.1.0.2 ' "$(fault "$leases_named")"
check '... also in the message' complains 5 'pool web has resources: 10.0.0.0/28, 10.1.0.0/30; its leases: 10.0.0.0 ("vm-1"), 10.0.0.1 ("vm-1"), 10.1.0.2' \
	berth pool delete web
berth -q pool create idle --kind ipv4 10.2.0.0/30 >"$TMPDIR/made"
check 'without leases' refuses in_use berth pool delete idle
check '... it names none' equal '[]' "$(fault "d->'error'->'detail'->'leases'")"
berth -q pool create empty --kind ipv4 >"$TMPDIR/made"
berth -q allocate empty --wait=0s --holder early >"$TMPDIR/made"
check 'a lease that waits' refuses in_use berth pool delete empty
check '... has no value' equal '{"value": null, "holder": "early"}' "$(fault "(d->'error'->'detail'->'leases'->0) - 'id'")"

# More than ten: ten are named, and the others are counted; those whose value rests are among them.
berth -q pool create many --kind host rack:20 --reuse-delay 1h >"$TMPDIR/made"
take many 13 --holder crowd
check 'one is released' exits 0 berth release "${leases[12]}"
check '... a worker applies it' work
check 'more than ten' refuses in_use berth pool remove many rack:20
check '... ten are named' equal 10 "$(fault "jsonb_array_length(d->'error'->'detail'->'leases')")"
check '... the lowest' equal 'rack:1 rack:10' "$(fault "concat_ws(' ', d->'error'->'detail'->'leases'->0->>'value', d->'error'->'detail'->'leases'->9->>'value')")"
check '... the others are counted' complains 5 'rack:10 ("crowd") and 3 more' berth pool remove many rack:20
check '... also for the pool' complains 5 'rack:10 ("crowd") and 3 more' berth pool delete many

berth -q resource reclaim web/10.0.0.0/28 --id 00000009-0000-4000-8000-000000000000 >"$TMPDIR/made"
berth -q resource reclaim many/rack --id 00000010-0000-4000-8000-000000000000 >"$TMPDIR/made"
check '... a worker applies it' work
check 'a reclaim names them as well' answers "d->>'explanation'" 'resource 10.0.0.0/28 has leases: 10.0.0.0 ("vm-1"), 10.0.0.1 ("vm-1")' \
	berth queue show 00000009-0000-4000-8000-000000000000 --json
check '... three of them' answers "d->>'explanation'" 'resource rack has leases: rack:1 ("crowd"), rack:2 ("crowd"), rack:3 ("crowd") and 10 more' \
	berth queue show 00000010-0000-4000-8000-000000000000 --json
