#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/states.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const names[] = {"egg", "caterpillar", "butterfly", NULL};
static const struct state_group groups[] = {{"young", 3}, {NULL, 0}};

static void sets(void **state) {
	static const struct {
		const char *text;
		unsigned states;
		const char *literal;
	} rows[] = {
	    {"egg", 1, "{egg}"},
	    {"butterfly", 4, "{butterfly}"},
	    {"butterfly,egg", 5, "{egg,butterfly}"},
	    {"egg,egg", 1, "{egg}"},
	    {"young", 3, "{egg,caterpillar}"},
	    {"young,butterfly", 7, "{egg,caterpillar,butterfly}"},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned states = 0;
		struct buf literal = {0};
		struct err err = {0};

		assert_true(states_parse(rows[i].text, names, groups, &states, &err));
		assert_int_equal(states, rows[i].states);
		states_text(states, names, &literal);
		assert_string_equal(buf_text(&literal), rows[i].literal);
		buf_release(&literal);
	}
}

static void no_states(void **state) {
	static const char *const rows[] = {
	    "", "eg", "eggs", "Egg", "egg,", ",egg", "egg,,butterfly", "egg butterfly", " egg"};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned states = 77;
		struct err err = {0};

		assert_false(states_parse(rows[i], names, groups, &states, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_non_null(strstr(err.message, "the states are egg, caterpillar, butterfly, young"));
		assert_int_equal(states, 77);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sets),
	    cmocka_unit_test(no_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
