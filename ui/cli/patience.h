/*
 * Retries after a server has accepted something (a queued command, a dedupe run) and then become unavailable.
 *
 * `unavailable` (exit 3) would say that nothing was applied, which is no longer true.  So the same batch is
 * sent again for 30 s, or until --timeout, to any server that accepts changes; then the outcome is unknown.
 */
#ifndef UI_CLI_PATIENCE_H
#define UI_CLI_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct batch;
struct err;
struct run;

struct patience {
	struct run *run;
	int64_t since; /* steady time when the server became unavailable; TIME_NONE while it answers */
};

/* Call it when something has been accepted. */
struct patience patience_new(struct run *run);

/* Records that the server has answered. */
void patience_answered(struct patience *p);

/* Returns true, and empties the error, when the batch is to be sent again: the server is unavailable, or
 * another one answers in its place. Else the error stays; it becomes `outcome_unknown` after 30 s and
 * `timeout` at the run's deadline. */
bool patience_should_retry(struct patience *p, struct err *err) __attribute__((warn_unused_result));

/* Runs a batch that reads the result. `done` begins the error message: what is certain already. */
bool patience_read(struct patience *p, struct batch *b, const char *done, struct err *err)
    __attribute__((warn_unused_result));

#endif
