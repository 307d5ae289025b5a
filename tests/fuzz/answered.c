#include "tests/fuzz/answered.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/batch/decode.h"
#include "model/syntax/name.h"
#include "tests/fuzz/fuzz.h"

enum { NULL_CELL = 255 };

/* Takes the next cell; NULL bytes are a NULL. */
static char *take(struct answered *a, size_t *len) {
	size_t n = a->n == 0 ? NULL_CELL : a->data[0];
	char *bytes;

	if (a->n > 0) {
		a->data++;
		a->n--;
	}
	if (n == NULL_CELL) {
		*len = 0;
		return NULL;
	}
	n = n < a->n ? n : a->n;
	bytes = fuzz_text(a->data, n);
	a->data += n;
	a->n -= n;
	*len = n;
	return bytes;
}

static bool is_json(const char *text) {
	json_t *root = json_loads(text, JSON_DECODE_ANY, NULL);
	bool ok = root != NULL;

	json_decref(root);
	return ok;
}

/* Returns whether the member is as a server that keeps its promises sends it. */
static bool is_clean(const struct field *field, const void *row) {
	const char *member = (const char *)row + field->offset;
	const char *text = field_text(field, row);
	struct err err = {0};
	double real = 0;
	bool ok = true;

	if (field->type == FIELD_REAL) {
		memcpy(&real, member, sizeof real);
		return isfinite(real);
	}
	if (text != NULL) {
		ok = text_check("text", text, SIZE_MAX, &err) && (field->type != FIELD_JSON || is_json(text));
	}
	err_release(&err);
	return ok;
}

bool answered_row(struct answered *a, const struct row_type *type, void *row) {
	a->clean = true;
	for (size_t i = 0; i < type->count; i++) {
		const struct field *field = &type->fields[i];
		struct cell cell = {.type = encode_type(field->type)};
		char *bytes = take(a, &cell.len);
		bool ok;

		cell.null = bytes == NULL;
		cell.bytes = bytes == NULL ? "" : bytes;
		ok = decode_cell(field, &cell, row);
		if (a->count < sizeof a->cells / sizeof *a->cells) {
			a->cells[a->count++] = bytes;
		} else {
			free(bytes);
			ok = false;
		}
		if (!ok) {
			return false;
		}
		a->clean = a->clean && is_clean(field, row);
	}
	return true;
}

void answered_release(struct answered *a) {
	for (size_t i = 0; i < a->count; i++) {
		free(a->cells[i]);
	}
}
