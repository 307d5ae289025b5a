#!/usr/bin/env bash
# pool import: the form of a file, and the messages about others.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create held --kind number 1-9 >"$TMPDIR/made"
berth -q pool create lab --kind number --space lab >"$TMPDIR/made"

# FILE (as printf reads it) is refused as a whole: by line, without any change.
before=$(fingerprint)
while IFS='|' read -r file code line text; do
	printf "$file" >"$TMPDIR/file.csv"
	check "abort: $file" complains "$(exit_of "$code")" "berth: line $line: $text" berth pool import "$TMPDIR/file.csv"
	check '... and as an error object' refuses "$code" berth pool import - <"$TMPDIR/file.csv"
	check '... with the line' equal "$line" "$(fault "d->'error'->'line'")"
done <<'END'
|invalid_input|1|the file is empty
\n\n|invalid_input|1|the file is empty
pool,kind\na,number\n|invalid_input|1|the header has no column range
pool,kind,range,color\n|invalid_input|1|unknown column "color" in the header
pool,kind,range,pool\n|invalid_input|1|column "pool" occurs twice in the header
Pool,kind,range\n|invalid_input|1|unknown column "Pool"
pool, kind,range\n|invalid_input|1|unknown column " kind"
a,number,1\n|invalid_input|1|unknown column "a"
pool,kind,range\na,number\n|invalid_input|2|pool a: 2 fields where the header has 3
pool,kind,range\na,number,20,x\n|invalid_input|2|pool a: 4 fields where the header has 3
pool,kind,range\na,number,20\nb,vlan,21\n|invalid_input|3|pool b: unknown kind "vlan"
pool,kind,range\na,number,20\n\n\nb,number,22-21\n|invalid_input|5|pool b: range "22-21": it ends before it begins
pool,kind,range\na,ipv4,10.0.0.1/8\n|invalid_input|2|pool a: range "10.0.0.1/8": host bits
pool,kind,range\na,number,20 \n|invalid_input|2|pool a: "20 " is not a number
pool,kind,range\n,number,20\n|invalid_input|2|pool: a name must not be empty
pool,kind,range\n a,number,20\n|invalid_input|2|pool " a"
pool,kind,range\n"a\nb",number,20\n|invalid_input|2|pool "a‹0A›b"
pool,kind,range\n"a\nb",number,20\nb,vlan,1\n|invalid_input|2|pool "a
pool,kind,range,space\na,number,20,x y\n|invalid_input|2|pool a: space "x y"
pool,kind,range,labels\na,number,20,x\n|invalid_input|2|pool a: label "x": expected KEY=VALUE
pool,kind,range,labels\na,number,20,a=b;;c=d\n|invalid_input|2|pool a: label "": expected KEY=VALUE
pool,kind,range,labels\na,number,20,a=b;a=c\n|invalid_input|2|pool a: label key "a" occurs twice
pool,kind,range,labels\na,number,20,-=b\n|invalid_input|2|pool a: label key "-"
pool,kind,range,labels\na,number,20,p_/x=b\n|invalid_input|2|pool a: label key "p_/x": the prefix
pool,kind,range,labels\na,number,20,a=b c\n|invalid_input|2|pool a: label value "b c"
pool,kind,range\na,number,"20\n|invalid_input|2|a quoted field without its closing quote
pool,kind,range\na,number,"20"0\n|invalid_input|2|text after the closing quote
pool,kind,range\na,number,2"0\n|invalid_input|2|a quote inside a field
pool,kind,range\r\na,number,20\r|invalid_input|2|a carriage return without its line feed
pool,kind,range\na,number,20\nb\xff,number,21\n|invalid_input|3|the line is not valid UTF-8
\xffpool,kind,range\n|invalid_input|1|the line is not valid UTF-8
pool,kind,range\na,num\x00ber,20\n|invalid_input|2|a NUL byte
pool,kind,range\na,number,20\nheld,number,9-10\n|overlap|3|range 9-10 of pool held overlaps 1-9 of pool held
pool,kind,range\na,number,20-30\nb,number,25\n|overlap|3|range 25 of pool b overlaps 20-30 of pool a
pool,kind,range\nheld,ipv4,10.0.0.0/8\n|invalid_input|2|pool held is of kind number, not ipv4
pool,kind,range\nlab,number,5\n|conflict|2|pool lab is in space lab, not global
END
check '... and nothing has changed' equal "$before" "$(fingerprint)"
own_pool() {
	printf 'pool,kind,range,labels\n%s\n' "$1" >"$TMPDIR/file.csv"
	complains "$2" "line 2: $3" berth pool import "$TMPDIR/file.csv" || return 1
	run berth pool import "$TMPDIR/file.csv" --on-conflict skip --json
	[[ $(json "d->'rows'->0->'error'->>'message'") == "$3"* ]]
}
# The error of a row names its pool, also where the pool appears elsewhere in it.
while IFS='|' read -r code row message; do
	check "of its own pool: $row" own_pool "$row" "$code" "$message"
done <<'END'
5|zz,number,3-7,|range 3-7 of pool zz overlaps 1-9 of pool held
5|held,number,3-7,|range 3-7 of pool held overlaps 1-9 of pool held
2|zz,number,7-3,|pool zz: range "7-3": it ends before it begins
2|zz,vlan,3,|pool zz: unknown kind "vlan"
2|zz,number,30,x|pool zz: label "x": expected KEY=VALUE
2|held,ipv4,10.0.0.0/8,|pool held is of kind number, not ipv4
END
check 'the hint offers skip' complains 5 'hint: --on-conflict skip imports the rest' berth pool import - <<<'pool,kind,range
held,number,9-10'
check '... and a space, if another pool is in the way' complains 5 'which the column space names' berth pool import - <<<'pool,kind,range
zz,number,9-10'

# FILE | imported | replayed | refused | NAMES OF ALL RESOURCES OF POOL a
while IFS='|' read -r file imported replayed refused names; do
	printf "$file" >"$TMPDIR/file.csv"
	code=0
	[ "$refused" -eq 0 ] || code=1
	check "skip: $file" exits "$code" berth pool import "$TMPDIR/file.csv" --on-conflict skip --json
	check '... counts' equal "$imported $replayed $refused $refused" \
		"$(json "concat_ws(' ', d->'imported', d->'replayed', d->'refused', jsonb_array_length(d->'rows'))")"
	check '... and has imported' equal "$names" "$(sql "select string_agg(name, ' ' order by first) from berth.resource_view where pool = 'a'")"
done <<'END'
pool,kind,range\n|0|0|0|
pool,kind,range\na,number,20|1|0|0|20
\xef\xbb\xbfpool,kind,range\na,number,20\na,number,21\n|1|1|0|20 21
"pool","kind","range"\r\n"a","number","22"\r\n\r\n|1|0|0|20 21 22
range,kind,pool\n23,number,a\n|1|0|0|20 21 22 23
pool,kind,range,space,labels\na,number,24,global,\na,number,25,,x=y;p.q/z=\n|2|0|0|20 21 22 23 24 25
pool,kind,range\na,number,26\na,number,26\n|1|1|0|20 21 22 23 24 25 26
pool,kind,range\na,number\nb,vlan,1\na,ipv4,10.0.0.0/8\na,number,25-27\na,number,28\n|1|0|4|20 21 22 23 24 25 26 28
pool,kind,range\na,number,025\na,number,029-0029\n|1|1|0|20 21 22 23 24 25 26 28 29
END
check 'labels are the resource'"'"'s' answers "d->'labels'" '{"x": "y", "p.q/z": ""}' berth resource show a/25 --json
check 'quoted fields may hold anything' complains 2 'pool "a,""b‹0A›c"' berth pool import - <<'END'
pool,kind,range
"a,""""b
c",number,1
END

printf 'pool,kind,range\nheld,number,40\nheld,number,8-10\nheld,ipv4,10.0.0.0/8\nlab,number,5\nheld,number,x\n' >"$TMPDIR/mixed.csv"
check 'refused rows are reported' exits 1 berth pool import "$TMPDIR/mixed.csv" --on-conflict skip --json
check '... each with line, pool, range and code' equal \
	'3 held 8-10 overlap, 4 held 10.0.0.0/8 invalid_input, 5 lab 5 conflict, 6 held x invalid_input' \
	"$(json "(select string_agg(concat_ws(' ', r->'line', r->>'pool', r->>'range', r->'error'->>'code'), ', ')
		from jsonb_array_elements(d->'rows') r)")"
check '... and its culprit' equal 'held 1-9 1 9' "$(json "(select concat_ws(' ', c->>'pool', c->>'range', c->>'first', c->>'last')
	from (select d->'rows'->0->'error'->'detail' as c) detail)")"
check '... as a table' exits 1 berth pool import "$TMPDIR/mixed.csv" --on-conflict skip
check '... a line each' equal 'LINE POOL RANGE WHY|3 held 8-10 range 8-10 of pool held overlaps 1-9 of pool held' \
	"$(tr -s ' ' <<<"$stdout" | sed 's/^ //' | grep -A 1 '^LINE' | paste -sd'|')"
check '... as CSV' equal '0,1,4,0,0,' "$(berth pool import "$TMPDIR/mixed.csv" --on-conflict skip --csv | sed -n '2s/"\[.*//p')"
check 'hosts and addresses' answers "d->'imported'" 5 berth pool import - --json <<'END'
pool,kind,range,space
rack,host,host1:4,dc
rack,host,host2,dc
four,ipv4,10.0.0.0/8,dc
six,ipv6,::/0,dc
four,ipv4,11.0.0.5-11.0.0.9,dc
END
check 'are counted' equal '4 16777221 340282366920938463463374607431768211456 5' \
	"$(berth pool list --json >"$TMPDIR/stdout"; json "(select string_agg(case e->>'name' when 'rack' then '4' else e->>'capacity' end, ' '
	order by e->>'name' = 'rack' desc, e->>'name') || ' ' || max(case e->>'name' when 'rack' then e->>'capacity' end)
	from jsonb_array_elements(d) e where e->>'space' = 'dc')")"
check 'the doctor finds nothing' exits 0 berth doctor
