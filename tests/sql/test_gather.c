/*
 * One question to several databases: the answers of copies of a batch as one, and parts that end by
 * themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/batch/gather.h"
#include "db/conn/conn.h"
#include "db/conn/many.h"
#include "model/pool.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

/* Returns the connection of a server that does not exist. */
static struct conn *connect_to_nothing(void) {
	static const char *const keywords[] = {"host", NULL};
	static const char *const values[] = {"/nowhere", NULL};

	return conn_new(&(struct conn_options){keywords, values, true});
}

static void pool_is(const struct batch *b, size_t row, const char *name, size_t origin) {
	assert_string_equal(((const struct pool *)batch_row(b, 0, row))->name, name);
	assert_int_equal(batch_origin(b, 0, row), origin);
}

static void answers_are_one(void **state) {
	struct place *p = *state, *q = place_new();
	struct batch *b = batch_new(BATCH_READ);
	struct many_part parts[] = {{.conn = p->conn}, {.conn = connect_to_nothing()}, {.conn = q->conn}};
	struct many many = {.parts = parts, .count = 3};
	struct batch *copies[3];

	client_pool(p->conn, "a", KIND_NUMBER, "1-9");
	client_pool(p->conn, "b", KIND_NUMBER, "11-19");
	client_pool(q->conn, "a", KIND_NUMBER, "1-9");
	(void)pool_list_add(b, &(struct pool_ask){0});
	(void)pool_show_add(b, "b");
	for (size_t i = 0; i < 3; i++) {
		parts[i].batch = copies[i] = batch_copy(b);
	}
	many_run(&many, client_patience());
	assert_true(parts[0].ok && parts[2].ok);
	assert_false(parts[1].ok);
	assert_int_equal(parts[1].err.code, ERR_UNAVAILABLE);
	copies[1] = NULL;
	batch_gather(b, copies, 3);
	assert_int_equal(batch_count(b, 0), 3);
	pool_is(b, 0, "a", 0);
	pool_is(b, 1, "b", 0);
	pool_is(b, 2, "a", 2);
	assert_int_equal(batch_count(b, 1), 1);
	for (size_t i = 0; i < 3; i++) {
		batch_free(parts[i].batch);
	}
	batch_free(b);
	err_release(&parts[1].err);
	conn_free(parts[1].conn);
	*state = q;
	assert_int_equal(place_close(state), 0);
	*state = p;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(answers_are_one, place_open, place_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
