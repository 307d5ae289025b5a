#include "ui/worker/scheduler.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"

enum {
	PATIENCE = 1000000,   /* microseconds that a duty waits while others go on */
	ROUND_FIRST = 750000, /* between two rounds, */
	ROUND_JITTER = 500000,
	ROUND_SOON = 10000,  /* after work, */
	ROUND_GROWTH = 4,    /* and so much longer each time */
	ROUND_LEAST = 10000, /* however often the clock asks for them */
	REST_MOST = 200000   /* between two chunks of a bulk */
};

static void next_round(struct scheduler *agenda, int64_t now) {
	if (agenda->pause < ROUND_FIRST) {
		agenda->round = now + agenda->pause;
		agenda->pause *= ROUND_GROWTH;
	} else {
		agenda->round = now + ROUND_FIRST + rand_r(&agenda->seed) % ROUND_JITTER;
	}
}

void scheduler_init(struct scheduler *agenda, bool hooks, unsigned seed, int64_t now) {
	*agenda = (struct scheduler){.able = {true, true, hooks, true},
	    .pause = ROUND_FIRST,
	    .seed = seed,
	    .chunk = TIME_NONE,
	    .rest = now};
	for (int i = 0; i < DUTIES; i++) {
		agenda->done[i] = now;
	}
	next_round(agenda, now);
	scheduler_want_all(agenda);
}

void scheduler_want_all(struct scheduler *agenda) {
	for (int i = 0; i < DUTIES; i++) {
		agenda->wanted[i] = agenda->able[i] && !agenda->failed[i];
	}
}

/* Whether it can be done now at all. */
static bool may_do(const struct scheduler *agenda, int duty, bool free, int64_t now) {
	return agenda->wanted[duty] && (duty != DUTY_CLAIM || free) &&
	       (duty != DUTY_SPREAD || now >= agenda->rest);
}

/* The first one of those not done since `before`. */
static enum duty first_wanted(const struct scheduler *agenda, bool free, int64_t before, int64_t now) {
	for (int i = 0; i < DUTIES; i++) {
		if (may_do(agenda, i, free, now) && agenda->done[i] <= before) {
			return (enum duty)i;
		}
	}
	return DUTIES;
}

enum duty scheduler_next(struct scheduler *agenda, bool free, int64_t now) {
	enum duty late;

	if (now >= agenda->round) {
		memset(agenda->failed, 0, sizeof agenda->failed);
		scheduler_want_all(agenda);
		next_round(agenda, now);
	}
	late = first_wanted(agenda, free, now - PATIENCE, now);
	return late != DUTIES ? late : first_wanted(agenda, free, now, now);
}

/* A chunk that was made is consumed when there is nothing to apply. */
static void pace(struct scheduler *agenda, enum duty duty, int64_t amount, int64_t now) {
	if (duty == DUTY_SPREAD && amount > 0) {
		agenda->chunk = now;
	} else if (duty == DUTY_APPLY && amount == 0 && agenda->chunk != TIME_NONE) {
		int64_t took = now - agenda->chunk;

		agenda->rest = now + (took < REST_MOST ? took : REST_MOST);
		agenda->chunk = TIME_NONE;
	}
}

void scheduler_did(struct scheduler *agenda, enum duty duty, int64_t amount, int64_t now) {
	agenda->done[duty] = now;
	pace(agenda, duty, amount, now);
	if (amount > 0) {
		agenda->pause = ROUND_SOON;
		next_round(agenda, now);
		scheduler_want_all(agenda);
	} else {
		agenda->wanted[duty] = false;
	}
}

void scheduler_failed(struct scheduler *agenda, enum duty duty) {
	agenda->wanted[duty] = false;
	agenda->failed[duty] = true;
}

void scheduler_round_by(struct scheduler *agenda, int64_t time, int64_t now) {
	int64_t soonest = now + ROUND_LEAST;

	agenda->round = clock_sooner(agenda->round, time < soonest ? soonest : time);
}

int64_t scheduler_time(const struct scheduler *agenda) {
	return agenda->wanted[DUTY_SPREAD] ? clock_sooner(agenda->round, agenda->rest) : agenda->round;
}

bool scheduler_idle(const struct scheduler *agenda) {
	for (int i = 0; i < DUTIES; i++) {
		if (agenda->wanted[i] || agenda->failed[i]) {
			return false;
		}
	}
	return true;
}
