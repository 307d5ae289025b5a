/*
 * One execution of a batch in libpq's pipeline mode: private to db/.
 *
 * The steps go out as one segment that ends with a Sync.  Without a BEGIN the server runs a segment as one
 * implicit transaction: it commits at the Sync, or rolls everything back when a step fails.  So no aborted
 * transaction is ever left, and settings end with the transaction.  Results come in the order of the queries
 * and are counted, since libpq does not name the query.  The pipeline ends with the answer to the Sync.
 * A hot query may have one more answer before its own, to the parsing of its statement.
 *
 * A BATCH_ALONE has one step, whose answer is a statement.  It is sent as a second segment, which runs it
 * outside of any other transaction.
 *
 * After a lost connection the server may have committed, unless the Sync was not sent or a step has failed.
 * The Sync of a long batch is therefore held back until everything before it has left.
 */
#ifndef DB_CONN_PIPELINE_H
#define DB_CONN_PIPELINE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"

struct batch;
struct prepared;

/* The expected answers, in order: [settings] steps... [dry run], Sync. */
struct pipeline {
	struct batch *batch;
	struct prepared *prepared; /* the named statements of the session; or NULL */
	struct batch *settings;    /* of the transaction: read-only, a safe search path, ...; or NULL */
	bool writes;               /* its changes are committed */
	struct batch *dry;         /* the step that undoes a dry run, or NULL */
	int64_t began;             /* steady time */
	int64_t clock_offset;      /* the server's clock minus the steady one; TIME_NONE before it is known */
	int64_t place;             /* of the server in its log, when this answer was read; 0: not told */
	int64_t behind;            /* the age of what a standby had then, in microseconds */
	size_t answered;           /* count of expected answers that have come */
	bool closed;               /* the Sync has been queued */
	bool flushed;              /* everything queued has left */
	bool alone;                /* the second segment of a BATCH_ALONE has been sent */
	bool synced;               /* the answer to the Sync has come */
	bool undone;               /* the dry run was rolled back */
	bool unread;               /* an answer could not be decoded; the server knows nothing of that */
	bool failed;               /* a step has failed: everything is rolled back */
	bool parsed;               /* the last answer was to the parsing of a statement */
	bool retry;                /* the failure may go away when the batch is run again */
	bool stale;                /* it was due to the name of a statement: run the batch again at once */
	bool broken;               /* an answer fits no query: what follows cannot be understood */
	struct err err;
};

enum pipeline_state { PIPELINE_GOES_ON, PIPELINE_DONE, PIPELINE_LOST };

/* Starts it. The batch and the named statements are borrowed until the end. `confirm` waits for the
 * synchronous standby even when nothing was written. False: the connection is lost. */
bool pipeline_start(struct pipeline *p, PGconn *pg, struct prepared *prepared, struct batch *b,
    bool read_only, bool confirm) __attribute__((warn_unused_result));

/* Makes progress without waiting. Fills err when it is done and has failed, and when the server said why it
 * is lost. */
enum pipeline_state pipeline_step(struct pipeline *p, PGconn *pg, struct err *err);

/* Returns what to poll for. */
short pipeline_events(const struct pipeline *p);

/* Returns the server's time as the last answer told it; ours before the first. */
int64_t pipeline_now(const struct pipeline *p);

/* Returns true when the server may have committed or may still commit. */
bool pipeline_may_commit(const struct pipeline *p);

void pipeline_release(struct pipeline *p);

#endif
