/*
 * What a release would change, before it is asked for: how many leases it means,
 * and for each pool what is used, held back and free before and after.
 *
 * The server works it out with the statements that apply it and answers with a
 * document (release_plan_add() in model/queue.h), which is read here; counts stay
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

struct plan_use {
	struct count used;
	struct count held_back;
	struct count free;
};

struct plan_effect {
	char pool[NAME_MAX_CHARS + 1];
	struct plan_use before;
	struct plan_use after;
};

/* `struct plan p = {0}` is empty. */
struct plan {
	int64_t targets;
	struct plan_effect *effects; /* by the pools' names, as the server orders them */
	size_t count;
};

/* A document of another form is ERR_INTERNAL. */
bool plan_parse(const char *document, struct plan *plan, struct err *err) __attribute__((warn_unused_result));
void plan_release(struct plan *plan);

/* Nothing to do: no lease, and no resource that would be drained. */
bool plan_is_empty(const struct plan *plan);

/* Appends the phrase whose typing confirms it: "release 46 web", of several pools "release 46 leases". */
void plan_phrase(const struct plan *plan, struct buf *out);

/* Appends the effect as a JSON object: {POOL: {before: {used, held_back, free}, after: {...}}}. */
void plan_effect_json(const struct plan *plan, struct buf *out);

#endif
