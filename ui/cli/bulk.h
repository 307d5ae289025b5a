/*
 * Runs the verbs that queue one command for one target or for many (ui/verbs/bulk.h): shows the plan of many,
 * and confirms it.
 *
 * More than one target, or a selection, is a bulk. Its plan is shown and confirmed before it is queued,
 * unless --yes is given; --dry-run only shows it.
 */
#ifndef UI_CLI_BULK_H
#define UI_CLI_BULK_H

#include <stdbool.h>

struct batch;
struct err;
struct run;

/* Run a verb that has a request(), and add the step of one: its add(). */
bool bulk_run(struct run *run, struct err *err) __attribute__((warn_unused_result));
bool bulk_add(struct run *run, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Notes for their help. */
#define BULK_NOTES                                                                                           \
	"Several are one bulk: it shows its plan and asks for a phrase, or takes --yes; --dry-run\n"         \
	"prints the plan. Each of them ends by itself: queue list --parent ID.\n"

#endif
