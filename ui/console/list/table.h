/*
 * Rows in columns.
 *
 * Widths depend on the room and the view, never on the rows, so that nothing moves when data changes. When
 * room is short, columns are dropped in the order that the view gives; spare room goes to the columns that
 * can use it.
 */
#ifndef UI_CONSOLE_LIST_TABLE_H
#define UI_CONSOLE_LIST_TABLE_H

#include "ui/console/widgets/pen.h"
#include "ui/console/list/view.h"

#define TABLE_COLUMNS 16

struct marks;

struct table {
	const struct view *view;
	struct context context;
	struct rect area;
	int start[TABLE_COLUMNS]; /* of each column of the view */
	int end[TABLE_COLUMNS];   /* equal to start when the column was dropped */
};

/* The gutter has the cursor and the mark of a change. */
#define TABLE_GUTTER 2

/* The widths of columns: column_widths.c. */
void table_init(struct table *t, const struct view *view, const struct context *context, struct rect area);

/* Widen columns whose texts are cut, as far as there is room in the others: table_fit() notes in `widths`,
 * one of TABLE_COLUMNS for each column, how much the cells of a row need, and table_widen() gives it to them.
 */
void table_fit(struct table *t, const void *row, int *widths);
void table_widen(struct table *t, const int *wanted);

/* The cells: table.c. Draw the titles, or one row of the list, in a row of the grid. */
void table_head(const struct table *t, struct grid *g, int row);
void table_row(
    const struct table *t, struct grid *g, int row, const void *data, enum list_mark mark, bool cursor);

/* Draws the visible rows of the list at a steady time. The spans of a ghost stand still. */
void table_draw(const struct table *t, struct grid *g, const struct list *list, const struct marks *marks,
    int64_t steady);

#endif
