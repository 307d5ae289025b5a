#!/usr/bin/env bash
# Objects that others once created or changed in the schemas that `berth migrate` fills. Migrate adopts and runs
# none of them: it names the object and its owner, and changes nothing.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/roles.sh
. tests/lib/server.sh
. tests/lib/released.sh

for name in mal owner; do
	psql -Xq -d postgres -c "create role \"${name}_$$\" login" || exit 1
	logins[$name]=${name}_$$
done
mal=${logins[mal]}

mal() {
	PGUSER=$mal sql "$1"
}
number=0
bare_database() {
	number=$((number + 1))
	export PGDATABASE=adopted_$$_$number
	createdb "$@" "$PGDATABASE" && tests_databases+=("$PGDATABASE")
}

# Mal's functions count their runs by others in a sequence, which no rollback undoes.
arm() {
	sql "create schema m authorization \"$mal\"; create sequence if not exists public.stolen; grant usage on sequence public.stolen to public" 2>"$TMPDIR/made" || return 1
	mal "create function m.steal() returns int language plpgsql as \$\$begin
			if current_user <> '$mal' then perform nextval('public.stolen'); end if; return 1; end\$\$;
		create function m.same(t text) returns bool language sql immutable as 'select m.steal() = 1';
		create function m.same(a text, b text) returns bool language sql immutable as 'select m.steal() = 1';
		create function m.fire() returns trigger language plpgsql as 'begin perform m.steal(); return new; end';
		create function m.event() returns event_trigger language plpgsql as 'begin perform m.steal(); end';
		create domain m.line as text check (m.same(value));
		create table m.t (a int, b int);
		grant usage on schema m to public"
}
disarm() {
	sql "drop owned by \"$mal\" cascade" 2>"$TMPDIR/dropped"
}
stolen() {
	sql 'select is_called from public.stolen'
}
shape() {
	sql "select md5(string_agg(x, ',' order by x)) from (
		select oid::regclass || relowner::text || relkind::text || coalesce(relacl::text, '') from pg_class where relnamespace <> 99
		union all select oid::regprocedure || md5(prosrc) from pg_proc
		union all select nspname || nspowner::text || coalesce(nspacl::text, '') from pg_namespace
		union all select tgname || tgrelid::text from pg_trigger) shape (x)"
}

# names NAME OWNER: migrate refuses and names both, in each mode that would create something; nothing runs or
# changes
names() {
	local before mode
	before=$(shape)
	for mode in '' -n -n ''; do
		# shellcheck disable=SC2086
		refuses not_allowed berth migrate $mode || return 1
		equal t "$(fault "d->'error'->>'message' like '%$1%belongs to $2%' and d->'error' ? 'hint'")" || {
			fault 'd'
			return 1
		}
	done
	equal "f $before" "$(stolen) $(shape)"
}

# --- before the first migration ------------------------------------------------------

# WHAT | IN MAL'S NAME, WHILE HE MAY CREATE | WHAT IS NAMED
bare_database
while IFS='|' read -r what statements named; do
	disarm
	arm
	sql "drop schema if exists berth cascade" 2>"$TMPDIR/dropped"
	sql "create schema berth; grant create, usage on schema berth to \"$mal\""
	check "planted: $what" mal "$statements"
	sql "revoke create on schema berth from \"$mal\""
	check '... is not adopted' names "$named" "$mal"
done <<'END'
the table of versions with a trigger|create table berth.schema_version (version int not null primary key, name text not null, applied timestamptz not null default now()); create trigger t before insert on berth.schema_version for each row execute function m.fire()|table berth.schema_version
a table that migrations create|create table berth.pool (id uuid)|table berth.pool
a sequence|create sequence berth.numbers|sequence berth.numbers
a function that calls are led to|create function berth.accept(t text) returns void language sql as 'select m.steal()'|function berth.accept(pg_catalog.text)
a procedure|create procedure berth.tidy() language sql as 'select m.steal()'|procedure berth.tidy()
an aggregate|create aggregate berth.total(int) (sfunc = int4pl, stype = int)|aggregate berth.total(integer)
a type|create type berth.decision as (a int)|type berth.decision
a domain|create domain berth.ending as text check (m.same(value))|type berth.ending
an operator|create operator berth.=== (function = m.same, leftarg = text, rightarg = text)|operator berth.===(pg_catalog.text,pg_catalog.text)
a collation|create collation berth.order (locale = 'C')|collation berth."order"
statistics|create statistics berth.s on a, b from m.t|statistics object berth.s
a dictionary|create text search dictionary berth.d (template = simple)|text search dictionary berth.d
END

# The table of versions is read first, also by --check, and never as someone else's view.
bare_database
arm
sql "create schema berth; grant create, usage on schema berth to \"$mal\""
check 'planted: a view of versions' mal 'create view berth.schema_version as select m.steal() as version; grant select on berth.schema_version to public'
sql "revoke create on schema berth from \"$mal\""
for mode in '' --check -n; do
	# shellcheck disable=SC2086
	check "... is not read by migrate $mode" refuses not_allowed berth migrate $mode
	check '... the error names it' equal t "$(fault "d->'error'->>'message' like '%view berth.schema_version belongs to $mal%'")"
done
check '... no part of it has run' equal f "$(stolen)"
sql 'drop view berth.schema_version'
check 'without it the migration succeeds' exits 0 berth migrate
check '... and owns every object' equal '' "$(sql "select oid::regclass from pg_class where relowner <> 10 and relnamespace = 'berth'::regnamespace")"

# Mal's own number type has a cast of his.
bare_database
arm
sql "create schema berth; grant create, usage on schema berth to \"$mal\""
mal "create type m.number as (a int); create function m.int(m.number) returns int language sql as 'select m.steal()';
	create cast (m.number as int) with function m.int as implicit;
	create table berth.schema_version (version m.number); insert into berth.schema_version values (row(1)); grant select on berth.schema_version to public"
sql "revoke create on schema berth from \"$mal\"; alter table berth.schema_version owner to postgres"
check 'a number of the type by mal is not read by --check' refuses not_allowed berth migrate --check
check '... nor by a migration' refuses not_allowed berth migrate
check '... no part of it has run' equal f "$(stolen)"

bare_database
sql 'create schema berth; create table berth.dish (id int)'
check 'the schema of another program is left alone' refuses precondition_failed berth migrate
check '... the error names the object' equal t "$(fault "d->'error'->>'message' like 'table berth.dish is in the way%'")"
sql 'drop table berth.dish'
check 'an empty schema is filled' exits 0 berth migrate
check '... and is sound' exits 0 berth doctor

# --- before a later migration ---------------------------------------------------------

# behind: as if one migration were missing
behind() {
	sql 'delete from berth.schema_version where version = (select max(version) from berth.schema_version)'
}

plant() {
	mal "$1" && sql "$2"
}
new_database
behind
# WHAT | IN MAL'S NAME | AS A SUPERUSER | WHAT IS NAMED
while IFS='|' read -r what mine theirs named; do
	disarm
	arm
	sql "grant create, usage on schema berth, berth_guard to \"$mal\"; grant trigger on all tables in schema berth to \"$mal\""
	check "planted: $what" plant "$mine" "${theirs//@/\"$mal\"}"
	sql "revoke create on schema berth, berth_guard from \"$mal\"; revoke trigger on all tables in schema berth from \"$mal\""
	sql 'alter sequence public.stolen restart'
	check '... is not run' names "$named" "$mal"
done <<'END'
a trigger on the table of versions|create trigger t before insert on berth.schema_version for each row execute function m.fire()||function m.fire()
a trigger on a table|create trigger t before update on berth.command for each row execute function m.fire()||function m.fire()
a rule|select|create rule r as on insert to berth.schema_version do also select m.steal()|function m.steal()
a policy|select|create policy p on berth.pool using (m.steal() = 1)|function m.steal()
a default|select|alter table berth.lease alter holder set default m.steal()::text|function m.steal()
a constraint|select|alter table berth.organization add constraint c check (m.same(name)) not valid|function m.same(pg_catalog.text)
an index|select|create index on berth.pool (m.same(name))|function m.same(pg_catalog.text)
a domain for a column|select|alter table berth.pool add note m.line|type m.line
a view beside ours|select|create view berth.more as select a from m.t|table m.t
a child of a table|select|create table m.kid () inherits (berth.label); alter table m.kid owner to @|table m.kid
a part of a table|select|create table m.kid partition of berth.event for values from (5000000000) to (6000000000); alter table m.kid owner to @|table m.kid
an event trigger|select|create event trigger adopted on ddl_command_start execute function m.event()|function m.event()
a function beside ours|create function berth.accept(t text, u text) returns void language sql as 'select m.steal()'||function berth.accept(pg_catalog.text,pg_catalog.text)
a table among the guards|create table berth_guard.turns (a int)||table berth_guard.turns
END

new_database
behind
sql "grant create on schema berth_guard to \"$mal\""
check 'a role that can create among the guards is refused' refuses not_allowed berth migrate
check '... the error names it' equal "schema berth_guard can be changed by $mal" "$(fault "d->'error'->>'message'")"

# Up to version 10 admins could create objects among the guards. The upgrade drops leftovers of any owner.
bare_database
arm
check 'version 5' released_restore
sql "grant create, usage on schema berth_guard to \"$mal\""
mal "create table berth_guard.left_over (a int); create function berth_guard.guard() returns trigger language plpgsql as 'begin perform m.steal(); return new; end';
	create trigger t before insert on berth_guard.left_over for each row execute function m.fire()"
check '... with leftovers of others among its guards is upgraded' exits 0 berth migrate
check '... without them' equal '0 0' "$(sql "select count(*) from pg_class where relnamespace = 'berth_guard'::regnamespace union all
	select count(*) from pg_proc where pronamespace = 'berth_guard'::regnamespace" | xargs)"
check '... and without running them' equal f "$(stolen)"
check '... and is sound' exits 0 berth doctor

# --- planted between the check and the end --------------------------------------------------

# session NAME: a session of mal's that continues while others work; say NAME TEXT sends a text and waits for
# its answer
declare -A sessions=()
session() {
	mkfifo "$TMPDIR/$1.in"
	PGUSER=$mal psql -XqAt -v ON_ERROR_STOP=1 <>"$TMPDIR/$1.in" >"$TMPDIR/$1.out" 2>&1 &
	sessions[$1]=$!
}
says() {
	grep -qx "said $2" "$TMPDIR/$1.out"
}
say() {
	saying=$((${saying-0} + 1))
	printf '%s;\n\\echo said %s\n' "$2" "$saying" >"$TMPDIR/$1.in"
	wait_for says "$1" "$saying"
}
waits() {
	[ "$(sql "select count(*) from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = '$PGDATABASE')")" = 1 ]
}
bare_database
arm
sql "create schema berth; grant create, usage on schema berth to \"$mal\""
session early && session late
check 'one session plants, and does not commit yet' say early 'begin; create table berth.notes (id uuid)'
check '... another one stops the migration in its midst' say late 'begin; create table berth.project (id uuid)'
sql "revoke create on schema berth from \"$mal\""
"$BERTH" migrate --json >"$TMPDIR/midst.out" 2>"$TMPDIR/midst.err" &
migration=$!
check '... where it waits' wait_for waits
check 'the one commits' say early commit
check '... the other one rolls back' say late rollback
ended() {
	wait "$migration"
	equal 7 $?
}
check 'the migration refuses in the end' ended
check '... and names the table created since its start' grep -q "table berth.notes belongs to $mal" "$TMPDIR/midst.err"
check '... and leaves that alone' equal "1 f" "$(sql "select count(*) from pg_class where relnamespace = 'berth'::regnamespace") $(stolen)"
kill "${sessions[@]}"
wait "${sessions[@]}" 2>/dev/null

# --- users who do nothing wrong --------------------------------------------------------------

owner=${logins[owner]}
bare_database -O "$owner"
check 'an ordinary owner migrates' exits 0 as owner "$BERTH" migrate
check '... and owns every object' equal '' "$(sql "select oid::regclass from pg_class where relowner <> '\"$owner\"'::regrole and relnamespace = 'berth'::regnamespace")"
check '... again' exits 0 as owner "$BERTH" migrate
bare_database
sql "create schema berth authorization \"$owner\"; create schema berth_guard authorization \"$owner\"; grant create on database \"$PGDATABASE\" to \"$owner\""
check 'an ordinary role migrates into schemas that were made for it' exits 0 as owner "$BERTH" migrate
bare_database -O "$owner"
check 'version 5 of an ordinary owner' released_restore "$owner"
check '... is upgraded by its owner' exits 0 as owner "$BERTH" migrate
check '... and is sound' exits 0 as owner "$BERTH" doctor
behind
check '... but not by a superuser' refuses not_allowed berth migrate
check '... the error names the owner' equal "schema berth can be changed by $owner" "$(fault "d->'error'->>'message'")"
