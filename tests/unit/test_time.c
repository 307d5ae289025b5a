#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define S INT64_C(1000000)
#define M (60 * S)
#define H (60 * M)
#define D (24 * H)
#define LAST INT64_C(253402300799999999) /* of the year 9999 */

static void durations_are_read(void **state) {
	static const struct {
		const char *text;
		int64_t us;
		const char *canonical;
	} rows[] = {
	    {"0s", 0, "0s"},
	    {"0d", 0, "0s"},
	    {"1us", 1, "1us"},
	    {"500ms", S / 2, "500ms"},
	    {"1000ms", S, "1s"},
	    {"90s", 90 * S, "90s"},
	    {"60s", M, "1m"},
	    {"15m", 15 * M, "15m"},
	    {"2h", 2 * H, "2h"},
	    {"7d", 7 * D, "7d"},
	    {"007d", 7 * D, "7d"},
	    {"168h", 7 * D, "7d"},
	    {"25h", 25 * H, "25h"},
	    {"1000000d", DURATION_MAX, "1000000d"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		struct buf text = {0};
		int64_t us = -1;

		assert_true(duration_parse(rows[i].text, &us, &err));
		assert_true(us == rows[i].us);
		duration_text(us, &text);
		assert_string_equal(buf_text(&text), rows[i].canonical);
		buf_release(&text);
	}
}

static void durations_are_refused(void **state) {
	static const char *const rows[] = {"", "s", "90", "90 s", " 90s", "90s ", "-90s", "+90s", "1.5h",
	    "1h30m", "90S", "90sec", "2w", "1000001d", "24000001h", "86400000001s", "9223372036854775807d",
	    "18446744073709551617s", "340282366920938463463374607431768211457s"};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		int64_t us = -1;

		assert_false(duration_parse(rows[i], &us, &err));
		assert_int_equal(us, -1);
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_non_null(strstr(err.message, rows[i]));
		err_release(&err);
	}
}

static void durations_of_any_sign_are_written(void **state) {
	struct buf text = {0};
	(void)state;

	duration_text(-90 * S, &text);
	assert_string_equal(buf_text(&text), "-90s");
	buf_cut(&text, 0);
	duration_text(INT64_MIN, &text);
	assert_string_equal(buf_text(&text), "-9223372036854775808us");
	buf_release(&text);
}

static void instants_are_read(void **state) {
	static const struct {
		const char *text;
		int64_t us;
		const char *canonical;
	} rows[] = {
	    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000000Z"},
	    {"1970-01-01", 0, "1970-01-01T00:00:00.000000Z"},
	    {"2026-11-21T13:04:05Z", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21t13:04:05z", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21 13:04:05Z", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21T14:04:05+01:00", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21T07:34:05-05:30", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21T13:04:05-00:00", 1795266245 * S, "2026-11-21T13:04:05.000000Z"},
	    {"2026-11-21T13:04:05.25Z", 1795266245 * S + 250000, "2026-11-21T13:04:05.250000Z"},
	    {"2026-11-21T13:04:05.000001Z", 1795266245 * S + 1, "2026-11-21T13:04:05.000001Z"},
	    {"2026-11-21T13:04:05.1234567Z", 1795266245 * S + 123456, "2026-11-21T13:04:05.123456Z"},
	    {"2026-11-21T13:04:05.9999999999999999999999+00:00", 1795266245 * S + 999999,
		"2026-11-21T13:04:05.999999Z"},
	    {"2026-11-21 13:04:60.5z", 1795266300 * S + 500000, "2026-11-21T13:05:00.500000Z"},
	    {"2016-12-31T23:59:60Z", 1483228800 * S, "2017-01-01T00:00:00.000000Z"},
	    {"2024-02-29T23:59:60Z", 1709251200 * S, "2024-03-01T00:00:00.000000Z"},
	    {"2017-01-01T01:59:60+02:00", 1483228800 * S, "2017-01-01T00:00:00.000000Z"},
	    {"2026-11-21", 1795219200 * S, "2026-11-21T00:00:00.000000Z"},
	    {"2024-02-29T23:59:59Z", 1709251199 * S, "2024-02-29T23:59:59.000000Z"},
	    {"2000-02-29", 951782400 * S, "2000-02-29T00:00:00.000000Z"},
	    {"1969-12-31T23:30:00-01:00", 30 * M, "1970-01-01T00:30:00.000000Z"},
	    {"9999-12-31T23:59:59.999999Z", LAST, "9999-12-31T23:59:59.999999Z"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		struct buf text = {0};
		int64_t us = -1;

		assert_true(instant_parse(rows[i].text, &us, &err));
		assert_true(us == rows[i].us);
		instant_text(us, &text);
		assert_string_equal(buf_text(&text), rows[i].canonical);
		buf_release(&text);
	}
}

static void instants_are_refused(void **state) {
	static const char *const rows[] = {
	    "",
	    "now",
	    "2026",
	    "2026-11",
	    "2026-1-1",
	    "26-11-21",
	    "02026-11-21",
	    "2026/11/21",
	    "20261121T130405Z",
	    "2026-00-01",
	    "2026-13-01",
	    "2026-11-00",
	    "2026-11-31",
	    "2026-02-29",
	    "2100-02-29",
	    "2026-02-30T00:00:00Z",
	    "2026-11-21T",
	    "2026-11-21Z",
	    "2026-11-21T13:04Z",
	    "2026-11-21T13:04:05",
	    "2026-11-21T24:00:00Z",
	    "2026-11-21T13:60:00Z",
	    "2026-11-21T13:04:61Z",
	    "2026-02-29T23:59:60Z",
	    "2026-11-21T13:04:05.Z",
	    "2026-11-21T13:04:05,5Z",
	    "2026-11-21T13:04:05.1234567",
	    "2026-11-21T13:04:05.1234567.8Z",
	    "2026-11-21T13:04:05.12345x7Z",
	    "2026-11-21T13:04:05+24:00",
	    "2026-11-21T13:04:05+01:60",
	    "2026-11-21T13:04:05+0100",
	    "2026-11-21T13:04:05+01",
	    "2026-11-21T13:04:05ZZ",
	    "2026-11-21T13:04:05Z ",
	    " 2026-11-21",
	    "2026-11-21  13:04:05Z",
	    "2026-11-21T-1:04:05Z",
	    "1969-12-31",
	    "0000-01-01",
	    "1970-01-01T00:00:00+00:01",
	    "9999-12-31T23:59:59-00:01",
	    "9999-12-31T23:59:60Z",
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		int64_t us = -1;

		assert_false(instant_parse(rows[i], &us, &err));
		assert_int_equal(us, -1);
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_non_null(strstr(err.message, rows[i]));
		err_release(&err);
	}
}

static void instants_before_1970_are_written(void **state) {
	struct buf text = {0};
	(void)state;

	instant_text(-1, &text);
	assert_string_equal(buf_text(&text), "1969-12-31T23:59:59.999999Z");
	buf_release(&text);
}

static void every_day_reads_as_it_was_written(void **state) {
	(void)state;

	for (int64_t us = 12345; us < LAST; us += 97 * D + H) {
		struct err err = {0};
		struct buf text = {0};
		int64_t again = -1;

		instant_text(us, &text);
		assert_true(instant_parse(buf_text(&text), &again, &err));
		assert_true(again == us);
		buf_release(&text);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(durations_are_read),
	    cmocka_unit_test(durations_are_refused),
	    cmocka_unit_test(durations_of_any_sign_are_written),
	    cmocka_unit_test(instants_are_read),
	    cmocka_unit_test(instants_are_refused),
	    cmocka_unit_test(instants_before_1970_are_written),
	    cmocka_unit_test(every_day_reads_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
