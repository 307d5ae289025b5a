/*
 * Text typed after `/`: words, selectors and their inversion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/console/list/filter.h"
#include "ui/console/list/view.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *text;
	const char *word; /* NULL: a selector */
	const char *selector;
	bool invert;
} cases[] = {
    {"", "", NULL, false},
    {"  ", "", NULL, false},
    {"!", "", NULL, false},
    {"web", "web", NULL, false},
    {" ci runner ", "ci runner", NULL, false},
    {"!web", "web", NULL, true},
    {"! web", "web", NULL, true},
    {"in", "in", NULL, false},
    {"made in", "made in", NULL, false},
    {"web (old)", "web (old)", NULL, false},
    {"begin (a)", "begin (a)", NULL, false},
    {"env=prod", NULL, "[{\"op\":\"equals\",\"prefix\":\"\",\"name\":\"env\",\"values\":[\"prod\"]}]", false},
    {"!env=prod", NULL, "[{\"op\":\"equals\",\"prefix\":\"\",\"name\":\"env\",\"values\":[\"prod\"]}]", true},
    {"!!env", NULL, "[{\"op\":\"absent\",\"prefix\":\"\",\"name\":\"env\",\"values\":[]}]", true},
    {" !env", NULL, "[{\"op\":\"absent\",\"prefix\":\"\",\"name\":\"env\",\"values\":[]}]", false},
    {"tier in(a)", NULL, "[{\"op\":\"in\",\"prefix\":\"\",\"name\":\"tier\",\"values\":[\"a\"]}]", false},
    {"t/x  notin (b)", NULL, "[{\"op\":\"not_in\",\"prefix\":\"t\",\"name\":\"x\",\"values\":[\"b\"]}]",
	false},
    {"n>5", NULL, "[{\"op\":\"greater\",\"prefix\":\"\",\"name\":\"n\",\"values\":[\"5\"]}]", false},
    {"a,b", NULL,
	"[{\"op\":\"exists\",\"prefix\":\"\",\"name\":\"a\",\"values\":[]},"
	"{\"op\":\"exists\",\"prefix\":\"\",\"name\":\"b\",\"values\":[]}]",
	false},
};

static void test_reads(void **state) {
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct filter filter = {0};
		struct buf json = {0};
		struct err err = {0};
		size_t wrong = 0;

		assert_true(filter_read(cases[i].text, &view_projects, &filter, &wrong, &err));
		selector_json(&filter.selector, &json);
		assert_int_equal(filter.labels, cases[i].word == NULL);
		assert_int_equal(filter.invert, cases[i].invert);
		assert_string_equal(filter.word, cases[i].word == NULL ? "" : cases[i].word);
		if (cases[i].word == NULL) {
			assert_string_equal(buf_text(&json), cases[i].selector);
		}
		buf_release(&json);
		filter_release(&filter);
	}
}

/* Characters, not bytes; the `!` that inverts is one of them. */
static void test_wrong(void **state) {
	static const struct {
		const char *text;
		size_t wrong;
	} bad[] = {{"env in (", 8}, {"!env in (", 9}, {"env=a b", 6}, {"a,,b", 2}, {"\xc3\xa9=a", 0},
	    {"a=b\xc3\xa9", 3}, {"!a,\xc3\xa9=b", 3}, {"n>x", 2}};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct filter filter = {0};
		struct err err = {0};
		size_t wrong = 99;

		assert_false(filter_read(bad[i].text, &view_projects, &filter, &wrong, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(wrong, bad[i].wrong);
		err_release(&err);
	}
}

/* Without labels every text is a word. */
static void test_unlabelled(void **state) {
	struct filter filter = {0};
	struct err err = {0};
	size_t wrong = 0;

	(void)state;
	assert_true(filter_read("!a=(", &view_labels, &filter, &wrong, &err));
	assert_false(filter.labels);
	assert_true(filter.invert);
	assert_string_equal(filter.word, "a=(");
	filter_release(&filter);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reads),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_unlabelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
