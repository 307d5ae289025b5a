/*
 * A row of a file in berth's own words, whatever program has written the file.
 *
 * A cell is a text, "" when the file says nothing. The row keeps the titles of the columns that its cells
 * come from, for errors: `column "IP Address": "10.0.0.256" is not an address`.
 */
#ifndef MODEL_IMPORT_ROW_H
#define MODEL_IMPORT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/err.h"

enum import_cell {
	CELL_POOL,
	CELL_KIND,
	CELL_RANGE,
	CELL_VALUE,
	CELL_SPACE,
	CELL_HOLDER,
	CELL_PROJECT,
	CELL_UNTIL,
	CELL_CREATED,
	CELL_LABELS,
	CELL_EXCLUDE, /* values of a range that are excluded, separated by ";" */
	CELL_UNIT,    /* of the pool of a range: "/64", "64" */
	CELL_ID,
	CELL_STATE,    /* a word of the program that wrote the file */
	CELL_LAST,     /* the end of a range that begins with CELL_RANGE */
	CELL_TYPE,     /* the sort of row, where a file has several */
	CELL_LIFETIME, /* seconds */
	CELL_CLIENT,   /* the client of a DHCP server */
	CELL_HARDWARE, /* its hardware address */
	CELLS
};

struct import_row {
	int64_t line;     /* its first line; 0 after the last row */
	const char *skip; /* why there is nothing to bring in, in one word; NULL */
	struct err wrong; /* why it is refused; ERR_NONE */
	struct buf words; /* the cells, one after the other */
	size_t at[CELLS]; /* their offsets in it */
	const char *titles[CELLS];
	bool is_named; /* its pool is named after its range */
	int64_t now;   /* microseconds */
};

/* Empties the row, for its line. */
void row_begin(struct import_row *row, int64_t line);
void row_release(struct import_row *row);

/* Returns a cell, borrowed until the next row_put(). */
const char *row_cell(const struct import_row *row, enum import_cell cell);

/* Sets a cell to n bytes. */
void row_put(struct import_row *row, enum import_cell cell, const char *text, size_t n);

/* Sets the error of the row for a cell: `column "TITLE": "VALUE" WHY`. Returns false. */
bool row_refuse(struct import_row *row, enum import_cell cell, const char *why);

/* Puts the title of a cell's column before an error that the cell has caused. Returns false. */
bool row_blame(const struct import_row *row, enum import_cell cell, struct err *err);

/* Reads a cell as a whole number of seconds. */
bool row_seconds(struct import_row *row, enum import_cell cell, int64_t *seconds)
    __attribute__((warn_unused_result));

/* Sets the end of the lease, seconds since 1970; the row is skipped when that has passed. */
void row_put_end(struct import_row *row, int64_t seconds);

#endif
