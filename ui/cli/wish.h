/*
 * What all commands that queue have in common: their options, sending, waiting,
 * and telling what came of it.
 */
#ifndef UI_CLI_WISH_H
#define UI_CLI_WISH_H

#include <stdbool.h>

#include "model/queue.h"

struct err;
struct run;

/* Of their help. */
#define WISH_NOTES                                                                                           \
	"It is queued, and applied by a worker; --wait waits for that and ends with 0 when it\n"             \
	"was applied or there was nothing to do, 5 when it was rejected or cancelled, 1 when it\n"           \
	"failed, 8 when the time was up: then it stays queued.\n"

/* --id, --reason, --grace and --expect-generation, and whether --wait is good. `detail` is for the caller to
 * free, whatever happens, and begins as NULL. */
bool wish_read(struct run *run, struct wish *wish, char **detail, struct err *err)
    __attribute__((warn_unused_result));

/* Queues it, waits if that is asked for, prints the command. */
bool wish_send(struct run *run, const struct wish *wish, struct err *err) __attribute__((warn_unused_result));

/* All of that for a command whose only operand is a target of that kind. */
bool wish_run(struct run *run, enum queue_action action, enum target_kind kind, struct err *err)
    __attribute__((warn_unused_result));

#endif
