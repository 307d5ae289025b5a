/*
 * Carries out a dedupe run on a connection of its own, one step at a time, in the loop of the console. It
 * never waits.
 *
 * After a lost connection it connects again and repeats the request; the catalog shows what the statement has
 * done.
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
	const char *detail; /* JSON for the record of the run */
	struct conn *conn;  /* NULL: nothing runs */
	struct batch *batch;
	struct dedupe_walk walk;
	int64_t until; /* steady time of the next step */
	bool cancelled;
	bool leaves;         /* the run has failed, and its guard is being removed */
	int64_t leave_until; /* steady time */
};

/* Begins, continues, or ends the run of the plan. Returns true when something has ended. */
bool dedupe_runner_step(struct dedupe_runner *m, struct dedupe_plan *plan, int64_t now);

/* Return what to wait for, as for struct conn; -1 and TIME_NONE while nothing runs. */
int dedupe_runner_fd(const struct dedupe_runner *m);
short dedupe_runner_events(const struct dedupe_runner *m);
int64_t dedupe_runner_deadline(const struct dedupe_runner *m);
void dedupe_runner_poll(struct dedupe_runner *m, short revents);

/* Stops the run, which can be continued later. */
void dedupe_runner_release(struct dedupe_runner *m);

#endif
