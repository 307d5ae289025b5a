#!/usr/bin/env bash
# resource/POOL/VALUE names the live resource that contains the value, in every target that is a resource.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q pool create n --kind number 1-10 20 30-39 >"$TMPDIR/made"
berth -q pool create web --kind ipv4 10.0.0.0/24 10.0.2.5-10.0.2.9 >"$TMPDIR/made"
berth -q pool create six --kind ipv6 fd00::/64 >"$TMPDIR/made"
berth -q pool create rack --kind host host1:4 >"$TMPDIR/made"

while read -r place name; do
	check "resource show $place" answers "d->>'name'" "$name" berth resource show "$place" --json
	check '... in full' answers "d->>'name'" "$name" berth resource show "resource/$place" --json
	check '... label' answers d '{"a": "b"}' berth label "resource/$place" a=b --json
	check '... label list' answers d '{"a": "b"}' berth label list "resource/$place" --json
	check '... annotate' exits 0 berth annotate "resource/$place" note=x
	check '... events' answers "d->0->'after'->>'name'" "$name" berth events "resource/$place" --json
	check '... queue list' exits 0 berth queue list --all --target "resource/$place" --json
	id=$(berth resource show "$place" --json | sed 's/{"id":"\([^"]*\)".*/\1/')
	check '... cordon' answers "d->>'target'" "resource/$id" berth resource cordon "$place" --json
	check '... a batch' answers "d->0->>'target'" "resource/$id" berth batch - --json <<<"resource uncordon $place"
	check '... reclaim' answers "d->>'target'" "resource/$id" berth resource reclaim "$place" --grace 1h --json
	check '... release' answers "d->>'target'" "resource/$id" berth release "resource/$place" --yes --grace 1h --json
	check '... dry' answers "d->'targets'" 0 berth release "resource/$place" -n --json
done <<'END'
n/3 1-10
n/20 20
n/30 30-39
web/10.0.0.77 10.0.0.0/24
web/10.0.2.9 10.0.2.5-10.0.2.9
six/fd00::abcd fd00::/64
rack/host1:2 host1
END

# A range names only exactly that range, and a place without a resource names none.
while read -r place; do
	check "none: $place" refuses not_found berth resource show "$place"
	check '... to label' refuses not_found berth label "resource/$place" a=b
	check '... to cordon' refuses not_found berth resource cordon "$place"
done <<'END'
n/11
n/1-9
n/3-4
n/1-20
n/10.0.0.77
web/10.0.1.0
web/10.0.0.0/25
rack/host1:5
rack/host2
END

# A destroyed resource is named only by its own range, and after live ones.
check 'it goes' exits 0 berth pool remove n 20
check '... and is shown' answers "concat_ws(' ', d->>'name', d->>'state')" '20 destroyed' berth resource show n/20 --json
check 'another one comes' exits 0 berth pool add n 15-25
check '... and is named' answers "concat_ws(' ', d->>'name', d->>'state')" '15-25 active' berth resource show n/20 --json
check 'it goes too' exits 0 berth pool remove n 15-25
check '... its values name no resource' refuses not_found berth resource show n/17
check 'doctor finds nothing' exits 0 berth doctor
