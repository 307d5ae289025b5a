/*
 * An aligned table of foreign texts: made safe, two blanks between columns, no
 * blanks at the end of a line, "-" where a cell is empty.
 *
 * The cells are kept as they were until it is printed; what was printed once
 * keeps its widths for what is printed next.
 */
#ifndef UI_CLI_TABLE_H
#define UI_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "db/base/buf.h"
#include "model/text/safe.h"

struct table_column {
	const char *header; /* NULL: none; borrowed */
	bool right;
	size_t width;
};

/* `struct table t = {0}` has no columns. Invariant: cells are whole rows when it is printed. */
struct table {
	struct table_column *columns;
	size_t column_count;
	bool begun;      /* the header is out */
	struct buf text; /* the cells, each ended by NUL */
	size_t cells;
};

void table_column(struct table *t, const char *header, bool right);
void table_cell(struct table *t, const char *text);

/* Header (the first time, if columns have one) and rows; the rows are gone then. */
void table_print(struct table *t, enum safe_form form, FILE *file);

void table_release(struct table *t);

#endif
