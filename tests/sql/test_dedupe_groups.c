/*
 * Duplicates as people read them: the rows of one group, examples, and the columns by which a row is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "db/conn/conn.h"
#include "model/alert.h"
#include "model/dedupe.h"
#include "model/queue.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

/* Returns the request; to be freed. */
static char *ask_for(struct dedupe_words words) {
	struct buf ask = {0};
	struct err err = {0};

	words.table = "public.things";
	assert_true(dedupe_ask(&words, &ask, &err));
	return buf_take(&ask);
}

static struct place *prepare(void **state, const char *sql) {
	struct place *p = *state;

	database_run(p->database,
	    "set client_min_messages = warning; drop schema if exists public cascade; create schema public");
	database_run(p->database, sql);
	return p;
}

/* Asks for the rows of a group: "id* ["2", "1"]; v ["x", "x"]", a star after columns that differ. */
static char *group(struct place *p, struct dedupe_words words, const char *key) {
	char *ask = ask_for(words);
	struct batch *b = batch_new(BATCH_READ);
	struct buf text = {0};

	dedupe_group_add(b, ask, key);
	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct duplicate_column *column = batch_row(b, 0, i);

		assert_int_equal(column->is_id, strcmp(column->column, "id") == 0);
		buf_printf(&text, "%s%s%s %s", i == 0 ? "" : "; ", column->column, column->differs ? "*" : "",
		    column->values);
	}
	batch_free(b);
	free(ask);
	return buf_take(&text);
}

static void is(char *text, const char *wanted) {
	assert_string_equal(text, wanted);
	free(text);
}

/* Returns the words of a step, each after a blank. */
static char *words_of(const struct batch *b, size_t step) {
	struct buf text = {0};

	for (size_t i = 0; i < batch_count(b, step); i++) {
		buf_printf(&text, " %s", ((const struct word *)batch_row(b, step, i))->word);
	}
	return buf_take(&text);
}

/* A table is found by its name or with its schema, and completed with the schema. */
static void tables_and_columns_are_named(void **state) {
	struct place *p = prepare(state,
	    "create table public.things (id int primary key, app text, area text); create table public.tasks "
	    "(id int);"
	    "create schema if not exists side; create table if not exists side.things (other int);"
	    "create or replace view public.thinned as select 1 as one");
	struct batch *b = batch_new(BATCH_READ);

	dedupe_tables_add(b, "", 10);
	dedupe_tables_add(b, "th", 10);
	dedupe_tables_add(b, "public.ta", 10);
	dedupe_tables_add(b, "berth.", 10);
	dedupe_columns_add(b, "tasks", "", 10);
	dedupe_columns_add(b, "side.things", "", 10);
	dedupe_columns_add(b, "a.b.c", "", 10);
	client_run(p->conn, b);
	is(words_of(b, 0), " public.tasks public.things side.things");
	is(words_of(b, 1), " public.things side.things");
	is(words_of(b, 2), " public.tasks");
	is(words_of(b, 3), "");
	is(words_of(b, 4), " id");
	is(words_of(b, 5), " other");
	is(words_of(b, 6), "");
	batch_free(b);
	database_run(p->database, "drop schema side cascade");
}

/* The console reads its alerts and commands in the transaction that looks for duplicates. */
static void views_can_be_read_after_it(void **state) {
	struct place *p = prepare(state, "create table public.things (id int primary key, a text); insert "
					 "into public.things values (1, 'k'), (2, 'k')");
	char *ask = ask_for((struct dedupe_words){.key = "a"});
	struct batch *b = batch_new(BATCH_READ);

	dedupe_check_add(b, ask);
	dedupe_group_add(b, ask, "{\"a\": \"k\"}");
	dedupe_examples_add(b, ask);
	alert_list_add(b, 10, NULL);
	queue_show_add(b, id_new());
	client_run(p->conn, b);
	assert_int_equal(batch_count(b, 0), 1);
	batch_free(b);
	free(ask);
}

static void a_group_has_the_survivor_first(void **state) {
	struct place *p = prepare(state,
	    "create table public.things (id int primary key, a text, v text, w text, updated_at date);"
	    "insert into public.things values (1, 'k', 'x', null, '2026-01-03'), (2, 'k', 'x', '', "
	    "'2026-01-02'),"
	    " (3, 'k', 'x', null, null), (4, 'other', 'y', 'y', null)");

	is(group(p, (struct dedupe_words){.key = "a"}, "{\"a\": \"k\"}"),
	    "id* [\"1\", \"2\", \"3\"]; w* [null, \"\", null]; updated_at* [\"2026-01-03\", \"2026-01-02\", "
	    "null]; "
	    "a [\"k\", \"k\", \"k\"]; v [\"x\", \"x\", \"x\"]");
	is(group(p, (struct dedupe_words){.key = "a", .survivor = DEDUPE_HIGHEST}, "{\"a\": \"k\"}"),
	    "id* [\"3\", \"2\", \"1\"]; w* [null, \"\", null]; updated_at* [null, \"2026-01-02\", "
	    "\"2026-01-03\"]; "
	    "a [\"k\", \"k\", \"k\"]; v [\"x\", \"x\", \"x\"]");
	is(group(p, (struct dedupe_words){.key = "a"}, "{\"a\": \"gone\"}"), "");
	is(group(p, (struct dedupe_words){.key = "a"}, "{\"a\": null}"), "");
}

/* Rows can be equal and written in different ways; the key is written as the survivor's. */
static void equal_keys_may_be_written_differently(void **state) {
	struct place *p = prepare(state, "create table public.things (id int primary key, a numeric, v text);"
					 "insert into public.things values (1, 1.0, 'x'), (2, 1.00, 'x'), "
					 "(3, 2, 'x'), (4, null, 'x'), (5, null, 'y')");

	is(group(p, (struct dedupe_words){.key = "a"}, "{\"a\": 1.00}"),
	    "id* [\"2\", \"1\"]; a* [\"1.00\", \"1.0\"]; v [\"x\", \"x\"]");
	is(group(p, (struct dedupe_words){.key = "a"}, "{\"a\": null}"),
	    "id* [\"5\", \"4\"]; v* [\"y\", \"x\"]; a [null, null]");
}

static void null_and_empty_can_be_one_key(void **state) {
	struct place *p = prepare(state, "create table public.things (id int primary key, a text, v text);"
					 "insert into public.things values (1, null, 'x'), (2, '', 'x')");

	is(group(p, (struct dedupe_words){.key = "a", .null_as_empty = "a"}, "{\"a\": \"\"}"),
	    "id* [\"2\", \"1\"]; a* [\"\", null]; v [\"x\", \"x\"]");
}

/* Six rows are shown, and 200 characters of each value; what is cut off still counts. */
static void a_group_is_bounded(void **state) {
	struct place *p =
	    prepare(state, "create table public.things (id int primary key, a int, v text, w text);"
			   "insert into public.things select i, 1, repeat('\xc3\xa4', 300) || (i > 1), case "
			   "i when 1 then 'odd' end"
			   " from generate_series(1, 1000) i");
	char *text = group(p, (struct dedupe_words){.key = "a"}, "{\"a\": 1}");

	assert_non_null(strstr(text, "id* [\"1000\", \"999\", \"998\", \"997\", \"996\", \"995\"]; v* "));
	assert_non_null(strstr(text, "; w* [null, null, null, null, null, null]; a ["));
	assert_non_null(strstr(text, "\xc3\xa4...\""));
	assert_in_range(strlen(text), 6 * 400, 6 * 400 + 400);
	free(text);
}

static void a_key_is_an_object(void **state) {
	struct place *p = prepare(state, "create table public.things (id int primary key, a int)");
	char *ask = ask_for((struct dedupe_words){.key = "a"});
	static const char *const keys[] = {"7", "[]", "null", "\"x\""};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct batch *b = batch_new(BATCH_READ);
		struct err err = {0};

		dedupe_group_add(b, ask, keys[i]);
		assert_false(client_try(p->conn, b, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		err_release(&err);
		batch_free(b);
	}
	free(ask);
}

/* The examples are whole groups as the check finds them, and at most 50. */
static void examples_are_whole_groups(void **state) {
	struct place *p = prepare(state,
	    "create table public.things (id int primary key, a int, v text, created_at timestamp default "
	    "now());"
	    "insert into public.things select i, i % 1000, 'x' from generate_series(1, 3000) i;"
	    "insert into public.things values (3001, 7, 'other')");
	char *ask = ask_for((struct dedupe_words){.key = "a"});
	struct batch *b = batch_new(BATCH_DRY);
	const struct dedupe_rule *rule;

	dedupe_rule_add(b, ask);
	dedupe_examples_add(b, ask);
	client_run(p->conn, b);
	rule = batch_row(b, 0, 0);
	assert_string_equal(rule->orders, "[\"created_at\"]");
	assert_string_equal(rule->row_id, "id");
	assert_in_range(batch_count(b, 1), 1, 50);
	for (size_t i = 0; i < batch_count(b, 1); i++) {
		const struct duplicate *one = batch_row(b, 1, i);
		bool odd = strcmp(one->key, "{\"a\": 7}") == 0;

		assert_int_equal(one->rows, odd ? 4 : 3);
		assert_int_equal(one->conflicting, odd);
	}
	batch_free(b);
	free(ask);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(views_can_be_read_after_it),
	    cmocka_unit_test(tables_and_columns_are_named),
	    cmocka_unit_test(a_group_has_the_survivor_first),
	    cmocka_unit_test(equal_keys_may_be_written_differently),
	    cmocka_unit_test(null_and_empty_can_be_one_key),
	    cmocka_unit_test(a_group_is_bounded),
	    cmocka_unit_test(a_key_is_an_object),
	    cmocka_unit_test(examples_are_whole_groups),
	};

	return cmocka_run_group_tests_name("dedupe groups", tests, place_open, place_close);
}
