#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/err.h"
#include "model/syntax/name.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void names(void **state) {
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
	    {"a", true},
	    {"Z", true},
	    {"0", true},
	    {"fra-edge-v4", true},
	    {"a._-", true},
	    {"9.9", true},
	    {SIXTY "abc", true},
	    {SIXTY "abcd", false},
	    {"", false},
	    {"-a", false},
	    {".a", false},
	    {"_a", false},
	    {"a b", false},
	    {" a", false},
	    {"a ", false},
	    {"a/b", false},
	    {"a:b", false},
	    {"a\n", false},
	    {"\xc3\xa9", false},
	    {"a\xc3\xa9", false},
	    {"a\xff", false},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};

		assert_int_equal(name_check("pool", rows[i].text, &err), rows[i].ok);
		assert_int_equal(err.code, rows[i].ok ? ERR_NONE : ERR_INVALID_INPUT);
		if (!rows[i].ok) {
			assert_non_null(strstr(err.message, "pool"));
			assert_non_null(strstr(err.message, rows[i].text));
		}
		err_release(&err);
	}
}

static void texts_are_counted_in_characters(void **state) {
	static const struct {
		const char *text;
		size_t max;
		bool ok;
	} rows[] = {
	    {"", 0, true}, {"abc", 3, true}, {"abcd", 3, false},
	    {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 3, true},
	    {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 2, false},
	    {"e\xcc\x81", 1, false}, /* code points, not visible characters */
	    {"a\xff", 99, false}, {"\xc3", 99, false},
	    {"\x1b[31m", 99, true}, /* any character: it is shown safe */
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};

		assert_int_equal(text_check("holder", rows[i].text, rows[i].max, &err), rows[i].ok);
		assert_int_equal(err.code, rows[i].ok ? ERR_NONE : ERR_INVALID_INPUT);
		if (!rows[i].ok) {
			assert_non_null(strstr(err.message, "holder"));
		}
		err_release(&err);
	}
}

static void utf8_is_strict(void **state) {
	static const struct {
		const char *bytes;
		uint32_t code; /* UINT32_MAX: refused */
	} rows[] = {
	    {"A", 'A'},
	    {"\x7f", 0x7f},
	    {"\xc2\x80", 0x80},
	    {"\xdf\xbf", 0x7ff},
	    {"\xe0\xa0\x80", 0x800},
	    {"\xed\x9f\xbf", 0xd7ff},
	    {"\xee\x80\x80", 0xe000},
	    {"\xef\xbf\xbf", 0xffff},
	    {"\xf0\x90\x80\x80", 0x10000},
	    {"\xf4\x8f\xbf\xbf", 0x10ffff},
	    {"\x80", UINT32_MAX},             /* continuation alone */
	    {"\xc0\x80", UINT32_MAX},         /* overlong */
	    {"\xc1\xbf", UINT32_MAX},         /* overlong */
	    {"\xe0\x9f\xbf", UINT32_MAX},     /* overlong */
	    {"\xf0\x8f\xbf\xbf", UINT32_MAX}, /* overlong */
	    {"\xed\xa0\x80", UINT32_MAX},     /* surrogate */
	    {"\xed\xbf\xbf", UINT32_MAX},     /* surrogate */
	    {"\xf4\x90\x80\x80", UINT32_MAX}, /* past U+10FFFF */
	    {"\xf5\x80\x80\x80", UINT32_MAX},
	    {"\xff", UINT32_MAX},
	    {"\xfe", UINT32_MAX},
	    {"\xc3", UINT32_MAX}, /* cut off */
	    {"\xe2\x82", UINT32_MAX},
	    {"\xf0\x9f\x98", UINT32_MAX},
	    {"\xc3(", UINT32_MAX},
	    {"\xe2\x82(", UINT32_MAX},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i].bytes);
		const char *p = rows[i].bytes;
		uint32_t code = 1;
		bool ok = utf8_next(&p, rows[i].bytes + n, &code);

		assert_int_equal(ok, rows[i].code != UINT32_MAX);
		assert_int_equal(code, ok ? rows[i].code : 1);
		assert_int_equal(p - rows[i].bytes, ok ? n : 1);
	}
}

static void a_nul_is_a_character(void **state) {
	const char *p = "\0x";
	uint32_t code = 1;
	(void)state;

	assert_true(utf8_next(&p, p + 2, &code));
	assert_int_equal(code, 0);
	assert_int_equal(*p, 'x');
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(texts_are_counted_in_characters),
	    cmocka_unit_test(utf8_is_strict),
	    cmocka_unit_test(a_nul_is_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
