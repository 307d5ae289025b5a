#include "ui/console/frame/draw.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/list/filter.h"
#include "ui/console/frame/frame.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/list/table.h"

enum {
	UNLOCK_ROOM = 30, /* columns for the whole question and the typed text */
	MESSAGE_ROWS = 4  /* most rows of the error in a typed line */
};

static struct frame frame_of(const struct app *app, int rows, int columns) {
	const struct pane *pane = app_shown(app);

	return frame_make(
	    rows, columns, pane->view->head != NULL, pane->expanded && list_current(&pane->list) != NULL);
}

void app_layout(struct app *app, int rows, int columns) {
	struct pane *pane = app_pane(app);
	struct frame f = frame_of(app, rows, columns);
	int before = pane->list.page;

	if (!pane->expanded) {
		list_page(&pane->list, f.list.rows);
	}
	app->rows = rows;
	app->columns = columns;
	app->shown = f.list;
	pane->moved |= pane->list.page != before;
	pane->roomy = f.detail.rows > 12 || pane->expanded;
	call_mode_layout(app, (f.message >= 0 ? f.message : rows) - (f.title < 0 ? 1 : f.title + 1));
}

static struct context context_of(const struct app *app) {
	const struct pane *pane = app_shown(app);
	const struct list_row *row = list_current(&pane->list);
	bool more = row != NULL && pane->roomy && id_equal(row->id, pane->more_of);

	return (struct context){.now = app->now.wall,
	    .scope = pane->scope,
	    .hidden = pane->hidden,
	    .ascii = app->ascii,
	    .sort = pane->sort,
	    .reverse = pane->reverse,
	    .more = more ? pane->more : NULL,
	    .head = pane->headed ? pane->head : NULL};
}

/* Draws that no row matches the filter, or none of those that were looked through. */
static void draw_unmatched(const struct pane *pane, struct pen *pen) {
	struct buf text = {0};

	pen_print(pen, STYLE_DIM, "no %s matches /", pane->view->one);
	pen_foreign(pen, STYLE_NORMAL, pane->filter);
	if (app_searches(pane)) {
		buf_puts(&text, "  so far: searched ");
		app_searched(pane, &text);
		pen_say(pen, STYLE_DIM, buf_text(&text));
		pen_break(pen);
		pen_say(pen, STYLE_NORMAL, "Enter goes on");
	} else if (pane->at_least && pane->reach.looked > 0) {
		buf_puts(&text, "  so far: searched ");
		app_searched(pane, &text);
		pen_say(pen, STYLE_DIM, buf_text(&text));
		pen_break(pen);
		pen_print(pen, STYLE_NORMAL, "sorted by %s, Enter goes on",
		    pane->view->sorts[view_keyed_sort(pane->view, pane->sort)]);
	}
	pen_say(pen, STYLE_DIM, "   Esc drops the filter");
	buf_release(&text);
}

/* Draws why there are no rows. */
static void draw_empty(const struct app *app, struct grid *g, struct rect area) {
	const struct pane *pane = app_shown(app);
	struct pen pen = pen_start(g, (struct rect){area.row + area.rows / 3, area.column + 3,
					  area.rows - area.rows / 3, area.columns - 4});

	if (!pane->list.filled && pane->failed != TIME_NONE) {
		pen_foreign(&pen, STYLE_DANGER, buf_text(&app->message));
	} else if (!pane->list.filled) {
		pen_say(&pen, STYLE_DIM, app->link.up ? "loading" : "waiting for the server");
	} else if (*pane->filter != '\0') {
		draw_unmatched(pane, &pen);
	} else if (pane->view == views[0]) {
		pen_say(&pen, STYLE_DIM, "There are no pools yet. Create one:");
		pen_break(&pen);
		pen_say(&pen, STYLE_NORMAL, "berth pool create NAME --kind ipv4 10.0.0.0/24");
	} else {
		pen_say(&pen, STYLE_DIM, pane->view->nothing);
	}
}

static void draw_detail(const struct app *app, struct grid *g, const struct frame *f) {
	const struct pane *pane = app_shown(app);
	const struct list_row *row = list_current(&pane->list);
	struct context context = context_of(app);
	struct pen pen = pen_start(g, f->detail);
	struct buf name = {0};
	int column;

	if (f->side) {
		for (int y = 0; y < f->detail.rows; y++) {
			(void)grid_glyph(
			    g, f->detail.row + y, f->detail.column - 2, g->columns, STYLE_DIM, GLYPH_SPLIT);
		}
	}
	if (row == NULL || f->detail.rows <= 0) {
		return;
	}
	context.now = list_now(row, context.now, app->now.steady);
	view_cell(pane->view, pane->view->main, row->data, &context, &name);
	if (f->rule >= 0) {
		grid_line(g, f->rule, 1, g->columns - 1, STYLE_DIM, GLYPH_RULE);
		column = grid_put(g, f->rule, 3, g->columns, STYLE_DIM, " ");
		column =
		    grid_foreign(g, f->rule, column, g->columns - 3, STYLE_BOLD, buf_text(&name), name.len);
		(void)grid_put(g, f->rule, column, g->columns, STYLE_DIM, " ");
	} else if (f->side) {
		pen_foreign(&pen, STYLE_BOLD, buf_text(&name));
		pen_break(&pen);
	}
	buf_release(&name);
	if (row->mark == MARK_GONE) {
		pen_say(&pen, STYLE_WARNING,
		    pane->list.more_above || pane->list.more_below ? "no longer in this list" : "gone");
		pen_break(&pen);
	}
	pen.row -= pane->expanded ? pane->detail_top : 0;
	if (pen_fits(&pen, 1)) {
		(f->brief ? pane->view->brief : pane->view->detail)(&pen, row->data, &context);
	}
}

void app_draw_detail(const struct app *app, struct grid *g) {
	const struct pane *pane = app_shown(app);
	const struct list_row *row = list_current(&pane->list);
	struct context context = context_of(app);
	struct pen pen = pen_start(g, (struct rect){0, 0, g->rows, g->columns});

	grid_clear(g);
	if (row != NULL) {
		context.now = list_now(row, context.now, app->now.steady);
		pane->view->detail(&pen, row->data, &context);
	}
}

/* Widens columns for the rows on the screen. */
static void fit(struct table *table, const struct list *list) {
	int widths[TABLE_COLUMNS] = {0};

	for (size_t i = list->top, end = list_page_end(list); i < end; i++) {
		table_fit(table, list->rows[i].data, widths);
	}
	table_widen(table, widths);
}

static void draw_list(const struct app *app, struct grid *g, const struct frame *f) {
	const struct pane *pane = app_shown(app);
	struct context context = context_of(app);
	struct frame left = *f; /* of the frame, by the tour */
	struct table table;

	table_init(&table, pane->view, &context, f->list);
	fit(&table, &pane->list);
	if (f->about.rows > 0 && context.head != NULL) {
		struct pen pen = pen_start(g, f->about);

		pane->view->head(&pen, &context);
	}
	if (f->head >= 0 && f->rule != f->head) {
		table_head(&table, g, f->head);
	}
	if (pane->list.count > 0) {
		table_draw(&table, g, &pane->list, &pane->marks, app->now.steady);
	} else {
		draw_empty(app, g, f->list);
	}
	frame_tour(app, g, &left);
	draw_detail(app, g, &left);
	if (app_shown(app)->list.filled && (app_stale(app) || !app->link.up)) {
		for (int y = f->list.row - 1; y < f->list.row + f->list.rows; y++) {
			grid_restyle(g, y, 0, f->list.column + f->list.columns, STYLE_DIM);
		}
	}
}

static void blank(struct grid *g, int row) {
	(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
}

/* Draws a caret under the error, and what was expected on the side with more room. */
static void draw_caret(
    const struct line_editor *line, struct grid *g, int row, size_t wrong, const char *why) {
	static const char *const about[] = {"selector: ", "filter: "};
	int column = line_editor_column(line, wrong, 1, g->columns, g->ascii);

	for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
		why += strncmp(why, about[i], strlen(about[i])) == 0 ? strlen(about[i]) : 0;
	}

	int width = grid_width(why, g->ascii);
	bool before = column + 2 + width > g->columns && column > g->columns / 2;
	int from = before ? (column - 1 > width ? column - 1 - width : 0) : column + 2;

	(void)grid_foreign(g, row, from, before ? column - 1 : g->columns, STYLE_WARNING, why, strlen(why));
	(void)grid_put(g, row, column, g->columns, STYLE_WARNING, "^");
}

/* Returns how many rows a text takes, from the second column on. */
static int rows_of(const char *text, int columns, bool ascii) {
	struct grid *g = grid_new(MESSAGE_ROWS, columns, ascii);
	struct pen pen = pen_start(g, (struct rect){0, 1, MESSAGE_ROWS, columns - 1});
	int rows;

	pen_foreign(&pen, STYLE_WARNING, text);
	rows = pen.row + 1;
	grid_free(g);
	return rows < MESSAGE_ROWS ? rows : MESSAGE_ROWS;
}

/* Draws the error of a line in the lowest rows: beside the caret, or below it where there is no room. Returns
 * the row for the line. */
static int draw_error(const struct line_editor *line, struct grid *g, size_t wrong, const char *why) {
	int column = line_editor_column(line, wrong, 1, g->columns, g->ascii);
	int width = grid_width(why, g->ascii);
	bool fits = column + 2 + width <= g->columns || width < column - 1;
	int rows = fits || g->rows < 2 * MESSAGE_ROWS ? 0 : rows_of(why, g->columns, g->ascii);
	int row = g->rows - 2 - rows;

	for (int y = row; y < g->rows; y++) {
		blank(g, y);
	}
	draw_caret(line, g, row + 1, wrong, rows == 0 ? why : "");
	if (rows > 0) {
		struct pen pen = pen_start(g, (struct rect){row + 2, 1, rows, g->columns - 1});

		pen_foreign(&pen, STYLE_WARNING, why);
	}
	return row;
}

/* Draws the filter, and below it its error, the last message, or its syntax. */
static void draw_filter(const struct app *app, struct grid *g, const struct frame *f) {
	const struct view *view = app_shown(app)->view;
	struct row_filter filter = {0};
	struct err err = {0};
	size_t wrong = 0;
	bool ok = filter_read(line_editor_text(&app->filter), view, &filter, &wrong, &err);
	bool two = g->rows > 1 && (f->footer >= 0 || !ok);
	int row = g->rows - (two ? 2 : 1);

	blank(g, row);
	blank(g, g->rows - 1);
	if (two && !ok) {
		row = draw_error(&app->filter, g, wrong, err.message);
	} else if (two && app->message.len > 0) {
		(void)grid_foreign(
		    g, row + 1, 1, g->columns, app->message_style, buf_text(&app->message), app->message.len);
	} else if (two) {
		(void)grid_put(g, row + 1, 1, g->columns, STYLE_DIM, filter_help(view));
	}
	offers_draw(&app->offers, line_editor_text(&app->filter), g, row);
	(void)grid_put(g, row, 0, g->columns, STYLE_ACCENT, "/");
	line_editor_draw(&app->filter, g, row, 1, g->columns, STYLE_NORMAL);
	row_filter_release(&filter);
	err_release(&err);
}

/* Draws the typed line, and below it the error in it. */
static void draw_command(const struct app *app, struct grid *g) {
	int row = g->rows - 1;

	blank(g, row);
	if (app->rejected != NULL && g->rows > 1) {
		row = draw_error(&app->command, g, app->rejected_at, app->rejected);
	}
	offers_draw(&app->offers, line_editor_text(&app->command), g, row);
	(void)grid_put(g, row, 0, g->columns, STYLE_ACCENT, ":");
	line_editor_draw(&app->command, g, row, 1, g->columns, STYLE_NORMAL);
}

static void draw_unlock(const struct app *app, struct grid *g, int row) {
	const char *name = app_environment(app);
	int column;

	blank(g, row);
	column = grid_put(g, row, 0, g->columns, STYLE_WARNING, " Type \"");
	column = grid_foreign(g, row, column, g->columns, frame_badge(app), name, strlen(name));
	column = grid_put(g, row, column, g->columns, STYLE_WARNING, "\" to enable writes");
	column = grid_put(g, row, column, g->columns, STYLE_WARNING,
	    column + UNLOCK_ROOM <= g->columns ? " for 10 minutes: " : ": ");
	line_editor_draw(&app->unlock.typed, g, row, column, g->columns, STYLE_NORMAL);
}

/* Returns true for the mode, also while the unlock question covers it. */
static bool shows(const struct app *app, enum mode mode) {
	return app->mode == mode || (app->mode == MODE_UNLOCK && app->behind == mode);
}

static void draw_body(const struct app *app, struct grid *g, const struct frame *f) {
	struct rect body = {f->title < 0 ? 1 : f->title + 1, 0, 0, g->columns};
	bool plan = shows(app, MODE_PLAN);

	body.rows = (f->message >= 0 ? f->message : g->rows) - body.row;
	if (app->mode == MODE_HELP) {
		frame_help(app, g, body);
	} else if (shows(app, MODE_FORM)) {
		form_draw(&app->form, g, body, app_environment(app));
	} else if (shows(app, MODE_CALL)) {
		call_mode_draw(app, g, body);
	} else if (shows(app, MODE_MERGE)) {
		dedupe_plan_draw(
		    &app->dedupe_plan, &app->others, g, body, app_environment(app), app->now.wall);
	} else if (!plan || !plan_is_whole(&app->plan)) {
		draw_list(app, g, f);
	}
	if (app->mode == MODE_MENU) {
		menu_draw(&app->menu.menu, g, body);
	}
	if (plan) {
		plan_draw(&app->plan, &app->others, g, body, app_environment(app), app->now.wall);
	}
}

/* Returns the search of the text that is shown, or NULL. */
static const struct text_search *search_of(const struct app *app) {
	switch (app->mode) {
	case MODE_HELP:
		return &app->search;
	case MODE_CALL:
		return &app->call.pager.search;
	case MODE_PLAN:
		return &app->plan.list.search;
	case MODE_MERGE:
		return &app->dedupe_plan.list.search;
	default:
		return NULL;
	}
}

static void draw_last(const struct app *app, struct grid *g, const struct frame *f) {
	const struct text_search *search = search_of(app);

	if (app->mode == MODE_FILTER) {
		draw_filter(app, g, f);
	} else if (app->mode == MODE_COMMAND) {
		draw_command(app, g);
	} else if (app->mode == MODE_PROMPT) {
		prompt_mode_draw(app, g);
	} else if (app->mode == MODE_UNLOCK) {
		draw_unlock(app, g, g->rows - 1);
	} else if (f->footer >= 0 && app->mode == MODE_HELP) {
		(void)grid_put(
		    g, f->footer, 1, g->columns, STYLE_DIM, "j k PgDn scroll  / n N search  Esc or q closes");
	} else if (f->footer >= 0 && app->mode == MODE_MENU) {
		(void)grid_put(g, f->footer, 1, g->columns, STYLE_DIM,
		    app->menu.menu.ticks ? "letter or Space shows or hides  Enter or Esc closes"
					 : "letter or Enter chooses  Esc closes");
	} else if (f->footer >= 0 && app->mode == MODE_CALL) {
		(void)grid_put(g, f->footer, 1, g->columns, STYLE_DIM,
		    "j k PgDn scroll  h l sideways  / n N search  Esc or q closes");
	} else if (f->footer >= 0 && app->mode == MODE_LIST) {
		frame_footer(app, g, f->footer);
	}
	if (search != NULL) {
		text_search_draw(search, g, g->rows - 1);
	}
}

void app_draw(const struct app *app, struct grid *g) {
	struct frame f = frame_of(app, g->rows, g->columns);

	grid_clear(g);
	if (g->rows == 0) {
		return;
	}
	frame_header(app, g);
	if (f.tabs >= 0) {
		frame_tabs(app, g, f.tabs);
	}
	if (f.title >= 0) {
		frame_title(app, g, f.title);
	}
	draw_body(app, g, &f);
	if (f.message >= 0) {
		frame_message(app, g, f.message);
	}
	frame_banner(app, g, &f);
	draw_last(app, g, &f);
}
