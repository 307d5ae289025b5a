#include "db/base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/clock.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct id parse(const char *text) {
	struct id id;

	assert_true(id_parse(text, &id));
	return id;
}

static void ids_are_read_and_written(void **state) {
	static const char *const rows[] = {"00000000-0000-0000-0000-000000000001",
	    "ffffffff-ffff-ffff-ffff-ffffffffffff", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"};
	char text[ID_TEXT];
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_string_equal(id_text(parse(rows[i]), text), rows[i]);
	}
	assert_true(id_equal(
	    parse("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"), parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")));
	assert_false(id_equal(parse(rows[0]), parse(rows[1])));
}

static void other_forms_are_refused(void **state) {
	static const char *const rows[] = {"", "x", "00000000-0000-0000-0000-000000000000",
	    "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
	    "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8 ",
	    " 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
	    "6ba7b810-9dad-11d1-80b4-00c04fd430c88", "6ba7b810_9dad_11d1_80b4_00c04fd430c8",
	    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"};
	struct id id = {"untouched"};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(id_parse(rows[i], &id));
	}
	assert_string_equal((const char *)id.bytes, "untouched");
}

/* Returns the milliseconds in a new id. */
static int64_t time_of(struct id id) {
	int64_t ms = 0;

	for (int i = 0; i < 6; i++) {
		ms = ms << 8 | id.bytes[i];
	}
	return ms;
}

static void new_ids_tell_the_time(void **state) {
	int64_t before = clock_now() / 1000;
	struct id id = id_new();
	(void)state;

	assert_int_equal(id.bytes[6] >> 4, 7);
	assert_int_equal(id.bytes[8] >> 6, 2);
	assert_in_range(time_of(id), before, clock_now() / 1000 + 1);
}

/* More of them than a millisecond has fractions. */
static void new_ids_are_in_order(void **state) {
	enum { IDS = 100000 };
	struct id last = id_new();
	struct id first = last;
	(void)state;

	for (int i = 0; i < IDS; i++) {
		struct id id = id_new();

		assert_true(memcmp(last.bytes, id.bytes, sizeof id.bytes) < 0);
		last = id;
	}
	assert_memory_not_equal(first.bytes + 8, last.bytes + 8, 8);
}

/* They are stored in users' databases, so they must never change. */
static void derived_ids_are_stable(void **state) {
	static const struct {
		const char *base;
		uint64_t n;
		const char *derived;
	} rows[] = {
	    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", 0, "6af613b6-569c-5c22-9c37-2ed93f31d3af"},
	    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", 1, "b04965e6-a9bb-591f-8f8a-1adcb2c8dc39"},
	    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", 2, "4b166dbe-d99d-5091-abdd-95b83330ed3a"},
	    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", UINT64_MAX, "83f7edcd-94f5-5bea-9fc2-7dc1ff3dda61"},
	    {"00000000-0000-0000-0000-000000000001", 10000, "aaa3a1e5-8738-51b0-9a3f-1c03fff2be9d"},
	};
	char text[ID_TEXT];
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_string_equal(
		    id_text(id_derive(parse(rows[i].base), rows[i].n), text), rows[i].derived);
	}
}

static void nil_is_none(void **state) {
	(void)state;
	assert_true(id_is_nil((struct id){0}));
	assert_false(id_is_nil(id_new()));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_read_and_written),
	    cmocka_unit_test(other_forms_are_refused),
	    cmocka_unit_test(new_ids_tell_the_time),
	    cmocka_unit_test(new_ids_are_in_order),
	    cmocka_unit_test(derived_ids_are_stable),
	    cmocka_unit_test(nil_is_none),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
