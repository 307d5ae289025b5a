/*
 * A person's decision about a hook that has failed for good: retry, skip and
 * force, and the effect on the lease, its resource and its bulk.
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
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

struct scene {
	struct place *place;
	struct worker_self worker; /* with only one try, so that its first failure is its last */
	struct id up;              /* a lease whose activate hook has failed, and the stuck command */
	struct id up_stuck;
	struct id down; /* the same of a release hook, in a pool with a reuse delay */
	struct id down_stuck;
};

static struct id break_one(struct scene *s) {
	struct work_job job = work_claim_one(s->place->conn, &s->worker);

	assert_true(work_finish(s->place->conn, &s->worker, &job, false));
	work_command_is(s->place->database, job.command, "quarantined");
	work_lease_is(s->place->database, job.lease, "broken");
	return job.command;
}

static int open_scene(void **state) {
	static struct scene s;
	struct conn *c;

	s.place = place_new();
	c = s.place->conn;
	s.worker = work_start(c, "w");
	s.worker.tries = 1;
	work_pool(c, "up", "1-100", 0, "make", NULL);
	work_pool(c, "down", "1-100", 3600 * TIME_SECOND, NULL, "unmake");
	s.up = work_lease(c, "up");
	s.up_stuck = break_one(&s);
	s.down = work_lease(c, "down");
	work_release(c, s.down);
	s.down_stuck = break_one(&s);
	*state = &s;
	return 0;
}

static int close_scene(void **state) {
	struct scene *s = *state;
	void *place = s->place;

	return place_close(&place);
}

static struct id act(struct scene *s, enum queue_action action, struct id stuck) {
	return work_send_on(s->place->conn, action, work_on(TARGET_COMMAND, stuck));
}

static void finish_one(struct scene *s, bool well) {
	struct work_job job = work_claim_one(s->place->conn, &s->worker);

	assert_true(work_finish(s->place->conn, &s->worker, &job, well));
}

/* --- retry --- */

static void a_retry_activates(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id retry = act(s, QUEUE_RETRY, s->up_stuck);
	struct work_job job = work_claim_one(s->place->conn, &s->worker);

	assert_true(id_equal(job.command, retry));
	assert_string_equal(job.event, "activate");
	assert_string_equal(job.hook, "make");
	assert_int_equal(job.attempt, 2);
	work_lease_is(d, s->up, "acquired");
	work_command_is(d, s->up_stuck, "done failed");
	work_explains(d, s->up_stuck, "retried by postgres");
	session_is_sound(s->place->conn);
	assert_true(work_finish(s->place->conn, &s->worker, &job, true));
	work_lease_is(d, s->up, "active");
	work_command_is(d, retry, "done applied");
}

static void a_retry_releases(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id retry = act(s, QUEUE_RETRY, s->down_stuck);
	struct work_job job = work_claim_one(s->place->conn, &s->worker);

	assert_true(id_equal(job.command, retry));
	assert_string_equal(job.event, "release");
	work_lease_is(d, s->down, "released");
	assert_true(work_finish(s->place->conn, &s->worker, &job, true));
	work_lease_is(d, s->down, "released");
	work_says(d, "select rest_until > now() from berth.lease where id =", s->down, "t");
}

static void a_retry_can_fail_and_be_retried(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id first = act(s, QUEUE_RETRY, s->up_stuck), second;

	s->worker.tries = 2;
	finish_one(s, false);
	work_command_is(d, first, "queued");
	work_end_grace(d, first);
	finish_one(s, false);
	work_command_is(d, first, "quarantined");
	work_says(d, "select attempts from berth.command where id =", first, "3");
	work_lease_is(d, s->up, "broken");
	session_is_sound(s->place->conn);
	second = act(s, QUEUE_RETRY, first);
	finish_one(s, true);
	work_command_is(d, second, "done applied");
	work_command_is(d, first, "done failed");
	work_lease_is(d, s->up, "active");
}

/* A retried command ends before any other may begin. */
static void a_release_ends_a_retry_of_the_activation(void **state) {
	struct scene *s = *state;
	struct conn *c = s->place->conn;
	struct database *d = s->place->database;
	struct id lease, stuck, retry, release;
	struct work_job job;

	work_pool(c, "both", "1-100", 0, "make", "unmake");
	lease = work_lease(c, "both");
	stuck = break_one(s);
	s->worker.tries = 5;
	retry = act(s, QUEUE_RETRY, stuck);
	finish_one(s, false);
	work_command_is(d, retry, "queued");
	release = work_release(c, lease);
	job = work_claim_one(c, &s->worker);
	assert_true(id_equal(job.command, release));
	work_end_grace(d, retry);
	assert_int_equal(work_claim(c, &s->worker, 1, &job), 0);
	work_lease_is(d, lease, "released");
	session_is_sound(c);
	work_command_is(d, retry, "done noop");
}

/* --- skip --- */

static void a_skip_counts_as_success(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id up = act(s, QUEUE_SKIP, s->up_stuck), down = act(s, QUEUE_SKIP, s->down_stuck);

	work_all(s->place->conn, &s->worker);
	work_command_is(d, up, "done applied");
	work_command_is(d, s->up_stuck, "done failed");
	work_explains(d, s->up_stuck, "skipped by postgres");
	work_lease_is(d, s->up, "active");
	work_says(d, "select before->>'state' from berth.event where action = 'activate' and target =", s->up,
	    "broken");
	work_command_is(d, down, "done applied");
	work_lease_is(d, s->down, "released");
	work_says(d, "select rest_until > now() from berth.lease where id =", s->down, "t");
	work_says(d, "select used || ' ' || held_back from berth.pool_view where name = 'down' and ''<>",
	    s->down, "0 1");
}

/* --- force --- */

static void force_destroys_at_once(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id up = act(s, QUEUE_FORCE, s->up_stuck), down = act(s, QUEUE_FORCE, s->down_stuck);

	work_all(s->place->conn, &s->worker);
	work_command_is(d, up, "done applied");
	work_command_is(d, down, "done applied");
	work_explains(d, s->down_stuck, "forced by postgres");
	work_lease_is(d, s->up, "destroyed");
	work_lease_is(d, s->down, "destroyed");
	work_events_are(d, s->down, "destroy", "1");
	work_says(d, "select used || ' ' || held_back from berth.pool_view where name = 'down' and ''<>",
	    s->down, "0 0");
}

/* --- too late --- */

static void it_is_done_once(void **state) {
	struct scene *s = *state;
	struct database *d = s->place->database;
	struct id skip = act(s, QUEUE_SKIP, s->up_stuck),
		  late[] = {act(s, QUEUE_RETRY, s->up_stuck), act(s, QUEUE_SKIP, s->up_stuck),
		      act(s, QUEUE_FORCE, s->up_stuck)};
	struct work_job job;

	work_all(s->place->conn, &s->worker);
	assert_int_equal(work_claim(s->place->conn, &s->worker, 1, &job), 0);
	work_command_is(d, skip, "done applied");
	for (size_t i = 0; i < 3; i++) {
		work_command_is(d, late[i], "done rejected");
		work_explains(d, late[i], "is done, not quarantined");
	}
	work_lease_is(d, s->up, "active");
}

static void what_never_failed_is_refused(void **state) {
	struct scene *s = *state;
	struct conn *c = s->place->conn;
	struct target target = {0};
	struct queue_request request = work_request(QUEUE_RETRY, &target);

	client_pool(c, "plain", KIND_NUMBER, "1-100");
	target = work_on(TARGET_COMMAND, work_send_on(c, QUEUE_CORDON, work_on_place("plain/1-100")));
	work_send_refused(c, &request, ERR_CONFLICT, "has no hook");
}

/* --- the resource --- */

static void a_resource_is_broken_with_its_lease(void **state) {
	struct scene *s = *state;
	struct conn *c = s->place->conn;
	struct database *d = s->place->database;
	struct id drain, skip;

	work_asks(d, "select state from berth.resource_view where pool = 'down'", "active");
	drain = work_send_on(c, QUEUE_RELEASE, work_on_place("down/1-100"));
	work_all(c, &s->worker);
	work_asks(d, "select state from berth.resource_view where pool = 'down'", "broken");
	work_progress_is(d, drain, "0 of 1, 0");
	/* The drain itself releases it again. */
	finish_one(s, false);
	work_progress_is(d, drain, "1 of 1, 1");
	work_command_is(d, drain, "done failed");
	work_asks(d, "select state from berth.resource_view where pool = 'down'", "broken");
	session_is_sound(c);
	assert_true(id_parse(
	    database_ask(d, "select id from berth.command where parent is not null"), &s->down_stuck));
	skip = act(s, QUEUE_SKIP, s->down_stuck);
	work_all(c, &s->worker);
	work_command_is(d, skip, "done applied");
	/* The failed command has been made good. */
	work_progress_is(d, drain, "1 of 1, 0");
	work_command_is(d, drain, "done applied");
	work_asks(d, "select state from berth.resource_view where pool = 'down'", "released");
	work_end_rest(d, s->down);
	work_all(c, &s->worker);
	work_asks(d, "select state from berth.resource_view where pool = 'down'", "destroyed");
	work_asks(d,
	    "select string_agg(action, ' ' order by seq) from berth.event where kind = 'resource' and action "
	    "<> 'create'",
	    "release break release break release destroy");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_retry_activates),
	    TEST(a_retry_releases),
	    TEST(a_retry_can_fail_and_be_retried),
	    TEST(a_release_ends_a_retry_of_the_activation),
	    TEST(a_skip_counts_as_success),
	    TEST(force_destroys_at_once),
	    TEST(it_is_done_once),
	    TEST(what_never_failed_is_refused),
	    TEST(a_resource_is_broken_with_its_lease),
	};

	return cmocka_run_group_tests_name("mend", tests, NULL, NULL);
}
