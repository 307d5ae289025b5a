/*
 * What a worker asks of the server.  Each function adds one step to a batch and
 * returns its index; each batch is a short transaction of its own.
 */
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"

struct batch;

/* Who it is and how it works. Spans are microseconds. */
struct worker_self {
	const char *name;
	const char *host;
	int64_t pid;
	int64_t started;   /* wall clock: tells it from an earlier one of the same name */
	int64_t heartbeat; /* dead after three without one */
	bool hooks;        /* whether it can run any */
	int64_t chunk;     /* leases changed or children made in one transaction */
	int64_t deadline;  /* of a hook's run */
	int64_t retry;     /* the delay after the first failed run, doubled by each next */
	int64_t tries;     /* runs until it is quarantined */
};

/* How much longer than its deadline a hook's claim lasts, in which its worker ends it. */
#define WORKER_CLAIM_GRACE 3000000

/* Refused with `conflict` while another process of that name is alive. Asks to be woken by what comes into
 * the queue; see conn_notified(). To be repeated on every new connection. */
size_t worker_start_add(struct batch *b, const struct worker_self *self); /* one struct worker */
size_t worker_listen_add(struct batch *b);                                /* one struct nothing */
size_t worker_beat_add(
    struct batch *b, const struct worker_self *self); /* one struct total: 0, the name is another's */
size_t worker_stop_add(struct batch *b, const struct worker_self *self); /* one struct total */
size_t worker_list_add(struct batch *b);                                 /* many struct worker */

/* One chunk of the queue: commands consumed. */
size_t worker_apply_add(struct batch *b, const struct worker_self *self); /* one struct total */

/* One chunk of one bulk's children: 0 when there is nothing to make. */
size_t worker_spread_add(struct batch *b, const struct worker_self *self); /* one struct total */

/* Expiry, filling of those that wait, ends of reuse delays, claims of the dead, old history. */
size_t worker_tend_add(struct batch *b, const struct worker_self *self); /* one struct tended */

/* The same, by one who knows what the server's clock should show: where that has leapt, nobody is taken for
 * dead and nothing ends. */
size_t worker_tend_at_add(
    struct batch *b, const struct worker_self *self, int64_t expected); /* one struct tended */

/* Claims up to `wanted` hooks (many struct job, at the index returned); the two steps behind it
 * answer with the leases and the commands of all hooks that this worker has claimed. */
size_t worker_claim_add(struct batch *b, const struct worker_self *self, int64_t wanted);

/* The end of a hook's run: 0 when it came too late. */
size_t worker_finish_add(struct batch *b, const struct worker_self *self, struct id command, int64_t epoch,
    bool well, const char *words); /* one struct total */

/* Gives a claim back. */
size_t worker_return_add(
    struct batch *b, const struct worker_self *self, struct id command, int64_t epoch); /* one struct total */

#endif
