/*
 * Reads all rows of a screen, a window at a time, so that memory does not grow with their number.
 */
#ifndef UI_CONSOLE_LIST_WALK_H
#define UI_CONSOLE_LIST_WALK_H

#include <stdbool.h>

#include "ui/console/list/view.h"

struct walk {
	const struct view *view;
	struct question question; /* the next one */
	void *last;               /* the last row of the window before; owned */
};

/* Begins at the first row of an order. The caller sets what else the question asks for, before the first
 * window. */
struct walk walk_start(const struct view *view, int sort, bool reverse);

/* Moves the question after a window; false when it was the last one. */
bool walk_next(struct walk *walk, const struct answer *answer) __attribute__((warn_unused_result));

void walk_release(struct walk *walk);

#endif
