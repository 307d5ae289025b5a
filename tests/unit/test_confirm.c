/*
 * Confirming by hand: keys confirm; a paste or Enter alone does not.
 */
#include "ui/console/widgets/confirm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static enum confirm_result key(struct confirm *c, const char *phrase, int code) {
	return confirm_key(c, phrase, &(struct key_event){.key = code});
}

static enum confirm_result type(struct confirm *c, const char *phrase, const char *text) {
	for (; *text != '\0'; text++) {
		assert_int_equal(key(c, phrase, *text), CONFIRM_WAITS);
	}
	return key(c, phrase, KEY_CODE_ENTER);
}

static void a_line_takes_y(void **state) {
	struct confirm c = {.copies = true};

	(void)state;
	assert_int_equal(key(&c, NULL, 'y'), CONFIRM_YES);
	assert_int_equal(key(&c, NULL, 'n'), CONFIRM_LEFT);
	assert_int_equal(key(&c, NULL, KEY_CODE_ENTER), CONFIRM_WAITS);
	assert_int_equal(key(&c, NULL, KEY_CODE_PASTE), CONFIRM_PASTED);
	assert_int_equal(key(&c, NULL, 'J'), CONFIRM_JSON);
	confirm_release(&c);
}

static void a_phrase_is_typed_whole(void **state) {
	struct confirm c = {0};

	(void)state;
	assert_int_equal(key(&c, "fix 2 t", KEY_CODE_ENTER), CONFIRM_WRONG);
	assert_int_equal(key(&c, "fix 2 t", KEY_CODE_PASTE), CONFIRM_PASTED);
	assert_int_equal(c.typed.text.len, 0);
	assert_int_equal(type(&c, "fix 2 t", "fix 2 "), CONFIRM_WRONG);
	assert_int_equal(type(&c, "fix 2 t", "t"), CONFIRM_YES);
	assert_int_equal(key(&c, "fix 2 t", KEY_CODE_ESCAPE), CONFIRM_LEFT);
	confirm_release(&c);
}

/* The name of an environment may begin with any letter. */
static void letters_copy_only_where_they_are_no_text(void **state) {
	struct confirm name = {0};
	struct confirm plan = {.copies = true};

	(void)state;
	assert_int_equal(type(&name, "JETTY", "JETTY"), CONFIRM_YES);
	assert_int_equal(key(&plan, "release 2 web", 'C'), CONFIRM_COMMAND);
	assert_int_equal(key(&plan, "release 2 web", 'r'), CONFIRM_WAITS);
	assert_int_equal(key(&plan, "release 2 web", 'C'), CONFIRM_WAITS);
	confirm_release(&name);
	confirm_release(&plan);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_takes_y),
	    cmocka_unit_test(a_phrase_is_typed_whole),
	    cmocka_unit_test(letters_copy_only_where_they_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
