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
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"
#include "ui/console/list/view.h"

struct batch;
struct buf;
struct command;
struct err;
struct target;

enum draft_act {
	DRAFT_RELEASE,
	DRAFT_DRAIN, /* a release of resources: nothing new is taken there */
	DRAFT_CORDON,
	DRAFT_UNCORDON,
	DRAFT_EXTEND,
	DRAFT_CANCEL, /* of a command in the queue */
	DRAFT_RETRY,
	DRAFT_SKIP,
	DRAFT_FORCE,
	DRAFT_DELETE, /* of a project, with all that it has */
	DRAFT_ACTS
};

#define DRAFT_CARRY 1000 /* leases that a plan names one by one; more are matched again when it begins */
#define DRAFT_GRACE INT64_C(10000000) /* before the release of one lease, or a deletion, is applied */

struct draft {
	enum draft_act act;
	struct id id;           /* of the command to be */
	struct target *targets; /* owned */
	size_t count;
	int64_t until;    /* of an extend: TIME_NONE for a duration */
	int64_t duration; /* ... 0 for until */
	char *what;       /* the targets in words, foreign */
	char *note;       /* what will come of it, where the server is not asked; or NULL */
	char *reason;     /* foreign */
	bool phrased;
	bool known;           /* what it would change */
	struct plan plan;     /* that, as the server worked it out; of what ends leases */
	struct rowset leases; /* the first DRAFT_CARRY of them, owned */
	int64_t generation;   /* of the one target, 0: any */
	size_t changed;       /* leases that have changed since they were seen */
	struct prompt phrase;
	bool busy;      /* sent, not answered */
	bool unsettled; /* sent, and the outcome is unknown */
};

/* Opens a plan on nothing yet; what was in it is released. */
void draft_open(struct draft *draft, enum draft_act act);
void draft_release(struct draft *draft);
void draft_target(struct draft *draft, const struct target *target);

/* Notes what will come of it, where that is known without the server. */
void draft_describe(struct draft *draft);

/* Whether it is of the kind whose effect the server works out. */
bool draft_counts(const struct draft *draft);

/* Whether the server is to be asked what it would change; the two steps that ask, and their answer. */
bool draft_asks(const struct draft *draft);
void draft_ask(const struct draft *draft, struct batch *b);
bool draft_take(struct draft *draft, const struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

enum draft_result {
	DRAFT_GOES_ON,
	DRAFT_CONFIRMED,
	DRAFT_WRONG, /* another phrase */
	DRAFT_COPIES_JSON,
	DRAFT_COPIES_COMMAND,
	DRAFT_LEFT
};
enum draft_result draft_press(struct draft *draft, const struct press *press);

/* Appends what has to be typed to confirm it: "release 46 web", "delete 46 acme/web". */
void draft_phrase(const struct draft *draft, struct buf *out);

/* How long it waits in the queue, where it can be taken back. */
int64_t draft_grace(const struct draft *draft);

/* Adds the one step that queues it, answered with one struct command. */
void draft_add(const struct draft *draft, const char *detail, struct batch *b);

/* "release", and with what: "release 31007". Foreign. */
const char *draft_word(const struct draft *draft);
void draft_title(const struct draft *draft, struct buf *out);

/* The whole plan; and what does the same on the command line, under the same id. Exact. */
void draft_json(const struct draft *draft, struct buf *out);
void draft_command(const struct draft *draft, struct buf *out);

/* Over the lowest rows of the body of a screen, or over all of it when there is a phrase. */
void draft_draw(
    const struct draft *draft, struct grid *g, struct rect body, const char *environment, int64_t now);

#endif
