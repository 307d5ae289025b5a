#include "db/conn.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#include "db/cancel.h"
#include "db/clock.h"
#include "db/exchange.h"
#include "db/link.h"
#include "db/mem.h"
#include "db/step.h"

enum {
	CANCEL_TIME = 500000, /* microseconds: how long a cancelled batch may still answer, */
	CANCELS = 4, /* each of so many times: one that arrives before the statement has begun is lost */
	CANCEL_LOOK = 2000,   /* between two looks whether the cancelling has arrived */
	RETRY_FIRST = 100000, /* pause before a batch is run again */
	RETRY_LAST = 2000000,
	RETRIES = 100 /* where no deadline ends them: some two minutes */
};

static const char too_late[] = "the time for this is over";

/*
 * Where a submitted batch is. RUN_SETTLES: its outcome is known, but the request
 * to cancel it is still on its way and would hit the next one.
 */
enum run_state { RUN_NONE, RUN_SENT, RUN_PAUSED, RUN_SETTLES, RUN_ENDED };

/*
 * Invariants: the link is up in RUN_SENT, RUN_PAUSED and RUN_SETTLES. `exchange`
 * is in use exactly in RUN_SENT. `batch` is NULL exactly in RUN_NONE.
 */
struct conn {
	struct link link;
	bool read_only;

	struct batch *batch;
	enum run_state run;
	struct exchange exchange;
	int64_t deadline; /* of the run; once cancelled: of the answer to that */
	int64_t resume;   /* of RUN_PAUSED and RUN_SETTLES */
	int retries;
	struct backoff pause;
	bool unconfirmed; /* of the last batch; see conn_unconfirmed() */
	bool cancelled;
	int cancels; /* requests to stop, of the present one */
	struct cancel *cancel;
	struct err outcome;
};

struct conn *conn_new(const struct conn_options *options) {
	struct conn *c = mem_new(1, sizeof *c);

	link_init(&c->link, options);
	c->read_only = options->read_only;
	c->exchange.server_minus = TIME_NONE;
	backoff_init(&c->pause, RETRY_FIRST, RETRY_LAST);
	return c;
}

void conn_free(struct conn *c) {
	if (c == NULL) {
		return;
	}
	exchange_release(&c->exchange);
	link_release(&c->link);
	cancel_free(c->cancel);
	err_release(&c->outcome);
	free(c);
}

static void end_run(struct conn *c, struct err *why) {
	c->run = RUN_ENDED;
	if (why->code != ERR_NONE) {
		err_move(&c->outcome, why);
	}
}

static void settle(struct conn *c, struct err *why) {
	end_run(c, why);
	if (!cancel_arrived(c->cancel)) {
		c->run = RUN_SETTLES;
		c->resume = clock_steady() + CANCEL_LOOK;
	}
}

static bool is_writing(const struct conn *c) {
	return c->batch->mode == BATCH_WRITE || c->batch->mode == BATCH_ALONE;
}

/* It is committed, but the synchronous standby may not have it. */
static void tell_unconfirmed(struct conn *c, struct err *err) {
	c->unconfirmed = true;
	err_set(err, ERR_OUTCOME_UNKNOWN,
	    "committed on %s, but not confirmed by the synchronous standby, so that it may be lost with this "
	    "server: %s",
	    conn_server(c), c->link.warning);
}

/* The connection is of no use any more. A running batch ends: nothing of it can
 * ever be applied unless all of it has left for the server. */
static void lose(struct conn *c, const char *why) {
	bool unknown = c->run == RUN_SENT && is_writing(c) && exchange_may_commit(&c->exchange);
	struct err outcome = {0};

	exchange_release(&c->exchange);
	link_lose(&c->link, why);
	if (unknown && c->link.warning != NULL) {
		tell_unconfirmed(c, &outcome);
	} else if (c->run != RUN_SETTLES) {
		err_set(&outcome,
		    unknown        ? ERR_OUTCOME_UNKNOWN
		    : c->cancelled ? ERR_TIMEOUT
				   : ERR_UNAVAILABLE,
		    "%s", c->link.trouble.message);
	}
	end_run(c, &outcome);
}

static void pause_or_end(struct conn *c, struct err *err) {
	if (c->exchange.retry && c->cancelled) {
		err_set(err, ERR_TIMEOUT, "%s", too_late);
	}
	if (!c->exchange.retry || c->cancelled || (c->deadline == TIME_NONE && c->retries == RETRIES)) {
		settle(c, err);
		return;
	}
	c->retries++;
	c->run = RUN_PAUSED;
	c->resume = clock_steady() + backoff_next(&c->pause);
}

/* Where only a server that takes changes will do, one that no longer does is lost. */
static void mind_changes(struct conn *c) {
	const char *why = link_read_only(&c->link);

	link_mind_changes(&c->link);
	if (!c->link.needs_changes || c->run == RUN_PAUSED || c->run == RUN_SENT) {
		return;
	}
	if (why == NULL && c->outcome.code == ERR_READ_ONLY && !c->read_only) {
		why = c->outcome.message;
	}
	if (why != NULL) {
		link_refuse(&c->link, why);
		c->run = c->run == RUN_SETTLES ? RUN_ENDED : c->run;
	}
}

static void continue_batch(struct conn *c) {
	struct err err = {0};

	switch (exchange_step(&c->exchange, c->link.pg, &err)) {
	case EXCHANGE_LOST:
		lose(c, err.message);
		break;
	case EXCHANGE_DONE:
		if (err.code == ERR_NONE && c->link.warning != NULL && is_writing(c)) {
			tell_unconfirmed(c, &err);
		}
		if (c->cancelled && err.code == ERR_TIMEOUT) {
			free(err.message);
			err.message = mem_text(too_late);
		}
		pause_or_end(c, &err);
		mind_changes(c);
		break;
	case EXCHANGE_GOES_ON:
		break;
	}
	err_release(&err);
}

static void send_batch(struct conn *c) {
	free(c->link.warning);
	c->link.warning = NULL;
	c->run = RUN_SENT;
	if (!exchange_start(&c->exchange, c->link.pg, c->batch, c->read_only, c->link.confirms)) {
		lose(c, NULL);
	}
}

static void ask_to_stop(struct conn *c) {
	cancel_free(c->cancel);
	c->cancel = cancel_send(c->link.pg);
	c->cancels++;
}

static void past_deadline(struct conn *c) {
	if (!c->cancelled) {
		conn_cancel(c);
		return;
	}
	if (c->run != RUN_SENT || c->cancels == CANCELS) {
		lose(c, "the server did not answer in time");
		return;
	}
	c->deadline = clock_steady() + CANCEL_TIME;
	if (cancel_arrived(c->cancel)) {
		ask_to_stop(c);
	} else {
		c->cancels++;
	}
}

/* Between two tries the link is idle, and may end as an idle one does. */
static void hear_waiting(struct conn *c, short revents) {
	struct err why = {0};

	link_step(&c->link, revents);
	if (c->link.state != LINK_UP) {
		if (c->run == RUN_PAUSED) {
			err_set(&why, ERR_UNAVAILABLE, "%s", c->link.trouble.message);
		}
		end_run(c, &why);
	}
}

static bool is_busy(const struct conn *c) {
	return c->run == RUN_SENT || c->run == RUN_PAUSED || c->run == RUN_SETTLES;
}

static void step_busy(struct conn *c, short revents) {
	if (c->run == RUN_SENT && revents != 0) {
		continue_batch(c);
	} else if (revents != 0) {
		hear_waiting(c, revents);
	}
	/* What came unasked may be the end of the connection, which takes a second look. */
	if (c->run == RUN_PAUSED && revents == 0 && clock_passed(c->resume)) {
		send_batch(c);
	}
	if (c->run == RUN_SETTLES && clock_passed(c->resume)) {
		settle(c, &(struct err){0});
	}
	if (is_busy(c) && clock_passed(c->deadline)) {
		past_deadline(c);
	}
}

void conn_step(struct conn *c, short revents) {
	if (is_busy(c)) {
		step_busy(c, revents);
	} else {
		link_step(&c->link, revents);
	}
	link_hear(&c->link);
}

int conn_fd(const struct conn *c) {
	return c->link.pg == NULL ? -1 : PQsocket(c->link.pg);
}

short conn_events(const struct conn *c) {
	return c->run == RUN_SENT ? exchange_events(&c->exchange) : link_events(&c->link);
}

int64_t conn_deadline(const struct conn *c) {
	if (!is_busy(c)) {
		return c->link.deadline;
	}
	if (c->run != RUN_SENT && (c->deadline == TIME_NONE || c->resume < c->deadline)) {
		return c->resume;
	}
	return c->deadline;
}

enum conn_state conn_state(const struct conn *c) {
	switch (c->link.state) {
	case LINK_CONNECTING:
	case LINK_GREETING:
		return CONN_CONNECTING;
	case LINK_UP:
		return is_busy(c) ? CONN_BUSY : CONN_READY;
	case LINK_DOWN:
		break;
	}
	return CONN_DOWN;
}

const struct err *conn_trouble(const struct conn *c) {
	return &c->link.trouble;
}

static const char *text_of(const char *text) {
	return text == NULL ? "" : text;
}

const char *conn_user(const struct conn *c) {
	return text_of(c->link.user);
}

const char *conn_database(const struct conn *c) {
	return text_of(c->link.database);
}

const char *conn_server(const struct conn *c) {
	return text_of(c->link.server);
}

struct server_process conn_process(const struct conn *c) {
	return c->link.process;
}

bool conn_is_direct(const struct conn *c) {
	return c->link.direct;
}

struct server_history conn_history(const struct conn *c) {
	return c->link.history;
}

bool history_continues(struct server_history earlier, struct server_history later) {
	return earlier.timeline > 0 && earlier.system == later.system && earlier.timeline == later.timeline &&
	       earlier.place <= later.place;
}

bool conn_has_others(const struct conn *c) {
	return c->link.knows_hosts && c->link.wants_primary;
}

bool conn_need_changes(struct conn *c, bool need) {
	bool needed = c->link.needs_changes;

	c->link.needs_changes = need;
	if (need && c->link.state == LINK_UP && c->run == RUN_NONE) {
		mind_changes(c);
	}
	return needed;
}

void conn_leave(struct conn *c, const char *why) {
	assert(conn_state(c) == CONN_READY && c->run == RUN_NONE);
	link_lose(&c->link, why);
}

const char *conn_read_only(const struct conn *c) {
	return c->link.state == LINK_UP ? link_read_only(&c->link) : NULL;
}

bool conn_unconfirmed(const struct conn *c) {
	return c->unconfirmed;
}

int64_t conn_now(const struct conn *c) {
	return exchange_now(&c->exchange);
}

bool conn_heard(struct conn *c) {
	bool heard = c->link.heard;

	c->link.heard = false;
	return heard;
}

void conn_submit(struct conn *c, struct batch *b, int64_t deadline) {
	assert(conn_state(c) == CONN_READY && c->run == RUN_NONE && batch_steps(b) > 0);
	cancel_free(c->cancel);
	c->cancel = NULL;
	c->cancelled = false;
	c->unconfirmed = false;
	c->batch = b;
	c->deadline = deadline;
	c->retries = 0;
	backoff_reset(&c->pause);
	send_batch(c);
}

bool conn_done(const struct conn *c) {
	return c->run == RUN_ENDED;
}

bool conn_take(struct conn *c, struct err *err) {
	bool ok = c->outcome.code == ERR_NONE;

	assert(c->run == RUN_ENDED);
	c->run = RUN_NONE;
	c->batch = NULL;
	if (!ok) {
		err_move(err, &c->outcome);
	}
	return ok;
}

void conn_cancel(struct conn *c) {
	if (c->cancelled || (c->run != RUN_SENT && c->run != RUN_PAUSED)) {
		return;
	}
	c->cancelled = true;
	if (c->run == RUN_PAUSED) {
		err_set(&c->outcome, ERR_TIMEOUT, "%s", too_late);
		c->run = RUN_ENDED;
		return;
	}
	c->deadline = clock_steady() + CANCEL_TIME;
	c->cancels = 0;
	ask_to_stop(c);
}
