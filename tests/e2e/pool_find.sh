#!/usr/bin/env bash
# Values are looked up: where they are, and what each is now.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

# quiet CMD...: it says nothing on standard error
quiet() {
	run "$@"
	[ "$status" = 0 ] && [ ! -s "$TMPDIR/stderr" ]
}

# short CMD...: it is refused in few words
short() {
	run "$@"
	[ "$status" = 2 ] && [ "$(wc -c <"$TMPDIR/stderr")" -lt 400 ]
}

new_database
found="(select string_agg(concat_ws(' ', e->>'pool', e->>'first', e->>'last', e->>'state', e->>'holder'), ', ' order by n)
	from jsonb_array_elements(d) with ordinality l (e, n))"
berth -q pool create web --kind ipv4 10.9.0.0/24 --reuse-delay 1h >"$TMPDIR/made"
berth -q pool create lab --kind ipv4 --space lab 10.9.0.0/16 >"$TMPDIR/made"
berth -q allocate web --value 10.9.0.77 --holder ci-17 --until 2999-01-01T00:00:00Z \
	--id 11111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
berth -q allocate web --value 10.9.0.78 --holder was --id 21111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
berth -q release 21111111-1111-4111-8111-111111111111 >"$TMPDIR/made"
check 'a value rests' work

check 'a value, in each space' answers "$found" 'web 10.9.0.77 10.9.0.77 leased ci-17, lab 10.9.0.77 10.9.0.77 free' \
	berth pool find 10.9.0.77 --json
check '... in one' answers "$found" 'web 10.9.0.77 10.9.0.77 leased ci-17' berth pool find 10.9.0.77 --space global --json
check '... with its lease, its end and its resource' answers \
	"concat_ws(' ', d->0->>'lease', d->0->>'until', d->0->>'space', (d->0->>'resource')::uuid is not null, d->0->'reason')" \
	'11111111-1111-4111-8111-111111111111 2999-01-01T00:00:00.000000Z global t null' \
	berth pool find 10.9.0.77 --space global --json
check 'one that rests says until when' answers "concat_ws(' ', d->0->>'state', d->0->>'holder',
	(d->0->>'until')::timestamptz between now() and now() + interval '61 minutes')" 'resting was t' \
	berth pool find 10.9.0.78 --space global --json
check 'a range is told in stretches' answers "$found" \
	'web 10.9.0.64 10.9.0.76 free, web 10.9.0.77 10.9.0.77 leased ci-17, web 10.9.0.78 10.9.0.78 resting was, web 10.9.0.79 10.9.0.95 free' \
	berth pool find 10.9.0.64-10.9.0.95 --space global --json
check '... at most so many' answers 'jsonb_array_length(d)' 2 berth pool find 10.9.0.0/24 --space global --limit 2 --json
check '... those of a range that is larger' answers "$found" 'web 10.9.0.79 10.9.0.255 free' \
	berth pool find 10.9.0.79-10.9.1.255 --space global --json
check 'as a table' prints 'web   global  10.9.0.77  10.9.0.77  leased  11111111-1111-4111-8111-111111111111  ci-17' \
	berth pool find 10.9.0.77 --space global
check 'as CSV' prints ',10.9.0.77,10.9.0.77,leased,11111111-1111-4111-8111-111111111111,ci-17,' \
	berth pool find 10.9.0.77 --space global --csv

nothing() {
	run "$@" && [ "$status" -eq 4 ] && equal '[]' "$(json d)"
}
check 'nothing has it: an empty array, exit 4' nothing berth pool find 10.10.0.1 --json
check '... in that space' nothing berth pool find 10.9.0.1 --space nowhere --json
check '... of that kind' nothing berth pool find 77 --json
check '... which is said' complains 4 '10.10.0.1: in no live range' berth pool find 10.10.0.1

check 'a resource is cordoned' exits 0 berth resource cordon web/10.9.0.0/24 --reason 'the rack moves'
check '... a worker applies it' work
check '... its free values say why' answers "concat_ws(' ', d->0->>'state', d->0->>'reason')" 'cordoned the rack moves' \
	berth pool find 10.9.0.1 --space global --json
check '... those that are held say who' answers "$found" 'web 10.9.0.77 10.9.0.77 leased ci-17' \
	berth pool find 10.9.0.77 --space global --json
check 'a resource is drained' exits 0 berth resource release web/10.9.0.0/24
check '... a worker begins it' work
check '... its free values say so' answers "concat_ws(' ', d->0->>'state', d->0->>'reason')" \
	'cordoned the resource is being drained' berth pool find 10.9.0.1 --space global --json

# Other kinds; pieces of neighbouring stripes are one stretch.
berth -q pool create six --kind ipv6 fd00::/64 >"$TMPDIR/made"
berth -q allocate six --value fd00::5 >"$TMPDIR/made"
check 'IPv6' answers "$found" 'six fd00:: fd00::4 free, six fd00::5 fd00::5 leased , six fd00::6 fd00::ffff:ffff:ffff:ffff free' \
	berth pool find fd00::/64 --json
berth -q pool create vlans --kind number 100-199 >"$TMPDIR/made"
sql "select berth.split(resource, first) from berth.stripe where first = 100" >"$TMPDIR/split"
check 'numbers' answers "$found" 'vlans 100 199 free' berth pool find 0-1000 --json
berth -q pool create rack --kind host host1:4 Host2:2 >"$TMPDIR/made"
berth -q allocate rack --value host1:2 --holder vm >"$TMPDIR/made"
check 'a slot of a host' answers "$found" 'rack host1:2 host1:2 leased vm' berth pool find host1:2 --json
check 'all slots of a host' answers "$found" 'rack host1:1 host1:1 free, rack host1:2 host1:2 leased vm, rack host1:3 host1:4 free' \
	berth pool find host1 --json
check '... whatever its case' answers "$found" 'rack Host2:1 Host2:2 free' berth pool find HOST2 --json
check 'a slot that it has not' nothing berth pool find host1:5 --json
check 'host bits are refused' refuses invalid_input berth pool find 10.9.0.1/24
check 'hostile holders are made safe' exits 0 berth allocate rack --value host2:1 --holder $'a\033[31m'
check '... in the table' prints 'a‹1B›[31m' berth pool find host2

# --- limits ------------------------------------------------------------------

check 'the limit is told' complains 0 'there are more: --limit 2 has been reached' berth pool find host1 --limit 2
check 'all that there is: no word' quiet berth pool find host1 --limit 3
for long in "$(printf 'a%.0s' {1..5000})" "$(printf '1%.0s' {1..5000})" "$(printf 'a%.0s' {1..5000}):1"; do
	check "a text of ${#long} characters is not repeated whole" short berth pool find "$long"
done
check '... but counted' complains 2 'at most 63 characters, this one has 5000' berth pool find "$(printf 'a%.0s' {1..5000})"
