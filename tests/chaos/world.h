/*
 * The world that clients share: the pools, and the ids that clients have made, so that one client releases,
 * extends, repeats and labels what another has allocated.
 */
#ifndef TESTS_CHAOS_WORLD_H
#define TESTS_CHAOS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "tests/chaos/dice.h"
#include "tests/chaos/history.h"

#define PROJECT "acme/web"

struct world;

/* A pool of numbers from first to last. */
struct place {
	const char *name;
	int64_t first;
	int64_t last;
	unsigned weight; /* how often clients choose it */
};

extern const struct place places[];
extern const size_t place_count;

struct world *world_new(void) __attribute__((returns_nonnull, warn_unused_result));
void world_free(struct world *w);

/* Creates pools, the organization and its project with the program, and reads the resources. False: it
 * failed. */
bool world_make(struct world *w, const char *berth, const char *address) __attribute__((warn_unused_result));

/* Records a call to be repeated, and its leases and commands. */
void world_learn(struct world *w, const struct call *call);

/* Chooses a lease that a client has requested, mostly a recent one; false when there is none. */
bool world_lease(struct world *w, struct dice *d, struct id *lease, int64_t *generation);
bool world_command(struct world *w, struct dice *d, struct id *command);

/* Sets the quarantined commands and their leases, as they were seen last. */
void world_see_stuck(struct world *w, const char *ids);
bool world_stuck(struct world *w, struct dice *d, struct id *command, struct id *lease);

struct id world_resource(struct world *w, struct dice *d);

/* Chooses an earlier request to repeat: its deeds, and the id of a batch; false when there is none. */
bool world_repeat(struct world *w, struct dice *d, struct call *call);

#endif
