#include <libpq-fe.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "model/queue.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/peer.h"
#include "tests/bench/report.h"
#include "tests/bench/runner.h"
#include "tests/bench/stage.h"

enum { WARM_UP = 20, SENT = 400, BACKLOG = 50000, JOBS = 20000 };

/* Plain transactions for as many rows as the backlog has. */
static const char chunks[] =
    "do $$ declare n int; begin loop"
    "	update bench.command set state = 'done', outcome = 'applied', consumed_at = now() where id in ("
    "		select id from bench.command where state = 'queued' order by not_before, seq limit 500"
    "		for update skip locked);"
    "	get diagnostics n = row_count; exit when n = 0; commit; end loop; end $$";

static void wait_for_text(struct stage *s, const char *sql, const char *wanted) {
	int64_t deadline = clock_steady() + 120000000;

	while (strcmp(stage_ask(s, "%s", sql), wanted) != 0) {
		if (clock_passed(deadline)) {
			(void)fprintf(stderr, "bench: still not %s: %s\n", wanted, sql);
			exit(1);
		}
	}
}

/* Measures the time from sending a release until its outcome can be read. */
static double release_once(struct stage *s, const struct stage_pool *pool) {
	struct target target = {.kind = TARGET_LEASE, .id = stage_allocate(s, pool, NULL, 1)};
	struct queue_request request = {.id = id_new(),
	    .detail = "{}",
	    .action = QUEUE_RELEASE,
	    .targets = &target,
	    .count = 1,
	    .reason = "",
	    .until = TIME_NONE};
	struct batch *b;
	char id[ID_TEXT];
	int64_t sent;

	/* Let the worker become idle. */
	(void)usleep(10000);
	id_text(request.id, id);
	sent = clock_steady();
	b = batch_new(BATCH_WRITE);
	queue_add(b, &request);
	stage_run_batch(s, b);
	while (
	    strcmp(stage_ask(s, "select outcome from berth.command where id = '%s'", id), "applied") != 0) {
	}
	return (double)(clock_steady() - sent) / 1000;
}

/* Measures the same round trips for a plain row: the cost of server and connection. */
static double insert_once(struct stage *s) {
	int64_t sent = clock_steady();

	stage_run(s, "insert into bench.command (action, kind, target, lane_kind, lane) "
		     "values ('release', 'lease', gen_random_uuid(), 'lease', gen_random_uuid())");
	(void)stage_ask(s, "select count(*) from bench.command where id = gen_random_uuid()");
	return (double)(clock_steady() - sent) / 1000;
}

/* Reports a percentile of SENT times, in milliseconds. */
static void report_percentile(
    struct report *r, const char *name, double *taken, double *bare, size_t percent, double wanted) {
	size_t place = SENT * percent / 100;

	(void)median(taken, SENT);
	(void)median(bare, SENT);
	report_add(r, &(struct figure){name, taken[place], "ms", bare[place], taken[place] / bare[place],
			  wanted, WANTED_VALUE_MOST});
}

static void measure_latency(struct stage *s, const char *berth, struct report *r) {
	struct stage_pool pool = stage_pool_new(s, "queue", "number", "0-1048575");
	pid_t worker = runner_start(s, berth);
	double taken[SENT];
	double bare[SENT];

	wait_for_text(s, "select count(*) from berth.worker_view where alive", "1");
	for (int i = -WARM_UP; i < SENT; i++) {
		double ms = release_once(s, &pool);
		double bare_ms = insert_once(s);

		if (i >= 0) {
			taken[i] = ms;
			bare[i] = bare_ms;
		}
	}
	runner_stop(worker);
	report_percentile(r, "queue_p50_ms", taken, bare, 50, 4);
	report_percentile(r, "queue_p99_ms", taken, bare, 99, 50);
}

/* Measures how long a live worker takes to take over a claim whose worker was killed. */
static void measure_takeover(struct stage *s, const char *berth, struct report *r) {
	enum { TIMES = 15 };
	struct stage_pool pool = stage_pool_new(s, "takeover", "number", "0-1023");
	pid_t worker = runner_start(s, berth);
	double taken[TIMES];

	wait_for_text(s, "select count(*) from berth.worker_view where alive", "1");
	stage_run(s, "select berth.worker_start('dead', 'bench', 1, 1000000, false, now())");
	for (size_t i = 0; i < TIMES; i++) {
		PGconn *claim = stage_connect(s);
		char id[ID_TEXT];
		char sql[160];
		int64_t died;

		id_text(stage_allocate(s, &pool, NULL, 1), id);
		stage_expect(claim, "begin", PGRES_COMMAND_OK);
		(void)snprintf(
		    sql, sizeof sql, "select from berth.lease where id = '%s' for no key update", id);
		stage_expect(claim, sql, PGRES_TUPLES_OK);
		stage_run(s,
		    "insert into berth.command (action, kind, target, lane_kind, lane) values ('release', "
		    "'lease', '%s', 'lease', '%s')",
		    id, id);
		stage_expect(claim, "select berth.apply('dead', 500)", PGRES_TUPLES_OK);
		died = clock_steady();
		PQfinish(claim);
		(void)snprintf(sql, sizeof sql, "select state from berth.lease where id = '%s'", id);
		wait_for_text(s, sql, "destroyed");
		taken[i] = (double)(clock_steady() - died) / 1000;
	}
	runner_stop(worker);
	(void)median(taken, TIMES);
	report_add(
	    r, &(struct figure){"takeover_ms", taken[TIMES - 1], "ms", NAN, NAN, 2000, WANTED_VALUE_MOST});
}

/* Queues a backlog of releases, each of its own lease. */
static void fill_backlog(struct stage *s) {
	struct stage_pool pool = stage_pool_new(s, "backlog", "number", "0-1048575");

	for (int i = 0; i < BACKLOG; i += 10000) {
		(void)stage_allocate(s, &pool, NULL, 10000);
	}
	stage_run(s, "insert into berth.command (action, kind, target, lane_kind, lane) "
		     "select 'release', 'lease', l.id, 'lease', l.id from berth.lease l join berth.pool p on "
		     "p.id = l.pool "
		     "where p.name = 'backlog' order by l.seq");
	stage_run(s, "truncate bench.command");
	stage_run(s, "insert into bench.command select * from berth.command where state = 'queued'");
	stage_run(s, "vacuum analyze berth.command");
	stage_run(s, "vacuum analyze bench.command");
	stage_run(s, "vacuum analyze berth.lease");
}

/* Compares the rate with that of a peer where it is there, else with plain updates. */
static void report_rate(const struct stage *s, struct report *r, double rate, double bare) {
	double peer = peer_rate(s, JOBS);

	if (isnan(peer)) {
		report_add(r, &(struct figure){"release_rate", rate, "per s", bare, rate / bare, 8000,
				  WANTED_VALUE_LEAST});
	} else {
		report_add(r, &(struct figure){
				  "release_rate", rate, "per s", peer, rate / peer, 1, WANTED_RATIO_LEAST});
	}
}

static void measure_rate(struct stage *s, const char *berth, struct report *r) {
	static const char consumed[] =
	    "select coalesce(max(consumed), 0) > %d from berth.worker where name = 'bench' and not stopped";
	char sql[200];
	int64_t started;
	double seconds;
	double bare;
	double early;
	double late;
	pid_t worker;

	fill_backlog(s);
	started = clock_steady();
	stage_run(s, "%s", chunks);
	bare = BACKLOG / ((double)(clock_steady() - started) / 1e6);

	started = clock_steady();
	worker = runner_start(s, berth);
	(void)snprintf(sql, sizeof sql, consumed, BACKLOG / 10);
	wait_for_text(s, sql, "t");
	early = stage_resident_mb(worker);
	(void)snprintf(sql, sizeof sql, consumed, BACKLOG - 1);
	wait_for_text(s, sql, "t");
	seconds = (double)(clock_steady() - started) / 1e6;
	late = stage_resident_mb(worker);
	runner_stop(worker);
	wait_for_text(s, "select count(*) from berth.command where state = 'queued'", "0");
	report_rate(s, r, BACKLOG / seconds, bare);
	report_add(
	    r, &(struct figure){"worker_rss_mb", late, "MB", early, late / early, 20, WANTED_VALUE_MOST});
}

void measure_queue(const char *berth, struct report *r) {
	struct stage *s = stage_new();

	stage_run(s, "create table bench.command (like berth.command including all)");
	measure_latency(s, berth, r);
	measure_takeover(s, berth, r);
	measure_rate(s, berth, r);
	stage_check(s);
	stage_free(s);
}
