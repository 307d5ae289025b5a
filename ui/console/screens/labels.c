/*
 * Screen 4: the keys of labels, and one level down the values of a key, each with the number of its targets.
 * Both are windows keyed by their text.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/label_list.h"
#include "model/syntax/filter.h"
#include "db/base/mem.h"
#include "ui/text/column.h"

#define BESIDE 12 /* most values or targets beside a row */

/* Appends a count, or the least that it is. */
static void put_count(int64_t count, bool more, bool ascii, struct buf *out) {
	buf_printf(out, "%s%" PRId64, !more ? "" : ascii ? ">=" : "\xe2\x89\xa5", count);
}

static const char *name_of(const struct label_group *group) {
	return group->value == NULL ? group->key : *group->value == '\0' ? "\"\"" : group->value;
}

static void show_name(const void *row, struct buf *out) {
	buf_puts(out, name_of(row));
}

static void text_values(const void *row, const struct context *context, struct buf *out) {
	int64_t values = ((const struct label_group *)row)->values;
	bool more = values > LABEL_COUNTED_VALUES;

	put_count(more ? LABEL_COUNTED_VALUES : values, more, context->ascii, out);
}

static void text_targets(const void *row, const struct context *context, struct buf *out) {
	const struct label_group *group = row;

	put_count(group->targets, *group->more != '\0', context->ascii, out);
}

/* The kinds of targets that are counted, in the order of the columns. */
enum { KIND_LEASES, KIND_RESOURCES, KIND_POOLS, KIND_PROJECTS, KIND_ORGS, KINDS };

static const struct {
	const char *name; /* in label_group.more */
	const char *label;
	size_t member;
} kinds[KINDS] = {
    [KIND_LEASES] = {"lease", "leases", offsetof(struct label_group, leases)},
    [KIND_RESOURCES] = {"resource", "resources", offsetof(struct label_group, resources)},
    [KIND_POOLS] = {"pool", "pools", offsetof(struct label_group, pools)},
    [KIND_PROJECTS] = {"project", "projects", offsetof(struct label_group, projects)},
    [KIND_ORGS] = {"org", "orgs", offsetof(struct label_group, organizations)},
};

/* Appends the count of one kind; `none` for 0. */
static void put_kind(const void *row, int kind, const char *none, bool ascii, struct buf *out) {
	const struct label_group *group = row;
	int64_t count;

	memcpy(&count, (const char *)row + kinds[kind].member, sizeof count);
	if (count > 0) {
		put_count(count, strstr(group->more, kinds[kind].name) != NULL, ascii, out);
	} else {
		buf_puts(out, none);
	}
}

static void text_leases(const void *row, const struct context *context, struct buf *out) {
	put_kind(row, KIND_LEASES, "", context->ascii, out);
}

static void text_resources(const void *row, const struct context *context, struct buf *out) {
	put_kind(row, KIND_RESOURCES, "", context->ascii, out);
}

static void text_pools(const void *row, const struct context *context, struct buf *out) {
	put_kind(row, KIND_POOLS, "", context->ascii, out);
}

static void text_projects(const void *row, const struct context *context, struct buf *out) {
	put_kind(row, KIND_PROJECTS, "", context->ascii, out);
}

static void text_orgs(const void *row, const struct context *context, struct buf *out) {
	put_kind(row, KIND_ORGS, "", context->ascii, out);
}

/* Returns the dim style for labels that only ended objects have. */
static enum style name_style(const void *row, const struct context *context) {
	(void)context;
	return ((const struct label_group *)row)->targets == 0 ? STYLE_DIM : STYLE_NORMAL;
}

static const struct column group_columns[] = {{"id"}, {"key", "KEY", .show = show_name},
    {"value", "VALUE", .show = show_name}, {"values"}, {"targets"}, {"leases"}, {"resources"}, {"pools"},
    {"projects"}, {"organizations"}, {"more"}, {0}};
static const struct shape group_shape = {&row_label_group, group_columns};

static const struct view_column key_columns[] = {
    {"key", .width = 14, .good = 18, .most = 70, .cut = SAFE_CUT_MIDDLE, .style = name_style},
    {NULL, "VALUES", .width = 6, .most = 6, .drop = 4, .right = true, .text = text_values},
    {NULL, "TARGETS", .width = 7, .most = 7, .right = true, .text = text_targets},
    {NULL, "LEASES", .width = 6, .most = 7, .drop = 4, .right = true, .text = text_leases},
    {NULL, "RESOURCES", .width = 9, .most = 9, .drop = 3, .right = true, .text = text_resources},
    {NULL, "POOLS", .width = 5, .most = 6, .drop = 3, .right = true, .text = text_pools},
    {NULL, "PROJECTS", .width = 8, .most = 8, .drop = 2, .right = true, .text = text_projects},
    {NULL, "ORGS", .width = 4, .most = 6, .drop = 1, .right = true, .text = text_orgs},
};

static const struct view_column value_columns[] = {
    {"value", .width = 14, .good = 18, .most = 70, .cut = SAFE_CUT_MIDDLE, .style = name_style},
    {NULL, "TARGETS", .width = 7, .most = 7, .right = true, .text = text_targets},
    {NULL, "LEASES", .width = 6, .most = 7, .drop = 4, .right = true, .text = text_leases},
    {NULL, "RESOURCES", .width = 9, .most = 9, .drop = 3, .right = true, .text = text_resources},
    {NULL, "POOLS", .width = 5, .most = 6, .drop = 3, .right = true, .text = text_pools},
    {NULL, "PROJECTS", .width = 8, .most = 8, .drop = 2, .right = true, .text = text_projects},
    {NULL, "ORGS", .width = 4, .most = 6, .drop = 1, .right = true, .text = text_orgs},
};

static const char *const key_sorts[] = {
    "key", "values", "targets", "leases", "resources", "pools", "projects", "orgs", NULL};
static const struct view_order key_orders[] = {{"KEY", .keyed = true},
    {"VALUES", .descending = true, .member = "values"}, {"TARGETS", .descending = true, .member = "targets"},
    {"LEASES", .descending = true, .member = "leases"},
    {"RESOURCES", .descending = true, .member = "resources"},
    {"POOLS", .descending = true, .member = "pools"}, {"PROJECTS", .descending = true, .member = "projects"},
    {"ORGS", .descending = true, .member = "organizations"}};
static const char *const value_sorts[] = {
    "value", "targets", "leases", "resources", "pools", "projects", "orgs", NULL};
static const struct view_order value_orders[] = {{"VALUE", .keyed = true},
    {"TARGETS", .descending = true, .member = "targets"}, {"LEASES", .descending = true, .member = "leases"},
    {"RESOURCES", .descending = true, .member = "resources"},
    {"POOLS", .descending = true, .member = "pools"}, {"PROJECTS", .descending = true, .member = "projects"},
    {"ORGS", .descending = true, .member = "organizations"}};
static const char *const watched[] = {"targets", "values", "leases", "more", NULL};

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
	struct label_ask list = {.filter = q->filter,
	    .patience = row_filter_text(q->filter) == NULL ? 0 : search_patience(q),
	    .backwards = q->reverse,
	    .edge = q->from == 0 ? NULL : q->from_text,
	    .limit = 3 * q->page + 1};

	if (q->sort != 0) { /* all of them, to be sorted */
		list.backwards = false;
		list.limit = LOADED_MOST + 1;
	} else if (q->jump == JUMP_LAST) {
		list.backwards = !q->reverse;
		list.edge = NULL;
	} else if (at != NULL && (q->after || q->jump != JUMP_FIRST)) {
		list.edge = q->scope.kind == SCOPE_NONE ? at->key : at->value;
		list.with_edge = !q->after;
	}
	list.upwards = list.backwards;
	add(q, &list, b);
	if (list.with_edge) {
		list.with_edge = false;
		list.backwards = !q->reverse;
		list.limit = q->page + 1;
		add(q, &list, b);
	}
	(void)label_search_add(b, &list);
}

/* Reads how far the search has come, in the last step. A sorted list has what it has found; it goes on in the
 * order of the keys. */
static void read_search(const struct question *q, const struct batch *b, size_t step, struct answer *out) {
	const struct label_search *search = batch_row(b, step, 0);
	bool stopped = search->edge != NULL;

	out->reach = (struct reach){.looked = search->looked};
	if (q->sort != 0) {
		out->at_least |= stopped;
		out->among = stopped ? out->total : out->among;
	} else if (stopped && q->jump != JUMP_LAST) {
		out->reach.key = 1;
		out->reach.text = search->edge;
	}
	out->fill.more_above |=
	    search->above || (stopped && q->jump == JUMP_LAST) || (q->from != 0 && q->jump != JUMP_LAST);
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	struct window parts[2];

	if (q->sort == 0) {
		window_read(q, b, out);
		read_search(q, b, window_parts(q, parts), out);
	} else {
		loaded_read(q, b, out);
		read_search(q, b, 1, out);
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

	text_targets(row, context, &count);
	say_label(p, group);
	pen_print(p, STYLE_NORMAL, " is on %s live %s", buf_text(&count),
	    group->targets == 1 && *group->more == '\0' ? "thing" : "things");
	if (group->value == NULL) {
		buf_cut(&count, 0);
		text_values(row, context, &count);
		pen_print(p, STYLE_NORMAL, ", with %s %s", buf_text(&count),
		    group->values == 1 ? "value" : "different values");
	}
	buf_release(&count);
}

static void say_kind(struct pen *p, const void *row, int kind) {
	struct buf count = {0};

	put_kind(row, kind, "0", p->grid->ascii, &count);
	pen_label(p, kinds[kind].label);
	pen_say(p, STYLE_NORMAL, buf_text(&count));
	buf_release(&count);
}

static void say_value(struct pen *p, const struct label_group *value) {
	struct buf text = {0};

	put_count(value->targets, *value->more != '\0', p->grid->ascii, &text);
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
	for (int kind = 0; kind < KINDS; kind++) {
		say_kind(p, row, kind);
	}
	if (*group->more != '\0') {
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

	buf_puts(out, group->key);
	if (group->value != NULL) {
		buf_printf(out, "=%s", group->value);
	}
	buf_puts(out, ": ");
	text_targets(row, context, out);
	buf_puts(out, group->targets == 1 ? " target" : " targets");
	if (group->value == NULL) {
		buf_puts(out, ", ");
		text_values(row, context, out);
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
    .fields = FILTER_LABEL_KEYS,
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
    .fields = FILTER_LABEL_VALUES,
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
