#include "ui/text/plain_json.h"

#include <stdlib.h>

#include "db/base/buf.h"

void plain_value(const json_t *value, struct buf *out) {
	char *dump;

	if (json_is_string(value)) {
		buf_add(out, json_string_value(value), json_string_length(value));
		return;
	}
	dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	buf_puts(out, dump == NULL ? "" : dump);
	free(dump);
}

void plain_json(const char *json, struct buf *out) {
	json_t *whole = json == NULL ? NULL : json_loads(json, JSON_ALLOW_NUL, NULL);
	const char *between = "";
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(whole, key, value) {
		buf_printf(out, "%s%s=", between, key);
		plain_value(value, out);
		between = " ";
	}
	json_array_foreach(whole, i, value) {
		buf_puts(out, i == 0 ? "" : " ");
		plain_value(value, out);
	}
	json_decref(whole);
}
