/*
 * The place where hooks are tested, without running any: pools that have them,
 * and a worker's claims that end well or not.
 */
#ifndef TESTS_LIB_HOOKED_H
#define TESTS_LIB_HOOKED_H

#include "model/worker.h"

struct place;
struct work_job;

/* For cmocka: a place with the pools "up", which runs a hook before a lease is active, "down", one when it
 * was released, and "both". Closed by place_close(). */
int hooked_open(void **state);

/* A worker that has only one try, so that its first failure is its last. */
struct worker_self hooked_strict(struct place *p);

void hooked_goes_wrong(struct place *p, const struct worker_self *w, const struct work_job *job);
void hooked_goes_well(struct place *p, const struct worker_self *w, const struct work_job *job);

#endif
