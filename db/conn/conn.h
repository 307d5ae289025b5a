/*
 * A connection to the server, as a state machine that never blocks.
 *
 *     CONN_DOWN --(deadline: next try)--> CONN_CONNECTING --> CONN_READY <--> CONN_BUSY
 *         ^_________________(lost, refused)________|______________|_____________|
 *
 * The owner polls conn_fd() for conn_events() until conn_deadline(), then calls
 * conn_step().  Whatever happens the machine goes on: a lost connection is tried
 * again for ever, after a delay that grows to 8 s, with jitter, at whichever
 * host of the connection string answers.  A batch that was running then ends
 * with an error; see conn_submit().
 *
 * All settings travel inside the transaction, so that a pooler in between does
 * no harm; nothing relies on the session.
 */
#ifndef DB_CONN_CONN_H
#define DB_CONN_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/batch/batch.h"
#include "db/base/err.h"

struct conn;

enum conn_state { CONN_DOWN, CONN_CONNECTING, CONN_READY, CONN_BUSY };

/* Keyword/value pairs for libpq, the last one NULL; a `dbname` may be a
 * connection string or URI. Copied. */
struct conn_options {
	const char *const *keywords;
	const char *const *values;
	bool read_only; /* every transaction is read-only, whatever the batch's mode */
};

struct conn *conn_new(const struct conn_options *options) __attribute__((returns_nonnull));
void conn_free(struct conn *c); /* closes; takes NULL */

/* What to wait for. The descriptor is -1 while there is none, and may change
 * with every step. The deadline is steady time (db/base/clock.h) or TIME_NONE. */
int conn_fd(const struct conn *c);
short conn_events(const struct conn *c);
int64_t conn_deadline(const struct conn *c);

/* Does what can be done now without waiting. revents is what poll() said, 0
 * when only time has passed. */
void conn_step(struct conn *c, short revents);

enum conn_state conn_state(const struct conn *c);

/* Why it is down, while it is; else an empty error. And when it tries next. */
const struct err *conn_trouble(const struct conn *c);

/* Of the server, once connected; "" before. Foreign text. */
const char *conn_user(const struct conn *c);
const char *conn_database(const struct conn *c);
const char *conn_server(const struct conn *c); /* "host:port" or the socket's folder */

/* The process of the server behind the connection: its number and its start. */
struct server_process {
	int64_t pid;
	int64_t started;
};
struct server_process conn_process(const struct conn *c);

/* Returns false behind a pooler, which gives the session to others after each transaction: nothing must be
 * left on it, such as a LISTEN. */
bool conn_is_direct(const struct conn *c);

/* The history that the server had when it was reached: which cluster's, on which timeline, how far. A standby
 * has no timeline of its own. */
struct server_history {
	int64_t system;
	int64_t timeline;
	int64_t place;
};
struct server_history conn_history(const struct conn *c);

/* Whether everything that a server of the `earlier` history has committed is known to the `later` one. After
 * a standby was promoted it is not: what the old server committed last may be missing. */
bool history_continues(struct server_history earlier, struct server_history later);

/* Why the server that it is connected to takes no changes, in words; NULL when it does, or is not known. */
const char *conn_read_only(const struct conn *c);

/* The server's clock, by which everything that it answers is as old as it is: as the last answer to a
 * BATCH_READ told it, and gone on since with the steady one. Before the first, this machine's. */
int64_t conn_now(const struct conn *c);

/* Whether somebody has called those who LISTEN since this was asked last. A hint: what was said while the
 * connection was down is never heard. */
bool conn_notified(struct conn *c);

/* Starts a batch when the connection is ready. It is borrowed until
 * conn_done(). `deadline` is steady time: when it passes the running statement
 * is cancelled and the batch fails with `timeout`. Serialization failures and
 * deadlocks are retried as a whole, with pauses that grow to two seconds, until
 * the deadline; without one a hundred times, about two minutes. */
void conn_submit(struct conn *c, struct batch *b, int64_t deadline);

/* Whether the submitted batch has ended; then conn_take() gives its outcome and
 * makes the connection free for the next one: true, or false with the error. */
bool conn_done(const struct conn *c);
bool conn_take(struct conn *c, struct err *err) __attribute__((warn_unused_result));

/* From now on a server that takes no changes, because it is a standby or has become read-only, counts as
 * lost: another host is tried, for ever. The trouble is `read_only` then. Returns what held before. */
bool conn_require_writable(struct conn *c, bool need);

/* Whether there are other hosts, one of which may take the changes that this one does not. */
bool conn_has_other_hosts(const struct conn *c);

/* Gives a connection that is ready up and looks for a server again, among all hosts. */
void conn_reconnect(struct conn *c, const char *why);

/* Whether the batch that ended last is committed at the server that had it, but not known to be at the
 * synchronous standby, so that it may be lost with the server: its error is `outcome_unknown`, and there is
 * nothing to be resolved. */
bool conn_unconfirmed(const struct conn *c);

/* Asks the server to stop what it is doing; the batch ends soon with
 * `timeout`, or with success when it was too late. */
void conn_cancel(struct conn *c);

/* For those that have nothing else to do: connects if needed, submits, waits,
 * until the deadline. A connection lost after everything was sent is resolved,
 * see below; `unavailable` says that nothing was applied and nothing can be any
 * more. */
bool conn_run(struct conn *c, struct batch *b, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

/* After a batch has ended with `outcome_unknown`: finds out, for up to 30 s, by sending the same batch again
 * to a server that takes changes (its ids make that safe). That it is done is believed to any server of the
 * cluster; that it is refused only to one whose history continues that of the server that was asked first.
 * Whatever says nothing about the batch itself (a missing right, another schema) is no answer. Without one
 * the error stays `outcome_unknown`. */
bool conn_resolve(struct conn *c, struct batch *b, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

#endif
