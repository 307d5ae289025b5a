/*
 * The input line: whole characters, history, and what a paste may not do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/line_editor.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static enum prompt_result press(struct prompt *p, int key) {
	return prompt_press(p, &(struct press){.key = key});
}

static void type(struct prompt *p, const char *ascii) {
	for (; *ascii != '\0'; ascii++) {
		assert_int_equal(press(p, *ascii), PROMPT_EDITED);
	}
}

static void test_editing(void **state) {
	static const struct {
		const char *typed;
		int keys[4];
		const char *text;
		size_t cursor;
	} cases[] = {
	    {"abc", {PRESS_LEFT, PRESS_BACKSPACE}, "ac", 1},
	    {"abc", {PRESS_HOME, PRESS_DELETE}, "bc", 0},
	    {"abc", {PRESS_LEFT, 0xe9},
		"ab\xc3\xa9"
		"c",
		4},
	    {"a", {0x65e5, PRESS_LEFT, PRESS_LEFT}, "a\xe6\x97\xa5", 0},
	    {"a", {0x1f600, PRESS_BACKSPACE}, "a", 1},
	    {"one two ", {PRESS_CTRL('w')}, "one ", 4},
	    {"one two", {PRESS_CTRL('a'), PRESS_CTRL('k')}, "", 0},
	    {"one two", {PRESS_LEFT, PRESS_CTRL('u')}, "o", 0},
	    {"a", {PRESS_BACKSPACE, PRESS_BACKSPACE, PRESS_DELETE, PRESS_LEFT}, "", 0},
	    {"a", {PRESS_CTRL('o'), 0x9b, 0x80}, "a", 1}, /* C1 is not text */
	    {"a", {0xd800, 0x110001, PRESS_F1}, "a", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prompt p = {0};

		type(&p, cases[i].typed);
		for (size_t k = 0; k < 4 && cases[i].keys[k] != 0; k++) {
			(void)press(&p, cases[i].keys[k]);
			assert_true(prompt_valid(&p));
		}
		assert_string_equal(prompt_text(&p), cases[i].text);
		assert_int_equal(p.cursor, cases[i].cursor);
		prompt_release(&p);
	}
}

static void test_history(void **state) {
	struct prompt p = {0};

	(void)state;
	type(&p, "first");
	prompt_remember(&p);
	prompt_set(&p, "second");
	prompt_remember(&p);
	prompt_remember(&p); /* once is enough */
	prompt_set(&p, "");
	(void)press(&p, PRESS_UP);
	assert_string_equal(prompt_text(&p), "second");
	(void)press(&p, PRESS_UP);
	assert_string_equal(prompt_text(&p), "first");
	(void)press(&p, PRESS_UP);
	assert_string_equal(prompt_text(&p), "first");
	(void)press(&p, PRESS_DOWN);
	(void)press(&p, PRESS_DOWN);
	assert_string_equal(prompt_text(&p), "");
	prompt_release(&p);
}

static void test_paste(void **state) {
	static const char text[] = "a\nb\r\033[31m\xff\xc2\x9b"
				   "c";
	struct prompt p = {0};

	(void)state;
	assert_int_equal(
	    prompt_press(&p, &(struct press){PRESS_PASTE, text, sizeof text - 1}), PROMPT_EDITED);
	assert_string_equal(prompt_text(&p), "a b  [31m  c");
	prompt_release(&p);
}

static void test_limit(void **state) {
	struct prompt p = {0};

	(void)state;
	for (int i = 0; i < PROMPT_MAX + 10; i++) {
		(void)press(&p, 'x');
	}
	assert_int_equal(p.text.len, PROMPT_MAX);
	(void)press(&p, 0xe9);
	assert_int_equal(p.text.len, PROMPT_MAX);
	prompt_release(&p);
}

/* The end of a long line stays in sight, with the hardware cursor behind it. */
static void test_drawing(void **state) {
	struct prompt p = {0};
	struct grid *g = grid_new(1, 10, false);
	struct buf text = {0};

	(void)state;
	type(&p, "0123456789abcdef ");
	prompt_draw(&p, g, 0, 1, 10, STYLE_NORMAL);
	grid_text(g, &text);
	assert_string_equal(buf_text(&text), " 9abcdef\n");
	assert_int_equal(g->cursor_column, 9);
	buf_release(&text);
	grid_free(g);
	prompt_release(&p);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_editing),
	    cmocka_unit_test(test_history),
	    cmocka_unit_test(test_paste),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_drawing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
