/*
 * Runs the parts of a verb (ui/verbs/verb.h).
 *
 * look() looks up what add() needs, add() reads the arguments and adds its steps, answer() prints the answers
 * to those steps, run->step to run->last, and explain() may improve the error of one of them: the server does
 * not know the arguments. For the command line, the sending between the parts is here; for the lines of a
 * file it is in ui/verbs/batch.c, for the console in ui/verbs/call.h. A verb knows which of them it serves
 * only by run->line and by run->conn, which is NULL in the console.
 *
 * So add() sends nothing, and leaves lookups on the server to look() and to its own steps, which see what the
 * lines before it have done. answer() reads the request again from run->args.
 */
#ifndef UI_CLI_PERFORM_H
#define UI_CLI_PERFORM_H

#include <stdbool.h>

struct batch;
struct err;
struct run;

/* Runs one verb: its own run(), its request(), or its parts. */
bool perform(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Runs the parts of the verb. */
bool perform_parts(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Returns a new batch for the verb's steps: to read, to write, or dry under --dry-run. */
struct batch *perform_batch(const struct run *run) __attribute__((returns_nonnull, warn_unused_result));

/* Adds the verb's steps, and sets run->step and run->last. */
bool perform_add(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Improves the error of one of its steps. Returns false. */
bool perform_explain(struct run *run, struct err *err);

/* Prints the id of a request whose answer does not contain it, unless --quiet. */
void perform_print_id(const struct run *run);

#endif
