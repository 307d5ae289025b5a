/*
 * A chart of a quantity over time, with an axis on the left and one below.
 *
 *     2 046 ┤
 *           │            ▂▄▆
 *     1 023 ┤     ▁▂▃▄▅▇████
 *           │▂▄▆▇███████████
 *         0 └──────────────
 *            7d ago      now
 */
#ifndef UI_CONSOLE_WIDGETS_CHART_H
#define UI_CONSOLE_WIDGETS_CHART_H

#include <stddef.h>

#include "ui/console/terminal/style.h"
#include "ui/console/widgets/pen.h"

struct grid;

struct chart {
	const double *values; /* at equal distances, oldest first; negative where unknown */
	size_t count;
	double top;        /* the value at the top of the axis, above 0 */
	const char *first; /* the words below the first value and the last one */
	const char *last;
	enum style style;
};

/* Draws it in an area of at least CHART_ROWS rows and CHART_COLUMNS columns; in a smaller one it draws
 * nothing. */
#define CHART_ROWS 6
#define CHART_COLUMNS 30

void chart_draw(struct grid *g, struct rect area, const struct chart *chart);

#endif
