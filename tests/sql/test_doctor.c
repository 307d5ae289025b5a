/*
 * Doctor piece by piece finds what it finds at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/doctor.h"
#include "model/pool.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

/* Thirty leases in two pools, and after them a breach in each part that the pieces are taken from. */
static const char leases[] =
    "select berth.pool_create(gen_random_uuid(), p, 'number', p, null, 80, 90, 0, 0, null, null,"
    "  '[{\"name\": \"1-50\", \"first\": 1, \"last\": 50, \"host\": \"\"}, {\"name\": \"60-90\", \"first\": "
    "60, "
    "\"last\": 90, \"host\": \"\"}]', '{}') from unnest(array['a', 'b']) p;"
    "select berth.allocate_many(array(select gen_random_uuid() from generate_series(1, 15)), 'a', 'x', null, "
    "null, 0, '{}', '{\"k\": \"v\"}');"
    "select berth.allocate_many(array(select gen_random_uuid() from generate_series(1, 15)), 'b', 'x', null, "
    "null, 0, '{}', '{\"k\": \"v\"}')";

static const char breaches[] =
    "update berth.stripe set room = room - 1;"
    "update berth.pool set waiting = 3;"
    "update berth.label set seq = 1;"
    "insert into berth.event (action, kind, target) select 'destroy', 'lease', l.id from berth.lease l, "
    "generate_series(1, 2);"
    "update berth.lease set state = 'acquired' where seq % 2 = 0;"
    "insert into berth.command (action, kind, target, lane_kind, lane, state)"
    " select 'release', 'lease', l.id, 'lease', l.id, 'running' from berth.lease l";

static struct doctor check(struct conn *conn, int64_t rows, size_t *pieces) {
	struct doctor d = {0};

	for (*pieces = 0; !d.done; ++*pieces) {
		struct batch *b = batch_new(BATCH_READ);
		size_t step = doctor_piece_add(b, &d, rows);

		client_run(conn, b);
		assert_true(doctor_take(&d, b, step, NULL));
		batch_free(b);
	}
	return d;
}

/* Checks that pieces of so many rows, or of all, count as many breaches as the whole. Returns the number of
 * pieces. */
static size_t agrees(struct place *place, int64_t rows, bool ok) {
	size_t pieces;
	struct doctor d = check(place->conn, rows, &pieces);
	struct finding *found = doctor_findings(&d);
	struct batch *b = batch_new(BATCH_READ);
	bool all_ok = true;

	doctor_add(b);
	client_run(place->conn, b);
	assert_int_equal(d.count, batch_count(b, 0));
	for (size_t i = 0; i < d.count; i++) {
		const struct finding *whole = batch_row(b, 0, i);

		assert_string_equal(found[i].name, whole->name);
		assert_int_equal(found[i].found, whole->found);
		assert_int_equal(found[i].ok, whole->ok);
		all_ok = all_ok && whole->ok;
	}
	assert_int_equal(all_ok, ok);
	assert_true(d.share > 0.99);
	batch_free(b);
	free(found);
	doctor_release(&d);
	return pieces;
}

static void pieces_find_what_the_whole_finds(void **state) {
	struct place *place = *state;

	database_run(place->database, leases);
	database_run(place->database, "vacuum analyze");
	(void)agrees(place, 7, true);
	database_run(place->database, breaches);
	assert_in_range(agrees(place, 7, false), 12, 100);
	assert_in_range(agrees(place, 1, false), 60, 1000);
	assert_int_equal(agrees(place, 1000000, false), 10);
}

/* A database that was broken on purpose is not sound, as place_close() wants it. */
static int drop(void **state) {
	struct place *place = *state;

	conn_free(place->conn);
	database_drop(place->database);
	free(place);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(pieces_find_what_the_whole_finds, place_open, drop),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
