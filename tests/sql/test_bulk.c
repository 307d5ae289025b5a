/*
 * Batches of any size are sent and answered without a deadlock between the two
 * directions.
 */
#include "db/batch/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_be_long(p->database);
	client_pool(p->conn, "a", KIND_NUMBER, "1-1000000");
	*state = p;
	return 0;
}

static void ten_thousand_steps_go_at_once(void **state) {
	enum { STEPS = 10000 };
	struct place *p = *state;
	struct allocate ask = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_READ);

	client_allocate(p->conn, &ask);
	for (int i = 0; i < STEPS; i++) {
		lease_show_add(b, i % 2 == 0 ? ask.id : id_new());
	}
	client_run(p->conn, b);
	for (size_t i = 0; i < STEPS; i++) {
		assert_int_equal(batch_count(b, i), i % 2 == 0 ? 1 : 0);
	}
	batch_free(b);
}

/* More than all buffers between client and server hold, in both directions. */
static void megabytes_go_both_ways(void **state) {
	enum { STEPS = 40, BYTES = 200000 };
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	char *holder = mem_new(BYTES + 1, 1);
	struct err err = {0};
	size_t before = client_leases(p->database);

	memset(holder, 'x', BYTES);
	for (int i = 0; i < STEPS; i++) {
		holder[0] = (char)('A' + i % 26);
		client_add(b, "a", holder);
	}
	client_run(p->conn, b);
	for (size_t i = 0; i < STEPS; i++) {
		const struct lease *lease = batch_row(b, i, 0);

		assert_int_equal(strlen(lease->holder), BYTES);
		assert_int_equal(lease->holder[0], 'A' + i % 26);
	}
	assert_int_equal(client_leases(p->database), before + STEPS);
	batch_free(b);

	/* The same with a failure in the middle. */
	b = batch_new(BATCH_WRITE);
	for (int i = 0; i < STEPS; i++) {
		client_add(b, i == STEPS / 2 ? "missing" : "a", holder);
	}
	client_refused(p->conn, b, ERR_NOT_FOUND, &err);
	assert_int_equal(client_leases(p->database), before + STEPS);
	err_release(&err);
	batch_free(b);
	free(holder);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ten_thousand_steps_go_at_once),
	    cmocka_unit_test(megabytes_go_both_ways),
	};

	return cmocka_run_group_tests_name("bulk", tests, open_place, place_close);
}
