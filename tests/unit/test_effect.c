#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/effect.h"
#include "model/phrase.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct pool_effect web = {.pool = "web",
    .leases = 46,
    .used = {"4"},
    .held_back = {"5"},
    .free = {"6"},
    .used_after = {"1"},
    .held_back_after = {"2"},
    .free_after = {"340282366920938463463374607431768211455"}};

static void test_phrase(void **state) {
	struct pool_effect none = {.pool = "a"};
	struct pool_effect two[] = {web, none};
	const struct {
		const struct pool_effect *rows;
		size_t count;
		int64_t targets;
		const char *phrase;
		bool empty;
	} cases[] = {
	    {NULL, 0, 0, "release 0 leases", true},
	    {&web, 1, 46, "release 46 web", false},
	    {two, 2, INT64_MAX, "release 9223372036854775807 leases", false},
	    {&none, 1, 0, "release 0 a", false},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct effect effect = {.targets = cases[i].targets};
		struct buf phrase = {0};

		rowset_copy(&effect.pools, &row_pool_effect, cases[i].rows, cases[i].count);
		phrase_of_bulk(&effect, "release", "lease", &phrase);
		assert_string_equal(buf_text(&phrase), cases[i].phrase);
		assert_int_equal(effect_is_empty(&effect), cases[i].empty);
		buf_release(&phrase);
		effect_release(&effect);
	}
}

static void test_json(void **state) {
	struct effect effect = {0};
	struct buf json = {0};
	(void)state;

	effect_json(&effect, &json);
	assert_string_equal(buf_text(&json), "{}");
	buf_cut(&json, 0);
	rowset_copy(&effect.pools, &row_pool_effect, &web, 1);
	effect_json(&effect, &json);
	assert_string_equal(buf_text(&json),
	    "{\"web\":{\"before\":{\"used\":4,\"held_back\":5,\"free\":6},"
	    "\"after\":{\"used\":1,\"held_back\":2,\"free\":340282366920938463463374607431768211455}}}");
	buf_release(&json);
	effect_release(&effect);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_phrase),
	    cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
