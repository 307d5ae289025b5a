/*
 * Holders: the screen as golden files, where Enter leads, and the plan that releases all that one holds. The
 * weeks of pools as lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/id.h"
#include "model/holder.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/screens/pool_forecast.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NOW GOLDEN_NOW
#define HOUR (3600 * TIME_SECOND)
#define DAY (24 * HOUR)

static const struct holder holders_of[] = {
    {.holder = "ci-runner",
	.leases = 412,
	.oldest = NOW - 212 * DAY,
	.newest = NOW - HOUR,
	.next_expiry = NOW + HOUR / 2,
	.pools = "[\"web\"]"},
    {.holder = "it's mine",
	.leases = 96,
	.oldest = NOW - 40 * DAY,
	.newest = NOW - 31 * DAY,
	.next_expiry = TIME_NONE,
	.pools = "[\"web\"]"},
    {.holder = "etl\033[31mx",
	.leases = 12,
	.more = true,
	.oldest = NOW - 3 * DAY,
	.newest = NOW - 2 * DAY,
	.next_expiry = NOW + 9 * DAY,
	.pools = "[\"db\", \"web\"]"},
    {.holder = "",
	.leases = 1,
	.oldest = NOW - DAY,
	.newest = NOW - DAY,
	.next_expiry = NOW - HOUR,
	.pools = "[\"web\"]"},
};

static void start(struct app *app, bool ascii) {
	struct pool pool = {.id = golden_id(1),
	    .name = "web",
	    .space = "global",
	    .capacity = {"512"},
	    .used = {"510"},
	    .held_back = {"0"},
	    .free = {"2"},
	    .runs_out = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week = "",
	    .labels = "{}"};

	golden_start(app, ascii);
	golden_fill(app, &view_pools, &pool, 1, 1);
	golden_fill(app, &view_holders, holders_of, COUNT(holders_of), COUNT(holders_of));
}

static void test_screen(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "i");
		assert_ptr_equal(app_pane(&app)->view, &view_holders);
		assert_string_equal(app_pane(&app)->scope.text, "web");
		golden_settle(&app);
		golden_type(&app, "jj");
		golden_all(&app, "holders");
		app_release(&app);
	}
}

static void test_opens(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "i");
	golden_settle(&app);
	golden_type(&app, "j\r");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_int_equal(app_pane(&app)->scope.kind, SCOPE_HOLDER);
	assert_string_equal(app_pane(&app)->scope.text, "web/it's mine");
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_holders);
	assert_string_equal(app_pane(&app)->scope.text, "web");
	/* A holder in several pools opens the leases of all. */
	golden_type(&app, "j\r");
	assert_string_equal(app_pane(&app)->scope.text, "/etl\033[31mx");
	app_release(&app);
}

static void test_words(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, ":lease holders\r");
	assert_ptr_equal(app_pane(&app)->view, &view_holders);
	assert_null(app_pane(&app)->scope.text);
	golden_type(&app, ":lease holders --pool pool/web --sort idle\r");
	assert_string_equal(app_pane(&app)->scope.text, "web");
	assert_int_equal(app_pane(&app)->sort, HOLDER_BY_IDLE);
	golden_type(&app, ":lease list --pool web --holder 'a b/c'\r");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_string_equal(app_pane(&app)->scope.text, "web/a b/c");
	golden_type(&app, ":lease list --holder x\r");
	assert_string_equal(app_pane(&app)->scope.text, "/x");
	app_release(&app);
}

static void test_plan(void **state) {
	struct app app;
	struct buf text = {0};
	char id[ID_TEXT], expected[200];

	(void)state;
	start(&app, false);
	golden_type(&app, "WPROD\ri");
	golden_settle(&app);
	golden_type(&app, "jr");
	assert_int_equal(app.mode, MODE_PLAN);
	plan_title(&app.plan, &text);
	assert_string_equal(buf_text(&text), "release all leases of web held by it's mine");
	buf_cut(&text, 0);
	plan_command(&app.plan, &text);
	(void)snprintf(expected, sizeof expected,
	    "berth release --pool web --holder 'it'\\''s mine' --grace 10s --id %s --yes",
	    id_text(app.plan.id, id));
	assert_string_equal(buf_text(&text), expected);
	buf_cut(&text, 0);
	plan_json(&app.plan, &text);
	assert_non_null(
	    strstr(buf_text(&text), "{\"kind\":\"leases\",\"pool\":\"web\",\"holder\":\"it's mine\"}"));
	golden_type(&app, "\033:release --pool web --holder ci\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_string_equal(app.plan.targets[0].holder, "ci");
	assert_string_equal(app.plan.what, "leases of web held by ci");
	buf_release(&text);
	app_release(&app);
}

static void test_copies(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, ":lease holders --pool web\r");
	golden_settle(&app);
	golden_type(&app, "jC");
	assert_string_equal(
	    buf_text(&app.requests.copy), "berth lease list --pool web --holder 'it'\\''s mine'");
	golden_type(&app, "jjC");
	assert_string_equal(buf_text(&app.requests.copy), "berth lease list --pool web --holder ''");
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"holder\":\"\",\"leases\":1,"));
	app_release(&app);
}

/* The window, and the number of all. */
static void test_asks(void **state) {
	struct app app;
	struct in_flight in_flight;
	struct batch *b;

	(void)state;
	start(&app, false);
	golden_type(&app, ":lease holders\r");
	b = refresh_start(&app, &in_flight);
	assert_int_equal(batch_steps(b), 2);
	batch_free(b);
	in_flight_release(&in_flight);
	app_release(&app);
}

/* --- the words of a forecast --- */

static void test_forecasts(void **state) {
	static const struct {
		int64_t from, at, by; /* from now; by 0: open, at 0: none */
		int per_day;
		const char *shown;
		const char *words;
	} cases[] = {
	    {3 * DAY, 4 * DAY, 5 * DAY, 10, "3-5d", "full in 3-5d at +10.0 per day"},
	    {4 * DAY, 4 * DAY + HOUR, 4 * DAY + 12 * HOUR, 10, "5d", "full in 5d at +10.0 per day"},
	    {0, 20 * HOUR, 44 * HOUR, 10, "0-44h", "full in 0-44h at +10.0 per day"},
	    {4 * HOUR, 5 * HOUR, 0, 10, "~5h", "full in ~5h at +10.0 per day"},
	    {2 * HOUR, 3 * HOUR, 4 * HOUR, 10, "2-4h", "full about 17:03 UTC at +10.0 per day"},
	    {20 * DAY, 30 * DAY, 200 * DAY, 1, ">20d", "full in >20d at +1.0 per day"},
	    {80 * DAY, 91 * DAY, 200 * DAY, 1, ">90d", "not full within 90 days at +1.0 per day"},
	    {0, 0, 0, 5, "-", "not full within 90 days at +5.0 per day"},
	    {0, 0, 0, -5, "-", "not full within 90 days at -5.0 per day"},
	    {0, 0, 0, 0, "-", "no trend"},
	};
	struct pool pool = {.capacity = {"10"}, .used = {"5"}, .free = {"5"}, .sampled = NOW - DAY};
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		pool.runs_out = cases[i].at == 0 ? TIME_NONE : NOW + cases[i].at;
		pool.runs_out_from = cases[i].at == 0 ? TIME_NONE : NOW + cases[i].from;
		pool.runs_out_by = cases[i].by == 0 ? TIME_NONE : NOW + cases[i].by;
		pool.per_day = cases[i].per_day;
		pool_runs_out(&pool, NOW, &text);
		assert_string_equal(buf_text(&text), cases[i].shown);
		buf_cut(&text, 0);
		pool_forecast(&pool, NOW, &text);
		assert_string_equal(buf_text(&text), cases[i].words);
		buf_cut(&text, 0);
	}
	pool.sampled = NOW - 5 * HOUR;
	pool_forecast(&pool, NOW, &text);
	assert_string_equal(buf_text(&text), "too new to tell");
	pool.draining = true;
	buf_cut(&text, 0);
	pool_forecast(&pool, NOW, &text);
	assert_string_equal(buf_text(&text), "being drained: no forecast");
	buf_release(&text);
}

/* A time without a newer sample is unchanged, and one before the first sample is unknown. */
static void test_weeks(void **state) {
	struct pool pool = {
	    .capacity = {"8"}, .used = {"3"}, .week = "..........012345678012345678", .week_end = NOW};
	int levels[POOL_WEEK];

	(void)state;
	pool_week(&pool, NOW + HOUR, levels);
	assert_int_equal(levels[9], -1);
	assert_int_equal(levels[10], 0);
	assert_int_equal(levels[27], 8);
	pool_week(&pool, NOW + 13 * HOUR, levels);
	assert_int_equal(levels[7], -1);
	assert_int_equal(levels[25], 8);
	assert_int_equal(levels[26], 3);
	assert_int_equal(levels[27], 3);
	pool_week(&pool, NOW + 90 * DAY, levels);
	assert_int_equal(levels[0], 3);
	pool.week = "";
	pool_week(&pool, NOW, levels);
	assert_int_equal(levels[27], -1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_screen),
	    cmocka_unit_test(test_opens),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_copies),
	    cmocka_unit_test(test_asks),
	    cmocka_unit_test(test_forecasts),
	    cmocka_unit_test(test_weeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
