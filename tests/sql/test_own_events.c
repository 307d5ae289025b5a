/*
 * The events that a transaction has written itself, by which a dry run tells its changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/lib/database.h"

#define POOL(name)                                                                                           \
	"select berth.pool_create(gen_random_uuid(), '" name "', 'number', '" name "', null, 80, 90, 0, 0,"  \
	" null, null, '[{\"name\": \"1-9\", \"first\": 1, \"last\": 9, \"host\": \"\"}]', '{}')"
#define OWN(most)                                                                                            \
	"select string_agg(action || ' ' || kind, ', ' order by seq) from berth.own_events(" most ")"

static int open_database(void **state) {
	*state = database_new();
	return 0;
}

static int close_database(void **state) {
	database_drop(*state);
	return 0;
}

static void only_its_own(void **state) {
	struct database *d = *state;

	database_run(d, POOL("others"));
	assert_string_equal(database_ask(d, OWN("10")), "");
	database_run(d, "begin");
	assert_string_equal(database_ask(d, OWN("10")), "");
	database_run(d, POOL("mine"));
	assert_string_equal(database_ask(d, OWN("10")), "create pool, create resource");
	assert_string_equal(database_ask(d, OWN("null")), "create pool, create resource");
	assert_string_equal(
	    database_ask(d, "select target from berth.own_events(10) where kind = 'pool'"), "pool/mine");
	/* The last ones, where there are more than are asked for. */
	assert_string_equal(database_ask(d, OWN("1")), "create resource");
	database_run(d, "rollback");
	assert_string_equal(database_ask(d, OWN("10")), "");
}

/* The search ends at the events of before, however many there are. */
static void a_long_history(void **state) {
	struct database *d = *state;

	database_run(d,
	    "insert into berth.event (action, kind, target, at) select 'set', 'pool', gen_random_uuid(),"
	    " now() - interval '1 hour' from generate_series(1, 100000)");
	database_run(d, "begin");
	database_run(d, POOL("mine"));
	database_run(d, "select pg_stat_reset()");
	assert_string_equal(database_ask(d, OWN("10")), "create pool, create resource");
	assert_string_equal(
	    database_ask(d, "select pg_stat_get_xact_tuples_returned('berth.event'::regclass)"
			    " + pg_stat_get_xact_tuples_fetched('berth.event'::regclass) < 1000"),
	    "t");
	database_run(d, "rollback");
}

#define EVIDENCE "select evidence from berth.own_evidence()"
#define SET(pool, warn)                                                                                      \
	"select berth.pool_set(gen_random_uuid(), '" pool "', " warn ", null, null, null, null, null, '{}')"
#define ADD(pool)                                                                                            \
	"select berth.pool_add(gen_random_uuid(), '" pool "', 'number', '[{\"name\": \"21\", \"first\": 21," \
	" \"last\": 21, \"host\": \"\"}]', '{}')"
#define ALLOCATE(pool)                                                                                       \
	"select berth.allocate(gen_random_uuid(), '" pool "', '', null, null, 0, '{}', '{}', false, null)"

#define REMOVE(pool)                                                                                         \
	"select berth.pool_remove(gen_random_uuid(), '" pool "', 'number', '4-5', 4, 5, '', '{}')"

/* Returns the evidence of a request in a transaction that is rolled back. Borrowed from the database. */
static void evidence_of(struct database *d, const char *request, char out[64]) {
	database_run(d, "begin");
	database_run(d, request);
	(void)snprintf(out, 64, "%s", database_ask(d, EVIDENCE));
	database_run(d, "rollback");
}

/* The same change again has the same evidence, however others interleave; another change, the same one of
 * another pool or from another value, has another. */
static void evidence(void **state) {
	static const struct {
		const char *request;
		const char *other;
	} rows[] = {
	    {SET("p", "70"), SET("p", "60")},
	    {SET("p", "70"), SET("q", "70")},
	    {ADD("p"), ADD("q")},
	    {ALLOCATE("p"), ALLOCATE("q")},
	    {REMOVE("p"), REMOVE("q")},
	};
	struct database *d = *state;
	char before[64], again[64], other[64];

	database_run(d, POOL("p"));
	database_run(d, POOL("q"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		evidence_of(d, rows[i].request, before);
		evidence_of(d, rows[i].request, again);
		evidence_of(d, rows[i].other, other);
		assert_string_equal(before, again);
		assert_string_not_equal(before, other);
		assert_string_not_equal(before, "");
	}
	evidence_of(d, SET("p", "70"), before);
	database_run(d, SET("p", "75"));
	evidence_of(d, SET("p", "70"), again);
	assert_string_not_equal(before, again);
	evidence_of(d, SET("p", "75"), again);
	assert_string_equal(again, "");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(only_its_own, open_database, close_database),
	    cmocka_unit_test_setup_teardown(a_long_history, open_database, close_database),
	    cmocka_unit_test_setup_teardown(evidence, open_database, close_database),
	};

	return cmocka_run_group_tests_name("own events", tests, NULL, NULL);
}
