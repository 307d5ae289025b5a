#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/id.h"
#include "db/base/mem.h"
#include "model/text/script.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(literal) (literal), sizeof(literal) - 1

/* Lines as text: the number, then each word in brackets. */
static bool read_all(const char *text, size_t n, struct buf *out, struct err *err) {
	struct script script;
	struct script_line line;
	bool ok;

	script_init(&script, text, n);
	while ((ok = script_next(&script, &line, err)) && line.argc > 0) {
		assert_string_equal(line.argv[0], "");
		assert_null(line.argv[line.argc]);
		buf_printf(out, "%d:", (int)line.number);
		for (int i = 1; i < line.argc; i++) {
			buf_printf(out, "[%s]", line.argv[i]);
		}
		buf_char(out, ' ');
		script_line_release(&line);
	}
	script_line_release(&line);
	return ok;
}

static void lines_are_split_as_a_shell_splits_them(void **state) {
	static const struct {
		const char *text;
		size_t n;
		const char *lines;
	} table[] = {
	    {TEXT(""), ""},
	    {TEXT("\n \n\t\n"), ""},
	    {TEXT("a b\nc"), "1:[a][b] 2:[c] "},
	    {TEXT("  a \t b\t\n\n\nc\n"), "1:[a][b] 4:[c] "},
	    /* comments */
	    {TEXT("# a\n#\n  # b\na # c\n"), "4:[a] "},
	    {TEXT("a#b c# '#' \\# #'\n"), "1:[a#b][c#][#][#] "},
	    {TEXT("a''#b\n"), "1:[a#b] "},
	    /* single quotes */
	    {TEXT("'a b' 'c\"d' '\\' '' x''y"), "1:[a b][c\"d][\\][][xy] "},
	    {TEXT("a'b c'd"), "1:[ab cd] "},
	    {TEXT("''"), "1:[] "},
	    /* double quotes */
	    {TEXT("\"a b\" \"c'd\" \"\" x\"\"y"), "1:[a b][c'd][][xy] "},
	    {TEXT("\"\\\"\\\\\\$\\`\" \"\\a\\ \\'\""), "1:[\"\\$`][\\a\\ \\'] "},
	    {TEXT("\"\\\\\""), "1:[\\] "},
	    {TEXT("--reason=\"a \"'b '\"c\""), "1:[--reason=a b c] "},
	    /* backslashes */
	    {TEXT("a\\ b \\a \\\\ \\' \\\" \\\tc"), "1:[a b][a][\\]['][\"][\tc] "},
	    /* nothing is expanded, nothing is an operator */
	    {TEXT("$HOME ~ * `x` $(x) a;b |&<> {a,b} !1 a=b"),
		"1:[$HOME][~][*][`x`][$(x)][a;b][|&<>][{a,b}][!1][a=b] "},
	    {TEXT("\"$HOME\" \"*\""), "1:[$HOME][*] "},
	    /* characters that are no blanks are part of a word */
	    {TEXT("b\vc"), "1:[b\vc] "},
	    /* ends of lines, and the mark of the file */
	    {TEXT("a\r\n\r\nb 'c'\r\n# d\r\ne"), "1:[a] 3:[b][c] 5:[e] "},
	    {TEXT("\xef\xbb\xbf"
		  "a\r\n\xef\xbb\xbf"),
		"1:[a] 2:[\xef\xbb\xbf] "},
	    {TEXT("'a\rb' \"c\r\" d\\\r"), "1:[a\rb][c\r][d\r] "},
	    {TEXT("\xc3\xa9 '\xe2\x82\xac \xf0\x9f\x98\x80'\xc2\xa0x"),
		"1:[\xc3\xa9][\xe2\x82\xac \xf0\x9f\x98\x80\xc2\xa0x] "},
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

static void what_cannot_be_split_is_refused_with_its_line(void **state) {
	static const struct {
		const char *text;
		size_t n;
		int line;
		const char *words;
	} table[] = {
	    {TEXT("'"), 1, "quote ' is not closed"},
	    {TEXT("a\n\nb 'c\nd'\n"), 3, "quote ' is not closed"},
	    {TEXT("a \"b\nc\""), 1, "quote \" is not closed"},
	    {TEXT("\"a\\\""), 1, "quote \" is not closed"},
	    {TEXT("\"a\\"), 1, "quote \" is not closed"},
	    {TEXT("\n# '\n'a\\'b'"), 3, "quote ' is not closed"},
	    {TEXT("a\\\nb"), 1, "backslash at the end"},
	    {TEXT("a\nb \\"), 2, "backslash at the end"},
	    {TEXT("a\nb\rc\n"), 2, "carriage return"},
	    {TEXT("a\r"), 1, "carriage return"},
	    {TEXT("# a\rb\r"), 1, "carriage return"},
	    {TEXT("a\\\r\n"), 1, "backslash at the end"},
	    {TEXT("'a\r\n'"), 1, "quote ' is not closed"},
	    {TEXT("\xff\xfe"
		  "a\0\n\0"),
		1, "UTF-16LE"},
	    {TEXT("a\nb\0c\n"), 2, "NUL"},
	    {TEXT("a\n# \0\n"), 2, "NUL"},
	    {TEXT("\0"), 1, "NUL"},
	    {TEXT("a\n\n\xff\n"), 3, "not valid UTF-8"},
	    {TEXT("# \xc3\n"), 1, "not valid UTF-8"},
	    {TEXT("'\xc3\n\xa9'"), 1, "not valid UTF-8"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct buf lines = {0};

		assert_false(read_all(table[i].text, table[i].n, &lines, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(err.line, table[i].line);
		assert_non_null(strstr(err.message, table[i].words));
		err_release(&err);
		buf_release(&lines);
	}
}

/* A line of ten megabytes, in one word and in five million. */
static void long_lines_are_read(void **state) {
	enum { BYTES = 10000000 };
	char *text = mem_new(BYTES, 1);
	struct err err = {0};
	(void)state;

	for (int blanks = 0; blanks < 2; blanks++) {
		struct script script;
		struct script_line line;

		for (size_t i = 0; i < BYTES; i++) {
			text[i] = blanks == 1 && i % 2 == 1 ? ' ' : 'x';
		}
		script_init(&script, text, BYTES);
		assert_true(script_next(&script, &line, &err));
		assert_int_equal(line.argc, blanks == 1 ? BYTES / 2 + 1 : 2);
		assert_int_equal(strlen(line.argv[line.argc - 1]), blanks == 1 ? 1 : BYTES);
		script_line_release(&line);
		assert_true(script_next(&script, &line, &err));
		assert_int_equal(line.argc, 0);
	}
	free(text);
}

/* The digest of the commands of a file, and their lines. */
static struct id digest_of(const char *text, struct buf *out) {
	struct script_places places = {0};
	struct script_line line;
	struct script script;
	struct id digest = {0};
	struct err err = {0};

	buf_release(out);
	script_init(&script, text, strlen(text));
	while (script_next(&script, &line, &err) && line.argc > 0) {
		digest = script_digest(digest, &line);
		script_place_put(&places, line.number, out);
		script_line_release(&line);
	}
	assert_int_equal(err.code, ERR_NONE);
	return digest;
}

static void a_digest_is_that_of_the_words(void **state) {
	static const char *const same[][2] = {
	    {"a b\nc", "  a\t'b'  # x\n\n#\n\"c\"\n"},
	    {"a 'b c'", "a b\\ c"},
	    {"a ''", "a \"\""},
	};
	static const char *const other[][2] = {
	    {"a b", "ab"},
	    {"'a b'", "a b"},
	    {"a ''", "a"},
	    {"a\nb", "a b"},
	    {"a b\nc", "a\nb c"},
	    {"a 1:b", "a 1: b"},
	    {"a\na", "a"},
	    {"a\nb", "b\na"},
	    {"a", "A"},
	};
	struct buf places = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		struct id first = digest_of(same[i][0], &places);

		assert_true(id_equal(first, digest_of(same[i][1], &places)));
	}
	for (size_t i = 0; i < COUNT(other); i++) {
		struct id first = digest_of(other[i][0], &places);

		assert_false(id_equal(first, digest_of(other[i][1], &places)));
	}
	buf_release(&places);
}

static void places_are_read_as_they_were_put(void **state) {
	static const struct {
		const char *text;
		const char *places;
		int64_t lines[4];
	} table[] = {
	    {"a\nb\nc", "", {1, 2, 3}},
	    {"#\na\nb\n", "1+1", {2, 3}},
	    {"a\n\nb\n#\n\nc\nd", "2+1,3+3", {1, 3, 6, 7}},
	};
	struct buf places = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct script_places at = {0};
		const char *text;
		int64_t line = 0;

		(void)digest_of(table[i].text, &places);
		assert_string_equal(buf_text(&places), table[i].places);
		text = buf_text(&places);
		for (size_t k = 0; k < 4 && table[i].lines[k] != 0; k++) {
			assert_true(script_place_next(&at, &text, &line));
			assert_int_equal(line, table[i].lines[k]);
		}
	}
	buf_release(&places);
}

static void places_that_are_none_are_refused(void **state) {
	static const char *const table[] = {"x", "1", "1+", "+1", "1+1x", "1 +1", "-1+1", "0+1"};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct script_places at = {0};
		const char *text = table[i];
		int64_t line = 0;

		assert_false(script_place_next(&at, &text, &line));
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_digest_is_that_of_the_words),
	    cmocka_unit_test(places_are_read_as_they_were_put),
	    cmocka_unit_test(places_that_are_none_are_refused),
	    cmocka_unit_test(lines_are_split_as_a_shell_splits_them),
	    cmocka_unit_test(what_cannot_be_split_is_refused_with_its_line),
	    cmocka_unit_test(long_lines_are_read),
	};

	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
