#include "ui/console/widgets/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/num.h"
#include "ui/console/terminal/grid.h"

enum { LABELS = 7, EIGHTHS = 8 };

/* Writes the value of a row's upper edge before the axis. */
static void draw_label(struct grid *g, int row, int column, double value) {
	char digits[8];
	struct count count;
	struct buf text = {0};

	buf_printf(&text, "%.0f", value);
	(void)snprintf(count.digits, sizeof count.digits, "%s", buf_text(&text));
	buf_release(&text);
	grid_print(g, row, column, column + LABELS - 1, STYLE_DIM, "%6s", count_short(count, digits));
}

/* Returns the highest value of one column of the plot; negative: unknown. */
static double value_at(const struct chart *chart, int column, int columns) {
	size_t from = (size_t)column * chart->count / (size_t)columns;
	size_t to = ((size_t)column + 1) * chart->count / (size_t)columns;
	double highest = -1;

	for (size_t i = from; i < (to > from ? to : from + 1) && i < chart->count; i++) {
		highest = fmax(highest, chart->values[i]);
	}
	return highest;
}

/* Draws one column from the bottom up; what is not 0 is visible. */
static void draw_column(
    struct grid *g, int bottom, int x, int rows, const struct chart *chart, double value) {
	int height = (int)(value / chart->top * rows * EIGHTHS);

	height = value > 0 && height < 1 ? 1 : height > rows * EIGHTHS ? rows * EIGHTHS : height;
	for (int i = 0; i < rows && height > i * EIGHTHS; i++) {
		int eighths = height - i * EIGHTHS;

		grid_put(g, bottom - i, x, x + 1, chart->style,
		    glyph_height(eighths > EIGHTHS ? EIGHTHS : (unsigned)eighths, g->ascii));
	}
}

static void draw_axes(struct grid *g, struct rect area, const struct chart *chart, int rows) {
	int axis = area.column + LABELS;
	int end = area.column + area.columns;
	int below = area.row + rows;
	int middle = rows / 2;

	for (int i = 0; i < rows; i++) {
		grid_glyph(g, area.row + i, axis, end, STYLE_DIM, GLYPH_SPLIT);
	}
	draw_label(g, area.row, area.column, chart->top);
	draw_label(g, area.row + middle, area.column, chart->top * (rows - middle) / rows);
	draw_label(g, below, area.column, 0);
	grid_line(g, below, axis, end, STYLE_DIM, GLYPH_RULE);
	grid_put(g, below + 1, axis + 1, end, STYLE_DIM, chart->first);
	grid_put(g, below + 1, end - (int)strlen(chart->last), end, STYLE_DIM, chart->last);
}

void chart_draw(struct grid *g, struct rect area, const struct chart *chart) {
	int columns = area.columns - LABELS - 1;
	int rows = area.rows - 2;

	if (area.rows < CHART_ROWS || area.columns < CHART_COLUMNS || !(chart->top > 0)) {
		return;
	}
	draw_axes(g, area, chart, rows);
	for (int i = 0; i < columns; i++) {
		double value = value_at(chart, i, columns);

		if (value >= 0) {
			draw_column(g, area.row + rows - 1, area.column + LABELS + 1 + i, rows, chart, value);
		}
	}
}
