/*
 * Whether everything comes to rest, and what doctor says meanwhile.
 */
#ifndef TESTS_CHAOS_REST_H
#define TESTS_CHAOS_REST_H

#include <stddef.h>

struct cluster;
struct history;
struct probes;
struct verdict;
struct world;

/* Asks doctor at random moments, and looks for commands that wait for a person. */
struct probes *probes_start(const char *berth, struct cluster *cluster, struct world *world,
    struct history *history) __attribute__((returns_nonnull, warn_unused_result));

/* Ends it; what doctor has found goes to the verdict. */
void probes_stop(struct probes *p, struct verdict *v);

/* With the faults over and the workers at work: until nothing is due any more, or too long. */
void rest_check(const struct cluster *cluster, struct verdict *v);

/* Doctor, once more, at rest. */
void rest_doctor(const char *berth, const struct cluster *cluster, struct verdict *v);

#endif
