/*
 * A statement that takes too long, or is cancelled, is stopped; the connection
 * can be used for the next one.
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
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define SLEEPS                                                                                               \
	"select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = "                  \
	"current_database()"

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	database_run(p->database, "create sequence public.runs");
	client_pool(p->conn, "a", KIND_NUMBER, "1-100000");
	*state = p;
	return 0;
}

static struct batch *holding(const char *holder) {
	struct batch *b = batch_new(BATCH_WRITE);

	client_add(b, "a", holder);
	return b;
}

/* It may be another process of the server: a connection is given up when its cancel takes too long. */
static void assert_usable(struct place *p) {
	struct allocate ask = client_ask("a", id_new());

	client_allocate(p->conn, &ask);
	assert_int_equal(conn_state(p->conn), CONN_READY);
}

static void the_deadline_stops_it(void **state) {
	struct place *p = *state;
	struct batch *b = holding("do select pg_sleep(600)");
	int64_t began = clock_steady();
	struct err err = {0};

	assert_false(conn_run(p->conn, b, began + TIME_SECOND / 10, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_true(clock_steady() - began >= TIME_SECOND / 10);
	assert_true(clock_steady() - began < 60 * TIME_SECOND);
	assert_string_equal(database_ask(p->database, SLEEPS), "0");
	assert_string_equal(
	    database_ask(p->database, "select count(*) from berth.lease where holder like '%sleep%'"), "0");
	assert_usable(p);
	err_release(&err);
	batch_free(b);
}

static void it_can_be_cancelled(void **state) {
	struct place *p = *state;
	struct batch *b = holding("do select pg_sleep(600)");
	struct err err = {0};

	conn_submit(p->conn, b, TIME_NONE);
	session_step_until(p->conn, p->database, SLEEPS);
	assert_int_equal(conn_state(p->conn), CONN_BUSY);
	conn_cancel(p->conn);
	conn_cancel(p->conn);
	assert_false(client_finish(p->conn, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_usable(p);
	err_release(&err);
	batch_free(b);
}

/* A cancel request travels on a connection of its own and may come late. */
static void a_late_cancel_does_not_hit_the_next(void **state) {
	struct place *p = *state;

	for (int i = 0; i < 200; i++) {
		struct batch *b = holding("");
		struct err err = {0};

		conn_submit(p->conn, b, TIME_NONE);
		conn_cancel(p->conn);
		if (!client_finish(p->conn, &err)) {
			assert_int_equal(err.code, ERR_TIMEOUT);
		}
		err_release(&err);
		batch_free(b);
		assert_usable(p);
	}
}

static void between_two_tries_it_stops_at_once(void **state) {
	struct place *p = *state;
	struct batch *b =
	    holding("do do $$begin perform nextval('public.runs'); raise serialization_failure; end$$");
	struct err err = {0};
	char *before;

	conn_submit(p->conn, b, TIME_NONE);
	session_step_until(
	    p->conn, p->database, "select case when last_value >= 4 then 1 else 0 end from public.runs");
	conn_cancel(p->conn);
	assert_false(client_finish(p->conn, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	before = mem_text(database_ask(p->database, "select last_value from public.runs"));
	assert_usable(p);
	assert_string_equal(database_ask(p->database, "select last_value from public.runs"), before);
	free(before);
	err_release(&err);
	batch_free(b);
}

static void the_deadline_ends_the_tries_too(void **state) {
	struct place *p = *state;
	struct batch *b = holding("do do $$begin raise serialization_failure; end$$");
	struct err err = {0};

	assert_false(conn_run(p->conn, b, clock_steady() + TIME_SECOND / 20, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_usable(p);
	err_release(&err);
	batch_free(b);
}

static void a_deadline_that_has_passed_is_no_crash(void **state) {
	struct place *p = *state;
	struct batch *b = holding("do select pg_sleep(600)");
	struct err err = {0};

	assert_false(conn_run(p->conn, b, clock_steady() - 1, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_usable(p);
	err_release(&err);
	batch_free(b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_deadline_stops_it),
	    cmocka_unit_test(it_can_be_cancelled),
	    cmocka_unit_test(a_late_cancel_does_not_hit_the_next),
	    cmocka_unit_test(between_two_tries_it_stops_at_once),
	    cmocka_unit_test(the_deadline_ends_the_tries_too),
	    cmocka_unit_test(a_deadline_that_has_passed_is_no_crash),
	};

	return cmocka_run_group_tests_name("deadline", tests, open_place, place_close);
}
