#include "ui/console/list/table.h"

#include <string.h>

#include "db/base/buf.h"
#include "ui/console/list/marks.h"

static enum align align_of(const struct table *t, size_t i) {
	return view_is_right(t->view, i) ? ALIGN_RIGHT : ALIGN_LEFT;
}

/* Returns the end of a column, which the area may cut. */
static int end_of(const struct table *t, size_t i) {
	int edge = t->area.column + t->area.columns;

	return t->end[i] < edge ? t->end[i] : edge;
}

/* Draws the direction of the sort beside a title: after one that begins its column, before one that ends it
 * or has no room after it. */
static void draw_direction(const struct table *t, struct grid *g, int row, size_t i, const char *title) {
	int width = grid_width(title, g->ascii);
	int edge = t->area.column + t->area.columns;
	int at = t->start[i] + width;

	if (align_of(t, i) == ALIGN_RIGHT || at >= edge) {
		at = end_of(t, i) - width - 1;
	}
	if (at > t->area.column && at < edge && end_of(t, i) > t->start[i]) {
		(void)grid_glyph(g, row, at, edge, STYLE_ACCENT,
		    view_falls(t->view, t->context.sort, t->context.reverse) ? GLYPH_DOWN : GLYPH_UP);
	}
}

void table_head(const struct table *t, struct grid *g, int row) {
	for (size_t i = 0; i < t->view->column_count; i++) {
		const struct view_column *c = &t->view->columns[i];
		int end = end_of(t, i);
		const char *title = view_title(t->view, i);

		if (c->scale != NULL) {
			c->scale(g, row, t->start[i], end);
			continue;
		}
		if (c->narrow != NULL && (int)strlen(title) > end - t->start[i]) {
			title = c->narrow;
		}
		grid_field(g, row, t->start[i], end, STYLE_HEAD, align_of(t, i), SAFE_CUT_END, title);
		if (view_sort_of(t->view, i) == t->context.sort) {
			draw_direction(t, g, row, i, title);
		}
	}
}

static void draw_cell(
    const struct table *t, struct grid *g, int row, size_t i, const void *data, bool ghost) {
	const struct view_column *c = &t->view->columns[i];
	int end = end_of(t, i);
	int start = t->start[i];
	const struct badge *badge = c->badge == NULL ? NULL : c->badge(data, &t->context);
	enum style style = c->style != NULL ? c->style(data, &t->context)
			   : badge != NULL  ? badge->style
					    : STYLE_NORMAL;
	struct buf text = {0};

	if (c->draw != NULL) {
		c->draw(g, row, start, end, data, &t->context);
	} else {
		view_cell(t->view, i, data, &t->context, &text);
		if (badge != NULL && c->name == NULL && c->text == NULL) {
			if (ghost && text.len > 0) {
				buf_cut(&text, 0);
				buf_puts(&text, "gone");
			} else if (badge->glyph != GLYPHS) {
				(void)grid_glyph(g, row, start, end, style, badge->glyph);
			}
			start += 2;
		}
		grid_field(g, row, start, end, style, align_of(t, i), c->cut, buf_text(&text));
		buf_release(&text);
	}
	if (ghost) {
		grid_restyle(g, row, t->start[i], end, STYLE_DIM);
	}
}

static const char *mark_text(enum list_mark mark) {
	static const char *const texts[] = {[MARK_NONE] = " ",
	    [MARK_NEW] = "+",
	    [MARK_CHANGED] = "~",
	    [MARK_GONE] = "-",
	    [MARK_CHOSEN] = "*"};

	return texts[mark];
}

void table_row(
    const struct table *t, struct grid *g, int row, const void *data, enum list_mark mark, bool cursor) {
	int edge = t->area.column + t->area.columns;
	bool ghost = mark == MARK_GONE;

	for (size_t i = 0; i < t->view->column_count; i++) {
		if (end_of(t, i) > t->start[i]) {
			draw_cell(t, g, row, i, data, ghost);
		}
	}
	(void)grid_put(g, row, t->area.column + 1, edge, ghost ? STYLE_DIM : STYLE_ACCENT, mark_text(mark));
	if (cursor) {
		(void)grid_put(g, row, t->area.column, edge, STYLE_BOLD, ">");
		grid_cursor_row(g, row, t->area.column, edge);
	}
}

void table_draw(const struct table *t, struct grid *g, const struct list *list, const struct marks *marks,
    int64_t steady) {
	struct table shown;

	for (int line = 0; line < t->area.rows; line++) {
		size_t i = list->top + (size_t)line;
		enum list_mark mark;

		if (i >= list->count) {
			break;
		}
		mark = list->rows[i].mark;
		if (mark != MARK_GONE && marks_has(marks, list->rows[i].id)) {
			mark = MARK_CHOSEN;
		}
		shown = *t;
		shown.context.now = list_now(&list->rows[i], t->context.now, steady);
		table_row(&shown, g, t->area.row + line, list->rows[i].data, mark, i == list->cursor);
		if (i == list->cursor) {
			g->cursor_row = t->area.row + line;
			g->cursor_column = t->area.column;
		}
	}
}
