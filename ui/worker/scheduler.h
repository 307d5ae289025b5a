/*
 * What a worker does next, while it has a connection.
 *
 * Four duties, the more urgent first.  Each is wanted until it answers that
 * there was nothing to do; whenever one has done something all are wanted
 * again, because it may have made work for the others: so when none is wanted
 * nothing is due.  One that has waited for a second goes before the others, so
 * that a long queue holds up neither hooks nor the clock's business.
 *
 * A round looks at everything: once a second, with jitter, and when tending has
 * said that the clock asks for it, or somebody has called.  Who sees that others
 * are waiting calls nobody, and what he adds may come just behind our last look:
 * so after work there are a few more looks, soon and then later and later.
 *
 * A bulk leaves to the others as much of the server as it takes: when a chunk of
 * it is consumed, the next one is made after a rest as long as that took.  There
 * is no hurry with a million of leases, but with who allocates meanwhile.
 *
 * Times are steady, and given.
 */
#ifndef UI_WORKER_SCHEDULER_H
#define UI_WORKER_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

enum duty { DUTY_APPLY, DUTY_FAN_OUT, DUTY_CLAIM, DUTY_MAINTAIN, DUTIES };

struct scheduler {
	bool able[DUTIES];
	bool wanted[DUTIES];
	bool failed[DUTIES];  /* not to be tried before the next round */
	int64_t done[DUTIES]; /* when it was done last */
	int64_t round;        /* when everything is looked at again */
	int64_t pause;        /* until the round after that, while it is short */
	unsigned seed;        /* of the jitter */
	int64_t
	    chunk;    /* when the chunk of a bulk was made that is being consumed; TIME_NONE: there is none */
	int64_t rest; /* until then none is made */
};

/* Wants everything. Without hooks nothing is claimed. */
void scheduler_init(struct scheduler *s, bool hooks, unsigned seed, int64_t now);

void scheduler_want_all(struct scheduler *s);

/* The duty that is next, DUTIES for none. `free` says whether there is room for hooks. */
enum duty scheduler_next(struct scheduler *s, bool free, int64_t now);

/* A duty was done, and has done so much. */
void scheduler_did(struct scheduler *s, enum duty duty, int64_t amount, int64_t now);

/* A duty has failed: not before the next round. */
void scheduler_failed(struct scheduler *s, enum duty duty);

/* Of tending: the clock asks for a round then, or sooner. */
void scheduler_round_by(struct scheduler *s, int64_t time, int64_t now);

/* When the next duty may be wanted, if none is now. */
int64_t scheduler_time(const struct scheduler *s);

/* Whether nothing is due, as far as is known: not after a failure. */
bool scheduler_idle(const struct scheduler *s);

#endif
