#include "ui/worker/scheduler.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"

enum {
	PATIENCE = 1000000,    /* microseconds after which a waiting duty goes first */
	ROUND_FIRST = 750000,  /* between two rounds, and up to */
	ROUND_JITTER = 500000, /* more */
	ROUND_SOON = 10000,    /* to the first round after work */
	ROUND_GROWTH = 4,      /* factor to each further one */
	ROUND_LEAST = 10000,   /* to a round that maintenance asks for */
	REST_MOST = 200000     /* between two chunks of a bulk */
};

static void next_round(struct scheduler *s, int64_t now) {
	if (s->pause < ROUND_FIRST) {
		s->round = now + s->pause;
		s->pause *= ROUND_GROWTH;
	} else {
		s->round = now + ROUND_FIRST + rand_r(&s->seed) % ROUND_JITTER;
	}
}

void scheduler_init(struct scheduler *s, bool hooks, unsigned seed, int64_t now) {
	*s = (struct scheduler){.able = {true, true, hooks, true},
	    .pause = ROUND_FIRST,
	    .seed = seed,
	    .chunk = TIME_NONE,
	    .rest = now};
	for (int i = 0; i < DUTIES; i++) {
		s->done[i] = now;
	}
	next_round(s, now);
	scheduler_want_all(s);
}

void scheduler_want_all(struct scheduler *s) {
	for (int i = 0; i < DUTIES; i++) {
		s->wanted[i] = s->able[i] && !s->failed[i];
	}
}

/* Returns true when the duty is wanted and possible now. */
static bool may_do(const struct scheduler *s, int duty, bool free, int64_t now) {
	return s->wanted[duty] && (duty != DUTY_CLAIM || free) && (duty != DUTY_FAN_OUT || now >= s->rest);
}

/* Returns the first duty that was not done since `before`. */
static enum duty first_wanted(const struct scheduler *s, bool free, int64_t before, int64_t now) {
	for (int i = 0; i < DUTIES; i++) {
		if (may_do(s, i, free, now) && s->done[i] <= before) {
			return (enum duty)i;
		}
	}
	return DUTIES;
}

enum duty scheduler_next(struct scheduler *s, bool free, int64_t now) {
	enum duty late;

	if (now >= s->round) {
		memset(s->failed, 0, sizeof s->failed);
		scheduler_want_all(s);
		next_round(s, now);
	}
	late = first_wanted(s, free, now - PATIENCE, now);
	return late != DUTIES ? late : first_wanted(s, free, now, now);
}

/* Sets the rest after a chunk. It is consumed when there is nothing left to apply. */
static void pace(struct scheduler *s, enum duty duty, int64_t amount, int64_t now) {
	if (duty == DUTY_FAN_OUT && amount > 0) {
		s->chunk = now;
	} else if (duty == DUTY_APPLY && amount == 0 && s->chunk != TIME_NONE) {
		int64_t took = now - s->chunk;

		s->rest = now + (took < REST_MOST ? took : REST_MOST);
		s->chunk = TIME_NONE;
	}
}

void scheduler_did(struct scheduler *s, enum duty duty, int64_t amount, int64_t now) {
	s->done[duty] = now;
	pace(s, duty, amount, now);
	if (amount > 0) {
		s->pause = ROUND_SOON;
		next_round(s, now);
		scheduler_want_all(s);
	} else {
		s->wanted[duty] = false;
	}
}

void scheduler_failed(struct scheduler *s, enum duty duty) {
	s->wanted[duty] = false;
	s->failed[duty] = true;
}

void scheduler_round_by(struct scheduler *s, int64_t time, int64_t now) {
	int64_t soonest = now + ROUND_LEAST;

	s->round = clock_sooner(s->round, time < soonest ? soonest : time);
}

int64_t scheduler_time(const struct scheduler *s) {
	return s->wanted[DUTY_FAN_OUT] ? clock_sooner(s->round, s->rest) : s->round;
}

bool scheduler_idle(const struct scheduler *s) {
	for (int i = 0; i < DUTIES; i++) {
		if (s->wanted[i] || s->failed[i]) {
			return false;
		}
	}
	return true;
}
