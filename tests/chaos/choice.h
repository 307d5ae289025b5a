/*
 * Chooses a client's next call, by its dice and the deeds of others.
 */
#ifndef TESTS_CHAOS_CHOICE_H
#define TESTS_CHAOS_CHOICE_H

#include "tests/chaos/history.h"
#include "tests/chaos/world.h"

/* A chooser. Its ids are derived from `base`, one after the other. */
struct chooser {
	struct dice dice;
	struct world *world;
	struct id base;
	uint64_t made;
	bool batches; /* it may send batches */
};

/* Fills in the deeds of the next call, and the id of a batch. */
void choose_call(struct chooser *c, struct call *call);

#endif
