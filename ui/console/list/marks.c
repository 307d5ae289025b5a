#include "ui/console/list/marks.h"

#include <stdlib.h>

#include "db/base/mem.h"

void marks_release(struct marks *marks) {
	free(marks->items);
	*marks = (struct marks){0};
}

bool marks_has(const struct marks *marks, struct id id) {
	for (size_t i = 0; i < marks->count; i++) {
		if (id_equal(marks->items[i].id, id)) {
			return true;
		}
	}
	return false;
}

bool marks_add(struct marks *marks, struct id id, int64_t generation) {
	if (marks_has(marks, id)) {
		return true;
	}
	if (marks->count == MARKS_MOST) {
		return false;
	}
	marks->items = mem_grow(marks->items, marks->count + 1, sizeof *marks->items);
	marks->items[marks->count++] = (struct mark){id, generation};
	return true;
}

void marks_drop(struct marks *marks, struct id id) {
	for (size_t i = 0; i < marks->count; i++) {
		if (id_equal(marks->items[i].id, id)) {
			marks->items[i] = marks->items[--marks->count];
			return;
		}
	}
}
