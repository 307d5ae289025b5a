/*
 * Leases whose time is over and that nobody has released: whoever finds a pool
 * full because of them is told, and so are those who look.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/conn.h"
#include "db/id.h"
#include "model/pool.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/session.h"
#include "tests/lib/work.h"

/* A full pool of three, one of whose leases has no end, and another pool with an overdue one. */
static struct id fill(struct place *p) {
	struct id lease;

	session_pool(p->conn, "full", KIND_NUMBER, "1-3");
	session_pool(p->conn, "other", KIND_NUMBER, "101-103");
	(void)work_lease(p->conn, "full");
	work_end_time(p->database, work_lease(p->conn, "full"));
	work_end_time(p->database, work_lease(p->conn, "other"));
	lease = work_lease(p->conn, "full");
	work_end_time(p->database, lease);
	return lease;
}

static void is_refused(struct place *p, const char *words, const char *part, const char *hint) {
	struct allocate ask = session_ask("full", id_new());
	struct err err = {0};

	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	if (strstr(err.message, words) == NULL || strstr(err.detail, part) == NULL ||
	    strstr(err.hint, hint) == NULL) {
		fail_msg("%s; %s; %s", err.message, err.detail, err.hint);
	}
	err_release(&err);
}

static void are_counted(struct place *p, int64_t overdue) {
	struct batch *b = batch_new(BATCH_READ);
	const struct queue_stats *stats;
	const struct finding *finding;
	bool found = false;
	size_t step;

	queue_stats_add(b);
	step = doctor_add(b);
	session_run(p->conn, b);
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
	/* Asked for is not done yet. */
	work_tend(p->conn, &w);
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

/* One whose hook runs is being released; one whose hook has failed is broken, which is told elsewhere. */
static void what_is_being_released_is_not_overdue(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct work_job job;

	work_pool(p->conn, "hooked", "1-1", 0, NULL, "off");
	work_end_time(p->database, work_lease(p->conn, "hooked"));
	are_counted(p, 1);
	work_tend(p->conn, &w);
	job = work_claim_one(p->conn, &w);
	are_counted(p, 0);
	assert_true(work_finish(p->conn, &w, &job, true));
	are_counted(p, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(those_that_nobody_releases_are_told),
	    TEST(where_there_are_none_nothing_is_said),
	    TEST(what_is_being_released_is_not_overdue),
	};

	return cmocka_run_group_tests_name("overdue", tests, NULL, NULL);
}
