/*
 * The queue's screen, plans and the undo window: golden files, and the effects
 * of keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/syntax/target.h"
#include "tests/lib/golden.h"
#include "ui/console/app/submit.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/frame/draw.h"
#include "ui/console/screens/command_badge.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"

#define HOUR GOLDEN_HOUR
#define DAY GOLDEN_DAY
#define NOW GOLDEN_NOW
#define STEADY GOLDEN_STEADY
#define MINUTE (60 * TIME_SECOND)
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct command make_command(unsigned n, enum command_state state, const char *outcome, int64_t age) {
	return (struct command){.id = golden_id(n),
	    .seq = 1000 - n,
	    .action = "release",
	    .kind = "lease",
	    .target = "lease/4f2c0a91-0000-4000-8000-00000000000a",
	    .target_id = golden_id(10),
	    .subject = "10.4.1.17 of fra-edge-v4",
	    .author = "mira",
	    .reason = "",
	    .state = state,
	    .outcome = outcome,
	    .created = NOW - age,
	    .not_before = NOW - age,
	    .consumed_at = outcome == NULL ? TIME_NONE : NOW - age + 12000,
	    .consumed_by = outcome == NULL ? NULL : "w1",
	    .until = TIME_NONE};
}

/* One row of each look, with hostile texts. */
static size_t make_commands(struct command *commands) {
	size_t n = 0;

	commands[n++] = make_command(1, COMMAND_QUEUED, NULL, 0);
	commands[0].not_before = NOW + 8 * TIME_SECOND;
	commands[n++] = make_command(2, COMMAND_QUARANTINED, NULL, HOUR);
	commands[1].attempts = 5;
	commands[1].hook = true;
	commands[1].explanation = "exit 1: the switch\033[31m says no";
	commands[n++] = make_command(3, COMMAND_RUNNING, NULL, 3 * MINUTE);
	commands[2].kind = "selection";
	commands[2].target = NULL;
	commands[2].bulk = true;
	commands[2].subject = "leases of fra-edge-v4";
	commands[2].done = 66;
	commands[2].total = 120;
	commands[2].applied = 63;
	commands[2].failed = 2;
	commands[2].cancelled = 1;
	commands[2].reason = "rack 7 moves";
	commands[n++] = make_command(4, COMMAND_RUNNING, NULL, 41 * TIME_SECOND);
	commands[3].worker = "w1";
	commands[3].attempts = 1;
	commands[n++] = make_command(5, COMMAND_QUEUED, NULL, 12 * MINUTE);
	commands[n++] = make_command(6, COMMAND_QUEUED, NULL, 2 * MINUTE);
	commands[5].attempts = 2;
	commands[5].not_before = NOW + 4 * TIME_SECOND;
	commands[5].explanation = "exit 1: try later";
	commands[n++] = make_command(7, COMMAND_DONE, "applied", HOUR);
	commands[6].explanation = "released";
	commands[n++] = make_command(8, COMMAND_DONE, "noop", HOUR);
	commands[7].explanation = "it was released by command 4f2c0a91-0000-4000-8000-000000000007";
	commands[n++] = make_command(9, COMMAND_DONE, "rejected", 2 * HOUR);
	commands[8].explanation = "generation 4 now, you saw 3: extend by sam";
	commands[n++] = make_command(10, COMMAND_DONE, "failed", 2 * HOUR);
	commands[9].explanation = "superseded by command 4f2c0a91-0000-4000-8000-000000000007";
	commands[n++] = make_command(11, COMMAND_CANCELLED, NULL, DAY);
	commands[10].consumed_at = NOW - DAY + 4 * TIME_SECOND;
	commands[10].explanation = "cancelled by mira";
	commands[n++] = make_command(12, COMMAND_QUEUED, NULL, 0);
	commands[11].action = "cordon";
	commands[11].target = "resource/4f2c0a91-0000-4000-8000-00000000000b";
	commands[11].author = "evil\xe2\x80\xae";
	commands[11].not_before = NOW + 3 * HOUR;
	return n;
}

static struct worker make_worker(const char *name, bool alive, unsigned running) {
	return (struct worker){.name = name,
	    .host = "fra-1",
	    .pid = 4711,
	    .started = NOW - DAY,
	    .heartbeat = NOW - (alive ? 0 : 3 * MINUTE),
	    .alive = alive,
	    .running = running == 0 ? (struct id){{0}} : golden_id(running),
	    .since = running == 0 ? TIME_NONE : NOW - MINUTE,
	    .hooks = true};
}

static void head(struct app *app, bool served) {
	struct queue_stats stats = {.queued = served ? 5 : 100000,
	    .running = 2,
	    .quarantined = 1,
	    .oldest_seconds = served ? 0.2 : 720,
	    .workers_alive = served ? 2 : 0,
	    .consumed_last_minute = served ? 40 : 0,
	    .arrived_last_minute = served ? 40 : 1800};
	struct worker workers[] = {
	    make_worker("w1", served, served ? 4 : 0), make_worker("w2\033[2J", served, 0)};

	rowset_copy(&app_pane_of(app, &view_queue)->head[0], &row_queue_stats, &stats, 1);
	rowset_copy(&app_pane_of(app, &view_queue)->head[1], &row_worker, workers, 2);
	app_pane_of(app, &view_queue)->headed = true;
}

static struct lease make_lease(unsigned n, enum lease_state state) {
	return (struct lease){.id = golden_id(n),
	    .seq = 1000 - n,
	    .pool = "fra-db-ports",
	    .kind = KIND_NUMBER,
	    .held = state != LEASE_PENDING,
	    .value = 31000 + n,
	    .host = "",
	    .state = state,
	    .holder = "ci",
	    .until = TIME_NONE,
	    .created = NOW - DAY,
	    .acquired = NOW - DAY,
	    .activated = NOW - DAY,
	    .released = TIME_NONE,
	    .destroyed = TIME_NONE,
	    .generation = 3,
	    .created_by = "mira",
	    .labels = "{}"};
}

/* On the queue, or on another screen, with the data of each. */
static void start(struct app *app, bool ascii, const char *typed) {
	struct command commands[16];
	struct lease leases[] = {
	    make_lease(10, LEASE_ACTIVE), make_lease(11, LEASE_ACTIVE), make_lease(12, LEASE_BROKEN)};
	struct resource resources[] = {{.id = golden_id(20),
					   .pool = "edge",
					   .name = "10.0.0.0/29",
					   .capacity = {"8"},
					   .used = {"3"},
					   .held_back = {"0"},
					   .free = {"5"},
					   .generation = 2,
					   .labels = "{}"},
	    {.id = golden_id(21),
		.pool = "edge",
		.name = "10.0.1.0/29",
		.capacity = {"8"},
		.used = {"1"},
		.held_back = {"7"},
		.free = {"0"},
		.cordoned = true,
		.generation = 2,
		.labels = "{}"}};
	size_t count = make_commands(commands);

	golden_start(app, ascii);
	golden_fill(app, &view_queue, commands, count, -1);
	golden_fill(app, &view_leases, leases, COUNT(leases), -1);
	golden_fill(app, &view_resources, resources, COUNT(resources), 2);
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	head(app, true);
	golden_type(app, typed);
}

/* Gives a plan the answer of the server: its effect on one pool, and its leases. */
static void know(
    struct app *app, const struct pool_effect *effect, const struct lease *leases, size_t count) {
	assert_int_equal(app->requests.act, ACT_LOOK);
	app->requests.act = ACT_NONE;
	app->plan.effect.targets = effect->leases;
	rowset_copy(&app->plan.effect.pools, &row_pool_effect, effect, 1);
	rowset_copy(&app->plan.leases, &row_lease, leases, count);
	app->plan.known = true;
	app->plan.id = golden_id(99); /* it is random */
}

static const struct pool_effect one = {.pool = "fra-db-ports",
    .leases = 1,
    .used = {"505"},
    .held_back = {"0"},
    .free = {"7"},
    .used_after = {"504"},
    .held_back_after = {"0"},
    .free_after = {"8"}};
static const struct pool_effect three = {.pool = "fra-db-ports",
    .leases = 3,
    .used = {"505"},
    .held_back = {"0"},
    .free = {"18446744073709551616"},
    .used_after = {"502"},
    .held_back_after = {"3"},
    .free_after = {"18446744073709551616"}};

static void test_queue(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0, "3");
		golden_all(&app, "queue");
		golden_type(&app, "j");
		golden_all(&app, "queue-stuck");
		app_release(&app);
	}
}

static void test_unserved(void **state) {
	struct app app;

	(void)state;
	start(&app, false, "3jj");
	rowsets_release(app_pane_of(&app, &view_queue)->head);
	head(&app, false);
	golden_all(&app, "queue-unserved");
	app_release(&app);
}

static void test_bulk(void **state) {
	struct command items[16];
	size_t count = make_commands(items);
	struct app app;

	(void)state;
	start(&app, false, "3jj");
	app_pane(&app)->more_of = golden_id(3);
	rowset_copy(&app_pane(&app)->more[0], &row_command, &items[1], 1);
	rowset_copy(&app_pane(&app)->more[1], &row_command, items, count);
	golden_dialog(&app, "queue-bulk");
	golden_type(&app, "\r");
	assert_string_equal(app_pane(&app)->scope.text, "4f2c0a91-0000-4000-8000-000000000003");
	golden_type(&app, "\033");
	assert_null(app_pane(&app)->scope.text);
	assert_ptr_equal(app_pane(&app)->view, &view_queue);
	app_release(&app);
}

/* A bulk that labels tells what it sets and deletes, and counts targets; others name what they are for. */
static void test_bulk_of_labels(void **state) {
	static const struct {
		const char *action;
		const char *progress;
	} cases[] = {{"label", "66 of 120 targets ended"}, {"cordon", "66 of 120 resources ended"},
	    {"retry", "66 of 120 commands ended"}, {"extend", "66 of 120 leases ended"}};
	struct command commands[16];

	(void)state;
	make_commands(commands);
	commands[2].labels = "env=prod old-";
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct grid *grid = grid_new(40, 60, false);
		struct pen pen = pen_start(grid, (struct rect){0, 0, 40, 60});
		struct buf text = {0};

		commands[2].action = cases[i].action;
		command_detail(&pen, &commands[2], NOW);
		grid_text(grid, &text);
		assert_non_null(strstr(buf_text(&text), cases[i].progress));
		assert_non_null(strstr(buf_text(&text), "env=prod old-"));
		buf_release(&text);
		grid_free(grid);
	}
}

static void test_timeline(void **state) {
	struct event events[] = {
	    {.seq = 1,
		.at = NOW - DAY,
		.actor = "mira",
		.action = "create",
		.after = "{\"state\": \"active\", \"value\": \"31010\", \"generation\": 1}"},
	    {.seq = 2,
		.at = NOW - HOUR,
		.actor = "w1",
		.action = "extend",
		.command = golden_id(7),
		.before = "{\"until\": null, \"generation\": 2}",
		.after = "{\"until\": \"2026-08-25T16:00:00Z\", \"generation\": 3}"}};
	struct command commands[16];
	struct waiting waiting = {
	    .place = 3, .ahead = 2, .reasons = "[\"pool fra-db-ports has no free value\"]"};
	struct app app;

	(void)state;
	(void)make_commands(commands);
	commands[6].action = "extend";
	start(&app, false, "2");
	app_pane(&app)->more_of = golden_id(10);
	rowset_copy(&app_pane(&app)->more[0], &row_event, events, COUNT(events));
	rowset_copy(&app_pane(&app)->more[1], &row_command, &commands[6], 3);
	rowset_copy(&app_pane(&app)->more[3], &row_waiting, &waiting, 1);
	golden(&app, "timeline", 40, 120);
	golden_type(&app, "\r");
	assert_true(app_pane(&app)->expanded);
	golden_dialog(&app, "timeline");
	app_key(&app, &(struct key_event){.key = KEY_CODE_PAGE_DOWN});
	golden_dialog(&app, "timeline-below");
	golden_type(&app, "q");
	assert_false(app_pane(&app)->expanded);
	app_release(&app);
}

static void test_resources(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":resources edge\r");
	app_pane_of(&app, &view_resources)->list.jump = JUMP_NONE;
	golden_dialog(&app, "resources");
	golden_type(&app, "jWPROD\rK");
	assert_int_equal(app.plan.act, PLAN_UNCORDON);
	golden_dialog(&app, "cordon");
	golden_type(&app, "K\r");
	assert_int_equal(app.requests.act, ACT_NONE); /* neither the start key nor Enter */
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app_release(&app);
}

static void test_line(void **state) {
	struct lease leases[] = {make_lease(10, LEASE_ACTIVE)};
	struct key_event paste = {.key = KEY_CODE_PASTE, .text = "y", .n = 1};
	struct app app;

	(void)state;
	start(&app, false, "2r");
	assert_int_equal(app.mode, MODE_LIST); /* read-only at the start */
	golden_type(&app, "WPROD\rr");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_true(app.requests.flush);
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_LOOK); /* nothing is confirmed before it is shown */
	know(&app, &one, leases, 1);
	golden_dialog(&app, "plan");
	golden_type(&app, "\rr");
	app_key(&app, &paste);
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	assert_true(app.plan.busy);
	golden_type(&app, "\033y"); /* it is sent */
	assert_int_equal(app.mode, MODE_PLAN);
	app_release(&app);
}

static void test_phrase(void **state) {
	struct lease leases[] = {
	    make_lease(10, LEASE_ACTIVE), make_lease(11, LEASE_RELEASED), make_lease(12, LEASE_BROKEN)};
	struct key_event paste = {.key = KEY_CODE_PASTE, .text = "release 3 fra-db-ports", .n = 22};
	struct app app;

	(void)state;
	start(&app, false, "2WPROD\r    ");
	assert_int_equal(app_pane(&app)->marks.count, 2); /* the last row twice: marked, and not */
	golden_type(&app, "*");
	assert_int_equal(app_pane(&app)->marks.count, 3);
	golden_dialog(&app, "marks");
	golden_type(&app, "r");
	assert_int_equal(app.plan.count, 3);
	golden_type(&app, "release 3 fra-db-ports\r"); /* typed ahead */
	assert_int_equal(app.plan.confirm.typed.text.len, 0);
	know(&app, &three, leases, 3);
	app.plan.changed = 1;
	golden_dialog(&app, "phrase");
	golden_type(&app, "\r");
	app_key(&app, &paste);
	golden_type(&app, "\rrelease 2 fra-db-ports\r");
	assert_int_equal(app.requests.act, ACT_NONE);
	assert_int_equal(app.mode, MODE_PLAN);
	golden_dialog(&app, "phrase-wrong");
	golden_type(&app, "\025release 3 fra-db-ports");
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app_release(&app);
}

/* A plan in every size: no crash, and a valid grid. */
static void test_every_size(void **state) {
	static const char *const keys_of[] = {"2WPROD\rr", "2WPROD\r*r"};
	struct lease leases[] = {
	    make_lease(10, LEASE_ACTIVE), make_lease(11, LEASE_ACTIVE), make_lease(12, LEASE_BROKEN)};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(keys_of); i++) {
		struct app app;

		start(&app, i % 2 == 1, keys_of[i / 2]);
		if (i % 4 > 1) {
			know(&app, &three, leases, COUNT(leases));
		}
		for (int size = 0; size < 45 * 70; size++) {
			struct grid *g = grid_new(size / 70, size % 70, app.ascii);

			app_layout(&app, g->rows, g->columns);
			app_draw(&app, g);
			assert_true(grid_valid(g));
			grid_free(g);
		}
		app_release(&app);
	}
}

/* The ten minutes end, or the connection does, in the middle of a plan. */
static void test_refused(void **state) {
	struct lease leases[] = {make_lease(10, LEASE_ACTIVE)};
	struct app app;

	(void)state;
	start(&app, false, "2WPROD\rr");
	know(&app, &one, leases, 1);
	app.link.up = false;
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_NONE);
	assert_non_null(strstr(buf_text(&app.message), "data is stale"));
	app.link.up = true;
	app_tick(&app, (struct moment){NOW, STEADY + APP_WRITE});
	app_pane(&app)->fetched = app.now.steady;
	golden_type(&app, "y");
	assert_int_equal(app.mode, MODE_UNLOCK);
	golden_dialog(&app, "plan-unlock");
	golden_type(&app, "PROD\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app_release(&app);
}

static void attempt_fails(struct app *app, enum err_code code) {
	struct in_flight in_flight = {.act = ACT_QUEUE, .plan = app->plan.id};
	struct err err = {0};

	(void)err_set(&err, code, "the server went away; and so on");
	submit_failed(app, &in_flight, &err);
	err_release(&err);
}

static void test_unsettled(void **state) {
	struct lease leases[] = {make_lease(10, LEASE_ACTIVE)};
	struct app app;

	(void)state;
	start(&app, false, "2WPROD\rr");
	know(&app, &one, leases, 1);
	golden_type(&app, "y");
	app.requests.act = ACT_NONE;
	attempt_fails(&app, ERR_OUTCOME_UNKNOWN);
	golden_dialog(&app, "plan-unsettled");
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	assert_true(id_equal(app.plan.id, golden_id(99)));
	attempt_fails(&app, ERR_CONFLICT); /* the first attempt may still be under way */
	assert_true(app.plan.unsettled);
	golden_type(&app, "\033");
	assert_non_null(
	    strstr(buf_text(&app.message), "berth queue show 4f2c0a91-0000-4000-8000-000000000063"));
	assert_int_equal(app.mode, MODE_LIST);
	golden_type(&app, "r");
	know(&app, &one, leases, 1);
	golden_type(&app, "y");
	attempt_fails(&app, ERR_CONFLICT);
	assert_int_equal(app.mode, MODE_LIST);
	app_release(&app);
}

static void test_undo(void **state) {
	struct command first = make_command(31, COMMAND_QUEUED, NULL, 0);
	struct command second = make_command(32, COMMAND_QUEUED, NULL, 0);
	struct app app;

	(void)state;
	start(&app, false, "2u");
	assert_true(id_is_nil(app.requests.undo));
	first.not_before += 10 * TIME_SECOND;
	second.not_before += 10 * TIME_SECOND;
	pending_add(&app.pending, &first, "release 31010 of fra-db-ports", app.now.steady);
	app_tick(&app, (struct moment){NOW, STEADY + 3 * TIME_SECOND + 1});
	app_pane(&app)->fetched = app.now.steady;
	golden_type(&app, "g");
	golden_dialog(&app, "countdown");
	assert_true(app_next_tick(&app) - app.now.steady <= TIME_SECOND);
	pending_add(&app.pending, &second, "release 31011 of fra-db-ports", app.now.steady);
	golden_type(&app, "u");
	assert_true(id_equal(app.requests.undo, second.id)); /* the newest */
	app.requests.undo = (struct id){{0}};
	pending_drop(&app.pending, second.id);
	app_tick(&app, (struct moment){NOW, STEADY + 10 * TIME_SECOND});
	golden_type(&app, "u");
	assert_true(id_is_nil(app.requests.undo)); /* too late */
	app_release(&app);
}

/* A bulk waits as well, and a cancelled one has its marks again, where nothing else was marked meanwhile. */
static void test_undo_of_marks(void **state) {
	struct command bulk = make_command(31, COMMAND_QUEUED, NULL, 0);
	struct app app;

	(void)state;
	start(&app, false, "2  ");
	assert_int_equal(app_pane(&app)->marks.count, 2);
	bulk.not_before += 10 * TIME_SECOND;
	pending_add(&app.pending, &bulk, "release 2 marked leases", app.now.steady);
	pending_keep(&app.pending, app_pane(&app));
	assert_int_equal(app_pane(&app)->marks.count, 0);
	golden_type(&app, " ");
	pending_remark(&app.pending, bulk.id, app_pane(&app));
	assert_int_equal(app_pane(&app)->marks.count, 1);
	golden_type(&app, "\0331");
	pending_remark(&app.pending, bulk.id, app_pane(&app));
	assert_int_equal(app_pane(&app)->marks.count, 0); /* another place */
	golden_type(&app, "2");
	pending_remark(&app.pending, bulk.id, app_pane(&app));
	assert_int_equal(app_pane(&app)->marks.count, 2);
	app_release(&app);
}

static void test_texts(void **state) {
	struct lease leases[] = {make_lease(10, LEASE_ACTIVE)};
	struct buf text = {0};
	struct app app;

	(void)state;
	start(&app, false, "2WPROD\rr");
	know(&app, &one, leases, 1);
	app.plan.generation = 3;
	plan_command(&app.plan, &text);
	assert_string_equal(buf_text(&text),
	    "berth release lease/4f2c0a91-0000-4000-8000-00000000000a --expect-generation 3 --grace 10s"
	    " --id 4f2c0a91-0000-4000-8000-000000000063");
	golden_type(&app, "C");
	assert_string_equal(buf_text(&app.requests.copy), buf_text(&text));
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"expect_generation\":3"));
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"free\":8"));
	buf_release(&text);
	app_release(&app);
}

/* The end is asked for; the plan says the end before and after. */
static void test_extend(void **state) {
	struct lease *lease;
	struct app app;

	(void)state;
	start(&app, false, "WPROD\r2e");
	assert_int_equal(app.mode, MODE_PROMPT);
	golden_type(&app, "soon\r");
	assert_int_equal(app.mode, MODE_PROMPT);
	golden_dialog(&app, "extend-wrong");
	for (int i = 0; i < 4; i++) {
		app_key(&app, &(struct key_event){.key = KEY_CODE_BACKSPACE});
	}
	golden_type(&app, "7d\r"); /* it never ends so far, so that there is nothing to confirm */
	assert_int_equal(app.mode, MODE_LIST);
	assert_non_null(strstr(buf_text(&app.message), "the lease would end earlier than it does"));
	lease = (struct lease *)(uintptr_t)list_current(&app_pane(&app)->list)->data;
	lease->until = NOW + DAY;
	golden_type(&app, "e7d\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_int_equal(app.plan.duration, 7 * 24 * 3600 * TIME_SECOND);
	golden_dialog(&app, "extend");
	golden_type(&app, "\033  e");
	golden_type(&app, "never\r");
	assert_int_equal(app.plan.count, 2);
	assert_int_equal(app.plan.until, TIME_NEVER);
	golden_dialog(&app, "extend-many");
	golden_type(&app, "extend 2 leases\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	golden_type(&app, "\033");
	app_release(&app);
}

static void test_words(void **state) {
	static const struct {
		const char *words;
		const char *said;
	} wrong[] = {
	    {"release", "missing operand"},
	    {"release --yes", "--yes: refused here"},
	    {"release lease/4f2c0a91-0000-4000-8000-00000000000a --yes", "--yes: refused here"},
	    {"release nonsense", "nonsense"},
	    {"release --for 1h", "--for: not an option of"},
	    {"extend 4f2c0a91-0000-4000-8000-00000000000a", "either --until or --for must be given"},
	    {"queue cancel pool/edge", "pool/edge"},
	};
	struct buf line = {0};
	struct app app;

	(void)state;
	start(&app, false, ":release --pool edge\r");
	assert_non_null(strstr(buf_text(&app.message), "read-only"));
	golden_type(&app, "WPROD\r");
	for (size_t i = 0; i < COUNT(wrong); i++) {
		buf_cut(&line, 0);
		buf_printf(&line, ":%s\r", wrong[i].words);
		golden_type(&app, buf_text(&line));
		assert_int_equal(app.mode, MODE_COMMAND);
		assert_non_null(strstr(app.rejected, wrong[i].said));
		golden_type(&app, "\033");
	}
	golden_type(&app, ":release --pool edge --reason 'rack 7 moves'\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_true(app.plan.phrased);
	assert_int_equal(app.plan.targets[0].kind, TARGET_LEASES);
	assert_string_equal(app.plan.reason, "rack 7 moves");
	golden_type(&app, "\033:release pool/edge\r");
	assert_int_equal(app.plan.act, PLAN_DRAIN);
	golden_type(&app, "\033:extend 4f2c0a91-0000-4000-8000-00000000000a --for 2h\r");
	assert_false(app.plan.phrased);
	golden_type(&app, "\033:extend 4f2c0a91-0000-4000-8000-00000000000a --until never\r");
	assert_string_equal(app.plan.note, "it never expires");
	buf_cut(&line, 0);
	plan_command(&app.plan, &line);
	assert_non_null(strstr(buf_text(&line), " --until never "));
	buf_cut(&line, 0);
	plan_json(&app.plan, &line);
	assert_non_null(strstr(buf_text(&line), "\"until\":\"never\""));
	golden_type(&app, "\033:resource cordon edge/10.0.0.7\r");
	buf_cut(&line, 0);
	plan_command(&app.plan, &line);
	assert_non_null(strstr(buf_text(&line), "berth resource cordon resource/edge/10.0.0.7 "));
	golden_type(&app, "\033:queue retry 4f2c0a91-0000-4000-8000-000000000002\r");
	assert_int_equal(app.plan.act, PLAN_RETRY);
	golden_type(&app, "\033:queue retry 4f2c0a91-0000-4000-8000-000000000002 "
			  "4f2c0a91-0000-4000-8000-000000000003\r");
	assert_int_equal(app.plan.count, 2);
	assert_true(app.plan.phrased);
	buf_release(&line);
	app_release(&app);
}

/* Actions that a command does not allow are refused with a message; the others ask for confirmation. */
static void test_commands(void **state) {
	static const struct {
		const char *keys;
		bool plan;
	} cases[] = {{"x", true}, {"t", false}, {"jx", false}, {"t", true}, {"S", true}, {"F", true},
	    {"jx", true}, {"jx", false}};
	struct app app;

	(void)state;
	start(&app, false, "3WPROD\r");
	for (size_t i = 0; i < COUNT(cases); i++) {
		golden_type(&app, cases[i].keys);
		assert_int_equal(app.mode == MODE_PLAN, cases[i].plan);
		if (cases[i].plan) {
			assert_int_equal(app.requests.act, ACT_NONE);
			golden_type(&app, "\r");
			assert_int_equal(app.requests.act, ACT_NONE);
			golden_type(&app, "\033");
		}
	}
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_queue),
	    cmocka_unit_test(test_unserved),
	    cmocka_unit_test(test_bulk),
	    cmocka_unit_test(test_bulk_of_labels),
	    cmocka_unit_test(test_timeline),
	    cmocka_unit_test(test_resources),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_phrase),
	    cmocka_unit_test(test_every_size),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_unsettled),
	    cmocka_unit_test(test_undo),
	    cmocka_unit_test(test_undo_of_marks),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_extend),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
