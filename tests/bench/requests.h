/*
 * The kinds of requests that are measured: contexts and adders for struct work.
 */
#ifndef TESTS_BENCH_REQUESTS_H
#define TESTS_BENCH_REQUESTS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/stage.h"

struct batch;

/* Allocations from a pool, and the inserts of bare rows beside it. */
struct source {
	struct stage *stage;
	struct stage_pool pool;
	uint64_t next;  /* the next value of a bare row */
	int64_t count;  /* of one request */
	struct id *ids; /* of the leases that replays ask for */
	size_t id_count;
	size_t at;
};

void request_allocate(struct batch *b, void *source);
void request_insert(struct batch *b, void *source);
void request_insert_many(struct batch *b, void *source);
void request_replay(struct batch *b, void *source);
void request_select(struct batch *b, void *source);
void request_scan(struct batch *b, void *source); /* `next` is the pool's size */

/* A reset: gives all that was allocated back, as a release will. */
void request_refill(void *source);

#endif
