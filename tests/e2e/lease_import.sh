#!/usr/bin/env bash
# lease import: what is refused and why, all or none, in chunks, again, and what is exported.
. tests/lib.sh
. tests/lib/answers.sh

new_database
check 'prepared' exits 0 berth batch - <<'END'
pool create web --kind ipv4 10.0.0.0/22
pool create six --kind ipv6 2001:db8::/64
pool create num --kind number 1-100 --space lab --activate-hook configure --ttl 1h
pool create rack --kind host host1:4
pool create shut --kind number 900-999 --space shut
pool create few --kind number 1-2 --space few
org create acme
project create acme/web
project create acme/small --max-leases 2
project create acme/own --pool owned=10.9.0.0/24 --space own
allocate web --value 10.0.3.9 --holder first --id 11111111-1111-4111-8111-111111111111
resource cordon shut/900-999
pool exclude web 10.0.2.0/24 --reason routers
pool exclude num 9
END
berth -q worker --until-idle
held=11111111-1111-4111-8111-111111111111

# A file (as printf reads it) is refused as a whole: by line, without any change.
before=$(fingerprint)
while IFS='|' read -r file code line text; do
	printf "$file" >"$TMPDIR/file.csv"
	check "abort: $file" complains "$(exit_of "$code")" "berth: line $line: $text" berth lease import "$TMPDIR/file.csv"
	check '... and as an error object' refuses "$code" berth lease import - <"$TMPDIR/file.csv"
	check '... with the line' equal "$line" "$(fault "d->'error'->'line'")"
	check '... and as a dry run' refuses "$code" berth lease import - -n <"$TMPDIR/file.csv"
done <<'END'
|invalid_input|1|the file is empty
pool,holder\n|invalid_input|1|the header has no column value
value\n|invalid_input|1|the header has no column pool
pool,value,color\n|invalid_input|1|unknown column "color" in the header
pool,value,value\n|invalid_input|1|column "value" occurs twice in the header
pool,value\nweb\n|invalid_input|2|1 fields where the header has 2
pool,value\nweb,10.0.0.256\n|invalid_input|2|column "value": "10.0.0.256" is not an IPv4 address
pool,value\nweb,10.0.0.5/24\n|invalid_input|2|column "value": range "10.0.0.5/24": host bits
pool,value\nweb,10.0.0.8/29\n|invalid_input|2|"10.0.0.8/29" is a block, and pool web gives single values
pool,value\nweb,\n|invalid_input|2|column "value": "" is not a value
pool,value\na b,10.0.0.5\n|invalid_input|2|column "pool": pool "a b": a name
pool,value,until\nweb,10.0.0.5,soon\n|invalid_input|2|column "until": time "soon": expected a date
pool,value,until\nweb,10.0.0.5,2020-01-01\n|invalid_input|2|the end of the lease of 10.0.0.5 is in the past
pool,value,created\nweb,10.0.0.5,2199-01-01\n|invalid_input|2|the lease of 10.0.0.5 was created in the future
pool,value,project\nweb,10.0.0.5,acme\n|invalid_input|2|column "project":
pool,value,project\nweb,10.0.0.5,acme/none\n|not_found|2|project acme/none does not exist
pool,value,labels\nweb,10.0.0.5,a=b c\n|invalid_input|2|column "labels": label value "b c"
pool,value,labels\nweb,10.0.0.5,"{""a"": 1}"\n|invalid_input|2|column "labels": label "a": its value is no text
pool,value,id\nweb,10.0.0.5,x\n|invalid_input|2|column "id": "x" is not an id
pool,value,state\nweb,10.0.0.5,free\n|invalid_input|2|column "state": "free" is no state of a lease
pool,value\nnone,10.0.0.5\n|not_found|2|pool none does not exist
pool,value\nweb,5\n|invalid_input|2|pool web is of kind ipv4, and 5 is of kind number
pool,value\nweb,10.0.4.0\n|invalid_input|2|value 10.0.4.0 is in no live resource of pool web
space,value\nglobal,10.0.4.0\n|not_found|2|value 10.0.4.0 is in no pool of space global
pool,value\nshut,950\n|conflict|2|value 950 is in resource 900-999 of pool shut, which is cordoned
pool,value\nweb,10.0.3.9\n|conflict|2|value 10.0.3.9 of pool web is held by lease 11111111-1111-4111-8111-111111111111 since
pool,value\nweb,10.0.0.5\nweb,10.0.2.9\n|conflict|3|value 10.0.2.9 of pool web is excluded since
pool,value\nnum,9\n|conflict|2|value 9 of pool num is excluded since
pool,value,id\nweb,10.0.0.5,11111111-1111-4111-8111-111111111111\n|id_conflict|2|lease 11111111-1111-4111-8111-111111111111 exists: it does not hold 10.0.0.5
pool,value,project\nowned,10.9.0.5,acme/web\n|conflict|2|pool owned belongs to project acme/own: it gives to no other
pool,value,project\nweb,10.0.0.5,acme/small\nweb,10.0.0.6,acme/small\nweb,10.0.0.7,acme/small\n|quota_exceeded|4|project acme/small has all of its 2 leases
pool,value\nweb,10.0.0.5\nweb,10.0.0.6\nweb,10.0.0.5\n|conflict|4|value "10.0.0.5" stands on line 2 already
pool,value\nrack,host1:2\nrack,HOST1:2\n|conflict|3|value "HOST1:2" stands on line 2 already
pool,value\nsix,2001:db8::1\nsix,2001:db8:0::1\n|conflict|3|value "2001:db8:0::1" stands on line 2 already
pool,value\nweb,10.0.3.9\nweb,x\n|conflict|2|value 10.0.3.9 of pool web is held
pool,value\nweb,10.0.0.5\nweb,"10.0.0.6\n|invalid_input|3|a quoted field without its closing quote
pool,value\nweb,10.0.0.5\nweb,\xff\n|invalid_input|3|the line is not valid UTF-8
END
check '... and nothing has changed' equal "$before" "$(fingerprint)"

printf 'pool,value\nweb,10.0.2.9\nweb,10.0.1.9\n' >"$TMPDIR/kept.csv"
check 'an excluded value is refused with the reason' complains 5 'Z: "routers"' berth lease import "$TMPDIR/kept.csv"
check '... as a conflict' refuses conflict berth lease import "$TMPDIR/kept.csv"
check '... with its detail' equal 'routers postgres' "$(fault "concat_ws(' ', d->'error'->'detail'->>'reason', d->'error'->'detail'->>'by')")"
check '... and the other rows come in' exits 1 berth lease import "$TMPDIR/kept.csv" --on-conflict skip -n --json
check '... but not this one' equal '1 2 conflict routers' "$(json "(select concat_ws(' ', d->'imported', r->'line', r->'error'->>'code',
	r->'error'->'detail'->>'reason') from jsonb_array_elements(d->'rows') r)")"

# An imported lease.
cat >"$TMPDIR/good.csv" <<'END'
pool,value,holder,project,until,labels,id,created
web,10.0.0.5,ci-17,acme/web,,env=prod;a.b/c=,,2024-02-03T04:05:06Z
web,10.0.0.6,"a, ""b""",,2199-01-01T00:00:00Z,"{""env"": ""test""}",22222222-2222-4222-8222-222222222222,
num,7,,,,,,
rack,HOST1:2,vm,,never,,,
six,2001:db8:0:0:0::9,,,,,,
owned,10.9.0.9,,,,,,
END
before=$(fingerprint)
check 'a dry run' answers d '{"rows": [], "differs": 0, "refused": 0, "skipped": 0, "imported": 6, "replayed": 0}' \
	berth lease import "$TMPDIR/good.csv" --dry-run --json
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'an import' answers d '{"rows": [], "differs": 0, "refused": 0, "skipped": 0, "imported": 6, "replayed": 0}' \
	berth lease import "$TMPDIR/good.csv" --json
shown() {
	sql "select concat_ws(' ', berth.value_text(kind, host, value), state, holder, project, until::date, labels,
		case when created < '2025-01-01' then created::date end) from berth.lease_view where pool = '$1' and id <> '$held' order by value"
}
check 'all of a row is there' equal '10.0.0.5 active ci-17 acme/web {"env": "prod", "a.b/c": ""} 2024-02-03
10.0.0.6 active a, "b" 2199-01-01 {"env": "test"}' "$(shown web)"
check 'a given id is the id' equal 10.0.0.6 "$(berth lease show 22222222-2222-4222-8222-222222222222 --json >"$TMPDIR/stdout"; json "d->>'value'")"
check 'a blank end is never, and no hook runs' equal '7 active  {}' "$(shown num)"
check '... no command is queued' equal 0 "$(sql "select count(*) from berth.command where action = 'activate'")"
check 'a host is known without case' equal 'host1:2 active vm {}' "$(shown rack)"
check 'a pool of a project gives to it' equal '10.9.0.9 active  acme/own {}' "$(shown owned)"
check 'the value is taken' complains 5 'value 10.0.0.5 of pool web is held' berth allocate web --value 10.0.0.5
check 'the next value is another one' answers "d->>'value'" 10.0.0.0 berth allocate web --json
check 'the lease is held from now on' answers "d" '[]' berth lease list --value 10.0.0.5 --at 2025-06-01T00:00:00Z --json
check 'the doctor finds nothing' exits 0 berth doctor

# Again.
before=$(sql 'select count(*) from berth.lease')
check 'again it is a replay' answers d '{"rows": [], "differs": 0, "refused": 0, "skipped": 0, "imported": 0, "replayed": 6}' \
	berth lease import "$TMPDIR/good.csv" --json
check '... and makes nothing' equal "$before" "$(sql 'select count(*) from berth.lease')"
sed -i 's/ci-17/ci-18/' "$TMPDIR/good.csv"
check 'with another holder' answers "concat_ws(' ', d->'replayed', d->'differs')" '6 1' berth lease import "$TMPDIR/good.csv" --json
check '... it says which line differs' equal "berth: 1 of the existing leases differs from the file, the first on line 2; they stay as they are" \
	"$(grep differs <<<"$stderr")"
check '... and the lease stays' equal ci-17 "$(sql "select holder from berth.lease_view where value = 167772165 and pool = 'web'")"
id=33333333-3333-4333-8333-333333333333
printf 'pool,value\nweb,10.0.1.1\n' >"$TMPDIR/one.csv"
check 'with an id' answers "d->'imported'" 1 berth lease import "$TMPDIR/one.csv" --id $id --json
check '... the same answer again' answers "d->'imported'" 1 berth lease import "$TMPDIR/one.csv" --id $id --json
check '... another file with the id is refused' refuses id_conflict berth lease import - --id $id <<<$'pool,value\nweb,10.0.1.2'
check 'after a release' exits 0 berth release "$(sql "select id from berth.lease_view where pool = 'web' and value = 167772160 + 257")"
berth -q worker --until-idle
check '... the same row is an id_conflict' complains 5 'exists: it was released' berth lease import "$TMPDIR/one.csv"

# In chunks: what is refused is reported, and the rest is there.
{
	echo pool,value,holder
	seq 1 2500 | awk '{ printf "big,%d,vm-%d\n", $1 * 2, $1 }'
	echo 'big,4,again'
	echo 'big,9999,outside'
	echo 'big,x,'
} >"$TMPDIR/big.csv"
check 'a large pool' exits 0 berth pool create big --kind number 1-6000 --space big
check 'one value is held' exits 0 berth allocate big --value 3000 --holder me
check 'values are excluded, one of them held' exits 0 berth pool exclude big 2999-3001 5101-5999 7
before=$(fingerprint)
check 'a dry run in chunks' exits 1 berth lease import "$TMPDIR/big.csv" --on-conflict skip -n --json
dry=$stdout
check '... changes nothing' equal "$before" "$(fingerprint)"
check 'an import in chunks' exits 1 berth lease import "$TMPDIR/big.csv" --on-conflict skip --json
check '... has the verdicts of the dry run' equal "$(sed 's/"since":"[^"]*"//' <<<"$dry")" "$(sed 's/"since":"[^"]*"//' <<<"$stdout")"
check '... counts' equal '2499 0 4' "$(json "concat_ws(' ', d->'imported', d->'replayed', d->'refused')")"
check '... names line, value and code' equal '1501 3000 conflict, 2502 4 conflict, 2503 9999 invalid_input, 2504 x invalid_input' \
	"$(json "(select string_agg(concat_ws(' ', r->'line', r->>'value', r->'error'->>'code'), ', ') from jsonb_array_elements(d->'rows') r)")"
check '... a transaction a chunk' equal 3 "$(sql "select count(distinct born::text) from berth.lease where holder like 'vm-%'")"
check '... the pool is exact' equal '2500 902 2598 903' "$(berth pool show big --json >"$TMPDIR/stdout"
	json "concat_ws(' ', d->'used', d->'held_back', d->'free', d->'excluded')")"
check '... no stripe is in many pieces' equal t "$(sql "select max((select count(*) from unnest(free))) <= 64 from berth.stripe")"
check 'no progress without a terminal' equal '' "$(berth -q lease import "$TMPDIR/big.csv" --on-conflict skip 2>&1 >"$TMPDIR/answer")"
check 'the doctor finds nothing' exits 0 berth doctor
{
	echo pool,value
	seq 1 100001 | sed 's/^/big,/'
} >"$TMPDIR/huge.csv"
check 'abort takes a limited number' complains 2 'the file has 100001 leases, of which one transaction takes at most 100000' \
	berth lease import "$TMPDIR/huge.csv"

# Killed in the middle: the same command again does the rest.
check 'another large pool' exits 0 berth pool create slow --kind number 1-20000 --space slow
{
	echo pool,value,holder
	seq 1 20000 | sed 's/.*/slow,&,slow-&/'
} >"$TMPDIR/slow.csv"
berth -q lease import "$TMPDIR/slow.csv" --on-conflict skip >"$TMPDIR/answer" 2>&1 &
process=$!
wait_for sql "select 1 / count(*) from berth.lease where holder like 'slow-%'" >"$TMPDIR/waited" 2>&1
kill -KILL $process
wait $process 2>"$TMPDIR/killed"
check 'again after a kill' exits 0 berth lease import "$TMPDIR/slow.csv" --on-conflict skip --json
check '... each row is there once' equal '20000 20000' "$(json "(d->>'imported')::int + (d->>'replayed')::int") $(
	sql "select count(*) from berth.lease where holder like 'slow-%'")"
check 'the doctor finds nothing' exits 0 berth doctor

# Beside allocations: each value goes to one of them.
check 'a busy pool' exits 0 berth pool create busy --kind number 1-4000 --space busy
{
	echo pool,value
	seq 1 2 4000 | sed 's/^/busy,/'
} >"$TMPDIR/busy.csv"
for n in 1 2 3 4; do
	for round in 1 2 3 4 5; do
		berth -q allocate busy --count 50 || exit
	done >"$TMPDIR/allocator$n" 2>&1 &
done
run berth lease import "$TMPDIR/busy.csv" --on-conflict skip --json
wait $(jobs -p)
check 'beside allocations each row is imported or refused' equal 2000 \
	"$(json "(d->>'imported')::int + (d->>'refused')::int")"
check '... for one reason' equal t "$(json "(select coalesce(bool_and(r->'error'->>'code' = 'conflict'), true)
	from jsonb_array_elements(d->'rows') r)")"
check '... and every allocation has got its values' equal "$(($(json "d->'imported'") + 1000))" \
	"$(sql "select count(distinct value) from berth.lease_view where pool = 'busy'")"
check 'the doctor finds nothing' exits 0 berth doctor

# An export is imported again.
berth lease list --csv --limit 100000 >"$TMPDIR/export.csv"
rows=$(($(wc -l <"$TMPDIR/export.csv") - 1))
check 'an export' answers "concat_ws(' ', d->'replayed', d->'differs', d->'refused')" "$rows 0 0" \
	berth lease import "$TMPDIR/export.csv" --json
sql 'select berth.pool_create(gen_random_uuid(), '"'gone', 'number', 'gone'"', null, 80, 90, 0, 0, null, null, '"'[]', '{}')" >"$TMPDIR/made"
old=$PGDATABASE
berth lease list --csv --pool web >"$TMPDIR/web.csv"
rows=$(($(wc -l <"$TMPDIR/web.csv") - 1))
new_database
check 'a new database' exits 0 berth batch - <<'END'
pool create web --kind ipv4 10.0.0.0/22
org create acme
project create acme/web
END
check '... takes the export of another one' answers "concat_ws(' ', d->'imported', d->'refused')" "$rows 0" \
	berth lease import "$TMPDIR/web.csv" --json
check '... with the same ids, values, holders, ends and labels' equal \
	"$(cut -d, -f1-4,7-8,10-11 "$TMPDIR/web.csv" | sort)" "$(berth lease list --csv | cut -d, -f1-4,7-8,10-11 | sort)"
check 'the doctor finds nothing' exits 0 berth doctor

# Other CSV.
check 'a pool' exits 0 berth pool create blue --kind ipv4 192.168.0.0/16 --space blue
# MORE OPTIONS | FILE | IMPORTED REFUSED SKIPPED
while IFS='|' read -r options file counts; do
	read -ra words <<<"$options"
	printf "$file" >"$TMPDIR/file.csv"
	code=0
	[[ $counts =~ ^.*\ 0\ .*$ ]] || code=1
	check "$options: $file" exits $code berth lease import "$TMPDIR/file.csv" --on-conflict skip --json "${words[@]}"
	check '... counts' equal "$counts" "$(json "concat_ws(' ', d->'imported', d->'refused', d->'skipped')")"
done <<'END'
--map=value=Address,holder=Host,space=VRF|\xef\xbb\xbfHost;Address;VRF;Note\r\nann;192.168.0.1;blue;"a;b"\r\n;192.168.0.2;blue;\r\n|2 0 0
--map=pool=Net,value=IP|Net\tIP\nblue\t192.168.0.3\nblue\t nonsense\n\t\n|1 1 0
--delimiter=: --map=pool=p,value=v|p:v\nblue:192.168.0.4\n|1 0 0
--delimiter tab|pool\tvalue\nblue\t192.168.0.5\n|1 0 0
-q|value,pool,state,generation\n192.168.0.6,blue,active,3\n192.168.0.7,blue,released,4\n,blue,pending,1\n|1 0 2
--from=netbox --map=holder=Tenant|IP Address,VRF,Status,Tenant\n192.168.0.8/24,blue (65000:1),Active,Ann & Co\n192.168.0.9/24,blue,DHCP,\n|1 0 1
END
check 'a mapped column' equal 'Ann & Co' "$(sql "select holder from berth.lease where value = 3232235520 + 8")"
# OPTIONS | TEXT
while IFS='|' read -r options text; do
	read -ra words <<<"$options"
	check "$options" complains 2 "$text" berth lease import "$TMPDIR/file.csv" "${words[@]}"
done <<'END'
--map=pool|--map: "pool" is not BERTH=COLUMN
--map=POOL=IP,value=IP|--map: "POOL" is no column of berth
--map=pool=a,pool=b|--map: "pool" is named twice
--map=range=a|--map: "range" is no column of berth
--map=pool=IP|--map: it must name the column of the value
--map=value=Nowhere|the header has no column "Nowhere"
--delimiter=xy|--delimiter: "xy" is neither one ASCII character nor tab
--from=kea|has the columns of kea
END

# In a batch, and after other lines.
printf 'pool,value\nlater,5\n' >"$TMPDIR/later.csv"
check 'in a batch it sees the lines before' exits 0 berth batch - <<END
pool create later --kind number 1-9 --space later
lease import $TMPDIR/later.csv
END
check '... and is there' equal 5 "$(sql "select value from berth.lease_view where pool = 'later'")"
check '... an error names both lines' complains 5 'x.csv", line 2: value 5 of pool later is held' berth batch - <<END
allocate later --value 6
lease import $(printf 'pool,value,id\nlater,5,44444444-4444-4444-8444-444444444444\n' >"$TMPDIR/x.csv"; echo "$TMPDIR/x.csv")
END
check '... and undoes all' equal 1 "$(sql "select count(*) from berth.lease_view where pool = 'later'")"

# On a terminal it shows how far it has come: another session holds the stripe for as long as the test looks.
mkfifo "$TMPDIR/session"
psql -Xq <"$TMPDIR/session" >"$TMPDIR/session.out" 2>&1 &
exec 9>"$TMPDIR/session"
echo "begin; update berth.stripe set room = room where pool = (select id from berth.pool where name = 'later');" >&9
wait_for sql "select 1 / count(*) from pg_stat_activity where state = 'idle in transaction' and query like 'begin; update%'" \
	>"$TMPDIR/waited" 2>&1
screen_start 80 24 "$BERTH" lease import "$TMPDIR/later.csv" --on-conflict skip
screen_wait '^0 of 1 rows'
check 'a terminal shows the progress' test -n "$(screen_text | grep '^0 of 1 rows')"
echo 'rollback;' >&9
exec 9>&-
screen_wait 'replayed +1'
check '... until it is done' equal '' "$(screen_text | grep 'of 1 rows')"
screen_stop

# Ranges that are exported are imported again.
export_of() {
	berth resource list --csv | cut -d, -f2-6,14- | sort
}
check 'hosts with labels' exits 0 berth batch - <<'END'
pool create rack --kind host host1:4 --space dc
pool create six --kind ipv6 2001:db8::/64 2001:db8:1::5-2001:db8:1::9 --space dc
pool add rack host2:2 host3:3 --exclude host2 --exclude host3:1 --exclude host3:3
pool exclude six 2001:db8::/96 2001:db8:1::7 --reason plan
label resource/rack/host1 a=b
END
berth resource list --csv >"$TMPDIR/resources.csv"
before=$(export_of)
check 'what is excluded is exported' prints ',dc,host3:1;host3:3,' cat "$TMPDIR/resources.csv"
check 'an export of ranges' answers "concat_ws(' ', d->'replayed', d->'differs', d->'refused')" \
	"$(($(wc -l <"$TMPDIR/resources.csv") - 1)) 0 0" berth pool import "$TMPDIR/resources.csv" --json
new_database
check '... makes the same ranges in a new database' exits 0 berth pool import "$TMPDIR/resources.csv" --json
check '... with kinds, spaces, labels and exclusions' equal "$before" "$(export_of)"
check 'ranges of any CSV' answers "d->'imported'" 2 \
	berth pool import - --map 'pool=Name,range=CIDR,space=VRF,exclude=Reserved' --json <<'END'
Name;CIDR;VRF;Reserved
net-a;172.16.0.0/24;red;"172.16.0.0;172.16.0.254/31"
net-b;172.16.1.0/24;;
END
check '... with what it excludes' answers "d->'excluded'" 3 berth pool show net-a --json
check '... an error names the column' complains 2 'column "Reserved": exclude "172.16.3.1": not in the range of the row' \
	berth pool import - --map 'pool=Name,range=CIDR,exclude=Reserved' <<'END'
Name,CIDR,Reserved
net-c,172.16.2.0/24,172.16.3.1
END
check '--map knows the columns of ranges' complains 2 'the columns are pool, kind, range, space, labels and exclude' \
	berth pool import - --map 'value=CIDR' <<<'CIDR'
check 'the doctor finds nothing' exits 0 berth doctor
