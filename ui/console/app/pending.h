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

#define FOLLOW_MOST 16 /* older ones are no longer told */

struct followed {
	struct id id;
	char *what;    /* "release 31007": foreign, owned */
	int64_t until; /* steady: it waits so long; TIME_NONE: it never did */
};

/* Oldest first. `struct follow f = {0}` is empty. */
struct follow {
	struct followed items[FOLLOW_MOST];
	size_t count;
};

void follow_release(struct follow *follow);

/* Sent at a steady time, as the server answered it. */
void follow_add(struct follow *follow, const struct command *command, const char *what, int64_t now);

/* The newest that still waits, or NULL. */
const struct followed *follow_newest(const struct follow *follow, int64_t now);

/* NULL when it is not followed. */
const struct followed *follow_find(const struct follow *follow, struct id id);
void follow_drop(struct follow *follow, struct id id);

/* A step for each, answered with one struct command or none. */
void follow_ask(const struct follow *follow, struct batch *b);

#endif
