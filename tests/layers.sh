#!/usr/bin/env bash
# The layers and the rules of the house, as far as a search can check them.
. tests/lib.sh

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	files=$(git ls-files --cached --others --exclude-standard)
else
	files=$(find . -type f -not -path './build/*' -not -path './.git/*' | sed 's|^\./||')
fi
sources=$(grep -E '^(ui|model|db)/.*\.[ch]$' <<<"$files")

# none RE PATHS...: succeeds if no line of these files matches; comment lines do not count
none() {
	local re=$1
	shift
	! grep -nHE -- "$re" "$@" | grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/\*|\*)'
}

# in_layer LAYER...: prints the source files of these layers
in_layer() {
	local layers
	layers=$(IFS='|' && echo "$*")
	grep -E "^($layers)/" <<<"$sources"
}

# no_line RE LAYER...: succeeds if the files of the layers have no such line
no_line() {
	local re=$1
	shift
	mapfile -t paths < <(in_layer "$@")
	none "$re" "${paths[@]}"
}

curses='#include *[<"](n?curses|panel|term|menu|form)'
libpq='#include *[<"](libpq|postgres_ext|pg_config)'
clock='\<(time|clock|clock_gettime|gettimeofday|clock_now|clock_steady|localtime|localtime_r|sleep|nanosleep|poll)\('
console='\<(printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|fputc|perror|scanf|getchar|gets|syslog|warn|err|errx|dprintf)\(|\<(stdin|stdout|stderr)\>'
forbidden='\<(strcpy|strcat|strncpy|sprintf|vsprintf|strtok|atoi|atol|atof|system|popen|gets)\('

# Each layer has sources, else the other checks prove nothing.
for layer in ui model db; do
	check "$layer/ has sources" test -n "$(in_layer "$layer")"
done
check "curses only in ui/" no_line "$curses" model db
check "libpq only in db/" no_line "$libpq" ui model
check "internals of a batch only in db/" no_line '#include *"db/batch/(arg|query|step|decode)\.h"' ui model
check "db/ includes nothing of model/ and ui/" no_line '#include *"(model|ui)/' db
check "model/ includes nothing of ui/" no_line '#include *"ui/' model
check "model/ has no clock" no_line "$clock" model
check "model/ does not print" no_line "$console" model
check "no forbidden call" no_line "$forbidden" ui model db

# The folders of the console, from the bottom up; those of one line do not include each other's headers.
console_rooms=(terminal widgets list screens dialogs app 'input frame')

# upward: prints each include of a higher folder
upward() {
	local below='' level room
	for level in "${console_rooms[@]}"; do
		for room in $level; do
			grep -rnHE '#include "ui/console/' "ui/console/$room" | grep -vE "\"ui/console/($below$room)/"
		done
		below="$below${level// /|}|"
	done
}
check "the folders of the console include only lower ones" test -z "$(upward)"
for face in cli console worker; do
	others=$(printf '%s\n' cli console worker | grep -v "^$face\$" | paste -sd '|')
	check "$face includes no other face" no_line "#include *\"ui/($others)/" "ui/$face"
done

check "ui/text includes no face and no verb" no_line '#include *"ui/(cli|console|worker|verbs)/' ui/text

# db/ writes one message: the standard error of a child that could not be started.
db_prints() {
	mapfile -t paths < <(in_layer db)
	! grep -nHE -- "$console" "${paths[@]}" | grep -v '^db/base/child\.c:[0-9]*:.*dprintf(STDERR_FILENO'
}
check "db/ does not print" db_prints

longest() {
	mapfile -t paths <<<"$sources"
	! wc -l "${paths[@]}" | awk '$2 != "total" && $1 > 400 { print; bad = 1 } END { exit !bad }'
}
check "no file of more than 400 lines" longest

# SQL: lines of at most 120 columns, with tabs of four, and routines of at most 70 lines, except for these.
long_routines='allocate pool_import dedupe_remove doctor'

sql_lines() {
	mapfile -t paths < <(grep -E '^db/sql/(routines|trust)/.*\.sql$' <<<"$files")
	! for path in "${paths[@]}"; do
		expand -t 4 "$path" | awk -v path="$path" 'length > 120 { print path ":" NR ": " $0 }'
	done | grep .
}
check "no line of SQL of more than 120 columns" sql_lines

# A routine is stored in the encoding of the database, which may not have a sign of UTF-8.
sql_signs() {
	! LC_ALL=C grep -n '[^ -~	]' $(grep -E '^db/sql/.*\.sql$' <<<"$files")
}
check "SQL is ASCII" sql_signs

sql_routines() {
	mapfile -t paths < <(grep -E '^db/sql/routines/.*\.sql$' <<<"$files")
	awk -v known=" $long_routines " '
		/^create (or replace )?function / { match($0, /berth\.[a-z_]+/); name = substr($0, RSTART + 6, RLENGTH - 6); first = FNR }
		name != "" && (/^end;$/ || /^end \$\$;$/) {
			if (FNR - first >= 70 && index(known, " " name " ") == 0) { print FILENAME ": " name; bad = 1 }
			name = ""
		}
		END { exit bad }' "${paths[@]}"
}
check "no routine of more than 70 lines" sql_routines

long_files() {
	mapfile -t paths < <(grep -E '^db/sql/.*\.sql$' <<<"$files")
	! wc -l "${paths[@]}" | awk '$2 != "total" && $1 > 400 { print; bad = 1 } END { exit !bad }'
}
check "no file of SQL of more than 400 lines" long_files

# The patterns are split, so that this file does not match.
private="\.\./sha""red|/wo""rk/|/ho""me/[a-z]"
nothing_private() {
	mapfile -t paths < <(grep -v '^assets/data/' <<<"$files")
	! grep -nIE -- "$private" "${paths[@]}"
}
check "no private path" nothing_private
