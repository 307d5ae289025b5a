#include "ui/console/upstream.h"

#include <poll.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/gather.h"
#include "db/conn/conn.h"
#include "ui/config/config.h"
#include "ui/console/app/app.h"
#include "ui/console/app/reads.h"
#include "ui/console/destination.h"
#include "ui/verbs/parse/connection.h"

enum { PAIR_FDS = 2 };

/* How long the others wait for a database of a fleet that is not connected, or that does not answer. */
#define PATIENCE TIME_SECOND
#define ANSWER (3 * TIME_SECOND)

void upstream_open(struct upstream *s, struct conn *primary, const struct conn_options *standby) {
	*s = (struct upstream){0};
	pair_init(&s->pair, primary, standby);
}

void upstream_open_fleet(struct upstream *s, const struct config *config) {
	const size_t count = config->fleet_count;

	*s = (struct upstream){.many = {.parts = mem_new(count, sizeof *s->many.parts), .count = count},
	    .connects = mem_new(count, sizeof *s->connects),
	    .names = mem_new(count, sizeof *s->names),
	    .troubles = mem_new(count, sizeof *s->troubles),
	    .copies = mem_new(count, sizeof(struct batch *))};
	for (size_t i = 0; i < count; i++) {
		const struct profile *profile = &config->profiles[config->fleet[i]];

		s->names[i] = profile->name;
		connect_to_member(&s->connects[i], profile, NULL);
		s->many.parts[i].conn = conn_new(&s->connects[i].options);
	}
}

/* Forgets the batch of a fleet and its answers. */
static void forget(struct upstream *s) {
	for (size_t i = 0; i < s->many.count; i++) {
		batch_free(s->many.parts[i].batch);
		s->many.parts[i].batch = NULL;
	}
	s->asked = NULL;
}

void upstream_close(struct upstream *s) {
	for (size_t i = 0; i < s->many.count; i++) {
		conn_free(s->many.parts[i].conn);
		err_release(&s->many.parts[i].err);
		connect_release(&s->connects[i]);
	}
	forget(s);
	free(s->many.parts);
	free(s->connects);
	free(s->names);
	free(s->troubles);
	free(s->copies);
	pair_release(&s->pair);
	*s = (struct upstream){0};
}

bool upstream_is_fleet(const struct upstream *s) {
	return s->many.count > 0;
}

bool upstream_is_ready(const struct upstream *s, enum pair_use use) {
	return upstream_is_fleet(s) ? use == PAIR_READS : pair_is_ready(&s->pair, use);
}

static void submit_to_all(struct upstream *s, struct batch *b, int64_t deadline) {
	const int64_t now = clock_steady();

	forget(s);
	s->asked = b;
	for (size_t i = 0; i < s->many.count; i++) {
		s->many.parts[i].batch = batch_copy(b);
	}
	many_start(&s->many, now + PATIENCE, clock_sooner(deadline, now + ANSWER));
}

void upstream_submit(struct upstream *s, struct batch *b, enum pair_use use, int64_t deadline) {
	if (upstream_is_fleet(s)) {
		submit_to_all(s, b, deadline);
	} else {
		pair_submit(&s->pair, b, use, deadline);
	}
}

bool upstream_done(const struct upstream *s) {
	return upstream_is_fleet(s) ? s->asked != NULL && many_done(&s->many) : pair_done(&s->pair);
}

/* Puts the answers of all databases into the batch; that of one which has none is its trouble. */
static void gather(struct upstream *s) {
	for (size_t i = 0; i < s->many.count; i++) {
		const struct many_part *part = &s->many.parts[i];

		s->copies[i] = part->ok ? part->batch : NULL;
		s->troubles[i] = part->ok ? NULL : part->err.message;
	}
	batch_gather(s->asked, s->copies, s->many.count);
	s->asked = NULL;
}

bool upstream_take(struct upstream *s, struct err *err) {
	if (!upstream_is_fleet(s)) {
		return pair_take(&s->pair, err);
	}
	gather(s);
	return true;
}

void upstream_cancel(struct upstream *s) {
	for (size_t i = 0; i < s->many.count; i++) {
		if (s->many.parts[i].sent) {
			conn_cancel(s->many.parts[i].conn);
		}
	}
	pair_cancel(&s->pair);
}

int64_t upstream_now(const struct upstream *s) {
	return upstream_is_fleet(s) ? conn_now(s->many.parts[0].conn) : pair_now(&s->pair);
}

int64_t upstream_deadline(const struct upstream *s) {
	return upstream_is_fleet(s) ? many_deadline(&s->many) : pair_deadline(&s->pair);
}

size_t upstream_fds(const struct upstream *s) {
	return upstream_is_fleet(s) ? s->many.count : PAIR_FDS;
}

static struct pollfd poll_of(const struct conn *conn) {
	if (conn == NULL) {
		return (struct pollfd){.fd = -1};
	}
	return (struct pollfd){.fd = conn_fd(conn), .events = conn_events(conn)};
}

void upstream_poll(const struct upstream *s, struct pollfd *fds) {
	if (upstream_is_fleet(s)) {
		many_poll(&s->many, fds);
	} else {
		fds[0] = poll_of(s->pair.primary);
		fds[1] = poll_of(s->pair.standby);
	}
}

void upstream_step(struct upstream *s, const struct pollfd *fds) {
	if (upstream_is_fleet(s)) {
		many_step(&s->many, fds);
	} else {
		pair_step(&s->pair, fds[0].revents, fds[1].revents);
	}
}

void upstream_wait(struct upstream *s, int64_t until) {
	const size_t count = upstream_fds(s);
	struct pollfd *fds = mem_new(count, sizeof *fds);

	upstream_poll(s, fds);
	(void)poll(fds, (nfds_t)count, clock_poll(clock_sooner(until, upstream_deadline(s))));
	upstream_step(s, fds);
	free(fds);
}

bool upstream_watch(const struct upstream *s, struct app *app, struct err *err) {
	if (!upstream_is_fleet(s)) {
		bool ok = destination_watch(&s->pair, &app->link, err);

		reads_tell(app);
		return ok;
	}
	app->link.up = true;
	return true;
}
