/*
 * The way back: a jump and Esc lead to the same row of the same list, at the same place of the screen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct pool pools[60];
static struct lease leases[3];

static void start(struct app *app) {
	static char names[COUNT(pools)][8];

	for (unsigned i = 0; i < COUNT(pools); i++) {
		(void)snprintf(names[i], sizeof names[i], "p%02u", i);
		pools[i] = (struct pool){.id = golden_id(i + 1),
		    .name = names[i],
		    .kind = KIND_NUMBER,
		    .space = "global",
		    .capacity = {"10"},
		    .used = {"1"},
		    .held_back = {"0"},
		    .free = {"9"},
		    .percent = 10,
		    .warn = 80,
		    .crit = 90,
		    .runs_out = TIME_NONE,
		    .sampled = TIME_NONE,
		    .full_since = TIME_NONE,
		    .week = "",
		    .labels = "{}"};
	}
	for (unsigned i = 0; i < COUNT(leases); i++) {
		leases[i] = (struct lease){.id = golden_id(i + 100),
		    .seq = 100 - i,
		    .pool = "p30",
		    .resource = golden_id(200),
		    .holder = "",
		    .project = "acme/web",
		    .created_by = "mira",
		    .until = TIME_NONE,
		    .held = true,
		    .value = 7,
		    .kind = KIND_NUMBER,
		    .host = "",
		    .state = LEASE_ACTIVE,
		    .labels = "{}"};
	}
	golden_start(app, false);
	golden_fill(app, &view_pools, pools, COUNT(pools), COUNT(pools));
	golden_fill(app, &view_leases, leases, COUNT(leases), -1);
}

/* Presses Esc. */
static void escape(struct app *app) {
	app_key(app, &(struct key_event){.key = KEY_CODE_ESCAPE});
}

/* A place, as it looks. */
struct place {
	const struct view *view;
	struct id row;
	size_t top;
	char filter[32];
	char scope[64];
};

static struct place place_of(struct app *app) {
	struct pane *pane = app_pane(app);
	struct place place = {
	    .view = pane->view, .row = list_current(&pane->list)->id, .top = pane->list.top};

	(void)snprintf(place.filter, sizeof place.filter, "%s", pane->filter);
	(void)snprintf(
	    place.scope, sizeof place.scope, "%s", pane->scope.text == NULL ? "" : pane->scope.text);
	return place;
}

static void assert_place(struct app *app, const struct place *place) {
	struct place now = place_of(app);

	assert_ptr_equal(now.view, place->view);
	assert_true(id_equal(now.row, place->row));
	assert_int_equal(now.top, place->top);
	assert_string_equal(now.filter, place->filter);
	assert_string_equal(now.scope, place->scope);
}

static void test_exact_place(void **state) {
	struct place place;
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "/p\rjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjkk");
	place = place_of(&app);
	assert_int_not_equal(place.top, 0);
	golden_type(&app, "\r");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_string_equal(app_pane(&app)->scope.text, "p28");
	golden_type(&app, "jf"); /* pool, resource, project */
	assert_int_equal(app.mode, MODE_MENU);
	golden_dialog(&app, "places");
	golden_type(&app, "p");
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	assert_int_equal(app_pane(&app)->scope.kind, SCOPE_ONE);
	assert_true(app_pane(&app)->expanded);
	escape(&app);
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_true(id_equal(list_current(&app_pane(&app)->list)->id, leases[1].id));
	escape(&app);
	assert_place(&app, &place);
	app_release(&app);
}

/* A digit leaves a tab as it is; the digit of the tab that is shown leads to its own list. */
static void test_tabs(void **state) {
	struct place place;
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "jjj\rj");
	place = place_of(&app);
	golden_type(&app, "3");
	assert_ptr_equal(app_pane(&app)->view, &view_queue);
	golden_type(&app, "1");
	assert_place(&app, &place);
	golden_type(&app, "1");
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	assert_true(id_equal(list_current(&app_pane(&app)->list)->id, golden_id(4)));
	golden_type(&app, "2");
	assert_null(app_pane(&app)->scope.text);
	escape(&app);
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	app_release(&app);
}

/* A filter that a jump brought is part of the place; one that was typed goes first. */
static void test_filters(void **state) {
	struct jump jump = {.view = &view_pools};
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "2j");
	buf_puts(&jump.filter, "p1");
	app_jump(&app, &jump);
	golden_type(&app, "/p12\r");
	escape(&app);
	assert_string_equal(app_pane(&app)->filter, "p1");
	escape(&app);
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_true(id_equal(list_current(&app_pane(&app)->list)->id, leases[1].id));
	app_release(&app);
}

static void test_visits(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "jj\r3H");
	assert_int_equal(app.mode, MODE_MENU);
	golden_dialog(&app, "visits");
	assert_string_equal(app.menu.menu.items[0].what, "leases of p02");
	assert_string_equal(app.menu.menu.items[1].what, "pools");
	assert_int_equal(app.menu.menu.count, 2);
	golden_type(&app, "\r");
	assert_int_equal(app.mode, MODE_LIST);
	assert_string_equal(app_pane(&app)->scope.text, "p02");
	escape(&app);
	assert_ptr_equal(app_pane(&app)->view, &view_queue);
	app_release(&app);
}

/* More jumps than a tab keeps: the way back is shorter, and ends at its own list. */
static void test_depth(void **state) {
	struct app app;

	(void)state;
	start(&app);
	for (int i = 0; i < 2 * TRAIL_DEPTH; i++) {
		golden_type(&app, i % 2 == 0 ? "\r" : "fp");
	}
	for (int i = 0; i < TRAIL_DEPTH - 1; i++) {
		escape(&app);
	}
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	assert_null(app_pane(&app)->scope.text);
	assert_false(app_back(&app));
	app_release(&app);
}

/* One key leads from every screen to the cause of the worst alert, and Esc back. */
static void test_worst(void **state) {
	const struct alert contradiction = {.kind = ALERT_INVARIANT,
	    .target = "",
	    .since = TIME_NONE,
	    .text = "a value is held twice",
	    .hint = "",
	    .count = 1};
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "2!");
	assert_ptr_equal(app_pane(&app)->view, &view_pools);
	assert_string_equal(app_pane(&app)->scope.text, "fra-edge-v4");
	escape(&app);
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	rowset_release(&app.alerts);
	golden_type(&app, "!");
	assert_ptr_equal(app_pane(&app)->view, &view_leases);
	assert_string_equal(buf_text(&app.message), "nothing needs you");
	rowset_copy(&app.alerts, &row_alert, &contradiction, 1);
	golden_fill(&app, &view_alerts, &contradiction, 1, 1);
	golden_type(&app, "!"); /* it has no screen of its own */
	assert_ptr_equal(app_pane(&app)->view, &view_alerts);
	golden_settle(&app);
	golden_dialog(&app, "alerts");
	app_release(&app);
}

/* An answer to a question that is outdated is nobody's: the tabs that were never shown have asked nothing. */
static void test_first_question(void **state) {
	struct app app;
	uint64_t first;

	(void)state;
	app_init(&app, "PROD", false, false);
	first = app_shown(&app)->question;
	assert_ptr_equal(trail_asked(&app.trail, first), app_shown(&app));
	app_filter(&app, "web");
	assert_int_not_equal(app_shown(&app)->question, first);
	assert_null(trail_asked(&app.trail, first));
	assert_null(trail_asked(&app.trail, 0));
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exact_place),
	    cmocka_unit_test(test_tabs),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_visits),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_worst),
	    cmocka_unit_test(test_first_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
