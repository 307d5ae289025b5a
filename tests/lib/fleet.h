/*
 * Workers in a crowd: each repeats its deeds in turn until all are idle and the test's condition holds.
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

/* Number of workers, and most hooks that each has claimed. */
enum { WORKERS = 4, HELD = 8 };

enum { ENOUGH_CUTS = 5 }; /* least connections that are cut */

/* The deeds of a worker, repeated in this order. */
enum deed { START, APPLY, SPREAD, TEND, CLAIM, FINISH };

struct hand {
	struct worker_self self;
	enum deed deed;
	struct work_job jobs[HELD];
	size_t held;
	size_t idle; /* consecutive deeds that did nothing */
};

struct fleet {
	struct place *place;
	struct hand hands[WORKERS];
	unsigned seed;
	const char *over; /* a query; "1" ends the fleet once all are idle */
	bool stays;       /* it does not end yet */
	bool ended;
	bool die; /* all connections are cut from time to time */
	size_t deeds;
	size_t cut;
	int64_t applied;
	int64_t refused; /* finishes that were too late */
};

/* Creates the fleet; `over` is borrowed. */
void fleet_open(struct fleet *f, struct place *p, const char *over);

/* For the crowd's clients 0 to WORKERS - 1. */
struct batch *fleet_next(struct fleet *f, size_t i);
void fleet_answer(struct fleet *f, size_t i, struct batch *b, const struct err *err);

#endif
