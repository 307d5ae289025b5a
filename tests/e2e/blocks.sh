#!/usr/bin/env bash
# Pools of blocks: a lease holds a prefix or a block of numbers, and everything is said in blocks.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh

new_database
counts="concat_ws(' ', d->'capacity', d->'used', d->'held_back', d->'free', d->'excluded', d->'unit', d->'addresses')"
list="(select string_agg(concat_ws(' ', e->>'first', e->>'last', e->>'count', e->>'state'), ', ' order by n)
	from jsonb_array_elements(d) with ordinality l (e, n))"
values="(select string_agg(e->>'value', ' ' order by e->>'value') from jsonb_array_elements(d) e)"
lease=11111111-1111-4111-8111-111111111111
other=21111111-1111-4111-8111-111111111111
third=31111111-1111-4111-8111-111111111111
request=51111111-1111-4111-8111-111111111111

# --- pools ----------------------------------------------------------------------

check 'a pool of prefixes is counted in them' answers "$counts" '65536 0 0 65536 0 "/64" 1208925819614629174706176' \
	berth pool create sites --kind ipv6 2001:db8::/48 --prefix 64 --id $request --json
check '... once by its id' answers "d->'replayed'" true \
	berth pool create sites --kind ipv6 2001:db8::/48 --prefix 64 --id $request --json
check '... which is spent for another unit' refuses id_conflict \
	berth pool create sites --kind ipv6 2001:db8::/48 --prefix 60 --id $request
check '... or none' refuses id_conflict berth pool create sites --kind ipv6 2001:db8::/48 --id $request
check 'a pool of blocks of numbers' answers "$counts" '1008 0 0 1008 0 64 64512' \
	berth pool create ports --kind number 1024-65535 --block 64 --json
check 'prefixes of IPv4 in several ranges' answers "$counts" '12 0 0 12 0 "/26" 768' \
	berth pool create racks --kind ipv4 10.0.0.0/24 10.0.2.0-10.0.3.255 --prefix 26 --json
check 'other pools have no unit' answers "$counts" '16 0 0 16 0 null 16' \
	berth pool create plain --kind ipv4 10.9.0.0/28 --json
check 'its creation tells the unit' answers "d->0->'after'->>'unit'" /64 berth events pool/sites --json
check 'the resource has it' answers "concat_ws(' ', d->0->'unit', d->0->'capacity')" '64 1008' berth resource list ports --json
berth pool list >"$TMPDIR/list"
check 'the table of pools shows the unit' grep -q '^ports *number by 64 ' "$TMPDIR/list"
check '... of prefixes too' grep -q '^racks *ipv4 /26 ' "$TMPDIR/list"

# --- leases -----------------------------------------------------------------------

check 'the lowest block is given' answers "concat_ws(' ', d->>'value', d->>'first', d->>'last')" \
	'2001:db8::/64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff' berth allocate sites --json
check 'exactly one can be had' answers "d->>'value'" 2001:db8:0:5::/64 \
	berth allocate sites --value 2001:db8:0:5::/64 --id $lease --holder ams --json
check '... once by its id' answers "d->'replayed'" true berth allocate sites --value 2001:db8:0:5::/64 --id $lease --json
check '... and by no other' refuses conflict berth allocate sites --value 2001:db8:0:5::/64
check '... whose message names it' complains 5 'value 2001:db8:0:5::/64 of pool sites is held by lease' \
	berth allocate sites --value 2001:db8:0:5::/64
check '... its id is spent for another' refuses id_conflict berth allocate sites --value 2001:db8:0:6::/64 --id $lease
check 'a value is written in any form' answers "d->>'value'" 10.0.2.64/26 berth allocate racks --value 10.0.2.64-10.0.2.127 --json
check 'many are given at once' answers "$values" '1024-1087 1088-1151 1152-1215' berth allocate ports --count 3 --json
check 'other values have a first and a last too' answers "concat_ws(' ', d->>'value', d->>'first', d->>'last')" \
	'10.9.0.0 10.9.0.0 10.9.0.0' berth allocate plain --json
check 'free values are ranges, counted in blocks' answers "$list" '10.0.0.0 10.0.0.255 4, 10.0.2.0 10.0.2.63 1, 10.0.2.128 10.0.3.255 6' \
	berth pool free racks --json
check 'a value finds its block' answers "$list" '2001:db8:0:5:: 2001:db8:0:5:ffff:ffff:ffff:ffff leased' \
	berth pool find 2001:db8:0:5::17 --json
check '... so do two parts of blocks' answers "$list" '1152 1215 leased, 1216 1279 free' berth pool find 1200-1250 --json
check '... and names its lease' answers "$values" 2001:db8:0:5::/64 berth lease list --value 2001:db8:0:5::17 --json
check '... as does the block' answers "$values" 1088-1151 berth lease list --value 1088-1151 --json
check '... but no other one' answers "$values" '' berth lease list --value 1088-1150 --json
check 'a filter finds a block by a value of it' answers "$values" 1088-1151 berth lease list --filter value=1100 --json
check '... by a range' answers "$values" '1024-1087 1088-1151' berth lease list --filter value=1080-1090 --json
check '... by its text' answers "$values" 10.0.2.64/26 berth lease list --filter 10.0.2.64/26 --json
check 'the resource is named by a block of it' answers "d->>'name'" 1024-65535 berth resource show ports/1088-1151 --json
check 'forecasts are of blocks' sql 'select berth.take_samples()'
check '... the list is sorted by them' answers "(select string_agg(e->>'name', ' ' order by n) from jsonb_array_elements(d)
	with ordinality l (e, n))" 'racks plain ports sites' berth pool list --sort free --json
check 'a release is foretold in blocks' answers \
	"concat_ws(' ', d->'effect'->'sites'->'before'->'used', d->'effect'->'sites'->'after'->'used')" '2 1' berth release $lease -n --json
check 'doctor finds nothing' exits 0 berth doctor

# --- bad input ------------------------------------------------------------------

table_of_refusals <<'END'
pool create x --kind number 1-64 --prefix 64            | invalid_input | --prefix: only addresses have prefixes, not kind number
pool create x --kind host h:4 --block 2                 | invalid_input | --block: only numbers have blocks, not kind host
pool create x --kind ipv4 10.1.0.0/24 --block 64        | invalid_input | --prefix LENGTH
pool create x --kind ipv4 --prefix 26 --block 64        | invalid_input | --block: not together with --prefix
pool create x --kind ipv4 --prefix 33                   | invalid_input | --prefix: "33" is not a length of prefixes: a number from 0 to 32
pool create x --kind ipv6 --prefix 129                  | invalid_input | a number from 0 to 128
pool create x --kind ipv6 --prefix -1                   | invalid_input | "-1" is not a length of prefixes
pool create x --kind ipv6 --prefix ''                   | invalid_input | --prefix
pool create x --kind number --block 1                   | invalid_input | --block: "1" is not a size of blocks: a number from 2 to
pool create x --kind number --block 1e3                 | invalid_input | "1e3" is not a size of blocks
pool create x --kind number 1000-2000 --block 64 --space x | invalid_input | the nearest that is: 1024-1983
pool create x --kind ipv4 10.1.0.0/28 --prefix 26       | invalid_input | the nearest that is: 10.1.0.0/26
pool create x --kind ipv4 10.1.0.0/24 --prefix 26 --usable | invalid_input | not made of whole blocks
pool create x --kind ipv4 10.1.0.0/24 --prefix 26 --exclude 10.1.0.9 | invalid_input | range 10.1.0.9 is not made of whole blocks
pool create y --kind ipv4 10.0.2.0/28                   | overlap | range 10.0.2.0/28 overlaps 10.0.2.0/23 of pool racks
pool add racks 10.1.0.0-10.1.0.99                       | invalid_input | the nearest that is: 10.1.0.0/26
pool remove ports 1030-1200                             | invalid_input | the nearest that is: 1088-1151
pool remove ports 1024-1279                             | in_use | 1024-1087, 1088-1151, 1152-1215
pool remove sites 2001:db8:0:5::/64                     | in_use | 2001:db8:0:5::/64 ("ams")
pool exclude ports 1300                                 | invalid_input | the nearest that is: 1280-1343
pool include ports 1300-1310                            | invalid_input | pool ports gives blocks of 64 numbers
allocate sites --value 2001:db8:0:7::                   | invalid_input | did you mean 2001:db8:0:7::/64?
allocate sites --value 2001:db8:0:7::1                  | invalid_input | "2001:db8:0:7::1" is no block of pool sites, which gives prefixes of /64
allocate sites --value 2001:db8:0:7::1/64               | invalid_input | host bits
allocate sites --value 2001:db8:0:6::/63                | invalid_input | did you mean 2001:db8:0:6::/64?
allocate sites --value 2001:db9::/64                    | invalid_input | value 2001:db9::/64 is in no live resource of pool sites
allocate ports --value 1216                             | invalid_input | did you mean 1216-1279?
allocate ports --value 1217-1280                        | invalid_input | did you mean 1216-1279?
allocate ports --value 1279-1216                        | invalid_input | it ends before it begins
allocate plain --value 10.9.0.7/32                      | invalid_input | "10.9.0.7/32" is a block, and pool plain gives single values
allocate plain --value 10.9.0.8/29                      | invalid_input | is a block, and pool plain gives single values
pool set ports --block 32                               | invalid_input | --block
pool set sites --prefix 56                              | invalid_input | --prefix
END

# --- changes ----------------------------------------------------------------------

check 'whole blocks are added' answers "concat_ws(' ', d->0->>'name', d->0->'capacity')" '10.1.0.0/24 4' berth pool add racks 10.1.0.0/24 --json
check '... removed' answers "(select string_agg(e->>'name', ' ') from jsonb_array_elements(d) e)" '10.1.0.0/26 10.1.0.128/25' \
	berth pool remove racks 10.1.0.64/26 --json
check '... and excluded' answers "$counts" '15 1 2 12 2 "/26" 960' berth pool exclude racks 10.0.0.0/25 --reason routers --json
check '... as the find tells' answers "$list" '10.0.0.0 10.0.0.127 excluded' berth pool find 10.0.0.0/25 --json
check '... so the next one is given' answers "d->>'value'" 10.0.0.128/26 berth allocate racks --id $other --json
check 'what is excluded cannot be had' complains 5 'value 10.0.0.64/26 of pool racks is excluded since' \
	berth allocate racks --value 10.0.0.64/26
berth -q release $other >"$TMPDIR/made"
check 'a worker gives a block back' work
check '... which is given again' answers "d->>'value'" 10.0.0.128/26 berth allocate racks --json
berth -q pool create two --kind number 0-19 --block 10 --space two >"$TMPDIR/made"
berth -q allocate two --id $third >"$TMPDIR/made"
berth -q allocate two >"$TMPDIR/made"
check 'the pool is full' complains 6 'capacity 2, used 2' berth allocate two
check '... its lines are of blocks' answers "d->>'state'" pending berth allocate two --wait=0s --json
berth -q release $third >"$TMPDIR/made"
check '... which a worker fills' work
check '... with the block that came back' answers "$values" '0-9 10-19' berth lease list --pool two --json
check '... as its event tells' answers "(select e->'after'->>'value' from jsonb_array_elements(d) e where e->>'action' = 'fill')" 0-9 \
	berth events --json
check 'doctor finds nothing' exits 0 berth doctor

# --- hooks ------------------------------------------------------------------------

hook tell <<END
#!/bin/sh
echo "\$3" >>$TMPDIR/hooked
END
berth -q pool create hooked --kind ipv6 fd00::/56 --prefix 60 --activate-hook tell >"$TMPDIR/made"
berth -q allocate hooked >"$TMPDIR/made"
check 'a worker runs the hook' work
check '... with the block' equal fd00::/60 "$(<"$TMPDIR/hooked")"

# --- imports and exports ------------------------------------------------------------

rows="concat_ws(' ', d->'imported', d->'replayed', d->'differs', d->'refused')"
berth resource list --csv >"$TMPDIR/resources.csv"
berth lease list --limit 1000 --csv >"$TMPDIR/leases.csv"
new_database
check 'ranges are imported as they were exported' answers "concat_ws(' ', d->'replayed', d->'refused')" '0 0' \
	berth pool import "$TMPDIR/resources.csv" --json
check '... and again' answers "concat_ws(' ', d->'imported', d->'differs', d->'refused')" '0 0 0' \
	berth pool import "$TMPDIR/resources.csv" --json
check '... as the same ranges' equal "$(cut -d, -f2-6,10,15- "$TMPDIR/resources.csv" | cut -d, -f1-5,7-)" \
	"$(berth resource list --csv | cut -d, -f2-6,10,15- | cut -d, -f1-5,7-)"
check 'leases too' answers "d->'refused'" 0 berth lease import "$TMPDIR/leases.csv" --json
check '... and again' answers "concat_ws(' ', d->'imported', d->'refused')" '0 0' berth lease import "$TMPDIR/leases.csv" --json
check '... as the same blocks' equal "$(cut -d, -f1,2,4 "$TMPDIR/leases.csv" | sort)" \
	"$(berth lease list --limit 1000 --csv | cut -d, -f1,2,4 | sort)"
check 'doctor finds nothing' exits 0 berth doctor

while IFS='|' read -r verb file code line text; do
	printf "$file" >"$TMPDIR/file.csv"
	check "refused: $file" complains "$(exit_of "$code")" "berth: line $line: $text" berth $verb import "$TMPDIR/file.csv"
done <<'END'
pool|pool,kind,range,unit\na,ipv4,172.16.0.0/24,/33\n|invalid_input|2|pool a: "/33" is not a length of prefixes
pool|pool,kind,range,unit\na,number,100-199,x\n|invalid_input|2|pool a: "x" is not a size of blocks
pool|pool,kind,range,unit\na,host,h9:4,4\n|invalid_input|2|pool a: hosts have no blocks
pool|pool,kind,range,unit\na,ipv4,172.16.0.0/28,/26\n|invalid_input|2|range 172.16.0.0/28 is not made of whole blocks: pool a gives prefixes of /26
pool|pool,kind,range,unit\na,ipv4,172.16.0.0/24,/26\na,ipv4,172.17.0.0/24,/25\n|conflict|3|pool a gives prefixes of /26, not prefixes of /25
pool|pool,kind,range,unit\na,ipv4,172.16.0.0/24,\na,ipv4,172.17.0.0/24,/25\n|conflict|3|pool a gives single values, not prefixes of /25
pool|pool,kind,range,unit,exclude\na,ipv4,172.16.0.0/24,/26,172.16.0.9\n|invalid_input|2|what range 172.16.0.0/24 excludes is not made of whole blocks
pool|pool,kind,range\nracks,ipv4,172.16.0.0/28\n|invalid_input|2|range 172.16.0.0/28 is not made of whole blocks: pool racks gives
lease|pool,value\nracks,10.0.3.1\n|invalid_input|2|"10.0.3.1" is no block of pool racks, which gives prefixes of /26
lease|pool,value\nracks,10.0.3.0/25\n|invalid_input|2|"10.0.3.0/25" is no block of pool racks
lease|pool,value\nplain,10.9.0.8/29\n|invalid_input|2|"10.9.0.8/29" is a block, and pool plain gives single values
lease|pool,value\nracks,10.0.3.0/26\nracks,10.0.3.0-10.0.3.63\n|conflict|3|
END
printf 'pool,kind,range,unit,exclude\nmore,number,101000-101999,100,101100-101299\nmore,number,102000-102199,,\n' >"$TMPDIR/file.csv"
check 'a file makes a pool of blocks' answers "$rows" '2 0 0 0' berth pool import "$TMPDIR/file.csv" --json
check '... with what it excludes' answers "$counts" '12 0 2 10 2 100 1200' berth pool show more --json
printf 'pool,value,holder\nmore,101000-101099,a\nmore,101900-101999,b\n' >"$TMPDIR/file.csv"
check 'a file makes leases of blocks' answers "$rows" '2 0 0 0' berth lease import "$TMPDIR/file.csv" --json
check '... which are used' answers "$counts" '12 2 2 8 2 100 1200' berth pool show more --json
check '... also by space, without a pool' answers "$rows" '0 1 0 0' berth lease import - --json <<<$'space,value,holder\nglobal,101000-101099,a'
# prefixes FILE CONDITION: the header of a file of another program, and its lines with that
prefixes() {
	sed -n "1p; /$2/p" "tests/data/imports/$1"
}
berth -q pool create nets --kind ipv4 --space blue --prefix 24 10.10.0.0/16 10.30.0.0/16 192.168.0.0/16 >"$TMPDIR/made"
prefixes netbox4-prefixes-export.csv ',blue (' | grep -v 168.20.0/23 >"$TMPDIR/netbox.csv"
check 'prefixes of NetBox are leases of a pool of such' answers "$rows" '4 0 0 0' berth lease import "$TMPDIR/netbox.csv" --from netbox --json
check '... and again' answers "$rows" '0 4 0 0' berth lease import "$TMPDIR/netbox.csv" --from netbox --json
check '... held as the file says' equal 'Filiale Köln' "$(sql "select holder from berth_api.lease where value = '192.168.10.0/24'")"
prefixes netbox4-prefixes-export.csv '168.20.0.23,' >"$TMPDIR/netbox.csv"
check '... a prefix of another length is refused' complains 2 '"192.168.20.0/23" is no block of pool nets, which gives prefixes of /24' \
	berth lease import "$TMPDIR/netbox.csv" --from netbox
prefixes phpipam-subnets.csv ',blue,' | grep -v '/25' >"$TMPDIR/phpipam.csv"
check 'subnets of phpIPAM too' answers "$rows" '3 0 0 0' berth lease import "$TMPDIR/phpipam.csv" --from phpipam --json

# --- projects ------------------------------------------------------------------------

cat >"$TMPDIR/project" <<'END'
org create acme
project create acme/nets --max-leases 2
pool create acme-nets --project acme/nets --kind ipv6 --prefix 64 2001:db8:a::/56
END
check 'a project gets a pool of prefixes in one batch' exits 0 berth batch "$TMPDIR/project"
check '... which gives them to it' answers "concat_ws(' ', d->>'value', d->>'project')" '2001:db8:a::/64 acme/nets' berth allocate acme-nets --project acme/nets --json
check 'doctor finds nothing' exits 0 berth doctor

# --- applications ----------------------------------------------------------------

api() {
	sql "select concat_ws(' ', value, first, last) from berth_api.allocate(pool => '$1'${2:+, value => '$2'})"
}
check 'an application gets a block' equal '101300-101399 101300 101399' "$(api more)"
check '... that it names' equal '10.0.3.0/26 10.0.3.0 10.0.3.63' "$(api racks 10.0.3.0/26)"
check '... or of numbers' equal '101700-101799 101700 101799' "$(api more 101700-101799)"
check 'pools have their unit there' equal '100 12 1200' \
	"$(sql "select concat_ws(' ', unit, capacity, addresses) from berth_api.pool where name = 'more'")"
check 'the view has the leases' equal '101700-101799 101700 101799' \
	"$(sql "select concat_ws(' ', value, first, last) from berth_api.lease where value = '101700-101799'")"
for value in 101800 101800-101898 101801-101900 101800-x 101800/100; do
	check "no block for an application: $value" grep -q BE001 <<<"$(sql "do \$\$ begin
		perform berth_api.allocate(pool => 'more', value => '$value'); raise notice 'given';
		exception when sqlstate 'BE001' then raise notice 'BE001'; end \$\$" 2>&1)"
done
for value in 10.0.3.65/26 10.0.3.64 10.0.3.64/27 10.0.3.64/99 10.0.3.64/; do
	check "no prefix for an application: $value" grep -q BE001 <<<"$(sql "do \$\$ begin
		perform berth_api.allocate(pool => 'racks', value => '$value'); raise notice 'given';
		exception when sqlstate 'BE001' then raise notice 'BE001'; end \$\$" 2>&1)"
done
check 'doctor finds nothing' exits 0 berth doctor
