#include "ui/console/frame/frame.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"

/* Returns true when the names of all screens fit into one line. */
static bool tabs_fit(int columns) {
	int width = 1;

	for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
		width += 4 + (int)strlen(views[i]->title);
	}
	return width <= columns;
}

/* Draws the tabs: the chosen one with its name, the others as numbers where there is little room. */
void frame_tabs(const struct app *app, struct grid *g, int row) {
	static const char hint[] = "? help  : command";
	bool named = tabs_fit(g->columns);
	int column = 1;

	for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
		bool chosen = i == app->trail.current;
		enum style style = chosen ? STYLE_BOLD : STYLE_NORMAL;

		column =
		    chosen ? grid_glyph(g, row, column, g->columns, STYLE_ACCENT, GLYPH_ENTER) : column + 1;
		column =
		    grid_print(g, row, column, g->columns, style, named || chosen ? "%zu " : "%zu", i + 1);
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

/* Draws the place: "pools > web > leases", "leases of web > project acme/web". Returns the next column. */
static int place(const struct app *app, struct grid *g, int row, int column, int end) {
	const struct pane *pane = app_shown(app);
	const struct pane *below = trail_below(&app->trail);
	const char *words = scope_words(&pane->scope);

	if (below != NULL) {
		column = grid_print(g, row, column, end, STYLE_DIM, "%s > ", below->view->name);
	}
	if (words == NULL) {
		return grid_put(g, row, column, end, STYLE_BOLD, pane->view->name);
	}
	if (pane->scope.kind == SCOPE_ONE) {
		column = grid_print(g, row, column, end, STYLE_DIM, "%s ", pane->view->one);
		return grid_foreign(g, row, column, end, STYLE_BOLD, words, strlen(words));
	}
	column = grid_foreign(g, row, column, end, STYLE_BOLD, words, strlen(words));
	column = grid_put(g, row, column, end, STYLE_DIM, " > ");
	return grid_print(g, row, column, end, STYLE_BOLD, "%ss", pane->view->one);
}

void frame_title(const struct app *app, struct grid *g, int row) {
	const struct pane *pane = app_shown(app);
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
	column = place(app, g, row, column, end);
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
