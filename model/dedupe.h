/*
 * Duplicate rows in any table of the database: found, removed, put back.
 *
 * A fix is a *run* on the server that is done in steps: each is a short transaction
 * that reads from the run and the catalogue what to do next, or a statement that
 * must run by itself.  So a fix can be killed at any time and continued; an undo
 * works the same way.  The walk below tells what to send next and takes the answer;
 * its driver sends, waits and reports.
 *
 * Identifiers are written as in SQL, `schema.table`, with odd names in double
 * quotes; but all of them are matched exactly, also in upper and lower case.  They
 * travel as text, and the server quotes them.
 */
#ifndef MODEL_DEDUPE_H
#define MODEL_DEDUPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/id.h"

struct batch;
struct err;

enum dedupe_survivor {
	DEDUPE_NEWEST,
	DEDUPE_OLDEST,
	DEDUPE_LOWEST,
	DEDUPE_HIGHEST,
	DEDUPE_ABORT /* refuses rows whose values differ */
};
extern const char *const dedupe_survivor_names[]; /* ended by NULL */

/* A request as people write it; NULL where nothing is given. */
struct dedupe_words {
	const char *table;         /* "schema.table" */
	const char *key;           /* "a,b": the columns that are to be unique together */
	const char *order;         /* the column that tells older from newer rows */
	const char *values;        /* "a,b": the columns that make a conflict when they differ */
	const char *row_id;        /* "a,b": the columns that identify a row */
	const char *null_as_empty; /* "a,b": where NULL counts as '' */
	const char *fold;          /* "a,b": where upper and lower case are the same */
	const char *live;          /* the column that is NULL in the rows that count */
	const char *trim;          /* "a:63,b:10": only so many characters count */
	const char *constraint;    /* the name of the constraint to add */
	enum dedupe_survivor survivor;
	bool repoint; /* references to removed rows are moved to the rows that are kept */
};

/* Appends the request as the JSON object that the steps below take. All errors are ERR_INVALID_INPUT. */
bool dedupe_ask(const struct dedupe_words *words, struct buf *ask, struct err *err)
    __attribute__((warn_unused_result));

/* Requests for berth's own tables, ended by one without a table. None of them has a duplicate. */
extern const struct dedupe_words dedupe_own[];

/* Each adds a step and returns its index. */
size_t dedupe_check_add(struct batch *b, const char *ask);    /* struct duplicate, many */
size_t dedupe_examples_add(struct batch *b, const char *ask); /* struct duplicate, a few of them */
size_t dedupe_group_add(struct batch *b, const char *ask,
    const char *key); /* struct duplicate_column, many: the key of a duplicate */
size_t dedupe_rule_add(struct batch *b, const char *ask);         /* struct dedupe_rule */
size_t dedupe_would_add(struct batch *b, const char *ask);        /* struct dedupe_run: what a fix would do */
size_t dedupe_would_remove_add(struct batch *b, const char *ask); /* struct dedupe_removed, many */
size_t dedupe_tables_add(
    struct batch *b, const char *word, int64_t most); /* struct word, many: of any table */
size_t dedupe_columns_add(
    struct batch *b, const char *table, const char *word, int64_t most); /* ... its columns */
size_t dedupe_own_add(struct batch *b); /* struct dedupe_run, one each of berth's own tables */
size_t dedupe_show_add(struct batch *b, struct id run);    /* struct dedupe_run, one or none */
size_t dedupe_removed_add(struct batch *b, struct id run); /* struct dedupe_removed, many */
size_t dedupe_shown_add(struct batch *b, struct id run, int64_t after,
    int64_t most);                                      /* struct dedupe_shown, many: those after a seq */
size_t dedupe_runs_add(struct batch *b);                /* struct dedupe_run, newest first */
size_t dedupe_undo_add(struct batch *b, struct id run); /* struct dedupe_claim: the first step of an undo */
size_t dedupe_forget_add(struct batch *b, struct id run);
size_t dedupe_blockers_add(
    struct batch *b, int64_t pid); /* struct dedupe_blocker: what the process waits for */

/*
 * A walk through a run:
 *
 *     struct dedupe_walk w = dedupe_fix(id, ask, detail);
 *     do {
 *             struct batch *b = dedupe_next(&w);
 *             bool done = (send b and wait, until w.pause microseconds have passed before);
 *             enum dedupe_walk_state state = dedupe_take(&w, b, done, &err);
 *             batch_free(b);
 *     } while (state == DEDUPE_GOES_ON);
 *
 * A fix begins a run, or continues an unfinished one of the same request.
 */
enum dedupe_walk_state { DEDUPE_GOES_ON, DEDUPE_DONE, DEDUPE_FAILED };

struct dedupe_walk {
	/* The driver reads these. */
	struct id run;  /* nil before the first answer, and when there is nothing to do */
	char phase[16]; /* "index", "guard", "find", "remove", "rewrite", "unique", "attach", ... */
	int64_t done;
	int64_t total;     /* 0 when it is not known */
	int64_t pause;     /* microseconds before the next batch */
	int64_t blocker;   /* the process of the server that is in the way, or 0 */
	int64_t restored;  /* rows that an undo has put back */
	char table[272];   /* as SQL writes it */
	char standing[64]; /* the constraint that existed before, if there was nothing to do */

	/* Private to the walk. */
	const char *ask; /* borrowed; NULL for an undo */
	const char *detail;
	struct id id;
	int64_t epoch;
	bool begun;
	bool alone;
	int refused; /* how often the unique index found another duplicate */
};

/* Refuses a connection through a pooler: a run belongs to one process of the server, which is watched, and
 * whose session has settings that a statement by itself needs. */
bool dedupe_refuse_pooler(bool direct, struct err *err) __attribute__((warn_unused_result));

/* Returns the first batch on a new connection, which tells whether it goes through a pooler. It changes
 * nothing. */
struct batch *dedupe_greeting(void) __attribute__((returns_nonnull, warn_unused_result));

struct dedupe_walk dedupe_fix(struct id id, const char *ask, const char *detail);
struct dedupe_walk dedupe_undo(struct id run);

/* Returns the next batch, for the caller to send and free. */
struct batch *dedupe_next(const struct dedupe_walk *w) __attribute__((returns_nonnull, warn_unused_result));

/* Takes the answer or its error: an error that the walk can survive is released, any other is left to the
 * caller. */
enum dedupe_walk_state dedupe_take(struct dedupe_walk *w, const struct batch *b, bool done, struct err *err)
    __attribute__((warn_unused_result));

/*
 * A fix that fails leaves a run that can be continued, but not its guard, which refuses writes of others:
 *
 *     for (bool left = !dedupe_can_leave(&w, &err); !left;) {
 *             struct batch *b = dedupe_leave(&w);
 *             left = (send b, until w.pause microseconds have passed before) ? dedupe_has_left(&w, b) : true;
 *             batch_free(b);
 *     }
 *
 * While others work on the table the guard stays, and the same batch is sent again.
 */
bool dedupe_can_leave(const struct dedupe_walk *w, const struct err *err);
struct batch *dedupe_leave(const struct dedupe_walk *w) __attribute__((returns_nonnull, warn_unused_result));
bool dedupe_has_left(struct dedupe_walk *w, const struct batch *b);

#endif
