/*
 * Hooks in the database: when they run, which commands wait for them, and the
 * state of a lease whose hook fails.
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

/* Makes a lease whose release hook has failed for good; returns the command. */
static struct id broken_release(
    struct place *p, const struct worker_self *w, const char *pool, struct id *lease) {
	struct work_job job;

	*lease = work_lease(p->conn, pool);
	work_release(p->conn, *lease);
	job = work_claim_one(p->conn, w);
	hooked_goes_wrong(p, w, &job);
	work_command_is(p->database, job.command, "quarantined");
	work_lease_is(p->database, *lease, "broken");
	return job.command;
}

/* Does the same with its activate hook. */
static struct id broken_activation(
    struct place *p, const struct worker_self *w, const char *pool, struct id *lease) {
	struct work_job job;

	*lease = work_lease(p->conn, pool);
	job = work_claim_one(p->conn, w);
	assert_string_equal(job.event, "activate");
	hooked_goes_wrong(p, w, &job);
	work_lease_is(p->database, *lease, "broken");
	return job.command;
}

/* --- success --- */

static void an_activation_makes_a_lease_active(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "up");
	struct work_job job;

	work_lease_is(p->database, lease, "acquired");
	assert_int_equal(work_apply(p->conn, &w), 0);
	job = work_claim_one(p->conn, &w);
	assert_string_equal(job.hook, "make");
	assert_string_equal(job.event, "activate");
	assert_true(id_equal(job.lease, lease));
	assert_int_equal(job.attempt, 1);
	assert_int_equal(work_claim(p->conn, &w, 1, &job), 0);
	hooked_goes_well(p, &w, &job);
	work_lease_is(p->database, lease, "active");
	work_command_is(p->database, job.command, "done applied");
	work_says(p->database, "select consumed_by from berth.command where id =", job.command, "w");
	work_says(p->database, "select activated >= acquired from berth.lease where id =", lease, "t");
	work_events_are(p->database, lease, "activate", "1");
	work_asks(p->database, "select consumed from berth.worker", "1");
}

static void a_release_holds_the_value_until_its_hook_has_run(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "down"), release = work_release(p->conn, lease);
	struct work_job job;

	work_lease_is(p->database, lease, "active");
	assert_int_equal(work_apply(p->conn, &w), 0);
	job = work_claim_one(p->conn, &w);
	assert_string_equal(job.hook, "unmake");
	assert_string_equal(job.event, "release");
	work_lease_is(p->database, lease, "released");
	work_command_is(p->database, release, "running");
	work_asks(
	    p->database, "select used || ' ' || held_back from berth.pool_view where name = 'down'", "1 0");
	work_release(p->conn, lease);
	assert_int_equal(work_apply(p->conn, &w), 1);
	session_is_sound(p->conn);
	hooked_goes_well(p, &w, &job);
	work_lease_is(p->database, lease, "destroyed");
	work_command_is(p->database, release, "done applied");
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
	work_asks(
	    p->database, "select string_agg(outcome, ' ' order by seq) from berth.command", "applied noop");
}

static void a_rest_follows_the_hook(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease, release;
	struct work_job job;

	work_pool(p->conn, "slow", "1-100", 3600 * TIME_SECOND, NULL, "unmake");
	lease = work_lease(p->conn, "slow");
	release = work_release(p->conn, lease);
	job = work_claim_one(p->conn, &w);
	hooked_goes_well(p, &w, &job);
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "released");
	work_asks(
	    p->database, "select used || ' ' || held_back from berth.pool_view where name = 'slow'", "0 1");
	release = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_command_is(p->database, release, "done noop");
	work_end_rest(p->database, lease);
	work_all(p->conn, &w);
	work_lease_is(p->database, lease, "destroyed");
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
}

/* --- a release and an activation --- */

static void a_release_waits_for_the_activation_that_runs(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "both"), release;
	struct work_job up = work_claim_one(p->conn, &w), down;

	release = work_release(p->conn, lease);
	assert_int_equal(work_apply(p->conn, &w), 0);
	assert_int_equal(work_claim(p->conn, &w, 1, &down), 0);
	work_command_is(p->database, release, "queued");
	hooked_goes_well(p, &w, &up);
	work_lease_is(p->database, lease, "active");
	down = work_claim_one(p->conn, &w);
	assert_string_equal(down.event, "release");
	hooked_goes_well(p, &w, &down);
	work_lease_is(p->database, lease, "destroyed");
	work_command_is(p->database, release, "done applied");
}

static void a_release_ends_the_activation_that_fails(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "both"), release;
	struct work_job up = work_claim_one(p->conn, &w), down;

	release = work_release(p->conn, lease);
	hooked_goes_wrong(p, &w, &up);
	down = work_claim_one(p->conn, &w);
	assert_true(id_equal(down.command, release));
	work_command_is(p->database, up.command, "done noop");
	hooked_goes_well(p, &w, &down);
	work_lease_is(p->database, lease, "destroyed");
}

static void a_release_ends_the_activation_that_never_ends(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "both"), release;
	struct work_job up = work_claim_one(p->conn, &w), down;

	release = work_release(p->conn, lease);
	work_end_claim(p->database, up.command);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	down = work_claim_one(p->conn, &w);
	assert_true(id_equal(down.command, release));
	assert_false(work_finish(p->conn, &w, &up, true));
	hooked_goes_well(p, &w, &down);
	work_lease_is(p->database, lease, "destroyed");
	work_command_is(p->database, up.command, "done noop");
	work_events_are(p->database, lease, "activate", "0");
}

static void a_release_without_a_hook_does_too(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "up"), release;
	struct work_job up = work_claim_one(p->conn, &w);

	release = work_release(p->conn, lease);
	assert_int_equal(work_apply(p->conn, &w), 0);
	work_end_claim(p->database, up.command);
	work_all(p->conn, &w);
	work_command_is(p->database, release, "done applied");
	work_command_is(p->database, up.command, "done noop");
	assert_false(work_finish(p->conn, &w, &up, true));
	work_lease_is(p->database, lease, "destroyed");
}

/* --- failure --- */

static void a_failure_is_tried_again_later(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id release = work_release(p->conn, work_lease(p->conn, "down"));
	struct work_job job;

	w.retry = 3600 * TIME_SECOND / 16;
	for (int i = 1; i < 5; i++) {
		job = work_claim_one(p->conn, &w);
		assert_int_equal(job.attempt, i);
		hooked_goes_wrong(p, &w, &job);
		work_command_is(p->database, release, "queued");
		work_explains(p->database, release, "it said no");
		assert_int_equal(work_claim(p->conn, &w, 1, &job), 0);
		/* Twice the delay each time, plus or minus a half. */
		work_says(p->database,
		    "select extract(epoch from not_before - now()) / 225 / 2 ^ (attempts - 1) between 0.4 "
		    "and 1.6 "
		    "from berth.command where id =",
		    release, "t");
		work_end_grace(p->database, release);
	}
	job = work_claim_one(p->conn, &w);
	hooked_goes_wrong(p, &w, &job);
	work_command_is(p->database, release, "quarantined");
	work_says(p->database, "select attempts from berth.command where id =", release, "5");
	work_lease_is(p->database, job.lease, "broken");
	work_events_are(p->database, job.lease, "break", "1");
	assert_int_equal(work_claim(p->conn, &w, 1, &job), 0);
}

/* The lease cannot continue without the cancelled command: a person must decide. */
static void what_is_cancelled_in_between_leaves_its_lease_broken(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "down");
	struct id release = work_release(p->conn, lease);
	struct work_job job = work_claim_one(p->conn, &w);

	work_cancel_refused(p->conn, release, "is running");
	hooked_goes_wrong(p, &w, &job);
	work_cancel(p->conn, release);
	work_command_is(p->database, release, "cancelled");
	work_lease_is(p->database, lease, "broken");
	release = work_release(p->conn, lease);
	job = work_claim_one(p->conn, &w);
	hooked_goes_well(p, &w, &job);
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "destroyed");

	lease = work_lease(p->conn, "up");
	assert_true(id_parse(
	    database_ask(p->database, "select id from berth.command where action = 'activate'"), &release));
	work_cancel(p->conn, release);
	work_lease_is(p->database, lease, "broken");
}

static void a_release_of_a_broken_lease_begins_anew(void **state) {
	struct place *p = *state;
	struct worker_self w = hooked_strict(p);
	struct id lease, stuck = broken_release(p, &w, "down", &lease), again = work_release(p->conn, lease);
	struct work_job job = work_claim_one(p->conn, &w);

	assert_true(id_equal(job.command, again));
	work_command_is(p->database, stuck, "done failed");
	work_explains(p->database, stuck, "superseded by command ");
	hooked_goes_well(p, &w, &job);
	work_lease_is(p->database, lease, "destroyed");

	stuck = broken_activation(p, &w, "up", &lease);
	again = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_command_is(p->database, again, "done applied");
	work_command_is(p->database, stuck, "done failed");
	work_explains(p->database, stuck, "superseded by command ");
	work_events_are(p->database, lease, "destroy", "1");
}

/* A release that was sent before its lease had a value was not thought to need a hook. It can arrive between
 * the look at the next commands and the claim. */
static void a_claim_says_that_there_is_a_hook(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "down");
	struct id release = work_release(p->conn, lease);
	struct work_job job;

	work_look(p->database, "update berth.command set hook = false where id =", release);
	work_says(p->database,
	    "select berth.begin_hook('w', d, 60000000) from berth.lease l, berth.decide(array[l.id]) d where "
	    "l.id =",
	    lease, "");
	work_says(p->database, "select state || ' ' || hook from berth.command where id =", release,
	    "running true");
	job = (struct work_job){.command = release, .lease = lease, .epoch = 1};
	hooked_goes_well(p, &w, &job);
	work_lease_is(p->database, lease, "destroyed");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hooked_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(an_activation_makes_a_lease_active),
	    TEST(a_release_holds_the_value_until_its_hook_has_run),
	    TEST(a_rest_follows_the_hook),
	    TEST(a_release_waits_for_the_activation_that_runs),
	    TEST(a_release_ends_the_activation_that_fails),
	    TEST(a_release_ends_the_activation_that_never_ends),
	    TEST(a_release_without_a_hook_does_too),
	    TEST(a_failure_is_tried_again_later),
	    TEST(what_is_cancelled_in_between_leaves_its_lease_broken),
	    TEST(a_release_of_a_broken_lease_begins_anew),
	    TEST(a_claim_says_that_there_is_a_hook),
	};

	return cmocka_run_group_tests_name("hooks_sql", tests, NULL, NULL);
}
