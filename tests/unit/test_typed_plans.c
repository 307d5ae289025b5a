/*
 * The plans of verbs after `:`: which one each opens, its rows before and after as golden files, and the
 * order of marked rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/marking.h"
#include "ui/console/app/pane.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/screens/command_badge.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define L10 "4f2c0a91-0000-4000-8000-00000000000a"
#define L11 "4f2c0a91-0000-4000-8000-00000000000b"

static void start(struct app *app) {
	const struct pool pool = {.id = golden_id(1),
	    .name = "web",
	    .kind = KIND_NUMBER,
	    .space = "global",
	    .capacity = {"16"},
	    .used = {"3"},
	    .held_back = {"0"},
	    .free = {"13"},
	    .percent = 18.75,
	    .warn = 80,
	    .crit = 90,
	    .resources = 1,
	    .runs_out = TIME_NONE,
	    .runs_out_from = TIME_NONE,
	    .runs_out_by = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week_end = TIME_NONE,
	    .created = GOLDEN_NOW - GOLDEN_DAY,
	    .labels = "{}"};

	golden_start(app, false);
	golden_fill(app, &view_pools, &pool, 1, 1);
	golden_type(app, "WPROD\r");
	assert_true(app_writable(app));
}

static struct lease make_lease(unsigned n, int64_t until) {
	struct lease lease = golden_lease(10 + n, "web", "ci");

	lease.value = 31000 + n;
	lease.until = until;
	lease.generation = n + 1;
	lease.labels = "{\"env\":\"test\"}";
	return lease;
}

/* Each line opens a plan of that act, with a phrase or without, and asks the server for its rows. */
static void test_acts(void **state) {
	static const struct {
		const char *line;
		enum plan_act act;
		bool phrased;
	} rows[] = {
	    {"release " L10, PLAN_RELEASE, false},
	    {"release " L10 " " L11, PLAN_RELEASE, true},
	    {"release --pool web -l env=test", PLAN_RELEASE, true},
	    {"release pool/web", PLAN_DRAIN, true},
	    {"extend " L10 " --for 2h", PLAN_EXTEND, false},
	    {"extend " L10 " " L11 " --until never", PLAN_EXTEND, true},
	    {"extend --pool web --for 2h --force", PLAN_EXTEND, true},
	    {"extend -l env=test --for 2h", PLAN_EXTEND, true},
	    {"transfer " L10 " --holder vm", PLAN_TRANSFER, false},
	    {"transfer " L10 " " L11 " --holder vm", PLAN_TRANSFER, true},
	    {"label -l env=test --of lease env=prod", PLAN_LABEL, true},
	    {"label --pool web --of resource env=prod", PLAN_LABEL, true},
	    {"label pool/web env=prod", PLAN_DIRECT, false},
	    {"annotate pool/web note=x", PLAN_DIRECT, false},
	    {"resource cordon web/10.0.0.0/24", PLAN_CORDON, false},
	    {"resource cordon web/10.0.0.0/24 web/10.0.1.0/24", PLAN_CORDON, true},
	    {"resource uncordon web/10.0.0.0/24 web/10.0.1.0/24", PLAN_UNCORDON, true},
	    {"resource release web/10.0.0.0/24", PLAN_DRAIN, true},
	    {"resource reclaim web/10.0.0.0/24", PLAN_RECLAIM, false},
	    {"queue cancel " L10, PLAN_CANCEL, false},
	    {"queue cancel " L10 " " L11, PLAN_CANCEL, true},
	    {"queue cancel " L10 " " L10, PLAN_CANCEL, false},
	    {"queue retry " L10 " " L11, PLAN_RETRY, true},
	    {"queue skip " L10, PLAN_SKIP, false},
	    {"queue force " L10, PLAN_FORCE, true},
	    {"pool create db --kind number 1-9", PLAN_DIRECT, false},
	    {"pool add db 20-29", PLAN_DIRECT, false},
	    {"pool remove db 20-29", PLAN_DIRECT, false},
	    {"pool delete db", PLAN_DIRECT, false},
	    {"pool set db --warn 70", PLAN_DIRECT, false},
	    {"pool rename db base", PLAN_DIRECT, false},
	    {"allocate db --count 2", PLAN_DIRECT, false},
	    {"project create acme/web --id " L10, PLAN_DIRECT, false},
	    {"project limit acme/web --max-leases 5 --reason 'it grows'", PLAN_DIRECT, false},
	    {"project delete acme/web", PLAN_DELETE, true},
	    {"org create acme --reason new", PLAN_DIRECT, false},
	    {"org limit acme --max-projects 5 --reason 'it grows'", PLAN_DIRECT, false},
	    {"dedupe forget " L10, PLAN_DIRECT, false},
	};
	struct buf line = {0};
	struct app app;

	(void)state;
	start(&app);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_cut(&line, 0);
		buf_printf(&line, ":%s\r", rows[i].line);
		golden_type(&app, buf_text(&line));
		if (app.mode != MODE_PLAN || app.plan.act != rows[i].act ||
		    app.plan.phrased != rows[i].phrased) {
			fail_msg("%s: mode %d, act %d, phrased %d", rows[i].line, app.mode, app.plan.act,
			    app.plan.phrased);
		}
		assert_false(app.plan.known);
		assert_int_equal(app.requests.act, ACT_LOOK);
		golden_type(&app, "y"); /* what it changes is not known yet */
		assert_int_equal(app.requests.act, ACT_LOOK);
		golden_type(&app, "\033");
		assert_int_equal(app.mode, MODE_LIST);
	}
	buf_release(&line);
	app_release(&app);
}

/* Sets the state of the plan after the server has answered with these rows of one pool. */
static void know(struct app *app, const struct view *view, const void *const *rows, size_t count) {
	struct plan *plan = &app->plan;
	const struct pool_effect effect = {.pool = "web",
	    .leases = (int64_t)count,
	    .used = {"3"},
	    .held_back = {"0"},
	    .free = {"13"},
	    .used_after = {"3"},
	    .held_back_after = {"0"},
	    .free_after = {"13"}};

	assert_int_equal(app->requests.act, ACT_LOOK);
	app->requests.act = ACT_NONE;
	free(plan->targets);
	plan->targets = NULL;
	plan->count = 0;
	for (size_t i = 0; i < count; i++) {
		plan_adopt(plan, view, rows[i]);
	}
	plan->effect.targets = effect.leases;
	rowset_copy(&plan->effect.pools, &row_pool_effect, &effect, 1);
	plan->frozen = true;
	plan->known = true;
}

static void test_extend(void **state) {
	const struct lease leases[] = {make_lease(0, TIME_NONE), make_lease(1, GOLDEN_NOW + GOLDEN_DAY),
	    make_lease(2, GOLDEN_NOW + 7 * GOLDEN_DAY)};
	const void *const rows[] = {&leases[0], &leases[1], &leases[2]};
	struct buf text = {0};
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, ":extend --pool web -l env=test --for 3d\r");
	know(&app, &view_leases, rows, COUNT(rows));
	golden_dialog(&app, "typed-extend");
	app_key(&app, &(struct key_event){.key = KEY_CODE_DOWN});
	golden(&app, "typed-extend-scrolled", 12, 44);
	plan_command(&app.plan, &text);
	assert_non_null(strstr(buf_text(&text), "berth extend lease/" L10 " lease/" L11));
	golden_type(&app, "extend 3 web\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	assert_int_equal(app.plan.targets[1].generation, 2);
	buf_release(&text);
	app_release(&app);
}

static void test_transfer(void **state) {
	struct lease leases[] = {make_lease(0, TIME_NONE), make_lease(1, TIME_NONE)};
	const void *const rows[] = {&leases[0], &leases[1]};
	struct app app;

	(void)state;
	leases[1].state = LEASE_DESTROYED;
	start(&app);
	golden_type(&app, ":transfer " L10 " " L11 " --holder 'vm 1'\r");
	know(&app, &view_leases, rows, COUNT(rows));
	assert_int_equal(app.plan.count, 1);
	assert_int_equal(app.plan.left_out, 1);
	golden(&app, "typed-transfer", 24, 80);
	app_release(&app);
}

/* A verb that acts at once: each thing that changes, each member before and after. */
static void test_direct(void **state) {
	const struct event events[] = {
	    {.action = "set",
		.kind = "pool",
		.target = "pool/web",
		.before = "{\"ttl\":0,\"warn\":80,\"release_hook\":null}",
		.after = "{\"ttl\":604800000000,\"warn\":70,\"release_hook\":\"dns\"}"},
	    {.action = "create",
		.kind = "resource",
		.target = "resource/4f2c0a91-0000-4000-8000-000000000020",
		.after = "{\"name\":\"10.0.1.0/24\",\"state\":\"active\"}"}};
	struct buf text = {0};
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, ":pool set web --warn 70 --ttl 7d --release-hook dns\r");
	app.requests.act = ACT_NONE;
	rowset_copy(&app.plan.changes, &row_event, events, COUNT(events));
	app.plan.changed_all = (int64_t)COUNT(events);
	plan_tell(&app.plan, " \xe2\x86\x92 ");
	app.plan.known = true;
	golden_dialog(&app, "typed-direct");
	plan_json(&app.plan, &text);
	assert_non_null(strstr(buf_text(&text), "\"action\":\"pool set\""));
	assert_non_null(strstr(buf_text(&text), "\"before\":{\"ttl\":0,"));
	buf_cut(&text, 0);
	plan_command(&app.plan, &text);
	assert_string_equal(buf_text(&text), "berth pool set web --warn 70 --ttl 7d --release-hook dns");
	golden_type(&app, "\r");
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	buf_release(&text);
	app_release(&app);
}

/* A stuck command without a hook cannot be helped by one. */
static void test_hooks(void **state) {
	const struct command hooked = {.state = COMMAND_QUARANTINED, .kind = "lease"};
	const struct command again = {.state = COMMAND_QUARANTINED, .kind = "command"};
	const struct command drain = {.state = COMMAND_QUARANTINED, .kind = "resource"};

	(void)state;
	for (int act = PLAN_RETRY; act <= PLAN_FORCE; act++) {
		assert_null(command_refuses(&hooked, (enum plan_act)act));
		assert_null(command_refuses(&again, (enum plan_act)act));
		assert_non_null(strstr(command_refuses(&drain, (enum plan_act)act), "it has no hook"));
	}
}

/* An error of the server goes back to the line that was typed; one that leaves the outcome open keeps the
 * plan. */
static void test_errors(void **state) {
	struct err err = {0};
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, ":extend --pool nowhere --for 2h\r");
	err_set(&err, ERR_NOT_FOUND, "pool nowhere does not exist");
	assert_true(plan_mode_failed(&app, true, false, &err));
	assert_int_equal(app.mode, MODE_COMMAND);
	assert_string_equal(line_editor_text(&app.command), "extend --pool nowhere --for 2h");
	assert_string_equal(app.rejected, "pool nowhere does not exist");
	golden_type(&app, "\033:pool set web --warn 70\r");
	app.requests.act = ACT_NONE;
	app.plan.known = true;
	golden_type(&app, "y");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	assert_false(plan_mode_failed(&app, false, true, &err));
	assert_int_equal(app.mode, MODE_PLAN);
	assert_true(app.plan.unsettled);
	golden(&app, "typed-unsettled", 24, 80);
	golden_type(&app, "\033");
	assert_non_null(strstr(buf_text(&app.message), "the outcome is unknown"));
	err_release(&err);
	app_release(&app);
}

/* Marked rows are in the order of the list, whatever their ids are, also when not all are loaded. */
static void test_order(void **state) {
	static const char *const names[] = {"10", "20", "30", "40"};
	struct resource resources[COUNT(names)];
	const void **rows;
	struct pane *pane;
	struct app app;

	(void)state;
	for (unsigned i = 0; i < COUNT(names); i++) {
		resources[i] = (struct resource){.id = golden_id(90 - i),
		    .pool = "web",
		    .kind = KIND_NUMBER,
		    .name = names[i],
		    .first = 10 * (i + 1),
		    .capacity = {"1"},
		    .used = {"0"},
		    .held_back = {"0"},
		    .free = {"1"},
		    .generation = 1,
		    .labels = "{}"};
	}
	start(&app);
	golden_fill(&app, &view_resources, resources, COUNT(resources), COUNT(resources));
	golden_type(&app, ":resources web\r:sort resource\r");
	golden_settle(&app);
	golden_type(&app, "*");
	pane = app_pane(&app);
	for (int loaded = 1; loaded >= 0; loaded--) {
		size_t count = pane->list.count;

		pane->list.count = loaded ? count : 2;
		rows = marking_ordered(pane);
		for (size_t i = 0; i < COUNT(names); i++) {
			assert_string_equal(((const struct resource *)rows[i])->name, names[i]);
		}
		free(rows);
		pane->list.count = count;
	}
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_acts),
	    cmocka_unit_test(test_extend),
	    cmocka_unit_test(test_transfer),
	    cmocka_unit_test(test_direct),
	    cmocka_unit_test(test_hooks),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("typed plans", tests, NULL, NULL);
}
