/*
 * The command queue: sending a command, also twice, and the fate of one that
 * waits or is cancelled.
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

/* --- sending --- */

static void a_release_is_applied_once(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a");
	struct id release = work_release(p->conn, lease);

	work_command_is(p->database, release, "queued");
	work_lease_is(p->database, lease, "active");
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_command_is(p->database, release, "done applied");
	work_says(p->database, "select consumed_by from berth.command where id =", release, "w");
	work_lease_is(p->database, lease, "destroyed");
	work_says(p->database, "select generation from berth.lease where id =", lease, "3");
	work_says(p->database,
	    "select released = destroyed and rest_until is null from berth.lease where id =", lease, "t");
	work_events_are(p->database, lease, "release", "1");
	work_events_are(p->database, lease, "destroy", "1");
	work_says(p->database,
	    "select bool_and(actor = 'w' and command is not null) from berth.event where kind = 'lease' and "
	    "target =",
	    lease, "t");
	work_says(p->database, "select consumed from berth.worker where name = 'w' and ''<>", release, "1");
	assert_int_equal(work_apply(p->conn, &w), 0);
}

static void the_value_is_free_again(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a");
	struct allocate ask = client_ask("a", id_new());

	work_release(p->conn, lease);
	work_all(p->conn, &w);
	assert_true(client_allocate(p->conn, &ask) == 1);
}

static void a_second_release_does_nothing(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a");
	struct id first = work_release(p->conn, lease), second = work_release(p->conn, lease), third;

	work_all(p->conn, &w);
	work_command_is(p->database, first, "done applied");
	work_command_is(p->database, second, "done noop");
	work_explains(p->database, second, "it was released by command ");
	work_says(p->database, "select consumed_by from berth.command where id =", second, "w");
	third = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_command_is(p->database, third, "done noop");
	work_explains(p->database, third, "it was released by command ");
	work_events_are(p->database, lease, "destroy", "1");
}

static void the_same_id_is_one_command(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request request = work_request(QUEUE_RELEASE, &target);
	struct batch *b = batch_new(BATCH_WRITE);
	const struct command *command;

	work_send(p->conn, &request);
	request.reason = "another one";
	request.grace = TIME_SECOND;
	work_send(p->conn, &request);
	work_says(p->database, "select reason from berth.command where id =", request.id, "");
	work_all(p->conn, &w);
	queue_add(b, &request);
	client_run(p->conn, b);
	command = batch_row(b, 0, 0);
	assert_true(command->replayed);
	assert_int_equal(command->state, COMMAND_DONE);
	assert_string_equal(command->outcome, "applied");
	batch_free(b);
	work_asks(p->database, "select count(*) from berth.command", "1");
}

/* The time zone of the requesting session does not matter. */
static void the_same_extension_is_one_command(void **state) {
	struct place *p = *state;
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request request = work_request(QUEUE_EXTEND, &target);
	struct conn *other;

	request.until = hours_from_now(1);
	request.shorten = true;
	work_send(p->conn, &request);
	database_run(p->database,
	    "do $$ begin execute format('alter database %I set timezone = ''Asia/Tokyo''',"
	    " current_database()); end $$");
	other = client_new(database_values(p->database));
	work_send(other, &request);
	conn_free(other);
	request.until++;
	work_send_refused(p->conn, &request, ERR_ID_CONFLICT, "with other content");
}

static void an_id_is_of_one_thing_only(void **state) {
	struct place *p = *state;
	struct id lease = work_lease(p->conn, "a"), other = work_lease(p->conn, "a");
	struct target target = work_on(TARGET_LEASE, lease), another = work_on(TARGET_LEASE, other);
	struct queue_request request = work_request(QUEUE_RELEASE, &target), changed;

	work_send(p->conn, &request);
	changed = request;
	changed.targets = &another;
	work_send_refused(p->conn, &changed, ERR_ID_CONFLICT, "was used for release lease/");
	changed = request;
	changed.action = QUEUE_EXTEND;
	changed.duration = TIME_SECOND;
	work_send_refused(p->conn, &changed, ERR_ID_CONFLICT, "now extend lease/");
	changed = request;
	changed.id = other;
	work_send_refused(p->conn, &changed, ERR_ID_CONFLICT, "was used for allocate lease/");
	work_asks(p->database, "select count(*) from berth.command", "1");
}

static void the_replay_outlives_the_pool(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on_pool("a");
	struct queue_request request = work_request(QUEUE_RELEASE, &target);

	work_send(p->conn, &request);
	work_all(p->conn, &w);
	database_run(p->database, "select berth.pool_delete(gen_random_uuid(), 'a', '{}')");
	work_send(p->conn, &request);
	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	work_send(p->conn, &request);
	work_command_is(p->database, request.id, "done applied");
}

static void an_unknown_target_stores_nothing(void **state) {
	struct place *p = *state;
	struct target targets[] = {work_on(TARGET_LEASE, id_new()), work_on(TARGET_RESOURCE, id_new()),
	    work_on(TARGET_COMMAND, id_new()), work_on_pool("nowhere"), work_on_place("a/1-99"),
	    work_on_leases("nowhere", 0)};
	static const enum queue_action actions[] = {
	    QUEUE_RELEASE, QUEUE_CORDON, QUEUE_RETRY, QUEUE_RELEASE, QUEUE_RECLAIM, QUEUE_RELEASE};

	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		struct queue_request request = work_request(actions[i], &targets[i]);

		work_send_refused(p->conn, &request, ERR_NOT_FOUND, "does not exist");
	}
	work_asks(p->database, "select count(*) from berth.command", "0");
}

/* A request that the program never sends, but any caller of the function can. */
static void a_wish_that_makes_no_sense_is_refused(void **state) {
	struct place *p = *state;
	struct id lease = work_lease(p->conn, "a");
	struct target on_lease = work_on(TARGET_LEASE, lease), on_pool = work_on_pool("a"),
		      on_place = work_on_place("a/1-100"), on_all = work_on_leases("a", 0);
	const struct {
		enum queue_action action;
		const struct target *target;
	} cases[] = {{QUEUE_EXTEND, &on_pool}, {QUEUE_EXTEND, &on_place}, {QUEUE_CORDON, &on_lease},
	    {QUEUE_CORDON, &on_pool}, {QUEUE_UNCORDON, &on_all}, {QUEUE_RECLAIM, &on_lease},
	    {QUEUE_RECLAIM, &on_pool}, {QUEUE_RETRY, &on_lease}, {QUEUE_SKIP, &on_place},
	    {QUEUE_FORCE, &on_lease}};
	struct target both[] = {on_place, on_lease};
	struct queue_request request = work_request(QUEUE_CORDON, both);

	request.count = 2;
	work_send_refused(p->conn, &request, ERR_INVALID_INPUT, "cordon");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		request = work_request(cases[i].action, cases[i].target);
		request.duration = cases[i].action == QUEUE_EXTEND ? TIME_SECOND : 0;
		work_send_refused(p->conn, &request, ERR_INVALID_INPUT, queue_action_names[cases[i].action]);
	}
	work_asks(p->database, "select count(*) from berth.command", "0");
}

/* --- grace and cancelling --- */

static void a_grace_is_waited_for(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request request = work_request(QUEUE_RELEASE, &target);

	request.grace = 3600 * TIME_SECOND;
	work_send(p->conn, &request);
	work_all(p->conn, &w);
	work_command_is(p->database, request.id, "queued");
	work_lease_is(p->database, target.id, "active");
	work_end_grace(p->database, request.id);
	work_all(p->conn, &w);
	work_command_is(p->database, request.id, "done applied");
}

static void a_grace_can_be_overtaken(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on(TARGET_LEASE, work_lease(p->conn, "a"));
	struct queue_request request = work_request(QUEUE_RELEASE, &target);
	struct id later;

	request.grace = 3600 * TIME_SECOND;
	work_send(p->conn, &request);
	later = work_release(p->conn, target.id);
	work_all(p->conn, &w);
	work_command_is(p->database, later, "done applied");
	work_command_is(p->database, request.id, "done noop");
}

static void a_grace_ends_with_its_resource(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct target target = work_on_place("a/1-100");
	struct queue_request request = work_request(QUEUE_CORDON, &target);
	struct id reclaim;

	request.grace = 3600 * TIME_SECOND;
	work_send(p->conn, &request);
	reclaim = work_send_on(p->conn, QUEUE_RECLAIM, target);
	work_all(p->conn, &w);
	work_command_is(p->database, reclaim, "done applied");
	work_command_is(p->database, request.id, "done noop");
}

static void what_is_cancelled_is_not_applied(void **state) {
	struct place *p = *state;
	struct worker_self w = work_start(p->conn, "w");
	struct id lease = work_lease(p->conn, "a"), release = work_release(p->conn, lease), done;

	work_cancel(p->conn, release);
	work_cancel(p->conn, release);
	work_all(p->conn, &w);
	work_command_is(p->database, release, "cancelled");
	work_explains(p->database, release, "cancelled by postgres");
	work_lease_is(p->database, lease, "active");
	done = work_release(p->conn, lease);
	work_all(p->conn, &w);
	work_cancel_refused(p->conn, done, "is done: applied");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_release_is_applied_once),
	    TEST(the_value_is_free_again),
	    TEST(a_second_release_does_nothing),
	    TEST(the_same_id_is_one_command),
	    TEST(the_same_extension_is_one_command),
	    TEST(an_id_is_of_one_thing_only),
	    TEST(the_replay_outlives_the_pool),
	    TEST(an_unknown_target_stores_nothing),
	    TEST(a_wish_that_makes_no_sense_is_refused),
	    TEST(a_grace_is_waited_for),
	    TEST(a_grace_can_be_overtaken),
	    TEST(a_grace_ends_with_its_resource),
	    TEST(what_is_cancelled_is_not_applied),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
