#include "ui/console/widgets/sparkline.h"

#include "ui/console/terminal/grid.h"

void sparkline_draw(
    struct grid *g, int row, int column, int end, enum style style, const int *levels, size_t count) {
	size_t cells = end > column ? (size_t)(end - column) : 0;

	cells = cells < count ? cells : count;
	for (size_t i = 0; i < cells; i++) {
		int level = -1;

		for (size_t k = i * count / cells; k < (i + 1) * count / cells; k++) {
			level = levels[k] > level ? levels[k] : level;
		}
		if (level >= 0) {
			grid_put(g, row, column + (int)i, end, style,
			    glyph_height(level < 1 ? 1U : (unsigned)level, g->ascii));
		}
	}
}
