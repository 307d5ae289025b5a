#include "ui/console/frame/frame.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

/* Draws the first alert of the window, and how many more there are if the window has all rows. */
static void alerts(const struct app *app, struct grid *g, int row, int column) {
	const struct pane *pane = app_shown(app);
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
	const struct list *list = &app_shown(app)->list;
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
	const struct view *view = app_shown(app)->view;
	int column = 1;

	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		if (key->hint != NULL && key_works(key, view) && app_refuses(app, key->need) == NULL) {
			column = hint(g, row, column, key->names, strcspn(key->names, " "), key->hint);
		}
	}
}
