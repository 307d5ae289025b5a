#include "ui/verbs/demo_data.h"

#include <stdio.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "gen/queries.h"
#include "model/metadata.h"
#include "model/syntax/range.h"
#include "model/syntax/target.h"
#include "ui/cli/run.h"
#include "ui/verbs/demo_dice.h"

enum { DAY = 86400 };

/* The values of labels look alike on purpose: prod, Prod and pr0d. */
const struct demo_pool demo_pools[] = {
    {DEMO_FULL, KIND_IPV4, {"10.4.1.0/24"}, 256, .waiting = 2, .labels = "{\"env\":\"prod\",\"tier\":\"1\"}"},
    {"fra-db-ports", KIND_NUMBER, {"31000-31511"}, 498, true,
	.labels = "{\"env\":\"prod\",\"team\":\"data\"}"},
    {DEMO_STUCK, KIND_IPV6, {"fd00:4::/120"}, 237, true, .release_hook = DEMO_HOOK,
	.labels = "{\"env\":\"test\"}"},
    {"fra-k8s-nodes", KIND_HOST, {"node-01:16", "node-02:16", "node-03:16", "node-04:8"}, 48,
	.labels = "{\"env\":\"Prod\",\"team\":\"platform\"}"},
    {"fra-mgmt", KIND_IPV4, {"10.4.8.0/24", "10.4.10.0/24"}, 392, true, .labels = "{\"env\":\"prod\"}"},
    {"fra-voip", KIND_IPV4, {"10.4.16.0/22"}, 411, true, .reuse_delay = 120,
	.labels = "{\"Env\":\"prod\",\"team\":\"voice\"}"},
    {"fra-guest", KIND_IPV4, {"10.8.0.0/21"}, 156, true, .brief = true, .labels = "{\"env\":\"guest\"}"},
    {"fra-legacy", KIND_IPV4, {"10.4.250.0/26"}, 0, .labels = "{\"env\":\"pr0d\"}"},
    {"ham-vlans", KIND_NUMBER, {"100-4094"}, 700, true, .labels = "{\"team\":\"Platform\"}"},
    {"ham-edge-v6", KIND_IPV6, {"2001:db8:4::/64"}, 120, true, .labels = "{\"env\":\"prod\"}"},
    {"osl-ci-slots", KIND_HOST, {"ci-a:24", "ci-b:24", "ci-c:12"}, 51,
	.labels = "{\"env\":\"test\",\"team\":\"ci\"}"},
    {DEMO_FILLS, KIND_NUMBER, {"60001-61500"}, 1484, .per_hour = 240,
	.labels = "{\"env\":\"batch\",\"team\":\"ci\"}"},
    {"osl-serials", KIND_NUMBER, {"5000-9999", "20000-20999"}, 810},
};
const size_t demo_pool_count = sizeof demo_pools / sizeof *demo_pools;

const char demo_hook_text[] =
    "#!/bin/sh\n"
    "case $3 in *[05af]) echo \"the name server does not answer for $3\" >&2; exit 1 ;; esac\n";

/* The last one contains text that a console must make safe. */
static const char *const holders[] = {"ci-runner", "batch-nightly", "web-fe", "etl", "scheduler",
    "kube-system", "printer \x1b[31mred\xe2\x80\xae!\xe2\x80\xac"};

enum { HOLDERS = sizeof holders / sizeof *holders };

/* Holders that look like others: by case, by white space, by a Cyrillic letter, by a hidden character. */
static const char *const lookalikes[] = {
    "web-fe-07", "Web-FE-07", "web-fe-07 ", "w\xd0\265b-fe-07", "etl-12", "et\xe2\x80\x8bl-12", "et1-12"};

static struct allocate ask_for(const char *pool, char holder[64], unsigned *dice) {
	struct allocate ask;

	(void)snprintf(holder, 64, "%s-%02u", holders[dice_roll(dice, HOLDERS)], dice_roll(dice, 60));
	ask = (struct allocate){.id = dice_id(dice),
	    .pool = pool,
	    .holder = holder,
	    .until = TIME_NONE,
	    .count = 1,
	    .detail = "{}"};
	return ask;
}

/* Returns for how long a lease is taken: one in three has an end; 0 for none. */
static int64_t duration(bool brief, unsigned *dice) {
	bool ends = dice_roll(dice, 3) == 0;
	int64_t seconds = 20 + (int64_t)dice_roll(dice, 300);
	int64_t days = 1 + (int64_t)dice_roll(dice, 30);

	return !ends ? 0 : (brief ? seconds : days * DAY) * TIME_SECOND;
}

struct id demo_allocate_add(struct batch *b, const char *pool, int64_t count, bool brief, unsigned *dice) {
	char holder[64];
	struct allocate ask = ask_for(pool, holder, dice);

	ask.count = count;
	ask.duration = duration(brief, dice);
	lease_allocate_add(b, &ask);
	return ask.id;
}

void demo_wait_add(struct batch *b, const char *pool, unsigned *dice) {
	char holder[64];
	struct allocate ask = ask_for(pool, holder, dice);

	ask.wait = true;
	lease_allocate_add(b, &ask);
}

static void add_labels(struct batch *b, const char *pool, const char *labels, unsigned *dice) {
	struct target target = target_named(TARGET_POOL, pool);
	struct metadata_edit edit = {0};

	buf_puts(&edit.set, labels);
	metadata_edit_add(b, METADATA_LABEL, dice_id(dice), &target, &edit, "{}");
	metadata_release(&edit);
}

static void add_pool(struct batch *b, const struct demo_pool *demo, unsigned *dice) {
	struct range ranges[DEMO_RANGES];
	struct pool_new pool = {.id = dice_id(dice),
	    .name = demo->name,
	    .kind = demo->kind,
	    .space = "global",
	    .warn = 80,
	    .crit = 90,
	    .reuse_delay = demo->reuse_delay * TIME_SECOND,
	    .release_hook = demo->release_hook,
	    .ranges = ranges};
	struct err err = {0};

	while (pool.count < DEMO_RANGES && demo->ranges[pool.count] != NULL &&
	       range_parse(demo->ranges[pool.count], demo->kind, &ranges[pool.count], &err)) {
		pool.count++;
	}
	err_release(&err);
	pool_create_add(b, &pool, "{}");
	if (demo->labels != NULL) {
		add_labels(b, demo->name, demo->labels, dice);
	}
}

/* Takes the leases of a pool, some at once: few calls, so that the demo starts soon. */
static void add_leases(struct batch *b, const struct demo_pool *demo, unsigned *dice) {
	int64_t left = demo->held;

	while (left > 0) {
		int64_t count = 1 + (int64_t)dice_roll(dice, 9 + (unsigned)demo->held / 10);

		count = count > left ? left : count;
		(void)demo_allocate_add(b, demo->name, count, demo->brief, dice);
		left -= count;
	}
	for (int64_t i = 0; i < demo->waiting; i++) {
		demo_wait_add(b, demo->name, dice);
	}
}

static void add_lookalikes(struct batch *b, unsigned *dice) {
	for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++) {
		lease_allocate_add(b, &(struct allocate){.id = dice_id(dice),
					  .pool = "fra-mgmt",
					  .holder = lookalikes[i],
					  .until = TIME_NONE,
					  .count = 1,
					  .detail = "{}"});
	}
}

/* Runs a batch of the set-up, and frees it. */
static bool run_and_free(struct run *run, struct batch *b, struct err *err) {
	bool ok = conn_run(run->conn, b, TIME_NONE, err);

	batch_free(b);
	return ok;
}

static bool load_pool(struct run *run, const struct demo_pool *demo, unsigned *dice, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);

	add_pool(b, demo, dice);
	add_leases(b, demo, dice);
	return run_and_free(run, b, err);
}

static bool load_tenants(struct run *run, unsigned *dice, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);

	demo_tenants_add(b, dice);
	add_lookalikes(b, dice);
	return run_and_free(run, b, err);
}

/* Makes the leases look as if they had been taken over weeks, and gives the pools their trends. */
static bool age(struct run *run, int64_t seed, struct err *err) {
	struct batch *b = batch_new(BATCH_WRITE);

	batch_name(b, query_demo_age_add(b, 1.0 / (double)(seed + 1)), "age");
	for (size_t i = 0; i < demo_pool_count; i++) {
		if (demo_pools[i].per_hour > 0) {
			batch_name(b,
			    query_demo_rise_add(b, demo_pools[i].name, (double)demo_pools[i].per_hour),
			    "rise");
		}
	}
	batch_name(b, query_demo_history_add(b), "history");
	batch_name(b, query_demo_forecasts_add(b), "forecasts");
	return run_and_free(run, b, err);
}

bool demo_load(struct run *run, int64_t seed, struct err *err) {
	unsigned dice = (unsigned)seed;

	for (size_t i = 0; i < demo_pool_count; i++) {
		if (!load_pool(run, &demo_pools[i], &dice, err)) {
			return false;
		}
	}
	return load_tenants(run, &dice, err) && age(run, seed, err) && demo_table_make(run, &dice, err);
}
