/*
 * Runs a dedupe walk to its end on the command line.
 *
 * Building an index waits for every older transaction.  A second connection looks for those while the first
 * one is busy, and their processes are named on standard error.
 */
#ifndef UI_CLI_DEDUPE_RUN_H
#define UI_CLI_DEDUPE_RUN_H

#include <stdbool.h>

struct dedupe_walk;
struct err;
struct run;

/* Runs it to its end. After a failure the dedupe run can be continued. */
bool dedupe_run_drive(struct run *run, struct dedupe_walk *w, struct err *err)
    __attribute__((warn_unused_result));

#endif
