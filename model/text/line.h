/*
 * The lines of a text file: the rules that every file has in common.
 *
 * A file is UTF-8, with or without a byte order mark; its lines end in LF or
 * CRLF, and the last one needs no end.  UTF-16 and UTF-32 are told by name,
 * with and without their mark, since a spreadsheet or an editor may write them
 * unasked.  A NUL byte and invalid UTF-8 are refused anywhere, also where a
 * comment would pass over them.  A carriage return without its line feed ends
 * no line; whether it may stand in a text is for the readers of lines, which
 * know quotes.
 */
#ifndef MODEL_TEXT_LINE_H
#define MODEL_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Returns how many bytes of the text its byte order mark takes, 0 for none. */
size_t line_mark(const char *text, size_t n);

/* Checks the line that begins at `at`, whose number is `number`, from 1, and finds its length without its end
 * and with it. The errors are ERR_INVALID_INPUT with the line. */
bool line_take(const char *at, const char *end, int64_t number, size_t *n, size_t *whole, struct err *err)
    __attribute__((warn_unused_result));

/* Refuses a carriage return where one must not stand. Returns false. */
bool line_lone_return(int64_t number, struct err *err);

#endif
