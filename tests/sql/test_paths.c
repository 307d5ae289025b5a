/*
 * Berth looks up no name where another user can create objects: every routine
 * has a safe search path or was parsed when it was created, and so was every
 * query that is not a mere call of one.
 */
#include "db/batch/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/schema/migrate.h"
#include "tests/lib/database.h"

static int open_database(void **state) {
	*state = database_new();
	return 0;
}

static int close_database(void **state) {
	database_drop(*state);
	return 0;
}

static void answers_nothing(struct database *d, const char *why, const char *sql) {
	const char *found = database_ask(d, sql);

	if (found[0] != '\0') {
		fail_msg("%s: %s", why, found);
	}
}

static void every_routine_has_a_safe_path(void **state) {
	answers_nothing(*state, "a routine without a safe search path",
	    "select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
	    " where n.nspname in ('berth', 'berth_api', 'berth_guard') and p.prosqlbody is null"
	    " and not 'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{}'))");
}

static void every_routine_belongs_to_the_owner_of_the_schema(void **state) {
	answers_nothing(*state, "a routine of somebody else",
	    "select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
	    " where n.nspname in ('berth', 'berth_api', 'berth_guard') and p.proowner <> n.nspowner");
}

static void a_query_that_is_marked_as_a_call_is_one(void **state) {
	size_t calls = 0;

	(void)state;
	for (size_t i = 0; i < QUERY_COUNT; i++) {
		const struct statement *s = &statements[i];

		if (!s->is_call) {
			continue;
		}
		calls++;
		if (strncmp(s->sql, "select ", 7) != 0 || strstr(s->sql, "berth.") == NULL ||
		    strpbrk(s->sql, "=<>|&!~+-/%#\n") != NULL || strstr(s->sql, " where ") != NULL) {
			fail_msg("%s is no mere call: %s", s->name, s->sql);
		}
	}
	assert_true(calls > 30);
}

static void a_schema_that_others_can_change_is_not_adopted(void **state) {
	static const char *const prepared[] = {
	    "create schema berth authorization berth_viewer",
	    "create schema berth; grant create on schema berth to berth_viewer",
	    "create schema berth; grant create on schema berth to public",
	};

	(void)state;
	for (size_t i = 0; i < sizeof prepared / sizeof prepared[0]; i++) {
		struct database *d = database_new_empty();
		struct conn_options options = {.keywords = database_keywords(), .values = database_values(d)};
		struct migration done = {0};
		struct err err = {0};

		database_run(d, prepared[i]);
		assert_false(migrate(&options, MIGRATE_APPLY, 0, &done, &err));
		assert_int_equal(err.code, ERR_NOT_ALLOWED);
		assert_non_null(strstr(err.message, "schema berth can be changed by"));
		err_release(&err);
		database_drop(d);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_routine_has_a_safe_path),
	    cmocka_unit_test(every_routine_belongs_to_the_owner_of_the_schema),
	    cmocka_unit_test(a_query_that_is_marked_as_a_call_is_one),
	    cmocka_unit_test(a_schema_that_others_can_change_is_not_adopted),
	};

	return cmocka_run_group_tests_name("paths", tests, open_database, close_database);
}
