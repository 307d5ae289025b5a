/*
 * Helpers for tests of the queue: send a command, take a worker's steps one by one, and check the outcome.
 *
 * An unexpected error ends the test with its message.
 */
#ifndef TESTS_LIB_WORK_H
#define TESTS_LIB_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/base/id.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "model/worker.h"

struct conn;
struct database;

/* --- objects --- */

/* Creates a pool of numbers in a space of its own, with a reuse delay and hooks, which may be NULL. */
void work_pool(struct conn *c, const char *name, const char *range, int64_t reuse_delay, const char *activate,
    const char *release);

/* Allocates the lowest free value. */
struct id work_lease(struct conn *c, const char *pool);

/* Adds a pending lease that was requested so many seconds ago. */
struct id work_pending(struct database *d, const char *pool, int priority, int age);

struct target work_on(enum target_kind kind, struct id id); /* lease, resource, command */
struct target work_on_pool(const char *name);
struct target work_on_place(const char *text);                   /* a resource: POOL/FIRST-LAST */
struct target work_on_leases(const char *pool, unsigned states); /* "" for all pools, 0 for all that hold */

/* --- requests --- */

struct queue_request work_request(enum queue_action action, const struct target *target);

/* Sends a request. Returns its id. */
struct id work_send(struct conn *c, const struct queue_request *request);
struct id work_send_on(struct conn *c, enum queue_action action, struct target target);
struct id work_release(struct conn *c, struct id lease);

/* Sends a request that must be refused with this code and message. */
void work_send_refused(
    struct conn *c, const struct queue_request *request, enum err_code code, const char *part);

void work_cancel(struct conn *c, struct id command);
void work_cancel_refused(struct conn *c, struct id command, const char *part);

/* --- workers --- */

/* Returns a worker that stays alive during a test and runs hooks, with five attempts and almost no delay. */
struct worker_self work_self(const char *name);
struct worker_self work_start(struct conn *c, const char *name);

/* Do one step each. Return what was done. */
int64_t work_apply(struct conn *c, const struct worker_self *self);
int64_t work_fan_out(struct conn *c, const struct worker_self *self);
int64_t work_maintain(struct conn *c, const struct worker_self *self);

/* Repeats the steps until none of them does anything. */
void work_all(struct conn *c, const struct worker_self *self);

struct work_job {
	struct id command;
	struct id lease;
	int64_t epoch;
	int64_t attempt;
	char hook[64];
	char event[16];
};

/* Claims hooks. Returns how many of the `wanted` it got. */
size_t work_claim(struct conn *c, const struct worker_self *self, size_t wanted, struct work_job *jobs);

/* Claims the only one. */
struct work_job work_claim_one(struct conn *c, const struct worker_self *self);

/* Reports the end of a run; false: too late. */
bool work_finish(struct conn *c, const struct worker_self *self, const struct work_job *job, bool well);
bool work_return(struct conn *c, const struct worker_self *self, const struct work_job *job);

/* --- time --- */

void work_end_grace(struct database *d, struct id command); /* also a delay before the next try */
void work_end_time(struct database *d, struct id lease);    /* its `until` passes */
void work_end_rest(struct database *d, struct id lease);
void work_end_claim(struct database *d, struct id command);         /* its deadline passes */
void work_kill(struct database *d, const struct worker_self *self); /* its heartbeat is old */

/* --- outcomes --- */

/* Runs a query with the id appended. */
const char *work_look(struct database *d, const char *question, struct id id);
void work_says(struct database *d, const char *question, struct id id, const char *expected);
void work_asks(struct database *d, const char *question, const char *expected);

/* Check the state, "queued" or "done applied", and a part of the explanation. */
void work_command_is(struct database *d, struct id command, const char *expected);
void work_explains(struct database *d, struct id command, const char *part);

void work_lease_is(struct database *d, struct id lease, const char *state);

/* Checks "done of total, failed". */
void work_progress_is(struct database *d, struct id command, const char *expected);

/* Checks "3 of 3: 2 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled". */
void work_counts_are(struct database *d, struct id command, const char *expected);

/* Checks the events of an action about a target. */
void work_events_are(struct database *d, struct id target, const char *action, const char *count);

#endif
