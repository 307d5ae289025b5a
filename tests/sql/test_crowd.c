/*
 * Allocation by many at once: one lease for an id, one id for a value, no
 * false exhaustion, and counts that are right afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/evidence.h"

static void assert_answer(struct place *p, const char *sql, const char *expected) {
	assert_string_equal(database_ask(p->database, sql), expected);
}

static void must_succeed(const struct err *err) {
	if (err->code != ERR_NONE) {
		fail_msg("%s: %s %s", err_name(err->code), err->message, err->sqlstate);
	}
}

/* --- one id, requested by all --- */

enum { CALLERS = 64 };

struct same {
	struct allocate ask;
	bool asked[CALLERS];
	size_t answered;
	size_t fresh;
	u128 value;
};

static struct batch *ask_the_same(void *data, size_t client) {
	struct same *same = data;
	struct batch *b;

	if (same->asked[client]) {
		return NULL;
	}
	same->asked[client] = true;
	b = batch_new(BATCH_WRITE);
	lease_allocate_add(b, &same->ask);
	return b;
}

static void answer_the_same(void *data, size_t client, struct batch *b, struct err *err) {
	struct same *same = data;
	const struct lease *lease;
	(void)client;

	must_succeed(err);
	lease = batch_row(b, 0, 0);
	assert_true(same->answered == 0 || lease->value == same->value);
	same->value = lease->value;
	same->answered++;
	same->fresh += lease->replayed ? 0 : 1;
}

static void ask_together(struct place *p, struct allocate ask) {
	struct same same = {.ask = ask};
	struct crowd crowd = {ask_the_same, answer_the_same, &same};

	crowd_run(database_values(p->database), CALLERS, &crowd);
	assert_int_equal(same.answered, CALLERS);
	assert_int_equal(same.fresh, 1);
}

static void one_id_gets_one_lease(void **state) {
	struct place *p = *state;
	struct allocate ask;

	client_pool(p->conn, "same", KIND_NUMBER, "1-1000");
	ask_together(p, client_ask("same", id_new()));
	assert_answer(p, "select count(*) from berth.lease", "1");
	ask_together(p, session_ask_value("same", id_new(), KIND_NUMBER, "500"));
	assert_answer(p, "select count(*) from berth.lease", "2");
	ask = client_ask("same", id_new());
	ask.count = 10;
	ask_together(p, ask);
	assert_answer(p, "select count(*) from berth.lease", "12");
}

/* The same with only one free value: no request for the id is answered with exhaustion. */
static void one_id_gets_the_last_value(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("last3", id_new());

	client_pool(p->conn, "last", KIND_NUMBER, "7");
	ask_together(p, client_ask("last", id_new()));
	client_pool(p->conn, "last2", KIND_NUMBER, "7");
	ask_together(p, session_ask_value("last2", id_new(), KIND_NUMBER, "7"));
	client_pool(p->conn, "last3", KIND_NUMBER, "1-3");
	ask.count = 3;
	ask_together(p, ask);
	assert_answer(p,
	    "select count(*) from berth.lease l join berth.pool p on p.id = l.pool where p.name like 'last%'",
	    "5");
}

/* --- exactly as many values as requests --- */

enum { ALLOCATORS = 32, VALUES = 1000 };

struct drain {
	size_t asked;
	size_t got;
	bool taken[VALUES + 1];
};

static struct batch *ask_one(void *data, size_t client) {
	struct drain *drain = data;
	struct allocate ask = client_ask("thousand", id_new());
	struct batch *b;
	(void)client;

	if (drain->asked == VALUES) {
		return NULL;
	}
	drain->asked++;
	b = batch_new(BATCH_WRITE);
	lease_allocate_add(b, &ask);
	return b;
}

static void answer_one(void *data, size_t client, struct batch *b, struct err *err) {
	struct drain *drain = data;
	const struct lease *lease;
	(void)client;

	must_succeed(err);
	lease = batch_row(b, 0, 0);
	assert_true(lease->value >= 1 && lease->value <= VALUES);
	assert_false(drain->taken[lease->value]);
	drain->taken[lease->value] = true;
	drain->got++;
}

static void a_thousand_values_go_to_a_thousand(void **state) {
	struct place *p = *state;
	struct drain drain = {0};
	struct crowd crowd = {ask_one, answer_one, &drain};
	struct allocate ask = client_ask("thousand", id_new());
	struct err err = {0};

	client_pool(p->conn, "thousand", KIND_NUMBER, "1-1000");
	crowd_run(database_values(p->database), ALLOCATORS, &crowd);
	assert_int_equal(drain.got, VALUES);
	evidence("requests of many at once", drain.got);
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	assert_string_equal(err.detail,
	    "{\"free\": 0, \"pool\": \"thousand\", \"used\": 1000, \"asked\": 1, \"broken\": 0, \"earlier\": "
	    "0, "
	    "\"overdue\": 0, \"pending\": 0, \"capacity\": 1000, \"held_back\": 0, \"next_expiry\": null, "
	    "\"workers_alive\": 0, \"hook_workers_alive\": 0}");
	err_release(&err);
}

/* --- all at once --- */

enum { CLIENTS = 24, ROUNDS = 1500, ROOM = 600, LATEST = 64 };

struct riot {
	unsigned seed;
	size_t asked;
	size_t counts[ERR_CODES];
	size_t leases;
	struct id latest[LATEST]; /* earlier requests, repeated now and then */
};

static struct allocate random_request(struct riot *riot) {
	int dice = rand_r(&riot->seed) % 10;
	struct allocate ask = client_ask("riot", id_new());

	if (dice < 3) {
		ask.by_value = true;
		ask.unit = (struct unit){KIND_NUMBER, .first = (u128)(rand_r(&riot->seed) % ROOM) + 1};
	} else if (dice < 5) {
		ask.count = 2 + rand_r(&riot->seed) % 8;
	} else if (dice < 7) {
		struct id again = riot->latest[rand_r(&riot->seed) % LATEST];

		ask.id = id_is_nil(again) ? ask.id : again;
	}
	riot->latest[rand_r(&riot->seed) % LATEST] = ask.id;
	return ask;
}

static struct batch *ask_anything(void *data, size_t client) {
	struct riot *riot = data;
	struct allocate ask;
	struct batch *b;
	(void)client;

	if (riot->asked == ROUNDS) {
		return NULL;
	}
	riot->asked++;
	ask = random_request(riot);
	b = batch_new(BATCH_WRITE);
	lease_allocate_add(b, &ask);
	return b;
}

static void answer_anything(void *data, size_t client, struct batch *b, struct err *err) {
	struct riot *riot = data;
	(void)client;

	riot->counts[err->code]++;
	switch (err->code) {
	case ERR_NONE:
		for (size_t i = 0; i < batch_count(b, 0); i++) {
			const struct lease *lease = batch_row(b, 0, i);

			riot->leases += lease->replayed ? 0 : 1;
		}
		break;
	case ERR_POOL_EXHAUSTED:
	case ERR_ID_CONFLICT:
		break;
	case ERR_CONFLICT:
		/* The value has a holder; we have not given up retrying. */
		assert_string_equal(err->sqlstate, "BERTH");
		break;
	default:
		must_succeed(err);
	}
}

static void any_mixture_keeps_the_books(void **state) {
	struct place *p = *state;
	struct riot riot = {.seed = 42};
	struct crowd crowd = {ask_anything, answer_anything, &riot};
	char *leases;

	client_pool(p->conn, "riot", KIND_NUMBER, "1-200");
	session_add_range(p->conn, "riot", KIND_NUMBER, "201-350");
	session_add_range(p->conn, "riot", KIND_NUMBER, "351-600");
	crowd_run(database_values(p->database), CLIENTS, &crowd);
	leases = mem_print("%zu", riot.leases);
	assert_answer(p,
	    "select count(*) from berth.lease l join berth.pool p on p.id = l.pool where p.name = 'riot'",
	    leases);
	free(leases);
	assert_true(riot.counts[ERR_NONE] > 100);
	assert_true(riot.counts[ERR_CONFLICT] > 10);
	/* So many requests fill the pool. */
	assert_int_equal(riot.leases, ROOM);
	evidence("requests of many at once", riot.asked);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_id_gets_one_lease),
	    cmocka_unit_test(one_id_gets_the_last_value),
	    cmocka_unit_test(a_thousand_values_go_to_a_thousand),
	    cmocka_unit_test(any_mixture_keeps_the_books),
	};

	return cmocka_run_group_tests_name("crowd", tests, place_open, place_close);
}
