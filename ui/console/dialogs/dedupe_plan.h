/*
 * The plan of a dedupe run that is about to begin or in progress: it removes rows of a table, or puts them
 * back.
 *
 * Like other plans (ui/console/dialogs/plan.h) it shows what would change according to the server, and the
 * operator types a phrase with the count and the table, which a paste or keys typed ahead cannot supply. But
 * it does not go through the queue. It runs step by step on a connection of its own
 * (ui/console/dialogs/dedupe_runner.h), so that the console continues, and Ctrl-C ends it between two steps.
 * A stopped run can be continued by the same options, or undone.
 *
 * The plan of a fix says by which rule one row of each group is kept, with a few groups as examples. Tab
 * changes to the next rule that the table can have, and the server is asked anew; a rule that it refuses is
 * left for the one before.
 */
#ifndef UI_CONSOLE_DIALOGS_DEDUPE_PLAN_H
#define UI_CONSOLE_DIALOGS_DEDUPE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "db/batch/rowset.h"
#include "model/dedupe.h"
#include "ui/console/dialogs/plan_list.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/confirm.h"

struct batch;
struct grid;

enum dedupe_plan_state {
	DEDUPE_PLAN_NONE,
	DEDUPE_PLAN_LOOKS, /* waits for the server to say what would change */
	DEDUPE_PLAN_PLAN,
	DEDUPE_PLAN_RUNS,
	DEDUPE_PLAN_ENDED
};

struct dedupe_plan {
	enum dedupe_plan_state state;
	bool undo;
	struct id id;                /* of the run */
	struct buf ask;              /* the options of a fix, as the server reads them */
	char *words;                 /* the same as typed: foreign */
	bool again;                  /* another rule is asked for; */
	enum dedupe_survivor before; /* the plan was shown with this one */
	unsigned barred;             /* bits 1 << enum dedupe_survivor: rules that the server refused */
	char *orders; /* "updated_at, else created_at": foreign; NULL: no column tells old from new */
	char *row_id; /* the column that identifies a row: foreign, or NULL */
	char *table;  /* in SQL notation: foreign */
	char *constraint;
	int64_t groups;
	int64_t rows; /* to be removed, or put back */
	int64_t conflicting;
	int64_t rewritten;
	int64_t repointed;      /* rows of other tables whose references would be moved */
	struct rowset examples; /* struct duplicate, owned */
	struct plan_list list;  /* of those that are shown */
	struct confirm confirm;
	bool wrong; /* a wrong phrase was typed */
	/* The progress, for drawing: */
	char phase[16];
	int64_t done;
	int64_t total;      /* 0: unknown */
	int64_t blocker;    /* the server process that blocks the run, or 0 */
	bool stop;          /* Ctrl-C */
	struct buf trouble; /* foreign: the error of the connection, "" for none */
	struct buf result;  /* foreign: the result */
	bool failed;
};

void dedupe_plan_release(struct dedupe_plan *plan);

/* Open the plan of a fix, with the options for the server and as typed, and the plan of undoing a run. */
void dedupe_plan_open_fix(struct dedupe_plan *plan, const struct buf *ask, const char *words);
void dedupe_plan_open_undo(struct dedupe_plan *plan, struct id run);

/* Add the steps that ask what would change, and take their answer; false, with the reason in `why`, when
 * there is nothing to do. */
void dedupe_plan_ask(const struct dedupe_plan *plan, struct batch *b);
bool dedupe_plan_take(struct dedupe_plan *plan, const struct batch *b, struct buf *why);

/* Returns to the rule before the one that the server refused; false when there is none. `for_good`: it is
 * not offered again. */
bool dedupe_plan_restore(struct dedupe_plan *plan, bool for_good);

/* Takes a key. After Tab its state is DEDUPE_PLAN_LOOKS: the server is to be asked again. */
enum confirm_result dedupe_plan_key(struct dedupe_plan *plan, const struct key_event *event);

/* Appends the phrase, "fix 12 app_labels". It is ASCII: a table with another name is called "rows". */
void dedupe_plan_phrase(const struct dedupe_plan *plan, struct buf *out);

/* Appends a group of its examples as a sentence: "KEPT id=8 of 2: owner=o2  different values". Foreign. */
void dedupe_plan_line(const struct plan_lines *lines, size_t line, struct buf *out);

/* Append "newest by updated_at"; "dedupe fix of public.tags"; the whole plan; and the command line that does
 * the same. Foreign. */
void dedupe_plan_rule(const struct dedupe_plan *plan, struct buf *out);
void dedupe_plan_columns(const struct dedupe_plan *plan, const char *option,
    struct buf *out); /* "a, b": the columns of an option of the request, such as "fold"; nothing for none */
void dedupe_plan_title(const struct dedupe_plan *plan, struct buf *out);
void dedupe_plan_json(const struct dedupe_plan *plan, struct buf *out);
void dedupe_plan_command(const struct dedupe_plan *plan, struct buf *out);

/* Return the rule of a request of the server's form; give it another one; and give it to the words. */
enum dedupe_survivor dedupe_survivor_of(const struct buf *ask);
void dedupe_ask_survivor(struct buf *ask, enum dedupe_survivor survivor);
char *dedupe_words_survivor(const char *words, enum dedupe_survivor survivor)
    __attribute__((returns_nonnull, warn_unused_result));

/* Draws it, with the plans of others (struct open_plan). */
void dedupe_plan_draw(const struct dedupe_plan *plan, const struct rowset *others, struct grid *g,
    struct rect body, const char *environment, int64_t now);

#endif
