/*
 * Errors of the server, by their SQLSTATE: only defects of berth are `internal`.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

static const struct {
	const char *state;
	enum err_code code;
} rows[] = {
    {"08006", ERR_UNAVAILABLE},
    {"0A000", ERR_PRECONDITION_FAILED},
    {"22012", ERR_INTERNAL},
    {"22021", ERR_INVALID_INPUT},
    {"22P05", ERR_INVALID_INPUT},
    {"23502", ERR_INTERNAL},
    {"25006", ERR_READ_ONLY},
    {"25P03", ERR_UNAVAILABLE},
    {"25P04", ERR_UNAVAILABLE},
    {"28000", ERR_NOT_ALLOWED},
    {"3D000", ERR_UNAVAILABLE},
    {"3F000", ERR_SCHEMA_MISMATCH},
    {"42501", ERR_NOT_ALLOWED},
    {"42601", ERR_INTERNAL},
    {"42703", ERR_SCHEMA_MISMATCH},
    {"42883", ERR_SCHEMA_MISMATCH},
    {"42P01", ERR_SCHEMA_MISMATCH},
    {"53100", ERR_UNAVAILABLE},
    {"53200", ERR_UNAVAILABLE},
    {"54001", ERR_LIMIT_EXCEEDED},
    {"55000", ERR_PRECONDITION_FAILED},
    {"55006", ERR_CONFLICT},
    {"55P03", ERR_TIMEOUT},
    {"57014", ERR_TIMEOUT},
    {"57P05", ERR_UNAVAILABLE},
    {"58030", ERR_UNAVAILABLE},
    {"58P01", ERR_UNAVAILABLE},
    {"72000", ERR_CONFLICT},
    {"F0000", ERR_UNAVAILABLE},
    {"HV000", ERR_PRECONDITION_FAILED},
    {"P0001", ERR_PRECONDITION_FAILED},
    {"P0004", ERR_INTERNAL},
    {"XX000", ERR_INTERNAL},
    {"XX001", ERR_UNAVAILABLE},
};

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	client_pool(p->conn, "a", KIND_NUMBER, "1-1000");
	*state = p;
	return 0;
}

/* Checks an allocation that fails with the error of the SQL; `words` are in the message. */
static void ends(struct conn *c, const char *sql, enum err_code code, const char *state, const char *words) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	client_add(b, "a", sql);
	assert_false(client_try(c, b, &err));
	if (err.code != code || strcmp(err.sqlstate, state) != 0 || strstr(err.message, words) == NULL) {
		fail_msg("%s: %s, and not %s: %s", state, err_name(err.code), err_name(code), err.message);
	}
	err_release(&err);
	batch_free(b);
}

static void each_class_has_its_code(void **state) {
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *sql = mem_print(
		    "do do $$begin raise exception using errcode = '%s', message = 'so it is'; end$$",
		    rows[i].state);

		ends(p->conn, sql, rows[i].code, rows[i].state, "so it is");
		free(sql);
	}
}

/* The server counts from the arrival of the statement, so the limit must be set before. */
static void statement_timeout_is_named(void **state) {
	struct place *p = *state;
	char *set =
	    mem_print("alter database \"%s\" set statement_timeout = '300ms'", database_name(p->database));
	char *reset = mem_print("alter database \"%s\" reset statement_timeout", database_name(p->database));
	struct conn *c;

	database_run(p->database, set);
	c = client_new(database_values(p->database));
	ends(c, "do select pg_sleep(600)", ERR_TIMEOUT, "57014",
	    "cancelled by the server's statement_timeout");
	conn_free(c);
	database_run(p->database, reset);
	free(set);
	free(reset);
}

static void lock_timeout_is_named(void **state) {
	struct place *p = *state;

	database_run(p->database, "select pg_advisory_lock(7)");
	ends(p->conn, "do do $$begin set local lock_timeout = 1; perform pg_advisory_xact_lock(7); end$$",
	    ERR_TIMEOUT, "55P03", "cancelled by the server's lock_timeout");
	database_run(p->database, "select pg_advisory_unlock(7)");
}

static void an_administrator_is_told_from_us(void **state) {
	struct place *p = *state;
	struct err err = {0};

	for (int ours = 0; ours < 2; ours++) {
		struct batch *b = batch_new(BATCH_WRITE);

		client_add(b, "a", "do select pg_sleep(600)");
		while (conn_state(p->conn) != CONN_READY) {
			client_step(&p->conn, 1, 1000);
		}
		conn_submit(p->conn, b, TIME_NONE);
		session_step_until(p->conn, p->database,
		    "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = "
		    "current_database()");
		if (ours == 1) {
			conn_cancel(p->conn);
		} else {
			database_run(p->database, "select pg_cancel_backend(pid) from pg_stat_activity where "
						  "wait_event = 'PgSleep' and datname = current_database()");
		}
		assert_false(client_finish(p->conn, &err));
		assert_int_equal(err.code, ERR_TIMEOUT);
		assert_int_equal(strstr(err.message, "not by berth") == NULL, ours);
		err_release(&err);
		batch_free(b);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_class_has_its_code),
	    cmocka_unit_test(statement_timeout_is_named),
	    cmocka_unit_test(lock_timeout_is_named),
	    cmocka_unit_test(an_administrator_is_told_from_us),
	};

	return cmocka_run_group_tests_name("causes", tests, open_place, place_close);
}
