/*
 * The server's clock beside the steady one.
 */
#include "ui/worker/server_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/clock.h"

/* The server's clock minus the steady one, in the tests. */
#define AHEAD (1000 * TIME_SECOND)
#define PATIENCE (30 * TIME_SECOND)

/* Returns a reading that the server made `after` the question and answered at once or late. */
static struct clock_reading reading(int64_t asked, int64_t after, int64_t answered) {
	return (struct clock_reading){asked, answered, asked + after + AHEAD};
}

static struct server_clock started(void) {
	struct clock_reading first = reading(0, 0, 1000);
	struct server_clock c;

	server_clock_start(&c, &first);
	assert_int_equal(c.offset, AHEAD);
	assert_int_equal(server_clock_at(&c, 5), AHEAD + 5);
	return c;
}

static void a_slow_answer_is_no_leap(void **state) {
	struct clock_reading commit_waits = reading(TIME_SECOND, 0, 90 * TIME_SECOND);
	struct clock_reading question_waits = reading(100 * TIME_SECOND, 60 * TIME_SECOND, 160 * TIME_SECOND);
	struct server_clock c = started();
	(void)state;

	assert_false(server_clock_leaps(&c, &commit_waits, PATIENCE));
	assert_false(server_clock_leaps(&c, &question_waits, PATIENCE));
	assert_int_equal(c.offset, AHEAD);
}

/* The commit of the first answer has waited for a standby. */
static void a_slow_start_is_no_leap(void **state) {
	struct clock_reading first = reading(0, 0, 20 * TIME_SECOND);
	struct clock_reading next = reading(21 * TIME_SECOND, 0, 21 * TIME_SECOND + 1000);
	struct server_clock c;
	(void)state;

	server_clock_start(&c, &first);
	assert_false(server_clock_leaps(&c, &next, PATIENCE));
	assert_int_equal(c.offset, AHEAD);
}

static void clocks_drift(void **state) {
	struct server_clock c = started();
	(void)state;

	for (int64_t hour = 1; hour < 100; hour++) {
		struct clock_reading drifted =
		    reading(hour * 3600 * TIME_SECOND, hour * TIME_SECOND, hour * 3600 * TIME_SECOND + 1000);

		assert_false(server_clock_leaps(&c, &drifted, PATIENCE));
	}
	assert_in_range(c.offset, AHEAD + 98 * TIME_SECOND, AHEAD + 99 * TIME_SECOND);
}

static void leaps_by(int64_t span) {
	struct clock_reading first = {TIME_SECOND, TIME_SECOND + 1000, TIME_SECOND + AHEAD + span};
	struct clock_reading early = {20 * TIME_SECOND, 20 * TIME_SECOND, 20 * TIME_SECOND + AHEAD + span};
	struct clock_reading late = {40 * TIME_SECOND, 40 * TIME_SECOND, 40 * TIME_SECOND + AHEAD + span};
	struct server_clock c = started();

	assert_true(server_clock_leaps(&c, &first, PATIENCE));
	assert_false(server_clock_leaps(&c, &early, PATIENCE));
	assert_int_equal(c.offset, AHEAD);
	assert_false(server_clock_leaps(&c, &late, PATIENCE));
	assert_int_equal(c.offset, AHEAD + span);
	assert_int_equal(c.settles, TIME_NONE);
}

static void a_clock_that_is_set_is_accepted_in_time(void **state) {
	(void)state;
	leaps_by(4 * TIME_SECOND);
	leaps_by(-4 * TIME_SECOND);
	leaps_by(90 * 86400 * TIME_SECOND);
	leaps_by(-TIME_SECOND * 7200);
}

static void a_clock_that_is_put_back_again_is_forgotten(void **state) {
	struct clock_reading wrong = {TIME_SECOND, TIME_SECOND, AHEAD + 3600 * TIME_SECOND};
	struct clock_reading right = reading(2 * TIME_SECOND, 0, 2 * TIME_SECOND);
	struct server_clock c = started();
	(void)state;

	assert_true(server_clock_leaps(&c, &wrong, PATIENCE));
	assert_false(server_clock_leaps(&c, &right, PATIENCE));
	assert_int_equal(c.settles, TIME_NONE);
	assert_true(server_clock_leaps(&c, &wrong, PATIENCE));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_slow_answer_is_no_leap),
	    cmocka_unit_test(a_slow_start_is_no_leap),
	    cmocka_unit_test(clocks_drift),
	    cmocka_unit_test(a_clock_that_is_set_is_accepted_in_time),
	    cmocka_unit_test(a_clock_that_is_put_back_again_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
