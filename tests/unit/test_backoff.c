#include "db/base/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void delays_double_up_to_the_last(void **state) {
	static const int64_t most[] = {250, 500, 1000, 2000, 4000, 8000, 8000, 8000};
	(void)state;

	for (int round = 0; round < 100; round++) {
		struct backoff b;

		backoff_init(&b, 250, 8000);
		for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
			int64_t delay = backoff_next(&b);

			assert_true(delay >= most[i] / 4 && delay <= most[i]);
		}
		backoff_reset(&b);
		assert_true(backoff_next(&b) <= 250);
	}
}

static void delays_differ(void **state) {
	struct backoff b;
	int64_t first;
	int same = 0;
	(void)state;

	backoff_init(&b, 1000000, 1000000);
	first = backoff_next(&b);
	for (int i = 0; i < 100; i++) {
		same += backoff_next(&b) == first ? 1 : 0;
	}
	assert_true(same < 50);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(delays_double_up_to_the_last),
	    cmocka_unit_test(delays_differ),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
