/*
 * The requests of a worker to the server.  Each function adds one step to a batch
 * and returns its index; each batch is a short transaction of its own.
 */
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"

struct batch;

/* A worker and its settings. Spans are microseconds. */
struct worker_self {
	const char *name;
	const char *host;
	int64_t pid;
	int64_t started;   /* wall clock: tells it from an earlier worker of the same name */
	int64_t heartbeat; /* it counts as dead after three without one */
	bool hooks;        /* it can run hooks */
	int64_t chunk;     /* leases changed or children made in one transaction */
	int64_t deadline;  /* of a hook's run */
	int64_t retry;     /* the delay after the first failed run, doubled after each further one */
	int64_t tries;     /* runs until a command is quarantined */
};

/* A hook's claim lasts this much longer than its deadline, so that its worker can end it. */
#define WORKER_CLAIM_GRACE 3000000

/* Registers the worker: one struct worker. Refused with `conflict` while another process of its name is
 * alive. */
size_t worker_start_add(struct batch *b, const struct worker_self *self);

/* Asks for notices of new commands (conn_notified()); needed on every new connection. One struct nothing. */
size_t worker_listen_add(struct batch *b);

/* Keep the worker alive, and take it off. One struct total: 0 if another process has the name. */
size_t worker_beat_add(struct batch *b, const struct worker_self *self);
size_t worker_stop_add(struct batch *b, const struct worker_self *self);

size_t worker_list_add(struct batch *b); /* many struct worker */

/* Consumes one chunk of the queue. One struct total: the commands consumed. */
size_t worker_apply_add(struct batch *b, const struct worker_self *self);

/* Makes one chunk of one bulk's children. One struct total: 0 when there are none to make. */
size_t worker_fan_out_add(struct batch *b, const struct worker_self *self);

/* Runs a round of maintenance: ends leases, serves those that wait, ends reuse delays, takes over the claims
 * of dead workers and deletes old history. One struct maintained. */
size_t worker_maintain_add(struct batch *b, const struct worker_self *self);

/* The same, with the time that the server's clock should show: if that has jumped, no worker counts as dead
 * and nothing ends. */
size_t worker_maintain_at_add(struct batch *b, const struct worker_self *self, int64_t expected);

/* Claims up to `wanted` hooks: many struct job. The two steps after the one returned answer with the leases
 * and the commands of all hooks that this worker has claimed. */
size_t worker_claim_add(struct batch *b, const struct worker_self *self, int64_t wanted);

/* Ends a hook's run. One struct total: 0 when it came too late. */
size_t worker_finish_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch,
    bool well, const char *words);

/* Gives a claim back, so that another worker can have it. One struct total. */
size_t worker_return_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch);

#endif
