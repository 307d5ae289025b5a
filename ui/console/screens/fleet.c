/*
 * The screen of a fleet: the pools of several databases, the fullest first. It has no tab: its rows come from
 * many connections, and Enter opens the console of one.
 */
#include "ui/console/list/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/gather.h"
#include "model/fleet.h"
#include "model/pool.h"
#include "ui/console/screens/pool_badge.h"
#include "ui/console/screens/pool_forecast.h"
#include "ui/console/widgets/detail.h"
#include "ui/console/widgets/gauge.h"
#include "ui/text/humanize.h"
#include "ui/text/shapes.h"

/* The row of a database that has no answer. */
static bool is_away(const void *row) {
	return ((const struct fleet_pool *)row)->trouble != NULL;
}

static const struct pool *pool_of(const void *row) {
	_Static_assert(
	    offsetof(struct fleet_pool, environment) == sizeof(struct pool), "it begins with a pool");
	return row;
}

static const struct badge *badge(const void *row, const struct context *context) {
	static const struct badge away = {"", GLYPH_STALE, STYLE_WARNING, "this database cannot be read"};

	return is_away(row) ? &away : pool_badge(pool_of(row), context->now);
}

static enum style name_style(const void *row, const struct context *context) {
	return is_away(row) || pool_is_full(pool_of(row)) ? badge(row, context)->style : STYLE_NORMAL;
}

static void text_name(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_puts(out, is_away(row) ? ((const struct fleet_pool *)row)->trouble : pool_of(row)->name);
}

static void text_kind(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_puts(out, is_away(row) ? "" : kind_names[pool_of(row)->kind]);
}

static void text_status(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	buf_puts(out, is_away(row) ? "AWAY" : pool_word(pool_of(row)));
}

static void put_count(const struct count *count, const void *row, struct buf *out) {
	char digits[8];

	buf_puts(out, is_away(row) ? "" : count_short(*count, digits));
}

static void text_free(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	put_count(&pool_of(row)->free, row, out);
}

static void text_size(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	put_count(&pool_of(row)->capacity, row, out);
}

static void text_used(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	if (!is_away(row)) {
		humanize_percent(pool_used(pool_of(row)), out);
	}
}

static void text_out(const void *row, const struct context *context, struct buf *out) {
	if (!is_away(row)) {
		pool_runs_out(pool_of(row), context->now, out);
	}
}

static void draw_gauge(
    struct grid *g, int row, int column, int end, const void *data, const struct context *context) {
	if (!is_away(data)) {
		struct gauge gauge = pool_gauge(pool_of(data), context->now);

		gauge_draw(g, row, column, end, &gauge);
	}
}

static const struct view_column columns[] = {
    {NULL, "", .width = 1, .most = 1, .badge = badge},
    {"environment", .narrow = "ENV", .width = 8, .good = 12, .most = 20, .cut = SAFE_CUT_MIDDLE},
    {NULL, "POOL", .width = 12, .good = 20, .most = 32, .text = text_name, .style = name_style},
    {NULL, "KIND", .width = 6, .most = 6, .drop = 1, .text = text_kind},
    {"space", .width = 8, .most = 16, .drop = 2},
    {NULL, "STATE", .width = 5, .most = 5, .drop = 3, .text = text_status, .badge = badge},
    {NULL, "FREE", .width = 6, .most = 6, .right = true, .text = text_free, .style = name_style},
    {NULL, "SIZE", .width = 7, .most = 7, .drop = 6, .right = true, .text = text_size, .style = name_style},
    {NULL, "USED", .width = 4, .most = 4, .right = true, .text = text_used, .badge = badge},
    {NULL, "", .width = 6, .good = 20, .most = 42, .drop = 7, .draw = draw_gauge, .scale = gauge_scale},
    {NULL, "RUNS OUT", .narrow = "OUT", .width = 7, .good = 9, .most = 9, .right = true, .text = text_out,
	.badge = badge},
};

static const char *const watched[] = {"used", "free", "capacity", "status", "name", "trouble", NULL};

enum { BY_PERCENT, BY_ENVIRONMENT, BY_NAME, BY_FREE, BY_RUNS_OUT, BY_KIND, BY_SPACE, BY_STATE, BY_SIZE };
static const char *const sorts[] = {[BY_PERCENT] = "percent",
    [BY_ENVIRONMENT] = "environment",
    [BY_NAME] = "name",
    [BY_FREE] = "free",
    [BY_RUNS_OUT] = "runs-out",
    [BY_KIND] = "kind",
    [BY_SPACE] = "space",
    [BY_STATE] = "state",
    [BY_SIZE] = "size",
    NULL};
static const struct view_order orders[] = {[BY_PERCENT] = {"USED", .descending = true, .member = "percent"},
    [BY_ENVIRONMENT] = {"ENVIRONMENT", .member = "environment"},
    [BY_NAME] = {"POOL", .member = "name"},
    [BY_FREE] = {"FREE", .member = "free"},
    [BY_RUNS_OUT] = {"RUNS OUT", .member = "runs_out"},
    [BY_KIND] = {"KIND", .member = "kind"},
    [BY_SPACE] = {"SPACE", .member = "space"},
    [BY_STATE] = {"STATE", .descending = true, .member = "status"},
    [BY_SIZE] = {"SIZE", .descending = true, .member = "capacity"}};

/* Asks each database for all that match: they are sorted together. */
static void ask(const struct question *q, struct batch *b) {
	(void)pool_list_add(b, &(struct pool_ask){.filter = q->filter});
}

/* Returns the row of a database without an answer, above all others. */
static struct fleet_pool *away_row(const char *environment, const char *trouble) {
	struct fleet_pool *row = mem_new(1, sizeof *row);

	*row = (struct fleet_pool){.id = fleet_id(environment, (struct id){{0}}),
	    .name = "",
	    .space = "",
	    .addresses = {"0"},
	    .capacity = {"0"},
	    .used = {"0"},
	    .held_back = {"0"},
	    .free = {"0"},
	    .excluded = {"0"},
	    .percent = 101,
	    .runs_out = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week = "",
	    .labels = "{}",
	    .environment = environment,
	    .trouble = trouble};
	return row;
}

static int by_address(const void *a, const void *b) {
	const char *const x = *(const char *const *)a, *const y = *(const char *const *)b;

	return (x > y ? 1 : 0) - (x < y ? 1 : 0);
}

/* Frees the rows outside of the window. */
static void drop_others(struct fleet_pool **all, size_t count, const struct answer *answer) {
	const void **kept = mem_new(answer->fill.count, sizeof *kept);

	memcpy(kept, answer->rows, answer->fill.count * sizeof *kept);
	qsort(kept, answer->fill.count, sizeof *kept, by_address);
	for (size_t i = 0; i < count; i++) {
		if (bsearch(&all[i], kept, answer->fill.count, sizeof *kept, by_address) == NULL) {
			free(all[i]);
		}
	}
	free(kept);
}

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	const size_t count = batch_count(b, 0);
	struct fleet_pool **all = mem_new(count + q->fleet.count, sizeof(struct fleet_pool *));
	const void **rows = mem_new(count + q->fleet.count, sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < q->fleet.count; i++) {
		if (q->fleet.troubles[i] != NULL && !q->every) {
			all[n++] = away_row(q->fleet.names[i], q->fleet.troubles[i]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		const char *environment = q->fleet.names[batch_origin(b, 0, i)];

		all[n] = fleet_row(&row_fleet_pool, &row_pool, batch_row(b, 0, i), environment);
		all[n]->id = fleet_id(environment, all[n]->id);
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		rows[i] = all[i];
	}
	whole_read(q, rows, n, out);
	out->owned = true;
	drop_others(all, n, out);
	free(all);
}

static void command(const void *row, struct buf *out) {
	const struct fleet_pool *pool = row;

	buf_printf(
	    out, "berth @%s pool %s%s", pool->environment, is_away(row) ? "list" : "show ", pool->name);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	if (is_away(row)) {
		pen_foreign(p, STYLE_WARNING, ((const struct fleet_pool *)row)->trouble);
	} else {
		pool_summary(p, pool_of(row), context->now, true);
	}
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	if (!is_away(row)) {
		pool_detail(p, pool_of(row), context->now);
	}
	detail_text(p, "environment", ((const struct fleet_pool *)row)->environment);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct fleet_pool *pool = row;

	buf_printf(out, "%s: ", pool->environment);
	if (is_away(row)) {
		buf_puts(out, pool->trouble);
	} else {
		pool_linear(pool_of(row), context->now, out);
	}
}

/* Opens the console of its environment, at the leases of the pool. */
static const char *open_row(const void *row, struct jump *jump) {
	const struct fleet_pool *pool = row;

	*jump = (struct jump){.view = &view_pools, .environment = mem_text(pool->environment)};
	if (!is_away(row)) {
		jump->view = &view_leases;
		jump->scope = scope_new(SCOPE_POOL, pool->name);
	}
	return NULL;
}

static const enum action actions[] = {ACTION_ENVIRONMENT, ACTION_NONE};

const struct view view_fleet = {.name = "fleet",
    .title = "Fleet",
    .one = "pool",
    .inner = true,
    .actions = actions,
    .open = open_row,
    .nothing = "There are no pools in these databases.",
    .fields = FILTER_POOLS,
    .kind = {.shape = &fleet_pool_shape, .changed = watched},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 2,
    .sorts = sorts,
    .orders = orders,
    .first = BY_PERCENT,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
