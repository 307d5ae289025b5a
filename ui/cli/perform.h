/*
 * A verb's parts (ui/verbs/verb.h), put together.
 *
 * look() adds what add() must know, add() reads the words and adds its steps, answer() prints what those
 * steps, run->step to run->last, have answered, and explain() may improve the error of one of them: the
 * server does not know what was typed. The sending between the parts is here for the command line, in
 * ui/verbs/batch.c for the lines of a file and in ui/verbs/call.h for the console. No verb knows which of
 * them it serves, except by run->line and by run->conn, which is NULL in the console.
 *
 * So add() sends nothing, and leaves what it needs to know of the server to look() and to its steps, which
 * see what the lines before it have done. answer() reads what it needs of the request from run->args again.
 */
#ifndef UI_CLI_PERFORM_H
#define UI_CLI_PERFORM_H

#include <stdbool.h>

struct batch;
struct err;
struct run;

/* Runs one verb: its own run(), or its parts. */
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
