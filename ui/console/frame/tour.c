/*
 * The tour of the demo on the screen.
 */
#include "ui/console/frame/frame.h"

#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"

enum {
	PANEL = TOUR_STEPS + 2, /* rows: a rule, the steps, the keys */
	LONG = 20,              /* rows of a detail that has room for a panel */
	KEYS = 4,               /* columns of a line: the box before the keys, */
	WHAT = 15,              /* and both before the text */
	HELP_EACH = 3           /* lines of a step in the help */
};

/* Draws "[x] u          undo it within 10 s". */
static void draw_step(
    const struct tour *tour, enum tour_step step, struct grid *g, int row, int column, int end) {
	bool next = step == tour_next(tour);
	enum style style = tour->done[step] ? STYLE_DIM : next ? STYLE_BOLD : STYLE_NORMAL;

	(void)grid_put(g, row, column, end, style, tour->done[step] ? "[x]" : "[ ]");
	(void)grid_put(
	    g, row, column + KEYS, end, tour->done[step] ? STYLE_DIM : STYLE_KEY, tour_texts[step].keys);
	(void)grid_put(g, row, column + WHAT, end, style, tour_texts[step].what);
}

static void draw_panel(const struct tour *tour, struct grid *g, struct rect area) {
	enum tour_step next = tour_next(tour);
	int end = area.column + area.columns;
	int column = area.column;

	grid_line(g, area.row, column, end, STYLE_DIM, GLYPH_RULE);
	(void)grid_put(
	    g, area.row, column + 2, end, STYLE_HEAD, next == TOUR_STEPS ? " tour: done " : " tour ");
	for (int step = 0; step < TOUR_STEPS; step++) {
		draw_step(tour, (enum tour_step)step, g, area.row + 1 + step, column + 1, end);
	}
	column = grid_put(g, area.row + 1 + TOUR_STEPS, column + 1 + KEYS, end, STYLE_KEY, "?");
	column = grid_put(g, area.row + 1 + TOUR_STEPS, column, end, STYLE_DIM, " explains  ");
	column = grid_put(g, area.row + 1 + TOUR_STEPS, column, end, STYLE_KEY, "Esc");
	(void)grid_put(g, area.row + 1 + TOUR_STEPS, column, end, STYLE_DIM, " closes");
}

/* Draws the next step alone. */
static void draw_brief(const struct tour *tour, struct grid *g, struct rect area) {
	enum tour_step next = tour_next(tour);
	int end = area.column + area.columns;
	int column;

	(void)grid_print(g, area.row, area.column, end, STYLE_NORMAL, "%*s", area.columns, "");
	if (next == TOUR_STEPS) {
		(void)grid_put(g, area.row, area.column, end, STYLE_DIM, "tour: done");
		return;
	}
	column =
	    grid_print(g, area.row, area.column, end, STYLE_HEAD, "tour %d/%d", (int)next + 1, TOUR_STEPS);
	column = grid_put(g, area.row, column + 2, end, STYLE_KEY, tour_texts[next].keys);
	(void)grid_put(g, area.row, column + 2, end, STYLE_BOLD, tour_texts[next].what);
}

/* Cuts that many rows off the end of the detail; a detail that is used up goes with its rule. */
static struct rect cut(struct frame *f, int rows) {
	struct rect area = f->detail;

	if (rows >= f->detail.rows && f->rule >= 0) {
		area.row = f->rule;
		area.rows++;
		f->rule = -1;
		f->detail.rows = 0;
	} else {
		area.rows = rows < f->detail.rows ? rows : f->detail.rows;
		f->detail.rows -= area.rows;
		area.row += f->detail.rows;
	}
	return area;
}

void frame_tour(const struct app *app, struct grid *g, struct frame *frame) {
	bool first = app->trail.current == 0 && trail_below(&app->trail) == NULL;
	struct rect area;
	bool panel;

	if (!tour_shown(&app->tour) || frame->detail.rows <= 0) {
		return;
	}
	panel = frame->detail.rows >= LONG || (first && frame->detail.rows >= PANEL);
	area = cut(frame, panel ? PANEL : 1);
	for (int row = area.row; frame->side && row < area.row + area.rows; row++) {
		(void)grid_glyph(g, row, area.column - 2, g->columns, STYLE_DIM, GLYPH_SPLIT);
	}
	(panel ? draw_panel : draw_brief)(&app->tour, g, area);
}

int frame_tour_lines(const struct app *app) {
	return app->tour.on ? TOUR_STEPS * HELP_EACH + 1 : 0;
}

void frame_tour_line(const struct app *app, struct grid *g, int row, int line) {
	int step = line / HELP_EACH;

	if (step >= TOUR_STEPS) {
		return;
	}
	if (line % HELP_EACH == 0) {
		draw_step(&app->tour, (enum tour_step)step, g, row, 2, g->columns);
	} else {
		(void)grid_put(
		    g, row, 2 + WHAT, g->columns, STYLE_DIM, tour_texts[step].help[line % HELP_EACH - 1]);
	}
}
