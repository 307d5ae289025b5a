/* Labels: an accepted list is a JSON object of valid keys and values, and those make the same object again.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/label.h"
#include "model/text/json.h"
#include "tests/fuzz/fuzz.h"

static bool read(const char *text, struct buf *out, struct err *err) {
	struct json j = {.out = out};
	bool ok;

	json_open_object(&j);
	ok = label_list_json(text, &j, err);
	json_close_object(&j);
	return ok;
}

/* Writes the members as they are typed. */
static void list(const char *json, struct buf *out) {
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	struct err err = {0};
	const char *key;
	json_t *value;

	fuzz_check(json_is_object(root));
	json_object_foreach(root, key, value) {
		const char *text = json_string_value(value);

		fuzz_check(label_key_check(key, strlen(key), &err));
		fuzz_check(text != NULL && label_value_check(text, strlen(text), &err));
		buf_printf(out, "%s%s=%s", out->len == 0 ? "" : ";", key, text);
	}
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	struct buf first = {0}, plain = {0}, second = {0};
	struct err err = {0};

	if (read(text, &first, &err)) {
		list(buf_text(&first), &plain);
		fuzz_check(read(buf_text(&plain), &second, &err));
		fuzz_check(strcmp(buf_text(&first), buf_text(&second)) == 0);
	} else {
		fuzz_check(err.code == ERR_INVALID_INPUT || err.code == ERR_LIMIT_EXCEEDED);
		fuzz_refused(&err, (int)err.code);
	}
	if (!label_key_check((const char *)data, n, &err)) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	if (!label_value_check((const char *)data, n, &err)) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	buf_release(&first);
	buf_release(&plain);
	buf_release(&second);
	free(text);
	return 0;
}
