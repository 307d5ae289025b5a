/*
 * What a pool means, in a glyph, a word, a style and sentences.
 */
#ifndef UI_CONSOLE_SCREENS_POOL_BADGE_H
#define UI_CONSOLE_SCREENS_POOL_BADGE_H

#include <stdint.h>

#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/style.h"

struct buf;
struct gauge;
struct pool;

/* Full before soon full before over a threshold; without a word. */
const struct badge *pool_badge(const struct pool *pool, int64_t now) __attribute__((returns_nonnull));
const char *pool_word(const struct pool *pool); /* "FULL" "CRIT" "WARN" "ok" "empty" */

/* Its bar, in the style of its look. */
struct gauge pool_gauge(const struct pool *pool, int64_t now);

/* Percent used, under 100 unless nothing is left. */
double pool_used(const struct pool *pool);

/* "FULL", "1h 50m", ">90d", "unused", "-": at most 7 columns. */
void pool_runs_out(const struct pool *pool, int64_t now, struct buf *out);

/* "505 of 512 held, 7 free, 3 held back", and with `brief` when it will be full. */
void pool_summary(struct pen *p, const struct pool *pool, int64_t now, bool brief);

void pool_detail(struct pen *p, const struct pool *pool, int64_t now);

/* One sentence when a person should look at it, else nothing. */
void pool_alert(const struct pool *pool, int64_t now, struct buf *out);

/* The most important word first, all on one line. */
void pool_linear(const struct pool *pool, int64_t now, struct buf *out);

#endif
