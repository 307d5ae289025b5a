/*
 * A change that arrives while another one is uncommitted: it waits, and is
 * then decided by the committed state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define TWIN "7b3d5e0a-93a5-4a3c-8f2e-0d2f5a1c9e11"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-3");
	database_run(p->database,
	    "select berth.pool_create(gen_random_uuid(), 'empty', 'number', 'global', null, 80, 90, 0, 0,"
	    " null, null, '[]', '{}')");
	*state = p;
	return 0;
}

static void add_value(struct batch *b) {
	struct allocate ask = session_ask_value("a", id_new(), KIND_NUMBER, "2");

	lease_allocate_add(b, &ask);
}

static void add_import(struct batch *b) {
	static const char file[] = "pool,kind,range\nempty,number,5000-5005\n";
	const struct import_ask ask = {.what = IMPORT_RANGES, .from = IMPORT_OWN};
	struct import_file read;
	struct buf rows = {0};
	struct err err = {0};
	size_t at = 0;

	assert_true(import_read(file, strlen(file), &ask, &read, &err));
	import_rows(&read, SIZE_MAX, &at, &rows);
	import_add(b, IMPORT_RANGES, id_new(), buf_text(&rows), false, "{}");
	import_release(&read);
	buf_release(&rows);
}

static struct id twin(void) {
	struct id id;

	assert_true(id_parse(TWIN, &id));
	return id;
}

static void add_create(struct batch *b) {
	struct pool_new pool = {
	    .id = twin(), .name = "new", .kind = KIND_NUMBER, .space = "global", .warn = 80, .crit = 90};

	pool_create_add(b, &pool, "{}");
}

static void add_delete(struct batch *b) {
	pool_delete_add(b, id_new(), "empty", "{}");
}

static void add_range(struct batch *b) {
	struct range range;
	struct err err = {0};

	assert_true(range_parse("500-600", KIND_NUMBER, &range, &err));
	pool_add_add(b, id_new(), "empty", &range, 1, NULL, "{}");
}

/* Sends it while the other change is held, lets that one commit, and returns the outcome. */
static enum err_code outcome(
    struct place *p, const char *held, void (*add)(struct batch *), struct batch *b) {
	char *waits = mem_print("select least(1, count(*)) from pg_locks where not granted and pid = %d",
	    (int)conn_process(p->conn).pid);
	struct err err = {0};
	enum err_code code = ERR_NONE;

	add(b);
	database_run(p->database, "begin");
	database_run(p->database, held);
	conn_submit(p->conn, b, client_patience());
	session_step_until(p->conn, p->database, waits);
	database_run(p->database, "commit");
	if (!client_finish(p->conn, &err)) {
		code = err.code;
	}
	err_release(&err);
	free(waits);
	return code;
}

static void check(struct place *p, const char *held, void (*add)(struct batch *), enum err_code expected) {
	struct batch *b = batch_new(BATCH_WRITE);

	assert_string_equal(err_name(outcome(p, held, add, b)), err_name(expected));
	batch_free(b);
}

static void a_value_whose_range_is_removed_is_in_none(void **state) {
	check(*state, "select berth.pool_remove(gen_random_uuid(), 'a', 'number', '1-3', 1, 3, '', '{}')",
	    add_value, ERR_INVALID_INPUT);
}

static void a_pool_that_is_deleted_gets_no_range(void **state) {
	check(*state, "select berth.pool_delete(gen_random_uuid(), 'empty', '{}')", add_range, ERR_NOT_FOUND);
}

static void a_pool_is_deleted_once(void **state) {
	check(
	    *state, "select berth.pool_delete(gen_random_uuid(), 'empty', '{}')", add_delete, ERR_NOT_FOUND);
}

static void an_import_makes_the_pool_that_is_deleted_anew(void **state) {
	struct place *p = *state;

	check(p, "select berth.pool_delete(gen_random_uuid(), 'empty', '{}')", add_import, ERR_NONE);
	assert_string_equal(
	    database_ask(p->database, "select capacity from berth.pool_view where name = 'empty'"), "6");
}

static void the_twin_of_a_creation_is_answered(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	const struct pool *pool;

	assert_int_equal(outcome(p,
			     "select berth.pool_create('" TWIN
			     "', 'new', 'number', 'global', null, 80, 90, 0, 0, null, null, '[]', '{}')",
			     add_create, b),
	    ERR_NONE);
	pool = batch_row(b, 0, 0);
	assert_true(pool->replayed);
	batch_free(b);
}

static void an_id_is_one_request_for_ever(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("a", twin()), many = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	/* A pool's id is no lease's, ... */
	add_create(b);
	client_run(p->conn, b);
	batch_free(b);
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_ID_CONFLICT);
	err_release(&err);

	/* ... a lease's no pool's, ... */
	ask.id = id_new();
	assert_true(client_allocate(p->conn, &ask) == 1);
	b = batch_new(BATCH_WRITE);
	pool_delete_add(b, ask.id, "empty", "{}");
	client_refused(p->conn, b, ERR_ID_CONFLICT, &err);
	err_release(&err);
	batch_free(b);

	/* ... and what would be derived from an id may be taken. */
	ask.id = id_derive(many.id, 2);
	assert_true(client_allocate(p->conn, &ask) == 2);
	many.count = 2;
	assert_int_equal(session_allocate_fails(p->conn, &many, &err), ERR_ID_CONFLICT);
	err_release(&err);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_value_whose_range_is_removed_is_in_none, open_place, place_close),
	    cmocka_unit_test_setup_teardown(a_pool_that_is_deleted_gets_no_range, open_place, place_close),
	    cmocka_unit_test_setup_teardown(a_pool_is_deleted_once, open_place, place_close),
	    cmocka_unit_test_setup_teardown(
		an_import_makes_the_pool_that_is_deleted_anew, open_place, place_close),
	    cmocka_unit_test_setup_teardown(the_twin_of_a_creation_is_answered, open_place, place_close),
	    cmocka_unit_test_setup_teardown(an_id_is_one_request_for_ever, open_place, place_close),
	};

	return cmocka_run_group_tests_name("held", tests, NULL, NULL);
}
