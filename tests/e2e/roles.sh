#!/usr/bin/env bash
# Rights: the table in README.md, tested with every command as every role.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/work.sh
. tests/lib/roles.sh

# --- the table has exactly the existing commands ------------------------------

documented=$(roles_documented)
check 'a table is there' test -n "$documented"
check 'it has the commands of help, in their order' equal "$(roles_help)" "$(cut -d'|' -f1 <<<"$documented")"
check 'with a mark for each role' equal '' \
	"$(grep -vE '^[a-z ]+(\|(yes|no)){4}$|^[a-z ]+(\|none){4}$|^[a-z ]+(\|owner){4}$' <<<"$documented")"
check 'each role may do something, and not all' equal $'2 3 4 5' "$(for i in 2 3 4 5; do
	cut -d'|' -f$i <<<"$documented" | sort -u | tr '\n' ' ' | grep -q 'no none owner yes' && echo $i
done | xargs)"

# --- the prepared objects ----------------------------------------------------

lease=11111111-1111-4111-8111-111111111111 queued=22222222-2222-4222-8222-222222222222
broken=33333333-3333-4333-8333-333333333333 stuck=44444444-4444-4444-8444-444444444444
prepare() {
	berth pool create web --kind number --space web 1-100 && berth pool create spare --kind number --space spare 1-9 20-29 &&
		berth pool create bare --kind number --space bare && berth org create acme && berth project create acme/web && berth pool create hooked --kind number --space hooked --release-hook bye 1-9 &&
		berth allocate web --id $lease && berth allocate hooked --id $broken &&
		berth release $broken --id $stuck && berth resource cordon spare/20-29 && work &&
		berth release $lease --id $queued
}
hook bye <<'END'
#!/bin/sh
exit 3
END
new_database
check 'prepared' prepare
check '... with a command that is quarantined' equal quarantined "$(sql "select state from berth.command where id = '$stuck'")"
check '... and one that is queued' equal queued "$(sql "select state from berth.command where id = '$queued'")"
printf 'pool,kind,range,space\nweb,number,200-209,web\n' >"$TMPDIR/ranges.csv"
printf 'pool,value\nweb,99\n' >"$TMPDIR/leases.csv"
printf 'allocate web\nlabel pool/web a=b\n' >"$TMPDIR/batch"
check 'users of each role' roles_new
# Two tables of the admin's with duplicates, one of which has been fixed.
deduped=55555555-5555-4555-8555-555555555555
doubles() {
	sql "create schema mine authorization \"${logins[admin]}\"" || return 1
	for name in one two; do
		sql "create table mine.$name as select i as id, i / 2 as k from generate_series(1, 9) i;
			alter table mine.$name alter k set not null;
			alter table mine.$name owner to \"${logins[admin]}\"" || return 1
	done
	as admin "$BERTH" dedupe fix --table mine.two --key k --row-id id --id $deduped
}
check 'tables with duplicates' doubles
check 'a database to spoil' roles_prepared

# --- every command as every role ----------------------------------------------

# For each command, arguments that use the prepared data. COMMAND | ARGUMENTS
arguments=$(
	cat <<END
migrate|
doctor|
alerts|
metrics|
pool create|new --kind number --space new 1-9
pool add|web 300-309
pool remove|spare 1-9
pool delete|bare
pool set|web --warn 70
pool rename|web www
pool exclude|web 9
pool include|web 9
pool list|
pool show|web
pool free|web
pool find|100-109
pool import|$TMPDIR/ranges.csv
resource list|web
resource show|web/1-100
resource cordon|web/1-100
resource uncordon|spare/20-29
resource release|web/1-100
resource reclaim|spare/1-9
allocate|web
lease list|
lease show|$lease
lease holders|
lease import|$TMPDIR/leases.csv
release|--pool web --yes
extend|$lease --for 2h
transfer|$lease --holder ci-18
queue list|
queue show|$queued
queue cancel|$queued
queue retry|$stuck
queue skip|$stuck
queue force|$stuck
queue stats|
worker list|
worker|--until-idle
label|pool/web a=b
label list|pool/web
annotate|lease/$lease a=b
annotate list|lease/$lease
batch|$TMPDIR/batch
dedupe check|
dedupe fix|--table mine.one --key k --row-id id
dedupe undo|$deduped
dedupe runs|
dedupe show|$deduped
dedupe forget|$deduped
org create|new
org limit|acme --max-projects 7
org list|
org show|acme
project create|acme/new --space new --pool new=1-9 --label a=b
project list|
project show|acme/web
project limit|acme/web --max-leases 7
project delete|acme/web
events|
local start|--local=$TMPDIR/s
local stop|--local=$TMPDIR/s
local status|--local=$TMPDIR/s
demo|--once pools
help|
version|
END
)
check 'no command is without arguments' equal "$(roles_help)" "$(cut -d'|' -f1 <<<"$arguments")"

# Also with nothing on standard output, and the code as text.
is_refused() {
	refuses not_allowed as "$1" "$BERTH" "${words[@]}" || return 1
	! roles_changed || {
		echo 'refused, and yet something has changed'
		roles_restored
		return 1
	}
}

# The prepared data needs a person.
expected_exit() {
	[ "${words[*]}" = alerts ] && echo 1 || echo 0
}

# changes: true if it should change something
is_done() {
	local role=$1 changes=$2 changed=no
	exits "$(expected_exit)" as "$role" "$BERTH" "${words[@]}" || return 1
	if roles_changed; then
		changed=yes
		roles_restored || return 1
	fi
	equal "changes: $changes" "changes: $changed"
}

# The table tells which commands read: those of a viewer change nothing.
try_all() {
	local viewer=$1 operator=$2 worker=$3 admin=$4 role changes=yes
	[ "$viewer" = no ] || changes=no
	# The one that reads what only an admin may see.
	[ "$words_told" != 'dedupe show' ] || changes=no
	check "nobody: no $words_told" is_refused nobody
	for role in viewer operator worker admin; do
		if [ "${!role}" = yes ]; then
			check "$role: $words_told" is_done $role $changes
		else
			check "$role: no $words_told" is_refused $role
		fi
	done
}

# A verb that needs no role needs no server either.
try_without_server() {
	check "without a server: $words_told" exits 0 env -u PGDATABASE PGHOST=/nowhere PGUSER=nope timeout 60 "$BERTH" "${words[@]}"
}

# The schema is older than the program, or there is none in the user's own database.
try_as_owner() {
	local role own
	for role in "${!logins[@]}"; do
		sql 'delete from berth.schema_version where version = (select max(version) from berth.schema_version)'
		roles_old=$(fingerprint)
		check "$role: no $words_told of what is another's" refuses not_allowed as "$role" "$BERTH" "${words[@]}"
		check '... and nothing has changed' equal "$roles_old" "$(fingerprint)"
		roles_restored
		[ "$role" = nobody ] || check "$role: $words_told where there is nothing to do" is_done "$role" no
		own=${PGDATABASE}_own
		check "$role: a database of their own" createdb -T template0 -O "${logins[$role]}" "$own"
		check "$role: $words_told there" exits 0 env PGDATABASE="$own" PGUSER="${logins[$role]}" "$BERTH" "${words[@]}"
		check '... which made a schema' equal "${logins[$role]}" \
			"$(PGDATABASE=$own sql "select nspowner::regrole from pg_namespace where nspname = 'berth'")"
		dropdb --force "$own"
	done
}

while IFS='|' read -r -u 3 command viewer operator worker admin; do
	read -ra words <<<"$command $(grep -m 1 "^$command|" <<<"$arguments" | cut -d'|' -f2)"
	words_told=$command
	case $viewer in
	none) try_without_server ;;
	owner) try_as_owner ;;
	*) try_all "$viewer" "$operator" "$worker" "$admin" ;;
	esac
done 3<<<"$documented"

# --- other refusals -----------------------------------------------------------

# A caller without the right does not wait, and a dry run is refused too.
while read -r -u 3 role words_told; do
	read -ra words <<<"$words_told"
	check "$role: no $words_told" is_refused "$role"
done 3<<END
viewer allocate web --wait=1h
viewer allocate web --id $lease
viewer allocate web --count 3
viewer allocate web --value 7
viewer allocate web -n
viewer release $lease --wait=1h
viewer release $broken --id $queued
viewer release --pool web
viewer release --pool bare
viewer extend $lease --for 2h -n
viewer transfer $lease --holder x -n
viewer label pool/web a=b -n
viewer label -l a --of lease a=b -n
viewer label -l a --of pool a=b
viewer resource cordon web/1-100 spare/20-29 -n
viewer queue retry $stuck $queued --yes
viewer queue cancel $stuck $queued
viewer extend --pool web --for 2h
worker label pool/web
worker queue cancel $queued -n
worker queue force $stuck --wait=1h
worker resource release web/1-100 --wait=1h
operator pool create new --kind number --space new 1-9 -n
operator pool import $TMPDIR/ranges.csv --on-conflict skip
viewer lease import $TMPDIR/leases.csv --on-conflict skip
worker lease import $TMPDIR/leases.csv -n
operator project create acme/new -n
operator project delete acme/web -n
operator project delete acme/web --wait=1h
viewer project delete acme/web -n
operator worker --name w
admin worker --name w
END
for role in viewer worker; do
	PGUSER=${logins[$role]} screen_start 80 24 "$BERTH" release --pool web
	check "$role: no question that ends in a refusal" screen_ends 7
done
screen_stop
for role in viewer operator worker admin; do
	check "$role: the plan of a release" answers "d->'targets'" 1 as $role "$BERTH" release --pool web -n --json
done
check '... changes nothing' equal "$roles_fingerprint" "$(fingerprint)"

# --- the tables themselves ----------------------------------------------------

denied() {
	complains 1 "permission denied for table $table" as "$role" psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

only_reads() {
	local role=$1 table=$2 column=$3
	exits 0 as "$role" psql -XqAt -v ON_ERROR_STOP=1 -c "select count(*) from berth.$table" &&
		denied "insert into berth.$table select * from berth.$table" && denied "update berth.$table set $column = $column" &&
		denied "delete from berth.$table" && denied "truncate berth.$table cascade"
}

for role in viewer operator worker admin; do
	check "$role: reads leases and writes none" only_reads $role lease id
	check "$role: resources likewise" only_reads $role resource id
	check "$role: commands likewise" only_reads $role command id
	check "$role: events likewise" only_reads $role event seq
done
check 'nothing was written' equal "$roles_fingerprint" "$(fingerprint)"
