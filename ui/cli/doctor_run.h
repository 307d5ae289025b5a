/*
 * Runs the check of every invariant to its end, and prints its progress on a terminal.
 */
#ifndef UI_CLI_DOCTOR_RUN_H
#define UI_CLI_DOCTOR_RUN_H

#include <stdbool.h>

struct doctor;
struct err;
struct run;

/* A connection that is lost after the first piece is made again for as long as its time allows. */
bool doctor_run(struct run *run, struct doctor *d, struct err *err) __attribute__((warn_unused_result));

#endif
