#!/usr/bin/env bash
# Dedupe of tables as applications have them: rows that were deleted softly, keys without case, rows that several
# columns or none identify; and parents whose children hold the same keys.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/server.sh
. tests/lib/writers.sh

new_database

rows() {
	sql "select count(*) || ' ' || md5(string_agg(t::text, e'\n' order by t::text)) from $1 t"
}
fixed="concat_ws(' ', d->>'groups', d->>'removed', d->>'conflicting', d->>'rewritten', d->>'constraint')"
# A fix reports this; the undo then puts the table back as it was, without the index.
fixes_and_undoes() {
	local expected=$1 table=$2 before
	shift 2
	before=$(rows "$table")
	check "a fix of $table $*" answers "$fixed" "$expected" berth dedupe fix --table "$table" --json "$@"
	check '... done again, does nothing' answers "d->>'removed'" 0 berth dedupe fix --table "$table" --json "$@"
	check '... finds nothing more' answers d '[]' berth dedupe check --table "$table" --json "$@"
	check '... is undone' exits 0 berth dedupe undo "$(sql "select id from berth.dedupe_run order by seq desc limit 1")"
	check '... byte for byte' equal "$before" "$(rows "$table")"
	check '... without its index' equal 0 "$(sql "select count(*) from pg_index where indrelid = '$table'::regclass and indexrelid::regclass::text like '%berth'")"
}
finds() {
	local expected=$1
	shift
	run berth dedupe check --json "$@"
	[ "$status" -eq 1 ] && equal "$expected" "$(json "(select string_agg(concat_ws(' ', e->'key', e->>'rows', e->>'conflicting', e->>'survivor', e->>'collides'), '; ') from jsonb_array_elements(d) e)")" ||
		tests_show 1
}
index_of() {
	sql "select pg_get_indexdef('$1'::regclass)"
}

# --- rows that count ---------------------------------------------------------------

soft() {
	sql "drop table if exists soft; create table soft (id int primary key, name text, deleted_at timestamptz, note text);
		insert into soft values (1, 'a', null, 'x'), (2, 'a', null, 'x'), (3, 'a', '2026-01-01', 'x'), (4, 'b', '2026-01-01', 'x'),
			(5, 'b', null, 'x'), (6, 'b', '2026-01-02', 'x'), (7, null, null, 'x'), (8, null, null, 'x')"
}
soft
check 'rows that were deleted do not count' finds '{"name": "a"} 2 false 2 exact; {"name": null} 2 false 8 exact' --table soft --key name --live deleted_at
unset_key soft name
fixes_and_undoes '2 2 0 0 soft_name_berth' soft --key name --live deleted_at
soft
fixes_and_undoes '2 2 0 1 soft_name_berth' soft --key name --live deleted_at --null-as-empty name
unset_key soft name
check 'fixed for good' exits 0 berth dedupe fix --table soft --key name --live deleted_at
check '... by an index of the rows that count' equal \
	"CREATE UNIQUE INDEX soft_name_berth ON public.soft USING btree (name)$nulls_not_distinct WHERE (deleted_at IS NULL)" "$(index_of soft_name_berth)"
check '... of which no constraint is made' equal 0 "$(sql "select count(*) from pg_constraint where conname = 'soft_name_berth'")"
check 'a row that does not count may be there' sql "insert into soft values (9, 'a', now())"
check '... and not become one that does' complains 1 soft_name_berth psql -Xq -v ON_ERROR_STOP=1 -c 'update soft set deleted_at = null where id = 9'
while IFS='|' read -r options code text; do
	read -ra words <<<"$options"
	check "--live $options" refuses "$code" berth dedupe fix --table soft "${words[@]}"
	check '... says why' grep -q "$text" "$TMPDIR/stderr"
done <<'END'
--key name --live id|invalid_input|is never NULL
--key name --live name|invalid_input|is a part of the key
--key name --live nowhere|not_found|no column nowhere
--key name --live a,b|invalid_input|unexpected ',b'
END
check '--live needs a table' refuses invalid_input berth dedupe check --live deleted_at

# --- keys without case ---------------------------------------------------------------

cased() {
	sql "drop table if exists cased;
		create table cased (id int primary key, name varchar(20), space text collate \"C\" not null, kind int not null, note text);
		insert into cased values (1, 'Web', 'ÄÖ', 1, 'x'), (2, 'WEB', 'äö', 1, 'y'), (3, 'web', 'ÄÖ', 1, 'x'), (4, 'web', 'ÄÖ', 2, 'x'), (5, 'Web', 'ÄÖ', 1, 'x'),
			(6, null, 'x', 1, 'x'), (7, '', 'X', 1, 'x'), (8, 'weB ', 'x', 1, 'x')"
}
cased
check 'case does not matter' finds '{"kind": 1, "name": "web", "space": "ÄÖ"} 3 false 5 fold' --table cased --key name,space,kind --fold name
check '... nor in two columns, by each one'\''s collation' finds '{"kind": 1, "name": "web", "space": "ÄÖ"} 3 false 5 fold' --table cased --key name,space,kind --fold name,space
check '... and NULL as empty' finds '{"kind": 1, "name": "", "space": "x"} 2 false 7 fold; {"kind": 1, "name": "web", "space": "ÄÖ"} 3 false 5 fold' \
	--table cased --key name,space,kind --fold name,space --null-as-empty name
check '... and cut' finds '{"kind": 1, "name": "web", "space": "ÄÖ"} 3 false 5 fold' --table cased --key name,space,kind --fold name --trim name:4
unset_key cased name
fixes_and_undoes '1 2 0 0 cased_name_space_kind_berth' cased --key name,space,kind --fold name
cased
fixes_and_undoes '2 3 0 0 cased_name_space_kind_berth' cased --key name,space,kind --fold name,space --null-as-empty name
unset_key cased name
check 'fixed for good' exits 0 berth dedupe fix --table cased --key name,kind --fold name --constraint '"One ""case"""'
check '... by an index of the expression' equal \
	'CREATE UNIQUE INDEX "One ""case""" ON public.cased USING btree (lower((name)::text), kind)'"$nulls_not_distinct" "$(index_of '"One ""case"""')"
check 'another case is a duplicate' complains 1 'One "case"' psql -Xq -v ON_ERROR_STOP=1 -c "insert into cased values (20, 'wEb', 'x', 1)"
sql "create schema evil; create function evil.lower(text) returns text language plpgsql immutable as 'begin raise ''evil''; end';
	create table mails (id int primary key, email text, gone date); insert into mails values (1, 'A@x', null), (2, 'a@X', null), (3, 'a@x', '2026-01-01');
	alter database \"$PGDATABASE\" set search_path = evil, pg_catalog, public;
	create collation mine (provider = icu, locale = 'und'); create table own (id int primary key, name text collate mine, n int)"
unset_key mails email
fixes_and_undoes '1 1 0 0 mails_email_berth' mails --key email --fold email --live gone
check 'together, and no function but the server'\''s' equal "CREATE UNIQUE INDEX mails_email_berth ON public.mails USING btree (lower(email))$nulls_not_distinct WHERE (gone IS NULL)" \
	"$(berth dedupe fix --table mails --key email --fold email --live gone >/dev/null && psql -XqAtc 'set search_path = pg_catalog' -c "select pg_get_indexdef('public.mails_email_berth'::regclass)")"
sql 'create table whole (id int primary key, k int not null unique, gone date)'
check 'an index of all rows is as good' answers "concat_ws(' ', coalesce(d->>'run', 'none'), d->>'constraint')" 'none whole_k_key' \
	berth dedupe fix --table whole --key k --live gone --json
sql "alter database \"$PGDATABASE\" reset search_path"
check 'a collation of somebody'\''s' refuses precondition_failed berth dedupe fix --table own --key name --fold name
check 'a number has no case' refuses invalid_input berth dedupe fix --table own --key name,n --fold n
check 'nor has a column that is not of the key' refuses invalid_input berth dedupe fix --table own --key n --fold name

# --- what identifies a row -----------------------------------------------------------

pairs() {
	sql "drop table if exists pairs; create table pairs (a int, b text, k text, note text, primary key (a, b));
		insert into pairs values (1, 'x', 'k', 'n'), (1, 'y,\"', 'k', 'n'), (2, 'x', null, 'n'), (2, 'y', null, 'n')"
}
pairs
check 'a key of two columns' finds '{"k": "k"} 2 false {"a": 1, "b": "y,\""} exact; {"k": null} 2 false {"a": 2, "b": "y"} exact' --table pairs --key k
unset_key pairs k
fixes_and_undoes '2 2 0 0 pairs_k_berth' pairs --key k
check 'the report names the survivor' answers "(select jsonb_agg(e order by e->'survivor') from jsonb_array_elements(d->'rows') e)" \
	'[{"rule": "lowest", "removed": {"a": 1, "b": "y,\"", "k": "k", "note": "n"}, "survivor": {"a": 1, "b": "x"}}, {"rule": "lowest", "removed": {"a": 2, "b": "y", "k": '"$unset_json"', "note": "n"}, "survivor": {"a": 2, "b": "x"}}]' \
	eval 'berth dedupe fix --table pairs --key k --survivor lowest --json >/dev/null; berth dedupe undo "$(sql "select id from berth.dedupe_run order by seq desc limit 1")" >/dev/null; berth dedupe fix --table pairs --key k --survivor lowest --json -n'
check 'dedupe show has each removed row and its survivor' exits 0 berth dedupe fix --table pairs --key k --survivor lowest
last=$(sql 'select id from berth.dedupe_run order by seq desc limit 1')
check '... in the order in which they went' answers "(select string_agg(concat_ws(' ', e->'removed'->>'b', e->'survivor', e->>'rule'), '; ' order by (e->>'seq')::int) from jsonb_array_elements(d) e)" \
	'y," {"a": 1, "b": "x"} lowest; y {"a": 2, "b": "x"} lowest' berth dedupe show "$last" --json
check '... the first one' answers 'jsonb_array_length(d)' 1 berth dedupe show "$last" --limit 1 --json
check '... and the next' answers "concat_ws(' ', jsonb_array_length(d), d->0->'removed'->>'b')" '1 y' berth dedupe show "$last" --after "$(json "d->0->>'seq'")" --json
check '... as a table' prints 'SURVIVOR' berth dedupe show "$last"
check 'a run that does not exist' exits 4 berth dedupe show 4f2c0a91-0000-4000-8000-00000000000a
check 'no id' exits 2 berth dedupe show last
check 'no rows' exits 2 berth dedupe show "$last" --limit 0
check 'still there after an undo' exits 0 berth dedupe undo "$last"
check '... all of them' answers 'jsonb_array_length(d)' 2 berth dedupe show "$last" --json
pairs
fixes_and_undoes '2 2 0 1 pairs_k_berth' pairs --key k --null-as-empty k
sql "create table placed (k int, note text, at timestamptz); insert into placed values (1, 'x', '2026-01-01'), (1, 'x', '2026-01-01'), (1, 'y', '2026-01-02'), (2, 'z', null), (null, 'z', null), (null, 'z', null)"
check 'rows are told apart by their place' finds '{"k": 1} 3 true (0,3) exact; {"k": null} 2 false (0,6) exact' --table placed --key k
unset_key placed k
fixes_and_undoes '2 3 1 0 placed_k_berth' placed --key k
sql "create table texts (k text, note text); insert into texts values ('', 'x'), (null, 'x')"
check 'NULL could not be put back' refuses precondition_failed berth dedupe fix --table texts --key k --null-as-empty k
check '... says what helps' grep -q 'row-id C' "$TMPDIR/stderr"
sql "update texts set note = 'y' where k is null"
fixes_and_undoes '1 1 0 1 texts_k_berth' texts --key k --null-as-empty k --row-id note
check 'columns that do not identify' refuses precondition_failed berth dedupe fix --table placed --key k --row-id k,note
check '... are named' grep -q 'columns k, note of table public.placed are NULL or the same' "$TMPDIR/stderr"

# --- children ------------------------------------------------------------------------

sql "create table parent (id int primary key, k int not null); create table son () inherits (parent); create table daughter () inherits (parent);
	insert into parent values (1, 1), (2, 1); insert into son values (3, 1); insert into daughter values (4, 1)"
check 'children that hold the same key' refuses precondition_failed berth dedupe fix --table parent --key k
check '... are all named' equal '["public.daughter", "public.son"]' "$(fault "d->'error'->'detail'->'tables'")"

# --- writers at the same time --------------------------------------------------------

# Each writer deletes softly, restores and inserts; a refused write is a duplicate and nothing else.
sql "create table busy (id int primary key generated always as identity, name text not null, gone timestamptz, note text);
	insert into busy (name, gone) select (array['Name', 'NAME', 'name'])[1 + i % 3] || i / 4, case when i % 5 = 0 then now() end from generate_series(1, 4000) i"
writes() {
	local i
	for ((i = 0; i < 4000; i++)); do
		case $((i % 4)) in
		0) echo "insert into busy (name) values ('nAme$((RANDOM % 1100))');" ;;
		1) echo "update busy set gone = now() where id = $((RANDOM % 4000 + 1));" ;;
		2) echo "update busy set gone = null where id = $((RANDOM % 4000 + 1));" ;;
		3) echo "begin; update busy set gone = now() where lower(name) = 'name$((i % 1000))' and gone is null; insert into busy (name) values ('Name$((i % 1000))'); commit;" ;;
		esac
	done
}
writers_start writes
check 'a fix while others write' exits 0 berth dedupe fix --table busy --key name --fold name --live gone --json
cp "$TMPDIR/stdout" "$TMPDIR/report"
writers_end
check '... leaves no duplicate' equal 0 "$(sql "select count(*) from (select from busy where gone is null group by lower(name) having count(*) > 1) x")"
check '... refuses only duplicates' equal '' "$(writers_failed '23505|25P02')"
check '... removed nothing that did not count' equal 0 "$(tests_json "(select count(*) from jsonb_array_elements(d->'rows') e where e->'removed'->>'gone' is not null)" "$(<"$TMPDIR/report")")"
check '... leaves nothing of its guard' equal 0 "$(sql "select (select count(*) from pg_trigger where tgname like 'berth_guard%') + (select count(*) from pg_class where relnamespace = 'berth_guard'::regnamespace)")"
check 'it is undone' exits 0 berth dedupe undo "$(sql "select id from berth.dedupe_run order by seq desc limit 1")"
check '... every removed row is back' equal 0 "$(sql "select count(*) from berth.dedupe_row d where run = (select id from berth.dedupe_run order by seq desc limit 1) and fields is not null
	and not exists (select from busy b where array[b.id::text, b.name, b.gone::text, b.note] is not distinct from d.fields)")"
check '... and can be fixed again' exits 0 berth dedupe fix --table busy --key name --fold name --live gone
check '... for all' equal 0 "$(sql "select count(*) from (select from busy where gone is null group by lower(name) having count(*) > 1) x")"
