/*
 * A riot: workers and users that act at random, and a client that checks all invariants meanwhile.
 */
#ifndef TESTS_LIB_RIOT_H
#define TESTS_LIB_RIOT_H

#include <stddef.h>

#include "tests/lib/fleet.h"

struct riot {
	struct fleet fleet;
	size_t checks; /* checks of the last client, all without a finding */
	size_t users;
	size_t gone; /* users that have ended; the workers stay until all have */
	struct batch *(*next)(void *data, size_t user); /* NULL: this user ends */
	void (*answer)(void *data, size_t user, const struct err *err);
	void *data;
};

/* Opens the riot with its workers. It ends when nothing is open, rests or will expire. */
void riot_open(struct riot *riot, struct place *p);

void riot_run(struct riot *riot);

#endif
