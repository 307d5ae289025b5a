/*
 * Text that is typed on a screen is not lost, and all that completes it is shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"

static const struct lease leases[] = {{.seq = 2,
    .pool = "web",
    .host = "",
    .holder = "ci",
    .acquired = GOLDEN_NOW - GOLDEN_HOUR,
    .until = TIME_NONE,
    .activated = TIME_NONE,
    .released = TIME_NONE,
    .destroyed = TIME_NONE,
    .created = GOLDEN_NOW - GOLDEN_HOUR,
    .labels = "{}",
    .held = true}};

static void start(struct app *app) {
	golden_start(app, false);
	golden_fill(app, &view_leases, leases, 1, 1);
	golden_type(app, "2");
	golden_settle(app);
}

static void press(struct app *app, int key) {
	app_key(app, &(struct key_event){.key = key});
}

/* Returns whether a row of the screen has the text. */
static bool shows(struct app *app, int columns, const char *text) {
	struct grid *g = grid_new(24, columns, false);
	struct buf out = {0};
	bool found;

	app_layout(app, 24, columns);
	app_draw(app, g);
	grid_text(g, &out);
	found = strstr(buf_text(&out), text) != NULL;
	buf_release(&out);
	grid_free(g);
	return found;
}

/* A wrong filter leaves the list as the last accepted one does, stays to be corrected, and comes back. */
static void test_filter(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "/holder=ci\r/");
	press(&app, KEY_CODE_CTRL('u'));
	golden_type(&app, "state=nonsense");
	assert_string_equal(app_pane(&app)->filter, "holder=ci");
	golden_type(&app, "\r");
	assert_int_equal(app.mode, MODE_FILTER);
	assert_string_equal(app_pane(&app)->filter, "holder=ci");
	assert_string_equal(line_editor_text(&app.filter), "state=nonsense");
	golden_type(&app, "\033");
	assert_string_equal(app_pane(&app)->filter, "holder=ci");
	golden_type(&app, "/");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.filter), "state=nonsense");
	app_release(&app);
}

/* The lines of both prompts are kept apart. */
static void test_prompts(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "WPROD\re7 days\033");
	assert_int_equal(app.mode, MODE_LIST);
	assert_string_equal(buf_text(&app.message), "nothing was queued; Up brings the line back");
	golden_type(&app, "L");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.prompt.lines[true]), "");
	golden_type(&app, "env=prod\033e");
	assert_string_equal(line_editor_text(&app.prompt.lines[false]), "");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.prompt.lines[false]), "7 days");
	golden_type(&app, "\033L");
	press(&app, KEY_CODE_UP);
	assert_string_equal(line_editor_text(&app.prompt.lines[true]), "env=prod");
	app_release(&app);
}

/* Left alone, a reopened form is dropped; typed text is kept once more. */
static void test_form(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "WPROD\ra\rmira\033a");
	assert_string_equal(form_text(&app.form, FORM_HOLDER), "mira");
	golden_type(&app, "x\033a");
	assert_string_equal(form_text(&app.form, FORM_HOLDER), "mirax");
	golden_type(&app, "\033a");
	assert_string_equal(form_text(&app.form, FORM_HOLDER), "");
	app_release(&app);
}

/* `:` leaves an answer for the command line, but is a character of a search in it. */
static void test_answer(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, ":help pool create\r");
	assert_int_equal(app.mode, MODE_CALL);
	golden_type(&app, "/:");
	assert_int_equal(app.mode, MODE_CALL);
	golden_type(&app, "\r:");
	assert_int_equal(app.mode, MODE_COMMAND);
	assert_string_equal(line_editor_text(&app.command), "");
	app_release(&app);
}

static void completes(struct app *app, const char *typed, const char *expected) {
	golden_type(app, ":");
	press(app, KEY_CODE_CTRL('u'));
	golden_type(app, typed);
	golden_type(app, "\t");
	if (strcmp(line_editor_text(&app->command), expected) != 0) {
		fail_msg("%s: \"%s\"", typed, line_editor_text(&app->command));
	}
	golden_type(app, "\033");
}

/* Words that are values, the last one of a list, and the fields and words of filters. */
static void test_values(void **state) {
	static const char *const cases[][2] = {
	    {"allocate web --until n", "allocate web --until never "},
	    {"extend x --until=n", "extend x --until=never "},
	    {"pool set web --ttl n", "pool set web --ttl none "},
	    {"pool set web --reuse-delay ", "pool set web --reuse-delay none "},
	    {"project limit a/b --max-leases n", "project limit a/b --max-leases none "},
	    {"queue list --state op", "queue list --state open "},
	    {"queue list --state queued,al", "queue list --state queued,all "},
	    {"lease list --state li", "lease list --state live "},
	    {"lease list --state=broken,rel", "lease list --state=broken,released "},
	    {"mouse of", "mouse off "},
	    {"help pool li", "help pool list "},
	    {"pool list --filter runs", "pool list --filter runs-out"},
	    {"lease list --filter state=bro", "lease list --filter state=broken "},
	    {"lease holders --filter id", "lease holders --filter idle"},
	    {"filter prio", "filter priority"},
	};
	struct app app;

	(void)state;
	start(&app);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		completes(&app, cases[i][0], cases[i][1]);
	}
	app_release(&app);
}

/* Tab after `/`: the fields of the list, the words of a field, also after other terms and in an inverted one.
 */
static void test_fields(void **state) {
	static const char *const cases[][2] = {{"pri", "priority"}, {"holder=ci,sta", "holder=ci,state"},
	    {"web state!=bro", "web state!=broken "}, {"!exp", "!expires"}, {"lab", "label:"},
	    {"state=nothing", "state=nothing"}};
	struct app app;

	(void)state;
	start(&app);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		golden_type(&app, "/");
		press(&app, KEY_CODE_CTRL('u'));
		golden_type(&app, cases[i][0]);
		golden_type(&app, "\t");
		assert_string_equal(line_editor_text(&app.filter), cases[i][1]);
		golden_type(&app, "\033");
	}
	golden_type(&app, "/h\t");
	assert_int_equal(app.offers.count, 2); /* holder, held */
	assert_true(shows(&app, 80, "holder  held"));
	app_release(&app);
}

/* All candidates can be seen: as many as have room, with their number, and with Tab the others. */
static void test_offers(void **state) {
	struct app app;
	size_t shown = 0;

	(void)state;
	start(&app);
	shows(&app, 34, "");
	golden_type(&app, ":pool create x --\t");
	assert_true(app.offers.count > 12);
	assert_true(shows(&app, 34, "of 17; Tab: others"));
	do {
		size_t first = app.offers.first;

		shown++;
		press(&app, KEY_CODE_TAB);
		assert_true(app.offers.first == 0 || app.offers.first > first);
		assert_true(shows(&app, 34, "Tab: others"));
	} while (app.offers.first != 0);
	assert_true(shown > 1);
	golden_type(&app, "re");
	assert_false(shows(&app, 34, "Tab: others"));
	assert_true(shows(&app, 200, ":pool create x --re"));
	press(&app, KEY_CODE_CTRL('u'));
	golden_type(&app, "pool create x --\t");
	assert_false(shows(&app, 200, "Tab: others")); /* there is room for all of them */
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_filter),
	    cmocka_unit_test(test_prompts),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_answer),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_offers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
