#include "db/conn/submission.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/conn/cancel.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/step.h"

enum {
	CANCEL_TIME = 500000, /* microseconds to wait for the answer to each cancel */
	CANCELS = 4,          /* most cancels: one that arrives before the statement begins is lost */
	CANCEL_POLL = 2000,   /* microseconds between two checks whether the cancel has arrived */
	RETRY_FIRST = 100000, /* pause before a batch is run again */
	RETRY_LAST = 2000000,
	RETRIES = 100 /* without a deadline: about two minutes */
};

static const char timed_out[] = "timed out";
static const char no_answer[] = "the server did not answer in time";
#define CHANGED_RESULT "0A000" /* a prepared statement returns other columns than before */

bool submission_is_busy(const struct submission *s) {
	return s->state != SUBMISSION_NONE && s->state != SUBMISSION_ENDED;
}

void submission_init(struct submission *s, struct session *session, bool read_only) {
	*s = (struct submission){
	    .session = session, .read_only = read_only, .pipeline = {.clock_offset = TIME_NONE}};
	backoff_init(&s->pause, RETRY_FIRST, RETRY_LAST);
}

void submission_release(struct submission *s) {
	pipeline_release(&s->pipeline);
	cancel_free(s->cancel);
	err_release(&s->outcome);
}

static void finish(struct submission *s, struct err *why) {
	s->state = SUBMISSION_ENDED;
	if (why->code != ERR_NONE) {
		err_move(&s->outcome, why);
	}
}

static void settle(struct submission *s, struct err *why) {
	finish(s, why);
	if (!cancel_arrived(s->cancel)) {
		s->state = SUBMISSION_SETTLING;
		s->resume = clock_steady() + CANCEL_POLL;
	}
}

/* Returns true when another version of the schema may be the reason of a failure. An unreadable answer to a
 * committed batch is reported as it is. */
static bool may_be_migrated(const struct submission *s, const struct err *err) {
	if (s->cancelled || (s->pipeline.unread && s->pipeline.writes)) {
		return false;
	}
	return err->code == ERR_SCHEMA_MISMATCH || err->code == ERR_INTERNAL ||
	       strcmp(err->sqlstate, CHANGED_RESULT) == 0;
}

/* Reads the version of the schema again: a migration may have happened meanwhile. */
static void check_schema(struct submission *s, struct err *err) {
	finish(s, err);
	s->state = SUBMISSION_CHECKING;
	session_greet_again(s->session);
}

/* Replaces the error when another version of the schema explains it. */
static void continue_check(struct submission *s, short revents) {
	session_step(s->session, revents);
	if (s->session->state == SESSION_GREETING) {
		return;
	}
	if (s->session->state == SESSION_DOWN && s->session->trouble.code == ERR_SCHEMA_MISMATCH) {
		err_copy(&s->outcome, &s->session->trouble);
	}
	s->state = SUBMISSION_ENDED;
}

static bool is_writing(const struct submission *s) {
	return s->batch->mode == BATCH_WRITE || s->batch->mode == BATCH_ALONE;
}

/* Reports a commit that the synchronous standby may not have. */
static void set_unconfirmed(struct submission *s, struct err *err) {
	s->unconfirmed = true;
	err_set(err, ERR_OUTCOME_UNKNOWN,
	    "committed on %s, but not confirmed by the synchronous standby: it may be lost with this server: "
	    "%s",
	    s->session->server, s->session->warning);
}

/* Ends the session and the running batch. Its outcome is unknown only when all of it may have left. */
static void lose(struct submission *s, const char *why) {
	bool unknown = s->state == SUBMISSION_SENT && is_writing(s) && pipeline_may_commit(&s->pipeline);
	struct err outcome = {0};

	pipeline_release(&s->pipeline);
	session_lose(s->session, why);
	if (unknown && s->session->warning != NULL) {
		set_unconfirmed(s, &outcome);
	} else if (s->state != SUBMISSION_SETTLING) {
		err_set(&outcome,
		    unknown        ? ERR_OUTCOME_UNKNOWN
		    : s->cancelled ? ERR_TIMEOUT
				   : ERR_UNAVAILABLE,
		    "%s", s->session->trouble.message);
	}
	finish(s, &outcome);
}

static void pause_or_end(struct submission *s, struct err *err) {
	if (s->pipeline.retry && s->cancelled) {
		err_set(err, ERR_TIMEOUT, "%s", timed_out);
	}
	if (!s->pipeline.retry || s->cancelled || (s->deadline == TIME_NONE && s->retries == RETRIES)) {
		settle(s, err);
		return;
	}
	s->retries++;
	s->state = SUBMISSION_PAUSED;
	s->resume = clock_steady() + backoff_next(&s->pause);
}

void submission_check_writable(struct submission *s) {
	const char *why = session_read_only(s->session);

	session_check_writable(s->session);
	if (!s->session->always_writable || s->state == SUBMISSION_PAUSED || s->state == SUBMISSION_SENT) {
		return;
	}
	if (why == NULL && s->outcome.code == ERR_READ_ONLY && !s->read_only) {
		why = s->outcome.message;
	}
	if (why != NULL) {
		session_refuse(s->session, why);
		s->state = s->state == SUBMISSION_SETTLING ? SUBMISSION_ENDED : s->state;
	}
}

static void send_batch(struct submission *s) {
	free(s->session->warning);
	s->session->warning = NULL;
	s->state = SUBMISSION_SENT;
	if (!pipeline_start(&s->pipeline, s->session->pg, &s->session->prepared, s->batch, s->read_only,
		s->session->confirms)) {
		lose(s, NULL);
	}
}

static void continue_batch(struct submission *s) {
	struct err err = {0};

	switch (pipeline_step(&s->pipeline, s->session->pg, &err)) {
	case PIPELINE_LOST:
		lose(s, err.message);
		break;
	case PIPELINE_DONE:
		session_saw(s->session, &s->pipeline);
		if (err.code == ERR_NONE && s->session->warning != NULL && is_writing(s)) {
			set_unconfirmed(s, &err);
		}
		if (s->cancelled && err.code == ERR_TIMEOUT) {
			free(err.message);
			err.message = mem_text(timed_out);
		}
		if (s->pipeline.stale && !s->cancelled) {
			send_batch(s);
			break;
		}
		if (may_be_migrated(s, &err)) {
			check_schema(s, &err);
			break;
		}
		pause_or_end(s, &err);
		submission_check_writable(s);
		break;
	case PIPELINE_GOES_ON:
		break;
	}
	err_release(&err);
}

static void send_cancel(struct submission *s) {
	cancel_free(s->cancel);
	s->cancel = cancel_send(s->session->pg);
	s->cancels++;
}

static void past_deadline(struct submission *s) {
	if (!s->cancelled) {
		submission_cancel(s);
		return;
	}
	if (s->state != SUBMISSION_SENT || s->cancels == CANCELS) {
		lose(s, no_answer);
		return;
	}
	s->deadline = clock_steady() + CANCEL_TIME;
	if (cancel_arrived(s->cancel)) {
		send_cancel(s);
	} else {
		s->cancels++;
	}
}

/* Steps the idle session between two tries; it may be lost. */
static void step_idle(struct submission *s, short revents) {
	struct err why = {0};

	session_step(s->session, revents);
	if (s->session->state != SESSION_UP) {
		if (s->state == SUBMISSION_PAUSED) {
			err_set(&why, ERR_UNAVAILABLE, "%s", s->session->trouble.message);
		}
		finish(s, &why);
	}
}

void submission_step(struct submission *s, short revents) {
	if (s->state == SUBMISSION_CHECKING) {
		continue_check(s, revents);
	} else if (s->state == SUBMISSION_SENT && revents != 0) {
		continue_batch(s);
	} else if (revents != 0) {
		step_idle(s, revents);
	}
	/* Resume only when no message came: it may be the end of the connection. */
	if (s->state == SUBMISSION_PAUSED && revents == 0 && clock_passed(s->resume)) {
		send_batch(s);
	}
	if (s->state == SUBMISSION_SETTLING && clock_passed(s->resume)) {
		settle(s, &(struct err){0});
	}
	if (submission_is_busy(s) && clock_passed(s->deadline)) {
		past_deadline(s);
	}
}

short submission_events(const struct submission *s) {
	return s->state == SUBMISSION_SENT ? pipeline_events(&s->pipeline) : session_events(s->session);
}

int64_t submission_deadline(const struct submission *s) {
	switch (s->state) {
	case SUBMISSION_PAUSED:
	case SUBMISSION_SETTLING:
		return clock_sooner(s->resume, s->deadline);
	case SUBMISSION_CHECKING:
		return clock_sooner(s->session->deadline, s->deadline);
	default:
		return s->deadline;
	}
}

void submission_start(struct submission *s, struct batch *b, int64_t deadline) {
	cancel_free(s->cancel);
	s->cancel = NULL;
	s->cancelled = false;
	s->unconfirmed = false;
	s->batch = b;
	s->deadline = deadline;
	s->retries = 0;
	backoff_reset(&s->pause);
	send_batch(s);
}

bool submission_take(struct submission *s, struct err *err) {
	bool ok = s->outcome.code == ERR_NONE;

	assert(s->state == SUBMISSION_ENDED);
	s->state = SUBMISSION_NONE;
	s->batch = NULL;
	if (!ok) {
		err_move(err, &s->outcome);
	}
	return ok;
}

void submission_cancel(struct submission *s) {
	if (s->state == SUBMISSION_CHECKING) {
		session_lose(s->session, no_answer);
		s->state = SUBMISSION_ENDED;
		return;
	}
	if (s->cancelled || (s->state != SUBMISSION_SENT && s->state != SUBMISSION_PAUSED)) {
		return;
	}
	s->cancelled = true;
	if (s->state == SUBMISSION_PAUSED) {
		err_set(&s->outcome, ERR_TIMEOUT, "%s", timed_out);
		s->state = SUBMISSION_ENDED;
		return;
	}
	s->deadline = clock_steady() + CANCEL_TIME;
	s->cancels = 0;
	send_cancel(s);
}
