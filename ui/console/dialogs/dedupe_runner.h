/*
 * Goes through a run of dedupe on a connection of its own, a step at a time, in the
 * loop of the console: it never waits.
 *
 * A lost connection is made anew and the same asked again; what the statement has
 * come to by then, the catalogue tells.
 */
#ifndef UI_CONSOLE_DIALOGS_DEDUPE_RUNNER_H
#define UI_CONSOLE_DIALOGS_DEDUPE_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/dedupe.h"

struct batch;
struct conn;
struct conn_options;
struct dedupe_plan;

/* `struct dedupe_runner m = {.options = ..., .detail = ...}` has nothing to do. */
struct dedupe_runner {
	const struct conn_options *options;
	const char *detail; /* for the record */
	struct conn *conn;  /* NULL: nothing runs */
	struct batch *batch;
	struct dedupe_walk walk;
	int64_t until; /* steady time of the next step */
	bool cancelled;
	bool leaves;         /* it has failed, and its guard is to come off */
	int64_t leave_until; /* steady time */
};

/* Begins, goes on with, or ends what the plan asks for. Whether something has ended. */
bool dedupe_runner_step(struct dedupe_runner *m, struct dedupe_plan *plan, int64_t now);

/* What to wait for: as of struct conn; -1 and TIME_NONE while nothing runs. */
int dedupe_runner_fd(const struct dedupe_runner *m);
short dedupe_runner_events(const struct dedupe_runner *m);
int64_t dedupe_runner_deadline(const struct dedupe_runner *m);
void dedupe_runner_poll(struct dedupe_runner *m, short revents);

/* Lets go of what runs: it can be gone on with. */
void dedupe_runner_release(struct dedupe_runner *m);

#endif
