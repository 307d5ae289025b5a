/*
 * Creating and upgrading the schema: once, twice, by many at once, without the
 * right, and by a program that is too old.
 */
#include "db/schema/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/mem.h"
#include "db/schema/version.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

static int open_empty(void **state) {
	*state = database_new_empty();
	return 0;
}

static int close_empty(void **state) {
	database_drop(*state);
	return 0;
}

static bool run_as(
    const char *const *values, enum migrate_mode mode, struct migration *done, struct err *err) {
	struct conn_options options = {.keywords = database_keywords(), .values = values};

	return migrate(&options, mode, 0, done, err);
}

static void succeeds(struct database *d, enum migrate_mode mode, int from) {
	struct migration done = {.from = -1, .to = -1};
	struct err err = {0};

	if (!run_as(database_values(d), mode, &done, &err)) {
		fail_msg("%s: %s %s", err_name(err.code), err.message, err.sqlstate);
	}
	assert_int_equal(done.from, from);
	assert_int_equal(done.to, schema_version);
	migration_release(&done);
}

static void fails(const char *const *values, enum migrate_mode mode, enum err_code code, bool hinted) {
	struct migration done = {.from = -1, .to = -1};
	struct err err = {0};

	assert_false(run_as(values, mode, &done, &err));
	if (err.code != code) {
		fail_msg("%s and not %s: %s", err_name(err.code), err_name(code), err.message);
	}
	assert_int_equal(done.from, -1);
	assert_true(!hinted || err.hint != NULL);
	err_release(&err);
}

/* Checks that it has everything that a fresh database has. */
static void assert_whole(struct database *d) {
	static const char shape[] =
	    "select md5(string_agg(what, ',' order by what collate \"C\")) from ("
	    "select c.relname || c.relkind::text || coalesce(c.relacl::text, '') as what from pg_class c"
	    " where c.relnamespace = 'berth'::regnamespace"
	    " union all select p.oid::regprocedure || coalesce(p.proacl::text, '') || md5(p.prosrc) from "
	    "pg_proc p"
	    " where p.pronamespace = 'berth'::regnamespace"
	    " union all select conname || pg_get_constraintdef(oid) from pg_constraint"
	    " where connamespace = 'berth'::regnamespace"
	    " union all select version || name from berth.schema_version) x";
	struct database *model = database_new();
	struct conn *c = client_new(database_values(d));

	assert_true(database_ask(d, shape)[0] != '\0');
	assert_string_equal(database_ask(d, shape), database_ask(model, shape));
	client_pool(c, "a", KIND_NUMBER, "1-10");
	session_is_sound(c);
	conn_free(c);
	database_drop(model);
}

static const char *objects(struct database *d) {
	return database_ask(d, "select (select count(*) from pg_namespace where nspname = 'berth')"
			       " + (select count(*) from pg_class where relname like '%lease%')");
}

static void it_may_run_twice(void **state) {
	struct database *d = *state;
	char *applied;

	succeeds(d, MIGRATE_APPLY, 0);
	assert_whole(d);
	applied = mem_text(database_ask(d, "select max(xmin::text || applied) from berth.schema_version"));
	succeeds(d, MIGRATE_APPLY, schema_version);
	assert_string_equal(
	    database_ask(d, "select max(xmin::text || applied) from berth.schema_version"), applied);
	free(applied);
}

static void run_many(struct database *d) {
	enum { PROCESSES = 8 };
	pid_t children[PROCESSES];
	int bad = 0;

	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			struct migration done;
			struct err err = {0};
			bool ok = run_as(database_values(d), MIGRATE_APPLY, &done, &err);

			if (!ok) {
				(void)dprintf(2, "%s %s\n", err.message, err.sqlstate);
			}
			_exit(ok && done.to == schema_version ? 0 : 1);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status = -1;

		assert_true(waitpid(children[i], &status, 0) == children[i]);
		bad += status == 0 ? 0 : 1;
	}
	assert_int_equal(bad, 0);
	assert_whole(d);
}

static void many_may_run_at_once(void **state) {
	run_many(*state);
}

/* The owner of the database may have created the schema for it beforehand. */
static void many_may_fill_a_schema_at_once(void **state) {
	database_run(*state, "create schema berth; create schema berth_guard");
	run_many(*state);
}

/* No object that another user could create beforehand is adopted, run or kept: tests/e2e/adopted.sh covers
 * each kind of object. */
static void what_others_have_planted_is_refused(void **state) {
	static const char *const plants[] = {
	    "create table berth.schema_version (version int not null primary key, name text not null)",
	    "create view berth.schema_version as select 1 / 0 as version",
	    "create function berth.accept(text) returns void language sql as 'select 1 / 0'",
	    "create type berth.decision as (a int)",
	};
	struct database *d = *state;
	char *role = mem_print("%s planter", database_name(d));
	char *sql = mem_print("create role \"%s\"", role);

	database_run(d, sql);
	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
		free(sql);
		sql = mem_print("create schema berth; grant create, usage on schema berth to \"%s\";"
				"set role \"%s\"; %s; reset role; revoke create on schema berth from \"%s\"",
		    role, role, plants[i], role);
		database_run(d, sql);
		fails(database_values(d), MIGRATE_APPLY, ERR_NOT_ALLOWED, true);
		fails(database_values(d), MIGRATE_DRY, ERR_NOT_ALLOWED, true);
		database_run(d, "drop schema berth cascade");
	}
	succeeds(d, MIGRATE_APPLY, 0);
	free(sql);
	sql = mem_print("drop owned by \"%s\"; drop role \"%s\"", role, role);
	database_run(d, sql);
	free(sql);
	free(role);
}

/* The same holds for objects of another program, whoever owns them. */
static void a_schema_of_another_program_is_refused(void **state) {
	struct database *d = *state;

	database_run(d, "create schema berth; create table berth.dish (id int)");
	fails(database_values(d), MIGRATE_APPLY, ERR_PRECONDITION_FAILED, true);
	database_run(d, "drop table berth.dish");
	succeeds(d, MIGRATE_APPLY, 0);
	assert_whole(d);
}

static void checking_changes_nothing(void **state) {
	struct database *d = *state;

	fails(database_values(d), MIGRATE_CHECK, ERR_SCHEMA_MISMATCH, true);
	assert_string_equal(objects(d), "0");
	succeeds(d, MIGRATE_APPLY, 0);
	succeeds(d, MIGRATE_CHECK, schema_version);
}

static void a_dry_run_leaves_nothing(void **state) {
	struct database *d = *state;

	succeeds(d, MIGRATE_DRY, 0);
	assert_string_equal(objects(d), "0");
	succeeds(d, MIGRATE_APPLY, 0);
	succeeds(d, MIGRATE_DRY, schema_version);
	assert_whole(d);
}

static void an_older_program_is_refused(void **state) {
	static const enum migrate_mode modes[] = {MIGRATE_APPLY, MIGRATE_DRY, MIGRATE_CHECK};
	struct database *d = *state;
	char *sql = mem_print(
	    "insert into berth.schema_version (version, name) values (%d, 'later')", schema_version + 1);

	succeeds(d, MIGRATE_APPLY, 0);
	database_run(d, sql);
	free(sql);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		fails(database_values(d), modes[i], ERR_SCHEMA_MISMATCH, true);
	}
	sql = mem_print("%d", schema_version + 1);
	assert_string_equal(database_ask(d, "select max(version) from berth.schema_version"), sql);
	free(sql);
}

/* Roles belong to the cluster: each test that creates one drops it again. */
static void those_who_may_not_are_told(void **state) {
	struct database *d = *state;
	char *role = mem_print("%s guest", database_name(d));
	char *sql = mem_print("create role \"%s\" login", role);

	database_run(d, sql);
	free(sql);
	fails(database_as(d, role), MIGRATE_CHECK, ERR_SCHEMA_MISMATCH, true);
	fails(database_as(d, role), MIGRATE_APPLY, ERR_NOT_ALLOWED, true);
	fails(database_as(d, role), MIGRATE_DRY, ERR_NOT_ALLOWED, true);
	assert_string_equal(objects(d), "0");
	succeeds(d, MIGRATE_APPLY, 0);
	fails(database_as(d, role), MIGRATE_APPLY, ERR_NOT_ALLOWED, true);
	fails(database_as(d, role), MIGRATE_CHECK, ERR_NOT_ALLOWED, true);
	sql = mem_print("drop role \"%s\"", role);
	database_run(d, sql);
	free(sql);
	free(role);
}

static void a_reader_finds_it_up_to_date(void **state) {
	struct database *d = *state;
	char *role = mem_print("%s reader", database_name(d));
	char *sql = mem_print("create role \"%s\" login in role berth_viewer", role);
	struct migration done;
	struct err err = {0};

	succeeds(d, MIGRATE_APPLY, 0);
	database_run(d, sql);
	free(sql);
	assert_true(run_as(database_as(d, role), MIGRATE_CHECK, &done, &err));
	assert_true(run_as(database_as(d, role), MIGRATE_APPLY, &done, &err));
	assert_int_equal(done.from, schema_version);
	migration_release(&done);
	sql = mem_print("drop role \"%s\"", role);
	database_run(d, sql);
	free(sql);
	free(role);
}

static void migrations_have_names(void **state) {
	(void)state;
	for (int version = 0; version < schema_version; version++) {
		assert_true(strlen(migrate_name(version)) > 4);
	}
	assert_null(migrate_name(schema_version));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(it_may_run_twice, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(many_may_run_at_once, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(many_may_fill_a_schema_at_once, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(what_others_have_planted_is_refused, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(a_schema_of_another_program_is_refused, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(checking_changes_nothing, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(a_dry_run_leaves_nothing, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(an_older_program_is_refused, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(those_who_may_not_are_told, open_empty, close_empty),
	    cmocka_unit_test_setup_teardown(a_reader_finds_it_up_to_date, open_empty, close_empty),
	    cmocka_unit_test(migrations_have_names),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
