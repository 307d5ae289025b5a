/*
 * When a pool will be full, in words that are as precise as the forecast is sure.
 */
#ifndef UI_CONSOLE_SCREENS_POOL_FORECAST_H
#define UI_CONSOLE_SCREENS_POOL_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct pool;

#define POOL_WEEK 28 /* the steps of six hours in a week */

/* Returns true for a pool that nothing can be taken from, and for one that runs out within a day. */
bool pool_is_full(const struct pool *pool);
bool pool_full_today(const struct pool *pool, int64_t now);

/* Returns true for a pool that nobody uses. */
bool pool_is_unused(const struct pool *pool);

/* Appends "FULL", "2-4d", "~5h", ">90d", "drain", "new" (too new to tell), "unused" or "-" (no trend): at
 * most 7 columns. */
void pool_runs_out(const struct pool *pool, int64_t now, struct buf *out);

/* Appends the same in words: "full in 2-4d at +12.5 per day". */
void pool_forecast(const struct pool *pool, int64_t now, struct buf *out);

/* Fills `levels` with the highest use of each six hours of the last seven days, in eighths of the size,
 * oldest first; negative where it is not known. */
void pool_week(const struct pool *pool, int64_t now, int levels[POOL_WEEK]);

#endif
