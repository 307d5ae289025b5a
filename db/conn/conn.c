#include "db/conn/conn.h"

#include <assert.h>
#include <stdlib.h>

#include "db/conn/session.h"
#include "db/base/mem.h"
#include "db/conn/run.h"

struct conn {
	struct link link;
	struct request request;
};

struct conn *conn_new(const struct conn_options *options) {
	struct conn *c = mem_new(1, sizeof *c);

	link_init(&c->link, options);
	request_init(&c->request, &c->link, options->read_only);
	return c;
}

void conn_free(struct conn *c) {
	if (c == NULL) {
		return;
	}
	request_release(&c->request);
	link_release(&c->link);
	free(c);
}

void conn_step(struct conn *c, short revents) {
	if (request_is_busy(&c->request)) {
		request_step(&c->request, revents);
	} else {
		link_step(&c->link, revents);
	}
	link_hear(&c->link);
}

int conn_fd(const struct conn *c) {
	return c->link.pg == NULL ? -1 : PQsocket(c->link.pg);
}

short conn_events(const struct conn *c) {
	return request_is_busy(&c->request) ? request_events(&c->request) : link_events(&c->link);
}

int64_t conn_deadline(const struct conn *c) {
	return request_is_busy(&c->request) ? request_deadline(&c->request) : c->link.deadline;
}

enum conn_state conn_state(const struct conn *c) {
	switch (c->link.state) {
	case LINK_CONNECTING:
	case LINK_GREETING:
		return c->request.run == RUN_CHECKS ? CONN_BUSY : CONN_CONNECTING;
	case LINK_UP:
		return request_is_busy(&c->request) ? CONN_BUSY : CONN_READY;
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
	if (need && c->link.state == LINK_UP && c->request.run == RUN_NONE) {
		request_mind_changes(&c->request);
	}
	return needed;
}

void conn_leave(struct conn *c, const char *why) {
	assert(conn_state(c) == CONN_READY && c->request.run == RUN_NONE);
	link_lose(&c->link, why);
}

const char *conn_read_only(const struct conn *c) {
	return c->link.state == LINK_UP ? link_read_only(&c->link) : NULL;
}

bool conn_unconfirmed(const struct conn *c) {
	return c->request.unconfirmed;
}

int64_t conn_now(const struct conn *c) {
	return exchange_now(&c->request.exchange);
}

bool conn_heard(struct conn *c) {
	bool heard = c->link.heard;

	c->link.heard = false;
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
