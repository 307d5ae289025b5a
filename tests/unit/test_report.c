/*
 * Errors in the forms for people and for scripts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/text/report.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Errors without allocated parts: the texts are constants. */
static const struct {
	enum err_code code;
	const char *message, *step, *sqlstate, *constraint, *hint, *detail;
	int64_t line;
	enum safe_form form;
	bool json;
	const char *text;
	int exit;
} reports[] = {
    {ERR_NOT_FOUND, "pool 'web': no such pool", NULL, "", NULL, NULL, NULL, 0, SAFE_UTF8, false,
	"berth: pool 'web': no such pool\n", 4},
    {ERR_POOL_EXHAUSTED, "pool 'web': exhausted", NULL, "", NULL, "add a range", NULL, 0, SAFE_UTF8, false,
	"berth: pool 'web': exhausted\nhint: add a range\n", 6},
    {ERR_INVALID_INPUT, "--for: no unit", NULL, "", NULL, NULL, NULL, 0, SAFE_UTF8, true,
	"berth: --for: no unit\n"
	"{\"error\":{\"code\":\"invalid_input\",\"message\":\"--for: no unit\",\"step\":null,\"line\":null,"
	"\"sqlstate\":null,\"constraint\":null,\"hint\":null,\"detail\":null}}\n",
	2},
    {ERR_OVERLAP, "10.0.0.0/24 overlaps", "range 10.0.0.0/24", "23P01", "resource_no_overlap",
	"choose another", "{\"pool\":\"db\",\"n\":340282366920938463463374607431768211456}", 12, SAFE_UTF8,
	true,
	"berth: line 12: range 10.0.0.0/24: 10.0.0.0/24 overlaps\nhint: choose another\n"
	"{\"error\":{\"code\":\"overlap\",\"message\":\"10.0.0.0/24 overlaps\",\"step\":\"range "
	"10.0.0.0/24\",\"line\":12,"
	"\"sqlstate\":\"23P01\",\"constraint\":\"resource_no_overlap\",\"hint\":\"choose another\","
	"\"detail\":{\"pool\":\"db\",\"n\":340282366920938463463374607431768211456}}}\n",
	5},
    {ERR_CONFLICT, "held by '\x1b[2Jevil'", NULL, "", NULL, NULL, NULL, 0, SAFE_ASCII, true,
	"berth: held by '<1B>[2Jevil'\n"
	"{\"error\":{\"code\":\"conflict\",\"message\":\"held by "
	"'\\u001b[2Jevil'\",\"step\":null,\"line\":null,"
	"\"sqlstate\":null,\"constraint\":null,\"hint\":null,\"detail\":null}}\n",
	5},
    {ERR_CONFLICT, "\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81 \xff", "\xc2\x9b", "", "\xe2\x80\xae",
	"\xc2\x85", "{\"holder\":\n\"\xc2\x9b\x7f\xff\"}", 0, SAFE_ASCII, true,
	"berth: <9B>: <7F><9B><202E><E0041> <FF>\nhint: <85>\n"
	"{\"error\":{\"code\":\"conflict\",\"message\":\"\\u007f\\u009b\\u202e\\udb40\\udc41 \\ufffd\","
	"\"step\":\"\\u009b\",\"line\":null,\"sqlstate\":null,\"constraint\":\"\\u202e\",\"hint\":"
	"\"\\u0085\","
	"\"detail\":{\"text\":\"{\\\"holder\\\":\\n\\\"\\u009b\\u007f\\ufffd\\\"}\"}}}\n",
	5},
    {ERR_CONFLICT, "held", NULL, "", NULL, NULL, "{\"holder\":\n\"\xc2\x9b\x7f\"}", 0, SAFE_UTF8, true,
	"berth: held\n{\"error\":{\"code\":\"conflict\",\"message\":\"held\",\"step\":null,\"line\":null,"
	"\"sqlstate\":null,\"constraint\":null,\"hint\":null,\"detail\":{\"holder\": \"\\u009b\\u007f\"}}}\n",
	5},
    {ERR_INTERNAL, "odd", NULL, "", NULL, NULL, "Key (a)=(\x1b) exists.", 0, SAFE_UTF8, true,
	"berth: odd\n{\"error\":{\"code\":\"internal\",\"message\":\"odd\",\"step\":null,\"line\":null,"
	"\"sqlstate\":null,\"constraint\":null,\"hint\":null,\"detail\":{\"text\":\"Key (a)=(\\u001b) "
	"exists.\"}}}\n",
	70},
    {ERR_INTERNAL, "odd", NULL, "", NULL, NULL, "[1]", 0, SAFE_UTF8, true,
	"berth: odd\n{\"error\":{\"code\":\"internal\",\"message\":\"odd\",\"step\":null,\"line\":null,"
	"\"sqlstate\":null,\"constraint\":null,\"hint\":null,\"detail\":{\"text\":\"[1]\"}}}\n",
	70},
    {ERR_INVALID_INPUT, "postgres://u:s3cret@h: no such command", NULL, "", NULL, "password=s3cret", NULL, 0,
	SAFE_UTF8, false, "berth: postgres://...@h: no such command\nhint: password=...\n", 2},
    {ERR_ALREADY_EXISTS, "pool web exists already", "pool web", "", NULL, NULL, NULL, 0, SAFE_UTF8, false,
	"berth: pool web exists already\n", 5},
    {ERR_INTERNAL, NULL, NULL, "", NULL, NULL, NULL, 0, SAFE_UTF8, false, "berth: internal\n", 70},
    {ERR_INVALID_INPUT, "-l: stray comma", NULL, "", NULL, NULL, "{\"selector\":\"a,,b\",\"position\":2}", 0,
	SAFE_UTF8, false, "berth: -l: stray comma\n  a,,b\n    ^\n", 2},
    {ERR_INVALID_INPUT, "-l: bad", NULL, "", NULL, "see the help", "{\"selector\":\"a in b\",\"position\":5}",
	0, SAFE_UTF8, false, "berth: -l: bad\n  a in b\n       ^\nhint: see the help\n", 2},
    {ERR_INVALID_INPUT, "-l: bad", NULL, "", NULL, NULL, "{\"selector\":\"北京é=\xc3\xa9\",\"position\":3}",
	0, SAFE_UTF8, false, "berth: -l: bad\n  北京é=é\n       ^\n", 2},
    {ERR_INVALID_INPUT, "-l: bad", NULL, "", NULL, NULL, "{\"selector\":\"a\\tb c\",\"position\":2}", 0,
	SAFE_ASCII, false, "berth: -l: bad\n  a<09>b c\n       ^\n", 2},
    {ERR_INVALID_INPUT, "-l: ends", NULL, "", NULL, NULL, "{\"selector\":\"a in\",\"position\":4}", 0,
	SAFE_UTF8, false, "berth: -l: ends\n  a in\n      ^\n", 2},
    {ERR_INVALID_INPUT, "-l: empty", NULL, "", NULL, NULL, "{\"selector\":\",\",\"position\":0}", 0,
	SAFE_UTF8, false, "berth: -l: empty\n  ,\n  ^\n", 2},
};

/* Returns the whole output, and the exit code. */
static char *report(size_t i, int *exit_code) {
	struct err err = {.code = reports[i].code, .line = reports[i].line};
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	err.message = mem_text(reports[i].message);
	err.step = mem_text(reports[i].step);
	err.constraint = mem_text(reports[i].constraint);
	err.hint = mem_text(reports[i].hint);
	err.detail = mem_text(reports[i].detail);
	memcpy(err.sqlstate, reports[i].sqlstate, strlen(reports[i].sqlstate));
	*exit_code = report_error(file, reports[i].form, reports[i].json, &err);
	assert_int_equal(fclose(file), 0);
	err_release(&err);
	return text;
}

static void test_reports(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(reports); i++) {
		int exit_code = -1;
		char *text = report(i, &exit_code);

		assert_string_equal(text, reports[i].text);
		assert_int_equal(exit_code, reports[i].exit);
		free(text);
	}
}

/* The last line is one JSON object, whatever came before. */
static void test_last_line_is_json(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(reports); i++) {
		int exit_code = -1;
		char *text = report(i, &exit_code);
		size_t len = strlen(text);

		if (reports[i].json) {
			text[len - 1] = '\0';
			char *last = strrchr(text, '\n');
			json_t *root =
			    last == NULL ? NULL : json_loads(last + 1, JSON_DECODE_INT_AS_REAL, NULL);

			assert_non_null(root);
			assert_string_equal(
			    json_string_value(json_object_get(json_object_get(root, "error"), "code")),
			    err_name(reports[i].code));
			json_decref(root);
		}
		free(text);
	}
}

/* A message about a long input is as long as a screen, and shows that input's end. */
static void test_long(void **state) {
	char *input = mem_new(3000001, 1);
	struct buf object = {0};
	struct err err = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	for (size_t i = 0; i < 3000000; i++) {
		input[i] = "北"[i % 3];
	}
	err_set(&err, ERR_INVALID_INPUT, "name '%s' is too long", input);
	err_hint(&err, "%s", input);
	err.step = mem_text(input);
	assert_int_equal(report_error(file, SAFE_UTF8, true, &err), 2);
	assert_int_equal(fclose(file), 0);
	assert_true(len < 10000);
	assert_non_null(strstr(text, "北' is too long"));
	assert_null(strstr(text, "\u2039"));
	report_json(&err, &object);
	assert_null(strstr(buf_text(&object), "ufffd"));
	buf_release(&object);
	err_release(&err);
	free(text);
	free(input);
}

static void test_note(void **state) {
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	assert_non_null(file);
	report_note(file, SAFE_UTF8, REPORT_NOTE, "no worker is alive (%s)", "a\nb");
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text, "berth: no worker is alive (a‹0A›b)\n");
	free(text);
}

/* Sets the journal's stream to that of the file, or one beside it. */
static void set_journal(FILE *file, bool same) {
	struct stat stat;
	char *name;

	assert_int_equal(fstat(fileno(file), &stat), 0);
	name = mem_print("%ju:%ju", (uintmax_t)stat.st_dev, (uintmax_t)stat.st_ino + (same ? 0 : 1));
	assert_int_equal(setenv("JOURNAL_STREAM", name, 1), 0);
	free(name);
}

/* On the journal's stream each line has its priority, on any other none. */
static void test_journal(void **state) {
	static const char *const expected[] = {"berth: ready\nberth: away\nberth: gone\nhint: look\n",
	    "<6>berth: ready\n<4>berth: away\n<3>berth: gone\n<3>hint: look\n"};

	(void)state;
	for (int same = 0; same <= 1; same++) {
		struct err err = {0};
		char text[200];
		FILE *file = tmpfile();

		assert_non_null(file);
		set_journal(file, same);
		report_note(file, SAFE_UTF8, REPORT_NOTE, "ready");
		report_note(file, SAFE_UTF8, REPORT_WARNING, "away");
		err_set(&err, ERR_UNAVAILABLE, "gone");
		err_hint(&err, "look");
		assert_int_equal(report_error(file, SAFE_UTF8, false, &err), 3);
		rewind(file);
		text[fread(text, 1, sizeof text - 1, file)] = '\0';
		assert_string_equal(text, expected[same]);
		err_release(&err);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reports),
	    cmocka_unit_test(test_last_line_is_json),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_note),
	    cmocka_unit_test(test_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
