#!/usr/bin/env bash
# One reader of text files: a batch and an import accept the same files, and refuse others with the same
# message.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create web --kind number 1-99 >"$TMPDIR/out"
leases() {
	sql 'select count(*) from berth.lease'
}
pools() {
	sql "select string_agg(name, ' ' order by name) from berth.pool"
}

# Accepted forms. Each line: the form, and the text for printf.
n=0
while IFS='|' read -r how batch import; do
	n=$((n + 1))
	# shellcheck disable=SC2059
	printf "${batch//P/p$n}" >"$TMPDIR/batch"
	# shellcheck disable=SC2059
	printf "${import//P/p$n}" >"$TMPDIR/import"
	check "batch: $how" exits 0 berth batch "$TMPDIR/batch"
	check '... did it' prints "p$n-a" berth pool list --csv
	check "import: $how" exits 0 berth pool import - <"$TMPDIR/import"
	check '... did it' prints "p$n-b" berth pool list --csv
done <<'END'
LF|pool create P-a --kind host h:1 --space s-P\n|pool,kind,range,space\nP-b,host,h:1,t-P\n
no end|pool create P-a --kind host h:1 --space s-P|pool,kind,range,space\nP-b,host,h:1,t-P
CRLF|# x\r\npool create P-a --kind host h:1 --space s-P\r\n|pool,kind,range,space\r\nP-b,host,h:1,t-P\r\n
CRLF and no end|\r\npool create P-a --kind host h:1 --space s-P|\r\npool,kind,range,space\r\nP-b,host,h:1,t-P
a mark|\xef\xbb\xbfpool create P-a --kind host h:1 --space s-P\n|\xef\xbb\xbfpool,kind,range,space\nP-b,host,h:1,t-P\n
a mark and CRLF|\xef\xbb\xbfpool create P-a --kind host h:1 --space s-P\r\n|\xef\xbb\xbfpool,kind,range,space\r\nP-b,host,h:1,t-P\r\n
blanks and tabs| \t pool  create\tP-a --kind host h:1 --space s-P \t\r\n \t\r\n|pool,kind,range,space\nP-b,host,h:1,t-P\n
END
check 'quoted characters are literal' exits 0 berth batch - < <(printf 'allocate web --holder "a;b\rc" --id 11111111-2222-4333-8444-555555555555\r\n')
check '... to the last byte' equal $'a;b\rc' "$(sql "select holder from berth.lease where holder like 'a;b%'")"
check 'nothing in a line is an operator' exits 0 berth batch - < <(printf 'allocate web --holder x;y\n')
check '... or ends a command' equal 1 "$(sql "select count(*) from berth.lease where holder = 'x;y'")"

# Refused forms: the line, the message, and the texts.
leases_before=$(leases)
pools_before=$(pools)
# refused_as LINE WORDS CMD...
refused_as() {
	local line=$1 words=$2
	shift 2
	refuses invalid_input "$@" && equal "$line" "$(fault "d->'error'->>'line'")" && [[ $stderr == *"$words"* ]] ||
		tests_show "line $line and '$words'"
}
while IFS='|' read -r line words batch import; do
	# shellcheck disable=SC2059
	printf "$batch" >"$TMPDIR/batch"
	# shellcheck disable=SC2059
	printf "$import" >"$TMPDIR/import"
	check "batch: refused in line $line: $words" refused_as "$line" "$words" berth batch "$TMPDIR/batch"
	check '... from standard input' refused_as "$line" "$words" berth batch - <"$TMPDIR/batch"
	check "import: refused in line $line: $words" refused_as "$line" "$words" berth pool import "$TMPDIR/import"
	check '... also with --on-conflict skip' refused_as "$line" "$words" berth pool import - --on-conflict skip <"$TMPDIR/import"
done <<'END'
1|a carriage return without its line feed|allocate web\rallocate web\r|pool,kind,range\rz,host,z:1\r
2|a carriage return without its line feed|allocate web\nallocate web\rallocate web\n|pool,kind,range\nz,host,z:1\ry,host,y:1\n
2|a carriage return without its line feed|allocate web\nallocate web\r|pool,kind,range\nz,host,z:1\r
3|not valid UTF-8|allocate web\nallocate web\nallocate web --holder \xe9\nallocate web\n|pool,kind,range\nz,host,z:1\nz,host,\xe9:1\ny,host,y:1\n
2|a NUL byte|allocate web\nallocate w\x00eb\n|pool,kind,range\nz,ho\x00st,z:1\n
1|a NUL byte|\x00|\x00
END
for code in UTF-16LE UTF-16BE UTF-32LE; do
	for mark in '' $'\xef\xbb\xbf'; do
		printf '%sallocate web\n' "$mark" | iconv -f UTF-8 -t $code >"$TMPDIR/batch"
		printf '%spool,kind,range\nz,host,z:1\n' "$mark" | iconv -f UTF-8 -t $code >"$TMPDIR/import"
		check "batch: $code ${mark:+with a mark}" refused_as 1 "the file is $code but must be UTF-8" berth batch "$TMPDIR/batch"
		check "import: $code ${mark:+with a mark}" refused_as 1 "the file is $code but must be UTF-8" berth pool import "$TMPDIR/import"
	done
done
check 'the command of the hint converts the file' equal 'allocate web' \
	"$(printf 'allocate web' | iconv -f UTF-8 -t UTF-16LE | iconv -f UTF-16LE -t UTF-8)"
check 'of two bad lines the first is reported' refused_as 2 "'nonsense': no such verb" \
	berth batch - < <(printf 'allocate web\nnonsense\n\xff\n')
: >"$TMPDIR/empty"
check 'an empty import is refused' refused_as 1 'the file is empty' berth pool import "$TMPDIR/empty"
check 'an empty batch is accepted' exits 0 berth batch "$TMPDIR/empty"
check 'nothing was changed' equal "$leases_before $pools_before" "$(leases) $(pools)"

# Quoted parts of a file or of an argument are in quotes.
while IFS='|' read -r text words; do
	# shellcheck disable=SC2059
	check "shown in quotes: $words" refused_as 1 "$words" berth pool import - < <(printf "$text")
done <<'END'
pool, kind,range\n|unknown column \" kind\" in the header
pool,kind,range \n|unknown column \"range \" in the header
END
check 'a file' complains 2 'file "/no such": No such file' berth batch '/no such'
check 'a name' complains 2 'pool "web;": a name is' berth batch - < <(printf 'allocate web;\n')
check 'an unexpected operand' complains 2 "unexpected operand: ';'" berth batch - < <(printf 'allocate web ; allocate web\n')
check 'an unknown verb' complains 2 "'pool ;': no such verb" berth batch - < <(printf 'pool ; list\n')
check 'an id' complains 2 'lease " x": not a UUID' berth lease show ' x'
