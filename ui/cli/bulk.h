/*
 * Verbs that queue one command for one target or for many: their targets, the plan of many, and its
 * confirmation.
 *
 * More than one target, or a selection, is a bulk. Its plan is shown and confirmed before it is queued,
 * unless --yes is given; --dry-run only shows it.
 */
#ifndef UI_CLI_BULK_H
#define UI_CLI_BULK_H

#include <stdbool.h>

#include "model/metadata.h"
#include "model/queue.h"
#include "ui/verbs/release.h"

struct args;
struct batch;
struct err;
struct run;

/* `struct bulk b = {0}` is empty. It must stay where it is: the request borrows the rest. */
struct bulk {
	struct queue_request request;
	struct release targets;
	struct metadata_edit labels;
	char *detail;
};

/* Reads what one verb has of its own: the action and the targets. */
typedef bool bulk_reader(const struct args *args, struct bulk *bulk, struct err *err);

/* Reads each operand as a target of that kind. */
bool bulk_operands(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

/* Reads --pool and -l as a selection of that kind. */
bool bulk_selection(const struct args *args, enum target_kind kind, struct bulk *bulk, struct err *err)
    __attribute__((warn_unused_result));

/* The run() and the add() of such a verb. */
bool bulk_run(struct run *run, bulk_reader *read, struct err *err) __attribute__((warn_unused_result));
bool bulk_add(struct run *run, struct batch *b, bulk_reader *read, struct err *err)
    __attribute__((warn_unused_result));

/* The same for verbs whose operands are their targets, all of one kind: cordon, uncordon, retry, skip, force.
 */
bool bulk_run_operands(struct run *run, struct err *err) __attribute__((warn_unused_result));
bool bulk_add_operands(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Notes for their help. */
#define BULK_NOTES                                                                                           \
	"Several are one bulk: it shows its plan and asks for a phrase, or takes --yes; --dry-run\n"         \
	"prints the plan. Each of them ends by itself: queue list --parent ID.\n"

#endif
