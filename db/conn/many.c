#include "db/conn/many.h"

#include <poll.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/conn/conn.h"

static void end(struct many_part *part) {
	part->sent = false;
	part->ended = true;
}

/* Ends a part that has waited for its connection long enough, or whose try has failed. */
static void give_up(const struct many *m, struct many_part *part) {
	const struct err *trouble = conn_trouble(part->conn);
	bool failed = conn_state(part->conn) == CONN_DOWN && conn_deadline(part->conn) != part->first_try;

	if (!failed && !clock_passed(m->patience)) {
		return;
	}
	if (trouble->code != ERR_NONE) {
		(void)err_copy(&part->err, trouble);
	} else {
		(void)err_set(&part->err, ERR_UNAVAILABLE, "the server did not answer in time");
	}
	end(part);
}

/* Makes progress with a part that has not ended. */
static void go_on(const struct many *m, struct many_part *part) {
	if (part->ended) {
		return;
	}
	if (part->sent) {
		if (conn_done(part->conn)) {
			part->ok = conn_take(part->conn, &part->err);
			end(part);
		}
	} else if (conn_state(part->conn) == CONN_READY) {
		conn_submit(part->conn, part->batch, m->deadline);
		part->sent = true;
	} else {
		give_up(m, part);
	}
}

void many_start(struct many *m, int64_t patience, int64_t deadline) {
	m->patience = patience;
	m->deadline = deadline;
	for (size_t i = 0; i < m->count; i++) {
		struct many_part *part = &m->parts[i];

		err_release(&part->err);
		part->sent = part->ended = part->ok = false;
		part->first_try =
		    conn_state(part->conn) == CONN_DOWN && conn_trouble(part->conn)->code == ERR_NONE
			? conn_deadline(part->conn)
			: TIME_NONE;
		go_on(m, part);
	}
}

void many_poll(const struct many *m, struct pollfd *fds) {
	for (size_t i = 0; i < m->count; i++) {
		const struct conn *conn = m->parts[i].conn;

		fds[i] = (struct pollfd){.fd = conn_fd(conn), .events = conn_events(conn)};
	}
}

void many_step(struct many *m, const struct pollfd *fds) {
	for (size_t i = 0; i < m->count; i++) {
		conn_step(m->parts[i].conn, fds[i].revents);
		if (m->parts[i].batch != NULL) {
			go_on(m, &m->parts[i]);
		}
	}
}

int64_t many_deadline(const struct many *m) {
	int64_t deadline = TIME_NONE;

	for (size_t i = 0; i < m->count; i++) {
		const struct many_part *part = &m->parts[i];

		deadline = clock_sooner(deadline, conn_deadline(part->conn));
		if (part->batch != NULL && !part->ended && !part->sent) {
			deadline = clock_sooner(deadline, m->patience);
		}
	}
	return deadline;
}

bool many_done(const struct many *m) {
	for (size_t i = 0; i < m->count; i++) {
		if (!m->parts[i].ended) {
			return false;
		}
	}
	return true;
}

void many_run(struct many *m, int64_t deadline) {
	struct pollfd *fds = mem_new(m->count, sizeof *fds);

	many_start(m, deadline, deadline);
	while (!many_done(m)) {
		many_poll(m, fds);
		if (poll(fds, (nfds_t)m->count, clock_poll(many_deadline(m))) < 0) {
			for (size_t i = 0; i < m->count; i++) {
				fds[i].revents = 0;
			}
		}
		many_step(m, fds);
	}
	free(fds);
}
