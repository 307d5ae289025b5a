/*
 * Values are excluded while others take them, give them back, or remove a part of the range: whoever comes
 * second waits, and sees what the first one has done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/exclusion.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/worker.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/meeting.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	*state = meeting_new("1-9");
	return 0;
}

static int close_place(void **state) {
	meeting_free(*state);
	return 0;
}

typedef size_t change_fn(
    struct batch *b, struct id id, const char *pool, const struct exclusions *e, const char *detail);

static struct batch *change(change_fn *add, int first, int last) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct exclude one = {.range = {.kind = KIND_NUMBER, .first = (u128)first, .last = (u128)last}};

	add(b, id_new(), "a", &(struct exclusions){&one, 1}, "{\"reason\": \"why\"}");
	return b;
}

/* Runs the first batch up to a gate, then the second one, which waits for it, and takes both. The first one
 * must succeed. Checks the result of the second one, and the message of its error. */
static void meets(
    struct meeting *p, struct batch *first, struct batch *second, enum err_code code, const char *message) {
	struct err why = {0}, err = {0};
	struct met met;

	meeting_gate(first, "other");
	met = meeting_run(p, first, second, &why, &err);
	if (!met.first || (met.second ? ERR_NONE : err.code) != code) {
		fail_msg("%s, %s", met.first ? "" : why.message, met.second ? "success" : err.message);
	}
	if (message != NULL && strstr(err.message, message) == NULL) {
		fail_msg("%s", err.message);
	}
	err_release(&err);
	batch_free(first);
	batch_free(second);
}

/* Compares the counts of the pool: used, held back, free, excluded; and doctor finds nothing. */
static void counts(struct meeting *p, const char *expected) {
	work_asks(p->database,
	    "select concat_ws(' ', used, held_back, free, excluded) from berth.pool_view where name = 'a'",
	    expected);
	session_is_sound(p->first);
}

static struct id leased(struct meeting *p, const char *value) {
	struct batch *b = meeting_allocation(value);
	struct id id;

	client_run(p->first, b);
	id = ((const struct lease *)batch_row(b, 0, 0))->id;
	batch_free(b);
	return id;
}

static void run(struct meeting *p, struct batch *b) {
	client_run(p->first, b);
	batch_free(b);
}

static void a_value_that_is_kept_back_is_not_given(void **state) {
	meets(*state, change(pool_exclude_add, 5, 5), meeting_allocation("5"), ERR_CONFLICT,
	    "5 of pool a is excluded since");
	counts(*state, "0 1 8 1");
}

static void the_lowest_other_value_is_given(void **state) {
	struct meeting *p = *state;

	meets(p, change(pool_exclude_add, 1, 4), meeting_allocation(NULL), ERR_NONE, NULL);
	work_asks(p->database,
	    "select value from berth.lease where state <> 'destroyed' and resource = (select id"
	    " from berth.resource where name = '1-9')",
	    "5");
	counts(p, "1 4 4 4");
}

static void a_value_that_is_just_taken_is_used(void **state) {
	meets(*state, meeting_allocation("5"), change(pool_exclude_add, 4, 6), ERR_NONE, NULL);
	counts(*state, "1 2 6 3");
}

static void an_included_value_is_given(void **state) {
	run(*state, change(pool_exclude_add, 1, 9));
	meets(*state, change(pool_include_add, 5, 5), meeting_allocation("5"), ERR_NONE, NULL);
	counts(*state, "1 8 0 8");
}

static void an_exclusion_meets_an_inclusion(void **state) {
	run(*state, change(pool_exclude_add, 2, 5));
	meets(*state, change(pool_include_add, 1, 3), change(pool_exclude_add, 3, 7), ERR_NONE, NULL);
	counts(*state, "0 5 4 5");
}

static void a_value_that_is_gone_is_no_part_of_the_pool(void **state) {
	meets(*state, meeting_removal(5, 5), change(pool_exclude_add, 4, 6), ERR_INVALID_INPUT,
	    "value 5 of range 4-6 is in no live resource of pool a");
	counts(*state, "0 0 8 0");
}

static void a_value_that_is_just_moved_is_kept_back(void **state) {
	meets(*state, meeting_removal(5, 5), change(pool_exclude_add, 8, 9), ERR_NONE, NULL);
	counts(*state, "0 2 6 2");
}

static void a_removal_takes_what_is_just_kept_back(void **state) {
	struct meeting *p = *state;

	meets(p, change(pool_exclude_add, 4, 6), meeting_removal(5, 5), ERR_NONE, NULL);
	counts(p, "0 2 6 2");
	work_asks(p->database,
	    "select string_agg(r.name || ':' || e.first || '-' || e.last || ' ' || e.reason, ', ' order by "
	    "e.first)"
	    " from berth.exclusion e join berth.resource r on r.id = e.resource",
	    "1-4:4-4 why, 6-9:6-6 why");
}

/* Releases a value by a worker that waits for a change of its stripe. */
static void releases(struct meeting *p, struct id lease, change_fn *add, const char *expected) {
	struct worker_self w = work_start(p->second, "w");
	struct batch *apply = batch_new(BATCH_WRITE);

	(void)work_release(p->first, lease);
	worker_apply_add(apply, &w);
	meets(p, change(add, 4, 6), apply, ERR_NONE, NULL);
	work_all(p->second, &w);
	counts(p, expected);
}

static void a_release_leaves_a_value_kept_back(void **state) {
	struct meeting *p = *state;

	releases(p, leased(p, "5"), pool_exclude_add, "0 3 6 3");
}

static void a_release_with_a_delay_lets_it_rest(void **state) {
	struct meeting *p = *state;
	struct id lease = leased(p, "5");

	database_run(p->database, "update berth.pool set reuse_delay = 3600000000 where name = 'a'");
	releases(p, lease, pool_exclude_add, "0 3 6 3");
}

static void a_release_frees_an_included_value(void **state) {
	struct meeting *p = *state;
	struct id lease = leased(p, "5");

	run(p, change(pool_exclude_add, 4, 6));
	releases(p, lease, pool_include_add, "0 0 9 0");
}

/* The parts of a stripe that is split count their own. */
static void a_split_keeps_the_counts(void **state) {
	struct meeting *p = *state;

	(void)leased(p, "2");
	(void)leased(p, "8");
	run(p, change(pool_exclude_add, 2, 3));
	run(p, change(pool_exclude_add, 5, 9));
	database_run(p->database, "select berth.split_at(s, 6) from berth.stripe s join berth.pool p on p.id "
				  "= s.pool where p.name = 'a'");
	work_asks(p->database,
	    "select string_agg(concat_ws(' ', s.first, s.last, s.room, s.kept, s.excluded), ', ' order by "
	    "s.first)"
	    " from berth.stripe s join berth.pool p on p.id = s.pool where p.name = 'a'",
	    "1 5 2 2 {[2,4),[5,6)}, 6 9 0 3 {[6,10)}");
	counts(p, "2 5 2 7");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_value_that_is_kept_back_is_not_given),
	    TEST(the_lowest_other_value_is_given),
	    TEST(a_value_that_is_just_taken_is_used),
	    TEST(an_included_value_is_given),
	    TEST(an_exclusion_meets_an_inclusion),
	    TEST(a_value_that_is_gone_is_no_part_of_the_pool),
	    TEST(a_value_that_is_just_moved_is_kept_back),
	    TEST(a_removal_takes_what_is_just_kept_back),
	    TEST(a_release_leaves_a_value_kept_back),
	    TEST(a_release_with_a_delay_lets_it_rest),
	    TEST(a_release_frees_an_included_value),
	    TEST(a_split_keeps_the_counts),
	};

	return cmocka_run_group_tests_name("pool exclude", tests, NULL, NULL);
}
