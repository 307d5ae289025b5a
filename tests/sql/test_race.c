/*
 * Two requests that meet at a certain moment: the first one is delayed after it
 * has taken its values, the second one arrives, and then the first one
 * continues or fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/database.h"
#include "tests/lib/meeting.h"
#include "tests/lib/client.h"

static int open_place(void **state) {
	*state = meeting_new("1-3");
	return 0;
}

static int close_place(void **state) {
	meeting_free(*state);
	return 0;
}

/* Runs the first request up to the gate, then the second one, and opens the gate when that one waits. Returns
 * the result of the second one. */
static bool meet(struct meeting *p, const struct allocate *first, bool fails, const struct allocate *second,
    struct batch *answer, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err why = {0};
	struct met met;

	lease_allocate_add(b, first);
	meeting_gate(b, "other");
	client_add(b, "other", fails ? "do select 1/0" : "");
	lease_allocate_add(answer, second);
	met = meeting_run(p, b, answer, &why, err);
	assert_true(met.first == !fails);
	err_release(&why);
	batch_free(b);
	return met.second;
}

static void gets(struct meeting *p, const struct allocate *first, bool fails, const struct allocate *second,
    u128 value, bool replayed) {
	struct batch *answer = batch_new(BATCH_WRITE);
	struct err err = {0};
	const struct lease *lease;

	if (!meet(p, first, fails, second, answer, &err)) {
		fail_msg("%s: %s", err_name(err.code), err.message);
	}
	lease = batch_row(answer, 0, 0);
	assert_true(lease->value == value);
	assert_int_equal(lease->replayed, replayed);
	batch_free(answer);
}

static struct allocate all_three(void) {
	struct allocate ask = client_ask("a", id_new());

	ask.count = 3;
	return ask;
}

static void values_that_are_given_back_are_not_missed(void **state) {
	struct allocate first = all_three(), second = client_ask("a", id_new());

	gets(*state, &first, true, &second, 1, false);
}

static void exhaustion_waits_until_it_is_certain(void **state) {
	struct meeting *p = *state;
	struct allocate first = all_three(), second = client_ask("a", id_new());
	struct batch *answer = batch_new(BATCH_WRITE);
	struct err err = {0};

	assert_false(meet(p, &first, false, &second, answer, &err));
	assert_int_equal(err.code, ERR_POOL_EXHAUSTED);
	assert_non_null(strstr(err.detail, "\"used\": 3"));
	err_release(&err);
	batch_free(answer);
}

static void the_same_id_waits_for_its_twin(void **state) {
	struct allocate ask = client_ask("a", id_new());

	gets(*state, &ask, false, &ask, 1, true);
}

static void the_twin_of_one_that_fails_takes_its_place(void **state) {
	struct allocate ask = client_ask("a", id_new());

	gets(*state, &ask, true, &ask, 1, false);
}

/* Never "exhausted" for an id that is about to hold a value. */
static void a_twin_is_not_told_that_there_is_none(void **state) {
	struct meeting *p = *state;
	struct allocate many = all_three(), one = client_ask("a", id_new());
	struct batch *answer = batch_new(BATCH_WRITE);
	struct err err = {0};

	many.count = 2;
	if (!meet(p, &many, false, &many, answer, &err)) {
		fail_msg("%s: %s", err_name(err.code), err.message);
	}
	assert_int_equal(batch_count(answer, 0), 2);
	batch_free(answer);
	gets(p, &one, false, &one, 3, true);
}

static void a_value_that_is_given_back_can_be_had(void **state) {
	struct allocate first = session_ask_value("a", id_new(), KIND_NUMBER, "2");
	struct allocate second = session_ask_value("a", id_new(), KIND_NUMBER, "2");

	gets(*state, &first, true, &second, 2, false);
}

static void a_value_that_is_kept_conflicts(void **state) {
	struct meeting *p = *state;
	struct allocate first = session_ask_value("a", id_new(), KIND_NUMBER, "2");
	struct allocate second = session_ask_value("a", id_new(), KIND_NUMBER, "2");
	struct batch *answer = batch_new(BATCH_WRITE);
	struct err err = {0};
	char id[ID_TEXT];

	assert_false(meet(p, &first, false, &second, answer, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_non_null(strstr(err.detail, id_text(first.id, id)));
	err_release(&err);
	batch_free(answer);
}

static void the_same_value_waits_for_its_twin(void **state) {
	struct allocate ask = session_ask_value("a", id_new(), KIND_NUMBER, "2");

	gets(*state, &ask, false, &ask, 2, true);
}

/* Removes the range of the pool while a transaction of the first kind is open, which then commits or not. */
static bool remove_beside(struct meeting *p, const char *sql, bool commits, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct range range;
	bool ok;

	assert_true(range_parse("1-3", KIND_NUMBER, &range, err));
	pool_remove_add(b, id_new(), "a", &range, "{}");
	database_run(p->database, "begin");
	database_run(p->database, sql);
	conn_submit(p->second, b, TIME_NONE);
	meeting_await(p->second, p->database, 1);
	database_run(p->database, commits ? "commit" : "rollback");
	ok = client_finish(p->second, err);
	batch_free(b);
	return ok;
}

#define ALLOCATE(value)                                                                                      \
	"select berth.allocate_value(gen_random_uuid(), 'a', 'number', " value ", '', '" value               \
	"', 'late', null, null, 0, '{}')"

/* A removal waits for leases that are being made, also in stripes that are just split off. */
static void a_removal_waits_for_allocations(void **state) {
	static const char *const beside[] = {ALLOCATE("1"),
	    "select berth.split(resource, first) from berth.stripe s join berth.pool p on p.id = s.pool "
	    "where p.name = 'a'; " ALLOCATE("3"),
	    "select berth.split(resource, first) from berth.stripe s join berth.pool p on p.id = s.pool "
	    "where p.name = 'a'; select berth.split(resource, first) from berth.stripe s join berth.pool p "
	    "on p.id = s.pool where p.name = 'a' and room > 1; " ALLOCATE("2")};
	struct meeting *p = *state;
	struct err err = {0};

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		assert_false(remove_beside(p, beside[i], true, &err));
		assert_int_equal(err.code, ERR_IN_USE);
		err_release(&err);
		database_run(p->database,
		    "delete from berth.lease where holder = 'late';"
		    "update berth.stripe set free = nummultirange(numrange(first, last + 1)),"
		    " room = last - first + 1, open = true");
	}
}

static void a_removal_goes_on_without_them(void **state) {
	struct meeting *p = *state;
	struct err err = {0};

	assert_true(remove_beside(p, ALLOCATE("2"), false, &err));
	assert_string_equal(database_ask(p->database,
				"select count(*) from berth.stripe s join berth.pool p on p.id = s.pool "
				"where p.name = 'a'"),
	    "0");
}

int main(void) {
#define RACE(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)
	const struct CMUnitTest tests[] = {
	    RACE(values_that_are_given_back_are_not_missed),
	    RACE(exhaustion_waits_until_it_is_certain),
	    RACE(the_same_id_waits_for_its_twin),
	    RACE(the_twin_of_one_that_fails_takes_its_place),
	    RACE(a_twin_is_not_told_that_there_is_none),
	    RACE(a_value_that_is_given_back_can_be_had),
	    RACE(a_value_that_is_kept_conflicts),
	    RACE(the_same_value_waits_for_its_twin),
	    RACE(a_removal_waits_for_allocations),
	    RACE(a_removal_goes_on_without_them),
	};

	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
