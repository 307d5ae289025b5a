/*
 * The order of a list, and the place in it where a window begins, for the lists that the server sorts
 * (db/sql/routines/21_sorts.sql).
 */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;
struct buf;
struct row_type;

/* Zero begins at the start. */
struct order {
	bool reverse; /* against the direction in which the sort begins */
	const char
	    *after; /* a row, see order_row(): the window begins after it, wherever it is now; or NULL */
	const char *keep; /* the id of a row that the window is to have; or NULL */
	int64_t before;   /* with that many rows before it */
	bool counts;      /* sorted_report_add() tells the total */
};

/* Appends an order, NULL for the first, for the server: by a name of the list's sorts, without the first
 * `offset` rows, up to `limit` rows; 0 for all. */
void order_text(const struct order *order, const char *sort, int64_t offset, int64_t limit, struct buf *out);

/* Adds, after a sorted list in the same batch, where it begins and what was sorted: one struct sorting. */
size_t sorted_report_add(struct batch *b);

/* Appends a row as the server reads it, with the exact value of each member. */
void order_row(const struct row_type *type, const void *row, struct buf *out);

#endif
