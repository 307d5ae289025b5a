/*
 * The end of a bulk tells how each of its items ended: applied, no-op,
 * rejected, failed and cancelled ones are counted apart, each item once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "tests/lib/bulks.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/client.h"
#include "tests/lib/work.h"

enum { COUNT = 3 };

/* Releases some leases of a pool, as a plan that has seen the first generation of each. */
static struct id release_some(struct place *p, const char *pool, struct id *leases) {
	struct target targets[COUNT] = {0};
	struct queue_request request = work_request(QUEUE_RELEASE, targets);

	request.count = COUNT;
	for (size_t i = 0; i < COUNT; i++) {
		leases[i] = work_lease(p->conn, pool);
		targets[i] = work_on(TARGET_LEASE, leases[i]);
		targets[i].generation = 1;
	}
	return work_send(p->conn, &request);
}

static struct id extend(struct place *p, struct id lease) {
	struct target target = work_on(TARGET_LEASE, lease);
	struct queue_request request = work_request(QUEUE_EXTEND, &target);

	request.duration = 3600 * TIME_SECOND;
	request.shorten = true;
	return work_send(p->conn, &request);
}

static struct id item_of(struct place *p, struct id lease) {
	struct id item;

	assert_true(id_parse(work_look(p->database,
				 "select id from berth.command where parent is not null and target =", lease),
	    &item));
	return item;
}

/* Two items of a plan are applied, one is rejected because its lease has changed since. */
static void a_rejected_item_is_not_called_applied(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id leases[COUNT], bulk;

	bulk = release_some(p, "b", leases);
	extend(p, leases[1]);
	work_all(p->conn, &w);
	work_lease_is(p->database, leases[1], "active");
	work_command_is(p->database, bulk, "done applied");
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	work_explains(p->database, bulk, "3 of 3 ended, 2 applied, 1 rejected");
	session_is_sound(p->conn);
}

static void all_that_are_applied_are_called_so(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id drain = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("b"));
	struct id none = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 1U << LEASE_PENDING));

	work_all(p->conn, &w);
	work_counts_are(
	    p->database, drain, "10 of 10: 10 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_says(p->database, "select explanation from berth.command where id =", drain,
	    "10 of 10 ended, 10 applied");
	work_counts_are(p->database, none, "0 of 0: 0 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_says(p->database, "select explanation from berth.command where id =", none, "0 of 0 ended");
}

/* One lease was released before the bulk began, one while its item was waiting. */
static void an_item_without_anything_to_do_is_a_no_op(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id leases[COUNT], bulk;
	struct target targets[COUNT] = {0};
	struct queue_request request = work_request(QUEUE_RELEASE, targets);

	request.count = COUNT;
	for (size_t i = 0; i < COUNT; i++) {
		leases[i] = work_lease(p->conn, "b");
		targets[i] = work_on(TARGET_LEASE, leases[i]);
	}
	work_release(p->conn, leases[0]);
	work_all(p->conn, &w);
	bulk = work_send(p->conn, &request);
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_release(p->conn, leases[1]);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 1 applied, 2 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_explains(p->database, bulk, "3 of 3 ended, 1 applied, 2 no-op");
	session_is_sound(p->conn);
}

/* The same by the release of a lease that closes all other commands of it. */
static void an_item_that_another_command_closes_is_a_no_op(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id first, second;

	w.chunk = 100;
	first = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	second = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	assert_int_equal(work_apply(p->conn, &w), 2);
	work_fan_out(p->conn, &w);
	work_fan_out(p->conn, &w);
	work_all(p->conn, &w);
	work_counts_are(
	    p->database, first, "10 of 10: 10 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(
	    p->database, second, "10 of 10: 0 applied, 10 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_explains(p->database, second, "10 of 10 ended, 10 no-op");
	session_is_sound(p->conn);
}

static void a_cancelled_item_is_counted_apart(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id leases[COUNT], bulk;

	bulk = release_some(p, "b", leases);
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_fan_out(p->conn, &w);
	work_cancel(p->conn, item_of(p, leases[2]));
	work_counts_are(p->database, bulk, "1 of 3: 0 applied, 0 no-op, 0 rejected, 0 failed, 1 cancelled");
	session_is_sound(p->conn);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 0 rejected, 0 failed, 1 cancelled");
	work_explains(p->database, bulk, "3 of 3 ended, 2 applied, 1 cancelled");
	session_is_sound(p->conn);
}

/* The completed items of a bulk stay done; the items that it cancels count as cancelled. */
static void a_cancelled_bulk_counts_what_it_took_back(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));

	work_apply(p->conn, &w);
	while (work_fan_out(p->conn, &w) > 0) {
	}
	work_apply(p->conn, &w);
	work_counts_are(p->database, bulk, "4 of 25: 4 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_cancel(p->conn, bulk);
	work_counts_are(
	    p->database, bulk, "16 of 25: 4 applied, 0 no-op, 0 rejected, 0 failed, 12 cancelled");
	work_says(p->database, "select explanation from berth.command where id =", bulk,
	    "cancelled by postgres; 16 of 25 ended, 4 applied, 12 cancelled");
	session_is_sound(p->conn);
}

/* Running items end, and are counted as well. */
static void a_cancelled_bulk_tells_what_ends_later(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id leases[COUNT], bulk, unbegun;
	struct work_job job;

	work_pool(p->conn, "hooked", "1-100", 0, NULL, "bye");
	bulk = release_some(p, "hooked", leases);
	work_all(p->conn, &w);
	assert_int_equal(work_claim(p->conn, &w, 1, &job), 1);
	work_cancel(p->conn, bulk);
	work_explains(p->database, bulk, "; 2 of 3 ended, 2 cancelled");
	assert_true(work_finish(p->conn, &w, &job, true));
	work_command_is(p->database, bulk, "cancelled");
	work_says(p->database, "select explanation from berth.command where id =", bulk,
	    "cancelled by postgres; 3 of 3 ended, 1 applied, 2 cancelled");
	session_is_sound(p->conn);
	unbegun = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	work_cancel(p->conn, unbegun);
	work_says(p->database, "select explanation from berth.command where id =", unbegun,
	    "cancelled by postgres");
}

/* The hooks: one succeeds, one fails and is quarantined, one is lost with its worker and run again. */
static void a_failed_item_is_counted_once(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p), lost = work_start(p->conn, "lost");
	struct id leases[COUNT], bulk;
	struct work_job jobs[COUNT];

	work_pool(p->conn, "hooked", "1-100", 0, NULL, "bye");
	bulk = release_some(p, "hooked", leases);
	work_all(p->conn, &w);
	w.tries = 2;
	assert_int_equal(work_claim(p->conn, &w, 1, jobs), 1);
	assert_true(work_finish(p->conn, &w, &jobs[0], true));
	work_counts_are(p->database, bulk, "1 of 3: 1 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	assert_int_equal(work_claim(p->conn, &lost, 2, jobs), 2);
	work_kill(p->database, &lost);
	work_maintain(p->conn, &w);
	work_counts_are(p->database, bulk, "1 of 3: 1 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	assert_int_equal(work_claim(p->conn, &w, 2, jobs + 1), 2);
	assert_true(work_finish(p->conn, &w, &jobs[1], true));
	assert_false(work_finish(p->conn, &lost, &jobs[0], true));
	assert_true(work_finish(p->conn, &w, &jobs[2], false));
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 0 rejected, 1 failed, 0 cancelled");
	work_command_is(p->database, bulk, "done failed");
	work_explains(p->database, bulk, "3 of 3 ended, 2 applied, 1 failed");
	session_is_sound(p->conn);
	/* A successful retry makes the item an applied one; a failed one changes nothing. */
	w.tries = 1;
	work_send_on(p->conn, QUEUE_RETRY, work_on(TARGET_COMMAND, jobs[2].command));
	jobs[0] = work_claim_one(p->conn, &w);
	assert_true(work_finish(p->conn, &w, &jobs[0], false));
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 0 rejected, 1 failed, 0 cancelled");
	work_send_on(p->conn, QUEUE_RETRY, work_on(TARGET_COMMAND, jobs[0].command));
	jobs[0] = work_claim_one(p->conn, &w);
	assert_true(work_finish(p->conn, &w, &jobs[0], true));
	work_counts_are(p->database, bulk, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_command_is(p->database, bulk, "done applied");
	work_explains(p->database, bulk, "3 of 3 ended, 3 applied");
	session_is_sound(p->conn);
}

/* A bulk that an error of its own has stopped has failed, and reports the outcomes of its items. */
static void a_stopped_bulk_has_failed(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));

	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	work_says(p->database,
	    "update berth.command set arguments = '{\"scopes\": [{\"kind\": \"planet\"}]}' where id =", bulk,
	    "");
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done failed");
	work_counts_are(p->database, bulk, "4 of 4: 4 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_says(p->database, "select explanation from berth.command where id =", bulk,
	    "4 of 4 ended, 4 applied; it went no further: scope \"planet\": it is one of lease, resource, "
	    "pool, command, project, leases, resources, pools");
	database_run(p->database, "delete from berth.trouble");
}

/* The maintenance of two workers finds the same item, whose lease is missing. */
static void an_orphan_is_counted_once(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id leases[COUNT], bulk;
	char id[ID_TEXT];
	char *end;

	bulk = release_some(p, "b", leases);
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	end =
	    mem_print("select berth.end_orphans('w', array['%s'::uuid])", id_text(item_of(p, leases[1]), id));
	work_asks(p->database, end, "1");
	work_asks(p->database, end, "0");
	free(end);
	work_counts_are(p->database, bulk, "1 of 3: 0 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	database_run(p->database, "delete from berth.trouble");
}

/* Recomputes each of the counts from the items, also while a bulk is in progress. */
static void doctor_recomputes_each_count(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));
	const char *const swaps[] = {"applied = applied - 1, noop = noop + 1",
	    "noop = noop - 1, rejected = rejected + 1", "rejected = rejected - 1, failed = failed + 1",
	    "failed = failed - 1, cancelled = cancelled + 1"};

	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	work_apply(p->conn, &w);
	work_says(p->database, "select state || done from berth.command where id =", bulk, "running4");
	session_is_sound(p->conn);
	for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
		char *change = mem_print("update berth.command set %s where id =", swaps[i]);

		work_says(p->database, change, bulk, "");
		work_asks(
		    p->database, "select found from berth.doctor() where name = 'progress_adds_up'", "1");
		free(change);
	}
	work_says(p->database,
	    "update berth.command set cancelled = cancelled - 1, applied = applied + 1 where id =", bulk, "");
	session_is_sound(p->conn);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bulks_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_rejected_item_is_not_called_applied),
	    TEST(all_that_are_applied_are_called_so),
	    TEST(an_item_without_anything_to_do_is_a_no_op),
	    TEST(an_item_that_another_command_closes_is_a_no_op),
	    TEST(a_cancelled_item_is_counted_apart),
	    TEST(a_cancelled_bulk_counts_what_it_took_back),
	    TEST(a_cancelled_bulk_tells_what_ends_later),
	    TEST(a_failed_item_is_counted_once),
	    TEST(a_stopped_bulk_has_failed),
	    TEST(an_orphan_is_counted_once),
	    TEST(doctor_recomputes_each_count),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
