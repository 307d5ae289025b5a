/*
 * The words of a change of one object, before -> after, from an event: one that has happened, one of a dry
 * run, or one that is foretold for a request in the queue. The history, the plans of the console and the dry
 * runs of the command line use them.
 */
#ifndef UI_TEXT_CHANGE_H
#define UI_TEXT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "gen/rows.h"

struct queue_request;
struct row_type;

/* A separator that no value of a change contains, for texts that are divided at it. */
#define CHANGE_BREAK "\x1e"

/* Appends "warn 80 -> 70, ttl set to 7d", foreign: each member that changes, with `arrow` between the values
 * and `between` between the members; a member of a new or deleted thing with its value alone. Values that are
 * excluded or included are a member each, "10.9.0.77 routers". Ends are whole minutes unless they are to be
 * exact. Appends nothing where nothing changes. */
void change_words(
    const struct event *event, const char *arrow, const char *between, bool exact, struct buf *out);

/* An event that a request would cause, with its own texts. `struct foretold f = {0}` is empty. */
struct foretold {
	struct event event; /* before and after are NULL where it cannot be foretold */
	struct buf target;
	struct buf before;
	struct buf after;
};

/* Foretells what the request makes of a row of its targets if it is applied at `now`. It must stay where it
 * is. */
void foretell(struct foretold *foretold, const struct queue_request *request, const struct row_type *type,
    const void *row, int64_t now);
void foretold_release(struct foretold *foretold);

#endif
