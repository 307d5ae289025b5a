/*
 * One conversation with the server in pipeline mode: everything is sent in one
 * go, answers are read as they come.  Private to db/.
 *
 * The steps of a batch go out as one segment that ends with a Sync.  Without a
 * BEGIN the server runs a segment as one implicit transaction and commits it at
 * the Sync, or rolls all of it back when a step failed: so there is never an
 * aborted transaction left to clean up, and settings made for the transaction
 * end with it.  libpq does not say which query a result belongs to: answers
 * come in order, so the exchange counts.  It has ended when the answer to the
 * Sync has come, and not before.
 *
 * The statement that the step of a BATCH_ALONE answers with is a second segment,
 * sent when the first one has ended: with nothing else in it, it is in no transaction
 * but its own.
 *
 * A connection that is lost leaves the question whether the server has committed.
 * It cannot have as long as the Sync is still here, so the Sync of a long batch
 * waits until everything before it has left; and it has not when a step failed.
 */
#ifndef DB_CONN_PIPELINE_H
#define DB_CONN_PIPELINE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"

struct batch;

/* The answers expected are, in order: [settings] steps... [dry run], Sync. */
struct pipeline {
	struct batch *batch;
	struct batch *settings; /* of the transaction: read-only, a safe search path, ...; or NULL */
	bool writes;            /* what it does is kept */
	struct batch *dry;      /* the step that undoes everything, or NULL */
	int64_t began;          /* steady time */
	int64_t clock_offset; /* the server's clock less the steady one, as the last one told; TIME_NONE: none
				 has */
	size_t answered;      /* how many of them have been answered */
	bool closed;          /* the Sync is on its way */
	bool flushed;         /* all of it has left */
	bool alone;           /* the second segment of a BATCH_ALONE is on its way */
	bool synced;
	bool undone; /* the dry run has come to its end */
	bool unread; /* an answer came that could not be decoded, which the server does not know */
	bool failed; /* a step has: all of it is rolled back */
	bool retry;  /* it failed in a way that running it again may mend */
	bool broken; /* an answer came that is none to what was asked: nothing that follows can be understood
		      */
	struct err err;
};

enum pipeline_state { PIPELINE_GOES_ON, PIPELINE_DONE, PIPELINE_LOST };

/* Starts it. The batch is borrowed until the end. `confirm`: also what writes nothing is to wait for the
 * synchronous standby. False: the connection is lost. */
bool pipeline_start(struct pipeline *p, PGconn *pg, struct batch *b, bool read_only, bool confirm)
    __attribute__((warn_unused_result));

/* Does what can be done now. err is filled when it is done and has failed, and
 * when it is lost and the server said why. */
enum pipeline_state pipeline_step(struct pipeline *p, PGconn *pg, struct err *err);

/* What to poll for. */
short pipeline_events(const struct pipeline *p);

/* Returns the time by the server's clock, as far as the last answer tells it; else by ours. */
int64_t pipeline_now(const struct pipeline *p);

/* Whether the server may commit, or have committed, as far as we know. */
bool pipeline_may_commit(const struct pipeline *p);

/* Forgets it, wherever it is; takes an ended or an empty one too. */
void pipeline_release(struct pipeline *p);

#endif
