/*
 * The tour of the demo: its panel at every size, the ticks of its steps, and how it is closed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/alert.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/frame/frame.h"
#include "ui/console/terminal/grid.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct alert alert = {.rank = 1,
    .kind = ALERT_FULL_WAITING,
    .severity = SEVERITY_CRITICAL,
    .target = "pool/fra-edge-v4",
    .since = GOLDEN_NOW - GOLDEN_HOUR,
    .text = "fra-edge-v4: nothing free, 118 requests wait",
    .hint = "berth pool show fra-edge-v4 tells who holds the values",
    .count = 1};

static struct pool make_pool(unsigned n, const char *name) {
	return (struct pool){.id = golden_id(n),
	    .name = name,
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .capacity = {"256"},
	    .used = {"256"},
	    .held_back = {"0"},
	    .free = {"0"},
	    .percent = 100,
	    .status = POOL_EXHAUSTED,
	    .warn = 80,
	    .crit = 90,
	    .resources = 1,
	    .runs_out = TIME_NONE,
	    .runs_out_from = TIME_NONE,
	    .runs_out_by = TIME_NONE,
	    .sampled = GOLDEN_NOW - 30 * GOLDEN_DAY,
	    .full_since = TIME_NONE,
	    .week_end = GOLDEN_NOW - 7 * GOLDEN_HOUR,
	    .week = "1111222211112222333344445555",
	    .created = GOLDEN_NOW - 30 * GOLDEN_DAY,
	    .labels = "{}"};
}

static void start(struct app *app, bool ascii) {
	struct pool pools[] = {make_pool(1, "fra-edge-v4"), make_pool(2, "fra-mgmt")};
	struct lease leases[] = {golden_lease(11, "fra-edge-v4", "ci-runner-0041"),
	    golden_lease(12, "fra-edge-v4", "batch-nightly")};

	golden_start(app, ascii);
	app->tour.on = true;
	golden_fill(app, &view_pools, pools, COUNT(pools), COUNT(pools));
	golden_fill(app, &view_leases, leases, COUNT(leases), -1);
	golden_fill(app, &view_alerts, &alert, 1, -1);
}

static bool shows(struct app *app, int rows, int columns, const char *text) {
	struct grid *g = grid_new(rows, columns, false);
	struct buf screen = {0};
	bool found;

	app_layout(app, rows, columns);
	app_draw(app, g);
	assert_true(grid_valid(g));
	grid_text(g, &screen);
	found = strstr(buf_text(&screen), text) != NULL;
	buf_release(&screen);
	grid_free(g);
	return found;
}

static void test_panel(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "j");
		tour_did(&app.tour, TOUR_WORST);
		tour_did(&app.tour, TOUR_CAUSE);
		golden_all(&app, "tour");
		app_release(&app);
	}
}

static void test_other_screens(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "2");
	golden_all(&app, "tour-leases");
	app_release(&app);
}

static void test_help(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "?");
	golden_dialog(&app, "tour-help");
	assert_true(shows(&app, 24, 80, "Esc goes back to where you were."));
	golden_type(&app, "qj");
	assert_true(shows(&app, 24, 80, "see the worst, by name"));
	app_release(&app);
}

/* The search in the help counts the lines of the tour. */
static void test_help_search(void **state) {
	struct app app;
	int with;

	(void)state;
	start(&app, false);
	golden_type(&app, "?/suspend\r");
	with = app.help_top;
	app.tour.on = false;
	app.help_top = 0;
	golden_type(&app, "q?/suspend\r");
	assert_int_equal(with - app.help_top, frame_tour_lines(&(const struct app){.tour.on = true}));
	app_release(&app);
}

/* The line of the alerts is the same with and without the tour, at every size. */
static void test_alert_line(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	for (int rows = 1; rows <= 60; rows++) {
		for (int columns = 1; columns <= 210; columns += 19) {
			struct frame f = frame_make(rows, columns, false, false);
			struct grid *with = grid_new(rows, columns, false);
			struct grid *without = grid_new(rows, columns, false);

			app_layout(&app, rows, columns);
			app_draw(&app, with);
			app.tour.on = false;
			app_draw(&app, without);
			app.tour.on = true;
			assert_true(grid_valid(with));
			for (int row = 0; row < rows; row++) {
				bool free = row >= f.list.row + f.list.rows && row < f.message;

				assert_true(free || f.side || grid_row_equal(with, without, row));
			}
			if (f.message >= 0) {
				assert_true(grid_row_equal(with, without, f.message));
			}
			grid_free(with);
			grid_free(without);
		}
	}
	app_release(&app);
}

static void test_closed(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "/fra\r\033");
	assert_string_equal(app_pane(&app)->filter, "");
	assert_true(tour_shown(&app.tour)); /* Esc dropped the filter */
	golden_type(&app, "2\033");
	assert_true(tour_shown(&app.tour)); /* Esc went back */
	golden_type(&app, "\033");
	assert_false(tour_shown(&app.tour));
	assert_false(app.requests.quit);
	assert_true(shows(&app, 24, 80, "the tour is closed"));
	assert_false(shows(&app, 24, 80, "see the worst"));
	golden_type(&app, "?");
	assert_true(shows(&app, 24, 80, "see the worst"));
	golden_type(&app, "qq");
	assert_true(app.requests.quit);
	app_release(&app);
}

static void test_none(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	app.tour.on = false;
	golden_type(&app, "7");
	assert_false(app.tour.done[TOUR_WORST]);
	golden_type(&app, "1\033");
	assert_int_equal(app.message.len, 0);
	assert_false(shows(&app, 24, 80, "tour"));
	golden_type(&app, "?");
	assert_false(shows(&app, 24, 80, "see the worst"));
	app_release(&app);
}

static void test_ticks(void **state) {
	struct command command = {
	    .id = golden_id(7), .created = GOLDEN_NOW, .not_before = GOLDEN_NOW + 10 * TIME_SECOND};
	struct app app;

	(void)state;
	start(&app, false);
	assert_int_equal(tour_next(&app.tour), TOUR_WORST);
	golden_type(&app, "7");
	assert_int_equal(tour_next(&app.tour), TOUR_CAUSE);
	golden_type(&app, "\r");
	assert_int_equal(tour_next(&app.tour), TOUR_HOLDERS);
	golden_type(&app, "\r");
	assert_ptr_equal(app_shown(&app)->view, &view_leases);
	assert_int_equal(tour_next(&app.tour), TOUR_RELEASE);
	pending_add(&app.pending, &command, "release 31011", app.now.steady);
	app_tick(&app, app.now);
	assert_int_equal(tour_next(&app.tour), TOUR_UNDO);
	assert_true(shows(&app, 24, 80, "tour 5/5  u  undo it within 10 s"));
	tour_did(&app.tour, TOUR_UNDO);
	assert_int_equal(tour_next(&app.tour), TOUR_STEPS);
	assert_true(shows(&app, 24, 80, "tour: done"));
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_panel),
	    cmocka_unit_test(test_other_screens),
	    cmocka_unit_test(test_help),
	    cmocka_unit_test(test_help_search),
	    cmocka_unit_test(test_alert_line),
	    cmocka_unit_test(test_closed),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_ticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
