#!/usr/bin/env bash
# Dedupe of unusual tables: names that berth itself uses, partitions, collations, domains, checks, rules and
# triggers; and changes of a table between a fix and its undo.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/server.sh

new_database

# Statements, one after the other.
sqls() {
	local IFS=';'
	sql "$*"
}

# From now on a run cannot leave this phase: it ends with an error, and continues when the phase is released.
stop_at() {
	sqls "create or replace function public.stop() returns trigger language plpgsql as 'begin raise exception ''stopped''; end'" \
		"create or replace trigger stop before update on berth.dedupe_run for each row when (old.phase = '$1') execute function public.stop()"
}
go_on() {
	sql 'drop trigger stop on berth.dedupe_run'
}
# The report of a fix of this table by its column k, and the remaining rows.
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

sqls 'create table names (id int primary key, k int not null, h int not null, equals int not null, hash int not null, g int, t text,
	v text, s text, guard int, other int not null, x text)' \
	"insert into names values (1, 1, 1, 1, 1, 1, 't', 'v', 's', 1, 1, 'x'), (2, 1, 1, 1, 1, 1, 't', 'v', 's', 1, 1, 'x')"
row='{"g": 1, "h": 1, "k": 1, "s": "s", "t": "t", "v": "v", "x": "x", "id": 1, "hash": 1, "guard": 1, "other": 1, "equals": 1}'
names=(--table names --key k,h,equals,hash,other --json)
check 'a row is shown whole, with any column names' answers "d->'rows'->0->'removed'" "$row" berth dedupe fix "${names[@]}" -n
check '... so are its values' answers "(select string_agg(k, ' ' order by k) from jsonb_object_keys(d->'rows'->0->'removed') k)" 'equals g guard h hash id k other s t v x' \
	berth dedupe fix "${names[@]}" -n
stop_at unique
check 'up to the constraint' exits 5 berth dedupe fix "${names[@]}"
check 'the guard accepts a new key' sql 'insert into names (id, k, h, equals, hash, other) values (3, 2, 2, 2, 2, 2)'
check '... and nothing else' complains 1 names_k_h_equals_hash_other_berth psql -Xq -v ON_ERROR_STOP=1 -c 'insert into names (id, k, h, equals, hash, other) values (4, 2, 2, 2, 2, 2)'
check '... also by an update' complains 1 names_k_h_equals_hash_other_berth psql -Xq -v ON_ERROR_STOP=1 -c 'update names set k = 2, h = 2, equals = 2, hash = 2, other = 2 where id = 2'
go_on
check 'a run shows a row whole' answers "d->'rows'->0->'removed'" "$row" berth dedupe fix "${names[@]}"
sqls 'create table "50%s" (id int primary key, "a%I" int not null, "%" text)' \
	'insert into "50%s" values (1, 1), (2, 1)'
check 'names that are formats' answers "d->>'removed'" 1 berth dedupe fix --table '"50%s"' --key '"a%I"' --json
check '... undone' undoes 1
sql 'create table quotes (id int primary key, "q""a" int not null, a int not null)'
check 'a name within another one' answers d '[]' berth dedupe check --table quotes --key '"q""a",a' --json
check 'a name that occurs twice' refuses invalid_input berth dedupe check --table quotes --key 'a,"q""a",a'

# --- references to a partition -----------------------------------------------------

sqls 'create table whole (id int primary key, k int not null) partition by range (id)' 'create table part partition of whole for values from (0) to (100)' \
	'create table pointing (part int constraint points references whole on delete cascade)' 'insert into whole values (1, 1), (2, 1)' 'insert into pointing values (1)'
check 'a reference to the whole table of a part' refuses in_use berth dedupe fix --table part --key k
check '... the error names it' equal 'points public.pointing' "$(fault "concat_ws(' ', d->'error'->'detail'->>'constraint', d->'error'->'detail'->>'table')")"
sql 'update pointing set part = 2'
check 'a part of a table' fixes '1 1 0 0' part

# --- collations --------------------------------------------------------------------

sqls "create collation alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false)" \
	'create table collated (id int primary key, k text collate alike not null, a text collate "C", b text collate "POSIX", value text collate alike)' \
	"insert into collated values (1, 'a', 'x', 'y', 'x'), (2, 'A', 'x', 'y', 'X')"
check 'values are compared as text' answers "d->0->>'conflicting'" true eval 'berth dedupe check --table collated --key k --json || [ $? -eq 1 ]'
check 'values of several collations' answers "d->0->>'conflicting'" false eval 'berth dedupe check --table collated --key k --value a,b --json || [ $? -eq 1 ]'
check 'the key by its own' fixes '1 1 1 0' collated
check '... undone' undoes 1

# --- a key that is written again ---------------------------------------------------

# With an index for the guard, a duplicate of an older row; otherwise of a row written since.
for options in '--null-as-empty k' ''; do
	read -ra words <<<"$options"
	sqls 'drop table if exists anew' 'create table anew (id int primary key, k text)'
	[ -n "$options" ] || unset_key anew k
	[ -z "$options" ] || sql "insert into anew values (1, 'a')"
	stop_at unique
	check "up to the constraint $options" exits 5 berth dedupe fix --table anew --key k "${words[@]}"
	[ -n "$options" ] || sql "insert into anew values (1, 'a')"
	coproc first { psql -Xq -v VERBOSITY=verbose 2>&1; }
	first_process=$first_PID first_in=${first[1]}
	exec {first_out}<&"${first[0]}"
	printf '%s\n' "begin; delete from anew where id = 1; \\echo deleted" >&"$first_in"
	read -r -t 20 -u "$first_out" line
	psql -Xq -v VERBOSITY=verbose -c "insert into anew values (2, 'a')" >"$TMPDIR/second" 2>&1 &
	second=$!
	check 'a writer of a key that is being deleted waits' wait_for blocked 'values (2, '
	printf '%s\n' "insert into anew values (3, 'a'); commit;" '\q' >&"$first_in"
	check '... its deleter can insert it again' equal deleted "$line$(cat <&"$first_out")"
	wait "$first_process" "$second"
	check '... and the other is refused' grep -q 'ERROR:  23505.*anew_k_berth' "$TMPDIR/second"
	check '... once' equal 3 "$(sql 'select id from anew')"
	go_on
	check 'done' fixes '0 0 0 0' anew "${words[@]}"
done

# --- serialization failures without a duplicate -------------------------------------

sqls 'create table serial (id int primary key, k int not null)' 'insert into serial values (1, 1), (2, 1)'
stop_at remove
check 'the run has begun' exits 5 berth dedupe fix --table serial --key k
sql 'insert into serial select i, i from generate_series(900, 910) i'
coproc second { psql -Xq -v VERBOSITY=verbose 2>&1; }
second_process=$second_PID second_in=${second[1]}
exec {second_out}<&"${second[0]}"
printf '%s\n' 'begin isolation level serializable; insert into serial values (1002, 1002);' '\echo written' >&"$second_in"
read -r -t 20 -u "$second_out" line
check 'two serializable transactions write' sql 'begin isolation level serializable; insert into serial values (1001, 1001); commit'
printf '%s\n' 'insert into serial values (1004, 1004); commit;' '\q' >&"$second_in"
check '... the second one gets no duplicate error' equal '' "$(grep 23505 <&"$second_out")"
wait "$second_process"
check '... having begun' equal written "$line"
go_on
check 'done' fixes '1 1 0 0' serial

# --- values that a table refuses ---------------------------------------------------

sqls "create domain filled as text not null check (value <> '')" "create domain half as text check (value <> '')" \
	'create table domains (id int primary key, k filled)' "insert into domains values (1, 'a'), (2, 'a')" \
	'create table somes (id int primary key, k half)' "insert into somes values (1, 'a'), (2, null), (3, null)" \
	"create table checks (id int primary key, k text constraint never_empty check (k <> ''))" 'insert into checks values (1, null), (2, null)' \
	'create table numbers (id int primary key, k int[] not null)' 'alter table numbers alter k set storage external' \
	'insert into numbers select i, array(select g % 10 from generate_series(1, 1200) g) from generate_series(1, 2) i' \
	'create table ruled (id int primary key, k int not null)' 'create rule keeps as on delete to ruled do instead nothing' 'insert into ruled values (1, 1), (2, 1)' \
	"create function public.nothing() returns trigger language plpgsql as 'begin return null; end'" \
	"create function public.nulls() returns trigger language plpgsql as 'begin new.k := nullif(new.k, \$\$\$\$); return new; end'" \
	'create table keeping (id int primary key, k text not null)' "insert into keeping values (1, 'a'), (2, 'a')" \
	'create trigger keeps before delete on keeping for each row execute function public.nothing()' \
	'create table nulling (id int primary key, k text)' 'insert into nulling values (1, null)' \
	'create trigger nulls before update on nulling for each row execute function public.nulls()' \
	'create table parents (k text primary key)' 'create table pointers (id int primary key, k text references parents)' 'insert into pointers values (1, null)'
unset_key domains k
check 'a domain that takes no NULL' fixes '1 1 0 0' domains
table_of_refusals <<'END'
dedupe fix --table somes --key k --null-as-empty k | precondition_failed | half_check
dedupe fix --table checks --key k --null-as-empty k | precondition_failed | constraint never_empty
dedupe fix --table checks --key k --null-as-empty k -n | precondition_failed | constraint never_empty
dedupe fix --table numbers --key k | precondition_failed | longer than
dedupe fix --table ruled --key k | precondition_failed | has rules
END
null_stays() {
	if server_since 15; then
		fixes '1 1 0 0' checks
	else
		refuses precondition_failed berth dedupe fix --table checks --key k
	fi
}
check 'NULL stays without it, or is refused' null_stays
check 'a trigger that keeps rows' refuses precondition_failed berth dedupe fix --table keeping --key k
check '... nothing is removed' equal 2 "$(sql 'select count(*) from keeping')"
sql 'drop trigger keeps on keeping'
check '... the run continues without it' fixes '1 1 0 0' keeping
check 'a trigger that keeps NULL' refuses precondition_failed berth dedupe fix --table nulling --key k --null-as-empty k
check 'a reference that allows no empty value' refuses precondition_failed berth dedupe fix --table pointers --key k --null-as-empty k
sql "insert into parents values ('')"
check '... the run continues with it' fixes '0 0 0 1' pointers --null-as-empty k

# --- values that differ later ------------------------------------------------------

sqls 'create table same (id int primary key, k int not null, value text)' "insert into same values (1, 1, 'x'), (2, 1, 'x')"
stop_at find
check 'the run stops before its search' exits 5 berth dedupe fix --table same --key k --survivor abort
go_on
sql "update same set value = 'y' where id = 1"
check 'abort when values differ by now' refuses conflict berth dedupe fix --table same --key k --survivor abort
check '... removes nothing' equal 2 "$(sql 'select count(*) from same')"
check '... another request is refused in a dry run' refuses conflict berth dedupe fix --table same --key k -n
check '... after an undo' undoes 0
check '... the other request succeeds' fixes '1 1 1 0' same

# --- a dry run of an unfinished run ------------------------------------------------

sqls 'create table begun (id int primary key, k int not null)' 'insert into begun values (1, 1), (2, 1)'
stop_at attach
check 'up to the constraint' exits 5 berth dedupe fix --table begun --key k
go_on
check 'a dry run of the same request reports it' answers "d->>'constraint'" begun_k_berth berth dedupe fix --table begun --key k -n --json
check '... and the request continues' fixes '1 1 0 0' begun

# --- the limits of a session -------------------------------------------------------

sqls 'create table slow (id int primary key, k int not null)' 'insert into slow values (1, 1), (2, 1)'
coproc holder { psql -Xq; }
holder_process=$holder_PID holder_in=${holder[1]}
printf '%s\n' 'begin; lock table slow in row exclusive mode;' >&"$holder_in"
wait_for eval '[ "$(sql "select count(*) from pg_locks where relation = '"'slow'::regclass and mode = 'RowExclusiveLock'"'")" -gt 0 ]'
PGOPTIONS='-c lock_timeout=50ms -c statement_timeout=2s -c default_transaction_isolation=serializable' "$BERTH" dedupe fix --table slow --key k >/dev/null 2>"$TMPDIR/slow" &
slow=$!
check 'a lock_timeout does not end the wait' wait_for grep -q 'waiting for server process' "$TMPDIR/slow"
check '... another process cannot begin, also in a dry run' refuses conflict berth dedupe fix --table slow --key k -n
check '... or undo it' refuses conflict berth dedupe undo "$(sql "select id from berth.dedupe_run where name = 'public.slow'")" -n
printf 'commit;\n\\q\n' >&"$holder_in"
wait "$holder_process"
wait "$slow"
check '... and ends well' equal 0 $?

# --- undo after later changes ------------------------------------------------------

of() {
	sql "select id from berth.dedupe_run where name = 'public.$1' order by seq desc limit 1"
}
sqls 'create table needed (id int primary key, k int not null)' 'insert into needed values (1, 1), (2, 1)'
check 'a constraint' fixes '1 1 0 0' needed
sqls 'create table needs (k int constraint needs_it references needed (k))' 'insert into needs values (1)'
check '... that is used stays' refuses in_use berth dedupe undo "$(of needed)"
check '... the error names the user' grep -q needs_it "$TMPDIR/stderr"
sql 'drop table needs'
check '... and is dropped once unused' undoes 1
sqls 'create table changed (id int primary key, k text, v text)' "insert into changed values (1, '', 'a'), (2, null, 'b')"
check 'a table' fixes '1 1 1 1' changed --null-as-empty k
sql 'alter table changed rename id to other'
check 'without its columns it is not undone' refuses precondition_failed berth dedupe undo "$(of changed)"
check '... also in a dry run' refuses precondition_failed berth dedupe undo "$(of changed)" -n
check '... its constraint too' equal 1 "$(sql "select count(*) from pg_constraint where conname = 'changed_k_berth'")"
sqls 'alter table changed rename other to id' 'alter table changed alter v type int using 1'
check 'its report is unchanged' answers "d->'rows'->0->'removed'" '{"k": "", "v": "a", "id": 1}' \
	berth dedupe fix --table changed --key k --null-as-empty k --id "$(of changed)" --json
check 'an invalid value cannot be put back' refuses precondition_failed berth dedupe undo "$(of changed)"
sql "alter table changed alter v type text using case id when 2 then 'b' end"
check '... a valid one can' undoes 1
check '... as it was' equal '1||a 2|-|b' "$(sql "select string_agg(concat_ws('|', id, coalesce(k, '-'), v), ' ' order by id) from changed")"

# --- a rewritten row that has to go as well ----------------------------------------

sqls 'create table late (id int primary key, k text)' 'insert into late values (1, null)' "create table late_before as table late"
stop_at unique
check 'a value is rewritten' exits 5 berth dedupe fix --table late --key k --null-as-empty k
sqls 'alter table late disable trigger user' "insert into late values (2, '')" 'alter table late enable always trigger berth_guard_insert' \
	'alter table late enable always trigger berth_guard_update'
go_on
check '... its row is removed for a later one' fixes '1 1 0 1' late --null-as-empty k
check '... and comes back' undoes 1
check '... with what it had' equal '1|- 2|' "$(sql "select string_agg(id || '|' || coalesce(k, '-'), ' ' order by id) from late")"

# --- nothing of a dropped table is left --------------------------------------------

sqls 'create table gone (id int primary key, k int not null)' 'insert into gone values (1, 1), (2, 1)'
stop_at remove
check 'the run has begun' exits 5 berth dedupe fix --table gone --key k
go_on
id=$(of gone)
sql 'drop table gone'
check '... it is forgotten' exits 0 berth dedupe forget "$id"
check '... with its guard' equal 0 "$(sql "select concat_ws(' ', (select count(*) from pg_proc where proname = 'berth_guard_${id//-/}'), to_regclass('berth_guard.berth_guard_${id//-/}'))")"
# --- a key that has a great many rows ------------------------------------------------

sqls 'create table many (id int primary key, k int not null, v text)' \
	"insert into many select i, case when i <= 7001 then 0 else i / 2 end, case i when 2 then 'b' else 'a' end from generate_series(1, 7011) i" \
	'create table many_before as table many'
check 'a key of many rows, whose one other value goes late' fixes '6 7005 1 0' many --survivor highest
check '... a part at a time' equal t "$(sql "select max(n) <= 2000 and count(*) >= 4
	from (select count(*) as n from berth.dedupe_row where run = '$(of many)' group by xmin) part")"
check '... the right one stays' equal 7001 "$(sql 'select id from many where k = 0')"
check '... comes back' undoes 7005
check '... as it was' equal 0 "$(sql 'select count(*) from (table many except table many_before union all (table many_before except table many)) x')"
check '... nothing is removed where values must not differ' refuses conflict berth dedupe fix --table many --key k --survivor abort
sqls 'create table points (id int primary key, many int references many)' 'insert into points values (1, 3)'
check '... a referenced row is not removed' refuses in_use berth dedupe fix --table many --key k
check 'doctor finds nothing' exits 0 berth doctor
