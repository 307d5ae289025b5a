#!/usr/bin/env bash
# A fix or an undo, killed at any point: the same request continues it, and nothing is lost or left over. Also
# the sessions that it waits for, and those that wait for it.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/server.sh

new_database
constraint=things_a_b_berth

things() {
	sql "drop table if exists things; create table things (id int primary key, a int not null, b text, v text);
		insert into things select i, i / 3, case i % 3 when 0 then 'x' when 1 then '' end, 'v' || i from generate_series(1, 300) i;
		insert into things select 1000 + i, i, 'x', 'v' from generate_series(1, 50) i"
}
# The same for the request in $key, which may take NULL as empty, or need a server that takes it as equal.
new_things() {
	things
	missing=null
	[[ ${key[*]} == *null-as-empty* ]] || { unset_key things b && missing=$unset; }
}
rows() {
	sql "select md5(string_agg(t::text, chr(10) order by t::text)) from things t"
}

# A session that holds locks, controlled by its standard input: hold SQL..., let_go.
hold() {
	coproc holder { psql -Xq -v ON_ERROR_STOP=1; } 2>/dev/null
	holder_in=${holder[1]}
	holder_process=$holder_PID
	printf '%s;\n' "$@" >&"$holder_in"
}
# Ends the session with a command, not by closing its input, which later sessions have open too.
end_session() {
	printf '\\q\n' >&"$1"
	wait "$2"
}
let_go() {
	end_session "$holder_in" "$holder_process"
}
# From now on a step of that phase first waits for the lock that hold_phase has.
sql "create function public.wait() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock_shared(1); return new; end'"
hold_phase() {
	sql "create or replace trigger wait before update on berth.dedupe_run for each row when (old.phase = '$1') execute function public.wait()"
	hold 'select pg_advisory_lock(1)'
	wait_for asks "exists (select from pg_locks where locktype = 'advisory' and granted and mode = 'ExclusiveLock' and objid = 1)"
}
asks() {
	[ "$(sql "select $1")" = t ]
}

# Runs the program in the background. If the answer is yes its process is killed, and its step is not done when
# the lock is released.
begin() {
	"$BERTH" "$@" --json >"$TMPDIR/out" 2>"$TMPDIR/err" &
	berth_process=$!
}
killed_when() {
	wait_for asks "$1" || return 1
	kill -KILL "$berth_process"
	wait "$berth_process" 2>/dev/null
	[ $? -eq 137 ] || return 1
	wait_for asks "not exists (select from pg_locks where locktype = 'advisory' and not granted)"
}
waits_in() {
	echo "exists (select from berth.dedupe_run where phase = '$1') and exists (select from pg_locks where locktype = 'advisory' and not granted)"
}
ends() {
	wait "$berth_process"
	equal "$1" "$?"
}

# The table and the archive together have the original rows.
is_whole() {
	equal "$whole t" "$(sql "select concat_ws(' ', (select count(*) from things) + (select count(*) from berth.dedupe_row where fields is not null),
		not exists (select from (select id from things union all select row_id::int from berth.dedupe_row where fields is not null) x group by id having count(*) > 1))")"
}
nothing_is_left() {
	equal '' "$(sql "select relname::text from pg_class where relname like 'berth_guard%' or relnamespace = 'berth_guard'::regnamespace
		union all select tgname from pg_trigger where tgrelid = 'things'::regclass union all select proname from pg_proc where pronamespace = 'berth_guard'::regnamespace
		union all select hash::text from berth.dedupe_todo")"
}
is_fixed() {
	is_whole && nothing_is_left && equal "true $nulls" "$(sql "select concat_ws(' ', i.indisvalid::text, (select count(*) from things where b is not distinct from $missing))
		from pg_constraint c join pg_index i on i.indexrelid = c.conindid where conname = '$constraint'")"
}
is_undone() {
	nothing_is_left && equal "$original" "$(rows)" && equal 0 "$(sql "select count(*) from pg_constraint where conname = '$constraint'")"
}

is_over() {
	check '... continued' answers "$report" "$expected" berth dedupe fix "${key[@]}" --json
	check '... fixed' is_fixed
	check '... in one run' equal 1 "$(sql 'select count(*) from berth.dedupe_run')"
}
forget() {
	sql 'delete from berth.dedupe_row; delete from berth.dedupe_run'
}

report="concat_ws(' ', d->>'groups', d->>'removed', d->>'conflicting', d->>'rewritten', jsonb_array_length(d->'rows'))"

# --- before each step --------------------------------------------------------------

# The guard uses no index of the table, or one.
while IFS='|' read -r phases options nulls expected; do
	read -ra words <<<"$options"
	key=(--table things --key a,b "${words[@]}")
	whole=350
	new_things
	original=$(rows)
	check "undisturbed $options" answers "$report" "$expected" berth dedupe fix "${key[@]}" --json
	check '... fixed' is_fixed
	check '... undone' exits 0 berth dedupe undo "$(json "d->>'run'")"
	check '... undone' is_undone
	forget
	for phase in $phases; do
		hold_phase "$phase"
		begin dedupe fix "${key[@]}"
		check "killed in phase $phase" killed_when "$(waits_in "$phase")"
		check '... nothing is lost' is_whole
		let_go
		is_over
		id=$(json "d->>'run'")
		for phase in detach unindex restore; do
			hold_phase $phase
			begin dedupe undo "$id"
			check "undoing killed in phase $phase" killed_when "$(waits_in $phase)"
			let_go
		done
		check '... undone' answers "d->>'restored'" "$(cut -d ' ' -f 2 <<<"$expected")" berth dedupe undo "$id" --json
		check '... undone' is_undone
		forget
	done
done <<'END'
guard find remove rewrite unique attach clean||100|50 50 50 0 50
index guard find remove rewrite unique attach clean|--null-as-empty b|0|150 150 150 100 150
END

# --- a duplicate of an older row, which the guard without an index does not see -------

plain=(--table things --key a,b)
with_index=("${key[@]}")
key=("${plain[@]}")
nulls=100 whole=351 expected='51 51 51 0 51'
new_things
original=$(sql "insert into things values (5000, 1, 'x', 'w')" && rows && sql 'delete from things where id = 5000')
for phase in drop index guard find remove; do
	hold_phase unique
	begin dedupe fix "${key[@]}"
	check 'up to the constraint' killed_when "$(waits_in unique)"
	let_go
	sql "insert into things values (5000, 1, 'x', 'w')"
	hold_phase $phase
	begin dedupe fix "${key[@]}"
	check "killed in phase $phase, after the constraint's index has failed" killed_when "$(waits_in $phase)"
	check '... nothing is lost' is_whole
	let_go
	is_over
	check '... undone' answers "d->>'restored'" 51 berth dedupe undo "$(json "d->>'run'")" --json
	check '... undone' is_undone
	forget
	sql 'delete from things where id = 5000'
done
key=("${with_index[@]}")
new_things
original=$(rows) nulls=0 whole=350 expected='150 150 150 100 150'

# --- while an index is built -------------------------------------------------------

for phase in index unique; do
	if [ $phase = unique ]; then
		hold_phase unique
		begin dedupe fix "${key[@]}"
		check 'up to the constraint' killed_when "$(waits_in unique)"
		let_go
	fi
	sql 'drop trigger wait on berth.dedupe_run'
	hold begin 'lock table things in row exclusive mode'
	wait_for asks "exists (select from pg_locks where relation = 'things'::regclass and mode = 'RowExclusiveLock')"
	holder_pid=$(sql "select pid from pg_locks where relation = 'things'::regclass and mode = 'RowExclusiveLock'")
	begin dedupe fix "${key[@]}"
	check "an index is waiting in phase $phase" wait_for asks "exists (select from pg_index where indrelid = 'things'::regclass and not indisvalid)"
	check '... the message names the blocker' wait_for grep -q "process $holder_pid" "$TMPDIR/err"
	check '... another process cannot begin' refuses conflict berth dedupe fix "${key[@]}"
	check '... or undo it' refuses conflict berth dedupe undo "$(sql 'select id from berth.dedupe_run')"
	check '... killed' killed_when true
	check '... it is not valid' asks "exists (select from pg_index where indrelid = 'things'::regclass and not indisvalid)"
	check 'another request is refused' refuses conflict berth dedupe fix --table things --key a --constraint other
	check 'it waits until its timeout' refuses timeout berth dedupe fix "${key[@]}" --timeout 1s
	check '... with the phase and a hint' equal 't t' "$(fault "concat_ws(' ', d->'error'->>'message' ~ '--timeout 1s, in phase', d->'error'->>'hint' ~ 'to continue run')")"
	let_go
	check '... continued' answers "$report" "$expected" berth dedupe fix "${key[@]}" --json
	check '... fixed' is_fixed
	check '... undone' exits 0 berth dedupe undo "$(json "d->>'run'")"
	check '... undone' is_undone
	forget
done

# --- an unfinished run is undone ---------------------------------------------------

for phase in guard remove unique attach clean; do
	hold_phase $phase
	begin dedupe fix "${key[@]}"
	check "killed in phase $phase" killed_when "$(waits_in $phase)"
	let_go
	check '... a run that is unfinished' answers "concat_ws(' ', d->0->>'state', jsonb_array_length(d))" 'running 1' berth dedupe runs --json
	check '... is undone' exits 0 berth dedupe undo "$(json "d->0->>'run'")"
	check '... wholly' is_undone
	forget
done

# --- the guard ---------------------------------------------------------------------

hold_phase remove
begin dedupe fix "${key[@]}"
check 'the guard exists' wait_for asks "$(waits_in remove)"
sql "create role \"inserter_$$\" login; grant insert on things to \"inserter_$$\"; grant usage on schema public to \"inserter_$$\""
refused() {
	complains 1 "$constraint" psql -Xq -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -c "$1" && [[ $stderr == *23505* && $stderr == *'already exists'* ]]
}
check 'a duplicate is refused' refused "insert into things values (2000, 1, 'x')"
check '... also of an existing duplicate' refused "insert into things values (2000, 1, null)"
check '... also two in one statement' refused "insert into things values (2000, 5000, null), (2001, 5000, '')"
check '... also by an update' refused "update things set a = 2 where id = 1"
check '... also by replication' refused "set session_replication_role = replica; insert into things values (2000, 1, 'x')"
check '... also from a role that can only insert' env PGUSER="inserter_$$" bash -c "psql -Xq -c \"insert into things values (2000, 1, 'x')\" 2>&1 | grep -q $constraint"
check 'a new key is accepted' sql "insert into things values (2000, 5000, null)"
check '... also from a role that can only insert' env PGUSER="inserter_$$" psql -Xq -v ON_ERROR_STOP=1 -c "insert into things values (2001, 5001, 'x')"
check 'other columns can be changed' sql "update things set v = 'w' where id = 1"
check 'an unchanged key can be written' sql "update things set a = a, b = coalesce(b, '') where id = 1"
check 'a deleted key can be inserted again' sql "begin; delete from things where a = 5000; insert into things values (2002, 5000, ''); commit"
coproc first { psql -Xq; }
first_process=$first_PID first_in=${first[1]}
printf '%s\n' "begin isolation level repeatable read; select 1; insert into things values (3000, 6000, 'x');" >&"$first_in"
wait_for asks "exists (select from pg_stat_activity where state = 'idle in transaction' and query like '%6000%')"
for level in 'read committed' 'repeatable read' 'serializable'; do
	psql -Xq -v VERBOSITY=verbose -c "begin isolation level $level; insert into things values (3001, 6000, 'x')" >"$TMPDIR/second" 2>&1 &
	seconds+=($!)
done
check 'a writer of a key in progress waits' wait_for asks "3 = (select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%3001, 6000%')"
printf 'commit;\n' >&"$first_in"
end_session "$first_in" "$first_process"
wait "${seconds[@]}"
check '... and is refused' equal "6000 1" "$(sql "select concat_ws(' ', a, count(*)) from things where a = 6000 group by a")"
let_go
check 'the run ends well' ends 0
check '... rows written meanwhile exist' equal '2001 2002 3000' "$(sql "select string_agg(id::text, ' ' order by id) from things where id >= 2000")"
sql "drop owned by \"inserter_$$\"; drop role \"inserter_$$\""

# --- no one waits long -------------------------------------------------------------

things
sql 'drop trigger wait on berth.dedupe_run; delete from berth.dedupe_row; delete from berth.dedupe_run'
hold_phase guard
begin dedupe fix "${key[@]}"
check 'before the guard' wait_for asks "$(waits_in guard)"
coproc writer { psql -Xq; }
writer_process=$writer_PID writer_in=${writer[1]}
printf '%s\n' "begin; update things set v = 'z' where id in (1, 2);" >&"$writer_in"
wait_for asks "exists (select from pg_stat_activity where state = 'idle in transaction' and query like '%z%')"
let_go
check 'the blocking writer is named' wait_for grep -q "process $(sql "select pid from pg_stat_activity where state = 'idle in transaction'")" "$TMPDIR/err"
check 'others can write' sql "set statement_timeout = '1s'; insert into things values (4000, 7000, 'x')"
sql 'create or replace trigger wait before update on berth.dedupe_run for each row when (false) execute function public.wait()'
printf '%s\n' 'commit; begin; select * from things where id = 1 for update;' >&"$writer_in"
check 'a row that is locked is left for later' wait_for asks "exists (select from berth.dedupe_run where phase = 'remove') and 1 = (select count(*) from berth.dedupe_todo)"
end_session "$writer_in" "$writer_process"
check 'the run ends' ends 0
check '... fixed' nothing_is_left
