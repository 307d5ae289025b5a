/*
 * Databases of any size, loaded in sets by volume.sql: ten resources a pool, leases with labels, history.
 */
#ifndef TESTS_BENCH_VOLUME_H
#define TESTS_BENCH_VOLUME_H

#include <stdint.h>

struct stage;

struct volume {
	int64_t pools;
	int64_t held; /* live leases of each of the ten resources of a pool */
	int64_t past; /* leases that have ended, each with a command and two events */
};

/* Returns the volume of a thousand live leases. */
struct volume volume_little(void);

/* Returns the big volume: with BENCH_SIZE=full in the environment ten million live leases, 100,000 pools and
 * a million resources, else a fiftieth of that. */
struct volume volume_big(void);

/* Returns a database of this volume, checked by doctor. */
struct stage *volume_load(const struct volume *volume) __attribute__((returns_nonnull, warn_unused_result));

#endif
