/*
 * CSV by RFC 4180: a reader of rows in memory, and a writer of fields.
 *
 * Reading is strict: a quote inside an unquoted field, text after a closing quote, a lone carriage return
 * outside of quotes, and what model/text/line.h refuses are errors with err->line.  Empty lines are skipped.
 */
#ifndef MODEL_TEXT_CSV_H
#define MODEL_TEXT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"

struct err;

/* Invariant: p <= checked <= end; line is that of p, counted from 1. */
struct csv {
	const char *p, *end; /* the unread text, borrowed */
	const char *checked; /* end of the lines that have been checked */
	int64_t line;
	char delimiter;  /* ',' unless the caller sets another one before the first row */
	bool bare;       /* set by the caller: quotes are characters like others */
	struct buf text; /* the fields of the row, one after the other */
	size_t *starts;  /* their offsets in it */
	const char **fields;
	size_t room;
};

/* Borrowed from the reader until its next row. */
struct csv_row {
	int64_t line; /* its first line */
	size_t count; /* 0 only at the end of the text */
	const char *const *fields;
};

/* The n bytes at text are borrowed until csv_release(). */
void csv_init(struct csv *csv, const char *text, size_t n);
void csv_release(struct csv *csv);

/* Reads the next row, without fields at the end. Else ERR_INVALID_INPUT, after which nothing can be read. */
bool csv_next(struct csv *csv, struct csv_row *row, struct err *err) __attribute__((warn_unused_result));

/* Returns which of comma, semicolon and tab occurs most often in the first line, outside of quotes; a comma
 * when there is none. */
char csv_guess_delimiter(const char *text, size_t n) __attribute__((warn_unused_result));

/* Appends one field, in quotes when it needs them. A row of one empty field must be written as "\"\"" by the
 * caller, else it is an empty line. */
void csv_field(struct buf *out, const char *text);

#endif
