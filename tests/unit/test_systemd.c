#include "ui/worker/systemd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/mem.h"

static int clear(void **state) {
	(void)state;
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
	return 0;
}

/* Creates a socket of that name, as systemd does. */
static int listener(const char *name) {
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, name, strlen(name));
	if (name[0] == '@') {
		at.sun_path[0] = '\0';
	}
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, size), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static void hears(int fd, const char *expected) {
	char text[256] = "";
	ssize_t n = recv(fd, text, sizeof text - 1, 0);

	assert_int_equal(n, (ssize_t)strlen(expected));
	assert_string_equal(text, expected);
}

static void a_path_and_an_abstract_name(void **state) {
	char *path = mem_print("%s/notify.%d", getenv("TMPDIR"), (int)getpid());
	char *abstract = mem_print("@berth-notify-%d", (int)getpid());
	const char *const names[] = {path, abstract};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		int fd = listener(names[i]);
		struct systemd n;

		systemd_init(&n);
		systemd_send(&n, "READY=1");
		systemd_status(&n, "at work on %s", "a\nb\x1b");
		hears(fd, "READY=1");
		hears(fd, "STATUS=at work on a\u20390A\u203a"
			  "b\u20391B\u203a");
		/* The end of systemd's socket is ignored. */
		(void)close(fd);
		systemd_send(&n, "STOPPING=1");
		systemd_release(&n);
	}
	(void)unlink(path);
	free(path);
	free(abstract);
}

static void nobody_listens(void **state) {
	char name[200] = "/";
	const char *const names[] = {NULL, "", "@", "relative", "tcp:1", name};
	(void)state;

	memset(name + 1, 'x', sizeof name - 2); /* longer than the name of a socket may be */

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct systemd n;

		(void)unsetenv("NOTIFY_SOCKET");
		if (names[i] != NULL) {
			(void)setenv("NOTIFY_SOCKET", names[i], 1);
		}
		systemd_init(&n);
		assert_int_equal(n.fd, -1);
		assert_int_equal(n.every, 0);
		systemd_send(&n, "READY=1");
		systemd_release(&n);
	}
}

static void the_watchdog(void **state) {
	char own[16];
	const struct {
		const char *span, *pid;
		int64_t every;
	} cases[] = {
	    {NULL, NULL, 0},
	    {"3000000", NULL, 1500000},
	    {"3000000", own, 1500000},
	    {"3000000", "1", 0},
	    {"3000000", "x", 0},
	    {"0", NULL, 0},
	    {"-5", NULL, 0},
	    {"soon", own, 0},
	};
	char *name = mem_print("@berth-watchdog-%d", (int)getpid());
	int fd = listener(name);
	(void)state;

	(void)snprintf(own, sizeof own, "%d", (int)getpid());
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct systemd n;

		(void)unsetenv("WATCHDOG_USEC");
		(void)unsetenv("WATCHDOG_PID");
		if (cases[i].span != NULL) {
			(void)setenv("WATCHDOG_USEC", cases[i].span, 1);
		}
		if (cases[i].pid != NULL) {
			(void)setenv("WATCHDOG_PID", cases[i].pid, 1);
		}
		systemd_init(&n);
		assert_int_equal(n.every, cases[i].every);
		systemd_release(&n);
	}
	(void)close(fd);
	free(name);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_path_and_an_abstract_name, clear, clear),
	    cmocka_unit_test_setup_teardown(nobody_listens, clear, clear),
	    cmocka_unit_test_setup_teardown(the_watchdog, clear, clear),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
