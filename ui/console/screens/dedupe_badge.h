/*
 * The state of a dedupe run as a word, a glyph and a style, and an undone run in words.
 */
#ifndef UI_CONSOLE_SCREENS_DEDUPE_BADGE_H
#define UI_CONSOLE_SCREENS_DEDUPE_BADGE_H

#include <stdint.h>

#include "ui/console/terminal/style.h"

struct buf;

/* Returns the badge of "running", "done", "undoing" or "undone". */
const struct badge *dedupe_badge(const char *state) __attribute__((returns_nonnull));

/* Appends "undone: 4 rows put back, the duplicates are there again". */
void dedupe_undone(int64_t rows, struct buf *out);

#endif
