#include "ui/console/screens/pool_badge.h"

#include <inttypes.h>
#include <math.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "model/syntax/duration.h"
#include "model/syntax/unit.h"
#include "ui/console/screens/pool_forecast.h"
#include "ui/console/widgets/gauge.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"

const struct badge *pool_badge(const struct pool *pool, int64_t now) {
	static const struct badge full = {"", GLYPH_FULL, STYLE_DANGER};
	static const struct badge today = {"", GLYPH_SOONEST, STYLE_DANGER};
	static const struct badge over = {"", GLYPH_OVER, STYLE_WARNING};
	static const struct badge unused = {"", GLYPH_UNUSED, STYLE_DIM};
	static const struct badge calm = {"", GLYPHS, STYLE_NORMAL};

	return pool_is_full(pool)           ? &full
	       : pool_full_today(pool, now) ? &today
	       : pool->status != POOL_OK    ? &over
	       : pool_is_unused(pool)       ? &unused
					    : &calm;
}

const char *pool_word(const struct pool *pool) {
	static const char *const words[] = {
	    [POOL_OK] = "ok", [POOL_WARNING] = "WARN", [POOL_CRITICAL] = "CRIT", [POOL_EXHAUSTED] = "FULL"};

	return count_is_zero(pool->capacity) ? "empty" : words[pool->status];
}

double pool_used(const struct pool *pool) {
	return pool->percent >= 100 && !pool_is_full(pool) ? 99 : pool->percent;
}

static void figures(const struct pool *pool, struct buf *out) {
	humanize_count(&pool->used, out);
	buf_puts(out, " of ");
	humanize_count(&pool->capacity, out);
	buf_puts(out, pool->unit == NULL ? " held, " : " blocks held, ");
	humanize_count(&pool->free, out);
	buf_puts(out, " free");
	if (!count_is_zero(pool->held_back)) {
		buf_puts(out, ", ");
		humanize_count(&pool->held_back, out);
		buf_puts(out, " held back");
	}
	if (pool->pending > 0) {
		buf_puts(out, ", ");
		humanize_plural(pool->pending, "request waits", "requests wait", out);
	}
}

void pool_summary(struct pen *p, const struct pool *pool, int64_t now, bool brief) {
	struct buf text = {0};

	figures(pool, &text);
	if (brief) {
		buf_puts(&text, "; ");
		pool_forecast(pool, now, &text);
	}
	pen_say(p, pool_is_full(pool) ? STYLE_DANGER : STYLE_NORMAL, buf_text(&text));
	buf_release(&text);
}

static void say_forecast(struct pen *p, const struct pool *pool, int64_t now) {
	enum style style = pool_badge(pool, now)->style;
	struct buf text = {0};

	pool_forecast(pool, now, &text);
	pen_say(p, style == STYLE_DIM ? STYLE_NORMAL : style, buf_text(&text));
	buf_release(&text);
}

/* Prints how many more values can be taken below the threshold. */
static void say_distance(struct pen *p, const struct pool *pool) {
	double size = count_real(pool->capacity);
	double left = ceil(size * (double)pool->warn / 100) - count_real(pool->used);

	pen_label(p, "limits");
	pen_print(
	    p, STYLE_NORMAL, "warns at %" PRId64 "%%, critical at %" PRId64 "%%", pool->warn, pool->crit);
	if (pool->status == POOL_OK && left >= 1 && left < 1e15) {
		struct buf text = {0};

		humanize_number((int64_t)left, &text);
		pen_print(p, STYLE_DIM, " (%s left until then)", buf_text(&text));
		buf_release(&text);
	}
}

static void say_lifetimes(struct pen *p, const struct pool *pool) {
	struct buf text = {0};

	if (pool->ttl > 0) {
		buf_puts(&text, "leases last ");
		duration_text(pool->ttl, &text);
	}
	if (pool->reuse_delay > 0) {
		buf_puts(&text, text.len > 0 ? ", " : "");
		buf_puts(&text, pool->unit == NULL ? "values" : "blocks");
		buf_puts(&text, " are held back ");
		duration_text(pool->reuse_delay, &text);
	}
	detail_text(p, "times", buf_text(&text));
	buf_release(&text);
}

static void say_hooks(struct pen *p, const struct pool *pool) {
	if (pool->activate_hook != NULL || pool->release_hook != NULL) {
		pen_label(p, "hooks");
		pen_foreign(p, STYLE_NORMAL, pool->activate_hook);
		pen_say(p, STYLE_DIM, pool->activate_hook == NULL ? "" : " activates ");
		pen_foreign(p, STYLE_NORMAL, pool->release_hook);
		pen_say(p, STYLE_DIM, pool->release_hook == NULL ? "" : " releases");
	}
}

struct gauge pool_gauge(const struct pool *pool, int64_t now) {
	return (struct gauge){.used = count_real(pool->used),
	    .back = count_real(pool->held_back),
	    .size = count_real(pool->capacity),
	    .warn = (double)pool->warn,
	    .crit = (double)pool->crit,
	    .style = pool_badge(pool, now)->style};
}

/* Draws a long bar, where there is a line for it. */
static void big_gauge(struct pen *p, const struct pool *pool, int64_t now) {
	struct gauge gauge = pool_gauge(pool, now);
	int row = p->area.row + p->row;

	gauge_draw(p->grid, row, p->area.column, p->area.column + p->area.columns, &gauge);
	p->row += 1;
}

/* Prints what a lease of a pool of blocks holds. */
static void say_unit(struct pen *p, const struct pool *pool) {
	struct buf text = {0};

	if (pool->unit != NULL) {
		unit_words(pool->unit, &text);
		buf_puts(&text, ", of ");
		humanize_count(&pool->addresses, &text);
		buf_puts(&text, pool->unit[0] == '/' ? " addresses" : " numbers");
		detail_text(p, "gives", buf_text(&text));
	}
	buf_release(&text);
}

void pool_detail(struct pen *p, const struct pool *pool, int64_t now) {
	bool roomy = p->area.rows > 12;
	struct buf text = {0};

	if (roomy) {
		pen_gap(p);
		big_gauge(p, pool, now);
		pen_gap(p);
	}
	pool_summary(p, pool, now, false);
	pen_break(p);
	say_forecast(p, pool, now);
	pen_break(p);
	if (roomy) {
		pen_gap(p);
	}
	say_distance(p, pool);
	pen_label(p, "ranges");
	humanize_plural(pool->resources, "resource", "resources", &text);
	pen_print(p, STYLE_NORMAL, "%s, %s, space ", buf_text(&text), kind_names[pool->kind]);
	pen_foreign(p, STYLE_NORMAL, pool->space);
	say_unit(p, pool);
	detail_text(p, "project", pool->project);
	detail_json(p, "labels", pool->labels);
	say_lifetimes(p, pool);
	say_hooks(p, pool);
	buf_cut(&text, 0);
	humanize_time(pool->created, &text);
	detail_text(p, "created", buf_text(&text));
	buf_release(&text);
}

void pool_linear(const struct pool *pool, int64_t now, struct buf *out) {
	const char *word = pool_full_today(pool, now) && !pool_is_full(pool) ? "today" : pool_word(pool);

	buf_printf(out, "%s %s: free ", word, pool->name);
	humanize_count(&pool->free, out);
	buf_puts(out, " of ");
	humanize_count(&pool->capacity, out);
	if (pool->unit != NULL) {
		buf_char(out, ' ');
		unit_words(pool->unit, out);
	}
	buf_puts(out, ", used ");
	humanize_percent(pool_used(pool), out);
	if (!count_is_zero(pool->held_back)) {
		buf_puts(out, ", held back ");
		humanize_count(&pool->held_back, out);
	}
	if (pool->pending > 0) {
		buf_printf(out, ", waiting %" PRId64, pool->pending);
	}
	buf_puts(out, ", ");
	pool_forecast(pool, now, out);
}
