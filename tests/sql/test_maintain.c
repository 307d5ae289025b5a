/*
 * Maintenance by a worker: it ends leases whose time is over, frees values that
 * have rested, and forgets old history.
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

static struct id lease_with_end(struct place *p, const char *pool) {
	struct allocate ask = client_ask(pool, id_new());

	ask.duration = 3600 * TIME_SECOND;
	client_allocate(p->conn, &ask);
	return ask.id;
}

static int64_t next_of(struct place *p, const struct worker_self *w) {
	struct batch *b = batch_new(BATCH_WRITE);
	const struct maintained *maintained;
	int64_t next;

	worker_maintain_add(b, w);
	client_run(p->conn, b);
	maintained = batch_row(b, 0, 0);
	next = maintained->next;
	batch_free(b);
	return next;
}

/* --- expiry --- */

static void the_end_of_its_time_releases_a_lease(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = lease_with_end(p, "a");

	assert_int_equal(work_maintain(p->conn, &w), 0);
	work_end_time(p->database, lease);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	assert_int_equal(work_maintain(p->conn, &w), 0);
	work_asks(p->database, "select state || author from berth.command", "queuedberth:expiry");
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "destroyed");
	work_asks(p->database, "select outcome || count(*) from berth.command group by outcome", "applied1");
}

enum { LOOKERS = 8, OVER = 40 };

struct looking {
	struct worker_self self;
	size_t left;
};

static struct batch *look_at_the_clock(void *data, size_t client) {
	struct looking *looking = data;
	struct batch *b;
	(void)client;

	if (looking->left == 0) {
		return NULL;
	}
	looking->left--;
	b = batch_new(BATCH_WRITE);
	worker_maintain_add(b, &looking->self);
	return b;
}

static void must_succeed(void *data, size_t client, struct batch *b, struct err *err) {
	(void)data;
	(void)client;
	(void)b;
	if (err->code != ERR_NONE) {
		fail_msg("%s %s", err->message, err->sqlstate);
	}
}

static void many_who_look_ask_once(void **state) {
	struct place *p = *state;
	struct looking looking = {.self = work_start(p->conn, "w"), .left = 200};
	struct crowd crowd = {look_at_the_clock, must_succeed, &looking};

	for (int i = 0; i < OVER; i++) {
		work_end_time(p->database, lease_with_end(p, "a"));
	}
	looking.self.chunk = 7;
	crowd_run(database_values(p->database), LOOKERS, &crowd);
	work_asks(
	    p->database, "select count(*) || ' ' || count(distinct target) from berth.command", "40 40");
}

/* After an outage of any length: one release each. */
static void the_waiting_expire_too(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id waiting, over, busy;

	client_pool(p->conn, "full", KIND_NUMBER, "7");
	busy = work_lease(p->conn, "full");
	waiting = work_pending(p->database, "full", 0, 10);
	over = work_pending(p->database, "full", 5, 10);
	(void)work_look(
	    p->database, "update berth.lease set until = now() - interval '1 second' where id =", over);
	work_release(p->conn, busy);
	/* The value goes to a lease that can still use it. */
	work_all(p->conn, &w);
	work_lease_is(p->database, over, "destroyed");
	work_says(p->database, "select value is null from berth.lease where id =", over, "t");
	work_lease_is(p->database, waiting, "active");
}

/* --- rests --- */

static void a_value_rests(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct allocate ask = client_ask("slow", id_new());
	struct id lease, release;
	struct err err = {0};

	work_pool(p->conn, "slow", "1-1", 3600 * TIME_SECOND, NULL, NULL);
	lease = work_lease(p->conn, "slow");
	release = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "released");
	work_says(p->database, "select generation from berth.lease where id =", lease, "2");
	work_asks(p->database,
	    "select used || ' ' || held_back || ' ' || free from berth.pool_view where name = 'slow'",
	    "0 1 0");
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	err_release(&err);
	assert_true(next_of(p, &w) > clock_now() + 3000 * TIME_SECOND);
	session_is_sound(p->conn);
	work_end_rest(p->database, lease);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	work_lease_is(p->database, lease, "destroyed");
	work_says(p->database, "select generation from berth.lease where id =", lease, "3");
	work_says(p->database, "select released < destroyed from berth.lease where id =", lease, "t");
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
	assert_true(client_allocate(p->conn, &ask) == 1);
}

/* An item of a bulk that arrives while the value rests, and still exists when the rest is over. */
static void the_end_of_a_rest_tells_the_bulk(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target targets[2];
	struct queue_request request = work_request(QUEUE_RELEASE, targets);

	work_pool(p->conn, "slow", "1-2", 3600 * TIME_SECOND, NULL, NULL);
	targets[0] = work_on(TARGET_LEASE, work_lease(p->conn, "slow"));
	targets[1] = work_on(TARGET_LEASE, work_lease(p->conn, "slow"));
	work_release(p->conn, targets[0].id);
	work_apply(p->conn, &w);
	request.count = 2;
	work_send(p->conn, &request);
	work_apply(p->conn, &w);
	while (work_fan_out(p->conn, &w) > 0) {
	}
	work_end_rest(p->database, targets[0].id);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	work_progress_is(p->database, request.id, "1 of 2, 0");
	work_all(p->conn, &w);
	work_command_is(p->database, request.id, "done applied");
}

/* The counts of resting values follow the values when a stripe is split. */
static void a_stripe_is_cut_while_values_rest(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct allocate high = session_ask_value("slow", id_new(), KIND_NUMBER, "100");
	struct id low;

	work_pool(p->conn, "slow", "1-100", 3600 * TIME_SECOND, NULL, NULL);
	low = work_lease(p->conn, "slow");
	client_allocate(p->conn, &high);
	work_release(p->conn, low);
	work_release(p->conn, high.id);
	work_all(p->conn, &w);
	database_run(p->database, "select berth.split(resource, first) from berth.stripe where pool ="
				  " (select id from berth.pool where name = 'slow')");
	session_is_sound(p->conn);
	work_end_rest(p->database, high.id);
	work_all(p->conn, &w);
	session_is_sound(p->conn);
	work_end_rest(p->database, low);
	work_all(p->conn, &w);
	work_asks(p->database, "select free from berth.pool_view where name = 'slow'", "100");
}

/* --- history --- */

static void what_is_old_is_forgotten(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id old = work_lease(p->conn, "a"), young = work_lease(p->conn, "a"),
		  held = work_lease(p->conn, "a");

	database_run(p->database, "insert into berth.label (kind, target, prefix, name, value, seq)"
				  " select 'lease', id, '', 'k', 'v', seq from berth.lease");
	work_release(p->conn, old);
	work_all(p->conn, &w);
	database_run(p->database, "update berth.event set at = at - interval '31 days';"
				  "update berth.command set consumed_at = consumed_at - interval '31 days'");
	work_release(p->conn, young);
	work_all(p->conn, &w);
	work_says(p->database, "select count(*) from berth.lease where id =", old, "0");
	work_says(p->database, "select count(*) from berth.label where target =", old, "0");
	work_says(p->database, "select count(*) from berth.command where lane =", old, "0");
	work_lease_is(p->database, young, "destroyed");
	work_says(p->database, "select count(*) from berth.label where target =", young, "1");
	work_says(p->database, "select count(*) from berth.command where lane =", young, "1");
	work_lease_is(p->database, held, "active");
	work_says(p->database,
	    "select max(seq) <= (select seq from berth.forgotten) from berth.event where target =", old, "t");
	work_says(p->database,
	    "select min(seq) > (select seq from berth.forgotten) from berth.event where target =", young,
	    "t");
}

static void forgetting_goes_in_chunks(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	int64_t done;

	for (int i = 0; i < 10; i++) {
		work_release(p->conn, work_lease(p->conn, "a"));
	}
	work_all(p->conn, &w);
	database_run(p->database, "update berth.event set at = at - interval '31 days';"
				  "update berth.command set consumed_at = consumed_at - interval '31 days'");
	w.chunk = 3;
	done = work_maintain(p->conn, &w);
	assert_int_equal(done, 6);
	work_all(p->conn, &w);
	work_asks(p->database,
	    "select (select count(*) from berth.lease) + (select count(*) from berth.command)", "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(the_end_of_its_time_releases_a_lease),
	    TEST(many_who_look_ask_once),
	    TEST(the_waiting_expire_too),
	    TEST(a_value_rests),
	    TEST(the_end_of_a_rest_tells_the_bulk),
	    TEST(a_stripe_is_cut_while_values_rest),
	    TEST(what_is_old_is_forgotten),
	    TEST(forgetting_goes_in_chunks),
	};

	return cmocka_run_group_tests_name("maintain", tests, NULL, NULL);
}
