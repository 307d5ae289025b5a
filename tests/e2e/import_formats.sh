#!/usr/bin/env bash
# Files as other programs write them: tests/data/imports/counts.py, which shares no code with berth, says what must be
# imported of each.
. tests/lib.sh
. tests/lib/answers.sh

samples=tests/data/imports

# Makes a pool for every address of each space, and one for the VLANs of each group.
make_pools() {
	local space group
	for space in global blue mgmt cust-lodz lab_east 65000-100 65000-200; do
		printf 'pool create v4-%s --kind ipv4 0.0.0.0/0 --space %s\n' "$space" "$space"
		printf 'pool create v6-%s --kind ipv6 ::/0 --space %s\n' "$space" "$space"
	done >"$TMPDIR/pools"
	for group in hel1-access got2-access vlans default HEL1; do
		printf 'pool create %s --kind number 1-4094 --space %s\n' "$group" "$group"
	done >>"$TMPDIR/pools"
	berth -q batch "$TMPDIR/pools" >"$TMPDIR/made"
}

new_database
pools=$PGDATABASE
make_pools

counted() {
	json "concat_ws(' ', d->'imported', d->'replayed', d->'refused', d->'skipped')"
}

while read -r verb format file counts; do
	read -r imported replayed refused skipped <<<"$counts"
	new_database
	if [ "$verb" = lease ]; then
		dropdb "$PGDATABASE" && createdb -T "$pools" "$PGDATABASE"
	fi
	code=0
	[ "$refused" -eq 0 ] || code=1
	check "$verb import $file" exits "$code" berth "$verb" import "$samples/$file" --from "$format" --on-conflict skip --json
	check '... as it is counted' equal "$counts" "$(counted)"
	check '... each refused row names its line and a reason' equal "$refused" "$(json "(select count(*)
		from jsonb_array_elements(d->'rows') r where (r->>'line')::int > 0 and r->'error'->>'message' <> '')")"
	check '... and all of it is there' equal "$imported" "$(sql "select count(*) from berth.$(
		[ "$verb" = lease ] && echo lease || echo resource)")"
	check '... again it changes nothing' exits "$code" berth "$verb" import "$samples/$file" --from "$format" \
		--on-conflict skip --json
	check '... and says so' equal "0 $((imported + replayed)) $refused $skipped" "$(counted)"
	check '... the doctor finds nothing' exits 0 berth doctor
done < <(python3 -B "$samples/counts.py" 2>&1)
check 'each format was there' test "$tests_done" -gt 150

# The fate of a row.
PGDATABASE=$pools
lease_of() {
	sql "select concat_ws(' ', pool, holder, coalesce(berth.time_text(until), 'never'), state) from berth.lease_view
		where berth.value_text(kind, host, value) = '$1' and pool = '${2%% *}'"
}
# FORMAT FILE | VALUE | POOL HOLDER UNTIL STATE
while IFS='|' read -r what value expected; do
	read -r format file <<<"$what"
	berth -q lease import "$samples/$file" --from "$format" --on-conflict skip >"$TMPDIR/imported" 2>&1
	check "$file: $value" equal "$expected" "$(lease_of "$value" "$expected")"
done <<'END'
kea kea-leases4.csv|192.0.2.13|v4-global printer,room 5 2036-01-01T00:00:00Z active
kea kea-leases4.csv|192.0.2.14|v4-global a&b 2036-01-01T00:00:00Z active
kea kea-leases4.csv|192.0.2.10|v4-global host-1-renamed.example.org 2036-01-01T02:00:00Z active
kea kea-leases4.csv|203.0.113.10|v4-global "quoted" 2036-01-01T00:00:00Z active
dhcpd dhcpd.leases|10.70.0.11|v4-global phone of Ann 2036-01-02T10:00:00Z active
dhcpd dhcpd.leases|10.70.0.13|v4-global ends-never never active
netbox netbox4-ip-addresses-export.csv|10.10.0.7|v4-global Held for "Atlas", phase 2 never active
phpipam phpipam-addresses.csv|10.30.0.11|v4-global web-2.example.org never active
phpipam phpipam-one-subnet.csv|10.33.0.3|v4-global Hålls för "Våg", etapp 2 never active
nipap nipap-export.csv|10.80.0.5|v4-global srv-5.example.org never active
END

# Whole files that are refused by name, before any row.
# FILE | FORMAT | TEXT
while IFS='|' read -r file format verb text; do
	check "$file as $format" complains 2 "$text" berth "$verb" import "$samples/$file" --from "$format"
done <<'END'
phpipam-one-subnet-utf16.txt|phpipam|lease|the file is UTF-16LE but must be UTF-8
phpipam-one-subnet-cp1252.csv|phpipam|lease|it seems to be Latin-1
phpipam-subnets.xls|phpipam|pool|the file is XLS but must be CSV
kea-leases4.csv|kea|pool|the file is one that berth lease import reads
dhcpd.leases|dhcpd|pool|dhcpd has no ranges
netbox4-ip-ranges-export.csv|netbox|lease|the file is one that berth pool import reads
phpipam-addresses.csv|phpipam|pool|the file is one that berth lease import reads
netbox4-prefixes-export.csv|kea|lease|has the columns of kea, such as "address"
END
check 'an unknown program' complains 2 "--from: 'ciscoworks' is not one of" berth lease import "$samples/dhcpd.leases" --from ciscoworks
