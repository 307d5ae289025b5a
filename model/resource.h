/*
 * Resources: the ranges and hosts that leases are taken on.
 *
 * Every function adds one step to a batch and returns its index; the answer is
 * read with batch_row() once the batch has run.
 */
#ifndef MODEL_RESOURCE_H
#define MODEL_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/id.h"

struct batch;
struct buf;
struct range;
struct resource;
struct row_filter;
struct selector;

/* A list of resources. Zero means all. */
struct resource_ask {
	const char *pool;                /* name, or NULL for every pool */
	const struct selector *selector; /* by labels, or NULL */
	const struct row_filter *filter; /* of FILTER_RESOURCES, or NULL */
	bool by_range;                   /* in the order of ranges, else by pools first */
};

/* Adds a list: many struct resource. */
size_t resource_window_add(struct batch *b, const struct resource_ask *ask);

size_t resource_show_add(struct batch *b, struct id id); /* at most one struct resource */

/* Adds the search for a resource by its place in a pool: at most one struct resource. The live one that is
 * the range or contains the one value comes first, else one that was the range. With any_size the size does
 * not count: it finds the host of that name. */
size_t resource_find_add(struct batch *b, const char *pool, const struct range *range, bool any_size);

#endif
