/*
 * The requests of a worker to the server, one batch at a time: private to ui/worker/.
 *
 * requests_next() sends the next one, requests_hear() takes its answer and changes the state of the loop.
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
#include "ui/worker/server_clock.h"
#include "ui/worker/worker.h"

struct batch;
struct conn;

enum worker_request { WORKER_JOIN, WORKER_REPORT, WORKER_BEAT, WORKER_DUTY, WORKER_LEAVE, WORKER_IDLE };

/* PHASE_WAITS: hooks may still end by themselves. PHASE_ENDS: they are stopped. */
enum phase { PHASE_WORKS, PHASE_WAITS, PHASE_ENDS, PHASE_GONE };

struct loop {
	struct conn *conn; /* borrowed */
	const struct worker_options *options;
	struct systemd notify;
	struct hooks hooks;
	struct scheduler scheduler;

	enum phase phase;
	int64_t limit;      /* end of the phase: steady time, or TIME_NONE */
	struct err failure; /* why the worker ends, unless it was stopped */

	bool joined;    /* registered over the current connection */
	int64_t beat;   /* when the next heartbeat is due */
	int64_t resume; /* after a failure, nothing is sent before; else TIME_NONE */
	struct server_clock clock;
	int64_t asked; /* when the last request was sent */
	bool joined_ever;
	struct troubles troubles;
	int64_t next_try; /* conn_deadline() when the last failure was counted; TIME_NONE for none */
	bool cut;         /* the lost connection was reported */

	struct batch *batch; /* in flight, or NULL */
	enum worker_request request;
	enum duty duty;           /* of WORKER_DUTY */
	struct hook_run *subject; /* of WORKER_REPORT */
};

/* Sends the next request, if one is due. */
void requests_next(struct loop *l);

/* Takes the answer, if it has come. */
void requests_hear(struct loop *l);

/* Returns when requests_next() will have something to send; TIME_NONE: not before an event. */
int64_t requests_time(const struct loop *l);

/* Prints a message for the operator. */
void loop_report(const struct loop *l, enum report_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints that something failed and is tried again, unless the same text was printed lately. Returns true when
 * it was printed. */
bool loop_report_trouble(struct loop *l, const char *text);

/* Ends the worker with that error, which is emptied. */
void loop_fail(struct loop *l, struct err *why);

/* Enters the phase, unless it is an earlier one. */
void loop_enter(struct loop *l, enum phase phase);

#endif
