#!/usr/bin/env bash
# --filter of the three lists, alone and with their other options; errors with the place.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
berth -q pool create web --kind number 1-20 --space web >"$TMPDIR/made"
berth -q pool create edge --kind ipv4 10.0.0.0/29 >"$TMPDIR/made"
berth -q label pool/edge env=prod >"$TMPDIR/made"
berth -q pool create rack --kind host Rack-7:3 >"$TMPDIR/made"
take() {
	berth -q allocate "$@" >"$TMPDIR/made"
}
check 'prepared' eval 'take web --value 1 --holder "ci runner" --label env=prod --for 30m &&
	take web --value 2 --holder ci --label n=7 && take edge --value 10.0.0.1 --holder ops --for 5d &&
	take edge --value 10.0.0.2 --label state=x && take rack --value rack-7:3 --holder ops'

holders="coalesce((select string_agg(e->>'value', ' ' order by e->>'value') from jsonb_array_elements(d) e), '')"
while IFS='|' read -r filter expected; do
	check "lease list --filter '$filter'" answers "$holders" "$expected" berth lease list --filter "$filter" --json
done <<'END'
|1 10.0.0.1 10.0.0.2 2 Rack-7:3
pool=web|1 2
holder="ci runner"|1
holder!=ops pool=edge|10.0.0.2
ci|1 2
"CI R"|1
ops 10.0|10.0.0.1
expires<1h|1
expires=never|10.0.0.2 2 Rack-7:3
held<1h|1 10.0.0.1 10.0.0.2 2 Rack-7:3
held>1h|
kind in (host,ipv4)|10.0.0.1 10.0.0.2 Rack-7:3
value=10.0.0.0/30|10.0.0.1 10.0.0.2
value=rack-7|Rack-7:3
value>1|2
state=active|1 10.0.0.1 10.0.0.2 2 Rack-7:3
state=soon|1
!pool=web|10.0.0.1 10.0.0.2 Rack-7:3
env=prod|1
n>=7 n<=7|2
label:state=x|10.0.0.2
pool=edge !label:state|10.0.0.1
env,pool=web|1
END
check 'with a pool, a selector and a limit' answers "$holders" 1 \
	berth lease list --filter 'expires<1d' --pool web -l env=prod --limit 5 --json
check 'with states' answers "$holders" '' berth lease list --filter pool=web --state destroyed --json

names="coalesce((select string_agg(e->>'name', ' ' order by e->>'name') from jsonb_array_elements(d) e), '')"
while IFS='|' read -r filter expected; do
	check "pool list --filter '$filter'" answers "$names" "$expected" berth pool list --filter "$filter" --json
done <<'END'
|edge rack web
10.0.0.6|edge
10.0.0.4/30|edge
7|web
19-20|web
rack-7:3|rack
free<3|rack
used%>=25|edge rack
used>1 size<20|edge
kind=ipv4|edge
env=prod|edge
!env=prod|rack web
space=web|web
END
check 'with a selector and a sort' answers "$names" edge berth pool list --filter 'used>0' -l env=prod --sort free --json

actions="coalesce((select string_agg(e->>'action', ' ' order by e->>'action') from jsonb_array_elements(d) e), '')"
check 'two commands' eval 'berth -q release --pool web --grace 1h --yes --reason "the end" >"$TMPDIR/made" &&
	berth -q resource cordon edge/10.0.0.0/29 >"$TMPDIR/made"'
while IFS='|' read -r filter expected; do
	check "queue list --filter '$filter'" answers "$actions" "$expected" berth queue list --filter "$filter" --json
done <<'END'
|cordon release
action=release|release
target=10.0.0.0|cordon
state=queued|cordon release
state=wait|release
state=stuck|
"the end"|release
lag<1h|cordon
tries>0|
!action=release|cordon
END

berth -q org create acme >"$TMPDIR/made"
berth -q project create acme/full --max-leases 1 >"$TMPDIR/made"
berth -q project create acme/idle --max-leases 9 --label env=test >"$TMPDIR/made"
check 'a lease of a project' take web --value 9 --project acme/full
while IFS='|' read -r list filter expected; do
	check "$list list --filter '$filter'" answers "$names" "$expected" berth "$list" list --filter "$filter" --json
done <<'END'
resource|pool=edge|10.0.0.0/29
resource|kind=host free<9|Rack-7
resource|10.0.0.3|10.0.0.0/29
resource|!kind in (host,ipv4)|1-20
project|used%>99|full
project|org=acme limit>1|idle
project|env=test|idle
project|!idle|full
END
check 'resources of a pool' answers "$names" '' berth resource list web --filter kind=ipv4 --json
check 'projects of an organization' answers "$names" full berth project list acme --filter 'leases>0' --json

# points LIST FILTER POSITION: the error has the place, and a caret under it
points() {
	local caret
	run berth "$1" list --filter "$2"
	caret=$(grep -m 1 '^ *^$' <<<"$stderr")
	[ "$status" -eq 2 ] && equal $(($3 + 2)) $((${#caret} - 1)) || tests_show 2 || return 1
	run berth "$1" list --filter "$2" --json
	equal "$3" "$(fault "d->'error'->'detail'->'position'")"
}
while IFS='|' read -r list filter position; do
	check "the place in '$filter'" points "$list" "$filter" "$position"
done <<'END'
lease|state=gon|6
lease|web held>x|9
lease|a,,b|2
pool|free>-1|5
queue|env=prod|0
resource|state=late|6
project|used%>x|6
END
check 'with a value' answers "$holders" 1 berth lease list --value 1 --filter ci --json
check 'with a value that does not match' answers "$holders" '' berth lease list --value 1 --filter ops --json
check 'with a value at a time' answers "$holders" 1 \
	berth lease list --value 1 --at "$(date -u -d '1 hour' +%FT%TZ)" --filter 'holder="ci runner"' --json
