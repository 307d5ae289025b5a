/*
 * The measured kinds of requests, for struct work.
 */
#ifndef TESTS_BENCH_REQUESTS_H
#define TESTS_BENCH_REQUESTS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/stage.h"

struct batch;

/* A pool for allocations, and a table for plain inserts. */
struct source {
	struct stage *stage;
	struct stage_pool pool;
	uint64_t next;       /* the next value of a plain row */
	int64_t count;       /* values of one request */
	const char *project; /* or NULL */
	const char *labels;  /* JSON, or NULL */
	struct id *ids;      /* of the leases to replay */
	size_t id_count;
	size_t at;
};

void request_allocate(struct batch *b, void *source);
void request_insert(struct batch *b, void *source);
void request_insert_prepared(struct batch *b, void *source);
void request_insert_labels(struct batch *b, void *source);
void request_insert_many(struct batch *b, void *source);

/* An application's row, and its lease through berth_api, or a bare row instead of that. */
void request_instance(struct batch *b, void *source);
void request_instance_insert(struct batch *b, void *source);
void request_replay(struct batch *b, void *source);
void request_select(struct batch *b, void *source);
void request_scan(struct batch *b, void *source); /* `next` is the pool's size */

/* A reset: frees everything that was allocated. */
void request_refill(void *source);

#endif
