/*
 * The right to run a hook: claims, and the fate of those that no worker ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/hooked.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* --- claims --- */

static void a_hook_is_run_by_one(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w"), v = work_start(p->conn, "v");
	struct work_job jobs[8];

	for (int i = 0; i < 5; i++) {
		work_lease(p->conn, "up");
	}
	assert_int_equal(work_claim(p->conn, &w, 3, jobs), 3);
	assert_int_equal(work_claim(p->conn, &v, 8, jobs + 3), 2);
	for (int i = 0; i < 5; i++) {
		for (int j = 0; j < i; j++) {
			assert_false(id_equal(jobs[i].lease, jobs[j].lease));
		}
		hooked_goes_well(p, i < 3 ? &w : &v, &jobs[i]);
	}
	work_asks(
	    p->database, "select string_agg(consumed::text, ' ' order by name) from berth.worker", "2 3");
}

static void who_comes_late_is_refused(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w"), v = work_start(p->conn, "v");
	struct id lease = work_lease(p->conn, "down"), release = work_release(p->conn, lease);
	struct work_job first = work_claim_one(p->conn, &w), second;

	/* No other worker can claim it before its deadline. */
	assert_int_equal(work_maintain(p->conn, &v), 0);
	work_end_claim(p->database, release);
	assert_int_equal(work_maintain(p->conn, &v), 1);
	work_explains(p->database, release, "worker w did not report its end in time");
	second = work_claim_one(p->conn, &v);
	assert_true(id_equal(second.command, release));
	assert_true(second.epoch > first.epoch);
	assert_int_equal(second.attempt, 2);
	assert_false(work_finish(p->conn, &w, &first, true));
	assert_false(work_finish(p->conn, &w, &first, false));
	assert_false(work_return(p->conn, &w, &first));
	work_command_is(p->database, release, "running");
	hooked_goes_well(p, &v, &second);
	assert_false(work_finish(p->conn, &w, &first, true));
	assert_false(work_finish(p->conn, &v, &second, true));
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
	work_says(p->database, "select consumed_by || attempts from berth.command where id =", release, "v2");
}

static void the_claim_of_the_dead_is_free(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w"), v = work_start(p->conn, "v");
	struct id lease = work_lease(p->conn, "down"), release = work_release(p->conn, lease);
	struct work_job job = work_claim_one(p->conn, &w);

	work_kill(p->database, &w);
	assert_int_equal(work_maintain(p->conn, &v), 1);
	job = work_claim_one(p->conn, &v);
	assert_int_equal(job.attempt, 2);
	hooked_goes_well(p, &v, &job);
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "destroyed");
}

/* Its successor of the same name has other processes and does not know of that run. */
static void the_claim_of_a_predecessor_is_free(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	struct work_job job;

	work_lease(p->conn, "up");
	job = work_claim_one(p->conn, &w);
	work_start(p->conn, "w");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	w.started = 2;
	worker_start_add(b, &w);
	client_refused(p->conn, b, ERR_CONFLICT, &err);
	err_release(&err);
	work_kill(p->database, &w);
	client_run(p->conn, b);
	batch_free(b);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	job = work_claim_one(p->conn, &w);
	assert_int_equal(job.attempt, 2);
	hooked_goes_well(p, &w, &job);
}

static void what_is_given_back_has_not_been_tried(void **state) {
	struct place *p = *state;
	struct worker_self w = hooked_strict(p);
	struct id lease = work_lease(p->conn, "up");
	struct work_job job = work_claim_one(p->conn, &w);

	assert_true(work_return(p->conn, &w, &job));
	work_command_is(p->database, job.command, "queued");
	assert_false(work_finish(p->conn, &w, &job, true));
	job = work_claim_one(p->conn, &w);
	assert_true(work_return(p->conn, &w, &job));
	job = work_claim_one(p->conn, &w);
	hooked_goes_wrong(p, &w, &job);
	work_command_is(p->database, job.command, "quarantined");
	work_lease_is(p->database, lease, "broken");
}

/* Commands that wait for another hook do not take the place of those that can run. */
static void who_waits_is_in_nobodys_way(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id busy = work_lease(p->conn, "both"), plain = work_lease(p->conn, "up"),
		  other = work_lease(p->conn, "down");
	struct work_job jobs[2], job;

	assert_int_equal(work_claim(p->conn, &w, 2, jobs), 2);
	work_release(p->conn, busy);
	work_release(p->conn, other);
	assert_int_equal(work_claim(p->conn, &w, 1, &job), 1);
	assert_true(id_equal(job.lease, other));
	client_pool(p->conn, "none", KIND_NUMBER, "1-10");
	work_release(p->conn, plain);
	other = work_release(p->conn, work_lease(p->conn, "none"));
	w.chunk = 1;
	work_apply(p->conn, &w);
	work_command_is(p->database, other, "done applied");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hooked_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_hook_is_run_by_one),
	    TEST(who_comes_late_is_refused),
	    TEST(the_claim_of_the_dead_is_free),
	    TEST(the_claim_of_a_predecessor_is_free),
	    TEST(what_is_given_back_has_not_been_tried),
	    TEST(who_waits_is_in_nobodys_way),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
