/*
 * The dedupe runs, newest first; removed rows can be put back.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "ui/console/screens/dedupe_badge.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"
#include "ui/text/shapes.h"

static const struct dedupe_run *run_of(const void *row) {
	return row;
}

static const struct badge *badge(const void *row, const struct context *context) {
	(void)context;
	return dedupe_badge(run_of(row)->state);
}

/* Nothing for a run that was not undone. */
static void text_restored(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	if (run_of(row)->restored > 0) {
		buf_printf(out, "%" PRId64, run_of(row)->restored);
	}
}

static const struct view_column columns[] = {
    {NULL, "STATE", .width = 9, .most = 9, .badge = badge},
    {"table", .width = 16, .good = 28, .most = 50, .cut = SAFE_CUT_MIDDLE},
    {"removed", .width = 7, .most = 9},
    {NULL, "PUT BACK", .text = text_restored, .width = 8, .most = 9, .drop = 6, .right = true},
    {"started", .width = 10, .most = 12, .drop = 5},
    {"constraint", .width = 12, .most = 40, .drop = 4, .cut = SAFE_CUT_MIDDLE},
};

static const char *const sorts[] = {
    "newest", "state", "table", "removed", "put-back", "started", "constraint", NULL};
static const struct view_order orders[] = {{NULL, .descending = true}, {"STATE", .member = "state"},
    {"TABLE", .member = "table"}, {"REMOVED", .descending = true, .member = "removed"},
    {"PUT BACK", .descending = true, .member = "restored"},
    {"STARTED", .descending = true, .member = "started"}, {"CONSTRAINT", .member = "constraint"}};
static const char *const watched[] = {"state", "removed", NULL};
static const struct view_member members[] = {{"state", "state"}, {"table", "table"}, {"removed", "removed"},
    {"put-back", "restored"}, {"started", "started"}, {"constraint", "constraint"}, {0}};

static void ask(const struct question *q, struct batch *b) {
	(void)q;
	(void)dedupe_runs_add(b);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct dedupe_run *run = row;

	(void)context;
	pen_foreign(p, STYLE_BOLD, run->table);
	if (strcmp(run->state, "undone") == 0) {
		struct buf text = {0};

		buf_puts(&text, " ");
		dedupe_undone(run->restored, &text);
		pen_say(p, STYLE_NORMAL, buf_text(&text));
		buf_release(&text);
		return;
	}
	pen_print(p, badge(row, context)->style, ": %s", run->state);
	pen_print(
	    p, STYLE_NORMAL, ", %" PRId64 " rows removed of %" PRId64 " groups", run->removed, run->groups);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct dedupe_run *run = row;
	struct buf text = {0};

	brief(p, row, context);
	detail_text(p, "means", badge(row, context)->meaning);
	detail_id(p, "run", run->run);
	humanize_time(run->started, &text);
	detail_text(p, "started", buf_text(&text));
	buf_cut(&text, 0);
	if (run->finished == TIME_NONE) {
		buf_printf(&text, "not yet, in phase %s", run->phase);
	} else {
		humanize_time(run->finished, &text);
	}
	detail_text(p, "ended", buf_text(&text));
	buf_release(&text);
	pen_label(p, "values");
	pen_print(p, STYLE_NORMAL, "differed in %" PRId64 " groups", run->conflicting);
	pen_label(p, "put back");
	pen_print(p, STYLE_NORMAL, "%" PRId64 " rows", run->restored);
	detail_text(p, "unique", run->constraint == NULL ? "-" : run->constraint);
	pen_label(p, "blocked");
	pen_print(p, STYLE_NORMAL, "writers for %.1f ms at most", run->longest_write_block_ms);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_printf(out, "%s %s: %" PRId64 " rows removed, %" PRId64 " put back", run_of(row)->state,
	    run_of(row)->table, run_of(row)->removed, run_of(row)->restored);
}

static void command(const void *row, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth dedupe show %s", id_text(run_of(row)->run, id));
}

static const char *open_run(const void *row, struct jump *jump) {
	char id[ID_TEXT];

	*jump = (struct jump){
	    .view = &view_removed_rows, .scope = scope_new(SCOPE_RUN, id_text(run_of(row)->run, id))};
	jump->scope.words = mem_text(run_of(row)->table);
	return NULL;
}

static const enum action actions[] = {ACTION_REMOVED, ACTION_UNDO_RUN, ACTION_NONE};

const struct view view_dedupe_runs = {.name = "runs",
    .title = "Runs",
    .one = "run",
    .actions = actions,
    .open = open_run,
    .nothing = "dedupe has not run yet.",
    .inner = true,
    .fields = FILTER_RUNS,
    .members = members,
    .kind = {.shape = &dedupe_run_shape, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = sorts,
    .orders = orders,
    .ask = ask,
    .read = rows_read,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
