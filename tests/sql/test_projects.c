/*
 * Limits of organizations and projects with two concurrent requests: the counters equal
 * the rows, whichever comes first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/project.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/meeting.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/tenant.h"
#include "tests/lib/work.h"

#define CHARGED "select leases from berth.project where name = 'web'"
#define HELD                                                                                                 \
	"select count(*) from berth.lease l join berth.project j on j.id = l.project"                        \
	" where j.name = 'web' and l.state <> 'destroyed'"

static struct allocate ask_for(const char *pool) {
	struct allocate ask = client_ask(pool, id_new());

	ask.project = "acme/web";
	return ask;
}

static void set_limit(struct conn *c, int64_t limit) {
	struct batch *b = batch_new(BATCH_WRITE);

	project_limit_add(b, id_new(), "acme/web", limit, "{}");
	client_run(c, b);
	batch_free(b);
}

/* --- two at once --- */

/* The first one is delayed at its end, with all its locks; the second one waits for it. */
static bool meet(struct place *p, struct batch *first, struct batch *second, struct err *err) {
	struct conn *other = client_new(database_values(p->database));
	struct err why = {0};
	struct met met;

	session_let_holders_do(p->database);
	client_pool(p->conn, "gate", KIND_NUMBER, "1-9");
	meeting_gate(first, "gate");
	session_is_sound(other);
	met = meeting_run(&(struct meeting){p->database, p->conn, other}, first, second, &why, err);
	assert_true(met.first);
	conn_free(other);
	batch_free(first);
	batch_free(second);
	return met.second;
}

static void the_first_limit_waits_for_who_allocates(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	lease_allocate_add(first, &ask);
	project_limit_add(second, id_new(), "acme/web", 5, "{}");
	assert_true(meet(p, first, second, &err));
	assert_string_equal(database_ask(p->database, CHARGED), "1");
}

static void who_allocates_waits_for_the_first_limit(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	project_limit_add(first, id_new(), "acme/web", 0, "{}");
	lease_allocate_add(second, &ask);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_QUOTA_EXCEEDED);
	err_release(&err);
	assert_string_equal(database_ask(p->database, HELD), "0");
}

static void who_comes_second_to_the_last_one_is_refused(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct allocate one = ask_for("own"), other = ask_for("all");
	struct err err = {0};

	set_limit(p->conn, 1);
	lease_allocate_add(first, &one);
	lease_allocate_add(second, &other);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_QUOTA_EXCEEDED);
	err_release(&err);
	assert_string_equal(database_ask(p->database, CHARGED), "1");
}

static void who_allocates_waits_for_a_deletion(void **state) {
	struct place *p = *state;
	struct batch *first = batch_new(BATCH_WRITE), *second = batch_new(BATCH_WRITE);
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct queue_request request = work_request(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	set_limit(p->conn, 9);
	queue_add(first, &request);
	lease_allocate_add(second, &ask);
	assert_false(meet(p, first, second, &err));
	assert_int_equal(err.code, ERR_PRECONDITION_FAILED);
	err_release(&err);
}

/* Without a limit no one waits; the deletion finds the leases that came meanwhile. */
static void a_deletion_takes_what_came_while_it_closed(void **state) {
	struct place *p = *state;
	struct conn *late = client_new(database_values(p->database));
	struct worker_self self = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_WRITE);
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct queue_request request = work_request(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("all");
	struct err err = {0};

	session_let_holders_do(p->database);
	client_pool(p->conn, "gate", KIND_NUMBER, "1-9");
	lease_allocate_add(b, &ask);
	client_add(b, "gate", "do select pg_advisory_xact_lock_shared(7)");
	session_is_sound(late);
	database_run(p->database, "select pg_advisory_lock(7)");
	conn_submit(late, b, TIME_NONE);
	meeting_await(late, p->database, 1);
	work_send(p->conn, &request);
	work_all(p->conn, &self);
	work_command_is(p->database, request.id, "running");
	database_run(p->database, "select pg_advisory_unlock(7)");
	assert_true(client_finish(late, &err));
	work_lease_is(p->database, ask.id, "active");
	work_all(p->conn, &self);
	work_lease_is(p->database, ask.id, "destroyed");
	work_command_is(p->database, request.id, "done applied");
	work_progress_is(p->database, request.id, "1 of 1, 0");
	batch_free(b);
	conn_free(late);
}

/* --- chunks --- */

static void no_transaction_of_a_deletion_is_larger_than_a_chunk(void **state) {
	struct place *p = *state;
	struct worker_self self = work_start(p->conn, "w");
	struct target web = {.kind = TARGET_PROJECT, .name = "acme/web"};
	struct queue_request request = work_request(QUEUE_DELETE, &web);
	struct allocate ask = ask_for("many");
	struct batch *b = batch_new(BATCH_WRITE);

	client_pool(p->conn, "many", KIND_NUMBER, "1-1000");
	ask.count = 500;
	lease_allocate_add(b, &ask);
	queue_add(b, &request);
	client_run(p->conn, b);
	batch_free(b);
	self.chunk = 25;
	work_all(p->conn, &self);
	work_command_is(p->database, request.id, "done applied");
	work_asks(p->database,
	    "select max(n) <= 25 and count(*) >= 20 from (select count(*) as n from berth.lease group by "
	    "xmin) t",
	    "t");
	work_asks(p->database,
	    "select max(n) <= 25 from (select count(*) as n from berth.command where parent is not null "
	    "group by "
	    "xmin) t",
	    "t");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tenant_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(the_first_limit_waits_for_who_allocates),
	    TEST(who_allocates_waits_for_the_first_limit),
	    TEST(who_comes_second_to_the_last_one_is_refused),
	    TEST(who_allocates_waits_for_a_deletion),
	    TEST(a_deletion_takes_what_came_while_it_closed),
	    TEST(no_transaction_of_a_deletion_is_larger_than_a_chunk),
	};

	return cmocka_run_group_tests_name("projects", tests, NULL, NULL);
}
