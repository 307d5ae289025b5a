/*
 * Resources and pools that are drained, reclaimed or cordoned, also while their
 * leases change at the same moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/bulks.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* --- pools and resources --- */

static void a_resource_is_drained(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("a/1-20")), again, cordon, third;

	assert_int_equal(work_apply(p->conn, &w), 1);
	/* From that moment no value of it is allocated, and every later command is rejected. */
	work_asks(p->database, "select state from berth.resource where name = '1-20'", "released");
	again = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("a/1-20"));
	cordon = work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/1-20"));
	third = work_send_on(p->conn, QUEUE_RECLAIM, work_on_place("a/1-20"));
	work_all(p->conn, &w);
	work_command_is(p->database, drain, "done applied");
	work_progress_is(p->database, drain, "20 of 20, 0");
	work_command_is(p->database, again, "done noop");
	work_explains(p->database, again, "is being drained already");
	work_command_is(p->database, cordon, "done rejected");
	work_command_is(p->database, third, "done noop");
	work_asks(
	    p->database, "select state || generation from berth.resource where name = '1-20'", "destroyed3");
	again = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("a/1-20"));
	work_all(p->conn, &w);
	work_command_is(p->database, again, "done noop");
	work_explains(p->database, again, "is destroyed already");
	bulks_live_are(p, "a5 b10");
	work_asks(p->database, "select capacity from berth.pool_view where name = 'a'", "20");
	work_asks(p->database,
	    "select string_agg(action, ' ' order by seq) from berth.event where kind = 'resource' and actor "
	    "= 'w'",
	    "release destroy");
}

static void a_resource_without_leases_is_destroyed_at_once(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id drain;

	client_pool(p->conn, "c", KIND_NUMBER, "1-10");
	drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("c/1-10"));
	work_all(p->conn, &w);
	work_command_is(p->database, drain, "done applied");
	work_progress_is(p->database, drain, "0 of 0, 0");
	work_asks(p->database, "select state from berth.resource_view where pool = 'c'", "destroyed");
}

static void a_pool_is_drained(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("a"));

	assert_int_equal(work_apply(p->conn, &w), 1);
	/* A fast client still gets a value, and loses it like the others. */
	bulks_take(p, "a", 3);
	work_all(p->conn, &w);
	work_command_is(p->database, drain, "done applied");
	work_progress_is(p->database, drain, "28 of 28, 0");
	bulks_live_are(p, "b10");
	work_asks(
	    p->database, "select resources || ' ' || capacity from berth.pool_view where name = 'a'", "0 0");
	drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("a"));
	work_all(p->conn, &w);
	work_progress_is(p->database, drain, "0 of 0, 0");
}

static void a_reuse_delay_keeps_the_resource(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id lease, drain;

	work_pool(p->conn, "slow", "1-10", 3600 * TIME_SECOND, NULL, NULL);
	lease = work_lease(p->conn, "slow");
	drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("slow/1-10"));
	work_all(p->conn, &w);
	work_command_is(p->database, drain, "done applied");
	work_lease_is(p->database, lease, "released");
	work_asks(p->database, "select state from berth.resource_view where pool = 'slow'", "released");
	work_end_rest(p->database, lease);
	work_all(p->conn, &w);
	work_asks(p->database, "select state from berth.resource_view where pool = 'slow'", "destroyed");
}

static void reclaim_spares_what_is_used(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id reclaim = work_send_on(p->conn, QUEUE_RECLAIM, work_on_place("a/1-20")), bulk;

	work_all(p->conn, &w);
	work_command_is(p->database, reclaim, "done rejected");
	work_explains(
	    p->database, reclaim, "resource 1-20 has leases: value 1, value 2, value 3 and 17 more");
	work_says(p->database,
	    "select cardinality(string_to_array(explanation, ', ')) from berth.command where id =", reclaim,
	    "3");
	session_is_sound(p->conn);
	bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	reclaim = work_send_on(p->conn, QUEUE_RECLAIM, work_on_place("a/1-20"));
	work_all(p->conn, &w);
	work_command_is(p->database, reclaim, "done applied");
	work_asks(p->database, "select state from berth.resource where name = '1-20'", "destroyed");
}

static void a_cordon_keeps_the_leases(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id cordon = work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/101-120")), again;
	struct allocate ask = client_ask("a", id_new());
	struct err err = {0};

	work_all(p->conn, &w);
	work_command_is(p->database, cordon, "done applied");
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	err_release(&err);
	again = work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/101-120"));
	work_send_on(p->conn, QUEUE_UNCORDON, work_on_place("a/101-120"));
	work_all(p->conn, &w);
	work_command_is(p->database, again, "done noop");
	assert_true(client_allocate(p->conn, &ask) == 106);
}

/* --- at the same moment --- */

/* Runs a worker's step while another session's SQL is not committed. */
static void while_held(struct place *p, const struct worker_self *w, const char *held,
    size_t (*add)(struct batch *, const struct worker_self *)) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	database_run(p->database, "begin");
	database_run(p->database, held);
	add(b, w);
	conn_submit(p->conn, b, client_patience());
	for (int i = 0; i < 5 && !conn_done(p->conn); i++) {
		client_step(&p->conn, 1, 100);
	}
	database_run(p->database, "commit");
	if (!client_finish(p->conn, &err)) {
		fail_msg("%s", err.message);
	}
	batch_free(b);
}

static void the_last_lease_and_the_drain_meet(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p), v = work_start(p->conn, "v");
	struct id lease;

	for (int cordoned = 0; cordoned < 2; cordoned++) {
		char *name = mem_print("c%d", cordoned), *place = mem_print("c%d/1-10", cordoned);

		client_pool(p->conn, name, KIND_NUMBER, "1-10");
		lease = work_lease(p->conn, name);
		if (cordoned == 1) {
			work_send_on(p->conn, QUEUE_CORDON, work_on_place(place));
			work_all(p->conn, &w);
		}
		work_send_on(p->conn, QUEUE_RELEASE, work_on_place(place));
		work_release(p->conn, lease);
		/* One worker releases the lease and has not finished; the other one drains the resource. */
		while_held(p, &w, "select berth.apply_leases('v', 100)", worker_apply_add);
		work_all(p->conn, &v);
		work_lease_is(p->database, lease, "destroyed");
		session_is_sound(p->conn);
		free(name);
		free(place);
	}
	work_asks(p->database, "select string_agg(state, ' ') from berth.resource_view where pool like 'c%'",
	    "destroyed destroyed");
}

static void the_drain_and_a_hook_that_fails_meet(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job job;
	char *held;
	char text[ID_TEXT];

	work_pool(p->conn, "down", "1-10", 0, NULL, "unmake");
	work_release(p->conn, work_lease(p->conn, "down"));
	job = work_claim_one(p->conn, &w);
	work_send_on(p->conn, QUEUE_RELEASE, work_on_place("down/1-10"));
	held = mem_print("select berth.finish_hook('w', '%s', %d, false, 'no', 1, 1)",
	    id_text(job.command, text), (int)job.epoch);
	while_held(p, &w, held, worker_apply_add);
	free(held);
	work_all(p->conn, &w);
	session_is_sound(p->conn);
	work_asks(p->database, "select state from berth.resource_view where pool = 'down'", "broken");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bulks_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_resource_is_drained),
	    TEST(a_resource_without_leases_is_destroyed_at_once),
	    TEST(a_pool_is_drained),
	    TEST(a_reuse_delay_keeps_the_resource),
	    TEST(reclaim_spares_what_is_used),
	    TEST(a_cordon_keeps_the_leases),
	    TEST(the_last_lease_and_the_drain_meet),
	    TEST(the_drain_and_a_hook_that_fails_meet),
	};

	return cmocka_run_group_tests_name("drain", tests, NULL, NULL);
}
