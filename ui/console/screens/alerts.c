/*
 * Screen 7: what needs a person, the worst first.
 */
#include "ui/console/list/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/alert.h"
#include "ui/console/list/text_id.h"
#include "ui/console/screens/alert_badge.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/shapes.h"
#include "ui/text/humanize.h"

#define MOST 1000 /* alerts that the screen shows */

static const struct badge *badge(const void *row, const struct context *context) {
	(void)context;
	return alert_badge(row);
}

static struct id id_of(const void *row) {
	const struct alert *alert = row;

	return text_id(alert_kind_names[alert->kind], alert->target);
}

static void text_since(const void *row, const struct context *context, struct buf *out) {
	const struct alert *alert = row;

	if (alert->since != TIME_NONE) {
		humanize_span(context->now - alert->since, out);
	}
}

static const struct view_column columns[] = {
    {NULL, "ALERT", .width = 11, .most = 11, .badge = badge},
    {NULL, "FOR", .width = 8, .most = 8, .drop = LUXURY, .right = true, .text = text_since},
    {"text", "WHAT", .width = 20, .good = 60, .most = 120, .cut = SAFE_CUT_END},
};

static const char *const sorts[] = {"worst", "alert", "for", "what", NULL};
static const struct view_order orders[] = {{NULL}, {"ALERT", .member = "kind"},
    {"FOR", .descending = true, .member = "since", .span = true}, {"WHAT", .member = "text"}};
static const char *const watched[] = {"text", "count", NULL};

static void ask(const struct question *q, struct batch *b) {
	(void)alert_list_add(b, MOST, q->filter);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct alert *alert = row;

	detail_badge(p, alert_badge(alert));
	pen_break(p);
	pen_foreign(p, STYLE_NORMAL, alert->text);
	pen_break(p);
	detail_text(p, "target", alert->target);
	detail_time(p, "since", alert->since, context->now);
	detail_text(p, "help", alert->hint);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	(void)context;
	pen_foreign(p, STYLE_NORMAL, ((const struct alert *)row)->hint);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct alert *alert = row;

	buf_printf(out, "%s: %s", alert_badge(alert)->word, alert->text);
	if (alert->since != TIME_NONE) {
		buf_puts(out, ", ");
		alert_span(alert, context->now, out);
	}
	buf_printf(out, "; %s", alert->hint);
}

static void command(const void *row, struct buf *out) {
	(void)row;
	buf_puts(out, "berth alerts");
}

/* The filter that finds the cause on its screen, and the scope that the target's name is there. A kind that
 * is not listed leads to its target itself. */
static const struct {
	const char *filter;
	enum scope_kind scope;
} causes[ALERT_DUPLICATES + 1] = {
    [ALERT_NO_WORKER] = {"", SCOPE_NONE},
    [ALERT_OVERDUE] = {"state=late", SCOPE_POOL},
    [ALERT_STUCK] = {"state=stuck", SCOPE_NONE},
    [ALERT_INVALID_INDEX] = {"", SCOPE_NONE},
    [ALERT_GUARD] = {"", SCOPE_NONE},
    [ALERT_DUPLICATES] = {"", SCOPE_NONE},
};

/* Opens its cause. */
static const char *open_row(const void *row, struct jump *jump) {
	const struct alert *alert = row;
	size_t n = alert_target_kind(alert);
	char *kind = mem_print("%.*s", (int)n, alert->target);
	const char *name = alert->target + n + (alert->target[n] == '/' ? 1 : 0);
	struct id id = {{0}};

	if (causes[alert->kind].filter == NULL || strcmp(kind, "command") == 0) {
		id = id_parse(name, &id) ? id : (struct id){{0}};
		*jump = jump_to(kind, id, name);
	} else {
		jump->view = alert_view(alert);
		buf_puts(&jump->filter, causes[alert->kind].filter);
		if (causes[alert->kind].scope != SCOPE_NONE) {
			jump->scope = scope_new(causes[alert->kind].scope, name);
		}
	}
	free(kind);
	return NULL;
}

static const enum action actions[] = {ACTION_CAUSE, ACTION_NONE};

const struct view view_alerts = {.name = "alerts",
    .title = "Alerts",
    .one = "alert",
    .plural = "alerts",
    .actions = actions,
    .open = open_row,
    .nothing = "Nothing needs you.",
    .fields = FILTER_ALERTS,
    .kind = {.shape = &alert_shape, .id = id_of, .leaves = true, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 2,
    .sorts = sorts,
    .orders = orders,
    .ask = ask,
    .read = rows_read,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
