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

/* The hints that stay when room is short, the most important first: where help is, how to go on and to leave,
 * what changes something, and then what only eases. Others come after these. */
static const enum request important[] = {REQUEST_HELP, REQUEST_OPEN, REQUEST_COMMAND, REQUEST_QUIT,
    REQUEST_FILTER, REQUEST_MERGE, REQUEST_PLAN, REQUEST_FORM, REQUEST_WRITE, REQUEST_MARK, REQUEST_FOLLOW,
    REQUEST_HOLDERS, REQUEST_ALL, REQUEST_SORT, REQUEST_COPY_CELL, REQUEST_HOLD};

static size_t rank(const struct key *key) {
	size_t i = 0;

	while (i < sizeof important / sizeof *important && important[i] != key->request) {
		i++;
	}
	return i;
}

/* Returns true for a hint that can be given now. */
static bool has_hint(const struct app *app, const struct key *key) {
	return key->hint != NULL && key_works(key, app_shown(app)->view) &&
	       app_refuses(app, key->need) == NULL;
}

/* Returns the length of the name of a key in a hint: of the first one. */
static size_t name_length(const struct key *key) {
	return strcspn(key->names, " ");
}

/* Returns the columns that a hint needs together with all that are more important. */
static size_t columns_to(const struct app *app, const struct key *last) {
	size_t columns = 0;

	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		bool before = rank(key) < rank(last) || (rank(key) == rank(last) && key <= last);

		if (before && has_hint(app, key)) {
			columns += (columns == 0 ? 1 : 2) + name_length(key) + 1 + strlen(key->hint);
		}
	}
	return columns;
}

void frame_footer(const struct app *app, struct grid *g, int row) {
	int column = 1;

	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		if (has_hint(app, key) && columns_to(app, key) <= (size_t)g->columns) {
			column = grid_print(
			    g, row, column, g->columns, STYLE_KEY, "%.*s", (int)name_length(key), key->names);
			column = grid_print(g, row, column, g->columns, STYLE_DIM, " %s", key->hint) + 2;
		}
	}
}
