/*
 * Holders: who has how many leases, in one pool or in all.
 *
 * Every function adds one step to a batch and returns its index. What the server reads is bounded: up to
 * 10,000 holders are told, and of a holder with a great many leases that there are `more`.
 */
#ifndef MODEL_HOLDER_H
#define MODEL_HOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/batch/rows.h"

struct batch;
struct order;
struct row_filter;

enum holder_sort {
	HOLDER_BY_LEASES, /* most first */
	HOLDER_BY_NAME,
	HOLDER_BY_OLDEST,
	HOLDER_BY_EXPIRY, /* next to expire first */
	HOLDER_BY_IDLE,   /* longest without a new lease first */
	HOLDER_BY_POOLS
};

/* "leases", "name", "oldest", "expiry", "idle", "pools", ended by NULL. */
extern const char *const holder_sort_names[];

/* A list of holders. Zero means all, by their leases, from the start. */
struct holder_ask {
	const char *pool;                /* name, or NULL for every pool; an unknown one has none */
	const struct row_filter *filter; /* of FILTER_HOLDERS, or NULL */
	enum holder_sort sort;
	const struct order *order; /* NULL: in its direction, from the offset; `keep` is a name */
	int64_t offset;
	int64_t limit; /* 0 for none */
};

size_t holder_list_add(struct batch *b, const struct holder_ask *ask); /* many struct holder */

#endif
