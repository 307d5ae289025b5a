/*
 * Exclusions: values of a pool that are excluded, and are never given.
 *
 * Every function that ends in _add adds one step to a batch and returns its index.
 */
#ifndef MODEL_EXCLUSION_H
#define MODEL_EXCLUSION_H

#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/syntax/range.h"

struct batch;
struct buf;

/* A range as range_values() reads it. `reason` is a constant; NULL: that of the request's detail. */
struct exclude {
	struct range range;
	const char *reason;
};

/* Zero is an empty list. All are of one kind. */
struct exclusions {
	struct exclude *list;
	size_t count;
};

void exclusions_put(struct exclusions *e, const struct range *range, const char *reason);
void exclusions_release(struct exclusions *e);

/* Puts the addresses that a host cannot have: of an IPv4 prefix up to /30 the network and the broadcast
 * address, of an IPv6 prefix up to /126 the first one. Other ranges have none. */
void exclusions_put_unusable(struct exclusions *e, const struct range *range);

/* Appends them as the server reads them: [{"name", "first", "last", "host", "reason"}]. NULL is an empty
 * list. */
void exclusions_json(const struct exclusions *e, struct buf *out);

/* Appends the values of one as people write them: a value, a prefix, else a range. */
void exclusion_text(const struct exclusion *exclusion, struct buf *out);

/* Take effect at once; what is excluded already, or is not, stays as it is. The list must not be empty. */
size_t pool_exclude_add(struct batch *b, struct id id, const char *pool, const struct exclusions *e,
    const char *detail); /* one struct pool */
size_t pool_include_add(struct batch *b, struct id id, const char *pool, const struct exclusions *e,
    const char *detail); /* one struct pool */

size_t pool_exclusions_add(struct batch *b, const char *pool,
    int64_t limit); /* many struct exclusion, in the order of the values; limit 0 for all */

#endif
