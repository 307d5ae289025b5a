/*
 * Duplicate rows of a table, runs of dedupe, and the plan of one: golden files, the effects of keys, and
 * the reading of words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/verbs/dedupe.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORDS "--table public.tags --key owner,tag"

/* Foreign text, some of it hostile. */
static const struct duplicate groups[] = {
    {.table = "public.tags",
	.key = "{\"owner\": \"o1\", \"tag\": null}",
	.rows = 2,
	.values = "[\"prod\"]",
	.survivor = "7",
	.collides = "null"},
    {.table = "public.tags",
	.key = "{\"owner\": \"o2\\u001b[31m\", \"tag\": \"t\"}",
	.rows = 4,
	.conflicting = true,
	.values = "[\"web\", \"Web\", \"web \", 5]",
	.survivor = "\"d802\"",
	.collides = "exact"},
};

static const struct dedupe_run runs[] = {
    {.table = "public.tags",
	.state = "running",
	.phase = "find",
	.started = GOLDEN_NOW - GOLDEN_HOUR,
	.finished = TIME_NONE,
	.groups = 2,
	.conflicting = 1},
    {.table = "public.\"\033[2J\"",
	.state = "done",
	.phase = "",
	.started = GOLDEN_NOW - GOLDEN_DAY,
	.finished = GOLDEN_NOW - GOLDEN_DAY + GOLDEN_HOUR,
	.groups = 2,
	.removed = 12,
	.conflicting = 1,
	.constraint = "tags_owner_tag_berth",
	.longest_write_block_ms = 3.5},
};

static void start(struct app *app, bool ascii, const char *typed) {
	struct dedupe_run rows[COUNT(runs)];

	memcpy(rows, runs, sizeof rows);
	for (unsigned i = 0; i < COUNT(runs); i++) {
		rows[i].run = golden_id(i + 1);
	}
	golden_start(app, ascii);
	golden_fill(app, &view_duplicate_rows, groups, COUNT(groups), COUNT(groups));
	golden_fill(app, &view_dedupe_runs, rows, COUNT(rows), COUNT(rows));
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	golden_type(app, typed);
	app_pane(app)->list.jump = JUMP_NONE;
	app_pane(app)->fresh = false;
}

/* The answer of the server about a plan. */
static void know(struct app *app, const char *table) {
	struct dedupe_plan *plan = &app->dedupe_plan;

	assert_int_equal(app->requests.act, ACT_MERGE);
	app->requests.act = ACT_NONE;
	plan->state = DEDUPE_PLAN_PLAN;
	plan->id = golden_id(9);
	plan->table = mem_text(table);
	plan->constraint = mem_text("tags_owner_tag_berth");
	plan->groups = 2;
	plan->rows = 4;
	plan->conflicting = 1;
}

static void test_doubles(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0, ":dedupe check " WORDS "\r");
		golden_type(&app, "j");
		golden_all(&app, "doubles");
		app_release(&app);
	}
}

static void test_runs(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe runs\r");
	golden_type(&app, "j");
	golden(&app, "runs", 24, 80);
	golden(&app, "runs", 40, 120);
	golden_type(&app, "q");
	assert_ptr_equal(app_pane(&app)->view, &view_pools); /* the place before */
	app_release(&app);
}

static void test_plan(void **state) {
	struct key_event paste = {.key = KEY_CODE_PASTE, .text = "fix 4 public.tags", .n = 17};
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "m");
	assert_int_equal(app.mode, MODE_LIST); /* read-only at the start */
	golden_type(&app, "WPROD\rm");
	assert_int_equal(app.mode, MODE_MERGE);
	golden_type(&app, "fix 4 public.tags\r"); /* typed ahead */
	assert_int_equal(app.dedupe_plan.confirm.typed.text.len, 0);
	know(&app, "public.tags");
	golden_all(&app, "merge");
	golden_type(&app, "\r");
	app_key(&app, &paste);
	golden_type(&app, "\rfix 3 public.tags\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	golden(&app, "merge-wrong", 24, 80);
	golden_type(&app, "\025fix 4 public.tags");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	golden_type(&app, "\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_RUNS);
	(void)snprintf(app.dedupe_plan.phase, sizeof app.dedupe_plan.phase, "find");
	app.dedupe_plan.done = 3;
	app.dedupe_plan.total = 10;
	app.dedupe_plan.blocker = 41877;
	golden(&app, "merge-runs", 24, 80);
	golden_type(&app, "\033q"); /* it goes on */
	assert_int_equal(app.mode, MODE_MERGE);
	assert_false(app.dedupe_plan.stop);
	golden_type(&app, "\003");
	assert_true(app.dedupe_plan.stop);
	app.dedupe_plan.state = DEDUPE_PLAN_ENDED;
	buf_puts(&app.dedupe_plan.result, "done: the key is unique");
	golden(&app, "merge-ended", 24, 80);
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_dedupe_runs);
	assert_int_equal(app.mode, MODE_LIST);
	app_release(&app);
}

/* A table whose name cannot be typed is not in the phrase. */
static void test_undo(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe runs\r");
	golden_type(&app, "WPROD\rju");
	assert_true(app.dedupe_plan.undo);
	assert_true(id_equal(app.dedupe_plan.id, golden_id(2)));
	know(&app, "public.\"\033[2J\"");
	golden(&app, "merge-undo", 24, 80);
	golden_type(&app, "undo 4 rows\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_RUNS);
	app_release(&app);
}

/* The ten minutes end in the middle of the plan. */
static void test_refused(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	app_tick(&app, (struct moment){GOLDEN_NOW, GOLDEN_STEADY + APP_WRITE});
	golden_type(&app, "fix 4 public.tags\r");
	assert_int_equal(app.mode, MODE_UNLOCK);
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	golden_type(&app, "PROD\r");
	assert_int_equal(app.mode, MODE_MERGE);
	golden_type(&app, "\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_RUNS);
	app_release(&app);
}

static void test_every_size(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	for (int size = 0; size < 30 * 60; size++) {
		struct grid *g = grid_new(size / 60, size % 60, false);

		app_layout(&app, g->rows, g->columns);
		app_draw(&app, g);
		assert_true(grid_valid(g));
		grid_free(g);
	}
	app_release(&app);
}

static void test_words(void **state) {
	static const struct {
		const char *words;
		const char *wrong; /* NULL: it is read */
	} cases[] = {
	    {WORDS, NULL},
	    {"--table=public.tags '--key' owner --survivor oldest", NULL},
	    {"--table 'public.\"odd name\"' --key a --order b --value c --row-id d --null-as-empty a", NULL},
	    {"--key a", "--key: only together with --table"},
	    {"--table t", "--key: must be given"},
	    {"--table t --key", "--key: needs a value"},
	    {"--table t --key a --survivor best", "--survivor: 'best' is not one of"},
	    {"--table t --key a --yes now", "--yes"},
	    {"--table t --key 'a", "quote"},
	    {"--table t --key a --trim a:3", "--trim"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf ask = {0};
		struct err err = {0};
		bool ok = dedupe_read_words("dedupe fix", cases[i].words, &ask, &err);

		assert_int_equal(ok, cases[i].wrong == NULL);
		if (ok) {
			assert_true(ask.len > 0);
			assert_int_equal(strstr(cases[i].words, "oldest") != NULL,
			    strstr(buf_text(&ask), "oldest") != NULL);
		} else if (cases[i].wrong != NULL) {
			assert_non_null(strstr(err.message, cases[i].wrong));
		}
		err_release(&err);
		buf_release(&ask);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_doubles),
	    cmocka_unit_test(test_runs),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_undo),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_every_size),
	    cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
