/*
 * The effect of a bulk, before it is requested: how many leases it releases, or targets
 * another action has, and the used, held back and free values of each pool before and after.
 *
 * The server computes it with the statements that apply it (queue_plan_add() in
 * model/queue.h) and answers with a row for each pool; counts are exact at any size.
 */
#ifndef MODEL_EFFECT_H
#define MODEL_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/batch/rowset.h"
#include "gen/rows.h"

struct buf;

/* `struct effect e = {0}` is empty. */
struct effect {
	int64_t targets;     /* leases; of another action, what it is for */
	struct rowset pools; /* struct pool_effect, by the pools' names */
};

/* Copies the answer to queue_plan_add(), in place of the effect before. */
void effect_take(struct effect *effect, const struct batch *b, size_t step);
void effect_release(struct effect *effect);

/* Returns whether nothing would change: no lease, and no resource that would be drained. */
bool effect_is_empty(const struct effect *effect);

/* Appends the effect as a JSON object: {POOL: {before: {used, held_back, free}, after: {...}}}. */
void effect_json(const struct effect *effect, struct buf *out);

#endif
