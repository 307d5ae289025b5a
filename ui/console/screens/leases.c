/*
 * Screen 2: leases, newest first. That window is keyed by `seq`, so that it costs the same with ten million
 * leases, and its order never changes. In the other orders a bounded number of leases is sorted.
 */
#include "ui/console/list/view.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/queue.h"
#include "ui/console/screens/annotations.h"
#include "ui/console/screens/lease_badge.h"
#include "ui/console/screens/timeline.h"
#include "ui/text/shapes.h"

/* The row sets of a row. */
enum { MORE_EVENTS, MORE_COMMANDS, MORE_ANNOTATIONS, MORE_WAITING };

static const struct badge *badge(const void *row, const struct context *context) {
	return lease_badge(row, context->now);
}

static enum style end_style(const void *row, const struct context *context) {
	const struct lease *lease = row;

	return lease->until == TIME_NONE ? STYLE_DIM : badge(row, context)->style;
}

static void text_held(const void *row, const struct context *context, struct buf *out) {
	lease_held(row, context->now, out);
}

static void text_expires(const void *row, const struct context *context, struct buf *out) {
	lease_expires(row, context->now, out);
}

static const struct view_column columns[] = {
    {NULL, "STATE", .width = 8, .most = 8, .badge = badge},
    {"value", .width = 12, .good = 15, .most = 24, .cut = SAFE_CUT_MIDDLE},
    {"holder", .width = 10, .good = 18, .most = 32, .cut = SAFE_CUT_MIDDLE},
    {NULL, "HELD", .width = 7, .most = 7, .drop = 4, .right = true, .text = text_held},
    {NULL, "EXPIRES", .width = 10, .most = 10, .drop = 5, .text = text_expires, .style = end_style},
    {"pool", .width = 10, .good = 14, .most = 24, .drop = 3, .cut = SAFE_CUT_MIDDLE, .unscoped = true},
    {"project", "PROJECT", .width = 10, .most = 20, .drop = 1, .cut = SAFE_CUT_MIDDLE, .unprojected = true},
    {"labels", .width = 10, .most = 40, .drop = 2},
};

static const struct view_order orders[] = {[LEASE_BY_BIRTH] = {NULL, .descending = true, .keyed = true},
    [LEASE_BY_STATE] = {"STATE"},
    [LEASE_BY_VALUE] = {"VALUE"},
    [LEASE_BY_HOLDER] = {"HOLDER"},
    [LEASE_BY_HELD] = {"HELD", .descending = true},
    [LEASE_BY_EXPIRES] = {"EXPIRES"},
    [LEASE_BY_POOL] = {"POOL"},
    [LEASE_BY_PROJECT] = {"PROJECT"},
    [LEASE_BY_LABELS] = {"LABELS"}};
static const char *const watched[] = {"generation", "state", "until", "labels", NULL};

/* Requests the windows of the leases in the order of their birth, and how far the search has come. */
static void ask_windows(const struct question *q, struct lease_ask *list, struct batch *b) {
	struct window parts[2];
	size_t count = window_parts(q, parts);

	for (size_t i = 0; i < count; i++) {
		list->after = parts[i].after;
		list->backwards = parts[i].backwards;
		list->limit = parts[i].limit;
		(void)lease_list_add(b, list);
	}
	if (!q->after) {
		list->upwards = q->reverse;
		(void)lease_search_add(b, list);
	}
}

static void ask_sorted(const struct question *q, struct lease_ask list, struct batch *b) {
	struct ordering ordering;

	ordering_init(&ordering, q, NULL);
	list.order = &ordering.order;
	list.offset = offset_start(q);
	list.limit = sorted_limit(q, SORTED_MOST);
	(void)lease_list_add(b, &list);
	(void)sorted_report_add(b);
	ordering_release(&ordering);
}

static void ask(const struct question *q, struct batch *b) {
	char *pool = scope_pool(&q->scope);
	struct lease_ask list = {.pool = pool,
	    .holder = scope_holder_name(&q->scope),
	    .project = scope_text(&q->scope, SCOPE_PROJECT),
	    .filter = q->filter,
	    .patience = search_patience(q),
	    .sort = (enum lease_sort)q->sort};

	if (q->sort == LEASE_BY_BIRTH) {
		ask_windows(q, &list, b);
	} else {
		ask_sorted(q, list, b);
	}
	free(pool);
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	if (q->sort == LEASE_BY_BIRTH) {
		search_read(q, b, out);
	} else {
		sorted_read(q, SORTED_MOST, b, out);
	}
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	const struct lease *lease = row;

	(void)scope;
	(void)lease_history_add(b, lease->id);
	(void)queue_of_lease_add(b, lease->id);
	(void)annotation_list_add(b, lease->id);
	if (lease->state == LEASE_PENDING) {
		(void)lease_waiting_add(b, lease->id);
	}
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct rowset *more = context->more;

	lease_detail(p, row, context->now);
	if (more != NULL) {
		annotations_draw(p, &more[MORE_ANNOTATIONS], NULL);
		timeline_draw(p, &more[MORE_EVENTS], &more[MORE_COMMANDS], &more[MORE_WAITING], context->now);
	}
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	lease_summary(p, row, context->now);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	lease_linear(row, context->now, out);
}

static void command(const void *row, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth lease show %s", id_text(((const struct lease *)row)->id, id));
}

/* Describes the lease as "31007 of fra-db-ports, held by ci". */
static const char *subject(const void *row, struct subject *subject) {
	const struct lease *lease = row;
	struct buf text = {0};

	if (lease->state == LEASE_DESTROYED && subject->act != PLAN_RELEASE) {
		return "it has ended already";
	}
	subject->target =
	    (struct target){.kind = TARGET_LEASE, .id = lease->id, .generation = lease->generation};
	if (lease->held) {
		lease_value(lease, &text);
	} else {
		buf_puts(&text, "the request");
	}
	buf_printf(&text, " of %s", lease->pool);
	if (*lease->holder != '\0') {
		buf_printf(&text, ", held by %s", lease->holder);
	}
	subject->what = buf_take(&text);
	return NULL;
}

static void ask_one(struct id id, const char *name, struct batch *b) {
	(void)name;
	(void)lease_show_add(b, id);
}

/* Names its pool, resource and project, and its commands. */
static void links(const void *row, const struct context *context, struct links *out) {
	const struct lease *lease = row;
	const struct rowset *commands = context->more == NULL ? NULL : &context->more[MORE_COMMANDS];

	links_add(out, "pool", jump_to("pool", (struct id){{0}}, lease->pool));
	if (!id_is_nil(lease->resource)) {
		links_add(out, "resource", jump_to("resource", lease->resource, lease->pool));
	}
	if (lease->project != NULL) {
		links_add(out, "project", jump_to("project", (struct id){{0}}, lease->project));
	}
	for (size_t i = 0; commands != NULL && i < commands->count; i++) {
		const struct command *command = commands->rows[i];

		links_add(out, "command", jump_to("command", command->id, command->action));
	}
}

static const enum action actions[] = {ACTION_DETAIL, ACTION_RELEASE, ACTION_EXTEND, ACTION_LABEL,
    ACTION_FOLLOW, ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_SHOWN, ACTION_NONE};

const struct view view_leases = {.name = "leases",
    .title = "Leases",
    .one = "lease",
    .plural = "leases",
    .actions = actions,
    .subject = subject,
    .nothing = "There are no live leases here.",
    .fields = FILTER_LEASES,
    .kind = {.shape = &lease_shape, .key = "seq", .changed = watched},
    .more_types = {[MORE_EVENTS] = &row_event,
	[MORE_COMMANDS] = &row_command,
	[MORE_ANNOTATIONS] = &row_annotation,
	[MORE_WAITING] = &row_waiting},
    .ask_more = ask_more,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = lease_sort_names,
    .orders = orders,
    .ask_one = ask_one,
    .links = links,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command,
    .pool = "pool"};
