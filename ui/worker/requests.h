/*
 * A worker's batches: private to ui/worker/.
 *
 * At most one is on its way.  requests_next() sends what is next, requests_hear() takes
 * its answer; what follows from it is in the state of the loop.
 */
#ifndef UI_WORKER_REQUESTS_H
#define UI_WORKER_REQUESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"
#include "ui/worker/hooks.h"
#include "ui/worker/systemd.h"
#include "ui/worker/troubles.h"
#include "ui/worker/scheduler.h"
#include "ui/worker/worker.h"

struct batch;
struct conn;

enum worker_request { WORKER_JOIN, WORKER_REPORT, WORKER_BEAT, WORKER_DUTY, WORKER_LEAVE, WORKER_IDLE };

/* PHASE_WAITS: for hooks to end by themselves. PHASE_ENDS: for those that we end. */
enum phase { PHASE_WORKS, PHASE_WAITS, PHASE_ENDS, PHASE_GONE };

struct loop {
	struct conn *conn; /* borrowed */
	const struct worker_options *options;
	struct systemd notify;
	struct hooks crew;
	struct scheduler agenda;

	enum phase phase;
	int64_t limit;      /* of the phase: steady time, or TIME_NONE */
	int64_t life;       /* when systemd is to hear that we live, from the next answer on; likewise */
	struct err failure; /* why it ends, when that is not because it was told to */

	/* Of the present connection. */
	bool joined;
	int64_t beat;         /* when to show that we live */
	int64_t resume;       /* nothing is sent before, after a failure; TIME_NONE otherwise */
	int64_t clock_offset; /* the server's clock less the steady one */
	int64_t asked;        /* steady time of the last look at it */
	int64_t settles;      /* it has leapt and is believed from then on; else TIME_NONE */
	bool joined_ever;
	struct troubles troubles;
	int64_t next_try; /* of the connection, when its last failure was counted; TIME_NONE for none */
	bool cut;         /* that it is cut off was told */

	struct batch *batch; /* on its way, or NULL */
	enum worker_request request;
	enum duty duty;           /* of WORKER_DUTY */
	struct hook_run *subject; /* of WORKER_REPORT */
};

/* Sends what is next, if it is time for anything. */
void requests_next(struct loop *l);

/* Takes the answer, if it has come. */
void requests_hear(struct loop *l);

/* When requests_next() would have something; TIME_NONE for never without an event. */
int64_t requests_time(const struct loop *l);

/* Tells the operator. */
void loop_report(const struct loop *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tells that something went wrong and is tried again, if it is not told all the time already. Returns whether
 * it was told. */
bool loop_report_trouble(struct loop *l, const char *text);

/* Ends, as soon as may be, with that error, which is emptied. */
void loop_fail(struct loop *l, struct err *why);

/* Goes on to that phase, if it is a later one. */
void loop_enter(struct loop *l, enum phase phase);

#endif
