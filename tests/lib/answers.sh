# Helpers for shell tests of the command line, after tests/lib.sh: the JSON of a run,
# and tables of runs that must be refused.
#
#     json 'd->>0'               prints an SQL expression over the last standard output, as jsonb d
#     fault 'd->>code'           the same over the error object, the last line of standard error
#     answers 'd->>0' X CMD...   exit 0, one JSON document on stdout, and the expression is X
#     refuses CODE CMD...        the exit code of that error, empty stdout, the error object as the last line
#     fingerprint                the whole contents of berth's tables, as one line
#     table_of_refusals <FILE    see there

# The server parses JSON, strictly and with exact numbers. One psql does so for the whole script, through two named
# pipes, which no other process inherits.
tests_json_open() {
	mkfifo "$TMPDIR/json.in" "$TMPDIR/json.out"
	PGHOST=$BERTH_TEST_HOST PGUSER=postgres psql -XqAt -d postgres \
		<>"$TMPDIR/json.in" 1<>"$TMPDIR/json.out" 2>&1 &
	tests_json_pid=$!
	disown
}

tests_json_close() {
	kill "$tests_json_pid"
	rm -f "$TMPDIR/json.in" "$TMPDIR/json.out"
}

# tests_json EXPRESSION TEXT: prints the expression over the text as jsonb d; fails when either is invalid
tests_json() {
	local line value='' first=1
	printf 'select %s from (select $json_text$%s$json_text$::jsonb) answer (d);\n\\echo json-end :ERROR\n' "$1" "$2" \
		>"$TMPDIR/json.in"
	while IFS= read -r -t "$tests_patience" line && [[ $line != 'json-end '* ]]; do
		[ "$first" ] || value+=$'\n'
		value+=$line
		first=
	done <"$TMPDIR/json.out"
	printf '%s\n' "$value"
	[ "$line" = 'json-end false' ]
}

json() {
	tests_json "$1" "$(<"$TMPDIR/stdout")"
}

fault() {
	local text
	text=$(<"$TMPDIR/stderr")
	tests_json "$1" "${text##*$'\n'}"
}

answers() {
	local expression=$1 expected=$2
	shift 2
	run "$@"
	[ "$status" -eq 0 ] && equal "$expected" "$(json "$expression")" || tests_show "0 and $expression = $expected"
}

# Prints the exit code of an error code.
exit_of() {
	case $1 in
	invalid_input) echo 2 ;;
	unavailable | schema_mismatch) echo 3 ;;
	not_found) echo 4 ;;
	already_exists | id_conflict | conflict | overlap | in_use | precondition_failed) echo 5 ;;
	pool_exhausted | quota_exceeded | limit_exceeded) echo 6 ;;
	not_allowed | read_only) echo 7 ;;
	timeout) echo 8 ;;
	outcome_unknown) echo 9 ;;
	internal) echo 70 ;;
	esac
}

refuses() {
	local code=$1
	shift
	run "$@" --json
	[ "$status" -eq "$(exit_of "$code")" ] && [ -z "$stdout" ] && equal "$code" "$(fault "d->'error'->>'code'")" ||
		tests_show "$(exit_of "$code"), no stdout, error code $code"
}

# Prints a digest of every row of every table, without the state of sequences.
fingerprint() {
	local query
	query=$(sql "select string_agg(format('select %L || coalesce(md5(string_agg(t::text, e''\n'' order by t::text)), '''') from %s t',
		oid::regclass, oid::regclass), ' union all ') from pg_class where relnamespace = 'berth'::regnamespace and relkind = 'r'")
	sql "$query" | sort | md5sum
}

tests_refused() {
	local text=$1 code=$2
	shift 2
	run berth "$@"
	[ "$status" -eq "$(exit_of "$code")" ] && [ -z "$stdout" ] && [[ $stderr == "berth: "* ]] && [[ $stderr == *"$text"* ]] ||
		tests_show "$(exit_of "$code"), no stdout, and '$text' on stderr" || return 1
	run berth --json "$@"
	[ "$status" -eq "$(exit_of "$code")" ] && [ -z "$stdout" ] && [[ ${stderr##*$'\n'} == '{"error":{"code":"'"$code"'",'* ]] ||
		tests_show "$(exit_of "$code"), no stdout, and an error object of $code" || return 1
	printf '%s\n' "${stderr##*$'\n'}" >>"$TMPDIR/error_objects"
}

# Reads lines of   ARGUMENTS | CODE | TEXT   with the arguments quoted for a shell.
# Each is run with and without --json: empty stdout, the exit code of the error's
# code, the text in the message. The database must not change.
table_of_refusals() {
	local arguments code text before
	before=$(fingerprint)
	: >"$TMPDIR/error_objects"
	while IFS='|' read -r -u 3 arguments code text; do
		case $arguments in '' | '#'*) continue ;; esac
		code=${code// /}
		text=${text# }
		eval "set -- $arguments"
		check "refused, $code: berth $arguments" tests_refused "$text" "$code" "$@"
	done 3<&0 </dev/null
	check "... and all of these errors are JSON" tests_all_json
	check "... and nothing has changed" equal "$before" "$(fingerprint)"
}

tests_all_json() {
	psql -Xq -v ON_ERROR_STOP=1 -d postgres <<-END
		create temp table lines (line text);
		\\copy lines from program 'cat $TMPDIR/error_objects' with (format csv, delimiter e'\\x01', quote e'\\x02')
		select line::jsonb from lines;
	END
}

tests_json_open
