#include "ui/console/frame/frame.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "ui/console/app/app.h"
#include "ui/console/screens/alert_badge.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

/* Returns the number of things that need a person, on one screen, or all on the screen of alerts. */
static int64_t needy(const struct app *app, const struct view *view) {
	int64_t count = 0;

	for (size_t i = 0; i < app->alerts.count; i++) {
		const struct alert *alert = app->alerts.rows[i];

		if (view == &view_alerts) {
			count++;
		} else if (alert_view(alert) == view) {
			count += alert->count;
		}
	}
	return count;
}

/* Appends "3 Queue", or "3" without its name, and how many need a person: "3 Queue·10". */
static void tab_text(const struct app *app, size_t tab, bool named, struct buf *out) {
	int64_t count = needy(app, views[tab]);

	buf_printf(out, "%zu%s%s", tab + 1, named ? " " : "", named ? views[tab]->title : "");
	if (count > 0) {
		buf_printf(out, "%s%" PRId64 "%s", app->ascii ? ":" : glyph_text(GLYPH_DOT, false),
		    count > 999 ? 999 : count, count > 999 ? "+" : "");
	}
}

/* Returns the columns of the names of all screens, with this many blanks before each. */
static int names_width(const struct app *app, int blanks) {
	int width = 0;

	for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
		struct buf text = {0};

		tab_text(app, i, true, &text);
		width += blanks + grid_width(buf_text(&text), app->ascii);
		buf_release(&text);
	}
	return width;
}

/* Draws the tabs: the chosen one with its name, the others as numbers where there is little room. */
void frame_tabs(const struct app *app, struct grid *g, int row) {
	static const char hint[] = "? help  : command";
	int blanks = names_width(app, 2) < g->columns ? 2 : 1;
	bool named = names_width(app, blanks) < g->columns;
	int column = blanks - 1;

	if (app->fleet.count > 0) {
		(void)grid_print(
		    g, row, 1, g->columns, STYLE_BOLD, "Pools of %zu databases", app->fleet.count);
		return;
	}

	for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
		bool chosen = i == app->trail.current;
		struct buf text = {0};

		tab_text(app, i, named || chosen, &text);
		column =
		    chosen ? grid_glyph(g, row, column, g->columns, STYLE_ACCENT, GLYPH_ENTER) : column + 1;
		column =
		    grid_put(g, row, column, g->columns, chosen ? STYLE_BOLD : STYLE_NORMAL, buf_text(&text));
		column += named ? blanks - 1 : 1;
		buf_release(&text);
	}
	if (column + (int)sizeof hint < g->columns) {
		(void)grid_put(g, row, g->columns - (int)sizeof hint, g->columns, STYLE_DIM, hint);
	}
}

/* Appends the total, and how far a search for it has come. */
static void position_total(const struct pane *pane, bool ascii, struct buf *out) {
	buf_printf(out, "%s%" PRId64, !pane->at_least ? "" : ascii ? ">=" : "\xe2\x89\xa5", pane->total);
	if (app_searches(pane)) {
		buf_puts(out, ", searched ");
		app_searched(pane, out);
	}
}

/* Appends "12 of 412", "12 of ≥10000", "top", ... The place in a window with rows above it is not known. */
static void position(const struct pane *pane, bool ascii, struct buf *out) {
	const struct list *list = &pane->list;
	bool placed = !view_is_keyed(pane->view, pane->sort) || !list->more_above;

	if (!list->filled) {
		return;
	}
	if (pane->total >= 0 && placed) {
		int64_t at = list->count == 0 ? 0 : list->offset + (int64_t)list->cursor + 1;

		buf_printf(out, "%" PRId64 " of ", at < pane->total || pane->at_least ? at : pane->total);
		position_total(pane, ascii, out);
	} else if (pane->total >= 0) {
		buf_puts(out, list->more_below ? "of " : "bottom of ");
		position_total(pane, ascii, out);
	} else if (!list->more_above && !list->more_below) {
		buf_printf(out, "%zu of %zu", list->count == 0 ? 0 : list->cursor + 1, list->count);
	} else {
		buf_puts(
		    out, list->more_above ? (list->more_below ? "more above and below" : "bottom") : "top");
	}
	if (pane->total < 0 && app_searches(pane)) {
		buf_puts(out, ", searched ");
		app_searched(pane, out);
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

/* Appends "12 marked", or "1,240 match, all marked", and a gap. */
static void marked(const struct pane *pane, const char *gap, struct buf *out) {
	if (pane->marks.count > 0) {
		humanize_number((int64_t)pane->marks.count, out);
		buf_printf(out, "%s marked%s%s", pane->marks.all ? " match, all" : "",
		    pane->ranging ? " ..." : "", gap);
	}
}

/* Draws the place and the filter. Returns the next column. */
static int whereabouts(const struct app *app, struct grid *g, int row, int end) {
	const struct pane *pane = app_shown(app);
	int column = place(app, g, row, 1, end);

	column = grid_put(g, row, column, end, STYLE_ACCENT, pane->all ? "   all" : "");
	if (*pane->filter != '\0') {
		column = grid_put(g, row, column, end, STYLE_ACCENT, "   /");
		column = grid_foreign(g, row, column, end, STYLE_ACCENT, pane->filter, strlen(pane->filter));
	}
	return column;
}

/* The name of the sort gives way to a place or filter that would be cut. */
void frame_title(const struct app *app, struct grid *g, int row) {
	const struct pane *pane = app_shown(app);
	struct buf right = {0};
	int width = whereabouts(app, g, row, g->columns);
	int end;

	marked(pane, "     ", &right);
	buf_printf(&right, "sort %s %s",
	    glyph_text(view_falls(pane->view, pane->sort, pane->reverse) ? GLYPH_DOWN : GLYPH_UP, g->ascii),
	    pane->view->sorts[pane->sort]);
	pane_sorted(pane, app->now.wall, &right);
	buf_puts(&right, "     ");
	position(pane, g->ascii, &right);
	end = g->columns - grid_width(buf_text(&right), g->ascii) - 3;
	if (end < width) {
		buf_cut(&right, 0);
		marked(pane, " ", &right);
		position(pane, g->ascii, &right);
		end = g->columns - grid_width(buf_text(&right), g->ascii) - 3;
	}
	(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	(void)whereabouts(app, g, row, end);
	if (end > 0) {
		(void)grid_put(g, row, end + 2, g->columns, STYLE_DIM, buf_text(&right));
	}
	buf_release(&right);
}
