#!/usr/bin/env bash
# Many at once: each verb of the queue for several targets, with a plan, a confirmation and an outcome for each.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
berth -q pool create web --kind number 1-20 101-120 >"$TMPDIR/made"
berth -q pool create hooked --kind number 1-50 --space s --release-hook bye >"$TMPDIR/made"
outcomes="(select string_agg(e->>'outcome', ' ' order by e->>'outcome') from jsonb_array_elements(d) e)"
states="(select string_agg(e->>'state', ' ') from jsonb_array_elements(d) e)"
counts="concat_ws(' ', d->>'state', d->>'outcome', d->'progress'->'done', d->'progress'->'total', d->'progress'->'failed')"
plan="concat_ws(' ', d->'targets', jsonb_array_length(d->'sample'), d->'effect')"
check 'five leases' take web 5 --label env=test --for 1h
lease=${leases[0]:-none}

# prints_refused TEXT CMD...: exit 2, and the text is on standard output
prints_refused() {
	local text=$1
	shift
	run "$@"
	[ "$status" -eq 2 ] && [[ $stdout == *"$text"* ]] || tests_show "2 and '$text' on stdout"
}

# prints_words RE CMD...: exit 0, and a line of standard output matches
prints_words() {
	local re=$1
	shift
	run "$@"
	[ "$status" -eq 0 ] && grep -qE "$re" <<<"$stdout" || tests_show "0 and '$re' on stdout"
}

# --- extend ------------------------------------------------------------------

before=$(fingerprint)
check 'extend: the plan of a pool' answers "$plan" '5 5 {}' berth extend --pool web --for 1d --dry-run --json
check '... by label' answers "d->'targets'" 0 berth extend -l env=prod --for 1d --dry-run --json
check '... of several leases' answers "d->'targets'" 2 berth extend "${leases[@]:0:2}" --for 1d -n --json
changes="(select string_agg(concat_ws(' ', e->>'target' = 'lease/' || (s->>'id'), e->'before', e->'after'), ', ' order by n)
	from jsonb_array_elements(d->'changes') with ordinality c (e, n) join jsonb_array_elements(d->'sample') with ordinality o (s, m) on n = m)"
check '... with what becomes of each' answers "$changes" \
	"t {\"until\": \"$(sql "select to_char(until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from berth.lease where id = '$lease'")\"} {\"until\": null}" \
	berth extend "$lease" "$lease" --until never -n --json
check '... in words' prints_words 'until 20[0-9T:.-]*Z to never' berth extend "${leases[@]:0:2}" --until never -n
check 'transfer: both holders' answers "$changes" 't {"holder": ""} {"holder": "x"}, t {"holder": ""} {"holder": "x"}' \
	berth transfer "${leases[@]:0:2}" --holder x -n --json
check 'a release has none' answers "d ? 'changes'" f berth release "${leases[@]:0:2}" -n --json
check 'without --yes and a terminal it is refused' complains 2 'extend 5 web: cannot be confirmed' berth extend --pool web --for 1d
check '... and prints the plan' prints_refused '"targets":5' berth extend --pool web --for 1d --json
check '... and nothing is changed' equal "$before" "$(fingerprint)"
check 'nothing matches: nothing to confirm' answers "d->'targets'" 0 berth extend -l env=prod --for 1d --json
working --name bulk
check 'extend several' answers "$counts" 'done applied 2 2 0' berth extend "${leases[@]:0:2}" --for 1d --yes --wait --json
check 'their items' answers "$outcomes" 'applied applied' berth queue list --parent "$(json "d->>'id'")" --json
check 'extend a pool' answers "$counts" 'done applied 5 5 0' berth extend --pool web --for 2d --yes --wait --json
check 'none is shortened without --force' exits 1 berth extend -l env=test --for 1m --yes --wait --json
check '... each item says so' answers "$outcomes" 'rejected rejected rejected rejected rejected' \
	berth queue list --parent "$(json "d->>'id'")" --json
check '... and with --force' answers "$counts" 'done applied 5 5 0' berth extend -l env=test --for 1h --force --yes --wait --json

# --- label -------------------------------------------------------------------

check 'label: the plan' answers "$plan" '5 5 {}' berth label -l env=test --of lease --pool web tier=1 -n --json
check '... of resources' answers "concat_ws(' ', d->'targets', d->'sample'->0->>'name')" '2 1-20' \
	berth label --pool web --of resource tier=1 -n --json
check '... of pools' answers "concat_ws(' ', d->'targets', d->'sample'->0->>'name')" '1 web' \
	berth label -l '!env' --of pool --pool web tier=1 -n --json
check 'without --yes it is refused' complains 2 'label 5 web: cannot be confirmed' berth label -l env=test --of lease tier=1
check 'leases are labelled' answers "$counts" 'done applied 5 5 0' berth label -l env=test --of lease tier=1 env- --yes --wait --json
check '... each has the labels' answers "d->0->'labels'" '{"tier": "1"}' berth lease list -l tier=1 --json
check '... once more is a no-op' answers "$counts" 'done applied 5 5 0' berth label -l tier=1 --of lease tier=1 --yes --wait --json
check '... as each item says' answers "$outcomes" 'noop noop noop noop noop' berth queue list --parent "$(json "d->>'id'")" --json
check 'the bulk is shown' answers "concat_ws(' ', d->5->>'action', d->5->'progress'->'noop')" 'label 5' berth queue list --all --limit 6 --json
check 'resources are labelled' answers "$counts" 'done applied 2 2 0' berth label --pool web --of resource row=7 --yes --wait --json
check 'pools are labelled' answers "$counts" 'done applied 2 2 0' berth label -l '!env' --of pool env=prod --yes --wait --json
check '... and are found by it' answers 'jsonb_array_length(d)' 2 berth pool list -l env=prod --json
id=11111111-1111-4111-8111-111111111111
check 'with an id' answers "d->>'id'" $id berth label -l tier --of lease tier=2 --yes --id $id --wait --json
check '... a replay' answers "concat_ws(' ', d->>'id', d->'replayed')" "$id true" berth label -l tier --of lease tier=2 --yes --id $id --json
check '... of other labels is refused' refuses id_conflict berth label -l tier --of lease tier=3 --yes --id $id
mapfile -t many < <(for ((i = 0; i < 50; i++)); do echo "k$i=v"; done)
berth -q label lease/"$lease" "${many[@]:0:48}" >"$TMPDIR/made"
check 'a lease over the limit fails, the others do not' exits 1 \
	berth label --pool web --of lease a=1 b=2 --yes --wait --json
check '... says the bulk' equal 'done failed 5 5 1' "$(json "$counts")"
check '... and its failed item' answers "d->'failures'->0->>'explanation'" \
	"lease/$lease would have 51 labels, and has 49: the limit is 50" berth queue show "$(json "d->>'id'")" --json

# --- cordon and uncordon -----------------------------------------------------

check 'cordon: the plan' answers "d->'effect'" \
	'{"web": {"after": {"free": 0, "used": 5, "held_back": 35}, "before": {"free": 35, "used": 5, "held_back": 0}}}' \
	berth resource cordon web/1-20 web/101-120 -n --json
check 'without --yes it is refused' complains 2 'cordon 2 web: cannot be confirmed' berth resource cordon web/1-20 web/101-120
check 'cordon' answers "$counts" 'done applied 2 2 0' berth resource cordon web/1-20 web/101-120 --yes --wait --json
check '... holds all back' answers "d->'held_back'" 35 berth pool show web --json
check 'uncordon' answers "$counts" 'done applied 3 3 0' berth resource uncordon web/1-20 web/101-120 hooked/1-50 --yes --wait --json
check '... and one was not' answers "$outcomes" 'applied applied noop' berth queue list --parent "$(json "d->>'id'")" --json
check 'one resource needs no --yes' answers "d->>'outcome'" applied berth resource cordon web/1-20 --wait --json
berth -q resource uncordon web/1-20 --wait >"$TMPDIR/made"
check 'an unknown one: none is cordoned' refuses not_found berth resource cordon web/1-20 web/7-9 --yes
check 'the worker is stopped' worked

# --- retry, skip, force ------------------------------------------------------

# stick N: releases N leases whose hook fails; sets the array `stuck`
stick() {
	hook bye <<<'#!/bin/sh
exit 1'
	take hooked "$1" && berth -q release "${leases[@]}" --yes >"$TMPDIR/made" && work &&
		mapfile -t stuck < <(berth -q queue list --state quarantined --csv | tail -n +2 | cut -d, -f1) &&
		[ "${#stuck[@]}" -eq "$1" ]
}

check 'three are stuck' stick 3
check 'retry: the plan' answers "$plan" '3 3 {}' berth queue retry "${stuck[@]}" -n --json
check 'without --yes it is refused' complains 2 'retry 3 hooked: cannot be confirmed' berth queue retry "${stuck[@]}"
hook bye <<<'#!/bin/sh
exit 0'
check 'retry' answers "$counts" 'queued 0 0 0' berth queue retry "${stuck[@]}" --yes --json
bulk=$(json "d->>'id'")
check 'consumed' work
check '... each is applied' answers "$counts" 'done applied 3 3 0' berth queue show "$bulk" --json
check '... and so is the release that was stuck' answers "concat_ws(' ', d->0->>'action', d->0->>'outcome')" 'retry applied' \
	berth queue list --all --limit 1 --json
check 'two are stuck' stick 2
berth -q queue skip "${stuck[@]}" --yes >"$TMPDIR/made"
check 'skip' work
check '... both are gone' answers d '[]' berth lease list --pool hooked --json
check 'two more are stuck' stick 2
berth -q queue force "${stuck[@]}" "$bulk" --yes >"$TMPDIR/made" 2>&1
check 'force of a bulk is refused, with the others' answers 'jsonb_array_length(d)' 2 berth queue list --state quarantined --json
berth -q queue force "${stuck[@]}" --yes >"$TMPDIR/made"
check 'force' work
check '... both are gone' answers d '[]' berth lease list --pool hooked --json

# --- cancel ------------------------------------------------------------------

take web 2
for i in 0 1; do
	berth -q release "${leases[i]}" --json >"$TMPDIR/queued" && queued[i]=$(tr ',' '\n' <"$TMPDIR/queued" | sed -n 's/{"id":"\(.*\)"/\1/p')
done
before=$(fingerprint)
check 'cancel: dry run' answers "$states" 'cancelled cancelled' berth queue cancel "${queued[@]}" -n --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'an unknown one: none is cancelled' refuses not_found berth queue cancel "${queued[0]}" $nobody
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'cancel' answers "$states" 'cancelled cancelled' berth queue cancel "${queued[@]}" "${queued[0]}" --reason enough --json
check 'those that have ended are told' exits 5 berth queue cancel "${queued[0]}" "$bulk" --json
check '... with all' equal 'cancelled done' "$(json "$states")"
check '... in words' complains 5 "1 of 2 commands cannot be cancelled: command $bulk is done" berth queue cancel "${queued[0]}" "$bulk"

# --- batches -----------------------------------------------------------------

printf 'extend --pool web --for 9d --yes\nlabel --pool web --of lease a=b --yes\n' >"$TMPDIR/batch"
check 'a batch may have them' answers 'jsonb_array_length(d)' 2 berth batch "$TMPDIR/batch" --json
echo 'label --pool web --of lease a=b' >"$TMPDIR/batch"
check '... with --yes' complains 2 'in a batch more than one lease needs --yes' berth batch "$TMPDIR/batch"
echo "queue cancel $bulk $nobody" >"$TMPDIR/batch"
check '... but for cancel' complains 2 'one command on each line' berth batch "$TMPDIR/batch"

table_of_refusals <<END2
label -l a=b c=d                         | invalid_input | --of: must be given: lease, pool or resource
label --of lease c=d                     | invalid_input | --of: only with --pool or --selector
label -l a=b --of lease                  | invalid_input | usage: berth label
label -l a=b --of host c=d               | invalid_input | 'host' is not one of lease, pool, resource
label -l a=b --of lease c                | invalid_input | expected KEY=VALUE
label pool/web a=b --wait                | invalid_input | --wait: only with --pool or --selector
label pool/web a=b --grace 1s            | invalid_input | --grace: only with --pool or --selector
label -l a=b --of lease c=d --expect-generation 1 | invalid_input | --expect-generation: not an option
label --pool nope --of lease c=d --yes   | not_found     | nope
resource cordon web/1-20 web             | invalid_input | expected an id
END2
check 'consumed' work
check 'doctor finds nothing' exits 0 berth doctor
