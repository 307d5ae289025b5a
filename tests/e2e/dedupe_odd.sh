#!/usr/bin/env bash
# Dedupe in tables that are unlike those one thinks of: names that berth itself uses, partitions, collations, domains, checks, rules and
# triggers; and what people do to a table between a fix and undoing it.
. tests/lib.sh
. tests/lib/answers.sh

new_database

# Statements, one after the other.
sqls() {
	local IFS=';'
	sql "$*"
}

# From now on a run cannot leave this phase: it ends with an error, and goes on when the phase is let go.
stop_at() {
	sqls "create or replace function public.stop() returns trigger language plpgsql as 'begin raise exception ''stopped''; end'" \
		"create or replace trigger stop before update on berth.dedupe_run for each row when (old.phase = '$1') execute function public.stop()"
}
go_on() {
	sql 'drop trigger stop on berth.dedupe_run'
}
# The report of a fix of this table by its column k, and what is left.
fixes() {
	local expected=$1 table=$2
	shift 2
	run berth dedupe fix --table "$table" --key k --json "$@"
	[ "$status" -eq 0 ] && equal "$expected" "$(json "concat_ws(' ', d->>'groups', d->>'removed', d->>'conflicting', d->>'rewritten')")" || tests_show "0 and $expected"
}
undoes() {
	answers "d->>'restored'" "$1" berth dedupe undo "$(sql 'select id from berth.dedupe_run order by seq desc limit 1')" --json
}
blocked() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%$1%'")" -gt 0 ]
}

# --- names -------------------------------------------------------------------------

sqls 'create table names (id int primary key, k int, h int, equals int, hash int, g int, t text, v text, s text, guard int, x text)' \
	"insert into names values (1, 1, 1, 1, 1, 1, 't', 'v', 's', 1, 'x'), (2, 1, 1, 1, 1, 1, 't', 'v', 's', 1, 'x')"
row='{"g": 1, "h": 1, "k": 1, "s": "s", "t": "t", "v": "v", "x": "x", "id": 1, "hash": 1, "guard": 1, "equals": 1}'
names=(--table names --key k,h,equals,hash --json)
check 'a row is told whole, whatever its columns are called' answers "d->'rows'->0->'removed'" "$row" berth dedupe fix "${names[@]}" -n
check '... so are its values' answers "(select string_agg(k, ' ' order by k) from jsonb_object_keys(d->'rows'->0->'removed') k)" 'equals g guard h hash id k s t v x' \
	berth dedupe fix "${names[@]}" -n
stop_at unique
check 'up to the constraint' exits 70 berth dedupe fix "${names[@]}"
check 'the guard takes what is new' sql 'insert into names (id, k, h, equals, hash) values (3, 2, 2, 2, 2)'
check '... and nothing else' complains 1 names_k_h_equals_hash_berth psql -Xq -v ON_ERROR_STOP=1 -c 'insert into names (id, k, h, equals, hash) values (4, 2, 2, 2, 2)'
check '... an update neither' complains 1 names_k_h_equals_hash_berth psql -Xq -v ON_ERROR_STOP=1 -c 'update names set k = 2, h = 2, equals = 2, hash = 2 where id = 2'
go_on
check 'a row is told whole by a run' answers "d->'rows'->0->'removed'" "$row" berth dedupe fix "${names[@]}"
sql 'create table quotes (id int primary key, "q""a" int not null, a int not null)'
check 'a name within another one' answers d '[]' berth dedupe check --table quotes --key '"q""a",a' --json
check 'a name that stands twice' refuses invalid_input berth dedupe check --table quotes --key 'a,"q""a",a'

# --- what points at a partition ----------------------------------------------------

sqls 'create table whole (id int primary key, k int not null) partition by range (id)' 'create table part partition of whole for values from (0) to (100)' \
	'create table pointing (part int constraint points references whole on delete cascade)' 'insert into whole values (1, 1), (2, 1)' 'insert into pointing values (1)'
check 'a reference to what it is a part of' refuses in_use berth dedupe fix --table part --key k
check '... by its name' equal 'points public.pointing' "$(fault "concat_ws(' ', d->'error'->'detail'->>'constraint', d->'error'->'detail'->>'table')")"
sql 'update pointing set part = 2'
check 'a part of a table' fixes '1 1 0 0' part

# --- collations --------------------------------------------------------------------

sqls "create collation alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false)" \
	'create table collated (id int primary key, k text collate alike, a text collate "C", b text collate "POSIX", value text collate alike)' \
	"insert into collated values (1, 'a', 'x', 'y', 'x'), (2, 'A', 'x', 'y', 'X')"
check 'values are compared as text' answers "d->0->>'conflicting'" true eval 'berth dedupe check --table collated --key k --json || [ $? -eq 1 ]'
check 'values of several collations' answers "d->0->>'conflicting'" false eval 'berth dedupe check --table collated --key k --value a,b --json || [ $? -eq 1 ]'
check 'the key by its own' fixes '1 1 1 0' collated
check '... undone' undoes 1

# --- who writes a key anew ---------------------------------------------------------

sqls 'create table anew (id int primary key, k int not null)' 'insert into anew values (1, 1)'
stop_at unique
check 'up to the constraint' exits 70 berth dedupe fix --table anew --key k
coproc first { psql -Xq -v VERBOSITY=verbose 2>&1; }
first_process=$first_PID first_in=${first[1]}
exec {first_out}<&"${first[0]}"
printf '%s\n' "begin; delete from anew where id = 1; \\echo deleted" >&"$first_in"
read -r -t 20 -u "$first_out" line
psql -Xq -v VERBOSITY=verbose -c 'insert into anew values (2, 1)' >"$TMPDIR/second" 2>&1 &
second=$!
check 'who writes a key that is being deleted waits' wait_for blocked 'values (2, 1)'
printf '%s\n' "insert into anew values (3, 1); commit;" '\q' >&"$first_in"
check '... the one who deleted it may write it anew' equal deleted "$line$(cat <&"$first_out")"
wait "$first_process" "$second"
check '... and the other is refused' grep -q 'ERROR:  23505.*anew_k_berth' "$TMPDIR/second"
check '... once' equal 3 "$(sql 'select id from anew')"
go_on
check 'done' fixes '0 0 0 0' anew
