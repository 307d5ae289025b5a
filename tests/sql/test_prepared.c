/*
 * Statements that a session knows by name: parsed once, and run without a name, or parsed anew, when the name
 * does not mean what it did.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

static int open_place(void **state) {
	struct place *p = place_new();

	session_let_holders_do(p->database);
	database_run(p->database,
	    "create table public.named (n bigint generated always as identity, count bigint, name text)");
	client_pool(p->conn, "a", KIND_NUMBER, "1-100000");
	*state = p;
	return 0;
}

/* Allocates, and runs SQL in that transaction. */
static void allocate(struct place *p, const char *sql) {
	char *holder = mem_print("do %s", sql);
	struct allocate ask = client_ask("a", id_new());

	ask.holder = holder;
	(void)client_allocate(p->conn, &ask);
	free(holder);
}

/* Returns what the session knows by name: "COUNT NAME", of the lowest name. Borrowed. */
static const char *names(struct place *p) {
	allocate(p,
	    "insert into public.named (count, name) select count(*), min(name) from pg_prepared_statements"
	    " where name like 'berth-%'");
	return database_ask(
	    p->database, "select concat_ws(' ', count, name) from public.named order by n desc limit 1");
}

static void a_hot_query_is_parsed_once_a_session(void **state) {
	struct place *p = *state;
	char *first = mem_text(names(p));

	assert_int_equal(first[0], '1');
	for (int i = 0; i < 10; i++) {
		assert_string_equal(names(p), first);
	}
	free(first);
}

/* Two of the same query in one batch are parsed once too; so is one whose batch has failed before it. */
static void a_batch_of_several(void **state) {
	struct place *p = *state;
	struct batch *b = batch_new(BATCH_WRITE);
	struct batch *failing = batch_new(BATCH_WRITE);
	struct err err = {0};

	pool_show_add(failing, "a");
	client_add(failing, "nowhere", "x");
	client_add(failing, "a", "x");
	client_refused(p->conn, failing, ERR_NOT_FOUND, &err);
	err_release(&err);
	batch_free(failing);
	for (int i = 0; i < 5; i++) {
		client_add(b, "a", "x");
	}
	client_run(p->conn, b);
	batch_free(b);
	assert_int_equal(names(p)[0], '1');
}

static void another_session_parses_anew(void **state) {
	struct place *p = *state;
	char *first = mem_text(names(p));
	char *sql = mem_print("select pg_terminate_backend(%" PRId64 ")", conn_process(p->conn).pid);

	database_run(p->database, sql);
	while (conn_state(p->conn) == CONN_READY) {
		client_step(&p->conn, 1, 1000);
	}
	assert_string_equal(names(p), first);
	free(sql);
	free(first);
}

/* As through a pooler that gives the session away: the name is unknown to the next one. */
static void an_unknown_name_is_not_used_again(void **state) {
	struct place *p = *state;

	allocate(p, "deallocate all");
	for (int i = 0; i < 3; i++) {
		assert_string_equal(names(p), "0");
	}
	assert_string_equal(database_ask(p->database, "select count(*) from berth.lease"), "4");
}

/* ... or another client has left it there. */
static void a_name_that_is_taken_is_not_used(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("a", id_new());
	char *first = mem_text(names(p));
	char *take = mem_print("do prepare \"%s\" as select 1", first + 2);

	conn_free(p->conn);
	p->conn = client_new(database_values(p->database));
	/* Another hot query takes the name of the one that follows. */
	ask.by_value = true;
	ask.unit = (struct unit){KIND_NUMBER, .first = 77777};
	ask.holder = take;
	(void)client_allocate(p->conn, &ask);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(names(p)[0], '2');
	}
	free(take);
	free(first);
}

/* A migration may give a query other columns than those that the session has parsed. */
static void a_changed_schema_is_parsed_anew(void **state) {
	struct place *p = *state;
	char *first = mem_text(names(p));
	char *second;

	database_run(p->database, "alter view berth.lease_view rename column differs to differs_from;"
				  "alter function berth.allocate cost 101");
	second = mem_text(names(p));
	assert_string_not_equal(second, first);
	assert_string_equal(names(p), second);
	assert_int_equal(second[0], '2');
	database_run(p->database, "alter view berth.lease_view rename column differs_from to differs");
	free(first);
	free(second);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_hot_query_is_parsed_once_a_session),
	    TEST(a_batch_of_several),
	    TEST(another_session_parses_anew),
	    TEST(an_unknown_name_is_not_used_again),
	    TEST(a_name_that_is_taken_is_not_used),
	    TEST(a_changed_schema_is_parsed_anew),
	};

	return cmocka_run_group_tests_name("prepared", tests, NULL, NULL);
}
