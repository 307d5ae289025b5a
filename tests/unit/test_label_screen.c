/*
 * Labels: keys, values and targets as golden files, and the destinations of
 * Enter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/label_list.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct label_group keys_of[] = {
    {.key = "env", .values = 3, .targets = 1002, .leases = 1000, .pools = 2, .more = "lease"},
    {.key = "old", .values = 1, .more = ""},
    {.key = "serial", .values = LABEL_COUNTED_VALUES + 1, .targets = 1000, .leases = 1000, .more = "lease"},
    {.key = "team.example/owner",
	.values = 2,
	.targets = 10,
	.resources = 7,
	.projects = 2,
	.organizations = 1,
	.more = ""},
};

static const struct label_group values_of[] = {
    {.key = "env", .value = "", .targets = 1, .leases = 1, .more = ""},
    {.key = "env", .value = "prod", .targets = 1002, .leases = 1000, .pools = 2, .more = "lease"},
    {.key = "env", .value = "test", .targets = 12, .leases = 12, .more = ""},
};

static const struct label_target targets_of[] = {
    {.kind = "resource",
	.target = "10.0.0.0/24",
	.pool = "web",
	.holder = "",
	.state = "active",
	.labels = "{\"env\": \"prod\"}"},
    {.kind = "pool",
	.target = "web",
	.pool = "web",
	.holder = "",
	.state = "",
	.labels = "{\"env\": \"prod\"}"},
    {.kind = "org", .target = "acme", .pool = "", .holder = "", .state = "", .labels = "{\"env\": \"prod\"}"},
    {.kind = "lease",
	.target = "10.0.0.7",
	.pool = "web",
	.holder = "vm\033[31m17",
	.state = "active",
	.labels = "{\"env\": \"prod\", \"tier\": \"1\"}"},
};

static void start(struct app *app, bool ascii) {
	struct label_group groups[COUNT(keys_of)];
	struct label_group values[COUNT(values_of)];
	struct label_target targets[COUNT(targets_of)];

	memcpy(groups, keys_of, sizeof groups);
	memcpy(values, values_of, sizeof values);
	memcpy(targets, targets_of, sizeof targets);
	for (unsigned i = 0; i < COUNT(groups); i++) {
		groups[i].id = golden_id(i + 1);
	}
	for (unsigned i = 0; i < COUNT(values); i++) {
		values[i].id = golden_id(i + 11);
	}
	for (unsigned i = 0; i < COUNT(targets); i++) {
		targets[i].id = golden_id(i + 21);
		targets[i].seq = 100 - i;
	}
	golden_start(app, ascii);
	golden_fill(app, &view_labels, groups, COUNT(groups), -1);
	golden_fill(app, &view_values, values, COUNT(values), -1);
	golden_fill(app, &view_targets, targets, COUNT(targets), -1);
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
}

static void test_keys(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "4");
		rowset_copy(&app_pane(&app)->more[0], &row_label_group, values_of, COUNT(values_of));
		app_pane(&app)->more_of = golden_id(1);
		golden_all(&app, "labels");
		app_release(&app);
	}
}

static void test_levels(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "4\r");
	assert_ptr_equal(app_pane(&app)->view, &view_values);
	assert_string_equal(app_pane(&app)->scope.text, "env");
	golden_settle(&app);
	golden_type(&app, "j");
	rowset_copy(&app_pane(&app)->more[0], &row_label_target, targets_of, COUNT(targets_of));
	app_pane(&app)->more_of = golden_id(12);
	golden_dialog(&app, "values");
	golden_type(&app, "\r");
	assert_ptr_equal(app_pane(&app)->view, &view_targets);
	assert_string_equal(app_pane(&app)->scope.text, "env=prod");
	golden_settle(&app);
	golden_all(&app, "targets");
	golden_type(&app, "\033");
	assert_ptr_equal(
	    app_pane(&app)->view, &view_values); /* where it came from, the cursor where it was */
	assert_string_equal(app_pane(&app)->scope.text, "env");
	assert_int_equal(app_pane(&app)->list.cursor, 1);
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_labels);
	app_release(&app);
}

/* The screen that shows a target, and the filter that finds it there. */
static void test_targets(void **state) {
	static const struct {
		const char *keys;
		const struct view *view;
		const char *scope;
		const char *filter;
	} cases[] = {
	    {"", &view_resources, "4f2c0a91-0000-4000-8000-000000000015", ""},
	    {"j", &view_pools, "web", ""},
	    {"jj", &view_projects, NULL, "acme/"},
	    {"jjj", &view_leases, "4f2c0a91-0000-4000-8000-000000000018", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct app app;

		start(&app, false);
		golden_type(&app, ":labels env=prod\r");
		golden_settle(&app);
		golden_type(&app, cases[i].keys);
		golden_type(&app, "\r");
		assert_ptr_equal(app_pane(&app)->view, cases[i].view);
		assert_string_equal(app_pane(&app)->filter, cases[i].filter);
		if (cases[i].scope == NULL) {
			assert_null(app_pane(&app)->scope.text);
		} else {
			assert_string_equal(app_pane(&app)->scope.text, cases[i].scope);
		}
		app_release(&app);
	}
}

static void test_words(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, ":labels\r");
	assert_ptr_equal(app_pane(&app)->view, &view_labels);
	golden_type(&app, ":labels te\t");
	assert_int_equal(app.completion.names, NAMES_KEYS);
	golden_type(&app, "am.example/owner=x\t");
	assert_int_equal(app.completion.names, NAMES_VALUES);
	assert_string_equal(app.completion.key, "team.example/owner");
	golden_type(&app, "\033:labels team.example/owner\r");
	assert_ptr_equal(app_pane(&app)->view, &view_values);
	assert_string_equal(app_pane(&app)->scope.text, "team.example/owner");
	golden_type(&app, ":labels a=\r");
	assert_string_equal(app_pane(&app)->scope.text, "a=");
	golden_type(&app, "\033");
	assert_string_equal(app_pane(&app)->scope.text, "a");
	app_release(&app);
}

static void test_copies(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "4C");
	assert_string_equal(buf_text(&app.requests.copy), "berth lease list -l env");
	golden_type(&app, "J");
	assert_non_null(strstr(buf_text(&app.requests.copy), "\"key\":\"env\",\"value\":null,\"values\":3"));
	golden_type(&app, ":labels env=prod\r");
	golden_settle(&app);
	golden_type(&app, "jjjC");
	assert_string_equal(
	    buf_text(&app.requests.copy), "berth lease show 4f2c0a91-0000-4000-8000-000000000018");
	golden_type(&app, "kkC");
	assert_string_equal(buf_text(&app.requests.copy), "berth pool show web");
	app_release(&app);
}

/* The request begins at the text of the top row. */
static void test_asks(void **state) {
	struct app app;
	struct in_flight in_flight;
	struct batch *b;

	(void)state;
	start(&app, false);
	golden_type(&app, "4");
	app_pane(&app)->list.more_above = true;
	b = refresh_start(&app, &in_flight);
	assert_int_equal(batch_steps(b), 3); /* from it on, before it, and how far the search has come */
	assert_null(in_flight.question.at);
	batch_free(b);
	in_flight_release(&in_flight);
	app_pane(&app)->list.jump = JUMP_LAST;
	b = refresh_start(&app, &in_flight);
	assert_int_equal(batch_steps(b), 2);
	batch_free(b);
	in_flight_release(&in_flight);
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_targets),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_copies),
	    cmocka_unit_test(test_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
