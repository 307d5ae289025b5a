#include "ui/console/frame/frame.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

#define SIDE_FROM 110 /* columns from which the detail is beside the list */
#define SIDE_WIDTH 40
#define BELOW_FROM 20 /* rows from which it is below the list */
#define BELOW 8       /* rows of the detail below the list, with the rule */

/* Returns the rows for the screen's own header. */
static int about_rows(int rows) {
	return rows >= 36 ? 5 : rows >= 20 ? 3 : rows >= 6 ? 1 : 0;
}

/* Places the detail beside the list, below it, or in its last line. */
static void place_detail(struct frame *f, int rows, int columns, int bottom) {
	f->side = columns >= SIDE_FROM && rows >= BELOW_FROM;
	f->brief = !f->side && rows >= 12 && rows < BELOW_FROM;
	if (f->side) {
		f->list.columns = columns - SIDE_WIDTH - 3;
		f->detail = (struct rect){f->head, columns - SIDE_WIDTH, bottom - f->head, SIDE_WIDTH};
	} else if (rows >= BELOW_FROM) {
		int below = rows >= 36 ? 2 * BELOW : BELOW;

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

/* Draws the first alert of the window, and how many more there are if the window has all rows. */
static void alerts(const struct app *app, struct grid *g, int row, int column) {
	const struct pane *pane = &app->panes[app->current];
	struct context context = {.now = app->now.wall};
	struct buf first = {0};
	struct buf more = {0};
	bool whole = !pane->list.more_above && !pane->list.more_below;
	size_t count = 0;

	for (size_t i = 0; pane->view->alert != NULL && i < pane->list.count; i++) {
		buf_cut(&more, 0);
		pane->view->alert(pane->list.rows[i].data, &context, &more);
		if (more.len > 0 && count++ == 0) {
			buf_puts(&first, buf_text(&more));
		}
	}
	if (count > 0) {
		column = grid_glyph(g, row, column, g->columns, STYLE_DANGER, GLYPH_FULL);
		column =
		    grid_foreign(g, row, column + 1, g->columns, STYLE_DANGER, buf_text(&first), first.len);
	}
	if (count > 1 && whole) {
		(void)grid_print(g, row, column, g->columns, STYLE_DIM, "  and %zu more", count - 1);
	} else if (count > 1) {
		(void)grid_put(g, row, column, g->columns, STYLE_DIM, "  and more");
	}
	buf_release(&first);
	buf_release(&more);
}

/* Draws the pending commands of this console, and how long the newest can be cancelled. */
static int draw_pending(const struct app *app, struct grid *g, int row, int column) {
	const struct pending_command *newest = pending_newest(&app->pending, app->now.steady);
	struct buf text = {0};

	if (app->pending.count == 0) {
		return column;
	}
	column = grid_glyph(g, row, column, g->columns, STYLE_ACCENT, GLYPH_ENDING) + 1;
	if (newest == NULL) {
		humanize_plural((int64_t)app->pending.count, "command", "commands", &text);
		column =
		    grid_print(g, row, column, g->columns, STYLE_ACCENT, "%s under way   ", buf_text(&text));
		buf_release(&text);
		return column;
	}
	humanize_exact(newest->until - app->now.steady + TIME_SECOND - 1, &text);
	column = grid_print(g, row, column, g->columns, STYLE_ACCENT, "runs in %s; ", buf_text(&text));
	buf_release(&text);
	column = grid_put(g, row, column, g->columns, STYLE_KEY, "u");
	column = grid_put(g, row, column, g->columns, STYLE_ACCENT, " cancels: ");
	column = grid_foreign(g, row, column, g->columns, STYLE_NORMAL, newest->what, strlen(newest->what));
	return column + 3;
}

void frame_message(const struct app *app, struct grid *g, int row) {
	const struct list *list = &app->panes[app->current].list;
	int column = draw_pending(app, g, row, 1);

	if (app->message.len > 0) {
		(void)grid_foreign(g, row, column, g->columns, app->message_style, buf_text(&app->message),
		    app->message.len);
	} else if (list->pinned || list->waiting > 0) {
		(void)grid_print(g, row, column, g->columns, STYLE_ACCENT,
		    "order held%s: %zu %s.  z catches up", list->pinned ? "" : " while you move",
		    list->waiting, list->waiting == 1 ? "change waits" : "changes wait");
	} else {
		alerts(app, g, row, column);
	}
}

static int hint(struct grid *g, int row, int column, const char *name, size_t n, const char *word) {
	if (column + (int)n + 3 + (int)strlen(word) > g->columns) {
		return column;
	}
	column = grid_print(g, row, column, g->columns, STYLE_KEY, "%.*s", (int)n, name);
	column = grid_print(g, row, column, g->columns, STYLE_DIM, " %s", word);
	return column + 2;
}

void frame_footer(const struct app *app, struct grid *g, int row) {
	const struct view *view = app->panes[app->current].view;
	int column = 1;

	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		if (key->hint != NULL && key_works(key, view) && app_refuses(app, key->need) == NULL) {
			column = hint(g, row, column, key->names, strcspn(key->names, " "), key->hint);
		}
	}
}

static int banner_line(struct grid *g, int row) {
	int column = 0;

	(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	column = grid_glyph(g, row, column, g->columns, STYLE_ALARM, GLYPH_STALE);
	column = grid_glyph(g, row, column, g->columns, STYLE_ALARM, GLYPH_STALE);
	return grid_put(g, row, column, g->columns, STYLE_ALARM, " ");
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
	buf_puts(&text, app_age(app) < 0 ? "no connection yet" : "connection lost");
	if (app->link.retry != TIME_NONE) {
		buf_puts(&text, ", next try in ");
		humanize_exact(app->link.retry - app->now.steady + TIME_SECOND - 1, &text);
	}
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
