/*
 * The lines of a text file: their ends, and the forbidden characters.
 */
#include "model/text/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"

#define TEXT(s) s, sizeof(s) - 1
#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Appends each line in brackets. */
static bool read_all(const char *text, size_t n, struct buf *lines, struct err *err) {
	const char *at = text + line_mark(text, n);
	const char *end = text + n;

	for (int64_t number = 1; at < end; number++) {
		size_t length, whole;

		if (!line_take(at, end, number, &length, &whole, err)) {
			return false;
		}
		buf_char(lines, '[');
		buf_add(lines, at, length);
		buf_char(lines, ']');
		at += whole;
	}
	return true;
}

static bool says(const char *text, const char *part) {
	return text != NULL && strstr(text, part) != NULL;
}

static void lines_are_told_apart(void **state) {
	static const struct {
		const char *text;
		size_t n;
		const char *lines;
	} table[] = {
	    {TEXT(""), ""},
	    {TEXT("\n"), "[]"},
	    {TEXT("\r\n"), "[]"},
	    {TEXT("a"), "[a]"},
	    {TEXT("a\n"), "[a]"},
	    {TEXT("a\nb"), "[a][b]"},
	    {TEXT("a\r\nb\r\n"), "[a][b]"},
	    {TEXT("a\n\n\r\nb"), "[a][][][b]"},
	    {TEXT("a\rb\r\r\n\r"), "[a\rb\r][\r]"}, /* for the reader of the line to judge */
	    {TEXT("\xef\xbb\xbf"), ""},
	    {TEXT("\xef\xbb\xbf"
		  "a\n\xef\xbb\xbf"),
		"[a][\xef\xbb\xbf]"}, /* a mark elsewhere is a character */
	    {TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"), "[\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80]"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct buf lines = {0};

		assert_true(read_all(table[i].text, table[i].n, &lines, &err));
		assert_string_equal(buf_text(&lines), table[i].lines);
		buf_release(&lines);
	}
}

static void what_is_not_utf8_is_named_with_its_line(void **state) {
	static const struct {
		const char *text;
		size_t n;
		int line;
		const char *why;
		const char *hint;
	} table[] = {
	    {TEXT("\xff\xfe"
		  "a\0\n\0"),
		1, "the file is UTF-16LE but must be UTF-8", "iconv -f UTF-16LE"},
	    {TEXT("\xfe\xff\0a\0\n"), 1, "the file is UTF-16BE", "iconv -f UTF-16BE"},
	    {TEXT("a\0b\0\n\0"), 1, "the file is UTF-16LE", "iconv -f UTF-16LE"},
	    {TEXT("\0a\0b\0\n"), 1, "the file is UTF-16BE", "iconv -f UTF-16BE"},
	    {TEXT("\xff\xfe\0\0a\0\0\0"), 1, "the file is UTF-32LE", "iconv"},
	    {TEXT("\0\0\xfe\xff\0\0\0a"), 1, "the file is UTF-32BE", "iconv"},
	    {TEXT("a\0\0\0b\0\0\0"), 1, "the file is UTF-32LE", "iconv"},
	    {TEXT("\0\0\0a\0\0\0b"), 1, "the file is UTF-32BE", "iconv"},
	    {TEXT("\xff\xfe"), 1, "the file is UTF-16LE", "iconv"},
	    {TEXT("ok\na\xff"), 2, "not valid UTF-8: byte 0xFF at offset 1", NULL},
	    {TEXT("ok\n\nxy\xc3\nb"), 3, "not valid UTF-8: byte 0xC3 at offset 2", NULL},
	    {TEXT("ok\n\xff\xfe"
		  "a"),
		2, "not valid UTF-8: byte 0xFF at offset 0", NULL},
	    {TEXT("\xc0\xaf"), 1, "not valid UTF-8", NULL},
	    {TEXT("\xed\xa0\x80"), 1, "not valid UTF-8", NULL},
	    {TEXT("\0"), 1, "a NUL byte at offset 0", NULL},
	    {TEXT("ok\nab\0c\n"), 2, "a NUL byte at offset 2", NULL},
	    {TEXT("ok\n\0a\n"), 2, "a NUL byte at offset 0", NULL},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct buf lines = {0};

		assert_false(read_all(table[i].text, table[i].n, &lines, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(err.line, table[i].line);
		assert_true(says(err.message, table[i].why));
		assert_true(table[i].hint == NULL || says(err.hint, table[i].hint));
		err_release(&err);
		buf_release(&lines);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_told_apart),
	    cmocka_unit_test(what_is_not_utf8_is_named_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
