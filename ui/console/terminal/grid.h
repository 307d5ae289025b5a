/*
 * A screen as a grid of cells, without a terminal.
 *
 * All drawing goes here, so that a screen is a pure function of state, size and time and can be compared as
 * text; ui/console/terminal/tty.h copies the differences to the terminal.
 *
 * Texts must be safe (model/text/safe.h); grid_foreign() makes foreign text safe first.  Coordinates outside
 * of the grid are allowed and draw nothing.
 *
 * Invariant: a cell of width 2 is followed by one of width 0 in the same row; there are no other cells of
 * width 0.
 */
#ifndef UI_CONSOLE_TERMINAL_GRID_H
#define UI_CONSOLE_TERMINAL_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/text/safe.h"
#include "ui/console/terminal/style.h"

struct buf;

/* A base character and at most two combining ones, as UTF-8. */
struct cell {
	char text[13];
	uint8_t width; /* columns: 1, 2, or 0 for the right half of its left neighbour */
	uint8_t style; /* enum style */
	bool cursor;   /* in the row of the cursor */
	bool gauge;    /* a part of a gauge */
};

struct grid {
	int rows;
	int columns;
	bool ascii;     /* only bytes under 0x80 */
	int cursor_row; /* of the hardware cursor; -1: hidden */
	int cursor_column;
	struct cell *cells; /* rows * columns */
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct grid *grid_new(int rows, int columns, bool ascii) __attribute__((returns_nonnull));
void grid_free(struct grid *g); /* takes NULL */

/* Blanks everything and hides the cursor. */
void grid_clear(struct grid *g);

/* Returns a cell; NULL outside of the grid. */
const struct cell *grid_at(const struct grid *g, int row, int column);

/* Write from `column` up to, but not including, `end`. The rest is dropped; half a wide cell becomes a blank.
 * Return the next column. */
int grid_put(struct grid *g, int row, int column, int end, enum style style, const char *safe);
int grid_glyph(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph);
int grid_print(struct grid *g, int row, int column, int end, enum style style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Writes safe text with its marks in STYLE_MARK. */
int grid_marked(struct grid *g, int row, int column, int end, enum style style, const char *safe);

/* Makes foreign text safe and writes it with its marks in STYLE_MARK. */
int grid_foreign(struct grid *g, int row, int column, int end, enum style style, const char *text, size_t n);

/* Writes foreign text in a field of end - column columns, cut with an ellipsis. */
void grid_field(struct grid *g, int row, int column, int end, enum style style, enum align align,
    enum safe_cut cut, const char *text);

/* Returns the columns of foreign text. */
int grid_width(const char *text, bool ascii);

/* Fills with one glyph. */
void grid_line(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph);

/* Change existing cells: mark them as in the row of the cursor, or as a gauge, or change their style. */
void grid_cursor_row(struct grid *g, int row, int column, int end);
void grid_gauge(struct grid *g, int row, int column, int end);
void grid_restyle(struct grid *g, int row, int column, int end, enum style style);

/* Append the texts or the style letters of the cells, one line a row, without trailing blanks. */
void grid_text(const struct grid *g, struct buf *out);
void grid_styles(const struct grid *g, struct buf *out);

/* Return true when two grids, or a row of two grids of one size, show the same. */
bool grid_equal(const struct grid *a, const struct grid *b);
bool grid_row_equal(const struct grid *a, const struct grid *b, int row);

/* Copies a grid to one of the same size. */
void grid_copy(struct grid *to, const struct grid *from);

/* Returns true when the invariant holds; for tests. */
bool grid_valid(const struct grid *g);

#endif
