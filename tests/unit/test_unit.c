/*
 * Units: what a lease holds, as it is typed and written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/unit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void values_and_blocks_are_read(void **state) {
	static const struct {
		const char *text;
		enum kind kind;
		bool block;
		const char *first, *last, *written;
	} rows[] = {
	    {"10.0.0.7", KIND_IPV4, false, "167772167", "167772167", "10.0.0.7"},
	    {"10.0.0.7/32", KIND_IPV4, true, "167772167", "167772167", "10.0.0.7/32"},
	    {"10.0.64.0/26", KIND_IPV4, true, "167788544", "167788607", "10.0.64.0/26"},
	    {"10.0.64.0-10.0.64.63", KIND_IPV4, true, "167788544", "167788607", "10.0.64.0/26"},
	    {"::/0", KIND_IPV6, true, "0", "340282366920938463463374607431768211455", "::/0"},
	    {"fd00::8/128", KIND_IPV6, true, "336294682933583715844663186250927177736",
		"336294682933583715844663186250927177736", "fd00::8/128"},
	    {"1024-1087", KIND_NUMBER, true, "1024", "1087", "1024-1087"},
	    {"1024-1024", KIND_NUMBER, true, "1024", "1024", "1024-1024"},
	    {"1024", KIND_NUMBER, false, "1024", "1024", "1024"},
	    {"host-1:4", KIND_HOST, false, "4", "4", "host-1:4"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct unit unit;
		struct err err = {0};
		struct buf text = {0};
		char digits[U128_TEXT];

		if (!unit_guess(rows[i].text, &unit, &err)) {
			fail_msg("%s: %s", rows[i].text, err.message);
		}
		assert_int_equal(unit.kind, rows[i].kind);
		assert_int_equal(unit.block, rows[i].block);
		assert_string_equal(u128_text(unit.first, digits), rows[i].first);
		assert_string_equal(u128_text(unit.last, digits), rows[i].last);
		unit_text(&unit, &text);
		assert_string_equal(buf_text(&text), rows[i].written);
		buf_release(&text);
	}
}

static void bad_ones_are_refused(void **state) {
	static const struct {
		const char *text, *part;
	} rows[] = {
	    {"10.0.64.1/26", "10.0.64.1/26"},
	    {"10.0.64.0/33", "10.0.64.0/33"},
	    {"2001:db8::1/64", "2001:db8::1/64"},
	    {"1087-1024", "it ends before it begins"},
	    {"1024-", "1024-"},
	    {"1024-1087-2000", "1024-1087-2000"},
	    {"host1", "a host needs a slot"},
	    {"-5", "not an address"},
	    {"", "not an address"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct unit unit = {.first = 77};
		struct err err = {0};

		assert_false(unit_guess(rows[i].text, &unit, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_non_null(strstr(err.message, rows[i].part));
		assert_true(unit.first == 77);
		err_release(&err);
	}
}

static void leases_name_their_blocks(void **state) {
	static const struct {
		enum kind kind;
		u128 first;
		const char *unit, *name, *last;
	} rows[] = {
	    {KIND_NUMBER, 1024, "64", "1024-1087", "1087"},
	    {KIND_NUMBER, 300, "100", "300-399", "399"},
	    {KIND_NUMBER, 7, NULL, "7", "7"},
	    {KIND_IPV4, 167788544, "/26", "10.0.64.0/26", "167788607"},
	    {KIND_IPV4, 0, "/0", "0.0.0.0/0", "4294967295"},
	    {KIND_IPV4, 167772167, "/32", "10.0.0.7/32", "167772167"},
	    {KIND_IPV6, 0, "/0", "::/0", "340282366920938463463374607431768211455"},
	    {KIND_IPV6, 0, "/64", "::/64", "18446744073709551615"},
	    {KIND_IPV6, 8, "/128", "::8/128", "8"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf text = {0};
		char digits[U128_TEXT];

		unit_name(rows[i].kind, rows[i].first, "", rows[i].unit, &text);
		assert_string_equal(buf_text(&text), rows[i].name);
		assert_string_equal(
		    u128_text(unit_last(rows[i].kind, rows[i].first, rows[i].unit), digits), rows[i].last);
		buf_release(&text);
	}
}

static void units_of_pools_are_read(void **state) {
	static const struct {
		enum kind kind;
		const char *text, *unit, *words; /* unit NULL: refused */
	} rows[] = {
	    {KIND_IPV6, "64", "/64", "prefixes of /64"},
	    {KIND_IPV6, "/64", "/64", "prefixes of /64"},
	    {KIND_IPV6, "128", "/128", "prefixes of /128"},
	    {KIND_IPV6, "0", "/0", "prefixes of /0"},
	    {KIND_IPV6, "129", NULL, NULL},
	    {KIND_IPV4, "32", "/32", "prefixes of /32"},
	    {KIND_IPV4, "33", NULL, NULL},
	    {KIND_IPV4, "-1", NULL, NULL},
	    {KIND_IPV4, "26 ", NULL, NULL},
	    {KIND_IPV4, "", NULL, NULL},
	    {KIND_NUMBER, "64", "64", "blocks of 64 numbers"},
	    {KIND_NUMBER, "999999999999999999", "999999999999999999", "blocks of 999999999999999999 numbers"},
	    {KIND_NUMBER, "1000000000000000000", NULL, NULL},
	    {KIND_NUMBER, "1", NULL, NULL},
	    {KIND_NUMBER, "0", NULL, NULL},
	    {KIND_NUMBER, "/64", NULL, NULL},
	    {KIND_NUMBER, "6x", NULL, NULL},
	    {KIND_HOST, "4", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char unit[UNIT_TEXT] = "untouched";
		struct err err = {0};
		struct buf words = {0};

		assert_int_equal(unit_check(rows[i].text, rows[i].kind, unit, &err), rows[i].unit != NULL);
		assert_string_equal(unit, rows[i].unit == NULL ? "untouched" : rows[i].unit);
		if (rows[i].unit != NULL) {
			unit_words(unit, &words);
			assert_string_equal(buf_text(&words), rows[i].words);
		}
		buf_release(&words);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_and_blocks_are_read),
	    cmocka_unit_test(bad_ones_are_refused),
	    cmocka_unit_test(leases_name_their_blocks),
	    cmocka_unit_test(units_of_pools_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
