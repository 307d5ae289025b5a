#include <math.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/num.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/order.h"
#include "model/alert.h"
#include "model/holder.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/queue.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/target.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { ROUNDS = 15, PAGE = 20, PATIENCE = 30000 /* microseconds, that of the console's first page */ };

static void add_pools(struct batch *b) {
	struct order order = {.counts = true};
	struct pool_ask ask = {.limit = PAGE, .order = &order};

	pool_list_add(b, &ask);
	sorted_report_add(b);
}

static void add_pool(struct batch *b) {
	pool_show_add(b, "pool-7");
	pool_history_add(b, "pool-7");
}

static void add_leases(struct batch *b) {
	lease_list_add(b, &(struct lease_ask){.limit = PAGE});
}

static void add_past(struct batch *b) {
	lease_list_add(b, &(struct lease_ask){.states = 1U << LEASE_DESTROYED, .limit = PAGE});
}

static void add_pool_leases(struct batch *b) {
	lease_list_add(b, &(struct lease_ask){.pool = "pool-7", .limit = 5});
}

static void add_value(struct batch *b) {
	lease_list_add(b, &(struct lease_ask){.by_value = true, .unit = {KIND_NUMBER, .first = 7000}});
}

static void add_label(struct batch *b) {
	struct selector selector = {0};
	struct err err = {0};

	if (!selector_parse("env=prod", &selector, &err)) {
		stage_die("env=prod", &err);
	}
	lease_list_add(b, &(struct lease_ask){.selector = &selector, .limit = PAGE});
	selector_release(&selector);
}

static void add_holder(struct batch *b) {
	lease_list_add(b, &(struct lease_ask){.holder = "nobody", .limit = PAGE});
}

static void add_holders(struct batch *b) {
	holder_list_add(b, &(struct holder_ask){.pool = "pool-7", .limit = PAGE});
}

static void add_plan(struct batch *b) {
	query_release_plan_add(b,
	    "[{\"kind\": \"resource\", \"pool\": \"pool-7\", \"type\": \"number\", "
	    "\"host\": \"\", \"range\": \"70000-70999\", \"first\": 70000, \"last\": 70999}]");
}

static void add_queue(struct batch *b) {
	queue_list_add(b, &(struct queue_ask){.states = QUEUE_ALL, .limit = PAGE});
}

static void add_stats(struct batch *b) {
	queue_stats_add(b);
}

static void add_events(struct batch *b) {
	event_list_add(b, &(struct event_ask){.since = TIME_NONE, .newest = true, .limit = PAGE});
}

static void add_alerts(struct batch *b) {
	alert_list_add(b, 100, NULL);
}

static void add_piece(struct batch *b) {
	query_doctor_piece_add(b, "resources", NULL, 100);
}

static void add_allocate(struct batch *b) {
	struct allocate ask = {.id = id_new(),
	    .pool = "pool-9",
	    .holder = "bench",
	    .until = TIME_NONE,
	    .detail = "{}",
	    .count = 1};

	lease_allocate_add(b, &ask);
}

static double ask_ms(struct stage *s, void (*add)(struct batch *b), enum batch_mode mode) {
	struct batch *b = batch_new(mode);
	int64_t sent;

	add(b);
	sent = clock_steady();
	stage_run_batch(s, b);
	return (double)(clock_steady() - sent) / 1000;
}

/* Asks both in turn, after one uncounted time of each. */
static void compare(struct stage *little, struct stage *big, struct report *r, const char *name,
    void (*add)(struct batch *b), enum batch_mode mode) {
	double few[ROUNDS], many[ROUNDS], ratios[ROUNDS];

	(void)ask_ms(little, add, mode);
	(void)ask_ms(big, add, mode);
	for (size_t i = 0; i < ROUNDS; i++) {
		few[i] = ask_ms(little, add, mode);
		many[i] = ask_ms(big, add, mode);
		ratios[i] = many[i] / few[i];
	}
	report_add(r, &(struct figure){name, median(many, ROUNDS), "ms", median(few, ROUNDS),
			  median(ratios, ROUNDS), 1.25, WANTED_RATIO_MOST});
}

/* Returns the median time of the first page of a filter, as the console asks for it. */
static double filter_ms(struct stage *s, const char *text) {
	double taken[ROUNDS];
	struct row_filter filter = {0};
	struct err err = {0};

	if (!row_filter_parse(text, FILTER_LEASES, &filter, &err)) {
		stage_die(text, &err);
	}
	for (size_t i = 0; i < ROUNDS; i++) {
		struct lease_ask ask = {.filter = &filter, .patience = PATIENCE, .limit = PAGE};
		struct batch *b = batch_new(BATCH_READ);
		int64_t sent;

		lease_list_add(b, &ask);
		sent = clock_steady();
		stage_run_batch(s, b);
		taken[i] = (double)(clock_steady() - sent) / 1000;
	}
	row_filter_release(&filter);
	return median(taken, ROUNDS);
}

static void report_slowest(
    struct stage *big, struct report *r, const char *name, const char *const *filters, size_t count) {
	double slowest = 0;

	for (size_t i = 0; i < count; i++) {
		slowest = fmax(slowest, filter_ms(big, filters[i]));
	}
	report_add(r, &(struct figure){name, slowest, "ms", NAN, NAN, 100, WANTED_VALUE_MOST});
}

void measure_scale(struct stage *little, struct stage *big, struct report *r) {
	static const struct {
		const char *name;
		void (*add)(struct batch *b);
		enum batch_mode mode;
	} questions[] = {
	    {"scale_pools", add_pools, BATCH_READ},
	    {"scale_pool", add_pool, BATCH_READ},
	    {"scale_leases", add_leases, BATCH_READ},
	    {"scale_past", add_past, BATCH_READ},
	    {"scale_of_pool", add_pool_leases, BATCH_READ},
	    {"scale_value", add_value, BATCH_READ},
	    {"scale_label", add_label, BATCH_READ},
	    {"scale_holder", add_holder, BATCH_READ},
	    {"scale_holders", add_holders, BATCH_READ},
	    {"scale_plan", add_plan, BATCH_READ},
	    {"scale_queue", add_queue, BATCH_READ},
	    {"scale_stats", add_stats, BATCH_READ},
	    {"scale_events", add_events, BATCH_READ},
	    {"scale_alerts", add_alerts, BATCH_READ},
	    {"scale_doctor", add_piece, BATCH_READ},
	    {"scale_allocate", add_allocate, BATCH_WRITE},
	};
	static const char *const none[] = {"state=broken", "holder=nobody", "expires<1h", "held>900d",
	    "priority=77", "nosuchword", "pool=nowhere", "kind=host", "project=no/where", "env=nowhere"};
	static const char *const some[] = {"holder=vm-7", "pool=pool-7", "state=active", "held<1d", "vm-7",
	    "kind=number", "env=prod", "!vm-7"};

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		compare(little, big, r, questions[i].name, questions[i].add, questions[i].mode);
	}
	report_slowest(big, r, "select_none_ms", none, sizeof none / sizeof *none);
	report_slowest(big, r, "filter_ms", some, sizeof some / sizeof *some);
}
