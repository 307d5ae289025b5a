/*
 * The place where bulks are tested: leases in two pools, a worker that takes
 * them in small chunks.
 */
#ifndef TESTS_LIB_BULKS_H
#define TESTS_LIB_BULKS_H

#include <stdint.h>

#include "model/worker.h"

struct place;

/* For cmocka: a place with the pool "a" of two resources with 25 leases, and "b" with 10. Closed by
 * place_close(). */
int bulks_open(void **state);

void bulks_take(struct place *p, const char *pool, int64_t count);
struct worker_self bulks_worker(struct place *p);

/* How many live leases each pool has: "a25 b10". */
void bulks_live_are(struct place *p, const char *expected);

#endif
