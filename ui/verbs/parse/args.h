/*
 * What somebody typed, parsed: `berth [CONNECTION] [OUTPUT] COMMAND WORD… [ARGS] [OPTIONS]`.
 *
 * Parsing is a function of argc, argv and the tables, with nothing left behind,
 * so that a line of a batch file is parsed as the command line is.  getopt_long
 * does the splitting; it would take any unambiguous beginning of an option for
 * the option, which turns into another meaning when options are added, so those
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
	ARGS_LINE /* a line of a batch file: only what can be added to a batch, no options of connection,
		     output, --wait, --dry-run */
};

struct given {
	enum option_id option;
	const char *value; /* NULL: none */
};

/* Values and operands are borrowed from argv. */
struct args {
	const struct verb *command; /* NULL: none named (the console, or help for a family) */
	const char *
	    *operands; /* what stands behind the command's words; with --help and no command, all words */
	size_t count;
	struct given *given; /* in the order given */
	size_t given_count;
};

/* argv[0] is not looked at. Operands are counted and options checked against
 * the command's entry, unless --help is given. */
bool args_parse(int argc, char *const *argv, const struct verb *const *table, enum args_mode mode,
    struct args *args, struct err *err) __attribute__((warn_unused_result));
void args_release(struct args *args);

/* As if that had been given too. */
void args_add(struct args *args, enum option_id option, const char *value);

/* Whether errors are to be JSON: `--json` stands anywhere before a `--`, also in
 * a line that cannot be parsed. */
bool args_want_json(int argc, char *const *argv);

/* The operand at that place, from 0, or NULL. */
const char *operand(const struct args *args, size_t at);

/* A target of one kind ("pool") without its prefix ("pool/web"), which may be left out. Takes NULL. */
const char *target_name(const char *kind, const char *target);

#endif
