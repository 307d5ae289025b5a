#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/text/csv.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(literal) (literal), sizeof(literal) - 1

/* Rows as text: the line, then each field in brackets. */
static bool read_all(const char *text, size_t n, struct buf *out, struct err *err) {
	struct csv csv;
	struct csv_row row;
	bool ok;

	csv_init(&csv, text, n);
	while ((ok = csv_next(&csv, &row, err)) && row.count > 0) {
		buf_printf(out, "%d:", (int)row.line);
		for (size_t i = 0; i < row.count; i++) {
			buf_printf(out, "[%s]", row.fields[i]);
		}
		buf_char(out, ' ');
	}
	csv_release(&csv);
	return ok;
}

static void rows_are_read(void **state) {
	static const struct {
		const char *text;
		size_t n;
		const char *rows;
	} table[] = {
	    {TEXT(""), ""},
	    {TEXT("\n\r\n\n"), ""},
	    {TEXT("a,b,c\r\nd,e,f\r\n"), "1:[a][b][c] 2:[d][e][f] "},
	    {TEXT("a,b\nc,d\n"), "1:[a][b] 2:[c][d] "},
	    {TEXT("a,b\nc,d"), "1:[a][b] 2:[c][d] "},
	    {TEXT("a\r\n\r\n\nb\n"), "1:[a] 4:[b] "},
	    {TEXT("a\n  \n \t\r\n b\n "), "1:[a] 4:[ b] "},
	    {TEXT(" \n\t"), ""},
	    {TEXT("\xef\xbb\xbf"
		  "a,b\n"),
		"1:[a][b] "},
	    {TEXT("\xef\xbb\xbf"), ""},
	    {TEXT("\xef\xbb\xbf\"a\",b"), "1:[a][b] "},
	    {TEXT("\xef\xbb"
		  "\xbf,\xef\xbb\xbf"),
		"1:[][\xef\xbb\xbf] "}, /* only the first is a mark */
	    {TEXT(","), "1:[][] "},
	    {TEXT("a,"), "1:[a][] "},
	    {TEXT("a,\r\n"), "1:[a][] "},
	    {TEXT(",,a"), "1:[][][a] "},
	    {TEXT("\"\""), "1:[] "},
	    {TEXT("\"\"\n\"\",\"\""), "1:[] 2:[][] "},
	    {TEXT("\"a,b\",c"), "1:[a,b][c] "},
	    {TEXT("\"a\"\"b\",\"\"\"\""), "1:[a\"b][\"] "},
	    {TEXT("\"a\nb\"\nc"), "1:[a\nb] 3:[c] "},
	    {TEXT("\"a\r\nb\",\"\n\n\"\r\nc\r\n"), "1:[a\r\nb][\n\n] 5:[c] "},
	    {TEXT("\"a\rb\""), "1:[a\rb] "},
	    {TEXT(" a , b "), "1:[ a ][ b ] "},
	    {TEXT("\xc3\xa9,\xe2\x82\xac"), "1:[\xc3\xa9][\xe2\x82\xac] "},
	    {TEXT("1,2,3,4,5,6,7,8,9,10\nx"), "1:[1][2][3][4][5][6][7][8][9][10] 2:[x] "},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct buf rows = {0};

		assert_true(read_all(table[i].text, table[i].n, &rows, &err));
		assert_string_equal(buf_text(&rows), table[i].rows);
		buf_release(&rows);
	}
}

static void what_is_not_csv_is_refused_with_its_line(void **state) {
	static const struct {
		const char *text;
		size_t n;
		int line;
		const char *before; /* the rows read until then */
		const char *why;
	} table[] = {
	    {TEXT("a\nb\"c\n"), 2, "1:[a] ", "quote"},
	    {TEXT("a,b\"\n"), 1, "", "quote"},
	    {TEXT("a, \"b\"\n"), 1, "", "quote"},
	    {TEXT("a\n\"b"), 2, "1:[a] ", "closing"},
	    {TEXT("\"\n\n\n"), 1, "", "closing"},
	    {TEXT("\"a\nb\",\"c\nd"), 2, "", "closing"}, /* the line of the opening quote */
	    {TEXT("\""), 1, "", "closing"},
	    {TEXT("\"a\"b\n"), 1, "", "after"},
	    {TEXT("\"a\" ,b\n"), 1, "", "after"},
	    {TEXT("\"a\nb\"c"), 2, "", "after"},
	    {TEXT("a\rb\n"), 1, "", "carriage"},
	    {TEXT("a\r"), 1, "", "carriage"},
	    {TEXT("a\n\r\r\n"), 2, "1:[a] ", "carriage"},
	    {TEXT("\"a\"\r"), 1, "", "carriage"},
	    {TEXT("a\nb\0c\n"), 2, "1:[a] ", "NUL"},
	    {TEXT("\0"), 1, "", "NUL"},
	    {TEXT("\"a\n\0\""), 2, "", "NUL"},
	    {TEXT("\"a\"\0"), 1, "", "NUL"},
	    {TEXT("a\n\n\xff\n"), 3, "1:[a] ", "UTF-8"},
	    {TEXT("a,\"\xc3\",b"), 1, "", "UTF-8"},
	    {TEXT("\xff\xfe"
		  "a"),
		1, "", "UTF-16LE"},
	    {TEXT("a\n\"b\nc\xff\nd\""), 3, "1:[a] ", "UTF-8"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct err err = {0};
		struct buf rows = {0};

		assert_false(read_all(table[i].text, table[i].n, &rows, &err));
		assert_string_equal(buf_text(&rows), table[i].before);
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(err.line, table[i].line);
		assert_non_null(strstr(err.message, table[i].why));
		err_release(&err);
		buf_release(&rows);
	}
}

static void nothing_follows_an_error(void **state) {
	struct err err = {0};
	struct csv csv;
	struct csv_row row;
	(void)state;

	csv_init(&csv, TEXT("a\"\nb\n"));
	assert_false(csv_next(&csv, &row, &err));
	assert_true(csv_next(&csv, &row, &err));
	assert_int_equal(row.count, 0);
	csv_release(&csv);
	err_release(&err);
}

static void fields_are_quoted_as_needed(void **state) {
	static const struct {
		const char *text, *field;
	} table[] = {
	    {"", ""},
	    {"abc", "abc"},
	    {" a ", " a "},
	    {"a,b", "\"a,b\""},
	    {"a\"b", "\"a\"\"b\""},
	    {"\"", "\"\"\"\""},
	    {"a\nb", "\"a\nb\""},
	    {"a\r", "\"a\r\""},
	    {"=1+1", "=1+1"}, /* the exact value */
	    {"{\"a\":1}", "\"{\"\"a\"\":1}\""},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct buf out = {0};

		csv_field(&out, table[i].text);
		assert_string_equal(buf_text(&out), table[i].field);
		buf_release(&out);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_read),
	    cmocka_unit_test(what_is_not_csv_is_refused_with_its_line),
	    cmocka_unit_test(nothing_follows_an_error),
	    cmocka_unit_test(fields_are_quoted_as_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
