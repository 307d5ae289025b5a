/*
 * Reaching a server, and failing to: the messages, and the further tries.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libpq-fe.h>

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/schema/migrate.h"
#include "db/schema/version.h"
#include "db/server/server.h"
#include "model/pool.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

/* Checks the error of a first attempt to read the pools. */
static void fails(const char *const *values, enum err_code code, const char *hint) {
	struct conn *c = client_new(values);
	struct batch *b = batch_new(BATCH_READ);
	struct err err = {0};
	int64_t began = clock_steady();

	doctor_add(b);
	client_refused(c, b, code, &err);
	assert_true(clock_steady() - began < 60 * TIME_SECOND);
	assert_true(err.message[0] != '\0');
	assert_null(strchr(err.message, '\n'));
	assert_true(hint == NULL || (err.hint != NULL && strstr(err.hint, hint) != NULL));
	assert_int_equal(conn_state(c), CONN_DOWN);
	assert_int_equal(conn_trouble(c)->code, code);
	assert_string_equal(conn_user(c), "");
	err_release(&err);
	batch_free(b);
	conn_free(c);
}

static void nobody_there_is_unavailable(void **state) {
	const char *const values[] = {"/nonexistent", "postgres", "postgres", NULL};
	(void)state;

	fails(values, ERR_UNAVAILABLE, NULL);
}

static void a_missing_database_is_unavailable(void **state) {
	struct database *d = database_new_empty();
	const char *const *there = database_values(d);
	const char *const values[] = {there[0], there[1], "no such database", NULL};
	(void)state;

	fails(values, ERR_UNAVAILABLE, NULL);
	database_drop(d);
}

static void the_schema_has_to_fit(void **state) {
	struct database *d = database_new_empty();
	struct database *migrated = database_new();
	char *later = mem_print(
	    "insert into berth.schema_version (version, name) values (%d, 'later')", schema_version + 1);
	(void)state;

	fails(database_values(d), ERR_SCHEMA_MISMATCH, "berth migrate");
	database_run(d, "create schema berth");
	fails(database_values(d), ERR_SCHEMA_MISMATCH, "berth migrate");
	database_run(migrated, later);
	fails(database_values(migrated), ERR_SCHEMA_MISMATCH, "newer");
	database_run(migrated, "delete from berth.schema_version");
	fails(database_values(migrated), ERR_SCHEMA_MISMATCH, "berth migrate");
	free(later);
	database_drop(d);
	database_drop(migrated);
}

static void a_stranger_is_not_allowed(void **state) {
	struct database *d = database_new();
	char *role = mem_print("%s stranger", database_name(d));
	char *sql = mem_print("create role \"%s\" login", role);
	(void)state;

	database_run(d, sql);
	free(sql);
	fails(database_as(d, role), ERR_NOT_ALLOWED, "berth_viewer");
	sql = mem_print("drop role \"%s\"", role);
	database_run(d, sql);
	free(sql);
	free(role);
	database_drop(d);
}

static void it_knows_whom_it_has_reached(void **state) {
	struct database *d = database_new();
	struct conn *c = client_new(database_values(d));
	char *question;
	(void)state;

	assert_string_equal(conn_database(c), "");
	session_is_sound(c);
	assert_string_equal(conn_user(c), "postgres");
	assert_string_equal(conn_database(c), database_name(d));
	assert_string_equal(conn_server(c), database_values(d)[0]);
	assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	question =
	    mem_print("select count(*) from pg_stat_activity where pid = %" PRId64, conn_process(c).pid);
	assert_string_equal(database_ask(d, question), "1");
	free(question);
	conn_free(c);
	database_drop(d);
}

/* An administrator ends our idle process: nothing is printed, and the next request connects again. */
static void an_idle_connection_that_is_ended_comes_back(void **state) {
	struct database *d = database_new();
	struct conn *c = client_new(database_values(d));
	char *sql;
	int64_t old;
	int streams[2], kept = dup(2);
	(void)state;

	session_is_sound(c);
	old = conn_process(c).pid;
	assert_int_equal(pipe(streams), 0);
	assert_int_equal(dup2(streams[1], 2), 2);
	sql = mem_print("select pg_terminate_backend(%" PRId64 ")", old);
	database_run(d, sql);
	while (conn_state(c) == CONN_READY) {
		client_step(&c, 1, 1000);
	}
	assert_int_equal(dup2(kept, 2), 2);
	(void)close(kept);
	(void)close(streams[1]);
	assert_int_equal(read(streams[0], &(char){0}, 1), 0);
	(void)close(streams[0]);
	assert_int_equal(conn_trouble(c)->code, ERR_UNAVAILABLE);
	session_is_sound(c);
	assert_true(conn_process(c).pid != old);
	assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	free(sql);
	conn_free(c);
	database_drop(d);
}

/* --- a private server, which can be killed --- */

struct place {
	char *parent;
	char *folder;
	struct server *server;
};

static void must(bool ok, struct err *err) {
	if (!ok) {
		fail_msg("%s: %s", err_name(err->code), err->message);
	}
}

static int open_server(void **state) {
	struct place *p = mem_new(1, sizeof *p);
	struct err err = {0};

	p->parent = mem_text("/tmp/berth-connect-XXXXXX");
	if (mkdtemp(p->parent) == NULL) {
		return -1;
	}
	p->folder = mem_print("%s/server", p->parent);
	*state = p;
	return server_open(p->folder, &p->server, &err) && server_start(p->server, &err) ? 0 : -1;
}

static int close_server(void **state) {
	struct place *p = *state;
	struct err err = {0};
	bool ok = server_remove(p->server, &err) && rmdir(p->parent) == 0;

	err_release(&err);
	server_close(p->server);
	free(p->folder);
	free(p->parent);
	free(p);
	return ok ? 0 : -1;
}

static struct conn *connect_to(struct place *p) {
	struct conn_options options = {.keywords = server_keywords(), .values = server_values(p->server)};
	struct migration done;
	struct err err = {0};

	must(migrate(&options, MIGRATE_APPLY, 0, &done, &err), &err);
	migration_release(&done);
	return conn_new(&options);
}

/* Kills the server as a power cut would. */
static void kill_server(struct place *p) {
	int64_t limit = client_patience();

	assert_int_equal(kill((pid_t)server_pid(p->server), SIGQUIT), 0);
	while (server_state(p->server) != SERVER_STOPPED) {
		(void)poll(NULL, 0, 5);
		assert_true(clock_steady() < limit);
	}
}

/* Allocates until the server is gone; the last request is in doubt or was not done. */
static void allocate_until_lost(struct place *p, struct conn *c, struct allocate *last) {
	struct err err = {0};

	for (int i = 0; err.code == ERR_NONE; i++) {
		struct batch *b = batch_new(BATCH_WRITE);

		if (i == 20) {
			assert_int_equal(kill((pid_t)server_pid(p->server), SIGQUIT), 0);
		}
		*last = client_ask("a", id_new());
		lease_allocate_add(b, last);
		while (conn_state(c) == CONN_CONNECTING) {
			client_step(&c, 1, 1000);
		}
		if (conn_state(c) == CONN_READY) {
			conn_submit(c, b, TIME_NONE);
			(void)!client_finish(c, &err);
		} else {
			err_set(&err, ERR_UNAVAILABLE, "down");
		}
		batch_free(b);
	}
	assert_true(err.code == ERR_UNAVAILABLE || err.code == ERR_OUTCOME_UNKNOWN);
	err_release(&err);
}

static void a_killed_server_is_waited_for(void **state) {
	struct place *p = *state;
	struct conn *c = connect_to(p);
	struct err err = {0};
	struct allocate last;
	int64_t longest = 0;

	client_pool(c, "a", KIND_NUMBER, "1-100000");
	allocate_until_lost(p, c, &last);
	assert_int_equal(conn_state(c), CONN_DOWN);
	assert_int_equal(conn_trouble(c)->code, ERR_UNAVAILABLE);

	/* The delays grow: the second one is at most half a second. */
	while (longest <= TIME_SECOND / 2) {
		int64_t delay = conn_deadline(c) - clock_steady();

		client_step(&c, 1, 10000);
		longest = conn_state(c) == CONN_DOWN && delay > longest ? delay : longest;
		assert_true(delay <= 8 * TIME_SECOND);
		assert_true(conn_state(c) != CONN_DOWN || conn_trouble(c)->code == ERR_UNAVAILABLE);
	}
	must(server_start(p->server, &err), &err);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 10000);
	}
	assert_int_equal(conn_trouble(c)->code, ERR_NONE);
	assert_true(client_allocate(c, &last) == client_allocate(c, &last));
	session_is_sound(c);
	conn_free(c);
}

static void a_dead_server_is_told_at_once(void **state) {
	struct place *p = *state;
	struct conn *c = connect_to(p);
	struct batch *b = batch_new(BATCH_READ);
	struct err err = {0};

	session_is_sound(c);
	kill_server(p);
	doctor_add(b);
	client_refused(c, b, ERR_UNAVAILABLE, &err);
	err_release(&err);
	client_refused(c, b, ERR_UNAVAILABLE, &err);
	err_release(&err);
	must(server_start(p->server, &err), &err);
	client_run(c, b);
	batch_free(b);
	conn_free(c);
}

/* Runs SQL on the private server, as the user that created it. */
static void run_there(struct place *p, const char *database, const char *sql) {
	const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {p->folder, "berth", database, NULL};
	PGconn *pg = PQconnectdbParams(keywords, values, 0);
	PGresult *result = PQexec(pg, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		fail_msg("%s: %s", sql, PQerrorMessage(pg));
	}
	PQclear(result);
	PQfinish(pg);
}

/* With two hosts, the first one read-only, it connects to the one that accepts changes, unless it is
 * read-only itself. */
static void a_host_that_takes_changes_is_preferred(void **state) {
	struct place *p = *state;
	struct database *d = database_new();
	const char *const *values = database_values(d);
	char *hosts = mem_print("%s,%s", values[0], p->folder);
	const char *const there[] = {p->folder, values[1], values[2], NULL};
	const char *const both[] = {hosts, values[1], values[2], NULL};
	struct conn_options options = {.keywords = database_keywords(), .values = there};
	char *create = mem_print("create database \"%s\"", values[2]);
	char *alter = mem_print("alter database \"%s\" set default_transaction_read_only = on", values[2]);
	struct migration done;
	struct err err = {0};

	run_there(p, "berth", "create role postgres superuser login");
	run_there(p, "berth", create);
	must(migrate(&options, MIGRATE_APPLY, 0, &done, &err), &err);
	migration_release(&done);
	database_run(d, alter);
	options.values = both;
	for (int i = 0; i < 2; i++) {
		struct conn *c;

		options.read_only = i == 1;
		c = conn_new(&options);
		session_is_sound(c);
		assert_string_equal(conn_server(c), i == 1 ? values[0] : p->folder);
		conn_free(c);
	}
	free(create);
	free(alter);
	free(hosts);
	database_drop(d);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_there_is_unavailable),
	    cmocka_unit_test(a_missing_database_is_unavailable),
	    cmocka_unit_test(the_schema_has_to_fit),
	    cmocka_unit_test(a_stranger_is_not_allowed),
	    cmocka_unit_test(it_knows_whom_it_has_reached),
	    cmocka_unit_test(an_idle_connection_that_is_ended_comes_back),
	    cmocka_unit_test_setup_teardown(a_killed_server_is_waited_for, open_server, close_server),
	    cmocka_unit_test_setup_teardown(a_dead_server_is_told_at_once, open_server, close_server),
	    cmocka_unit_test_setup_teardown(
		a_host_that_takes_changes_is_preferred, open_server, close_server),
	};

	return cmocka_run_group_tests_name("connect", tests, NULL, NULL);
}
