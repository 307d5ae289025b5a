/*
 * Look-alikes: the folds, and the kind and place of a difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "model/text/lookalike.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *a, *b;
	unsigned why; /* 0: they do not look alike */
} pairs[] = {
    {"owner", "Owner", ALIKE_CASE},
    {"stra\xc3\x9f"
     "e",
	"STRASSE", ALIKE_CASE},
    {"\xce\xa3\xce\xbf\xcf\x86\xce\xaf\xce\xb1\xcf\x82", "\xcf\x83\xce\xbf\xcf\x86\xce\xaf\xce\xb1\xcf\x83",
	ALIKE_CASE}, /* sigmas */
    {"web", "web ", ALIKE_SPACE}, {"ci runner", "ci  runner", ALIKE_SPACE},
    {"ci runner", "\tci\xc2\xa0runner", ALIKE_SPACE},                           /* a no-break space */
    {"ci runner", "ci\xe2\xa0\x80runner", ALIKE_SPACE},                         /* the blank of braille */
    {"etl-x", "etl\xe2\x80\x8b-x", ALIKE_HIDDEN},                               /* zero width */
    {"etl", "e\xc2\xadtl", ALIKE_HIDDEN},                                       /* a soft hyphen */
    {"etl", "etl\xe2\x80\xae", ALIKE_HIDDEN},                                   /* right to left from there */
    {"etl", "\033etl", ALIKE_HIDDEN}, {"owner", "\xd0\xbewner", ALIKE_LETTERS}, /* Cyrillic */
    {"AXE", "\xce\x91\xce\xa7\xce\x95", ALIKE_LETTERS},                         /* Greek */
    {"0o12", "oo12", ALIKE_LETTERS}, {"v1", "vl", ALIKE_LETTERS},
    {"web", "\xef\xbd\x97\xef\xbd\x85\xef\xbd\x82", ALIKE_LETTERS}, /* full width */
    {"caf\xc3\xa9", "cafe\xcc\x81", ALIKE_LETTERS},                 /* composed or not */
    {"file", "\xef\xac\x81le", ALIKE_LETTERS},                      /* a ligature */
    {"a-b",
	"a\xe2\x80\x93"
	"b",
	ALIKE_LETTERS},
    {"Team", "\xd1\x82\xd0\xb5\xd0\xb0\xd0\xbc ", ALIKE_CASE | ALIKE_SPACE | ALIKE_LETTERS},
    {"owner", "owned", 0}, {"cafe", "caf\xc3\xa9", 0}, {"ab", "a b", 0}, {"fra-lab", "fra_lab", 0},
    {"", "a", 0}, {"a\xff", "a\xfe", 0}, /* no UTF-8 */
};

static void test_pairs(void **state) {
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf a = {0};
		struct buf b = {0};

		alike_fold(pairs[i].a, ALIKE_ALL, &a);
		alike_fold(pairs[i].b, ALIKE_ALL, &b);
		if (pairs[i].why == 0) {
			assert_string_not_equal(buf_text(&a), buf_text(&b));
		} else {
			assert_string_equal(buf_text(&a), buf_text(&b));
			assert_int_equal(alike_differences(pairs[i].a, pairs[i].b), pairs[i].why);
			assert_int_equal(alike_differences(pairs[i].b, pairs[i].a), pairs[i].why);
		}
		buf_release(&a);
		buf_release(&b);
	}
}

/* A skeleton is its own skeleton. */
static void test_stable(void **state) {
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf once = {0};
		struct buf twice = {0};

		alike_fold(pairs[i].b, ALIKE_ALL, &once);
		alike_fold(buf_text(&once), ALIKE_ALL, &twice);
		assert_string_equal(buf_text(&once), buf_text(&twice));
		buf_release(&once);
		buf_release(&twice);
	}
}

static void test_words(void **state) {
	struct buf words = {0};

	(void)state;
	alike_describe(ALIKE_CASE | ALIKE_HIDDEN, &words);
	assert_string_equal(buf_text(&words), "case, hidden characters");
	buf_release(&words);
}

static void test_spans(void **state) {
	static const struct {
		const char *a, *b;
		const char *marked; /* a, with brackets */
	} cases[] = {
	    {"team", "Team", "[t]eam"}, {"web ", "web", "web[ ]"}, {"web", "web ", "web[]"},
	    {"bt-03.fra", "bt-03", "bt-03[.fra]"}, {"Team Web", "team web", "[T]eam [W]eb"},
	    {"\xd0\xbewner", "owner", "[\xd0\xbe]wner"},
	    {"etl\xe2\x80\x8b-x", "etl-x", "etl[\xe2\x80\x8b]-x"}, {"same", "same", "same"}, {"", "a", "[]"},
	    {"abc", "xyz", "[abc]"}, {"a1b2c3d4", "a_b_c_d_", "a[1]b[2]c[3d4]"}, /* no more than three */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct alike_span spans[3];
		size_t count = alike_spans(cases[i].a, cases[i].b, spans, COUNT(spans));
		struct buf marked = {0};
		size_t at = 0;

		for (size_t k = 0; k < count; k++) {
			buf_add(&marked, cases[i].a + at, spans[k].from - at);
			buf_char(&marked, '[');
			buf_add(&marked, cases[i].a + spans[k].from, spans[k].to - spans[k].from);
			buf_char(&marked, ']');
			at = spans[k].to;
		}
		buf_puts(&marked, cases[i].a + at);
		assert_string_equal(buf_text(&marked), cases[i].marked);
		buf_release(&marked);
	}
}

static void test_long(void **state) {
	struct buf a = {0};
	struct buf b = {0};
	struct alike_span span;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		buf_puts(&a, "\xc3\xa9");
		buf_puts(&b, "e");
	}
	assert_int_equal(alike_spans(buf_text(&a), buf_text(&b), &span, 1), 1);
	assert_int_equal(span.from, 0);
	assert_int_equal(span.to, 4000);
	assert_int_equal(alike_spans(buf_text(&a), buf_text(&a), &span, 1), 0);
	buf_release(&a);
	buf_release(&b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_stable),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_spans),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
