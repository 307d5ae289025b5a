#!/usr/bin/env bash
# berth_api: applications in psql and Python, which allocate in the transaction of their own changes.
. tests/lib.sh
. tests/lib/answers.sh

new_database
berth -q pool create shop --kind ipv4 10.20.0.0/28 >"$TMPDIR/made"

# --- psql -----------------------------------------------------------------------

sample() {
	psql -qAt -v ON_ERROR_STOP=1 -f assets/samples/instance.sql
}
check 'psql: the row and the address' equal $'10.20.0.0|active|f\nweb-1|10.20.0.0' "$(sample 2>"$TMPDIR/notice")"
check 'the verbs show the lease' answers "concat_ws(' ', d->>'value', d->>'holder')" '10.20.0.0 web-1' \
	berth lease show 7c1e4b8e-52a7-4a2b-8f7e-3d5a1c9b0e11 --json
check 'a second time the row is refused, and nothing else happens' eval '! sample 2>"$TMPDIR/error"'
check '... there is one lease' equal 1 "$(sql 'select count(*) from berth_api.lease')"

# --- Python ---------------------------------------------------------------------

check 'Python: three instances' equal $'a 10.20.0.1\nb 10.20.0.2\nc 10.20.0.3' "$(python3 assets/samples/instance.py '' shop a b c)"
full() {
	python3 assets/samples/instance.py '' shop $(seq 1 13) >"$TMPDIR/full" 2>"$TMPDIR/error"
}
check 'a full pool is known by its SQLSTATE' eval '! full'
check '... the message is for people' grep -q '^13: no address: pool shop has no free value' "$TMPDIR/error"
check '... and the last instance is not there' equal 16 "$(sql 'select count(*) from instance')"

# --- killed at each statement ------------------------------------------------------

berth -q pool create more --kind ipv4 10.21.0.0/24 >"$TMPDIR/made"
killed() {
	python3 tests/lib/killed_instance.py "$1" more "k$1" >"$TMPDIR/killed" 2>&1
	[ $? -eq 137 ]
}
whole() {
	equal 0 "$(sql "select count(*) from instance i full join (select * from berth_api.lease where pool = 'more') l on l.id = i.lease
		where (i.name is null or l.id is null) and (l.id is not null or i.name like 'k%')")"
}
ended() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")" = 0 ]
}
statements=$(python3 tests/lib/killed_instance.py 99 more all | sed -n 's/^statements: //p')
check 'the application has four statements' equal 4 "$statements"
for n in 1 2 3 4; do
	check "killed at statement $n" killed "$n"
	check '... its session ends' wait_for ended
	check '... both are there, or neither' whole
done
check 'killed before the end: nothing' equal '' "$(sql "select name from instance where name in ('k1', 'k2', 'k3')")"
check 'the database is sound' exits 0 berth doctor
