#include "db/conn/conn.h"

#include <assert.h>
#include <stdlib.h>

#include "db/conn/session.h"
#include "db/base/mem.h"
#include "db/conn/run.h"

struct conn {
	struct session session;
	struct request request;
};

struct conn *conn_new(const struct conn_options *options) {
	struct conn *c = mem_new(1, sizeof *c);

	session_init(&c->session, options);
	request_init(&c->request, &c->session, options->read_only);
	return c;
}

void conn_free(struct conn *c) {
	if (c == NULL) {
		return;
	}
	request_release(&c->request);
	session_release(&c->session);
	free(c);
}

void conn_step(struct conn *c, short revents) {
	if (request_is_busy(&c->request)) {
		request_step(&c->request, revents);
	} else {
		session_step(&c->session, revents);
	}
	session_hear(&c->session);
}

int conn_fd(const struct conn *c) {
	return c->session.pg == NULL ? -1 : PQsocket(c->session.pg);
}

short conn_events(const struct conn *c) {
	return request_is_busy(&c->request) ? request_events(&c->request) : session_events(&c->session);
}

int64_t conn_deadline(const struct conn *c) {
	return request_is_busy(&c->request) ? request_deadline(&c->request) : c->session.deadline;
}

enum conn_state conn_state(const struct conn *c) {
	switch (c->session.state) {
	case SESSION_CONNECTING:
	case SESSION_GREETING:
		return c->request.run == RUN_CHECKS ? CONN_BUSY : CONN_CONNECTING;
	case SESSION_UP:
		return request_is_busy(&c->request) ? CONN_BUSY : CONN_READY;
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

bool conn_has_others(const struct conn *c) {
	return c->session.knows_hosts && c->session.wants_primary;
}

bool conn_need_changes(struct conn *c, bool need) {
	bool needed = c->session.needs_changes;

	c->session.needs_changes = need;
	if (need && c->session.state == SESSION_UP && c->request.run == RUN_NONE) {
		request_mind_changes(&c->request);
	}
	return needed;
}

void conn_leave(struct conn *c, const char *why) {
	assert(conn_state(c) == CONN_READY && c->request.run == RUN_NONE);
	session_lose(&c->session, why);
}

const char *conn_read_only(const struct conn *c) {
	return c->session.state == SESSION_UP ? session_read_only(&c->session) : NULL;
}

bool conn_unconfirmed(const struct conn *c) {
	return c->request.unconfirmed;
}

int64_t conn_now(const struct conn *c) {
	return pipeline_now(&c->request.exchange);
}

bool conn_heard(struct conn *c) {
	bool heard = c->session.heard;

	c->session.heard = false;
	return heard;
}

void conn_submit(struct conn *c, struct batch *b, int64_t deadline) {
	assert(conn_state(c) == CONN_READY && c->request.run == RUN_NONE && batch_steps(b) > 0);
	request_start(&c->request, b, deadline);
}

bool conn_done(const struct conn *c) {
	return c->request.run == RUN_ENDED;
}

bool conn_take(struct conn *c, struct err *err) {
	return request_take(&c->request, err);
}

void conn_cancel(struct conn *c) {
	request_cancel(&c->request);
}
