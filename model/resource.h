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
struct selector;

/* What to list. Zero means: everything. */
struct resource_ask {
	const char *pool;                /* name, or NULL for every pool */
	const struct selector *selector; /* of their labels, or NULL */
	const char *match; /* part of the name, the pool's, or a label's key or value, any case; or NULL */
	bool invert;       /* those that the one of both that is asked for does not match */
};

/* Many struct resource: of every pool for NULL, whatever their labels for NULL. */
size_t resource_list_add(struct batch *b, const char *pool, const struct selector *selector);
size_t resource_window_add(struct batch *b, const struct resource_ask *ask);
size_t resource_show_add(struct batch *b, struct id id); /* at most one struct resource */

/* By its place in a pool: at most one struct resource. The live one that is that
 * range or contains that one value, else one that was that range; with any_size
 * the host of that name, however many slots it has. */
size_t resource_find_add(struct batch *b, const char *pool, const struct range *range, bool any_size);

#endif
