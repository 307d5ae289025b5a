/*
 * The commands that this console has sent and that have not ended: the newest
 * that still waits can be taken back, and the end of each is told.
 *
 * The window is kept by the server (`not_before`), so that it outlives the
 * console; here is only when it closes on this machine's steady clock.
 */
#ifndef UI_CONSOLE_APP_PENDING_H
#define UI_CONSOLE_APP_PENDING_H

#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

struct batch;
struct command;

#define PENDING_MOST 16 /* older ones are no longer told */

struct pending_command {
	struct id id;
	char *what;    /* "release 31007": foreign, owned */
	int64_t until; /* steady: it waits so long; TIME_NONE: it never did */
};

/* Oldest first. `struct pending f = {0}` is empty. */
struct pending {
	struct pending_command items[PENDING_MOST];
	size_t count;
};

void pending_release(struct pending *pending);

/* Sent at a steady time, as the server answered it. */
void pending_add(struct pending *pending, const struct command *command, const char *what, int64_t now);

/* The newest that still waits, or NULL. */
const struct pending_command *pending_newest(const struct pending *pending, int64_t now);

/* NULL when it is not followed. */
const struct pending_command *pending_find(const struct pending *pending, struct id id);
void pending_drop(struct pending *pending, struct id id);

/* A step for each, answered with one struct command or none. */
void pending_refresh(const struct pending *pending, struct batch *b);

#endif
