#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/effect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define USE(used, held, free) "{\"free\": " #free ", \"used\": " #used ", \"held_back\": " #held "}"
#define POOL(name)                                                                                           \
	"\"" name "\": {\"after\": " USE(                                                                    \
	    1, 2, 340282366920938463463374607431768211455) ", \"before\": " USE(4, 5, 6) "}"

/* The document as the server writes it, and what is made of it. */
static void plans(void **state) {
	static const struct {
		const char *document, *phrase, *effect;
		bool empty;
	} rows[] = {
	    {"{\"effect\": {}, \"targets\": 0}", "release 0 leases", "{}", true},
	    {"{\"targets\":3,\"effect\":{}}", "release 3 leases", "{}", false},
	    {"{\"effect\": {" POOL("web") "}, \"targets\": 46}", "release 46 web",
		"{\"web\":{\"before\":{\"used\":4,\"held_back\":5,\"free\":6},"
		"\"after\":{\"used\":1,\"held_back\":2,\"free\":340282366920938463463374607431768211455}}}",
		false},
	    {"{\"effect\": {" POOL("a") ", " POOL("b") "}, \"targets\": 9223372036854775807}",
		"release 9223372036854775807 leases", NULL, false},
	    {"{\"effect\": {" POOL("a") "}, \"targets\": 0}", "release 0 a", NULL, false},
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct effect effect = {0};
		struct buf phrase = {0};
		struct buf json = {0};
		struct err err = {0};

		if (!effect_parse(rows[i].document, &effect, &err)) {
			fail_msg("%s: %s", rows[i].document, err.message);
		}
		effect_phrase(&effect, &phrase);
		effect_part_json(&effect, &json);
		assert_string_equal(buf_text(&phrase), rows[i].phrase);
		assert_int_equal(effect_is_empty(&effect), rows[i].empty);
		if (rows[i].effect != NULL) {
			assert_string_equal(buf_text(&json), rows[i].effect);
		}
		buf_release(&phrase);
		buf_release(&json);
		effect_release(&effect);
	}
}

static void other_documents(void **state) {
	static const char *const rows[] = {
	    "",
	    "[]",
	    "{}",
	    "{\"targets\": 1",
	    "{\"targets\": -1, \"effect\": {}}",
	    "{\"targets\": 1.5, \"effect\": {}}",
	    "{\"targets\": 9223372036854775808, \"effect\": {}}",
	    "{\"targets\": 1, \"effect\": []}",
	    "{\"targets\": 1, \"others\": 1}",
	    "{\"effect\": {}}",
	    "{\"effect\": {\"web\": {\"after\": " USE(1, 2, 3) "}}, \"targets\": 1}",
	    "{\"effect\": {\"web\": {\"after\": {}, \"before\": {}}}, \"targets\": 1}",
	    "{\"effect\": {" POOL("a\\n") "}, \"targets\": 1}",
	    "{\"effect\": {" POOL(
		"0123456789012345678901234567890123456789012345678901234567890123") "}, \"targets\": 1}",
	};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct effect effect = {.targets = 77};
		struct err err = {0};

		if (effect_parse(rows[i], &effect, &err)) {
			fail_msg("%s was taken", rows[i]);
		}
		assert_int_equal(err.code, ERR_INTERNAL);
		assert_int_equal(effect.targets, 77);
		err_release(&err);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plans),
	    cmocka_unit_test(other_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
