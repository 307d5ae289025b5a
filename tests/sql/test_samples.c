/*
 * Samples of the use of pools: a worker takes and forgets them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

/* Moves all that was sampled into the past, as if so much time had gone by since. */
static void pass(struct place *p, const char *span) {
	char *sql =
	    mem_print("with s as (select interval '%s' as gone),"
		      " a as (update berth.sample set at = at - gone from s),"
		      " b as (update berth.sampling set taken = taken - gone, hour = hour - gone from s)"
		      " update berth.forecast set at = at - gone, since = since - gone,"
		      " full_since = full_since - gone, made = made - gone, due = due - gone from s",
		span);

	database_run(p->database, sql);
	free(sql);
}

static void samples_are(struct place *p, const char *expected) {
	work_asks(p->database, "select string_agg(used::text, ' ' order by at) from berth.sample", expected);
}

static void only_a_change_is_stored(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	samples_are(p, "0");
	work_lease(p->conn, "a");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	samples_are(p, "0"); /* the round is not due */
	pass(p, "5 minutes");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	samples_are(p, "0 1");
	for (int i = 0; i < 30; i++) {
		pass(p, "7 minutes");
		assert_int_equal(work_maintain(p->conn, &w), 0);
	}
	/* An hourly round, as all of these are, repeats what a round in between has stored, once. */
	work_asks(p->database,
	    "select count(*) <= 3 and bool_or(hourly) filter (where used = 1) and count(*) filter (where "
	    "hourly) = 2 from berth.sample",
	    "t");
	/* A long time without a change ends where it was known last. */
	pass(p, "40 hours");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	work_lease(p->conn, "a");
	pass(p, "5 minutes");
	assert_int_equal(work_maintain(p->conn, &w), 0);
	work_asks(p->database,
	    "select string_agg(used || ' ' || round(date_part('epoch', now() - at) / 60), ', ' order by at) "
	    "from ("
	    "select * from berth.sample order by at desc limit 2) s",
	    "1 5, 2 0");
}

static void two_workers_take_one_round(void **state) {
	struct place *p = *state;
	struct worker_self v = work_start(p->conn, "v");
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	work_maintain(p->conn, &v);
	work_lease(p->conn, "a");
	work_maintain(p->conn, &w);
	samples_are(p, "0");
}

static void a_full_pool_tells_since_when(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease;

	client_pool(p->conn, "a", KIND_NUMBER, "1-2");
	work_lease(p->conn, "a");
	work_maintain(p->conn, &w);
	lease = work_lease(p->conn, "a");
	pass(p, "10 minutes");
	work_maintain(p->conn, &w);
	pass(p, "3 hours");
	work_maintain(p->conn, &w);
	work_asks(p->database,
	    "select full_since between now() - interval '181 minutes' and now() - interval '179 minutes'"
	    " from berth.pool_view",
	    "t");
	work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_asks(p->database, "select full_since is null from berth.pool_view", "t");
	pass(p, "10 minutes");
	work_maintain(p->conn, &w);
	work_lease(p->conn, "a");
	pass(p, "10 minutes");
	work_maintain(p->conn, &w);
	work_asks(p->database,
	    "select full_since = now() or full_since > now() - interval '1 minute' from berth.pool_view",
	    "t");
}

static void old_samples_are_forgotten(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	database_run(p->database,
	    "update berth.clock set since = now() - interval '30 days', seen = now();"
	    "insert into berth.sample select p.id, now() - s.days * interval '1 day', s.hourly, s.days, 10"
	    " from berth.pool p, (values (91, true), (89, true), (2, true), (2.5, false), (0.5, false), (-2, "
	    "true),"
	    " (-3, false)) s (days, hourly)");
	work_maintain(p->conn, &w);
	samples_are(p, "89 2 0.5 0");
}

/* The chart and the line of a week are made of the samples. */
static void a_week_is_shown(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_READ);
	const struct pool_use *use;
	size_t n;

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	work_maintain(p->conn, &w);
	pass(p, "62 hours");
	for (int i = 0; i < 5; i++) {
		work_lease(p->conn, "a");
	}
	work_maintain(p->conn, &w);
	pass(p, "10 hours");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select week from berth.pool_view", "................000000000044");
	pool_history_add(b, "a");
	client_run(p->conn, b);
	n = batch_count(b, 0);
	assert_int_equal(n, 36);
	use = batch_row(b, 0, 0);
	assert_int_equal(use->step, POOL_HISTORY - 36);
	assert_true(use->used == 0 && use->capacity == 10);
	use = batch_row(b, 0, n - 1);
	assert_int_equal(use->step, POOL_HISTORY - 1);
	assert_true(use->used == 5);
	batch_free(b);
}

/* A pool whose use does not change costs nothing after a while, and is looked at again when it does. */
static void a_calm_pool_is_left_alone(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select due > now() + interval '59 minutes' from berth.forecast", "t");
	pass(p, "9 days");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select due = 'infinity' from berth.forecast", "t");
	work_lease(p->conn, "a");
	pass(p, "10 minutes");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select due < 'infinity' from berth.forecast", "t");
}

static void a_pool_that_is_deleted_is_forgotten(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	work_maintain(p->conn, &w);
	database_run(p->database,
	    "delete from berth.stripe; update berth.resource set state = 'destroyed', destroyed = now();"
	    "update berth.pool set destroyed = now()");
	pass(p, "1 hour");
	work_maintain(p->conn, &w);
	work_asks(p->database, "select count(*) from berth.forecast", "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(only_a_change_is_stored),
	    TEST(two_workers_take_one_round),
	    TEST(a_full_pool_tells_since_when),
	    TEST(old_samples_are_forgotten),
	    TEST(a_week_is_shown),
	    TEST(a_calm_pool_is_left_alone),
	    TEST(a_pool_that_is_deleted_is_forgotten),
	};

	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
