/*
 * Statements that cannot run in a transaction: the answer of a batch's one step is
 * sent by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "gen/queries.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

static const char id[] = "7b3d5e0a-93a5-4a3c-8f2e-0d2f5a1c9e11";

/* Brings a run to a phase that creates an index. */
static const char prepared[] =
    "create table public.t (id int primary key, k int);"
    "insert into public.t select i, i / 2 from generate_series(1, 9) i;"
    "insert into berth.dedupe_run (id, relation, name, ask, request, columns, constraint_name, standing, "
    "pid, backend_start, indexed, phase)"
    " select '7b3d5e0a-93a5-4a3c-8f2e-0d2f5a1c9e11', 'public.t'::regclass, 'public.t', '{\"key\": [\"k\"], "
    "\"null_as_empty\": [], \"trim\": {}, \"values\": [], \"order\": [], \"row_id\": [\"id\"], \"fold\": "
    "[]}', '{}', '[]', "
    "'t_k', false, 0, now(), true, 'index'";

static struct batch *alone(int64_t epoch) {
	struct batch *b = batch_new(BATCH_ALONE);
	struct id run;

	assert_true(id_parse(id, &run));
	query_dedupe_statement_add(b, run, epoch);
	return b;
}

static void phase(struct place *p, const char *name) {
	char *sql = mem_print("update berth.dedupe_run set phase = '%s'", name);

	database_run(p->database, sql);
	free(sql);
}

static void has_indexes(struct place *p, const char *wanted) {
	assert_string_equal(
	    database_ask(p->database,
		"select count(*) || case when bool_and(indisvalid) then '' else ' invalid' end"
		" from pg_index where indrelid = 'public.t'::regclass"),
	    wanted);
}

static void it_is_sent(void **state) {
	struct place *p = *state;
	struct batch *b = alone(1);

	client_run(p->conn, b);
	assert_non_null(strstr(((const struct composed_statement *)batch_row(b, 0, 0))->sql, "concurrently"));
	batch_free(b);
	has_indexes(p, "2");
}

static void there_may_be_nothing_to_send(void **state) {
	struct place *p = *state;
	struct batch *b = alone(1);

	client_run(p->conn, b);
	client_run(p->conn, b);
	assert_null(((const struct composed_statement *)batch_row(b, 0, 0))->sql);
	batch_free(b);
	has_indexes(p, "2");
}

/* A failure of the step or of the statement that it returned ends the batch; the connection can still be
 * used. */
static void errors_are_the_steps(void **state) {
	struct place *p = *state;
	struct batch *b = alone(2);
	struct err err = {0};

	client_refused(p->conn, b, ERR_CONFLICT, &err);
	err_release(&err);
	batch_free(b);
	phase(p, "unique");
	b = alone(1);
	client_refused(p->conn, b, ERR_ALREADY_EXISTS, &err);
	assert_string_equal(err.sqlstate, "23505");
	assert_string_equal(err.constraint, "t_k");
	err_release(&err);
	batch_free(b);
	has_indexes(p, "2 invalid");
	phase(p, "drop");
	b = alone(1);
	client_run(p->conn, b);
	batch_free(b);
	has_indexes(p, "1");
}

static void it_takes_place_in_no_transaction_and_can_be_cancelled(void **state) {
	struct place *p = *state;
	struct batch *b = alone(1);
	struct err err = {0};

	database_run(p->database, "begin; lock table public.t in row exclusive mode");
	conn_submit(p->conn, b, client_patience());
	session_step_until(p->conn, p->database,
	    "select (count(*) = 2)::int from pg_index where indrelid = 'public.t'::regclass");
	conn_cancel(p->conn);
	assert_false(client_finish(p->conn, &err));
	assert_int_equal(err.code, ERR_TIMEOUT);
	err_release(&err);
	database_run(p->database, "rollback");
	has_indexes(p, "2 invalid");
	phase(p, "unindex");
	client_run(p->conn, b);
	has_indexes(p, "1");
	batch_free(b);
}

static void read_only_is_read_only(void **state) {
	struct place *p = *state;
	struct conn_options options = {
	    .keywords = database_keywords(), .values = database_values(p->database), .read_only = true};
	struct conn *c = conn_new(&options);
	struct batch *b = alone(1);
	struct err err = {0};

	client_refused(c, b, ERR_READ_ONLY, &err);
	err_release(&err);
	batch_free(b);
	conn_free(c);
	has_indexes(p, "1");
}

static int open_prepared(void **state) {
	struct place *p = place_new();
	struct batch *b = batch_new(BATCH_READ);

	database_run(p->database, prepared);
	/* Connected, so that a batch can be submitted at once. */
	query_read_only_add(b);
	client_run(p->conn, b);
	batch_free(b);
	*state = p;
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(it_is_sent, open_prepared, place_close),
	    cmocka_unit_test_setup_teardown(there_may_be_nothing_to_send, open_prepared, place_close),
	    cmocka_unit_test_setup_teardown(errors_are_the_steps, open_prepared, place_close),
	    cmocka_unit_test_setup_teardown(
		it_takes_place_in_no_transaction_and_can_be_cancelled, open_prepared, place_close),
	    cmocka_unit_test_setup_teardown(read_only_is_read_only, open_prepared, place_close),
	};

	return cmocka_run_group_tests_name("alone", tests, NULL, NULL);
}
