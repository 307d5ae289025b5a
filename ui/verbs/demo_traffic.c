#include "ui/verbs/demo_traffic.h"

#include <poll.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "ui/verbs/demo_data.h"
#include "ui/verbs/demo_dice.h"

enum {
	TAKEN = 64,
	NEIGHBOURS = 8,
	GRACE = 20, /* seconds before some releases */
	PAUSE = 500 /* milliseconds between two steps */
};

struct traffic {
	struct conn *conn;
	unsigned dice;
	int64_t step;
	struct id leases[TAKEN]; /* the latest ones, which may be released; the oldest is overwritten */
	size_t count;
};

static void add_release(struct traffic *t, struct batch *b, struct id lease, int64_t grace) {
	struct target target = {.kind = TARGET_LEASE, .id = lease};

	queue_add(b, &(struct queue_request){.id = dice_id(&t->dice),
			 .action = QUEUE_RELEASE,
			 .targets = &target,
			 .count = 1,
			 .reason = "no longer needed",
			 .grace = grace,
			 .until = TIME_NONE,
			 .detail = "{}"});
}

/* Releases a lease taken before, or takes one or two. */
static void add_usual(struct traffic *t, struct batch *b) {
	const struct demo_pool *pool = &demo_pools[dice_roll(&t->dice, (unsigned)demo_pool_count)];

	if (t->count > 0 && dice_roll(&t->dice, 5) < 2) {
		size_t place = dice_roll(&t->dice, (unsigned)(t->count < TAKEN ? t->count : TAKEN));

		add_release(t, b, t->leases[place], dice_roll(&t->dice, 4) == 0 ? GRACE * TIME_SECOND : 0);
	} else if (pool->grows) {
		t->leases[t->count++ % TAKEN] =
		    demo_allocate_add(b, pool->name, 1 + (int64_t)dice_roll(&t->dice, 2), true, &t->dice);
	}
}

/* Takes from the pools whose end is foretold, as often as that. */
static void add_foretold(struct traffic *t, struct batch *b) {
	for (size_t i = 0; i < demo_pool_count; i++) {
		int64_t hour = INT64_C(3600000) / PAUSE; /* steps of an hour */

		if (demo_pools[i].per_hour > 0 && t->step % (hour / demo_pools[i].per_hour) == 0) {
			lease_allocate_add(b, &(struct allocate){.id = dice_id(&t->dice),
						  .pool = demo_pools[i].name,
						  .holder = "batch-nightly",
						  .until = TIME_NONE,
						  .count = 1,
						  .detail = "{}"});
		}
	}
}

/* Releases all leases of the pool that fills, as one bulk. */
static void add_emptied(struct traffic *t, struct batch *b) {
	struct target target = target_named(TARGET_LEASES, DEMO_FILLS);

	queue_add(b, &(struct queue_request){.id = dice_id(&t->dice),
			 .action = QUEUE_RELEASE,
			 .targets = &target,
			 .count = 1,
			 .reason = "the nightly batch is over",
			 .until = TIME_NONE,
			 .detail = "{}"});
}

/* Runs a batch and frees it. A refusal is expected: the pool is full, or the lease is gone. Returns false
 * when there is no server. */
static bool send(struct traffic *t, struct batch *b) {
	struct err err = {0};
	bool alive =
	    batch_steps(b) == 0 || conn_run(t->conn, b, TIME_NONE, &err) || err.code != ERR_UNAVAILABLE;

	err_release(&err);
	batch_free(b);
	return alive;
}

/* Finds up to `most` leases of a pool that lie together. Returns their number. */
static size_t find_held(struct traffic *t, const char *pool, struct id *leases, size_t most) {
	struct batch *b = batch_new(BATCH_READ);
	struct err err = {0};
	size_t count = 0;
	size_t found = 0;

	lease_list_add(b, &(struct lease_ask){.pool = pool, .states = 1U << LEASE_ACTIVE, .limit = TAKEN});
	if (conn_run(t->conn, b, TIME_NONE, &err)) {
		count = batch_count(b, 0);
	}
	if (count > 0) {
		size_t from = dice_roll(&t->dice, (unsigned)count);

		for (; found < most && found < count; found++) {
			leases[found] = ((const struct lease *)batch_row(b, 0, (from + found) % count))->id;
		}
	}
	err_release(&err);
	batch_free(b);
	return found;
}

/* Releases a lease of the full pool, which serves one that waits, and lets another wait. */
static void add_served(struct traffic *t, struct batch *b) {
	struct id lease;

	if (find_held(t, DEMO_FULL, &lease, 1) == 1) {
		add_release(t, b, lease, 0);
		demo_wait_add(b, DEMO_FULL, &t->dice);
	}
}

/* Releases so many neighbours of the pool with the hook that this fails for one of them at least. */
static void add_stuck(struct traffic *t, struct batch *b) {
	struct id leases[NEIGHBOURS];
	size_t count = find_held(t, DEMO_STUCK, leases, NEIGHBOURS);

	for (size_t i = 0; i < count; i++) {
		add_release(t, b, leases[i], 0);
	}
}

/* The rarer events of the demo. */
static const struct {
	int64_t every; /* steps; 0: only once, */
	int64_t at;    /* in this one */
	void (*add)(struct traffic *t, struct batch *b);
} events[] = {
    {0, 6, add_stuck}, /* after the first screen, which is the same each time */
    {24, 12, add_served},
    {1200, 0, add_emptied},
};

static bool is_due(size_t event, int64_t step) {
	return events[event].every == 0 ? step == events[event].at
					: step % events[event].every == events[event].at;
}

/* Sends each part by itself: when one is refused, the others are not. Returns false when there is no server.
 */
static bool step(struct traffic *t) {
	struct batch *b = batch_new(BATCH_WRITE);
	bool alive;

	t->step++;
	add_usual(t, b);
	alive = send(t, b);
	b = batch_new(BATCH_WRITE);
	add_foretold(t, b);
	alive = send(t, b) && alive;
	for (size_t i = 0; alive && i < sizeof events / sizeof *events; i++) {
		if (is_due(i, t->step)) {
			b = batch_new(BATCH_WRITE);
			events[i].add(t, b);
			alive = send(t, b);
		}
	}
	return alive;
}

void demo_traffic_run(const struct conn_options *options, int64_t seed) {
	struct traffic t = {.conn = conn_new(options), .dice = (unsigned)seed + 1};

	while (step(&t)) {
		(void)poll(NULL, 0, PAUSE);
	}
	conn_free(t.conn);
}
