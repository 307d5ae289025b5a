#include <math.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/lease.h"
#include "model/syntax/selector.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { LEASES = 1000000, PORTION = 10000, TIMES = 15, PAGE = 100 };

/* Gives every lease six labels: some shared by many at random, one shared by neighbours only, one of its own.
 */
static void fill(struct stage *s) {
	struct stage_pool pool = stage_pool_new(s, "labels", "number", "0-1048575");

	for (int i = 0; i < LEASES; i += PORTION) {
		(void)stage_allocate(s, &pool, NULL, PORTION);
	}
	stage_run(s,
	    "insert into berth.label (kind, target, prefix, name, value, seq)"
	    " select 'lease', l.id, '', k.name, k.value, l.seq from berth.lease l, lateral (values"
	    " ('env', (array['prod', 'test', 'dev'])[1 + mod(l.value * 7919, 3)::int]),"
	    " ('tier', 't' || mod(div(l.value, 3) * 31, 10)), ('rack', 'r' || mod(l.value * 31, 1000)),"
	    " ('block', 'b' || div(l.value, 10000)), ('half', 'h' || div(l.value, 500000)),"
	    " ('serial', l.value::text)) k (name, value)");
	stage_run(s, "vacuum analyze berth.label");
	stage_run(s, "vacuum analyze berth.lease");
}

static double page_ms(struct stage *s, const char *text, const char *many) {
	struct selector selector = {0};
	struct buf whole = {0};
	struct err err = {0};
	struct batch *b = batch_new(BATCH_READ);
	int64_t sent;
	double ms;

	buf_printf(&whole, "%s%s", text, many);
	if (!selector_parse(buf_text(&whole), &selector, &err)) {
		stage_die(buf_text(&whole), &err);
	}
	struct lease_ask ask = {.selector = &selector, .limit = PAGE};

	lease_list_add(b, &ask);
	sent = clock_steady();
	stage_run_batch(s, b);
	ms = (double)(clock_steady() - sent) / 1000;
	selector_release(&selector);
	buf_release(&whole);
	return ms;
}

/* Reports the slowest of several selectors, by their medians. */
static void report_slowest(
    struct stage *s, struct report *r, const char *name, const char *many, double wanted) {
	static const char *const selectors[] = {
	    "env=prod,tier=t7,serial", "env=prod,tier in (t1,t2),rack!=r7",
	    "env!=prod,tier notin (t1,t2),block", "half=h1,rack in (r1,r2,r3),env",
	    "env=prod,block in (b1,b2,b3),tier!=t7", /* far from the newest */
	    "half=h0,env=dev,serial>10", "block=b0,rack=r7,env=dev", "half=h0,half!=h1,block=b99", /* none */
	};
	double slowest = 0;

	for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++) {
		double taken[TIMES];

		for (size_t k = 0; k < TIMES; k++) {
			taken[k] = page_ms(s, selectors[i], many);
		}
		slowest = fmax(slowest, median(taken, TIMES));
	}
	report_add(r, &(struct figure){name, slowest, "ms", NAN, NAN, wanted, WANTED_VALUE_MOST});
}

void measure_labels(struct report *r) {
	struct stage *s = stage_new();
	struct buf many = {0};

	fill(s);
	for (int i = 4; i <= 50; i++) {
		buf_printf(&many, i % 2 == 0 ? ",!k%d" : ",rack notin (x%d,y)", i);
	}
	report_slowest(s, r, "select_3_ms", "", 20);
	report_slowest(s, r, "select_50_ms", buf_text(&many), 100);
	buf_release(&many);
	stage_check(s);
	stage_free(s);
}
