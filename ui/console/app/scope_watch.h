/*
 * Looks after what a list is limited to. A pool is known by its id: the list follows it to another name, and
 * another pool with the old name is not taken for it. What does not exist is told, instead of an empty list.
 */
#ifndef UI_CONSOLE_APP_SCOPE_WATCH_H
#define UI_CONSOLE_APP_SCOPE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct batch;
struct pane;

/* Adds the step that finds it, if the pane is limited to something with a name; returns whether it is. */
bool scope_watch_add(const struct pane *pane, struct batch *b);

/* Takes the answer of that step. False when the rows of the same answer are not those of the pane: it has
 * another name now, and is asked for again, or it does not exist, and the pane was left. */
bool scope_watch_answered(struct app *app, struct pane *pane, const struct batch *b, size_t step)
    __attribute__((warn_unused_result));

#endif
