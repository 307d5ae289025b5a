#include "ui/console/list/marks.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/rowset.h"

void marks_release(struct marks *marks) {
	for (size_t i = 0; i < marks->count; i++) {
		free(marks->items[i].row);
	}
	free(marks->items);
	*marks = (struct marks){0};
}

/* Returns the place of an id, or where it would be. */
static size_t place_of(const struct marks *marks, struct id id) {
	size_t low = 0;
	size_t high = marks->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(marks->items[middle].id.bytes, id.bytes, sizeof id.bytes) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

const void *marks_row(const struct marks *marks, struct id id) {
	size_t at = place_of(marks, id);

	return at < marks->count && id_equal(marks->items[at].id, id) ? marks->items[at].row : NULL;
}

bool marks_has(const struct marks *marks, struct id id) {
	return marks_row(marks, id) != NULL;
}

bool marks_add(struct marks *marks, struct id id, const struct row_type *type, const void *row) {
	size_t at = place_of(marks, id);

	if (at < marks->count && id_equal(marks->items[at].id, id)) {
		return true;
	}
	if (marks->count == MARKS_MOST) {
		return false;
	}
	marks->items = mem_grow(marks->items, marks->count + 1, sizeof *marks->items);
	memmove(&marks->items[at + 1], &marks->items[at], (marks->count - at) * sizeof *marks->items);
	marks->items[at] = (struct mark){id, row_copy(type, row)};
	marks->count++;
	marks->all = false;
	return true;
}

void marks_drop(struct marks *marks, struct id id) {
	size_t at = place_of(marks, id);

	if (at < marks->count && id_equal(marks->items[at].id, id)) {
		free(marks->items[at].row);
		marks->count--;
		memmove(&marks->items[at], &marks->items[at + 1], (marks->count - at) * sizeof *marks->items);
		marks->all = false;
	}
}
