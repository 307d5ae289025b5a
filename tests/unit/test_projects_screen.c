/*
 * The projects' screen, its forms and the plan of a deletion: golden files, and
 * the effects of keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/project.h"
#include "model/syntax/target.h"
#include "tests/lib/golden.h"
#include "ui/console/app/submit.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/screens/limit_badge.h"

#define HOUR GOLDEN_HOUR
#define DAY GOLDEN_DAY
#define NOW GOLDEN_NOW
#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct project make_project(
    unsigned n, const char *organization, const char *name, int64_t leases, int64_t limit) {
	return (struct project){.id = golden_id(n),
	    .organization = organization,
	    .name = name,
	    .max_leases = limit,
	    .leases = leases,
	    .pools = "[]",
	    .generation = 3,
	    .created = NOW - 30 * DAY,
	    .labels = "{}"};
}

/* One of each look, as the server sorts them. */
static size_t make_projects(struct project *projects) {
	size_t n = 0;

	projects[n++] = make_project(1, "acme", "shop", 55, 50);
	projects[n++] = make_project(2, "acme", "web", 50, 50);
	projects[1].pools = "[\"web-ports\", \"web-v4\"]";
	projects[1].labels = "{\"env\":\"prod\",\"owner\":\"evil\\u202e\"}";
	projects[n++] = make_project(3, "lab", "none", 0, 0);
	projects[n++] = make_project(4, "beta", "api", 46, 50);
	projects[n++] = make_project(5, "beta", "a-name-much-too-long-for-any-column-01", 8200000, 10000000);
	projects[n++] = make_project(6, "acme", "batch", 12, 40);
	projects[5].pools = "[\"batch-nodes\"]";
	projects[n++] = make_project(7, "acme", "old", 7, 100);
	projects[6].state = PROJECT_DELETING;
	projects[n++] = make_project(8, "acme", "new", 0, 100);
	projects[n++] = make_project(9, "beta", "free", 412, NO_LIMIT);
	projects[n++] = make_project(10, "beta", "huge", PROJECT_COUNTED + 1, NO_LIMIT);
	projects[n++] = make_project(11, "beta", "idle", 0, NO_LIMIT);
	return n;
}

static struct org make_org(unsigned n, const char *name, int64_t projects, int64_t limit) {
	return (struct org){.id = golden_id(n),
	    .name = name,
	    .projects = projects,
	    .max_projects = limit,
	    .generation = 1,
	    .created = NOW - 90 * DAY,
	    .labels = "{}"};
}

static void head(struct app *app, const struct org *orgs, size_t count) {
	rowset_copy(&app_pane_of(app, &view_projects)->head[0], &row_org, orgs, count);
	app_pane_of(app, &view_projects)->headed = true;
}

static void start(struct app *app, bool ascii, const char *typed) {
	struct project projects[16];
	const struct org orgs[] = {make_org(30, "acme", 5, 5), make_org(31, "beta", 9, 10),
	    make_org(32, "corp", 2, 1000), make_org(33, "gamma", 0, 10), make_org(34, "lab", 1, NO_LIMIT)};

	golden_start(app, ascii);
	golden_fill(app, &view_projects, projects, make_projects(projects), 11);
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	app_pane_of(app, &view_leases)->fetched = app->now.steady;
	head(app, orgs, COUNT(orgs));
	golden_type(app, ":projects\r");
	golden_type(app, typed);
}

static const struct pool_effect plan[] = {{.pool = "web-ports",
					      .leases = 30,
					      .used = {"30"},
					      .held_back = {"2"},
					      .free = {"68"},
					      .used_after = {"0"},
					      .held_back_after = {"0"},
					      .free_after = {"0"}},
    {.pool = "web-v4",
	.leases = 20,
	.used = {"20"},
	.held_back = {"0"},
	.free = {"12"},
	.used_after = {"0"},
	.held_back_after = {"0"},
	.free_after = {"0"}}};

static struct lease make_lease(unsigned n) {
	return (struct lease){.id = golden_id(n),
	    .pool = "web-v4",
	    .kind = KIND_NUMBER,
	    .held = true,
	    .value = n,
	    .host = "",
	    .state = n == 13 ? LEASE_BROKEN : LEASE_ACTIVE,
	    .holder = "ci",
	    .until = TIME_NONE,
	    .created = NOW - DAY,
	    .acquired = NOW - DAY,
	    .activated = NOW - DAY,
	    .released = TIME_NONE,
	    .destroyed = TIME_NONE,
	    .generation = 3,
	    .created_by = "mira",
	    .project = "acme/web",
	    .labels = "{}"};
}

/* Gives a plan the answer of the server: its effect on these pools, and its leases. */
static void know(struct app *app, const struct pool_effect *pools, size_t count) {
	struct lease leases[] = {make_lease(11), make_lease(12), make_lease(13)};

	assert_int_equal(app->requests.act, ACT_LOOK);
	app->requests.act = ACT_NONE;
	for (size_t i = 0; i < count; i++) {
		app->plan.effect.targets += pools[i].leases;
	}
	rowset_copy(&app->plan.effect.pools, &row_pool_effect, pools, count);
	rowset_copy(&app->plan.leases, &row_lease, leases, count > 0 ? COUNT(leases) : 0);
	app->plan.known = true;
	app->plan.id = golden_id(99); /* it is random */
}

static void test_projects(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0, "j");
		golden_all(&app, "projects");
		app_release(&app);
	}
}

static void test_none(void **state) {
	struct app app;

	(void)state;
	golden_start(&app, false);
	golden_fill(&app, &view_projects, NULL, 0, 0);
	head(&app, NULL, 0);
	golden_type(&app, ":projects\r");
	golden_dialog(&app, "projects-none");
	app_release(&app);
}

/* More organizations than there is room for are counted. */
static void test_many_orgs(void **state) {
	struct org orgs[40];
	struct app app;

	(void)state;
	start(&app, false, "");
	rowsets_release(app_pane(&app)->head);
	for (size_t i = 0; i < COUNT(orgs); i++) {
		orgs[i] = make_org(100 + (unsigned)i, "an-organization", (int64_t)i, NO_LIMIT);
	}
	head(&app, orgs, COUNT(orgs));
	golden_dialog(&app, "projects-orgs");
	app_release(&app);
}

static void test_detail(void **state) {
	const struct event events[] = {
	    {.seq = 1,
		.at = NOW - 30 * DAY,
		.actor = "mira",
		.action = "create",
		.after =
		    "{\"name\": \"acme/web\", \"state\": \"active\", \"max_leases\": 20, \"generation\": 1}"},
	    {.seq = 2,
		.at = NOW - DAY,
		.actor = "mira",
		.action = "set",
		.before = "{\"max_leases\": 20, \"state\": \"active\", \"generation\": 2}",
		.after = "{\"max_leases\": 50, \"state\": \"active\", \"generation\": 3}"}};
	const struct command release = {.id = golden_id(70),
	    .action = "release",
	    .kind = "project",
	    .target = "project/acme/web",
	    .author = "sam",
	    .reason = "rack 7 moves",
	    .state = COMMAND_CANCELLED,
	    .explanation = "cancelled by sam",
	    .created = NOW - HOUR,
	    .not_before = NOW - HOUR,
	    .consumed_at = NOW - HOUR + 4 * TIME_SECOND,
	    .until = TIME_NONE};
	const struct org org = make_org(30, "acme", 5, 5);
	struct app app;

	(void)state;
	start(&app, false, "j");
	app_pane(&app)->more_of = golden_id(2);
	rowset_copy(&app_pane(&app)->more[0], &row_event, events, COUNT(events));
	rowset_copy(&app_pane(&app)->more[1], &row_command, &release, 1);
	rowset_copy(&app_pane(&app)->more[2], &row_org, &org, 1);
	golden_dialog(&app, "project");
	app_release(&app);
}

/* One level down are the leases, and one up the projects again. */
static void test_leases(void **state) {
	struct lease leases[] = {make_lease(11), make_lease(12)};
	struct app app;

	(void)state;
	start(&app, false, "j\r");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_string_equal(app_pane(&app)->scope.text, "acme/web");
	assert_null(app_pool(&app));
	golden_fill(&app, &view_leases, leases, COUNT(leases), -1);
	golden_dialog(&app, "project-leases");
	assert_string_equal(app_pool(&app), "web-v4");
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_projects);
	assert_null(app_pane_of(&app, &view_leases)->scope.text);
	golden_type(&app, "\r");
	app_pane(&app)->fetched = app.now.steady;
	golden_type(&app, "WPROD\r:allocate elsewhere\r");
	assert_string_equal(form_text(&app.form, FORM_FOR), "acme/web");
	golden_type(&app, "\033:lease list --project beta/api\r");
	assert_string_equal(app_pane(&app)->scope.text, "beta/api");
	app_release(&app);
}

static void test_delete(void **state) {
	struct key_event paste = {.key = KEY_CODE_PASTE, .text = "delete 50 acme/web", .n = 18};
	struct app app;

	(void)state;
	start(&app, false, "jr");
	assert_int_equal(app.mode, MODE_LIST); /* read-only at the start */
	golden_type(&app, "WPROD\rr");
	assert_int_equal(app.mode, MODE_PLAN);
	golden_type(&app, "delete 50 acme/web\r");
	assert_int_equal(app.requests.act, ACT_LOOK); /* typed ahead */
	know(&app, plan, COUNT(plan));
	golden_dialog(&app, "project-delete");
	golden_type(&app, "\ry\r");
	app_key(&app, &paste);
	golden_type(&app, "\025delete 50 web\r");
	assert_int_equal(app.requests.act, ACT_NONE);
	assert_int_equal(app.mode, MODE_PLAN);
	golden_type(&app, "\025delete 50 acme/web");
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	assert_true(app.plan.busy);
	app_release(&app);
}

/* An empty project can be deleted too; one whose deletion may have failed can be deleted again. */
static void test_delete_empty(void **state) {
	struct app app;

	(void)state;
	start(&app, false, "WPROD\rjjD");
	know(&app, NULL, 0);
	golden_dialog(&app, "project-delete-empty");
	golden_type(&app, "delete 0 lab/none\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app.plan.busy = false;
	app.requests.act = ACT_NONE;
	golden_type(&app, "\033jjjjr");
	know(&app, NULL, 0);
	golden_dialog(&app, "project-delete-again");
	app_release(&app);
}

static void test_texts(void **state) {
	struct buf text = {0};
	struct app app;

	(void)state;
	start(&app, false, "WPROD\rjr");
	know(&app, plan, COUNT(plan));
	plan_command(&app.plan, &text);
	assert_string_equal(buf_text(&text), "berth project delete acme/web --expect-generation 3 --grace 10s"
					     " --id 4f2c0a91-0000-4000-8000-000000000063");
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"action\":\"delete\""));
	assert_non_null(strstr(buf_text(&app.requests.copy), "{\"kind\":\"project\",\"name\":\"acme/web\""));
	golden_type(&app, "\033C");
	assert_string_equal(buf_text(&app.requests.copy), "berth project show acme/web");
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"max_leases\":50,\"leases\":50,"));
	golden_type(&app, "jjjjjjjjJ");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"max_leases\":null,\"leases\":null,"));
	golden_type(&app, ":project delete project/acme/web --reason 'it moved'\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_int_equal(app.plan.act, PLAN_DELETE);
	assert_true(app.plan.phrased && app.plan.targets[0].whole);
	assert_string_equal(app.plan.targets[0].name, "acme/web");
	assert_string_equal(app.plan.reason, "it moved");
	buf_release(&text);
	app_release(&app);
}

/* --- forms --- */

/* Returns true when a request with so many steps is sent; else the message says why none is. */
static bool sends(struct app *app, size_t steps) {
	struct in_flight in_flight;
	struct batch *b;
	bool ok;

	if (app->requests.act != ACT_FORM) {
		return false;
	}
	b = submit_start(app, &in_flight, "{}");
	ok = b != NULL && batch_steps(b) == steps;
	batch_free(b);
	app->form.busy = false;
	return ok;
}

static void test_new_project(void **state) {
	struct app app;

	(void)state;
	start(&app, false, "a");
	assert_int_equal(app.mode, MODE_LIST);
	golden_type(&app, "WPROD\ra");
	assert_int_equal(app.mode, MODE_FORM);
	assert_string_equal(form_text(&app.form, FORM_NAME), "acme/");
	app.form.id = golden_id(98);
	golden_dialog(&app, "project-form");
	golden_type(&app, "mail\r20\rmail-v4=10.0.0.0/28,10.0.1.0/28 mail-ports=25-26\renv=prod\r");
	golden_dialog(&app, "project-form-asks");
	golden_type(&app, "\r\r");
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "y");
	/* The project, its organization, two pools of three ranges, labels, the answer, what the name stands
	 * for. */
	assert_true(sends(&app, 10));
	app_release(&app);
}

/* An error is shown, and its field is the current one again. */
static void test_wrong(void **state) {
	static const struct {
		const char *typed;
		size_t at;
		const char *said;
	} cases[] = {
	    {"\r\r\r\ry", FORM_NAME, "ORG/NAME"},
	    {"x\rmany\r\r\ry", FORM_MAX, "a number, or none"},
	    {"x\r-1\r\r\ry", FORM_MAX, "a number, or none"},
	    {"x\r5\rweb\r\ry", FORM_POOLS, "NAME=RANGE"},
	    {"x\r5\rweb=\r\ry", FORM_POOLS, "pool web: range"},
	    {"x\r5\rweb=10.0.0.0/24,7\r\ry", FORM_POOLS, "7"},
	    {"x\r5\rweb=1-2 we!b=1\r\ry", FORM_POOLS, "we!b"},
	    {"x\r5\rweb=1-2,\r\ry", FORM_POOLS, "range"},
	    {"x\r5\rweb=1\renv\ry", FORM_LABELS, "env"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct app app;

		start(&app, false, "WPROD\ra\025");
		golden_type(&app, *cases[i].typed == '\r' ? "" : "acme/");
		golden_type(&app, cases[i].typed);
		assert_false(sends(&app, 0));
		if (strstr(buf_text(&app.message), cases[i].said) == NULL || app.form.at != cases[i].at) {
			fail_msg("%zu: \"%s\" at %zu", i, buf_text(&app.message), app.form.at);
		}
		assert_int_equal(app.mode, MODE_FORM);
		app_release(&app);
	}
}

static void test_limit(void **state) {
	struct app app;

	(void)state;
	start(&app, false, "WPROD\rjL");
	app.form.id = golden_id(97);
	assert_string_equal(form_text(&app.form, FORM_MAX), "50");
	golden_type(&app, "\025none\r");
	golden_dialog(&app, "project-limit");
	assert_true(app_next_tick(&app) > 0);
	golden_type(&app, "y");
	assert_true(sends(&app, 2));
	golden_type(&app, "\033P");
	assert_string_equal(form_text(&app.form, FORM_NAME), "acme");
	assert_string_equal(form_text(&app.form, FORM_MAX), "5");
	golden_type(&app, "\0256\ry");
	assert_true(sends(&app, 2));
	golden_type(&app, "\033O");
	golden_type(&app, "delta\r\ry");
	assert_true(sends(&app, 1));
	golden_type(&app, "\033:project limit\r");
	assert_non_null(strstr(app.rejected, "missing operand: ORG/NAME"));
	golden_type(&app, "\033:project limit nowhere/x\r7\ry");
	assert_true(sends(&app, 1));
	app_release(&app);
}

/* An unknown outcome keeps every other form from opening. */
static void test_unsettled(void **state) {
	struct in_flight in_flight = {.act = ACT_FORM};
	struct err err = {0};
	struct app app;

	(void)state;
	start(&app, false, "WPROD\ramail\r\r\r\ry");
	assert_true(sends(&app, 4));
	(void)err_set(&err, ERR_OUTCOME_UNKNOWN, "the server went away; and so on");
	submit_failed(&app, &in_flight, &err);
	golden_type(&app, "\033");
	assert_non_null(strstr(buf_text(&app.message), "may have been created: a opens it again"));
	golden_type(&app, "L");
	assert_ptr_equal(app.form.is, &form_project);
	assert_non_null(strstr(buf_text(&app.message), "not settled yet"));
	golden_type(&app, "n");
	assert_non_null(strstr(buf_text(&app.message), "berth project show acme/mail shows the outcome"));
	golden_type(&app, "L");
	assert_ptr_equal(app.form.is, &form_limit);
	err_release(&err);
	(void)err_set(&err, ERR_ALREADY_EXISTS, "a pool of this name exists");
	err.step = mem_text("pool web");
	submit_failed(&app, &in_flight, &err);
	assert_string_equal(buf_text(&app.message), "pool web: a pool of this name exists");
	err_release(&err);
	app_release(&app);
}

/* Every state in every size: no crash, and a valid grid. */
static void test_every_size(void **state) {
	static const char *const keys_of[] = {"j", "WPROD\rjr", "WPROD\ra", "WPROD\rjL\r"};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(keys_of); i++) {
		struct app app;

		start(&app, i % 2 == 1, keys_of[i / 2]);
		if (app.mode == MODE_PLAN) {
			know(&app, plan, COUNT(plan));
		}
		for (int size = 0; size < 45 * 70; size++) {
			struct grid *g = grid_new(size / 70, 2 * (size % 70), app.ascii);

			app_layout(&app, g->rows, g->columns);
			app_draw(&app, g);
			assert_true(grid_valid(g));
			grid_free(g);
		}
		app_release(&app);
	}
}

static void test_nearness(void **state) {
	static const struct {
		int64_t use;
		int64_t limit;
		const char *word;
	} cases[] = {{0, NO_LIMIT, "unused"}, {INT64_MAX, NO_LIMIT, "ok"}, {0, 0, "FULL"}, {1, 0, "OVER"},
	    {0, 1, "unused"}, {79, 100, "ok"}, {80, 100, "WARN"}, {89, 100, "WARN"}, {90, 100, "CRIT"},
	    {99, 100, "CRIT"}, {100, 100, "FULL"}, {101, 100, "OVER"}, {INT64_MAX - 1, INT64_MAX, "CRIT"},
	    {INT64_MAX, INT64_MAX, "FULL"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(limit_badge(cases[i].use, cases[i].limit)->word, cases[i].word);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_projects),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_many_orgs),
	    cmocka_unit_test(test_detail),
	    cmocka_unit_test(test_leases),
	    cmocka_unit_test(test_delete),
	    cmocka_unit_test(test_delete_empty),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_new_project),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_unsettled),
	    cmocka_unit_test(test_every_size),
	    cmocka_unit_test(test_nearness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
