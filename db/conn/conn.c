#include "db/conn/conn.h"

#include <assert.h>
#include <stdlib.h>

#include "db/conn/session.h"
#include "db/base/mem.h"
#include "db/conn/submission.h"

struct conn {
	struct session session;
	struct submission submission;
};

struct conn *conn_new(const struct conn_options *options) {
	struct conn *c = mem_new(1, sizeof *c);

	session_init(&c->session, options);
	submission_init(&c->submission, &c->session, options->read_only);
	return c;
}

void conn_free(struct conn *c) {
	if (c == NULL) {
		return;
	}
	submission_release(&c->submission);
	session_release(&c->session);
	free(c);
}

void conn_step(struct conn *c, short revents) {
	if (submission_is_busy(&c->submission)) {
		submission_step(&c->submission, revents);
	} else {
		session_step(&c->session, revents);
	}
	session_take_notifies(&c->session);
}

int conn_fd(const struct conn *c) {
	return c->session.pg == NULL ? -1 : PQsocket(c->session.pg);
}

short conn_events(const struct conn *c) {
	return submission_is_busy(&c->submission) ? submission_events(&c->submission)
						  : session_events(&c->session);
}

int64_t conn_deadline(const struct conn *c) {
	return submission_is_busy(&c->submission) ? submission_deadline(&c->submission) : c->session.deadline;
}

enum conn_state conn_state(const struct conn *c) {
	switch (c->session.state) {
	case SESSION_CONNECTING:
	case SESSION_GREETING:
		return c->submission.state == SUBMISSION_CHECKING ? CONN_BUSY : CONN_CONNECTING;
	case SESSION_UP:
		return submission_is_busy(&c->submission) ? CONN_BUSY : CONN_READY;
	case SESSION_DOWN:
		break;
	}
	return CONN_DOWN;
}

const struct err *conn_trouble(const struct conn *c) {
	return &c->session.trouble;
}

static const char *text_of(const char *text) {
	return text == NULL ? "" : text;
}

const char *conn_user(const struct conn *c) {
	return text_of(c->session.user);
}

const char *conn_database(const struct conn *c) {
	return text_of(c->session.database);
}

const char *conn_server(const struct conn *c) {
	return text_of(c->session.server);
}

struct server_process conn_process(const struct conn *c) {
	return c->session.process;
}

bool conn_is_direct(const struct conn *c) {
	return c->session.direct;
}

struct server_history conn_history(const struct conn *c) {
	return c->session.history;
}

bool history_continues(struct server_history earlier, struct server_history later) {
	return earlier.timeline > 0 && earlier.system == later.system && earlier.timeline == later.timeline &&
	       earlier.place <= later.place;
}

bool conn_has_other_hosts(const struct conn *c) {
	return c->session.knows_hosts && c->session.wants_primary;
}

bool conn_require_writable(struct conn *c, bool need) {
	bool needed = c->session.always_writable;

	c->session.always_writable = need;
	if (need && c->session.state == SESSION_UP && c->submission.state == SUBMISSION_NONE) {
		submission_check_writable(&c->submission);
	}
	return needed;
}

void conn_reconnect(struct conn *c, const char *why) {
	assert(conn_state(c) == CONN_READY && c->submission.state == SUBMISSION_NONE);
	session_lose(&c->session, why);
}

const char *conn_read_only(const struct conn *c) {
	return c->session.state == SESSION_UP ? session_read_only(&c->session) : NULL;
}

bool conn_is_standby(const struct conn *c) {
	return c->session.state == SESSION_UP && session_is_standby(&c->session);
}

int64_t conn_behind(const struct conn *c) {
	return c->session.behind;
}

int64_t conn_place(const struct conn *c) {
	return c->session.place;
}

bool conn_may_write(const struct conn *c) {
	return c->session.state != SESSION_UP || c->session.writes;
}

bool conn_unconfirmed(const struct conn *c) {
	return c->submission.unconfirmed;
}

int64_t conn_now(const struct conn *c) {
	return pipeline_now(&c->submission.pipeline);
}

bool conn_notified(struct conn *c) {
	bool notified = c->session.notified;

	c->session.notified = false;
	return notified;
}

void conn_submit(struct conn *c, struct batch *b, int64_t deadline) {
	assert(conn_state(c) == CONN_READY && c->submission.state == SUBMISSION_NONE && batch_steps(b) > 0);
	submission_start(&c->submission, b, deadline);
}

bool conn_done(const struct conn *c) {
	return c->submission.state == SUBMISSION_ENDED;
}

bool conn_take(struct conn *c, struct err *err) {
	return submission_take(&c->submission, err);
}

void conn_cancel(struct conn *c) {
	submission_cancel(&c->submission);
}
