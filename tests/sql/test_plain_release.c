/*
 * Releases that need no decision: they end as all others do, and give way where a decision is needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/err.h"
#include "db/base/id.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/worker.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

static void a_plain_release_is_told_as_any_other(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id command;
	struct id lease;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	lease = work_lease(p->conn, "a");
	command = work_release(p->conn, lease);
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_command_is(p->database, command, "done applied");
	work_explains(p->database, command, "released");
	work_says(p->database,
	    "select concat_ws(' ', state, generation, released = destroyed, released >= acquired) from "
	    "berth.lease where id =",
	    lease, "destroyed 3 t t");
	work_says(p->database,
	    "select string_agg(action || ' ' || (before->>'state') || ' ' || (before->>'generation') || ' ' "
	    "|| (after->>'state') || ' ' || (after->>'generation'), ', ' order by seq) from berth.event "
	    "where "
	    "command is not null and target =",
	    lease, "release active 1 released 2, destroy released 2 destroyed 3");
	work_asks(p->database, "select free from berth.stripe", "{[1,101)}");
}

static void the_items_of_a_bulk_are_counted(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id bulk;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	for (int i = 0; i < 3; i++) {
		(void)work_lease(p->conn, "a");
	}
	bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("a"));
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
}

/* Those of one sort are applied in one transaction; the oldest of all decides which. */
static void the_oldest_command_decides_what_is_applied(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id plain[2], rests[2];

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	work_pool(p->conn, "slow", "1-9", 60000000, NULL, NULL);
	for (int i = 0; i < 2; i++) {
		rests[i] = work_release(p->conn, work_lease(p->conn, "slow"));
		plain[i] = work_release(p->conn, work_lease(p->conn, "a"));
	}
	assert_int_equal(work_apply(p->conn, &w), 2);
	for (int i = 0; i < 2; i++) {
		work_command_is(p->database, rests[i], "done applied");
		work_command_is(p->database, plain[i], "queued");
	}
	rests[0] = work_release(p->conn, work_lease(p->conn, "slow"));
	assert_int_equal(work_apply(p->conn, &w), 2);
	for (int i = 0; i < 2; i++) {
		work_command_is(p->database, plain[i], "done applied");
	}
	work_command_is(p->database, rests[0], "queued");
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_command_is(p->database, rests[0], "done applied");
}

/* The oldest release waits for a hook that runs, and nothing can be done about it now. */
static void a_command_that_waits_keeps_no_other_waiting(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id hooked, waits, plain;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	work_pool(p->conn, "up", "1-9", 0, "make", NULL);
	hooked = work_lease(p->conn, "up");
	(void)work_claim_one(p->conn, &w);
	waits = work_release(p->conn, hooked);
	plain = work_release(p->conn, work_lease(p->conn, "a"));
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_command_is(p->database, waits, "queued");
	work_command_is(p->database, plain, "done applied");
}

/* Queues a release of a lease, and applies it while another session has a transaction that holds the stripe.
 */
static struct id release_beside(struct place *p, const struct worker_self *w, const char *begin) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	struct id lease;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	(void)work_lease(p->conn, "a");
	lease = work_lease(p->conn, "a");
	work_release(p->conn, lease);
	database_run(p->database, begin);
	worker_apply_add(b, w);
	conn_submit(p->conn, b, client_patience());
	session_step_until(p->conn, p->database,
	    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = "
	    "'Lock'");
	database_run(p->database, "commit");
	assert_true(client_finish(p->conn, &err));
	batch_free(b);
	work_all(p->conn, w);
	work_lease_is(p->database, lease, "destroyed");
	return lease;
}

static void a_stripe_that_is_split_meanwhile(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	/* The value is in the upper stripe then. */
	(void)release_beside(p, &w,
	    "begin; update berth.stripe set last = 1, free = '{}', room = 0, open = false;"
	    " insert into berth.stripe (pool, resource, host, first, last, free, room, usable, open, "
	    "changed)"
	    " select pool, resource, host, 2, 100, '{[3,101)}', 98, true, true, changed from "
	    "berth.stripe");
	work_asks(p->database, "select free from berth.stripe where first = 2", "{[2,101)}");
}

/* A drain waits for releases that hold a stripe; the last of them ends the resource. */
static void a_resource_that_is_drained_meanwhile(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	(void)release_beside(p, &w,
	    "begin; select berth.set_usable(id, false) from berth.resource;"
	    " update berth.lease set state = 'destroyed', released = now(), destroyed = now(), generation = "
	    "3 where "
	    "value = 1;"
	    " update berth.stripe set room = room + 1, free = free + '{[1,2)}';"
	    " update berth.resource set state = 'released', generation = generation + 1");
	work_asks(p->database, "select state from berth.resource", "destroyed");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_plain_release_is_told_as_any_other),
	    TEST(the_items_of_a_bulk_are_counted),
	    TEST(the_oldest_command_decides_what_is_applied),
	    TEST(a_command_that_waits_keeps_no_other_waiting),
	    TEST(a_stripe_that_is_split_meanwhile),
	    TEST(a_resource_that_is_drained_meanwhile),
	};

	return cmocka_run_group_tests_name("plain_release", tests, NULL, NULL);
}
