/*
 * A migration while others work: statements that fail by it report the finished
 * migration, and clients that arrive meanwhile are told that it is running.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/query.h"
#include "db/schema/version.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
/* The server's message about a table that was dropped after the statement was planned. */
#define FAIL_INSIDE                                                                                          \
	"do do $$begin raise 'could not open relation with OID 1' using errcode = 'internal_error'; end$$"

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	*state = p;
	return 0;
}

static void set_version(struct place *p, int version) {
	char *sql = mem_print("delete from berth.schema_version;"
			      "insert into berth.schema_version (version, name) values (%d, 'test')",
	    version);

	database_run(p->database, sql);
	free(sql);
}

static struct batch *allocation(const char *holder) {
	struct batch *b = batch_new(BATCH_WRITE);

	client_add(b, "a", holder);
	return b;
}

static struct batch *question(void) {
	struct batch *b = batch_new(BATCH_READ);

	query_pool_show_add(b, "a");
	return b;
}

static void is_told(struct conn *c, struct batch *b, const char *words, const char *hint) {
	struct err err = {0};

	client_refused(c, b, ERR_SCHEMA_MISMATCH, &err);
	if (strstr(err.message, words) == NULL || strstr(err.hint, hint) == NULL) {
		fail_msg("%s; %s", err.message, err.hint);
	}
	assert_int_equal(conn_state(c), CONN_DOWN);
	assert_int_equal(conn_trouble(c)->code, ERR_SCHEMA_MISMATCH);
	err_release(&err);
	batch_free(b);
}

static void a_statement_that_fails_by_it_names_it(void **state) {
	static const struct {
		const char *change;
		const char *back;
	} changes[] = {
	    {"alter function berth.allocate rename to allocate_anew",
		"alter function berth.allocate_anew rename to allocate"},
	    {"alter table berth.lease rename to hire", "alter table berth.hire rename to lease"},
	    {"alter table berth.lease rename holder to bearer",
		"alter table berth.lease rename bearer to holder"},
	    {"alter schema berth rename to wharf; create schema berth;"
	     " create table berth.schema_version as table wharf.schema_version",
		"drop schema berth cascade; alter schema wharf rename to berth"},
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(changes); i++) {
		database_run(p->database, changes[i].change);
		set_version(p, schema_version + 1);
		is_told(p->conn, allocation(""), "this berth needs", "newer berth");
		database_run(p->database, changes[i].back);
		set_version(p, schema_version);
	}
}

/* The server reports an internal error, which looks like a defect of berth. */
static void an_error_inside_the_server_is_explained_by_it(void **state) {
	struct place *p = *state;

	set_version(p, schema_version + 1);
	is_told(p->conn, allocation(FAIL_INSIDE), "this berth needs", "newer berth");
	set_version(p, schema_version);
	assert_int_equal(client_leases(p->database), 0);
}

/* Rows of another shape cannot be decoded. */
static void an_answer_of_another_shape_is_explained_by_it(void **state) {
	struct place *p = *state;
	struct batch *b = question();

	client_run(p->conn, b);
	batch_free(b);
	database_run(p->database, "alter view berth.pool_view rename to basin; create view berth.pool_view as"
				  " select true as is_new, b.* from berth.basin b");
	set_version(p, schema_version + 1);
	is_told(p->conn, question(), "this berth needs", "newer berth");
	database_run(p->database, "drop view berth.pool_view; alter view berth.basin rename to pool_view");
	set_version(p, schema_version);
}

/* There was no migration: the error is the statement's own, and the connection can be used for the next one.
 * */
static void without_one_the_error_stays(void **state) {
	struct place *p = *state;
	struct batch *b = allocation(FAIL_INSIDE);
	struct err err = {0};

	client_refused(p->conn, b, ERR_INTERNAL, &err);
	assert_non_null(strstr(err.message, "could not open relation"));
	assert_string_equal(err.sqlstate, "XX000");
	err_release(&err);
	batch_free(b);
	assert_int_equal(conn_state(p->conn), CONN_READY);
	b = allocation("");
	client_run(p->conn, b);
	batch_free(b);
}

/* The deadline is the same for the second question. */
static void a_deadline_holds(void **state) {
	struct place *p = *state;
	struct batch *b = allocation(FAIL_INSIDE);
	struct err err = {0};

	database_run(p->database, "begin; lock table berth.schema_version in access exclusive mode");
	assert_false(conn_run(p->conn, b, clock_steady() + TIME_SECOND / 2, &err));
	database_run(p->database, "rollback");
	assert_int_equal(err.code, ERR_INTERNAL);
	err_release(&err);
	batch_free(b);
	b = allocation("");
	client_run(p->conn, b);
	batch_free(b);
}

/* A newer program than the schema connects while the migration to its version is running. */
static void whoever_comes_meanwhile_is_told(void **state) {
	struct place *p = *state;
	struct conn *c = client_new(database_values(p->database));
	struct batch *b = question();
	struct err err = {0};

	set_version(p, schema_version - 1);
	database_run(p->database, "begin; lock table berth.schema_version in share row exclusive mode");
	client_refused(c, b, ERR_UNAVAILABLE, &err);
	assert_non_null(strstr(err.message, "migration"));
	assert_non_null(err.hint);
	err_release(&err);
	set_version(p, schema_version);
	database_run(p->database, "commit");
	client_run(c, b);
	batch_free(b);
	conn_free(c);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_statement_that_fails_by_it_names_it, open_place, place_close),
	    cmocka_unit_test_setup_teardown(
		an_error_inside_the_server_is_explained_by_it, open_place, place_close),
	    cmocka_unit_test_setup_teardown(
		an_answer_of_another_shape_is_explained_by_it, open_place, place_close),
	    cmocka_unit_test_setup_teardown(without_one_the_error_stays, open_place, place_close),
	    cmocka_unit_test_setup_teardown(a_deadline_holds, open_place, place_close),
	    cmocka_unit_test_setup_teardown(whoever_comes_meanwhile_is_told, open_place, place_close),
	};

	return cmocka_run_group_tests_name("migrated", tests, NULL, NULL);
}
