#!/usr/bin/env bash
# Dedupe loses no differing row, and refuses at the start a run that it could not finish or undo; a failed run
# leaves no guard on the table.
. tests/lib.sh
. tests/lib/answers.sh

new_database

sqls() {
	local IFS=';'
	sql "$*"
}
# Returns whether the rows of the one key differ, and which one a fix would keep.
finds() {
	local expected=$1
	shift
	run berth dedupe check --key k --json "$@"
	[ "$status" -eq 1 ] && equal "$expected" "$(json "concat_ws(' ', d->0->>'rows', d->0->>'conflicting', d->0->>'survivor')")" || tests_show "1 and $expected"
}
# The table has nothing of a run, and no run has begun.
untouched() {
	equal "$2" "$(sql "select count(*) from berth.dedupe_run where name = 'public.$1'")" &&
		equal '' "$(sql "select tgname from pg_trigger where tgrelid = '$1'::regclass and tgname like 'berth_guard%'
			union all select relname from pg_class where relnamespace = 'berth_guard'::regnamespace
			union all select proname from pg_proc where proname like 'berth_guard%'")"
}

# --- differing rows ----------------------------------------------------------------

sqls "create table soft (id int primary key, k int not null, value text, deleted_at timestamptz)" "insert into soft values (1, 1, 'x', now()), (2, 1, 'x', null)"
check 'a softly deleted row differs' finds '2 true 2' --table soft
check '... and is not removed silently' refuses conflict berth dedupe fix --table soft --key k --survivor abort
sqls "create table notes (id int primary key, k int, note text)" "insert into notes values (1, 1, 'this'), (2, 1, 'that')"
check 'any column counts' finds '2 true 2' --table notes
sqls "create table news (id int primary key, k int, note text, updated_at timestamptz)" \
	"insert into news values (1, 1, 'this', '2026-01-02'), (2, 1, 'this', '2026-01-01')"
check 'the used order column does not count' finds '2 false 1' --table news
check '... an unused one does' finds '2 true 2' --table news --order id
sqls "create table guids (id int primary key, k int, guid uuid unique default gen_random_uuid())" "insert into guids (id, k) values (1, 1), (2, 1)"
check 'a unique column does not count' finds '2 false 2' --table guids
sqls "create table halves (id int primary key, k int, value text, until date)" "insert into halves values (1, 1, 'x', '2026-01-01'), (2, 1, 'x', '2027-01-01')"
check 'two dates do not count beside a value' finds '2 false 2' --table halves

# --- the order -----------------------------------------------------------------------

sqls "create table texts (id int primary key, k int, updated_at text)" "insert into texts values (1, 1, 'b'), (2, 1, 'a')"
check 'a text is not a time' finds '2 true 2' --table texts
check '... also on request' refuses invalid_input berth dedupe check --table texts --key k --order updated_at
check '... the error names its type' grep -q text "$TMPDIR/stderr"
sqls "create table flags (id int primary key, k int, seen bool, spent interval)" "insert into flags values (1, 1, true, '1 h'), (2, 1, false, '2 h')"
check 'a boolean is not a time' refuses invalid_input berth dedupe check --table flags --key k --order seen
sqls "create table counted (id int primary key, k int, version numeric)" "insert into counted values (1, 1, 2.5), (2, 1, 1.5)"
check 'a number is an order' finds '2 false 1' --table counted --order version

# --- runs that could not be finished ---------------------------------------------------

# refuses_to NAME TEXT [OPTION...]: a fix of that table's k is refused with this text, and no run has begun.
refuses_to() {
	local table=$1 text=$2
	shift 2
	check "$table" refuses precondition_failed berth dedupe fix --table "$table" --key k "$@"
	check '... with the reason' grep -q "$text" "$TMPDIR/stderr"
	check '... also in a dry run' refuses precondition_failed berth dedupe fix --table "$table" --key k -n "$@"
	check '... untouched' untouched "$table" 0
}
two="(id int primary key, k int not null, t text); insert into"
sqls "create function refuse() returns trigger language plpgsql as 'begin raise exception ''never''; end'"  \
	"create function keep() returns trigger language plpgsql as 'begin return null; end'" \
	"create function shout() returns trigger language plpgsql as 'begin new.t = upper(new.t); return new; end'" \
	"create function unset() returns trigger language plpgsql as 'begin new.k = nullif(new.k, ''''); return new; end'"
# The functions have blanks and quotes of their own: one call each.
for table in kept barred shouted ruled published bare nothing mother deferred; do
	sql "create table $table $two $table values (1, 1, 'a'), (2, 1, 'a'), (3, 2, 'b')"
done
sql "create trigger t before delete on kept for each row execute function keep()"
refuses_to kept 'keeps rows from being deleted'
sql "create trigger t after delete on barred for each row execute function refuse()"
refuses_to barred 'never'
sql "create trigger t before insert on shouted for each row execute function shout()"
refuses_to shouted 'changes rows'
sql "create constraint trigger t after delete on deferred deferrable initially deferred for each row execute function refuse()"
refuses_to deferred 'never'
sql "create rule r as on delete to ruled do instead nothing"
refuses_to ruled rules
sql "alter table published replica identity nothing; create publication only_one for table published"
refuses_to published 'replica identity'
check '... the hint tells the remedy' grep -q 'REPLICA IDENTITY FULL' "$TMPDIR/stderr"
sql "alter table bare drop constraint bare_pkey; alter table bare add unique (id); create publication all_of_it for all tables"
refuses_to bare 'replica identity' --row-id id
sql "drop publication all_of_it; drop publication only_one"
check 'an unpublished table needs no identity' answers "d->>'removed'" 1 berth dedupe fix --table published --key k --json
check '... and is undone' answers "d->>'restored'" 1 berth dedupe undo "$(json "d->>'run'")" --json
sql "create table daughter () inherits (mother); insert into daughter values (9, 2, 'c')"
refuses_to mother 'inherits'
sql "update only daughter set k = 7"
check 'other keys of a child are its own' answers "d->>'removed'" 1 berth dedupe fix --table mother --key k --json
check '... and stay' equal 1 "$(sql 'select count(*) from only daughter')"
sql "create table emptied (id int primary key, k text); insert into emptied values (1, null), (2, 'a');
	create trigger t before update on emptied for each row execute function unset()"
refuses_to emptied 'makes NULL of what is empty' --null-as-empty k
sql "create table checked (id int primary key, k text check (k <> '')); insert into checked values (1, null), (2, null)"
refuses_to checked check --null-as-empty k

# --- a half-built index ------------------------------------------------------------------

# half NAME COLUMNS: an index of that name whose build has failed.
half() {
	sql "create unique index concurrently $1 on built ($2)" 2>/dev/null
	equal f "$(sql "select indisvalid from pg_index where indexrelid = '$1'::regclass")"
}
sql "create table built $two built values (1, 1, 'a'), (2, 1, 'a'), (3, 2, 'b')"
check 'an index is left half built' half built_k_berth k
check '... and built again' answers "concat_ws(' ', d->>'removed', d->>'constraint')" '1 built_k_berth' berth dedupe fix --table built --key k --json
check '... valid' equal t "$(sql "select indisvalid from pg_index where indexrelid = 'built_k_berth'::regclass")"
check '... undone' exits 0 berth dedupe undo "$(json "d->>'run'")"
check 'an index on another key' half built_k_berth k,t
check '... is in the way' refuses already_exists berth dedupe fix --table built --key k

# --- a run that fails ----------------------------------------------------------------------

# The obstacle to a phase appears only when the run has come to it, so no earlier check can find it.
for phase in find remove unique attach; do
	sql "create table failing_$phase $two failing_$phase values (1, 1, 'a'), (2, 1, 'a'), (3, 2, 'b')"
	sql "create function stop_$phase() returns trigger language plpgsql as 'begin raise exception ''stopped''; end';
		create trigger stop before update on berth.dedupe_run for each row when (old.phase = '$phase' and new.phase in ('remove', 'rewrite', 'unique', 'attach', 'clean') and new.phase <> '$phase')
		execute function stop_$phase()"
	check "it fails in phase $phase" refuses precondition_failed berth dedupe fix --table "failing_$phase" --key k
	check '... and leaves no guard' untouched "failing_$phase" 1
	# The index of the constraint exists by then, and refuses duplicates.
	case $phase in find | remove) more=2 gone=2 ;; *) more=7 gone=1 ;; esac
	check '... so that others can write' sql "insert into failing_$phase values (4, $more, 'c')"
	sql "drop trigger stop on berth.dedupe_run"
	check '... the same request continues it' answers "d->>'removed'" "$gone" berth dedupe fix --table "failing_$phase" --key k --json
	check '... and is undone' answers "d->>'restored'" "$gone" berth dedupe undo "$(json "d->>'run'")" --json
	check '... whole' equal 4 "$(sql "select count(*) from failing_$phase")"
done

# --- undoing is done in chunks, before the constraint goes ---------------------------------

sql "create table many (id int primary key, k int not null); insert into many select i, i % 1000 from generate_series(1, 3000) i"
check 'many' answers "d->>'removed'" 2000 berth dedupe fix --table many --key k --json
many=$(json "d->>'run'")
sql "create function far() returns trigger language plpgsql as 'begin raise exception ''stopped''; end';
	create trigger stop before update on berth.dedupe_run for each row when (new.restored > 500) execute function far()"
check 'the undo stops in the middle' refuses precondition_failed berth dedupe undo "$many"
sql "drop trigger stop on berth.dedupe_run"
check '... with some back or none' equal t "$(sql "select count(*) between 1000 and 1500 from many")"
check '... it can be fixed again' answers "d->>'constraint'" many_k_berth berth dedupe fix --table many --key k --json
check '... wholly' equal '1000 1000' "$(sql 'select count(*) || '"' '"' || count(distinct k) from many')"
check '... or undone' exits 0 berth dedupe undo "$many"
check '... wholly' equal '3000 4501' "$(sql 'select count(*) || '"' '"' || sum(id) / 1000 from many where true')"
check 'doctor finds nothing' exits 0 berth doctor
