/*
 * The plan of a bulk on the command line: printing it, and confirming it.
 */
#ifndef UI_CLI_PREVIEW_H
#define UI_CLI_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

struct batch;
struct bulk;
struct err;
struct queue_request;
struct run;
struct target;

/* Prints {targets, sample, effect}, and for an action other than a release the changes of the sample, before
 * and after; the effect is empty for an action that changes no counts. Everyone can plan a release; for
 * another action the right to queue it is checked. */
bool preview_show(struct run *run, const struct queue_request *request, struct err *err)
    __attribute__((warn_unused_result));

/* Prints the plan of a release after the steps that the batch already has, which must succeed first. */
bool preview_show_after(struct run *run, struct batch *b, const struct target *targets, size_t count,
    struct err *err) __attribute__((warn_unused_result));

/* Confirms a bulk, after checking the right to queue it. On a terminal it prints the effect and asks for a
 * phrase with the number of targets and the name of the pool; without a terminal it prints the effect and
 * fails. `go` is false, and the effect printed, when there is nothing to do. The targets of a confirmed bulk
 * have what their names stood for. */
bool preview_confirm(struct run *run, struct bulk *bulk, bool *go, struct err *err)
    __attribute__((warn_unused_result));

#endif
