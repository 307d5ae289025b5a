/*
 * The commands that this console has sent and that have not ended. The newest one that still waits can be
 * cancelled, and the end of each one is shown.
 *
 * The server keeps the undo window (`not_before`), so that it outlives the console. This module only keeps
 * when it closes on the local steady clock.
 */
#ifndef UI_CONSOLE_APP_PENDING_H
#define UI_CONSOLE_APP_PENDING_H

#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "ui/console/list/marks.h"
#include "ui/console/list/scope.h"

struct batch;
struct command;
struct pane;
struct view;

#define PENDING_MOST 16 /* the end of older ones is not shown */

struct pending_command {
	struct id id;
	char *what;              /* "release 31007": foreign, owned */
	int64_t until;           /* steady time until which it waits; TIME_NONE: it never waited */
	const struct view *view; /* of the rows that were marked for it */
	struct scope scope;      /* ... in this place; owned */
	struct marks marks;      /* ... which are marked again when it is cancelled; owned */
};

/* Oldest first. `struct pending f = {0}` is empty. */
struct pending {
	struct pending_command items[PENDING_MOST];
	size_t count;
};

void pending_release(struct pending *pending);

/* Adds a command that was sent at a steady time, as the server answered it. */
void pending_add(struct pending *pending, const struct command *command, const char *what, int64_t now);

/* Takes the marks of the pane, for the command that was added last. */
void pending_keep(struct pending *pending, struct pane *pane);

/* Marks the rows of a command again, if the pane is where they were marked and has no others. */
void pending_remark(struct pending *pending, struct id id, struct pane *pane);

/* Returns the newest command that still waits, or NULL. */
const struct pending_command *pending_newest(const struct pending *pending, int64_t now);

/* Returns the command, or NULL when it is not pending. */
const struct pending_command *pending_find(const struct pending *pending, struct id id);
void pending_drop(struct pending *pending, struct id id);

/* Adds a step for each command, answered with one struct command or none. */
void pending_refresh(const struct pending *pending, struct batch *b);

#endif
