/*
 * A bare word of the console's filter: where it is found, and that windows of
 * leases, pools and resources hold the matches and no others, also inverted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/order.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Created in this order; the holders are single letters. */
static const struct {
	const char *pool;
	const char *holder;
	const char *labels;
} leases[] = {
    {"Ports", "a", "{\"env\": \"prod\"}"},
    {"Ports", "b", "{}"},
    {"edge", "c", "{\"Team/owner\": \"Net\"}"},
    {"edge", "d", "{\"env\": \"test\", \"wide\": \"zulu\"}"},
    {"six", "e", "{\"env\": \"\"}"},
    {"hosts", "f", "{}"},
};

static int open_leases(void **state) {
	struct place *place = place_new();

	*state = place;
	client_pool(place->conn, "Ports", KIND_NUMBER, "31007-31008");
	client_pool(place->conn, "edge", KIND_IPV4, "10.4.1.0/29");
	client_pool(place->conn, "six", KIND_IPV6, "fd00::ab/128");
	client_pool(place->conn, "hosts", KIND_HOST, "Rack-7:2");
	for (size_t i = 0; i < COUNT(leases); i++) {
		struct batch *b = batch_new(BATCH_WRITE);
		struct allocate ask = client_ask(leases[i].pool, id_new());

		ask.holder = leases[i].holder;
		ask.labels = leases[i].labels;
		lease_allocate_add(b, &ask);
		client_run(place->conn, b);
		batch_free(b);
	}
	database_run(place->database,
	    "insert into berth.label (kind, target, prefix, name, value) select 'pool', id, '', 'site', 'FRA'"
	    " from berth.pool where name = 'edge'");
	database_run(place->database, "insert into berth.label (kind, target, prefix, name, value) select "
				      "'resource', id, '', 'row', 'x1'"
				      " from berth.resource where name = '10.4.1.0/29'");
	return 0;
}

/* Appends the holders of a list, oldest first, in windows of one size, read in either direction. */
static void holders(struct place *place, struct lease_ask ask, struct buf *out) {
	size_t got;

	do {
		struct batch *b = batch_new(BATCH_READ);

		lease_list_add(b, &ask);
		client_run(place->conn, b);
		got = batch_count(b, 0);
		for (size_t i = 0; i < got; i++) {
			const struct lease *lease = batch_row(b, 0, ask.backwards ? got - 1 - i : i);

			buf_puts(out, lease->holder);
			ask.after = lease->seq;
		}
		batch_free(b);
	} while ((int64_t)got == ask.limit);
}

/* Returns the filter of a word, or of what does not have it. */
static struct row_filter filter_of(const char *word, bool invert, enum filter_rows rows) {
	struct row_filter filter = {0};
	struct buf text = {0};
	struct err err = {0};

	buf_printf(&text, "%s\"%s\"", invert ? "!" : "", word);
	assert_true(row_filter_parse(buf_text(&text), rows, &filter, &err));
	buf_release(&text);
	return filter;
}

static void find(struct place *place, const char *word, bool invert, const char *expected) {
	struct row_filter filter = filter_of(word, invert, FILTER_LEASES);
	struct buf newer = {0};
	struct buf older = {0};

	for (int64_t limit = 1; limit < 8; limit += 3) {
		holders(place,
		    (struct lease_ask){.filter = &filter, .backwards = true, .after = -1, .limit = limit},
		    &newer);
		holders(place, (struct lease_ask){.filter = &filter, .limit = limit}, &older);
		assert_string_equal(buf_text(&newer), expected);
		assert_int_equal(older.len, newer.len);
		for (size_t i = 0; i < older.len; i++) {
			assert_int_equal(buf_text(&older)[i], expected[older.len - 1 - i]);
		}
		buf_cut(&newer, 0);
		buf_cut(&older, 0);
	}
	buf_release(&newer);
	buf_release(&older);
	row_filter_release(&filter);
}

static void words(struct place *place) {
	static const struct {
		const char *word;
		const char *found;
		const char *others;
	} cases[] = {
	    {"ORT", "ab", "cdef"},      /* the pool's name, which is Ports */
	    {"prod", "a", "bcdef"},     /* a label's value, */
	    {"EnV", "ade", "bcf"},      /* its key, */
	    {"team/own", "c", "abdef"}, /* with its prefix */
	    {"net", "c", "abdef"},
	    {"31008", "b", "acdef"}, /* the value, of each kind */
	    {"4.1.1", "d", "abcef"},
	    {"FD00::A", "e", "abcdf"},
	    {"rack", "f", "abcde"},
	    {"rack-7:1", "f", "abcde"},
	    {"nosuchthing", "", "abcdef"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		find(place, cases[i].word, false, cases[i].found);
		find(place, cases[i].word, true, cases[i].others);
	}
}

static void a_word_is_found(void **state) {
	words(*state);
}

/* A key with so many values that they are not read one by one, and a word that very many of them contain. */
static void among_many_values(void **state) {
	struct place *place = *state;

	database_run(place->database, "insert into berth.label (kind, target, prefix, name, value) select "
				      "'lease', gen_random_uuid(), '', 'wide', 'w' || n"
				      " from generate_series(1, 3000) n");
	words(place);
	find(place, "zulu", false, "d");
	database_run(place->database,
	    "update berth.label set value = 'w-zulu' where name = 'wide' and value = 'zulu'");
	find(place, "w", false, "cd");
	find(place, "W", true, "abef");
	find(place, "wide", false, "d");
}

static void an_id_is_found(void **state) {
	struct place *place = *state;
	const char *id = database_ask(place->database, "select id from berth.lease where holder = 'd'");

	find(place, id, false, "d");
	find(place, id, true, "abcef");
}

static size_t pools(struct place *place, const char *word, bool invert) {
	struct row_filter filter = filter_of(word, invert, FILTER_POOLS);
	struct order order = {.counts = true};
	struct pool_ask ask = {.filter = &filter, .order = &order};
	struct batch *b = batch_new(BATCH_READ);
	size_t count;

	pool_list_add(b, &ask);
	sorted_report_add(b);
	client_run(place->conn, b);
	count = batch_count(b, 0);
	assert_int_equal(((const struct sorting *)batch_row(b, 1, 0))->total, count);
	row_filter_release(&filter);
	batch_free(b);
	return count;
}

static size_t resources(struct place *place, const char *word, bool invert) {
	struct row_filter filter = filter_of(word, invert, FILTER_RESOURCES);
	struct resource_ask ask = {.filter = &filter};
	struct batch *b = batch_new(BATCH_READ);
	size_t count;

	resource_window_add(b, &ask);
	client_run(place->conn, b);
	count = batch_count(b, 0);
	row_filter_release(&filter);
	batch_free(b);
	return count;
}

static void pools_and_resources(void **state) {
	struct place *place = *state;

	assert_int_equal(pools(place, "s", false), 4); /* Ports, six, hosts; edge by its label */
	assert_int_equal(pools(place, "fra", false), 1);
	assert_int_equal(pools(place, "fra", true), 3);
	assert_int_equal(resources(place, "X1", false), 1);
	assert_int_equal(resources(place, "X1", true), 3);
	assert_int_equal(resources(place, "edge", false), 1);
	assert_int_equal(resources(place, "rack", false), 1);
	assert_int_equal(resources(place, "10.4.1.3", false), 1); /* what contains it */
	assert_int_equal(resources(place, "10.4.1.3", true), 3);
	assert_int_equal(resources(place, "10.4.1.4/30", false), 1);
	assert_int_equal(resources(place, "rack-7:3", false), 0);
}

/* Selectors of pools and resources, inverted. */
static void inverted_selectors(void **state) {
	struct place *place = *state;
	struct selector selector = {0};
	struct row_filter filter = {0}, resources = {0};
	struct err err = {0};
	struct batch *b = batch_new(BATCH_READ);

	assert_true(selector_parse("site=FRA", &selector, &err));
	assert_true(row_filter_parse("!site=FRA", FILTER_POOLS, &filter, &err));
	struct order order = {.counts = true};
	struct pool_ask inverted = {.filter = &filter, .order = &order};
	struct pool_ask plain = {.selector = &selector};
	pool_list_add(b, &inverted);
	sorted_report_add(b);
	pool_list_add(b, &plain);
	assert_true(row_filter_parse("!site=FRA", FILTER_RESOURCES, &resources, &err));
	resource_window_add(b, &(struct resource_ask){.filter = &resources});
	resource_window_add(b, &(struct resource_ask){.selector = &selector});
	client_run(place->conn, b);
	assert_int_equal(batch_count(b, 0), 3);
	assert_int_equal(((const struct sorting *)batch_row(b, 1, 0))->total, 3);
	assert_int_equal(batch_count(b, 2), 1);
	assert_int_equal(batch_count(b, 3), 4);
	assert_int_equal(batch_count(b, 4), 0);
	batch_free(b);
	row_filter_release(&filter);
	row_filter_release(&resources);
	selector_release(&selector);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_is_found),
	    cmocka_unit_test(an_id_is_found),
	    cmocka_unit_test(pools_and_resources),
	    cmocka_unit_test(inverted_selectors),
	    cmocka_unit_test(among_many_values),
	};

	return cmocka_run_group_tests_name("search", tests, open_leases, place_close);
}
