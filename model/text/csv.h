/*
 * CSV after RFC 4180, read from memory and written field by field.
 *
 * Reading is strict, because a file that is read almost right imports almost
 * the right ranges: a quote inside an unquoted field, anything behind a closing
 * quote, a carriage return alone outside of quotes are errors, with their line
 * in err->line, and so is what model/text/line.h refuses.  Lenient only where
 * programs differ without harm: empty lines are passed over.
 */
#ifndef MODEL_TEXT_CSV_H
#define MODEL_TEXT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"

struct err;

/* Invariant: p <= checked <= end; line is that of p, counted from 1. `csv_init` fills it. */
struct csv {
	const char *p, *end; /* borrowed: what is left of the text */
	const char *checked; /* where the lines end that have been checked */
	int64_t line;
	struct buf text; /* the fields of the row, one behind the other */
	size_t *starts;  /* where in it they begin */
	const char **fields;
	size_t room;
};

/* Borrowed from the reader until its next row. */
struct csv_row {
	int64_t line; /* where it starts */
	size_t count; /* 0 only at the end of the text */
	const char *const *fields;
};

/* The n bytes at text are borrowed until csv_release(). */
void csv_init(struct csv *csv, const char *text, size_t n);
void csv_release(struct csv *csv);

/* The next row, or one of no fields at the end. Else ERR_INVALID_INPUT, after which there is no next. */
bool csv_next(struct csv *csv, struct csv_row *row, struct err *err) __attribute__((warn_unused_result));

/* Appends one field, in quotes when it needs them. An empty text is nothing, so that it reads as it looks; a
 * row of one empty field must be written as "\"\"" by the caller, else it is an empty line. */
void csv_field(struct buf *out, const char *text);

#endif
