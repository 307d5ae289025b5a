#!/usr/bin/env bash
# Releasing one lease, many, those of a resource or pool, and those of a selection; and extending.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
berth -q pool create web --kind ipv4 10.0.0.0/28 10.0.1.0/28 >"$TMPDIR/made"
berth -q pool create slow --kind number 1-20 --space s --reuse-delay 1h >"$TMPDIR/made"
berth -q pool create rack --kind host host1:4 host2:4 >"$TMPDIR/made"

state() {
	sql "select string_agg(state, ' ' order by seq) from berth.lease where id = any ('{$(IFS=, && echo "$*")}')"
}

# --- one ---------------------------------------------------------------------

take web 4
one=${leases[0]}
before=$(fingerprint)
check 'the plan of one' answers "concat_ws(' ', d->'targets', d->'sample'->0->>'id', jsonb_array_length(d->'sample'),
	d->'effect')" "1 $one 1 {\"web\": {\"after\": {\"free\": 29, \"used\": 3, \"held_back\": 0}, \"before\": {\"free\": 28, \"used\": 4, \"held_back\": 0}}}" \
	berth release "$one" -n --json
check '... reports a dry run' equal 'berth: dry run: nothing was changed' "$stderr"
check '... as a table' prints 'web: used 4 to 3, free 28 to 29' berth release lease/"$one" --dry-run
check '... and as CSV' equal 2 "$(berth release "$one" -n --csv | wc -l)"
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'queued' answers "(select string_agg(k, ' ' order by n) from json_object_keys('$(berth release "$one" --json --grace 1h)'::json) with ordinality as x (k, n))
	|| d" "id seq action target author reason state outcome explanation created not_before attempts consumed_at consumed_by parent expect_generation progress worker until labels holder made_good_by replayed differs[]" \
	berth lease list --pool slow --json
check 'with reason and grace' answers "concat_ws(' ', d->>'action', d->>'target', d->>'author', d->>'reason', d->>'state', d->'outcome',
	d->'attempts', d->'expect_generation', d->'progress', d->'parent', d->'replayed',
	extract(epoch from (d->>'not_before')::timestamptz - (d->>'created')::timestamptz)::int)" \
	"release lease/$one postgres too old queued null 0 null null null false 3600" \
	berth release "$one" --reason 'too old' --grace 1h --json
check 'queued without' exits 0 berth release "$one"
check 'nothing happens without a worker' equal active "$(state "$one")"
check 'applied' work
check 'the lease is gone, with both times' answers "concat_ws(' ', d->>'state', d->>'released' = d->>'destroyed', d->'generation')" 'destroyed t 3' \
	berth lease show "$one" --json
check 'one release and one destroy' equal 'create release destroy' \
	"$(json "(select string_agg(e->>'action', ' ') from jsonb_array_elements(d->'history') e)")"
check 'all three have ended, two as no-ops' equal 'applied noop noop' \
	"$(json "(select string_agg(e->>'outcome', ' ' order by e->>'outcome') from jsonb_array_elements(d->'ended_commands') e)")"
check '... nor listed as open' equal '[]' "$(json "d->'commands'")"
check 'in the table of it too' prints 'ended_commands:' berth lease show "$one"
check 'a release of a finished lease is queued' answers "d->>'state'" queued berth release "$one" --json
last=$(json "d->>'id'")
check '... and it had nothing to do' work
check '... with an explanation' answers "concat_ws(' ', d->>'outcome', d->>'explanation' like 'it was released by command %')" 'noop t' \
	berth queue show "$last" --json
check 'an unknown lease is refused' refuses not_found berth release $nobody
check '... stores nothing' answers d '[]' berth queue list --json
check '... also in a plan' refuses not_found berth release $nobody -n
check 'the value is free' answers "d->>'value'" 10.0.0.0 berth allocate web --json

# --- generations -------------------------------------------------------------

two=${leases[1]}
check 'the right generation' exits 0 berth release "$two" --expect-generation 1 --grace 1h
check 'it is kept' equal 1 "$(sql "select expect_generation from berth.command where target = '$two'")"
check 'extended meanwhile' exits 0 berth extend "$two" --for 2h --force
check '... by the worker' work
check 'a stale one is taken' answers "d->'expect_generation'" 1 berth release "$two" --expect-generation 1 --json
stale=$(json "d->>'id'")
check '... and rejected' work
check '... with the reason' answers "concat_ws(' ', d->>'outcome', d->>'explanation' like 'generation 2 now, you saw 1: extend by %')" 'rejected t' \
	berth queue show "$stale" --json
check '... the lease is as it was' equal active "$(state "$two")"

# --- ids ---------------------------------------------------------------------

id=11111111-1111-4111-8111-111111111111
check 'with an id' answers "concat_ws(' ', d->>'id', d->'replayed')" "$id false" berth release "$two" --id $id --reason first --json
before=$(fingerprint)
check 'the repeated request has the first reason' answers "concat_ws(' ', d->>'id', d->>'reason', d->'replayed')" "$id first true" \
	berth release "$two" --id $id --reason second --grace 1h --json
check 'also with --read-only' answers "d->'replayed'" true berth release "$two" --id $id --json --read-only
check 'another target is refused' refuses id_conflict berth release "${leases[2]}" --id $id
check '... names both' equal t "$(fault "d->'error'->'detail' ?& '{existing,asked}'")"
check 'another action is refused' refuses id_conflict berth extend "$two" --for 1h --id $id
check 'the id of a lease is refused' refuses id_conflict berth release "$two" --id "$one"
check 'nothing was changed' equal "$before" "$(fingerprint)"
check 'applied' work
check 'again when it is done' answers "concat_ws(' ', d->>'outcome', d->'replayed')" 'applied true' berth release "$two" --id $id --json
check '--read-only' refuses read_only berth release "${leases[2]}" --read-only

# --- extending ---------------------------------------------------------------

take web 1 --for 1h
three=${leases[0]}
until="extract(epoch from (d->>'until')::timestamptz - now())::int between 7100 and 7200"
before=$(fingerprint)
check 'dry run of extend: the command' answers "concat_ws(' ', d->>'action', $until, d->>'state')" 'extend t queued' \
	berth extend "$three" --for 2h -n --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check '--for counts from now' exits 0 berth extend lease/"$three" --for 2h
check '... a worker applies it' work
check '... to that time' answers "$until" t berth lease show "$three" --json
check 'to a time' exits 0 berth extend "$three" --until 2999-12-31T22:30:00Z
check '... a worker applies it' work
check '... exactly' answers "d->>'until'" 2999-12-31T22:30:00.000000Z berth lease show "$three" --json
check 'the same once more' exits 0 berth extend "$three" --until 2999-12-31T22:30:00Z
check 'an earlier end is requested' exits 0 berth extend "$three" --for 1h
check '... a worker applies it' work
outcomes="(select string_agg(e->>'outcome', ' ' order by (e->>'seq')::bigint) from jsonb_array_elements(d) e)"
check '... and is rejected' answers "$outcomes" 'applied applied noop rejected' berth queue list --all --target lease/"$three" --json
check '... the explanation names --force' prints 'to shorten it takes --force' berth queue list --all --target lease/"$three"
check 'with --force' exits 0 berth extend "$three" --for 2h --force
check '... a worker applies it' work
check '... it is applied' answers "$until" t berth lease show "$three" --json
check 'released' exits 0 berth release "$three"
check '... a worker applies it' work
check 'extended after its end' answers "d->>'state'" queued berth extend "$three" --for 3h --json
last=$(json "d->>'id'")
check '... a worker applies it' work
check '... is rejected' answers "concat_ws(' ', d->>'outcome', d->>'explanation' like 'the lease is destroyed: it was released by command %')" 'rejected t' \
	berth queue show "$last" --json
take web 1
check 'no end is later than any end' exits 0 berth extend "${leases[0]}" --for 1h
check '... a worker applies it' work
check '... so an end needs --force' answers "$outcomes" rejected berth queue list --all --target lease/"${leases[0]}" --json
check 'a lease that never was' refuses not_found berth extend $nobody --for 1h

# --- its time ends -----------------------------------------------------------

take web 1 --for 1s
check 'a lease whose time has ended' wait_for test f = "$(sql "select now() < until from berth.lease where id = '${leases[0]}'")" -o \
	t = "$(sql "select pg_sleep(1.1) is not null")"
check '... is released' work
check '... by the expiry' answers "concat_ws(' ', d->>'state', d->'ended_commands'->0->>'author', d->'ended_commands'->0->>'reason' like 'its time ended at %')" \
	'destroyed berth:expiry t' berth lease show "${leases[0]}" --json

# --- many --------------------------------------------------------------------

take web 5
before=$(fingerprint)
check 'several without --yes and without a terminal' complains 2 'cannot be confirmed without a terminal' berth release "${leases[@]:0:3}" --json
check '... the plan is the answer' equal '3 3' "$(json "concat_ws(' ', d->'targets', jsonb_array_length(d->'sample'))")"
check '... the error is one' equal invalid_input "$(fault "d->'error'->>'code'")"
check '... and changes nothing' equal "$before" "$(fingerprint)"
check 'with -n' answers "d->'targets'" 3 berth release "${leases[@]:0:3}" -n --json
check 'with -n and --yes' answers "d->'targets'" 3 berth release "${leases[@]:0:3}" -n --yes --json
check '... and changes nothing' equal "$before" "$(fingerprint)"
check 'with --yes: the parent' answers "concat_ws(' ', d->'target', d->>'state', d->'progress')" \
	'null queued {"done": 0, "noop": 0, "total": 0, "failed": 0, "applied": 0, "rejected": 0, "cancelled": 0}' berth release "${leases[@]:0:3}" --yes --id "$nobody" --json
check '... a worker applies it' work
check '... all three are' equal 'destroyed destroyed destroyed active active' "$(state "${leases[@]}")"
check '... and it is done' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress', d->'failures')" \
	'done applied {"done": 3, "noop": 0, "total": 3, "failed": 0, "applied": 3, "rejected": 0, "cancelled": 0} []' berth queue show "$nobody" --json
check '... item by item' answers "(select string_agg(distinct concat_ws(' ', e->>'action', e->>'outcome', e->>'parent'), ',') from jsonb_array_elements(d) e)" \
	"release applied $nobody" berth queue list --parent "$nobody" --json
check '... again' answers "concat_ws(' ', d->>'outcome', d->'replayed')" 'applied true' berth release "${leases[@]:0:3}" --yes --id "$nobody" --json
check '... others with that id' refuses id_conflict berth release "${leases[@]:3:2}" --yes --id "$nobody"
check 'an unknown lease among others is refused' refuses not_found berth release "${leases[3]}" "$two" 88888888-8888-4888-8888-888888888888 --yes
check '... none is released' equal '2' "$(sql "select count(*) from berth.lease where id = any ('{$(IFS=, && echo "${leases[*]:3:2}")}') and state = 'active'")"

# --- those that match --------------------------------------------------------

take slow 6
check 'two of them' exits 0 berth release "${leases[@]:0:2}" --yes
check '... a worker applies it' work
check '... rest' answers "concat_ws(' ', d->'used', d->'held_back', d->'free')" '4 2 14' berth pool show slow --json
check 'again while it rests: nothing to do' exits 0 berth release "${leases[0]}"
check '... a worker applies it' work
check '... and a no-op' answers "d->0->>'outcome'" noop berth queue list --all --target lease/"${leases[0]}" --json
plan="concat_ws(' ', d->'targets', d->'effect'->'slow'->'after'->'held_back')"
check 'the plan of a pool: the live ones, whose values will rest' answers "$plan" '4 6' berth release --pool slow -n --json
check 'with its prefix' answers "$plan" '4 6' berth release --pool pool/slow -n --json
check 'those in a state' answers "$plan" '4 6' berth release --pool slow --state active,pending -n --json
check 'a state without leases' answers "d" '{"effect": {}, "sample": [], "targets": 0}' berth release --pool slow --state broken -n --json
check '... not as a dry run: exit 0, nothing queued' answers "d->'targets'" 0 berth release --pool slow --state broken --json
check '... the queue is empty' answers d '[]' berth queue list --json
check 'without --yes' exits 2 berth release --pool slow
check 'a sample of ten' answers "concat_ws(' ', d->'targets', jsonb_array_length(d->'sample'))" '16 10' \
	sh -c '"$0" -q allocate slow --count 12 >"$1/made" && "$0" release --pool slow -n --json' "$BERTH" "$TMPDIR"
check 'done' answers "concat_ws(' ', d->>'target', d->'progress'->'total')" 'pool/slow 0' berth release --pool slow --yes --json
last=$(json "d->>'id'")
check '... a worker applies it' work
check '... all live leases are released' answers "concat_ws(' ', d->'used', d->'held_back', d->'resources')" '0 18 1' berth pool show slow --json
check '... with its progress' answers "d->'progress'" '{"done": 16, "noop": 0, "total": 16, "failed": 0, "applied": 16, "rejected": 0, "cancelled": 0}' berth queue show "$last" --json
check 'no such pool' refuses not_found berth release --pool nope --yes
check '... also in a plan' refuses not_found berth release --pool nope -n

# --- a whole pool ------------------------------------------------------------

take rack 5
check 'a pool without --yes' complains 2 'release 5 rack: cannot be confirmed without a terminal' berth release pool/rack
check 'a pool' exits 0 berth release pool/rack --yes
check '... a worker applies it' work
check '... every resource is gone, the pool stays' answers "concat_ws(' ', d->'resources', d->'capacity', d->'used')" '0 0 0' berth pool show rack --json
check '... and can be deleted' exits 0 berth pool delete rack
check 'a project that is not there' refuses not_found berth release project/acme/web --yes
check 'doctor finds nothing' exits 0 berth doctor
