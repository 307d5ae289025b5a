/*
 * One batch on its way through a link: private to db/.
 *
 * It is sent, run again when it met others, stopped when its time is over, and
 * ends with an outcome.  A statement that failed for want of something in the
 * schema makes the server be asked for its version once more, so that a
 * migration that came meanwhile is named.
 */
#ifndef DB_CONN_RUN_H
#define DB_CONN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/backoff.h"
#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/conn/pipeline.h"
#include "db/conn/session.h"

/*
 * RUN_CHECKS: it has failed, was not cancelled, and the server is asked for the
 * version of the schema.  RUN_SETTLES: its outcome is known, but the request to cancel it is still on its
 * way and would hit the next one.
 */
enum run_state { RUN_NONE, RUN_SENT, RUN_PAUSED, RUN_CHECKS, RUN_SETTLES, RUN_ENDED };

/*
 * Invariants: the session is up in RUN_SENT, RUN_PAUSED and RUN_SETTLES, and greets
 * in RUN_CHECKS. `exchange` is in use exactly in RUN_SENT. `batch` is NULL exactly
 * in RUN_NONE.
 */
struct request {
	struct session *session; /* borrowed */
	bool read_only;

	struct batch *batch; /* borrowed */
	enum run_state run;
	struct pipeline exchange;
	int64_t deadline; /* steady time; once cancelled: of the answer to that */
	int64_t resume;   /* of RUN_PAUSED and RUN_SETTLES */
	int retries;
	struct backoff pause;
	bool unconfirmed; /* of the last batch; see conn_unconfirmed() */
	bool cancelled;
	int cancels; /* requests to stop, of the present one */
	struct cancel *cancel;
	struct err outcome;
};

void request_init(struct request *r, struct session *session, bool read_only);
void request_release(struct request *r);

/* See conn_submit(), conn_take() and conn_cancel(). */
void request_start(struct request *r, struct batch *b, int64_t deadline);
bool request_take(struct request *r, struct err *err) __attribute__((warn_unused_result));
void request_cancel(struct request *r);

/* It has been started and has not ended: the session is stepped by it alone. */
bool request_is_busy(const struct request *r);

/* While it is busy. */
void request_step(struct request *r, short revents);
short request_events(const struct request *r);
int64_t request_deadline(const struct request *r);

/* Where only a server that takes changes will do, one that no longer does is lost. */
void request_mind_changes(struct request *r);

#endif
