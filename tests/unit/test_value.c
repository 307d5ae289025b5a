#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/address.h"
#include "model/syntax/range.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NAME_63 "h23456789012345678901234567890123456789012345678901234567890123"

static void ranges_are_read(void **state) {
	static const struct {
		enum kind kind;
		const char *text;
		const char *canonical;
	} rows[] = {
	    {KIND_IPV4, "10.0.0.0/24", "10.0.0.0/24"},
	    {KIND_IPV4, "10.0.0.5", "10.0.0.5"},
	    {KIND_IPV4, "10.0.0.5/32", "10.0.0.5"},
	    {KIND_IPV4, "10.0.0.5-10.0.0.5", "10.0.0.5"},
	    {KIND_IPV4, "10.0.0.5-10.0.0.9", "10.0.0.5-10.0.0.9"},
	    {KIND_IPV4, "10.0.0.0-10.0.0.255", "10.0.0.0/24"},
	    {KIND_IPV4, "10.0.0.1-10.0.0.2", "10.0.0.1-10.0.0.2"}, /* a power of two, not aligned */
	    {KIND_IPV4, "10.0.0.2-10.0.0.3", "10.0.0.2/31"},
	    {KIND_IPV4, "10.0.0.4-10.0.0.6", "10.0.0.4-10.0.0.6"},
	    {KIND_IPV4, "0.0.0.0/0", "0.0.0.0/0"},
	    {KIND_IPV4, "0.0.0.0-255.255.255.255", "0.0.0.0/0"},
	    {KIND_IPV4, "255.255.255.255", "255.255.255.255"},
	    {KIND_IPV6, "fd00::/64", "fd00::/64"},
	    {KIND_IPV6, "FD00:0:0:0::/64", "fd00::/64"},
	    {KIND_IPV6, "fd00::1", "fd00::1"},
	    {KIND_IPV6, "fd00::1/128", "fd00::1"},
	    {KIND_IPV6, "fd00::1-fd00::9", "fd00::1-fd00::9"},
	    {KIND_IPV6, "::/0", "::/0"},
	    {KIND_IPV6, "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"},
	    {KIND_IPV6, "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	    {KIND_IPV6, "8000::/1", "8000::/1"},
	    {KIND_IPV6, "::ffff:10.0.0.0/120", "::ffff:10.0.0.0/120"}, /* v4-mapped is IPv6 */
	    {KIND_NUMBER, "7", "7"},
	    {KIND_NUMBER, "7-7", "7"},
	    {KIND_NUMBER, "0", "0"},
	    {KIND_NUMBER, "100-4094", "100-4094"},
	    {KIND_NUMBER, "0-255", "0-255"}, /* no prefix form for numbers */
	    {KIND_NUMBER, "0-9223372036854775807", "0-9223372036854775807"},
	    {KIND_HOST, "host1", "host1"},
	    {KIND_HOST, "host1:1", "host1"},
	    {KIND_HOST, "host1:4", "host1:4"},
	    {KIND_HOST, "10.0.0.5:2", "10.0.0.5:2"},
	    {KIND_HOST, "db-1.fra_2:12", "db-1.fra_2:12"},
	    {KIND_HOST, NAME_63 ":9223372036854775807", NAME_63 ":9223372036854775807"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf text = {0};
		struct err err = {0};
		struct range r;
		struct range again;

		assert_true(range_parse(rows[i].text, rows[i].kind, &r, &err));
		assert_int_equal(r.kind, rows[i].kind);
		assert_int_equal(r.host[0] != '\0', rows[i].kind == KIND_HOST);
		range_text(&r, &text);
		assert_string_equal(buf_text(&text), rows[i].canonical);
		assert_true(range_parse(buf_text(&text), rows[i].kind, &again, &err));
		assert_true(again.first == r.first && again.last == r.last);
		assert_string_equal(again.host, r.host);
		buf_release(&text);
	}
}

static void ranges_have_their_ends(void **state) {
	struct err err = {0};
	struct range r;
	(void)state;

	assert_true(range_parse("10.1.2.0/23", KIND_IPV4, &r, &err));
	assert_true(r.first == 0x0a010200 && r.last == 0x0a0103ff);
	assert_true(range_parse("::/0", KIND_IPV6, &r, &err));
	assert_true(r.first == 0 && r.last == U128_MAX);
	assert_true(range_parse("fd00::/64", KIND_IPV6, &r, &err));
	assert_true(r.first == (u128)0xfd00 << 112 && r.last == ((u128)0xfd00 << 112 | UINT64_MAX));
	assert_true(range_parse("100-4094", KIND_NUMBER, &r, &err));
	assert_true(r.first == 100 && r.last == 4094);
	assert_true(range_parse("host1:4", KIND_HOST, &r, &err));
	assert_true(r.first == 1 && r.last == 4);
	assert_string_equal(r.host, "host1");
}

static void ranges_are_refused(void **state) {
	static const struct {
		enum kind kind;
		const char *text;
		const char *hint; /* part of it, or NULL for none */
	} rows[] = {
	    {KIND_IPV4, "", NULL},
	    {KIND_IPV4, "10.0.0.1/24", "10.0.0.0/24?"},
	    {KIND_IPV4, "10.0.0.255/0", "0.0.0.0/0?"},
	    {KIND_IPV4, "10.0.0.1/31", "10.0.0.0/31?"},
	    {KIND_IPV4, "10.0.0/24", NULL},
	    {KIND_IPV4, "10/8", NULL},
	    {KIND_IPV4, "10.0.0.0/33", NULL},
	    {KIND_IPV4, "10.0.0.0/", NULL},
	    {KIND_IPV4, "10.0.0.0/024", NULL},
	    {KIND_IPV4, "10.0.0.0/00", NULL},
	    {KIND_IPV4, "10.0.0.0/-1", NULL},
	    {KIND_IPV4, "10.0.0.0/+8", NULL},
	    {KIND_IPV4, "10.0.0.0/8/8", NULL},
	    {KIND_IPV4, "10.0.0.0/255.255.255.0", NULL},
	    {KIND_IPV4, "10.0.0.0/4294967304", NULL},
	    {KIND_IPV4, "010.0.0.0/24", NULL},
	    {KIND_IPV4, "10.00.0.0", NULL},
	    {KIND_IPV4, "10.0.0.01", NULL},
	    {KIND_IPV4, "10.0.0.256", NULL},
	    {KIND_IPV4, "10.0.0.0.0", NULL},
	    {KIND_IPV4, "0x0a.0.0.1", NULL},
	    {KIND_IPV4, "167772160", NULL},
	    {KIND_IPV4, " 10.0.0.1", NULL},
	    {KIND_IPV4, "10.0.0.1 ", NULL},
	    {KIND_IPV4, "10.0.0.1 - 10.0.0.2", NULL},
	    {KIND_IPV4, "10.0.0.0 /24", NULL},
	    {KIND_IPV4, "10.0.0.9-10.0.0.5", "10.0.0.5-10.0.0.9?"},
	    {KIND_IPV4, "10.0.0.5-", NULL},
	    {KIND_IPV4, "-10.0.0.5", NULL},
	    {KIND_IPV4, "10.0.0.5-9", NULL},
	    {KIND_IPV4, "10.0.0.1-10.0.0.2-10.0.0.3", NULL},
	    {KIND_IPV4, "10.0.0.0/24-10.0.1.0/24", NULL},
	    {KIND_IPV4, "fd00::1", NULL},
	    {KIND_IPV4, "::ffff:10.0.0.1", NULL},
	    {KIND_IPV4, "host1", NULL},
	    {KIND_IPV6, "10.0.0.0/24", NULL},
	    {KIND_IPV6, "fd00::1/64", "fd00::/64?"},
	    {KIND_IPV6, "::1/0", "::/0?"},
	    {KIND_IPV6, "fd00::/129", NULL},
	    {KIND_IPV6, "fd00::1::2", NULL},
	    {KIND_IPV6, "fd00:1", NULL},
	    {KIND_IPV6, "fe80::1%eth0", NULL},
	    {KIND_IPV6, "[fd00::1]", NULL},
	    {KIND_IPV6, "::ffff:010.0.0.1", NULL},
	    {KIND_IPV6, "12345::", NULL},
	    {KIND_IPV6, "1:2:3:4:5:6:7:8:9", NULL},
	    {KIND_IPV6, "fd00::9-fd00::1", "fd00::1-fd00::9?"},
	    {KIND_IPV6, "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL},
	    {KIND_NUMBER, "", NULL},
	    {KIND_NUMBER, "-", NULL},
	    {KIND_NUMBER, "-5", NULL},
	    {KIND_NUMBER, "5-", NULL},
	    {KIND_NUMBER, "1--2", NULL},
	    {KIND_NUMBER, "1-2-3", NULL},
	    {KIND_NUMBER, "1 - 2", NULL},
	    {KIND_NUMBER, "+1", NULL},
	    {KIND_NUMBER, "0x10", NULL},
	    {KIND_NUMBER, "1.5", NULL},
	    {KIND_NUMBER, "1/2", NULL},
	    {KIND_NUMBER, "4094-100", "100-4094?"},
	    {KIND_NUMBER, "9223372036854775808", NULL},
	    {KIND_NUMBER, "0-9223372036854775808", NULL},
	    {KIND_NUMBER, "340282366920938463463374607431768211456", NULL},
	    {KIND_HOST, "", NULL},
	    {KIND_HOST, ":4", NULL},
	    {KIND_HOST, "host1:", NULL},
	    {KIND_HOST, "host1:0", NULL},
	    {KIND_HOST, "host1:-1", NULL},
	    {KIND_HOST, "host1:x", NULL},
	    {KIND_HOST, "host1: 4", NULL},
	    {KIND_HOST, "host1:4:4", NULL},
	    {KIND_HOST, "host1:9223372036854775808", NULL},
	    {KIND_HOST, "host 1", NULL},
	    {KIND_HOST, "-host1", NULL},
	    {KIND_HOST, "host1/24", NULL},
	    {KIND_HOST, "h\xc3\xb6st", NULL},
	    {KIND_HOST, NAME_63 "4", NULL},
	    {KIND_HOST, NAME_63 NAME_63 NAME_63 ":2", NULL},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		struct range r = {.host = "untouched"};

		assert_false(range_parse(rows[i].text, rows[i].kind, &r, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_string_equal(r.host, "untouched");
		if (strlen(rows[i].text) < 100) {
			size_t name = strcspn(rows[i].text, rows[i].kind == KIND_HOST ? ":" : "");
			char part[100] = "";

			memcpy(part, rows[i].text, name);
			assert_non_null(strstr(err.message, part));
		}
		assert_int_equal(err.hint != NULL, rows[i].hint != NULL);
		if (rows[i].hint != NULL) {
			assert_non_null(strstr(err.hint == NULL ? "" : err.hint, rows[i].hint));
		}
		err_release(&err);
	}
}

static void a_refusal_says_why(void **state) {
	struct err err = {0};
	struct range r;
	(void)state;

	assert_false(range_parse("10.0.0.1/24", KIND_IPV4, &r, &err));
	assert_string_equal(err.message, "range \"10.0.0.1/24\": host bits are set after the prefix");
	assert_string_equal(err.hint, "did you mean 10.0.0.0/24?");
	assert_false(range_parse("10.0.0.5-10.0.0.x", KIND_IPV4, &r, &err));
	assert_non_null(strstr(err.message, "\"10.0.0.x\" is not an IPv4 address"));
	err_release(&err);
}

static void kinds_are_guessed(void **state) {
	static const struct {
		const char *text;
		int kind; /* -1: none */
	} rows[] = {
	    {"10.0.0.0/24", KIND_IPV4},
	    {"10.0.0.5-10.0.0.9", KIND_IPV4},
	    {"10.0.0.5", KIND_IPV4},
	    {"10.0.0/24", KIND_IPV4}, /* a slip is not a host */
	    {"fd00::/64", KIND_IPV6},
	    {"fd00::1-fd00::9", KIND_IPV6},
	    {"::/0", KIND_IPV6},
	    {"1:2:3:4:5:6:7:8", KIND_IPV6},
	    {"::ffff:10.0.0.1", KIND_IPV6},
	    {"7", KIND_NUMBER},
	    {"100-4094", KIND_NUMBER},
	    {"100-", KIND_NUMBER},
	    {"host1", KIND_HOST},
	    {"host1:4", KIND_HOST},
	    {"abc:4", KIND_HOST}, /* hex, but one colon */
	    {"dead-beef", KIND_HOST},
	    {"Z9", KIND_HOST},
	    {"10.0.0.5:2", KIND_HOST},
	    {"9to5", KIND_HOST},
	    {"", -1},
	    {"-5", -1},
	    {" 7", -1},
	    {"/24", -1},
	    {":4", -1},
	    {"\xc3\xa9", -1},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		enum kind kind = KIND_HOST;

		assert_int_equal(value_guess_kind(rows[i].text, &kind), rows[i].kind >= 0);
		assert_int_equal(kind, rows[i].kind >= 0 ? rows[i].kind : KIND_HOST);
	}
}

static void values_are_read_and_written(void **state) {
	static const struct {
		enum kind kind;
		const char *text;
		const char *canonical;
	} rows[] = {
	    {KIND_IPV4, "10.0.0.7", "10.0.0.7"},
	    {KIND_IPV4, "0.0.0.0", "0.0.0.0"},
	    {KIND_IPV4, "255.255.255.255", "255.255.255.255"},
	    {KIND_IPV6, "FD00:0000::0001", "fd00::1"},
	    {KIND_IPV6, "::", "::"},
	    {KIND_IPV6, "::1", "::1"},
	    {KIND_IPV6, "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* one group is not shortened */
	    {KIND_IPV6, "2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          /* the longest run */
	    {KIND_IPV6, "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    /* the first of equal ones */
	    {KIND_IPV6, "::ffff:1.2.3.4", "::ffff:1.2.3.4"},
	    {KIND_IPV6, "::ffff:102:304", "::ffff:1.2.3.4"},
	    {KIND_IPV6, "::1:0", "::1:0"},
	    {KIND_IPV6, "::1.2.3.4", "::102:304"},
	    {KIND_IPV6, "::ffff", "::ffff"},
	    {KIND_NUMBER, "0", "0"},
	    {KIND_NUMBER, "100", "100"},
	    {KIND_NUMBER, "0100", "100"},
	    {KIND_NUMBER, "9223372036854775807", "9223372036854775807"},
	    {KIND_HOST, "host1:2", "host1:2"},
	    {KIND_HOST, NAME_63 ":1", NAME_63 ":1"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf text = {0};
		struct err err = {0};
		char host[HOST_TEXT] = "?";
		enum kind kind = rows[i].kind == KIND_HOST ? KIND_IPV4 : KIND_HOST;
		u128 value = 0;

		assert_true(value_parse(rows[i].text, rows[i].kind, &value, host, &err));
		assert_int_equal(host[0] != '\0', rows[i].kind == KIND_HOST);
		value_text(rows[i].kind, value, host, &text);
		assert_string_equal(buf_text(&text), rows[i].canonical);
		assert_true(value_guess_kind(rows[i].text, &kind));
		assert_true(kind == rows[i].kind);
		buf_release(&text);
	}
}

static void a_value_of_no_kind_is_refused(void **state) {
	static const char *const texts[] = {"host1", "10.0.0", "1-7", "-7", ""};
	(void)state;

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct err err = {0};
		char host[HOST_TEXT] = "untouched";
		enum kind kind = KIND_IPV6;
		u128 value = 77;

		assert_false(
		    value_guess_kind(texts[i], &kind) && value_parse(texts[i], kind, &value, host, &err));
		assert_true(value == 77);
		assert_string_equal(host, "untouched");
		err_release(&err);
	}
}

static void values_are_refused(void **state) {
	static const struct {
		enum kind kind;
		const char *text;
		const char *hint;
	} rows[] = {
	    {KIND_IPV4, "10.0.0.7/32", NULL},
	    {KIND_IPV4, "10.0.0.7-10.0.0.7", NULL},
	    {KIND_IPV4, "10.0.0", NULL},
	    {KIND_IPV4, "10.0.0.07", NULL},
	    {KIND_IPV4, "", NULL},
	    {KIND_IPV6, "fd00::1/128", NULL},
	    {KIND_IPV6, "10.0.0.7", NULL},
	    {KIND_NUMBER, "1-1", NULL},
	    {KIND_NUMBER, "-1", NULL},
	    {KIND_NUMBER, "-0", NULL},
	    {KIND_NUMBER, "9223372036854775808", NULL},
	    {KIND_NUMBER, "ten", NULL},
	    {KIND_HOST, "host1", "host1:1?"},
	    {KIND_HOST, "host1:0", NULL},
	    {KIND_HOST, "host1:", NULL},
	    {KIND_HOST, ":1", NULL},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};
		char host[HOST_TEXT] = "untouched";
		u128 value = 77;

		assert_false(value_parse(rows[i].text, rows[i].kind, &value, host, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_true(value == 77);
		assert_string_equal(host, "untouched");
		assert_int_equal(err.hint != NULL, rows[i].hint != NULL);
		if (rows[i].hint != NULL) {
			assert_non_null(strstr(err.hint == NULL ? "" : err.hint, rows[i].hint));
		}
		err_release(&err);
	}
}

static void an_address_is_all_of_its_bytes(void **state) {
	u128 address = 77;
	(void)state;

	assert_false(address_parse(KIND_IPV4, "10.0.0.1\0x", 10, &address));
	assert_true(address == 77);
	assert_true(address_parse(KIND_IPV4, "10.0.0.12", 8, &address));
	assert_true(address == 0x0a000001);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranges_are_read),
	    cmocka_unit_test(ranges_have_their_ends),
	    cmocka_unit_test(ranges_are_refused),
	    cmocka_unit_test(a_refusal_says_why),
	    cmocka_unit_test(kinds_are_guessed),
	    cmocka_unit_test(values_are_read_and_written),
	    cmocka_unit_test(a_value_of_no_kind_is_refused),
	    cmocka_unit_test(values_are_refused),
	    cmocka_unit_test(an_address_is_all_of_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
