/*
 * A plan: a command that has not been sent, with the changes that it would make. It is the only way in which
 * the console changes existing objects.
 *
 * It has its command's id from the start, so that sending it again never applies it twice. For a release, the
 * server first computes the effect, with the statements that will apply it. The plan then names its leases,
 * each with the generation that was seen, so that the server refuses and reports what changes in between.
 *
 * A plan with one target is one line, and `y` confirms it. A plan with more targets, a pool, a drain or a
 * force is a screen with a phrase to type, which contains the count and the name. Neither accepts a paste,
 * keys typed before the whole plan was shown, or Enter alone.
 */
#ifndef UI_CONSOLE_DIALOGS_PLAN_H
#define UI_CONSOLE_DIALOGS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/effect.h"
#include "model/metadata.h"
#include "model/syntax/selector.h"
#include "ui/console/dialogs/plan_list.h"
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

#define PLAN_CARRY 1000 /* most leases that a plan names; more are matched again when it begins */
#define PLAN_GRACE INT64_C(10000000) /* delay before a plan that ends leases is applied */

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
	char *heir;                /* of a transfer: the new holder, "" for nobody; owned, foreign */
	struct metadata_edit edit; /* of a label; owned */
	char *what;                /* a description of the targets, foreign */
	char *note;                /* the consequences, where the server does not compute them; or NULL */
	char *reason;              /* foreign */
	bool phrased;
	bool marked;             /* its targets were marked */
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

/* Limits its only target, a selection, to the leases with these labels: takes the selector, and copies its
 * text. */
void plan_select(struct plan *plan, struct selector *selector, const char *text);

/* Adds a row of a view to its list. Copies the row. */
void plan_row(struct plan *plan, const struct view *view, const void *row);

/* Appends what becomes of a row of its list: "until 2026-08-22 14:03 -> never"; nothing where the effect
 * tells. */
void plan_after(const struct plan *plan, const void *row, int64_t now, const char *arrow, struct buf *out);

/* Sets the note, where the consequences are known without the server. */
void plan_describe(struct plan *plan);

/* Returns true for an act whose effect the server computes. */
bool plan_counts(const struct plan *plan);

/* Return whether the server is to compute the effect; add the three steps for that; take their answer. */
bool plan_asks(const struct plan *plan);
void plan_ask(const struct plan *plan, struct batch *b);
void plan_take(struct plan *plan, const struct batch *b);

/* Returns how many leases of its list an extension would shorten, which is refused. */
size_t plan_shortens(const struct plan *plan, int64_t now);

/* Returns the number of lines of its list: of the leases that it changes, else of the rows that were marked.
 */
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
