/*
 * The JSON writer: exact, escaped, and accepted by a parser.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/text/json.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *text; /* NULL: null */
	const char *json;
} texts[] = {
    {NULL, "null"},
    {"", "\"\""},
    {"plain", "\"plain\""},
    {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
    {"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
    {"\x01\x1b[2J\x1f\x7f", "\"\\u0001\\u001b[2J\\u001f\x7f\""},
    {"Zoë 北 🦊", "\"Zoë 北 🦊\""},
    {"\xe2\x80\xa8\xe2\x80\xae", "\"\xe2\x80\xa8\xe2\x80\xae\""},
};

static void test_texts(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct buf out = {0};
		struct json j = {.out = &out};

		json_put_text(&j, texts[i].text);
		assert_string_equal(buf_text(&out), texts[i].json);

		json_t *back = json_loads(buf_text(&out), JSON_DECODE_ANY, NULL);

		assert_non_null(back);
		if (texts[i].text != NULL) {
			assert_string_equal(json_string_value(back), texts[i].text);
		}
		json_decref(back);
		buf_release(&out);
	}
}

static const struct {
	double number;
	const char *json;
} reals[] = {
    {0, "0"},
    {100, "100"},
    {82.5, "82.5"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {0.1 + 0.2, "0.30000000000000004"},
    {-2.5, "-2.5"},
    {123456789012345, "123456789012345"},
    {1e21, "1e+21"},
    {-7, "-7"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
};

static void check_reals(void) {
	for (size_t i = 0; i < LENGTH(reals); i++) {
		struct buf out = {0};

		json_real_text(reals[i].number, &out);
		assert_string_equal(buf_text(&out), reals[i].json);
		buf_release(&out);
	}
}

static void test_reals(void **state) {
	(void)state;
	check_reals();
}

/* A locale with a decimal comma, which tests/run creates, changes nothing. */
static void test_reals_with_decimal_comma(void **state) {
	const char *folder = getenv("BERTH_TEST_LOCALES");

	(void)state;
	assert_non_null(folder);
	assert_int_equal(setenv("LOCPATH", folder == NULL ? "" : folder, 1), 0);
	assert_non_null(setlocale(LC_NUMERIC, "de_DE.UTF-8"));
	check_reals();
	assert_non_null(setlocale(LC_NUMERIC, "C"));
}

static void test_structure(void **state) {
	struct buf out = {0};
	struct json j = {.out = &out};
	struct id id;

	(void)state;
	assert_true(id_parse("5E0D6A3C-0f7b-4b43-9a51-6f6f0b1c2d3e", &id));
	json_open_object(&j);
	json_put_key(&j, "int");
	json_put_int(&j, INT64_MIN);
	json_put_key(&j, "count");
	json_put_count(&j, (struct count){"340282366920938463463374607431768211456"});
	json_put_key(&j, "yes");
	json_put_bool(&j, true);
	json_put_key(&j, "no");
	json_put_bool(&j, false);
	json_put_key(&j, "id");
	json_put_id(&j, id);
	json_put_key(&j, "nil");
	json_put_id(&j, (struct id){{0}});
	json_put_key(&j, "raw");
	json_put_raw(&j, "{\"a\":1}");
	json_put_key(&j, "no raw");
	json_put_raw(&j, NULL);
	json_put_key(&j, "k\"ey");
	json_open_array(&j);
	json_open_array(&j);
	json_close_array(&j);
	json_open_object(&j);
	json_close_object(&j);
	json_put_null(&j);
	json_close_array(&j);
	json_close_object(&j);
	assert_int_equal(j.depth, 0);
	assert_string_equal(buf_text(&out),
	    "{\"int\":-9223372036854775808,\"count\":340282366920938463463374607431768211456,\"yes\":true,"
	    "\"no\":false,"
	    "\"id\":\"5e0d6a3c-0f7b-4b43-9a51-6f6f0b1c2d3e\",\"nil\":null,"
	    "\"raw\":{\"a\":1},\"no raw\":null,\"k\\\"ey\":[[],{},null]}");
	buf_release(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_reals),
	    cmocka_unit_test(test_reals_with_decimal_comma),
	    cmocka_unit_test(test_structure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
