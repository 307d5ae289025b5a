#!/usr/bin/env bash
# The manual: its pages are faultless mdoc, render, refer to what exists, and their examples work.
. tests/lib.sh
. tests/lib/answers.sh

pages=("$BERTH_BUILD"/man/man?/*)
foreign=' psql(1) systemd(1) systemd.service(5) nft(8) '

# lint PAGE: succeeds without any message but those about pages that are not installed, which referred() checks
lint() {
	! mandoc -T lint -W all "$1" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db'
}

# referred PAGE: every page that it refers to is ours, or one of the known ones
referred() {
	local name section
	while read -r name section; do
		[ -e "$BERTH_BUILD/man/man$section/$name.$section" ] || [[ $foreign == *" $name($section) "* ]] || {
			echo "$name($section)"
			return 1
		}
	done < <(sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1 \2/p' "$1")
}

renders() {
	mandoc -T utf8 "$1" | col -b >"$TMPDIR/rendered" && ! grep -nE '\\|^ *\.[A-Z][a-z] ' "$TMPDIR/rendered" &&
		[ "$(wc -l <"$TMPDIR/rendered")" -gt 50 ]
}

# examples PAGE: prints the lines of the section EXAMPLES for a private server
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$1" | grep -E '^(berth (--local|local) |id=)'
}

# works PAGE: the examples of a page end with 0, in their order, on a private server of their own
works() {
	local home=$TMPDIR/home
	mkdir -p "$home"
	{
		echo 'berth() { "$BERTH" "$@" || { echo "berth $*: exit $?"; exit 1; }; }'
		examples "$1"
	} >"$TMPDIR/examples.sh"
	env -u PGHOST -u PGUSER -u PGDATABASE -u PGPORT HOME="$home" PATH="$PATH:$BERTH_TEST_PATH" bash "$TMPDIR/examples.sh"
}

check 'there are five pages' equal 5 "${#pages[@]}"
for page in "${pages[@]}"; do
	name=${page##*/}
	check "$name: lint has no message" lint "$page"
	check "$name refers to pages that exist" referred "$page"
	check "$name renders" renders "$page"
done
check 'berth.1: the examples work' works "$BERTH_BUILD/man/man1/berth.1"
check 'berth.7: the examples work' works "$BERTH_BUILD/man/man7/berth.7"
check 'berth-worker.8: the examples work' works "$BERTH_BUILD/man/man8/berth-worker.8"
HOME=$TMPDIR/home "$BERTH" local stop >/dev/null 2>&1

# berth-sql(7) has the functions and views as they are.
new_database
sql_page=$BERTH_BUILD/man/man7/berth-sql.7

documented_functions() {
	sed -n 's/^\.It Fn \(berth_api\.[a-z]*\)\(.*\)/\1\2/p' "$sql_page" | tr -d '"' | sort
}

real_functions() {
	sql "select concat_ws(' ', 'berth_api.' || proname, (
			select string_agg(case when n > pronargs - pronargdefaults then '[' || name || ']' else name end, ' ' order by n)
			from unnest(proargnames) with ordinality a(name, n)))
		from pg_proc where pronamespace = 'berth_api'::regnamespace order by 1"
}

documented_views() {
	awk '/^\.It Li berth_api\./ { name = $3; next } name != "" && /^\.Li/ {
		gsub(/[.,]| Li/, ""); sub(/^Li /, ""); line = line " " $0
		next
	} name != "" { gsub(/ +/, " ", line); sub(/ $/, "", line); print name line; name = line = "" }' <(
		sed '/^\.It Li berth_api/i\.' "$sql_page") | sed 's/  */ /g; s/ $//' | sort
}

real_views() {
	sql "select 'berth_api.' || relname || ' ' || string_agg(attname, ' ' order by attnum)
		from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
		where relnamespace = 'berth_api'::regnamespace and relkind = 'v' group by relname order by 1"
}

# sql_examples: the examples of the page run as they are printed
sql_examples() {
	"$BERTH" pool create web --kind ipv4 10.0.0.0/29 >/dev/null &&
		sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/{/^\.Bd/,/^\.Ed/{/^\./!p}}' "$sql_page" >"$TMPDIR/examples.sql" &&
		prints '10.0.0.0|active|f' psql -XqAt -v ON_ERROR_STOP=1 -f "$TMPDIR/examples.sql"
}

check 'berth-sql.7 has the functions with their arguments' equal "$(real_functions | sort)" "$(documented_functions)"
check 'berth-sql.7 has the views with their columns' equal "$(real_views | sort)" "$(documented_views)"
check 'berth-sql.7 has the SQLSTATEs' equal "$(sql "select string_agg(berth.api_state(c), ' ' order by 1) from unnest(array[
	'invalid_input', 'not_found', 'already_exists', 'id_conflict', 'conflict', 'overlap', 'in_use', 'pool_exhausted',
	'quota_exceeded', 'limit_exceeded', 'precondition_failed', 'not_allowed']) c" | tr ' ' '\n' | sort)" \
	"$(sed -n 's/^\.It Li \(BE[0-9]*\)$/\1/p' "$sql_page" | sort)"
check 'berth-sql.7: the examples work' sql_examples
