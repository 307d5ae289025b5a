/*
 * Claims and reports of hooks in a worker's batches: private to ui/worker/.
 */
#ifndef UI_WORKER_HOOK_BATCH_H
#define UI_WORKER_HOOK_BATCH_H

#include <stdint.h>

struct batch;
struct loop;

/* Starts the hooks that worker_claim_add() has claimed. Returns their count. */
int64_t hook_batch_take(struct loop *l, const struct batch *b);

/* Report the end of the run `subject` of the loop, to the server and then, when it has failed, to the
 * operator.
 */
void hook_batch_report_add(struct loop *l, struct batch *b);
void hook_batch_report_done(struct loop *l, const struct batch *b);

#endif
