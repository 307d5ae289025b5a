/*
 * Helpers for connections in tests/sql/.
 *
 * An unexpected error ends the test with its message.
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

/* Opens a connection with database_values(), database_as(), ... */
struct conn *client_new(const char *const *values) __attribute__((returns_nonnull, warn_unused_result));

/* Returns a steady deadline after which something hangs. */
int64_t client_patience(void);

/* Runs a batch; err is filled when it fails. */
bool client_try(struct conn *c, struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Runs a batch that must succeed. */
void client_run(struct conn *c, struct batch *b);

/* Runs a batch that must fail with this code; the caller releases the error. */
void client_refused(struct conn *c, struct batch *b, enum err_code code, struct err *err);

/* Polls all connections once, for at most that many milliseconds, and steps each. */
void client_step(struct conn *const *conns, size_t count, int most);

/* Waits for the end of the submitted batch, and takes its outcome as conn_take(). */
bool client_finish(struct conn *c, struct err *err) __attribute__((warn_unused_result));

/* Steps the connection until the query returns "1". */
void session_step_until(struct conn *c, struct database *d, const char *question);

/* Returns a request for one value, without an end. For a slot the caller sets the host. */
struct allocate client_ask(const char *pool, struct id id);
struct allocate session_ask_value(const char *pool, struct id id, enum kind kind, const char *value);

/* Adds such a request with that holder. */
size_t client_add(struct batch *b, const char *pool, const char *holder);

/* Runs one allocation. Returns the value. */
u128 client_allocate(struct conn *c, const struct allocate *ask);
enum err_code session_allocate_fails(struct conn *c, const struct allocate *ask, struct err *err);

/* Runs an allocation that must be refused with this code and a detail with all these parts, ended by NULL. */
void session_allocate_refused(
    struct conn *c, const struct allocate *ask, enum err_code code, const char *const *parts);

/* Creates a pool with one range. */
void client_pool(struct conn *c, const char *name, enum kind kind, const char *range);
void session_add_range(struct conn *c, const char *pool, enum kind kind, const char *range);

/* Returns the number of leases in any state. */
size_t client_leases(struct database *d);

/* Checks that every invariant holds. */
void session_is_sound(struct conn *c);

/* Makes a lease with holder "do SQL" run that SQL in its transaction, so that a test can delay or break a
 * step. */
void session_let_holders_do(struct database *d);

/* Allows holders of megabytes. */
void session_let_holders_be_long(struct database *d);

#endif
