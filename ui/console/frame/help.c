#include "ui/console/frame/frame.h"

#include <stdlib.h>

#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"

#define EDGE 2   /* columns before the keys */
#define NAMES 14 /* columns of the keys */

/* Prints a key, and beside it what it does. */
static void say_key(struct pen *p, const struct app *app, const struct key *key) {
	bool off = (key->need & NEED_WRITE) != 0 && !app_writable(app);
	bool found =
	    text_search_matches(&app->search, key->names) || text_search_matches(&app->search, key_help(key));
	enum style style = found ? STYLE_ACCENT : off ? STYLE_DIM : STYLE_NORMAL;

	pen_say(p, off ? STYLE_DIM : STYLE_KEY, key->names);
	p->column = NAMES;
	p->indent = NAMES;
	pen_print(p, style, "%s%s", key_help(key), off && !app->link.viewer ? " (in write mode)" : "");
	pen_break(p);
}

/* Returns the rows that a key takes. */
static int rows_of(const struct app *app, struct grid *g, const struct key *key) {
	struct pen pen = pen_start(g, (struct rect){0, EDGE, 0, g->columns - EDGE}); /* draws nothing */

	say_key(&pen, app, key);
	return pen.row;
}

/* Returns the keys of the screen that is shown: their number is in *count. For the caller to free. */
static const struct key **keys_of(const struct app *app, int *count) {
	const struct key **list = NULL;

	*count = 0;
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		if (key_works(key, app_shown(app)->view)) {
			list = mem_grow(list, (size_t)*count + 1, sizeof(const void *));
			list[(*count)++] = key;
		}
	}
	return list;
}

/* Returns the first line with which the help ends in the last row. */
static int last_top(
    const struct app *app, struct grid *g, int rows, const struct key **list, int tour, int count) {
	int top = tour + count;

	while (top > 0) {
		rows -= top > tour ? rows_of(app, g, list[top - 1 - tour]) : 1;
		if (rows < 0) {
			break;
		}
		top--;
	}
	return top;
}

void frame_help(const struct app *app, struct grid *g, struct rect area) {
	int tour = frame_tour_lines(app);
	int count;
	const struct key **list = keys_of(app, &count);
	int last = last_top(app, g, area.rows, list, tour, count);
	int line = app->help_top < last ? app->help_top : last;
	struct pen pen = pen_start(g, (struct rect){area.row, EDGE, area.rows, g->columns - EDGE});

	for (; line < tour && pen.row < area.rows; line++, pen.row++) {
		frame_tour_line(app, g, area.row + pen.row, line);
	}
	for (; line < tour + count && pen.row < area.rows; line++) {
		say_key(&pen, app, list[line - tour]);
	}
	free((void *)list);
}
