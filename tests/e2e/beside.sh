#!/usr/bin/env bash
# An upgrade while a console, a worker and clients of the version before run beside it. They end with the reason, and
# those of the present version go on with all that was acknowledged.
#
# BERTH_OLD is a program of an earlier version, as `make check-upgrades` builds it. Without one the present program is
# also the earlier one, and the later version is a number in the database, which is taken back when that one ends.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/workers.sh

export BERTH_ENV=prod
old=${BERTH_OLD-}
new=$BERTH

old_program() {
	BERTH=${old:-$new} "$@"
}

if [ -n "$old" ]; then
	PGDATABASE=beside_$$
	createdb "$PGDATABASE" && tests_databases+=("$PGDATABASE")
	export PGDATABASE
	check 'a database of the earlier version' exits 0 "$old" migrate
else
	check 'a database' new_database
	PGDATABASE=$(sql 'select current_database()')
fi

# allocates: allocates as long as the program works; notes the ids that were acknowledged, and the other exit codes
allocates() {
	local id code=0
	while [ "$code" -eq 0 ]; do
		id=$(sql 'select gen_random_uuid()')
		old_program berth -q allocate web --id "$id" >"$TMPDIR/allocated.$1" 2>&1 || code=$?
		[ "$code" -ne 0 ] || echo "$id" >>"$TMPDIR/acknowledged.$1"
	done
	echo "$code" >"$TMPDIR/code.$1"
}
acknowledged() {
	cat "$TMPDIR"/acknowledged.*
}
has_some() {
	[ "$(wc -l <"$TMPDIR/acknowledged.$1")" -ge 5 ]
}

check 'a pool' old_program exits 0 berth pool create web --kind number 1-9999
old_program worker_start w1
check 'an earlier worker' is_alive w1
screen_start 100 30 "${old:-$new}"
check '... and console' screen_wait ' web '
gone=$(old_program new_lease web)
command=$(old_program release "$gone")
check '... which work' command_is "$command" 'done applied'
clients=()
for client in 1 2; do
	: >"$TMPDIR/acknowledged.$client"
	allocates "$client" &
	clients+=($!)
done
check '... and clients' eval 'wait_for has_some 1 && wait_for has_some 2'
waiting=$(old_program new_lease web)
late=$(old_program release "$waiting" --grace 1s)

# --- the upgrade ----------------------------------------------------------------

sessions=$(sql "select string_agg(pid::text, ',') from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")

upgrade() {
	if [ -n "$old" ]; then
		berth migrate
	else
		sql "insert into berth.schema_version (version, name) select max(version) + 1, 'later' from berth.schema_version"
	fi
}
# Sessions from before the upgrade go on while their statements succeed; a new one asks for the version.
earlier_end() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity where pid in ($sessions)" >"$TMPDIR/cut"
	check 'the earlier worker ends' worker_ends 3 w1
	check '... with the reason' grep -qE "$reason" "$TMPDIR/w1.said"
	check 'the earlier console ends' screen_ends 3
}
present_begin() {
	worker_start w2
	check 'a worker of the present version' is_alive w2
	check '... and a list' prints web berth pool list
}
reason='has schema version [0-9]+, this berth needs [0-9]+'

check 'the schema is upgraded meanwhile' exits 0 upgrade
wait "${clients[@]}"
check 'the earlier clients are refused' equal '3 3' "$(echo "$(<"$TMPDIR/code.1") $(<"$TMPDIR/code.2")")"
check '... with the reason' grep -qE "$reason|a migration of the schema" "$TMPDIR/allocated.1"
if [ -n "$old" ]; then
	present_begin
	earlier_end
else
	earlier_end
	sql "delete from berth.schema_version where name = 'later'"
	present_begin
fi

# --- what was there -----------------------------------------------------------------

screen_start 100 30 "$BERTH"
check 'a console of the present version' screen_wait ' web '
check 'a command that was queued before is applied' command_is "$late" 'done applied'
check '... and its lease is gone' lease_is "$waiting" destroyed
# As `berth lease list` could not, for it shows a page.
check 'each acknowledged lease is there' equal "$(acknowledged | sort)" "$(sql "select id from berth.lease where state = 'active' order by id::text")"
check '... and is replayed' answers "d->'replayed'" true berth allocate web --id "$(acknowledged | head -n 1)" --json
screen_keys q
check 'the console ends' screen_ends 0
check 'the worker ends' worker_stop w2
check 'doctor finds nothing' exits 0 berth doctor
