/*
 * The options that exclude values of new ranges.
 */
#ifndef UI_VERBS_POOL_EXCLUDE_H
#define UI_VERBS_POOL_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/batch/rows.h"

struct args;
struct err;
struct exclusions;
struct range;

/* Reads --exclude, and --usable for these ranges. The caller releases the list, also after a failure. */
bool exclude_options(const struct args *args, enum kind kind, const struct range *ranges, size_t count,
    struct exclusions *out, struct err *err) __attribute__((warn_unused_result));

#endif
