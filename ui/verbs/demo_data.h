/*
 * The sample data of `berth demo`: pools, leases and labels, and in it what a console has to show: full
 * pools, waiting and expiring leases, limits that are near, look-alikes, duplicate rows and a run that was
 * undone.
 */
#ifndef UI_VERBS_DEMO_DATA_H
#define UI_VERBS_DEMO_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/lease.h"
#include "model/pool.h"

struct batch;
struct conn;
struct err;
struct run;

enum { DEMO_RANGES = 6 };

/* A pool of the demo. */
struct demo_pool {
	const char *name;
	enum kind kind;
	const char *ranges[DEMO_RANGES];
	int64_t held;
	bool grows;          /* the traffic takes from it */
	bool brief;          /* some of its leases end within minutes */
	int64_t waiting;     /* number of waiting leases */
	int64_t reuse_delay; /* seconds */
	const char *release_hook;
	int64_t
	    per_hour; /* leases that the traffic takes, so that its forecast comes true; 0: not foretold */
	const char *labels;
};

/* The pool that is full, with leases that wait; the one that the traffic fills within minutes; and the one
 * whose hook fails. */
#define DEMO_FULL "fra-edge-v4"
#define DEMO_FILLS "osl-jobs"
#define DEMO_STUCK "fra-lab-v6"

extern const struct demo_pool demo_pools[];
extern const size_t demo_pool_count;

/* Adds an allocation of that many leases of a pool for some holder. Returns its id. `brief`: it may end
 * within minutes. */
struct id demo_allocate_add(struct batch *b, const char *pool, int64_t count, bool brief, unsigned *dice);

/* Adds one that waits while the pool is full. */
void demo_wait_add(struct batch *b, const char *pool, unsigned *dice);

/* Fills the new database of run->conn; the same seed gives the same data. */
bool demo_load(struct run *run, int64_t seed, struct err *err) __attribute__((warn_unused_result));

/* Add organizations and projects whose limits are near or reached. */
void demo_tenants_add(struct batch *b, unsigned *dice);

/* Makes a table with duplicate rows, and the run of a fix of them that was undone. */
bool demo_table_make(struct run *run, unsigned *dice, struct err *err) __attribute__((warn_unused_result));

/* The name and the text of the hook that one of the pools has: it fails for some values, so that there are
 * stuck commands to decide about. */
#define DEMO_HOOK "dns-remove"
extern const char demo_hook_text[];

#endif
