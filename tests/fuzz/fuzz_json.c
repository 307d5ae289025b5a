/* The writer of JSON: any text of valid UTF-8 and any number is read back as the same. And documents of any
 * kind, as people read them. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/name.h"
#include "model/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "ui/text/plain_json.h"

static void check_text(const char *text) {
	struct buf out = {0};
	struct json j = {.out = &out};
	json_t *root;

	json_open_object(&j);
	json_put_key(&j, text);
	json_open_array(&j);
	json_put_text(&j, text);
	json_put_text(&j, NULL);
	json_put_bool(&j, true);
	json_close_array(&j);
	json_close_object(&j);
	root = json_loads(buf_text(&out), 0, NULL);
	fuzz_check(json_is_object(root) && j.depth == 0);
	fuzz_check(strcmp(json_string_value(json_array_get(json_object_get(root, text), 0)), text) == 0);
	json_decref(root);
	buf_release(&out);
}

static void check_number(const uint8_t *data) {
	struct buf out = {0};
	struct json j = {.out = &out};
	json_t *root;
	double real = 0;
	int64_t whole = 0;

	memcpy(&real, data, sizeof real);
	memcpy(&whole, data, sizeof whole);
	if (isfinite(real)) {
		json_real_text(real, &out);
		root = json_loads(buf_text(&out), JSON_DECODE_ANY, NULL);
		fuzz_check(json_is_number(root) && json_number_value(root) - real == 0);
		json_decref(root);
	}
	buf_cut(&out, 0);
	json_put_int(&j, whole);
	root = json_loads(buf_text(&out), JSON_DECODE_ANY, NULL);
	fuzz_check(json_is_integer(root) && json_integer_value(root) == whole);
	json_decref(root);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	struct buf out = {0};
	struct err err = {0};

	if (text_check("text", text, SIZE_MAX, &err)) {
		check_text(text);
	}
	if (n >= sizeof(double)) {
		check_number(data);
	}
	plain_json(text, &out);
	buf_release(&out);
	err_release(&err);
	free(text);
	return 0;
}
