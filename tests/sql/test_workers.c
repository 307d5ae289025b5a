/*
 * Many workers on one queue: each command is applied once, whichever worker
 * dies in the middle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/crowd.h"
#include "tests/lib/database.h"
#include "tests/lib/fleet.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

/* --- one lease, released by fifty --- */

enum { SENDERS = 50 };

struct rush {
	struct fleet fleet;
	struct target target;
	bool sent[SENDERS];
};

static struct batch *rush_next(void *data, size_t client) {
	struct rush *rush = data;
	struct queue_request request = work_request(QUEUE_RELEASE, &rush->target);
	struct batch *b;

	if (client < WORKERS) {
		return fleet_next(&rush->fleet, client);
	}
	if (rush->sent[client - WORKERS]) {
		return NULL;
	}
	rush->sent[client - WORKERS] = true;
	b = batch_new(BATCH_WRITE);
	queue_add(b, &request);
	return b;
}

static void rush_answer(void *data, size_t client, struct batch *b, struct err *err) {
	struct rush *rush = data;

	if (client < WORKERS) {
		fleet_answer(&rush->fleet, client, b, err);
	} else if (err->code != ERR_NONE) {
		fail_msg("%s", err->message);
	}
}

static void fifty_releases_are_one(struct place *p, const char *pool) {
	struct id lease = work_lease(p->conn, pool);
	struct rush rush = {.target = work_on(TARGET_LEASE, lease)};
	struct crowd crowd = {rush_next, rush_answer, &rush};

	fleet_open(
	    &rush.fleet, p, "select 1 from berth.command having count(*) = 50 and bool_and(state = 'done')");
	crowd_run(database_values(p->database), WORKERS + SENDERS, &crowd);
	work_asks(p->database, "select count(*) from berth.command where outcome = 'applied'", "1");
	work_asks(p->database,
	    "select count(*) from berth.command where outcome = 'noop' and explanation like 'it was released "
	    "by command %'",
	    "49");
	work_lease_is(p->database, lease, "destroyed");
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
	work_asks(p->database, "select sum(consumed) from berth.worker", "50");
	database_run(p->database, "delete from berth.command; delete from berth.worker");
}

static void fifty_releases_of_one_lease(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-10");
	work_pool(p->conn, "down", "1-10", 0, NULL, "unmake");
	fifty_releases_are_one(p, "a");
	fifty_releases_are_one(p, "down");
}

/* --- connections lost in the middle --- */

static struct batch *drain_next(void *data, size_t client) {
	return fleet_next(data, client);
}

static void drain_answer(void *data, size_t client, struct batch *b, struct err *err) {
	fleet_answer(data, client, b, err);
}

static void take(struct place *p, const char *pool, int64_t count) {
	struct allocate ask = client_ask(pool, id_new());
	struct batch *b = batch_new(BATCH_WRITE);

	ask.count = count;
	lease_allocate_add(b, &ask);
	client_run(p->conn, b);
	batch_free(b);
}

static void a_pool_is_drained_by_workers_that_die(void **state) {
	struct place *p = *state;
	struct fleet fleet;
	struct crowd crowd = {drain_next, drain_answer, &fleet};
	struct id plain, hooked;

	client_pool(p->conn, "plain", KIND_NUMBER, "1-1000");
	take(p, "plain", 900);
	work_pool(p->conn, "down", "1-200", 0, NULL, "unmake");
	take(p, "down", 100);
	plain = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("plain"));
	hooked = work_send_on(p->conn, QUEUE_RELEASE, work_on_place("down/1-200"));
	fleet_open(&fleet, p,
	    "select 1 where not exists (select from berth.command where state not in ('done', 'cancelled'))");
	fleet.die = true;
	crowd_run(database_values(p->database), WORKERS, &crowd);
	assert_true(fleet.cut > ENOUGH_CUTS);
	work_command_is(p->database, plain, "done applied");
	work_progress_is(p->database, plain, "900 of 900, 0");
	work_command_is(p->database, hooked, "done applied");
	work_progress_is(p->database, hooked, "100 of 100, 0");
	work_asks(p->database, "select string_agg(distinct state, ' ') from berth.resource", "destroyed");
	work_asks(p->database,
	    "select count(*) || ' ' || count(distinct target) from berth.event where kind = 'lease' and "
	    "action = 'destroy'",
	    "1000 1000");
	work_asks(p->database,
	    "select count(*) || ' ' || count(distinct target) from berth.event where kind = 'lease' and "
	    "action = 'release'",
	    "1000 1000");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(fifty_releases_of_one_lease),
	    TEST(a_pool_is_drained_by_workers_that_die),
	};

	return cmocka_run_group_tests_name("workers", tests, NULL, NULL);
}
