/*
 * One column of one row, as a text: the place where the types of db/batch/rows.h
 * become what people and programs read.
 */
#ifndef UI_TEXT_FIELD_H
#define UI_TEXT_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/cli/output.h"

struct buf;
struct field;
struct json;
struct table;

/* A column with its member looked up, once for all rows. */
struct cell {
	const struct column *column;
	const struct field *field; /* NULL: the column computes */
};

/* The columns of a shape, as an array that the caller frees; their number into n. */
struct cell *cells_new(const struct shape *shape, size_t *n) __attribute__((returns_nonnull));

/* The exact value, appended, as CSV has it; false when it is null. */
bool cell_text(const struct cell *cell, const void *row, struct buf *out);

/* The same as a JSON value. */
void cell_json(const struct cell *cell, const void *row, struct json *j);

/* A CSV value in the column `index` of `count`, the line's end behind the last; NULL is null. */
void cell_csv(struct buf *out, size_t index, size_t count, const char *text);

/* As people want to see it, appended; not made safe. */
void cell_show(const struct cell *cell, const void *row, struct buf *out);

/* Whether tables have it flush right. */
bool cell_right(const struct cell *cell);

/* A whole row: as a JSON object, and as a row of a table that has got these columns. */
void cells_json(const struct cell *cells, size_t n, const void *row, struct json *j);
void cells_columns(const struct cell *cells, size_t n, struct table *table);
void cells_table(const struct cell *cells, size_t n, const void *row, struct table *table);

/* The brief ones, with a blank between, appended. */
void cells_brief(const struct cell *cells, size_t n, const void *row, struct buf *out);

#endif
