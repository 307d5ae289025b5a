/*
 * A run of dedupe that is about to begin, or that is under way: rows of a table
 * are taken out, or put back.
 *
 * It is a plan like others (ui/console/dialogs/plan.h): what the server says would change
 * is shown, and a phrase with the count and the table is to be typed, which no
 * paste and no key typed ahead gives.  But it does not go through the queue: it runs
 * on a connection of its own (ui/console/dialogs/dedupe_runner.h), step by step, so that the console
 * goes on, and Ctrl-C ends it between two steps.  A run that was stopped can be gone
 * on with, by the same words, and be taken back.
 */
#ifndef UI_CONSOLE_DIALOGS_DEDUPE_PLAN_H
#define UI_CONSOLE_DIALOGS_DEDUPE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/confirm.h"

struct batch;
struct grid;

enum dedupe_plan_state {
	DEDUPE_PLAN_NONE,
	DEDUPE_PLAN_LOOKS, /* the server is asked what would change */
	DEDUPE_PLAN_PLAN,
	DEDUPE_PLAN_RUNS,
	DEDUPE_PLAN_ENDED
};

struct dedupe_plan {
	enum dedupe_plan_state state;
	bool undo;
	struct id id;   /* of the run */
	struct buf ask; /* of a fix, as the server reads it */
	char *words;    /* and as it was typed: foreign */
	char *table;    /* as SQL writes it: foreign */
	char *constraint;
	int64_t groups;
	int64_t rows; /* to be removed, or put back */
	int64_t conflicting;
	int64_t rewritten;
	struct confirm confirm;
	bool wrong; /* another phrase was typed */
	/* While it runs, for drawing: */
	char phase[16];
	int64_t done;
	int64_t total;      /* 0: nobody knows */
	int64_t blocker;    /* a process that is in the way, or 0 */
	bool stop;          /* Ctrl-C */
	struct buf trouble; /* foreign: the connection's, while it has any */
	struct buf result;  /* foreign: what has come of it */
	bool failed;
};

void dedupe_plan_release(struct dedupe_plan *plan);

/* Opens the plan of a fix, with what the server is to be asked, and of undoing a run. */
void dedupe_plan_open_fix(struct dedupe_plan *plan, const struct buf *ask, const char *words);
void dedupe_plan_open_undo(struct dedupe_plan *plan, struct id run);

/* The step that asks what would change, and its answer; false when there is nothing to do, which is told. */
void dedupe_plan_ask(const struct dedupe_plan *plan, struct batch *b);
bool dedupe_plan_take(struct dedupe_plan *plan, const struct batch *b, struct buf *why);

enum confirm_result dedupe_plan_key(struct dedupe_plan *plan, const struct key_event *event);

/* "fix 12 app_labels". ASCII: a table of another name is called "rows". */
void dedupe_plan_phrase(const struct dedupe_plan *plan, struct buf *out);

void dedupe_plan_draw(
    const struct dedupe_plan *plan, struct grid *g, struct rect body, const char *environment);

#endif
