/*
 * One batch on its way through a link: private to db/.
 *
 * It is sent, run again when it met others, stopped when its time is over, and
 * ends with an outcome.  A statement that failed for want of something in the
 * schema makes the server be asked for its version once more, so that a
 * migration that came meanwhile is named.
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

/*
 * SUBMISSION_CHECKING: it has failed, was not cancelled, and the server is asked for the
 * version of the schema.  SUBMISSION_SETTLING: its outcome is known, but the request to cancel it is still on
 * its way and would hit the next one.
 */
enum submission_state {
	SUBMISSION_NONE,
	SUBMISSION_SENT,
	SUBMISSION_PAUSED,
	SUBMISSION_CHECKING,
	SUBMISSION_SETTLING,
	SUBMISSION_ENDED
};

/*
 * Invariants: the session is up in SUBMISSION_SENT, SUBMISSION_PAUSED and SUBMISSION_SETTLING, and greets
 * in SUBMISSION_CHECKING. `pipeline` is in use exactly in SUBMISSION_SENT. `batch` is NULL exactly
 * in SUBMISSION_NONE.
 */
struct submission {
	struct session *session; /* borrowed */
	bool read_only;

	struct batch *batch; /* borrowed */
	enum submission_state state;
	struct pipeline pipeline;
	int64_t deadline; /* steady time; once cancelled: of the answer to that */
	int64_t resume;   /* of SUBMISSION_PAUSED and SUBMISSION_SETTLING */
	int retries;
	struct backoff pause;
	bool unconfirmed; /* of the last batch; see conn_unconfirmed() */
	bool cancelled;
	int cancels; /* requests to stop, of the present one */
	struct cancel *cancel;
	struct err outcome;
};

void submission_init(struct submission *s, struct session *session, bool read_only);
void submission_release(struct submission *s);

/* See conn_submit(), conn_take() and conn_cancel(). */
void submission_start(struct submission *s, struct batch *b, int64_t deadline);
bool submission_take(struct submission *s, struct err *err) __attribute__((warn_unused_result));
void submission_cancel(struct submission *s);

/* It has been started and has not ended: the session is stepped by it alone. */
bool submission_is_busy(const struct submission *s);

/* While it is busy. */
void submission_step(struct submission *s, short revents);
short submission_events(const struct submission *s);
int64_t submission_deadline(const struct submission *s);

/* Where only a server that takes changes will do, one that no longer does is lost. */
void submission_check_writable(struct submission *s);

#endif
