/*
 * The common part of all verbs that queue a command: options, waiting, and the answer.
 */
#ifndef UI_CLI_REQUEST_H
#define UI_CLI_REQUEST_H

#include <stdbool.h>

#include "model/queue.h"

struct batch;
struct err;
struct run;

/* Notes for their help. */
#define REQUEST_NOTES                                                                                        \
	"It is queued, and a worker applies it. --wait waits for that and exits with 0 when it was\n"        \
	"applied or there was nothing to do, 5 when it was rejected or cancelled, 1 when it failed\n"        \
	"or some items of a bulk were not applied, and 8 after a timeout; it then stays queued.\n"

/* Reads --id, --reason, --grace and --expect-generation, and checks --wait. `detail` starts as NULL and is
 * owned by the caller, also on failure. */
bool request_read(struct run *run, struct queue_request *request, char **detail, struct err *err)
    __attribute__((warn_unused_result));

/* Adds the step of a verb whose only operand is a target of that kind. */
bool request_add(struct run *run, struct batch *b, enum queue_action action, enum target_kind kind,
    struct err *err) __attribute__((warn_unused_result));

/* Waits if requested, and prints the command. */
bool request_answer(struct run *run, const struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

#endif
