#include <stdio.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { HISTORY = 100000, RELEASES = 2000, ROUNDS = 3 };

/* Commands of the past, each of a lease of its own, that ended an hour ago. */
static const char history[] = "insert into berth.command (action, kind, target, lane_kind, lane, state, "
			      "outcome, created, not_before, consumed_at)"
			      " select 'release', 'lease', id, 'lease', id, 'done', 'applied', at, at, at"
			      " from (select gen_random_uuid() as id, now() - interval '1 hour' as at from "
			      "generate_series(1, %d)) past";

/* Queues a release of each lease of the pool, as single requests are. */
static const char queue[] =
    "insert into berth.command (action, kind, target, lane_kind, lane)"
    " select 'release', 'lease', id, 'lease', id from berth.lease where state = 'active' order by seq";

static const char applies[] =
    "do $$ declare n bigint; begin loop n := berth.apply('cold', 500); exit when n = 0; commit; "
    "end loop; end $$";

/* Returns the seconds in which a session of its own applies the releases: with statistics of the queue as it
 * is, or of the time before, when it was empty. */
static double apply_all(struct stage *s, const struct stage_pool *pool, bool warm) {
	PGconn *worker;
	int64_t began;
	double taken;

	stage_run(s, "vacuum analyze berth.command, berth.lease");
	(void)stage_allocate(s, pool, NULL, RELEASES);
	stage_run(s, "%s", queue);
	if (warm) {
		stage_run(s, "vacuum analyze berth.command, berth.lease");
	}
	worker = stage_connect(s);
	began = clock_steady();
	stage_expect(worker, applies, PGRES_COMMAND_OK);
	taken = (double)(clock_steady() - began) / TIME_SECOND;
	PQfinish(worker);
	return taken;
}

void measure_cold(struct report *r) {
	struct stage *s = stage_new();
	struct stage_pool pool = stage_pool_new(s, "cold", "number", "0-1048575");
	double cold[ROUNDS];
	double warm[ROUNDS];
	double ratios[ROUNDS];

	stage_run(s, history, HISTORY);
	stage_run(s, "select berth.worker_start('cold', 'bench', 1, 3600000000, false, now())");
	for (size_t i = 0; i < ROUNDS; i++) {
		cold[i] = apply_all(s, &pool, false);
		warm[i] = apply_all(s, &pool, true);
		ratios[i] = cold[i] / warm[i];
	}
	report_add(r, &(struct figure){"release_cold", median(cold, ROUNDS), "s", median(warm, ROUNDS),
			  median(ratios, ROUNDS), 1.5, WANTED_RATIO_MOST});
	stage_check(s);
	stage_free(s);
}
