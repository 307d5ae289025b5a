/*
 * Drives a run of dedupe to its end: sends what comes next, waits, and says on
 * standard error whom it waits for.
 *
 * What takes long is watched over a second connection, because the first one is
 * busy: a statement that builds an index waits for every transaction that is
 * older than it, and whoever called it wants to know which.
 */
#ifndef UI_CLI_DEDUPE_RUN_H
#define UI_CLI_DEDUPE_RUN_H

#include <stdbool.h>

struct dedupe_walk;
struct err;
struct run;

/* False: err says why; the run stays as it is and can be gone on with. */
bool dedupe_run_drive(struct run *run, struct dedupe_walk *w, struct err *err)
    __attribute__((warn_unused_result));

#endif
