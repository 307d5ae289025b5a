/*
 * Who may do what: everything that the commands send, as each of the roles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch.h"
#include "db/conn.h"
#include "model/import.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/value.h"
#include "tests/lib/database.h"
#include "tests/lib/roles.h"
#include "tests/lib/session.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void add_pool_create(struct batch *b) {
	struct pool_new pool = {
	    .id = id_new(), .name = "new", .kind = KIND_NUMBER, .space = "new", .warn = 80, .crit = 90};

	pool_create_add(b, &pool, "{}");
}

static void add_pool_add(struct batch *b) {
	struct range range = {.kind = KIND_NUMBER, .first = 2000, .last = 3000};

	pool_add_add(b, id_new(), "a", &range, 1, "{}");
}

static void add_pool_remove(struct batch *b) {
	struct range range = {.kind = KIND_NUMBER, .first = 5000, .last = 6000};

	pool_remove_add(b, id_new(), "a", &range, "{}");
}

static void add_pool_delete(struct batch *b) {
	pool_delete_add(b, id_new(), "empty", "{}");
}

static void add_import(struct batch *b) {
	import_add(b, id_new(), "[]", true, "{}");
}

static void add_allocate(struct batch *b) {
	struct allocate ask = session_ask("a", id_new());

	lease_allocate_add(b, &ask);
}

static void add_allocate_value(struct batch *b) {
	struct allocate ask = session_ask_value("a", id_new(), KIND_NUMBER, "77");

	lease_allocate_add(b, &ask);
}

static void add_allocate_many(struct batch *b) {
	struct allocate ask = session_ask("a", id_new());

	ask.count = 3;
	lease_allocate_add(b, &ask);
}

static void add_readings(struct batch *b) {
	struct pool_ask pools = {0};
	struct lease_ask leases = {0};
	struct lease_ask holding = {.by_value = true, .kind = KIND_NUMBER, .value = 1, .host = ""};
	struct range range = {.kind = KIND_NUMBER, .first = 1, .last = 1000};

	pool_list_add(b, &pools);
	pool_total_add(b, &pools);
	pools.by_status = true;
	pool_total_add(b, &pools);
	pool_show_add(b, "a");
	pool_free_add(b, "a", 0);
	resource_list_add(b, NULL);
	resource_find_add(b, "a", &range);
	resource_show_add(b, id_new());
	lease_list_add(b, &leases);
	leases.backwards = true;
	lease_list_add(b, &leases);
	lease_list_add(b, &holding);
	lease_show_add(b, id_new());
	lease_seq_add(b, id_new());
	lease_history_add(b, id_new());
	doctor_add(b);
}

/* Every step is run dry, so that the roles do not get into each other's way. */
static const struct {
	const char *name;
	void (*add)(struct batch *b);
	bool allowed[ROLES];
} matrix[] = {
    {"readings", add_readings, {[VIEWER] = true, [OPERATOR] = true, [WORKER] = true, [ADMIN] = true}},
    {"allocate", add_allocate, {[OPERATOR] = true, [ADMIN] = true}},
    {"allocate value", add_allocate_value, {[OPERATOR] = true, [ADMIN] = true}},
    {"allocate many", add_allocate_many, {[OPERATOR] = true, [ADMIN] = true}},
    {"pool create", add_pool_create, {[ADMIN] = true}},
    {"pool add", add_pool_add, {[ADMIN] = true}},
    {"pool remove", add_pool_remove, {[ADMIN] = true}},
    {"pool delete", add_pool_delete, {[ADMIN] = true}},
    {"pool import", add_import, {[ADMIN] = true}},
};

static void try_as(struct roles *r, enum role role, size_t i) {
	struct conn *c = session_new(database_as(r->database, r->logins[role]));
	struct batch *b = batch_new(BATCH_DRY);
	struct err err = {0};
	bool done;

	matrix[i].add(b);
	done = session_try(c, b, &err);
	if (done != matrix[i].allowed[role] || (!done && err.code != ERR_NOT_ALLOWED)) {
		fail_msg("%s as %s: %s: %s", matrix[i].name,
		    role_groups[role] == NULL ? "nobody" : role_groups[role],
		    done ? "done" : err_name(err.code), done ? "" : err.message);
	}
	assert_true(done || strcmp(err.sqlstate, "42501") == 0 || role == NOBODY);
	err_release(&err);
	batch_free(b);
	conn_free(c);
}

static void commands_are_for_their_roles(void **state) {
	struct roles *r = *state;
	struct pool_new empty = {
	    .id = id_new(), .name = "empty", .kind = KIND_NUMBER, .space = "new", .warn = 80, .crit = 90};
	struct batch *b = batch_new(BATCH_WRITE);

	pool_create_add(b, &empty, "{}");
	session_run(r->owner, b);
	batch_free(b);
	session_add_range(r->owner, "a", KIND_NUMBER, "5000-6000");
	for (size_t i = 0; i < COUNT(matrix) * ROLES; i++) {
		try_as(r, (enum role)(i % ROLES), i / ROLES);
	}
}

/* What was made is told with the name of the one who logged in. */
static void the_author_is_who_logged_in(void **state) {
	struct roles *r = *state;
	struct conn *c = session_new(database_as(r->database, r->logins[OPERATOR]));
	struct allocate ask = session_ask("a", id_new());
	struct batch *b = batch_new(BATCH_WRITE);
	const struct lease *lease;

	lease_allocate_add(b, &ask);
	session_run(c, b);
	lease = batch_row(b, 0, 0);
	assert_string_equal(lease->created_by, r->logins[OPERATOR]);
	batch_free(b);
	conn_free(c);
}

static int open_roles(void **state) {
	*state = roles_new();
	return 0;
}

static int close_roles(void **state) {
	roles_free(*state);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands_are_for_their_roles),
	    cmocka_unit_test(the_author_is_who_logged_in),
	};

	return cmocka_run_group_tests_name("grants", tests, open_roles, close_roles);
}
