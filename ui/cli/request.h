/*
 * What all commands that queue have in common: their options, waiting, and
 * telling what came of it.
 */
#ifndef UI_CLI_REQUEST_H
#define UI_CLI_REQUEST_H

#include <stdbool.h>

#include "model/queue.h"

struct batch;
struct err;
struct run;

/* Of their help. */
#define REQUEST_NOTES                                                                                        \
	"It is queued, and applied by a worker; --wait waits for that and ends with 0 when it\n"             \
	"was applied or there was nothing to do, 5 when it was rejected or cancelled, 1 when it\n"           \
	"failed or some items of a bulk were not applied, 8 when the time was up: then it stays\n"           \
	"queued.\n"

/* --id, --reason, --grace and --expect-generation, and whether --wait is good. `detail` is for the caller to
 * free, whatever happens, and begins as NULL. */
bool request_read(struct run *run, struct wish *wish, char **detail, struct err *err)
    __attribute__((warn_unused_result));

/* Adds what queues it, for a command whose only operand is a target of that kind. */
bool request_add(struct run *run, struct batch *b, enum queue_action action, enum target_kind kind,
    struct err *err) __attribute__((warn_unused_result));

/* Waits if that is asked for, and prints the command: the answer of all that queue. */
bool request_answer(struct run *run, const struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

#endif
