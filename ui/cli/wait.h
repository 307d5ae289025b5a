/*
 * --wait: polls until a worker has done what was queued.
 *
 * It continues until its time is over, also when no worker is alive (which is noted at the start and at the
 * end) and when the server is unavailable for a while.
 */
#ifndef UI_CLI_WAIT_H
#define UI_CLI_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

struct batch;
struct err;
struct run;

/* Checks the value of --wait; to be called before anything is sent. */
bool wait_check(const struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Returns true when --wait was given with more than 0. */
bool wait_requested(const struct run *run);

/* The object that is polled. */
struct watch {
	struct id id;
	size_t (*add)(struct batch *b, struct id id); /* adds steps; step 0 returns at most one row */
	bool (*is_over)(const void *row);
	bool (*takes_hook)(const struct batch *b); /* true: needs a worker that runs hooks */
};

/* Waits. `last` becomes the batch of the last successful poll, with the row in step 0, owned by the caller;
 * NULL for none. `over` is false when the time ended first. Fails when the server stays unavailable, and with
 * `not_found` when there is no such row. */
bool wait_for(struct run *run, const struct watch *watch, struct batch **last, bool *over, struct err *err)
    __attribute__((warn_unused_result));

/* Returns the option that has ended the wait, as "--wait 2s" or "--timeout 5s"; owned by the caller. */
char *wait_limit(const struct run *run) __attribute__((returns_nonnull, warn_unused_result));

#endif
