#include "ui/console/frame/frame.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

#define SIDE_FROM 110 /* columns from which the detail is beside the list */
#define SIDE_WIDTH 40 /* its least width; at 200 columns it has 45 percent */
#define BELOW_FROM 20 /* rows from which it is below the list */
#define BELOW 8       /* rows of the detail below the list, with the rule */

/* Returns the rows for the screen's own header. */
static int about_rows(int rows) {
	return rows >= 36 ? 5 : rows >= 20 ? 3 : rows >= 6 ? 1 : 0;
}

static int side_width(int columns) {
	return SIDE_WIDTH + (columns - SIDE_FROM) * 5 / 9;
}

/* Places the detail beside the list, below it, or in its last line. */
static void place_detail(struct frame *f, int rows, int columns, int bottom) {
	f->side = columns >= SIDE_FROM && rows >= BELOW_FROM;
	f->brief = !f->side && rows >= 12 && rows < BELOW_FROM;
	if (f->side) {
		f->list.columns = columns - side_width(columns) - 3;
		f->detail = (struct rect){
		    f->head, columns - side_width(columns), bottom - f->head, side_width(columns)};
	} else if (rows >= BELOW_FROM) {
		int below = rows >= 36 ? rows * 2 / 5 : BELOW;

		f->list.rows -= below;
		f->rule = bottom - below;
		f->detail = (struct rect){f->rule + 1, 3, below - 1, columns - 4};
	} else if (f->brief) {
		f->list.rows -= 1;
		f->detail = (struct rect){bottom - 1, 1, 1, columns - 1};
	}
}

struct frame frame_make(int rows, int columns, bool about, bool expanded) {
	struct frame f = {.tabs = rows >= 9 ? 1 : -1,
	    .title = rows >= 9   ? 2
		     : rows >= 5 ? 1
				 : -1,
	    .message = rows >= 8   ? rows - 2
		       : rows >= 4 ? rows - 1
				   : -1,
	    .footer = rows >= 8 ? rows - 1 : -1,
	    .rule = -1,
	    .head = -1};
	int top = f.title < 0 ? 1 : f.title + 1;
	int bottom = f.message >= 0 ? f.message : rows;

	if (about) {
		f.about = (struct rect){top, 1, about_rows(rows), columns - 1};
		top += f.about.rows;
	}
	if (rows >= 6) {
		f.head = top++;
	}
	f.list = (struct rect){top, 0, bottom - top, columns};
	if (expanded && f.head >= 0) {
		f.rule = f.head;
		f.detail = (struct rect){top, 1, bottom - top, columns - 2};
		f.list.rows = 0;
	} else {
		place_detail(&f, rows, columns, bottom);
	}
	if (f.list.rows < 0) {
		f.list.rows = 0;
	}
	return f;
}

static int banner_line(struct grid *g, int row) {
	int column = 0;

	(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	column = grid_glyph(g, row, column, g->columns, STYLE_ALARM, GLYPH_STALE);
	column = grid_glyph(g, row, column, g->columns, STYLE_ALARM, GLYPH_STALE);
	return grid_put(g, row, column, g->columns, STYLE_ALARM, " ");
}

void frame_trouble(const struct app *app, struct buf *out) {
	buf_puts(out, app_age(app) < 0 ? "no connection yet" : "connection lost");
	if (app->link.retry != TIME_NONE) {
		buf_puts(out, ", next try in ");
		humanize_exact(app->link.retry - app->now.steady + TIME_SECOND - 1, out);
	}
}

void frame_banner(const struct app *app, struct grid *g, const struct frame *frame) {
	const char *trouble = app->link.trouble;
	bool two = frame->tabs >= 0;
	int row = two ? frame->tabs : frame->message;
	struct buf text = {0};
	int column;

	if (app->link.up || row < 0) {
		return;
	}
	frame_trouble(app, &text);
	if (two && app_age(app) >= 0) {
		buf_puts(&text, "; you can still scroll and copy");
	}
	column = grid_put(g, row, banner_line(g, row), g->columns, STYLE_WARNING, buf_text(&text));
	buf_release(&text);
	if (two) {
		column = banner_line(g, row + 1);
	} else {
		column = grid_put(g, row, column, g->columns, STYLE_WARNING, ": ");
	}
	(void)grid_foreign(
	    g, row + (two ? 1 : 0), column, g->columns, STYLE_WARNING, trouble, humanize_sentence(trouble));
}
