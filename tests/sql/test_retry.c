/*
 * A batch that fails by chance is run again, as a whole, until its deadline; a
 * statement that takes too long is stopped, and the connection can be used for the
 * next one.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define FAIL_ALWAYS "do do $$begin perform nextval('runs'); raise serialization_failure; end$$"
#define FAIL_ELEVEN_TIMES                                                                                    \
	"do do $$begin if nextval('runs') <= 11 then raise serialization_failure; end if; end$$"
#define FAIL_TWICE "do do $$begin if nextval('runs') <= 2 then raise serialization_failure; end if; end$$"

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	database_run(p->database, "create sequence public.runs;"
				  "create table public.tally (id int primary key, n int not null);"
				  "insert into public.tally values (1, 0), (2, 0);"
				  "alter function public.do_as_told() set search_path = public, pg_temp");
	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	client_pool(p->conn, "b", KIND_NUMBER, "1-1000");
	*state = p;
	return 0;
}

static int64_t ask_number(struct place *p, const char *sql) {
	return strtoll(database_ask(p->database, sql), NULL, 10);
}

static int64_t runs(struct place *p) {
	return ask_number(p, "select case when is_called then last_value else 0 end from runs");
}

static void begin(struct place *p) {
	database_run(p->database, "alter sequence runs restart; update tally set n = 0");
}

/* Applies to connections opened from now on. */
static void set_database(struct place *p, const char *what) {
	char *sql = mem_print("alter database \"%s\" %s", database_name(p->database), what);

	database_run(p->database, sql);
	free(sql);
}

static void a_serialization_failure_is_run_again(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	int64_t before = ask_number(p, "select count(*) from berth.lease");

	begin(p);
	client_add(b, "a", "");
	client_add(b, "a", FAIL_TWICE);
	client_run(p->conn, b);
	assert_int_equal(runs(p), 3);
	assert_int_equal(ask_number(p, "select count(*) from berth.lease"), before + 2);
	assert_int_equal(batch_count(b, 0), 1);
	assert_int_equal(batch_count(b, 1), 1);
	batch_free(b);
}

/* Until the deadline, any number of times. */
static void it_is_tried_until_it_succeeds(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);

	begin(p);
	client_add(b, "a", FAIL_ELEVEN_TIMES);
	client_run(p->conn, b);
	assert_int_equal(runs(p), 12);
	batch_free(b);
}

/* The first pauses are long enough for others to get out of the way. */
static void it_is_given_up_at_the_deadline(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	int64_t before = ask_number(p, "select count(*) from berth.lease");

	begin(p);
	client_add(b, "a", "");
	client_add(b, "a", FAIL_ALWAYS);
	assert_false(conn_run(p->conn, b, clock_steady() + 2 * TIME_SECOND, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_in_range(runs(p), 2, 14);
	assert_int_equal(ask_number(p, "select count(*) from berth.lease"), before);
	err_release(&err);
	batch_free(b);
}

/* The connection can end between two tries as well. */
static void a_connection_that_ends_ends_the_tries(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	char *sql;

	begin(p);
	session_is_sound(p->conn);
	client_add(b, "a", FAIL_ALWAYS);
	conn_submit(p->conn, b, TIME_NONE);
	session_step_until(
	    p->conn, p->database, "select case when last_value >= 4 then 1 else 0 end from runs");
	/* Only a pause between two tries has a time to wait for. */
	while (conn_deadline(p->conn) == TIME_NONE) {
		client_step(&p->conn, 1, 1);
	}
	sql = mem_print("select pg_terminate_backend(%" PRId64 ", 30000)", conn_process(p->conn).pid);
	assert_string_equal(database_ask(p->database, sql), "t");
	free(sql);
	assert_false(client_finish(p->conn, &err));
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_int_equal(conn_state(p->conn), CONN_DOWN);
	session_is_sound(p->conn);
	err_release(&err);
	batch_free(b);
}

static void nothing_else_is_run_again(void **state) {
	static const char *const codes[] = {"unique_violation", "exclusion_violation", "lock_not_available"};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		char *holder = mem_print("do do $$begin perform nextval('runs'); raise %s; end$$", codes[i]);
		struct batch *b = batch_new(BATCH_WRITE);
		struct err err = {0};

		begin(p);
		client_add(b, "a", holder);
		assert_false(client_try(p->conn, b, &err));
		assert_int_equal(runs(p), 1);
		err_release(&err);
		batch_free(b);
		free(holder);
	}
}

/* The server's own 40001: the row was changed after our snapshot. */
static void a_real_conflict_of_snapshots_is_run_again(void **state) {
	struct place *p = *state;
	struct conn *c;
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	begin(p);
	set_database(p, "set default_transaction_isolation = 'repeatable read'");
	c = client_new(database_values(p->database));
	client_add(b, "a",
	    "do do $$begin perform nextval('runs'); perform pg_advisory_xact_lock(1);"
	    " update tally set n = n + 1 where id = 1; end$$");
	session_is_sound(c);
	database_run(p->database, "select pg_advisory_lock(1)");
	conn_submit(c, b, TIME_NONE);
	session_step_until(c, p->database,
	    "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = "
	    "(select oid from pg_database where datname = current_database())");
	database_run(p->database, "update tally set n = n + 1 where id = 1");
	database_run(p->database, "select pg_advisory_unlock(1)");
	if (!client_finish(c, &err)) {
		fail_msg("%s %s", err.message, err.sqlstate);
	}
	assert_int_equal(runs(p), 2);
	assert_int_equal(ask_number(p, "select n from tally where id = 1"), 2);
	batch_free(b);
	conn_free(c);
	set_database(p, "reset all");
}

#define TAKE(id) "do do $$begin perform nextval('runs'); update tally set n = n + 1 where id = " #id "; end$$"
#define GATE "do select pg_advisory_xact_lock_shared(7)"

/* Starts a request that locks a row and waits at the gate before it locks the other. */
static void start(struct place *p, struct conn *c, struct batch *b, const char *pool,
    const char *const *holders, const char *until) {
	for (size_t i = 0; i < 3; i++) {
		client_add(b, pool, holders[i]);
	}
	session_is_sound(c);
	conn_submit(c, b, TIME_NONE);
	session_step_until(c, p->database, until);
}

/* Two requests that lock the same two rows in opposite order: one is aborted, and tries again. */
static void a_real_deadlock_is_run_again(void **state) {
	static const char *const holders[2][3] = {{TAKE(1), GATE, TAKE(2)}, {TAKE(2), GATE, TAKE(1)}};
	static const char *const untils[2] = {
	    "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = "
	    "(select oid from pg_database where datname = current_database())",
	    "select count(*) - 1 from pg_locks where locktype = 'advisory' and not granted and database = "
	    "(select oid from pg_database where datname = current_database())"};
	struct place *p = *state;
	struct conn *conns[2];
	struct batch *batches[2];
	struct err err = {0};

	begin(p);
	set_database(p, "set deadlock_timeout = '10ms'");
	database_run(p->database, "select pg_advisory_lock(7)");
	for (size_t i = 0; i < 2; i++) {
		conns[i] = client_new(database_values(p->database));
		batches[i] = batch_new(BATCH_WRITE);
		start(p, conns[i], batches[i], i == 0 ? "a" : "b", holders[i], untils[i]);
	}
	database_run(p->database, "select pg_advisory_unlock(7)");
	while (!conn_done(conns[0]) || !conn_done(conns[1])) {
		client_step(conns, 2, 1000);
	}
	for (size_t i = 0; i < 2; i++) {
		if (!conn_take(conns[i], &err)) {
			fail_msg("%s %s", err.message, err.sqlstate);
		}
		batch_free(batches[i]);
		conn_free(conns[i]);
	}
	assert_int_equal(ask_number(p, "select sum(n) from tally"), 4);
	assert_true(runs(p) >= 6);
	set_database(p, "reset all");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_serialization_failure_is_run_again),
	    cmocka_unit_test(it_is_tried_until_it_succeeds),
	    cmocka_unit_test(it_is_given_up_at_the_deadline),
	    cmocka_unit_test(a_connection_that_ends_ends_the_tries),
	    cmocka_unit_test(nothing_else_is_run_again),
	    cmocka_unit_test(a_real_conflict_of_snapshots_is_run_again),
	    cmocka_unit_test(a_real_deadlock_is_run_again),
	};

	return cmocka_run_group_tests_name("retry", tests, open_place, place_close);
}
