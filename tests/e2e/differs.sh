#!/usr/bin/env bash
# A replay with other terms than the first request is answered with the existing object, and is told which terms
# had no effect.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
number=0
fresh_id() {
	number=$((number + 1))
	id=$(printf '%08d-0000-4000-8000-000000000000' $number)
}
first_of="case jsonb_typeof(d) when 'array' then d->0 else d end"
# told DIFFERS WORDS CMD...: a replay of $id that reports this, as JSON and as a message; without WORDS there is
# no message.
told() {
	local differs=$1 words=$2
	shift 2
	run "$@" --id "$id" --json
	[ "$status" -eq 0 ] && equal "true $differs" "$(json "concat_ws(' ', ($first_of)->'replayed', ($first_of)->'differs')")" &&
		{ [ -n "$words" ] || equal '' "$stderr"; } && [[ $stderr == *"$words"* ]] || tests_show "0, $differs, and '$words' on stderr"
}

check 'a pool' exits 0 berth pool create web --kind number 1-1000
check 'one whose leases end' exits 0 berth pool create short --kind number --space short --ttl 2h 1-1000
check 'one that is used up' exits 0 berth pool create one --kind number --space one 1

# FIRST | REPLAY | DIFFERS | WORDS
while IFS='|' read -r first again differs words; do
	fresh_id
	eval "set -- $first"
	check "first: $first" exits 0 berth "$@" --id "$id" --json
	check '... has no differences' equal '[]' "$(json "($first_of)->'differs'")"
	after=$(fingerprint)
	eval "set -- $again"
	check "again: $again" told "$differs" "${words//ID/$id}" berth "$@"
	check '... and changes nothing' equal "$after" "$(fingerprint)"
done <<'END'
allocate web --holder a|allocate web --holder a|[]|
allocate web --holder a|allocate web|[]|
allocate web --holder a|allocate web --holder b|["holder"]|berth: lease ID was requested before, with holder "a", not "b"
allocate web --holder a|allocate web --holder ""|["holder"]|with holder "a", not ""
allocate web|allocate web --holder "b c"|["holder"]|with no holder, not "b c"
allocate web --value 500 --holder a|allocate web --value 500 --holder b|["holder"]|holder "a", not "b"
allocate web --value 501 --priority 3|allocate web --value 501 --holder b --priority 4|["holder", "priority"]|with no holder, not "b"; priority 3, not 4
allocate web --count 3 --holder a|allocate web --count 3 --holder b|["holder"]|lease ID was requested before, with holder "a", not "b"
allocate web --count 3 --label a=1|allocate web --count 3 --label a=1|[]|
allocate web --count 3 --label a=1|allocate web --count 3 --label a=2|["labels"]|labels a=1, not a=2
allocate web --for 1h|allocate web --for 60m|[]|
allocate web --for 1h|allocate web|[]|
allocate web --for 1h|allocate web --for 90m|["until"]|with end 1h, not 90m
allocate web --until never|allocate web --until never|[]|
allocate web|allocate web --until never|[]|
allocate short --until never|allocate short --until never|[]|
allocate short|allocate short --until never|["until"]|Z, not never
allocate web --for 1h|allocate web --until never|["until"]|Z, not never
allocate short --until never|allocate short --for 2h|["until"]|with no end, not 2h
allocate web|allocate web --for 90m|["until"]|with no end, not 90m
allocate short|allocate short --for 2h|[]|
allocate short --for 1h|allocate short --for 2h|["until"]|with end 1h, not 2h
allocate web --until 2999-01-01T00:00:00Z|allocate web --until 2999-01-01T01:00:00+01:00|[]|
allocate web --until 2999-01-01T00:00:00Z|allocate web --until 2998-01-01T00:00:00Z|["until"]|with end 2999-01-01T00:00:00.000000Z, not 2998-01-01T00:00:00Z
allocate web|allocate web --until 2998-01-01T00:00:00Z|["until"]|with no end, not 2998
allocate web|allocate web --priority 0|[]|
allocate web|allocate web --priority 7|["priority"]|with priority 0, not 7
allocate web --label a=1 --label b=2|allocate web --label b=2 --label a=1|[]|
allocate web --label a=1 --label b=2|allocate web --label a=1|["labels"]|labels a=1,b=2, not a=1
allocate web|allocate web --label a=1 --label b=2|["labels"]|with no labels, not a=1,b=2
allocate web --label a=1|allocate web|[]|
allocate web --reason "the first"|allocate web --reason second|["reason"]|reason "the first", not "second"
allocate web|allocate web --reason second|["reason"]|with no reason, not "second"
allocate one --holder x|allocate one --holder y|["holder"]|with holder "x", not "y"
allocate one --wait=0s --for 1h --holder x|allocate one --wait=0s --for 1h|[]|
allocate one --wait=0s --for 1h|allocate one --wait=0s --until never|["until"]|with end 1h, not never
allocate one --wait=0s --until never|allocate one --wait=0s --until never|[]|
allocate one --wait=0s --for 1h --priority 2|allocate one --wait=0s --for 2h --priority 3|["until", "priority"]|with end 1h, not 2h; priority 2, not 3
allocate one --wait=0s --for 1h|allocate one --wait=0s --until 2999-01-01T00:00:00Z|["until"]|with end 1h, not 2999
END
check 'foreign text is made safe' complains 0 'with no holder, not "‹1B›[2J"' env LC_ALL=C.UTF-8 "$BERTH" allocate one --wait=0s --id "$id" --holder $'\e[2J'
check '--quiet prints no message' exits 0 berth allocate one --wait=0s --id "$id" --holder b -q
check '... at all' equal '' "$stderr"
check 'CSV has the names of the terms' exits 0 berth allocate one --wait=0s --id "$id" --holder b --csv
check '... beside `replayed`' equal 'true,"[""holder""]"' "$(grep -o 'true,"\[""[a-z]*""\]"' <<<"$stdout")"

# --- later changes are not the requested terms -------------------------------------

fresh_id
check 'a lease' exits 0 berth allocate web --id "$id" --for 1h --label a=1 --label b=2 --holder x
check 'is extended' exits 0 berth extend "$id" --for 5h
check '... a worker applies it' work
check '... again' exits 0 berth extend "$id" --until 2999-01-01T00:00:00Z
check '... a worker applies it' work
check 'and labelled' exits 0 berth label "lease/$id" a=7 b- c=3
check '... again' exits 0 berth label "lease/$id" a- c=4 b=9
check 'the same request has no differences' told '[]' '' berth allocate web --for 1h --label a=1 --label b=2 --holder x
check 'the present end differs from the first' told '["until"]' 'with end 1h, not 5h' berth allocate web --for 5h
check '... also as a time' told '["until"]' 'Z, not 2999' berth allocate web --until 2999-01-01T00:00:00Z
check '... and so do the present labels' told '["labels"]' 'with labels a=1,b=2, not b=9,c=4' berth allocate web --label b=9 --label c=4

fresh_id
check 'one that waits' exits 0 berth allocate one --wait=0s --id "$id" --for 1h
check 'loses its end' exits 0 berth extend "$id" --until never
check '... a worker applies it' work
check '... an unknown end is not compared' told '[]' '' berth allocate one --wait=0s --for 1h
check '... with any requested end' told '["holder"]' 'with no holder, not "x"' berth allocate one --wait=0s --for 2h --holder x

# --- commands ----------------------------------------------------------------------

lease=88888888-0000-4000-8000-000000000000
check 'a lease' exits 0 berth allocate web --id $lease
check 'an organization' exits 0 berth org create acme
for name in a b; do
	check 'a project' exits 0 berth project create acme/$name
done
# FIRST | REPLAY | DIFFERS | WORDS
while IFS='|' read -r first again differs words; do
	fresh_id
	eval "set -- $first"
	check "first: $first" exits 0 berth "$@" --id "$id" --json
	check '... has no differences' equal '[]' "$(json "d->'differs'")"
	after=$(fingerprint)
	eval "set -- $again"
	check "again: $again" told "$differs" "${words//ID/$id}" berth "$@"
	check '... and changes nothing' equal "$after" "$(fingerprint)"
done <<'END'
release $lease --grace 1h|release $lease|[]|
release $lease --grace 1h|release $lease --grace 60m|[]|
release $lease --grace 1h|release $lease --grace 0s|["grace"]|berth: command ID was requested before, with grace 1h, not 0s
release $lease --grace 1h --reason a|release $lease --reason b|["reason"]|with reason "a", not "b"
release $lease --grace 1h --expect-generation 5|release $lease --expect-generation 6 --grace 2h|["grace", "expect_generation"]|grace 1h, not 2h; expected generation 5, not 6
release $lease --grace 1h|release $lease --expect-generation 6|["expect_generation"]|with no expected generation, not 6
extend $lease --for 1h --grace 1h|extend $lease --for 1h --force|["force"]|with no force, not with it
extend $lease --for 1h --grace 1h --force|extend $lease --for 1h --force|[]|
extend $lease --for 1h --grace 1h --force|extend $lease --for 1h|[]|
release $lease --reason a --grace 1h|release $lease|[]|
release $lease --reason a --grace 1h|release $lease --reason ""|["reason"]|with reason "a", not ""
release $lease --grace 1h|release $lease --reason ""|[]|
release --pool short --yes --grace 1h|release --pool short --yes --reason x|["reason"]|with no reason, not "x"
resource cordon web/1-1000 --grace 1h|resource cordon web/1-1000 --grace 2h|["grace"]|grace 1h, not 2h
project delete acme/a --grace 1h|project delete acme/a --grace 2h|["grace"]|grace 1h, not 2h
project delete acme/b --reason a|project delete acme/b --reason a|[]|
END

fresh_id
check 'a command' exits 0 berth release $lease --grace 1h --id "$id"
check 'a command from before graces were stored' sql "update berth.command set arguments = arguments - 'grace' where id = '$id'"
check '... its grace is not compared' told '[]' '' berth release $lease --grace 2h
fresh_id
check 'one that is applied' exits 0 berth release --pool short --yes --reason a --id "$id"
check '... a worker applies it' work
check '... its reason is compared too' told '["reason"]' 'reason "a", not "b"' berth release --pool short --yes --reason b
check '... also with --wait' told '["reason"]' 'reason "a", not "b"' berth release --pool short --yes --reason b --wait

# --- in a batch --------------------------------------------------------------------

printf '# two\nallocate web --holder y --id 00000003-0000-4000-8000-000000000000\nallocate web\n' >"$TMPDIR/batch"
fresh_id
check 'a batch' exits 0 berth batch "$TMPDIR/batch" --id "$id" --json
check '... names the line' equal 'berth: line 2: lease 00000003-0000-4000-8000-000000000000 was requested before, with holder "a", not "y"' \
	"$(grep 'line 2' <<<"$stderr")"
check '... and has it in the answer' equal '["holder"] []' "$(json "concat_ws(' ', d->0->'differs', d->1->'differs')")"
check 'its reason is that of its lines' exits 0 berth batch "$TMPDIR/batch" --id "$id" --json --reason now
check '... which differs' equal '["reason"]' "$(json "d->1->'differs'")"

# --- existing ranges ----------------------------------------------------------------

counts() { json "concat_ws(' ', d->'imported', d->'replayed', d->'differs', d->'refused')"; }
# imports COUNTS WORDS ROW...
imports() {
	local counts=$1 words=$2
	shift 2
	printf '%s\n' "$@" >"$TMPDIR/ranges"
	run berth pool import "$TMPDIR/ranges" --on-conflict skip --json
	equal "$counts" "$(counts)" && [[ $stderr == *"$words"* ]] && { [ -n "$words" ] || [[ $stderr != *labels* ]]; } ||
		tests_show "$counts, and '$words' on stderr"
}
head=pool,kind,range,space,labels
check 'an import' imports '3 0 0 0' '' $head 'imp,ipv4,10.1.0.0/24,imp,a=1;b=2' imp,ipv4,10.1.1.0/24,imp, 'imp,ipv4,10.1.2.0/24,imp,c=3'
check '... again' imports '0 3 0 0' '' $head 'imp,ipv4,10.1.0.0/24,imp,b=2;a=1' imp,ipv4,10.1.1.0/24,imp, 'imp,ipv4,10.1.2.0/24,imp,c=3'
check '... with other labels' imports '0 3 2 0' \
	'berth: 2 of the existing ranges have other labels or exclusions than in the file, the first on line 3; they stay as they are' \
	$head 'imp,ipv4,10.1.0.0/24,imp,a=1;b=2' imp,ipv4,10.1.1.0/24,imp,a=1 'imp,ipv4,10.1.2.0/24,imp,c=4'
check '... with one label less' imports '0 1 1 0' '1 of the existing ranges has other labels or exclusions' $head imp,ipv4,10.1.0.0/24,imp,a=1
check '... without a column of labels' imports '0 3 0 0' '' pool,kind,range,space imp,ipv4,10.1.0.0/24,imp imp,ipv4,10.1.1.0/24,imp \
	imp,ipv4,10.1.2.0/24,imp
check '... and one that is refused' imports '1 1 1 1' 'the first on line 2' $head imp,ipv4,10.1.2.0/24,imp,c=5 imp,ipv4,10.1.2.0/25,imp,c=3 \
	imp,ipv4,10.1.3.0/24,imp,d=1
check 'twice in one file' imports '1 1 1 0' 'on line 3' $head imp,ipv4,10.1.4.0/24,imp,d=1 imp,ipv4,10.1.4.0/24,imp,d=2
check 'their labels stay' equal 'a=1,b=2 c=3 d=1 d=1' "$(sql "select string_agg(l, ' ' order by l) from (select
	string_agg(name || '=' || value, ',' order by name) l from berth.label where kind = 'resource' group by target) t" | tr -d '\n')"
fresh_id
check 'the same import again' exits 0 berth pool import "$TMPDIR/ranges" --id "$id" --json
check '... differs' equal '0 2 1 0' "$(counts)"
check '... again' exits 0 berth pool import "$TMPDIR/ranges" --id "$id" --json
check '... with the same counts' equal '0 2 1 0' "$(counts)"
check 'a person reads the count' exits 0 berth pool import "$TMPDIR/ranges"
check '... is in the table' grep -Eq '^ *differs +1 *$' <<<"$stdout"
printf 'pool import %s\n' "$TMPDIR/ranges" >"$TMPDIR/batch"
check 'in a batch' complains 0 'berth: line 1: 1 of the existing ranges has other labels or exclusions than in the file, the first on line 3' \
	berth batch "$TMPDIR/batch"
check 'doctor finds nothing' exits 0 berth doctor
