/*
 * The targets of `release`, and the new end for `extend`.
 */
#ifndef UI_VERBS_RELEASE_H
#define UI_VERBS_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/syntax/selector.h"
#include "model/syntax/target.h"

struct args;
struct err;

/* `struct release r = {0}` has none. It must stay where it is while the targets are in use: one may borrow
 * the selector. */
struct release {
	struct target *targets;
	size_t count;
	struct selector selector;
};

/* Reads the targets: the operands, or one selection by --pool, --holder, -l and --state. */
bool release_read(const struct args *args, struct release *release, struct err *err)
    __attribute__((warn_unused_result));
void release_free(struct release *release);

/* Reads --until, TIME_NONE without it, or --for, 0 without it; one of the two must be given. */
bool extend_read(const struct args *args, int64_t *until, int64_t *duration, struct err *err)
    __attribute__((warn_unused_result));

/* Reads --holder, which must be given: the new holder, borrowed. */
bool transfer_read(const struct args *args, const char **holder, struct err *err)
    __attribute__((warn_unused_result));

#endif
