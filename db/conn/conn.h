/*
 * A connection to the server, as a state machine that never blocks.
 *
 *     CONN_DOWN --(deadline: next try)--> CONN_CONNECTING --> CONN_READY <--> CONN_BUSY
 *         ^_________________(lost, refused)________|______________|_____________|
 *
 * The owner polls conn_fd() for conn_events() until conn_deadline(), then calls conn_step().  A lost
 * connection ends the running batch with an error and is retried without end, at any host of the connection
 * string, with delays that grow to 8 s.
 *
 * All settings are made inside the transaction, so that it works through a pooler.
 */
#ifndef DB_CONN_CONN_H
#define DB_CONN_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/batch/batch.h"
#include "db/base/err.h"

struct conn;

enum conn_state { CONN_DOWN, CONN_CONNECTING, CONN_READY, CONN_BUSY };

/* Keyword/value pairs for libpq, ended by NULL; `dbname` may be a connection string or URI. Copied. */
struct conn_options {
	const char *const *keywords;
	const char *const *values;
	bool read_only; /* makes every transaction read-only */
};

struct conn *conn_new(const struct conn_options *options) __attribute__((returns_nonnull));
void conn_free(struct conn *c); /* closes; takes NULL */

/* Return what to poll for. The descriptor is -1 while there is none, and may change with every step. The
 * deadline is steady time (db/base/clock.h) or TIME_NONE. */
int conn_fd(const struct conn *c);
short conn_events(const struct conn *c);
int64_t conn_deadline(const struct conn *c);

/* Makes progress without waiting. revents is the result of poll(), 0 when only time has passed. */
void conn_step(struct conn *c, short revents);

enum conn_state conn_state(const struct conn *c);

/* Returns why it is down; an empty error while it is not. */
const struct err *conn_trouble(const struct conn *c);

/* Describe the server that was reached last; "" before the first. Foreign text. */
const char *conn_user(const struct conn *c);
const char *conn_database(const struct conn *c);
const char *conn_server(const struct conn *c); /* "host:port" or the folder of the socket */

/* Identifies the server process of the connection. */
struct server_process {
	int64_t pid;
	int64_t started;
};
struct server_process conn_process(const struct conn *c);

/* Returns false through a pooler, which gives the session to other clients after each transaction: leave no
 * state on it, such as a LISTEN. */
bool conn_is_direct(const struct conn *c);

/* The server's position in the cluster's history when it was reached. A standby has timeline 0. */
struct server_history {
	int64_t system;
	int64_t timeline;
	int64_t place;
};
struct server_history conn_history(const struct conn *c);

/* Returns true when the `later` server has every commit of the `earlier` one. It is false after a standby was
 * promoted, which may lack the last commits of the old server. */
bool history_continues(struct server_history earlier, struct server_history later);

/* Returns whether the server that was reached is a standby, and how old the data was that it had at the last
 * BATCH_READ, in microseconds: 0 when it had everything. conn_place() is the end of what it had, in bytes of
 * the log: a standby has all that the primary had at a place when its own is not before that. */
bool conn_is_standby(const struct conn *c);
int64_t conn_behind(const struct conn *c);
int64_t conn_place(const struct conn *c);

/* Returns why the connected server accepts no changes; NULL when it does, or when that is not known. */
const char *conn_read_only(const struct conn *c);

/* Returns true when the user has the right to change something there; true while that is not known. */
bool conn_may_write(const struct conn *c);

/* Returns the server's clock, estimated from its last answer to a BATCH_READ; this machine's clock before the
 * first. */
int64_t conn_now(const struct conn *c);

/* Returns true when a NOTIFY has come since the last call. A hint only: those sent while the connection was
 * down are lost. */
bool conn_notified(struct conn *c);

/* Starts a batch on a connection that is ready; the batch is borrowed until conn_take(). `deadline` is steady
 * time: after it the running statement is cancelled and the batch fails with `timeout`. Serialization
 * failures and deadlocks are retried as a whole, with pauses that grow to 2 s, until the deadline; without a
 * deadline 100 times, about two minutes. */
void conn_submit(struct conn *c, struct batch *b, int64_t deadline);

/* Returns true when the submitted batch has ended. Then conn_take() returns its outcome and makes the
 * connection ready for the next one. */
bool conn_done(const struct conn *c);
bool conn_take(struct conn *c, struct err *err) __attribute__((warn_unused_result));

/* With `need`, treats a server that accepts no changes (a standby, or read-only) as lost and keeps trying the
 * other hosts; conn_trouble() is `read_only` meanwhile. Returns the previous setting. */
bool conn_require_writable(struct conn *c, bool need);

/* Returns true when there are other hosts, one of which may accept changes. */
bool conn_has_other_hosts(const struct conn *c);

/* Closes a connection that is ready and looks for a server again, among all hosts. */
void conn_reconnect(struct conn *c, const char *why);

/* Returns true when the last batch was committed but not confirmed by the synchronous standby, so that it may
 * be lost with the server. Its error is `outcome_unknown`, and conn_resolve() cannot help. */
bool conn_unconfirmed(const struct conn *c);

/* Cancels the running statement; the batch ends soon, with `timeout` or, when it was too late, with success.
 */
void conn_cancel(struct conn *c);

/* Connects, unless it is connected. */
bool conn_reach(struct conn *c, int64_t deadline, struct err *err) __attribute__((warn_unused_result));

/* Runs a batch to its end: connects if needed, submits, waits, resolves a lost commit with conn_resolve().
 * `unavailable` means that nothing was applied and nothing will be. */
bool conn_run(struct conn *c, struct batch *b, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

/* Finds out the outcome of a batch that ended with `outcome_unknown`, for up to 30 s, by sending it again to
 * a server that accepts changes; its ids make that safe. Any server of the cluster may answer that it is
 * done; a refusal counts only from a server whose history continues that of the first one. Errors that are
 * not about the batch (a missing right, another schema) are no answer. Without an answer the error stays
 * `outcome_unknown`. */
bool conn_resolve(struct conn *c, struct batch *b, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

#endif
