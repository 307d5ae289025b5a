/* The screens of the console with rows as a server could send them, up to three: they are drawn, and the row
 * under the cursor in full. The first byte is the screen, the second its size. */
#include <stdlib.h>

#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "tests/fuzz/answered.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/list/view.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/column.h"

enum { ROWS = 3 };

static void draw(struct app *app, int rows, int columns) {
	struct grid *g = grid_new(rows, columns, app->ascii);

	app_layout(app, rows, columns);
	app_draw(app, g);
	fuzz_check(grid_valid(g));
	app_draw_detail(app, g);
	fuzz_check(grid_valid(g));
	grid_free(g);
}

static void show(const struct view *view, const void *rows, size_t count, uint8_t size) {
	static const int sizes[][2] = {{24, 80}, {40, 160}, {12, 44}, {1, 1}};
	const int *at = sizes[size % 4];
	struct app app;

	golden_start(&app, (size & 4) != 0);
	app_show(&app, view);
	golden_fill(&app, view, rows, count, (int64_t)count);
	draw(&app, at[0], at[1]);
	golden_type(&app, "\r");
	draw(&app, at[0], at[1]);
	app_release(&app);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	size_t known = 0;
	const struct view *view;
	const struct row_type *type;
	struct answered answered;
	size_t count = 0;
	char *rows;

	while (views[known] != NULL) {
		known++;
	}
	if (n < 2 || known == 0) {
		return 0;
	}
	view = views[data[0] % known];
	type = view->kind.shape->type;
	answered = (struct answered){.data = data + 2, .n = n - 2};
	rows = mem_new(ROWS, type->size);
	while (count < ROWS && answered.n > 0 && answered_row(&answered, type, rows + count * type->size)) {
		count++;
	}
	show(view, rows, count, data[1]);
	answered_release(&answered);
	free(rows);
	return 0;
}
