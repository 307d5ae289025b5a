#include "db/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void assert_sound(const struct buf *b) {
	if (b->text == NULL) {
		assert_true(b->room == 0 && b->len == 0);
	} else {
		assert_true(b->len < b->room);
		assert_true(b->text[b->len] == '\0');
	}
}

static void texts_grow(void **state) {
	struct buf b = {0};
	(void)state;

	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "ab");
	buf_char(&b, 'c');
	buf_add(&b, "d\0e", 3);
	buf_add(&b, NULL, 0);
	buf_printf(&b, "%d-%s", 7, "x");
	assert_int_equal(b.len, 9);
	assert_memory_equal(buf_text(&b), "abcd\0e7-x", 10);
	assert_sound(&b);
	buf_release(&b);
	buf_release(&b);
	assert_sound(&b);
}

static void every_length_fits(void **state) {
	struct buf b = {0};
	(void)state;

	for (size_t n = 0; n < 3000; n++) {
		assert_int_equal(b.len, n);
		buf_char(&b, (char)('a' + (int)(n % 26)));
		assert_sound(&b);
	}
	for (size_t n = 0; n < b.len; n++) {
		assert_true(b.text[n] == (char)('a' + (int)(n % 26)));
	}
	buf_release(&b);
}

static void long_formats_fit(void **state) {
	struct buf b = {0};
	(void)state;

	buf_printf(&b, "%0*d", 5000, 1);
	assert_int_equal(b.len, 5000);
	assert_int_equal(strlen(buf_text(&b)), 5000);
	assert_sound(&b);
	buf_release(&b);
}

static void cutting_keeps_the_beginning(void **state) {
	struct buf b = {0};
	(void)state;

	buf_cut(&b, 0);
	assert_sound(&b);
	buf_puts(&b, "abc");
	buf_cut(&b, 1);
	buf_puts(&b, "z");
	assert_string_equal(buf_text(&b), "az");
	buf_cut(&b, 0);
	assert_string_equal(buf_text(&b), "");
	assert_sound(&b);
	buf_release(&b);
}

static void taking_leaves_it_empty(void **state) {
	struct buf b = {0};
	char *text;
	(void)state;

	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
	buf_puts(&b, "abc");
	text = buf_take(&b);
	assert_string_equal(text, "abc");
	free(text);
	assert_string_equal(buf_text(&b), "");
	assert_sound(&b);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_grow),
	    cmocka_unit_test(every_length_fits),
	    cmocka_unit_test(long_formats_fit),
	    cmocka_unit_test(cutting_keeps_the_beginning),
	    cmocka_unit_test(taking_leaves_it_empty),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
