/*
 * What a command gets to do its work with.
 */
#ifndef UI_CLI_RUN_H
#define UI_CLI_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/base/id.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/output.h"

struct batch;
struct verb;
struct conn;
struct conn_options;
struct err;

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct run {
	const struct args *args;
	const struct verb *const *verbs;    /* the whole table, for help and batch */
	struct conn *conn;                  /* NULL for commands that are offline */
	const struct conn_options *options; /* what conn was made with; NULL likewise */
	struct sink sink;                   /* standard output */
	FILE *err;                          /* standard error */
	bool quiet;
	bool dry_run;
	enum color color;
	struct id id;              /* of the request, once run_id() has chosen it; else nil */
	int64_t deadline;          /* of --timeout: steady time, or TIME_NONE */
	int64_t line;              /* of a batch's file, 0 for a command alone */
	const struct batch *found; /* the answer to look(), while add() runs */
	size_t step;               /* the first one that the command has added to its batch, */
	size_t last;               /* and the last one */
	int exit;                  /* where it is not 0 though all went well: 1, a check found something */
};

/* What the command line says about the run: sink, quiet, dry_run, color and deadline.
 * `form` is how foreign text is shown, `now` is steady time. */
bool run_init(struct run *run, const struct args *args, const struct verb *const *table, FILE *out,
    FILE *err_file, enum safe_form form, int64_t now, struct err *err) __attribute__((warn_unused_result));

/* "berth: ..." on standard error, unless --quiet. */
void run_note(const struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Under --dry-run says that it was one. */
void run_dry_note(const struct run *run);

/* The rows that a step of a batch has answered, borrowed from it. */
struct rows rows_of_step(const struct batch *b, size_t step);

/* A refusal that the command line has asked for (--timeout, --read-only) gets
 * words that name its option. Returns false. */
bool run_explain(const struct run *run, struct err *err);

/* Sends the batch and waits for its answer, until the deadline. */
bool run_batch(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* --id, or the one that it has already, or a new one, which the run remembers. */
bool run_id(struct run *run, struct id *id, struct err *err) __attribute__((warn_unused_result));

/* "pool X does not exist". Returns false. */
bool run_no_pool(const char *name, struct err *err);

/* Prints all rows of a step as a list, or its first one as one thing. */
bool run_list(struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));
bool run_one(struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));

#endif
