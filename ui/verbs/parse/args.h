/*
 * Parses what was typed: `berth [@PROFILE] [CONNECTION] [OUTPUT] VERB [OPERAND…] [OPTIONS]`.
 *
 * Parsing is a function of argc, argv and the tables and keeps no state, so that a line of a batch file and a
 * line after `:` in the console are parsed as a command line is. getopt_long splits the words. It accepts an
 * unambiguous beginning of an option for the option, which changes its meaning when options are added; those
 * are refused here.
 *
 * All errors are ERR_INVALID_INPUT and name the option or word.
 */
#ifndef UI_VERBS_PARSE_ARGS_H
#define UI_VERBS_PARSE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/verbs/parse/options.h"

struct verb;
struct err;

enum args_mode {
	ARGS_PROGRAM,
	ARGS_LINE,   /* a line of a batch file: only what can be added to a batch; no options of connection,
			output,
			--wait, --dry-run */
	ARGS_CONSOLE /* a line after `:`: no options of connection and output, no --wait, --dry-run, --yes */
};

struct given {
	enum option_id option;
	const char *value; /* NULL: none */
};

/* Values and operands are borrowed from argv. */
struct args {
	const struct verb *verb; /* NULL: none was named (the console, or help for a family) */
	const char *profile;     /* of the first word, "@prod" without the @; NULL: none */
	const char **operands;   /* the words after the verb; with --help and no verb, all words */
	size_t count;
	struct given *given; /* in the order given */
	size_t given_count;
};

/* Ignores argv[0]. Counts the operands and checks the options against the verb's entry, unless --help is
 * given. */
bool args_parse(int argc, char *const *argv, const struct verb *const *table, enum args_mode mode,
    struct args *args, struct err *err) __attribute__((warn_unused_result));
void args_release(struct args *args);

/* Adds an option as if it had been given. */
void args_add(struct args *args, enum option_id option, const char *value);

/* Returns whether errors are to be JSON: `--json` is anywhere before a `--`, also in a line that cannot be
 * parsed. */
bool args_want_json(int argc, char *const *argv);

/* Returns the index in argv of the word that an error of these words is about; argc for one that is missing.
 */
int args_blamed(int argc, char *const *argv, const struct err *err);

/* Returns the operand at that place, from 0, or NULL. */
const char *operand(const struct args *args, size_t at);

/* Returns a target of one kind ("pool") without its prefix ("pool/web"), which may be left out. Takes NULL.
 */
const char *target_name(const char *kind, const char *target);

#endif
