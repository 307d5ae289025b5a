/*
 * A fixture for tests of bulks: leases in two pools, and a worker with small chunks.
 */
#ifndef TESTS_LIB_BULKS_H
#define TESTS_LIB_BULKS_H

#include <stdint.h>

#include "model/worker.h"

struct place;

/* For cmocka: opens a place with pool "a", two resources and 25 leases, and pool "b", 10 leases. Closed by
 * place_close(). */
int bulks_open(void **state);

void bulks_take(struct place *p, const char *pool, int64_t count);
struct worker_self bulks_worker(struct place *p);

/* Checks the number of live leases in each pool: "a25 b10". */
void bulks_live_are(struct place *p, const char *expected);

#endif
