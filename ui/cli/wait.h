/*
 * --wait: looking again and again until something has happened that a worker
 * does.
 *
 * It goes on for as long as was asked, also when no worker is alive (which is
 * said at once and at the end: one may come) and when the server goes away for a
 * while.
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

/* Whether --wait makes sense as given; to be called before anything is sent. */
bool wait_check(const struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Whether it was given, and for longer than no time. */
bool wait_requested(const struct run *run);

/* What is looked at. */
struct watch {
	struct id id;
	size_t (*add)(
	    struct batch *b, struct id id); /* adds a step that answers with one row at most, and others */
	bool (*is_over)(const void *row);
	bool (*takes_hook)(const struct batch *look); /* it takes a worker that runs hooks */
};

/* Waits. `last` gets the batch of the last look, whose step 0 has the row, for the caller to free; NULL when
 * there was none. `over` is false when the time was up first. Fails when the server cannot be asked any more,
 * and when there is no such row (not_found). */
bool wait_for(struct run *run, const struct watch *watch, struct batch **last, bool *over, struct err *err)
    __attribute__((warn_unused_result));

/* "for --wait 2s" or "for --timeout 5s": what has ended it. To be freed. */
char *wait_limit(const struct run *run) __attribute__((returns_nonnull, warn_unused_result));

#endif
