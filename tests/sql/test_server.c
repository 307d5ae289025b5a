/*
 * The private server itself: created, started by many at once, killed, stopped
 * and removed.  Needs no shared server.  As root, everything also runs as the
 * user nobody.
 */
#include "db/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/server/pg_program.h"

/* A folder that only we can enter, with a place for a server. */
static int make_parent(void **state) {
	char *parent = mem_text("/tmp/berth-server-XXXXXX");

	*state = mkdtemp(parent);
	return *state == NULL ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where) {
	(void)found;
	(void)kind;
	(void)where;
	return remove(path);
}

static int remove_parent(void **state) {
	(void)nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

static struct server *open_server(const char *folder) {
	struct server *s = NULL;
	struct err err = {0};

	if (!server_open(folder, &s, &err)) {
		fail_msg("%s", err.message);
	}
	return s;
}

static void must(bool ok, struct err *err) {
	if (!ok) {
		fail_msg(
		    "%s: %s (%s)", err_name(err->code), err->message, err->hint == NULL ? "" : err->hint);
	}
}

/* Returns the first column of the first row, or "" for none; owned by the caller. */
static char *ask(const struct server *s, const char *sql) {
	PGconn *conn = PQconnectdbParams(server_keywords(), server_values(s), 0);
	PGresult *answer = PQexec(conn, sql);
	char *text;

	if (PQresultStatus(answer) != PGRES_TUPLES_OK && PQresultStatus(answer) != PGRES_COMMAND_OK) {
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	}
	text = mem_text(PQntuples(answer) == 0 ? "" : PQgetvalue(answer, 0, 0));
	PQclear(answer);
	PQfinish(conn);
	return text;
}

static void assert_answer(const struct server *s, const char *sql, const char *expected) {
	char *answer = ask(s, sql);

	assert_string_equal(answer, expected);
	free(answer);
}

static void test_life(void **state) {
	char *folder = mem_print("%s/a/b/server", (const char *)*state);
	struct server *s = open_server(folder);
	struct err err = {0};
	struct stat found;
	int64_t pid;

	assert_int_equal(server_state(s), SERVER_STOPPED);
	must(server_stop(s, &err), &err);
	assert_int_equal(access(folder, F_OK), -1);
	must(server_start(s, &err), &err);
	assert_int_equal(server_state(s), SERVER_RUNNING);
	pid = server_pid(s);
	assert_true(pid > 1);
	assert_answer(s, "select current_user || ' ' || current_database()", "berth berth");
	assert_answer(s, "show listen_addresses", "");
	assert_answer(s, "show fsync", "on");
	assert_answer(s,
	    "select pg_encoding_to_char(encoding) || ' ' || datcollate from pg_database"
	    " where datname = 'berth'",
	    "UTF8 C");
	assert_int_equal(stat(folder, &found), 0);
	assert_int_equal(found.st_mode & 07777, 0700);
	assert_int_not_equal(found.st_uid, 0);
	free(ask(s, "create table kept as select 7 as n"));
	must(server_start(s, &err), &err);
	assert_int_equal(server_pid(s), pid);
	must(server_stop(s, &err), &err);
	assert_int_equal(server_state(s), SERVER_STOPPED);
	assert_int_equal(server_pid(s), 0);
	must(server_stop(s, &err), &err);
	must(server_start(s, &err), &err);
	assert_answer(s, "select n from kept", "7");
	must(server_remove(s, &err), &err);
	assert_int_equal(access(folder, F_OK), -1);
	server_close(s);
	free(folder);
}

static void test_temporary(void **state) {
	char *folder = mem_print("%s/server", (const char *)*state);
	struct server *s = open_server(folder);
	struct err err = {0};

	server_set_temporary(s);
	must(server_start(s, &err), &err);
	assert_answer(s, "show fsync", "off");
	assert_answer(s, "select current_database()", "berth");
	must(server_remove(s, &err), &err);
	assert_int_equal(access(folder, F_OK), -1);
	server_close(s);
	free(folder);
}

static void test_odd_names(void **state) {
	static const char long_name[] =
	    "a-name-of-more-than-a-hundred-bytes-that-no-address-of-a-unix-socket-can-hold"
	    "-because-it-has-room-for-107";
	static const char *const names[] = {"a, b", "it's \"$HOME\" `x`;\\", long_name};
	struct err err = {0};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *folder = mem_print("%s/%s", (const char *)*state, names[i]);
		struct server *s = open_server(folder);

		must(server_start(s, &err), &err);
		assert_answer(s, "select 1", "1");
		must(server_remove(s, &err), &err);
		server_close(s);
		free(folder);
	}
}

static void start_elsewhere(const char *folder) {
	struct server *s = NULL;
	struct err err = {0};
	bool ok = server_open(folder, &s, &err) && server_start(s, &err) && server_state(s) == SERVER_RUNNING;

	if (!ok) {
		(void)fprintf(stderr, "%s\n", err.message == NULL ? "not running" : err.message);
	}
	_exit(ok ? 0 : 1);
}

static void test_many_at_once(void **state) {
	char *folder = mem_print("%s/server", (const char *)*state);
	struct err err = {0};
	struct server *s;
	int status;

	for (int i = 0; i < 6; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			start_elsewhere(folder);
		}
	}
	for (int i = 0; i < 6; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	s = open_server(folder);
	assert_int_equal(server_state(s), SERVER_RUNNING);
	must(server_remove(s, &err), &err);
	server_close(s);
	free(folder);
}

static void test_killed(void **state) {
	char *folder = mem_print("%s/server", (const char *)*state);
	struct server *s = open_server(folder);
	struct err err = {0};
	int64_t pid;

	must(server_start(s, &err), &err);
	free(ask(s, "create table kept as select 7 as n"));
	pid = server_pid(s);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	while (server_state(s) != SERVER_STOPPED) {
		(void)poll(NULL, 0, 10);
	}
	must(server_start(s, &err), &err);
	assert_int_not_equal(server_pid(s), pid);
	assert_answer(s, "select n from kept", "7");
	must(server_remove(s, &err), &err);
	server_close(s);
	free(folder);
}

static void assert_start_refused(const char *folder, enum err_code code, const char *words) {
	struct server *s = open_server(folder);
	struct err err = {0};

	assert_false(server_start(s, &err));
	assert_int_equal(err.code, code);
	if (strstr(err.message, words) == NULL) {
		fail_msg("'%s' says nothing of '%s'", err.message, words);
	}
	err_release(&err);
	server_close(s);
}

static void test_other_folder(void **state) {
	char *file = mem_print("%s/precious", (const char *)*state);
	struct stat before;
	struct stat after;
	struct server *s = open_server(*state);
	struct err err = {0};

	assert_int_equal(close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0644)), 0);
	assert_int_equal(stat(*state, &before), 0);
	assert_start_refused(*state, ERR_INVALID_INPUT, "is not empty");
	must(server_stop(s, &err), &err);
	assert_false(server_remove(s, &err));
	err_release(&err);
	assert_int_equal(stat(*state, &after), 0);
	assert_int_equal(before.st_uid, after.st_uid);
	assert_int_equal(before.st_mtime, after.st_mtime);
	assert_false(server_open("", &s, &err));
	assert_int_equal(err.code, ERR_INVALID_INPUT);
	err_release(&err);
	assert_false(server_open(file, &s, &err));
	assert_int_equal(err.code, ERR_INVALID_INPUT);
	err_release(&err);
	server_close(s);
	free(file);
}

static void write_program(const char *folder, const char *name, const char *text) {
	char *path = mem_print("%s/%s", folder, name);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, 0755), 0);
	assert_int_equal(close(fd), 0);
	free(path);
}

/* An installation that does not work: its message is shown, and nothing half-made stays. */
static void test_broken_installation(void **state) {
	char *old = mem_text(getenv("PATH"));
	char *folder = mem_print("%s/server", (const char *)*state);
	char *data = mem_print("%s/data", folder);

	assert_int_equal(chmod(*state, 0755), 0);
	write_program(
	    *state, "initdb", "#!/bin/sh\necho 'initdb: error: the moon is full'\necho bye\nexit 1\n");
	write_program(*state, "pg_ctl", "#!/bin/sh\n");
	write_program(*state, "postgres", "#!/bin/sh\n");
	assert_int_equal(setenv("PATH", *state, 1), 0);
	assert_start_refused(folder, ERR_UNAVAILABLE, "initdb failed: the moon is full");
	assert_int_equal(access(data, F_OK), -1);
	assert_int_equal(setenv("PATH", old, 1), 0);
	free(data);
	free(folder);
	free(old);
}

static void test_tool_deadline(void **state) {
	static const char *const argv[] = {"sleep", "1000", NULL};
	struct pg_program tool = {.argv = argv, .lock = -1, .user = {.uid = geteuid(), .gid = getegid()}};
	struct err err = {0};
	FILE *log = tmpfile();

	assert_non_null(log);
	tool.log = fileno(log);
	tool.folder = open(*state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_false(pg_program_run(&tool, clock_steady(), &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	err_release(&err);
	assert_int_equal(close(tool.folder), 0);
	assert_int_equal(fclose(log), 0);
}

static void test_default_folder(void **state) {
	static const struct {
		const char *data;
		const char *home;
		const char *expected;
	} cases[] = {
	    {"/x/data", "/h", "/x/data/berth/server"},
	    {"relative", "/h", "/h/.local/share/berth/server"},
	    {"", "/h", "/h/.local/share/berth/server"},
	    {NULL, "/h", "/h/.local/share/berth/server"},
	};
	char *data = mem_text(getenv("XDG_DATA_HOME"));
	char *home = mem_text(getenv("HOME"));

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct server *s;

		assert_int_equal(cases[i].data == NULL ? unsetenv("XDG_DATA_HOME")
						       : setenv("XDG_DATA_HOME", cases[i].data, 1),
		    0);
		assert_int_equal(setenv("HOME", cases[i].home, 1), 0);
		s = open_server(NULL);
		assert_string_equal(server_path(s), cases[i].expected);
		server_close(s);
	}
	assert_int_equal(data == NULL ? unsetenv("XDG_DATA_HOME") : setenv("XDG_DATA_HOME", data, 1), 0);
	assert_int_equal(home == NULL ? unsetenv("HOME") : setenv("HOME", home, 1), 0);
	free(data);
	free(home);
}

static int run_all(const char *who) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_parent, remove_parent)
	const struct CMUnitTest tests[] = {TEST(test_life), TEST(test_temporary), TEST(test_odd_names),
	    TEST(test_many_at_once), TEST(test_killed), TEST(test_other_folder),
	    TEST(test_broken_installation), TEST(test_tool_deadline), TEST(test_default_folder)};

	return cmocka_run_group_tests_name(who, tests, NULL, NULL);
}

static bool run_as_nobody(void) {
	const struct passwd *nobody = getpwnam("nobody");
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		/* Without the dumpable flag the leak checker could not look at this process. */
		bool ready = nobody != NULL && setgid(nobody->pw_gid) == 0 && setuid(nobody->pw_uid) == 0 &&
			     prctl(PR_SET_DUMPABLE, 1) == 0;

		exit(ready && run_all("server, as nobody") == 0 ? 0 : 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void) {
	int failed = run_all("server");

	if (geteuid() == 0 && !run_as_nobody()) {
		failed++;
	}
	return failed;
}
