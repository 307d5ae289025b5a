/*
 * The server plans a function in SQL again at each call, unless it inlines it. What single requests call is
 * not of that kind: their time would go into planning.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"

static int open_database(void **state) {
	struct database *d = database_new();

	*state = d;
	database_run(d,
	    "select berth.pool_create(gen_random_uuid(), 'a', 'number', 'a', null, 80, 90, 0, 0, null, null,"
	    "  '[{\"name\": \"1-1000\", \"first\": 1, \"last\": 1000, \"host\": \"\"}]', '{}');"
	    "select berth.worker_start('w', 'h', 1, 3600000000, true, now());"
	    "set track_functions = 'all'");
	return 0;
}

static int close_database(void **state) {
	database_drop(*state);
	return 0;
}

/* The server makes a plan for any parameters after some calls with given ones. */
enum { CALLS_TO_PLAN = 6 };

/* Runs the statement until its plans last. Nothing in SQL may be called the next time. */
static void plans_nothing(struct database *d, const char *sql) {
	char *before, *question;
	const char *called;

	for (int i = 0; i < CALLS_TO_PLAN; i++) {
		database_run(d, sql);
	}
	database_run(d, "begin");
	before = mem_text(database_ask(d, "select coalesce(jsonb_object_agg(funcid, calls), '{}')"
					  " from pg_stat_xact_user_functions"));
	question =
	    mem_print("select string_agg(format('%%s %%s', s.funcname, s.calls), ', ' order by s.funcname)"
		      " from pg_stat_xact_user_functions s join pg_proc p on p.oid = s.funcid"
		      " join pg_language l on l.oid = p.prolang where l.lanname = 'sql'"
		      " and s.schemaname = 'berth'"
		      " and s.calls > coalesce((jsonb '%s'->>s.funcid::text)::bigint, 0)",
		before);
	database_run(d, sql);
	called = database_ask(d, question);
	if (called[0] != '\0') {
		fail_msg("planned again for \"%s\": %s", sql, called);
	}
	database_run(d, "commit");
	free(before);
	free(question);
}

static void a_release(void **state) {
	static const char queue[] = "select berth.queue(gen_random_uuid(), 'release', "
				    "jsonb_build_array(jsonb_build_object('kind', 'lease', "
				    "'id', id)), '', 0, null, null, null, false, '{}')"
				    " from berth.allocate(gen_random_uuid(), 'a', 'x', null, null, 0, '{}')";

	plans_nothing(*state, queue);
	plans_nothing(*state, "select * from berth.command_view");
	/* Each call applies one of those. */
	plans_nothing(*state, "select berth.apply('w', 1)");
	assert_string_equal(
	    database_ask(
		*state, "select count(*) from berth.command where outcome is distinct from 'applied'"),
	    "0");
}

static void a_worker_that_finds_nothing(void **state) {
	plans_nothing(*state, "select berth.apply('w', 500)");
	plans_nothing(*state, "select berth.fan_out('w', 500)");
	plans_nothing(*state, "select * from berth.claim_hooks('w', 4, 60000000)");
	plans_nothing(*state, "select * from berth.maintain('w', 5, 500, null)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_database, close_database)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_release),
	    TEST(a_worker_that_finds_nothing),
	};

	return cmocka_run_group_tests_name("planned", tests, NULL, NULL);
}
