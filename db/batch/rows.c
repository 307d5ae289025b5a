#include "db/batch/rows.h"

#include <assert.h>
#include <string.h>

const struct field *row_field(const struct row_type *type, const char *name) {
	size_t i = 0;

	while (i < type->count && strcmp(type->fields[i].name, name) != 0) {
		i++;
	}
	assert(i < type->count);
	return &type->fields[i];
}

const char *field_text(const struct field *field, const void *row) {
	const char *text = NULL;

	if (field->type == FIELD_TEXT || field->type == FIELD_JSON) {
		memcpy(&text, (const char *)row + field->offset, sizeof text);
	}
	return text;
}
