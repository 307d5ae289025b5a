/*
 * NOTIFY, received on a connection in any state.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "model/pool.h"
#include "model/worker.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

struct place {
	struct database *database;
	struct conn *conn;
};

static void run_listen(struct conn *c) {
	struct batch *b = batch_new(BATCH_WRITE);

	worker_listen_add(b);
	client_run(c, b);
	batch_free(b);
}

static int open_place(void **state) {
	struct place *place = malloc(sizeof *place);

	if (place == NULL) {
		return -1;
	}
	place->database = database_new();
	place->conn = client_new(database_values(place->database));
	run_listen(place->conn);
	*state = place;
	return 0;
}

static int close_place(void **state) {
	struct place *place = *state;

	conn_free(place->conn);
	database_drop(place->database);
	free(place);
	return 0;
}

static void call(struct place *place) {
	database_run(place->database, "select berth.wake()");
}

static void hears(struct conn *c) {
	int64_t limit = client_patience();

	while (!conn_notified(c)) {
		client_step(&c, 1, 100);
		assert_true(clock_steady() < limit);
	}
}

static void a_call_is_heard_once(void **state) {
	struct place *place = *state;

	assert_false(conn_notified(place->conn));
	call(place);
	hears(place->conn);
	assert_false(conn_notified(place->conn));
	call(place);
	hears(place->conn);
}

/* Many count as one, and none accumulate. */
static void many_are_heard_as_one(void **state) {
	struct place *place = *state;
	struct batch *b = batch_new(BATCH_READ);

	for (int i = 0; i < 1000; i++) {
		call(place);
	}
	/* Its answer comes after them all. */
	doctor_add(b);
	client_run(place->conn, b);
	batch_free(b);
	assert_true(conn_notified(place->conn));
	assert_false(conn_notified(place->conn));
}

/* Before, within and after the answers of a batch, while the connection is never idle. */
static void it_is_heard_while_a_batch_runs(void **state) {
	struct place *place = *state;

	for (int i = 0; i < 20; i++) {
		struct batch *b = batch_new(BATCH_READ);
		struct err err = {0};

		for (int k = 0; k < 5; k++) {
			doctor_add(b);
		}
		conn_submit(place->conn, b, client_patience());
		call(place);
		assert_true(client_finish(place->conn, &err));
		hears(place->conn);
		assert_false(conn_notified(place->conn));
		batch_free(b);
	}
}

/* A new connection must listen again. */
static void it_is_forgotten_with_the_connection(void **state) {
	struct place *place = *state;
	int64_t limit = client_patience();

	database_run(place->database, "select pg_terminate_backend(pid) from pg_stat_activity "
				      "where datname = current_database() and pid <> pg_backend_pid()");
	while (conn_state(place->conn) == CONN_READY) {
		client_step(&place->conn, 1, 100);
		assert_true(clock_steady() < limit);
	}
	assert_false(conn_notified(place->conn));
	run_listen(place->conn);
	call(place);
	hears(place->conn);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    HERE(a_call_is_heard_once),
	    HERE(many_are_heard_as_one),
	    HERE(it_is_heard_while_a_batch_runs),
	    HERE(it_is_forgotten_with_the_connection),
	};

	return cmocka_run_group_tests_name("hint", tests, NULL, NULL);
}
