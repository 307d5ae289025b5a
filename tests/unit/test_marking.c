/*
 * Marks: of one row, a range, a screen, and all that match; and plans for what is marked.
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
#include "db/batch/batch.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/submit.h"
#include "ui/console/frame/draw.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Fills the screen of resources with 30 of them, every tenth of which is being drained. */
static void start(struct app *app) {
	static char names[30][8];
	struct resource resources[COUNT(names)];

	for (unsigned i = 0; i < COUNT(names); i++) {
		(void)snprintf(names[i], sizeof names[i], "%u", i);
		resources[i] = (struct resource){.id = golden_id(i + 1),
		    .pool = "web",
		    .kind = KIND_NUMBER,
		    .name = names[i],
		    .capacity = {"1"},
		    .used = {"0"},
		    .held_back = {"0"},
		    .free = {"1"},
		    .state = i % 10 == 9 ? RESOURCE_RELEASED : RESOURCE_ACTIVE,
		    .cordoned = i == 3,
		    .generation = i + 1,
		    .labels = "{}"};
	}
	golden_start(app, false);
	golden_fill(app, &view_resources, resources, COUNT(resources), COUNT(resources));
	golden_type(app, ":resources web\r");
}

/* Presses a key, and lays the screen out. */
static void press(struct app *app, int key) {
	app_layout(app, 24, 80);
	app_key(app, &(struct key_event){.key = key});
}

static size_t marked(struct app *app) {
	return app_pane(app)->marks.count;
}

static void test_toggle(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "  j ");
	assert_int_equal(marked(&app), 3);
	golden_type(&app, "kkk ");
	assert_int_equal(marked(&app), 2);
	press(&app, KEY_CODE_ESCAPE);
	assert_int_equal(marked(&app), 0);
	assert_ptr_equal(app_pane(&app)->view, &view_resources);
	app_release(&app);
}

static void test_range(void **state) {
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "jVjj");
	assert_int_equal(marked(&app), 3);
	assert_true(marks_has(&app_pane(&app)->marks, golden_id(2)));
	assert_true(marks_has(&app_pane(&app)->marks, golden_id(4)));
	press(&app, KEY_CODE_PAGE_DOWN);
	assert_true(marked(&app) > 5);
	golden_type(&app, "Vk");
	press(&app, KEY_CODE_HOME);
	assert_false(marks_has(&app_pane(&app)->marks, golden_id(1)));
	app_release(&app);
}

/* A second star asks for all that match; another key in between makes it a first one. */
static void test_stars(void **state) {
	struct app app;
	size_t page;

	(void)state;
	start(&app);
	golden_type(&app, "*");
	page = marked(&app);
	assert_int_equal(page, app_pane(&app)->list.page);
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "j*");
	assert_int_equal(marked(&app), 0);
	assert_int_equal(app.requests.act, ACT_NONE);
	golden_type(&app, "**");
	assert_int_equal(app.requests.act, ACT_GATHER);
	app_release(&app);
}

/* The question for all that match is that of the list, from its first row. */
static void test_gather(void **state) {
	struct in_flight in_flight;
	struct batch *b;
	struct app app;

	(void)state;
	start(&app);
	golden_type(&app, "/1\rjj**");
	b = submit_start(&app, &in_flight, "{}");
	assert_int_equal(in_flight.act, ACT_GATHER);
	assert_non_null(strstr(in_flight.question.filter->json, "\"text\":\"1\""));
	assert_string_equal(in_flight.question.scope.text, "web");
	assert_int_equal(in_flight.question.jump, JUMP_FIRST);
	assert_true(3 * in_flight.question.page + 1 >= MARKS_MOST - 3);
	assert_int_equal(app.requests.act, ACT_NONE);
	batch_free(b);
	in_flight_release(&in_flight);
	app_release(&app);
}

static void unlock(struct app *app) {
	golden_type(app, "WPROD\r");
	assert_true(app_writable(app));
}

/* One plan for all that can have it, each with the generation that was seen; the rest is counted, with a
 * reason. */
static void test_plan(void **state) {
	struct app app;

	(void)state;
	start(&app);
	unlock(&app);
	golden_type(&app, "Vjjjjjjjjj"); /* ten rows, of which one is cordoned, and one is being drained */
	assert_int_equal(marked(&app), 10);
	golden_type(&app, "VK");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_int_equal(app.plan.act, PLAN_CORDON);
	assert_int_equal(app.plan.count, 8);
	assert_int_equal(app.plan.left_out, 2);
	assert_int_equal(app.plan.targets[2].generation, 3);
	golden_dialog(&app, "cordon-many");
	golden_type(&app, "y\r");
	assert_int_equal(app.requests.act, ACT_NONE);
	assert_int_equal(app.mode, MODE_PLAN);
	press(&app, KEY_CODE_CTRL('u'));
	golden_type(&app, "cordon 8 resources\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app_release(&app);
}

/* No plan opens for an act that none of the marked rows can have. */
static void test_none(void **state) {
	struct app app;

	(void)state;
	start(&app);
	unlock(&app);
	golden_type(&app, "jjjjjjjjj jjjjjjjjj D");
	assert_int_equal(marked(&app), 2);
	assert_int_equal(app.mode, MODE_LIST);
	assert_string_equal(buf_text(&app.message), "it is being drained already");
	app_release(&app);
}

/* Labels are typed as on the command line, and the plan says them before and after. */
static void test_label(void **state) {
	struct buf command = {0};
	struct app app;

	(void)state;
	start(&app);
	unlock(&app);
	golden_type(&app, "  L");
	assert_int_equal(app.mode, MODE_PROMPT);
	golden_type(&app, "env\r");
	assert_int_equal(app.mode, MODE_PROMPT);
	assert_non_null(app.prompt.wrong);
	golden_type(&app, "=prod note=ab old-\r");
	assert_int_equal(app.mode, MODE_PLAN);
	assert_int_equal(app.plan.act, PLAN_LABEL);
	assert_int_equal(app.plan.count, 2);
	golden_dialog(&app, "label-many");
	plan_command(&app.plan, &command);
	assert_non_null(strstr(buf_text(&command), " 'env=prod' 'note=ab' old-\nberth label resource/"));
	buf_release(&command);
	golden_type(&app, "label 2 resources\r");
	assert_int_equal(app.requests.act, ACT_QUEUE);
	app_release(&app);
}

static void test_scroll(void **state) {
	struct app app;

	(void)state;
	start(&app);
	unlock(&app);
	golden_type(&app, "**");
	app.requests.act = ACT_NONE;
	golden_type(&app, "VjjjjjjjjjjjjjjjjjjjjVK");
	assert_int_equal(app.mode, MODE_PLAN);
	press(&app, KEY_CODE_DOWN);
	assert_int_equal(app.plan.list.top, 1);
	press(&app, KEY_CODE_PAGE_DOWN);
	assert_int_equal(app.plan.list.top, 11);
	for (int i = 0; i < 9; i++) {
		press(&app, KEY_CODE_PAGE_DOWN);
	}
	assert_int_equal(app.plan.list.top, app.plan.count - 1);
	golden_dialog(&app, "cordon-scrolled");
	press(&app, KEY_CODE_PAGE_UP);
	assert_true(app.plan.list.top < app.plan.count - 1);
	app_release(&app);
}

/* `/` searches in the list of a plan as in the help. The phrase is typed as ever, and letters are its own. */
static void test_search(void **state) {
	struct app app;
	size_t first;

	(void)state;
	start(&app);
	unlock(&app);
	golden_type(&app, "**");
	app.requests.act = ACT_NONE;
	golden_type(&app, "VjjjjjjjjjjjjjjjjjjjjVK/active 1");
	press(&app, KEY_CODE_BACKSPACE);
	golden_type(&app, "1");
	golden_dialog(&app, "cordon-searching");
	golden_type(&app, "2\r");
	first = app.plan.list.top;
	assert_int_equal(first, 10);
	golden_type(&app, "/ACTIVE 1\rn");
	assert_int_equal(app.plan.list.top, first + 1);
	golden_type(&app, "N");
	assert_int_equal(app.plan.list.top, first);
	assert_int_equal(app.mode, MODE_PLAN);
	golden_type(&app, "cordon n/N");
	assert_string_equal(line_editor_text(&app.plan.confirm.typed), "cordon n/N");
	press(&app, KEY_CODE_ESCAPE);
	assert_int_equal(app.mode, MODE_LIST);
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_toggle),
	    cmocka_unit_test(test_range),
	    cmocka_unit_test(test_stars),
	    cmocka_unit_test(test_gather),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_label),
	    cmocka_unit_test(test_scroll),
	    cmocka_unit_test(test_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
