#!/usr/bin/env bash
# Thousands of single values are excluded and included at once, without a write for each.
. tests/lib.sh
. tests/lib/answers.sh

new_database
counts="concat_ws(' ', d->'capacity', d->'used', d->'held_back', d->'free', d->'excluded')"

# odd FROM TO: prints the odd numbers
odd() {
	seq "$(($1 | 1))" 2 "$2"
}

# change VERB POOL: changes the odd numbers up to 20000 of a pool
change() {
	# shellcheck disable=SC2046 # each number is a word
	berth -q pool "$1" "$2" $(odd 1 20000) --json
}

berth -q pool create big --kind number 1-30000 >"$TMPDIR/made"
berth -q pool create small --kind number --space other 1-30000 >"$TMPDIR/made"
berth -q allocate big --value 7 >"$TMPDIR/made"
berth -q pool exclude big 1-99 --reason first >"$TMPDIR/made"
check 'ten thousand values' answers "$counts" '30000 1 10048 19951 10049' change exclude big
check '... each has its reason' equal '49 1' "$(sql "select count(*) filter (where reason = ''), count(*)
	filter (where reason = 'first') from berth.exclusion where first between 1 and 197" | tr '|' ' ')"
check '... the stripes are small' equal 0 "$(sql "select count(*) from berth.stripe where resource =
	(select id from berth.resource where name = '1-30000' limit 1) and (select count(*) from unnest(excluded)) > 64")"
check '... one event tells them' equal 9950 "$(sql "select jsonb_array_length(after->'exclusions') from berth.event
	where action = 'exclude' order by seq desc limit 1")"
check '... a held value is not given' equal 1 "$(sql "select count(*) from berth.lease where value = 7 and state = 'active'")"
check 'again changes nothing' answers "$counts" '30000 1 10048 19951 10049' change exclude big
check 'they are included' answers "$counts" '30000 1 49 29950 49' change include big
check '... what is left keeps its reason' equal 49 "$(sql "select count(*) from berth.exclusion where reason = 'first'")"
check 'doctor finds nothing' exits 0 berth doctor
# The number of writes is a measure that no other load changes.
check 'a thousand values are a few writes' equal t "$(sql "begin; do \$\$ begin perform berth.pool_exclude(gen_random_uuid(),
	'small', 'number', (select jsonb_agg(jsonb_build_object('name', n::text, 'first', n, 'last', n, 'host', ''))
	from generate_series(1, 2000, 2) n), '{}'); end \$\$;
	select pg_stat_get_xact_tuples_updated('berth.stripe'::regclass) < 100; rollback")"
