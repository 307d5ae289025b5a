#include "ui/console/app/match.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"

enum { ROWS = 4 /* most rows of candidates */ };

void match_release(struct match *m) {
	buf_release(&m->first);
	buf_release(&m->names);
}

void match_offer(struct match *m, const char *name) {
	size_t same = 0;

	if (strncmp(name, m->word, strlen(m->word)) != 0) {
		return;
	}
	if (m->count == 0) {
		buf_puts(&m->first, name);
		m->common = strlen(name);
	}
	while (same < m->common && name[same] == buf_text(&m->first)[same]) {
		same++;
	}
	m->common = same;
	m->count++;
	buf_printf(&m->names, "%s\n", name);
}

void offers_release(struct offers *offers) {
	free(offers->line);
	free(offers->names);
	*offers = (struct offers){0};
}

/* Returns the name with that index, which ends at the end of its line. */
static const char *name_at(const struct offers *offers, size_t index) {
	const char *name = offers->names;

	while (index-- > 0) {
		name += strcspn(name, "\n") + 1;
	}
	return name;
}

/* Returns the index after the last name that has room in these rows; with a grid, draws them from a row on.
 */
static size_t lay_out(const struct offers *offers, int rows, int columns, struct grid *g, int row) {
	size_t i = offers->first;
	int y = 0, column = 1;

	for (const char *name = name_at(offers, i); i < offers->count; i++) {
		size_t n = strcspn(name, "\n");
		char *text = mem_print("%.*s", (int)n, name);
		int width = grid_width(text, g->ascii);

		if (column > 1 && column + width > columns) {
			y++;
			column = 1;
		}
		if (y < rows && row >= 0) {
			(void)grid_foreign(g, row + y, column, columns, STYLE_NORMAL, text, n);
		}
		free(text);
		if (y == rows) {
			return i;
		}
		column += width + 2;
		name += n + 1;
	}
	return i;
}

/* Returns how many rows above a row the candidates take; when not all have room, the last one is for the
 * number of the others. */
static int rows_above(const struct offers *offers, int row, int columns, struct grid *g, bool *all) {
	int most = row - 1 < ROWS ? row - 1 : ROWS;
	int rows = 1;

	while (rows < most && lay_out(offers, rows, columns, g, -1) < offers->count) {
		rows++;
	}
	*all = offers->first == 0 && lay_out(offers, rows, columns, g, -1) == offers->count;
	return *all ? rows : most;
}

void offers_draw(const struct offers *offers, const char *line, struct grid *g, int row) {
	bool all;
	size_t end;
	int rows;

	if (offers->line == NULL || strcmp(offers->line, line) != 0 || row < 3) {
		return;
	}
	rows = rows_above(offers, row, g->columns, g, &all);
	for (int y = row - rows; y < row; y++) {
		(void)grid_print(g, y, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	}
	end = lay_out(offers, all ? rows : rows - 1, g->columns, g, row - rows);
	if (!all) {
		(void)grid_print(g, row - 1, 1, g->columns, STYLE_DIM, "%zu of %zu; Tab: others",
		    end - offers->first, offers->count);
	}
}

/* Shows the candidates; those that had no room before when they are asked for once more. */
static void show(struct app *app, const struct match *m, const char *line) {
	struct offers *offers = &app->offers;

	if (offers->line != NULL && strcmp(offers->line, line) == 0) {
		struct grid *g = grid_new(1, app->columns, app->ascii);
		bool all;
		int rows = rows_above(offers, app->rows - 1, app->columns, g, &all);
		size_t end = lay_out(offers, rows > 1 && !all ? rows - 1 : rows, app->columns, g, -1);

		offers->first = end < offers->count ? end : 0;
		grid_free(g);
		return;
	}
	offers_release(offers);
	offers->line = mem_text(line);
	offers->names = mem_text(buf_text(&m->names));
	offers->count = m->count;
}

void match_apply(struct app *app, const struct match *m, size_t at) {
	struct line_editor *line = m->filter ? &app->filter : &app->command;
	const char *typed = line_editor_text(line) + at;
	struct buf text = {0};
	bool longer = m->count == 1 ||
		      (m->common >= strlen(typed) && strncmp(buf_text(&m->first), typed, strlen(typed)) == 0);
	bool ended = m->count == 1 && m->common > 0 && !m->open &&
		     strchr("/=", buf_text(&m->first)[m->common - 1]) == NULL;

	if (m->count > 0 && longer) {
		buf_add(&text, line_editor_text(line), at);
		buf_add(&text, buf_text(&m->first), m->common);
		buf_puts(&text, ended ? " " : "");
		line_editor_set(line, buf_text(&text));
		free(app->rejected);
		app->rejected = NULL;
	}
	if (m->count > 1) {
		show(app, m, line_editor_text(line));
	} else if (m->count == 0) {
		app_say(app, STYLE_NORMAL, "nothing to complete");
	}
	buf_release(&text);
}
