/*
 * Answers: one result is one document, in one of three formats.
 *
 * A list is a JSON array, CSV with a header, or an aligned table; one thing is
 * a JSON object, CSV with one row, or lines of "name  value" (ui/cli/record.h).
 * What a noun's answer holds is one table, its shape: JSON and CSV carry the
 * exact value, the table what people want to see, made safe.
 *
 * JSON and CSV stream.  A table is kept until its end, since it must know the
 * widths.  A NULL is null, an empty CSV cell, and "-" in tables.
 */
#ifndef UI_CLI_OUTPUT_H
#define UI_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "db/batch/rows.h"
#include "model/text/safe.h"

struct buf;
struct err;

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_BRIEF /* one line of few words, for a table about several things; not made safe */
};

/* Where answers go. */
struct sink {
	FILE *file; /* borrowed */
	enum format format;
	enum safe_form form; /* of tables */
};

/* What a column's text() writes. Nothing written is null in every kind. */
enum column_kind {
	COLUMN_TEXT, /* a string */
	COLUMN_RAW   /* a JSON value: a number, an object ... */
};

/*
 *     {"name", "POOL"}                              the member of that name, by its type
 *     {"percent", "USED%", .show = show_percent}    in tables otherwise than in JSON
 *     {"value", "VALUE", .text = text_value}        computed
 *     {NULL, "AGE", .show = show_age, .right = true} for tables only
 *     {"id", NULL}                                  for JSON and CSV only
 */
struct column {
	const char *name;                               /* of the JSON and CSV field */
	const char *header;                             /* of the table */
	void (*text)(const void *row, struct buf *out); /* appends; NULL: the member `name` */
	void (*show)(
	    const void *row, struct buf *out); /* appends, for tables; NULL: as text() or the member */
	enum column_kind kind;                 /* of text() */
	bool right;                            /* flush right; members that are numbers are anyway */
	bool plain; /* a JSON object or array of labels or names: in tables "a=b,c=d" and "a,b" */
	bool brief; /* one of the few words of FORMAT_BRIEF */
};

struct shape {
	const struct row_type *type;
	const struct column *columns; /* ended by one without name and header */
};

/* A list of rows that something else holds. */
struct rows {
	const void *(*at)(const struct rows *rows, size_t index);
	const void *from;
	size_t step; /* what at() needs: a row's size, a batch's step */
	size_t count;
};

/* An array of them. For the answers of a batch see rows_of_step() in ui/cli/run.h. */
struct rows rows_of_array(const void *rows, size_t size, size_t count);

/* A whole list. */
bool output_list(const struct sink *sink, const struct shape *shape, struct rows rows, struct err *err)
    __attribute__((warn_unused_result));

/* One thing. */
bool output_one(const struct sink *sink, const struct shape *shape, const void *row, struct err *err)
    __attribute__((warn_unused_result));

/* A list that is fed row by row. list_end() frees it and is always called. */
struct list;

struct list *list_begin(const struct sink *sink, const struct shape *shape) __attribute__((returns_nonnull));
void list_row(struct list *list, const void *row);
bool list_flush(
    struct list *list, struct err *err) /* out with what there is; a table keeps its widths so far */
    __attribute__((warn_unused_result));
bool list_end(struct list *list, struct err *err) __attribute__((warn_unused_result));

/* Writes a text of n bytes and pushes it out. */
bool output_text(FILE *file, const char *text, size_t n, struct err *err) __attribute__((warn_unused_result));

/* Pushes everything out; false when something could not be written, now or before. */
bool output_flush(FILE *file, struct err *err) __attribute__((warn_unused_result));

#endif
