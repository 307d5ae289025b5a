/*
 * The rows of one group of duplicates, compared column by column.
 *
 * A column whose values differ is marked as a whole, by a sign in front of it and a style; letters are not
 * compared. On a wide screen the rows are side by side, a line for each column of the table. On a narrow one
 * they are one below the other, and columns that are equal in all rows follow once.
 */
#ifndef UI_CONSOLE_WIDGETS_ROW_DIFF_H
#define UI_CONSOLE_WIDGETS_ROW_DIFF_H

#include <stdint.h>

#define ROW_DIFF_WIDE 100 /* columns of the screen from which rows are side by side */

struct pen;
struct rowset;

/* Draws the columns (struct duplicate_column, those that differ first) from the pen's line on. The first row
 * is the one that is kept. `total` is the number of rows of the group; those without room are counted. */
void row_diff(struct pen *p, const struct rowset *columns, int64_t total);

#endif
