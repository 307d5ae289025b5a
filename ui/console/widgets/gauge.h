/*
 * A bar that shows how full something is.
 *
 *     │███████████████▋  ╎ ╎ │
 *
 * A cell has eight steps. The thresholds are in the empty part, so that the distance to them is visible, and
 * the free part that is held back looks different from the part that can be taken. A bar is full only when
 * nothing can be taken, and empty only when nothing is used: figures and bars are rounded away from both
 * ends.
 */
#ifndef UI_CONSOLE_WIDGETS_GAUGE_H
#define UI_CONSOLE_WIDGETS_GAUGE_H

#include "ui/console/terminal/style.h"

struct grid;

struct gauge {
	double used; /* in any unit */
	double back; /* free, but held back */
	double size;
	double warn; /* percent */
	double crit;
	enum style style; /* style of the used part */
};

/* Draws it from column up to `end`, with a frame where there is room for one. */
void gauge_draw(struct grid *g, int row, int column, int end, const struct gauge *gauge);

/* Draws the scale for the same columns: 0, 50 and 100. */
void gauge_scale(struct grid *g, int row, int column, int end);

#endif
