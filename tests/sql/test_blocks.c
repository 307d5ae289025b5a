/*
 * Pools of blocks: a lease holds a prefix or a block of numbers, and everything is counted in these.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/exclusion.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/client.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/stage.h"
#include "tests/lib/work.h"

#define DETAIL "{}"

static struct range range_of(enum kind kind, const char *text) {
	struct range range;
	struct err err = {0};

	if (!range_values(text, kind, &range, &err)) {
		fail_msg("%s", err.message);
	}
	return range;
}

static struct batch *creation(
    const char *name, enum kind kind, const char *unit, const char *text, const char *space) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct range range = range_of(kind, text);
	struct pool_new pool = {.id = id_new(),
	    .name = name,
	    .kind = kind,
	    .space = space,
	    .warn = 80,
	    .crit = 90,
	    .ranges = &range,
	    .count = 1,
	    .unit = unit};

	pool_create_add(b, &pool, DETAIL);
	return b;
}

static void create(struct place *p, const char *name, enum kind kind, const char *unit, const char *text) {
	struct batch *b = creation(name, kind, unit, text, name);

	client_run(p->conn, b);
	batch_free(b);
}

/* Runs a batch that must be refused with this code, message and hint. */
static void refused(
    struct place *p, struct batch *b, enum err_code code, const char *message, const char *hint) {
	struct err err = {0};

	client_refused(p->conn, b, code, &err);
	assert_string_equal(err.message, message);
	assert_string_equal(err.hint == NULL ? "" : err.hint, hint);
	err_release(&err);
	batch_free(b);
}

static struct batch *allocation(const struct allocate *ask) {
	struct batch *b = batch_new(BATCH_WRITE);

	lease_allocate_add(b, ask);
	return b;
}

/* Allocates, and checks the block as it is written. Returns the lease. */
static struct id takes(struct place *p, const struct allocate *ask, const char *expected) {
	struct batch *b = allocation(ask);
	struct buf text = {0};
	struct id id;

	client_run(p->conn, b);
	id = ((const struct lease *)batch_row(b, 0, 0))->id;
	lease_value(batch_row(b, 0, 0), &text);
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
	batch_free(b);
	return id;
}

static struct id takes_lowest(struct place *p, const char *pool, const char *expected) {
	struct allocate ask = client_ask(pool, id_new());

	return takes(p, &ask, expected);
}

static void counts(struct place *p, const char *pool, const char *expected) {
	char *question =
	    mem_print("select concat_ws(' ', capacity, used, held_back, free, excluded, addresses)"
		      " from berth.pool_view where name = '%s'",
		pool);

	assert_string_equal(database_ask(p->database, question), expected);
	free(question);
	session_is_sound(p->conn);
}

static void blocks_are_given_in_order(void **state) {
	struct place *p = *state;

	create(p, "v6", KIND_IPV6, "/64", "2001:db8::/48");
	counts(p, "v6", "65536 0 0 65536 0 1208925819614629174706176");
	(void)takes_lowest(p, "v6", "2001:db8::/64");
	(void)takes_lowest(p, "v6", "2001:db8:0:1::/64");
	create(p, "v4", KIND_IPV4, "/26", "10.0.0.0/16");
	(void)takes_lowest(p, "v4", "10.0.0.0/26");
	(void)takes_lowest(p, "v4", "10.0.0.64/26");
	create(p, "ports", KIND_NUMBER, "64", "1024-65535");
	(void)takes_lowest(p, "ports", "1024-1087");
	(void)takes_lowest(p, "ports", "1088-1151");
	counts(p, "v6", "65536 2 0 65534 0 1208925819614629174706176");
	counts(p, "v4", "1024 2 0 1022 0 65536");
	counts(p, "ports", "1008 2 0 1006 0 64512");
}

/* A size that is no power of two. */
static void blocks_of_any_size_begin_at_its_multiples(void **state) {
	struct place *p = *state;

	create(p, "n", KIND_NUMBER, "100", "300-799");
	counts(p, "n", "5 0 0 5 0 500");
	for (int i = 3; i < 8; i++) {
		char block[32];

		(void)snprintf(block, sizeof block, "%d00-%d99", i, i);
		(void)takes_lowest(p, "n", block);
	}
	counts(p, "n", "5 5 0 0 0 500");
}

static void widths_reach_from_all_to_one(void **state) {
	static const struct {
		const char *name, *unit, *range, *first, *counts;
	} rows[] = {
	    {"all", "/0", "::/0", "::/0", "1 1 0 0 0 340282366920938463463374607431768211456"},
	    {"half", "/1", "::/0", "::/1", "2 1 0 1 0 340282366920938463463374607431768211456"},
	    {"one", "/128", "fd00::8/126", "fd00::8/128", "4 1 0 3 0 4"},
	    {"sites", "/48", "fd00::/16", "fd00::/48",
		"4294967296 1 0 4294967295 0 5192296858534827628530496329220096"},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		create(p, rows[i].name, KIND_IPV6, rows[i].unit, rows[i].range);
		(void)takes_lowest(p, rows[i].name, rows[i].first);
		counts(p, rows[i].name, rows[i].counts);
	}
	create(p, "thirtytwo", KIND_IPV4, "/32", "10.0.0.0/30");
	(void)takes_lowest(p, "thirtytwo", "10.0.0.0/32");
}

static void a_block_is_taken_exactly(void **state) {
	struct place *p = *state;
	struct allocate ask, other;

	create(p, "v6", KIND_IPV6, "/64", "2001:db8::/48");
	ask = session_ask_value("v6", id_new(), KIND_IPV6, "2001:db8:0:5::/64");
	(void)takes(p, &ask, "2001:db8:0:5::/64");
	(void)takes(p, &ask, "2001:db8:0:5::/64");
	other = client_ask("v6", ask.id);
	(void)takes(p, &other, "2001:db8:0:5::/64");
	ask.id = id_new();
	session_allocate_refused(p->conn, &ask, ERR_CONFLICT, (const char *[]){"\"lease\"", NULL});
	counts(p, "v6", "65536 1 0 65535 0 1208925819614629174706176");
	ask = session_ask_value("v6", other.id, KIND_IPV6, "2001:db8:0:6::/64");
	session_allocate_refused(p->conn, &ask, ERR_ID_CONFLICT, (const char *[]){"2001:db8:0:5::/64", NULL});
}

static void other_units_are_refused(void **state) {
	static const struct {
		const char *pool;
		enum kind kind;
		const char *value, *message, *hint;
	} rows[] = {
	    {"v6", KIND_IPV6, "2001:db8:0:5::17",
		"\"2001:db8:0:5::17\" is no block of pool v6, which gives prefixes of /64",
		"did you mean 2001:db8:0:5::/64?"},
	    {"v6", KIND_IPV6, "2001:db8:0:4::/63",
		"\"2001:db8:0:4::/63\" is no block of pool v6, which gives prefixes of /64",
		"did you mean 2001:db8:0:4::/64?"},
	    {"ports", KIND_NUMBER, "1025-1088",
		"\"1025-1088\" is no block of pool ports, which gives blocks of 64 numbers",
		"did you mean 1024-1087?"},
	    {"plain", KIND_IPV4, "10.0.0.7/32",
		"\"10.0.0.7/32\" is a block, and pool plain gives single values", "did you mean 10.0.0.7?"},
	};
	struct place *p = *state;

	create(p, "v6", KIND_IPV6, "/64", "2001:db8::/48");
	create(p, "ports", KIND_NUMBER, "64", "1024-2047");
	create(p, "plain", KIND_IPV4, NULL, "10.0.0.0/24");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct allocate ask = session_ask_value(rows[i].pool, id_new(), rows[i].kind, rows[i].value);

		refused(p, allocation(&ask), ERR_INVALID_INPUT, rows[i].message, rows[i].hint);
	}
	counts(p, "v6", "65536 0 0 65536 0 1208925819614629174706176");
}

static void ranges_are_made_of_whole_blocks(void **state) {
	struct place *p = *state;

	refused(p, creation("v4", KIND_IPV4, "/26", "10.0.0.0-10.0.0.99", "s"), ERR_INVALID_INPUT,
	    "range 10.0.0.0-10.0.0.99 is not made of whole blocks: pool v4 gives prefixes of /26",
	    "the nearest that is: 10.0.0.0/26");
	refused(p, creation("v4", KIND_IPV4, "/26", "10.0.0.32-10.0.0.95", "s"), ERR_INVALID_INPUT,
	    "range 10.0.0.32-10.0.0.95 is not made of whole blocks: pool v4 gives prefixes of /26",
	    "the nearest that is: 10.0.0.0/26");
	refused(p, creation("ports", KIND_NUMBER, "64", "1000-2000", "s"), ERR_INVALID_INPUT,
	    "range 1000-2000 is not made of whole blocks: pool ports gives blocks of 64 numbers",
	    "the nearest that is: 1024-1983");
	assert_string_equal(database_ask(p->database, "select count(*) from berth.pool"), "0");
}

static void pools_of_other_units_do_not_overlap(void **state) {
	struct place *p = *state;
	struct err err = {0};
	struct batch *b = creation("blocks", KIND_IPV4, "/26", "10.0.0.0/16", "s");

	client_run(p->conn, b);
	batch_free(b);
	b = creation("values", KIND_IPV4, NULL, "10.0.77.0/28", "s");
	client_refused(p->conn, b, ERR_OVERLAP, &err);
	assert_string_equal(err.message, "range 10.0.77.0/28 overlaps 10.0.0.0/16 of pool blocks");
	err_release(&err);
	batch_free(b);
	b = creation("larger", KIND_IPV4, "/24", "10.0.0.0/8", "s");
	client_refused(p->conn, b, ERR_OVERLAP, &err);
	err_release(&err);
	batch_free(b);
}

static void blocks_are_exhausted_and_given_again(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("v4", id_new());
	struct err err = {0};
	struct id leases[4];

	create(p, "v4", KIND_IPV4, "/26", "10.0.0.0/24");
	leases[0] = takes_lowest(p, "v4", "10.0.0.0/26");
	leases[1] = takes_lowest(p, "v4", "10.0.0.64/26");
	leases[2] = takes_lowest(p, "v4", "10.0.0.128/26");
	leases[3] = takes_lowest(p, "v4", "10.0.0.192/26");
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	assert_non_null(strstr(err.detail, "\"capacity\": 4,"));
	err_release(&err);
	stage_release(p->database, leases[2]);
	counts(p, "v4", "4 3 0 1 0 256");
	(void)takes_lowest(p, "v4", "10.0.0.128/26");
	counts(p, "v4", "4 4 0 0 0 256");
}

static void a_worker_gives_blocks_back_and_fills(void **state) {
	struct place *p = *state;
	struct worker_self worker = work_start(p->conn, "w");
	struct allocate ask = client_ask("ports", id_new());
	struct id first, second;
	struct batch *b;

	create(p, "ports", KIND_NUMBER, "64", "64-191");
	first = takes_lowest(p, "ports", "64-127");
	second = takes_lowest(p, "ports", "128-191");
	ask.wait = true;
	b = allocation(&ask);
	client_run(p->conn, b);
	assert_int_equal(((const struct lease *)batch_row(b, 0, 0))->state, LEASE_PENDING);
	batch_free(b);
	(void)work_release(p->conn, first);
	work_all(p->conn, &worker);
	counts(p, "ports", "2 2 0 0 0 128");
	work_says(p->database,
	    "select after->>'value' from berth.event where action = 'fill' and target = ", ask.id, "64-127");
	database_run(p->database, "update berth.pool set reuse_delay = 3600000000");
	(void)work_release(p->conn, second);
	work_all(p->conn, &worker);
	counts(p, "ports", "2 1 1 0 0 128");
	work_end_rest(p->database, second);
	work_all(p->conn, &worker);
	counts(p, "ports", "2 1 0 1 0 128");
}

static void many_are_taken_at_once(void **state) {
	struct place *p = *state;
	struct allocate ask = client_ask("ports", id_new());
	struct batch *b;
	struct buf text = {0};

	create(p, "ports", KIND_NUMBER, "64", "1024-2047");
	ask.count = 5;
	b = allocation(&ask);
	client_run(p->conn, b);
	lease_value(batch_row(b, 0, 4), &text);
	assert_string_equal(buf_text(&text), "1280-1343");
	buf_release(&text);
	batch_free(b);
	counts(p, "ports", "16 5 0 11 0 1024");
}

static struct batch *exclusion(enum kind kind, const char *pool, const char *text) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct exclude one = {.range = range_of(kind, text)};

	pool_exclude_add(b, id_new(), pool, &(struct exclusions){&one, 1}, DETAIL);
	return b;
}

static struct batch *inclusion(enum kind kind, const char *pool, const char *text) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct exclude one = {.range = range_of(kind, text)};

	pool_include_add(b, id_new(), pool, &(struct exclusions){&one, 1}, DETAIL);
	return b;
}

static void run(struct place *p, struct batch *b) {
	client_run(p->conn, b);
	batch_free(b);
}

static void whole_blocks_are_kept_back(void **state) {
	struct place *p = *state;
	struct worker_self worker = work_start(p->conn, "w");
	struct id lease;

	create(p, "v4", KIND_IPV4, "/26", "10.0.0.0/24");
	lease = takes_lowest(p, "v4", "10.0.0.0/26");
	refused(p, exclusion(KIND_IPV4, "v4", "10.0.0.64/27"), ERR_INVALID_INPUT,
	    "range 10.0.0.64/27 is not made of whole blocks: pool v4 gives prefixes of /26",
	    "the nearest that is: 10.0.0.64/26");
	run(p, exclusion(KIND_IPV4, "v4", "10.0.0.0/25"));
	counts(p, "v4", "4 1 1 2 2 256");
	(void)work_release(p->conn, lease);
	work_all(p->conn, &worker);
	counts(p, "v4", "4 0 2 2 2 256");
	(void)takes_lowest(p, "v4", "10.0.0.128/26");
	refused(p, inclusion(KIND_IPV4, "v4", "10.0.0.7"), ERR_INVALID_INPUT,
	    "range 10.0.0.7 is not made of whole blocks: pool v4 gives prefixes of /26",
	    "the nearest that is: 10.0.0.0/26");
	run(p, inclusion(KIND_IPV4, "v4", "10.0.0.64/26"));
	counts(p, "v4", "4 1 1 2 1 256");
	(void)takes_lowest(p, "v4", "10.0.0.64/26");
}

static struct batch *removal(enum kind kind, const char *pool, const char *text) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct range range = range_of(kind, text);

	pool_remove_add(b, id_new(), pool, &range, DETAIL);
	return b;
}

static void whole_blocks_are_removed(void **state) {
	struct place *p = *state;
	struct allocate ask;

	create(p, "ports", KIND_NUMBER, "64", "1024-2047");
	(void)takes_lowest(p, "ports", "1024-1087");
	ask = session_ask_value("ports", id_new(), KIND_NUMBER, "1984-2047");
	ask.holder = "ci";
	(void)takes(p, &ask, "1984-2047");
	refused(p, removal(KIND_NUMBER, "ports", "1100-1500"), ERR_INVALID_INPUT,
	    "range 1100-1500 is not made of whole blocks: pool ports gives blocks of 64 numbers",
	    "the nearest that is: 1152-1471");
	refused(p, removal(KIND_NUMBER, "ports", "1920-2047"), ERR_IN_USE,
	    "range 1920-2047 of pool ports has leases: 1984-2047 (\"ci\")", "release them first");
	run(p, removal(KIND_NUMBER, "ports", "1152-1471"));
	counts(p, "ports", "11 2 0 9 0 704");
	(void)takes_lowest(p, "ports", "1088-1151");
	(void)takes_lowest(p, "ports", "1472-1535");
	session_add_range(p->conn, "ports", KIND_NUMBER, "1152-1471");
	counts(p, "ports", "16 4 0 12 0 1024");
}

/* Checks the first and last value, and the state, of what is found. */
static void finds(struct place *p, enum kind kind, const char *text, const char *expected) {
	struct batch *b = batch_new(BATCH_READ);
	struct range range = range_of(kind, text);
	struct buf found = {0};

	pool_find_add(b, &range, NULL, 100);
	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct stretch *s = batch_row(b, 0, i);
		struct range stretch = {.kind = (enum kind)s->kind, .first = s->first, .last = s->last};

		range_text(&stretch, &found);
		buf_printf(&found, " %s;", s->state);
	}
	assert_string_equal(buf_text(&found), expected);
	buf_release(&found);
	batch_free(b);
}

static void a_value_finds_its_block(void **state) {
	struct place *p = *state;
	struct allocate ask;

	create(p, "v6", KIND_IPV6, "/64", "2001:db8::/48");
	ask = session_ask_value("v6", id_new(), KIND_IPV6, "2001:db8:0:5::/64");
	(void)takes(p, &ask, "2001:db8:0:5::/64");
	finds(p, KIND_IPV6, "2001:db8:0:5::17", "2001:db8:0:5::/64 leased;");
	finds(p, KIND_IPV6, "2001:db8:0:6::17", "2001:db8:0:6::/64 free;");
	run(p, exclusion(KIND_IPV6, "v6", "2001:db8:0:6::/64"));
	finds(p, KIND_IPV6, "2001:db8:0:4::1-2001:db8:0:7::",
	    "2001:db8:0:4::/64 free;2001:db8:0:5::/64 leased;2001:db8:0:6::/64 excluded;2001:db8:0:7::/64 "
	    "free;");
}

/* Returns how many leases the value or block names. */
static size_t named(struct place *p, enum kind kind, const char *text) {
	struct batch *b = batch_new(BATCH_READ);
	struct lease_ask ask = {.by_value = true};
	struct err err = {0};
	size_t n;

	if (!unit_parse(text, kind, &ask.unit, &err)) {
		fail_msg("%s", err.message);
	}
	lease_list_add(b, &ask);
	client_run(p->conn, b);
	n = batch_count(b, 0);
	batch_free(b);
	return n;
}

static void a_value_names_the_lease_of_its_block(void **state) {
	struct place *p = *state;

	create(p, "ports", KIND_NUMBER, "64", "1024-2047");
	create(p, "plain", KIND_NUMBER, NULL, "1024-2047");
	(void)takes_lowest(p, "ports", "1024-1087");
	(void)takes_lowest(p, "plain", "1024");
	assert_int_equal(named(p, KIND_NUMBER, "1030"), 1);
	assert_int_equal(named(p, KIND_NUMBER, "1024"), 2);
	assert_int_equal(named(p, KIND_NUMBER, "1024-1087"), 1);
	assert_int_equal(named(p, KIND_NUMBER, "1024-1086"), 0);
	assert_int_equal(named(p, KIND_NUMBER, "1088"), 0);
}

/* A part of a block that is free, or a range that has one, cannot come from here; doctor would find it. */
static void doctor_finds_parts_of_blocks(void **state) {
	static const char *const breaches[] = {
	    "update berth.stripe set free = '{[1024,1100),[1152,2048)}', room = 15",
	    "update berth.resource set last = last - 1; update berth.stripe set last = last - 1, "
	    "free = '{[1024,1984)}', room = 15",
	};
	struct place *p = *state;

	create(p, "ports", KIND_NUMBER, "64", "1024-2047");
	for (size_t i = 0; i < sizeof breaches / sizeof breaches[0]; i++) {
		database_run(p->database, breaches[i]);
		assert_string_not_equal(
		    database_ask(p->database, "select count(*) from berth.doctor() where found > 0"), "0");
		database_run(p->database, "update berth.resource set last = 2047; update berth.stripe set "
					  "last = 2047, room = 16, free = "
					  "'{[1024,2048)}'");
		session_is_sound(p->conn);
	}
}

/* --- exactly as many blocks as requests --- */

enum { ALLOCATORS = 32, BLOCKS = 1000 };

struct drain {
	size_t asked;
	size_t got;
	size_t failed;
};

static struct batch *ask_one(void *data, size_t client) {
	struct drain *drain = data;
	struct allocate ask = client_ask("thousand", id_new());
	(void)client;

	return drain->asked++ < BLOCKS ? allocation(&ask) : NULL;
}

static void answer_one(void *data, size_t client, struct batch *b, struct err *err) {
	struct drain *drain = data;
	(void)client;
	(void)b;

	drain->got += err->code == ERR_NONE;
	drain->failed += err->code != ERR_NONE;
}

static void all_blocks_are_given_to_many(void **state) {
	struct place *p = *state;
	struct drain drain = {0};
	struct crowd crowd = {ask_one, answer_one, &drain};
	struct allocate ask = client_ask("thousand", id_new());
	struct err err = {0};

	create(p, "thousand", KIND_NUMBER, "77", "77-77076");
	crowd_run(database_values(p->database), ALLOCATORS, &crowd);
	assert_int_equal(drain.failed, 0);
	assert_int_equal(drain.got, BLOCKS);
	assert_string_equal(
	    database_ask(p->database, "select concat_ws(' ', count(distinct value), min(value), max(value),"
				      " count(*) filter (where value % 77 <> 0)) from berth.lease"),
	    "1000 77 77000 0");
	assert_int_equal(session_allocate_fails(p->conn, &ask, &err), ERR_POOL_EXHAUSTED);
	err_release(&err);
	counts(p, "thousand", "1000 1000 0 0 0 77000");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(blocks_are_given_in_order, place_open, place_close),
	    cmocka_unit_test_setup_teardown(
		blocks_of_any_size_begin_at_its_multiples, place_open, place_close),
	    cmocka_unit_test_setup_teardown(widths_reach_from_all_to_one, place_open, place_close),
	    cmocka_unit_test_setup_teardown(a_block_is_taken_exactly, place_open, place_close),
	    cmocka_unit_test_setup_teardown(other_units_are_refused, place_open, place_close),
	    cmocka_unit_test_setup_teardown(ranges_are_made_of_whole_blocks, place_open, place_close),
	    cmocka_unit_test_setup_teardown(pools_of_other_units_do_not_overlap, place_open, place_close),
	    cmocka_unit_test_setup_teardown(blocks_are_exhausted_and_given_again, place_open, place_close),
	    cmocka_unit_test_setup_teardown(a_worker_gives_blocks_back_and_fills, place_open, place_close),
	    cmocka_unit_test_setup_teardown(many_are_taken_at_once, place_open, place_close),
	    cmocka_unit_test_setup_teardown(whole_blocks_are_kept_back, place_open, place_close),
	    cmocka_unit_test_setup_teardown(whole_blocks_are_removed, place_open, place_close),
	    cmocka_unit_test_setup_teardown(a_value_finds_its_block, place_open, place_close),
	    cmocka_unit_test_setup_teardown(a_value_names_the_lease_of_its_block, place_open, place_close),
	    cmocka_unit_test_setup_teardown(doctor_finds_parts_of_blocks, place_open, place_close),
	    cmocka_unit_test_setup_teardown(all_blocks_are_given_to_many, place_open, place_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
