/*
 * A command that has not been sent: what is about to be asked of the queue, with
 * the plan of what it would change.  It is the one way in which the console
 * changes what already is, and people call it a plan.
 *
 * It has its command's id from the start, so that sending it again can never
 * do it twice.  A release asks the server first, by the statements that will
 * apply it, what would change; it then carries the leases it means, each with
 * the generation that was seen, so that what changes in between is refused by
 * the server and told.
 *
 * One target is a line, and `y` confirms it.  More, a pool or a drain is a
 * screen with a phrase to be typed, which holds the count and the name.  Neither
 * takes anything from a paste, from keys typed before the plan was shown whole,
 * or from Enter alone.
 */
#ifndef UI_CONSOLE_DIALOGS_PLAN_H
#define UI_CONSOLE_DIALOGS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/effect.h"
#include "model/syntax/selector.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/confirm.h"
#include "ui/console/list/action.h"
#include "ui/console/list/view.h"

struct batch;
struct buf;
struct command;
struct err;
struct target;

#define PLAN_CARRY 1000 /* leases that a plan names one by one; more are matched again when it begins */
#define PLAN_GRACE INT64_C(10000000) /* before the release of one lease, or a deletion, is applied */

struct plan {
	enum plan_act act;
	struct id id;           /* of the command to be */
	struct target *targets; /* owned */
	size_t count;
	struct selector selector; /* of a selection, with its text: owned */
	char *labels;
	int64_t until;    /* of an extend: TIME_NONE for a duration */
	int64_t duration; /* ... 0 for until */
	char *what;       /* the targets in words, foreign */
	char *note;       /* what will come of it, where the server is not asked; or NULL */
	char *reason;     /* foreign */
	bool phrased;
	bool known;           /* what it would change */
	struct effect effect; /* that, as the server worked it out; of what ends leases */
	struct rowset leases; /* the first PLAN_CARRY of them, owned */
	int64_t generation;   /* of the one target, 0: any */
	size_t changed;       /* leases that have changed since they were seen */
	struct confirm confirm;
	bool busy;      /* sent, not answered */
	bool unsettled; /* sent, and the outcome is unknown */
};

/* Opens a plan on nothing yet; what was in it is released. */
void plan_open(struct plan *plan, enum plan_act act);
void plan_release(struct plan *plan);
void plan_target(struct plan *plan, const struct target *target);

/* Limits its one target, a selection, to the leases with such labels: takes the selector, and copies its
 * text. */
void plan_select(struct plan *plan, struct selector *selector, const char *text);

/* Notes what will come of it, where that is known without the server. */
void plan_describe(struct plan *plan);

/* Whether it is of the kind whose effect the server works out. */
bool plan_counts(const struct plan *plan);

/* Whether the server is to be asked what it would change; the two steps that ask, and their answer. */
bool plan_asks(const struct plan *plan);
void plan_ask(const struct plan *plan, struct batch *b);
void plan_take(struct plan *plan, const struct batch *b);

enum confirm_result plan_key(struct plan *plan, const struct key_event *event);

/* Appends what has to be typed to confirm it: "release 46 web", "delete 46 acme/web". */
void plan_phrase(const struct plan *plan, struct buf *out);

/* How long it waits in the queue, where it can be taken back. */
int64_t plan_grace(const struct plan *plan);

/* Adds the one step that queues it, answered with one struct command. */
void plan_add(const struct plan *plan, const char *detail, struct batch *b);

/* "release", and with what: "release 31007". Foreign. */
const char *plan_word(const struct plan *plan);
void plan_title(const struct plan *plan, struct buf *out);

/* The whole plan; and what does the same on the command line, under the same id. Exact. */
void plan_json(const struct plan *plan, struct buf *out);
void plan_command(const struct plan *plan, struct buf *out);

/* Over the lowest rows of the body of a screen, or over all of it when there is a phrase. */
void plan_draw(
    const struct plan *plan, struct grid *g, struct rect body, const char *environment, int64_t now);

#endif
