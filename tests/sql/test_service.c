/*
 * The worker as a service of systemd: its messages, and that they come in time.
 */
#include "ui/worker/systemd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/proxy.h"
#include "tests/lib/client.h"

struct place {
	struct database *database;
	char *name; /* of the socket */
	int fd;
	pid_t worker;
};

static int open_place(void **state) {
	struct place *place = mem_new(1, sizeof *place);
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	place->database = database_new();
	place->name = mem_print("%s/service.%d", getenv("TMPDIR"), (int)getpid());
	place->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s", place->name);
	*state = place;
	return bind(place->fd, (const struct sockaddr *)&at, sizeof at);
}

static int close_place(void **state) {
	struct place *place = *state;

	if (place->worker > 0) {
		(void)kill(place->worker, SIGKILL);
		(void)waitpid(place->worker, NULL, 0);
	}
	(void)close(place->fd);
	(void)unlink(place->name);
	free(place->name);
	database_drop(place->database);
	free(place);
	return 0;
}

static void start(struct place *place, const char *watchdog) {
	const char *program = getenv("BERTH");

	assert_non_null(program);
	place->worker = fork();
	if (place->worker == 0 && program != NULL) {
		(void)setenv("NOTIFY_SOCKET", place->name, 1);
		(void)setenv("WATCHDOG_USEC", watchdog, 1);
		(void)setenv("PGDATABASE", database_name(place->database), 1);
		(void)execl(program, program, "worker", "-q", (char *)NULL);
		_exit(127);
	}
	assert_true(place->worker > 0);
}

/* Reads until a message begins so; returns how many others of the kind `counted` came before. */
static int await(const struct place *place, const char *wanted, const char *counted) {
	int64_t limit = client_patience();
	int count = 0;

	for (;;) {
		struct pollfd fd = {.fd = place->fd, .events = POLLIN};
		char text[512] = "";

		assert_int_equal(poll(&fd, 1, clock_poll(limit)), 1);
		assert_true(recv(place->fd, text, sizeof text - 1, 0) > 0);
		if (strncmp(text, wanted, strlen(wanted)) == 0) {
			return count;
		}
		count += counted != NULL && strcmp(text, counted) == 0 ? 1 : 0;
	}
}

static void ends_with(struct place *place, int code) {
	int status = -1;

	assert_int_equal(waitpid(place->worker, &status, 0), place->worker);
	place->worker = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

static void it_tells_how_it_is(void **state) {
	struct place *place = *state;

	start(place, "60000000");
	assert_int_equal(await(place, "READY=1", "STOPPING=1"), 0);
	assert_string_equal(database_ask(place->database, "select alive from berth.worker_view"), "t");
	(void)await(place, "STATUS=at work on ", NULL);
	database_run(place->database, "select pg_terminate_backend(pid) from pg_stat_activity "
				      "where datname = current_database() and pid <> pg_backend_pid()");
	(void)await(place, "STATUS=not connected: ", NULL);
	assert_int_equal(await(place, "STATUS=at work on ", "READY=1"), 0);
	(void)kill(place->worker, SIGTERM);
	(void)await(place, "STOPPING=1", NULL);
	ends_with(place, 0);
}

/* Without a pause, also while nothing happens. */
static void it_shows_that_it_lives(void **state) {
	struct place *place = *state;
	int64_t began;

	start(place, "200000");
	(void)await(place, "READY=1", NULL);
	began = clock_steady();
	for (int i = 0; i < 10; i++) {
		(void)await(place, "WATCHDOG=1", NULL);
	}
	assert_in_range(clock_steady() - began, 800000, 60 * TIME_SECOND);
	(void)kill(place->worker, SIGTERM);
	ends_with(place, 0);
}

/* A worker without an answer from its server does not report that it is alive. */
static void it_is_silent_without_a_server(void **state) {
	struct place *place = *state;
	char *host = mem_text(getenv("PGHOST"));
	struct proxy *proxy = proxy_new(host);

	(void)setenv("PGHOST", proxy_folder(proxy), 1);
	start(place, "200000");
	(void)await(place, "WATCHDOG=1", NULL);
	proxy_admit(proxy, 0);
	proxy_sever(proxy);
	(void)await(place, "STATUS=not connected: ", NULL);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(await(place, "STATUS=not connected: ", "WATCHDOG=1"), 0);
	}
	proxy_admit(proxy, SIZE_MAX);
	(void)await(place, "STATUS=at work on ", NULL);
	(void)await(place, "WATCHDOG=1", NULL);
	(void)kill(place->worker, SIGTERM);
	ends_with(place, 0);
	(void)setenv("PGHOST", host, 1);
	proxy_free(proxy);
	free(host);
}

/* It is not ready before it works. */
static void it_is_not_ready_without_a_right(void **state) {
	struct place *place = *state;

	char *role = mem_print("service_%d", (int)getpid());
	char *make = mem_print("create role %s login; grant berth_viewer to %s", role, role);
	char *drop = mem_print("drop role %s", role);

	database_run(place->database, make);
	(void)setenv("PGUSER", role, 1);
	start(place, "60000000");
	(void)setenv("PGUSER", "postgres", 1);
	assert_int_equal(await(place, "STOPPING=1", "READY=1"), 0);
	ends_with(place, 7);
	database_run(place->database, drop);
	free(drop);
	free(make);
	free(role);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    HERE(it_tells_how_it_is),
	    HERE(it_shows_that_it_lives),
	    HERE(it_is_silent_without_a_server),
	    HERE(it_is_not_ready_without_a_right),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
