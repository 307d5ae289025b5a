/*
 * The traffic of a demo: allocations and releases, as on a busy system.
 */
#ifndef UI_VERBS_DEMO_TRAFFIC_H
#define UI_VERBS_DEMO_TRAFFIC_H

#include <stdint.h>

struct conn_options;

/* Allocates and releases without end; returns only when that is impossible. The same seed makes the same
 * choices. */
void demo_traffic_run(const struct conn_options *options, int64_t seed);

#endif
