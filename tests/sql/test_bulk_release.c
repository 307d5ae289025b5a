/*
 * Releases of many leases at once: one parent, a child for each lease, in
 * chunks, also when a worker dies at any point.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
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

/* --- the selection --- */

static void a_selection_is_released(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 0));

	work_says(p->database, "select kind || ' ' || (parent is null) from berth.command where id =", bulk,
	    "selection true");
	work_says(p->database, "select target from berth.command_view where id =", bulk, "pool/a");
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_progress_is(p->database, bulk, "25 of 25, 0");
	bulks_live_are(p, "b10");
	work_asks(p->database, "select count(*) from berth.resource where state = 'active'", "3");
	work_says(p->database,
	    "select count(*) from berth.command where outcome = 'applied' and parent =", bulk, "25");
	work_asks(p->database, "select count(*) from berth.event where action = 'destroy'", "25");
	work_asks(p->database, "select count(*) from berth.event where action = 'release' and kind = 'lease'",
	    "25");
}

static void a_selection_can_name_states(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk;

	work_pending(p->database, "b", 0, 1);
	bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("", 1U << LEASE_PENDING));
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	work_apply(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_progress_is(p->database, bulk, "1 of 1, 0");
	bulks_live_are(p, "a25 b10");
}

static void a_selection_is_matched_when_it_begins(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));

	bulks_take(p, "b", 1);
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_command_is(p->database, bulk, "running");
	bulks_take(p, "b", 5);
	work_all(p->conn, &w);
	work_progress_is(p->database, bulk, "11 of 11, 0");
	bulks_live_are(p, "a25 b5");
}

static void nothing_matches(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("a", 1U << LEASE_PENDING));

	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_progress_is(p->database, bulk, "0 of 0, 0");
}

static void targets_of_all_kinds_are_one_bulk(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id known = work_lease(p->conn, "b"), changed = work_lease(p->conn, "b"),
		  other = work_lease(p->conn, "b");
	struct target targets[] = {work_on(TARGET_LEASE, known), work_on(TARGET_LEASE, changed),
	    work_on_place("a/1-20"), work_on(TARGET_LEASE, known), work_on(TARGET_LEASE, other)};
	struct queue_request request = work_request(QUEUE_RELEASE, targets);

	targets[0].generation = 1;
	targets[1].generation = 7;
	request.count = 5;
	work_send(p->conn, &request);
	work_all(p->conn, &w);
	work_command_is(p->database, request.id, "done applied");
	work_progress_is(p->database, request.id, "23 of 23, 0");
	work_lease_is(p->database, known, "destroyed");
	work_lease_is(p->database, changed, "active");
	work_lease_is(p->database, other, "destroyed");
	work_says(p->database,
	    "select outcome || explanation from berth.command where parent is not null and target =", changed,
	    "rejectedgeneration 1 now, you saw 7: it never was at that one");
	work_asks(p->database,
	    "select string_agg(state, ' ' order by first) from berth.resource where name <> '1-100'",
	    "destroyed active");
	bulks_live_are(p, "a5 b11");
}

/* --- in progress --- */

static void children_are_made_a_few_chunks_ahead(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk;

	bulks_take(p, "b", 80);
	bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	assert_int_equal(work_apply(p->conn, &w), 1);
	work_progress_is(p->database, bulk, "0 of 90, 0");
	while (work_fan_out(p->conn, &w) > 0) {
	}
	work_says(p->database, "select count(*) from berth.command where parent =", bulk, "16");
	assert_int_equal(work_apply(p->conn, &w), 4);
	work_progress_is(p->database, bulk, "4 of 90, 0");
	session_is_sound(p->conn);
	work_all(p->conn, &w);
	work_progress_is(p->database, bulk, "90 of 90, 0");
}

static void a_bulk_that_is_cancelled_goes_no_further(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk;

	bulks_take(p, "b", 80);
	bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	work_apply(p->conn, &w);
	while (work_fan_out(p->conn, &w) > 0) {
	}
	work_apply(p->conn, &w);
	work_cancel(p->conn, bulk);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "cancelled");
	bulks_live_are(p, "a25 b86");
	work_progress_is(p->database, bulk, "16 of 90, 0");
	work_says(p->database,
	    "select string_agg(n, ' ') from (select count(*) || coalesce(outcome, state) as n from "
	    "berth.command where id <> parent"
	    " group by outcome, state order by 1 desc) x where ''<>",
	    bulk, "4applied 12cancelled");
}

/* An item that is being applied is not reported as cancelled: it is done or it is not. */
static void an_item_is_applied_or_cancelled(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	char text[ID_TEXT];
	char *cancel = mem_print("select berth.queue_cancel('%s', '', '{}')", id_text(bulk, text));

	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	/* The canceller is delayed before its end; the worker comes in between. */
	database_run(p->database, "begin");
	database_run(p->database, cancel);
	worker_apply_add(b, &w);
	conn_submit(p->conn, b, client_patience());
	client_step(&p->conn, 1, 200);
	client_step(&p->conn, 1, 200);
	database_run(p->database, "commit");
	assert_true(client_finish(p->conn, &err));
	batch_free(b);
	free(cancel);
	work_asks(p->database,
	    "select count(*) from berth.command c join berth.lease l on l.id = c.lane where c.state = "
	    "'cancelled'"
	    " and l.state = 'destroyed'",
	    "0");
	work_says(p->database, "select done::text from berth.command where id =", bulk, "4");
}

static void a_step_that_dies_is_taken_again(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	size_t (*const steps[])(struct batch *, const struct worker_self *) = {
	    worker_apply_add, worker_fan_out_add, worker_maintain_add};
	struct id bulk = work_send_on(p->conn, QUEUE_RELEASE, work_on_pool("a"));
	char done[] = "queued";

	/* Each step is rolled back once before it is done, as when its connection is lost. */
	while (strcmp(done, "done") != 0) {
		for (size_t i = 0; i < 3; i++) {
			struct batch *dying = batch_new(BATCH_DRY), *b = batch_new(BATCH_WRITE);

			steps[i](dying, &w);
			client_run(p->conn, dying);
			session_is_sound(p->conn);
			steps[i](b, &w);
			client_run(p->conn, b);
			session_is_sound(p->conn);
			batch_free(dying);
			batch_free(b);
		}
		(void)snprintf(done, sizeof done, "%s",
		    work_look(p->database, "select state from berth.command where id =", bulk));
	}
	work_progress_is(p->database, bulk, "25 of 25, 0");
	bulks_live_are(p, "b10");
	work_asks(p->database, "select count(*) from berth.event where action = 'destroy' and kind = 'lease'",
	    "25");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bulks_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(a_selection_is_released),
	    TEST(a_selection_can_name_states),
	    TEST(a_selection_is_matched_when_it_begins),
	    TEST(nothing_matches),
	    TEST(targets_of_all_kinds_are_one_bulk),
	    TEST(children_are_made_a_few_chunks_ahead),
	    TEST(a_bulk_that_is_cancelled_goes_no_further),
	    TEST(an_item_is_applied_or_cancelled),
	    TEST(a_step_that_dies_is_taken_again),
	};

	return cmocka_run_group_tests_name("bulk_release", tests, NULL, NULL);
}
