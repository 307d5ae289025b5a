#include "ui/console/widgets/form.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"

#define LABELS 11 /* columns before the fields */
#define FIELDS 3  /* rows before the first field */

void form_open(struct form *form, const struct form_kind *is, struct id id, const char *about) {
	form_release(form);
	form->is = is;
	form->id = id;
	form->about = mem_text(about);
	form->at = is->fixed;
}

void form_release(struct form *form) {
	for (size_t i = 0; i < FORM_MOST; i++) {
		line_editor_release(&form->fields[i]);
	}
	free(form->about);
	free(form->note);
	*form = (struct form){0};
}

bool form_is_open(const struct form *form) {
	return form->is != NULL;
}

const char *form_text(const struct form *form, size_t field) {
	return line_editor_text(&form->fields[field]);
}

void form_set(struct form *form, size_t field, const char *text) {
	line_editor_set(&form->fields[field], text);
}

static enum form_result go(struct form *form, size_t at) {
	bool asks = at == form->is->count && form->at != at;

	form->at = at;
	return asks ? FORM_ASKS : FORM_GOES_ON;
}

static enum form_result go_up(struct form *form) {
	return go(form, form->at > form->is->fixed ? form->at - 1 : form->at);
}

static enum form_result question_key(struct form *form, const struct key_event *event) {
	switch (event->key) {
	case 'y':
		return FORM_SUBMITTED;
	case 'W':
		return FORM_UNLOCKS;
	case 'n':
		return form->unsettled ? FORM_FORGOTTEN : FORM_LEFT;
	case KEY_CODE_UP:
	case KEY_CODE_BACK_TAB:
		return go_up(form);
	case KEY_CODE_TAB:
		return go(form, form->is->fixed);
	case KEY_CODE_ESCAPE:
	case KEY_CODE_CTRL('c'):
	case 'q':
		return FORM_LEFT;
	default:
		return FORM_GOES_ON;
	}
}

enum form_result form_key(struct form *form, const struct key_event *event) {
	if (form->busy) {
		return FORM_GOES_ON;
	}
	if (form->at == form->is->count) {
		return question_key(form, event);
	}
	if (event->key == KEY_CODE_UP || event->key == KEY_CODE_BACK_TAB) {
		return go_up(form);
	}
	if (event->key == KEY_CODE_DOWN) {
		return go(form, form->at + 1);
	}
	switch (line_editor_key(&form->fields[form->at], event)) {
	case LINE_EDITOR_EDITED:
		form->touched = true;
		return FORM_GOES_ON;
	case LINE_EDITOR_ACCEPTED:
	case LINE_EDITOR_COMPLETE:
		return go(form, form->at + 1);
	case LINE_EDITOR_DROPPED:
		return FORM_LEFT;
	default:
		return FORM_GOES_ON;
	}
}

static void draw_field(const struct form *form, struct grid *g, struct rect area, int row, size_t i) {
	int end = area.column + area.columns;
	int start = area.column + LABELS;
	bool here = i == form->at;

	if (row >= area.row + area.rows) {
		return;
	}
	(void)grid_put(g, row, area.column + 1, end, here ? STYLE_BOLD : STYLE_DIM, here ? ">" : " ");
	(void)grid_put(
	    g, row, area.column + 3, end, here ? STYLE_BOLD : STYLE_NORMAL, form->is->fields[i].label);
	if (here && !form->busy) {
		line_editor_draw(&form->fields[i], g, row, start, end, STYLE_NORMAL);
	} else {
		grid_field(g, row, start, end, STYLE_NORMAL, ALIGN_LEFT, SAFE_CUT_END, form_text(form, i));
	}
	if (form->fields[i].text.len == 0) {
		(void)grid_put(g, row, start + 1, end, STYLE_DIM, form->is->fields[i].hint);
	}
}

/* Returns true when the question and its keys fit into the columns. */
static bool fits(const struct form *form, int columns, bool ascii) {
	struct buf text = {0};
	int width;

	form->is->ask(form, &text);
	width = grid_width(buf_text(&text), ascii) + 4 + (int)strlen(form->is->does);
	buf_release(&text);
	return width <= columns;
}

/* Draws the question and its keys, on one line or two. */
static void ask(const struct form *form, struct grid *g, int row, int column, int end, int lines) {
	static const char leaves[] = " leaves everything as it is";
	struct buf text = {0};
	int next;

	form->is->ask(form, &text);
	next = grid_foreign(g, row, column, end, STYLE_WARNING, buf_text(&text), text.len);
	if (lines > 1) {
		next = column;
		row++;
	} else {
		next = grid_put(g, row, next, end, STYLE_WARNING, "  ");
	}
	next = grid_put(g, row, next, end, STYLE_KEY, "y");
	next = grid_print(g, row, next, end, STYLE_NORMAL, " %s  ", form->is->does);
	next = grid_put(g, row, next, end, STYLE_KEY, "Esc");
	(void)grid_put(
	    g, row, next, end, STYLE_NORMAL, next + (int)sizeof leaves <= end ? leaves : " leaves it");
	buf_release(&text);
}

static void ask_again(const struct form *form, struct grid *g, int row, int column, int end) {
	int next = grid_print(g, row, column, end, STYLE_DANGER, "May have been %s: ", form->is->done);

	next = grid_put(g, row, next, end, STYLE_KEY, "y");
	(void)grid_put(g, row, next, end, STYLE_NORMAL, " sends it again with the same id");
	next = grid_put(g, row + 1, column, end, STYLE_KEY, "n");
	next = grid_put(g, row + 1, next, end, STYLE_NORMAL, " forgets it  ");
	next = grid_put(g, row + 1, next, end, STYLE_KEY, "Esc");
	(void)grid_put(g, row + 1, next, end, STYLE_NORMAL, " leaves it for later");
}

static void draw_question(const struct form *form, struct grid *g, struct rect area, int row) {
	int end = area.column + area.columns;
	int column = area.column + 3;
	int lines = !form->busy && (form->unsettled || !fits(form, end - column, g->ascii)) ? 2 : 1;

	if (row + lines > area.row + area.rows) {
		row = area.row + area.rows - lines;
		for (int line = 0; line < lines; line++) {
			(void)grid_print(
			    g, row + line, area.column, end, STYLE_NORMAL, "%*s", area.columns, "");
		}
	}
	if (form->busy) {
		(void)grid_put(g, row, column, end, STYLE_ACCENT, "sent; waiting for the answer");
		return;
	}
	if (form->unsettled) {
		ask_again(form, g, row, column, end);
	} else {
		ask(form, g, row, column, end, lines);
	}
	g->cursor_row = row;
	g->cursor_column = column;
}

/* Draws "ALLOCATE on PROD" and the id. */
static void draw_title(const struct form *form, struct grid *g, struct rect area, const char *environment) {
	int end = area.column + area.columns;
	int column = area.column + 1;
	char id[ID_TEXT];

	column = grid_print(g, area.row, column, end, STYLE_HEAD, "%s on ", form->is->title);
	(void)grid_foreign(g, area.row, column, end, STYLE_HEAD, environment, strlen(environment));
	if (area.rows > 2) {
		column = grid_print(g, area.row + 1, area.column + 1, end, STYLE_DIM, "%s ", form->is->whose);
		column = grid_put(g, area.row + 1, column, end, STYLE_DIM, id_text(form->id, id));
		if (form->unsettled) {
			(void)grid_print(
			    g, area.row + 1, column, end, STYLE_DANGER, "  may have been %s", form->is->done);
		}
	}
}

/* Returns the row of the first field: closer to the title where there is little room. */
static int fields_from(const struct form *form, struct rect area) {
	int room = area.rows - (int)form->is->count;

	return room >= FIELDS ? FIELDS : room > 1 ? room : 1;
}

static void draw_fields(const struct form *form, struct grid *g, struct rect area, int from) {
	size_t last = form->is->count - 1;
	size_t at = form->at < last ? form->at : last;
	size_t room = area.rows > from ? (size_t)(area.rows - from) : 0;
	size_t first = at >= room ? at + 1 - room : 0; /* the current field is always visible */

	for (size_t i = first; i < form->is->count; i++) {
		draw_field(form, g, area, area.row + from + (int)(i - first), i);
	}
}

void form_draw(const struct form *form, struct grid *g, struct rect area, const char *environment) {
	int count = (int)form->is->count;
	int from = fields_from(form, area);
	int question = area.row + from + count + 2;

	draw_title(form, g, area, environment);
	if (area.rows > from && from == FIELDS && form->note != NULL) {
		(void)grid_foreign(g, area.row + from - 1, area.column + 1, area.column + area.columns,
		    STYLE_DIM, form->note, strlen(form->note));
	}
	draw_fields(form, g, area, from);
	if (form->at == form->is->count || form->busy) {
		draw_question(form, g, area, question);
	} else if (area.rows > count + 5) {
		(void)grid_put(g, question, area.column + 3, area.column + area.columns, STYLE_DIM,
		    "Enter or Tab next field, Up back, Esc leaves");
	}
}
