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

void plain_members(json_t *whole, const char *between, struct buf *out) {
	const char *next = "";
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(whole, key, value) {
		buf_printf(out, "%s%s=", next, key);
		plain_value(value, out);
		next = between;
	}
	json_array_foreach(whole, i, value) {
		buf_puts(out, i == 0 ? "" : between);
		plain_value(value, out);
	}
}

void plain_json(const char *json, struct buf *out) {
	json_t *whole = json == NULL ? NULL : json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	if (json_is_object(whole) || json_is_array(whole)) {
		plain_members(whole, " ", out);
	} else {
		plain_value(whole, out);
	}
	json_decref(whole);
}
