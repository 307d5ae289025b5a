/*
 * Screen 4: the keys of labels, and one level down the values of a key, each with the number of its targets.
 * Both are windows keyed by their text.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/label_list.h"
#include "db/base/mem.h"
#include "ui/text/column.h"

#define BESIDE 12 /* most values or targets beside a row */

static void put_count(int64_t count, bool more, struct buf *out) {
	buf_printf(out, "%" PRId64 "%s", count, more ? "+" : "");
}

static const char *name_of(const struct label_group *group) {
	return group->value == NULL ? group->key : *group->value == '\0' ? "\"\"" : group->value;
}

static void show_name(const void *row, struct buf *out) {
	buf_puts(out, name_of(row));
}

static void show_values(const void *row, struct buf *out) {
	int64_t values = ((const struct label_group *)row)->values;
	bool more = values > LABEL_COUNTED_VALUES;

	put_count(more ? LABEL_COUNTED_VALUES : values, more, out);
}

static void show_targets(const void *row, struct buf *out) {
	const struct label_group *group = row;

	put_count(group->targets, group->more, out);
}

/* Appends the count of one kind; nothing for 0. */
static void put_kind(int64_t count, bool more, struct buf *out) {
	if (count > 0) {
		put_count(count, more, out);
	}
}

static void show_leases(const void *row, struct buf *out) {
	const struct label_group *group = row;

	put_kind(group->leases, group->more, out);
}

static void show_resources(const void *row, struct buf *out) {
	const struct label_group *group = row;

	put_kind(group->resources, group->more && group->resources >= LABEL_COUNTED, out);
}

static void show_pools(const void *row, struct buf *out) {
	const struct label_group *group = row;

	put_kind(group->pools, group->more && group->pools >= LABEL_COUNTED, out);
}

/* Returns the dim style for labels that only ended objects have. */
static enum style name_style(const void *row, const struct context *context) {
	(void)context;
	return ((const struct label_group *)row)->targets == 0 ? STYLE_DIM : STYLE_NORMAL;
}

static const struct column group_columns[] = {{"id"}, {"key", "KEY", .show = show_name},
    {"value", "VALUE", .show = show_name}, {"values", "VALUES", .show = show_values},
    {"targets", "TARGETS", .show = show_targets}, {"leases", "LEASES", .show = show_leases},
    {"resources", "RESOURCES", .show = show_resources}, {"pools", "POOLS", .show = show_pools}, {"more"},
    {0}};
static const struct shape group_shape = {&row_label_group, group_columns};

static const struct view_column key_columns[] = {
    {"key", .width = 14, .good = 30, .most = 70, .cut = SAFE_CUT_MIDDLE, .style = name_style},
    {"values", .width = 6, .most = 6, .drop = 4},
    {"targets", .width = 7, .most = 7},
    {"leases", .width = 7, .most = 7, .drop = 3},
    {"resources", .width = 9, .most = 9, .drop = 2},
    {"pools", .width = 6, .most = 6, .drop = 1},
};

static const struct view_column value_columns[] = {
    {"value", .width = 14, .good = 30, .most = 70, .cut = SAFE_CUT_MIDDLE, .style = name_style},
    {"targets", .width = 7, .most = 7},
    {"leases", .width = 7, .most = 7, .drop = 3},
    {"resources", .width = 9, .most = 9, .drop = 2},
    {"pools", .width = 6, .most = 6, .drop = 1},
};

static const char *const key_sorts[] = {"key", "values", "targets", "leases", "resources", "pools", NULL};
static const struct view_order key_orders[] = {{"KEY", .keyed = true},
    {"VALUES", .descending = true, .member = "values"}, {"TARGETS", .descending = true, .member = "targets"},
    {"LEASES", .descending = true, .member = "leases"},
    {"RESOURCES", .descending = true, .member = "resources"},
    {"POOLS", .descending = true, .member = "pools"}};
static const char *const value_sorts[] = {"value", "targets", "leases", "resources", "pools", NULL};
static const struct view_order value_orders[] = {{"VALUE", .keyed = true},
    {"TARGETS", .descending = true, .member = "targets"}, {"LEASES", .descending = true, .member = "leases"},
    {"RESOURCES", .descending = true, .member = "resources"},
    {"POOLS", .descending = true, .member = "pools"}};
static const char *const watched[] = {"targets", "values", "leases", NULL};

/* Adds the step for keys or, with a key as the scope, for values. */
static void add(const struct question *q, const struct label_ask *list, struct batch *b) {
	if (q->scope.kind == SCOPE_NONE) {
		(void)label_keys_add(b, list);
	} else {
		(void)label_values_add(b, q->scope.text, list);
	}
}

/* Requests the parts that window_read() expects. */
static void ask(const struct question *q, struct batch *b) {
	const struct label_group *at = q->key == 0 ? NULL : q->at;
	struct label_ask list = {
	    .match = q->match, .invert = q->invert, .backwards = q->reverse, .limit = 3 * q->page + 1};

	if (q->sort != 0) { /* all of them, to be sorted */
		list.backwards = false;
		list.limit = LOADED_MOST + 1;
	} else if (q->jump == JUMP_LAST) {
		list.backwards = !q->reverse;
	} else if (at != NULL && (q->after || q->jump != JUMP_FIRST)) {
		list.edge = q->scope.kind == SCOPE_NONE ? at->key : at->value;
		list.with_edge = !q->after;
	}
	add(q, &list, b);
	if (list.with_edge) {
		list.with_edge = false;
		list.backwards = !q->reverse;
		list.limit = q->page + 1;
		add(q, &list, b);
	}
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	if (q->sort == 0) {
		window_read(q, b, out);
	} else {
		loaded_read(q, b, out);
	}
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	const struct label_group *group = row;
	struct label_ask first = {.limit = BESIDE};

	(void)scope;
	if (group->value == NULL) {
		(void)label_values_add(b, group->key, &first);
	} else {
		(void)label_targets_add(b, group->key, group->value, &first);
	}
}

static void say_label(struct pen *p, const struct label_group *group) {
	pen_foreign(p, STYLE_BOLD, group->key);
	if (group->value != NULL) {
		pen_say(p, STYLE_NORMAL, "=");
		pen_foreign(p, STYLE_BOLD, group->value);
	}
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct label_group *group = row;
	struct buf count = {0};

	(void)context;
	put_count(group->targets, group->more, &count);
	say_label(p, group);
	pen_print(p, STYLE_NORMAL, " is on %s live %s", buf_text(&count),
	    group->targets == 1 && !group->more ? "thing" : "things");
	if (group->value == NULL) {
		buf_cut(&count, 0);
		show_values(row, &count);
		pen_print(p, STYLE_NORMAL, ", with %s %s", buf_text(&count),
		    group->values == 1 ? "value" : "different values");
	}
	buf_release(&count);
}

static void say_kind(
    struct pen *p, const char *label, const void *row, void (*show)(const void *, struct buf *)) {
	struct buf count = {0};

	show(row, &count);
	pen_label(p, label);
	pen_say(p, STYLE_NORMAL, count.len == 0 ? "0" : buf_text(&count));
	buf_release(&count);
}

static void say_value(struct pen *p, const struct label_group *value) {
	struct buf text = {0};

	put_count(value->targets, value->more, &text);
	pen_print(p, STYLE_NORMAL, "%7s  ", buf_text(&text));
	pen_foreign(p, STYLE_NORMAL, name_of(value));
	buf_release(&text);
}

static void say_target(struct pen *p, const struct label_target *target) {
	pen_print(p, STYLE_DIM, "%-8s ", target->kind);
	pen_foreign(p, STYLE_NORMAL, target->target);
	pen_say(p, STYLE_NORMAL, " ");
	pen_foreign(p, STYLE_DIM, target->holder);
}

/* Prints the first values of a key, or the first targets of a value. */
static void say_more(struct pen *p, const struct rowset *more, bool values) {
	pen_gap(p);
	pen_say(p, STYLE_HEAD, values ? "FIRST VALUES" : "TARGETS");
	for (size_t i = 0; i < more->count && pen_fits(p, 1); i++) {
		pen_break(p);
		if (values) {
			say_value(p, more->rows[i]);
		} else {
			say_target(p, more->rows[i]);
		}
	}
	pen_break(p);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct label_group *group = row;

	brief(p, row, context);
	pen_break(p);
	say_kind(p, "leases", row, show_leases);
	say_kind(p, "resources", row, show_resources);
	say_kind(p, "pools", row, show_pools);
	if (group->more) {
		pen_break(p);
		pen_print(
		    p, STYLE_DIM, "At least: only the youngest %d of each kind are counted.", LABEL_COUNTED);
	}
	if (context->more != NULL && context->more->count > 0 && pen_fits(p, 4)) {
		say_more(p, context->more, group->value == NULL);
	}
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct label_group *group = row;

	(void)context;
	buf_puts(out, group->key);
	if (group->value != NULL) {
		buf_printf(out, "=%s", group->value);
	}
	buf_puts(out, ": ");
	put_count(group->targets, group->more, out);
	buf_puts(out, group->targets == 1 ? " target" : " targets");
	if (group->value == NULL) {
		buf_puts(out, ", ");
		show_values(row, out);
		buf_puts(out, group->values == 1 ? " value" : " values");
	}
}

static void command(const void *row, struct buf *out) {
	const struct label_group *group = row;

	buf_printf(out, "berth lease list -l %s", group->key);
	if (group->value != NULL) {
		buf_printf(out, "=%s", group->value);
	}
}

static const char *open_key(const void *row, struct jump *jump) {
	*jump = (struct jump){
	    .view = &view_values, .scope = scope_new(SCOPE_KEY, ((const struct label_group *)row)->key)};
	return NULL;
}

static const char *open_value(const void *row, struct jump *jump) {
	const struct label_group *group = row;
	char *label = mem_print("%s=%s", group->key, group->value);

	*jump = (struct jump){.view = &view_targets, .scope = scope_new(SCOPE_LABEL, label)};
	free(label);
	return NULL;
}

static const enum action key_actions[] = {ACTION_VALUES, ACTION_NONE};
static const enum action value_actions[] = {ACTION_TARGETS, ACTION_NONE};

const struct view view_labels = {.name = "labels",
    .title = "Labels",
    .one = "key",
    .plural = "labels",
    .actions = key_actions,
    .open = open_key,
    .nothing = "Nothing has labels yet: berth label pool/NAME KEY=VALUE",
    .kind = {.shape = &group_shape, .key = "key", .changed = watched},
    .more_types = {&row_label_group},
    .ask_more = ask_more,
    .columns = key_columns,
    .column_count = sizeof key_columns / sizeof *key_columns,
    .sorts = key_sorts,
    .orders = key_orders,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};

const struct view view_values = {.name = "values",
    .title = "Values",
    .one = "value",
    .actions = value_actions,
    .open = open_value,
    .nothing = "No label has this key.",
    .inner = true,
    .scoped = true,
    .kind = {.shape = &group_shape, .key = "value", .changed = watched},
    .more_types = {&row_label_target},
    .ask_more = ask_more,
    .columns = value_columns,
    .column_count = sizeof value_columns / sizeof *value_columns,
    .sorts = value_sorts,
    .orders = value_orders,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
