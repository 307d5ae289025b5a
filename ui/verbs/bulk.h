/*
 * The request of a verb that queues one command for one target or for many: what the command line sends, and
 * what the console plans.
 */
#ifndef UI_VERBS_BULK_H
#define UI_VERBS_BULK_H

#include <stdbool.h>

#include "model/metadata.h"
#include "model/queue.h"
#include "ui/verbs/release.h"

struct args;
struct err;

/* `struct bulk b = {0}` is empty. It must stay where it is: the request borrows the rest, and the arguments.
 */
struct bulk {
	struct queue_request request;
	struct release targets;
	struct metadata_edit labels;
	char *detail;
};

void bulk_free(struct bulk *bulk);

/* Reads what a verb has of its own, by its request(): the action, the targets, and what it does to them. */
bool bulk_read(const struct args *args, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

/* Reads each operand as a target of that kind. */
bool bulk_operands(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

/* The request() of verbs whose operands are their targets, all of one kind. */
bool bulk_request(const struct args *args, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

/* Returns whether options select the targets of a verb that may also name one. */
bool bulk_selects(const struct args *args);

/* Reads --pool and -l as a selection of that kind. */
bool bulk_selection(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

#endif
