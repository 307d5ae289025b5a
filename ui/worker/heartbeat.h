/*
 * The heartbeat of a worker: it tells the server that it is alive. One that finds its name taken ends.
 */
#ifndef UI_WORKER_HEARTBEAT_H
#define UI_WORKER_HEARTBEAT_H

#include "ui/worker/requests.h"

/* Add the heartbeat to a batch, and take the answer, after which the next one is due in an interval. */
void heartbeat_add(struct loop *l, struct batch *b);
void heartbeat_done(struct loop *l, const struct batch *b);

#endif
