/*
 * The pools that a project is made with, as people write them:
 *
 *     NAME=RANGE[,RANGE...]      web=10.0.0.0/24,10.0.9.5-10.0.9.9
 *
 * The spelling of its ranges tells the kind of a pool.
 */
#ifndef MODEL_PROJECT_POOLS_H
#define MODEL_PROJECT_POOLS_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct project_pool;

/* `struct project_pools p = {0}` has none. The pools borrow their names and ranges from `own`. */
struct project_pools {
	struct project_pool *pools;
	size_t count;
	struct project_pools_own *own; /* their names and ranges, in the same order */
};

/* Reads one more. A bad name or range, ranges of several kinds, a pool without a range, and a pool that is
 * given twice are ERR_INVALID_INPUT. */
bool project_pools_add(struct project_pools *pools, const char *text, struct err *err)
    __attribute__((warn_unused_result));
void project_pools_release(struct project_pools *pools);

#endif
