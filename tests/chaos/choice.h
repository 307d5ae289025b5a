/*
 * What a client does next, by its dice and by what others have done.
 */
#ifndef TESTS_CHAOS_CHOICE_H
#define TESTS_CHAOS_CHOICE_H

#include "tests/chaos/history.h"
#include "tests/chaos/world.h"

/* One who chooses: his ids are derived from `base`, one after the other. */
struct chooser {
	struct dice dice;
	struct world *world;
	struct id base;
	uint64_t made;
	bool batches; /* whether it may send some */
};

/* Fills in the deeds of the next call, and of a batch its id. */
void choose_call(struct chooser *c, struct call *call);

#endif
