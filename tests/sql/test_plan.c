/*
 * The plan of a release is what is then applied.
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
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/effect.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/bulks.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* --- plans --- */

static char *counts_of(struct place *p, const char *pool) {
	char *sql = mem_print("select jsonb_build_object('used', used, 'held_back', held_back, 'free', free)"
			      " from berth.pool_view where name = '%s'",
	    pool);
	char *answer = mem_text(database_ask(p->database, sql));

	free(sql);
	return answer;
}

static void effect_is(json_t *plan, const char *pool, const char *when, const char *counts) {
	json_t *expected = json_loads(counts, 0, NULL);
	json_t *effect = json_object_get(json_object_get(plan, pool), when);

	if (!json_equal(expected, effect)) {
		char *text = json_dumps(effect, 0);

		fail_msg("%s %s: %s and not %s", pool, when, text == NULL ? "nothing" : text, counts);
	}
	json_decref(expected);
}

/* The plan equals the state afterwards. */
static void plan_holds(struct place *p, const struct worker_self *w, const struct target *targets,
    size_t count, const char *const *pools) {
	struct queue_request request = work_request(QUEUE_RELEASE, targets);
	struct batch *b = batch_new(BATCH_READ);
	size_t step, sample;
	struct effect effect = {0};
	struct buf text = {0};
	json_t *plan;

	request.count = count;
	step = queue_plan_add(b, &request);
	sample = queue_sample_add(b, &request, 10);
	client_run(p->conn, b);
	effect_take(&effect, b, step);
	effect_json(&effect, &text);
	plan = json_loads(buf_text(&text), 0, NULL);
	assert_non_null(plan);
	assert_int_equal(batch_count(b, sample), effect.targets < 10 ? effect.targets : 10);
	for (size_t i = 0; pools[i] != NULL; i++) {
		char *before = counts_of(p, pools[i]);

		effect_is(plan, pools[i], "before", before);
		free(before);
	}
	request.count = count;
	work_send(p->conn, &request);
	work_all(p->conn, w);
	work_command_is(p->database, request.id, "done applied");
	for (size_t i = 0; pools[i] != NULL; i++) {
		char *after = counts_of(p, pools[i]);

		effect_is(plan, pools[i], "after", after);
		free(after);
	}
	json_decref(plan);
	buf_release(&text);
	effect_release(&effect);
	batch_free(b);
}

static void a_plan_is_what_is_then_applied(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct target selection = work_on_leases("", 0), mixed[3];
	static const char *const a[] = {"a", NULL}, *const ab[] = {"a", "b", NULL},
				 *const slow[] = {"slow", NULL}, *const b[] = {"b", NULL},
				 *const all[] = {"a", "b", "slow", NULL};

	work_pool(p->conn, "slow", "1-10", 3600 * TIME_SECOND, NULL, NULL);
	session_add_range(p->conn, "slow", KIND_NUMBER, "21-30");
	bulks_take(p, "slow", 12);
	mixed[0] = work_on(TARGET_LEASE, work_lease(p->conn, "slow"));
	plan_holds(p, &w, mixed, 1, slow);
	mixed[0] = work_on_place("slow/21-30");
	plan_holds(p, &w, mixed, 1, slow);
	work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/101-120"));
	work_all(p->conn, &w);
	mixed[0] = work_on_place("a/1-20");
	mixed[1] = work_on(TARGET_LEASE, work_lease(p->conn, "b"));
	plan_holds(p, &w, mixed, 2, ab);
	bulks_take(p, "b", 2);
	plan_holds(p, &w, &selection, 1, all);
	mixed[0] = work_on_pool("a");
	plan_holds(p, &w, mixed, 1, a);
	/* Also when a drain is in progress already. */
	work_lease(p->conn, "b");
	work_send_on(p->conn, QUEUE_RELEASE, work_on_place("b/1-100"));
	work_apply(p->conn, &w);
	plan_holds(p, &w, &selection, 1, b);
}

static void sample_is(
    struct place *p, const struct target *targets, size_t count, const struct id *expected, size_t most) {
	struct batch *b = batch_new(BATCH_READ);
	struct queue_request request = {.action = QUEUE_RELEASE, .targets = targets, .count = count};
	size_t step = queue_sample_add(b, &request, 10);

	client_run(p->conn, b);
	assert_int_equal(batch_count(b, step), most);
	for (size_t i = 0; i < most; i++) {
		const struct lease *lease = batch_row(b, step, i);

		assert_true(id_equal(lease->id, expected[i]));
	}
	batch_free(b);
}

/* Also for a target named in two ways. It is shown at its first name. */
static void what_is_named_twice_is_there_once(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct target targets[3];
	struct queue_request request = work_request(QUEUE_RELEASE, targets);
	struct id leases[3], bulk;

	client_pool(p->conn, "c", KIND_NUMBER, "1001-1009");
	for (size_t i = 0; i < 3; i++) {
		leases[i] = work_lease(p->conn, "c");
	}
	targets[0] = work_on(TARGET_LEASE, leases[0]);
	targets[1] = targets[2] = work_on(TARGET_LEASE, leases[1]);
	sample_is(p, targets, 3, leases, 2);
	targets[1] = work_on_leases("c", 0);
	targets[2] = work_on_place("c/1001-1009");
	sample_is(p, targets, 3, leases, 3);
	request.count = 3;
	bulk = work_send(p->conn, &request);
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_says(
	    p->database, "select done || ' of ' || total from berth.command where id =", bulk, "0 of 3");
	work_all(p->conn, &w);
	work_progress_is(p->database, bulk, "3 of 3, 0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bulks_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_plan_is_what_is_then_applied),
	    TEST(what_is_named_twice_is_there_once),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
