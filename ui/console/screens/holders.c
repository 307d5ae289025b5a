/*
 * The holders of a pool, opened from it: who has how many leases. The missing step between a pool that runs
 * out and the leases that can be freed.
 */
#include "ui/console/list/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/holder.h"
#include "model/text/script.h"
#include "ui/console/list/text_id.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/shapes.h"
#include "ui/text/humanize.h"
#include "ui/text/plain_json.h"

#define HOUR (3600 * TIME_SECOND)
#define PERIOD (5 * TIME_SECOND)

static struct id holder_id(const void *row) {
	return text_id("holder", ((const struct holder *)row)->holder);
}

static void text_holder(const void *row, const struct context *context, struct buf *out) {
	const struct holder *holder = row;

	(void)context;
	buf_puts(out, *holder->holder == '\0' ? "-" : holder->holder);
}

static void text_age(const void *row, const struct context *context, struct buf *out) {
	humanize_span(context->now - ((const struct holder *)row)->oldest, out);
}

static void text_idle(const void *row, const struct context *context, struct buf *out) {
	humanize_span(context->now - ((const struct holder *)row)->newest, out);
}

static void text_next(const void *row, const struct context *context, struct buf *out) {
	const struct holder *holder = row;

	if (holder->next_expiry == TIME_NONE) {
		buf_puts(out, "never");
	} else if (holder->next_expiry <= context->now) {
		buf_puts(out, "overdue");
	} else {
		humanize_when(holder->next_expiry, context->now, out);
	}
}

static enum style next_style(const void *row, const struct context *context) {
	const struct holder *holder = row;

	return holder->next_expiry == TIME_NONE            ? STYLE_DIM
	       : holder->next_expiry - context->now < HOUR ? STYLE_WARNING
							   : STYLE_NORMAL;
}

static const struct view_column columns[] = {
    {NULL, "HOLDER", .width = 12, .good = 24, .most = 48, .cut = SAFE_CUT_MIDDLE, .text = text_holder},
    {"leases", .width = 7, .good = 9, .most = 9},
    {NULL, "OLDEST", .width = 7, .most = 7, .drop = 3, .right = true, .text = text_age},
    {NULL, "IDLE", .width = 7, .most = 7, .drop = 2, .right = true, .text = text_idle},
    {NULL, "EXPIRES", .width = 10, .most = 10, .drop = 4, .text = text_next, .style = next_style},
    {"pools", .width = 10, .most = 40, .drop = 1, .unscoped = true},
};

static const char *const watched[] = {"leases", "newest", "next_expiry", NULL};

static const struct view_order orders[] = {[HOLDER_BY_LEASES] = {"LEASES", .descending = true},
    [HOLDER_BY_NAME] = {"HOLDER"},
    [HOLDER_BY_OLDEST] = {"OLDEST", .descending = true},
    [HOLDER_BY_EXPIRY] = {"EXPIRES"},
    [HOLDER_BY_IDLE] = {"IDLE", .descending = true},
    [HOLDER_BY_POOLS] = {"POOLS"}};

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	sorted_read(q, 0, b, out);
}

static void ask(const struct question *q, struct batch *b) {
	const struct holder *at = q->at;
	struct ordering ordering;
	struct holder_ask list = {.pool = scope_text(&q->scope, SCOPE_POOL),
	    .filter = q->filter,
	    .sort = (enum holder_sort)q->sort,
	    .order = &ordering.order,
	    .offset = offset_start(q),
	    .limit = sorted_limit(q, 0)};

	ordering_init(&ordering, q, at == NULL ? NULL : at->holder);
	(void)holder_list_add(b, &list);
	(void)sorted_report_add(b);
	ordering_release(&ordering);
}

/* Returns the name of the one pool in which the holder has leases, for the caller to free; "" for several. */
static char *only_pool(const struct holder *holder) {
	struct buf names = {0};

	plain_json(holder->pools, &names);
	if (strchr(buf_text(&names), ' ') != NULL) {
		buf_cut(&names, 0);
	}
	return buf_take(&names);
}

static void put_leases(const struct holder *holder, struct buf *out) {
	buf_puts(out, holder->more ? ">= " : "");
	humanize_plural(holder->leases, "lease", "leases", out);
}

static void put_words(const struct holder *holder, int64_t now, struct buf *out) {
	put_leases(holder, out);
	buf_puts(out, ", the oldest ");
	humanize_when(holder->oldest, now, out);
	buf_puts(out, ", the newest ");
	humanize_when(holder->newest, now, out);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	struct buf text = {0};

	text_holder(row, context, &text);
	pen_foreign(p, STYLE_BOLD, buf_text(&text));
	buf_cut(&text, 0);
	buf_puts(&text, ": ");
	put_words(row, context->now, &text);
	pen_say(p, STYLE_NORMAL, buf_text(&text));
	buf_release(&text);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct holder *holder = row;
	struct buf text = {0};

	brief(p, row, context);
	pen_gap(p);
	detail_time(p, "oldest", holder->oldest, context->now);
	detail_time(p, "newest", holder->newest, context->now);
	text_next(row, context, &text);
	detail_text(p, "expires", buf_text(&text));
	detail_json(p, "pools", holder->pools);
	buf_release(&text);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	text_holder(row, context, out);
	buf_puts(out, ": ");
	put_words(row, context->now, out);
	buf_puts(out, ", next expiry ");
	text_next(row, context, out);
}

/* Appends the command that lists the leases. */
static void command(const void *row, struct buf *out) {
	const struct holder *holder = row;
	char *pool = only_pool(holder);

	buf_printf(out, "berth lease list%s%s --holder ", *pool == '\0' ? "" : " --pool ", pool);
	script_quote(holder->holder, out);
	free(pool);
}

/* Opens its leases. */
static const char *open_row(const void *row, struct jump *jump) {
	const struct holder *holder = row;
	char *pool = only_pool(holder);

	*jump = (struct jump){.view = &view_leases, .scope = scope_holder(pool, holder->holder)};
	free(pool);
	return NULL;
}

static const char *subject(const void *row, struct subject *subject) {
	const struct holder *holder = row;
	char *pool = only_pool(holder);

	subject->target = target_named(TARGET_LEASES, pool);
	subject->target.holder = holder->holder;
	subject->what = mem_print("all leases of %s held by %s", *pool == '\0' ? "all pools" : pool,
	    *holder->holder == '\0' ? "nobody" : holder->holder);
	free(pool);
	return NULL;
}

static const enum action actions[] = {ACTION_HOLDER_LEASES, ACTION_RELEASE_HOLDER, ACTION_NONE};

const struct view view_holders = {.name = "holders",
    .title = "Holders",
    .one = "holder",
    .period = PERIOD,
    .actions = actions,
    .open = open_row,
    .subject = subject,
    .nothing = "Nobody holds a lease here.",
    .inner = true,
    .fields = FILTER_HOLDERS,
    .kind = {.shape = &holder_shape, .id = holder_id, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .sorts = holder_sort_names,
    .orders = orders,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
