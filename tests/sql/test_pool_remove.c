/*
 * A part of a range is removed while others take or give back values of it: whoever comes second waits, and
 * sees what the first one has done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/meeting.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	*state = meeting_new("1-9");
	return 0;
}

static int open_wide(void **state) {
	*state = meeting_new("1-12");
	return 0;
}

static int close_place(void **state) {
	meeting_free(*state);
	return 0;
}

/* Runs the first batch up to a gate, then the second one, and opens the gate when that one waits. Both are
 * taken by the caller; the first must succeed. Returns the result of the second one. */
static enum err_code meet(struct meeting *p, struct batch *first, struct batch *second, struct err *err) {
	struct err why = {0};
	struct met met;

	meeting_gate(first, "other");
	met = meeting_run(p, first, second, &why, err);
	if (!met.first) {
		fail_msg("%s: %s", err_name(why.code), why.message);
	}
	return met.second ? ERR_NONE : err->code;
}

static void gets(struct meeting *p, const char *value, u128 expected) {
	struct batch *first = meeting_removal(5, 5), *second = meeting_allocation(value);
	struct err err = {0};

	assert_int_equal(meet(p, first, second, &err), ERR_NONE);
	assert_true(((const struct lease *)batch_row(second, 0, 0))->value == expected);
	batch_free(first);
	batch_free(second);
}

static void a_value_of_the_part_that_stays_is_given(void **state) {
	gets(*state, "3", 3);
}

static void a_value_of_the_part_that_moves_is_given(void **state) {
	gets(*state, "8", 8);
}

static void the_lowest_value_is_given(void **state) {
	gets(*state, NULL, 1);
}

static void a_value_that_goes_is_not_given(void **state) {
	struct batch *first = meeting_removal(5, 5), *second = meeting_allocation("5");
	struct err err = {0};

	assert_int_equal(meet(*state, first, second, &err), ERR_INVALID_INPUT);
	assert_non_null(strstr(err.message, "value 5 is in no live resource of pool a"));
	err_release(&err);
	batch_free(first);
	batch_free(second);
}

static void a_value_that_is_just_taken_is_in_use(void **state) {
	struct batch *first = meeting_allocation("5"), *second = meeting_removal(4, 6);
	struct err err = {0};

	assert_int_equal(meet(*state, first, second, &err), ERR_IN_USE);
	assert_non_null(strstr(err.message, "range 4-6 of pool a has leases: value 5"));
	err_release(&err);
	batch_free(first);
	batch_free(second);
}

static void a_lease_that_is_just_made_is_moved(void **state) {
	struct meeting *p = *state;
	struct batch *first = meeting_allocation("8"), *second = meeting_removal(5, 5);
	struct err err = {0};

	assert_int_equal(meet(p, first, second, &err), ERR_NONE);
	assert_int_equal(batch_count(second, 0), 2);
	work_asks(p->database,
	    "select r.name || ' ' || r.state from berth.lease l join berth.resource r on r.id = l.resource"
	    " where l.value = 8",
	    "6-9 active");
	batch_free(first);
	batch_free(second);
}

static void two_removals_of_one_range_are_one(void **state) {
	struct batch *first = meeting_removal(5, 5), *second = meeting_removal(4, 6);
	struct err err = {0};

	assert_int_equal(meet(*state, first, second, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.message, "value 5 of range 4-6 is in no live resource of pool a"));
	err_release(&err);
	batch_free(first);
	batch_free(second);
}

/* A worker passes over the leases that are being moved, and applies their commands afterwards. */
static void a_release_waits_for_the_removal(void **state) {
	struct meeting *p = *state;
	struct worker_self w = work_start(p->second, "w");
	struct batch *b = meeting_allocation("8"), *first = meeting_removal(5, 5);
	struct err err = {0};
	struct id lease, release;

	client_run(p->first, b);
	lease = ((const struct lease *)batch_row(b, 0, 0))->id;
	release = work_release(p->first, lease);
	meeting_gate(first, "other");
	database_run(p->database, "select pg_advisory_lock(7)");
	conn_submit(p->first, first, TIME_NONE);
	meeting_await(p->first, p->database, 1);
	assert_int_equal(work_apply(p->second, &w), 0);
	database_run(p->database, "select pg_advisory_unlock(7)");
	assert_true(client_finish(p->first, &err));
	work_all(p->second, &w);
	work_command_is(p->database, release, "done applied");
	work_asks(p->database,
	    "select string_agg(first || '-' || last || ':' || room, ' ' order by first) from berth.stripe s"
	    " join berth.pool p on p.id = s.pool where p.name = 'a'",
	    "1-4:4 6-9:4");
	batch_free(b);
	batch_free(first);
}

static void lease_and_release(struct meeting *p, struct batch *b) {
	client_run(p->first, b);
	(void)work_release(p->first, ((const struct lease *)batch_row(b, 0, 0))->id);
	batch_free(b);
}

/* Releases what is held of two stripes while 5 is removed from the lower one: the larger part, with all
 * leases, keeps the resource, and the row of the lower stripe goes to the resource that is made of 1-4. */
static void releases_meet_a_removal(struct meeting *p, const char *stripes) {
	struct worker_self w = work_start(p->second, "w");
	struct batch *apply = batch_new(BATCH_WRITE), *first = meeting_removal(5, 5);
	struct err err = {0};

	database_run(p->database, "select berth.split_at(s, 10) from berth.stripe s where s.first = 1");
	lease_and_release(p, meeting_allocation("8"));
	lease_and_release(p, meeting_allocation("10"));
	lease_and_release(p, meeting_allocation("11"));
	worker_apply_add(apply, &w);
	assert_int_equal(meet(p, first, apply, &err), ERR_NONE);
	work_all(p->second, &w);
	session_is_sound(p->second);
	work_asks(p->database,
	    "select string_agg(first || '-' || last || ':' || room || ',' || resting, ' ' order by first)"
	    " from berth.stripe s join berth.pool p on p.id = s.pool where p.name = 'a'",
	    stripes);
	batch_free(apply);
	batch_free(first);
}

static void a_release_meets_its_moved_stripe(void **state) {
	releases_meet_a_removal(*state, "1-4:4,0 6-9:4,0 10-12:3,0");
}

static void a_release_with_a_delay_meets_its_moved_stripe(void **state) {
	struct meeting *p = *state;

	database_run(p->database, "update berth.pool set reuse_delay = 3600000000 where name = 'a'");
	releases_meet_a_removal(p, "1-4:4,0 6-9:3,1 10-12:1,2");
}

/* Values that rest in a stripe that is cut are counted in their part. */
static void resting_values_are_counted_in_their_part(void **state) {
	struct meeting *p = *state;
	struct worker_self w = work_start(p->second, "w");
	struct allocate ask = client_ask("slow", id_new());
	struct batch *b;
	struct id lease;

	ask.count = 3;
	work_pool(p->first, "slow", "1-9", 3600 * TIME_SECOND, NULL, NULL);
	b = batch_new(BATCH_WRITE);
	lease_allocate_add(b, &ask);
	client_run(p->first, b);
	lease = ((const struct lease *)batch_row(b, 0, 2))->id;
	(void)work_release(p->first, lease);
	(void)work_release(p->first, ((const struct lease *)batch_row(b, 0, 0))->id);
	work_all(p->second, &w);
	batch_free(b);
	b = batch_new(BATCH_WRITE);
	pool_remove_add(
	    b, id_new(), "slow", &(struct range){.kind = KIND_NUMBER, .first = 4, .last = 4}, "{}");
	client_run(p->first, b);
	work_asks(p->database,
	    "select string_agg(first || '-' || last || ':' || room || ',' || resting, ' ' order by first)"
	    " from berth.stripe s join berth.pool p on p.id = s.pool where p.name = 'slow'",
	    "1-3:0,2 5-9:5,0");
	work_end_rest(p->database, lease);
	work_all(p->second, &w);
	work_asks(p->database,
	    "select string_agg(first || '-' || last || ':' || room || ',' || resting, ' ' order by first)"
	    " from berth.stripe s join berth.pool p on p.id = s.pool where p.name = 'slow'",
	    "1-3:1,1 5-9:5,0");
	batch_free(b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)
#define TEST_WIDE(name) cmocka_unit_test_setup_teardown(name, open_wide, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_value_of_the_part_that_stays_is_given),
	    TEST(a_value_of_the_part_that_moves_is_given),
	    TEST(the_lowest_value_is_given),
	    TEST(a_value_that_goes_is_not_given),
	    TEST(a_value_that_is_just_taken_is_in_use),
	    TEST(a_lease_that_is_just_made_is_moved),
	    TEST(two_removals_of_one_range_are_one),
	    TEST(a_release_waits_for_the_removal),
	    TEST_WIDE(a_release_meets_its_moved_stripe),
	    TEST_WIDE(a_release_with_a_delay_meets_its_moved_stripe),
	    TEST(resting_values_are_counted_in_their_part),
	};

	return cmocka_run_group_tests_name("pool remove", tests, NULL, NULL);
}
