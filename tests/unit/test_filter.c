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
	const char *word;
	bool invert;
} cases[] = {
    {"", "", false},
    {"  ", "", false},
    {"!", "", false},
    {"web", "web", false},
    {" ci runner ", "ci runner", false},
    {"!web", "web", true},
    {"! web", "web", true},
    {"web (old)", "web (old)", false},
    {"!a=(", "a=(", true},
};

/* Where rows have no fields, every text is a word. */
static void test_words(void **state) {
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct filter filter = {0};
		struct err err = {0};
		size_t wrong = 0;

		assert_true(filter_read(cases[i].text, &view_labels, &filter, &wrong, &err));
		assert_int_equal(filter.invert, cases[i].invert);
		assert_string_equal(filter.word, cases[i].word);
		assert_null(filter.fields.json);
		filter_release(&filter);
	}
}

/* Rows with fields have the whole language, labels included where they have any. */
static void test_fields(void **state) {
	static const struct {
		const struct view *view;
		const char *text;
	} good[] = {{&view_resources, "state=cordon free<20 used%>=90 kind in (ipv4,ipv6) env=prod"},
	    {&view_resources, "!pool=web 10.0.0.7"},
	    {&view_projects, "org=acme leases>100 used%>90 tier in (a,b)"},
	    {&view_projects, "state!=closed limit<=50"},
	    {&view_alerts, "kind=stuck severity=critical for>1h web"}, {&view_alerts, "!target=pool/web"}};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct filter filter = {0};
		struct err err = {0};
		size_t wrong = 0;

		assert_true(filter_read(good[i].text, good[i].view, &filter, &wrong, &err));
		assert_non_null(filter.fields.json);
		filter_release(&filter);
	}
}

/* Characters, not bytes; the `!` that inverts is one of them. */
static void test_wrong(void **state) {
	static const struct {
		const struct view *view;
		const char *text;
		size_t wrong;
	} bad[] = {{&view_projects, "tier in (", 9}, {&view_projects, "!tier in (", 10},
	    {&view_projects, "used%>x", 6}, {&view_resources, "state=late", 6}, {&view_alerts, "env=prod", 0},
	    {&view_alerts, "severity=low", 9}};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct filter filter = {0};
		struct err err = {0};
		size_t wrong = 99;

		assert_false(filter_read(bad[i].text, bad[i].view, &filter, &wrong, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(wrong, bad[i].wrong);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
