#!/usr/bin/env bash
# Duplicates in a user's table: found, removed by each rule, and put back unchanged.
. tests/lib.sh
. tests/lib/answers.sh
. tests/lib/server.sh

new_database

# Labels as Cloud Foundry stores them, and tables as they become: r1 has identical rows, r2 rows with different
# values, r3 NULL and '', r4 NULL twice, r5 keys that differ only at their ends.
labels() {
	sql "drop table if exists $1;
		create table $1 (id int primary key, guid uuid not null unique default gen_random_uuid(), resource_guid text not null,
			key_prefix text, key_name varchar(1000) not null, value text, created_at timestamp not null default now(), updated_at timestamp);
		insert into $1 (id, resource_guid, key_prefix, key_name, value, created_at, updated_at) values
			(11, 'r1', 'p', 'a', 'x', '2020-01-01', null), (12, 'r1', 'p', 'a', 'x', '2020-01-02', null),
			(21, 'r2', 'p', 'a', 'x', '2020-01-01', '2021-01-01'), (22, 'r2', 'p', 'a', 'y', '2020-01-02', null), (23, 'r2', 'p', 'a', 'y', '2020-01-02', null),
			(31, 'r3', null, 'a', 'x', '2020-01-01', null), (32, 'r3', '', 'a', 'x', '2020-01-01', null),
			(41, 'r4', null, 'b', '1', '2020-01-02', null), (42, 'r4', null, 'b', '1', '2020-01-01', null),
			(51, 'r5', 'p', repeat('k', 70) || '1', '1', '2020-01-01', null), (52, 'r5', 'p', repeat('k', 70) || '2', '1', '2020-01-01', null),
			(61, 'r6', 'p', 'single', '1', '2020-01-01', null), (62, 'r7', null, 'single', '1', '2020-01-01', null)"
}
key=(--key resource_guid,key_prefix,key_name)
rows() {
	sql "select string_agg(t::text, e'\n' order by t::text) from $1 t"
}
catalogue() {
	sql "select string_agg(c.oid::regclass || c.relkind::text || coalesce(i.indisvalid::text, ''), ' ' order by c.oid)
		|| (select count(*) from pg_trigger) || (select count(*) from pg_proc) from pg_class c left join pg_index i on i.indexrelid = c.oid where relnamespace in ('public'::regnamespace, 'berth_guard'::regnamespace)"
}
ids() {
	sql "select string_agg(id::text, ' ' order by id) from $1"
}
labels app_labels

# --- check -----------------------------------------------------------------------

found="(select string_agg(concat_ws(' ', e->'key'->>'resource_guid', e->>'rows', e->>'conflicting', e->>'values', e->>'survivor', e->>'collides'), '; '
	order by e->'key'->>'resource_guid') from jsonb_array_elements(d) e)"
finds() {
	local expected=$1
	shift
	run berth dedupe check "$@" --json
	[ "$status" -eq 1 ] && equal "$expected" "$(json "$found")" || tests_show 1
}
check 'berth itself has none' answers d '[]' berth dedupe check --json
check 'each kind is found' finds \
	'r1 2 false ["x"] 12 exact; r2 3 true ["x", "y"] 21 exact; r4 2 false ["1"] 41 exact' --table app_labels "${key[@]}"
check 'with NULL as empty' finds \
	'r1 2 false ["x"] 12 exact; r2 3 true ["x", "y"] 21 exact; r3 2 false ["x"] 32 null; r4 2 false ["1"] 41 exact' \
	--table public.app_labels "${key[@]}" --null-as-empty key_prefix
check 'and with texts cut' finds \
	'r1 2 false ["x"] 12 exact; r2 3 true ["x", "y"] 21 exact; r3 2 false ["x"] 32 null; r4 2 false ["1"] 41 exact; r5 2 false ["1"] 52 trim' \
	--table public.app_labels "${key[@]}" --null-as-empty key_prefix --trim key_name:63
check 'in the order of a column' finds 'r1 2 false ["x"] 12 exact; r2 3 true ["x", "y"] 21 exact; r4 2 false ["1"] 42 exact' \
	--table app_labels "${key[@]}" --order updated_at
check 'by other values' finds \
	'r1 2 true [{"id": "12", "value": "x"}, {"id": "11", "value": "x"}] 12 exact; r2 3 true [{"id": "21", "value": "x"}, {"id": "23", "value": "y"}, {"id": "22", "value": "y"}] 21 exact; r4 2 true [{"id": "41", "value": "1"}, {"id": "42", "value": "1"}] 41 exact' \
	--table app_labels "${key[@]}" --value id,value
check 'the key is shown as compared' equal '{"key_name": "a", "key_prefix": "p", "resource_guid": "r1"} public.app_labels' \
	"$(json "concat_ws(' ', d->0->>'key', d->0->>'table')")"
check 'as a table' eval 'exits 1 berth dedupe check --table app_labels "${key[@]}" && [[ $stdout == *"different values"* ]]'
check 'nothing found' answers d '[]' berth dedupe check --table app_labels --key id --json

# --- a dry run ---------------------------------------------------------------------

before=$(rows app_labels) catalogue=$(catalogue) print=$(fingerprint)
check 'a dry run reports the result' answers "concat_ws(' ', coalesce(d->>'run', 'none'), d->>'groups', d->>'removed', d->>'conflicting', d->>'rewritten', jsonb_array_length(d->'rows'))" \
	'none 4 5 1 2 5' berth dedupe fix --table app_labels "${key[@]}" --null-as-empty key_prefix -n --json
check '... each row' equal '11 12 newest' "$(json "concat_ws(' ', d->'rows'->0->'removed'->>'id', d->'rows'->0->>'survivor', d->'rows'->0->>'rule')")"
check '... and changes nothing' equal "$before$catalogue$print" "$(rows app_labels)$(catalogue)$(fingerprint)"

# --- each rule, and back -----------------------------------------------------------

fixes() {
	local left=$1
	shift
	run berth dedupe fix --table app_labels "${key[@]}" --null-as-empty key_prefix "$@" --json
	[ "$status" -eq 0 ] && fixed=$(json "d->>'run'") && equal "$left" "$(ids app_labels)" || tests_show "0, and $left"
}
while IFS='|' read -r -u 3 options left rewritten; do
	read -ra words <<<"$options"
	check "fix $options" fixes "$left" "${words[@]}"
	check '... its report' equal "app_labels_resource_guid_key_prefix_key_name_berth 4 5 1 ${rewritten} t ${options##* }" \
		"$(json "concat_ws(' ', d->>'constraint', d->>'groups', d->>'removed', d->>'conflicting', d->>'rewritten',
			(d->>'longest_write_block_ms')::numeric >= 0, d->'rows'->0->>'rule')")"
	check '... a duplicate is refused' complains 1 'app_labels_resource_guid_key_prefix_key_name_berth' psql -Xq -v ON_ERROR_STOP=1 \
		-c "insert into app_labels (id, resource_guid, key_prefix, key_name) values (99, 'r3', '', 'a')"
	check '... by a valid constraint' equal 'true true u' \
		"$(sql "select concat_ws(' ', i.indisvalid::text, i.indisunique::text, c.contype) from pg_constraint c join pg_index i on i.indexrelid = c.conindid where conname like 'app_labels%berth'")"
	check '... nothing else is left' equal '' "$(sql "select relname from pg_class where relname like 'berth_guard%' union all select tgname from pg_trigger join pg_class c on c.oid = tgrelid where not tgisinternal and relnamespace <> 'berth'::regnamespace")"
	check '... again there is nothing to do' answers "concat_ws(' ', coalesce(d->>'run', 'none'), d->>'groups', d->>'constraint')" \
		'none 0 app_labels_resource_guid_key_prefix_key_name_berth' berth dedupe fix --table app_labels "${key[@]}" --null-as-empty key_prefix --json
	check '... undone' answers "d->>'restored'" 5 berth dedupe undo "$fixed" --json
	check '... all of it' equal "$before$catalogue" "$(rows app_labels)$(catalogue)"
	check '... once' answers "d->>'restored'" 0 berth dedupe undo "$fixed" --json
done 3<<END
--survivor newest|12 21 32 41 51 52 61 62|2
--survivor oldest|11 22 31 42 51 52 61 62|3
--survivor lowest|11 21 31 41 51 52 61 62|3
--survivor highest|12 23 32 42 51 52 61 62|2
END
check 'by a column' fixes '11 21 31 42 51 52 61 62' --order created_at --survivor oldest
check '... undone' answers "d->>'restored'" 5 berth dedupe undo "$fixed" --json
check 'runs are listed' answers "concat_ws(' ', jsonb_array_length(d), d->0->>'state', d->0->>'removed', d->0->>'table', d->0->>'run' = '$fixed')" \
	'5 undone 5 public.app_labels t' berth dedupe runs --json
check '... as a table' prints app_labels berth dedupe runs
check 'a run is forgotten' exits 0 berth dedupe forget "$fixed"
check '... once' exits 4 berth dedupe forget "$fixed"
check '... and cannot be undone' exits 4 berth dedupe undo "$fixed"
check 'nothing of it is kept' equal 0 "$(sql "select count(*) from berth.dedupe_row where run = '$fixed'")"

# --- conflicts ---------------------------------------------------------------------

labels app_labels
unset_key app_labels key_prefix
before=$(rows app_labels) catalogue=$(catalogue)
check 'abort where values differ' refuses conflict berth dedupe fix --table app_labels "${key[@]}" --survivor abort
check '... changes nothing' equal "$before$catalogue" "$(rows app_labels)$(catalogue)"
sql "update app_labels set value = 'x' where resource_guid = 'r2'"
id=77777777-7777-4777-8777-777777777777
check 'abort where values are equal' answers "concat_ws(' ', d->>'run', d->>'groups', d->>'removed', d->>'conflicting', d->'rows'->0->>'rule')" "$id 3 4 0 identical" \
	berth dedupe fix --table app_labels "${key[@]}" --survivor abort --constraint '"Only one"' --id $id --json
check '... with the given name' equal 1 "$(sql "select count(*) from pg_constraint where conname = 'Only one'")"
check 'the same id again is its report' answers "concat_ws(' ', d->>'run', d->>'removed', jsonb_array_length(d->'rows'))" "$id 4 4" \
	berth dedupe fix --table app_labels "${key[@]}" --survivor abort --constraint '"Only one"' --id $id --json
check 'another request with it' refuses id_conflict berth dedupe fix --table app_labels "${key[@]}" --id $id
null_is_equal() {
	complains 1 'Only one' psql -Xq -v ON_ERROR_STOP=1 \
		-c "insert into app_labels (id, resource_guid, key_prefix, key_name) values (98, 'r4', $unset, 'b')" || return 1
	server_since 15 || {
		labels nullable && refuses precondition_failed berth dedupe fix --table nullable "${key[@]}" &&
			grep -q 'every NULL for another one' "$TMPDIR/stderr"
	}
}
check 'NULL is equal to NULL, or refused' null_is_equal

# --- rows added since, and rows in the way -----------------------------------------

sql "insert into app_labels (id, resource_guid, key_prefix, key_name) values (97, 'new', $unset, 'b'), (42, 'taken', 'p', 'b')"
check 'a row in the way is named' complains 5 '(id)=(42)' berth dedupe undo $id
check '... it is not undone' answers "d->0->>'state'" undoing berth dedupe runs --json
check '... and cannot be forgotten' refuses conflict berth dedupe forget $id
sql "delete from app_labels where id = 42"
check 'the undo succeeds once the row is gone' answers "d->>'restored'" 4 berth dedupe undo $id --json
check 'added rows stay' equal '11 12 21 22 23 31 32 41 42 51 52 61 62 97' "$(ids app_labels)"

# --- null as empty -----------------------------------------------------------------

labels app_labels
check 'a column that still takes NULL is reported' complains 0 'NULL may still be written to key_prefix' \
	berth dedupe fix --table app_labels "${key[@]}" --null-as-empty key_prefix
check 'no NULL is left' equal 0 "$(sql 'select count(*) from app_labels where key_prefix is null')"
sql "insert into app_labels (id, resource_guid, key_prefix, key_name) values (96, 'r3', null, 'a')"
check 'a NULL that came later' answers "concat_ws(' ', d->>'groups', d->>'removed', d->>'rewritten', d->>'constraint')" \
	'1 1 1 app_labels_resource_guid_key_prefix_key_name_berth' berth dedupe fix --table app_labels "${key[@]}" --null-as-empty key_prefix --json
second=$(json "d->>'run'")
check '... undone, the constraint stays' answers "d->>'restored'" 1 berth dedupe undo "$second" --json
check '... which it has not attached' equal 1 "$(sql "select count(*) from pg_constraint where conname like 'app_labels%berth'")"

# --- byte for byte -----------------------------------------------------------------

sql 'create type mood as enum ($$so so$$, $$good$$); create type pair as (a int, b text); create domain short as text check (length(value) < 9);
	create schema "odd ""schema"""; create table "odd ""schema"""."My table" ("row id" int primary key, "k 1" text not null, "k""2" float8,
		j json, jb jsonb, b bytea, f float4, n numeric, a int[], aa text[], t timestamptz, i interval, c char(7), m mood, p pair, s short, r numrange,
		x xml, bits varbit, ip inet, money money, twice int generated always as ("row id" * 2) stored, o oid, gone int, "char" "char");
	alter table "odd ""schema"""."My table" drop column gone'
odd='"odd ""schema"""."My table"'
sql "insert into $odd (\"row id\", \"k 1\", \"k\"\"2\", j, jb, b, f, n, a, aa, t, i, c, m, p, s, r, x, bits, ip, money, o, \"char\")
	select g, 'k', case when g % 2 = 0 then 'nan'::float8 else case g when 1 then 0.0 else -0.0::float8 end end, '{\"b\" : 1,  \"a\": [1.0 ]}', '{\"n\": 1.500}', '\\x00ff5c27', 'nan',
		1.50000::numeric(20,5), '[2:3]={7,null}', array['a \"b\"', null, 'null', ''], '1890-01-01 00:00:00.000001+00', '1 mon -2 days 03:04:05.000006', 'ab ', 'so so',
		row(null, 'x,\"y')::pair, 'dom', '(,1.50]', '<a>&amp;</a>', '10110', '10.0.0.1/8', 12.34, 4294967295, 'c'
	from generate_series(1, 6) g"
sql "insert into $odd (\"row id\", \"k 1\") values (7, ''), (8, '')"
unset_key "$odd" '"k""2"'
before=$(rows "$odd")
check 'odd names and types' answers "concat_ws(' ', d->>'groups', d->>'removed', d->>'constraint')" '3 5 My table_k 1_k"2_berth' \
	berth dedupe fix --table "$odd" --key '"k 1","k""2"' --json
check '... a row as it was' equal '{"a": [1.0], "b": 1} NaN [7, null] 2' "$(json "concat_ws(' ', d->'rows'->0->'removed'->>'j', d->'rows'->0->'removed'->>'f',
	d->'rows'->0->'removed'->>'a', (d->'rows'->0->'removed'->>'twice')::int / (d->'rows'->0->'removed'->>'row id')::int)")"
check '-0 is 0 and NaN is NaN' equal '5 6 8' "$(sql "select string_agg(\"row id\"::text, ' ' order by 1) from (select \"row id\" from $odd order by 1) x")"
odd_run=$(json "d->>'run'")
check '... undone' answers "d->>'restored'" 5 env PGTZ=Asia/Kolkata PGOPTIONS='-c datestyle=german -c intervalstyle=sql_standard -c bytea_output=escape -c extra_float_digits=0' \
	"$BERTH" dedupe undo "$odd_run" --json
check '... byte for byte' equal "$before" "$(rows "$odd")"

# --- refusals ----------------------------------------------------------------------

labels app_labels
unset_key app_labels key_prefix
sql "create view v as select * from app_labels; create table parts (id int, k int) partition by list (id); create table keyless (id int, k int not null);
	insert into keyless values (1, 1), (1, 1); create table taken (id int primary key, k int not null); create index taken_k_berth on taken (k);
	create table wide (id int primary key, k text not null); insert into wide select g, string_agg(md5(i::text), '') from generate_series(1, 2) g, generate_series(1, 100) i group by g;
	create table jsons (id int primary key, k json); create table children (id int primary key, label uuid constraint child_label references app_labels (guid) on delete cascade)"
sql "insert into children select 1, guid from app_labels where id = 11"
table_of_refusals <<END
dedupe fix --table app_labels --key resource_guid --trim key_name:5 | invalid_input | --trim
dedupe fix --table app_labels | invalid_input | --key
dedupe fix --key a | invalid_input | --key: only together with --table
dedupe check --order a | invalid_input | --order: only together with --table
dedupe check --table app_labels --key nope | not_found | has no column nope
dedupe check --table app_labels --key ID | not_found | has no column
dedupe check --table app_labels --key '"resource_guid",nope' | not_found | has no column nope
dedupe check --table nope --key id | not_found | table nope does not exist
dedupe check --table nope.app_labels --key id | not_found | table nope.app_labels does not exist
dedupe check --table '"app_labels; drop table app_labels"' --key id | not_found | does not exist
dedupe check --table 'a.b.c' --key id | invalid_input | after a name
dedupe check --table '"app' --key id | invalid_input | a double quote is not closed
dedupe check --table '' --key id | invalid_input | --table
dedupe check --table app_labels --key id,,value | invalid_input | a name must not be empty
dedupe check --table app_labels --key id,id | invalid_input | occurs twice
dedupe check --table app_labels --key id --row-id nope | not_found | has no column nope
dedupe check --table app_labels --key id --order nope | not_found | has no column nope
dedupe check --table app_labels --key id --value nope | not_found | has no column nope
dedupe check --table app_labels --key id --null-as-empty id | invalid_input | texts
dedupe check --table app_labels --key key_name --null-as-empty key_prefix | invalid_input | texts
dedupe check --table app_labels --key key_name --trim key_name | invalid_input | COLUMN:CHARACTERS
dedupe check --table app_labels --key key_name --trim key_name:0 | invalid_input | number of characters
dedupe check --table v --key id | invalid_input | a view
dedupe fix --table v --key id | invalid_input | a view
dedupe fix --table parts --key id | invalid_input | a partitioned table
dedupe fix --table pg_catalog.pg_class --key relname | invalid_input | catalogue
dedupe fix --table keyless --key k --row-id id | precondition_failed | identifies none
dedupe fix --table taken --key k | already_exists | taken_k_berth
dedupe fix --table app_labels --key resource_guid --constraint app_labels_pkey | already_exists | app_labels_pkey
dedupe fix --table wide --key k | precondition_failed | longer than
dedupe fix --table jsons --key k | precondition_failed | cannot be unique
dedupe fix --table app_labels --key resource_guid,key_prefix,key_name | in_use | constraint child_label
dedupe fix --table app_labels --key resource_guid,key_prefix,key_name -n | in_use | public.children
dedupe fix --table app_labels --key resource_guid --survivor best | invalid_input | --survivor
dedupe undo 77777777-7777-4777-8777-777777777770 | not_found | does not exist
dedupe forget 77777777-7777-4777-8777-777777777770 | not_found | no such dedupe run
dedupe undo 5 | invalid_input | is not the id of a run
END
check 'a kept reference is no obstacle' exits 0 berth dedupe fix --table app_labels "${key[@]}" --survivor lowest
check 'read-only' refuses read_only berth --read-only dedupe fix --table taken --key k --constraint w
check 'berth has its own constraints' answers "concat_ws(' ', d->0->>'constraint', d->1->>'constraint', jsonb_array_length(d))" 'annotation_pkey label_pkey 2' berth dedupe fix --json
check 'an equal constraint is enough' answers "concat_ws(' ', coalesce(d->>'run', 'none'), d->>'constraint')" 'none app_labels_pkey' \
	berth dedupe fix --table app_labels --key id --json
check 'doctor finds nothing' exits 0 berth doctor
