#!/usr/bin/env bash
# Resources: cordoned, drained, reclaimed when empty; and broken ones.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
berth -q pool create web --kind ipv4 10.0.0.0/30 10.0.1.0/30 10.0.2.0/30 >"$TMPDIR/made"
berth -q pool create rack --kind host host1:2 host2:2 --release-hook bye >"$TMPDIR/made"

# outcome ARGUMENTS: queues the command, consumes it, and prints its outcome
outcome() {
	run berth "$@" --json
	local id
	id=$(json "d->>'id'")
	work && berth queue show "$id" --json >"$TMPDIR/stdout" && json "concat_ws(': ', d->>'outcome', d->>'explanation')"
}

figures="concat_ws(' ', d->'used', d->'held_back', d->'free')"
shown="concat_ws(' ', d->>'state', d->'cordoned', d->'generation')"

take web 1
before=$(fingerprint)
for verb in cordon uncordon reclaim; do
	check "dry run of $verb: the command" answers "concat_ws(' ', d->>'action', d->>'state')" "$verb queued" \
		berth resource $verb web/10.0.0.0/30 -n --json
done
check 'dry run of release: the plan' answers "concat_ws(' ', d->'targets', d->'effect'->'web'->'after')" \
	'1 {"free": 8, "used": 0, "held_back": 0}' berth resource release web/10.0.0.0/30 -n --json
check '... of one without leases' answers "concat_ws(' ', d->'targets', d->'effect'->'web'->'after')" \
	'0 {"free": 7, "used": 1, "held_back": 0}' berth resource release web/10.0.1.0/30 -n --json
check '... change nothing' equal "$before" "$(fingerprint)"
for verb in cordon uncordon release reclaim; do
	check "$verb of a place that is not there" refuses not_found berth resource $verb web/10.0.9.0/30
	check "$verb of an id that is not there" refuses not_found berth resource $verb $nobody
	check "$verb in a pool that is not there" refuses not_found berth resource $verb nope/10.0.0.0/30
done

check 'cordon' equal 'applied: resource 10.0.0.0/30 is cordoned' "$(outcome resource cordon web/10.0.0.0/30 --reason why)"
check '... the reason is kept' equal why "$(json "d->>'reason'")"
check '... its lease stays, its free values are held back' answers "$figures" '1 3 0' berth resource show web/10.0.0.0/30 --json
check '... and it is cordoned' answers "$shown" 'active true 2' berth resource show web/10.0.0.0/30 --json
check '... no value of it is allocated' answers "d->>'value'" 10.0.1.0 berth allocate web --json
check '... also by value' complains 5 'resource 10.0.0.0/30' berth allocate web --value 10.0.0.3
check 'cordon twice' equal 'noop: resource 10.0.0.0/30 is cordoned already' "$(outcome resource cordon resource/web/10.0.0.0/30)"
id=$(berth resource show web/10.0.0.0/30 --csv | tail -n 1 | cut -d, -f1)
check 'uncordon, by id' equal 'applied: resource 10.0.0.0/30 is uncordoned' "$(outcome resource uncordon "$id")"
check '... the next value is taken from it' answers "d->>'value'" 10.0.0.1 berth allocate web --json
check 'uncordon twice' equal 'noop: resource 10.0.0.0/30 is uncordoned already' "$(outcome resource uncordon "$id")"
check 'a stale generation' equal 'rejected: generation 3 now, you saw 2' "$(outcome resource cordon "$id" --expect-generation 2 | cut -d: -f1,2)"
check 'the right one' equal applied "$(outcome resource cordon "$id" --expect-generation 3 | cut -d: -f1)"
check 'uncordoned again' equal applied "$(outcome resource uncordon "$id" | cut -d: -f1)"

check 'reclaim in use' equal 'rejected: resource 10.0.1.0/30 has leases' "$(outcome resource reclaim web/10.0.1.0/30 | cut -d: -f1,2)"
check '... leaves it as it is' answers "$shown" 'active false 1' berth resource show web/10.0.1.0/30 --json
check 'reclaim of an empty one' equal 'applied: resource 10.0.2.0/30 is destroyed' "$(outcome resource reclaim web/10.0.2.0/30)"
check '... it is shown for a while' answers "d->>'state'" destroyed berth resource show web/10.0.2.0/30 --json
check '... and not listed' answers 'jsonb_array_length(d)' 2 berth resource list web --json
check 'reclaim twice' equal 'noop: resource 10.0.2.0/30 is destroyed already' "$(outcome resource reclaim web/10.0.2.0/30)"
check 'cordon of it' equal 'rejected: resource 10.0.2.0/30 is destroyed' "$(outcome resource cordon web/10.0.2.0/30)"

check 'drain' answers "concat_ws(' ', d->>'action', d->>'target', d->'progress')" "release resource/$id {\"done\": 0, \"noop\": 0, \"total\": 0, \"failed\": 0, \"applied\": 0, \"rejected\": 0, \"cancelled\": 0}" \
	berth resource release web/10.0.0.0/30 --id "$nobody" --json
check '... a worker applies it' work
check '... its leases are released' answers "concat_ws(' ', d->>'outcome', d->'progress')" 'applied {"done": 2, "noop": 0, "total": 2, "failed": 0, "applied": 2, "rejected": 0, "cancelled": 0}' \
	berth queue show $nobody --json
check '... and it is gone' answers "d->>'state'" destroyed berth resource show "$id" --json
check '... again' answers "d->'replayed'" true berth resource release "$id" --id "$nobody" --json
check 'drained twice' equal 'noop: resource 10.0.0.0/30 is destroyed already' "$(outcome resource release "$id")"
check 'the same with release' equal applied "$(outcome release resource/web/10.0.1.0/30 | cut -d: -f1)"
check '... the pool is empty' answers "d->'resources'" 0 berth pool show web --json

# --- broken ------------------------------------------------------------------

hook bye <<'END'
#!/bin/sh
[ "$3" != host1:2 ]
END
take rack 3
check 'a host is drained, one of its hooks fails' exits 0 berth resource release rack/host1
check '... a worker applies it' work
check '... it is broken' answers "d->>'state'" broken berth resource show rack/host1 --json
check '... and names the lease' equal 'host1:2 broken' "$(json "(select string_agg(concat_ws(' ', e->>'value', e->>'state'), ',') from jsonb_array_elements(d->'broken_leases') e)")"
check '... in the table too' prints 'broken_leases:' berth resource show rack/host1
check 'another host shows no broken lease' answers "d->'broken_leases'" '' berth resource show rack/host2 --json
stuck=$(berth queue list --state quarantined --csv | sed -n 2p | cut -d, -f1)
check 'forced' exits 0 berth queue force "$stuck"
check '... a worker applies it' work
check '... it is gone' answers "d->>'state'" destroyed berth resource show rack/host1 --json
check 'the other host is as it was' answers "concat_ws(' ', d->>'state', d->'used')" 'active 1' berth resource show rack/host2 --json
check 'doctor finds nothing' exits 0 berth doctor
