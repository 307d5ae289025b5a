/*
 * Allocation, one request at a time: the same answer for the same id, the
 * lowest value first, no value that must not be given, and exact counts.
 */
#include "model/lease.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/stage.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static u128 take(struct place *p, const char *pool, struct id id) {
	struct allocate ask = client_ask(pool, id);

	return client_allocate(p->conn, &ask);
}

static struct pool show_pool(struct place *p, const char *name, struct batch **b) {
	size_t step;

	*b = batch_new(BATCH_READ);
	step = pool_show_add(*b, name);
	client_run(p->conn, *b);
	assert_int_equal(batch_count(*b, step), 1);
	return *(const struct pool *)batch_row(*b, step, 0);
}

static void assert_counts(struct place *p, const char *pool, const char *capacity, const char *used,
    const char *held_back, const char *free_now) {
	struct batch *b;
	struct pool shown = show_pool(p, pool, &b);

	assert_string_equal(shown.capacity.digits, capacity);
	assert_string_equal(shown.used.digits, used);
	assert_string_equal(shown.held_back.digits, held_back);
	assert_string_equal(shown.free.digits, free_now);
	batch_free(b);
}

static void an_id_gets_the_same_lease_for_ever(void **state) {
	struct place *p = *state;
	struct id ids[3] = {id_new(), id_new(), id_new()};
	struct allocate fourth = client_ask("three", id_new());

	client_pool(p->conn, "three", KIND_IPV4, "10.0.0.1-10.0.0.3");
	for (size_t i = 0; i < 3; i++) {
		assert_true(take(p, "three", ids[i]) == 0x0a000001 + i);
	}
	session_allocate_refused(p->conn, &fourth, ERR_POOL_EXHAUSTED,
	    (const char *[]){"\"pool\": \"three\"", "\"capacity\": 3", "\"used\": 3", "\"held_back\": 0",
		"\"next_expiry\": null", "\"pending\": 0", NULL});
	for (size_t i = 0; i < 3; i++) {
		assert_true(take(p, "three", ids[i]) == 0x0a000001 + i);
	}
	session_allocate_refused(p->conn, &fourth, ERR_POOL_EXHAUSTED, (const char *[]){NULL});
	stage_resource(p->database, "10.0.0.1-10.0.0.3", "active", true);
	assert_true(take(p, "three", ids[0]) == 0x0a000001);
	stage_resource(p->database, "10.0.0.1-10.0.0.3", "released", false);
	assert_true(take(p, "three", ids[1]) == 0x0a000002);
	stage_resource(p->database, "10.0.0.1-10.0.0.3", "active", false);
	assert_counts(p, "three", "3", "3", "0", "0");
}

/* A read-only transaction answers a replay. */
static void a_replay_writes_nothing(void **state) {
	struct place *p = *state;
	struct allocate asks[3] = {client_ask("r", id_new()),
	    session_ask_value("r", id_new(), KIND_NUMBER, "50"), client_ask("r", id_new())};
	char *before = NULL;
	static const char rows[] =
	    "select md5(string_agg(x, ',' order by x)) from (select xmin::text || ctid::text || xmax::text "
	    "as x"
	    " from berth.lease union all select xmin::text || ctid::text || xmax::text from berth.stripe"
	    " union all select xmin::text || ctid::text || xmax::text from berth.pool"
	    " union all select xmin::text || ctid::text from berth.event) rows";

	client_pool(p->conn, "r", KIND_NUMBER, "1-100");
	asks[2].count = 5;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(asks); i++) {
			struct batch *b = batch_new(round == 1 ? BATCH_READ : BATCH_WRITE);
			size_t step = lease_allocate_add(b, &asks[i]);
			const struct lease *lease;

			client_run(p->conn, b);
			assert_int_equal(batch_count(b, step), asks[i].count);
			lease = batch_row(b, step, 0);
			assert_int_equal(lease->replayed, round > 0);
			batch_free(b);
		}
		if (round == 0) {
			before = mem_text(database_ask(p->database, rows));
		}
	}
	assert_string_equal(database_ask(p->database, rows), before);
	free(before);
}

/* The part of an answer that tells how the request differs from the first. */
static void assert_differs(struct place *p, const struct allocate *ask, const char *differs) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = lease_allocate_add(b, ask);

	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct lease *lease = batch_row(b, step, i);

		assert_true(lease->replayed);
		if (differs == NULL) {
			assert_null(lease->differs);
		} else {
			assert_string_equal(lease->differs, differs);
		}
	}
	batch_free(b);
}

static void a_replay_tells_what_differs(void **state) {
	struct place *p = *state;
	struct allocate asks[3] = {client_ask("d", id_new()),
	    session_ask_value("d", id_new(), KIND_NUMBER, "50"), client_ask("d", id_new())};

	client_pool(p->conn, "d", KIND_NUMBER, "1-100");
	asks[2].count = 5;
	for (size_t i = 0; i < COUNT(asks); i++) {
		struct batch *b = batch_new(BATCH_WRITE);
		size_t step;

		asks[i].holder = NULL;
		asks[i].priority = LEASE_PRIORITY_UNSAID;
		step = lease_allocate_add(b, &asks[i]);
		client_run(p->conn, b);
		assert_string_equal(((const struct lease *)batch_row(b, step, 0))->holder, "");
		assert_int_equal(((const struct lease *)batch_row(b, step, 0))->priority, 0);
		assert_null(((const struct lease *)batch_row(b, step, 0))->differs);
		batch_free(b);
		assert_differs(p, &asks[i], NULL);
		asks[i].holder = "";
		asks[i].priority = 0;
		asks[i].labels = "{}";
		assert_differs(p, &asks[i], NULL);
		asks[i].holder = "x";
		assert_differs(p, &asks[i], "{\"holder\": \"\"}");
		asks[i].holder = NULL;
		asks[i].priority = -7;
		asks[i].labels = "{\"a\": \"b\"}";
		asks[i].duration = 1;
		assert_differs(p, &asks[i], "{\"until\": null, \"labels\": {}, \"priority\": 0}");
	}
}

static void the_lowest_comes_first_and_holes_are_filled(void **state) {
	static const size_t holes[] = {7, 2, 3, 11};
	static const u128 then[] = {103, 104, 108, 112, 121, 122};
	struct place *p = *state;
	struct id ids[20];

	client_pool(p->conn, "low", KIND_NUMBER, "101-1000");
	for (size_t i = 0; i < COUNT(ids); i++) {
		ids[i] = id_new();
		assert_true(take(p, "low", ids[i]) == 101 + i);
	}
	for (size_t i = 0; i < COUNT(holes); i++) {
		stage_release(p->database, ids[holes[i]]);
	}
	for (size_t i = 0; i < COUNT(then); i++) {
		assert_true(take(p, "low", id_new()) == then[i]);
	}
}

static void resources_are_used_in_their_order(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "order", KIND_NUMBER, "50-51");
	session_add_range(p->conn, "order", KIND_NUMBER, "10-11");
	session_add_range(p->conn, "order", KIND_NUMBER, "30");
	assert_true(take(p, "order", id_new()) == 10);
	assert_true(take(p, "order", id_new()) == 11);
	assert_true(take(p, "order", id_new()) == 30);
	assert_true(take(p, "order", id_new()) == 50);
}

static void hosts_come_by_name_then_slot(void **state) {
	static const char *const expected[] = {"alpha:1", "alpha:2", "beta:1", "gamma:1", "gamma:2"};
	struct place *p = *state;

	client_pool(p->conn, "hosts", KIND_HOST, "gamma:2");
	session_add_range(p->conn, "hosts", KIND_HOST, "alpha:2");
	session_add_range(p->conn, "hosts", KIND_HOST, "beta");
	for (size_t i = 0; i < COUNT(expected); i++) {
		struct allocate ask = client_ask("hosts", id_new());
		struct batch *b = batch_new(BATCH_WRITE);
		struct buf text = {0};
		size_t step = lease_allocate_add(b, &ask);

		client_run(p->conn, b);
		lease_value(batch_row(b, step, 0), &text);
		assert_string_equal(buf_text(&text), expected[i]);
		buf_release(&text);
		batch_free(b);
	}
}

static void closed_resources_give_nothing(void **state) {
	static const struct {
		const char *state;
		bool cordoned;
	} rows[] = {{"active", true}, {"released", false}, {"broken", false}};
	struct place *p = *state;

	client_pool(p->conn, "shut", KIND_NUMBER, "1-10");
	session_add_range(p->conn, "shut", KIND_NUMBER, "101-110");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct allocate ask = client_ask("shut", id_new());

		stage_resource(p->database, "1-10", rows[i].state, rows[i].cordoned);
		assert_true(take(p, "shut", id_new()) == 101 + i);
		stage_resource(p->database, "101-110", "active", true);
		session_allocate_refused(
		    p->conn, &ask, ERR_POOL_EXHAUSTED, (const char *[]){"\"capacity\": 20", NULL});
		ask.count = 2;
		session_allocate_refused(p->conn, &ask, ERR_POOL_EXHAUSTED, (const char *[]){NULL});
		stage_resource(p->database, "101-110", "active", false);
	}
	assert_counts(p, "shut", "20", "3", "10", "7");
	stage_resource(p->database, "1-10", "active", false);
	assert_true(take(p, "shut", id_new()) == 1);
}

static void counts_are_exact_at_any_size(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "all6", KIND_IPV6, "::/0");
	client_pool(p->conn, "numbers", KIND_NUMBER, "0-9223372036854775807");
	client_pool(p->conn, "all4", KIND_IPV4, "0.0.0.0/0");
	assert_true(take(p, "all6", id_new()) == 0);
	assert_true(take(p, "numbers", id_new()) == 0);
	assert_true(take(p, "all4", id_new()) == 0);
	assert_counts(p, "all6", "340282366920938463463374607431768211456", "1", "0",
	    "340282366920938463463374607431768211455");
	assert_counts(p, "numbers", "9223372036854775808", "1", "0", "9223372036854775807");
	assert_counts(p, "all4", "4294967296", "1", "0", "4294967295");
}

static void unknown_pools_are_not_found(void **state) {
	struct place *p = *state;
	struct allocate asks[3] = {client_ask("missing", id_new()),
	    session_ask_value("missing", id_new(), KIND_NUMBER, "1"), client_ask("missing", id_new())};

	asks[2].count = 2;
	for (size_t i = 0; i < COUNT(asks); i++) {
		session_allocate_refused(
		    p->conn, &asks[i], ERR_NOT_FOUND, (const char *[]){"\"pool\": \"missing\"", NULL});
	}
}

static void an_empty_pool_has_nothing(void **state) {
	struct place *p = *state;
	struct pool_new pool = {
	    .id = id_new(), .name = "empty", .kind = KIND_IPV6, .space = "e", .warn = 1, .crit = 2};
	struct allocate ask = client_ask("empty", id_new());
	struct batch *b = batch_new(BATCH_WRITE);

	pool_create_add(b, &pool, "{}");
	client_run(p->conn, b);
	batch_free(b);
	session_allocate_refused(
	    p->conn, &ask, ERR_POOL_EXHAUSTED, (const char *[]){"\"capacity\": 0", NULL});
}

static int64_t end_of(struct place *p, const struct allocate *ask) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = lease_allocate_add(b, ask);
	const struct lease *lease;
	int64_t end;

	client_run(p->conn, b);
	lease = batch_row(b, step, 0);
	end = lease->until == TIME_NONE ? TIME_NONE : lease->until - lease->acquired;
	if (ask->until != TIME_NONE) {
		assert_true(lease->until == ask->until);
	}
	batch_free(b);
	return end;
}

static void leases_end_when_asked(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("time", id_new());
	struct err err = {0};

	client_pool(p->conn, "time", KIND_NUMBER, "1-100");
	assert_true(end_of(p, &ask) == TIME_NONE);
	for (int64_t count = 1; count < 3; count++) {
		ask = client_ask("time", id_new());
		ask.count = count;
		ask.duration = 90 * TIME_SECOND;
		assert_true(end_of(p, &ask) == 90 * TIME_SECOND);
		ask = client_ask("time", id_new());
		ask.count = count;
		ask.until = INT64_C(4102444800) * TIME_SECOND + 1;
		(void)end_of(p, &ask);
		ask.id = id_new();
		ask.until = TIME_SECOND;
		assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_INVALID_INPUT);
		err_release(&err);
	}
	database_run(p->database, "update berth.pool set ttl = 3600000000 where name = 'time'");
	ask = client_ask("time", id_new());
	assert_true(end_of(p, &ask) == 3600 * TIME_SECOND);
	ask = client_ask("time", id_new());
	ask.duration = TIME_SECOND;
	assert_true(end_of(p, &ask) == TIME_SECOND);
}

/* The ids that the server makes, here that of the range, are of version 7 and tell the time. */
static void an_id_of_the_server_tells_the_time(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "v7", KIND_NUMBER, "1-100");
	assert_string_equal(
	    database_ask(p->database,
		"select bool_and(id::text ~ '^.{14}7.{4}[89ab]' and abs(extract(epoch from created) "
		"* 1000 - ('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint) < 60000) "
		"from berth.resource"),
	    "t");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_gets_the_same_lease_for_ever),
	    cmocka_unit_test(a_replay_writes_nothing),
	    cmocka_unit_test(a_replay_tells_what_differs),
	    cmocka_unit_test(the_lowest_comes_first_and_holes_are_filled),
	    cmocka_unit_test(resources_are_used_in_their_order),
	    cmocka_unit_test(hosts_come_by_name_then_slot),
	    cmocka_unit_test(closed_resources_give_nothing),
	    cmocka_unit_test(counts_are_exact_at_any_size),
	    cmocka_unit_test(unknown_pools_are_not_found),
	    cmocka_unit_test(leases_end_when_asked),
	    cmocka_unit_test(an_empty_pool_has_nothing),
	    cmocka_unit_test(an_id_of_the_server_tells_the_time),
	};

	return cmocka_run_group_tests_name("allocate", tests, place_open, place_close);
}
