#include <stdio.h>
#include <stdlib.h>

#include "db/base/mem.h"
#include "model/project.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/requests.h"
#include "tests/bench/stage.h"

#define MILLION "0-1048575"

static const struct slice seconds = {.span = 700000, .rounds = 9};

/* Compares allocations from a pool of the figure's name with a baseline that inserts. */
static void compare(struct stage *s, struct report *r, const char *name, struct source *source,
    size_t clients, void (*insert)(struct batch *b, void *source), double wanted) {
	struct work thing = {request_allocate, source, NULL};
	struct work baseline = {insert, source, NULL};
	struct load *l = load_new(s, clients);
	struct outcome o = load_compare(l, &thing, &baseline, &seconds);

	report_add_rounds(r,
	    &(struct figure){name, o.thing, "per s", o.baseline, o.ratio, wanted, WANTED_RATIO_LEAST}, o.low,
	    o.high);
	load_free(l);
}

void measure_clients(struct stage *s, struct report *r) {
	static const struct {
		const char *name;
		size_t clients;
		void (*insert)(struct batch *b, void *source);
		double wanted;
	} runs[] = {
	    {"allocate_1", 1, request_insert, 0.92},
	    {"allocate_8", 8, request_insert, 0.85},
	    {"allocate_32", 32, request_insert, 0.70},
	    {"allocate_prepared_1", 1, request_insert_prepared, 0.84},
	    {"allocate_prepared_8", 8, request_insert_prepared, 0.72},
	    {"allocate_prepared_32", 32, request_insert_prepared, 0.56},
	};

	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct source source = {
		    .stage = s, .pool = stage_pool_new(s, runs[i].name, "number", MILLION)};

		compare(s, r, runs[i].name, &source, runs[i].clients, runs[i].insert, runs[i].wanted);
	}
}

static void measure_api(struct stage *s, struct report *r) {
	struct source source = {.stage = s, .pool = stage_pool_new(s, "api_tx", "number", MILLION)};
	struct work thing = {request_instance, &source, NULL};
	struct work baseline = {request_instance_insert, &source, NULL};
	struct load *l = load_new(s, 1);
	struct outcome o;

	stage_run(s, "create table bench.instance (name text not null, lease uuid not null unique)");
	o = load_compare(l, &thing, &baseline, &seconds);
	report_add_rounds(r,
	    &(struct figure){
		"api_tx", 1e6 / o.thing, "us", 1e6 / o.baseline, 1 / o.ratio, 1.3, WANTED_RATIO_MOST},
	    1 / o.high, 1 / o.low);
	load_free(l);
}

void measure_extras(struct stage *s, struct report *r) {
	struct source limited = {.stage = s,
	    .pool = stage_pool_new(s, "allocate_project", "number", MILLION),
	    .project = "extras/limited"};
	struct source labelled = {.stage = s,
	    .pool = stage_pool_new(s, "allocate_labels", "number", MILLION),
	    .labels = "{\"env\": \"prod\", \"tier\": \"web\", \"team\": \"core\"}"};
	const struct project_new project = {
	    .id = id_new(), .name = limited.project, .max_leases = 1000000, .space = "global"};
	struct batch *b = batch_new(BATCH_WRITE);

	org_create_add(b, id_new(), "extras", NO_LIMIT, "{}");
	project_create_add(b, &project, "{}");
	stage_run_batch(s, b);
	compare(s, r, "allocate_project", &limited, 1, request_insert, 0.55);
	compare(s, r, "allocate_labels", &labelled, 1, request_insert_labels, 0.45);
	measure_api(s, r);
}

/* Allocates all values but every `hole`-th, as after a long life: scattered free values, and a stripe of few
 * pieces for each interval. */
static void fill(struct stage *s, const struct stage_pool *pool, const char *size, const char *hole) {
	char id[ID_TEXT];
	char resource[ID_TEXT];

	id_text(pool->pool, id);
	id_text(pool->resource, resource);
	stage_run(s,
	    "insert into berth.lease (id, pool, resource, value, state, holder, priority, acquired, "
	    "activated)"
	    "select gen_random_uuid(), '%s', '%s', v, 'active', 'old', 0, now(), now() "
	    "from generate_series(0, %s - 1) v where v %% %s <> 0",
	    id, resource, size, hole);
	stage_run(s,
	    "update berth.stripe set (free, room) = (select range_agg(numrange(v, v + 1)), count(*) "
	    "from generate_series(0, %s - 1) v where v %% %s = 0) where pool = '%s'",
	    size, hole, id);
	stage_run(s,
	    "do $$ begin while exists (select from berth.stripe where pool = '%s' and room > 64) loop "
	    "perform berth.split(resource, first) from berth.stripe where pool = '%s' and room > 64; end "
	    "loop; end $$",
	    id, id);
	stage_run(s, "vacuum analyze berth.lease");
	stage_run(s, "vacuum analyze berth.stripe");
}

void measure_sizes(struct stage *s, struct report *r) {
	static const struct {
		const char *name;
		const char *kind;
		const char *range;
		const char *size;
		const char *hole; /* filled except for every n-th value */
		struct slice slice;
	} runs[] = {
	    {"allocate_16m", "number", "0-16777215", NULL, NULL, {.span = 700000, .rounds = 7}},
	    {"allocate_v6", "ipv6", "fd00::/64", NULL, NULL, {.span = 700000, .rounds = 7}},
	    {"allocate_full", "number", MILLION, "1048576", "1000", {.requests = 1000, .rounds = 15}},
	    {"allocate_1k", "number", "1-1000", NULL, NULL, {.requests = 1000, .rounds = 15}},
	};
	struct load *l = load_new(s, 8);

	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct stage_pool pool = stage_pool_new(s, runs[i].name, runs[i].kind, runs[i].range);
		char *name = mem_print("%s_baseline", runs[i].name);
		struct source source = {.stage = s, .pool = pool};
		struct source million = {.stage = s, .pool = stage_pool_new(s, name, "number", MILLION)};
		struct work thing = {
		    request_allocate, &source, runs[i].slice.requests > 0 ? request_refill : NULL};
		struct work baseline = {request_allocate, &million, thing.reset};
		struct outcome o;

		if (runs[i].hole != NULL) {
			fill(s, &pool, runs[i].size, runs[i].hole);
		}
		o = load_compare(l, &thing, &baseline, &runs[i].slice);
		report_add(r, &(struct figure){runs[i].name, o.thing, "per s", o.baseline, o.ratio, 0.85,
				  WANTED_RATIO_LEAST});
		free(name);
	}
	load_free(l);
}

void measure_blocks(struct stage *s, struct report *r) {
	static const struct slice slice = {.span = 700000, .rounds = 15};
	struct source blocks = {
	    .stage = s, .pool = stage_blocks_new(s, "allocate_block", "number", "0-67108863", "64")};
	struct source values = {
	    .stage = s, .pool = stage_pool_new(s, "allocate_block_baseline", "number", MILLION)};
	struct work thing = {request_allocate, &blocks, NULL};
	struct work baseline = {request_allocate, &values, NULL};
	struct load *l = load_new(s, 8);
	struct outcome o = load_compare(l, &thing, &baseline, &slice);

	report_add_rounds(r,
	    &(struct figure){
		"allocate_block", o.thing, "per s", o.baseline, o.ratio, 0.95, WANTED_RATIO_LEAST},
	    o.low, o.high);
	load_free(l);
}

void measure_scan(struct stage *s, struct report *r) {
	static const struct slice slice = {.requests = 600, .baseline_requests = 40, .rounds = 7};
	struct source source = {
	    .stage = s, .pool = stage_pool_new(s, "allocate_scan", "number", "0-65535"), .next = 65536};
	struct work thing = {request_allocate, &source, request_refill};
	struct work baseline = {request_scan, &source, NULL};
	struct load *l = load_new(s, 8);
	struct outcome o;

	fill(s, &source.pool, "65536", "100");
	stage_run(s, "create table bench.held (like berth.lease including all)");
	stage_run(s, "insert into bench.held select * from berth.lease where pool = "
		     "(select id from berth.pool where name = 'allocate_scan')");
	stage_run(s, "vacuum analyze bench.held");
	o = load_compare(l, &thing, &baseline, &slice);
	report_add(r, &(struct figure){
			  "allocate_scan", o.thing, "per s", o.baseline, o.ratio, 100, WANTED_RATIO_LEAST});
	load_free(l);
}

void measure_replay(struct stage *s, struct report *r) {
	enum { IDS = 1000 };
	struct id ids[IDS];
	struct source source = {
	    .stage = s, .pool = stage_pool_new(s, "replay", "number", MILLION), .ids = ids, .id_count = IDS};
	struct work thing = {request_replay, &source, NULL};
	struct work baseline = {request_select, &source, NULL};
	struct load *l = load_new(s, 1);
	struct outcome o;

	for (size_t i = 0; i < IDS; i++) {
		ids[i] = id_new();
	}
	/* The first request of each id is an allocation. */
	(void)load_run(l, &thing, &(struct slice){.requests = IDS});
	o = load_compare(l, &thing, &baseline, &seconds);
	report_add_rounds(r,
	    &(struct figure){
		"replay", 1e6 / o.thing, "us", 1e6 / o.baseline, 1 / o.ratio, 1.05, WANTED_RATIO_MOST},
	    1 / o.high, 1 / o.low);
	load_free(l);
}

void measure_many(struct stage *s, struct report *r) {
	enum { COUNT = 1000 };
	struct source source = {
	    .stage = s, .pool = stage_pool_new(s, "allocate_1000", "number", "0-16777215"), .count = COUNT};
	struct work thing = {request_allocate, &source, NULL};
	struct work baseline = {request_insert_many, &source, NULL};
	struct load *l = load_new(s, 1);
	struct outcome o = load_compare(l, &thing, &baseline, &seconds);

	report_add(r, &(struct figure){"allocate_1000", COUNT * o.thing, "per s", COUNT * o.baseline, o.ratio,
			  0.5, WANTED_RATIO_LEAST});
	load_free(l);
}
