/*
 * The effect of a release, before it is requested: how many leases it releases, and
 * the used, held back and free values of each pool before and after.
 *
 * The server computes it with the statements that apply it and answers with a
 * document (release_plan_add() in model/queue.h), which is read here; counts are
 * exact at any size.
 */
#ifndef MODEL_EFFECT_H
#define MODEL_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/num.h"
#include "model/syntax/name.h"

struct buf;
struct err;

struct effect_use {
	struct count used;
	struct count held_back;
	struct count free;
};

struct effect_part {
	char pool[NAME_MAX_CHARS + 1];
	struct effect_use before;
	struct effect_use after;
};

/* `struct effect p = {0}` is empty. */
struct effect {
	int64_t targets;
	struct effect_part *effects; /* by the pools' names, in the server's order */
	size_t count;
};

/* Reads a document; another form is ERR_INTERNAL. */
bool effect_parse(const char *document, struct effect *effect, struct err *err)
    __attribute__((warn_unused_result));
void effect_release(struct effect *effect);

/* Returns whether nothing would change: no lease, and no resource that would be drained. */
bool effect_is_empty(const struct effect *effect);

/* Appends the phrase that confirms it when typed: "release 46 web", of several pools "release 46 leases". */
void effect_phrase(const struct effect *effect, struct buf *out);

/* Appends the effect as a JSON object: {POOL: {before: {used, held_back, free}, after: {...}}}. */
void effect_part_json(const struct effect *effect, struct buf *out);

#endif
