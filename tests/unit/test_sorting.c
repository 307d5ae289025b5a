/*
 * Sorting in the console: the menu, the same again, the cursor on its row, what keeps the order, rows that
 * are sorted here, and the window of a list that the server sorts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/order.h"
#include "model/pool.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/frame/draw.h"
#include "ui/console/list/row_sort.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/column.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define POOLS 60

static void make_pools(struct pool *pools, char names[POOLS][8]) {
	for (unsigned i = 0; i < POOLS; i++) {
		(void)snprintf(names[i], sizeof names[i], "p%02u", i);
		pools[i] = (struct pool){.id = golden_id(i + 1),
		    .name = names[i],
		    .space = "global",
		    .capacity = {"10"},
		    .used = {"1"},
		    .held_back = {"0"},
		    .free = {"9"},
		    .percent = 10,
		    .warn = 80,
		    .crit = 90,
		    .runs_out = TIME_NONE,
		    .sampled = TIME_NONE,
		    .full_since = TIME_NONE,
		    .week = "",
		    .labels = "{}"};
	}
}

static void press(struct app *app, int key) {
	app_key(app, &(struct key_event){.key = key});
}

static void sorted_by(struct app *app, const char *words) {
	const struct pane *pane = app_pane(app);
	struct buf text = {0};

	view_sort_words(pane->view, pane->sort, pane->reverse, &text);
	assert_string_equal(buf_text(&text), words);
	buf_release(&text);
}

static void test_menu(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;

	(void)state;
	make_pools(pools, names);
	golden_start(&app, false);
	golden_fill(&app, &view_pools, pools, POOLS, POOLS);
	sorted_by(&app, "runs-out");
	golden_type(&app, "o");
	assert_int_equal(app.mode, MODE_MENU);
	golden_dialog(&app, "sort_menu");
	golden_type(&app, "f");
	assert_int_equal(app.mode, MODE_LIST);
	sorted_by(&app, "free");
	golden_type(&app, "of");
	sorted_by(&app, "free reverse");
	assert_non_null(strstr(buf_text(&app.message), "sorted by free reverse"));
	golden_fill(&app, &view_pools, pools, POOLS, POOLS);
	golden(&app, "sort_reverse", 12, 80);
	golden_type(&app, "of");
	sorted_by(&app, "free");
	golden_type(&app, "on");
	sorted_by(&app, "name");
	golden_type(&app, "o");
	press(&app, KEY_CODE_ESCAPE);
	sorted_by(&app, "name");
	golden_type(&app, "o\r"); /* the cursor of the menu is on the sort of the list */
	sorted_by(&app, "name reverse");
	golden_type(&app, ":sort free --reverse\r");
	sorted_by(&app, "free reverse");
	golden_type(&app, ":sort free\r");
	sorted_by(&app, "free");
	golden_type(&app, ":pool list --sort size --reverse\r");
	sorted_by(&app, "size reverse");
	golden_type(&app, ":queue list --sort lag\r");
	sorted_by(&app, "lag");
	golden_type(&app, ":lease list --pool web --sort expires\r");
	sorted_by(&app, "expires");
	golden_type(&app, ":lease list --sort shoe\r");
	assert_non_null(strstr(app.rejected, "shoe"));
	app_release(&app);
}

/* Each tab and each place of the trail keeps its order. */
static void test_trail(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;

	(void)state;
	make_pools(pools, names);
	golden_start(&app, false);
	golden_fill(&app, &view_pools, pools, POOLS, POOLS);
	golden_type(&app, "osos3os1");
	sorted_by(&app, "space reverse");
	golden_type(&app, "\r");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	sorted_by(&app, "newest");
	golden_type(&app, "oho");
	press(&app, KEY_CODE_ESCAPE);
	sorted_by(&app, "holder");
	press(&app, KEY_CODE_BACKSPACE);
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	sorted_by(&app, "space reverse");
	golden_type(&app, "3");
	sorted_by(&app, "state");
	app_release(&app);
}

/* Answers with a page before the row that the question is about, and two after. */
static void answer_around(struct app *app, const struct pool *pools, size_t at, bool reverse) {
	struct pane *pane = app_pane(app);
	const void *rows[POOLS];
	size_t page = (size_t)pane->list.page;
	size_t first = at > page ? at - page : 0;
	size_t count = POOLS - first < 4 * page ? POOLS - first : 4 * page;
	struct list_fill fill = {.rows = rows,
	    .count = count,
	    .offset = (int64_t)first,
	    .more_above = first > 0,
	    .more_below = first + count < POOLS,
	    .jump = pane->list.jump,
	    .fresh = pane->fresh};

	for (size_t i = 0; i < count; i++) {
		rows[i] = &pools[reverse ? POOLS - 1 - first - i : first + i];
	}
	list_refresh(&pane->list, &fill, app->now.steady);
	pane->fresh = false;
}

static void test_cursor(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct id before;
	struct app app;
	struct list *list;
	size_t line;

	(void)state;
	make_pools(pools, names);
	golden_start(&app, false);
	app_layout(&app, 24, 80);
	list = &app_pane(&app)->list;
	answer_around(&app, pools, 0, false);
	golden_type(&app, "jjjjjjjjjjjjjjjjjjjjjjjj");
	before = list_current(list)->id;
	line = list->cursor - list->top;
	golden_type(&app, "onon");
	assert_int_equal(list->jump, JUMP_ROW);
	assert_true(app_pane(&app)->fresh);
	answer_around(&app, pools, POOLS - 1 - 24, true);
	assert_true(id_equal(list_current(list)->id, before));
	assert_int_equal(list->cursor - list->top, line);
	assert_int_equal(list->jump, JUMP_NONE);
	/* A move while the order is asked for: the answer is about another row, and is asked for again. */
	golden_type(&app, "onj");
	before = list_current(list)->id;
	assert_int_equal(list->jump, JUMP_ROW);
	list_refresh(list, &(struct list_fill){.jump = JUMP_ROW, .keep = golden_id(1), .fresh = true}, 0);
	assert_true(id_equal(list_current(list)->id, before));
	assert_int_equal(list->jump, JUMP_ROW);
	answer_around(&app, pools, 23, false);
	assert_true(id_equal(list_current(list)->id, before));
	golden_type(&app, "onG");
	assert_int_equal(list->jump, JUMP_LAST);
	answer_around(&app, pools, POOLS - 1, false);
	golden_type(&app, "ong");
	assert_int_equal(list->jump, JUMP_FIRST);
	answer_around(&app, pools, 0, false);
	golden_type(&app, "jjj");
	before = list_current(list)->id;
	/* The row may be gone, or not be among those that are sorted. */
	golden_type(&app, "of");
	answer_around(&app, pools, POOLS - 1, false);
	assert_int_equal(list->cursor, 0);
	assert_false(id_equal(list_current(list)->id, before));
	assert_true(list_valid(list));
	app_release(&app);
}

static void test_saved_words(void **state) {
	static const struct {
		const char *words;
		bool known;
		int sort;
		bool reverse;
	} cases[] = {{"free", true, POOL_BY_FREE, false}, {"free reverse", true, POOL_BY_FREE, true},
	    {"runs-out reverse", true, POOL_BY_RUNS_OUT, true}, {"reverse", false, 0, false},
	    {" reverse", false, 0, false}, {"", false, 0, false}, {"free  reverse", false, 0, false},
	    {"shoe reverse", false, 0, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int sort = -1;
		bool reverse = false;

		assert_int_equal(
		    view_sort_read(&view_pools, cases[i].words, &sort, &reverse), cases[i].known);
		assert_int_equal(sort, cases[i].known ? cases[i].sort : -1);
		assert_int_equal(reverse, cases[i].reverse);
	}
}

/* Each column that is shown has a sort, and each sort that names a column or member has it. Only the kind of
 * look-alikes is always the same. */
static void test_columns(void **state) {
	(void)state;
	for (size_t v = 0; views[v] != NULL; v++) {
		const struct view *view = views[v];

		for (size_t i = 0; i < view->column_count; i++) {
			const char *title = view_title(view, i);
			bool odd = view == &view_lookalikes && strcmp(title, "KIND") == 0;

			if (*title != '\0' && !odd && view_sort_of(view, i) < 0) {
				fail_msg("%s cannot be sorted by %s", view->name, title);
			}
		}
		for (int s = 0; view->sorts[s] != NULL; s++) {
			const struct view_order *order = &view->orders[s];
			size_t i = 0;

			while (order->column != NULL && i < view->column_count &&
			       strcmp(view_title(view, i), order->column) != 0) {
				i++;
			}
			if (i == view->column_count) {
				fail_msg("%s has no column %s", view->name, order->column);
			}
			if (order->member != NULL) {
				(void)row_field(view->kind.shape->type, order->member);
			}
		}
	}
}

/* --- rows that are sorted here --- */

static void rows_are(const char *member, bool falls, const char *expected) {
	static const struct resource rows[] = {{.name = "b", .used = {"9"}, .generation = 3, .created = 5},
	    {.name = "A", .used = {"10"}, .generation = 1, .created = TIME_NONE},
	    {.name = "", .used = {"100"}, .generation = 2, .created = 7},
	    {.name = "c", .used = {"9"}, .generation = 2, .created = TIME_NONE}};
	const struct field *field = member == NULL ? NULL : row_field(&row_resource, member);
	const void *sorted[COUNT(rows)];
	char text[COUNT(rows) + 1] = "";

	for (size_t i = 0; i < COUNT(rows); i++) {
		sorted[i] = &rows[i];
	}
	rows_sort(field, falls, sorted, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		text[i] = (char)('0' + ((const struct resource *)sorted[i] - rows));
	}
	assert_string_equal(text, expected);
}

static void test_rows(void **state) {
	(void)state;
	rows_are(NULL, false, "0123");
	rows_are(NULL, true, "3210");
	rows_are("name", false, "1032");
	rows_are("name", true, "3012");
	rows_are("used", false, "0312");
	rows_are("used", true, "2103");
	rows_are("generation", false, "1230");
	rows_are("generation", true, "0231");
	rows_are("created", false, "0213");
	rows_are("created", true, "2013");
	rows_sort(NULL, true, NULL, 0);
	rows_sort(row_field(&row_resource, "name"), true, NULL, 0);
}

/* --- the server's orders --- */

static void test_order_text(void **state) {
	struct buf text = {0};

	(void)state;
	order_text(NULL, "free", 0, 0, &text);
	assert_string_equal(
	    buf_text(&text), "{\"sort\":\"free\",\"reverse\":false,\"after\":null,\"keep\":null}");
	buf_cut(&text, 0);
	order_text(
	    &(struct order){.reverse = true, .after = "{}", .keep = "x\"", .before = 4}, "a", 3, 9, &text);
	assert_string_equal(buf_text(&text), "{\"sort\":\"a\",\"reverse\":true,\"after\":{},\"keep\":"
					     "\"x\\\"\",\"before\":4,\"skip\":3,\"most\":9}");
	buf_cut(&text, 0);
	order_row(&row_label_target,
	    &(struct label_target){.seq = 7,
		.kind = "pool",
		.target = "\"",
		.pool = "",
		.holder = "",
		.state = "",
		.labels = "{\"a\":\"b\"}"},
	    &text);
	assert_string_equal(buf_text(&text),
	    "{\"id\":null,\"seq\":7,\"kind\":\"pool\",\"target\":\"\\\"\",\"pool\":\"\",\"holder\":\"\","
	    "\"state\":\"\",\"labels\":{\"a\":\"b\"}}");
	buf_release(&text);
}

/* The windows of a list that is keyed are asked for, and their rows read, the other way round. */
static void test_windows(void **state) {
	static const struct {
		struct question q;
		struct window parts[2];
		size_t count;
	} cases[] = {{{.page = 10, .jump = JUMP_FIRST}, {{0, false, 31}}, 1},
	    {{.page = 10, .jump = JUMP_FIRST, .reverse = true}, {{-1, true, 31}}, 1},
	    {{.page = 10, .jump = JUMP_LAST}, {{-1, true, 31}}, 1},
	    {{.page = 10, .jump = JUMP_LAST, .reverse = true}, {{0, false, 31}}, 1},
	    {{.page = 10, .key = 5}, {{6, false, 31}, {5, true, 11}}, 2},
	    {{.page = 10, .key = 5, .reverse = true}, {{4, true, 31}, {5, false, 11}}, 2},
	    {{.page = 10, .key = 5, .jump = JUMP_ROW}, {{6, false, 31}, {5, true, 11}}, 2},
	    {{.page = 10, .key = 5, .after = true, .reverse = true}, {{5, true, 31}}, 1},
	    {{.page = 10, .from = 9, .reverse = true}, {{9, true, 31}}, 1}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct window parts[2] = {{0}};

		assert_int_equal(window_parts(&cases[i].q, parts), cases[i].count);
		for (size_t k = 0; k < cases[i].count; k++) {
			assert_int_equal(parts[k].after, cases[i].parts[k].after);
			assert_int_equal(parts[k].backwards, cases[i].parts[k].backwards);
			assert_int_equal(parts[k].limit, cases[i].parts[k].limit);
		}
	}
}

/* Where only some rows are sorted, the screen says so. */
static void test_among(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	golden_type(&app, "2oh");
	app_pane(&app)->among = 10000;
	app_pane(&app)->total = 10000;
	app_pane(&app)->at_least = true;
	golden(&app, "sort_among", 12, 80);
	assert_int_equal(app_period(app_pane(&app)), APP_SEARCH_PERIOD);
	app_release(&app);
}

/* Where the order is that of samples, the screen says so. */
static void test_sampled(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;

	(void)state;
	make_pools(pools, names);
	golden_start(&app, false);
	golden_fill(&app, &view_pools, pools, POOLS, POOLS);
	app_pane(&app)->sampled = app.now.wall - 200 * TIME_SECOND;
	golden(&app, "sort_sampled", 12, 80);
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_menu), cmocka_unit_test(test_trail),
	    cmocka_unit_test(test_cursor), cmocka_unit_test(test_saved_words), cmocka_unit_test(test_columns),
	    cmocka_unit_test(test_rows), cmocka_unit_test(test_order_text), cmocka_unit_test(test_windows),
	    cmocka_unit_test(test_among), cmocka_unit_test(test_sampled)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
