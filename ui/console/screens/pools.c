/*
 * Screen 1: pools, how full they are, and when they will be full.
 */
#include "ui/console/list/view.h"

#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/exclusion.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/pool.h"
#include "model/queue.h"
#include "ui/console/widgets/gauge.h"
#include "ui/console/screens/annotations.h"
#include "ui/console/screens/lease_badge.h"
#include "ui/console/screens/pool_badge.h"
#include "ui/console/screens/pool_forecast.h"
#include "ui/console/screens/timeline.h"
#include "ui/console/widgets/chart.h"
#include "ui/console/widgets/sparkline.h"
#include "ui/text/humanize.h"
#include "db/base/mem.h"
#include "ui/text/shapes.h"

#define NEWEST 12     /* most leases beside a pool */
#define CHART_TALL 10 /* rows of the chart */

/* The row sets of a row. */
enum { MORE_LEASES, MORE_HISTORY, MORE_ANNOTATIONS, MORE_EVENTS, MORE_EXCLUSIONS };

static const struct badge *badge(const void *row, const struct context *context) {
	return pool_badge(row, context->now);
}

/* Returns the plain style, unless the pool is full: then the whole row is highlighted. */
static enum style name_style(const void *row, const struct context *context) {
	enum style style = badge(row, context)->style;

	return pool_is_full(row) || style == STYLE_DIM ? style : STYLE_NORMAL;
}

static void text_status(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_puts(out, pool_word(row));
}

/* Appends the kind; of a pool of blocks with the unit, as short as "v6 /64" and "by 64". */
static void text_kind(const void *row, const struct context *context, struct buf *out) {
	const struct pool *pool = row;
	struct count numbers = {{0}};
	char digits[8];

	(void)context;
	if (pool->unit == NULL) {
		buf_puts(out, kind_names[pool->kind]);
	} else if (pool->unit[0] == '/') {
		buf_printf(out, "v%c%s%s", pool->kind == KIND_IPV4 ? '4' : '6',
		    strlen(pool->unit) > 3 ? "" : " ", pool->unit);
	} else {
		(void)snprintf(numbers.digits, sizeof numbers.digits, "%s", pool->unit);
		buf_printf(out, "by %s", count_short(numbers, digits));
	}
}

static void text_size(const void *row, const struct context *context, struct buf *out) {
	char digits[8];

	(void)context;
	buf_printf(out, "/%7s", count_short(((const struct pool *)row)->capacity, digits));
}

static void text_pending(const void *row, const struct context *context, struct buf *out) {
	const struct pool *pool = row;

	(void)context;
	if (pool->pending > 0) {
		buf_printf(out, "%lld", (long long)pool->pending);
	}
}

static void text_used(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	humanize_percent(pool_used(row), out);
}

static void text_out(const void *row, const struct context *context, struct buf *out) {
	pool_runs_out(row, context->now, out);
}

static void draw_gauge(
    struct grid *g, int row, int column, int end, const void *data, const struct context *context) {
	struct gauge gauge = pool_gauge(data, context->now);

	gauge_draw(g, row, column, end, &gauge);
}

static void draw_week(
    struct grid *g, int row, int column, int end, const void *data, const struct context *context) {
	int levels[POOL_WEEK];

	pool_week(data, context->now, levels);
	sparkline_draw(g, row, column, end, STYLE_DIM, levels, POOL_WEEK);
}

static const struct view_column columns[] = {
    {NULL, "", .width = 1, .most = 1, .badge = badge},
    {"name", "POOL", .width = 12, .good = 20, .most = 32, .cut = SAFE_CUT_MIDDLE, .style = name_style},
    {NULL, "KIND", .width = 6, .most = 6, .drop = 1, .text = text_kind},
    {"space", .width = 8, .most = 16, .drop = 2},
    {NULL, "STATE", .width = 5, .most = 5, .drop = 3, .text = text_status, .badge = badge},
    {NULL, "WAIT", .width = 4, .most = 4, .drop = 4, .right = true, .text = text_pending, .badge = badge},
    {"free", .width = 6, .most = 6, .style = name_style},
    {NULL, "/   SIZE", .width = 8, .most = 8, .drop = 6, .text = text_size, .style = name_style},
    {NULL, "USED", .width = 4, .most = 4, .right = true, .text = text_used, .badge = badge},
    {NULL, "", .width = 6, .good = 20, .most = 42, .drop = 7, .draw = draw_gauge, .scale = gauge_scale},
    {NULL, "7 DAYS", .width = 7, .good = 7, .most = 14, .drop = 5, .draw = draw_week},
    {NULL, "RUNS OUT", .narrow = "OUT", .width = 7, .good = 9, .most = 9, .right = true, .text = text_out,
	.badge = badge},
};

static const char *const watched[] = {
    "used", "free", "capacity", "pending", "status", "warn", "crit", "name", NULL};

static const struct view_order orders[] = {[POOL_BY_NAME] = {"POOL"},
    [POOL_BY_FREE] = {"FREE"},
    [POOL_BY_PERCENT] = {"USED", .descending = true},
    [POOL_BY_RUNS_OUT] = {"RUNS OUT"},
    [POOL_BY_KIND] = {"KIND"},
    [POOL_BY_SPACE] = {"SPACE"},
    [POOL_BY_STATE] = {"STATE"},
    [POOL_BY_WAITING] = {"WAIT", .descending = true},
    [POOL_BY_SIZE] = {"/   SIZE", .descending = true},
    [POOL_BY_GROWTH] = {"7 DAYS", .descending = true}};

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	sorted_read(q, 0, b, out);
}

static void ask(const struct question *q, struct batch *b) {
	struct ordering ordering;
	struct pool_ask list = {.filter = q->filter,
	    .sort = (enum pool_sort)q->sort,
	    .order = &ordering.order,
	    .offset = offset_start(q),
	    .limit = sorted_limit(q, 0)};

	ordering_init(&ordering, q, NULL);
	(void)pool_list_add(b, &list);
	(void)sorted_report_add(b);
	ordering_release(&ordering);
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	const struct pool *pool = row;
	struct lease_ask newest = {.pool = pool->name, .limit = NEWEST};
	struct event_ask events = {
	    .kind = "pool", .target = pool->id, .since = TIME_NONE, .newest = true, .limit = NEWEST};

	(void)scope;
	(void)lease_list_add(b, &newest);
	(void)pool_history_add(b, pool->name);
	(void)annotation_list_add(b, pool->id);
	(void)event_list_add(b, &events);
	(void)pool_exclusions_add(b, pool->name, NEWEST);
}

static void command(const void *row, struct buf *out) {
	buf_printf(out, "berth pool show %s", ((const struct pool *)row)->name);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct pool *pool = row;

	pool_summary(p, pool, context->now, true);
}

/* Prints the values that are excluded, and why. */
static void exclusions_draw(struct pen *p, const struct rowset *exclusions) {
	pen_gap(p);
	pen_say(p, STYLE_HEAD, "EXCLUDED");
	for (size_t i = 0; i < exclusions->count && pen_fits(p, 1); i++) {
		const struct exclusion *exclusion = exclusions->rows[i];
		struct buf values = {0};

		exclusion_text(exclusion, &values);
		pen_break(p);
		pen_print(p, STYLE_NORMAL, "%s ", buf_text(&values));
		pen_foreign(p, STYLE_DIM, exclusion->reason);
		buf_release(&values);
	}
	pen_break(p);
}

/* Prints the newest leases with their holders. */
static void newest_leases(struct pen *p, const struct rowset *leases, int64_t now) {
	pen_gap(p);
	pen_say(p, STYLE_HEAD, "NEWEST LEASES");
	for (size_t i = 0; i < leases->count && pen_fits(p, 1); i++) {
		pen_break(p);
		lease_line(p, leases->rows[i], now);
	}
	pen_break(p);
}

/* Draws the use of the last days in what is left of a roomy detail. */
static void draw_history(struct pen *p, const struct pool *pool, const struct rowset *history) {
	double values[POOL_HISTORY];
	struct chart chart = {.values = values,
	    .count = POOL_HISTORY,
	    .top = count_real(pool->capacity),
	    .first = "7d ago",
	    .last = "now",
	    .style = STYLE_NORMAL};
	struct rect area;

	for (size_t i = 0; i < POOL_HISTORY; i++) {
		values[i] = -1;
	}
	for (size_t i = 0; i < history->count; i++) {
		const struct pool_use *use = history->rows[i];

		values[use->step] = use->used;
		chart.top = use->capacity > chart.top ? use->capacity : chart.top;
	}
	pen_gap(p);
	pen_say(p, STYLE_HEAD, "USE OVER 7 DAYS");
	pen_break(p);
	area = (struct rect){p->area.row + p->row, p->area.column, CHART_TALL, p->area.columns};
	chart_draw(p->grid, area, &chart);
	p->row += CHART_TALL;
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	static const struct rowset nothing = {0};
	const struct rowset *more = context->more;

	pool_detail(p, row, context->now);
	if (more == NULL) {
		return;
	}
	annotations_draw(p, &more[MORE_ANNOTATIONS], NULL);
	if (more[MORE_EXCLUSIONS].count > 0 && pen_fits(p, 3)) {
		exclusions_draw(p, &more[MORE_EXCLUSIONS]);
	}
	if (more[MORE_HISTORY].count > 0 && pen_fits(p, CHART_TALL + 2)) {
		draw_history(p, row, &more[MORE_HISTORY]);
	}
	if (more[MORE_LEASES].count > 0 && pen_fits(p, 4)) {
		newest_leases(p, &more[MORE_LEASES], context->now);
	}
	timeline_draw(p, &more[MORE_EVENTS], &nothing, &nothing, context->now);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	pool_linear(row, context->now, out);
}

/* Opens its leases. */
static const char *open_row(const void *row, struct jump *jump) {
	*jump = (struct jump){
	    .view = &view_leases, .scope = scope_new(SCOPE_POOL, ((const struct pool *)row)->name)};
	return NULL;
}

static const char *subject(const void *row, struct subject *subject) {
	const struct pool *pool = row;
	bool drain = subject->act == PLAN_DRAIN;
	bool whole = drain || subject->act == PLAN_LABEL; /* the pool itself, not its leases */

	subject->target = target_seen(whole ? TARGET_POOL : TARGET_LEASES, pool->name, pool->id);
	subject->what = mem_print(drain   ? "pool %s: every resource of it"
				  : whole ? "pool %s"
					  : "all leases of %s",
	    pool->name);
	return NULL;
}

static void ask_one(struct id id, const char *name, struct batch *b) {
	(void)id;
	(void)pool_show_add(b, name);
}

/* Names its leases, resources and project. */
static void links(const void *row, const struct context *context, struct links *out) {
	const struct pool *pool = row;

	(void)context;
	links_add(
	    out, "leases", (struct jump){.view = &view_leases, .scope = scope_new(SCOPE_POOL, pool->name)});
	links_add(
	    out, "holders", (struct jump){.view = &view_holders, .scope = scope_new(SCOPE_POOL, pool->name)});
	links_add(out, "resources",
	    (struct jump){.view = &view_resources, .scope = scope_new(SCOPE_POOL, pool->name)});
	if (pool->project != NULL) {
		links_add(out, "project", jump_to("project", (struct id){{0}}, pool->project));
	}
}

static const enum action actions[] = {ACTION_POOL_LEASES, ACTION_RELEASE_ALL, ACTION_DRAIN, ACTION_HOLDERS,
    ACTION_RESOURCES, ACTION_LABEL, ACTION_FOLLOW, ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_SHOWN,
    ACTION_NONE};

const struct view view_pools = {.name = "pools",
    .title = "Pools",
    .one = "pool",
    .plural = "pools",
    .actions = actions,
    .open = open_row,
    .subject = subject,
    .nothing = "There are no pools yet.",
    .fields = FILTER_POOLS,
    .kind = {.shape = &pool_shape, .changed = watched},
    .more_types = {[MORE_LEASES] = &row_lease,
	[MORE_HISTORY] = &row_pool_use,
	[MORE_ANNOTATIONS] = &row_annotation,
	[MORE_EVENTS] = &row_event,
	[MORE_EXCLUSIONS] = &row_exclusion},
    .ask_more = ask_more,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = pool_sort_names,
    .orders = orders,
    .first = POOL_BY_RUNS_OUT,
    .ask_one = ask_one,
    .links = links,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command,
    .pool = "name"};
