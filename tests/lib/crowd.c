#include "tests/lib/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "tests/lib/client.h"

struct client {
	struct conn *conn;
	struct batch *batch;
	bool gone;
};

static int64_t sooner(int64_t a, int64_t b) {
	return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

static void wait_and_step(struct client *clients, size_t count, struct pollfd *fds, int64_t limit) {
	int64_t deadline = limit;

	for (size_t i = 0; i < count; i++) {
		struct conn *c = clients[i].conn;

		fds[i] = (struct pollfd){.fd = conn_fd(c), .events = conn_events(c)};
		deadline = sooner(deadline, conn_deadline(c));
	}
	if (clock_steady() >= limit) {
		fail_msg("the crowd hangs");
	}
	(void)poll(fds, count, clock_poll(deadline));
	for (size_t i = 0; i < count; i++) {
		conn_step(clients[i].conn, fds[i].revents);
	}
}

static void connect_all(struct client *clients, size_t count, struct pollfd *fds, int64_t limit) {
	size_t ready;

	do {
		wait_and_step(clients, count, fds, limit);
		ready = 0;
		for (size_t i = 0; i < count; i++) {
			ready += conn_state(clients[i].conn) == CONN_READY ? 1 : 0;
		}
	} while (ready < count);
}

static void serve(struct client *client, size_t i, const struct crowd *crowd, int64_t limit) {
	if (client->batch != NULL && conn_done(client->conn)) {
		struct err err = {0};
		bool ok = conn_take(client->conn, &err);

		assert_true(ok == (err.code == ERR_NONE));
		crowd->answer(crowd->data, i, client->batch, &err);
		err_release(&err);
		batch_free(client->batch);
		client->batch = NULL;
	}
	if (client->batch == NULL && !client->gone && conn_state(client->conn) == CONN_READY) {
		client->batch = crowd->next(crowd->data, i);
		client->gone = client->batch == NULL;
		if (!client->gone) {
			conn_submit(client->conn, client->batch, limit);
		}
	}
}

void crowd_run(const char *const *values, size_t count, const struct crowd *crowd) {
	struct client *clients = mem_new(count, sizeof *clients);
	struct pollfd *fds = mem_new(count, sizeof *fds);
	int64_t limit = client_patience();
	size_t gone = 0;

	for (size_t i = 0; i < count; i++) {
		clients[i].conn = client_new(values);
	}
	connect_all(clients, count, fds, limit);
	while (gone < count) {
		gone = 0;
		for (size_t i = 0; i < count; i++) {
			serve(&clients[i], i, crowd, limit);
			gone += clients[i].gone ? 1 : 0;
		}
		if (gone < count) {
			wait_and_step(clients, count, fds, limit);
		}
	}
	for (size_t i = 0; i < count; i++) {
		conn_free(clients[i].conn);
	}
	free(clients);
	free(fds);
}
