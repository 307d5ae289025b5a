/*
 * Verbs that change something.
 *
 * Such a verb has two functions (ui/verbs/verb.h): add() reads the arguments and adds steps to a batch,
 * without talking to the server; answer() prints the rows of those steps, run->step to run->last.  explain()
 * may improve the error of a step with what was typed.  This module runs one verb; ui/verbs/batch.c runs the
 * lines of a file.
 */
#ifndef UI_CLI_MUTATION_H
#define UI_CLI_MUTATION_H

#include <stdbool.h>

struct batch;
struct err;
struct run;

/* Runs one verb: the run() of verbs that ask for nothing first. */
bool mutation_run(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Returns a new batch for changes; with --dry-run a dry one. */
struct batch *mutation_batch(const struct run *run) __attribute__((returns_nonnull, warn_unused_result));

/* Adds the verb's steps, and sets run->step and run->last. */
bool mutation_add(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Improves the error of one of its steps. Returns false. */
bool mutation_explain(struct run *run, struct err *err);

/* Prints the id of a request whose answer does not contain it, unless --quiet. */
void mutation_print_id(const struct run *run);

#endif
