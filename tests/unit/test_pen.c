/*
 * Text in an area: it wraps between words, beside its label, and a word that is longer than a line goes on in
 * the next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"

#define ROWS 4

/* Compares what a label and a text become in so many columns. */
static void becomes(int columns, const char *label, const char *text, const char *expected) {
	struct grid *g = grid_new(ROWS, columns, false);
	struct pen pen = pen_start(g, (struct rect){0, 0, ROWS, columns});
	struct buf shown = {0};

	if (label != NULL) {
		pen_label(&pen, label);
	}
	pen_foreign(&pen, STYLE_NORMAL, text);
	assert_true(grid_valid(g));
	grid_text(g, &shown);
	assert_string_equal(buf_text(&shown), expected);
	buf_release(&shown);
	grid_free(g);
}

static void test_words(void **state) {
	(void)state;
	becomes(12, NULL, "one two three", "one two\nthree\n\n\n");
	becomes(40, "target", "two words that are beside it and below",
	    "target    two words that are beside it\n          and below\n\n\n");
}

static void test_long_words(void **state) {
	(void)state;
	becomes(8, NULL, "0123456789abcdef012", "01234567\n89abcdef\n012\n\n");
	becomes(8, NULL, "a 0123456789", "a\n01234567\n89\n\n");
	becomes(20, "target", "lease/0123456789abcdef", "target\n  lease/0123456789ab\n  cdef\n\n");
	becomes(
	    5, NULL, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\xe6\x97\xa5\xe6\x9c\xac\n\xe8\xaa\x9e\n\n\n");
	becomes(1, NULL, "\xe6\x97\xa5", "\n\n\n\n"); /* no room for one letter */
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
