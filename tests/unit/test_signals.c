/*
 * The console's signals: read while it runs, and restored when it ends.
 */
#include "ui/console/terminal/signals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* A handler such as curses installs once it has the terminal. */
static void end_with_1(int number) {
	(void)number;
	_exit(1);
}

static void hand_to_curses(int number) {
	struct sigaction catching = {.sa_handler = end_with_1};

	assert_int_equal(0, sigaction(number, &catching, NULL));
}

static void each_is_read_once(void **state) {
	struct signals s;

	(void)state;
	assert_true(signals_start(&s));
	assert_int_equal(0, signals_read(&s));
	assert_int_equal(0, raise(SIGTERM));
	assert_int_equal(SIGTERM, signals_read(&s));
	assert_int_equal(0, signals_read(&s));
	assert_int_equal(0, signals_stop(&s));
}

/* A signal that arrives after the last read neither ends the program with a code of curses' nor is lost. */
static void what_comes_late_is_told(void **state) {
	static const struct {
		int sent;
		int told;
	} cases[] = {{SIGTERM, SIGTERM}, {SIGHUP, SIGHUP}, {SIGQUIT, SIGQUIT}, {SIGINT, 0}, {SIGTSTP, 0},
	    {SIGWINCH, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct signals s;

		assert_true(signals_start(&s));
		hand_to_curses(cases[i].sent);
		assert_int_equal(0, raise(cases[i].sent));
		assert_int_equal(cases[i].told, signals_stop(&s));
	}
}

static void all_is_as_before(void **state) {
	struct signals s;
	struct sigaction now;
	sigset_t mask;

	(void)state;
	assert_true(signal(SIGINT, SIG_IGN) != SIG_ERR);
	assert_true(signals_start(&s));
	hand_to_curses(SIGINT);
	hand_to_curses(SIGTERM);
	assert_int_equal(0, signals_stop(&s));
	assert_int_equal(0, sigaction(SIGTERM, NULL, &now));
	assert_true(now.sa_handler == SIG_DFL);
	assert_int_equal(0, sigaction(SIGINT, NULL, &now));
	assert_true(now.sa_handler == SIG_IGN);
	assert_int_equal(0, sigprocmask(SIG_BLOCK, NULL, &mask));
	assert_int_equal(0, sigismember(&mask, SIGTERM));
}

int main(void) {
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_is_read_once),
	    cmocka_unit_test(what_comes_late_is_told),
	    cmocka_unit_test(all_is_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
