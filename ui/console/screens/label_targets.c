/*
 * The targets of one label, opened from its value. Leases come youngest first, other targets above them.
 */
#include "ui/console/list/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/metadata.h"
#include "model/syntax/label_list.h"
#include "ui/console/screens/annotations.h"
#include "ui/text/plain_json.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/column.h"

static void show_target(const void *row, struct buf *out) {
	const struct label_target *target = row;

	buf_puts(out, *target->target == '\0' ? "-" : target->target);
}

static const struct column target_columns[] = {{"id"}, {"seq"}, {"kind", "KIND"},
    {"target", "TARGET", .show = show_target}, {"pool", "POOL"}, {"holder", "HOLDER"}, {"state", "STATE"},
    {"labels", "LABELS", .plain = true}, {0}};
static const struct shape target_shape = {&row_label_target, target_columns};

static const struct view_column columns[] = {
    {"kind", .width = 8, .most = 8},
    {"target", .width = 12, .good = 18, .most = 44, .cut = SAFE_CUT_MIDDLE},
    {"pool", .width = 10, .good = 14, .most = 24, .drop = 4, .cut = SAFE_CUT_MIDDLE},
    {"holder", .width = 10, .good = 14, .most = 32, .drop = 3, .cut = SAFE_CUT_MIDDLE},
    {"state", .width = 8, .most = 8, .drop = 2},
    {"labels", .width = 10, .most = 40, .drop = 1},
};

static const char *const sorts[] = {"newest", "kind", "target", "pool", "holder", "state", "labels", NULL};
static const struct view_order orders[] = {{NULL, .descending = true, .keyed = true},
    {"KIND", .member = "kind"}, {"TARGET", .member = "target"}, {"POOL", .member = "pool"},
    {"HOLDER", .member = "holder"}, {"STATE", .member = "state"}, {"LABELS", .member = "labels"}};
static const char *const watched[] = {"state", "labels", NULL};

/* Requests the targets of the scope, "KEY=VALUE": a window, or the newest to be sorted; and how far the
 * search for a word has come. To go on with a search whose rows are sorted is to search again, for longer. */
static void ask(const struct question *q, struct batch *b) {
	struct window parts[2];
	size_t count = q->sort == 0 ? window_parts(q, parts) : 1;
	size_t n = strcspn(q->scope.text, "=");
	char *key = mem_print("%.*s", (int)n, q->scope.text);
	const char *value = q->scope.text + n + (q->scope.text[n] == '=' ? 1 : 0);
	bool all = row_filter_text(q->filter) == NULL;
	struct label_ask list = {.filter = q->filter,
	    .patience = all ? 0 : search_patience(q),
	    .upwards = q->sort == 0 && q->reverse};

	if (q->sort != 0) {
		parts[0] = (struct window){.limit = LOADED_MOST + 1};
	}
	for (size_t i = 0; i < count; i++) {
		list.after = parts[i].after;
		list.backwards = parts[i].backwards;
		list.limit = parts[i].limit;
		(void)label_targets_add(b, key, value, &list);
	}
	if ((q->sort == 0 && !q->after) || (q->sort != 0 && !all)) {
		(void)label_target_search_add(b, key, value, &list);
	}
	free(key);
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	(void)scope;
	(void)annotation_list_add(b, ((const struct label_target *)row)->id);
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	if (q->sort == 0) {
		search_read(q, b, out);
	} else {
		loaded_read(q, b, out);
	}
	if (q->sort != 0 && batch_steps(b) > 1) {
		searched_read(batch_row(b, 1, 0), out);
	}
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct label_target *target = row;

	(void)context;
	pen_print(p, STYLE_NORMAL, "%s ", target->kind);
	pen_foreign(p, STYLE_BOLD, target->target);
	if (*target->pool != '\0' && strcmp(target->kind, "pool") != 0) {
		pen_say(p, STYLE_NORMAL, " of ");
		pen_foreign(p, STYLE_NORMAL, target->pool);
	}
	if (*target->holder != '\0') {
		pen_say(p, STYLE_NORMAL, ", held by ");
		pen_foreign(p, STYLE_NORMAL, target->holder);
	}
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct label_target *target = row;
	struct buf text = {0};

	brief(p, row, context);
	detail_text(p, "state", *target->state == '\0' ? "-" : target->state);
	detail_id(p, "id", target->id);
	plain_json(target->labels, &text);
	pen_label(p, "labels");
	pen_foreign(p, STYLE_NORMAL, buf_text(&text));
	buf_release(&text);
	if (context->more != NULL) {
		annotations_draw(p, context->more, NULL);
	}
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct label_target *target = row;

	(void)context;
	buf_printf(out, "%s %s %s %s", target->kind, target->target, target->pool, target->holder);
}

static void command(const void *row, struct buf *out) {
	const struct label_target *target = row;
	bool by_id = strcmp(target->kind, "lease") == 0 || strcmp(target->kind, "resource") == 0;
	char id[ID_TEXT];

	buf_printf(out, "berth %s show %s", target->kind, by_id ? id_text(target->id, id) : target->target);
}

/* Opens the target on its own screen. */
static const char *open_row(const void *row, struct jump *jump) {
	const struct label_target *target = row;

	*jump = jump_to(target->kind, target->id, target->target);
	return jump->view == NULL ? "it has no screen of its own" : NULL;
}

static const enum action actions[] = {ACTION_TARGET, ACTION_NONE};

const struct view view_targets = {.name = "targets",
    .title = "Targets",
    .one = "target",
    .actions = actions,
    .open = open_row,
    .nothing = "Nothing live has this label.",
    .inner = true,
    .scoped = true,
    .fields = FILTER_LABEL_TARGETS,
    .kind = {.shape = &target_shape, .key = "seq", .changed = watched},
    .more_types = {&row_annotation},
    .ask_more = ask_more,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = sorts,
    .orders = orders,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command,
    .pool = "pool"};
