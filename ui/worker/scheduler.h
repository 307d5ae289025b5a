/*
 * Chooses a worker's next duty while it has a connection.
 *
 * There are four duties, the most urgent first.  Each is wanted until it reports that it had nothing to do;
 * when one has done something all are wanted again, since it may have made work for the others.  A duty that
 * has waited for a second goes first, so that a long queue delays neither hooks nor maintenance.
 *
 * A round wants all duties: once a second, with jitter, when maintenance has asked for one, or after a
 * NOTIFY. A client that sees others waiting sends no NOTIFY, and its command may come just after our last
 * duty: so after work a few more rounds follow, first soon, then at growing intervals.
 *
 * A bulk leaves half of the server to others: when a chunk of it is consumed, the next one is made after a
 * rest as long as that took.
 *
 * Times are steady, and passed in.
 */
#ifndef UI_WORKER_SCHEDULER_H
#define UI_WORKER_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

enum duty { DUTY_APPLY, DUTY_FAN_OUT, DUTY_CLAIM, DUTY_MAINTAIN, DUTIES };

struct scheduler {
	bool able[DUTIES];
	bool wanted[DUTIES];
	bool failed[DUTIES];  /* not tried before the next round */
	int64_t done[DUTIES]; /* when it was done last */
	int64_t round;        /* when the next round begins */
	int64_t pause;        /* until the round after it, while it is short */
	unsigned seed;        /* of the jitter */
	int64_t chunk;        /* when the current chunk of a bulk was made; TIME_NONE: none */
	int64_t rest;         /* no chunk is made before */
};

/* Wants all duties. Without hooks nothing is claimed. */
void scheduler_init(struct scheduler *s, bool hooks, unsigned seed, int64_t now);

void scheduler_want_all(struct scheduler *s);

/* Returns the next duty, DUTIES for none. `free`: there is room for another hook. */
enum duty scheduler_next(struct scheduler *s, bool free, int64_t now);

/* Records that a duty was done, and how much it did. */
void scheduler_did(struct scheduler *s, enum duty duty, int64_t amount, int64_t now);

/* Postpones a failed duty to the next round. */
void scheduler_failed(struct scheduler *s, enum duty duty);

/* Schedules a round at that time or sooner, as maintenance has asked for. */
void scheduler_round_by(struct scheduler *s, int64_t time, int64_t now);

/* Returns when the next duty may be wanted, if none is now. */
int64_t scheduler_time(const struct scheduler *s);

/* Returns true when no duty is wanted and none has failed. */
bool scheduler_idle(const struct scheduler *s);

#endif
