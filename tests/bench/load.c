#include "tests/bench/load.h"

#include <assert.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "tests/bench/stage.h"

enum { MOST_ROUNDS = 64 };

struct client {
	struct conn *conn;
	struct batch *batch; /* in flight, or NULL */
};

struct load {
	struct client *clients;
	struct pollfd *fds;
	size_t count;
};

/* A running slice. */
struct progress {
	const struct work *work;
	int64_t end; /* no request is started after it, or TIME_NONE */
	size_t left; /* requests to start */
	size_t under_way;
	size_t done;
};

static void wait_and_step(struct load *l) {
	int64_t deadline = TIME_NONE;

	for (size_t i = 0; i < l->count; i++) {
		const struct conn *c = l->clients[i].conn;
		int64_t due = conn_deadline(c);

		l->fds[i] = (struct pollfd){.fd = conn_fd(c), .events = conn_events(c)};
		if (due != TIME_NONE && (deadline == TIME_NONE || due < deadline)) {
			deadline = due;
		}
	}
	(void)poll(l->fds, l->count, clock_poll(deadline));
	for (size_t i = 0; i < l->count; i++) {
		struct conn *c = l->clients[i].conn;

		if (l->fds[i].revents != 0 || conn_deadline(c) != TIME_NONE) {
			conn_step(c, l->fds[i].revents);
		}
	}
}

static bool all_ready(const struct load *l) {
	for (size_t i = 0; i < l->count; i++) {
		const struct err *trouble = conn_trouble(l->clients[i].conn);

		if (trouble->code != ERR_NONE) {
			stage_die("a client cannot connect", trouble);
		}
		if (conn_state(l->clients[i].conn) != CONN_READY) {
			return false;
		}
	}
	return true;
}

struct load *load_new(const struct stage *stage, size_t clients) {
	struct load *l = mem_new(1, sizeof *l);
	struct conn_options options = stage_options(stage);

	l->count = clients;
	l->clients = mem_new(clients, sizeof *l->clients);
	l->fds = mem_new(clients, sizeof *l->fds);
	for (size_t i = 0; i < clients; i++) {
		l->clients[i].conn = conn_new(&options);
	}
	while (!all_ready(l)) {
		wait_and_step(l);
	}
	return l;
}

void load_free(struct load *l) {
	for (size_t i = 0; i < l->count; i++) {
		conn_free(l->clients[i].conn);
		batch_free(l->clients[i].batch);
	}
	free(l->clients);
	free(l->fds);
	free(l);
}

static void take(struct client *client, struct progress *p) {
	struct err err = {0};

	if (!conn_take(client->conn, &err)) {
		stage_die("a request failed", &err);
	}
	batch_free(client->batch);
	client->batch = NULL;
	p->under_way--;
	p->done++;
}

static void begin(struct client *client, struct progress *p) {
	client->batch = batch_new(BATCH_WRITE);
	p->work->add(client->batch, p->work->context);
	conn_submit(client->conn, client->batch, TIME_NONE);
	p->left--;
	p->under_way++;
}

static void serve(struct load *l, struct progress *p) {
	if (p->end != TIME_NONE && clock_steady() >= p->end) {
		p->left = 0;
	}
	for (size_t i = 0; i < l->count; i++) {
		struct client *client = &l->clients[i];

		if (client->batch != NULL && conn_done(client->conn)) {
			take(client, p);
		}
		if (client->batch == NULL && p->left > 0) {
			begin(client, p);
		}
	}
}

double load_run(struct load *l, const struct work *work, const struct slice *slice) {
	struct progress p = {.work = work, .end = TIME_NONE, .left = slice->requests};
	int64_t start;

	if (work->reset != NULL) {
		work->reset(work->context);
	}
	start = clock_steady();
	if (slice->requests == 0) {
		p.left = SIZE_MAX;
		p.end = start + slice->span;
	}
	serve(l, &p);
	while (p.under_way > 0) {
		wait_and_step(l);
		serve(l, &p);
	}
	return (double)p.done * (double)TIME_SECOND / (double)(clock_steady() - start);
}

static int compare(const void *a, const void *b) {
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

double median(double *numbers, size_t n) {
	qsort(numbers, n, sizeof *numbers, compare);
	return n % 2 == 1 ? numbers[n / 2] : (numbers[n / 2 - 1] + numbers[n / 2]) / 2;
}

struct outcome load_compare(
    struct load *l, const struct work *thing, const struct work *baseline, const struct slice *slice) {
	double things[MOST_ROUNDS];
	double baselines[MOST_ROUNDS];
	double ratios[MOST_ROUNDS];
	struct outcome o;
	struct slice other = *slice;
	size_t n = (size_t)slice->rounds;

	assert(n > 0 && n <= MOST_ROUNDS);
	if (slice->baseline_requests > 0) {
		other.requests = slice->baseline_requests;
	}
	(void)load_run(l, thing, slice);
	(void)load_run(l, baseline, &other);
	for (size_t i = 0; i < n; i++) {
		things[i] = load_run(l, thing, slice);
		baselines[i] = load_run(l, baseline, &other);
		ratios[i] = things[i] / baselines[i];
	}
	o.ratio = median(ratios, n);
	o.low = ratios[0];
	o.high = ratios[n - 1];
	o.thing = median(things, n);
	o.baseline = median(baselines, n);
	return o;
}
