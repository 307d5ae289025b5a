#!/usr/bin/env bash
# Excluded values: they are never given, count as held back, and are shown with the reason.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
counts="concat_ws(' ', d->'capacity', d->'used', d->'held_back', d->'free', d->'excluded')"
kept="(select string_agg(concat_ws(' ', e->>'first', e->>'last', e->>'reason'), ', ' order by n)
	from jsonb_array_elements(d->'exclusions') with ordinality l (e, n))"
free="(select string_agg(concat_ws(' ', e->>'first', e->>'last'), ', ' order by n) from jsonb_array_elements(d) with ordinality l (e, n))"
found="(select string_agg(concat_ws(' ', e->>'first', e->>'last', e->>'state', e->>'reason'), ', ' order by n)
	from jsonb_array_elements(d) with ordinality l (e, n))"
same="(select string_agg(concat_ws(' ', e->>'name', e->>'exclude'), ', ' order by n)
	from jsonb_array_elements(d) with ordinality l (e, n))"
lease=11111111-1111-4111-8111-111111111111
other=21111111-1111-4111-8111-111111111111
batch=51111111-1111-4111-8111-111111111111
request=31111111-1111-4111-8111-111111111111

# --- exclude ------------------------------------------------------------------

berth -q pool create web --kind ipv4 10.0.0.0/28 >"$TMPDIR/made"
check 'a dry run shows the pool' answers "$counts" '16 0 4 12 4' berth pool exclude web 10.0.0.0/30 -n --json
check '... and changes nothing' answers "$counts" '16 0 0 16 0' berth pool show web --json
check 'values are excluded' answers "$counts" '16 0 5 11 5' \
	berth pool exclude web 10.0.0.0/30 10.0.0.9 --reason 'for "routers"' --id $request --json
check '... once by its id' answers "concat_ws(' ', d->'replayed', $counts)" 'true 16 0 5 11 5' \
	berth pool exclude web 10.0.0.0/30 10.0.0.9 --id $request --json
check '... which is spent for other ranges' refuses id_conflict berth pool exclude web 10.0.0.8 --id $request
check '... pool show tells why' answers "$kept" '10.0.0.0 10.0.0.3 for "routers", 10.0.0.9 10.0.0.9 for "routers"' \
	berth pool show web --json
check '... and by whom and when' answers "concat_ws(' ', d->'exclusions'->0->>'by',
	(d->'exclusions'->0->>'at')::timestamptz > now() - interval '1 hour')" 'postgres t' berth pool show web --json
check '... pool free has the others' answers "$free" '10.0.0.4 10.0.0.8, 10.0.0.10 10.0.0.15' berth pool free web --json
check '... and notes these on standard error' complains 0 'excluded: 10.0.0.0/30: "for "routers""' berth pool free web
check '... pool find tells the state' answers "$found" \
	'10.0.0.0 10.0.0.3 excluded for "routers", 10.0.0.4 10.0.0.8 free, 10.0.0.9 10.0.0.9 excluded for "routers", 10.0.0.10 10.0.0.15 free' \
	berth pool find 10.0.0.0/28 --json
check '... the resource tells them' answers "$same" '10.0.0.0/28 10.0.0.0/30;10.0.0.9' berth resource list web --json
check '... it is an event, with before and after' answers \
	"concat_ws(' ', d->-1->>'action', jsonb_array_length(d->-1->'before'->'exclusions'),
		d->-1->'after'->'exclusions'->1->>'first')" 'exclude 0 10.0.0.9' berth events pool/web --json
check 'twice changes nothing' answers "$counts" '16 0 5 11 5' berth pool exclude web 10.0.0.0/30 --reason other --json
check '... the reason stays' answers "$kept" '10.0.0.0 10.0.0.3 for "routers", 10.0.0.9 10.0.0.9 for "routers"' berth pool show web --json
check '... and there is no second event' answers "(select count(*) from jsonb_array_elements(d) e where e->>'action' = 'exclude')" 1 \
	berth events pool/web --json
check 'the lowest other value is given' answers "d->>'value'" 10.0.0.4 berth allocate web --json
check 'a value that is excluded cannot be had' complains 5 'value 10.0.0.9 of pool web is excluded since' \
	berth allocate web --value 10.0.0.9
check '... as a conflict with the reason' refuses conflict berth allocate web --value 10.0.0.9
check '... in its detail' equal 'for "routers"' "$(fault "d->'error'->'detail'->>'reason'")"
check 'all others can' exits 0 berth allocate web --count 10
check '... then the pool is full' complains 6 'capacity 16, used 11, held back 5' berth allocate web
check 'doctor finds nothing' exits 0 berth doctor

# --- a leased value -----------------------------------------------------------

berth -q pool create vlan --kind number 1-9 >"$TMPDIR/made"
berth -q allocate vlan --id $lease --value 3 --holder web-1 >"$TMPDIR/made"
check 'a leased value can be excluded, and is used until it ends' answers "$counts" '9 1 1 7 2' \
	berth pool exclude vlan 3-4 --reason old --json
check '... pool find has the lease, and the reason' answers "$found" '3 3 leased old, 4 4 excluded old' berth pool find 3-4 --json
check '... the request of the lease is answered' answers "concat_ws(' ', d->'replayed', d->>'value')" 'true 3' \
	berth allocate vlan --id $lease --value 3 --json
check '... another is refused for the lease' complains 5 "held by lease $lease" berth allocate vlan --value 3
check '... a plan foretells that it is held back' answers \
	"concat_ws(' ', d->'effect'->'vlan'->'after'->'used', d->'effect'->'vlan'->'after'->'held_back', d->'effect'->'vlan'->'after'->'free')" \
	'0 2 7' berth release $lease -n --json
berth -q release $lease >"$TMPDIR/made"
check '... a worker releases it' work
check '... it is held back, not free' answers "$counts" '9 0 2 7 2' berth pool show vlan --json
check '... and not given' refuses conflict berth allocate vlan --value 3
berth -q pool set vlan --reuse-delay 1h >"$TMPDIR/made"
berth -q allocate vlan --id $other --value 5 >"$TMPDIR/made"
berth -q release $other >"$TMPDIR/made"
check 'with a delay' work
check '... a released value rests' answers "$counts" '9 0 3 6 3' berth pool exclude vlan 5 --json
check '... as pool find says' answers "$found" '5 5 resting' berth pool find 5 --json
sql "update berth.lease set rest_until = now() - interval '1 second' where id = '$other'"
check '... when that is over' work
check '... it is still held back' answers "$counts" '9 0 3 6 3' berth pool show vlan --json
check 'doctor finds nothing' exits 0 berth doctor

# --- include ------------------------------------------------------------------

check 'a part is included' answers "$counts" '9 0 2 7 2' berth pool include vlan 4 --json
check '... the rest keeps its reason' answers "$kept" '3 3 old, 5 5 ' berth pool show vlan --json
check '... it is an event' answers "concat_ws(' ', d->-1->>'action', d->-1->'before'->'exclusions'->0->>'last',
	jsonb_array_length(d->-1->'after'->'exclusions'))" 'include 4 0' berth events pool/vlan --json
check '... it can be had' exits 0 berth allocate vlan --value 4
check 'what is not excluded stays' answers "$counts" '9 1 2 6 2' berth pool include vlan 6-9 --json
check 'all' answers "concat_ws(' ', $counts, $kept)" '9 1 0 8 0' berth pool include vlan 1-9 --json
berth -q pool exclude vlan 1-3 5-9 >"$TMPDIR/made"
berth -q allocate vlan --id 41111111-1111-4111-8111-111111111111 --wait=0s >"$TMPDIR/made"
check 'all others are excluded, so that one waits' answers "$counts" '9 1 8 0 8' berth pool show vlan --json
check '... the reason why it waits tells them' answers "d->'waiting'->'reasons'->>0" 'resource 1-9: all taken, 8 of 9 excluded' \
	berth lease show 41111111-1111-4111-8111-111111111111 --json
berth -q pool include vlan 7 >"$TMPDIR/made"
check 'a worker gives it what is included' work
check '... at once' answers "d->>'value'" 7 berth lease show 41111111-1111-4111-8111-111111111111 --json

# --- at creation --------------------------------------------------------------

check 'a pool with usable addresses' answers "concat_ws(' ', $counts)" '272 0 6 266 6' \
	berth pool create lan --kind ipv4 10.1.0.0/24 10.1.1.0-10.1.1.6 10.1.2.0/30 10.1.3.0/31 10.1.4.4-10.1.4.6 --exclude 10.1.0.1 \
	--exclude 10.1.0.1-10.1.0.2 --usable --reason gateway --json
check '... with reasons' answers "$kept" '10.1.0.0 10.1.0.0 network address, 10.1.0.1 10.1.0.2 gateway, 10.1.0.255 10.1.0.255 broadcast address, 10.1.2.0 10.1.2.0 network address, 10.1.2.3 10.1.2.3 broadcast address' \
	berth pool show lan --json
check 'IPv6' answers "concat_ws(' ', $counts)" '18446744073709551623 0 9223372036854775810 9223372036854775813 9223372036854775810' \
	berth pool create six --kind ipv6 fd00::/64 fd01::/126 fd02::/127 fd03::1 --usable --exclude fd00::8000:0:0:0/65 --json
check '... of which nothing is given that is excluded' answers "d->>'value'" fd00::1 berth allocate six --json
check 'a range is added so' exits 0 berth pool add lan 10.1.5.0/24 --usable --exclude 10.1.5.7
check '... with its exclusions' answers "$same" '10.1.5.0/24 10.1.5.0;10.1.5.7;10.1.5.255' \
	berth resource list lan --filter name=10.1.5.0/24 --json
check '... not with values of the other ranges' complains 2 'value 10.1.0.9 is in none of the ranges that are added to pool lan' \
	berth pool add lan 10.1.6.0/24 --exclude 10.1.6.7 --exclude 10.1.0.9
check '... which changes nothing' answers "$same" '' berth resource list lan --filter name=10.1.6.0/24 --json
check 'a range that is there is left as it is' exits 0 berth pool add lan 10.1.5.0/24 10.1.7.0/31 --usable --exclude 10.1.5.9 --exclude 10.1.7.0
check '... without more exclusions' answers "$same" '10.1.5.0/24 10.1.5.0;10.1.5.7;10.1.5.255' \
	berth resource list lan --filter name=10.1.5.0/24 --json
check '... beside one that is new' answers "$same" '10.1.7.0/31 10.1.7.0' berth resource list lan --filter name=10.1.7.0/31 --json
berth -q pool remove lan 10.1.7.0/31 >"$TMPDIR/made"
check 'another value' exits 0 berth pool exclude lan 10.1.0.9
check 'hosts' answers "$counts" '6 0 3 3 3' berth pool create racks --kind host r1:4 r2:2 --exclude r1:2 --exclude r2 --json
check '... have slots' answers "$kept" 'r1:2 r1:2 , r2:1 r2:2 ' berth pool show racks --json
check '... as imports take them' answers "$same" 'r1 r1:2, r2 r2' berth resource list racks --json
check 'doctor finds nothing' exits 0 berth doctor
before=$(fingerprint)
check 'outside of the pool' complains 2 'value 10.1.9.0 of range 10.1.9.0/24 is in no live resource of pool lan' berth pool exclude lan 10.1.9.0/24
check '... a slot that the host has not' complains 2 'value r1:5 is in no live resource of pool racks' berth pool exclude racks r1:5
check '... half of it' complains 2 'value 10.1.1.7 of range 10.1.1.0/29' berth pool include lan 10.1.1.0/29
check '... at creation, which creates nothing' complains 2 'value 11 is in no live resource' berth pool create bad --kind number --space bad 1-9 --exclude 11
check 'another kind' complains 2 'pool lan is of kind ipv4' berth pool exclude lan 7
check 'an unknown pool' refuses not_found berth pool exclude nope 7
check 'kinds are not mixed' complains 2 '"7" is not an IPv4 address' berth pool exclude lan 10.1.0.7 7
check '--usable is for addresses' complains 2 '--usable' berth pool create bad --kind number --space bad 1-9 --usable
check 'nothing was changed' equal "$before" "$(fingerprint)"

# --- removal ------------------------------------------------------------------

check 'a part with exclusions is removed' answers "$same" '10.1.0.0/31 10.1.0.0;10.1.0.1, 10.1.0.4-10.1.0.255 10.1.0.9;10.1.0.255' \
	berth pool remove lan 10.1.0.2/31 --json
check '... they are on the parts' answers "$found" '10.1.0.0 10.1.0.0 excluded network address, 10.1.0.1 10.1.0.1 excluded gateway, 10.1.0.4 10.1.0.8 free' \
	berth pool find 10.1.0.0/28 --limit 3 --json
check 'one exclusion over a cut' exits 0 berth pool exclude lan 10.1.5.16/28 --reason cut
check '... is cut as well' answers "$same" '10.1.5.0-10.1.5.19 10.1.5.0;10.1.5.7;10.1.5.16/30, 10.1.5.24-10.1.5.255 10.1.5.24/29;10.1.5.255' \
	berth pool remove lan 10.1.5.20-10.1.5.23 --json
check 'a whole range takes its exclusions along' exits 0 berth pool remove lan 10.1.2.0/30
check 'doctor finds nothing' exits 0 berth doctor
berth -q release pool/lan --yes >"$TMPDIR/made"
check 'a pool is drained' work
check '... with its exclusions' answers "concat_ws(' ', d->'capacity', d->'excluded', jsonb_array_length(d->'exclusions'))" '0 0 0' berth pool show lan --json
check '... none is left over' equal 0 "$(psql -XqAt -c "select count(*) from berth.exclusion e join berth.resource r on r.id = e.resource where r.state = 'destroyed'")"

# --- import and export --------------------------------------------------------

cat >"$TMPDIR/in.csv" <<'CSV'
pool,kind,range,exclude
isp,ipv4,192.0.2.0/24,192.0.2.0;192.0.2.240/28
isp,ipv4,198.51.100.0/24,
box,host,b1:4,b1:2;b1:4
box,host,b2:2,b2
CSV
check 'an import excludes values' answers "concat_ws(' ', d->'imported', d->'refused')" '4 0' berth pool import "$TMPDIR/in.csv" --reason plan --json
check '... so' answers "concat_ws(' ', $counts, $kept)" '512 0 17 495 17 192.0.2.0 192.0.2.0 plan, 192.0.2.240 192.0.2.255 plan' berth pool show isp --json
check '... and slots' answers "$counts" '6 0 4 2 4' berth pool show box --json
check '... again it is replayed' answers "concat_ws(' ', d->'imported', d->'replayed', d->'differs')" '0 4 0' berth pool import "$TMPDIR/in.csv" --json
sed 's/192.0.2.0;//' "$TMPDIR/in.csv" >"$TMPDIR/other.csv"
check '... other exclusions differ' answers "concat_ws(' ', d->'replayed', d->'differs')" '4 1' berth pool import "$TMPDIR/other.csv" --json
printf 'pool,kind,range,exclude\nisp,ipv4,203.0.113.0/24,203.0.114.0\n' >"$TMPDIR/bad.csv"
check '... outside of the range is refused' complains 2 'line 2: pool isp: exclude "203.0.114.0": not in the range of the row' berth pool import "$TMPDIR/bad.csv"
printf 'pool,kind,range,exclude\nisp,ipv4,203.0.113.0/24,203.0.113.0;;203.0.113.1\n' >"$TMPDIR/bad.csv"
check '... and an empty one' exits 2 berth pool import "$TMPDIR/bad.csv"
printf 'pool,kind,range,exclude\nclosed,ipv4,203.0.113.0/24,203.0.113.0;203.0.113.1;\n' >"$TMPDIR/closed.csv"
check '... but the last one may be closed' answers "concat_ws(' ', d->'imported')" 1 berth pool import "$TMPDIR/closed.csv" --json
check '... and counts' answers "d->'excluded'" 2 berth pool show closed --json
check 'the export has kind, space, exclude and unit' prints 'kind,space,exclude,unit' berth resource list isp --csv
check '... filled' prints 'ipv4,global,192.0.2.0;192.0.2.240/28,' berth resource list isp --csv
check 'doctor finds nothing' exits 0 berth doctor

# --- batch, help, many --------------------------------------------------------

printf 'pool create lines --kind number --space lines 1-100 --exclude 1-10\npool exclude lines 50 --reason half\npool include lines 1\nallocate lines\n' >"$TMPDIR/lines"
check 'lines of a batch' answers "concat_ws(' ', d->1->'excluded', d->2->'excluded', d->3->>'value')" '11 10 1' berth batch "$TMPDIR/lines" --id $batch --json
check '... and again' answers "concat_ws(' ', d->1->'replayed', d->3->>'value')" 'true 1' berth batch "$TMPDIR/lines" --id $batch --json
many=$(seq 1 2 1999)
berth -q pool create many --kind number --space many 1-2000 >"$TMPDIR/made"
check 'many single values' answers "$counts" '2000 0 1000 1000 1000' berth pool exclude many $many --json
check '... in small stripes' equal t "$(psql -XqAt -c "select max((select count(*) from unnest(s.excluded))) <= 64
	and max((select count(*) from unnest(s.free))) <= 65 from berth.stripe s join berth.pool p on p.id = s.pool where p.name = 'many'")"
check '... the others are given' answers "(select bool_and((e->>'value')::int % 2 = 0) from jsonb_array_elements(d) e)" t \
	berth allocate many --count 1000 --json
check '... all' refuses pool_exhausted berth allocate many
check '... all are included' answers "$counts" '2000 1000 0 1000 0' berth pool include many 1-2000 --json
check 'doctor finds nothing in the end' exits 0 berth doctor
