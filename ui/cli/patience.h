/*
 * Patience with a server that goes away after it has accepted something: a queued command, a run of dedupe.
 *
 * "Unavailable" (exit 3) says that nothing was applied, which is not true any more.  So the same question is
 * asked again, for 30 s or until --timeout, at whichever server takes changes; then the outcome is unknown.
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
	int64_t since; /* steady time at which the server went; TIME_NONE while it answers */
};

/* From now on something has been accepted. */
struct patience patience_new(struct run *run);

/* The server has answered. */
void patience_answered(struct patience *p);

/* Judges why a batch has failed. True: the server is merely away, or another one answers in its place, and
 * the batch is to be sent again; the error is emptied. False: the error stands; it is `outcome_unknown` when
 * patience is exhausted, `timeout` when the run's time is over. */
bool patience_should_retry(struct patience *p, struct err *err) __attribute__((warn_unused_result));

/* Runs a batch that only reads what has come of it. `done` says in words what is certain already. */
bool patience_read(struct patience *p, struct batch *b, const char *done, struct err *err)
    __attribute__((warn_unused_result));

#endif
