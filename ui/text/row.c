#include "ui/text/row.h"

#include <assert.h>
#include <string.h>

#include "db/batch/rows.h"

static const void *array_at(const struct rows *rows, size_t index) {
	return (const char *)rows->from + index * rows->step;
}

struct rows rows_of_array(const void *rows, size_t size, size_t count) {
	return (struct rows){array_at, rows, size, count};
}

const void *row_member(const struct field *field, const void *row) {
	return (const char *)row + field->offset;
}

const char *row_text(const struct field *field, const void *row) {
	const char *text;

	assert(field->type == FIELD_TEXT || field->type == FIELD_JSON);
	text = field_text(field, row);
	return text == NULL ? "" : text;
}

static bool same(const struct field *field, const void *a, const void *b) {
	const void *x = row_member(field, a);
	const void *y = row_member(field, b);

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_JSON:
		return strcmp(row_text(field, a), row_text(field, b)) == 0;
	case FIELD_COUNT:
		return strcmp(((const struct count *)x)->digits, ((const struct count *)y)->digits) == 0;
	case FIELD_ENUM:
		return *(const int *)x == *(const int *)y;
	default:
		assert(field->type == FIELD_INT || field->type == FIELD_TIME);
		return *(const int64_t *)x == *(const int64_t *)y;
	}
}

bool row_differs(const struct row_type *type, const char *const *names, const void *a, const void *b) {
	for (size_t i = 0; names[i] != NULL; i++) {
		if (!same(row_field(type, names[i]), a, b)) {
			return true;
		}
	}
	return false;
}
