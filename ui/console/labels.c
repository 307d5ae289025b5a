#include "ui/console/labels.h"

#include <jansson.h>

#include "db/buf.h"

void labels_text(const char *json, struct buf *out) {
	json_t *object = json == NULL ? NULL : json_loads(json, JSON_ALLOW_NUL, NULL);
	const char *key;
	json_t *value;
	const char *between = "";

	json_object_foreach(object, key, value) {
		buf_puts(out, between);
		buf_puts(out, key);
		buf_char(out, '=');
		buf_add(out, json_string_value(value), json_string_length(value));
		between = " ";
	}
	json_decref(object);
}
