/*
 * A line of columns of different heights: how something changed, in one row.
 */
#ifndef UI_CONSOLE_WIDGETS_SPARKLINE_H
#define UI_CONSOLE_WIDGETS_SPARKLINE_H

#include <stddef.h>

#include "ui/console/terminal/style.h"

struct grid;

/* Draws the levels, eighths from 0 to 8 and negative where unknown, from column up to `end`, the newest last.
 * A cell shows the highest of its levels. */
void sparkline_draw(
    struct grid *g, int row, int column, int end, enum style style, const int *levels, size_t count);

#endif
