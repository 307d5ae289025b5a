#include "ui/console/frame/frame.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"

/* Returns true when the names of all screens fit into one line. */
static bool tabs_fit(const struct app *app, int columns) {
	int width = 1;

	for (size_t i = 0; views[i] != NULL; i++) {
		if (!views[i]->inner || i == app->current) {
			width += 2 + (views[i]->inner ? 0 : 2) + (int)strlen(views[i]->title);
		}
	}
	return width <= columns;
}

/* Draws the tabs: the chosen one with its name, the others as numbers where there is little room. */
void frame_tabs(const struct app *app, struct grid *g, int row) {
	static const char hint[] = "? help  : command";
	bool named = tabs_fit(app, g->columns);
	int column = 1;

	for (size_t i = 0; views[i] != NULL; i++) {
		bool chosen = i == app->current;
		enum style style = chosen ? STYLE_BOLD : STYLE_NORMAL;

		if (views[i]->inner && !chosen) {
			continue;
		}
		column =
		    chosen ? grid_glyph(g, row, column, g->columns, STYLE_ACCENT, GLYPH_ENTER) : column + 1;
		if (!views[i]->inner) {
			column = grid_print(
			    g, row, column, g->columns, style, named || chosen ? "%zu " : "%zu", i + 1);
		}
		if (named || chosen) {
			column = grid_put(g, row, column, g->columns, style, views[i]->title);
		}
		column += 1;
	}
	if (column + (int)sizeof hint < g->columns) {
		(void)grid_put(g, row, g->columns - (int)sizeof hint, g->columns, STYLE_DIM, hint);
	}
}

/* Appends "12 of 412", "the newest", ... */
static void position(const struct pane *pane, struct buf *out) {
	const struct list *list = &pane->list;

	if (!list->filled) {
		return;
	}
	if (pane->total >= 0) {
		int64_t at = list->count == 0 ? 0 : list->offset + (int64_t)list->cursor + 1;

		buf_printf(out, "%" PRId64 " of %" PRId64, at < pane->total ? at : pane->total, pane->total);
	} else if (!list->more_above && !list->more_below) {
		buf_printf(out, "%zu of %zu", list->count == 0 ? 0 : list->cursor + 1, list->count);
	} else {
		buf_puts(
		    out, list->more_above ? (list->more_below ? "more above and below" : "bottom") : "top");
	}
}

void frame_title(const struct app *app, struct grid *g, int row) {
	const struct pane *pane = &app->panes[app->current];
	struct buf right = {0};
	int column = 1;
	int end;

	if (pane->marks.count > 0) {
		buf_printf(&right, "%zu marked     ", pane->marks.count);
	}
	buf_printf(&right, "sort %s %s     ",
	    glyph_text((pane->view->descending >> pane->sort & 1) != 0 ? GLYPH_DOWN : GLYPH_UP, g->ascii),
	    pane->view->sorts[pane->sort]);
	position(pane, &right);
	end = g->columns - grid_width(buf_text(&right), g->ascii) - 3;
	if (end < 24) {
		buf_cut(&right, 0);
		if (pane->marks.count > 0) {
			buf_printf(&right, "%zu marked ", pane->marks.count);
		}
		position(pane, &right);
		end = g->columns - (int)right.len - 3;
	}
	if (pane->scope.text != NULL) {
		column = grid_print(
		    g, row, column, end, STYLE_DIM, "%s > ", view_above(pane->view, &pane->scope)->name);
		column =
		    grid_foreign(g, row, column, end, STYLE_BOLD, pane->scope.text, strlen(pane->scope.text));
		column = grid_put(g, row, column, end, STYLE_DIM, " > ");
	}
	if (pane->scope.text != NULL) {
		column = grid_print(g, row, column, end, STYLE_BOLD, "%ss", pane->view->one);
	} else {
		column = grid_put(g, row, column, end, STYLE_BOLD, pane->view->name);
	}
	column = grid_put(g, row, column, end, STYLE_ACCENT, pane->all ? "   all" : "");
	if (*pane->filter != '\0') {
		column = grid_put(g, row, column, end, STYLE_ACCENT, "   /");
		(void)grid_foreign(g, row, column, end, STYLE_ACCENT, pane->filter, strlen(pane->filter));
	}
	if (end > 0) {
		(void)grid_put(g, row, end + 2, g->columns, STYLE_DIM, buf_text(&right));
	}
	buf_release(&right);
}
