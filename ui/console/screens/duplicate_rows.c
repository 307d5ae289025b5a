/*
 * The duplicates of one table, as requested by `dedupe check --table` after `:`. Reading them takes a scan of
 * the table, so they are read once when the screen opens, and again by hand. The rows of one group are read
 * when its detail has room for them.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/dedupe.h"
#include "ui/verbs/dedupe.h"
#include "ui/console/widgets/detail.h"
#include "ui/console/widgets/row_diff.h"
#include "ui/text/plain_json.h"
#include "ui/console/list/text_id.h"
#include "ui/text/shapes.h"

static const struct badge *badge(const void *row, const struct context *context) {
	static const struct badge same = {"SAME", GLYPH_HELD, STYLE_NORMAL, "all the same"};
	static const struct badge differ = {
	    "DIFFER", GLYPH_ALIKE, STYLE_WARNING, "they differ, and only one is kept:"};

	(void)context;
	return ((const struct duplicate *)row)->conflicting ? &differ : &same;
}

static const struct view_column columns[] = {
    {NULL, "VALUES", .width = 8, .most = 8, .badge = badge},
    {"key", .width = 20, .good = 34, .most = 80},
    {"rows", .width = 5, .most = 7},
    {"survivor", "KEEPS", .width = 8, .good = 12, .most = 36, .drop = 5, .cut = SAFE_CUT_MIDDLE},
    {"collides", "EQUAL", .width = 5, .most = 6, .drop = 4},
};

static const char *const sorts[] = {"key", "values", "rows", "keeps", "equal", NULL};
static const struct view_order orders[] = {{"KEY"}, {"VALUES", .descending = true, .member = "conflicting"},
    {"ROWS", .descending = true, .member = "rows"}, {"KEEPS", .member = "survivor"},
    {"EQUAL", .member = "collides"}};
static const char *const watched[] = {"rows", "values", NULL};
static const struct view_member members[] = {{"values", "conflicting"}, {"key", "key"}, {"rows", "rows"},
    {"keeps", "survivor"}, {"equal", "collides"}, {0}};

static struct id row_id(const void *row) {
	const struct duplicate *group = row;

	return text_id(group->table, group->key);
}

/* Appends the request of a scope. Its options are valid: errors were shown when they were typed. */
static void put_request(const struct scope *scope, struct buf *out) {
	struct err err = {0};

	if (!dedupe_read_words("dedupe check", scope->text, out, &err)) {
		err_release(&err);
	}
}

static void ask(const struct question *q, struct batch *b) {
	struct buf text = {0};

	put_request(&q->scope, &text);
	(void)dedupe_check_add(b, buf_text(&text));
	buf_release(&text);
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	struct buf text = {0};

	put_request(scope, &text);
	(void)dedupe_group_add(b, buf_text(&text), ((const struct duplicate *)row)->key);
	buf_release(&text);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct duplicate *group = row;
	struct buf keeps = {0};

	(void)context;
	plain_json(group->survivor, &keeps);
	pen_print(p, STYLE_NORMAL, "%" PRId64 " rows of ", group->rows);
	pen_foreign(p, STYLE_NORMAL, group->table);
	pen_say(p, STYLE_NORMAL, " have this key: ");
	pen_foreign(p, STYLE_BOLD, buf_text(&keeps));
	pen_print(p, STYLE_NORMAL, " would be kept, %" PRId64 " would be removed", group->rows - 1);
	buf_release(&keeps);
}

/* Prints the different values, where there is no room for the rows. */
static void say_values(struct pen *p, const struct duplicate *group) {
	json_t *values = json_loads(group->values, JSON_ALLOW_NUL, NULL);

	for (size_t i = 0; i < json_array_size(values) && pen_fits(p, 1); i++) {
		json_t *value = json_array_get(values, i);
		struct buf text = {0};

		if (json_is_object(value)) {
			plain_members(value, " ", &text);
		} else {
			plain_value(value, &text);
		}
		pen_break(p);
		pen_print(p, STYLE_WARNING, "%s ", glyph_text(GLYPH_ALIKE, p->grid->ascii));
		pen_foreign(p, STYLE_WARNING, buf_text(&text));
		buf_release(&text);
	}
	json_decref(values);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	static const struct {
		const char *word;
		const char *meaning;
	} equal[] = {{"exact", "as they are"}, {"null", "NULL counts as empty"}, {"trim", "cut by --trim"}};
	const struct duplicate *group = row;

	brief(p, row, context);
	detail_text(p, "rule", context->scope.text);
	pen_label(p, "equal");
	for (size_t i = 0; i < sizeof equal / sizeof *equal; i++) {
		pen_say(p, STYLE_NORMAL, strcmp(equal[i].word, group->collides) == 0 ? equal[i].meaning : "");
	}
	pen_label(p, "values");
	pen_say(p, badge(row, context)->style, badge(row, context)->meaning);
	if (context->more != NULL && context->more->count > 0) {
		row_diff(p, context->more, group->rows);
	} else if (context->more != NULL) {
		pen_break(p);
		pen_say(p, STYLE_WARNING, "these rows have changed since: ^R reads the groups again");
	} else if (group->conflicting) {
		say_values(p, group);
	}
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct duplicate *group = row;

	buf_printf(out, "%s ", badge(row, context)->word);
	plain_json(group->key, out);
	buf_printf(out, ": %" PRId64 " rows", group->rows);
}

static void command(const void *row, struct buf *out) {
	buf_printf(out, "berth dedupe check --table %s", ((const struct duplicate *)row)->table);
}

static const enum action actions[] = {ACTION_DETAIL, ACTION_FIX, ACTION_NONE};

const struct view view_duplicate_rows = {.name = "doubles",
    .title = "Table",
    .one = "group",
    .actions = actions,
    .nothing = "The key is unique: there are no duplicates.",
    .inner = true,
    .fields = FILTER_DUPLICATES,
    .members = members,
    .scoped = true,
    .period = 600 * TIME_SECOND,
    .kind = {.shape = &duplicate_shape, .id = row_id, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = sorts,
    .orders = orders,
    .ask = ask,
    .more_types = {&row_duplicate_column},
    .ask_more = ask_more,
    .read = rows_read,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
