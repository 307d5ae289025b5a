#include <sys/types.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "model/lease.h"
#include "model/project.h"
#include "model/queue.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/requests.h"
#include "tests/bench/runner.h"
#include "tests/bench/stage.h"

enum { LEASES = 1000000, PORTION = 10000 };

/* Creates a project with its leases, in a shared pool. */
static void fill(struct stage *s) {
	struct stage_pool pool = stage_pool_new(s, "deleted", "number", "0-1048575");
	struct batch *b = batch_new(BATCH_WRITE);
	const struct project_new project = {
	    .id = id_new(), .name = "bench/all", .max_leases = NO_LIMIT, .space = "global"};

	org_create_add(b, id_new(), "bench", NO_LIMIT, "{}");
	project_create_add(b, &project, "{}");
	stage_run_batch(s, b);
	for (int i = 0; i < LEASES; i += PORTION) {
		(void)stage_allocate(s, &pool, project.name, PORTION);
	}
	stage_run(s, "vacuum analyze berth.lease");
}

static void delete (struct stage *s) {
	struct target target = {.kind = TARGET_PROJECT, .name = "bench/all"};
	struct queue_request request = {.id = id_new(),
	    .detail = "{}",
	    .action = QUEUE_DELETE,
	    .targets = &target,
	    .count = 1,
	    .reason = "",
	    .until = TIME_NONE};
	struct batch *b = batch_new(BATCH_WRITE);

	queue_add(b, &request);
	stage_run_batch(s, b);
}

/* A client in another pool, and the worker, which runs or is stopped meanwhile. */
struct neighbour {
	struct source source;
	pid_t worker;
};

static void allocate(struct batch *b, void *context) {
	struct neighbour *n = context;

	request_allocate(b, &n->source);
}

static void begin(void *context) {
	runner_resume(((struct neighbour *)context)->worker);
}

/* Stops the worker. Its running statement ends soon. */
static void halt(void *context) {
	runner_pause(((struct neighbour *)context)->worker);
	(void)usleep(300000);
}

void measure_project(const char *berth, struct report *r) {
	static const struct slice seconds = {.span = 700000, .rounds = 9};
	struct stage *s = stage_new();
	struct neighbour n = {
	    .source = {.stage = s, .pool = stage_pool_new(s, "beside", "number", "0-1048575")}};
	const struct work thing = {allocate, &n, begin};
	const struct work baseline = {allocate, &n, halt};
	struct load *l = load_new(s, 1);
	struct outcome o;

	fill(s);
	delete (s);
	n.worker = runner_start(s, berth);
	o = load_compare(l, &thing, &baseline, &seconds);
	runner_resume(n.worker);
	runner_stop(n.worker);
	report_add(r, &(struct figure){
			  "project_delete", o.thing, "per s", o.baseline, o.ratio, 0.70, WANTED_RATIO_LEAST});
	load_free(l);
	stage_check(s);
	stage_free(s);
}
