/*
 * The badge of the environment: each colour, with and without colours, and the restart for another server.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/restart.h"
#include "ui/console/list/view.h"

static void test_badges(void **state) {
	static const char *const names[] = {[ALARM_NONE] = "badge_none",
	    [ALARM_GREEN] = "badge_green",
	    [ALARM_YELLOW] = "badge_yellow",
	    [ALARM_RED] = "badge_red"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct app app;

		golden_start(&app, false);
		app.alarm = (enum alarm)i;
		golden(&app, names[i], 3, 60);
		golden(&app, names[i], 1, 6);
		app_release(&app);
	}
}

static void test_restart(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	app.write_until = app.now.steady + 1;
	golden_type(&app, "2/abc\r:quit");
	assert_string_equal(app_pane(&app)->filter, "abc");
	app_restart(&app);
	assert_int_equal(app.mode, MODE_LIST);
	assert_int_equal(app.trail.current, 0);
	assert_false(app_writable(&app));
	assert_string_equal(app_pane_of(&app, &view_leases)->filter, "");
	golden_type(&app, "/");
	assert_int_equal(app.filter.count, 1);
	assert_string_equal(app.filter.history[0], "abc");
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_badges), cmocka_unit_test(test_restart)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
