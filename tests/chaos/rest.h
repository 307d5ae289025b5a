/*
 * Checks that everything comes to rest, and runs doctor meanwhile.
 */
#ifndef TESTS_CHAOS_REST_H
#define TESTS_CHAOS_REST_H

#include <stddef.h>

struct cluster;
struct history;
struct probes;
struct verdict;
struct world;

/* Starts a thread that runs doctor at random times and looks for quarantined commands. */
struct probes *probes_start(const char *berth, struct cluster *cluster, struct world *world,
    struct history *history) __attribute__((returns_nonnull, warn_unused_result));

/* Ends it and adds doctor's findings to the verdict. */
void probes_stop(struct probes *p, struct verdict *v);

/* Waits, without faults and with workers, until nothing is due; fails after too long. */
void rest_check(const struct cluster *cluster, struct verdict *v);

/* Runs doctor at rest. */
void rest_doctor(const char *berth, const struct cluster *cluster, struct verdict *v);

#endif
