/*
 * The console's state over time: attempts with an unknown outcome, forms that
 * are left and opened again, screens that change their size; and the lines
 * around the list.
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
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "tests/lib/golden.h"
#include "ui/console/app/keymap.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/submit.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"

#define STEADY (1000 * TIME_SECOND)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FORM_ID "4f2c0a91-0000-4000-8000-000000000001"

static struct pool make_pool(unsigned char n, const char *name) {
	return (struct pool){.id = {{0x4f, [15] = n}},
	    .name = name,
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .addresses = {"10"},
	    .capacity = {"10"},
	    .used = {"10"},
	    .held_back = {"0"},
	    .free = {"0"},
	    .excluded = {"0"},
	    .percent = 100,
	    .status = POOL_EXHAUSTED,
	    .warn = 80,
	    .crit = 90,
	    .resources = 1,
	    .runs_out = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week = "",
	    .ttl = 7 * 24 * 3600 * TIME_SECOND,
	    .labels = "{}"};
}

/* Two full pools, and more below if requested. */
static void fill(struct app *app, bool more_below) {
	struct pool pools[] = {make_pool(1, "edge"), make_pool(2, "mgmt")};
	const void *rows[] = {&pools[0], &pools[1]};
	struct list_fill answer = {.rows = rows,
	    .count = 2,
	    .more_below = more_below,
	    .jump = app_pane_of(app, &view_pools)->list.jump};

	list_refresh(&app_pane_of(app, &view_pools)->list, &answer, app->now.steady);
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	app_pane_of(app, &view_pools)->fresh = false;
	app_pane_of(app, &view_pools)->total = more_below ? 1017 : 2;
}

static void start(struct app *app) {
	app_init(app, "PROD", false, false);
	app->link.up = true;
	app_tick(app, (struct moment){STEADY, STEADY});
	app_layout(app, 24, 80);
	fill(app, false);
}

static void type(struct app *app, const char *text) {
	for (; *text != '\0'; text++) {
		app_key(app, &(struct key_event){.key = (unsigned char)*text});
	}
}

/* Advances the time, and the data with it. */
static void later(struct app *app, int64_t span) {
	app_tick(app, (struct moment){app->now.wall + span, app->now.steady + span});
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
}

static bool shows(struct app *app, int rows, const char *text) {
	struct grid *g = grid_new(rows, 80, false);
	struct buf screen = {0};
	bool found;

	app_layout(app, rows, 80);
	app_draw(app, g);
	assert_true(grid_valid(g));
	grid_text(g, &screen);
	found = strstr(buf_text(&screen), text) != NULL;
	buf_release(&screen);
	grid_free(g);
	return found;
}

static bool says(const struct app *app, const char *text) {
	return strstr(buf_text(&app->message), text) != NULL;
}

/* Fills in the form and sends it. */
static void send(struct app *app) {
	type(app, "WPROD\ra");
	assert_int_equal(app->mode, MODE_FORM);
	assert_true(id_parse(FORM_ID, &app->form.id));
	type(app, "\rmira\r\r\ry");
	assert_true(app->requests.act);
	app->requests.act = false;
	app->form.busy = true;
}

static void attempt_fails(struct app *app, enum err_code code, const char *message) {
	struct in_flight in_flight = {.act = ACT_FORM};
	struct err err = {0};

	(void)err_set(&err, code, "%s", message);
	refresh_failed(app, &in_flight, &err);
	err_release(&err);
}

static void test_unknown_outcome(void **state) {
	static const enum err_code codes[] = {ERR_OUTCOME_UNKNOWN, ERR_UNAVAILABLE, ERR_TIMEOUT};

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		struct app app;

		start(&app);
		send(&app);
		attempt_fails(&app, codes[i], "the server went away; and so on");
		assert_string_equal(buf_text(&app.message), "the server went away");
		for (int rows = 8; rows <= 24; rows += 4) {
			assert_true(
			    shows(&app, rows, "May have been allocated: y sends it again with the same id"));
		}
		assert_true(shows(&app, 24, FORM_ID "  may have been allocated"));
		type(&app, "\033");
		assert_int_equal(app.mode, MODE_LIST);
		assert_true(shows(&app, 24, FORM_ID " may have been allocated: a opens it again"));
		type(&app, "ja"); /* whatever the row is */
		assert_string_equal(line_editor_text(&app.form.fields[FORM_POOL]), "edge");
		type(&app, "y");
		assert_true(app.requests.act);
		attempt_fails(
		    &app, ERR_POOL_EXHAUSTED, "nothing is free"); /* the first attempt may still run */
		type(&app, "n");
		assert_true(says(&app, "berth lease show " FORM_ID));
		assert_int_equal(app.mode, MODE_LIST);
		type(&app, "a");
		assert_string_equal(line_editor_text(&app.form.fields[FORM_POOL]), "mgmt");
		app_release(&app);
	}
}

static void test_refused(void **state) {
	struct app app;

	(void)state;
	start(&app);
	send(&app);
	attempt_fails(&app, ERR_POOL_EXHAUSTED, "nothing is free");
	assert_true(shows(&app, 24, "Allocate from edge?"));
	type(&app, "\033"); /* what was typed is kept, once */
	assert_string_equal(
	    buf_text(&app.message), "nothing was allocated; the typed text is kept: a opens it again");
	type(&app, "a");
	assert_string_equal(line_editor_text(&app.form.fields[FORM_HOLDER]), "mira");
	type(&app, "\033");
	assert_string_equal(buf_text(&app.message), "nothing was allocated");
	type(&app, "a");
	assert_string_equal(line_editor_text(&app.form.fields[FORM_HOLDER]), "");
	app_release(&app);
}

/* An answer about names that were replaced meanwhile, with rows for none of these, is left alone. */
static void test_late_names(void **state) {
	struct in_flight in_flight = {0};
	struct batch *b;
	struct app app;

	(void)state;
	start(&app);
	type(&app, "WPROD\r:allocate far --project acme/web\r");
	b = submit_start(&app, &in_flight, NULL);
	assert_int_equal(in_flight.act, ACT_NAMES);
	assert_int_equal(app.form.name_count, 2);
	type(&app, "x\033");
	type(&app, ":allocate far --project acme/api\r");
	submit_answered(&app, &in_flight, b);
	assert_true(id_is_nil(app.form.names[0].seen));
	batch_free(b);
	app_release(&app);
}

/* Returns the number of steps of the next request. */
static size_t steps_of_next(struct app *app, enum act act) {
	struct in_flight in_flight = {0};
	struct batch *b;
	size_t steps;

	assert_int_equal(app->requests.act, act);
	b = submit_start(app, &in_flight, NULL);
	assert_non_null(b);
	steps = batch_steps(b);
	batch_free(b);
	app->form.busy = false;
	return steps;
}

/* A form demands that a name stands for what the screen showed, or the server said, when it was opened. */
static void test_names_of_forms(void **state) {
	struct app app;

	(void)state;
	start(&app);
	type(&app, "WPROD\ra");
	assert_int_equal(app.requests.act, ACT_NONE);
	assert_memory_equal(&app.form.names[0].seen, &((struct id){{0x4f, [15] = 1}}), sizeof(struct id));
	type(&app, "\r\r\r\ry");
	assert_int_equal(steps_of_next(&app, ACT_FORM), 2);
	form_set(&app.form, FORM_POOL, "other"); /* typed over */
	type(&app, "y");
	assert_int_equal(steps_of_next(&app, ACT_FORM), 1);
	type(&app, "\033\033");
	form_release(&app.form);
	type(&app, ":allocate far\r");
	assert_int_equal(steps_of_next(&app, ACT_NAMES), 1);
	type(&app, "\r\r\r\ry");
	assert_int_equal(steps_of_next(&app, ACT_FORM), 1);
	app.form.names[0].seen = id_new();
	type(&app, "y");
	assert_int_equal(steps_of_next(&app, ACT_FORM), 2);
	app_release(&app);
}

/* The ten minutes end in the middle of the form. */
static void test_write_mode_ends(void **state) {
	struct app app;

	(void)state;
	start(&app);
	type(&app, "WPROD\ra\rmira");
	later(&app, APP_WRITE);
	assert_true(says(&app, "W in the question"));
	type(&app, "\r\r\ry");
	assert_false(app.requests.act);
	type(&app, "W");
	assert_true(shows(&app, 24, "to enable writes"));
	assert_true(shows(&app, 24, "mira"));
	type(&app, "PROD\r");
	assert_int_equal(app.mode, MODE_FORM);
	assert_true(app_writable(&app));
	later(&app, APP_WRITE);
	type(&app, "\033");
	assert_true(says(&app, "the typed text is kept: W, then a opens it again"));
	type(&app, "WPROD\ra");
	assert_string_equal(line_editor_text(&app.form.fields[FORM_HOLDER]), "mira");
	type(&app, "y");
	assert_true(app.requests.act);
	app.requests.act = false;
	type(&app, "\033ja");
	assert_string_equal(line_editor_text(&app.form.fields[FORM_HOLDER]), "");
	app_release(&app);
}

/* Sets the alerts: `count` full pools, the first of them named. */
static void alert(struct app *app, size_t count, const char *text) {
	struct alert alerts[2000];

	for (size_t i = 0; i < count; i++) {
		alerts[i] = (struct alert){.kind = i == 0 ? ALERT_FULL : ALERT_STUCK,
		    .target = "pool/x",
		    .since = TIME_NONE,
		    .text = text,
		    .hint = "",
		    .count = 2};
	}
	rowset_release(&app->alerts);
	rowset_copy(&app->alerts, &row_alert, alerts, count);
}

/* The line of alerts is that of all of them, whatever rows are shown; tabs have their counts. */
static void test_alerts(void **state) {
	struct app app;

	(void)state;
	start(&app);
	assert_false(shows(&app, 24, "nothing free"));
	alert(&app, 1, "far: nothing free");
	assert_true(shows(&app, 24, "far: nothing free"));
	assert_true(shows(&app, 24,
	    "1 Pools\xc2\xb7"
	    "2  2 Leases"));
	assert_true(shows(&app, 24,
	    "7 Alerts\xc2\xb7"
	    "1"));
	assert_false(shows(&app, 24, "more"));
	alert(&app, 3, "far: nothing free, and a very long text that says a great deal about a pool");
	assert_true(shows(&app, 24, "\xe2\x80\xa6  and 2 more"));
	assert_true(shows(&app, 24,
	    "3 Queue\xc2\xb7"
	    "4"));
	type(&app, "2");
	assert_true(shows(&app, 24, "far: nothing free"));
	alert(&app, 2000, "far");
	assert_true(shows(&app, 24,
	    "Queue\xc2\xb7"
	    "999+"));
	app_release(&app);
}

static void test_arrow(void **state) {
	static const struct {
		const char *command;
		const char *shown;
	} cases[] = {{":sort name\r", "sort \xe2\x96\xb4 name"}, {":sort free\r", "sort \xe2\x96\xb4 free"},
	    {":sort percent\r", "sort \xe2\x96\xbe percent"},
	    {":sort runs-out\r", "sort \xe2\x96\xb4 runs-out"}, {":leases\r", "sort \xe2\x96\xbe newest"}};
	struct app app;

	(void)state;
	start(&app);
	for (size_t i = 0; i < COUNT(cases); i++) {
		type(&app, cases[i].command);
		assert_true(shows(&app, 24, cases[i].shown));
	}
	app_release(&app);
}

/* A window that was requested for a small screen is not enough for a large one. */
static void test_growing(void **state) {
	int64_t when;
	struct app app;

	(void)state;
	start(&app);
	app_layout(&app, 1, 1);
	app_pane(&app)->moved = false;
	fill(&app, true);
	assert_false(refresh_due(&app, &when));
	app_layout(&app, 1, 1);
	assert_false(refresh_due(&app, &when));
	app_layout(&app, 24, 80);
	assert_true(refresh_due(&app, &when));
	app_release(&app);
}

static void test_lost(void **state) {
	struct app app;

	(void)state;
	start(&app);
	app.link.up = false;
	app.link.trouble =
	    "server closed the connection unexpectedly; This probably means it; invalid socket";
	assert_true(shows(&app, 24, "server closed the connection unexpectedly\n"));
	app_release(&app);
}

/* The members of a pool that --json prints, which scripts rely on. */
static void test_copied_json(void **state) {
	struct app app;

	(void)state;
	start(&app);
	type(&app, "J");
	assert_string_equal(buf_text(&app.requests.copy),
	    "{\"id\":\"4f000000-0000-0000-0000-000000000001\",\"name\":\"edge\",\"kind\":\"number\","
	    "\"space\":\"global\",\"project\":null,\"capacity\":10,\"used\":10,\"held_back\":0,\"free\":0,"
	    "\"percent\":100,\"status\":\"exhausted\",\"pending\":0,\"warn\":80,\"crit\":90,\"resources\":"
	    "1,"
	    "\"runs_out\":null,\"ttl\":\"7d\",\"reuse_delay\":null,\"activate_hook\":null,"
	    "\"release_hook\":null,\"created\":\"1970-01-01T00:00:00.000000Z\",\"labels\":{},\"trend\":"
	    "null,\"excluded\":0,\"unit\":null,\"addresses\":10}");
	app_release(&app);
}

/* A key of the table without an action would call a NULL function. */
static void test_every_key(void **state) {
	(void)state;
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		struct app app;

		start(&app);
		type(&app, "WPROD\r");
		app_key(&app, &(struct key_event){.key = key->presses[0]});
		assert_true(shows(&app, 24, ""));
		app_release(&app);
	}
}

/* A search that has stopped goes on with Enter, or after the last row, and begins anew with another filter.
 */
static void test_search(void **state) {
	struct app app;
	struct pane *pane;
	struct in_flight in_flight;

	(void)state;
	start(&app);
	type(&app, "2");
	pane = app_pane(&app);
	pane->list.filled = true;
	pane->list.jump = JUMP_NONE;
	pane->fresh = false;
	pane->fetched = app.now.steady;
	assert_true(app_filter(&app, "holder=nosuch"));
	pane->fresh = false;
	pane->list.jump = JUMP_NONE;
	pane->total = 0;
	pane->at_least = true;
	pane->reach = (struct reach){.key = 9000, .looked = 1000, .rows = 10000};
	assert_true(shows(&app, 24, "searched 1 000 of about 10 000"));
	assert_true(shows(&app, 24, "Enter goes on"));
	assert_true(shows(&app, 24,
	    "0 of \xe2\x89\xa5"
	    "0"));
	assert_true(app_period(pane) > APP_PERIOD);
	app_key(&app, &(struct key_event){.key = KEY_CODE_ENTER});
	assert_int_equal(pane->from, 9000);
	assert_int_equal(pane->looked, 1000);
	assert_true(app.requests.refresh);
	batch_free(refresh_start(&app, &in_flight));
	assert_int_equal(in_flight.question.from, 9000);
	in_flight_release(&in_flight);
	pane->fresh = false;
	pane->list.jump = JUMP_FIRST; /* g goes back to the start */
	batch_free(refresh_start(&app, &in_flight));
	assert_int_equal(in_flight.question.from, 0);
	in_flight_release(&in_flight);
	assert_true(app_filter(&app, "holder=other"));
	assert_int_equal(pane->from, 0);
	app_release(&app);
}

/* Returns whether the last row has all of these hints. */
static bool hints(struct app *app, int columns, const char *const *words) {
	struct grid *g = grid_new(24, columns, false);
	struct buf text = {0};
	bool all = true;

	app_layout(app, 24, columns);
	app_draw(app, g);
	for (int i = 0; i < columns; i++) {
		buf_puts(&text, grid_at(g, 23, i)->text);
	}
	for (; *words != NULL; words++) {
		all = all && strstr(buf_text(&text), *words) != NULL;
	}
	buf_release(&text);
	grid_free(g);
	return all;
}

/* Where room is short, every screen keeps the hints that all others can be found by; with room it has them
 * all. */
static void test_hints(void **state) {
	static const char *const least[] = {"? help", ": command", "q quit", NULL};
	static const char *const most[] = {
	    "? help", ": command", "q quit", "/ filter", "W write", "z hold", NULL};

	(void)state;
	for (size_t i = 0; views[i] != NULL; i++) {
		struct app app;

		golden_start(&app, false);
		app_show(&app, views[i]);
		assert_true(hints(&app, 44, least));
		assert_true(hints(&app, 80, least));
		assert_true(hints(&app, 200, most));
		app_release(&app);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_search),
	    cmocka_unit_test(test_every_key),
	    cmocka_unit_test(test_unknown_outcome),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_names_of_forms),
	    cmocka_unit_test(test_late_names),
	    cmocka_unit_test(test_write_mode_ends),
	    cmocka_unit_test(test_alerts),
	    cmocka_unit_test(test_hints),
	    cmocka_unit_test(test_arrow),
	    cmocka_unit_test(test_growing),
	    cmocka_unit_test(test_lost),
	    cmocka_unit_test(test_copied_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
