/*
 * The columns that the views name: each belongs to the shape of the view, and has a type that a cell can
 * show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/text/column.h"
#include "ui/text/plain_json.h"
#include "ui/text/row.h"
#include "ui/console/list/view.h"

#define NOW (1000000 * TIME_SECOND)

/* A name that no member has, or a type that no cell shows, is a broken invariant. */
static void test_every_column(void **state) {
	const struct context facts = {.now = NOW};

	(void)state;
	for (size_t i = 0; views[i] != NULL; i++) {
		void *row = mem_new(1, views[i]->kind.shape->type->size);
		struct buf text = {0};
		size_t shown = 0;

		for (size_t k = 0; k < views[i]->column_count; k++) {
			const struct view_column *c = &views[i]->columns[k];

			assert_true(c->name == NULL || (c->text == NULL && c->draw == NULL));
			assert_true(
			    c->name != NULL || c->text != NULL || c->badge != NULL || c->draw != NULL);
			assert_non_null(view_title(views[i], k));
			if (c->name != NULL) {
				const struct column *column =
				    shape_column(views[i]->kind.shape, c->name).column;

				shown++;
				if (column->text != NULL || column->show != NULL) {
					continue; /* a function may ask for more of a row than zeros */
				}
				view_cell(views[i], k, row, &facts, &text);
			}
		}
		assert_true(shown > 0);
		buf_release(&text);
		free(row);
	}
}

static void test_every_member(void **state) {
	(void)state;
	for (size_t i = 0; views[i] != NULL; i++) {
		const struct list_kind *kind = &views[i]->kind;
		const struct row_type *type = kind->shape->type;
		void *row = mem_new(1, type->size);

		assert_true(
		    kind->id != NULL || (type->fields[0].type == FIELD_ID && type->fields[0].offset == 0));
		assert_false(row_differs(type, kind->changed, row, row));
		assert_null(view_pool(views[i], row));
		(void)list_key(kind, row);
		free(row);
	}
}

static void test_changes(void **state) {
	static const char *const watched[] = {
	    "used", "name", "status", "pending", "runs_out", "labels", NULL};
	const struct pool before = {.name = "a", .used = {"1"}, .status = POOL_OK};
	const struct pool same = {.name = "a", .used = {"1\0002"}, .labels = "", .warn = 1};
	const struct pool others[] = {{.name = "b", .used = {"1"}}, {.name = "a", .used = {"2"}},
	    {.name = "a", .used = {"1"}, .status = POOL_EXHAUSTED},
	    {.name = "a", .used = {"1"}, .pending = INT64_MIN},
	    {.name = "a", .used = {"1"}, .runs_out = TIME_NONE},
	    {.name = "a", .used = {"1"}, .labels = "{}"}};

	(void)state;
	assert_false(row_differs(&row_pool, watched, &before, &same));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_true(row_differs(&row_pool, watched, &before, &others[i]));
	}
}

static void cell(const struct view *view, const char *name, const void *row, const char *expected) {
	const struct context facts = {.now = NOW};
	struct buf text = {0};

	for (size_t i = 0; i < view->column_count; i++) {
		const struct view_column *c = &view->columns[i];

		if (strcmp(c->name != NULL ? c->name : c->title, name) == 0) {
			view_cell(view, i, row, &facts, &text);
			assert_string_equal(buf_text(&text), expected);
			buf_release(&text);
			return;
		}
	}
	fail_msg("%s has no column of %s", view->name, name);
}

/* Units of pools, in the six columns of a kind. */
static const struct {
	enum kind kind;
	const char *unit, *cell;
} units[] = {
    {KIND_IPV4, "/26", "v4 /26"},
    {KIND_IPV6, "/64", "v6 /64"},
    {KIND_IPV6, "/128", "v6/128"},
    {KIND_IPV6, "/0", "v6 /0"},
    {KIND_NUMBER, "64", "by 64"},
    {KIND_NUMBER, "999999", "by 999k"},
};

static void test_types(void **state) {
	const struct pool pool = {.name = "web", .kind = KIND_NUMBER, .free = {"1900000"}};
	const struct lease lease = {
	    .holder = "a b", .project = NULL, .labels = "{\"a\": \"b c\", \"d\": \"\"}"};
	const struct lease bare = {.labels = NULL};
	const struct dedupe_run run = {.removed = -12, .started = NOW - 7200 * TIME_SECOND};
	const struct dedupe_run never = {.removed = 0, .started = TIME_NONE};

	(void)state;
	cell(&view_pools, "name", &pool, "web");
	cell(&view_pools, "KIND", &pool, "number");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		cell(&view_pools, "KIND", &(struct pool){.kind = units[i].kind, .unit = units[i].unit},
		    units[i].cell);
	}
	cell(&view_pools, "free", &pool, "1.9M");
	cell(&view_leases, "holder", &lease, "a b");
	cell(&view_leases, "project", &lease, "");
	cell(&view_leases, "labels", &lease, "a=b c d=");
	cell(&view_leases, "labels", &bare, "");
	cell(&view_dedupe_runs, "removed", &run, "-12");
	cell(&view_dedupe_runs, "started", &run, "2h ago");
	cell(&view_dedupe_runs, "removed", &never, "0");
	cell(&view_dedupe_runs, "started", &never, "never");
}

static void test_plain(void **state) {
	static const struct {
		const char *json;
		const char *plain;
	} rows[] = {
	    {NULL, ""},
	    {"{}", ""},
	    {"[]", ""},
	    {"[\"a\", \"b c\"]", "a b c"},
	    {"{\"owner\": \"o\\u001b1\", \"tag\": null, \"n\": 1.5}", "owner=o\033"
								      "1 tag=null n=1.5"},
	    {"{\"a\": {\"b\": [1, \"x\"]}}", "a={\"b\":[1,\"x\"]}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf text = {0};

		plain_json(rows[i].json, &text);
		assert_string_equal(buf_text(&text), rows[i].plain);
		buf_release(&text);
	}
}

/* Sorted rows of a search that has stopped before its end are some of those that match. */
static void test_searched(void **state) {
	const struct search ended = {.reach = 0, .looked = 20, .rows = 20};
	const struct search stopped = {.reach = 7, .looked = 20, .rows = 100};
	struct answer answer = {.total = 12};

	(void)state;
	searched_read(&ended, &answer);
	assert_false(answer.at_least);
	assert_int_equal(answer.among, 0);
	searched_read(&stopped, &answer);
	assert_true(answer.at_least);
	assert_int_equal(answer.among, 12);
	assert_int_equal(answer.reach.key, 7);
	assert_int_equal(answer.reach.rows, 100);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_searched),
	    cmocka_unit_test(test_every_column),
	    cmocka_unit_test(test_every_member),
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
