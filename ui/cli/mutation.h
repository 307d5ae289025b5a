/*
 * Commands that change something.
 *
 * What such a command does is in two halves of its entry (ui/verbs/verb.h).
 * add() reads its words and adds its steps to a batch; answer() prints what
 * those steps, run->step to run->last, have answered.  explain() may improve the
 * error of one of its steps: the server's words do not know what was typed.
 * What stands between them is here for a command alone, and in `batch` for the
 * lines of a file; no command knows which of them it serves, but for run->line.
 *
 * So add() sends nothing, and what it needs to know of the server it leaves to
 * its steps, which see what the lines before it have done.  What answer() needs
 * of the request it reads from run->args again.
 */
#ifndef UI_CLI_MUTATION_H
#define UI_CLI_MUTATION_H

#include <stdbool.h>

struct batch;
struct err;
struct run;

/* The whole command, alone: what its entry has as run(), where nothing is to be asked before. */
bool mutation_run(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* A new batch for changes: dry under --dry-run. */
struct batch *mutation_batch(const struct run *run) __attribute__((returns_nonnull, warn_unused_result));

/* Adds the command's steps, of which it remembers the first and the last. */
bool mutation_add(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Improves the error of one of its steps. Returns false. */
bool mutation_explain(struct run *run, struct err *err);

/* Tells the id of a request whose answer does not hold it, unless --quiet. */
void mutation_print_id(const struct run *run);

#endif
