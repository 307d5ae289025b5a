/*
 * A commit whose answer was lost, and another host that answers afterwards: no refusal of it decides
 * as long as it cannot know.
 */
#include "db/conn/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libpq-fe.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/schema/migrate.h"
#include "db/server/server.h"
#include "tests/lib/cuts.h"
#include "tests/lib/database.h"
#include "tests/lib/client.h"

struct place {
	struct cuts *cuts;
	char *parent;
	char *folder; /* of the other server */
	struct server *other;
};

static int open_place(void **state) {
	struct place *p = mem_new(1, sizeof *p);
	struct err err = {0};

	p->cuts = cuts_new();
	p->parent = mem_text("/tmp/berth-verdict-XXXXXX");
	if (mkdtemp(p->parent) == NULL) {
		return -1;
	}
	p->folder = mem_print("%s/server", p->parent);
	*state = p;
	return server_open(p->folder, &p->other, &err) && server_start(p->other, &err) ? 0 : -1;
}

static int close_place(void **state) {
	struct place *p = *state;
	struct err err = {0};
	bool ok = server_remove(p->other, &err) && rmdir(p->parent) == 0;

	err_release(&err);
	server_close(p->other);
	cuts_free(p->cuts);
	free(p->folder);
	free(p->parent);
	free(p);
	return ok ? 0 : -1;
}

static void run_at_other(struct place *p, const char *user, const char *database, const char *sql) {
	static const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {p->folder, user, database, NULL};
	PGconn *pg = PQconnectdbParams(keywords, values, 0);
	PGresult *result = PQexec(pg, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		fail_msg("%s: %s", sql, PQerrorMessage(pg));
	}
	PQclear(result);
	PQfinish(pg);
}

/* The other server has a database of the same name and our user, but no schema. */
static void prepare_other(struct place *p, bool migrated) {
	const char *const *values = database_values(p->cuts->database);
	const char *const there[] = {p->folder, values[1], values[2], NULL};
	struct conn_options options = {.keywords = database_keywords(), .values = there};
	char *drop = mem_print("drop database if exists \"%s\"", values[2]);
	char *create = mem_print("create database \"%s\"", values[2]);
	struct migration done = {0};
	struct err err = {0};

	run_at_other(p, "berth", "berth", drop);
	run_at_other(p, "berth", "berth", create);
	if (migrated && !migrate(&options, MIGRATE_APPLY, 0, &done, &err)) {
		fail_msg("%s", err.message);
	}
	migration_release(&done);
	free(drop);
	free(create);
}

static bool is_there(struct place *p, struct id id) {
	char text[ID_TEXT];
	char *sql = mem_print("select count(*) from berth.lease where id = '%s'", id_text(id, text));
	bool there = strcmp(database_ask(p->cuts->database, sql), "1") == 0;

	free(sql);
	return there;
}

/* Allocates; the answer is cut off, and afterwards only the other host answers. The outcome is unknown, and
 * the lease exists. */
static void is_not_decided(struct place *p) {
	const char *const *values = database_values(p->cuts->database);
	char *hosts = mem_print("%s,%s", proxy_folder(p->cuts->proxy), p->folder);
	const char *const both[] = {hosts, values[1], values[2], NULL};
	struct allocate ask = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);
	struct conn *c;
	struct err err = {0};

	proxy_admit(p->cuts->proxy, SIZE_MAX);
	c = client_new(both);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 1000);
	}
	assert_string_equal(conn_server(c), proxy_folder(p->cuts->proxy));
	proxy_admit(p->cuts->proxy, 0);
	proxy_cut(p->cuts->proxy, PROXY_TO_CLIENT, 0);
	lease_allocate_add(b, &ask);
	assert_false(conn_run(c, b, clock_steady() + 2 * TIME_SECOND, &err));
	if (err.code != ERR_OUTCOME_UNKNOWN) {
		fail_msg("%s: %s", err_name(err.code), err.message);
	}
	assert_true(is_there(p, ask.id));
	proxy_admit(p->cuts->proxy, SIZE_MAX);
	client_run(c, b);
	assert_true(((const struct lease *)batch_row(b, 0, 0))->replayed);
	assert_string_equal(conn_server(c), proxy_folder(p->cuts->proxy));
	err_release(&err);
	batch_free(b);
	conn_free(c);
	free(hosts);
}

static void one_without_our_user(void **state) {
	is_not_decided(*state);
}

static void one_without_our_database(void **state) {
	struct place *p = *state;

	run_at_other(p, "berth", "berth", "create role postgres superuser login");
	is_not_decided(p);
}

static void one_without_a_schema(void **state) {
	prepare_other(*state, false);
	is_not_decided(*state);
}

static void one_of_another_cluster_that_would_refuse(void **state) {
	prepare_other(*state, true);
	is_not_decided(*state);
}

static void one_of_another_cluster_that_would_do_it(void **state) {
	struct place *p = *state;
	const char *const *values = database_values(p->cuts->database);
	const char *const there[] = {p->folder, values[1], values[2], NULL};
	struct conn *c;

	prepare_other(p, true);
	c = client_new(there);
	client_pool(c, "a", KIND_NUMBER, "1-9");
	is_not_decided(p);

	/* Nothing was sent to it. */
	assert_true(client_allocate(c, &(struct allocate){.id = id_new(),
					   .pool = "a",
					   .holder = "",
					   .until = TIME_NONE,
					   .count = 1,
					   .detail = "{}"}) == 1);
	conn_free(c);
}

static void one_that_takes_no_changes(void **state) {
	struct place *p = *state;
	char *alter = mem_print(
	    "alter database \"%s\" set default_transaction_read_only = on", database_name(p->cuts->database));

	prepare_other(p, true);
	run_at_other(p, "berth", "berth", alter);
	is_not_decided(p);
	free(alter);
}

/* The same server, which could decide, but refuses: a right is missing now. */
static void the_same_server_that_does_not_look(void **state) {
	struct place *p = *state;
	struct database *d = p->cuts->database;
	char *role = mem_print("%s operator", database_name(d));
	char *sql = mem_print("create role \"%s\" login in role berth_operator", role);
	const char *const through[] = {proxy_folder(p->cuts->proxy), role, database_name(d), NULL};
	struct allocate ask = client_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);
	struct conn *c;
	struct err err = {0};

	database_run(d, sql);
	free(sql);
	c = client_new(through);
	while (conn_state(c) != CONN_READY) {
		client_step(&c, 1, 1000);
	}
	proxy_cut(p->cuts->proxy, PROXY_TO_CLIENT, 0);
	lease_allocate_add(b, &ask);
	conn_submit(c, b, TIME_NONE);
	assert_false(client_finish(c, &err));
	assert_int_equal(err.code, ERR_OUTCOME_UNKNOWN);
	err_release(&err);
	sql = mem_print("revoke berth_operator from \"%s\"; grant berth_viewer to \"%s\"", role, role);
	database_run(d, sql);
	free(sql);
	assert_false(conn_resolve(c, b, clock_steady() + TIME_SECOND, &err));
	assert_int_equal(err.code, ERR_OUTCOME_UNKNOWN);
	assert_true(is_there(p, ask.id));
	conn_free(c);
	batch_free(b);
	err_release(&err);
	sql = mem_print("drop role \"%s\"", role);
	database_run(d, sql);
	free(sql);
	free(role);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_without_our_user),
	    cmocka_unit_test(one_without_our_database),
	    cmocka_unit_test(one_without_a_schema),
	    cmocka_unit_test(one_of_another_cluster_that_would_refuse),
	    cmocka_unit_test(one_of_another_cluster_that_would_do_it),
	    cmocka_unit_test(one_that_takes_no_changes),
	    cmocka_unit_test(the_same_server_that_does_not_look),
	};

	return cmocka_run_group_tests_name("verdict", tests, open_place, close_place);
}
