/*
 * Holders: who has how many leases, and a release of all that one has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/holder.h"
#include "model/lease.h"
#include "model/order.h"
#include "model/queue.h"
#include "model/syntax/filter.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

static struct id take(struct place *p, const char *pool, const char *holder, int64_t hours) {
	struct allocate ask = client_ask(pool, id_new());

	ask.holder = holder;
	ask.duration = hours * 3600 * TIME_SECOND;
	client_allocate(p->conn, &ask);
	return ask.id;
}

/* Compares the list with "holder:leases ...", in its order. */
static void are(struct place *p, const struct holder_ask *ask, const char *expected) {
	struct batch *b = batch_new(BATCH_READ);
	struct buf text = {0};

	holder_list_add(b, ask);
	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct holder *holder = batch_row(b, 0, i);

		buf_printf(&text, "%s%s:%s%d", i == 0 ? "" : " ", holder->holder, holder->more ? ">=" : "",
		    (int)holder->leases);
	}
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
	batch_free(b);
}

/* The same with a filter. */
static void match(struct place *p, const char *text, struct holder_ask ask, const char *expected) {
	struct row_filter filter = {0};
	struct err err = {0};

	if (!row_filter_parse(text, FILTER_HOLDERS, &filter, &err)) {
		fail_msg("%s: %s", text, err.message);
	}
	ask.filter = &filter;
	are(p, &ask, expected);
	row_filter_release(&filter);
}

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	client_pool(p->conn, "b", KIND_NUMBER, "201-300");
	take(p, "a", "ci", 5);
	take(p, "a", "etl", 0);
	take(p, "a", "etl", 9);
	take(p, "a", "", 1);
	take(p, "b", "etl", 2);
	take(p, "b", "x y/z", 0);
	take(p, "a", "ci", 0);
	take(p, "a", "ci", 7);
	*state = p;
	return 0;
}

static void they_are_listed(void **state) {
	struct place *p = *state;

	are(p, &(struct holder_ask){.pool = "a"}, "ci:3 etl:2 :1");
	are(p, &(struct holder_ask){.pool = "b"}, "etl:1 x y/z:1");
	are(p, &(struct holder_ask){0}, "ci:3 etl:3 :1 x y/z:1");
	are(p, &(struct holder_ask){.pool = "none"}, "");
	are(p, &(struct holder_ask){.pool = "a", .sort = HOLDER_BY_NAME}, ":1 ci:3 etl:2");
	are(p, &(struct holder_ask){.pool = "a", .sort = HOLDER_BY_OLDEST}, "ci:3 etl:2 :1");
	are(p, &(struct holder_ask){.pool = "a", .sort = HOLDER_BY_EXPIRY}, ":1 ci:3 etl:2");
	are(p, &(struct holder_ask){.pool = "a", .sort = HOLDER_BY_IDLE}, "etl:2 :1 ci:3");
	match(p, "T", (struct holder_ask){.pool = "a"}, "etl:2");
	match(p, "!T", (struct holder_ask){.pool = "a"}, "ci:3 :1");
	are(p, &(struct holder_ask){.pool = "a", .offset = 1, .limit = 1}, "etl:2");
	work_asks(p->database,
	    "select pools::text || ' ' || (oldest < newest) || ' ' || (next_expiry < now() + interval '3 "
	    "hours') from"
	    " berth.holder_window(null, null, '{\"sort\": \"leases\", \"skip\": 1, \"most\": 1}')",
	    "[\"a\", \"b\"] true true");
}

/* Each field, in a pool and in all. A word is in what is shown: the pools where they are. */
static void fields(void **state) {
	static const struct {
		const char *filter;
		const char *of_a;
		const char *of_all;
	} cases[] = {
	    {"holder=etl", "etl:2", "etl:3"},
	    {"holder in (ci,\"x y/z\")", "ci:3", "ci:3 x y/z:1"},
	    {"holder=", ":1", ":1"},
	    {"leases>1", "ci:3 etl:2", "ci:3 etl:3"},
	    {"leases=3", "ci:3", "ci:3 etl:3"},
	    {"expires<3h", ":1", "etl:3 :1"},
	    {"expires=never", "", "x y/z:1"},
	    {"oldest<1h idle<1h", "ci:3 etl:2 :1", "ci:3 etl:3 :1 x y/z:1"},
	    {"oldest>1h", "", ""},
	    {"pool=b", "", "etl:3 x y/z:1"},
	    {"pool!=b leases>0", "ci:3 etl:2 :1", "ci:3 :1"},
	    {"pool in (a,c) holder>d", "etl:2", "etl:3"},
	    {"b", "", "etl:3 x y/z:1"},
	    {"!leases>1", ":1", ":1 x y/z:1"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		match(*state, cases[i].filter, (struct holder_ask){.pool = "a"}, cases[i].of_a);
		match(*state, cases[i].filter, (struct holder_ask){0}, cases[i].of_all);
	}
}

/* The total is exact; where there are more pairs of a pool and a holder than are read, it is told. */
static void the_total_is_told(void **state) {
	struct place *p = *state;
	struct row_filter filter = row_filter_name("holder", "etl");
	struct order order = {.counts = true};
	struct holder_ask ask = {.order = &order, .limit = 1};

	for (int i = 0; i < 2; i++) {
		struct batch *b = batch_new(BATCH_READ);
		const struct sorting *sorting;

		ask.filter = i == 0 ? NULL : &filter;
		holder_list_add(b, &ask);
		sorted_report_add(b);
		client_run(p->conn, b);
		sorting = batch_row(b, 1, 0);
		assert_int_equal(sorting->total, i == 0 ? 4 : 1);
		assert_false(sorting->cut);
		batch_free(b);
	}
	row_filter_release(&filter);
}

/* Counting ends at a bound that all holders share; it is told. */
static void counting_is_bounded(void **state) {
	struct place *p = *state;

	work_asks(p->database,
	    "select concat_ws(' ', leases, more) from berth.holding((select id from berth.pool where name = "
	    "'a'), 'ci', 2)",
	    "2 t");
	work_asks(p->database,
	    "select concat_ws(' ', leases, more) from berth.holding((select id from berth.pool where name = "
	    "'a'), 'ci', 3)",
	    "3 f");
}

/* A pool with a great many leases of few holders is read by steps, not by counting all leases. */
static void a_large_pool_is_read_by_its_index(void **state) {
	struct place *p = *state;

	database_run(p->database,
	    "insert into berth.lease (id, pool, resource, value, state, holder, priority)"
	    " select gen_random_uuid(), (select id from berth.pool where name = 'b'), (select id from "
	    "berth.resource"
	    "  where first = 201), 1000 + n, 'active', 'h' || n % 50, 0 from generate_series(1, 20000) n");
	database_run(p->database, "vacuum analyze berth.lease");
	work_asks(p->database,
	    "select count(*) || ' ' || (select count(*) from berth.holder_pairs((select id from berth.pool"
	    " where name = 'a'), null, 10000)) from berth.holder_pairs(null, null, 10000)",
	    "55 3");
	database_run(p->database,
	    "create function public.plan(what text) returns setof text language plpgsql as"
	    " $$ begin return query execute 'explain ' || what; end $$");
	work_asks(p->database,
	    "select bool_or(line ~ 'lease_holder') from public.plan(format($$select id from berth.lease l"
	    " where l.state <> 'destroyed' and l.pool = %L and l.holder collate \"C\" = 'h1' order by l.seq "
	    "limit "
	    "10$$, (select id from berth.pool where name = 'b'))) line",
	    "t");
	/* One entry of the index for each holder, not for each lease. */
	database_run(p->database,
	    "create function public.entries() returns bigint language plpgsql as $$ declare n bigint; begin"
	    " n := pg_stat_get_xact_tuples_returned('berth.lease_holder'::regclass);"
	    " perform count(*) from berth.holder_pairs((select id from berth.pool where name = 'b'), 'h', "
	    "10000);"
	    " return pg_stat_get_xact_tuples_returned('berth.lease_holder'::regclass) - n; end $$");
	work_asks(p->database, "select public.entries() between 50 and 200", "t");
	database_run(p->database, "delete from berth.lease where value > 1000");
}

static void are_leases_of(struct place *p, const char *pool, const char *holder, size_t expected) {
	struct batch *b = batch_new(BATCH_READ);

	lease_list_add(b, &(struct lease_ask){.pool = pool, .holder = holder});
	lease_search_add(b, &(struct lease_ask){.pool = pool, .holder = holder});
	client_run(p->conn, b);
	assert_int_equal(batch_count(b, 0), expected);
	assert_int_equal(((const struct search *)batch_row(b, 1, 0))->total, expected);
	batch_free(b);
}

static void all_leases_of_a_holder_are_released(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on_leases("a", 0);
	struct id command;

	are_leases_of(p, "a", "ci", 3);
	are_leases_of(p, NULL, "etl", 3);
	target.holder = "ci";
	command = work_send_on(p->conn, QUEUE_RELEASE, target);
	work_says(p->database, "select subject from berth.command_view where id =", command,
	    "leases of a held by ci");
	work_all(p->conn, &w);
	work_progress_is(p->database, command, "3 of 3, 0");
	are(p, &(struct holder_ask){.pool = "a"}, "etl:2 :1");
	/* The leases of all pools, and those without a holder. */
	target = work_on_leases("", 0);
	target.holder = "etl";
	work_send_on(p->conn, QUEUE_RELEASE, target);
	work_all(p->conn, &w);
	are(p, &(struct holder_ask){0}, ":1 x y/z:1");
	target.holder = "";
	work_send_on(p->conn, QUEUE_RELEASE, target);
	work_all(p->conn, &w);
	are(p, &(struct holder_ask){0}, "x y/z:1");
}

/* The plan means the same leases. */
static void a_plan_counts_them(void **state) {
	struct place *p = *state;

	work_asks(p->database,
	    "select pool || ' ' || leases || ' ' || used || ' ' || used_after from"
	    " berth.release_plan('[{\"kind\": \"leases\", \"pool\": \"a\", \"holder\": \"ci\"}]')",
	    "a 3 6 3");
	work_asks(p->database,
	    "select count(*) from berth.bulk_sample('release', '[{\"kind\": \"leases\", \"holder\": "
	    "\"etl\"}]', 10)",
	    "3");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(they_are_listed),
	    TEST(fields),
	    TEST(the_total_is_told),
	    TEST(counting_is_bounded),
	    TEST(a_large_pool_is_read_by_its_index),
	    TEST(all_leases_of_a_holder_are_released),
	    TEST(a_plan_counts_them),
	};

	return cmocka_run_group_tests_name("holders", tests, NULL, NULL);
}
