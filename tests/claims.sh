#!/usr/bin/env bash
# Claims of the documents: the table of evidence in README.md is that of tests/evidence, whose counts are told by
# tests; SECURITY.md names files and tests that exist, and has each hole.
. tests/lib.sh

table=$(sed -n '/^| fault | count | result | command |$/,/^$/p' README.md | sed '1,2d; /^$/d')
check 'the rows and commands of README.md are those of the script' equal "$(tests/evidence --list)" \
	"$(awk -F ' *[|] *' -v OFS='\t' '{ gsub(/`/, "", $5); print $2, $5 }' <<<"$table")"
check '... each with a count and held, or not run' equal '' \
	"$(awk -F ' *[|] *' '!($3 ~ /^[1-9][0-9]*$/ && $4 == "held") && $3 $4 != "-not run"' <<<"$table")"

while IFS= read -r words; do
	check "a test or program counts: $words" grep -rqF --include='*.c' --include=run -- "$words" tests/chaos tests/sql tests/lib tests/fuzz
done < <(tests/evidence --counters)

printf 'faults: workers killed 3, clients killed 4\n# evidence: lies of a server 20\n# evidence: lies of a server 22\n' >"$TMPDIR/log"
check 'counts of several words are added' prints 7 tests/evidence --count "$TMPDIR/log" 'workers killed|clients killed'
check 'counts of several tests are added' prints 42 tests/evidence --count "$TMPDIR/log" 'lies of a server'
check 'a counter that was not told has failed' exits 1 tests/evidence --count "$TMPDIR/log" 'sessions killed'
printf 'sessions killed 0\n' >"$TMPDIR/log"
check '... and so has one that counted nothing' exits 1 tests/evidence --count "$TMPDIR/log" 'sessions killed'

# Every path and name of a test in SECURITY.md.
mapfile -t paths < <(grep -oE '`(ui|model|db|tests|assets)/[A-Za-z0-9_./-]+`' SECURITY.md | tr -d '`' | sort -u)
check 'SECURITY.md names files' test "${#paths[@]}" -gt 20
for path in "${paths[@]}"; do
	check "it exists: $path" test -e "$path"
done

# A row of its tables: | hole | closed by | `FILE` | `TEST`: NAME |
holes=$(grep -cE '^\| [ABC][0-9] \|' SECURITY.md)
check 'each hole has its row' equal 22 "$holes"
while IFS=$'\t' read -r hole mechanism test name; do
	check "$hole has a mechanism and a test" grep -qE '^`[^`]+`' <<<"$mechanism"
	check "$hole: $test has $name" grep -qF -- "$name" "$test"
done < <(awk -F ' *[|] *' -v OFS='\t' '/^\| [ABC][0-9] \|/ {
	test = $6; name = $6
	sub(/`:.*/, "", test); gsub(/`/, "", test)
	sub(/^[^:]*: /, "", name); gsub(/`/, "", name)
	print $2, $5, test, name }' SECURITY.md)
