#include "ui/console/terminal/grid.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

static const struct cell blank = {.text = " ", .width = 1, .style = STYLE_NORMAL};

struct grid *grid_new(int rows, int columns, bool ascii) {
	struct grid *g = mem_new(1, sizeof *g);

	g->rows = rows > 0 ? rows : 0;
	g->columns = columns > 0 ? columns : 0;
	g->ascii = ascii;
	g->cells = mem_new((size_t)g->rows * (size_t)g->columns, sizeof *g->cells);
	grid_clear(g);
	return g;
}

void grid_free(struct grid *g) {
	if (g != NULL) {
		free(g->cells);
		free(g);
	}
}

void grid_clear(struct grid *g) {
	for (int i = 0; i < g->rows * g->columns; i++) {
		g->cells[i] = blank;
	}
	g->cursor_row = -1;
	g->cursor_column = 0;
}

static bool inside(const struct grid *g, int row, int column) {
	return row >= 0 && row < g->rows && column >= 0 && column < g->columns;
}

static struct cell *cell_at(struct grid *g, int row, int column) {
	return &g->cells[row * g->columns + column];
}

const struct cell *grid_at(const struct grid *g, int row, int column) {
	return inside(g, row, column) ? &g->cells[row * g->columns + column] : NULL;
}

/* Replaces the other half of a wide cell that is being overwritten by a blank. */
static void break_wide(struct grid *g, int row, int column) {
	struct cell *c = cell_at(g, row, column);

	if (c->width == 0 && column > 0) {
		*cell_at(g, row, column - 1) = blank;
	}
	if (c->width == 2 && column + 1 < g->columns) {
		*cell_at(g, row, column + 1) = blank;
	}
}

static void set(
    struct grid *g, int row, int column, enum style style, const char *bytes, size_t n, int width) {
	struct cell *c = cell_at(g, row, column);

	break_wide(g, row, column);
	*c = (struct cell){.width = (uint8_t)width, .style = (uint8_t)style};
	memcpy(c->text, bytes, n < sizeof c->text ? n : 0);
	if (width == 2) {
		break_wide(g, row, column + 1);
		*cell_at(g, row, column + 1) = (struct cell){.width = 0, .style = (uint8_t)style};
	}
}

static int put_cell(
    struct grid *g, int row, int column, int end, enum style style, const struct safe_cell *cell) {
	if (column + cell->width <= end) {
		if (inside(g, row, column) && inside(g, row, column + cell->width - 1)) {
			set(g, row, column, style, cell->bytes, cell->n, cell->width);
		}
		return column + cell->width;
	}
	if (column < end && inside(g, row, column)) {
		set(g, row, column, style, " ", 1, 1);
	}
	return end;
}

static int put(struct grid *g, int row, int column, int end, enum style style, const char *safe, bool marks) {
	const char *stop = safe + strlen(safe);
	const char *marked = safe; /* end of the current mark */
	struct safe_cell cell;

	while (column < end && safe < stop) {
		const char *at = safe;

		if (marks && at >= marked) {
			marked = at + safe_mark(at, stop, g->ascii ? SAFE_ASCII : SAFE_UTF8);
		}
		if (!safe_next(&safe, stop, &cell)) {
			break;
		}
		column = put_cell(g, row, column, end, marks && at < marked ? STYLE_MARK : style, &cell);
	}
	return column;
}

int grid_put(struct grid *g, int row, int column, int end, enum style style, const char *safe) {
	return put(g, row, column, end, style, safe, false);
}

int grid_marked(struct grid *g, int row, int column, int end, enum style style, const char *safe) {
	return put(g, row, column, end, style, safe, true);
}

int grid_glyph(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph) {
	return grid_put(g, row, column, end, style, glyph_text(glyph, g->ascii));
}

int grid_print(struct grid *g, int row, int column, int end, enum style style, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	column = grid_put(g, row, column, end, style, buf_text(&text));
	buf_release(&text);
	return column;
}

static enum safe_form form_of(const struct grid *g) {
	return g->ascii ? SAFE_ASCII : SAFE_UTF8;
}

int grid_foreign(struct grid *g, int row, int column, int end, enum style style, const char *text, size_t n) {
	struct buf safe = {0};

	safe_text(text, n, form_of(g), &safe);
	column = put(g, row, column, end, style, buf_text(&safe), true);
	buf_release(&safe);
	return column;
}

int grid_width(const char *text, bool ascii) {
	struct buf safe = {0};
	int width;

	safe_text(text, strlen(text), ascii ? SAFE_ASCII : SAFE_UTF8, &safe);
	width = (int)safe_width(buf_text(&safe), safe.len);
	buf_release(&safe);
	return width;
}

void grid_field(struct grid *g, int row, int column, int end, enum style style, enum align align,
    enum safe_cut cut, const char *text) {
	struct buf safe = {0};
	struct buf fitted = {0};
	size_t columns = end > column ? (size_t)(end - column) : 0;
	size_t width;

	safe_text(text, strlen(text), form_of(g), &safe);
	safe_fit(buf_text(&safe), columns, cut, form_of(g), &fitted);
	width = safe_width(buf_text(&fitted), fitted.len);
	if (align == ALIGN_RIGHT && width < columns) {
		column = end - (int)width;
	}
	(void)put(g, row, column, end, style, buf_text(&fitted), true);
	buf_release(&safe);
	buf_release(&fitted);
}

void grid_line(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph) {
	while (column < end && column < g->columns) {
		column = grid_glyph(g, row, column, end, style, glyph);
	}
}

void grid_cursor_row(struct grid *g, int row, int column, int end) {
	for (; column < end; column++) {
		if (inside(g, row, column)) {
			cell_at(g, row, column)->cursor = true;
		}
	}
}

void grid_gauge(struct grid *g, int row, int column, int end) {
	for (; column < end; column++) {
		if (inside(g, row, column)) {
			cell_at(g, row, column)->gauge = true;
		}
	}
}

void grid_restyle(struct grid *g, int row, int column, int end, enum style style) {
	for (; column < end; column++) {
		if (inside(g, row, column)) {
			cell_at(g, row, column)->style = (uint8_t)style;
		}
	}
}

static void cut_blanks(struct buf *out, size_t start, char blank_letter) {
	size_t n = out->len;

	while (n > start && buf_text(out)[n - 1] == blank_letter) {
		n--;
	}
	buf_cut(out, n);
	buf_char(out, '\n');
}

void grid_text(const struct grid *g, struct buf *out) {
	for (int row = 0; row < g->rows; row++) {
		size_t start = out->len;

		for (int column = 0; column < g->columns; column++) {
			buf_puts(out, grid_at(g, row, column)->text);
		}
		cut_blanks(out, start, ' ');
	}
}

static char letter(const struct cell *c) {
	char plain = style_face((enum style)c->style)->letter;

	if (!c->cursor) {
		return plain;
	}
	return plain == '.' ? ':' : (char)toupper((unsigned char)plain);
}

void grid_styles(const struct grid *g, struct buf *out) {
	for (int row = 0; row < g->rows; row++) {
		size_t start = out->len;

		for (int column = 0; column < g->columns; column++) {
			buf_char(out, letter(grid_at(g, row, column)));
		}
		cut_blanks(out, start, '.');
	}
}

bool grid_row_equal(const struct grid *a, const struct grid *b, int row) {
	for (int column = 0; column < a->columns; column++) {
		const struct cell *p = grid_at(a, row, column);
		const struct cell *q = grid_at(b, row, column);

		if (strcmp(p->text, q->text) != 0 || p->style != q->style || p->cursor != q->cursor ||
		    p->gauge != q->gauge) {
			return false;
		}
	}
	return true;
}

bool grid_equal(const struct grid *a, const struct grid *b) {
	bool same = a->rows == b->rows && a->columns == b->columns && a->cursor_row == b->cursor_row &&
		    a->cursor_column == b->cursor_column;

	for (int row = 0; same && row < a->rows; row++) {
		same = grid_row_equal(a, b, row);
	}
	return same;
}

void grid_copy(struct grid *to, const struct grid *from) {
	memcpy(to->cells, from->cells, (size_t)from->rows * (size_t)from->columns * sizeof *from->cells);
	to->cursor_row = from->cursor_row;
	to->cursor_column = from->cursor_column;
}

bool grid_valid(const struct grid *g) {
	for (int row = 0; row < g->rows; row++) {
		int due = 0; /* 1: the next cell must have width 0 */

		for (int column = 0; column < g->columns; column++) {
			const struct cell *c = grid_at(g, row, column);

			if ((c->width == 0) != (due > 0) || c->width > 2 || c->style >= STYLES) {
				return false;
			}
			due = c->width == 2 ? 1 : 0;
		}
		if (due > 0) {
			return false;
		}
	}
	return true;
}
