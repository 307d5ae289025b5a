#include <libpq-fe.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { WARM_UP = 10, TIMES = 100, PATIENCE = 1000 };

/* The steps from sending a release until its outcome can be read, as a worker and a client take them. Each is
 * a statement of its own here, so that it has a time of its own; the program sends a call and its commit
 * together. */
enum step { QUEUE, QUEUE_COMMIT, NOTIFY, APPLY, APPLY_COMMIT, SEE, STEPS };

/* The sum of what is wanted is the 4 ms of queue_p50_ms. */
static const struct {
	const char *name;
	double wanted; /* microseconds */
} steps[STEPS] = {
    [QUEUE] = {"chain_queue", 1200},
    [QUEUE_COMMIT] = {"chain_queued", 700},
    [NOTIFY] = {"chain_notify", 200},
    [APPLY] = {"chain_apply", 1000},
    [APPLY_COMMIT] = {"chain_applied", 700},
    [SEE] = {"chain_see", 200},
};

struct chain {
	PGconn *client;
	PGconn *worker;
	double taken[STEPS][TIMES];
};

/* Runs a statement, and returns its microseconds. */
static double time_of(PGconn *pg, const char *sql, ExecStatusType status) {
	int64_t began = clock_steady();

	stage_expect(pg, sql, status);
	return (double)(clock_steady() - began);
}

/* Waits for a notification, and returns the microseconds. */
static double wait_for_notice(PGconn *pg) {
	int64_t began = clock_steady();
	PGnotify *notice;

	while ((notice = PQnotifies(pg)) == NULL) {
		struct pollfd fd = {.fd = PQsocket(pg), .events = POLLIN};

		if (poll(&fd, 1, PATIENCE) != 1 || PQconsumeInput(pg) != 1) {
			(void)fprintf(stderr, "bench: a release has not notified the worker\n");
			exit(1);
		}
	}
	PQfreemem(notice);
	return (double)(clock_steady() - began);
}

static void drop_notices(PGconn *pg) {
	PGnotify *notice;

	(void)PQconsumeInput(pg);
	while ((notice = PQnotifies(pg)) != NULL) {
		PQfreemem(notice);
	}
}

static void release_once(
    struct stage *s, const struct stage_pool *pool, struct chain *c, double taken[STEPS]) {
	char lease[ID_TEXT];
	char command[ID_TEXT];
	char sql[400];

	id_text(stage_allocate(s, pool, NULL, 1), lease);
	id_text(id_new(), command);
	drop_notices(c->worker);
	stage_expect(c->client, "begin", PGRES_COMMAND_OK);
	(void)snprintf(sql, sizeof sql,
	    "select * from berth.queue('%s', 'release', '[{\"kind\": \"lease\", \"id\": \"%s\"}]', '', 0, "
	    "null, "
	    "null, null, false, '{}')",
	    command, lease);
	taken[QUEUE] = time_of(c->client, sql, PGRES_TUPLES_OK);
	taken[QUEUE_COMMIT] = time_of(c->client, "commit", PGRES_COMMAND_OK);
	taken[NOTIFY] = wait_for_notice(c->worker);
	stage_expect(c->worker, "begin", PGRES_COMMAND_OK);
	taken[APPLY] = time_of(c->worker, "select berth.apply('chain', 500)", PGRES_TUPLES_OK);
	taken[APPLY_COMMIT] = time_of(c->worker, "commit", PGRES_COMMAND_OK);
	(void)snprintf(sql, sizeof sql,
	    "select 1 / (outcome = 'applied')::int from berth.command where id = '%s'", command);
	taken[SEE] = time_of(c->client, sql, PGRES_TUPLES_OK);
}

void measure_chain(struct report *r) {
	struct stage *s = stage_new();
	struct stage_pool pool = stage_pool_new(s, "chain", "number", "0-1048575");
	struct chain c = {.client = stage_connect(s), .worker = stage_connect(s)};
	double sum = 0;

	stage_expect(c.worker, "listen berth", PGRES_COMMAND_OK);
	stage_expect(c.worker, "select berth.worker_start('chain', 'bench', 1, 3600000000, false, now())",
	    PGRES_TUPLES_OK);
	for (int i = -WARM_UP; i < TIMES; i++) {
		double taken[STEPS];

		release_once(s, &pool, &c, taken);
		for (size_t step = 0; i >= 0 && step < STEPS; step++) {
			c.taken[step][i] = taken[step];
		}
	}
	for (size_t step = 0; step < STEPS; step++) {
		double us = median(c.taken[step], TIMES);

		sum += us;
		report_add(r, &(struct figure){steps[step].name, us, "us", NAN, NAN, steps[step].wanted,
				  WANTED_VALUE_MOST});
	}
	report_add(r, &(struct figure){"chain_ms", sum / 1000, "ms", NAN, NAN, 4, WANTED_VALUE_MOST});
	PQfinish(c.client);
	PQfinish(c.worker);
	stage_check(s);
	stage_free(s);
}
