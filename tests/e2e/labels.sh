#!/usr/bin/env bash
# Labels and annotations: set, deleted, limited, shown; from the birth of a lease on.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
id=11111111-1111-4111-8111-111111111111
berth -q pool create web --kind ipv4 10.0.0.0/28 >"$TMPDIR/made"
berth -q pool create rack --kind host host1:2 >"$TMPDIR/made"
berth -q pool create one --kind number 1 --space one >"$TMPDIR/made"
take web 1
lease=lease/${leases[0]}
z63=$(printf 'z%.0s' {1..63})
p63=$z63.$z63.$z63.${z63:2}

# --- writing -------------------------------------------------------------------

check 'set' answers d '{"env": "prod", "x.y/n": ""}' berth label pool/web env=prod x.y/n= --json
check 'a merge' answers d '{"a": "1", "x.y/n": ""}' berth label pool/web a=1 env- --json
check 'the request has an id' complains 0 'berth: id ' berth label pool/web a=1
check 'without changes it shows the labels' answers d '{"a": "1", "x.y/n": ""}' berth label pool/web --json
check 'list' answers d '{"a": "1", "x.y/n": ""}' berth label list pool/web --json
check 'as a table' prints 'x.y/n' berth label list pool/web
check 'as CSV' equal $'a,x.y/n\r\n1,\r' "$(berth label list pool/web --csv)"
check 'no labels' answers d '{}' berth label list "$lease" --json
check '... as a table' equal '' "$(berth label list "$lease")"
check 'the labels of a lease' answers d '{"a": "b"}' berth label "$lease" a=b --json
check 'the labels of a resource by its place' answers d '{"a": "c"}' berth label resource/web/10.0.0.0/28 a=c --json
check '... and of a host' answers d '{"a": "d"}' berth label resource/rack/host1 a=d --json
check '... by its id' answers d '{"a": "c"}' berth label list "resource/$(sql "select id from berth.resource where name like '10.%'")" --json
check 'a text with a dash at its end is deleted' answers d '{"a": "b"}' berth label "$lease" 'no such key !-' --json
check 'a dash alone deletes the key without a name' answers d '{"a": "b"}' berth label "$lease" --json -- -
check 'split at the first =' answers d '{"a": "x=y=-"}' berth annotate "$lease" a=x=y=- --json
check 'an annotation is any text' answers "d->>'t'" $'\ttwo\nlines \U1F600 "\\' berth annotate "$lease" t=$'\ttwo\nlines \U1F600 "\\' --json
check '... or none' answers "d->>'t'" '' berth annotate "$lease" t= --json
check '... 5,000 characters' exits 0 berth annotate "$lease" t="$(printf '\U1F600%.0s' {1..5000})"
check 'annotate list' answers "length(d->>'t')" 5000 berth annotate list "$lease" --json
check 'the longest key and value' exits 0 berth label "$lease" "$p63/$z63=$z63"
check '... are deleted' answers d '{"a": "b"}' berth label "$lease" "$p63/$z63-" --json
check 'case counts' answers d '{"A": "B", "a": "b"}' berth label "$lease" A=B --json
check 'a prefix of one part, with capitals' answers "d->>'Local/k'" v berth label "$lease" Local/k=v --json
before=$(fingerprint)
check 'a dry run shows' answers "d->>'dry'" 1 berth label pool/web dry=1 -n --json
check '... and changes nothing' equal "$before" "$(fingerprint)"
check 'read-only' refuses read_only berth --read-only label pool/web dry=1
check '... may look' answers "d->>'a'" 1 berth --read-only label list pool/web --json
check 'the same id again' answers d '{"r": "1"}' berth label pool/one r=1 --id $id --json
check '... once' answers d '{}' berth label pool/one r- --json
check '... as it is by now' answers d '{}' berth label pool/one r=1 --id $id --json
check 'other labels with the same id are refused' refuses id_conflict berth label pool/one r=2 --id $id
check 'another target is refused' refuses id_conflict berth label pool/web r=1 --id $id
check 'another command is refused' refuses id_conflict berth annotate pool/one r=1 --id $id
check 'the reason is kept' equal why "$(berth -q label pool/one s=1 --reason why >"$TMPDIR/made" &&
	sql "select detail->>'reason' from berth.event where kind = 'pool' order by seq desc limit 1")"

# --- lists and details ---------------------------------------------------------

check 'events tell what has changed' answers "concat_ws(' ', d->1->>'action', d->1->>'before', d->1->>'after')" \
	'set {"labels": {}} {"labels": {"env": "prod", "x.y/n": ""}}' berth events pool/web --json --limit 9
for shown in 'pool show web' "lease show ${leases[0]}" 'resource show web/10.0.0.0/28'; do
	read -ra words <<<"$shown"
	check "$shown has labels and annotations" answers "concat_ws(' ', d->'labels' ? 'a', jsonb_typeof(d->'annotations'))" 't object' \
		berth "${words[@]}" --json
	check '... also as a table' prints annotations berth "${words[@]}"
done
check 'lease show has the annotations' equal 2 "$(berth lease show "${leases[0]}" --json >"$TMPDIR/stdout" &&
	json "(select count(*) from jsonb_object_keys(d->'annotations'))")"
for listed in 'pool list' 'lease list' 'resource list'; do
	read -ra words <<<"$listed"
	check "$listed has labels" answers "(select bool_and(e ? 'labels') from jsonb_array_elements(d) e)" t berth "${words[@]}" --json
done
check 'the generation stays' answers "d->'generation'" 1 berth lease show "${leases[0]}" --json

# --- labels of new leases --------------------------------------------------------

check 'a lease is created with labels' answers "d->'labels'" '{"a": "1", "x.y/b": ""}' berth allocate web --label a=1 --label x.y/b= --id $nobody --json
check '... and has them' answers d '{"a": "1", "x.y/b": ""}' berth label list lease/$nobody --json
check 'a replay has the existing labels' answers "d->'labels'" '{"a": "1", "x.y/b": ""}' berth allocate web --label c=2 --id $nobody --json
check 'many leases with labels' answers "(select count(*) from jsonb_array_elements(d) e where e->'labels' = '{\"m\": \"1\"}')" 3 \
	berth allocate web --count 3 --label m=1 --json
check 'a requested value with labels' answers "d->'labels'" '{"v": "1"}' berth allocate web --value 10.0.0.9 --label v=1 --json
check 'one is taken' exits 0 berth allocate one --label o=1
check 'a pending lease with labels' answers "d->'labels'" '{"w": "1"}' berth allocate one --wait=0s --label w=1 --json
check 'a dry run' answers "d->'labels'" '{"d": "1"}' berth allocate web --label d=1 -n --json
check '... leaves none' equal 0 "$(sql "select count(*) from berth.label where name = 'd'")"

# --- limits ----------------------------------------------------------------------

many() {
	local n=$1 i
	shift
	for ((i = 1; i <= n; i++)); do
		printf '%s\n' "$@" "k$i="
	done
}
mapfile -t fifty < <(many 50)
mapfile -t more < <(many 51)
mapfile -t labels < <(many 50 --label)
mapfile -t too_many < <(many 51 --label)
mapfile -t notes < <(many 201)
check 'fifty labels' exits 0 berth label resource/rack/host1 "${fifty[@]}" a-
check 'one more is refused' refuses limit_exceeded berth label resource/rack/host1 new=1
check '... with the counts' equal '50 50 51 t' "$(fault "(select concat_ws(' ', x->'limit', x->'used', x->'asked', x->>'target' like 'resource/%')
	from (select d->'error'->'detail' as x) detail)")"
check 'one in place of another' exits 0 berth label resource/rack/host1 new=1 k1-
check 'another value' exits 0 berth label resource/rack/host1 new=2
check 'too many at once' refuses limit_exceeded berth label pool/rack "${more[@]}"
check 'fifty for a new lease' exits 0 berth allocate rack "${labels[@]}"
before=$(fingerprint)
check 'too many for a new lease' refuses limit_exceeded berth allocate rack "${too_many[@]}"
check '... or for many leases' refuses limit_exceeded berth allocate web --count 2 "${too_many[@]}"
check '... or for a requested value' refuses limit_exceeded berth allocate rack --value host1:2 "${too_many[@]}"
check '... or for a pending lease' refuses limit_exceeded berth allocate one --wait=0s "${too_many[@]}"
printf 'pool,kind,range,labels\nweb,ipv4,10.9.0.0/24,%s\n' "$(IFS=';' && echo "${more[*]}")" >"$TMPDIR/ranges.csv"
check '... or for an import' refuses limit_exceeded berth pool import "$TMPDIR/ranges.csv"
check '201 annotations' refuses limit_exceeded berth annotate pool/rack "${notes[@]}"
check 'nothing was changed' equal "$before" "$(fingerprint)"
check '200 annotations' exits 0 berth annotate pool/rack "${notes[@]:1}"

# --- refusals ----------------------------------------------------------------------

long=$(printf 'x%.0s' {1..5001})
table_of_refusals <<'END'
label                           | invalid_input | usage: berth label T
label list                      | invalid_input | usage: berth label list T
label list pool/web a=1         | invalid_input | unexpected operand: 'a=1'
label web a=1                   | invalid_input | target "web": expected pool/NAME
label $id a=1                   | invalid_input | expected pool/NAME
label command/$id a=1           | invalid_input | only a pool, resource, lease, organization or project has labels
label list command/$id          | invalid_input | only a pool, resource, lease, organization or project has labels
annotate command/$id a=1        | invalid_input | only a pool, resource, lease, organization or project has labels
label pool/nope a=1             | not_found     | pool nope does not exist
label lease/$id a=1             | not_found     | does not exist
label list lease/$id            | not_found     | does not exist
label list pool/nope            | not_found     | pool nope does not exist
annotate list resource/web/10.9.0.0/24 | not_found | does not exist
label org/acme a=1              | not_found     | does not exist
label project/acme/web a=1      | not_found     | does not exist
label list org/acme             | not_found     | does not exist
label pool/web a                | invalid_input | expected KEY=VALUE to set it, or KEY- to delete it
label pool/web ''               | invalid_input | expected KEY=VALUE to set it, or KEY- to delete it
annotate pool/web a             | invalid_input | annotation "a": expected KEY=VALUE
label pool/web a=1 a=1          | invalid_input | label key "a" occurs twice
label pool/web a=1 a-           | invalid_input | label key "a" occurs twice
label pool/web a- b=1 a-        | invalid_input | label key "a" occurs twice
annotate pool/web a=1 a=2       | invalid_input | annotation key "a" occurs twice
label pool/web =1               | invalid_input | the name must be 1 to 63
label pool/web -- -a=1          | invalid_input | the name must be 1 to 63
label pool/web a-=1             | invalid_input | the name must be 1 to 63
label pool/web .a=1             | invalid_input | the name must be 1 to 63
label pool/web a_=1             | invalid_input | the name must be 1 to 63
label pool/web 'a b=1'          | invalid_input | the name must be 1 to 63
label pool/web ä=1              | invalid_input | the name must be 1 to 63
label pool/web x$z63=1          | invalid_input | the name must be 1 to 63
label pool/web x/=1             | invalid_input | the name must be 1 to 63
label pool/web a/b/c=1          | invalid_input | the name must be 1 to 63
label pool/web /a=1             | invalid_input | the prefix must be a DNS name
label pool/web x_y/a=1          | invalid_input | the prefix must be a DNS name
label pool/web -- -x/a=1        | invalid_input | the prefix must be a DNS name
label pool/web x-/a=1           | invalid_input | the prefix must be a DNS name
label pool/web x..y/a=1         | invalid_input | the prefix must be a DNS name
label pool/web .x/a=1           | invalid_input | the prefix must be a DNS name
label pool/web x./a=1           | invalid_input | the prefix must be a DNS name
label pool/web x.-y/a=1         | invalid_input | the prefix must be a DNS name
label pool/web y$z63/a=1        | invalid_input | the prefix must be a DNS name
label pool/web ${p63}xxx/a=1    | invalid_input | the prefix must be a DNS name
label pool/web ü.de/a=1         | invalid_input | the prefix must be a DNS name
label pool/web a=-              | invalid_input | label value "-"
label pool/web a=b-             | invalid_input | label value "b-"
label pool/web a=.b             | invalid_input | label value ".b"
label pool/web a=b=c            | invalid_input | label value "b=c"
label pool/web 'a=b c'          | invalid_input | label value "b c"
label pool/web a=b/c            | invalid_input | label value "b/c"
label pool/web a=ö              | invalid_input | label value "ö"
label pool/web a=x$z63          | invalid_input | label value "x
annotate pool/web 'a b=1'       | invalid_input | annotation: label key "a b"
annotate pool/web x_y/a=1       | invalid_input | the prefix must be a DNS name
annotate pool/web a=$long       | invalid_input | 5000
annotate pool/web a=$'\xff'     | invalid_input | UTF-8
label pool/web a=1 --id 5       | invalid_input | --id: '5' is not an id
label pool/web a=1 --grace 5s   | invalid_input | --grace: only with --pool or --selector
allocate web --label a          | invalid_input | --label: label "a": expected KEY=VALUE
allocate web --label a-         | invalid_input | --label: label "a-": expected KEY=VALUE
allocate web --label a=b,c=d    | invalid_input | --label: label value "b,c=d"
allocate web --label 'a b=c'    | invalid_input | --label: label key "a b"
allocate web --label a=1 --label a=1 | invalid_input | --label: label key "a" occurs twice
allocate web --label=           | invalid_input | --label: its value must not be empty
END

# --- destroyed leases --------------------------------------------------------------

check 'released' eval 'berth -q release "${leases[0]}" >"$TMPDIR/queued" && work'
check 'a destroyed lease takes no label' refuses precondition_failed berth label "$lease" a=2
check '... and no annotation' refuses precondition_failed berth annotate "$lease" a-
check 'both are still shown' answers "concat_ws(' ', d->'labels'->>'a', d->'annotations'->>'a')" 'b x=y=-' berth lease show "${leases[0]}" --json
check 'label list shows them too' answers "d->>'a'" b berth label list "$lease" --json
check 'doctor finds nothing' exits 0 berth doctor
