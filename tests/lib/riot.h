/*
 * A riot: workers and users who all do what comes to their minds, and one more
 * client who looks at every moment whether all is well.
 */
#ifndef TESTS_LIB_RIOT_H
#define TESTS_LIB_RIOT_H

#include <stddef.h>

#include "tests/lib/fleet.h"

struct riot {
	struct fleet fleet;
	size_t checks; /* looks of the last client, each of which has found nothing */
	size_t users;
	size_t gone; /* users who have had enough; the workers stay until all have */
	struct batch *(*next)(void *data, size_t user); /* NULL: this one has had enough */
	void (*answer)(void *data, size_t user, const struct err *err);
	void *data;
};

/* The workers; it ends when nothing is open, rests or will expire. */
void riot_open(struct riot *riot, struct place *p);

void riot_run(struct riot *riot);

#endif
