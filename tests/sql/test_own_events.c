/*
 * The events that a transaction has written itself, by which a dry run tells its changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(only_its_own, open_database, close_database),
	    cmocka_unit_test_setup_teardown(a_long_history, open_database, close_database),
	};

	return cmocka_run_group_tests_name("own events", tests, NULL, NULL);
}
