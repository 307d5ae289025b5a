#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/dedupe.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define LONG "a123456789b123456789c123456789d123456789e123456789f123456789xyz"

/* Texts for a table, a list of columns and a list of cuts, and their results. */
static void identifiers_are_read(void **state) {
	static const struct {
		const char *table, *key, *trim, *json;
	} cases[] = {
	    {"t", "a", NULL,
		"{\"schema\":null,\"table\":\"t\",\"key\":[\"a\"],\"values\":[],\"null_as_empty\":[],"
		"\"fold\":[],\"row_id\":[],\"trim\":{}"},
	    {"s.t", "a,b", "a:1",
		"{\"schema\":\"s\",\"table\":\"t\",\"key\":[\"a\",\"b\"],\"values\":[],\"null_as_empty\":[],"
		"\"fold\":[],\"row_id\":[],\"trim\":{\"a\":1}"},
	    {"S.My table", "A", NULL, "{\"schema\":\"S\",\"table\":\"My table\",\"key\":[\"A\"],"},
	    {"\"a.b\".\"c\"\"d\"", "\"x,y\",\"\"\"\"", "\"x,y\":63,z:2",
		"{\"schema\":\"a.b\",\"table\":\"c\\\"d\",\"key\":[\"x,y\",\"\\\"\"],\"values\":[],\"null_as_"
		"empty\":[],\"fold\":[],\"row_id\":[],\"trim\":{\"x,y\":63,\"z\":2}"},
	    {"\"t;--\"", "a'b", NULL, "{\"schema\":null,\"table\":\"t;--\",\"key\":[\"a'b\"],"},
	    {LONG, "a", NULL, "{\"schema\":null,\"table\":\"" LONG "\","},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dedupe_words words = {
		    .table = cases[i].table, .key = cases[i].key, .trim = cases[i].trim};
		struct buf ask = {0};
		struct err err = {0};

		if (!dedupe_ask(&words, &ask, &err)) {
			fail_msg("%s: %s", cases[i].table, err.message);
		}
		if (strncmp(buf_text(&ask), cases[i].json, strlen(cases[i].json)) != 0) {
			fail_msg("%s: %s", cases[i].table, buf_text(&ask));
		}
		buf_release(&ask);
	}
}

static void all_that_was_said_is_told(void **state) {
	struct dedupe_words words = {.table = "t",
	    .key = "a,b",
	    .order = "\"O\"",
	    .values = "v,w",
	    .row_id = "r,s",
	    .null_as_empty = "b",
	    .fold = "a,b",
	    .live = "gone",
	    .constraint = "\"Only one\"",
	    .survivor = DEDUPE_ABORT,
	    .repoint = true};
	struct buf ask = {0};
	struct err err = {0};

	(void)state;
	assert_true(dedupe_ask(&words, &ask, &err));
	assert_string_equal(buf_text(&ask), "{\"schema\":null,\"table\":\"t\",\"key\":[\"a\",\"b\"],"
					    "\"values\":[\"v\",\"w\"],\"null_as_empty\":[\"b\"],"
					    "\"fold\":[\"a\",\"b\"],\"row_id\":[\"r\",\"s\"],\"trim\":{},"
					    "\"order\":\"O\",\"live\":\"gone\",\"constraint\":\"Only one\","
					    "\"survivor\":\"abort\",\"repoint\":true}");
	buf_release(&ask);
}

static void what_is_wrong_is_named(void **state) {
	static const struct {
		const char *table, *key, *trim, *message;
	} cases[] = {
	    {"", "a", NULL, "table: a name must not be empty"},
	    {"s.", "a", NULL, "table: a name must not be empty"},
	    {".t", "a", NULL, "table: a name must not be empty"},
	    {"a.b.c", "a", NULL, "table: unexpected '.c' after a name"},
	    {"\"t", "a", NULL, "table: a double quote is not closed"},
	    {"\"t\"x", "a", NULL, "table: unexpected 'x' after a name"},
	    {"t\"x\"", "a", NULL, "table: unexpected '\"x\"' after a name"},
	    {"t,u", "a", NULL, "table: unexpected ',u' after a name"},
	    {LONG "x", "a", NULL, "table: a name of the database has at most 63 bytes"},
	    {"t\xff", "a", NULL, "table: not valid UTF-8: byte 0xFF at offset 1"},
	    {"t", "", NULL, "key: a name must not be empty"},
	    {"t", "a,", NULL, "key: a name must not be empty"},
	    {"t", ",a", NULL, "key: a name must not be empty"},
	    {"t", "a,b,a", NULL, "key: column \"a\" occurs twice"},
	    {"t", "a,\"a\"", NULL, "key: column \"a\" occurs twice"},
	    {"t", "a.b", NULL, "key: unexpected '.b' after a name"},
	    {"t", "a", "a", "trim: expected COLUMN:CHARACTERS"},
	    {"t", "a", "a:", "trim: '' is not a number of characters"},
	    {"t", "a", "a:0", "trim: '0' is not a number of characters"},
	    {"t", "a", "a:-1", "trim: '-1' is not a number of characters"},
	    {"t", "a", "a:5x", "trim: '5x' is not a number of characters"},
	    {"t", "a", "a:5,:3", "trim: a name must not be empty"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dedupe_words words = {
		    .table = cases[i].table, .key = cases[i].key, .trim = cases[i].trim};
		struct buf ask = {0};
		struct err err = {0};

		if (dedupe_ask(&words, &ask, &err)) {
			fail_msg("%s (%s) is taken: %s", cases[i].table, cases[i].key, buf_text(&ask));
		}
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_string_equal(err.message, cases[i].message);
		err_release(&err);
		buf_release(&ask);
	}
}

static void a_walk_ends_with_an_error_of_its_own(void **state) {
	struct dedupe_walk w = dedupe_undo((struct id){{1}});
	struct err err = {0};
	struct batch *b = dedupe_next(&w);

	(void)state;
	assert_int_equal(batch_steps(b), 2); /* the limits of the transaction, and the step */
	err_set(&err, ERR_NOT_FOUND, "gone");
	assert_int_equal(dedupe_take(&w, b, false, &err), DEDUPE_FAILED);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_release(&err);
	batch_free(b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(identifiers_are_read),
	    cmocka_unit_test(all_that_was_said_is_told),
	    cmocka_unit_test(what_is_wrong_is_named),
	    cmocka_unit_test(a_walk_ends_with_an_error_of_its_own),
	};

	return cmocka_run_group_tests_name("dedupe", tests, NULL, NULL);
}
