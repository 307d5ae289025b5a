/*
 * Screen 5: look-alikes, texts that people confuse. The server returns the distinct texts, and they are
 * grouped here. Nothing merges them.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/syntax/label_list.h"
#include "ui/console/list/filter.h"
#include "ui/console/screens/lookalike_rows.h"
#include "ui/console/widgets/diff.h"
#include "ui/text/column.h"

static const struct badge *badge(const void *row, const struct context *context) {
	static const struct badge alike = {"LOOK-ALIKE", GLYPH_ALIKE, STYLE_ACCENT};

	(void)row;
	(void)context;
	return &alike;
}

/* Appends the text, in quotes when its ends would be invisible. */
static void put_text(const char *text, struct buf *out) {
	size_t n = strlen(text);
	bool quote = n == 0 || text[0] == ' ' || text[n - 1] == ' ';

	buf_printf(out, quote ? "\"%s\"" : "%s", text);
}

static void show_texts(const void *row, struct buf *out) {
	json_t *texts = json_loads(((const struct lookalike_group *)row)->texts, JSON_ALLOW_NUL, NULL);
	json_t *text;
	size_t i;

	json_array_foreach(texts, i, text) {
		buf_puts(out, i == 0 ? "" : " / ");
		put_text(json_string_value(text), out);
	}
	json_decref(texts);
}

static const struct column group_columns[] = {{"id"}, {"place", "WHERE"},
    {"texts", "GROUP", .show = show_texts}, {"why", "DIFFER IN"}, {"count", "N"}, {"skeleton"}, {0}};
static const struct shape group_shape = {&row_alike_group, group_columns};

static const struct view_column columns[] = {
    {NULL, "KIND", .width = 12, .most = 12, .drop = 4, .badge = badge},
    {"texts", .width = 18, .good = 28, .most = 70},
    {"count", .width = 3, .most = 5},
    {"place", .width = 10, .good = 18, .most = 40, .drop = 5, .cut = SAFE_CUT_MIDDLE},
    {"why", .width = 12, .good = 16, .most = 40, .drop = 3},
};

static const char *const sorts[] = {"place", "group", "count", "differ", "where", NULL};
static const struct view_order orders[] = {{NULL}, {"GROUP", .member = "texts"},
    {"N", .descending = true, .member = "count"}, {"DIFFER IN", .member = "why"},
    {"WHERE", .member = "place"}};
static const char *const watched[] = {"count", "texts", NULL};
static const struct view_member members[] = {
    {"group", "texts"}, {"n", "count"}, {"where", "place"}, {"differ", "why"}, {0}};

static void ask(const struct question *q, struct batch *b) {
	(void)q;
	(void)alike_texts_add(b);
}

static void ask_head(struct batch *b) {
	(void)alike_cut_add(b);
}

/* Reads the whole list, which is expected to be short. */
static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	size_t count = batch_count(b, 0);
	const void **texts = mem_new(count, sizeof *texts);
	struct rowset found;

	for (size_t i = 0; i < count; i++) {
		texts[i] = batch_row(b, 0, i);
	}
	found = lookalike_groups_find(texts, count);
	free(texts);
	*out = (struct answer){.rows = mem_new(found.count, sizeof *out->rows), .owned = true};
	for (size_t i = 0; i < found.count; i++) {
		out->rows[i] = found.rows[i];
	}
	out->total = (int64_t)loaded_filter(q, out->rows, found.count);
	for (size_t i = (size_t)out->total; i < found.count; i++) {
		void *row;

		memcpy(&row, &out->rows[i], sizeof row); /* const only for other users */
		free(row);
	}
	free(found.rows);
	loaded_sort(q, out->rows, (size_t)out->total);
	out->fill = (struct list_fill){.rows = out->rows, .count = (size_t)out->total, .jump = q->jump};
}

static void head(struct pen *p, const struct context *context) {
	const struct document *cut = context->head[0].count == 0 ? NULL : context->head[0].rows[0];
	json_t *places = cut == NULL ? NULL : json_loads(cut->document, JSON_ALLOW_NUL, NULL);
	json_t *place;
	size_t i;

	pen_say(
	    p, STYLE_DIM, "Look-alikes among label keys and values, holders, names; nothing merges them.");
	json_array_foreach(places, i, place) {
		if (i == 0) {
			pen_break(p);
		}
		pen_say(p, STYLE_WARNING, i == 0 ? "Incomplete, not all were read: " : ", ");
		pen_foreign(p, STYLE_NORMAL, json_string_value(place));
	}
	json_decref(places);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct lookalike_group *group = row;

	(void)context;
	pen_say(p, STYLE_ACCENT, "LOOK-ALIKE ");
	pen_foreign(p, STYLE_NORMAL, group->place);
	pen_print(p, STYLE_NORMAL, " that differ in %s", group->why);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct lookalike_group *group = row;
	json_t *texts = json_loads(group->texts, JSON_ALLOW_NUL, NULL);

	brief(p, row, context);
	pen_break(p);
	diff_members(p, texts);
	if ((int64_t)json_array_size(texts) < group->count) {
		pen_print(
		    p, STYLE_DIM, "and %" PRId64 " more", group->count - (int64_t)json_array_size(texts));
		pen_break(p);
	}
	json_decref(texts);
	pen_gap(p);
	pen_say(
	    p, STYLE_DIM, "Brackets show what differs from A, in A from B; empty ones show what is missing.");
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct lookalike_group *group = row;

	(void)context;
	buf_printf(out, "LOOK-ALIKE %s: ", group->place);
	show_texts(row, out);
	buf_printf(out, " differ in %s", group->why);
}

/* Appends the command that lists the objects of that kind, if there is a list. */
static void command(const void *row, struct buf *out) {
	const char *place = ((const struct lookalike_group *)row)->place;
	const char *key = strncmp(place, "values of ", 10) == 0 ? place + 10 : NULL;

	if (key != NULL) {
		buf_printf(out, "berth lease list -l %s", key);
	} else {
		buf_puts(out, strcmp(place, "pools") == 0 ? "berth pool list" : "berth lease list");
	}
}

static const enum action actions[] = {ACTION_DETAIL, ACTION_NONE};

const struct view view_lookalikes = {.name = "duplicates",
    .title = "Duplicates",
    .one = "group",
    .plural = "look-alikes",
    .actions = actions,
    .nothing = "Nothing looks alike.",
    .fields = FILTER_LOOKALIKES,
    .members = members,
    .period = 20 * TIME_SECOND,
    .kind = {.shape = &group_shape, .changed = watched},
    .head_types = {&row_document},
    .ask_head = ask_head,
    .head = head,
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
    .command = command};
