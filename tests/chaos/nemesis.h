/*
 * The nemesis: random faults until its time is over.
 */
#ifndef TESTS_CHAOS_NEMESIS_H
#define TESTS_CHAOS_NEMESIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/chaos/dice.h"

struct clients;
struct cluster;
struct final;
struct history;
struct workers;

enum fault {
	FAULT_KILL_WORKER,
	FAULT_PAUSE_WORKER,
	FAULT_KILL_CLIENT,
	FAULT_END_SESSIONS,
	FAULT_KILL_SESSION,
	FAULT_CRASH,
	FAULT_CUT,
	FAULT_SEVER,
	FAULT_HOLD,
	FAULT_PROMOTE,
	FAULT_STANDBY,
	FAULT_AHEAD,
	FAULT_BACK,
	FAULT_FULL,
	FAULTS
};

extern const char *const fault_names[FAULTS];

struct nemesis {
	struct dice dice;
	struct cluster *cluster;
	struct workers *workers;
	struct clients *clients;
	struct history *history;
	struct final *final; /* records jumps of the clock */
	size_t counts[FAULTS];
	bool broken; /* the servers could not be started again: not the program's fault */
	bool told;   /* told to end by SIGINT or SIGTERM, which the caller has blocked */

	/* Faults that end by themselves later. */
	struct later {
		int64_t at; /* steady time; 0: free */
		enum fault fault;
		size_t which;
	} later[64];
};

/* Works until that steady time, or until it is told to end. */
void nemesis_run(struct nemesis *n, int64_t until);

/* Repairs what it has broken; false: it cannot. */
bool nemesis_end(struct nemesis *n) __attribute__((warn_unused_result));

#endif
