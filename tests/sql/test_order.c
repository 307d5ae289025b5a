/*
 * The order in which commands on one target are applied, commands that are too
 * late, and the limits of an extension.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

static int open_place(void **state) {
	struct place *p = place_new();

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	*state = p;
	return 0;
}

static int64_t hours_from_now(int hours) {
	return clock_now() + hours * INT64_C(3600) * TIME_SECOND;
}

/* --- order --- */

static void a_lane_keeps_the_order(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request extend = work_request(QUEUE_EXTEND, &target), late;
	struct id release;

	extend.until = hours_from_now(2);
	extend.shorten = true;
	work_send(p->conn, &extend);
	release = work_release(p->conn, target.id);
	late = extend;
	late.id = id_new();
	late.until = hours_from_now(3);
	work_send(p->conn, &late);
	assert_int_equal(work_apply(p->conn, &w), 3);
	work_command_is(p->database, extend.id, "done applied");
	work_command_is(p->database, release, "done applied");
	work_asks(p->database,
	    "select string_agg(action, ' ' order by seq) from berth.event where kind = 'lease'",
	    "extend release destroy");
	/* It came after the release, which ended the lease: it is never applied. */
	work_command_is(p->database, late.id, "done rejected");
	late.id = id_new();
	work_send(p->conn, &late);
	work_all(p->conn, &w);
	work_command_is(p->database, late.id, "done rejected");
	work_explains(p->database, late.id, "the lease is destroyed: it was released by command ");
}

static void a_resource_keeps_the_order(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on_place("a/1-100");
	struct id cordon = work_send_on(p->conn, QUEUE_CORDON, target);
	struct id uncordon = work_send_on(p->conn, QUEUE_UNCORDON, target);
	struct id again = work_send_on(p->conn, QUEUE_UNCORDON, target);

	work_all(p->conn, &w);
	work_command_is(p->database, cordon, "done applied");
	work_command_is(p->database, uncordon, "done applied");
	work_command_is(p->database, again, "done noop");
	work_says(p->database, "select consumed_by from berth.command where id =", cordon, "w");
	work_asks(p->database, "select cordoned::text || generation from berth.resource", "false3");
}

static void a_stale_generation_is_rejected(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request extend = work_request(QUEUE_EXTEND, &target),
			     release = work_request(QUEUE_RELEASE, &target);

	extend.until = hours_from_now(1);
	extend.shorten = true;
	extend.generation = 1;
	release.generation = 1;
	work_send(p->conn, &extend);
	work_send(p->conn, &release);
	work_all(p->conn, &w);
	work_command_is(p->database, extend.id, "done applied");
	work_command_is(p->database, release.id, "done rejected");
	work_explains(p->database, release.id, "generation 2 now, you saw 1: extend by w at ");
	work_lease_is(p->database, target.id, "active");
	release.id = id_new();
	release.generation = 2;
	work_send(p->conn, &release);
	work_all(p->conn, &w);
	work_command_is(p->database, release.id, "done applied");
}

/* --- extending --- */

static struct id extend(struct place *p, struct id lease, int64_t until, bool shorten) {
	struct target target = work_on(TARGET_LEASE, lease);
	struct queue_request request = work_request(QUEUE_EXTEND, &target);

	request.until = until;
	request.shorten = shorten;
	return work_send(p->conn, &request);
}

static void an_extension_lengthens(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct allocate ask = client_ask("a", id_new());
	struct id longer, same, shorter, forced;

	ask.until = hours_from_now(2);
	client_allocate(p->conn, &ask);
	longer = extend(p, ask.id, hours_from_now(3), false);
	work_all(p->conn, &w);
	work_command_is(p->database, longer, "done applied");
	ask.until = hours_from_now(4);
	work_all(p->conn, &w);
	longer = extend(p, ask.id, ask.until, false);
	same = extend(p, ask.id, ask.until, false);
	shorter = extend(p, ask.id, hours_from_now(1), false);
	work_all(p->conn, &w);
	work_command_is(p->database, longer, "done applied");
	work_command_is(p->database, same, "done noop");
	work_command_is(p->database, shorter, "done rejected");
	work_explains(p->database, shorter, "--force");
	forced = extend(p, ask.id, hours_from_now(1), true);
	work_all(p->conn, &w);
	work_command_is(p->database, forced, "done applied");
	work_says(p->database,
	    "select until < now() + interval '61 minutes' from berth.lease where id =", ask.id, "t");
	work_says(p->database, "select generation from berth.lease where id =", ask.id, "4");
}

static void without_an_end_there_is_nothing_to_extend(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a"), command = extend(p, lease, hours_from_now(1), false);

	work_all(p->conn, &w);
	work_command_is(p->database, command, "done rejected");
	work_says(p->database, "select until is null from berth.lease where id =", lease, "t");
}

/* A command that cannot be applied must not stop those beside it. */
static void an_end_before_the_birth_is_rejected(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a"), other = work_lease(p->conn, "a");
	struct id past = extend(p, lease, hours_from_now(-24), true), release = work_release(p->conn, other);

	work_all(p->conn, &w);
	work_command_is(p->database, past, "done rejected");
	work_command_is(p->database, release, "done applied");
	work_lease_is(p->database, lease, "active");
}

static void an_extension_before_the_expiry_wins(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct allocate ask = client_ask("a", id_new());
	struct id longer;

	ask.until = hours_from_now(2);
	client_allocate(p->conn, &ask);
	work_end_time(p->database, ask.id);
	assert_int_equal(work_maintain(p->conn, &w), 1);
	longer = extend(p, ask.id, hours_from_now(4), false);
	work_all(p->conn, &w);
	work_command_is(p->database, longer, "done applied");
	work_asks(p->database, "select outcome from berth.command where author = 'berth:expiry'", "noop");
	work_asks(p->database,
	    "select explanation like 'extended to 2%Z' from berth.command where author = 'berth:expiry'",
	    "t");
	work_lease_is(p->database, ask.id, "active");
	/* The next end is a different one. */
	work_end_time(p->database, ask.id);
	work_all(p->conn, &w);
	work_lease_is(p->database, ask.id, "destroyed");
	work_asks(p->database,
	    "select string_agg(outcome, ' ' order by seq) from berth.command where author = 'berth:expiry'",
	    "noop applied");
}

static void a_release_in_the_line_gives_the_place_up(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease, release;

	client_pool(p->conn, "full", KIND_NUMBER, "7");
	work_lease(p->conn, "full");
	lease = work_pending(p->database, "full", 0, 1);
	release = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_command_is(p->database, release, "done applied");
	work_explains(p->database, release, "taken out of the line");
	work_lease_is(p->database, lease, "destroyed");
	work_says(p->database, "select value is null from berth.lease where id =", lease, "t");
	work_asks(p->database, "select waiting from berth.pool where name = 'full'", "0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_lane_keeps_the_order),
	    TEST(a_resource_keeps_the_order),
	    TEST(a_stale_generation_is_rejected),
	    TEST(an_extension_lengthens),
	    TEST(without_an_end_there_is_nothing_to_extend),
	    TEST(an_end_before_the_birth_is_rejected),
	    TEST(an_extension_before_the_expiry_wins),
	    TEST(a_release_in_the_line_gives_the_place_up),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
