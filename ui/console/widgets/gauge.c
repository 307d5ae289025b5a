#include "ui/console/widgets/gauge.h"

#include "ui/console/terminal/grid.h"

#define FRAMED 12 /* narrower bars have no frame */

/* Returns `part` of `whole` in steps, rounded away from both ends. */
static int scaled(double part, double whole, int steps) {
	int n;

	if (!(whole > 0) || !(part > 0)) {
		return 0;
	}
	if (part >= whole) {
		return steps;
	}
	n = (int)(part / whole * steps);
	return n < 1 ? 1 : n < steps ? n : steps - 1;
}

static int tick_cell(double percent, int cells) {
	return (int)(percent / 100 * cells);
}

void gauge_draw(struct grid *g, int row, int column, int end, const struct gauge *gauge) {
	int frame = end - column >= FRAMED ? 1 : 0;
	int start = column + frame;
	int cells = end - column - 2 * frame;
	int used = scaled(gauge->used, gauge->size, 8 * cells);
	int full = used / 8;
	int taken = used > 0 && gauge->back > 0
			? (scaled(gauge->used + gauge->back, gauge->size, 8 * cells) + 7) / 8
		    : gauge->back > 0 ? (scaled(gauge->back, gauge->size, 8 * cells) + 7) / 8
				      : 0;

	if (cells <= 0) {
		return;
	}
	for (int i = 0; i < cells; i++) {
		int x = start + i;
		bool tick = i == tick_cell(gauge->warn, cells) || i == tick_cell(gauge->crit, cells);

		if (i < full) {
			grid_glyph(g, row, x, end, gauge->style, GLYPH_BLOCK);
		} else if (i == full && used % 8 > 0) {
			grid_put(g, row, x, end, gauge->style, glyph_eighths((unsigned)used % 8, g->ascii));
		} else if (i < taken) {
			grid_glyph(g, row, x, end, STYLE_DIM, GLYPH_BACK);
		} else if (tick) {
			grid_glyph(g, row, x, end, STYLE_DIM, GLYPH_TICK);
		} else if (g->ascii) {
			grid_put(g, row, x, end, STYLE_DIM, ".");
		}
	}
	if (frame != 0) {
		grid_glyph(g, row, column, end, STYLE_DIM, GLYPH_SPLIT);
		grid_glyph(g, row, end - 1, end, STYLE_DIM, GLYPH_SPLIT);
	}
	grid_gauge(g, row, column, end);
}

void gauge_scale(struct grid *g, int row, int column, int end) {
	int cells = end - column - 2;

	if (end - column < FRAMED) {
		return;
	}
	grid_put(g, row, column + 1, end, STYLE_DIM, "0");
	if (cells >= 14) {
		grid_put(g, row, column + 1 + cells / 2, end, STYLE_DIM, "50");
	}
	grid_put(g, row, end - 4, end, STYLE_DIM, "100");
}
