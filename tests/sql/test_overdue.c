/*
 * Overdue leases that no one has released: an allocation that finds the pool
 * full because of them is told so, and lists show it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/id.h"
#include "model/pool.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* Creates a full pool of three, one of whose leases has no end, and another pool with an overdue lease. */
static struct id fill(struct place *p) {
	struct id lease;

	client_pool(p->conn, "full", KIND_NUMBER, "1-3");
	client_pool(p->conn, "other", KIND_NUMBER, "101-103");
	(void)work_lease(p->conn, "full");
	work_end_time(p->database, work_lease(p->conn, "full"));
	work_end_time(p->database, work_lease(p->conn, "other"));
	lease = work_lease(p->conn, "full");
	work_end_time(p->database, lease);
	return lease;
}

static void is_refused(struct place *p, const char *words, const char *part, const char *hint) {
	struct allocate ask = client_ask("full", id_new());
	struct err err = {0};

	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	if (strstr(err.message, words) == NULL || strstr(err.detail, part) == NULL ||
	    strstr(err.hint, hint) == NULL) {
		fail_msg("%s; %s; %s", err.message, err.detail, err.hint);
	}
	err_release(&err);
}

static void start(struct place *p, struct worker_self *w) {
	struct batch *b = batch_new(BATCH_WRITE);

	worker_start_add(b, w);
	client_run(p->conn, b);
	batch_free(b);
}

static struct id activation_of(struct place *p, struct id lease) {
	struct id command;

	assert_true(id_parse(work_look(p->database,
				 "select id from berth.command where action = 'activate' and lane =", lease),
	    &command));
	return command;
}

static void are_counted(struct place *p, int64_t overdue) {
	struct batch *b = batch_new(BATCH_READ);
	const struct queue_stats *stats;
	const struct finding *finding;
	bool found = false;
	size_t step;

	queue_stats_add(b);
	step = doctor_add(b);
	client_run(p->conn, b);
	stats = batch_row(b, 0, 0);
	assert_int_equal(stats->overdue, overdue);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		finding = batch_row(b, step, i);
		assert_true(finding->ok);
		if (strcmp(finding->name, "overdue") == 0) {
			assert_int_equal(finding->found, overdue);
			assert_true((strstr(finding->examples, "lease ") != NULL) == (overdue > 0));
			found = true;
		}
	}
	assert_true(found);
	batch_free(b);
}

static void those_that_nobody_releases_are_told(void **state) {
	struct place *p = *state;
	struct worker_self w;

	fill(p);
	is_refused(p, "the time of 2 is over, and no worker is alive", "\"overdue\": 2", "berth worker");
	is_refused(p, "", "\"workers_alive\": 0", "");
	are_counted(p, 3);
	w = work_start(p->conn, "w");
	is_refused(
	    p, "the time of 2 is over, and a worker is about to", "\"workers_alive\": 1", "berth lease list");
	/* A requested release is not done yet. */
	work_maintain(p->conn, &w);
	are_counted(p, 3);
	work_all(p->conn, &w);
	are_counted(p, 0);
}

static void where_there_are_none_nothing_is_said(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	fill(p);
	work_all(p->conn, &w);
	(void)work_lease(p->conn, "full");
	(void)work_lease(p->conn, "full");
	is_refused(p, "waiting 0", "\"overdue\": 0", "");
	are_counted(p, 0);
}

/* The tested pool has one value, whose release needs a hook. */
static struct id fill_hooked(struct place *p) {
	struct id lease;

	work_pool(p->conn, "full", "1-1", 0, NULL, "off");
	lease = work_lease(p->conn, "full");
	work_end_time(p->database, lease);
	return lease;
}

/* A worker without hooks cannot release a value that waits for a hook. */
static void nobody_alive_runs_hooks(void **state) {
	struct place *p = *state;
	struct worker_self w = work_self("plain"), able;

	w.hooks = false;
	fill_hooked(p);
	is_refused(p, "the time of 1 is over, and no worker is alive", "\"hook_workers_alive\": 0",
	    "berth worker --hooks DIR");
	start(p, &w);
	is_refused(p, "the time of 1 is over, and no living worker runs hooks",
	    "\"workers_alive\": 1, \"hook_workers_alive\": 0", "berth worker --hooks DIR");
	work_maintain(p->conn, &w);
	is_refused(p, "no living worker runs hooks", "\"overdue\": 1", "berth worker --hooks DIR");
	able = work_start(p->conn, "able");
	is_refused(p, "a worker is about to release them", "\"hook_workers_alive\": 1", "");
	work_kill(p->database, &able);
	is_refused(p, "no living worker runs hooks", "", "berth worker --hooks DIR");
}

/* The value is kept while the hook runs, and after it has failed, until a person decides. */
static void what_is_not_released_to_the_end_is_overdue(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job job;

	w.tries = 1;
	fill_hooked(p);
	are_counted(p, 1);
	work_maintain(p->conn, &w);
	job = work_claim_one(p->conn, &w);
	are_counted(p, 1);
	is_refused(p, "the time of 1 is over, and a worker is about to", "\"broken\": 0", "");
	assert_true(work_finish(p->conn, &w, &job, false));
	are_counted(p, 1);
	is_refused(p, "waiting 0; a hook failed for 1, which keeps its value", "\"overdue\": 1",
	    "berth queue list --state quarantined");
	is_refused(p, "", "\"broken\": 1", "berth queue retry");
	(void)work_send_on(p->conn, QUEUE_SKIP, work_on(TARGET_COMMAND, job.command));
	work_all(p->conn, &w);
	are_counted(p, 0);
}

/* At any time, a failed hook keeps the value of a lease without an end, also when the hook was an activation.
 * */
static void a_failed_hook_is_told_without_an_end(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job job;

	w.tries = 1;
	work_pool(p->conn, "full", "1-1", 0, "on", NULL);
	(void)work_lease(p->conn, "full");
	job = work_claim_one(p->conn, &w);
	assert_true(work_finish(p->conn, &w, &job, false));
	are_counted(p, 0);
	is_refused(p, "a hook failed for 1, which keeps its value", "\"broken\": 1",
	    "berth queue list --state quarantined");
	is_refused(p, "", "\"overdue\": 0", "");
}

/* It has no quarantined command that could be retried. */
static void one_whose_hook_was_cancelled_is_released_anew(void **state) {
	struct place *p = *state;

	work_pool(p->conn, "full", "1-1", 0, "on", NULL);
	work_cancel(p->conn, activation_of(p, work_lease(p->conn, "full")));
	is_refused(
	    p, "a hook failed for 1", "\"broken\": 1", "release them anew: berth lease list --state broken");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(those_that_nobody_releases_are_told),
	    TEST(where_there_are_none_nothing_is_said),
	    TEST(nobody_alive_runs_hooks),
	    TEST(what_is_not_released_to_the_end_is_overdue),
	    TEST(a_failed_hook_is_told_without_an_end),
	    TEST(one_whose_hook_was_cancelled_is_released_anew),
	};

	return cmocka_run_group_tests_name("overdue", tests, NULL, NULL);
}
