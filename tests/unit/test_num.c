#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "db/base/num.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define U128_MAX_TEXT "340282366920938463463374607431768211455"

static void wide_numbers_are_read_and_written(void **state) {
	static const struct {
		const char *text;
		u128 value;
	} rows[] = {
	    {"0", 0},
	    {"9", 9},
	    {"10", 10},
	    {"18446744073709551615", UINT64_MAX},
	    {"18446744073709551616", (u128)UINT64_MAX + 1},
	    {"340282366920938463463374607431768211454", U128_MAX - 1},
	    {U128_MAX_TEXT, U128_MAX},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[U128_TEXT];
		u128 value = 1;

		assert_true(u128_parse(rows[i].text, strlen(rows[i].text), &value));
		assert_true(value == rows[i].value);
		assert_string_equal(u128_text(rows[i].value, text), rows[i].text);
	}
}

static void wide_numbers_are_digits_only(void **state) {
	static const char *const rows[] = {"", "-1", "+1", " 1", "1 ", "0x1", "1a",
	    "340282366920938463463374607431768211456", "3402823669209384634633746074317682114550",
	    "999999999999999999999999999999999999999"};
	u128 value = 7;
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(u128_parse(rows[i], strlen(rows[i]), &value));
	}
	assert_true(value == 7);
	assert_true(u128_parse("123x", 3, &value));
	assert_true(value == 123);
}

static void integers_keep_to_their_limits(void **state) {
	static const struct {
		const char *text;
		int64_t min, max;
		bool ok;
		int64_t value;
	} rows[] = {
	    {"0", 0, 10, true, 0},
	    {"10", 0, 10, true, 10},
	    {"11", 0, 10, false, 0},
	    {"-1", 0, 10, false, 0},
	    {"-1", -1, 10, true, -1},
	    {"007", 0, 10, true, 7},
	    {"-0", 0, 10, true, 0},
	    {"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
	    {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
	    {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
	    {"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
	    {"", INT64_MIN, INT64_MAX, false, 0},
	    {"-", INT64_MIN, INT64_MAX, false, 0},
	    {"--1", INT64_MIN, INT64_MAX, false, 0},
	    {"+1", INT64_MIN, INT64_MAX, false, 0},
	    {" 1", INT64_MIN, INT64_MAX, false, 0},
	    {"1 ", INT64_MIN, INT64_MAX, false, 0},
	    {"1.0", INT64_MIN, INT64_MAX, false, 0},
	    {"1e3", INT64_MIN, INT64_MAX, false, 0},
	    {"99999999999999999999999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = -77;

		assert_int_equal(int_parse(rows[i].text, rows[i].min, rows[i].max, &value), rows[i].ok);
		assert_true(value == (rows[i].ok ? rows[i].value : -77));
	}
}

static struct count count_of(const char *digits) {
	struct count count = {0};

	(void)snprintf(count.digits, sizeof count.digits, "%s", digits);
	return count;
}

static void counts_are_short_for_people(void **state) {
	static const struct {
		const char *digits, *text;
	} rows[] = {
	    {"0", "0"},
	    {"7", "7"},
	    {"99999", "99999"},
	    {"100000", "100k"},
	    {"999999", "999k"},
	    {"1000000", "1.0M"},
	    {"1999999", "1.9M"},
	    {"19999999", "19M"},
	    {"187875590", "187M"},
	    {"4294967296", "4.2G"},
	    {"1099511627776", "1.0T"},
	    {"1125899906842624", "1.1P"},
	    {"18446744073709551616", "18E"},
	    {"999999999999999999999", "999E"},
	    {"1000000000000000000000", "1.0e21"},
	    {"340282366920938463463374607431768211456", "3.4e38"},
	    {"999999999999999999999999999999999999999999999999999999999999999", "9.9e62"},
	    {"000", "0"},
	    {"0000123456", "123k"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[8];

		assert_string_equal(count_short(count_of(rows[i].digits), text), rows[i].text);
		assert_true(strlen(text) <= 6);
	}
}

static void counts_as_reals(void **state) {
	(void)state;
	assert_true(count_real(count_of("0")) == 0.0);
	assert_true(count_real(count_of("4096")) == 4096.0);
	assert_true(count_real(count_of("340282366920938463463374607431768211456")) == 0x1p128);
	assert_true(count_is_zero(count_of("0")));
	assert_true(count_is_zero(count_of("00")));
	assert_false(count_is_zero(count_of("10")));
	assert_false(count_is_zero(count_of("01")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wide_numbers_are_read_and_written),
	    cmocka_unit_test(wide_numbers_are_digits_only),
	    cmocka_unit_test(integers_keep_to_their_limits),
	    cmocka_unit_test(counts_are_short_for_people),
	    cmocka_unit_test(counts_as_reals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
