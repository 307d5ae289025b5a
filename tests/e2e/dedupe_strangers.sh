#!/usr/bin/env bash
# Dedupe among users who do not trust each other: `mal` writes code and waits for someone else to run it, `vic`
# is another owner, and the superuser reads the tables of both. Covers objects attached during a wait, casts,
# domains, triggers and runs of others.
. tests/lib.sh
. tests/lib/answers.sh

new_database
mal="mal_$$" vic="vic_$$" viewer="viewer_$$"
sql "create role \"$mal\" login in role berth_admin, berth_worker; create role \"$vic\" login in role berth_admin; create role \"$viewer\" login in role berth_viewer;
	create schema m authorization \"$mal\"; create schema v authorization \"$vic\"; grant usage on schema m, v to public" || exit 1
drop_roles() {
	psql -Xq -c "drop owned by \"$mal\", \"$vic\", \"$viewer\" cascade" >/dev/null 2>&1
	dropdb --if-exists --force "$PGDATABASE"
	psql -Xq -d postgres -c "drop role \"$mal\", \"$vic\", \"$viewer\""
}
trap 'drop_roles; tests_end' EXIT
as() {
	PGUSER=$1 psql -XqAt -v ON_ERROR_STOP=1 -c "$2"
}
berth_as() {
	local user=$1
	shift
	PGUSER=$user "$BERTH" "$@"
}

# Code that runs as someone else reports it, and leaves a file if it has the right.
as "$mal" "create function m.deed() returns void language plpgsql as \$\$ begin
		if (select rolsuper from pg_roles where rolname = current_user) then
			execute format('copy (select) to program %L', 'touch $TMPDIR/deed');
		end if;
		if current_user <> '$mal' then raise exception 'evil as %', current_user; end if;
	end \$\$;
	create function m.evil(x text) returns text immutable language plpgsql as \$\$ begin perform m.deed(); return x; end \$\$;
	create function m.fires() returns trigger language plpgsql as \$\$ begin perform m.deed(); return coalesce(new, old); end \$\$;
	create function m.is_good(x text) returns bool language plpgsql as \$\$ begin perform m.deed(); return true; end \$\$;
	create type m.e as enum ('a', 'b', 'c');
	create function m.worded(m.e) returns text language plpgsql immutable as \$\$ begin perform m.deed(); return 'a'; end \$\$;
	create function m.meant(text) returns m.e language plpgsql immutable as \$\$ begin perform m.deed(); return 'a'; end \$\$;
	create cast (m.e as text) with function m.worded(m.e) as assignment; create cast (text as m.e) with function m.meant(text) as assignment;
	create type m.f as enum ('a', 'b'); create function m.worded(m.f) returns text language plpgsql immutable as \$\$ begin perform m.deed(); return 'a'; end \$\$;
	create cast (m.f as text) with function m.worded(m.f) as implicit;
	create function m.even(m.e, m.e) returns bool language plpgsql immutable as \$\$ begin perform m.deed(); return true; end \$\$;
	create operator m.= (function = m.even, leftarg = m.e, rightarg = m.e)"
innocent() {
	local fine=0
	"$@" || fine=1
	! grep -q 'evil as' "$TMPDIR/stderr" && [ ! -e "$TMPDIR/deed" ] || tests_show 'no evil' || fine=1
	rm -f "$TMPDIR/deed"
	return "$fine"
}
names() {
	local code=$1 text=$2
	shift 2
	innocent refuses "$code" "$@" && grep -q -e "$text" "$TMPDIR/stderr" || tests_show "$text"
}
table_of() { # SCHEMA.NAME [COLUMNS], by the schema's owner
	local owner=$mal
	[ "${1%%.*}" = m ] || owner=$vic
	as "$owner" "create table $1 (id int primary key, k int not null, v text ${2-}); insert into $1 (id, k, v) values (1, 1, 'x'), (2, 1, 'y')"
}

# --- objects attached during a wait --------------------------------------------------

is_waiting() {
	[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")" -ge 1 ]
}
holds() {
	[ "$(sql "select count(*) from pg_locks where relation = '$1'::regclass and mode = 'AccessExclusiveLock' and granted")" -ge 1 ]
}
# race INDEX STATEMENT CMD...: mal holds the index, CMD waits for it, and mal's statement takes effect before it
# continues
race() {
	local index=$1 statement=$2 code=0
	shift 2
	mkfifo "$TMPDIR/fifo"
	PGUSER=$mal psql -Xq -v ON_ERROR_STOP=1 <"$TMPDIR/fifo" &
	local holder=$!
	exec 7>"$TMPDIR/fifo"
	echo "begin; reindex index $index;" >&7
	wait_for holds "$index" || return 1
	"$@" >"$TMPDIR/raced.out" 2>"$TMPDIR/raced.err" 7>&- &
	local racer=$!
	wait_for is_waiting || return 1
	echo "$statement; commit;" >&7
	exec 7>&-
	wait "$holder"
	wait "$racer" || code=$?
	rm "$TMPDIR/fifo"
	cat "$TMPDIR/raced.out"
	cat "$TMPDIR/raced.err" >&2
	return "$code"
}
table_of m.t1
as "$mal" 'create index i1 on m.t1 (k)'
check 'statistics that come while a superuser waits' names not_allowed 'statistics s1' \
	race m.i1 "create statistics m.s1 on k, (m.evil('x') || v) from m.t1" berth --read-only dedupe check --table m.t1 --key k
table_of m.t2
as "$mal" 'create index i2 on m.t2 (k)'
check 'an index that is added meanwhile' names not_allowed 'index m.evil2' \
	race m.i2 "create index evil2 on m.t2 ((m.evil('x') || v))" berth dedupe check --table m.t2 --key k
table_of m.t3
as "$mal" "create index i3 on m.t3 (k); grant select on m.t3 to \"$viewer\""
check 'statistics on the table of a reader' names not_allowed 'statistics s3' \
	race m.i3 "create statistics m.s3 on k, (m.evil('x') || v) from m.t3" berth_as "$viewer" dedupe check --table m.t3 --key k
as "$mal" 'drop statistics m.s3'
check '... who can check a plain table of another role' innocent exits 1 berth_as "$viewer" dedupe check --table m.t3 --key k
check '... read-only' innocent exits 1 berth_as "$viewer" --read-only dedupe check --table m.t3 --key k
as "$mal" 'create table m.parent (id int primary key, k int not null, v text); create table m.heir (primary key (id)) inherits (m.parent);
	create index i4 on m.heir (k); insert into m.parent values (1, 1), (2, 1); insert into m.heir values (3, 3)'
check 'a table that inherits' names not_allowed 'statistics s4' \
	race m.i4 "create statistics m.s4 on k, (m.evil('x') || v) from m.heir" berth dedupe fix --table m.parent --key k -n
table_of m.t5
as "$mal" 'create table m.refers (id int references m.t5, v text, k int); create index i5 on m.refers (k)'
check 'a table that references' names not_allowed 'statistics s5' \
	race m.i5 "create statistics m.s5 on k, (m.evil('x') || v) from m.refers" berth dedupe fix --table m.t5 --key k -n
as "$mal" 'drop statistics m.s4, m.s5'
check '... and both without it' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.parent --key k -n --json
check '... are accepted' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.t5 --key k -n --json

# --- the rows of one group -----------------------------------------------------------

# group_of TABLE: the rows of the group whose k is 1
group_of() {
	local ask
	ask=$(printf '{"schema": "%s", "table": "%s", "key": ["k"], "values": [], "null_as_empty": [], "fold": [], "row_id": [], "trim": {}}' "${1%%.*}" "${1##*.}")
	psql -XqAt -v ON_ERROR_STOP=1 -c "select \"column\", differs, \"values\" from berth.dedupe_group(berth.dedupe_table('$ask'), '$ask', '{\"k\": 1}')"
}
group_as() {
	PGUSER=$1 group_of "$2"
}
table_of m.t6
as "$mal" "create index i6 on m.t6 (k); grant select on m.t6 to \"$viewer\""
check 'statistics that come while a group is read' innocent complains 1 'statistics s6' \
	race m.i6 "create statistics m.s6 on k, (m.evil('x') || v) from m.t6" group_of m.t6
as "$mal" 'drop statistics m.s6'
check '... also by a reader' innocent complains 1 'statistics s6' \
	race m.i6 "create statistics m.s6 on k, (m.evil('x') || v) from m.t6" group_as "$viewer" m.t6
as "$mal" 'drop statistics m.s6'
check '... who reads a plain table of another role' innocent prints 'v|t|["y", "x"]' group_as "$viewer" m.t6
as "$mal" "create index evil6 on m.t6 ((m.evil(v)))"
check 'an index by the function of another' innocent complains 1 'index m.evil6' group_of m.t6
as "$mal" "create table m.shown (id m.e primary key, k int not null, v m.f); insert into m.shown values ('a', 1, 'a'), ('b', 1, 'b')"
check 'types with casts are written without them' innocent prints 'v|t|["b", "a"]' group_of m.shown
as "$mal" "create table m.veiled (id int, k int, v text); create policy evil on m.veiled using (m.is_good(v)); alter table m.veiled enable row level security; grant select on m.veiled to \"$viewer\""
check 'a policy is not run' innocent complains 1 'policy evil' group_as "$viewer" m.veiled
table_of m.secret
check 'a table that may not be read' innocent complains 1 'may not be read by you' group_as "$viewer" m.secret
sql "create table public.some (id int primary key, k int not null, v text); insert into public.some select i, 1, 'v' || i from generate_series(1, 4) i;
	create policy few on public.some using (id < 3); alter table public.some enable row level security; grant select on public.some to \"$viewer\""
check 'row security hides rows' innocent prints 'v|t|["v2", "v1"]' group_as "$viewer" public.some

# --- casts ---------------------------------------------------------------------------

as "$vic" "create table v.pointed (id int primary key, k int not null, v text); insert into v.pointed values (1, 1), (2, 1); grant references on v.pointed to \"$mal\""
as "$mal" "create type m.n as enum ('1', '2'); create function m.counted(m.n) returns int language plpgsql immutable as \$\$ begin perform m.deed(); return 1; end \$\$;
	create cast (m.n as int) with function m.counted(m.n) as implicit; create table m.points (x m.n references v.pointed); grant select on m.points to \"$vic\"" || exit 1
check 'a foreign key that compares by a cast' names not_allowed 'constraint points_x_fkey' berth_as "$vic" dedupe fix --table v.pointed --key k
check '... also for a superuser' names not_allowed 'constraint points_x_fkey' berth dedupe fix --table v.pointed --key k -n
as "$vic" "create table v.typed (id m.e primary key, k int not null, v m.e unique, w m.e[]); insert into v.typed values ('a', 1, 'a', '{a,b}'), ('b', 1, 'b', null);
	create table v.typed_points (x m.e references v.typed); insert into v.typed_points values ('a')"
typed="select string_agg(to_jsonb(t)::text, ' ' order by id) from (select * from v.typed) t"
before=$(as "$vic" "$typed")
check 'one of a type, without cast' innocent refuses in_use berth_as "$vic" dedupe fix --table v.typed --key k --survivor highest
as "$vic" 'delete from v.typed_points'
check '... a cast of a type is not run' innocent answers "d->>'removed'" 1 berth_as "$vic" dedupe fix --table v.typed --key k --survivor highest --json
check '... nor for output' equal b "$(json "d->'rows'->0->>'survivor'")"
typed_run=$(json "d->>'run'")
check '... nor by the archive' innocent prints '"b"' psql -XqAt -c "select survivor from berth.dedupe_removed('$typed_run')"
as "$vic" "insert into v.typed values ('c', 2, 'a')"
check '... nor by an undo, which finds the conflict' innocent refuses conflict berth_as "$vic" dedupe undo "$typed_run"
as "$vic" "delete from v.typed where id = 'c'"
check '... and puts it back' innocent answers "d->>'restored'" 1 berth_as "$vic" dedupe undo "$typed_run" --json
check '... byte for byte' equal "$before" "$(as "$vic" "$typed")"
as "$vic" "create table v.empties (id m.e primary key, k text, v text); insert into v.empties values ('a', null), ('b', 'x')"
check 'rows identified by such a type' innocent answers "d->>'rewritten'" 1 berth_as "$vic" dedupe fix --table v.empties --key k --null-as-empty k --json
check '... comes back' innocent exits 0 berth_as "$vic" dedupe undo "$(json "d->>'run'")"
check '... as NULL' equal a "$(as "$vic" 'select id from v.empties where k is null')"
as "$mal" "create table m.keyed (id m.e primary key, k int not null, v text); insert into m.keyed values ('a', 1), ('b', 1)"
check 'a superuser prints such a row' innocent answers "d->'rows'->0->>'survivor'" b berth dedupe fix --table m.keyed --key k --json
check '... and puts it back' innocent answers "d->>'restored'" 1 berth dedupe undo "$(json "d->>'run'")" --json

# --- undo ------------------------------------------------------------------------------

as "$mal" 'create domain m.d as text; create domain m.r_d as int; create type m.r as range (subtype = m.r_d);
	create domain m.sub as text; create type m.pair as (one m.sub, other int);
	create function m.default_evil() returns text language plpgsql as $$ begin perform m.deed(); return 1; end $$'
# undo_of NAME COLUMNS WHAT SQL: a plain table is fixed, mal runs SQL, and undo names WHAT
undo_of() {
	local name=$1 columns=$2 what=$3 statements=$4
	table_of "m.$name" "$columns"
	check "$name: the fix" innocent answers "d->>'removed'" 1 berth dedupe fix --table "m.$name" --key k --json
	local made
	made=$(json "d->>'run'")
	check "$name: mal's part" as "$mal" "$statements"
	check "$name: the undo" names not_allowed "$what" berth dedupe undo "$made"
}
bad='add check (m.is_good(value::text))'
undo_of indexed '' 'index m.indexed_evil' "create index indexed_evil on m.indexed (((v || '')::m.d)); alter domain m.d $bad not valid"
undo_of checked '' 'constraint checked_evil' "alter table m.checked add constraint checked_evil check ((v::m.d) is not null) not valid"
undo_of defaulted '' 'default of column late' "alter table m.defaulted add column late text; alter table m.defaulted alter late set default (m.default_evil())"
undo_of domained '' 'column late of type m.tame' "create domain m.tame as text; alter table m.domained add late m.tame; alter domain m.tame set default m.default_evil()"
undo_of ranged ', w m.r' 'column w of type m.r' "alter domain m.r_d $bad not valid"
undo_of paired ', w m.pair' 'column w of type m.pair' "alter domain m.sub $bad not valid"
undo_of listed ', w m.sub[]' 'column w of type m.sub' 'select'
as "$mal" "create table m.whole (id int, k int not null, v text) partition by range ((m.evil(v)));
	create table m.half partition of m.whole for values from (minvalue) to (maxvalue) partition by range (id);
	create table m.part partition of m.half for values from (0) to (10); insert into m.whole values (1, 1, 'x'), (2, 1, 'y')"
check 'a part of a part: the fix' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.part --key k --row-id id --json
check '... the undo' names not_allowed 'partition key of m.whole' berth dedupe undo "$(json "d->>'run'")"
table_of m.late_trigger
check 'a fix whose undo will be refused' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.late_trigger --key k --json
late=$(json "d->>'run'")
as "$mal" 'create function m.berth_guard_0123456789abcdef0123456789abcdef() returns trigger language plpgsql as $$ begin perform m.deed(); return null; end $$;
	create trigger berth_guard_insert after insert on m.late_trigger for each row execute function m.berth_guard_0123456789abcdef0123456789abcdef()'
check 'a false guard is removed before a row returns' innocent answers "d->>'restored'" 1 berth dedupe undo "$late" --json
check '... and is gone' equal '' "$(sql "select tgname from pg_trigger where tgrelid = 'm.late_trigger'::regclass")"

# --- foreign triggers on an own table --------------------------------------------------

sql "create table public.s (id int primary key, k int not null, v text); insert into public.s values (1, 1), (2, 1); grant trigger, select on public.s to \"$mal\""
as "$mal" 'create trigger planted before delete on public.s for each row execute function m.fires()'
check 'a trigger of another on a table of a superuser' names not_allowed 'trigger planted' berth dedupe fix --table public.s --key k -n
check '... also without -n' names not_allowed 'trigger planted' berth dedupe fix --table public.s --key k
sql 'drop trigger planted on public.s; create index indexed on public.s ((m.evil(v))) where false'
check 'an index by the function of another' names not_allowed 'index public.indexed' berth dedupe check --table public.s --key k
sql 'drop index public.indexed'
table_of v.own
as "$vic" "grant trigger on v.own to \"$mal\""
as "$mal" 'create trigger planted after insert on v.own for each row execute function m.fires()'
check 'on a table of an owner' names not_allowed 'trigger planted' berth_as "$vic" dedupe fix --table v.own --key k
as "$vic" "drop trigger planted on v.own; create function v.own() returns trigger language plpgsql as 'begin return coalesce(new, old); end';
	create trigger own before insert or delete on v.own for each row execute function v.own()"
check '... whose own trigger is run' answers "d->>'removed'" 1 berth_as "$vic" dedupe fix --table v.own --key k --json
table_of v.first
as "$vic" "create table v.second (id int primary key references v.first on delete cascade); grant references, trigger on v.second to \"$mal\""
as "$mal" "create table m.third (id int references v.second on delete cascade); grant select on m.third to \"$vic\";
	create trigger planted after delete on m.third for each row execute function m.fires()"
check 'a table that references a referencing table' names not_allowed 'trigger planted of table m.third' berth_as "$vic" dedupe fix --table v.first --key k

# --- foreign runs, in the session of another role --------------------------------------

table_of v.plain
sql "create function public.stop() returns trigger language plpgsql as 'begin raise exception ''stopped''; end';
	create trigger stop before update on berth.dedupe_run for each row when (old.phase = 'remove') execute function public.stop()"
check 'a run of vic' exits 5 berth_as "$vic" dedupe fix --table v.plain --key k
sql 'drop trigger stop on berth.dedupe_run'
run_id=$(sql "select id from berth.dedupe_run where state = 'running'")
sql "select berth.worker_start('boss', 'host', 1, 10000000, false, now())" >/dev/null
as "$mal" "create table m.log (at timestamptz default now(), what text); create table m.analyzed (id int); insert into m.analyzed select generate_series(1, 5);
	create function m.tries(what text) returns void language plpgsql as \$\$ begin
		execute what; insert into m.log values (default, format('%s as %s', what, current_user));
	exception when others then insert into m.log values (default, format('%s: %s', sqlstate, sqlerrm)); end \$\$;
	create function m.forges(n int) returns int immutable language plpgsql as \$\$ begin
		perform m.tries(\$q\$select berth.dedupe_take_over('$run_id', 'running', now());
			select berth.dedupe_archive('$run_id', (select epoch from berth.dedupe_run where id = '$run_id'),
				array[(null, null, '7', '1', 'newest', array['7', '7', 'forged'], null, false, false)::berth.dedupe_row])\$q\$);
		perform m.tries(\$q\$select berth.dedupe_enter('$run_id', (select epoch from berth.dedupe_run where id = '$run_id'), now())\$q\$);
		perform m.tries(\$q\$select berth.dedupe_open(gen_random_uuid(), 'public.s'::regclass, '{\"schema\": \"public\", \"table\": \"s\", \"key\": [\"k\"], \"values\": [], \"null_as_empty\": [], \"fold\": [], \"row_id\": [], \"trim\": {}}', '{}', now(), '{}')\$q\$);
		perform m.tries(\$q\$select berth.dedupe_forgotten('$typed_run')\$q\$);
		perform m.tries(\$q\$do 'begin if not berth.worker_stop(''boss'', (select started from berth.worker where name = ''boss'')) then raise exception ''no worker of mine''; end if; end'\$q\$);
		perform m.tries(\$q\$select berth.apply('boss', 10)\$q\$);
		return n; end \$\$; create index on m.analyzed ((m.forges(id)))"
runs="select string_agg(r::text, ',' order by r.id) from (select id, epoch, pid, state, author from berth.dedupe_run) r"
before=$(sql "$runs")
as "$mal" 'truncate m.log'
check 'mal waits for a superuser' sql 'analyze m.analyzed'
check '... has tried everything' equal 30 "$(sql 'select count(*) from m.log')"
check '... without any success' equal '' "$(sql "select what from m.log where what ~ ' as ' and what !~ '^(BERTH|42501|P0001)' limit 1")"
check '... each call is refused' equal 'BERTH P0001' "$(sql "select string_agg(distinct left(what, 5), ' ' order by left(what, 5)) from m.log")"
check '... and no run has changed' equal "$before" "$(sql "$runs")"
check '... no row is forged' equal 0 "$(sql "select count(*) from berth.dedupe_row where run = '$run_id'")"
check '... the worker continues' equal f "$(sql "select stopped from berth.worker where name = 'boss'")"
check 'the caller cannot be forged' eval '! as "$mal" "insert into berth.caller_view (token, who) values (gen_random_uuid(), '"'$vic'"')" 2>/dev/null'
check '... or stored for later' eval 'token=$(as "$vic" "select berth.caller()") && ! as "$mal" "select berth.dedupe_take_over('"'$run_id'"', '"'running'"', now(), '"'\$token'"')" 2>/dev/null'

# --- the guard ---------------------------------------------------------------------------

guard=$(sql "select 'berth_guard_' || replace(guard::text, '-', '') from berth.dedupe_run where id = '$run_id'")
check 'no one else can execute it' equal '' "$(sql "select a.grantee from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where p.proname = '$guard' and a.grantee <> p.proowner")"
check '... or put it on a table' complains 3 'permission denied for function' env PGUSER="$mal" psql -XqAt -v ON_ERROR_STOP=1 <<END
create table m.other (id int, k int, v text);
create trigger other after insert on m.other for each row execute function v.$guard();
END
as "$vic" "create table v.other (id int, k int, v text); create trigger other after insert on v.other for each row execute function v.$guard()"
check 'the owner cannot use it for another table' complains 3 'of another table' env PGUSER="$vic" psql -XqAt -v ON_ERROR_STOP=1 <<<'insert into v.other values (1, 1)'
check '... and the run continues' answers "d->>'removed'" 1 eval 'as "$vic" "drop table v.other" && berth_as "$vic" dedupe fix --table v.plain --key k --json'
