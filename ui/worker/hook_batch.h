/*
 * The hooks in a worker's batches: what it has claimed, and how that ended.
 * Private to ui/worker/.
 */
#ifndef UI_WORKER_HOOK_BATCH_H
#define UI_WORKER_HOOK_BATCH_H

#include <stdint.h>

struct batch;
struct loop;

/* The answer to worker_claim_add(): each is started. Returns how many. */
int64_t hook_batch_take(struct loop *l, const struct batch *b);

/* Reports the end of the run that is the loop's subject, and says on standard error what
 * has failed. */
void hook_batch_report_add(struct loop *l, struct batch *b);
void hook_batch_report_done(struct loop *l, const struct batch *b);

#endif
