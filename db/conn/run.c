#include "db/conn/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/conn/cancel.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/step.h"

enum {
	CANCEL_TIME = 500000, /* microseconds: how long a cancelled batch may still answer, */
	CANCELS = 4, /* each of so many times: one that arrives before the statement has begun is lost */
	CANCEL_LOOK = 2000,   /* between two looks whether the cancelling has arrived */
	RETRY_FIRST = 100000, /* pause before a batch is run again */
	RETRY_LAST = 2000000,
	RETRIES = 100 /* where no deadline ends them: some two minutes */
};

static const char too_late[] = "the time for this is over";
static const char silent[] = "the server did not answer in time";
/* A prepared statement gives other columns than before. */
#define CHANGED_RESULT "0A000"

bool request_is_busy(const struct request *r) {
	return r->run != RUN_NONE && r->run != RUN_ENDED;
}

void request_init(struct request *r, struct session *session, bool read_only) {
	*r = (struct request){
	    .session = session, .read_only = read_only, .exchange = {.server_minus = TIME_NONE}};
	backoff_init(&r->pause, RETRY_FIRST, RETRY_LAST);
}

void request_release(struct request *r) {
	pipeline_release(&r->exchange);
	cancel_free(r->cancel);
	err_release(&r->outcome);
}

static void end_run(struct request *r, struct err *why) {
	r->run = RUN_ENDED;
	if (why->code != ERR_NONE) {
		err_move(&r->outcome, why);
	}
}

static void settle(struct request *r, struct err *why) {
	end_run(r, why);
	if (!cancel_arrived(r->cancel)) {
		r->run = RUN_SETTLES;
		r->resume = clock_steady() + CANCEL_LOOK;
	}
}

/* Returns whether another version of the schema may be the reason of the failure. An answer that cannot be
 * read although its batch was committed is told as it is. */
static bool may_be_migrated(const struct request *r, const struct err *err) {
	if (r->cancelled || (r->exchange.unread && r->exchange.writes)) {
		return false;
	}
	return err->code == ERR_SCHEMA_MISMATCH || err->code == ERR_INTERNAL ||
	       strcmp(err->sqlstate, CHANGED_RESULT) == 0;
}

/* The server is asked for the version of the schema: a migration may have come meanwhile. */
static void check_schema(struct request *r, struct err *err) {
	end_run(r, err);
	r->run = RUN_CHECKS;
	session_greet_again(r->session);
}

/* The error stays, unless it is explained by another version of the schema. */
static void continue_check(struct request *r, short revents) {
	session_step(r->session, revents);
	if (r->session->state == SESSION_GREETING) {
		return;
	}
	if (r->session->state == SESSION_DOWN && r->session->trouble.code == ERR_SCHEMA_MISMATCH) {
		err_copy(&r->outcome, &r->session->trouble);
	}
	r->run = RUN_ENDED;
}

static bool is_writing(const struct request *r) {
	return r->batch->mode == BATCH_WRITE || r->batch->mode == BATCH_ALONE;
}

/* It is committed, but the synchronous standby may not have it. */
static void tell_unconfirmed(struct request *r, struct err *err) {
	r->unconfirmed = true;
	err_set(err, ERR_OUTCOME_UNKNOWN,
	    "committed on %s, but not confirmed by the synchronous standby, so that it may be lost with this "
	    "server: %s",
	    r->session->server, r->session->warning);
}

/* The connection is of no use any more. A running batch ends: nothing of it can
 * ever be applied unless all of it has left for the server. */
static void lose(struct request *r, const char *why) {
	bool unknown = r->run == RUN_SENT && is_writing(r) && pipeline_may_commit(&r->exchange);
	struct err outcome = {0};

	pipeline_release(&r->exchange);
	session_lose(r->session, why);
	if (unknown && r->session->warning != NULL) {
		tell_unconfirmed(r, &outcome);
	} else if (r->run != RUN_SETTLES) {
		err_set(&outcome,
		    unknown        ? ERR_OUTCOME_UNKNOWN
		    : r->cancelled ? ERR_TIMEOUT
				   : ERR_UNAVAILABLE,
		    "%s", r->session->trouble.message);
	}
	end_run(r, &outcome);
}

static void pause_or_end(struct request *r, struct err *err) {
	if (r->exchange.retry && r->cancelled) {
		err_set(err, ERR_TIMEOUT, "%s", too_late);
	}
	if (!r->exchange.retry || r->cancelled || (r->deadline == TIME_NONE && r->retries == RETRIES)) {
		settle(r, err);
		return;
	}
	r->retries++;
	r->run = RUN_PAUSED;
	r->resume = clock_steady() + backoff_next(&r->pause);
}

/* Where only a server that takes changes will do, one that no longer does is lost. */
void request_mind_changes(struct request *r) {
	const char *why = session_read_only(r->session);

	session_mind_changes(r->session);
	if (!r->session->needs_changes || r->run == RUN_PAUSED || r->run == RUN_SENT) {
		return;
	}
	if (why == NULL && r->outcome.code == ERR_READ_ONLY && !r->read_only) {
		why = r->outcome.message;
	}
	if (why != NULL) {
		session_refuse(r->session, why);
		r->run = r->run == RUN_SETTLES ? RUN_ENDED : r->run;
	}
}

static void continue_batch(struct request *r) {
	struct err err = {0};

	switch (pipeline_step(&r->exchange, r->session->pg, &err)) {
	case PIPELINE_LOST:
		lose(r, err.message);
		break;
	case PIPELINE_DONE:
		if (err.code == ERR_NONE && r->session->warning != NULL && is_writing(r)) {
			tell_unconfirmed(r, &err);
		}
		if (r->cancelled && err.code == ERR_TIMEOUT) {
			free(err.message);
			err.message = mem_text(too_late);
		}
		if (may_be_migrated(r, &err)) {
			check_schema(r, &err);
			break;
		}
		pause_or_end(r, &err);
		request_mind_changes(r);
		break;
	case PIPELINE_GOES_ON:
		break;
	}
	err_release(&err);
}

static void send_batch(struct request *r) {
	free(r->session->warning);
	r->session->warning = NULL;
	r->run = RUN_SENT;
	if (!pipeline_start(&r->exchange, r->session->pg, r->batch, r->read_only, r->session->confirms)) {
		lose(r, NULL);
	}
}

static void ask_to_stop(struct request *r) {
	cancel_free(r->cancel);
	r->cancel = cancel_send(r->session->pg);
	r->cancels++;
}

static void past_deadline(struct request *r) {
	if (!r->cancelled) {
		request_cancel(r);
		return;
	}
	if (r->run != RUN_SENT || r->cancels == CANCELS) {
		lose(r, silent);
		return;
	}
	r->deadline = clock_steady() + CANCEL_TIME;
	if (cancel_arrived(r->cancel)) {
		ask_to_stop(r);
	} else {
		r->cancels++;
	}
}

/* Between two tries the session is idle, and may end as an idle one does. */
static void hear_waiting(struct request *r, short revents) {
	struct err why = {0};

	session_step(r->session, revents);
	if (r->session->state != SESSION_UP) {
		if (r->run == RUN_PAUSED) {
			err_set(&why, ERR_UNAVAILABLE, "%s", r->session->trouble.message);
		}
		end_run(r, &why);
	}
}

void request_step(struct request *r, short revents) {
	if (r->run == RUN_CHECKS) {
		continue_check(r, revents);
	} else if (r->run == RUN_SENT && revents != 0) {
		continue_batch(r);
	} else if (revents != 0) {
		hear_waiting(r, revents);
	}
	/* An unasked message may be the end of the connection, which takes a second look. */
	if (r->run == RUN_PAUSED && revents == 0 && clock_passed(r->resume)) {
		send_batch(r);
	}
	if (r->run == RUN_SETTLES && clock_passed(r->resume)) {
		settle(r, &(struct err){0});
	}
	if (request_is_busy(r) && clock_passed(r->deadline)) {
		past_deadline(r);
	}
}

short request_events(const struct request *r) {
	return r->run == RUN_SENT ? pipeline_events(&r->exchange) : session_events(r->session);
}

int64_t request_deadline(const struct request *r) {
	switch (r->run) {
	case RUN_PAUSED:
	case RUN_SETTLES:
		return clock_sooner(r->resume, r->deadline);
	case RUN_CHECKS:
		return clock_sooner(r->session->deadline, r->deadline);
	default:
		return r->deadline;
	}
}

void request_start(struct request *r, struct batch *b, int64_t deadline) {
	cancel_free(r->cancel);
	r->cancel = NULL;
	r->cancelled = false;
	r->unconfirmed = false;
	r->batch = b;
	r->deadline = deadline;
	r->retries = 0;
	backoff_reset(&r->pause);
	send_batch(r);
}

bool request_take(struct request *r, struct err *err) {
	bool ok = r->outcome.code == ERR_NONE;

	assert(r->run == RUN_ENDED);
	r->run = RUN_NONE;
	r->batch = NULL;
	if (!ok) {
		err_move(err, &r->outcome);
	}
	return ok;
}

void request_cancel(struct request *r) {
	if (r->run == RUN_CHECKS) {
		session_lose(r->session, silent);
		r->run = RUN_ENDED;
		return;
	}
	if (r->cancelled || (r->run != RUN_SENT && r->run != RUN_PAUSED)) {
		return;
	}
	r->cancelled = true;
	if (r->run == RUN_PAUSED) {
		err_set(&r->outcome, ERR_TIMEOUT, "%s", too_late);
		r->run = RUN_ENDED;
		return;
	}
	r->deadline = clock_steady() + CANCEL_TIME;
	r->cancels = 0;
	ask_to_stop(r);
}
