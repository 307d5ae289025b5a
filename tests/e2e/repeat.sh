#!/usr/bin/env bash
# A repeated --id changes nothing more; another request with it is refused; a dry run changes nothing at all.
. tests/lib.sh
. tests/lib/answers.sh

new_database
id() {
	printf '%08d-0000-4000-8000-000000000000' "$1"
}
cat >"$TMPDIR/ranges.csv" <<'END'
pool,kind,range
imported,number,500-599
END
sed s/599/598/ "$TMPDIR/ranges.csv" >"$TMPDIR/other.csv"

# Each request: as a dry run, then done, then repeated, then its id with other content.
# ARGUMENTS | ANOTHER REQUEST WITH THAT ID | WHAT IS COMPARED
number=0
while IFS='|' read -r arguments another expression; do
	number=$((number + 1))
	given=$(id $number)
	eval "set -- $arguments --id $given --json"
	before=$(fingerprint)
	check "dry run: berth $arguments" exits 0 berth "$@" -n
	would=$(json "$expression")
	check '... reports a dry run' equal 'berth: dry run: nothing was changed' "$stderr"
	check '... and nothing has changed' equal "$before" "$(fingerprint)"
	check '... also with --dry-run --quiet' exits 0 berth "$@" --dry-run -q
	check '... again nothing has changed' equal "$before" "$(fingerprint)$stderr"
	check "done: berth $arguments" answers "$expression" "$would" berth "$@"
	after=$(fingerprint)
	check '... which changes something' test "$before" != "$after"
	check "again: berth $arguments" answers "$expression" "$would" berth "$@"
	check '... is marked as a replay' equal t "$(json "coalesce(d->>'replayed', d->0->>'replayed') in ('true', '0')")"
	check '... also with --read-only' answers "$expression" "$would" berth "$@" --read-only
	check '... and changes nothing' equal "$after" "$(fingerprint)"
	eval "set -- $another --id $given"
	check "another request with that id: berth $another" refuses id_conflict berth "$@"
	check '... names both' equal t "$(fault "d->'error'->'detail' ?& '{existing,asked}'")"
	check '... and changes nothing' equal "$after" "$(fingerprint)"
done <<'END'
pool create web --kind ipv4 10.0.0.0/30|pool create web --kind ipv4 10.0.0.0/29|concat_ws(' ', d->>'id', d->>'name', d->'capacity')
pool add web 10.0.1.0/30 10.0.2.0/30|pool add web 10.0.1.0/30|(select string_agg(concat_ws(' ', e->>'name', e->'capacity', e->>'state'), ' ') from jsonb_array_elements(d) e)
pool remove web 10.0.1.0/31|pool remove web 10.0.2.0/31|concat_ws(' ', d->0->>'name', d->0->>'state', d->0->'generation')
allocate web|allocate web --count 2|concat_ws(' ', d->>'id', d->>'value', d->>'state')
allocate web --value 10.0.0.2 --holder bob|allocate web --value 10.0.0.3|concat_ws(' ', d->>'id', d->>'value', d->>'holder')
allocate web --count 3|allocate web --count 2|(select string_agg(concat_ws(' ', e->>'id', e->>'value'), ' ') from jsonb_array_elements(d) e)
extend $(id 4) --for 1h|extend $(id 4) --for 2h|concat_ws(' ', d->>'id', d->>'action', d->>'target', d->>'state')
resource cordon web/10.0.0.0/30|resource uncordon web/10.0.0.0/30|concat_ws(' ', d->>'id', d->>'action', d->>'target', d->>'state')
pool create empty --kind host|pool create void --kind host|concat_ws(' ', d->>'id', d->>'name')
pool delete empty|pool delete web|concat_ws(' ', d->>'name', d->>'kind')
pool import "$TMPDIR/ranges.csv"|pool import "$TMPDIR/other.csv"|concat_ws(' ', d->'imported', d->'refused')
END

one=$(id 50)
berth -q pool create three --kind number 1-3 --space s >"$TMPDIR/made"
check 'the first of three' answers "d->>'value'" 1 berth allocate three --id "$one" --json
check 'the rest' exits 0 berth allocate three --count 2
check 'the pool is full' exits 6 berth allocate three
check 'the first id still has its value' answers "concat_ws(' ', d->>'value', d->'replayed')" '1 true' \
	berth allocate three --id "$one" --json
check 'also when requested by value' answers "d->>'value'" 1 berth allocate three --id "$one" --value 1 --json
check 'holder, end and priority are not compared' answers "concat_ws(' ', d->>'value', d->>'holder', d->>'until')" '1 ' \
	berth allocate three --id "$one" --holder eve --for 1h --priority 5 --json
check 'another value' complains 5 'it does not hold 2' berth allocate three --id "$one" --value 2
check 'another pool' complains 5 'it is in pool three, not web' berth allocate web --id "$one"
check 'an unknown pool' complains 5 'it is in pool three, not nope' berth allocate nope --id "$one"
check 'another command' complains 5 'was used for pool create web, now pool delete web' berth pool delete web --id "$(id 1)"
check 'the id of a deleted pool cannot be used again' complains 5 'its id is spent' berth pool create empty --kind host --id "$(id 9)"
check 'a refused request does not use its id' exits 5 berth pool create web --kind ipv4 --id "$(id 60)"
check 'the id can be used' exits 0 berth pool create fresh --kind ipv4 --id "$(id 60)"

# A request that would fail fails the same way as a dry run.
before=$(fingerprint)
while IFS='|' read -r code arguments; do
	eval "set -- $arguments -n"
	check "dry run, $code: berth $arguments" refuses "$code" berth "$@"
done <<'END'
already_exists|pool create web --kind ipv4
overlap|pool add fresh 10.0.0.1
in_use|pool remove web 10.0.0.0/30
in_use|pool delete web
not_found|pool delete nope
pool_exhausted|allocate three
conflict|allocate three --value 1
invalid_input|allocate three --value 9
overlap|pool import tests/data/aws-overlaps.csv
END
check '... and nothing has changed' equal "$before" "$(fingerprint)"

# Many concurrent requests with one id: one lease.
berth -q pool create wide --kind number 1000-1999 --space w >"$TMPDIR/made"
together() {
	local n pids=()
	for n in {1..16}; do
		berth allocate wide --id "$(id 70)" --csv >"$TMPDIR/together.$n" 2>&1 &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || return 1
	done
	equal 1 "$(tail -qn 1 "$TMPDIR"/together.* | cut -d, -f4 | sort -u | wc -l)" &&
		equal 1 "$(tail -qn 1 "$TMPDIR"/together.* | grep -c 'false,\[\].$')"
}
check 'sixteen at once with one id get one lease, once' together
check 'the doctor finds nothing' exits 0 berth doctor

fresh=$PGDATABASE
createdb "$fresh-bare"
tests_databases+=("$fresh-bare")
export PGDATABASE=$fresh-bare
check 'migrate, read-only' refuses read_only berth migrate --read-only
check '... says why' complains 7 'migrate: --read-only' berth migrate --read-only
check 'migrate, dry' answers "d->'from'" 0 berth migrate -n --json
check 'migrate -n creates nothing' equal 0 "$(sql "select count(*) from pg_namespace where nspname = 'berth'")"
check 'migrate --check reports the missing schema' complains 3 'hint: run: berth migrate' berth migrate --check
check 'as an error object' refuses schema_mismatch berth migrate --check
check 'migrate' answers "d->'to'" "$(psql -XqAtd "$fresh" -c 'select max(version) from berth.schema_version')" berth migrate --json
check 'again' answers "d->'applied'" '[]' berth migrate --json
check 'done' exits 0 berth migrate --check
