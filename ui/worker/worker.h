/*
 * The worker: the process that consumes the queue.
 *
 * Any number run anywhere, without a leader.  One loop polls the connection,
 * signals and running hooks; each piece of work is one short batch, and what is
 * next the agenda knows (agenda.h).  Nothing else waits, so that signs of life go
 * out whatever runs.
 *
 * The connection is tried for ever, also when there is no server at the start. A
 * server that takes no changes, a standby or one that has become read-only, is as
 * good as none: the other hosts are tried.
 * The worker ends by itself only when trying again is of no use: a right is
 * missing, the schema is another program's, somebody alive has its name.
 *
 * On SIGTERM or SIGINT it claims nothing more, lets hooks end for ten seconds,
 * ends the others and gives their claims back, and says that it is gone.  A
 * second signal ends them at once.
 */
#ifndef UI_WORKER_WORKER_H
#define UI_WORKER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/worker.h"

struct conn;
struct err;

struct worker_options {
	struct conn *conn; /* borrowed */
	int64_t deadline;  /* steady time, or TIME_NONE */
	bool read_only;    /* changes nothing: the first change that is refused ends it */

	/* Tells the operator; NULL: nothing is told. */
	void (*note)(const void *context, const char *text);
	const void *context;

	struct worker_self self;
	const char *hooks; /* their folder, absolute; NULL for none */
	size_t jobs;       /* hooks that run at once */
	bool until_idle;   /* end when nothing is due */
};

/* Works until it is told to end. False: why it ended otherwise. */
bool worker_run(const struct worker_options *options, struct err *err) __attribute__((warn_unused_result));

#endif
