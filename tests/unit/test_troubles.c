#include "ui/worker/troubles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "db/base/clock.h"

static void it_is_told_once_and_then_once_a_minute(void **state) {
	struct troubles t = {0};

	(void)state;
	assert_int_equal(troubles_count(&t, "gone", 5), 1);
	for (int second = 1; second < 60; second++) {
		assert_int_equal(troubles_count(&t, "gone", 5 + second * TIME_SECOND), 0);
	}
	assert_int_equal(troubles_count(&t, "gone", 5 + 60 * TIME_SECOND), 60);
	assert_int_equal(troubles_count(&t, "gone", 6 + 60 * TIME_SECOND), 0);
	assert_int_equal(troubles_count(&t, "gone", 5 + 121 * TIME_SECOND), 2);
	troubles_release(&t);
}

/* Two alternating troubles, as of two hosts, are each reported once. */
static void others_do_not_make_it_new(void **state) {
	struct troubles t = {0};

	(void)state;
	assert_int_equal(troubles_count(&t, "gone", 0), 1);
	assert_int_equal(troubles_count(&t, "a standby", 1), 1);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(troubles_count(&t, i % 2 == 0 ? "gone" : "a standby", 2 + i), 0);
	}
	troubles_release(&t);
}

static void only_a_few_are_remembered(void **state) {
	struct troubles t = {0};
	char text[16];

	(void)state;
	for (int i = 0; i <= TROUBLES; i++) {
		(void)snprintf(text, sizeof text, "no. %d", i);
		assert_int_equal(troubles_count(&t, text, i), 1);
	}
	assert_int_equal(troubles_count(&t, "no. 1", 100), 0);
	assert_int_equal(troubles_count(&t, "no. 0", 100), 1);
	troubles_release(&t);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_told_once_and_then_once_a_minute),
	    cmocka_unit_test(others_do_not_make_it_new),
	    cmocka_unit_test(only_a_few_are_remembered),
	};

	return cmocka_run_group_tests_name("troubles", tests, NULL, NULL);
}
