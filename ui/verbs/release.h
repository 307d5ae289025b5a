/*
 * The targets of a verb that takes several.
 */
#ifndef UI_VERBS_RELEASE_H
#define UI_VERBS_RELEASE_H

#include <stddef.h>

#include "model/syntax/selector.h"
#include "model/syntax/target.h"

/* `struct release r = {0}` has none. It must stay where it is while the targets are in use: one may borrow
 * the selector. */
struct release {
	struct target *targets;
	size_t count;
	struct selector selector;
};

void release_free(struct release *release);

#endif
