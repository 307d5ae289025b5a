/*
 * The plan of a release on the command line: shown, and for a bulk confirmed.
 */
#ifndef UI_CLI_PREVIEW_H
#define UI_CLI_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

struct batch;
struct err;
struct run;
struct target;

/* Prints {targets, sample, effect} as the answer. */
bool preview_show(struct run *run, const struct target *targets, size_t count, struct err *err)
    __attribute__((warn_unused_result));

/* The same behind steps that the batch has already, which are to go well first. */
bool preview_show_after(struct run *run, struct batch *b, const struct target *targets, size_t count,
    struct err *err) __attribute__((warn_unused_result));

/* Whether a bulk is to be done; refused at once for who may not queue it. On a terminal the plan is shown
 * there and the phrase asked for that has the number of leases and the name of the pool in it; elsewhere the
 * plan is the answer and what is asked for is refused. `go` is false when there is nothing to do: then the
 * plan is the answer too. */
bool preview_confirm(struct run *run, const struct target *targets, size_t count, bool *go, struct err *err)
    __attribute__((warn_unused_result));

#endif
