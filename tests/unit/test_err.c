#include "db/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/base/mem.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The codes and names that scripts rely on. */
static void codes_have_their_names_and_exits(void **state) {
	static const struct {
		const char *name;
		int exit;
	} rows[] = {
	    {"invalid_input", 2},
	    {"not_found", 4},
	    {"already_exists", 5},
	    {"id_conflict", 5},
	    {"conflict", 5},
	    {"overlap", 5},
	    {"in_use", 5},
	    {"precondition_failed", 5},
	    {"pool_exhausted", 6},
	    {"quota_exceeded", 6},
	    {"limit_exceeded", 6},
	    {"not_allowed", 7},
	    {"read_only", 7},
	    {"unavailable", 3},
	    {"schema_mismatch", 3},
	    {"timeout", 8},
	    {"outcome_unknown", 9},
	    {"internal", 70},
	};
	(void)state;

	assert_int_equal(COUNT(rows), ERR_CODES - 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum err_code code = err_from_name(rows[i].name);

		assert_string_equal(err_name(code), rows[i].name);
		assert_int_equal(err_exit(code), rows[i].exit);
	}
	assert_int_equal(err_exit(ERR_NONE), 0);
}

static void unknown_names_are_our_defect(void **state) {
	static const char *const rows[] = {"", "none", "NOT_FOUND", "not_found ", "lost"};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(err_from_name(rows[i]), ERR_INTERNAL);
	}
}

static void setting_replaces_what_was_there(void **state) {
	struct err err = {0};
	(void)state;

	assert_false(err_set(&err, ERR_NOT_FOUND, "pool %s does not exist", "a"));
	assert_string_equal(err.message, "pool a does not exist");
	err.step = mem_text("step");
	err.line = 7;
	err.detail = mem_text("{}");
	assert_false(err_hint(&err, "try %d", 1));
	assert_false(err_hint(&err, "try %d", 2));
	assert_string_equal(err.hint, "try 2");

	/* Also with its own message as the argument. */
	assert_false(err_set(&err, ERR_CONFLICT, "again: %s", err.message));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.message, "again: pool a does not exist");
	assert_null(err.step);
	assert_null(err.hint);
	assert_null(err.detail);
	assert_int_equal(err.line, 0);
	err_release(&err);
}

static void moving_leaves_nothing_behind(void **state) {
	struct err from = {0}, to = {0};
	(void)state;

	err_set(&from, ERR_TIMEOUT, "late");
	err_set(&to, ERR_INTERNAL, "old");
	assert_false(err_move(&to, &from));
	assert_int_equal(to.code, ERR_TIMEOUT);
	assert_string_equal(to.message, "late");
	assert_int_equal(from.code, ERR_NONE);
	assert_null(from.message);
	err_release(&to);
	err_release(&to);
	assert_int_equal(to.code, ERR_NONE);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_have_their_names_and_exits),
	    cmocka_unit_test(unknown_names_are_our_defect),
	    cmocka_unit_test(setting_replaces_what_was_there),
	    cmocka_unit_test(moving_leaves_nothing_behind),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
