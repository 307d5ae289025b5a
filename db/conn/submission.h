/*
 * A submitted batch and its session: private to db/.
 *
 * Sends the batch, retries it after conflicts, cancels it at its deadline and keeps its outcome.  When a
 * failure may be due to another schema, the session is greeted again, so that the error can name a migration
 * that has happened meanwhile.
 */
#ifndef DB_CONN_SUBMISSION_H
#define DB_CONN_SUBMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/backoff.h"
#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/conn/pipeline.h"
#include "db/conn/session.h"

enum submission_state {
	SUBMISSION_NONE,
	SUBMISSION_SENT,
	SUBMISSION_PAUSED,   /* before a retry */
	SUBMISSION_CHECKING, /* failed; the version of the schema is being read */
	SUBMISSION_SETTLING, /* ended, but a cancel is on its way and could hit the next batch */
	SUBMISSION_ENDED
};

/*
 * Invariants: the session is up in SENT, PAUSED and SETTLING, and greeting in CHECKING. `pipeline` is in use
 * only in SENT. `batch` is NULL only in NONE.
 */
struct submission {
	struct session *session; /* borrowed */
	bool read_only;

	struct batch *batch; /* borrowed */
	enum submission_state state;
	struct pipeline pipeline;
	int64_t deadline; /* steady time; after a cancel, of the answer to it */
	int64_t resume;   /* end of PAUSED and SETTLING */
	int retries;
	struct backoff pause;
	bool unconfirmed; /* see conn_unconfirmed() */
	bool cancelled;
	int cancels; /* cancels sent for the current batch */
	struct cancel *cancel;
	struct err outcome;
};

void submission_init(struct submission *s, struct session *session, bool read_only);
void submission_release(struct submission *s);

/* See conn_submit(), conn_take() and conn_cancel(). */
void submission_start(struct submission *s, struct batch *b, int64_t deadline);
bool submission_take(struct submission *s, struct err *err) __attribute__((warn_unused_result));
void submission_cancel(struct submission *s);

/* Returns true from the start to the end. Meanwhile it alone steps the session. */
bool submission_is_busy(const struct submission *s);

/* For the loop, while it is busy; see conn_step(). */
void submission_step(struct submission *s, short revents);
short submission_events(const struct submission *s);
int64_t submission_deadline(const struct submission *s);

/* Gives up a server that accepts no changes where they are required. */
void submission_check_writable(struct submission *s);

#endif
