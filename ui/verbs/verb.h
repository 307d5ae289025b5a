/*
 * The verbs: the words of the command line, of a line of a batch file, and of a line after `:` in the
 * console.
 *
 * A verb is a value. Each family of verbs is a file with one array of them, and ui/verbs/verbs.c lists the
 * families. The parser, the help, the completion and the console read that list, so that a verb is described
 * in one place.
 *
 * A verb does its work in parts, so that the command line, the batch and the console can each send its steps
 * in their own way:
 *
 *     look()    adds the steps that look up what add() needs: the id of a named object
 *     add()     reads the arguments and adds the steps
 *     answer()  prints the answers to those steps
 *
 * No part sends anything. ui/cli/perform.h runs the parts for the command line, ui/verbs/batch.c for the
 * lines of a file, ui/verbs/call.h for the console. A verb that needs more than that, such as a question on
 * the terminal, has a run() of its own.
 */
#ifndef UI_VERBS_VERB_H
#define UI_VERBS_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/filter.h"
#include "ui/verbs/parse/options.h"

struct args;
struct batch;
struct bulk;
struct err;
struct run;
struct shape;

enum verb_flag {
	VERB_MUTATES = 1,     /* takes --id --reason --dry-run */
	VERB_QUEUES = 2,      /* mutates through the queue: also --expect-generation --grace --wait */
	VERB_TELLS_ID = 4,    /* the answer lacks the request's id, which standard error gets */
	VERB_OFFLINE = 8,     /* needs no server */
	VERB_SCHEMALESS = 16, /* connects itself: there may be no schema or private server yet */
	VERB_ALONE = 32,      /* cannot be a line of a batch */
	VERB_HIDDEN = 64,     /* for programs: no list has it, see verb_next() */
	VERB_WORKS = 128      /* changes what is there without being asked by an id */
};

#define OPERANDS_ANY ((size_t)-1)

struct verb {
	const char *words;               /* "pool create" */
	const char *synopsis;            /* the operands: "POOL --kind K [RANGE…]"; "" for none */
	const char *summary;             /* one line for the list of verbs */
	const char *notes;               /* more for its own help, lines ended by "\n", or NULL */
	const char *examples;            /* command lines that work, each ended by "\n" */
	const enum option_id *options;   /* ended by OPT_END, or NULL for none */
	const enum option_id *repeated;  /* those that may be given more than once, likewise */
	const struct option_text *texts; /* options that mean something else here, or NULL */
	enum filter_rows rows;           /* of --filter: the rows of the list that it prints */
	size_t min;                      /* operands after the words */
	size_t max;
	unsigned flags; /* enum verb_flag */

	/* The shape of the rows of a fleet, which extends that of its rows of one database, which the first
	 * step answers with; NULL: it is for one database. */
	const struct shape *fleet;

	/* Does everything; NULL when the request or the parts below do. False: err says why. After success,
	 * run->exit may have an exit code other than 0. */
	bool (*run)(struct run *run, struct err *err);

	/* Reads the request of a verb that queues one command for any number of targets; NULL for others. */
	bool (*request)(const struct args *args, struct bulk *bulk, struct err *err);

	bool (*look)(struct run *run, struct batch *b, struct err *err); /* NULL: nothing to find out */
	bool (*add)(struct run *run, struct batch *b, struct err *err);  /* NULL: needs no server */
	bool (*answer)(struct run *run, const struct batch *b, struct err *err);
	void (*explain)(struct run *run, struct err *err); /* improves the error of a step; or NULL */
};

/* The families, ended by NULL. A family is ended by an entry without words. */
extern const struct verb *const verbs[];

/* Goes through a table of families, and leaves hidden verbs out: `for (struct verb_walk w = {.family =
 * verbs}; verb_next(&w);)`. */
struct verb_walk {
	const struct verb *const *family;
	const struct verb *verb; /* the current one */
};

bool verb_next(struct verb_walk *walk);

/* Returns whether the verb takes the option: by its lists, its flags, or because every verb does. */
bool verb_takes(const struct verb *verb, enum option_id option);

/* Returns whether it takes the option more than once. */
bool verb_repeats(const struct verb *verb, enum option_id option);

/* Returns whether it only reads a database, so that a standby can answer it. */
bool verb_reads(const struct verb *verb);

/* Returns what goes before its words in a shell, "berth ", or, for a verb of the console alone, ":". */
const char *verb_prompt(const struct verb *verb);

/* Returns the text of an option in the help of this verb. */
const char *verb_metavar(const struct verb *verb, enum option_id option);
const char *verb_option_help(const struct verb *verb, enum option_id option);

/* Return the values that an option takes in this verb, ended by NULL, NULL where there are others; and the
 * words for several of them, NULL where there are none. */
const char *const *verb_values(const struct verb *verb, enum option_id option);
const struct state_group *verb_groups(const struct verb *verb, enum option_id option);

/* Returns whether a line of a batch may be this verb. */
bool verb_in_batch(const struct verb *verb);

/* Returns the verb that the words begin with, the longest one, or NULL. `used` is how many of the n words are
 * its own. */
const struct verb *verb_find(
    const struct verb *const *table, const char *const *words, size_t n, size_t *used);

/* Returns whether there are verbs that begin with all these words and have more words ("pool"). */
bool verb_family(const struct verb *const *table, const char *const *words, size_t n);

/* Returns whether the verb is one of those. */
bool verb_in_family(const struct verb *verb, const char *const *words, size_t n);

/* Sets the error that no verb has these words, with the nearest one as a hint. Returns false. */
bool verb_unknown(const struct verb *const *table, const char *const *words, size_t n, struct err *err);

#endif
