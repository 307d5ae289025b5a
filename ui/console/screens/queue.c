/*
 * Screen 3: the command queue: what needs a person comes first, then what has waited longest. With a scope it
 * has the items of one bulk.
 */
#include "ui/console/list/view.h"

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/queue.h"
#include "model/worker.h"
#include "ui/console/screens/command_badge.h"
#include "ui/console/screens/queue_header.h"
#include "db/base/mem.h"
#include "ui/text/shapes.h"

#define ITEMS 100 /* most items in the detail of a bulk */

static const struct badge *badge(const void *row, const struct context *context) {
	return command_badge(row, context->now);
}

static void text_target(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_puts(out, command_target(row));
}

static void text_lag(const void *row, const struct context *context, struct buf *out) {
	command_lag(row, context->now, out);
}

static void text_next(const void *row, const struct context *context, struct buf *out) {
	command_next(row, context->now, out);
}

static void text_result(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	command_result(row, out);
}

static const struct view_column columns[] = {
    {NULL, "STATE", .width = 8, .most = 8, .badge = badge},
    {"action", .width = 8, .most = 8},
    {NULL, "TARGET", .width = 12, .good = 15, .most = 42, .cut = SAFE_CUT_END, .text = text_target},
    {"author", "BY", .width = 6, .most = 16, .drop = 2, .cut = SAFE_CUT_MIDDLE},
    {NULL, "LAG", .width = 7, .most = 7, .right = true, .text = text_lag, .badge = badge},
    {"attempts", "TRY", .width = 3, .most = 3, .drop = 4},
    {NULL, "NEXT", .width = 9, .most = 16, .drop = 5, .text = text_next, .badge = badge},
    {NULL, "OUTCOME", .width = 12, .most = 60, .drop = 3, .text = text_result, .badge = badge},
};

static const struct view_order orders[] = {[QUEUE_BY_BIRTH] = {NULL, .descending = true, .keyed = true},
    [QUEUE_BY_URGENCY] = {NULL, .descending = true},
    [QUEUE_BY_STATE] = {"STATE"},
    [QUEUE_BY_ACTION] = {"ACTION"},
    [QUEUE_BY_TARGET] = {"TARGET"},
    [QUEUE_BY_AUTHOR] = {"BY"},
    [QUEUE_BY_LAG] = {"LAG", .descending = true},
    [QUEUE_BY_TRIES] = {"TRY", .descending = true},
    [QUEUE_BY_NEXT] = {"NEXT"},
    [QUEUE_BY_OUTCOME] = {"OUTCOME"}};
static const char *const watched[] = {"state", "not_before", "attempts", "done", "failed", NULL};

/* Requests the windows of the commands in the order of their birth, and how far the search has come. */
static void ask_windows(const struct question *q, struct queue_ask *list, struct batch *b) {
	struct window parts[2];
	size_t count = window_parts(q, parts);

	for (size_t i = 0; i < count; i++) {
		list->after = parts[i].after;
		list->backwards = parts[i].backwards;
		list->limit = parts[i].limit;
		(void)queue_list_add(b, list);
	}
	if (!q->after) {
		list->upwards = q->reverse;
		(void)queue_search_add(b, list);
	}
}

static void ask_sorted(const struct question *q, struct queue_ask list, struct batch *b) {
	struct ordering ordering;

	ordering_init(&ordering, q, NULL);
	list.order = &ordering.order;
	list.offset = offset_start(q);
	list.limit = sorted_limit(q, SORTED_MOST);
	(void)queue_list_add(b, &list);
	(void)sorted_report_add(b);
	ordering_release(&ordering);
}

static void ask(const struct question *q, struct batch *b) {
	struct id parent = {{0}};

	if (q->scope.text != NULL && !id_parse(q->scope.text, &parent)) {
		parent = (struct id){{0}};
	}
	struct queue_ask list = {.states = q->all || q->scope.text != NULL ? QUEUE_ALL : QUEUE_OPEN,
	    .parent = parent,
	    .filter = q->filter,
	    .patience = search_patience(q),
	    .sort = (enum queue_sort)q->sort};

	if (q->sort == QUEUE_BY_BIRTH) {
		ask_windows(q, &list, b);
	} else {
		ask_sorted(q, list, b);
	}
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	if (q->sort == QUEUE_BY_BIRTH) {
		search_read(q, b, out);
	} else {
		sorted_read(q, SORTED_MOST, b, out);
	}
}

/* Requests the items of a bulk: those that are stuck, and the newest. */
static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	const struct command *command = row;
	struct queue_ask items = {.parent = command->id, .states = 1U << COMMAND_QUARANTINED, .limit = ITEMS};

	(void)scope;
	if (command->bulk) {
		(void)queue_list_add(b, &items);
		items.states = QUEUE_ALL;
		(void)queue_list_add(b, &items);
	}
}

static void ask_head(struct batch *b) {
	(void)queue_stats_add(b);
	(void)worker_list_add(b);
}

static void head(struct pen *p, const struct context *context) {
	if (context->head[0].count > 0) {
		queue_head(p, context->head[0].rows[0], &context->head[1], context->now);
	}
}

/* Returns true when an item has any other outcome than applied. */
static bool is_odd(const struct command *item) {
	return item->outcome != NULL && strcmp(item->outcome, "applied") != 0;
}

static void say_items(struct pen *p, const struct rowset *items, int64_t now, bool odd) {
	for (size_t i = 0; i < items->count && pen_fits(p, 1); i++) {
		const struct command *item = items->rows[i];

		if (is_odd(item) == odd && (odd || item->state != COMMAND_QUARANTINED)) {
			pen_break(p);
			command_line(p, item, now);
		}
	}
}

/* Prints the items, failed ones first. */
static void bulk_items(struct pen *p, const struct rowset *more, int64_t now) {
	pen_gap(p);
	pen_say(p, STYLE_HEAD, "ITEMS");
	pen_say(p, STYLE_DIM, "  Enter lists them all");
	for (size_t i = 0; i < more[0].count && pen_fits(p, 1); i++) {
		pen_break(p);
		command_line(p, more[0].rows[i], now);
	}
	say_items(p, &more[1], now, true);
	say_items(p, &more[1], now, false);
	pen_break(p);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	command_detail(p, row, context->now);
	if (((const struct command *)row)->bulk && context->more != NULL) {
		bulk_items(p, context->more, context->now);
	}
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	command_summary(p, row, context->now);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	command_linear(row, context->now, out);
}

static void command(const void *row, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth queue show %s", id_text(((const struct command *)row)->id, id));
}

static bool ticks(const void *row, int64_t now) {
	return command_ticks(row, now);
}

/* Opens the items of a bulk. */
static const char *open_row(const void *row, struct jump *jump) {
	const struct command *command = row;
	char id[ID_TEXT];

	if (command->bulk) {
		*jump = (struct jump){
		    .view = &view_queue, .scope = scope_new(SCOPE_COMMAND, id_text(command->id, id))};
	}
	return NULL;
}

static const char *subject(const void *row, struct subject *subject) {
	const struct command *command = row;

	subject->target = (struct target){.kind = TARGET_COMMAND, .id = command->id};
	subject->what = mem_print("the %s of %s", command->action, command_target(command));
	return command_refuses(command, subject->act);
}

static void ask_one(struct id id, const char *name, struct batch *b) {
	(void)name;
	(void)queue_show_add(b, id);
}

/* Names its target, the bulk that it belongs to, and its items. */
static void links(const void *row, const struct context *context, struct links *out) {
	const struct command *command = row;
	char id[ID_TEXT];

	(void)context;
	links_add(out, command->kind, jump_to(command->kind, command->target_id, command_target(command)));
	if (!id_is_nil(command->parent)) {
		links_add(out, "bulk", jump_to("command", command->parent, command->action));
	}
	if (command->bulk) {
		links_add(out, "items",
		    (struct jump){
			.view = &view_queue, .scope = scope_new(SCOPE_COMMAND, id_text(command->id, id))});
	}
}

static const enum action actions[] = {ACTION_ITEMS, ACTION_CANCEL, ACTION_RETRY, ACTION_SKIP, ACTION_FORCE,
    ACTION_ALL, ACTION_FOLLOW, ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_SHOWN, ACTION_NONE};

const struct view view_queue = {.name = "queue",
    .title = "Queue",
    .one = "item",
    .plural = "the queue",
    .actions = actions,
    .open = open_row,
    .subject = subject,
    .fields = FILTER_COMMANDS,
    .nothing = "No command is open. A shows ended ones too.",
    .kind = {.shape = &command_shape, .key = "seq", .changed = watched},
    .more_types = {&row_command, &row_command},
    .head_types = {&row_queue_stats, &row_worker},
    .ask_more = ask_more,
    .ask_head = ask_head,
    .head = head,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 2,
    .sorts = queue_sort_names,
    .orders = orders,
    .first = QUEUE_BY_URGENCY,
    .ask_one = ask_one,
    .links = links,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command,
    .ticks = ticks};
