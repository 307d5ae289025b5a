#include "ui/console/screens/pool_forecast.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "ui/text/humanize.h"

#define MINUTE (60 * TIME_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define FAR (90 * DAY)   /* later forecasts are not shown */
#define YOUNG (6 * HOUR) /* the history that a trend needs */
#define SHARP (2 * HOUR) /* a forecast within that is told as a time of the clock */
#define STEP (6 * HOUR)  /* of `week` */
#define EIGHTHS 8        /* of the size */

bool pool_is_full(const struct pool *pool) {
	return pool->status == POOL_EXHAUSTED;
}

bool pool_is_unused(const struct pool *pool) {
	return count_is_zero(pool->used) && pool->pending == 0;
}

bool pool_full_today(const struct pool *pool, int64_t now) {
	return pool->runs_out != TIME_NONE && pool->runs_out - now < DAY;
}

static bool is_near(const struct pool *pool, int64_t now) {
	return pool->runs_out != TIME_NONE && pool->runs_out - now <= FAR;
}

static bool is_too_new(const struct pool *pool, int64_t now) {
	return pool->sampled == TIME_NONE || now - pool->sampled < YOUNG;
}

/* Appends the span until a forecast: one figure where both ends are the same or the end is open, else two. */
static void put_span(const struct pool *pool, int64_t now, struct buf *out) {
	static const struct {
		int64_t size;
		char name;
	} units[] = {{DAY, 'd'}, {HOUR, 'h'}, {MINUTE, 'm'}};
	bool open = pool->runs_out_by == TIME_NONE;
	int64_t from = pool->runs_out_from > now ? pool->runs_out_from - now : 0;
	int64_t by = open ? pool->runs_out - now : pool->runs_out_by - now;
	size_t u = 0;

	while (u < 2 && by < 2 * units[u].size) {
		u++;
	}
	from /= units[u].size;
	by = by <= 0 ? 1 : (by + units[u].size - 1) / units[u].size;
	if (open) {
		buf_printf(out, "~%" PRId64 "%c", by, units[u].name);
	} else if (pool->runs_out_by - now > FAR) {
		buf_printf(out, ">%" PRId64 "%c", from, units[u].name);
	} else if (by - from <= 1) {
		buf_printf(out, "%" PRId64 "%c", by, units[u].name);
	} else {
		buf_printf(out, "%" PRId64 "-%" PRId64 "%c", from, by, units[u].name);
	}
}

void pool_runs_out(const struct pool *pool, int64_t now, struct buf *out) {
	if (pool_is_full(pool)) {
		buf_puts(out, "FULL");
	} else if (count_is_zero(pool->capacity)) {
		buf_puts(out, "empty");
	} else if (pool->draining) {
		buf_puts(out, "drain");
	} else if (is_near(pool, now)) {
		put_span(pool, now, out);
	} else if (pool->runs_out != TIME_NONE) {
		buf_puts(out, ">90d");
	} else if (pool_is_unused(pool)) {
		buf_puts(out, "unused");
	} else {
		buf_puts(out, is_too_new(pool, now) ? "new" : "-");
	}
}

/* Appends when it will be full: "full about 15:53 UTC", or "full in 2-4d" when that is all that is sure. */
static void put_full_when(const struct pool *pool, int64_t now, struct buf *out) {
	if (pool->runs_out_by != TIME_NONE && pool->runs_out_by - pool->runs_out_from <= SHARP) {
		buf_puts(out, "full about ");
		humanize_clock(pool->runs_out, now, out);
	} else {
		buf_puts(out, "full in ");
		put_span(pool, now, out);
	}
}

/* Appends why there is no time to tell. */
static void put_unknown(const struct pool *pool, int64_t now, struct buf *out) {
	if (pool_is_unused(pool)) {
		buf_puts(out, "unused");
	} else if (is_too_new(pool, now)) {
		buf_puts(out, "too new to tell");
	} else if (pool->per_day == 0) {
		buf_puts(out, "no trend");
	} else {
		buf_printf(out, "not full within 90 days at %+.1f per day", pool->per_day);
	}
}

void pool_forecast(const struct pool *pool, int64_t now, struct buf *out) {
	if (pool_is_full(pool)) {
		buf_puts(out, "full: nothing can be allocated");
		if (pool->full_since != TIME_NONE) {
			buf_puts(out, ", since ");
			humanize_clock(pool->full_since, now, out);
		}
	} else if (count_is_zero(pool->capacity)) {
		buf_puts(out, "no resources yet: add a range");
	} else if (pool->draining) {
		buf_puts(out, "being drained: no forecast");
	} else if (is_near(pool, now)) {
		put_full_when(pool, now, out);
		buf_printf(out, " at %+.1f per day", pool->per_day);
	} else {
		put_unknown(pool, now, out);
	}
}

void pool_week(const struct pool *pool, int64_t now, int levels[POOL_WEEK]) {
	size_t known = strlen(pool->week);
	int64_t gone = known == 0 || pool->week_end > now ? 0 : (now - pool->week_end) / STEP;
	double size = count_real(pool->capacity);
	int present = size > 0 ? (int)fmin(ceil(EIGHTHS * count_real(pool->used) / size), EIGHTHS) : 0;

	for (int64_t i = 0; i < POOL_WEEK; i++) {
		int64_t at = i + gone;

		if (at < (int64_t)known) {
			levels[i] =
			    pool->week[at] >= '0' && pool->week[at] <= '8' ? pool->week[at] - '0' : -1;
		} else {
			levels[i] = known == 0
					? -1
					: present; /* it has not changed since, or there would be samples */
		}
	}
}
