/*
 * An aligned table of foreign texts: made safe, with two blanks between columns, no blanks at the end of a
 * line, and "-" where a cell is empty.
 *
 * The table keeps its cells as they are until it is printed.  After that it keeps the widths for the next
 * rows.
 */
#ifndef UI_CLI_TABLE_H
#define UI_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "db/base/buf.h"
#include "model/text/safe.h"

struct bound_column;

struct table_column {
	const char *header; /* NULL: none; borrowed */
	bool right;
	size_t width;
};

/* `struct table t = {0}` has no columns. Invariant: the cells are whole rows when the table is printed. */
struct table {
	struct table_column *columns;
	size_t column_count;
	bool begun;      /* the header has been printed */
	struct buf text; /* the cells, each ended by NUL */
	size_t cells;
};

void table_column(struct table *t, const char *header, bool right);
void table_cell(struct table *t, const char *text);

/* Adds the columns that have a title, and their cells of one row. */
void table_add_columns(struct table *t, const struct bound_column *columns, size_t n);
void table_add_row(struct table *t, const struct bound_column *columns, size_t n, const void *row);

/* Prints the header, if columns have one and it has not been printed, and the rows, which it then forgets. */
void table_print(struct table *t, enum safe_form form, FILE *file);

void table_release(struct table *t);

#endif
