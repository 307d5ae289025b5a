/*
 * Look-alikes: groups of texts, and their golden files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/err.h"
#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/screens/lookalike_rows.h"
#include "ui/console/app/app.h"
#include "ui/console/list/filter.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/diff.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Foreign text, some of it hostile. */
static const struct alike_text texts[] = {
    {.place = "holders", .text = "ci runner"},
    {.place = "holders", .text = "etl\xe2\x80\x8b-x"},
    {.place = "holders", .text = "web"},
    {.place = "holders", .text = "web "},
    {.place = "holders", .text = "Web"},
    {.place = "holders", .text = "etl-x"},
    {.place = "holders", .text = "\xd0\xbewner\033[31m"},
    {.place = "holders", .text = "owner[31m"},
    {.place = "label keys", .text = "team/Owner"},
    {.place = "label keys", .text = "team/owner"},
    {.place = "label keys", .text = "web"}, /* elsewhere it is another thing */
    {.place = "values of serial", .text = "0O12"},
    {.place = "values of serial", .text = "0012"},
    {.place = "values of serial", .text = "13"},
};

static struct rowset find(void) {
	const void *all[COUNT(texts)];

	for (size_t i = 0; i < COUNT(texts); i++) {
		all[i] = &texts[i];
	}
	return lookalike_groups_find(all, COUNT(texts));
}

static void release(struct rowset *found) {
	for (size_t i = 0; i < found->count; i++) {
		free(found->rows[i]);
	}
	free(found->rows);
}

/* Checks the groups that match a filter. */
static void groups_are(const char *text, const char *const *expected, size_t count) {
	struct rowset found = find();
	struct row_filter filter = {0};
	struct question q = {.filter = &filter, .view = &view_lookalikes};
	const void *rows[COUNT(texts)];
	struct err err = {0};

	assert_true(row_filter_parse(text, FILTER_LOOKALIKES, &filter, &err));
	for (size_t i = 0; i < found.count; i++) {
		rows[i] = found.rows[i];
	}
	assert_int_equal(loaded_filter(&q, rows, found.count), count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(((const struct lookalike_group *)rows[i])->texts, expected[i]);
	}
	row_filter_release(&filter);
	release(&found);
}

static void test_groups(void **state) {
	static const char *const all[] = {"[\"etl-x\",\"etl\xe2\x80\x8b-x\"]",
	    "[\"owner[31m\",\"\xd0\xbewner\\u001b[31m\"]", "[\"Web\",\"web\",\"web \"]",
	    "[\"team/Owner\",\"team/owner\"]", "[\"0012\",\"0O12\"]"};
	struct rowset found = find();
	const struct lookalike_group *group = found.rows[2];

	(void)state;
	assert_string_equal(group->place, "holders");
	assert_string_equal(group->why, "case, white space");
	assert_int_equal(group->count, 3);
	release(&found);
	groups_are("", all, 5);
	groups_are("!", all, 5);
	groups_are("OWN", (const char *const[]){all[1], all[3]}, 2); /* also by its skeleton */
	groups_are("serial", &all[4], 1);
	groups_are("!holders", &all[3], 2);
	groups_are("where=HOLDERS n>2", &all[2], 1);
	groups_are("group=team differ=case", &all[3], 1);
	groups_are("nothing", NULL, 0);
}

/* A group has the same id each time, and each has its own. */
static void test_ids(void **state) {
	struct rowset all = find();
	struct rowset one = find();

	(void)state;
	assert_true(id_equal(((const struct lookalike_group *)one.rows[4])->id,
	    ((const struct lookalike_group *)all.rows[4])->id));
	for (size_t i = 0; i < all.count; i++) {
		for (size_t k = 0; k < i; k++) {
			assert_false(id_equal(((const struct lookalike_group *)all.rows[i])->id,
			    ((const struct lookalike_group *)all.rows[k])->id));
		}
	}
	release(&all);
	release(&one);
}

static void start(struct app *app, bool ascii, bool cut) {
	struct rowset found = find();
	struct lookalike_group rows[8];
	struct document places = {.document = cut ? "[\"holders\", \"values of serial\\u202e\"]" : "[]"};

	for (size_t i = 0; i < found.count; i++) {
		rows[i] = *(const struct lookalike_group *)found.rows[i];
	}
	golden_start(app, ascii);
	golden_fill(app, &view_lookalikes, rows, found.count, (int64_t)found.count);
	rowset_copy(&app_pane_of(app, &view_lookalikes)->head[0], &row_document, &places, 1);
	app_pane_of(app, &view_lookalikes)->headed = true;
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	golden_type(app, "5");
	release(&found);
}

static void test_screen(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0, ascii != 0);
		golden_type(&app, "jj");
		golden_all(&app, "duplicates");
		golden_type(&app, "\r");
		golden(&app, "duplicates-open", 24, 80);
		app_release(&app);
	}
}

/* Expensive data is refreshed rarely, and not called stale for that. */
static void test_seldom(void **state) {
	struct app app;

	(void)state;
	start(&app, false, true);
	app_tick(&app, (struct moment){GOLDEN_NOW, GOLDEN_STEADY + 3 * APP_PERIOD});
	assert_false(app_stale(&app));
	app_tick(&app, (struct moment){GOLDEN_NOW, GOLDEN_STEADY + 3 * view_lookalikes.period});
	assert_true(app_stale(&app));
	app_release(&app);
}

/* Brackets in every width and both forms: a valid grid, however little room there is. */
static void test_marked(void **state) {
	(void)state;
	for (int columns = 0; columns < 40; columns++) {
		for (int ascii = 0; ascii < 2; ascii++) {
			struct grid *g = grid_new(2, columns, ascii != 0);
			struct pen p = pen_start(g, (struct rect){0, 1, 2, columns - 1});

			diff_text(&p, "a \xe7\x95\x8c\xd0\xbewner \033", "b  owner\xe7\x95\x8c");
			pen_break(&p);
			diff_text(&p, "", "x");
			pen_break(&p);
			diff_text(&p, "below", "the area");
			assert_true(grid_valid(g));
			grid_free(g);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_screen),
	    cmocka_unit_test(test_seldom),
	    cmocka_unit_test(test_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
