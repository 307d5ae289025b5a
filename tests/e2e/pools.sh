#!/usr/bin/env bash
# Pools and resources: what the commands answer, in every format.
. tests/lib.sh
. tests/lib/answers.sh

new_database

check 'no pools: an empty array' answers d '[]' berth pool list --json
check 'and a bare header' equal 'NAME  KIND  SPACE  SIZE  USED  HELD BACK  FREE  %  STATUS  RUNS OUT  LABELS' "$(berth pool list)"

check 'a pool is created with its ranges' answers \
	"concat_ws(' ', d->>'name', d->>'kind', d->>'space', d->'capacity', d->'used', d->'free', d->'percent', d->>'status',
		d->'warn', d->'crit', d->'resources', d->'replayed')" \
	'web ipv4 global 261 0 261 0 ok 80 90 2 false' \
	berth pool create web --kind ipv4 10.0.0.0/24 10.0.2.5-10.0.2.9 --json
check 'thresholds, times and hooks' answers \
	"concat_ws(' ', d->'warn', d->'crit', d->>'ttl', d->>'reuse_delay', d->>'activate_hook', d->>'release_hook', d->>'space')" \
	'50 75 2h 15m up down lab' \
	berth pool create small --kind number 1-4 --space lab --warn 50 --crit 75 --ttl 2h --reuse-delay 15m \
	--activate-hook up --release-hook down --json
check 'a pool without ranges' answers "concat_ws(' ', d->'capacity', d->'percent', d->>'status', d->'labels', d->>'runs_out')" \
	'0 0 ok {}' berth pool create empty --kind host --json
check 'the whole of IPv6 is counted exactly' answers "d->>'capacity'" 340282366920938463463374607431768211456 \
	berth pool create world --kind ipv6 ::/0 --json
check 'a value of it is taken' exits 0 berth allocate world
check 'and in the list' answers "d->>'free'" 340282366920938463463374607431768211455 berth pool show world --json
check 'and as CSV' prints ,340282366920938463463374607431768211455, berth pool list --csv
check 'and as a table' prints ' 340282366920938463463374607431768211455 ' berth pool list
check 'the largest number' answers "d->>'capacity'" 9223372036854775808 \
	berth pool create numbers --kind number --space all 0-9223372036854775807 --json
check 'hosts' answers "d->'capacity'" 5 berth pool create rack --kind host host1:4 host2 --json
check 'in another space the same range is free' answers "d->'capacity'" 256 \
	berth pool create web-b --kind ipv4 --space b 10.0.0.0/24 --json

check 'show and list have the same' answers "(select d - 'annotations' - 'exclusions' = e.value from jsonb_array_elements(
	$(printf "'%s'" "$(berth pool list --json)")::jsonb) e where e.value->>'name' = 'web')" t berth pool show web --json
check 'the target may have its prefix' prints 'name           web' berth pool show pool/web
check 'an empty member is a dash in tables' prints $'\nlabels         -' berth pool show web
check 'one thing as CSV is one row' equal 2 "$(berth pool show web --csv | wc -l)"
check 'CSV has the fields of JSON' equal \
	"$(berth pool show web --json | grep -oE '[{,]"[a-z_]+":' | tr -d '{,":' | paste -sd,)" \
	"$(berth pool show web --csv | head -n 1 | tr -d '\r')"
check 'CSV lines end as RFC 4180 says' equal 2 "$(berth pool show web --csv | grep -c $'\r$')"

check 'ranges are added in the order given' answers "(select string_agg(e->>'name', ' ') from jsonb_array_elements(d) e)" \
	'10.3.0.0/24 10.2.0.9' berth pool add web 10.3.0.0/24 10.2.0.9 --json
check 'an existing range is unchanged' answers "d->0->>'name'" 10.3.0.0/24 \
	berth pool add web 10.3.0.0-10.3.0.255 --json
check 'resources are listed by place' answers "(select string_agg(e->>'name', ' ') from jsonb_array_elements(d) e)" \
	'10.0.0.0/24 10.0.2.5-10.0.2.9 10.2.0.9 10.3.0.0/24' berth resource list web --json
check 'resources of all pools' prints 'host1' berth resource list
while IFS='|' read -r target name first last capacity; do
	check "resource show $target" answers \
		"concat_ws(' ', d->>'name', d->>'first', d->>'last', d->'capacity', d->>'state', d->'cordoned', d->'generation')" \
		"$name $first $last $capacity active false 1" berth resource show "$target" --json
done <<'END'
web/10.3.0.0/24|10.3.0.0/24|10.3.0.0|10.3.0.255|256
resource/web/10.0.2.5-10.0.2.9|10.0.2.5-10.0.2.9|10.0.2.5|10.0.2.9|5
web/10.2.0.9|10.2.0.9|10.2.0.9|10.2.0.9|1
rack/host1|host1|1|4|4
resource/rack/host2|host2|1|1|1
rack/host1:4|host1|1|4|4
END
run berth resource show web/10.2.0.9 --json
check 'and by its id' answers "d->>'name'" 10.2.0.9 berth resource show "resource/$(json "d->>'id'")" --json

check 'free ranges' equal 'FIRST     LAST        COUNT
10.0.0.0  10.0.0.255    256
10.0.2.5  10.0.2.9        5
10.2.0.9  10.2.0.9        1
10.3.0.0  10.3.0.255    256' "$(berth pool free web)"
berth -q allocate web --value 10.0.0.7 >"$TMPDIR/made"
check 'a taken value is a hole' answers "(d->0->>'last') || ' ' || (d->1->>'first') || ' ' || (d->1->>'count')" \
	'10.0.0.6 10.0.0.8 248' berth pool free web --json
check 'limited' answers 'jsonb_array_length(d)' 2 berth pool free web --limit 2 --json
check 'the free slots of hosts' prints 'host1:1,host1:4,4' berth pool free rack --csv
check 'nothing free' answers d '[]' berth pool free empty --json

# status and order: small is now 1 of 4, then 2 (50 %: warning), 3 (75 %: critical), 4
while read -r value state; do
	berth -q allocate small --value "$value" >"$TMPDIR/made"
	check "$value of 4 used is $state" answers "concat_ws(' ', d->>'status', d->'percent')" \
		"$state $((value * 25))" berth pool show small --json
done <<'END'
1 ok
2 warning
3 critical
4 exhausted
END
names="(select string_agg(e->>'name', ' ' order by n) from jsonb_array_elements(d) with ordinality as l (e, n))"
while IFS='|' read -r options expected; do
	read -ra words <<<"$options"
	check "pool list $options" answers "$names" "$expected" berth pool list "${words[@]}" --json
done <<'END'
|empty numbers rack small web web-b world
--sort name|empty numbers rack small web web-b world
--sort free|empty small rack web-b web numbers world
--status exhausted|small
--status critical|
--status ok --sort name|empty numbers rack web web-b world
END
check 'by percent, the fullest first' answers 'd->0->>$$name$$' small berth pool list --sort percent --json
check 'by end, the exhausted first' answers 'd->0->>$$name$$' small berth pool list --sort runs-out --json

check 'a range without leases is removed: nothing is left of it' answers d '[]' berth pool remove pool/web 10.3.0.0/24 --json
check 'and its place is free again' exits 0 berth pool create other --kind ipv4 10.3.0.0/25
check 'a removed range is still shown' answers "d->>'state'" destroyed berth resource show web/10.3.0.0/24 --json
check 'but not listed' answers "(select count(*) from jsonb_array_elements(d) e where e->>'name' = '10.3.0.0/24')" 0 \
	berth resource list --json
check 'in use names the leases' refuses in_use berth pool remove web 10.0.0.0/24
check 'as an array' equal 1 "$(fault "jsonb_array_length(d->'error'->'detail'->'leases')")"
check 'an overlap names the other range' refuses overlap berth pool add other 10.0.0.64-10.0.0.70
check '... and all of it' equal 'web 10.0.0.0 10.0.0.255' \
	"$(fault "concat_ws(' ', d->'error'->'detail'->>'pool', d->'error'->'detail'->>'first', d->'error'->'detail'->>'last')")"

# Values with another meaning can be in a space of their own: the hint offers that when another pool is in the
# way.
hint='hint: values that mean something else belong in a space of their own: berth pool create NAME --kind number --space SPACE'
check 'pools of numbers' exits 0 berth pool create vlans --kind number 100-199
check 'pool create hints at --space' complains 5 "$hint" berth pool create vnis --kind number 150-160
check 'pool add too' exits 0 berth pool create vnis --kind number 200
check '... the hint names --space' complains 5 "$hint" berth pool add vnis 150-160
check 'it helps' exits 0 berth pool create ports --kind number --space ports 150-160
check 'project create too' exits 0 berth org create acme
check '... the hint names --space' complains 5 'berth pool create NAME --kind number --space SPACE' berth project create acme/web --pool more=150-160
no_hint() {
	refuses overlap "$@" && equal null "$(fault "d->'error'->'hint'")"
}
check 'in one pool no space helps' no_hint berth pool add vlans 150-160
check 'an empty pool is deleted' answers "d->>'name'" empty berth pool delete empty --json
check 'and is gone' complains 4 'pool empty does not exist' berth pool show empty
check 'its name is free' exits 0 berth pool create empty --kind ipv4

check 'the schema is up to date' answers 'd' "{\"to\": $(sql 'select max(version) from berth.schema_version'), \"from\": $(
	sql 'select max(version) from berth.schema_version'), \"applied\": []}" berth migrate --json
check 'also for --check' exits 0 berth migrate --check
check 'the doctor finds nothing' answers "concat_ws(' ', d->'ok', (select bool_and((c->>'ok')::bool and (c->>'found')::int = 0)
	from jsonb_array_elements(d->'checks') c))" 'true t' berth doctor --json
sql "update berth.stripe set room = room - 1 where (resource, first) = (select resource, first from berth.stripe limit 1)" >"$TMPDIR/broken"
check 'a broken invariant exits 1' exits 1 berth doctor --json
check 'and names' equal 'false 1' "$(json "concat_ws(' ', d->'ok', (select c->'found' from jsonb_array_elements(d->'checks') c
	where c->>'name' = 'room_is_free'))")"
check 'as a table too' exits 1 berth doctor
check 'as CSV too' exits 1 berth doctor --csv
sql "select count(*) from berth.allocate(gen_random_uuid(), 'web', '', null, null, 0, '{}');
	update berth.lease set resource = gen_random_uuid() where value is not null" >"$TMPDIR/broken"
check 'a lease outside of all resources is found' exits 1 berth doctor --json
check '... by name' equal t "$(json "(select (c->>'found')::int > 0 from jsonb_array_elements(d->'checks') c
	where c->>'name' = 'lease_in_resource')")"

# Roles: viewers cannot change anything.
sql "create role looks_$$ login in role berth_viewer; create role works_$$ login in role berth_operator" >"$TMPDIR/roles"
check 'a viewer reads' exits 0 berth -U "looks_$$" pool list
check 'a viewer cannot allocate' refuses not_allowed berth -U "looks_$$" allocate web
check 'an operator does' exits 0 berth -U "works_$$" allocate web
check 'an operator cannot create a pool' refuses not_allowed berth -U "works_$$" pool create x --kind ipv4
check 'an operator cannot import' refuses not_allowed berth -U "works_$$" pool import tests/data/aws-overlaps.csv
sql "drop role looks_$$; drop role works_$$" >"$TMPDIR/roles"
