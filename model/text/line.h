/*
 * The lines of a text file: rules common to all files that berth reads.
 *
 * A file is UTF-8, with or without a byte order mark; lines end in LF or CRLF, the last one optionally.
 * UTF-16 and UTF-32, which some editors and spreadsheets write, are refused by name.  NUL bytes and invalid
 * UTF-8 are refused anywhere, also in comments.  A lone carriage return does not end a line; the callers,
 * which know quotes, decide where it is allowed.
 */
#ifndef MODEL_TEXT_LINE_H
#define MODEL_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Returns the length of the byte order mark, 0 for none. */
size_t line_mark(const char *text, size_t n);

/* Checks the line that begins at `at` and has that number, from 1. `n` becomes its length without the line
 * end, `whole` with it. Errors are ERR_INVALID_INPUT with the line. */
bool line_take(const char *at, const char *end, int64_t number, size_t *n, size_t *whole, struct err *err)
    __attribute__((warn_unused_result));

/* Sets the error for a lone carriage return. Returns false. */
bool line_lone_return(int64_t number, struct err *err);

#endif
