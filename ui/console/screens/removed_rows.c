/*
 * The rows that a run of dedupe has removed, in their order, each with the row that was kept for it.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/id.h"
#include "model/dedupe.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/plain_json.h"
#include "ui/text/shapes.h"

static const struct view_column columns[] = {
    {"removed", .width = 24, .good = 40, .most = 100},
    {"survivor", "KEPT", .width = 8, .good = 12, .most = 36, .cut = SAFE_CUT_MIDDLE},
    {"rule", .width = 9, .most = 9, .drop = 5},
};

static const char *const sorts[] = {"order", "removed", "kept", "rule", NULL};
static const struct view_order orders[] = {
    {NULL}, {"REMOVED", .member = "removed"}, {"KEPT", .member = "survivor"}, {"RULE", .member = "rule"}};
static const char *const watched[] = {"removed", NULL};
static const struct view_member members[] = {
    {"removed", "removed"}, {"kept", "survivor"}, {"rule", "rule"}, {0}};

static struct id row_id(const void *row) {
	const struct dedupe_shown *shown = row;

	return id_derive(shown->run, (uint64_t)shown->seq);
}

/* Requests the rows of the scope, the id of a run. */
static void ask(const struct question *q, struct batch *b) {
	struct id run;

	if (!id_parse(q->scope.text, &run)) {
		run = (struct id){{0}};
	}
	(void)dedupe_shown_add(b, run, 0, LOADED_MOST + 1);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct dedupe_shown *shown = row;
	struct buf kept = {0};

	(void)context;
	plain_json(shown->survivor, &kept);
	pen_say(p, STYLE_NORMAL, "removed by the rule ");
	pen_say(p, STYLE_NORMAL, shown->rule);
	pen_say(p, STYLE_NORMAL, ": the row that was kept is ");
	pen_foreign(p, STYLE_BOLD, buf_text(&kept));
	buf_release(&kept);
}

/* Prints the columns of the removed row, one a line. */
static void say_columns(struct pen *p, const char *removed) {
	json_t *whole = json_loads(removed, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
	const char *name;
	json_t *value;

	json_object_foreach(whole, name, value) {
		struct buf text = {0};

		if (pen_fits(p, 1)) {
			buf_printf(&text, "%s = ", name);
			plain_value(value, &text);
			pen_break(p);
			pen_foreign(p, STYLE_NORMAL, buf_text(&text));
		}
		buf_release(&text);
	}
	json_decref(whole);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct dedupe_shown *shown = row;

	brief(p, row, context);
	detail_text(p, "table", scope_words(&context->scope));
	detail_id(p, "run", shown->run);
	pen_label(p, "row");
	say_columns(p, shown->removed);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct dedupe_shown *shown = row;

	(void)context;
	plain_json(shown->removed, out);
	buf_puts(out, ": removed, kept ");
	plain_json(shown->survivor, out);
	buf_printf(out, ", %s", shown->rule);
}

static void command(const void *row, struct buf *out) {
	const struct dedupe_shown *shown = row;
	char run[ID_TEXT];

	buf_printf(out, "berth dedupe show %s --after %" PRId64 " --limit 1", id_text(shown->run, run),
	    shown->seq - 1);
}

static const enum action actions[] = {ACTION_DETAIL, ACTION_NONE};

const struct view view_removed_rows = {.name = "removed",
    .title = "Removed",
    .one = "row",
    .actions = actions,
    .nothing = "This run has removed no rows.",
    .inner = true,
    .scoped = true,
    .fields = FILTER_REMOVED,
    .members = members,
    .kind = {.shape = &dedupe_shown_shape, .id = row_id, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .sorts = sorts,
    .orders = orders,
    .ask = ask,
    .read = loaded_read,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
