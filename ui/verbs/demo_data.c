#include "ui/verbs/demo_data.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "gen/queries.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "model/syntax/range.h"

enum { RANGES = 6, TAKEN = 64, PAUSE = 700 /* milliseconds */ };

struct sample {
	const char *name;
	enum kind kind;
	const char *ranges[RANGES];
	int64_t held;
	bool grows;
	int64_t waiting;     /* number of waiting leases */
	int64_t reuse_delay; /* seconds */
	const char *release_hook;
};

static const struct sample samples[] = {
    {"fra-edge-v4", KIND_IPV4, {"10.4.1.0/24"}, 256, false, .waiting = 2},
    {"fra-db-ports", KIND_NUMBER, {"31000-31511"}, 498, true},
    {"fra-lab-v6", KIND_IPV6, {"fd00:4::/120"}, 237, true, .release_hook = DEMO_HOOK},
    {"fra-k8s-nodes", KIND_HOST, {"node-01:16", "node-02:16", "node-03:16", "node-04:8"}, 48, false},
    {"fra-mgmt", KIND_IPV4, {"10.4.8.0/24", "10.4.10.0/24"}, 392, true},
    {"fra-voip", KIND_IPV4, {"10.4.16.0/22"}, 411, true, .reuse_delay = 120},
    {"fra-guest", KIND_IPV4, {"10.8.0.0/21"}, 156, true},
    {"fra-legacy", KIND_IPV4, {"10.4.250.0/26"}, 0, false},
    {"ham-vlans", KIND_NUMBER, {"100-4094"}, 700, true},
    {"ham-edge-v6", KIND_IPV6, {"2001:db8:4::/64"}, 120, true},
    {"osl-ci-slots", KIND_HOST, {"ci-a:24", "ci-b:24", "ci-c:12"}, 51, false},
    {"osl-serials", KIND_NUMBER, {"5000-9999", "20000-20999"}, 810, false},
};

const char demo_hook_text[] =
    "#!/bin/sh\n"
    "case $4 in *[05af]) echo \"the name server does not answer for $4\" >&2; exit 1 ;; esac\n";

enum { SAMPLES = sizeof samples / sizeof *samples };

/* The last one contains text that a console must make safe. */
static const char *const holders[] = {"ci-runner", "batch-nightly", "web-fe", "etl", "scheduler",
    "kube-system", "printer \x1b[31mred\xe2\x80\xae!\xe2\x80\xac"};

enum { HOLDERS = sizeof holders / sizeof *holders };

static unsigned roll(unsigned *seed, unsigned sides) {
	return (unsigned)rand_r(seed) % sides;
}

static struct id roll_id(unsigned *seed) {
	struct id id;

	for (size_t i = 0; i < sizeof id.bytes; i++) {
		id.bytes[i] = (unsigned char)roll(seed, 256);
	}
	return id;
}

static void add_pool(struct batch *b, const struct sample *sample, unsigned *seed) {
	struct range ranges[RANGES];
	struct pool_new pool = {.id = roll_id(seed),
	    .name = sample->name,
	    .kind = sample->kind,
	    .space = "global",
	    .warn = 80,
	    .crit = 90,
	    .reuse_delay = sample->reuse_delay * TIME_SECOND,
	    .release_hook = sample->release_hook,
	    .ranges = ranges};
	struct err err = {0};

	while (pool.count < RANGES && sample->ranges[pool.count] != NULL &&
	       range_parse(sample->ranges[pool.count], sample->kind, &ranges[pool.count], &err)) {
		pool.count++;
	}
	err_release(&err);
	pool_create_add(b, &pool, "{}");
}

static struct id add_leases(
    struct batch *b, const struct sample *sample, int64_t count, bool wait, unsigned *seed) {
	const int64_t day = INT64_C(86400) * TIME_SECOND;
	char holder[64];

	(void)snprintf(holder, sizeof holder, "%s-%02u", holders[roll(seed, HOLDERS)], roll(seed, 60));
	struct allocate ask = {
	    .id = roll_id(seed),
	    .pool = sample->name,
	    .holder = holder,
	    .until = TIME_NONE,
	    .duration = roll(seed, 3) == 0 ? (1 + (int64_t)roll(seed, 30)) * day : 0,
	    .count = count,
	    .wait = wait,
	    .detail = "{}",
	};
	lease_allocate_add(b, &ask);
	return ask.id;
}

static bool load_sample(struct conn *conn, const struct sample *sample, unsigned *seed, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);
	int64_t left = sample->held;
	bool ok;

	add_pool(b, sample, seed);
	while (left > 0) {
		int64_t count = 1 + (int64_t)roll(seed, 9);

		count = count > left ? left : count;
		(void)add_leases(b, sample, count, false, seed);
		left -= count;
	}
	for (int64_t i = 0; i < sample->waiting; i++) {
		(void)add_leases(b, sample, 1, true, seed);
	}
	ok = conn_run(conn, b, TIME_NONE, err);
	batch_free(b);
	return ok;
}

static bool age(struct conn *conn, int64_t seed, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);
	bool ok;

	batch_name(b, query_demo_age_add(b, 1.0 / (double)(seed + 1)), "age");
	batch_name(b, query_demo_history_add(b), "history");
	batch_name(b, query_demo_forecasts_add(b), "forecasts");
	ok = conn_run(conn, b, TIME_NONE, err);
	batch_free(b);
	return ok;
}

bool demo_load(struct conn *conn, int64_t seed, struct err *err) {
	unsigned dice = (unsigned)seed;

	for (size_t i = 0; i < SAMPLES; i++) {
		if (!load_sample(conn, &samples[i], &dice, err)) {
			return false;
		}
	}
	return age(conn, seed, err);
}

static void add_release(struct batch *b, struct id lease, unsigned *seed) {
	struct target target = {.kind = TARGET_LEASE, .id = lease};
	struct queue_request request = {.id = roll_id(seed),
	    .action = QUEUE_RELEASE,
	    .targets = &target,
	    .count = 1,
	    .reason = "no longer needed",
	    .grace = roll(seed, 4) == 0 ? 20 * TIME_SECOND : 0,
	    .until = TIME_NONE,
	    .detail = "{}"};

	queue_add(b, &request);
}

/* The latest leases, which may be released; the oldest is overwritten. */
struct taken {
	struct id leases[TAKEN];
	size_t count;
};

/* Adds one step of the traffic. */
static void add_traffic(struct batch *b, struct taken *taken, unsigned *dice) {
	const struct sample *sample = &samples[roll(dice, SAMPLES)];

	if (taken->count > 0 && roll(dice, 5) < 2) {
		size_t place = roll(dice, (unsigned)(taken->count < TAKEN ? taken->count : TAKEN));

		add_release(b, taken->leases[place], dice);
	} else if (sample->grows) {
		taken->leases[taken->count++ % TAKEN] =
		    add_leases(b, sample, 1 + (int64_t)roll(dice, 2), false, dice);
	}
}

void demo_feed(const struct conn_options *options, int64_t seed) {
	struct conn *conn = conn_new(options);
	unsigned dice = (unsigned)seed + 1;
	struct taken taken = {.count = 0};
	bool alive = true;

	while (alive) {
		struct batch *b = batch_new(BATCH_WRITE);
		struct err err = {0};

		add_traffic(b, &taken, &dice);
		if (batch_steps(b) > 0) {
			/* A refusal is expected: the pool is full, or the lease is gone. */
			alive = conn_run(conn, b, TIME_NONE, &err) || err.code != ERR_UNAVAILABLE;
		}
		batch_free(b);
		err_release(&err);
		(void)poll(NULL, 0, PAUSE);
	}
	conn_free(conn);
}
