#include "db/batch/rowset.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"

static size_t texts_size(const struct row_type *type, const void *row) {
	size_t size = 0;

	for (size_t i = 0; i < type->count; i++) {
		const char *text = field_text(&type->fields[i], row);

		size += text == NULL ? 0 : strlen(text) + 1;
	}
	return size;
}

void *row_copy(const struct row_type *type, const void *row) {
	char *copy = mem_new(type->size + texts_size(type, row), 1);
	char *end = copy + type->size;

	memcpy(copy, row, type->size);
	for (size_t i = 0; i < type->count; i++) {
		const char *text = field_text(&type->fields[i], row);

		if (text != NULL) {
			size_t n = strlen(text) + 1;

			memcpy(end, text, n);
			memcpy(copy + type->fields[i].offset, &end, sizeof end);
			end += n;
		}
	}
	return copy;
}

void rowset_take(struct rowset *set, const struct row_type *type, const struct batch *b, size_t step) {
	size_t count = batch_count(b, step);

	rowset_release(set);
	set->rows = mem_new(count, sizeof *set->rows);
	while (set->count < count) {
		set->rows[set->count] = row_copy(type, batch_row(b, step, set->count));
		set->count++;
	}
}

void rowset_copy(struct rowset *set, const struct row_type *type, const void *rows, size_t count) {
	set->rows = mem_new(count, sizeof *set->rows);
	while (set->count < count) {
		set->rows[set->count] = row_copy(type, (const char *)rows + set->count * type->size);
		set->count++;
	}
}

void rowset_release(struct rowset *set) {
	for (size_t i = 0; i < set->count; i++) {
		free(set->rows[i]);
	}
	free(set->rows);
	*set = (struct rowset){0};
}
