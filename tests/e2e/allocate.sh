#!/usr/bin/env bash
# Leases: allocated one by one, many at once and by value; listed and shown.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create web --kind ipv4 10.0.0.0/24 10.0.2.0/30 >"$TMPDIR/made"
berth -q pool create rack --kind host host2:1 host1:2 >"$TMPDIR/made"
berth -q pool create six --kind ipv6 fd00::/64 >"$TMPDIR/made"
berth -q pool create three --kind number 1-3 --space s --ttl 1d >"$TMPDIR/made"
id=11111111-1111-4111-8111-111111111111

check 'the lowest value' answers "concat_ws(' ', d->>'pool', d->>'kind', d->>'value', d->>'state', d->>'holder', d->'priority',
	d->'generation', d->>'created_by', d->'labels', d->'replayed')" \
	'web ipv4 10.0.0.0 active bob 0 1 postgres {} false' berth allocate web --holder bob --json
check 'times have microseconds and Z' equal t \
	"$(json "d->>'created' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\$' and d->'until' = 'null'")"
check 'a requested value' answers "d->>'value'" 10.0.0.2 berth allocate web --value 10.0.0.2 --json
check 'the hole is filled next' answers "d->>'value'" 10.0.0.1 berth allocate pool/web --json
check 'hosts by name, then slot' answers "(select string_agg(e->>'value', ' ') from jsonb_array_elements(d) e)" \
	'host1:1 host1:2 host2:1' berth allocate rack --count 3 --json
check 'an IPv6 address' answers "d->>'value'" fd00:: berth allocate six --json
check 'a requested value in another spelling' answers "d->>'value'" fd00::ff berth allocate six --value FD00:0:0::00FF --json
check 'the given id is the first one of many' answers "(d->0->>'id') || ' ' || (select string_agg(e->>'value', ' ')
	from jsonb_array_elements(d) e)" "$id 10.0.0.3 10.0.0.4 10.0.0.5" berth allocate web --count 3 --id $id --json
check 'as a table' prints ' VALUE ' berth allocate web --count 2
check 'as CSV' equal 3 "$(berth allocate web --count 2 --csv | wc -l)"

seconds="extract(epoch from (d->>'until')::timestamptz - (d->>'acquired')::timestamptz)::int"
check '--for counts from the acquisition' answers "$seconds" 5400 berth allocate web --for 90m --json
check 'without it the ttl of the pool counts' answers "$seconds" 86400 berth allocate three --json
check '--until is exact' answers "d->>'until'" 2999-12-31T22:30:00.000000Z \
	berth allocate three --until 2999-12-31T23:30:00+01:00 --json
check '--for overrides the ttl of the pool' answers "$seconds" 60 berth allocate three --for 60s --json

check 'exhausted' refuses pool_exhausted berth allocate three
check 'the error has the counts and the next end' equal 'three 3 3 0 0 t' "$(fault "(select concat_ws(' ', x->>'pool', x->'capacity', x->'used',
	x->'held_back', x->'pending', (x->>'next_expiry')::timestamptz < now() + interval '61 s')
	from (select d->'error'->'detail' as x) detail)")"
check 'with a hint' complains 6 'hint: add a range or release a lease' berth allocate three
check 'a held value' refuses conflict berth allocate rack --value host1:2
check 'names the lease, its holder and since when' equal t "$(fault "d->'error'->'detail' ?& '{lease,holder,since}'")"
check 'more than there are: none is taken' refuses pool_exhausted berth allocate web --count 1000
check 'no value is taken' answers "d->'used'" 11 berth pool show web --json
check 'ten thousand at once' answers 'jsonb_array_length(d)' 10000 berth allocate six --count 10000 --json
check 'in ascending order' equal t "$(json "(select bool_and(v > p) from (select v, lag(v) over (order by n) p from
	(select (e->>'value')::inet v, n from jsonb_array_elements(d) with ordinality as l (e, n)) i) j where p is not null)")"

check 'lease show' answers "concat_ws(' ', d->>'value', d->>'state', jsonb_array_length(d->'history'), d->'history'->0->>'action',
	d->'history'->0->>'target')" "10.0.0.3 active 1 create lease/$id" berth lease show $id --json
check 'the target may have its prefix' prints 'history:' berth lease show lease/$id
check 'as CSV one row' equal 2 "$(berth lease show $id --csv | wc -l)"

holders="(select string_agg(e->>'value', ' ') from jsonb_array_elements(d) e)"
while IFS='|' read -r options expected; do
	eval "set -- $options"
	check "lease list $options" answers "$holders" "$expected" berth lease list "$@" --json
done <<'END'
--holder bob|10.0.0.0
--holder nobody|
--pool rack|host2:1 host1:2 host1:1
--pool pool/rack --limit 1|host2:1
--pool rack --state active|host2:1 host1:2 host1:1
--pool rack --state pending,active,broken|host2:1 host1:2 host1:1
--pool rack --state live|host2:1 host1:2 host1:1
--pool rack --state all|host2:1 host1:2 host1:1
--pool rack --state destroyed|
--pool rack --holder ''|host2:1 host1:2 host1:1
--pool rack --holder bob|
--value 10.0.0.0|10.0.0.0
--value 10.0.0.0 --holder bob|10.0.0.0
--value 10.0.0.0 --holder alice|
--value 10.0.0.0 --pool web|10.0.0.0
--value 10.0.0.0 --pool rack|
--value 10.0.0.99|
--value host1:2|host1:2
--value fd00:0::ff|fd00::ff
--value 10.0.0.0 --at 2999-01-01|10.0.0.0
--value 10.0.0.0 --at 2020-01-01T00:00:00Z|
--value 10.0.0.0 --state destroyed|
END
# The state that the worker leaves: the former holder is still known.
sql "update berth.lease set state = 'destroyed', acquired = '2026-01-01Z', activated = '2026-01-01Z', released = '2026-01-02Z',
	destroyed = '2026-01-03Z' where id = '$id'" >"$TMPDIR/history"
while read -r at expected; do
	check "who held it at $at" answers 'jsonb_array_length(d)' "$expected" berth lease list --value 10.0.0.3 --at "$at" --json
done <<'END'
2025-12-31T23:59:59Z 0
2026-01-01T00:00:00Z 1
2026-01-02T12:00:00Z 1
2026-01-02T23:59:59.999999Z 1
2026-01-03T00:00:00Z 0
END
check 'a used id is refused' refuses id_conflict berth allocate web --count 3 --id $id

# Page by page: every lease once, newest first.
pages() {
	local after=() last
	: >"$TMPDIR/pages"
	while :; do
		berth lease list --state all --limit 1000 "${after[@]}" --csv | tail -n +2 | cut -d, -f1 >"$TMPDIR/page"
		[ -s "$TMPDIR/page" ] || break
		cat "$TMPDIR/page" >>"$TMPDIR/pages"
		last=$(tail -n 1 "$TMPDIR/page")
		after=(--after "$last")
	done
	equal "$(sql 'select id from berth.lease order by seq desc' | md5sum)" "$(md5sum <"$TMPDIR/pages")"
}
check 'pages of 1000 hold every lease once' pages
check 'there are many' equal t "$(sql 'select count(*) > 10000 from berth.lease')"
check 'a page is 100 by default' answers 'jsonb_array_length(d)' 100 berth lease list --json
check 'after the last there is nothing' answers d '[]' \
	berth lease list --after "$(sql 'select id from berth.lease order by seq limit 1')" --json
