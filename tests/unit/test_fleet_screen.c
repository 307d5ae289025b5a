/*
 * The screen of a fleet as golden files, where Enter leads from it, and what it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/fleet_mode.h"
#include "ui/console/terminal/key.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const names[] = {"prod-eu", "prod-us", "stage"};
static const char *const troubles[] = {
    NULL, NULL, "connection to server at \"db9\" failed: Connection refused"};
static const struct environments fleet = {names, troubles, COUNT(names)};

static struct fleet_pool make_pool(unsigned n, const char *environment, const char *name, const char *used,
    const char *left, double percent, enum pool_status status) {
	struct fleet_pool pool = {.id = golden_id(n),
	    .name = name,
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .addresses = {"100"},
	    .capacity = {"100"},
	    .held_back = {"0"},
	    .excluded = {"0"},
	    .percent = percent,
	    .status = status,
	    .warn = 80,
	    .crit = 90,
	    .resources = 1,
	    .runs_out = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week = "",
	    .labels = "{}",
	    .environment = environment};

	(void)snprintf(pool.used.digits, sizeof pool.used.digits, "%s", used);
	(void)snprintf(pool.free.digits, sizeof pool.free.digits, "%s", left);
	return pool;
}

static void start(struct app *app) {
	struct fleet_pool rows[] = {
	    make_pool(1, "stage", "", "0", "0", 101, POOL_OK),
	    make_pool(2, "prod-us", "edge", "100", "0", 100, POOL_EXHAUSTED),
	    make_pool(3, "prod-eu", "edge", "92", "8", 92, POOL_CRITICAL),
	    make_pool(4, "prod-eu", "bad\033[31mname", "12", "88", 12, POOL_OK),
	};

	rows[0].trouble = troubles[2];
	golden_start(app, false);
	rowset_release(&app->alerts);
	app->link.server = app->link.database = app->link.user = "";
	fleet_mode_show(app, fleet);
	golden_fill(app, &view_fleet, rows, COUNT(rows), COUNT(rows));
}

static void test_golden(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_all(&app, "fleet");
	app_release(&app);
}

/* Enter opens the console of the row's environment at the leases of the pool, of one without rows its pools.
 */
static void test_open(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "\r");
	assert_string_equal(app.requests.connect, "stage");
	assert_ptr_equal(app.requests.then.view, &view_pools);
	golden_type(&app, "jj\r");
	assert_string_equal(app.requests.connect, "prod-eu");
	assert_ptr_equal(app.requests.then.view, &view_leases);
	assert_string_equal(app.requests.then.scope.text, "edge");
	app_release(&app);
}

static void test_refusals(void **state) {
	static const char *const typed[] = {"a", "W", "2", ":leases\r", ":pool list\r"};

	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++) {
		struct app app;

		start(&app);
		golden_type(&app, typed[i]);
		if (app.message.len == 0 || strcmp(buf_text(&app.message), fleet_mode_refusal) != 0) {
			print_error("%s: %s\n", typed[i], buf_text(&app.message));
		}
		assert_string_equal(buf_text(&app.message), fleet_mode_refusal);
		assert_ptr_equal(app_pane(&app)->view, &view_fleet);
		app_release(&app);
	}
}

/* From the first screen of an environment the way back leads to the fleet, and from there nowhere. */
static void test_back(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "q");
	assert_true(app.requests.quit);
	app_release(&app);

	golden_start(&app, false);
	app.of_fleet = true;
	golden_type(&app, "q");
	assert_false(app.requests.quit);
	assert_string_equal(app.requests.connect, "");
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_open),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
