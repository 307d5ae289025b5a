/*
 * A screen as a grid of cells, without a terminal.
 *
 * Drawing writes here and nowhere else, so that a screen is a pure function of
 * state, size and time and can be compared as text; ui/console/terminal/tty.h copies the
 * result to the terminal, which gets only what differs.
 *
 * Texts handed in must be safe (model/text/safe.h): the grid measures and places
 * cells and does not judge them.  grid_foreign() makes foreign text safe first.
 * Coordinates outside of the grid are allowed everywhere and draw nothing, so
 * that no screen needs a smallest size.
 *
 * Invariant: a cell of width 2 is followed by one of width 0 in the same row;
 * there is no other cell of width 0.
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
};

struct grid {
	int rows;
	int columns;
	bool ascii;     /* only bytes under 0x80 */
	int cursor_row; /* where the hardware cursor stands; -1: hidden */
	int cursor_column;
	struct cell *cells; /* rows * columns */
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct grid *grid_new(int rows, int columns, bool ascii) __attribute__((returns_nonnull));
void grid_free(struct grid *g); /* takes NULL */

/* Blanks everything and hides the cursor. */
void grid_clear(struct grid *g);

/* The cell there; NULL outside. */
const struct cell *grid_at(const struct grid *g, int row, int column);

/* Writes from column to `end`, not including it; what does not fit is dropped,
 * a wide cell that would be cut is a blank. Returns the column behind. */
int grid_put(struct grid *g, int row, int column, int end, enum style style, const char *safe);
int grid_glyph(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph);
int grid_print(struct grid *g, int row, int column, int end, enum style style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The same, with the marks of foreign text in STYLE_MARK. */
int grid_marked(struct grid *g, int row, int column, int end, enum style style, const char *safe);

/* Foreign text: made safe, its marks in STYLE_MARK. */
int grid_foreign(struct grid *g, int row, int column, int end, enum style style, const char *text, size_t n);

/* Foreign text in a field of exactly end - column columns, cut with a visible mark. */
void grid_field(struct grid *g, int row, int column, int end, enum style style, enum align align,
    enum safe_cut cut, const char *text);

/* The columns that foreign text takes. */
int grid_width(const char *text, bool ascii);

/* Fills with one glyph. */
void grid_line(struct grid *g, int row, int column, int end, enum style style, enum glyph glyph);

/* Changes the look of what stands there. */
void grid_cursor_row(struct grid *g, int row, int column, int end);
void grid_restyle(struct grid *g, int row, int column, int end, enum style style);

/* As text, one line a row, blanks at the ends dropped; and as letters of styles. */
void grid_text(const struct grid *g, struct buf *out);
void grid_styles(const struct grid *g, struct buf *out);

/* Whether both show the same; and whether a row does, of grids of one size. */
bool grid_equal(const struct grid *a, const struct grid *b);
bool grid_row_equal(const struct grid *a, const struct grid *b, int row);

/* Between grids of one size. */
void grid_copy(struct grid *to, const struct grid *from);

/* Whether the invariant holds. */
bool grid_valid(const struct grid *g);

#endif
