#include "ui/console/frame/frame.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/console/screens/alert_badge.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

/* Draws the worst alert of all, and how many more there are. */
static void alerts(const struct app *app, struct grid *g, int row, int column) {
	const struct rowset *alerts = &app->alerts;
	const struct alert *worst = alerts->count == 0 ? NULL : alerts->rows[0];
	struct buf more = {0};
	int end = g->columns;
	int width;

	if (worst == NULL) {
		return;
	}
	if (alerts->count > 1) {
		buf_printf(&more, "  and %zu more", alerts->count - 1);
		end = g->columns - (int)more.len;
	}
	column = grid_glyph(g, row, column, end, alert_badge(worst)->style, alert_badge(worst)->glyph) + 1;
	width = grid_width(worst->text, g->ascii);
	end = column + width < end ? column + width : end;
	grid_field(g, row, column, end, alert_badge(worst)->style, ALIGN_LEFT, SAFE_CUT_END, worst->text);
	column = end;
	(void)grid_put(g, row, column, g->columns, STYLE_DIM, buf_text(&more));
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
