#include "ui/worker/scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { SECOND = 1000000 };

/* Runs the next duties, each with so much work, until none is left. Checks their order, a letter each. */
static void order_is(struct scheduler *a, const int *work, bool room, int64_t now, const char *expected) {
	char order[32] = "";
	int left[DUTIES];
	size_t n = 0;

	for (int i = 0; i < DUTIES; i++) {
		left[i] = work[i];
	}
	for (enum duty next; n < sizeof order - 1 && (next = scheduler_next(a, room, now)) != DUTIES;) {
		order[n++] = "ASCT"[next];
		scheduler_did(a, next, left[next], now);
		left[next] -= left[next] > 0 ? 1 : 0;
	}
	assert_string_equal(order, expected);
}

static void a_round_looks_at_everything(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){0}, true, 1, "ASCT");
	assert_true(scheduler_idle(&a));
	assert_int_equal(scheduler_next(&a, true, 2), DUTIES);
	assert_true(a.round > SECOND / 2 && a.round < 2 * SECOND);
	order_is(&a, (int[DUTIES]){0}, true, a.round, "ASCT");
}

/* One duty's work may create work for the others. */
static void work_makes_work(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){2, 0, 0, 0}, true, 1, "AAASCT");
	scheduler_want_all(&a);
	order_is(&a, (int[DUTIES]){0, 2, 0, 0}, true, 2, "ASASASCT");
	scheduler_want_all(&a);
	order_is(&a, (int[DUTIES]){0, 0, 0, 1}, true, 3, "ASCTASCT");
}

/* Between two chunks of a bulk the others have as long as the last chunk took. */
static void a_bulk_leaves_time_to_others(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){0}, true, 1, "ASCT");
	scheduler_want_all(&a);
	scheduler_did(&a, DUTY_FAN_OUT, 1, 1000);
	scheduler_did(&a, DUTY_APPLY, 500, 31000);
	order_is(&a, (int[DUTIES]){0}, true, 41000, "ACT");
	assert_false(scheduler_idle(&a));
	assert_int_equal(scheduler_next(&a, true, 80999), DUTIES);
	assert_true(scheduler_time(&a) <= 81000);
	order_is(&a, (int[DUTIES]){0}, true, 81000, "ASCT");
}

static void it_does_not_rest_for_long(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	scheduler_did(&a, DUTY_FAN_OUT, 1, 1000);
	order_is(&a, (int[DUTIES]){0}, true, 500000, "ACT");
	order_is(&a, (int[DUTIES]){0}, true, 699999, "ACT");
	assert_int_equal(scheduler_next(&a, true, 700000), DUTY_FAN_OUT);
}

/* It looks again soon after work, then less and less often. */
static void work_is_followed_by_looks(void **state) {
	static const int64_t pauses[] = {10000, 40000, 160000, 640000};
	struct scheduler a;
	int64_t now = 1;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){3, 0, 0, 0}, true, now, "AAAASCT");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(a.round, now + pauses[i]);
		order_is(&a, (int[DUTIES]){0}, true, now + pauses[i] - 1, "");
		now += pauses[i];
		order_is(&a, (int[DUTIES]){0}, true, now, "ASCT");
	}
	assert_true(a.round >= now + 750000);
}

static void hooks_take_room(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){0}, false, 1, "AST");
	assert_false(scheduler_idle(&a));
	order_is(&a, (int[DUTIES]){0}, true, 2, "C");
	assert_true(scheduler_idle(&a));
}

static void without_hooks_none_are_claimed(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, false, 1, 0);
	order_is(&a, (int[DUTIES]){0}, true, 1, "AST");
	scheduler_want_all(&a);
	order_is(&a, (int[DUTIES]){0}, true, 2, "AST");
	assert_true(scheduler_idle(&a));
}

/* However long the queue is, the others run once a second. */
static void a_long_queue_holds_up_nobody(void **state) {
	struct scheduler a;
	int turns[DUTIES] = {0};
	(void)state;

	scheduler_init(&a, true, 1, 0);
	for (int64_t now = 0; now < 10 * SECOND; now += 10000) {
		enum duty next = scheduler_next(&a, true, now);

		turns[next]++;
		scheduler_did(&a, next, next == DUTY_APPLY ? 500 : 0, now);
	}
	assert_true(turns[DUTY_APPLY] > 900);
	for (int i = DUTY_FAN_OUT; i < DUTIES; i++) {
		assert_in_range(turns[i], 8, 11);
	}
}

static void what_failed_waits_for_the_next_round(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	assert_int_equal(scheduler_next(&a, true, 1), DUTY_APPLY);
	scheduler_failed(&a, DUTY_APPLY);
	order_is(&a, (int[DUTIES]){0, 0, 0, 1}, true, 2, "SCTSCT");
	scheduler_want_all(&a);
	order_is(&a, (int[DUTIES]){0}, true, 3, "SCT");
	assert_false(scheduler_idle(&a));
	order_is(&a, (int[DUTIES]){0}, true, a.round, "ASCT");
	assert_true(scheduler_idle(&a));
}

static void the_clock_asks_for_a_round(void **state) {
	struct scheduler a;
	(void)state;

	scheduler_init(&a, true, 1, 0);
	order_is(&a, (int[DUTIES]){0}, true, 1, "ASCT");
	scheduler_round_by(&a, 300000, 1);
	order_is(&a, (int[DUTIES]){0}, true, 299999, "");
	order_is(&a, (int[DUTIES]){0}, true, 300000, "ASCT");
	/* A clock that is ahead does not keep the worker busy. */
	scheduler_round_by(&a, -5, 300000);
	order_is(&a, (int[DUTIES]){0}, true, 300001, "");
	/* A clock that is behind does not delay the round. */
	scheduler_round_by(&a, 100 * SECOND, 300000);
	order_is(&a, (int[DUTIES]){0}, true, 400000, "ASCT");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_round_looks_at_everything),
	    cmocka_unit_test(work_makes_work),
	    cmocka_unit_test(a_bulk_leaves_time_to_others),
	    cmocka_unit_test(it_does_not_rest_for_long),
	    cmocka_unit_test(work_is_followed_by_looks),
	    cmocka_unit_test(hooks_take_room),
	    cmocka_unit_test(without_hooks_none_are_claimed),
	    cmocka_unit_test(a_long_queue_holds_up_nobody),
	    cmocka_unit_test(what_failed_waits_for_the_next_round),
	    cmocka_unit_test(the_clock_asks_for_a_round),
	};

	return cmocka_run_group_tests_name("scheduler", tests, NULL, NULL);
}
