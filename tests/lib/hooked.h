/*
 * A fixture for tests of hooks, without running any: pools with hooks, and claims that succeed or fail.
 */
#ifndef TESTS_LIB_HOOKED_H
#define TESTS_LIB_HOOKED_H

#include "model/worker.h"

struct place;
struct work_job;

/* For cmocka: opens a place with the pools "up", with a hook before a lease is active, "down", with one after
 * it was released, and "both". Closed by place_close(). */
int hooked_open(void **state);

/* Returns a worker with one attempt for each hook. */
struct worker_self hooked_strict(struct place *p);

void hooked_goes_wrong(struct place *p, const struct worker_self *w, const struct work_job *job);
void hooked_goes_well(struct place *p, const struct worker_self *w, const struct work_job *job);

#endif
