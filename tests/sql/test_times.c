/*
 * The times of an object are in the order of its changes, also when a
 * transaction that began early does its work late: the history is exact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/id.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* A pool of one value. */
static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "one", KIND_NUMBER, "7");
	*state = p;
	return 0;
}

/* Checks the order of the leases of each value, of the times of each lease and command, and of the events of
 * each target. */
static void history_is_exact(struct place *p) {
	work_asks(p->database,
	    "select count(*) from berth.lease a join berth.lease b using (resource, value)"
	    " where a.id <> b.id and a.acquired < coalesce(b.destroyed, 'infinity')"
	    " and b.acquired < coalesce(a.destroyed, 'infinity')",
	    "0");
	work_asks(p->database,
	    "select count(*) from berth.lease where acquired < created or activated < acquired or released <"
	    " coalesce(activated, acquired) or destroyed < coalesce(released, activated, acquired)",
	    "0");
	work_asks(p->database,
	    "select count(*) from berth.command where consumed_at < created or begun < created", "0");
	work_asks(p->database,
	    "select count(*) from (select at < lag(at) over (partition by target_id order by seq) as early"
	    " from berth.event_view) e where early",
	    "0");
	work_asks(p->database,
	    "select count(*) from berth.event_view e join berth.lease l on l.id = e.target_id"
	    " join berth.command c on c.id = e.command where e.at < c.created",
	    "0");
	work_asks(p->database,
	    "select count(*) from berth.lease l join lateral (select * from berth.event_view where target_id "
	    "= "
	    "l.id order by seq desc limit 1) e on true"
	    " where (e.after->>'generation')::bigint <> l.generation or e.after->>'state' <> l.state",
	    "0");
}

/* Runs the whole life of a lease of that value, while the other session's transaction is open. */
static void live_and_end(struct place *p, const struct worker_self *w) {
	work_release(p->conn, work_lease(p->conn, "one"));
	work_all(p->conn, w);
}

static void release_all(struct place *p) {
	work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("one", 0));
}

static void a_value_is_taken_by_one_that_began_before_it_was_free(void **state) {
	static const char *const ways[] = {
	    "select from berth.allocate(gen_random_uuid(), 'one', '', null, null, 0, '{}')",
	    "select from berth.allocate(gen_random_uuid(), 'one', '', null, 3600000000, 0, '{}')",
	    ("select from berth.allocate_value(gen_random_uuid(), 'one', 'number', 7, '', '7', '', null, "
	     "null, 0, '{}')"),
	    "select from berth.allocate_many(array[gen_random_uuid()], 'one', '', null, null, 0, '{}')",
	};
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		database_run(p->database, "begin");
		live_and_end(p, &w);
		database_run(p->database, ways[i]);
		database_run(p->database, "commit");
		history_is_exact(p);
		work_asks(p->database,
		    "select after->>'state' from berth.event_view where action = 'create' and kind = 'lease' "
		    "order by seq desc limit 1",
		    "active");
		release_all(p);
		work_all(p->conn, &w);
	}
}

static void a_value_is_given_by_a_worker_that_began_before_it_was_free(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id busy = work_lease(p->conn, "one"), waiting = work_pending(p->database, "one", 0, 10);

	database_run(p->database, "begin");
	work_release(p->conn, busy);
	assert_int_equal(work_apply(p->conn, &w), 1);
	database_run(p->database, "select berth.maintain('w', 5, 500, null)");
	database_run(p->database, "commit");
	work_lease_is(p->database, waiting, "active");
	history_is_exact(p);
}

/* A worker whose transaction began before the command, and before the lease itself, existed. */
static void what_is_asked_for_later_ends_later(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease, cancelled;
	struct queue_request request;
	struct target target;

	database_run(p->database, "begin");
	lease = work_lease(p->conn, "one");
	target = work_on(TARGET_LEASE, lease);
	request = work_request(QUEUE_RELEASE, &target);
	request.grace = 3600 * TIME_SECOND;
	cancelled = work_send(p->conn, &request);
	(void)work_look(
	    p->database, "select berth.queue_cancel(id, '', '{}') from berth.command where id =", cancelled);
	work_release(p->conn, lease);
	database_run(p->database, "select berth.apply('w', 500)");
	database_run(p->database, "commit");
	work_lease_is(p->database, lease, "destroyed");
	history_is_exact(p);
	(void)w;
}

static void hooks_that_end_late_are_in_order(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job job;
	struct id lease;

	work_pool(p->conn, "hooked", "1-9", 3600 * TIME_SECOND, "on", "off");
	database_run(p->database, "begin");
	lease = work_lease(p->conn, "hooked");
	database_run(p->database, "select from berth.claim_hooks('w', 1, 60000000)");
	database_run(p->database, "commit");
	history_is_exact(p);
	database_run(p->database, "begin");
	(void)work_look(p->database,
	    "select berth.finish_hook('w', id, 1, true, '', 1, 5) from berth.command where lane =", lease);
	database_run(p->database, "commit");
	work_lease_is(p->database, lease, "active");
	database_run(p->database, "begin");
	work_release(p->conn, lease);
	job = work_claim_one(p->conn, &w);
	(void)work_look(p->database,
	    "select berth.finish_hook('w', id, 1, true, '', 1, 5) from berth.command where id =",
	    job.command);
	database_run(p->database, "commit");
	work_lease_is(p->database, lease, "released");
	history_is_exact(p);
	database_run(p->database, "begin");
	work_end_rest(p->database, lease);
	database_run(p->database, "commit");
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "destroyed");
	history_is_exact(p);
}

/* An extension is being applied while another session reads the clock. */
static void the_last_event_of_a_lease_is_its_last_change(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "one");
	struct target target = work_on(TARGET_LEASE, lease);
	struct queue_request request = work_request(QUEUE_EXTEND, &target);

	request.until = TIME_NONE;
	request.duration = 3600 * TIME_SECOND;
	work_send(p->conn, &request);
	work_end_time(p->database, lease);
	database_run(p->database, "begin");
	work_asks(p->database, "select berth.apply('w', 500)", "1");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	database_run(p->database, "commit");
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "active");
	work_events_are(p->database, lease, "expire", "0");
	work_events_are(p->database, lease, "extend", "1");
	work_asks(p->database, "select action from berth.event order by seq desc limit 1", "extend");
}

/* A clock that is set back a little does not undo recorded times: they stand still. */
static void a_clock_that_is_put_back_a_little_stands_still(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	live_and_end(p, &w);
	database_run(p->database, "update berth.lease set created = created + interval '20 seconds', "
				  "acquired = acquired + interval '20 seconds',"
				  " activated = activated + interval '20 seconds', released = released + "
				  "interval '20 seconds', destroyed = destroyed + interval '20 seconds';"
				  "update berth.stripe set changed = changed + interval '20 seconds'");
	live_and_end(p, &w);
	work_lease(p->conn, "one");
	work_asks(
	    p->database, "select bool_and(acquired > now() + interval '5 seconds') from berth.lease", "t");
	work_asks(p->database,
	    "select count(*) from berth.lease a join berth.lease b using (resource, value)"
	    " where a.id <> b.id and a.acquired < coalesce(b.destroyed, 'infinity')"
	    " and b.acquired < coalesce(a.destroyed, 'infinity')",
	    "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_value_is_taken_by_one_that_began_before_it_was_free),
	    TEST(a_value_is_given_by_a_worker_that_began_before_it_was_free),
	    TEST(what_is_asked_for_later_ends_later),
	    TEST(hooks_that_end_late_are_in_order),
	    TEST(the_last_event_of_a_lease_is_its_last_change),
	    TEST(a_clock_that_is_put_back_a_little_stands_still),
	};

	return cmocka_run_group_tests_name("times", tests, NULL, NULL);
}
