#!/usr/bin/env bash
# -l: the results of selectors, in every list and in releases; invalid ones, with the position.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
take_labelled() {
	local value=$1 label options=()
	shift
	for label in "$@"; do
		options+=(--label "$label")
	done
	berth -q allocate web --value "$value" "${options[@]}"
}
berth -q pool create web --kind number 1-20 --space web >"$TMPDIR/made"
berth -q pool create big --kind number 1-20 30-39 --space big >"$TMPDIR/made"
check 'prepared' eval 'take_labelled 1 && take_labelled 2 a=1 && take_labelled 3 a=2 b=x && take_labelled 4 a= x.y/a=1 &&
	take_labelled 5 a=10 b=y in=notin && take_labelled 6 a=007 b=B && take_labelled 7 a=1.0 A=1 &&
	take_labelled 8 a=9223372036854775808 b=x && take_labelled 9 n=9223372036854775807'

values="(select string_agg(e->>'value', ' ' order by (e->>'value')::int) from jsonb_array_elements(d) e)"
while IFS='|' read -r selector expected; do
	check "-l '$selector'" answers "coalesce($values, '')" "$expected" berth lease list -l "$selector" --json
done <<'END'
|1 2 3 4 5 6 7 8 9
  |1 2 3 4 5 6 7 8 9
a|2 3 4 5 6 7 8
!a|1 9
! a|1 9
a=1|2
a==1|2
 a = 1 |2
a=|4
a!=1|1 3 4 5 6 7 8 9
a!=|1 2 3 5 6 7 8 9
a in (1,2)|2 3
a in (1, 2 ,10)|2 3 5
a in ()|4
a in (1,)|2 4
a notin (1,2)|1 4 5 6 7 8 9
a notin ()|1 2 3 5 6 7 8 9
x.y/a|4
x.y/a=1|4
!x.y/a,a|2 3 5 6 7 8
A|7
b=b|
b=B|6
a>1|3 5 6
a>0|2 3 5 6
a<10|2 3 6
a>6,a<8|6
a>007|5
n>9223372036854775806|9
n<9223372036854775807|
in|5
in in (notin)|5
in notin (in)|1 2 3 4 5 6 7 8 9
notin|
a,b|3 5 6 8
a,b=x,a!=2|8
a=1,a=2|
a=1,!a|
nokey|
!nokey,a=1|2
END
check 'a tab and a line end' answers "$values" 2 berth lease list -l $'a\n=\t1' --json
check '--selector' answers "$values" 2 berth lease list --selector a=1 --json
check 'as one word' answers "$values" 2 berth lease list -la=1 --json
fifty='a=1'
for i in {2..50}; do fifty+=",k$i notin (v$i,w$i)"; done
check 'fifty requirements' answers "$values" 2 berth lease list -l "$fifty" --json
check 'with a pool, a state and a limit' answers "$values" '7 8' \
	berth lease list -l a --pool web --state active --limit 2 --json
check 'the next page' answers "$values" '5 6' berth lease list -l a --limit 2 --after "$(json "d->1->>'id'")" --json
check 'with another pool' answers d '[]' berth lease list -l a --pool big --json
check 'with a value' answers "$values" 3 berth lease list -l a=2 --value 3 --json
check 'with a value of other labels' answers d '[]' berth lease list -l a=1 --value 3 --json
check 'with a holder' answers d '[]' berth lease list -l a --holder bob --json

# --- other lists ---------------------------------------------------------------

names="coalesce((select string_agg(e->>'name', ' ' order by e->>'name') from jsonb_array_elements(d) e), '')"
check 'labels of pools' exits 0 berth label pool/big env=prod
check '... and of resources' exits 0 berth label resource/big/30-39 env=test
check 'pool list' answers "$names" big berth pool list -l env=prod --json
check '... without the value' answers "$names" web berth pool list -l env!=prod --json
check '... with a status' answers "$names" '' berth pool list -l env --status warning --json
check 'resource list' answers "$names" 30-39 berth resource list -l env=test --json
check '... of a pool' answers "$names" 1-20 berth resource list big -l '!env' --json
check '... and not by the label of the pool' answers d '[]' berth resource list -l env=prod --json
check 'annotated' exits 0 berth annotate pool/web env=prod
check '... annotations select nothing' answers "$names" big berth pool list -l env=prod --json

# --- releases ------------------------------------------------------------------

plan="concat_ws(' ', d->'targets', (select string_agg(e->>'value', ',' order by (e->>'value')::int) from jsonb_array_elements(d->'sample') e))"
before=$(fingerprint)
check 'the plan' answers "$plan" '2 3,8' berth release -l b=x -n --json
check '... of a pool' answers "$plan" '2 3,8' berth release --pool web -l b=x -n --json
check '... of another' answers "$plan" 0 berth release --pool big -l b=x -n --json
check '... of a state' answers "$plan" 0 berth release -l b=x --state pending -n --json
check '... of everything' answers "d->'targets'" 9 berth release -l '' -n --json
check 'no match is no error' answers "d->'targets'" 0 berth release -l b=none --json
check '... also with --pool' answers "d->'targets'" 0 berth release --pool web -l b=none --json
check 'without a terminal and --yes' exits 2 berth release -l b=x
check '... with a message' complains 2 'cannot be confirmed without a terminal' berth release -l b=x
check 'nothing was queued' equal "$before" "$(fingerprint)"
bulk=22222222-2222-4222-8222-222222222222 nothing=33333333-3333-4333-8333-333333333333
check 'released' answers "concat_ws(' ', d->>'action', d->>'target', d->>'state')" 'release queued' \
	berth release -l b=x --yes --id $bulk --json
check 'with that id again' answers "d->'replayed'" true berth release -l 'b = x' --yes --id $bulk --json
check 'another selection with that id is refused' refuses id_conflict berth release -l b=y --yes --id $bulk
# The selection is made when the bulk begins.
check 'one more that matches' take_labelled 11 b=x
check 'applied' work --chunk 1
check '... to those' answers "$values" '1 2 4 5 6 7 9' berth lease list --json
check '... and all of them' answers "concat_ws(' ', d->>'state', d->>'outcome', d->'progress'->'total')" 'done applied 3' \
	berth queue show $bulk --json
check 'destroyed leases are found as well' answers "$values" '3 8 11' berth lease list -l b=x --state destroyed --json
check '--yes where nothing matches' exits 0 berth release -l b=x --yes --id $nothing
check '... is applied' work
check '... to nothing' answers "concat_ws(' ', d->>'outcome', d->'progress'->'total')" 'applied 0' berth queue show $nothing --json
check 'doctor finds nothing' exits 0 berth doctor

# --- invalid selectors -----------------------------------------------------------

table_of_refusals <<'END'
lease list -l ,                 | invalid_input | selector:
lease list -l a,                | invalid_input | selector:
lease list -l ,a                | invalid_input | selector:
lease list -l a,,b              | invalid_input | selector:
lease list -l '!'               | invalid_input | selector:
lease list -l '!a=b'            | invalid_input | selector:
lease list -l =b                | invalid_input | selector:
lease list -l 'a b'             | invalid_input | selector:
lease list -l 'a in'            | invalid_input | selector:
lease list -l 'a in b'          | invalid_input | selector:
lease list -l 'a in (b'         | invalid_input | selector:
lease list -l 'a in (b c)'      | invalid_input | selector:
lease list -l 'a notin'         | invalid_input | selector:
lease list -l 'a (b)'           | invalid_input | selector:
lease list -l 'a>'              | invalid_input | selector:
lease list -l 'a>b'             | invalid_input | selector:
lease list -l 'a>1.5'           | invalid_input | selector:
lease list -l 'a<-1'            | invalid_input | selector:
lease list -l 'a>9223372036854775808' | invalid_input | selector:
lease list -l 'a=b=c'           | invalid_input | selector:
lease list -l 'a===b'           | invalid_input | selector:
lease list -l a=b/c             | invalid_input | label value "b/c"
lease list -l a=.b              | invalid_input | label value ".b"
lease list -l -a                | invalid_input | label key "-a"
lease list -l x_y/a             | invalid_input | label key "x_y/a"
lease list -l a/b/c             | invalid_input | label key "a/b/c"
lease list -l /a                | invalid_input | label key "/a"
lease list -l ä                 | invalid_input | label key "ä"
lease list -l a=ä               | invalid_input | label value "ä"
lease list -l a -l b            | invalid_input | --selector: given twice
lease list -l                   | invalid_input | -l: needs a value
pool list -l 'a b'              | invalid_input | selector:
resource list -l 'a b'          | invalid_input | selector:
release -l 'a b'                | invalid_input | selector:
release --pool web -l 'a b'     | invalid_input | selector:
release $bulk -l a              | invalid_input | --selector: not together with targets
release -l a --state destroyed  | invalid_input | a destroyed lease cannot be released
release -l a --expect-generation 1 --yes | invalid_input | for one lease or resource only
release --pool nope -l a --yes  | not_found     | pool nope does not exist
queue list -l a                 | invalid_input | --selector: not an option of 'queue list'
END

# The caret is under the first wrong character, also after wide ones.
points() {
	local selector=$1 position=$2 column=$3 caret
	run berth lease list -l "$selector"
	caret=$(grep -m 1 '^ *^$' <<<"$stderr")
	[ "$status" -eq 2 ] && equal $((column + 2)) $((${#caret} - 1)) || tests_show 2 || return 1
	run berth lease list -l "$selector" --json
	equal "$position" "$(fault "d->'error'->'detail'->'position'")"
}
while IFS='|' read -r selector position column; do
	check "the place in '$selector'" points "$selector" "$position" "$column"
done <<'END'
a,,b|2|2
a in (b|7|7
a=b,c d|6|6
a=日本|2|2
a in (b,c),日|11|11
a=b,b=x y|8|8
END
