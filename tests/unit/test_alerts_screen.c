/*
 * Alerts: every kind as golden files, and the cause that Enter leads to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LEASE "4f2c0a91-0000-4000-8000-000000000015"

static const struct alert all[] = {
    {.kind = ALERT_NO_WORKER,
	.target = "queue",
	.text = "no worker is alive: 3 commands wait and 1 lease is overdue",
	.hint = "start one: berth worker"},
    {.kind = ALERT_INVARIANT,
	.target = "lease/" LEASE,
	.text = "web: held_is_not_free is broken: lease " LEASE ": its value is free",
	.hint = "berth doctor checks everything anew; berth events shows what happened to it"},
    {.kind = ALERT_INVARIANT,
	.target = "pool/web",
	.text = "web: room_is_free is broken 3 times: stripe 1: 4 counted, 3 free",
	.hint = "berth doctor checks everything anew; berth events shows what happened to it"},
    {.kind = ALERT_OVERDUE,
	.target = "pool/web",
	.text = "web: 46 leases are over and keep their values",
	.hint = "berth lease list --pool web shows them; a worker releases them"},
    {.kind = ALERT_FULL_WAITING,
	.target = "pool/fra-edge-v4",
	.text = "fra-edge-v4: nothing free, 118 requests wait",
	.hint = "berth pool show fra-edge-v4 tells who holds the values"},
    {.kind = ALERT_STUCK,
	.target = "pool/lab",
	.text = "lab: 8 commands are stuck (release): exit 1: the switch \033[31mis off",
	.hint = "berth queue list --state quarantined shows them; retry, skip or force each"},
    {.kind = ALERT_LIMIT,
	.target = "project/acme/web",
	.text = "acme/web: its limit of 12 leases is reached",
	.hint = "berth project limit acme/web --max-leases N changes it"},
    {.kind = ALERT_GUARD,
	.target = "run/" LEASE,
	.text = "public.tags: a run of dedupe has stopped halfway, its guard is in place",
	.hint = "berth dedupe undo " LEASE " takes it back, the same dedupe fix continues it"},
};

static void start(struct app *app, bool ascii) {
	struct alert alerts[COUNT(all)];

	memcpy(alerts, all, sizeof alerts);
	for (size_t i = 0; i < COUNT(alerts); i++) {
		alerts[i].rank = (int64_t)i + 1;
		alerts[i].severity = i < 6 ? SEVERITY_CRITICAL : SEVERITY_WARNING;
		alerts[i].since = i == 6 ? TIME_NONE : GOLDEN_NOW - (int64_t)(i + 1) * GOLDEN_HOUR;
		alerts[i].count = 1;
	}
	golden_start(app, ascii);
	golden_fill(app, &view_alerts, alerts, COUNT(alerts), COUNT(alerts));
	golden_type(app, "7");
	golden_settle(app);
}

static void test_screen(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "jjjj");
		golden_all(&app, "alerts");
		app_release(&app);
	}
}

/* Every fact has a place of its own in the detail, at each size. */
static void test_details(void **state) {
	struct app app;

	(void)state;
	start(&app, false);
	golden_type(&app, "j");
	golden_dialog(&app, "alerts-invariant");
	golden_type(&app, "jjjj");
	golden_dialog(&app, "alerts-stuck");
	app_release(&app);
}

static void test_causes(void **state) {
	static const struct {
		const char *keys;
		const struct view *view;
		const char *scope; /* NULL: none */
		const char *filter;
	} cases[] = {
	    {"", &view_queue, NULL, ""},
	    {"j", &view_leases, LEASE, ""},
	    {"jj", &view_pools, "web", ""},
	    {"jjj", &view_leases, "web", "state=late"},
	    {"jjjj", &view_pools, "fra-edge-v4", ""},
	    {"jjjjj", &view_queue, NULL, "state=stuck"},
	    {"jjjjjj", &view_projects, "acme/web", ""},
	    {"jjjjjjj", &view_dedupe_runs, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct app app;

		start(&app, false);
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

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_screen),
	    cmocka_unit_test(test_details),
	    cmocka_unit_test(test_causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
