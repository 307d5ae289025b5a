#include "ui/worker/agenda.h"

#include <stdlib.h>
#include <string.h>

#include "db/clock.h"

enum {
	PATIENCE = 1000000,   /* microseconds that a duty waits while others go on */
	ROUND_FIRST = 750000, /* between two rounds, */
	ROUND_JITTER = 500000,
	ROUND_SOON = 10000, /* after work, */
	ROUND_GROWTH = 4,   /* and so much longer each time */
	ROUND_LEAST = 10000 /* however often the clock asks for them */
};

static void next_round(struct agenda *agenda, int64_t now) {
	if (agenda->pause < ROUND_FIRST) {
		agenda->round = now + agenda->pause;
		agenda->pause *= ROUND_GROWTH;
	} else {
		agenda->round = now + ROUND_FIRST + rand_r(&agenda->seed) % ROUND_JITTER;
	}
}

void agenda_init(struct agenda *agenda, bool hooks, unsigned seed, int64_t now) {
	*agenda = (struct agenda){.able = {true, true, hooks, true}, .pause = ROUND_FIRST, .seed = seed};
	for (int i = 0; i < DUTIES; i++) {
		agenda->done[i] = now;
	}
	next_round(agenda, now);
	agenda_want_all(agenda);
}

void agenda_want_all(struct agenda *agenda) {
	for (int i = 0; i < DUTIES; i++) {
		agenda->wanted[i] = agenda->able[i] && !agenda->failed[i];
	}
}

/* The first one wanted, of those not done since `before`. */
static enum duty first_wanted(const struct agenda *agenda, bool free, int64_t before) {
	for (int i = 0; i < DUTIES; i++) {
		if (agenda->wanted[i] && (i != DUTY_CLAIM || free) && agenda->done[i] <= before) {
			return (enum duty)i;
		}
	}
	return DUTIES;
}

enum duty agenda_next(struct agenda *agenda, bool free, int64_t now) {
	enum duty late;

	if (now >= agenda->round) {
		memset(agenda->failed, 0, sizeof agenda->failed);
		agenda_want_all(agenda);
		next_round(agenda, now);
	}
	late = first_wanted(agenda, free, now - PATIENCE);
	return late != DUTIES ? late : first_wanted(agenda, free, now);
}

void agenda_did(struct agenda *agenda, enum duty duty, int64_t amount, int64_t now) {
	agenda->done[duty] = now;
	if (amount > 0) {
		agenda->pause = ROUND_SOON;
		next_round(agenda, now);
		agenda_want_all(agenda);
	} else {
		agenda->wanted[duty] = false;
	}
}

void agenda_failed(struct agenda *agenda, enum duty duty) {
	agenda->wanted[duty] = false;
	agenda->failed[duty] = true;
}

void agenda_round_by(struct agenda *agenda, int64_t time, int64_t now) {
	int64_t soonest = now + ROUND_LEAST;

	agenda->round = clock_sooner(agenda->round, time < soonest ? soonest : time);
}

bool agenda_idle(const struct agenda *agenda) {
	for (int i = 0; i < DUTIES; i++) {
		if (agenda->wanted[i] || agenda->failed[i]) {
			return false;
		}
	}
	return true;
}
