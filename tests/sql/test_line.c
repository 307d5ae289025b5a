/*
 * Pending leases, and how a worker serves them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/id.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	*state = p;
	return 0;
}

/* --- the line --- */

static void those_who_wait_are_served_in_order(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	/* The priority of each, oldest first, and its place. */
	static const struct {
		int priority;
		size_t place;
	} line[] = {{0, 5}, {5, 1}, {0, 6}, {-3, 9}, {9, 0}, {5, 2}, {0, 7}, {1, 4}, {5, 3}, {0, 8}};
	struct id held[10], waiting[10];
	enum { LINE = 10 };

	work_pool(p->conn, "full", "1-10", 0, NULL, NULL);
	for (size_t i = 0; i < LINE; i++) {
		held[i] = work_lease(p->conn, "full");
	}
	for (size_t i = 0; i < LINE; i++) {
		waiting[line[i].place] = work_pending(p->database, "full", line[i].priority, (int)(LINE - i));
	}
	for (size_t i = 0; i < LINE; i++) {
		work_says(p->database,
		    "select place || ' ' || ahead from berth.lease l, berth.waiting(l.id) where l.id =",
		    waiting[i],
		    (const char *[]){
			"1 0", "2 1", "3 2", "4 3", "5 4", "6 5", "7 6", "8 7", "9 8", "10 9"}[i]);
	}
	/* One value, then two, then the rest. */
	for (size_t i = 0; i < LINE; i++) {
		work_release(p->conn, held[i]);
		if (i == 0 || i == 2 || i == LINE - 1) {
			work_all(p->conn, &w);
			for (size_t j = 0; j < LINE; j++) {
				work_lease_is(p->database, waiting[j], j <= i ? "active" : "pending");
			}
			session_is_sound(p->conn);
		}
	}
	work_says(p->database,
	    "select generation || ' ' || (until is null) from berth.lease where id =", waiting[0], "2 true");
	work_events_are(p->database, waiting[0], "fill", "1");
	work_asks(p->database, "select waiting from berth.pool where name = 'full'", "0");
	assert_int_equal(work_maintain(p->conn, &w), 0);
}

static void whatever_adds_a_value_serves_the_line(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id held, first, second, third;

	work_pool(p->conn, "full", "1-1", 3600 * TIME_SECOND, NULL, NULL);
	held = work_lease(p->conn, "full");
	first = work_pending(p->database, "full", 0, 3);
	second = work_pending(p->database, "full", 0, 2);
	third = work_pending(p->database, "full", 0, 1);
	work_release(p->conn, held);
	work_all(p->conn, &w);
	work_lease_is(p->database, first, "pending");
	work_end_rest(p->database, held);
	work_all(p->conn, &w);
	work_lease_is(p->database, first, "active");
	work_lease_is(p->database, second, "pending");
	session_add_range(p->conn, "full", KIND_NUMBER, "2");
	work_all(p->conn, &w);
	work_lease_is(p->database, second, "active");
	session_is_sound(p->conn);
	/* A cordoned resource serves no one. */
	work_send_on(p->conn, QUEUE_CORDON, work_on_place("full/2"));
	work_release(p->conn, second);
	work_all(p->conn, &w);
	work_end_rest(p->database, second);
	work_all(p->conn, &w);
	work_lease_is(p->database, third, "pending");
	work_send_on(p->conn, QUEUE_UNCORDON, work_on_place("full/2"));
	work_all(p->conn, &w);
	work_lease_is(p->database, third, "active");
	work_says(p->database, "select value from berth.lease where id =", third, "2");
}

static void a_served_one_begins_its_time_and_its_hook(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id held, waiting;
	struct work_job job;

	work_pool(p->conn, "up", "1-1", 0, "make", NULL);
	held = work_lease(p->conn, "up");
	job = work_claim_one(p->conn, &w);
	assert_true(work_finish(p->conn, &w, &job, true));
	waiting = work_pending(p->database, "up", 0, 7200);
	(void)work_look(p->database, "update berth.lease set duration = 3600000000 where id =", waiting);
	work_release(p->conn, held);
	work_all(p->conn, &w);
	work_lease_is(p->database, waiting, "acquired");
	work_says(p->database,
	    "select until > now() + interval '59 minutes' from berth.lease where id =", waiting, "t");
	session_is_sound(p->conn);
	job = work_claim_one(p->conn, &w);
	assert_true(id_equal(job.lease, waiting));
	assert_true(work_finish(p->conn, &w, &job, true));
	work_lease_is(p->database, waiting, "active");
}

/* The server of the line and the release of a value need the same two rows. */
static void serving_and_giving_back_do_not_block_each_other(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	struct id held;

	work_pool(p->conn, "full", "1-2", 0, NULL, NULL);
	held = work_lease(p->conn, "full");
	work_lease(p->conn, "full");
	work_release(p->conn, work_pending(p->database, "full", 0, 1));
	/* The release of a lease with two commands is not plain either. */
	work_release(p->conn, held);
	work_release(p->conn, held);
	work_pending(p->database, "full", 0, 1);
	/* One session has locked the pool, as the worker does that serves; the worker takes the stripe and
	 * then waits for the pool ... */
	database_run(p->database, "begin; select from berth.pool where name = 'full' for no key update");
	worker_apply_add(b, &w);
	conn_submit(p->conn, b, client_patience());
	session_step_until(p->conn, p->database,
	    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = "
	    "'Lock'");
	/* ... and the other session can still lock the stripe. */
	work_asks(p->database,
	    "select count(*) from (select from berth.stripe where pool = (select id from berth.pool where "
	    "name = 'full')"
	    " for update skip locked) s",
	    "1");
	database_run(p->database, "commit");
	assert_true(client_finish(p->conn, &err));
	batch_free(b);
	work_all(p->conn, &w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(those_who_wait_are_served_in_order),
	    TEST(whatever_adds_a_value_serves_the_line),
	    TEST(a_served_one_begins_its_time_and_its_hook),
	    TEST(serving_and_giving_back_do_not_block_each_other),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
