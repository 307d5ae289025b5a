/*
 * The list in a plan: it scrolls, and `/` searches in it as in the help.
 *
 * Letters belong to the phrase once it is begun. No phrase begins with a key of the search.
 */
#ifndef UI_CONSOLE_DIALOGS_PLAN_LIST_H
#define UI_CONSOLE_DIALOGS_PLAN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/widgets/text_search.h"

struct buf;
struct key_event;
struct pen;

/* `struct plan_list l = {0}` shows the beginning. */
struct plan_list {
	size_t top; /* the first line that is shown */
	struct text_search search;
};

/* The lines of a plan: put() appends the text of one, as it is at `now`, without its end. */
struct plan_lines {
	const void *plan;
	size_t count;
	int64_t now;
	void (*put)(const struct plan_lines *lines, size_t line, struct buf *out);
};

void plan_list_release(struct plan_list *list);

/* Takes a key that scrolls, or one of the search if `letters` may begin one; false for another key. */
bool plan_list_key(
    struct plan_list *list, const struct plan_lines *lines, bool letters, const struct key_event *event);

/* Prints the end of a list that goes on: "and 12 more; PgDn shows them, / searches", the latter if they are
 * `loaded`. */
void plan_list_more(struct pen *p, int64_t more, bool loaded);

#endif
