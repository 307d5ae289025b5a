/*
 * Workers of a crowd: each does its deeds in turn, round and round, until all
 * have nothing to do and what the test waits for is there.
 */
#ifndef TESTS_LIB_FLEET_H
#define TESTS_LIB_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/worker.h"
#include "tests/lib/work.h"

struct batch;
struct err;
struct place;

/* How many, and how many hooks each has claimed at most. */
enum { WORKERS = 4, HELD = 8 };

enum { ENOUGH_CUTS = 5 }; /* connections that are cut at least */

/* What a worker does next, round and round. */
enum deed { START, APPLY, SPREAD, TEND, CLAIM, FINISH };

struct hand {
	struct worker_self self;
	enum deed deed;
	struct work_job jobs[HELD];
	size_t held;
	size_t idle; /* deeds since the last one that did something */
};

struct fleet {
	struct place *place;
	struct hand hands[WORKERS];
	unsigned seed;
	const char *over; /* a question; "1" ends it, once all are idle */
	bool stays;       /* it does not end yet, whatever the answer is */
	bool ended;
	bool die; /* now and then all connections are cut */
	size_t deeds;
	size_t cut;
	int64_t applied;
	int64_t refused; /* finishes that came late */
};

/* `over` is borrowed. */
void fleet_open(struct fleet *f, struct place *p, const char *over);

/* For the crowd: the clients 0 to WORKERS - 1. */
struct batch *fleet_next(struct fleet *f, size_t i);
void fleet_answer(struct fleet *f, size_t i, struct batch *b, const struct err *err);

#endif
