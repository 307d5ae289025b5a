#include "ui/worker/last_output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

static void ends_with(const struct last_output *t, const char *expected) {
	struct buf text = {0};

	last_output_text(t, &text);
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
}

static void texts(void **state) {
	static const struct {
		const char *said;
		size_t n;
		const char *kept;
	} cases[] = {
	    {"", 0, ""},
	    {"oh no", 5, "oh no"},
	    {"oh\n no \n\r\t\n", 11, "oh\n no"},
	    {"\n\n", 2, ""},
	    {"a\0b", 3,
		"a\xef\xbf\xbd"
		"b"},
	    {"a\0", 2, "a\xef\xbf\xbd"},
	    {"\xff\x1b[2J", 5, "\xef\xbf\xbd\x1b[2J"},
	    {"\xc3\xa9\xc3", 3, "\xc3\xa9\xef\xbf\xbd"},
	    {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct last_output *t = mem_new(1, sizeof *t);

		last_output_add(t, cases[i].said, cases[i].n);
		ends_with(t, cases[i].kept);
		free(t);
	}
}

/* The last characters are kept, however the output is divided. */
static void the_last_characters(void **state) {
	static const size_t pieces[] = {1, 7, 4096, 1000000};
	static const char *const letters[] = {"x", "\xc3\xa9", "\xf0\x9f\x98\x80"};
	(void)state;

	for (size_t l = 0; l < 3; l++) {
		struct buf all = {0};
		struct buf expected = {0};

		for (int i = 0; i < 20000; i++) {
			buf_puts(&all, letters[l]);
		}
		buf_puts(&all, "end\n");
		for (int i = 0; i < LAST_OUTPUT_CHARS - 3; i++) {
			buf_puts(&expected, letters[l]);
		}
		buf_puts(&expected, "end");
		for (size_t p = 0; p < 4; p++) {
			struct last_output *t = mem_new(1, sizeof *t);

			for (size_t at = 0; at < all.len; at += pieces[p]) {
				size_t left = all.len - at;

				last_output_add(t, all.text + at, left < pieces[p] ? left : pieces[p]);
			}
			ends_with(t, buf_text(&expected));
			free(t);
		}
		buf_release(&all);
		buf_release(&expected);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts),
	    cmocka_unit_test(the_last_characters),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
