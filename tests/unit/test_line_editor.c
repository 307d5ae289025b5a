/*
 * The input line: whole characters, history, and the limits of a paste.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/line_editor.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static enum line_editor_result press(struct line_editor *p, int key) {
	return line_editor_key(p, &(struct key_event){.key = key});
}

static void type(struct line_editor *p, const char *ascii) {
	for (; *ascii != '\0'; ascii++) {
		assert_int_equal(press(p, *ascii), LINE_EDITOR_EDITED);
	}
}

static void test_editing(void **state) {
	static const struct {
		const char *typed;
		int keys[4];
		const char *text;
		size_t cursor;
	} cases[] = {
	    {"abc", {KEY_CODE_LEFT, KEY_CODE_BACKSPACE}, "ac", 1},
	    {"abc", {KEY_CODE_HOME, KEY_CODE_DELETE}, "bc", 0},
	    {"abc", {KEY_CODE_LEFT, 0xe9},
		"ab\xc3\xa9"
		"c",
		4},
	    {"a", {0x65e5, KEY_CODE_LEFT, KEY_CODE_LEFT}, "a\xe6\x97\xa5", 0},
	    {"a", {0x1f600, KEY_CODE_BACKSPACE}, "a", 1},
	    {"one two ", {KEY_CODE_CTRL('w')}, "one ", 4},
	    {"one two", {KEY_CODE_CTRL('a'), KEY_CODE_CTRL('k')}, "", 0},
	    {"one two", {KEY_CODE_LEFT, KEY_CODE_CTRL('u')}, "o", 0},
	    {"a", {KEY_CODE_BACKSPACE, KEY_CODE_BACKSPACE, KEY_CODE_DELETE, KEY_CODE_LEFT}, "", 0},
	    {"a", {KEY_CODE_CTRL('o'), 0x9b, 0x80}, "a", 1}, /* C1 is not text */
	    {"a", {0xd800, 0x110001, KEY_CODE_F1}, "a", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct line_editor p = {0};

		type(&p, cases[i].typed);
		for (size_t k = 0; k < 4 && cases[i].keys[k] != 0; k++) {
			(void)press(&p, cases[i].keys[k]);
			assert_true(line_editor_valid(&p));
		}
		assert_string_equal(line_editor_text(&p), cases[i].text);
		assert_int_equal(p.cursor, cases[i].cursor);
		line_editor_release(&p);
	}
}

static void test_history(void **state) {
	struct line_editor p = {0};

	(void)state;
	type(&p, "first");
	line_editor_remember(&p);
	line_editor_set(&p, "second");
	line_editor_remember(&p);
	line_editor_remember(&p); /* once is enough */
	line_editor_set(&p, "");
	(void)press(&p, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&p), "second");
	(void)press(&p, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&p), "first");
	(void)press(&p, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&p), "first");
	(void)press(&p, KEY_CODE_DOWN);
	(void)press(&p, KEY_CODE_DOWN);
	assert_string_equal(line_editor_text(&p), "");
	line_editor_release(&p);
}

static void test_paste(void **state) {
	static const char text[] = "a\nb\r\033[31m\xff\xc2\x9b"
				   "c";
	struct line_editor p = {0};

	(void)state;
	assert_int_equal(line_editor_key(&p, &(struct key_event){KEY_CODE_PASTE, text, sizeof text - 1}),
	    LINE_EDITOR_EDITED);
	assert_string_equal(line_editor_text(&p), "a b  [31m  c");
	line_editor_release(&p);
}

static void test_limit(void **state) {
	struct line_editor p = {0};

	(void)state;
	for (int i = 0; i < LINE_EDITOR_MAX + 10; i++) {
		(void)press(&p, 'x');
	}
	assert_int_equal(p.text.len, LINE_EDITOR_MAX);
	(void)press(&p, 0xe9);
	assert_int_equal(p.text.len, LINE_EDITOR_MAX);
	line_editor_release(&p);
}

/* The end of a long line stays visible, with the hardware cursor after it. */
static void test_drawing(void **state) {
	struct line_editor p = {0};
	struct grid *g = grid_new(1, 10, false);
	struct buf text = {0};

	(void)state;
	type(&p, "0123456789abcdef ");
	line_editor_draw(&p, g, 0, 1, 10, STYLE_NORMAL);
	grid_text(g, &text);
	assert_string_equal(buf_text(&text), " 9abcdef\n");
	assert_int_equal(g->cursor_column, 9);
	buf_release(&text);
	grid_free(g);
	line_editor_release(&p);
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
