#!/usr/bin/env bash
# Dedupe that moves the references to removed rows to the rows that stay, and its undo; the tables whose rows cannot be
# moved and put back exactly are refused before anything changes.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/writers.sh

new_database

rows() {
	sql "select count(*) || ' ' || md5(string_agg(t::text, e'\n' order by t::text)) from $1 t"
}
last() {
	sql "select id from berth.dedupe_run order by seq desc limit 1"
}
fixed="concat_ws(' ', d->>'groups', d->>'removed', d->>'conflicting', d->>'repointed')"

# --- a table of tags, and what refers to it ----------------------------------------

tags() {
	sql "drop schema if exists app cascade; create schema app;
		create table app.tags (id bigint primary key, owner int not null, name text not null, value text, unique (owner, id));
		create table app.posts (id int primary key, tag int constraint posts_tag references app.tags on delete cascade, note text);
		create table app.marks (post int, tag bigint references app.tags on delete set null deferrable initially deferred, place numeric(8, 3), primary key (post, place));
		create table app.links (tag bigint not null references app.tags, post int not null, primary key (tag, post));
		create table app.owned (id uuid primary key default gen_random_uuid(), owner int, tag bigint, constraint owned_tag foreign key (owner, tag) references app.tags (owner, id));
		insert into app.tags values (1, 1, 'a', 'x'), (2, 1, 'a', 'x'), (3, 1, 'a', 'x'), (4, 2, 'a', 'x'), (5, 1, 'b', 'x'), (6, 1, 'b', 'y');
		insert into app.posts values (1, 1, 'p'), (2, 2, 'p'), (3, 3, 'p'), (4, 4, 'p'), (5, null, 'p'), (6, 5, 'p');
		insert into app.marks values (1, 1, 1.50), (1, 2, 2.500), (2, 6, 0), (3, null, 1);
		insert into app.links values (1, 1), (2, 2), (3, 3), (5, 1), (6, 2);
		insert into app.owned (owner, tag) values (1, 1), (1, 5), (2, 4), (null, 1), (1, null)"
}
everything() {
	local table
	for table in tags posts marks links owned; do
		rows "app.$table"
	done
}
tags
before=$(everything)
fix=(dedupe fix --table app.tags --key owner,name --json)
check 'without --repoint references are in the way' refuses in_use berth "${fix[@]}"
check '... says what helps' grep -q -- '--repoint' "$TMPDIR/stderr"
check 'a plan counts them' answers "$fixed" '2 3 1 10' berth "${fix[@]}" --repoint --dry-run
check '... and changes nothing' equal "$before" "$(everything)"
check 'a fix moves them' answers "$fixed" '2 3 1 10' berth "${fix[@]}" --repoint
check '... to the survivors' equal '3 3 3 4 6' "$(sql "select string_agg(tag::text, ' ' order by id) from app.posts where tag is not null")"
check '... deletes no row that refers' equal '6 4 5 5' "$(sql 'select concat_ws(chr(32), (select count(*) from app.posts), (select count(*) from app.marks), (select count(*) from app.links), (select count(*) from app.owned))')"
check '... of keys of two columns too' equal '1,3 1,6 2,4' "$(sql "select string_agg(owner || ',' || tag, ' ' order by owner, tag) from app.owned where owner is not null and tag is not null")"
check '... done again, does nothing' answers "concat_ws(' ', coalesce(d->>'run', '-'), d->>'repointed')" '- 0' berth "${fix[@]}" --repoint
check 'an undo' answers "d->>'restored'" 3 berth dedupe undo "$(last)" --json
check '... puts everything back' equal "$before" "$(everything)"
check '... with the value that numerics had' equal '0.000 1.000 1.500 2.500' "$(sql "select string_agg(place::text, ' ' order by place) from app.marks")"
check 'a fix of what was undone' answers "$fixed" '2 3 1 10' berth "${fix[@]}" --repoint
sql "update app.posts set tag = 4 where id = 1; delete from app.posts where id = 2; insert into app.posts values (7, 3, 'new')"
check 'an undo leaves what was changed since' answers "d->>'restored'" 3 berth dedupe undo "$(last)" --json
check '... for each row' equal '1:4 3:3 4:4 6:5 7:3' "$(sql "select string_agg(id || ':' || tag, ' ' order by id) from app.posts where tag is not null")"

# --- what is refused, before anything changes ---------------------------------------

# refused SQL | code | text: after this change of the tables, a fix is refused with that text
while IFS='|' read -r change code text; do
	tags
	sql "$change" 2>"$TMPDIR/sql" || cat "$TMPDIR/sql"
	before=$(everything)
	check "refused: $change" refuses "$code" berth "${fix[@]}" --repoint
	check '... says why' grep -q -e "$text" "$TMPDIR/stderr"
	check '... in a plan too' refuses "$code" berth "${fix[@]}" --repoint --dry-run
	check '... nothing has changed' equal "$before" "$(everything)"
done <<'END'
insert into app.links values (1, 3)|conflict|rows of table app.links would become equal in app.links_pkey if they were repointed: (3, 3)
alter table app.posts add constraint low check (id = 3 or tag <> 3)|precondition_failed|constraint low of table app.posts does not take the row that stays
alter table app.marks drop constraint marks_pkey|precondition_failed|has nothing that identifies a row
create function app.touch() returns trigger language plpgsql as 'begin new.note := now(); return new; end'; create trigger touch before update on app.posts for each row execute function app.touch()|precondition_failed|has trigger touch, which takes part in updates
create function app.touch() returns trigger language plpgsql as 'begin return null; end'; create trigger touch after update of tag on app.posts execute function app.touch()|precondition_failed|has trigger touch
create rule r as on update to app.posts do also nothing|precondition_failed|has rules
create unique index partly on app.posts (tag) where note = 'q'|precondition_failed|has index app.partly, of an expression or a part of the rows
create unique index more on app.posts ((tag + id))|precondition_failed|has index app.more
create table app.deep (id int primary key, tag bigint, post int, foreign key (tag, post) references app.links (tag, post) on update cascade)|precondition_failed|has constraint deep_tag_post_fkey, which has one of the columns too
create table app.parted (id int primary key, tag bigint references app.tags) partition by range (id); create table app.part partition of app.parted default; insert into app.parted values (1, 1)|precondition_failed|is partitioned
alter table app.tags add parent bigint references app.tags; update app.tags set parent = 1 where id = 5|precondition_failed|refers to itself
alter table app.owned add other bigint generated always as (owner) stored references app.tags|precondition_failed|generated
create table app.big (id int primary key, tag bigint references app.tags, pad text default repeat('x', 1500)); insert into app.big (id) select generate_series(1, 1000)|precondition_failed|rows of table app.big cannot be repointed quickly: it has no index that begins with tag
create publication p for table app.posts; alter table app.posts replica identity nothing|precondition_failed|is published by p
END
tags
sql "create function app.touch() returns trigger language plpgsql as 'begin return new; end'; create trigger touch before insert or update of note on app.posts for each row execute function app.touch();
	create table app.quiet (tag bigint references app.tags); create trigger quiet before update on app.quiet for each row execute function app.touch()"
check 'what takes no part does not matter, nor do tables that do not refer' answers "$fixed" '2 3 1 10' berth "${fix[@]}" --repoint
sql "create trigger late before update on app.posts for each row execute function app.touch()"
before=$(everything)
check 'an undo with a trigger that came late' refuses precondition_failed berth dedupe undo "$(last)"
check '... changes nothing' equal "$before" "$(everything)"
sql 'drop trigger late on app.posts'
check '... continues without it' answers "d->>'restored'" 3 berth dedupe undo "$(last)" --json
check '--repoint is for a fix' refuses invalid_input berth dedupe check --table app.tags --key name --repoint
check '... of a table' refuses invalid_input berth dedupe fix --repoint

# --- tables of other owners ------------------------------------------------------------

owner=own-$$ other=oth-$$
sql "create role \"$owner\" login in role berth_admin; create role \"$other\" login in role berth_admin;
	create schema m authorization \"$owner\"; create schema o authorization \"$other\"; grant usage on schema m to public; grant usage on schema o to public"
as() {
	PGUSER=$1 psql -Xq -v ON_ERROR_STOP=1 -c "$2"
}
berth_as() {
	local user=$1
	shift
	PGUSER=$user berth "$@"
}
as "$owner" "create table m.t (id int primary key, k int not null); insert into m.t values (1, 1), (2, 1); grant references, select on m.t to \"$other\""
as "$other" "create table o.f (id int primary key, t int references m.t); insert into o.f values (1, 1), (2, 2); grant select on o.f to \"$owner\""
fix=(dedupe fix --table m.t --key k --repoint --json)
check 'a table that the caller may not update' refuses not_allowed berth_as "$owner" "${fix[@]}"
as "$other" "grant update on o.f to \"$owner\"; create function o.evil() returns trigger language plpgsql as 'begin raise ''evil as %'', current_user; end';
	create trigger evil before insert on o.f for each row execute function o.evil()"
check 'a table with code of another owner' refuses not_allowed berth_as "$owner" "${fix[@]}"
check '... and by a superuser' refuses not_allowed berth "${fix[@]}"
check '... runs none of it' eval '! grep -q "evil as" "$TMPDIR/stderr"'
as "$other" 'drop trigger evil on o.f; alter table o.f enable row level security; create policy own on o.f using (id > 1)'
check 'a table that hides rows' refuses not_allowed berth_as "$owner" "${fix[@]}"
as "$other" 'alter table o.f disable row level security'
check 'a plain table of another owner, with the right to update' answers "$fixed" '1 1 0 1' berth_as "$owner" "${fix[@]}"
check '... is put back' exits 0 berth_as "$owner" dedupe undo "$(last)"
check '... as it was' equal '1:1 2:2' "$(sql "select string_agg(id || ':' || t, ' ' order by id) from o.f")"
# A forged row of the archive can only name tables that its author may update.
as "$other" "revoke update on o.f from \"$owner\""
check 'a run is not opened for a table of others' complains 1 'in tables that you may update' env PGUSER="$owner" psql -Xq -v ON_ERROR_STOP=1 -c "
	select berth.dedupe_open('77777777-7777-4777-8777-777777777777', 'm.t'::regclass, (select request from berth.dedupe_run where id = '$(last)'), '{}', now(),
		array(select oid from pg_constraint where conrelid = 'o.f'::regclass and contype = 'f'))"

# --- what a step does while it has rows locked -----------------------------------------

sql "drop schema app cascade; create schema app; create table app.tags (id int primary key generated always as identity, name text not null);
	insert into app.tags (name) select 'tag' || i % 200 from generate_series(1, 600) i;
	create table app.one (id int primary key generated always as identity, tag int not null references app.tags, other int references app.tags);
	create index on app.one (tag); create index on app.one (other);
	create table app.two (like app.one including all, foreign key (tag) references app.tags);
	create table app.three (like app.one including all, foreign key (tag) references app.tags);
	create table app.four (like app.one including all, foreign key (tag) references app.tags);
	insert into app.one (tag, other) select i, 601 - i from generate_series(1, 600) i;
	insert into app.two (tag) select 1 + i % 600 from generate_series(1, 1200) i;
	alter database \"$PGDATABASE\" set track_functions = 'all'"
calls() {
	sql "select coalesce((select calls from pg_stat_user_functions where schemaname = 'berth' and funcname = 'dedupe_$1'), 0)"
}
counted() {
	[ "$(calls end)" -eq 1 ]
}
check 'a fix with four tables, in one of which a row may refer twice' exits 0 berth dedupe fix --table app.tags --key name --repoint --json
check '... is counted' wait_for counted
check '... takes more than one step' [ "$(calls ways)" -ge 3 ]
check '... looks up how rows refer once a step, and for the request' [ "$(($(calls references) - $(calls ways)))" -le 6 ]
check '... finds them with one statement' equal "$(calls repoint)" "$(calls meet_text)"
check '... and with it those that are not moved' equal 0 "$(calls refuse_referenced)"
check '... moves no rows of a table that has none' [ "$(calls move)" -le "$((3 * $(calls repoint)))" ]
check '... and both references of a row' equal 0 "$(sql 'select count(*) from app.one where tag not between 401 and 600 or other not between 401 and 600')"
check 'a step that takes long makes the next ones smaller' equal '64 2000 2000' "$(sql "select string_agg(berth.dedupe_most(
	jsonb_populate_record(null::berth.dedupe_run, jsonb_build_object('chunk', n)))::text, ' ' order by n) from unnest('{1, 32, 4096}'::int[]) n")"

# --- many references, and writers at the same time ------------------------------------

sql "drop schema app cascade; create schema app; create table app.tags (id int primary key generated always as identity, name text not null);
	create table app.uses (id int primary key generated always as identity, tag int not null references app.tags, note int not null default 0);
	create index on app.uses (tag); insert into app.tags (name) select 'tag' || i % 100 from generate_series(1, 300) i;
	insert into app.uses (tag) select 1 from generate_series(1, 4500); insert into app.uses (tag) select 1 + i % 300 from generate_series(1, 1500) i;
	create table app.names as select u.id, t.name from app.uses u join app.tags t on t.id = u.tag"
writes() {
	local i
	for ((i = 0; i < 1000; i++)); do
		case $((i % 3)) in
		0) echo "insert into app.uses (tag) select id from app.tags where name = 'tag$((RANDOM % 100))' limit 1;" ;;
		1) echo "update app.uses set note = note + 1 where id = $((RANDOM % 6000 + 1));" ;;
		2) echo "insert into app.tags (name) values ('tag$((RANDOM % 110))');" ;;
		esac
	done
}
writers_start writes
check 'a fix while others write' exits 0 berth dedupe fix --table app.tags --key name --repoint --json
writers_end
check '... leaves no duplicate' equal 0 "$(sql 'select count(*) from (select from app.tags group by name having count(*) > 1) x')"
check '... and each reference at a tag of the same name' equal 0 "$(sql 'select count(*) from app.names n join app.uses u using (id) left join app.tags t on t.id = u.tag where t.name is distinct from n.name')"
check '... refuses duplicates, and references to rows that have gone' equal '' "$(writers_failed '23505|23503')"
check 'it is undone' exits 0 berth dedupe undo "$(last)"
check '... each reference at the same row' equal 0 "$(sql 'select count(*) from app.names n join app.uses u using (id) where u.tag <> case when n.id <= 4500 then 1 else 1 + (n.id - 4500) % 300 end')"
check 'doctor finds nothing' exits 0 berth doctor
sql "drop owned by \"$owner\", \"$other\" cascade; drop role \"$owner\", \"$other\""
