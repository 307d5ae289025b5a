/*
 * Requests for a certain value or for many: exactly those, or a refusal that
 * names the obstacle; and ids that are in use.
 */
#include "model/lease.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/stage.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void a_value_is_taken_exactly(void **state) {
	static const struct {
		const char *pool;
		enum kind kind;
		const char *range, *values[3];
	} rows[] = {
	    {"v4", KIND_IPV4, "10.0.0.0/24", {"10.0.0.255", "10.0.0.0", "10.0.0.7"}},
	    {"v6", KIND_IPV6, "fd00::/64", {"fd00::ffff:ffff:ffff:ffff", "fd00::", "fd00::1:0"}},
	    {"n", KIND_NUMBER, "0-9223372036854775807", {"9223372036854775807", "0", "4096"}},
	    {"h", KIND_HOST, "host1:4", {"host1:4", "host1:1", "host1:3"}},
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(rows) * 3; i++) {
		struct id id = id_new();
		struct allocate ask =
		    session_ask_value(rows[i / 3].pool, id, rows[i / 3].kind, rows[i / 3].values[i % 3]);
		struct allocate other;

		other = ask;
		if (i % 3 == 0) {
			client_pool(p->conn, rows[i / 3].pool, rows[i / 3].kind, rows[i / 3].range);
		}
		assert_true(client_allocate(p->conn, &ask) == ask.unit.first);
		assert_true(client_allocate(p->conn, &ask) == ask.unit.first);
		/* A repeat without the value is the same request. */
		ask = client_ask(rows[i / 3].pool, id);
		assert_true(client_allocate(p->conn, &ask) == other.unit.first);
		other.id = id_new();
		session_allocate_refused(p->conn, &other, ERR_CONFLICT, (const char *[]){"\"lease\"", NULL});
	}
}

static void a_conflict_names_the_holder_and_since(void **state) {
	struct place *p = *state;
	struct allocate ask = session_ask_value("c", id_new(), KIND_NUMBER, "5");
	char id[ID_TEXT];
	char *since, *lease;

	client_pool(p->conn, "c", KIND_NUMBER, "1-10");
	ask.holder = "the \"first\" one";
	client_allocate(p->conn, &ask);
	since = mem_print("\"since\": \"%s\"",
	    database_ask(p->database, "select to_char(activated at time zone 'UTC', "
				      "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from berth.lease"
				      " where value = 5"));
	lease = mem_print("\"lease\": \"%s\"", id_text(ask.id, id));
	ask.id = id_new();
	session_allocate_refused(p->conn, &ask, ERR_CONFLICT,
	    (const char *[]){lease, since, "\"holder\": \"the \\\"first\\\" one\"", NULL});
	free(since);
	free(lease);
}

static void a_value_has_to_be_in_the_pool(void **state) {
	struct place *p = *state;
	struct allocate asks[] = {
	    session_ask_value("in", id_new(), KIND_NUMBER, "11"),
	    session_ask_value("in", id_new(), KIND_NUMBER, "0"),
	    session_ask_value("in", id_new(), KIND_IPV6, "::5"),
	    session_ask_value("in", id_new(), KIND_HOST, "h:5"),
	    session_ask_value("in", id_new(), KIND_NUMBER, "105"),
	};

	client_pool(p->conn, "in", KIND_NUMBER, "1-10");
	client_pool(p->conn, "other", KIND_NUMBER, "100-110");
	for (size_t i = 0; i < COUNT(asks); i++) {
		session_allocate_refused(
		    p->conn, &asks[i], ERR_INVALID_INPUT, (const char *[]){"\"pool\": \"in\"", NULL});
	}
}

static void a_closed_resource_is_named(void **state) {
	struct place *p = *state;
	struct allocate held = session_ask_value("shut", id_new(), KIND_NUMBER, "3");
	struct allocate ask = session_ask_value("shut", id_new(), KIND_NUMBER, "5");

	client_pool(p->conn, "shut", KIND_NUMBER, "1-10");
	client_allocate(p->conn, &held);
	stage_resource(p->database, "1-10", "active", true);
	session_allocate_refused(
	    p->conn, &ask, ERR_CONFLICT, (const char *[]){"\"resource\"", "\"cordoned\": true", NULL});
	stage_resource(p->database, "1-10", "released", false);
	session_allocate_refused(
	    p->conn, &ask, ERR_CONFLICT, (const char *[]){"\"resource\"", "\"state\": \"released\"", NULL});
	assert_true(client_allocate(p->conn, &held) == 3);
	stage_resource(p->database, "1-10", "active", false);
	assert_true(client_allocate(p->conn, &ask) == 5);
}

static void an_id_means_one_request(void **state) {
	struct place *p = *state;
	struct id id = id_new();
	struct allocate first = session_ask_value("one", id, KIND_NUMBER, "5");
	struct allocate asks[] = {
	    client_ask("two", id),
	    session_ask_value("two", id, KIND_NUMBER, "5"),
	    session_ask_value("one", id, KIND_NUMBER, "6"),
	    session_ask_value("one", id, KIND_NUMBER, "99"),
	    client_ask("missing", id),
	    client_ask("one", id),
	};

	client_pool(p->conn, "one", KIND_NUMBER, "1-10");
	client_pool(p->conn, "two", KIND_NUMBER, "1-10");
	client_allocate(p->conn, &first);
	asks[COUNT(asks) - 1].count = 2;
	for (size_t i = 0; i < COUNT(asks); i++) {
		char text[ID_TEXT];
		char *asked = mem_print("\"id\": \"%s\"", id_text(id, text));

		session_allocate_refused(p->conn, &asks[i], ERR_ID_CONFLICT,
		    (const char *[]){"\"existing\": {", "\"asked\": {", "\"pool\": \"one\"",
			"\"value\": \"5\"", asked, asks[i].pool, NULL});
		free(asked);
	}
	assert_true(client_allocate(p->conn, &first) == 5);
}

/* Also where the number is the same. */
static void a_value_of_another_host_or_kind_is_another_request(void **state) {
	struct place *p = *state;
	struct allocate number = session_ask_value("plain", id_new(), KIND_NUMBER, "5");
	struct allocate slot = session_ask_value("slots", id_new(), KIND_HOST, "host1:2");

	client_pool(p->conn, "plain", KIND_NUMBER, "1-10");
	client_pool(p->conn, "slots", KIND_HOST, "host1:4");
	session_add_range(p->conn, "slots", KIND_HOST, "host2:4");
	client_allocate(p->conn, &slot);
	slot.unit = session_ask_value("slots", slot.id, KIND_HOST, "host2:2").unit;
	session_allocate_refused(
	    p->conn, &slot, ERR_ID_CONFLICT, (const char *[]){"\"value\": \"host1:2\"", NULL});
	slot.unit = session_ask_value("slots", slot.id, KIND_HOST, "host9:2").unit;
	session_allocate_refused(
	    p->conn, &slot, ERR_ID_CONFLICT, (const char *[]){"\"value\": \"host1:2\"", NULL});
	client_allocate(p->conn, &number);
	number = session_ask_value("plain", number.id, KIND_IPV4, "0.0.0.5");
	session_allocate_refused(
	    p->conn, &number, ERR_ID_CONFLICT, (const char *[]){"\"value\": \"5\"", NULL});
}

static void the_id_of_a_released_lease_is_spent(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("spent", id_new());
	struct allocate exact;

	client_pool(p->conn, "spent", KIND_NUMBER, "1-10");
	client_allocate(p->conn, &ask);
	exact = session_ask_value("spent", ask.id, KIND_NUMBER, "1");
	stage_release(p->database, ask.id);
	session_allocate_refused(
	    p->conn, &ask, ERR_ID_CONFLICT, (const char *[]){"\"state\": \"destroyed\"", NULL});
	session_allocate_refused(
	    p->conn, &exact, ERR_ID_CONFLICT, (const char *[]){"\"state\": \"destroyed\"", NULL});
	ask.id = id_new();
	assert_true(client_allocate(p->conn, &ask) == 1);
}

static void assert_many(struct place *p, const struct allocate *ask, const u128 *values, bool replayed) {
	struct batch *b = batch_new(BATCH_WRITE);
	size_t step = lease_allocate_add(b, ask);

	client_run(p->conn, b);
	assert_int_equal(batch_count(b, step), ask->count);
	for (size_t i = 0; i < (size_t)ask->count; i++) {
		const struct lease *lease = batch_row(b, step, i);

		assert_true(lease->value == values[i]);
		assert_true(id_equal(lease->id, i == 0 ? ask->id : id_derive(ask->id, i + 1)));
		assert_int_equal(lease->replayed, replayed);
	}
	batch_free(b);
}

static void many_are_all_or_none(void **state) {
	static const u128 six[] = {1, 2, 4, 5, 101, 102};
	struct place *p = *state;
	struct allocate exact = session_ask_value("many", id_new(), KIND_NUMBER, "3");
	struct allocate ask = client_ask("many", id_new());
	struct allocate too_many = client_ask("many", id_new());

	client_pool(p->conn, "many", KIND_NUMBER, "1-5");
	session_add_range(p->conn, "many", KIND_NUMBER, "101-105");
	client_allocate(p->conn, &exact);
	ask.count = 6;
	assert_many(p, &ask, six, false);
	assert_many(p, &ask, six, true);
	too_many.count = 4;
	session_allocate_refused(
	    p->conn, &too_many, ERR_POOL_EXHAUSTED, (const char *[]){"\"capacity\": 10", NULL});
	too_many.count = 3;
	assert_many(p, &too_many, (const u128[]){103, 104, 105}, false);
	assert_many(p, &ask, six, true);
	ask.count = 5;
	session_allocate_refused(
	    p->conn, &ask, ERR_ID_CONFLICT, (const char *[]){"\"count\": 6", "\"count\": 5", NULL});
	ask.count = 1;
	session_allocate_refused(
	    p->conn, &ask, ERR_ID_CONFLICT, (const char *[]){"\"count\": 6", "\"count\": 1", NULL});
}

/* Values taken by the refused request itself are free again, and were never used. */
static void many_that_do_not_fit_count_for_nothing(void **state) {
	struct place *p = *state;
	struct allocate exact = session_ask_value("few", id_new(), KIND_NUMBER, "3");
	struct allocate ask = client_ask("few", id_new());

	client_pool(p->conn, "few", KIND_NUMBER, "1-5");
	session_add_range(p->conn, "few", KIND_NUMBER, "101-105");
	client_allocate(p->conn, &exact);
	ask.count = 10;
	session_allocate_refused(
	    p->conn, &ask, ERR_POOL_EXHAUSTED, (const char *[]){"\"used\": 1", "\"capacity\": 10", NULL});
}

/* Ten thousand, the most, in one round trip. */
static void ten_thousand_at_once(void **state) {
	enum { MANY = 10000 };
	struct place *p = *state;
	struct allocate ask = client_ask("most", id_new());
	u128 *values = mem_new(MANY, sizeof *values);

	client_pool(p->conn, "most", KIND_IPV6, "fd00::/64");
	for (size_t i = 0; i < MANY; i++) {
		values[i] = ((u128)0xfd00 << 112) + i;
	}
	ask.count = MANY;
	assert_many(p, &ask, values, false);
	assert_many(p, &ask, values, true);
	free(values);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_value_is_taken_exactly),
	    cmocka_unit_test(a_conflict_names_the_holder_and_since),
	    cmocka_unit_test(a_value_has_to_be_in_the_pool),
	    cmocka_unit_test(a_closed_resource_is_named),
	    cmocka_unit_test(an_id_means_one_request),
	    cmocka_unit_test(a_value_of_another_host_or_kind_is_another_request),
	    cmocka_unit_test(the_id_of_a_released_lease_is_spent),
	    cmocka_unit_test(many_are_all_or_none),
	    cmocka_unit_test(many_that_do_not_fit_count_for_nothing),
	    cmocka_unit_test(ten_thousand_at_once),
	};

	return cmocka_run_group_tests_name("exact", tests, place_open, place_close);
}
