/*
 * Bulks of every action: each target is an item with its own outcome, and the parent counts them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/queue.h"
#include "model/syntax/selector.h"
#include "tests/lib/bulks.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/hooked.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

enum { SOME = 3 };

/* A request for many: its targets, and the labels that it sets and deletes. */
struct many {
	struct queue_request request;
	struct target targets[8];
	struct metadata_edit labels;
};

static void init(struct many *m, enum queue_action action) {
	*m = (struct many){.request = work_request(action, m->targets)};
	m->request.targets = m->targets;
	m->request.count = 0;
}

static void add_target(struct many *m, struct target target) {
	m->targets[m->request.count++] = target;
}

static void label(struct many *m, const char *set, const char *gone) {
	buf_puts(&m->labels.set, set);
	buf_puts(&m->labels.gone, gone);
	m->request.labels = &m->labels;
}

static struct id send(struct place *p, struct many *m) {
	struct id id = work_send(p->conn, &m->request);

	metadata_release(&m->labels);
	return id;
}

/* Checks the outcome and explanation of an item. */
static void item_is(struct place *p, struct id bulk, struct id target, const char *expected) {
	char text[ID_TEXT];
	char *ask = mem_print(
	    "select outcome || ': ' || explanation from berth.command where parent = '%s' and target =",
	    id_text(bulk, text));

	work_says(p->database, ask, target, expected);
	free(ask);
}

static struct id resource(struct place *p, const char *name) {
	char *ask = mem_print("select id from berth.resource where name = '%s'", name);
	struct id id;

	assert_true(id_parse(database_ask(p->database, ask), &id));
	free(ask);
	return id;
}

/* --- leases --- */

static void leases_are_extended_as_they_were_seen(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id seen = work_lease(p->conn, "b"), changed = work_lease(p->conn, "b"),
		  gone = work_lease(p->conn, "b"), bulk;
	struct many m;

	init(&m, QUEUE_EXTEND);
	m.request.duration = 3600 * TIME_SECOND;
	m.request.shorten = true;
	add_target(&m, work_on(TARGET_LEASE, seen));
	add_target(&m, work_on(TARGET_LEASE, changed));
	add_target(&m, work_on(TARGET_LEASE, gone));
	m.targets[0].generation = 1;
	m.targets[1].generation = 7;
	bulk = send(p, &m);
	work_apply(p->conn, &w);
	work_release(p->conn, gone);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_counts_are(p->database, bulk, "3 of 3: 1 applied, 0 no-op, 2 rejected, 0 failed, 0 cancelled");
	item_is(p, bulk, changed, "rejected: generation 1 now, you saw 7: it never was at that one");
	work_explains(p->database, bulk, "3 of 3 ended, 1 applied, 2 rejected");
	work_says(p->database,
	    "select until is not null and generation = 2 from berth.lease where id =", seen, "t");
	work_events_are(p->database, seen, "extend", "1");
	work_says(p->database,
	    "select count(*) from berth.command where parent is not null and explanation like 'the lease is "
	    "destroyed: "
	    "it was released by command %' and target =",
	    gone, "1");
	work_says(p->database, "select subject from berth.command_view where id =", bulk, "3 targets");
}

static void a_selection_is_extended(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct many m;
	struct id bulk;

	init(&m, QUEUE_EXTEND);
	m.request.duration = 3600 * TIME_SECOND;
	m.request.shorten = true;
	add_target(&m, work_on_leases("a", 0));
	bulk = send(p, &m);
	work_all(p->conn, &w);
	work_progress_is(p->database, bulk, "25 of 25, 0");
	work_asks(p->database,
	    "select count(*) || ' ' || count(distinct until) from berth.lease where until is not null",
	    "25 1");
	bulk = send(p, &m);
	work_says(p->database, "select count(*) from berth.command where id =", bulk, "1");
}

/* Each item merges: keys that are not named stay, and the generation does not change. */
static void leases_are_labelled(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id first = work_lease(p->conn, "b"), same = work_lease(p->conn, "b"),
		  full = work_lease(p->conn, "b"), bulk;
	struct many m;

	work_says(p->database,
	    "insert into berth.label (kind, target, prefix, name, value, seq) select 'lease', id, '', k, "
	    "'v', seq from "
	    "berth.lease, unnest(array['old', 'kept']) k where id =",
	    first, "");
	work_says(p->database,
	    "insert into berth.label (kind, target, prefix, name, value, seq) select 'lease', id, '', 'env', "
	    "'prod', seq "
	    "from berth.lease where id =",
	    same, "");
	work_says(p->database,
	    "insert into berth.label (kind, target, prefix, name, value, seq) select 'lease', id, '', 'k' || "
	    "n, '', seq "
	    "from generate_series(1, 50) n, berth.lease where id =",
	    full, "");
	init(&m, QUEUE_LABEL);
	add_target(&m, work_on(TARGET_LEASE, first));
	add_target(&m, work_on(TARGET_LEASE, same));
	add_target(&m, work_on(TARGET_LEASE, full));
	m.targets[0].generation = 1;
	label(&m, "{\"env\":\"prod\"}", "[\"old\"]");
	bulk = send(p, &m);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done failed");
	work_counts_are(p->database, bulk, "3 of 3: 1 applied, 1 no-op, 0 rejected, 1 failed, 0 cancelled");
	item_is(p, bulk, first, "applied: 1 set, 1 deleted");
	item_is(p, bulk, same, "noop: the labels are so already");
	work_says(p->database,
	    "select count(*) from berth.command where outcome = 'failed' and explanation like "
	    "'lease/% would have 51 labels, and has 50: the limit is 50' and target =",
	    full, "1");
	work_says(p->database,
	    "select string_agg(name || '=' || value, ' ' order by name) from berth.label where target =",
	    first, "env=prod kept=v");
	work_says(p->database, "select count(*) from berth.label where target =", full, "50");
	work_says(p->database, "select generation from berth.lease where id =", first, "1");
	work_events_are(p->database, first, "set", "1");
	work_events_are(p->database, first, "remove", "1");
	work_events_are(p->database, same, "set", "0");
	work_says(p->database,
	    "select e.actor || ' ' || (e.command = c.id) || ' ' || (e.after->>'labels') from berth.event e "
	    "join "
	    "berth.command c on c.target = e.target where e.action = 'set' and e.target =",
	    first, "w true {\"env\": \"prod\"}");
}

/* A label does not keep a release from being applied, nor the other way round. */
static void a_labelled_lease_is_released_in_turn(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id labels, releases, late;
	struct many m;

	init(&m, QUEUE_LABEL);
	add_target(&m, work_on_leases("b", 0));
	label(&m, "{\"env\":\"prod\"}", "[]");
	labels = send(p, &m);
	w.chunk = 100;
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	releases = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	init(&m, QUEUE_LABEL);
	m.request.id = late = id_new();
	add_target(&m, work_on_leases("b", 0));
	label(&m, "{\"env\":\"late\"}", "[]");
	send(p, &m);
	work_all(p->conn, &w);
	work_counts_are(
	    p->database, labels, "10 of 10: 10 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(
	    p->database, releases, "10 of 10: 10 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_command_is(p->database, late, "done applied");
	bulks_live_are(p, "a25");
}

/* --- resources and pools --- */

static void resources_are_cordoned(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id first = resource(p, "1-20"), changed = resource(p, "101-120"), other = resource(p, "1-100"),
		  bulk;
	struct many m;

	init(&m, QUEUE_CORDON);
	add_target(&m, work_on(TARGET_RESOURCE, first));
	add_target(&m, work_on_place("a/101-120"));
	add_target(&m, work_on(TARGET_RESOURCE, other));
	add_target(&m, work_on(TARGET_RESOURCE, first));
	m.targets[1].generation = 7;
	work_send_on(p->conn, QUEUE_CORDON, work_on(TARGET_RESOURCE, other));
	work_all(p->conn, &w);
	bulk = send(p, &m);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 1 applied, 1 no-op, 1 rejected, 0 failed, 0 cancelled");
	item_is(p, bulk, first, "applied: resource 1-20 is cordoned");
	item_is(p, bulk, other, "noop: resource 1-100 is cordoned already");
	item_is(p, bulk, changed, "rejected: generation 1 now, you saw 7: it never was at that one");
	work_asks(p->database,
	    "select string_agg(name, ' ' order by name) from berth.resource where cordoned", "1-100 1-20");
	work_events_are(p->database, first, "cordon", "1");
	init(&m, QUEUE_UNCORDON);
	add_target(&m, target_named(TARGET_RESOURCES, "a"));
	bulk = send(p, &m);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "2 of 2: 1 applied, 1 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_says(p->database, "select subject || ' ' || target from berth.command_view where id =", bulk,
	    "resources of a pool/a");
}

/* A resource that is destroyed before its item is applied: the item tells so, and is counted. */
static void a_resource_can_be_gone(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id empty, bulk, labels;
	struct many m;

	client_pool(p->conn, "c", KIND_NUMBER, "1001-1010");
	session_add_range(p->conn, "c", KIND_NUMBER, "1011-1020");
	empty = resource(p, "1001-1010");
	init(&m, QUEUE_CORDON);
	add_target(&m, target_named(TARGET_RESOURCES, "c"));
	bulk = send(p, &m);
	init(&m, QUEUE_LABEL);
	m.request.id = labels = id_new();
	add_target(&m, target_named(TARGET_RESOURCES, "c"));
	label(&m, "{\"env\":\"prod\"}", "[]");
	send(p, &m);
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	work_fan_out(p->conn, &w);
	database_run(p->database,
	    "select berth.pool_remove(gen_random_uuid(), 'c', 'number', '1001-1010', 1001, 1010, "
	    "'', '{}')");
	session_is_sound(p->conn);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "2 of 2: 1 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	item_is(p, bulk, empty, "rejected: resource 1001-1010 is destroyed");
	work_counts_are(p->database, labels, "2 of 2: 1 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	item_is(p, labels, empty, "rejected: resource 1001-1010 is destroyed");
}

/* By a selector; those born after the bulk has begun are left out. */
static void resources_and_pools_are_labelled_by_label(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct selector selector = {0};
	struct err err = {0};
	struct id pools, resources;
	struct many m;

	assert_true(selector_parse("team", &selector, &err));
	database_run(p->database,
	    "select berth.edit_metadata(gen_random_uuid(), 'label', t, '{\"team\": \"x\"}', '[]', '{}') from "
	    "(values "
	    "('{\"kind\": \"pool\", \"name\": \"b\"}'::jsonb), ('{\"kind\": \"resource\", \"pool\": \"a\", "
	    "\"type\": "
	    "\"number\", \"host\": \"\", \"range\": \"1-20\", \"first\": 1, \"last\": 20}')) v (t)");
	init(&m, QUEUE_LABEL);
	add_target(&m, target_named(TARGET_POOLS, ""));
	m.targets[0].selector = &selector;
	label(&m, "{\"env\":\"prod\"}", "[\"team\"]");
	pools = send(p, &m);
	init(&m, QUEUE_LABEL);
	m.request.id = resources = id_new();
	add_target(&m, target_named(TARGET_RESOURCES, ""));
	m.targets[0].selector = &selector;
	label(&m, "{\"env\":\"prod\"}", "[]");
	send(p, &m);
	work_all(p->conn, &w);
	work_counts_are(p->database, pools, "1 of 1: 1 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(
	    p->database, resources, "1 of 1: 1 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_asks(p->database,
	    "select string_agg(kind || ' ' || name || '=' || value, ', ' order by kind, name) from "
	    "berth.label",
	    "pool env=prod, resource env=prod, resource team=x");
	work_says(p->database, "select subject from berth.command_view where id =", pools, "pools by label");
	selector_release(&selector);
}

static void more_resources_than_a_chunk_are_taken_once_each(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct many m;
	struct id bulk;

	for (int i = 0; i < 10; i++) {
		char *range = mem_print("%d-%d", 2000 + 10 * i, 2009 + 10 * i);

		session_add_range(p->conn, "b", KIND_NUMBER, range);
		free(range);
	}
	init(&m, QUEUE_CORDON);
	add_target(&m, target_named(TARGET_RESOURCES, "b"));
	bulk = send(p, &m);
	work_apply(p->conn, &w);
	work_progress_is(p->database, bulk, "0 of 11, 0");
	session_add_range(p->conn, "b", KIND_NUMBER, "3000-3009"); /* born later: left out */
	work_all(p->conn, &w);
	work_counts_are(
	    p->database, bulk, "11 of 11: 11 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_asks(p->database, "select count(*) from berth.resource where cordoned", "11");
}

/* --- commands --- */

/* Makes leases of the pool whose release hook has failed for good. Fills in the stuck commands. */
static void stick(struct place *p, const struct worker_self *w, struct id *leases, struct id *stuck) {
	struct work_job jobs[SOME];

	for (size_t i = 0; i < SOME; i++) {
		leases[i] = work_lease(p->conn, "down");
		stuck[i] = work_release(p->conn, leases[i]);
	}
	assert_int_equal(work_claim(p->conn, w, SOME, jobs), SOME);
	for (size_t i = 0; i < SOME; i++) {
		hooked_goes_wrong(p, w, &jobs[i]);
		work_lease_is(p->database, leases[i], "broken");
	}
}

static struct id decide(struct place *p, enum queue_action action, const struct id *stuck) {
	struct many m;

	init(&m, action);
	for (size_t i = 0; i < SOME; i++) {
		add_target(&m, work_on(TARGET_COMMAND, stuck[i]));
	}
	return send(p, &m);
}

/* All stuck commands of a pool are retried: one hook fails again, and is then retried by itself. */
static void stuck_commands_are_retried(void **state) {
	struct place *p = *state;
	struct worker_self w = hooked_strict(p);
	struct id leases[SOME], stuck[SOME], bulk, item, again;
	struct work_job jobs[SOME];

	stick(p, &w, leases, stuck);
	bulk = decide(p, QUEUE_RETRY, stuck);
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	assert_int_equal(work_claim(p->conn, &w, SOME, jobs), SOME);
	session_is_sound(p->conn);
	hooked_goes_well(p, &w, &jobs[0]);
	hooked_goes_well(p, &w, &jobs[1]);
	hooked_goes_wrong(p, &w, &jobs[2]);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done failed");
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 0 rejected, 1 failed, 0 cancelled");
	session_is_sound(p->conn);
	item = jobs[2].command;
	again = work_send_on(p->conn, QUEUE_RETRY, work_on(TARGET_COMMAND, item));
	jobs[0] = work_claim_one(p->conn, &w);
	hooked_goes_well(p, &w, &jobs[0]);
	work_command_is(p->database, again, "done applied");
	work_counts_are(p->database, bulk, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_says(
	    p->database, "select made_good_by is not null from berth.command_view where id =", item, "t");
	for (size_t i = 0; i < SOME; i++) {
		work_lease_is(p->database, leases[i], "destroyed");
	}
}

/* The bulk whose items were stuck, and that which retries them, both count what makes them good in the end.
 */
static void each_bulk_counts_what_is_made_good(void **state) {
	struct place *p = *state;
	struct worker_self w = hooked_strict(p);
	struct id lease = work_lease(p->conn, "down"), released, first, second;
	struct id other = work_lease(p->conn, "down");
	struct work_job jobs[2];
	struct many m;

	released = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("down", 0));
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(work_claim(p->conn, &w, 2, jobs), 2);
		hooked_goes_wrong(p, &w, &jobs[0]);
		hooked_goes_wrong(p, &w, &jobs[1]);
		init(&m, QUEUE_RETRY);
		add_target(&m, work_on(TARGET_COMMAND, jobs[0].command));
		add_target(&m, work_on(TARGET_COMMAND, jobs[1].command));
		*(round == 0 ? &first : &second) = send(p, &m);
		work_apply(p->conn, &w);
		work_fan_out(p->conn, &w);
	}
	assert_int_equal(work_claim(p->conn, &w, 2, jobs), 2);
	hooked_goes_well(p, &w, &jobs[0]);
	hooked_goes_well(p, &w, &jobs[1]);
	work_all(p->conn, &w);
	work_counts_are(
	    p->database, released, "2 of 2: 2 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(p->database, first, "2 of 2: 2 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(p->database, second, "2 of 2: 2 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_lease_is(p->database, lease, "destroyed");
	work_lease_is(p->database, other, "destroyed");
}

static void stuck_commands_are_skipped_or_forced(void **state) {
	struct place *p = *state;
	struct worker_self w = hooked_strict(p);
	struct id leases[SOME], stuck[SOME], bulk;

	stick(p, &w, leases, stuck);
	work_send_on(p->conn, QUEUE_SKIP, work_on(TARGET_COMMAND, stuck[0]));
	work_all(p->conn, &w);
	bulk = decide(p, QUEUE_FORCE, stuck);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 2 applied, 0 no-op, 1 rejected, 0 failed, 0 cancelled");
	work_says(p->database,
	    "select explanation = 'command ' || target || ' is done, not quarantined' from berth.command "
	    "where parent is "
	    "not null and target =",
	    stuck[0], "t");
	stick(p, &w, leases, stuck);
	bulk = decide(p, QUEUE_SKIP, stuck);
	work_all(p->conn, &w);
	work_counts_are(p->database, bulk, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	for (size_t i = 0; i < SOME; i++) {
		work_lease_is(p->database, leases[i], "destroyed");
	}
}

static void a_command_without_a_hook_is_refused(void **state) {
	struct place *p = *state;
	struct id cordon = work_send_on(p->conn, QUEUE_CORDON, work_on_place("down/1-100"));
	struct id release = work_release(p->conn, work_lease(p->conn, "down"));
	struct many m;

	init(&m, QUEUE_RETRY);
	add_target(&m, work_on(TARGET_COMMAND, release));
	add_target(&m, work_on(TARGET_COMMAND, cordon));
	work_send_refused(p->conn, &m.request, ERR_CONFLICT, "has no hook: there is nothing to retry");
}

/* --- in progress --- */

static void a_cancelled_bulk_of_resources_takes_its_items_back(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct many m;
	struct id bulk;

	init(&m, QUEUE_CORDON);
	add_target(&m, target_named(TARGET_RESOURCES, ""));
	bulk = send(p, &m);
	w.chunk = 1;
	work_apply(p->conn, &w);
	while (work_fan_out(p->conn, &w) > 0) {
	}
	work_apply(p->conn, &w);
	work_cancel(p->conn, bulk);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "cancelled");
	work_says(p->database, "select explanation from berth.command where id =", bulk,
	    "cancelled by postgres; 3 of 3 ended, 1 applied, 2 cancelled");
	work_asks(p->database, "select count(*) from berth.resource where cordoned", "1");
}

/* Two workers apply the items of two bulks of the same resources, each holding one of them. */
static void two_workers_share_the_items(void **state) {
	struct place *p = *state;
	struct worker_self first = bulks_worker(p), second;
	struct conn *other = client_new(database_values(p->database));
	struct many m;
	struct id labels, cordons;

	second = work_start(other, "v");
	first.chunk = second.chunk = 1;
	init(&m, QUEUE_LABEL);
	add_target(&m, target_named(TARGET_RESOURCES, ""));
	label(&m, "{\"env\":\"prod\"}", "[]");
	labels = send(p, &m);
	init(&m, QUEUE_CORDON);
	m.request.id = cordons = id_new();
	add_target(&m, target_named(TARGET_RESOURCES, ""));
	send(p, &m);
	for (int round = 0; round < 12; round++) {
		struct batch *a = batch_new(BATCH_WRITE), *b = batch_new(BATCH_WRITE);
		struct conn *both[] = {p->conn, other};
		struct err err = {0};

		(round % 2 == 0 ? worker_apply_add : worker_fan_out_add)(a, &first);
		(round % 3 == 0 ? worker_fan_out_add : worker_apply_add)(b, &second);
		conn_submit(p->conn, a, client_patience());
		conn_submit(other, b, client_patience());
		client_step(both, 2, 100);
		assert_true(client_finish(p->conn, &err));
		assert_true(client_finish(other, &err));
		batch_free(a);
		batch_free(b);
	}
	work_all(p->conn, &first);
	work_all(other, &second);
	work_counts_are(p->database, labels, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_counts_are(
	    p->database, cordons, "3 of 3: 3 applied, 0 no-op, 0 rejected, 0 failed, 0 cancelled");
	work_asks(p->database, "select count(*) from berth.label", "3");
	conn_free(other);
}

static void nothing_matches(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct selector selector = {0};
	struct err err = {0};
	struct many m;
	struct id bulk;

	assert_true(selector_parse("no=such", &selector, &err));
	init(&m, QUEUE_CORDON);
	add_target(&m, target_named(TARGET_RESOURCES, ""));
	m.targets[0].selector = &selector;
	bulk = send(p, &m);
	work_all(p->conn, &w);
	work_command_is(p->database, bulk, "done applied");
	work_explains(p->database, bulk, "0 of 0 ended");
	selector_release(&selector);
}

static void an_action_is_for_its_kinds(void **state) {
	struct place *p = *state;
	struct many m;

	init(&m, QUEUE_CORDON);
	add_target(&m, work_on_place("a/1-20"));
	add_target(&m, work_on_leases("a", 0));
	work_send_refused(p->conn, &m.request, ERR_INVALID_INPUT, "cordon is not for a selection of leases");
	init(&m, QUEUE_LABEL);
	add_target(&m, work_on_pool("a"));
	work_send_refused(p->conn, &m.request, ERR_INVALID_INPUT, "label needs them");
}

/* --- cancelling many --- */

static struct batch *cancel_all(struct place *p, const struct id *ids, size_t count) {
	struct batch *b = batch_new(BATCH_WRITE);

	assert_int_equal(queue_cancel_all_add(b, ids, count, "enough", "{}"), 0);
	client_run(p->conn, b);
	return b;
}

/* Each is answered as it is then; one that had ended stays so, and the item of a bulk counts once. */
static void many_are_cancelled_at_once(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct id lease = work_lease(p->conn, "a"), ids[4];
	enum { DONE, ITEM, BULK, LATER };
	const int expected[] = {COMMAND_DONE, COMMAND_CANCELLED, COMMAND_CANCELLED, COMMAND_CANCELLED};
	struct batch *b;

	ids[DONE] = work_release(p->conn, lease);
	work_all(p->conn, &w);
	ids[BULK] = work_send_on(p->conn, QUEUE_RELEASE, work_on_leases("b", 0));
	work_apply(p->conn, &w);
	work_fan_out(p->conn, &w);
	assert_true(id_parse(
	    work_look(p->database, "select min(id::text) from berth.command where parent =", ids[BULK]),
	    &ids[ITEM]));
	ids[LATER] = work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/1-20"));
	b = cancel_all(p, ids, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct command *c = batch_row(b, 0, i);

		assert_true(id_equal(c->id, ids[i]));
		assert_int_equal(c->state, expected[i]);
	}
	batch_free(b);
	work_counts_are(
	    p->database, ids[BULK], "4 of 10: 0 applied, 0 no-op, 0 rejected, 0 failed, 4 cancelled");
	work_explains(p->database, ids[LATER], "cancelled by postgres: enough");
	session_is_sound(p->conn);
	batch_free(cancel_all(p, ids, 4));
	work_counts_are(
	    p->database, ids[BULK], "4 of 10: 0 applied, 0 no-op, 0 rejected, 0 failed, 4 cancelled");
}

static void an_unknown_one_cancels_nothing(void **state) {
	struct place *p = *state;
	struct id ids[] = {work_send_on(p->conn, QUEUE_CORDON, work_on_place("a/1-20")), id_new()};
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	queue_cancel_all_add(b, ids, 2, "", "{}");
	client_refused(p->conn, b, ERR_NOT_FOUND, &err);
	work_command_is(p->database, ids[0], "queued");
	err_release(&err);
	batch_free(b);
}

/* --- plans --- */

static void plan_is(struct place *p, const struct queue_request *request, int64_t targets,
    const char *free_after, size_t sampled) {
	struct batch *b = batch_new(BATCH_READ);
	const struct pool_effect *effect;
	size_t sample;

	assert_int_equal(queue_plan_add(b, request), 0);
	sample = queue_sample_add(b, request, 2);
	client_run(p->conn, b);
	assert_int_equal(batch_count(b, 0), 1);
	effect = batch_row(b, 0, 0);
	assert_int_equal(effect->leases, targets);
	assert_string_equal(effect->free_after.digits, free_after);
	assert_int_equal(batch_count(b, sample), sampled);
	batch_free(b);
}

/* A plan of cordoning tells exactly what is held back then; the worker does the same. */
static void a_plan_tells_what_changes(void **state) {
	struct place *p = *state;
	struct worker_self w = bulks_worker(p);
	struct many m;

	init(&m, QUEUE_CORDON);
	add_target(&m, target_named(TARGET_RESOURCES, "a"));
	plan_is(p, &m.request, 2, "0", 2);
	send(p, &m);
	work_all(p->conn, &w);
	work_asks(p->database,
	    "select used || ' ' || held_back || ' ' || free from berth.pool_view where name = 'a'",
	    "25 15 0");
	init(&m, QUEUE_UNCORDON);
	add_target(&m, work_on_place("a/1-20"));
	add_target(&m, work_on_place("a/101-120"));
	plan_is(p, &m.request, 2, "15", 2);
	init(&m, QUEUE_LABEL);
	add_target(&m, work_on_leases("b", 0));
	plan_is(p, &m.request, 10, "90", 2);
	add_target(&m, work_on_leases("b", 0));
	plan_is(p, &m.request, 10, "90", 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bulks_open, place_close)
#define HOOKED(name) cmocka_unit_test_setup_teardown(name, hooked_open, place_close)

int main(void) {
	const struct CMUnitTest tests[] = {
	    TEST(leases_are_extended_as_they_were_seen),
	    TEST(a_selection_is_extended),
	    TEST(leases_are_labelled),
	    TEST(a_labelled_lease_is_released_in_turn),
	    TEST(resources_are_cordoned),
	    TEST(a_resource_can_be_gone),
	    TEST(resources_and_pools_are_labelled_by_label),
	    TEST(more_resources_than_a_chunk_are_taken_once_each),
	    HOOKED(stuck_commands_are_retried),
	    HOOKED(each_bulk_counts_what_is_made_good),
	    HOOKED(stuck_commands_are_skipped_or_forced),
	    HOOKED(a_command_without_a_hook_is_refused),
	    TEST(a_cancelled_bulk_of_resources_takes_its_items_back),
	    TEST(two_workers_share_the_items),
	    TEST(nothing_matches),
	    TEST(an_action_is_for_its_kinds),
	    TEST(many_are_cancelled_at_once),
	    TEST(an_unknown_one_cancels_nothing),
	    TEST(a_plan_tells_what_changes),
	};

	return cmocka_run_group_tests_name("bulk_actions", tests, NULL, NULL);
}
