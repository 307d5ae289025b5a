/*
 * What the tests in tests/sql/ do with a connection, in a line each.
 *
 * Whatever is not expected to fail ends the test with the error when it does.
 */
#ifndef TESTS_LIB_CLIENT_H
#define TESTS_LIB_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/id.h"
#include "db/batch/rows.h"
#include "model/lease.h"

struct database;

/* Of one database, user or place: database_values(), database_as(), ... */
struct conn *client_new(const char *const *values) __attribute__((returns_nonnull, warn_unused_result));

/* Steady time, far enough to mean that something hangs. */
int64_t client_patience(void);

/* Runs the batch; err is filled when it fails. */
bool client_try(struct conn *c, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Runs a batch that succeeds. */
void client_run(struct conn *c, struct batch *b);

/* Runs a batch that fails with this code and leaves the error to be looked at. */
void client_refused(struct conn *c, struct batch *b, enum err_code code, struct err *err);

/* Polls all of them once, for at most that many milliseconds, and steps each. */
void client_step(struct conn *const *conns, size_t count, int most);

/* Until what was submitted has ended: conn_take() for the tests. */
bool client_finish(struct conn *c, struct err *err) __attribute__((warn_unused_result));

/* Steps it until the question is answered with "1". */
void session_step_until(struct conn *c, struct database *d, const char *question);

/* A request for one value, without an end. Of a slot the caller names the host. */
struct allocate client_ask(const char *pool, struct id id);
struct allocate session_ask_value(const char *pool, struct id id, enum kind kind, const char *value);

/* Adds such a request, of that holder. */
size_t client_add(struct batch *b, const char *pool, const char *holder);

/* One allocation: the value that it got. Or the code of its refusal. */
u128 client_allocate(struct conn *c, const struct allocate *ask);
enum err_code session_allocate_fails(struct conn *c, const struct allocate *ask, struct err *err);

/* Refused with this code, and a detail that has all of these parts, which end with NULL. */
void session_allocate_refused(
    struct conn *c, const struct allocate *ask, enum err_code code, const char *const *parts);

/* A pool of one range. */
void client_pool(struct conn *c, const char *name, enum kind kind, const char *range);
void session_add_range(struct conn *c, const char *pool, enum kind kind, const char *range);

/* How many leases there are, whatever their state. */
size_t client_leases(struct database *d);

/* Every invariant holds. */
void session_is_sound(struct conn *c);

/* From now on a lease whose holder is "do SQL" runs that SQL when it is made,
 * within its transaction, so that a test can hold a step up or break it. */
void session_let_holders_do(struct database *d);

/* From now on a holder may have megabytes, so that a test can send them. */
void session_let_holders_be_long(struct database *d);

#endif
