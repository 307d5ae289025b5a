/*
 * Duplicate rows of a table, runs of dedupe, and the plan of one: golden files, the effects of keys, and
 * the reading of words.
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
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/submit.h"
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

/* The columns of the second group. */
static const struct duplicate_column rows_of_group[] = {
    {.column = "id", .is_id = true, .differs = true, .values = "[\"d802\", \"d803\", \"d804\"]"},
    {.column = "said", .differs = true, .values = "[\"web\", \"Web\", \"web \"]"},
    {.column = "note of the\033[2J keeper", .differs = true, .values = "[null, \"\", \"\\u001b]0;x\"]"},
    {.column = "owner", .values = "[\"o2\\u001b[31m\", \"o2\\u001b[31m\", \"o2\\u001b[31m\"]"},
    {.column = "gone", .values = "[null, null, null]"},
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
    {.table = "public.tags",
	.state = "undone",
	.phase = "",
	.started = GOLDEN_NOW - 2 * GOLDEN_DAY,
	.finished = GOLDEN_NOW - 2 * GOLDEN_DAY + GOLDEN_HOUR,
	.groups = 2,
	.removed = 4,
	.restored = 4,
	.constraint = "tags_owner_tag_berth"},
};

/* The rows that a run has removed. */
static const struct dedupe_shown removed[] = {
    {.seq = 1,
	.removed = "{\"id\": 8, \"owner\": \"o1\", \"tag\": null, \"said\": \"prod\"}",
	.survivor = "7",
	.rule = "newest"},
    {.seq = 2,
	.removed =
	    "{\"id\": \"d803\", \"owner\": \"o2\\u001b[31m\", \"tag\": \"t\", \"said\": \"web \", "
	    "\"note of the\\u001b[2J keeper\": \"a text that is longer than the place that a column has for "
	    "it\"}",
	.survivor = "\"d802\"",
	.rule = "newest"},
    {.seq = 5,
	.removed = "{\"a\": 1, \"b\": [1, 2]}",
	.survivor = "{\"id\": 3, \"part\": \"\\u001b]0;x\"}",
	.rule = "identical"},
};

static void start(struct app *app, bool ascii, const char *typed) {
	struct dedupe_run rows[COUNT(runs)];
	struct dedupe_shown gone[COUNT(removed)];

	memcpy(rows, runs, sizeof rows);
	memcpy(gone, removed, sizeof gone);
	for (size_t i = 0; i < COUNT(removed); i++) {
		gone[i].run = golden_id(2);
	}
	for (unsigned i = 0; i < COUNT(runs); i++) {
		rows[i].run = golden_id(i + 1);
	}
	golden_start(app, ascii);
	golden_fill(app, &view_duplicate_rows, groups, COUNT(groups), COUNT(groups));
	golden_fill(app, &view_dedupe_runs, rows, COUNT(rows), COUNT(rows));
	golden_fill(app, &view_removed_rows, gone, COUNT(gone), COUNT(gone));
	app_pane_of(app, &view_pools)->fetched = app->now.steady;
	golden_type(app, typed);
	golden_settle(app);
}

/* The answer of the server about a plan. */
static void know(struct app *app, const char *table) {
	struct dedupe_plan *plan = &app->dedupe_plan;

	assert_int_equal(app->requests.act, ACT_MERGE);
	app->requests.act = ACT_NONE;
	plan->state = DEDUPE_PLAN_PLAN;
	plan->again = false;
	if (!plan->undo) {
		rowset_release(&plan->examples);
		rowset_copy(&plan->examples, &row_duplicate, groups, COUNT(groups));
		free(plan->orders);
		free(plan->row_id);
		plan->orders = mem_text("updated_at, else created_at");
		plan->row_id = mem_text("id");
	}
	free(plan->table);
	free(plan->constraint);
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

/* The rows of a group, one by one below the other and side by side. */
static void test_group(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;
		struct pane *pane;

		start(&app, ascii != 0, ":dedupe check " WORDS "\r");
		golden_type(&app, "j\r");
		pane = app_pane(&app);
		assert_true(pane->expanded);
		pane->more_of = list_current(&pane->list)->id;
		golden(&app, "group-changed", 24, 80);
		rowset_copy(&pane->more[0], &row_duplicate_column, rows_of_group, COUNT(rows_of_group));
		golden(&app, "group", 24, 80);
		golden(&app, "group", 40, 120);
		golden(&app, "group", 12, 44);
		golden_type(&app, "\r");
		golden(&app, "group-beside", 40, 120);
		app_release(&app);
	}
}

/* Moving to another group asks for its rows, and does not read the table's groups again. */
static void test_more(void **state) {
	struct in_flight in_flight;
	struct app app;
	struct batch *b;
	int64_t when;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	app.requests.refresh = false;
	golden_type(&app, "\r");
	app_pane(&app)->roomy = true;
	assert_true(refresh_due(&app, &when));
	b = refresh_start(&app, &in_flight);
	assert_false(in_flight.rows);
	assert_int_equal(in_flight.more_at, 0);
	assert_int_equal(batch_steps(b), 1);
	in_flight_release(&in_flight);
	batch_free(b);
	app.requests.refresh = true;
	b = refresh_start(&app, &in_flight);
	assert_true(in_flight.rows);
	assert_int_equal(batch_steps(b), 2);
	in_flight_release(&in_flight);
	batch_free(b);
	app_release(&app);
}

static void test_runs(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe runs\r");
	golden_type(&app, "j");
	golden_dialog(&app, "runs");
	golden_type(&app, "j");
	golden_dialog(&app, "runs-undone");
	golden_type(&app, "q");
	assert_ptr_equal(app_pane(&app)->view, &view_pools); /* the place before */
	app_release(&app);
}

/* Enter on a run, and the verb, open what it has removed. */
static void test_removed(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		char typed[80], id[ID_TEXT];
		struct app app;

		start(&app, ascii != 0, ":dedupe runs\rj\r");
		assert_ptr_equal(app_pane(&app)->view, &view_removed_rows);
		assert_int_equal(app_pane(&app)->scope.kind, SCOPE_RUN);
		assert_string_equal(app_pane(&app)->scope.text, id_text(golden_id(2), id));
		golden_type(&app, "j");
		golden_all(&app, "removed");
		golden_type(&app, "\033");
		assert_ptr_equal(app_pane(&app)->view, &view_dedupe_runs);
		(void)snprintf(typed, sizeof typed, ":dedupe show %s\r", id);
		golden_type(&app, typed);
		assert_ptr_equal(app_pane(&app)->view, &view_removed_rows);
		assert_string_equal(app_pane(&app)->scope.text, id);
		app_release(&app);
	}
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
	golden_dialog(&app, "merge");
	golden_type(&app, "\r");
	app_key(&app, &paste);
	golden_type(&app, "\rfix 3 public.tags\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	golden_dialog(&app, "merge-wrong");
	golden_type(&app, "\025fix 4 public.tags");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	golden_type(&app, "\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_RUNS);
	(void)snprintf(app.dedupe_plan.phase, sizeof app.dedupe_plan.phase, "find");
	app.dedupe_plan.done = 3;
	app.dedupe_plan.total = 10;
	app.dedupe_plan.blocker = 41877;
	golden_dialog(&app, "merge-runs");
	golden_type(&app, "\033q"); /* it goes on */
	assert_int_equal(app.mode, MODE_MERGE);
	assert_false(app.dedupe_plan.stop);
	golden_type(&app, "\003");
	assert_true(app.dedupe_plan.stop);
	app.dedupe_plan.state = DEDUPE_PLAN_ENDED;
	buf_puts(&app.dedupe_plan.result, "done: the key is unique");
	golden_dialog(&app, "merge-ended");
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_dedupe_runs);
	assert_int_equal(app.mode, MODE_LIST);
	golden_type(&app, "\033");
	assert_ptr_equal(app_pane(&app)->view, &view_duplicate_rows);
	assert_true(app_pane(&app)->fresh); /* the groups are read anew */
	app_release(&app);
}

static void says_rule(struct app *app, const char *rule) {
	struct buf text = {0};

	dedupe_plan_rule(&app->dedupe_plan, &text);
	assert_string_equal(buf_text(&text), rule);
	buf_release(&text);
}

static void copies(struct app *app, const char *key, const char *text) {
	golden_type(app, key);
	if (strstr(buf_text(&app->requests.copy), text) == NULL) {
		fail_msg("%s was copied", buf_text(&app->requests.copy));
	}
}

/* Tab changes the rule, the server is asked anew, and the typed text stays. */
static void test_rules(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	app.connection = "-d alloc ";
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	says_rule(&app, "the newest by updated_at, else created_at");
	copies(&app, "C", "berth -d alloc dedupe fix " WORDS " --survivor newest --id 4f2c0a91-");
	copies(&app, "J", "\"keeps\":\"the newest by updated_at, else created_at\"");
	golden_type(&app, "fix 4");
	for (unsigned i = 0; i < 4; i++) {
		static const char *const rules[] = {"the oldest by updated_at, else created_at",
		    "the lowest id", "the highest id",
		    "the newest by updated_at, else created_at; different values are refused"};

		golden_type(&app, "\t");
		assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_LOOKS);
		assert_non_null(strstr(buf_text(&app.dedupe_plan.ask), dedupe_survivor_names[i + 1]));
		golden_type(&app, " public.tags\r"); /* typed ahead */
		know(&app, "public.tags");
		says_rule(&app, rules[i]);
	}
	/* The server refuses the next one, which is not offered again. */
	golden_type(&app, "\t\t");
	assert_true(dedupe_plan_restore(&app.dedupe_plan, true));
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_PLAN);
	says_rule(&app, "the newest by updated_at, else created_at; different values are refused");
	golden_type(&app, "\t");
	know(&app, "public.tags");
	says_rule(&app, "the oldest by updated_at, else created_at");
	golden_dialog(&app, "merge-rule");
	golden_type(&app, " public.tags\r");
	assert_int_equal(app.dedupe_plan.state, DEDUPE_PLAN_RUNS);
	app_release(&app);
}

/* Without a column that tells old from new, rows are told apart by their ids alone. */
static void test_rules_by_id(void **state) {
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	free(app.dedupe_plan.orders);
	app.dedupe_plan.orders = NULL;
	says_rule(&app, "the highest id, as no column tells old from new");
	golden_type(&app, "\t");
	says_rule(&app, "the lowest id");
	app_release(&app);
}

/* The plan says which other plans are open, and the examples scroll. */
static void test_examples(void **state) {
	struct duplicate many[40];
	struct open_plan other = {
	    .who = "sam", .doing = "dedupe fix of public.tags", .since = GOLDEN_NOW - 90 * TIME_SECOND};
	struct app app;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++) {
		many[i] = groups[i % COUNT(groups)];
	}
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	rowset_release(&app.dedupe_plan.examples);
	rowset_copy(&app.dedupe_plan.examples, &row_duplicate, many, COUNT(many));
	rowset_copy(&app.others, &row_open_plan, &other, 1);
	app.dedupe_plan.groups = 400;
	app_key(&app, &(struct key_event){.key = KEY_CODE_PAGE_DOWN});
	assert_int_equal(app.dedupe_plan.list.top, 10);
	golden_dialog(&app, "merge-many");
	golden_type(&app, "/o1\r");
	assert_true(app.dedupe_plan.list.top >= 10);
	golden_dialog(&app, "merge-found");
	app_release(&app);
}

/* Other consoles are told of the plan, and that it was left. */
static void test_noted(void **state) {
	struct in_flight in_flight;
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\rm");
	know(&app, "public.tags");
	assert_true(submit_due(&app));
	batch_free(submit_start(&app, &in_flight, "{}"));
	assert_int_equal(in_flight.act, ACT_NOTE);
	assert_true(app.noted);
	assert_false(submit_due(&app));
	golden_type(&app, "\033");
	assert_int_equal(app.mode, MODE_LIST);
	assert_true(submit_due(&app));
	app_release(&app);
}

/* The words of a copied command have the rule once. */
static void test_words_of_rule(void **state) {
	static const struct {
		const char *words;
		const char *then;
	} cases[] = {
	    {"--table t --key a", "--table t --key a --survivor lowest"},
	    {"--survivor oldest  --table t --key a", "--table t --key a --survivor lowest"},
	    {"--table t --survivor=oldest --key 'a b'  ", "--table t --key 'a b' --survivor lowest"},
	    {"--id 7 --table 't.\"x\"' --key a", "--table 't.\"x\"' --key a --survivor lowest"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *words = dedupe_words_survivor(cases[i].words, DEDUPE_LOWEST);

		assert_string_equal(words, cases[i].then);
		free(words);
	}
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
	golden_dialog(&app, "merge-undo");
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

/* The options that change which rows are duplicates, and the references that are moved. */
static void test_options(void **state) {
	struct buf text = {0};
	struct app app;

	(void)state;
	start(&app, false, ":dedupe check " WORDS "\r");
	golden_type(&app, "WPROD\r:dedupe fix " WORDS " --fold owner,tag --live gone --repoint\r");
	know(&app, "public.tags");
	app.dedupe_plan.repointed = 3;
	golden_dialog(&app, "merge-options");
	dedupe_plan_command(&app.dedupe_plan, &text);
	assert_non_null(strstr(buf_text(&text), "--fold owner,tag --live gone --repoint --survivor"));
	buf_cut(&text, 0);
	dedupe_plan_json(&app.dedupe_plan, &text);
	assert_non_null(strstr(buf_text(&text), "\"repointed\":3"));
	buf_release(&text);
	app_release(&app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_doubles),
	    cmocka_unit_test(test_group),
	    cmocka_unit_test(test_more),
	    cmocka_unit_test(test_runs),
	    cmocka_unit_test(test_removed),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_options),
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_rules_by_id),
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_noted),
	    cmocka_unit_test(test_words_of_rule),
	    cmocka_unit_test(test_undo),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_every_size),
	    cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
