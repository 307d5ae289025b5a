/*
 * The worker: the process that consumes the queue.
 *
 * Any number of workers run anywhere, without a leader.  One loop polls the connection, signals and running
 * hooks; every piece of work is one short batch, chosen by scheduler.h.  Nothing else waits, so that
 * heartbeats are sent whatever runs.
 *
 * It connects without end, also when there is no server at the start; a server that accepts no changes counts
 * as none.  It ends by itself only when trying again cannot help: a missing right, another schema version, or
 * another live worker with its name.
 *
 * On SIGTERM or SIGINT it claims nothing more, gives hooks ten seconds to end, stops the rest, returns their
 * claims and signs off.  A second signal stops them at once.
 */
#ifndef UI_WORKER_WORKER_H
#define UI_WORKER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/worker.h"
#include "ui/text/report.h"

struct conn;
struct err;

struct worker_options {
	struct conn *conn; /* borrowed */
	int64_t deadline;  /* steady time, or TIME_NONE */
	bool read_only;    /* it may change nothing: the first refused change ends it */

	/* Prints a message for the operator; NULL: none are printed. */
	void (*report)(const void *context, enum report_level level, const char *text);
	const void *context;

	struct worker_self self;
	const char *hooks; /* folder of the hooks, absolute; NULL for none */
	size_t jobs;       /* most hooks that run at once */
	bool until_idle;   /* ends when nothing is due */
};

/* Works until a signal ends it, or it is idle. False: it failed. */
bool worker_run(const struct worker_options *options, struct err *err) __attribute__((warn_unused_result));

#endif
