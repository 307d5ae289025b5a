/*
 * A bar of how full something is.
 *
 *     │███████████████▋  ╎ ╎ │
 *
 * A cell has eight steps.  The thresholds stand in the empty part, so that the
 * distance to trouble is seen, and what is free but held back is told from what
 * can be taken.  A bar is never full unless nothing can be taken and never empty
 * unless nothing is used: figures and bars round away from both ends.
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
	enum style style; /* of the used part */
};

/* From column up to `end`, with a frame where there is room for one. */
void gauge_draw(struct grid *g, int row, int column, int end, const struct gauge *gauge);

/* The scale for the same columns: 0, 50 and 100. */
void gauge_scale(struct grid *g, int row, int column, int end);

#endif
