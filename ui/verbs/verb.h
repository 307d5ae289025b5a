/*
 * A command of the command line, as a value.
 *
 * Each family file exports its `const struct verb`s; ui/verbs/verbs.c lists
 * them all.  The parser, the help and what a batch file may hold come from that
 * list, so that a command is described in one place only.
 */
#ifndef UI_VERBS_VERB_H
#define UI_VERBS_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/verbs/parse/options.h"

struct batch;
struct err;
struct run;

enum command_flag {
	VERB_MUTATES = 1,    /* takes --id --reason --dry-run */
	VERB_QUEUES = 2,     /* mutates by way of the queue: also --expect-generation --grace --wait */
	VERB_TELLS_ID = 4,   /* its answer does not hold the request's id, which is told on standard error */
	VERB_OFFLINE = 8,    /* needs no server */
	VERB_SCHEMALESS = 16 /* connects by itself, where there may be no schema or private server yet */
};

#define OPERANDS_ANY ((size_t)-1)

struct verb {
	const char *words;    /* "pool create" */
	const char *synopsis; /* what stands behind them: "NAME --kind K [RANGE…]"; "" for nothing */
	const char *summary;  /* a line for the list of commands */
	const char *notes;    /* more for its own help, lines ended by "\n", or NULL */
	const enum option_id *options;  /* ended by OPT_END, or NULL for none */
	const enum option_id *repeated; /* those that may be given more than once, likewise */
	size_t min;                     /* how many operands stand behind the words */
	size_t max;
	unsigned flags; /* enum command_flag */

	/* Does it and prints the answer. False: err says why. What it returns
	 * otherwise than "done" (exit code 1) it leaves in run->exit. */
	bool (*run)(struct run *run, struct err *err);

	/* Of what may be a line of a batch, see ui/cli/mutation.h; NULL for others. */
	bool (*add)(struct run *run, struct batch *b, struct err *err);
	bool (*answer)(struct run *run, const struct batch *b, struct err *err);
	void (*explain)(struct run *run, struct err *err); /* NULL: the error says enough */
};

/* Every command, ended by NULL. */
extern const struct verb *const commands[];

/* Whether the command takes the option, by its lists, its flags or because every command does. */
bool command_takes(const struct verb *command, enum option_id option);

/* Whether it takes it more than once. */
bool command_repeats(const struct verb *command, enum option_id option);

/* The command whose words begin `words`, the longest of them, or NULL. `used`
 * is how many of the n words are its own. */
const struct verb *command_find(
    const struct verb *const *table, const char *const *words, size_t n, size_t *used);

/* Whether commands begin with all these words, but with more behind them ("pool"). */
bool command_family(const struct verb *const *table, const char *const *words, size_t n);

/* Whether the command is one of those. */
bool command_in_family(const struct verb *command, const char *const *words, size_t n);

/* Says that no command has these words, with the near ones as a hint. Returns false. */
bool command_unknown(const struct verb *const *table, const char *const *words, size_t n, struct err *err);

#endif
