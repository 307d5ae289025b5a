/*
 * A plan: a request that has not been sent, with the changes that it would make. It is the only way in which
 * the console changes existing objects.
 *
 * It has its request's id from the start, so that sending it again never applies it twice. For a release, and
 * for targets that were typed, the server first computes the effect, with the statements that will apply it,
 * and answers with the rows. The plan then names these, each with the generation that was seen, so that the
 * server refuses and reports what changes in between. A verb that acts at once is run dry for its plan: its
 * changes are the events of that run.
 *
 * A plan with one target is one line, and `y` confirms it. A plan with more targets, a selection, a pool, a
 * drain or a force is a screen with a phrase to type, which contains the count and the name. Neither accepts
 * a paste, keys typed before the whole plan was shown, or Enter alone.
 */
#ifndef UI_CONSOLE_DIALOGS_PLAN_H
#define UI_CONSOLE_DIALOGS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "model/effect.h"
#include "model/metadata.h"
#include "model/queue.h"
#include "model/syntax/selector.h"
#include "ui/console/dialogs/plan_list.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/confirm.h"
#include "ui/console/list/action.h"
#include "ui/console/list/view.h"

struct batch;
struct buf;
struct bulk;
struct call;
struct command;
struct err;
struct target;

#define PLAN_CARRY 1000 /* most leases that a plan names; more are matched again when it begins */
#define PLAN_GRACE INT64_C(10000000) /* delay before a plan that ends leases is applied */
#define PLAN_CHANGES 10              /* most changes of a verb that acts at once for which `y` is enough */

struct plan {
	enum plan_act act;
	struct id id;           /* of the command */
	struct target *targets; /* owned */
	size_t count;
	struct selector selector; /* of a selection; owned, with its text */
	char *labels;
	char *holder;              /* of a selection; owned */
	int64_t until;             /* of an extend: TIME_NONE for a duration */
	int64_t duration;          /* ... 0 for until */
	bool shorten;              /* ... it may end leases sooner */
	char *heir;                /* of a transfer: the new holder, "" for nobody; owned, foreign */
	struct metadata_edit edit; /* of a label; owned */
	char *what;                /* a description of the targets, foreign */
	char *note;                /* the consequences, where the server does not compute them; or NULL */
	char *reason;              /* foreign */
	struct call *call;         /* the line that it was typed as, owned; NULL: it was opened by a key */
	bool phrased;
	bool marked;           /* its targets were marked */
	bool frozen;           /* it names all that it changes, as it was seen */
	struct rowset changes; /* struct event: of a verb that acts at once, in place of rows; owned */
	int64_t changed_all;   /* ... of which they are the last */
	struct buf text; /* ... the lines of its list: the changes, or without any the answer; foreign */
	size_t text_lines;
	bool known;              /* the effect is known */
	struct effect effect;    /* the effect that the server computed, for plans that end leases */
	struct rowset leases;    /* the first PLAN_CARRY affected leases, owned */
	const struct view *view; /* of the rows; NULL: there are none */
	struct rowset
	    rows; /* the rows on the screen that it was opened for, as far as they can have the act; owned */
	size_t left_out;        /* marked rows that cannot have it */
	const char *left_why;   /* why the first of them cannot; static */
	struct plan_list list;  /* of the lines that are shown of its list */
	int64_t generation;     /* of the one target, 0: any */
	size_t changed;         /* leases that have changed since they were seen */
	struct rowset commands; /* struct busy: open commands on them, owned */
	struct confirm confirm;
	bool busy;      /* sent, not answered */
	bool unsettled; /* sent, and the outcome is unknown */
};

/* Opens a plan without targets; releases its previous contents. */
void plan_open(struct plan *plan, enum plan_act act);
void plan_release(struct plan *plan);

/* Adds a target, with a copy of its holder. */
void plan_target(struct plan *plan, const struct target *target);

/* Takes the targets of a request, and what it does to them. */
void plan_request(struct plan *plan, struct bulk *bulk);

/* Adds a row of a view to its list. Copies the row. */
void plan_row(struct plan *plan, const struct view *view, const void *row);

/* Adds a row and makes it a target, or leaves it out, with the reason, when it cannot have the act. The first
 * row of marked ones decides what fits: cordon or uncordon. */
void plan_adopt(struct plan *plan, const struct view *view, const void *row);

/* Appends what becomes of a row of its list: "until 2026-08-22 14:03 -> never"; nothing where the effect
 * tells. */
void plan_after(const struct plan *plan, const void *row, int64_t now, const char *arrow, struct buf *out);

/* Sets the note, where the consequences are known without the server. */
void plan_describe(struct plan *plan);

/* Returns true for an act whose effect the server computes. */
bool plan_counts(const struct plan *plan);

/* Return whether the server is to compute the effect; add the steps for that; take their answer. */
bool plan_asks(const struct plan *plan);
void plan_ask(const struct plan *plan, struct batch *b);
void plan_take(struct plan *plan, const struct batch *b);

/* Returns why there is nothing to confirm once the effect is known, static; NULL when there is. */
const char *plan_refuses(const struct plan *plan, int64_t now);

/* Takes what the dry run of its call has answered; makes the lines of the list of its changes. */
void plan_take_call(struct plan *plan, const char *arrow);
void plan_tell(struct plan *plan, const char *arrow);

/* Returns whether it takes the whole body of the screen: it has a phrase or a list. */
bool plan_is_whole(const struct plan *plan);

/* Returns how many leases of its list an extension would shorten, which is refused. */
size_t plan_shortens(const struct plan *plan, int64_t now);

/* Returns the number of lines of its list: of the leases that it ends, else of the rows or changes. */
size_t plan_lines(const struct plan *plan);

/* Appends a line of its list as a sentence. Foreign. */
void plan_line(const struct plan *plan, size_t line, int64_t now, const char *arrow, struct buf *out);

/* Prints the plans of others (struct open_plan). */
void plan_say_others(struct pen *p, const struct rowset *others, int64_t now);

/* Takes a key at a time of the server's clock. */
enum confirm_result plan_key(struct plan *plan, const struct key_event *event, int64_t now);

/* Appends the phrase that confirms it: "release 46 web", "delete 46 acme/web". */
void plan_phrase(const struct plan *plan, struct buf *out);

/* Returns how long the command waits in the queue, where it can be cancelled. */
int64_t plan_grace(const struct plan *plan);

/* Adds the step that queues it, answered with one struct command; a cancel of many, with all of them. */
void plan_add(const struct plan *plan, const char *detail, struct batch *b);

/* Return its action in the queue; "lease" or "leases", of what it is for. */
enum queue_action plan_action(const struct plan *plan);
const char *plan_noun(const struct plan *plan, size_t count);

/* Return "release"; append "Release 31007 of web". Foreign. */
const char *plan_word(const struct plan *plan);
void plan_title(const struct plan *plan, struct buf *out);

/* Append the whole plan, and the command line that does the same under the same id. Exact. */
void plan_json(const struct plan *plan, struct buf *out);
void plan_command(const struct plan *plan, struct buf *out);

/* Draws it, with the plans of others (struct open_plan), over the lowest rows of the screen's body, or over
 * the whole body when there is a phrase. */
void plan_draw(const struct plan *plan, const struct rowset *others, struct grid *g, struct rect body,
    const char *environment, int64_t now);

#endif
