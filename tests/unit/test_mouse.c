/*
 * The mouse: the wheel, clicks on rows and titles, and that it confirms nothing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/pool.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"

#define POOLS 30

static void start(struct app *app, struct pool *pools, char names[POOLS][8]) {
	for (unsigned i = 0; i < POOLS; i++) {
		(void)snprintf(names[i], sizeof names[i], "p%02u", i);
		pools[i] = (struct pool){.id = golden_id(i + 1),
		    .name = names[i],
		    .space = "global",
		    .project = NULL,
		    .capacity = {"10"},
		    .used = {"1"},
		    .held_back = {"0"},
		    .free = {"9"},
		    .percent = 10,
		    .warn = 80,
		    .crit = 90,
		    .runs_out = TIME_NONE,
		    .labels = "{}"};
	}
	golden_start(app, false);
	app_layout(app, 24, 80);
	golden_fill(app, &view_pools, pools, POOLS, POOLS);
	app_layout(app, 24, 80);
}

static void point(struct app *app, enum mouse_button button, int row, int column) {
	app_key(
	    app, &(struct key_event){.key = KEY_CODE_MOUSE, .button = button, .row = row, .column = column});
}

static size_t cursor(struct app *app) {
	return app_pane_of(app, &view_pools)->list.cursor;
}

static void test_rows(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;
	int first;

	(void)state;
	start(&app, pools, names);
	first = app.shown.row;
	point(&app, MOUSE_CLICK, first + 4, 10);
	assert_int_equal(cursor(&app), 4);
	point(&app, MOUSE_CLICK, 0, 10);
	point(&app, MOUSE_CLICK, 23, 10);
	point(&app, MOUSE_CLICK, -1, -1);
	point(&app, MOUSE_CLICK, 9999, 9999);
	point(&app, MOUSE_NONE, first, 10);
	assert_int_equal(cursor(&app), 4);
	point(&app, MOUSE_DOWN, first, 10);
	assert_int_equal(cursor(&app), 7);
	point(&app, MOUSE_UP, 0, 0);
	point(&app, MOUSE_UP, 0, 0);
	point(&app, MOUSE_UP, 0, 0);
	assert_int_equal(cursor(&app), 0);
	assert_true(list_valid(&app_pane(&app)->list));
	app_release(&app);
}

static void test_titles(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;
	int title;

	(void)state;
	start(&app, pools, names);
	title = app.shown.row - 1;
	point(&app, MOUSE_CLICK, title, 30);
	assert_string_equal(view_pools.sorts[app_pane(&app)->sort], "free");
	assert_false(app_pane(&app)->reverse);
	point(&app, MOUSE_CLICK, title, 30);
	assert_true(app_pane(&app)->reverse);
	point(&app, MOUSE_CLICK, title, 50); /* the bar has no title: the column before it */
	assert_string_equal(view_pools.sorts[app_pane(&app)->sort], "percent");
	assert_false(app_pane(&app)->reverse);
	point(&app, MOUSE_CLICK, title, 4);
	assert_string_equal(view_pools.sorts[app_pane(&app)->sort], "name");
	point(&app, MOUSE_CLICK, title, 76);
	assert_string_equal(view_pools.sorts[app_pane(&app)->sort], "runs-out");
	point(&app, MOUSE_CLICK, title, 0); /* the gutter */
	assert_string_equal(view_pools.sorts[app_pane(&app)->sort], "runs-out");
	app_release(&app);
}

/* Clicks everywhere and turns the wheel; returns true when the mode and the requests are as before. */
static bool is_deaf(struct app *app) {
	enum mode mode = app->mode;

	for (int row = 0; row < 24; row++) {
		for (int column = 0; column < 80; column += 3) {
			point(app, MOUSE_CLICK, row, column);
			point(app, MOUSE_UP, row, column);
			point(app, MOUSE_DOWN, row, column);
		}
	}
	return app->mode == mode && app->requests.act == ACT_NONE && !app->requests.quit;
}

static void test_confirms_nothing(void **state) {
	struct pool pools[POOLS];
	char names[POOLS][8];
	struct app app;

	(void)state;
	start(&app, pools, names);
	golden_type(&app, "W");
	assert_int_equal(app.mode, MODE_UNLOCK);
	assert_true(is_deaf(&app));
	golden_type(&app, "PROD\r");
	assert_true(app_writable(&app));
	golden_type(&app, "a");
	assert_int_equal(app.mode, MODE_FORM);
	assert_true(is_deaf(&app));
	app_key(&app, &(struct key_event){.key = KEY_CODE_ESCAPE});
	golden_type(&app, "r");
	assert_int_equal(app.mode, MODE_PLAN);
	app.requests.act = ACT_NONE;
	assert_true(is_deaf(&app));
	app_key(&app, &(struct key_event){.key = KEY_CODE_ESCAPE});
	golden_type(&app, ":quit");
	assert_true(is_deaf(&app));
	app_key(&app, &(struct key_event){.key = KEY_CODE_ESCAPE});
	golden_type(&app, "/x");
	assert_true(is_deaf(&app));
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_titles),
	    cmocka_unit_test(test_confirms_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
