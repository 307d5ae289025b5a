#!/usr/bin/env bash
# Dedupe of a table with a malicious owner, or by a user who is not the owner: foreign code does not run as the
# caller, no one can write the runs of others, and no planted object is taken for a guard.
. tests/lib.sh
. tests/lib/answers.sh

new_database
owner="owner_$$" other="other_$$" viewer="viewer_$$" boss="boss_$$" team="team_$$"
sql "create role \"$team\"; create role \"$owner\" login in role berth_admin, \"$team\"; create role \"$other\" login in role berth_admin;
	create role \"$viewer\" login in role berth_viewer; create role \"$boss\" login createdb createrole;
	create schema m authorization \"$owner\"; grant usage on schema m to public" || exit 1
drop_roles() {
	local database
	for database in "${tests_databases[@]}"; do
		psql -Xq -d "$database" -c "drop owned by \"$owner\", \"$other\", \"$viewer\", \"$boss\", \"$team\" cascade" >/dev/null 2>&1
	done
	for database in "${tests_databases[@]}"; do
		dropdb --if-exists --force "$database"
	done
	psql -Xq -d postgres -c "revoke berth_viewer, berth_operator, berth_worker, berth_admin from \"$boss\" cascade" >/dev/null 2>&1
	psql -Xq -d postgres -c "drop role \"$owner\", \"$other\", \"$viewer\", \"$boss\", \"$team\""
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

# A superuser who runs it leaves a trace that everyone can see, also in a read-only transaction.
as "$owner" "create table m.seen (who name);
	create function m.evil() returns void language plpgsql as \$\$ begin
		if (select rolsuper from pg_roles where rolname = current_user) then perform pg_advisory_lock(666); perform pg_sleep(0); raise exception 'evil as %', current_user; end if;
	end \$\$;
	create function m.number(n int) returns int immutable language plpgsql as \$\$ begin perform m.evil(); return n; end \$\$;
	create function m.holds(v text) returns bool language plpgsql as \$\$ begin perform m.evil(); return true; end \$\$;
	create function m.fires() returns trigger language plpgsql as \$\$ begin perform m.evil(); return coalesce(new, old); end \$\$"
table_of() {
	as "$owner" "create table m.$1 (id int primary key, k $2 not null, v text); insert into m.$1 values (1, $3, 'x'), (2, $3, 'y')"
}
innocent() {
	"$@" && ! grep -q 'evil as' "$TMPDIR/stderr" || tests_show 'no evil'
}
names() {
	local code=$1 text=$2
	shift 2
	innocent refuses "$code" "$@" && grep -q -e "$text" "$TMPDIR/stderr" || tests_show "$text"
}

# --- code that runs when a table is read ---------------------------------------------

table_of folded int 1
as "$owner" 'create index folded_evil on m.folded ((id + m.number(1)))'
check 'an index that the planner would fold' names not_allowed folded_evil berth dedupe check --table m.folded --key k
check '... read-only' names not_allowed folded_evil berth --read-only dedupe check --table m.folded --key k
check '... for a fix' names not_allowed folded_evil berth dedupe fix --table m.folded --key k -n
check '... also without -n' names not_allowed folded_evil berth dedupe fix --table m.folded --key k
check '... its owner can check it' innocent exits 1 berth_as "$owner" dedupe check --table m.folded --key k
table_of counted int 1
as "$owner" 'create statistics m.counted_evil on (id + m.number(1)), k from m.counted'
check 'statistics of an expression' names not_allowed counted_evil berth dedupe check --table m.counted --key k
as "$owner" "create type m.mood as enum ('good', 'bad')"
table_of cast_away m.mood "'good'"
as "$owner" "create function m.moody(m.mood) returns json language plpgsql as \$\$ begin perform m.evil(); return '1'; end \$\$;
	create function m.worded(m.mood) returns text language plpgsql as \$\$ begin perform m.evil(); return '1'; end \$\$;
	create cast (m.mood as json) with function m.moody(m.mood); create cast (m.mood as text) with function m.worded(m.mood) as implicit"
check 'casts of a type are not run' innocent exits 1 berth dedupe check --table m.cast_away --key k --json
check '... and the key is what its type writes' equal '{"k": "good"}' "$(json "d->0->>'key'")"
check '... also by a fix' innocent answers "d->'rows'->0->'removed'->>'k'" good berth dedupe fix --table m.cast_away --key k -n --json
as "$owner" 'create domain m.tame as text check (m.holds(value))'
table_of domains m.tame "'a'"
check 'a domain is read' innocent exits 1 berth dedupe check --table m.domains --key k
table_of hidden int 1
as "$owner" "create policy evil on m.hidden using (m.holds(v)); alter table m.hidden enable row level security; grant select on m.hidden to \"$viewer\""
check 'a policy is not run for a viewer' names not_allowed 'policy evil' berth_as "$viewer" dedupe check --table m.hidden --key k
check 'an unreadable table is refused' names not_allowed 'may not be read' berth_as "$viewer" dedupe check --table m.folded --key k

# --- code that runs when it is written -----------------------------------------------

table_of fired int 1
as "$owner" 'create trigger evil before delete on m.fired for each row execute function m.fires()'
check 'a check ignores a trigger' innocent exits 1 berth dedupe check --table m.fired --key k
check '... a fix names it' names not_allowed 'trigger evil' berth dedupe fix --table m.fired --key k
check '... the hint names the owner' grep -q "log in as $owner" "$TMPDIR/stderr"
check '... also in a dry run' names not_allowed 'trigger evil' berth dedupe fix --table m.fired --key k -n
check '... its owner can fix it' innocent answers "d->>'removed'" 1 berth_as "$owner" dedupe fix --table m.fired --key k --json
check '... a superuser cannot undo it' names not_allowed 'trigger evil' berth dedupe undo "$(json "d->>'run'")"
check '... its owner can' innocent exits 0 berth_as "$owner" dedupe undo "$(sql 'select id from berth.dedupe_run order by seq desc limit 1')"
table_of checked int 1
as "$owner" 'alter table m.checked add constraint evil check (m.holds(v))'
check 'deleting runs no check constraint' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.checked --key k --json
check '... undoing does' names not_allowed 'constraint evil' berth dedupe undo "$(json "d->>'run'")"
table_of acting int 1
as "$owner" "alter table m.acting add constraint acts check (query_to_xml('select m.evil()', true, true, '') is not null)"
check 'a plain table of another' innocent answers "d->>'removed'" 1 berth dedupe fix --table m.acting --key k --json
acting=$(json "d->>'run'")
check '... with a check constraint that runs a text' names not_allowed 'constraint acts' berth dedupe undo "$acting"
as "$owner" 'alter table m.acting drop constraint acts'
check '... is undone without it' answers "d->>'restored'" 1 berth dedupe undo "$acting" --json
table_of emptied text "''"
as "$owner" "alter table m.emptied alter k drop not null; update m.emptied set k = null where id = 1"
check 'only the owner can rewrite rows' names not_allowed "log in as $owner" berth dedupe fix --table m.emptied --key k --null-as-empty k
check '... the owner does' answers "d->>'removed'" 1 berth_as "$owner" dedupe fix --table m.emptied --key k --null-as-empty k --json
table_of followed int 1
sql "create schema o authorization \"$other\"; grant usage on schema o to public"
as "$owner" "grant references on m.followed to \"$other\""
as "$other" "create table o.follows (id int references m.followed on delete cascade);
	create function o.fires() returns trigger language plpgsql as 'begin return null; end'; grant select on o.follows to \"$owner\";
	create trigger follows after delete on o.follows execute function o.fires()"
check 'a trigger of a referencing table' names not_allowed 'trigger follows of table o.follows' berth_as "$owner" dedupe fix --table m.followed --key k

# --- names that lead elsewhere -------------------------------------------------------

ask='{"schema": "m", "table": "plain", "key": ["k"], "values": [], "null_as_empty": [], "fold": [], "trim": {}, "order": null, "live": null, "row_id": [], "constraint": null, "survivor": "newest"}'
table_of plain int 1
sql "create schema twin authorization \"$owner\""
as "$owner" 'create table twin.plain (id int primary key, k int, v text)'
check 'another table of the same name is in the way' complains 3 'leads to another table' psql -Xq -v ON_ERROR_STOP=1 -v VERBOSITY=verbose <<END
begin;
select from twin.plain;
select * from berth.dedupe_check('m.plain'::regclass, '$ask');
END
check '... with a retriable error' grep -q 40001 "$TMPDIR/stderr"
check 'without it the check succeeds' equal 2 "$(sql "select rows from berth.dedupe_check('m.plain'::regclass, '$ask')")"
# Two schemas alternate as `s`: a table with duplicates, and one that would run foreign code.
sql "create schema s authorization \"$owner\"; create schema s_evil authorization \"$owner\"; grant create on database \"$PGDATABASE\" to \"$owner\""
as "$owner" 'create table s.t (id int primary key, k int, v text); insert into s.t values (1, 1), (2, 1);
	create table s_evil.t (id int primary key, k int, v text); create index on s_evil.t ((id + m.number(1)))'
(
	while [ ! -e "$TMPDIR/enough" ]; do
		echo 'begin; alter schema s rename to s_kept; alter schema s_evil rename to s; alter schema s_kept rename to s_evil; commit;'
	done | PGUSER=$owner psql -Xq >/dev/null 2>&1
) &
flips=$!
looks() {
	for _ in $(seq 1 12); do
		run berth dedupe check --table s.t --key k
		[[ $stderr != *'evil as'* ]] || tests_show 'no evil' || return 1
	done
}
check 'a name that changes all the time is safe' looks
touch "$TMPDIR/enough"
wait "$flips"

# --- foreign runs --------------------------------------------------------------------

sql "create function public.stop() returns trigger language plpgsql as 'begin raise exception ''stopped''; end';
	create trigger stop before update on berth.dedupe_run for each row when (old.phase = 'remove') execute function public.stop()"
check 'a run of the owner' exits 5 berth_as "$owner" dedupe fix --table m.plain --key k
run_id=$(sql "select id from berth.dedupe_run where state = 'running'") epoch=$(sql "select epoch from berth.dedupe_run where state = 'running'")
sql 'drop trigger stop on berth.dedupe_run'
claim="'$run_id', $epoch"
before=$(fingerprint)
refused_call() {
	! as "$1" "select berth.$2" >"$TMPDIR/call" 2>&1 && grep -qE 'not_allowed|permission denied|invalid_input|conflict' "$TMPDIR/call" || {
		cat "$TMPDIR/call"
		return 1
	}
}
row="array[(null, null, '7', '1', 'newest', array['7', '7', 'forged'], null, false, false, null, null, null)::berth.dedupe_row]"
while read -r -u 3 call; do
	check "another admin: ${call%%(*}" refused_call "$other" "$call"
	# The owner has entered no step: another process has the claim.
	case $call in dedupe_open* | dedupe_take_over* | dedupe_enter* | dedupe_step* | dedupe_leave* | dedupe_begin* | dedupe_undo* | dedupe_statement*) continue ;; esac
	check "... the owner, out of turn" refused_call "$owner" "$call"
done 3<<END
dedupe_archive($claim, $row)
dedupe_note($claim, 'clean', null)
dedupe_pace($claim, 1, now())
dedupe_found($claim, '{}')
dedupe_sliced($claim, 1, '{}', true)
dedupe_looked($claim, '{}', '{}', 5, 5, 5)
dedupe_turns($claim)
dedupe_guarded($claim, null)
dedupe_restored($claim, 1, 2, 3)
dedupe_end($claim)
dedupe_forgotten('$run_id')
dedupe_enter($claim, now())
dedupe_step($claim)
dedupe_leave($claim)
dedupe_statement($claim)
dedupe_take_over('$run_id', 'undoing', now())
dedupe_undo('$run_id')
dedupe_open('77777777-7777-4777-8777-777777777777', 'm.plain'::regclass, '$ask', '{}', now(), '{}')
dedupe_begin('77777777-7777-4777-8777-777777777777', 'm.plain'::regclass, '$ask', '{}')
END
check '... nothing has changed' equal "$before" "$(fingerprint)"
check 'a malformed request' refused_call "$owner" "dedupe_open('77777777-7777-4777-8777-777777777777', 'm.plain'::regclass, '{\"key\": 5}', '{}', now(), '{}')"
check 'a run is no admin'\''s to begin in berth'\''s tables' eval '! as "$other" "insert into berth.dedupe_row (run, row_id, rule) values ('"'$run_id'"', 1, 1)" 2>/dev/null'

# --- planted guards ------------------------------------------------------------------

check 'no one can create objects among the guards' eval '! as "$owner" "create table berth_guard.planted ()" 2>/dev/null'
check '... or grant the right to' equal '' "$(sql "select a.privilege_type from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'berth_guard' and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner")"
guard=$(sql "select 'berth_guard_' || replace(guard::text, '-', '') from berth.dedupe_run where id = '$run_id'")
check 'the table of turns is the schema'\''s owner'\''s' equal t "$(sql "select c.relowner = n.nspowner from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'berth_guard' and c.relname = '$guard'")"
check 'the function is the table'\''s owner'\''s' equal "$owner t" "$(sql "select concat_ws(' ', r.rolname, prosecdef) from pg_proc p join pg_roles r on r.oid = p.proowner where p.proname = '$guard'")"
check 'its name does not contain the id of the run' eval '[ "$guard" != "berth_guard_${run_id//-/}" ]'
as "$owner" "create trigger berth_guard_other after insert on m.plain for each row execute function m.fires();
	create or replace trigger berth_guard_insert after insert on m.plain for each row execute function m.fires()"
check 'a replaced guard is refused to a superuser' names not_allowed 'trigger berth_guard_' berth dedupe fix --table m.plain --key k
as "$owner" 'drop trigger berth_guard_other on m.plain'
check 'the run is continued' answers "d->>'removed'" 1 berth_as "$owner" dedupe fix --table m.plain --key k --json
check '... and nothing of the guard is left' equal '' "$(sql "select relname::text from pg_class where relnamespace = 'berth_guard'::regnamespace union all select proname from pg_proc where proname like 'berth_guard%' union all select tgname from pg_trigger where tgname like 'berth_guard%'")"
check 'a superuser fixes a plain table of another' answers "d->>'removed'" 1 eval 'as "$owner" "create table m.simple (id int primary key, k int not null, value text); insert into m.simple values (1, 1), (2, 1)" && berth dedupe fix --table m.simple --key k --json'
check '... and undoes it' exits 0 berth dedupe undo "$(json "d->>'run'")"

# --- owners without other rights --------------------------------------------------------

createdb -O "$boss" "$PGDATABASE-boss" && tests_databases+=("$PGDATABASE-boss")
export PGDATABASE="$PGDATABASE-boss"
psql -Xq -c "grant \"$team\" to \"$boss\"; revoke \"$team\" from \"$boss\"" 2>/dev/null
check 'an ordinary role migrates' exits 0 berth_as "$boss" migrate
sql "create schema app authorization \"$owner\"; create schema shared authorization \"$other\"; grant usage, create on schema shared to \"$owner\", \"$team\""
for table in app.t shared.t; do
	as "$owner" "create table $table (id int primary key, k int not null, value text); insert into $table values (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')"
	check "a table of an ordinary role: $table" answers "d->>'removed'" 1 berth_as "$owner" dedupe fix --table "$table" --key k --json
	check '... undone' answers "d->>'restored'" 1 berth_as "$owner" dedupe undo "$(json "d->>'run'")" --json
done
as "$owner" "create table shared.ours (id int primary key, k int not null, value text); insert into shared.ours values (1, 1, 'a'), (2, 1, 'b'); alter table shared.ours owner to \"$team\""
check 'a table of a group, by a member' answers "d->>'removed'" 1 berth_as "$owner" dedupe fix --table shared.ours --key k --json
check '... undone' answers "d->>'restored'" 1 berth_as "$owner" dedupe undo "$(json "d->>'run'")" --json
check 'nothing of the guards is left' equal '' "$(sql "select relname::text from pg_class where relnamespace = 'berth_guard'::regnamespace union all select proname from pg_proc where proname like 'berth_guard%'")"
