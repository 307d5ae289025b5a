/*
 * A pool as a glyph, a word, a style and sentences.
 */
#ifndef UI_CONSOLE_SCREENS_POOL_BADGE_H
#define UI_CONSOLE_SCREENS_POOL_BADGE_H

#include <stdint.h>

#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/style.h"

struct buf;
struct gauge;
struct pool;

/* Returns the badge without a word. Severity order: full, full soon, over a threshold. */
const struct badge *pool_badge(const struct pool *pool, int64_t now) __attribute__((returns_nonnull));
const char *pool_word(const struct pool *pool); /* "FULL" "CRIT" "WARN" "ok" "empty" */

/* Returns its gauge, in the style of its badge. */
struct gauge pool_gauge(const struct pool *pool, int64_t now);

/* Returns the percent used, below 100 unless nothing is left. */
double pool_used(const struct pool *pool);

/* Prints "505 of 512 held, 7 free, 3 held back", and with `brief` when it will be full. */
void pool_summary(struct pen *p, const struct pool *pool, int64_t now, bool brief);

void pool_detail(struct pen *p, const struct pool *pool, int64_t now);

/* Appends everything as one line, the most important word first. */
void pool_linear(const struct pool *pool, int64_t now, struct buf *out);

#endif
