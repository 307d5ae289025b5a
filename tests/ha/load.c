/*
 * Clients of a cluster that fails over:  load CONNECTION CLIENTS POOL
 *
 * Each allocates one value after the other, asks for the release of every fourth, and repeats a request under
 * its id until it is answered. A line of standard output tells each answer; times are microseconds since
 * 1970.
 *
 *     lease TIME ID VALUE      the value was given
 *     release TIME ID COMMAND  the release of lease ID was accepted
 *     again TIME ERROR         the request is repeated
 *     refused TIME ERROR TEXT  the answer is a refusal, which ends the program with 1
 *
 * SIGTERM ends it with 0 once the requests under way are answered.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "tests/lib/client.h"

#define PATIENCE (5 * TIME_SECOND)
enum { RELEASED = 4, WAIT_MS = 200 };

struct client {
	struct conn *conn;
	const char *pool;
	struct batch *batch; /* NULL: no request is under way */
	struct id lease;     /* of the request under way, or of the next repeat; nil: a new one */
	struct id command;   /* nil: an allocation */
	uint64_t given;
};

static volatile sig_atomic_t ends;

static void end(int signal) {
	(void)signal;
	ends = 1;
}

static struct batch *request(struct client *c) {
	struct batch *b = batch_new(BATCH_WRITE);

	if (id_is_nil(c->command)) {
		struct allocate ask = client_ask(c->pool, c->lease);

		ask.holder = "load";
		lease_allocate_add(b, &ask);
	} else {
		struct target target = {.kind = TARGET_LEASE, .id = c->lease};
		struct queue_request release = {.id = c->command,
		    .action = QUEUE_RELEASE,
		    .targets = &target,
		    .count = 1,
		    .grace = -1,
		    .until = TIME_NONE,
		    .detail = "{}"};

		queue_add(b, &release);
	}
	return b;
}

static bool is_lost(enum err_code code) {
	return code == ERR_UNAVAILABLE || code == ERR_OUTCOME_UNKNOWN || code == ERR_TIMEOUT ||
	       code == ERR_READ_ONLY;
}

static void tell_lease(const struct client *c) {
	struct buf value = {0};
	char id[ID_TEXT];

	lease_value(batch_row(c->batch, 0, 0), &value);
	(void)printf("lease %" PRId64 " %s %s\n", clock_now(), id_text(c->lease, id), buf_text(&value));
	buf_release(&value);
}

static void tell_release(const struct client *c) {
	char id[ID_TEXT];
	char command[ID_TEXT];

	(void)printf(
	    "release %" PRId64 " %s %s\n", clock_now(), id_text(c->lease, id), id_text(c->command, command));
}

/* Chooses what comes after an answer. */
static void go_on(struct client *c) {
	if (id_is_nil(c->command) && ++c->given % RELEASED == 0) {
		c->command = id_new();
	} else {
		c->lease = c->command = (struct id){{0}};
	}
}

/* Returns false for a refusal. */
static bool take(struct client *c) {
	struct err err = {0};
	bool ok = conn_take(c->conn, &err);
	bool lost = !ok && is_lost(err.code);

	if (ok) {
		(id_is_nil(c->command) ? tell_lease : tell_release)(c);
		go_on(c);
	} else {
		(void)printf("%s %" PRId64 " %s %s\n", lost ? "again" : "refused", clock_now(),
		    err_name(err.code), err.message);
	}
	err_release(&err);
	batch_free(c->batch);
	c->batch = NULL;
	return ok || lost;
}

/* Returns false when it is done. */
static bool submit(struct client *c) {
	if (id_is_nil(c->lease)) {
		if (ends) {
			return false;
		}
		c->lease = id_new();
	}
	if (conn_state(c->conn) == CONN_READY) {
		c->batch = request(c);
		conn_submit(c->conn, c->batch, clock_steady() + PATIENCE);
	}
	return true;
}

static int run(struct client *clients, struct conn **conns, size_t count) {
	size_t busy = count;

	while (busy > 0) {
		client_step(conns, count, WAIT_MS);
		busy = 0;
		for (size_t i = 0; i < count; i++) {
			struct client *c = &clients[i];

			if (c->batch != NULL && conn_done(c->conn) && !take(c)) {
				return EXIT_FAILURE;
			}
			busy += c->batch != NULL || submit(c) ? 1 : 0;
		}
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
	size_t count = argc == 4 ? (size_t)strtoul(argv[2], NULL, 10) : 0;
	struct client *clients = mem_new(count + 1, sizeof *clients);
	struct conn **conns = mem_new(count + 1, sizeof(struct conn *));
	const char *const keywords[] = {"dbname", NULL};
	const char *const values[] = {argv[1], NULL};
	const struct conn_options options = {.keywords = keywords, .values = values};
	int code;

	if (count == 0) {
		(void)fprintf(stderr, "usage: load CONNECTION CLIENTS POOL\n");
		return 2;
	}
	(void)signal(SIGTERM, end);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < count; i++) {
		conns[i] = conn_new(&options);
		clients[i] = (struct client){.conn = conns[i], .pool = argv[3]};
	}
	code = run(clients, conns, count);
	for (size_t i = 0; i < count; i++) {
		batch_free(clients[i].batch);
		conn_free(conns[i]);
	}
	free(clients);
	free(conns);
	return code;
}
