#!/usr/bin/env bash
# Events: changes page by page, of one target, and as they happen.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
nobody=99999999-9999-4999-8999-999999999999
check 'there are none at first' answers d '[]' berth events --json
berth -q pool create web --kind ipv4 10.0.0.0/28 >"$TMPDIR/made"
take web 4
one=${leases[0]}
berth -q resource cordon web/10.0.0.0/28 >"$TMPDIR/made"
berth -q release "$one" --reason gone >"$TMPDIR/made"
work
actions="(select string_agg(e->>'action', ' ' order by n) from jsonb_array_elements(d) with ordinality as x (e, n))"

check 'the events of a lease, oldest first' answers "$actions" 'create release destroy' berth events lease/"$one" --json
check '... with all of its members' equal 'seq at actor action target command before after' \
	"$(berth events lease/"$one" --json | sed -n 2p | grep -oE '"(seq|at|actor|action|target|command|before|after)":' | tr -d '":' | head -8 | tr '\n' ' ' | sed 's/ $//')"
check '... the state before and after' equal "lease/$one active released 2" "$(json "concat_ws(' ', d->1->>'target', d->1->'before'->>'state', d->1->'after'->>'state', d->1->'after'->'generation')")"
check '... before is null at the start' equal null "$(json "d->0->'before'")"
check '... and the command' equal "$(berth queue list --all --target lease/"$one" --csv | tail -n 1 | cut -d, -f1)" "$(json "d->1->>'command'")"
check 'the events of a resource' answers "$actions" 'create cordon' berth events resource/web/10.0.0.0/28 --json
check 'the events of a pool, only its own' answers "$actions" 'create' berth events pool/web --json
check '... which is shown by name' equal pool/web "$(json "d->0->>'target'")"
check 'as a table' prints 'TARGET' berth events
check 'as CSV' equal 4 "$(berth events lease/"$one" --csv | wc -l)"
check 'an unknown lease is refused' refuses not_found berth events lease/$nobody
check 'an unknown pool is refused' refuses not_found berth events pool/nope
check 'an unknown place is refused' refuses not_found berth events resource/web/10.0.0.0/29

# Page by page: all, ascending, each once.
pages() {
	local after=(--after 0) last
	: >"$TMPDIR/pages"
	while :; do
		berth events --limit 2 "${after[@]}" --csv | tail -n +2 | cut -d, -f1 >"$TMPDIR/page"
		[ -s "$TMPDIR/page" ] || break
		cat "$TMPDIR/page" >>"$TMPDIR/pages"
		last=$(tail -n 1 "$TMPDIR/page")
		after=(--after "$last")
	done
	sort -n "$TMPDIR/pages" | cmp - "$TMPDIR/pages" &&
		equal "$(berth events --limit 1000 --csv | tail -n +2 | cut -d, -f1)" "$(cat "$TMPDIR/pages")"
}
check 'page by page' pages
check 'there are several pages' test "$(wc -l <"$TMPDIR/pages")" -ge 8
check '--after 0 is the start' equal "$(berth events --csv)" "$(berth events --after 0 --csv)"
check '--since in the future gives none' answers d '[]' berth events --since 2999-01-01T00:00:00Z --json
check '--since long ago gives all' equal "$(berth events --csv)" "$(berth events --since 2020-01-01T00:00:00Z --csv)"

# The last events, oldest first, of any target; with a start the first ones from there.
seqs="(select string_agg(e->>'seq', ' ' order by n) from jsonb_array_elements(d) with ordinality as x (e, n))"
last() {
	local n=$1
	shift
	berth events "$@" --limit 1000 --csv | tail -n +2 | cut -d, -f1 | tail -n "$n" | tr '\n' ' ' | sed 's/ $//'
}
newest() {
	local expected
	expected=$(last 2 "$@")
	[[ $expected == *' '* ]] && answers "$seqs" "$expected" berth events "$@" --limit 2 --json &&
		equal "$expected" "$(berth events "$@" --limit 2 --csv | tail -n +2 | cut -d, -f1 | tr '\n' ' ' | sed 's/ $//')"
}
check '--limit: the newest, oldest first' newest
check '... of a lease' newest lease/"$one"
check '... of a resource' newest resource/web/10.0.0.0/28
check '... --limit 1 is the last' answers "$actions" destroy berth events lease/"$one" --limit 1 --json
check '... more than there are' answers "$actions" 'create release destroy' berth events lease/"$one" --limit 9 --json
check '... with --since the first' answers "$actions" 'create release' berth events lease/"$one" --limit 2 --since 2020-01-01T00:00:00Z --json
check '... with --after too' answers "$actions" 'create release' berth events lease/"$one" --limit 2 --after 0 --json
check '... with --follow the last' exits 8 berth events lease/"$one" --limit 2 --follow --timeout 1s --json
check '... as the others' equal 'release destroy' "$(json "$actions")"

# --- as it happens -----------------------------------------------------------

follow() {
	"$BERTH" events "$@" --follow >"$TMPDIR/follow" 2>"$TMPDIR/follow.err" &
	following=$!
}
shows() {
	[ "$(grep -c "$1" "$TMPDIR/follow")" -ge "$2" ]
}
follow lease/"${leases[1]}" --json
check 'existing events are shown' wait_for shows '"create"' 1
check 'a release' exits 0 berth release "${leases[1]}"
check '... a worker applies it' work
check '... is shown' wait_for shows '"destroy"' 1
check '... once' equal '1 1 1' "$(for action in create release destroy; do grep -c "\"action\":\"$action\"" "$TMPDIR/follow"; done | tr '\n' ' ' | sed 's/ $//')"
check 'it ends when interrupted' kill "$following"
wait "$following" 2>"$TMPDIR/out"
check '--follow ends with --timeout' exits 8 berth events --follow --limit 1 --timeout 1s --json
check '... as a whole document, of the last ones' equal 1 "$(json 'jsonb_array_length(d)')"
check 'it ends when no one reads' timeout 20 bash -c '"$BERTH" events --follow --csv | head -n 1'

# Each event once and none missing, while several sessions write at once.
berth -q pool create many --kind number 1-100 >"$TMPDIR/out"
follow --csv
check 'the existing events are shown' wait_for shows pool/many 1
for i in 1 2 3 4; do
	for _ in 1 2 3 4 5; do
		berth -q allocate many --holder "crowd $i" --json >"$TMPDIR/out.$i" && berth -q release "$(sed 's/{"id":"\([^"]*\)".*/\1/' "$TMPDIR/out.$i")" >"$TMPDIR/out2.$i"
	done &
	writers[i]=$!
done
wait "${writers[@]}"
work
check 'there are many changes' answers 'jsonb_array_length(d)' 20 berth lease list --pool many --state destroyed --json
all() {
	equal "$(berth events --limit 10000 --csv | tail -n +2 | cut -d, -f1 | sort -n)" "$(tail -n +2 "$TMPDIR/follow" | cut -d, -f1 | sort -n)" >"$TMPDIR/out"
}
check 'every change is shown, each once' wait_for all
kill "$following"
wait "$following" 2>"$TMPDIR/out"
check 'doctor finds nothing' exits 0 berth doctor
