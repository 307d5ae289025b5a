/*
 * The header line: environment, rights, and the age of the data.
 */
#include "ui/console/frame/frame.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/app/app.h"
#include "ui/console/app/reads.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

#define AGE_FROM (5 * TIME_SECOND)
#define SOURCE_FROM 72 /* columns from which the server of the data is named */

/* Appends the age of the data. Returns its style. */
static enum style age_text(const struct app *app, struct buf *out) {
	int64_t age = app_age(app);
	const char *glyph = glyph_text(GLYPH_STALE, app->ascii);

	if (age >= 0 && app_stale(app)) {
		buf_printf(out, "%s STALE  data ", glyph);
		humanize_exact(age, out);
		buf_puts(out, " old");
		return STYLE_ALARM;
	}
	if (!app->link.up) {
		buf_printf(out, "%s %s", glyph_text(GLYPH_WAIT, app->ascii),
		    age < 0 ? "connecting" : "reconnecting");
		return STYLE_WARNING;
	}
	buf_printf(out, "%s ", glyph_text(age < 0 ? GLYPH_WAIT : GLYPH_LIVE, app->ascii));
	buf_puts(out, age < 0 ? "loading" : "live");
	if (age >= AGE_FROM) {
		buf_puts(out, "  data ");
		humanize_exact(age, out);
		buf_puts(out, " old");
	}
	return STYLE_NORMAL;
}

/* Appends the age of the data and, where there is room, which server it is of. Returns the style. */
static enum style freshness(const struct app *app, struct buf *out) {
	enum style style = age_text(app, out);
	bool good = app->columns < SOURCE_FROM || app_age(app) < 0 || reads_source(app, out);

	return good || style == STYLE_ALARM ? style : STYLE_WARNING;
}

/* Appends "RO", "RO viewer" for a user without rights, "RO server" when the server accepts no changes, or "RW
 * 09:41". Returns its style. */
static enum style rights(const struct app *app, struct buf *out) {
	int64_t left;

	if (!app_writable(app) || app->link.barred != NULL) {
		buf_puts(out, app->link.viewer ? "RO viewer" : app->link.barred == NULL ? "RO" : "RO server");
		return STYLE_NORMAL;
	}
	left = (app->write_until - app->now.steady) / TIME_SECOND;
	buf_printf(out, "RW %02" PRId64 ":%02" PRId64, left / 60, left % 60);
	return STYLE_ALARM;
}

static int bar(struct grid *g, int column, int end) {
	column = grid_put(g, 0, column, end, STYLE_DIM, " ");
	column = grid_glyph(g, 0, column, end, STYLE_DIM, GLYPH_BAR);
	return grid_put(g, 0, column, end, STYLE_DIM, " ");
}

/* Draws server and user, where there is room. */
static int where(const struct app *app, struct grid *g, int column, int end) {
	struct buf place = {0};
	int left = end - column;
	int need;

	buf_printf(&place, "%s/%s", app->link.server, app->link.database);
	need = 3 + grid_width(buf_text(&place), g->ascii);
	if (*app->link.database != '\0' && need <= left) {
		column = bar(g, column, end);
		column = grid_foreign(g, 0, column, end, STYLE_NORMAL, buf_text(&place), place.len);
		need = 3 + grid_width(app->link.user, g->ascii);
		if (need <= end - column) {
			column = bar(g, column, end);
			column = grid_foreign(
			    g, 0, column, end, STYLE_NORMAL, app->link.user, strlen(app->link.user));
		}
	}
	buf_release(&place);
	return column;
}

enum style frame_badge(const struct app *app) {
	static const enum style styles[] = {[ALARM_NONE] = STYLE_BADGE,
	    [ALARM_GREEN] = STYLE_BADGE_GREEN,
	    [ALARM_YELLOW] = STYLE_BADGE_YELLOW,
	    [ALARM_RED] = STYLE_BADGE_RED};

	return styles[app->alarm];
}

/* Draws the environment's name; the loudest badge is recognized without colours as well. */
static int badge(const struct app *app, struct grid *g, int end) {
	const char *name = *app_environment(app) == '\0' ? "no database" : app_environment(app);
	const char *edge = app->alarm == ALARM_RED ? " !! " : " ";
	enum style style = frame_badge(app);
	int inner = end - (int)strlen(edge);
	int column = grid_put(g, 0, 0, g->columns, style, edge);

	column = grid_foreign(g, 0, column, end > 4 ? inner : g->columns, style, name, strlen(name));
	return grid_put(g, 0, column, g->columns, style, edge);
}

void frame_header(const struct app *app, struct grid *g) {
	struct buf state = {0};
	struct buf mode = {0};
	enum style state_style = freshness(app, &state);
	enum style mode_style = rights(app, &mode);
	int right = g->columns - grid_width(buf_text(&state), g->ascii) - 1;
	int end = right - 3 - (int)mode.len;
	int column = badge(app, g, end);

	column = where(app, g, column, end - 2);
	column = bar(g, column, g->columns);
	(void)grid_put(g, 0, column, g->columns, mode_style, buf_text(&mode));
	if (right > 0) {
		(void)grid_put(g, 0, right, g->columns, state_style, buf_text(&state));
	}
	buf_release(&state);
	buf_release(&mode);
}
