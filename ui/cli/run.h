/*
 * One run of a verb on the command line: its arguments, connection and output.
 */
#ifndef UI_CLI_RUN_H
#define UI_CLI_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/base/buf.h"
#include "db/base/id.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/output.h"
#include "ui/text/report.h"

struct batch;
struct bulk;
struct verb;
struct config;
struct conn;
struct conn_options;
struct connect;
struct err;
struct profile;

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The text of the file that a verb names: `struct input i = {0}` is not read yet. */
struct input {
	struct buf text;
	int64_t at; /* when, by the clock of this machine; 0: it was not read */
};

struct run {
	const struct args *args;
	const struct verb *const *verbs;    /* all verbs, for help and batch */
	struct conn *conn;                  /* NULL for verbs that are offline */
	const struct conn_options *options; /* of conn; NULL likewise */
	struct connect *connect;            /* the same as words; NULL likewise */
	const struct config *fleet;         /* whose databases are asked; NULL: one database */
	const struct conn_options *reads;   /* of the console's connection for reads; NULL: it is conn */
	const struct profile *profile;      /* of the first word; NULL: none */
	struct sink sink;                   /* standard output */
	FILE *err;                          /* standard error */
	bool quiet;
	bool dry_run;
	enum color color;
	struct id id;              /* of the request; nil before run_id() */
	int64_t deadline;          /* of --timeout: steady time, or TIME_NONE */
	int64_t line;              /* in a batch file; 0 for a verb on its own */
	const struct batch *found; /* the answer to look(), while add() runs */
	const struct bulk *bulk;   /* the request that was confirmed, while add() runs; NULL: it reads it */
	struct input *input;       /* keeps the file for another add(); NULL: it is read each time */
	int64_t passed;            /* rows of an imported file that hold nothing to bring in */
	char passed_text[200];     /* the same by reason: "6 superseded, 4 free" */
	size_t step;               /* first step that the verb has added to its batch */
	size_t last;               /* last one */
	int exit;                  /* exit code of a run without an error: 1 when a check found something */
};

/* Reads sink, quiet, dry_run, color and deadline from the arguments. `form` is how foreign text is shown,
 * `now` is steady time. */
bool run_init(struct run *run, const struct args *args, const struct verb *const *table, FILE *out,
    FILE *err_file, enum safe_form form, int64_t now, struct err *err) __attribute__((warn_unused_result));

/* Print "berth: ..." on standard error, unless --quiet; the second one as a note. */
void run_report(const struct run *run, enum report_level level, const char *text);
void run_note(const struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* With --dry-run, notes that nothing was changed. */
void run_dry_note(const struct run *run);

/* Returns the rows of a step, borrowed from the batch. */
struct rows rows_of_step(const struct batch *b, size_t step);

/* Rewords an error caused by --timeout or --read-only, so that it names the option. Returns false. */
bool run_explain(const struct run *run, struct err *err);

/* Runs the batch to its end, until the deadline. */
bool run_batch(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Sets the id of the run: --id, else the one it has, else a new one. */
bool run_id(struct run *run, struct id *id, struct err *err) __attribute__((warn_unused_result));

/* Reads the file that the verb names, or takes what was kept of it. `at` is the time when it was read. */
bool run_input(struct run *run, const char *path, struct buf *out, int64_t *at, struct err *err)
    __attribute__((warn_unused_result));

/* Sets the error "pool NAME does not exist"; the hint tells how it is called after a rename. Returns false.
 */
bool run_no_pool(const struct run *run, const char *name, struct err *err);

/* Print all rows of a step as a list, or the first one as a single object. */
bool run_list(struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));
bool run_one(struct run *run, const struct shape *shape, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));

#endif
