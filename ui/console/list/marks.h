/*
 * The rows that the operator has marked: by id, with the row as it was on the screen, so that they survive
 * filters and refreshes, and a row that has changed since is recognized.
 */
#ifndef UI_CONSOLE_LIST_MARKS_H
#define UI_CONSOLE_LIST_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/id.h"

struct row_type;

#define MARKS_MOST 10000

struct mark {
	struct id id;
	void *row; /* owned */
};

/* In the order of the ids. `struct marks m = {0}` is empty. */
struct marks {
	struct mark *items;
	size_t count;
	bool all; /* all rows that matched were marked at once */
};

void marks_release(struct marks *marks);
bool marks_has(const struct marks *marks, struct id id);

/* Returns the row with that mark, as it was on the screen; NULL when it is not marked. */
const void *marks_row(const struct marks *marks, struct id id);

/* Adds a mark, and copies the row; false when there are MARKS_MOST already. An existing mark stays as it is.
 */
bool marks_add(struct marks *marks, struct id id, const struct row_type *type, const void *row);
void marks_drop(struct marks *marks, struct id id);

#endif
