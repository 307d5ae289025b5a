/*
 * Answers: one result is one document, in one of three formats.
 *
 * A list is a JSON array, CSV with a header, or an aligned table.  One thing is a JSON object, CSV with one
 * row, or lines of "name  value" (ui/cli/record.h).  The shape of the noun (ui/text/column.h) says what its
 * answer holds. JSON and CSV carry the exact value; the table has what people want to see, made safe.
 *
 * JSON and CSV stream.  A table is kept until its end, since it must know the widths.  A NULL is null in
 * JSON, an empty cell in CSV, and "-" in tables.
 */
#ifndef UI_CLI_OUTPUT_H
#define UI_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/text/safe.h"
#include "ui/text/column.h"
#include "ui/text/row.h"

struct err;

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_BRIEF /* one line of few words, for a table about several things; not made safe */
};

/* The destination of answers. */
struct sink {
	FILE *file; /* borrowed */
	enum format format;
	enum safe_form form; /* of tables */
};

/* Prints a whole list. */
bool output_list(const struct sink *sink, const struct shape *shape, struct rows rows, struct err *err)
    __attribute__((warn_unused_result));

/* Prints one thing. */
bool output_one(const struct sink *sink, const struct shape *shape, const void *row, struct err *err)
    __attribute__((warn_unused_result));

/* A list that is fed row by row. */
struct list;

struct list *list_begin(const struct sink *sink, const struct shape *shape) __attribute__((returns_nonnull));
void list_row(struct list *list, const void *row);

/* Prints the rows so far; a table keeps its widths. */
bool list_flush(struct list *list, struct err *err) __attribute__((warn_unused_result));

/* Prints the rest and frees the list; it must always be called. */
bool list_end(struct list *list, struct err *err) __attribute__((warn_unused_result));

/* Appends the CSV value of column `index` of `count`, and the end of the line after the last one; NULL is
 * null. */
void output_csv(struct buf *out, size_t index, size_t count, const char *text);

/* Writes a text of n bytes and flushes it. */
bool output_text(FILE *file, const char *text, size_t n, struct err *err) __attribute__((warn_unused_result));

/* Flushes everything; returns false when something could not be written, now or before. */
bool output_flush(FILE *file, struct err *err) __attribute__((warn_unused_result));

#endif
