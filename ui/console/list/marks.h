/*
 * The rows that the operator has marked: by id, with the generation that was on the screen, so that they
 * survive filters and refreshes, and a row that has changed since is recognized.
 */
#ifndef UI_CONSOLE_LIST_MARKS_H
#define UI_CONSOLE_LIST_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

#define MARKS_MOST 1000

struct mark {
	struct id id;
	int64_t generation;
};

/* `struct marks m = {0}` is empty. */
struct marks {
	struct mark *items;
	size_t count;
};

void marks_release(struct marks *marks);
bool marks_has(const struct marks *marks, struct id id);

/* Adds a mark; false when there are MARKS_MOST already. An existing mark stays as it is. */
bool marks_add(struct marks *marks, struct id id, int64_t generation);
void marks_drop(struct marks *marks, struct id id);

#endif
