/*
 * The time when a pool runs out is shown when there is enough history, and a trend in
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* Sets up a pool of that age with so many held values, taken evenly over the last hours. */
static void is(struct place *p, const char *age, int net, const char *expected) {
	char *sql = mem_print("update berth.pool set created = now() - interval '%s';"
			      "update berth.stripe set flow = %d, flow_at = now()",
	    age, net);

	database_run(p->database, sql);
	free(sql);
	work_asks(p->database,
	    "select concat_ws(' ', runs_out is not null, (trend->>'per_day')::numeric > 0, trend->>'span', "
	    "(trend->>'confidence')::numeric between 0.5 and 1) from berth.pool_view",
	    expected);
}

static void a_forecast_needs_history_and_a_trend(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	is(p, "1 second", 900, "f");
	is(p, "90 minutes", 900, "f");
	is(p, "5 hours 59 minutes", 900, "f");
	is(p, "6 hours 1 minute", 900, "t t 21600 t");
	is(p, "40 days", 100, "t t 21600 t");
	is(p, "400 days", 100, "t t 21600 t");
	/* A lease or two that came and went. */
	is(p, "40 days", 2, "f");
	is(p, "40 days", 0, "f");
	/* It empties: there is a trend, but no end. */
	is(p, "40 days", -100, "f f 21600 t");
	/* More than ten years ahead is no forecast. */
	database_run(
	    p->database, "update berth.stripe set last = 1e15, room = 1e15, free = '{[1,1000000000000001)}'");
	is(p, "40 days", 100, "f t 21600 t");
	database_run(
	    p->database, "update berth.stripe set last = 1000, room = 1000, free = '{[1,1001)}', flow = 0");
}

/* The output of the program, from its first lease on. */
static void a_first_filling_is_no_trend(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	for (int i = 0; i < 20; i++) {
		(void)work_lease(p->conn, "a");
	}
	work_asks(
	    p->database, "select runs_out is null and trend is null and flow > 0 from berth.pool_view", "t");
	database_run(p->database, "update berth.pool set created = now() - interval '7 hours'");
	work_asks(p->database,
	    "select runs_out > now() + interval '1 day' and (trend->>'per_day')::numeric between 80 and 120 "
	    "from "
	    "berth.pool_view",
	    "t");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_forecast_needs_history_and_a_trend),
	    TEST(a_first_filling_is_no_trend),
	};

	return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
