/*
 * Writes mdoc, the language of the manual, so that plain text keeps its meaning in it: no word becomes a
 * macro, no line begins with a control character, and a minus stays a minus that can be copied.
 */
#ifndef UI_MANUAL_MDOC_H
#define UI_MANUAL_MDOC_H

#include <stddef.h>

struct buf;

/* Appends a paragraph: a sentence a line, as mdoc wants it, ended by a newline. The text may have line ends;
 * they are blanks, but lines with two blanks in a row, such as a row of examples, stay lines. */
void mdoc_text(const char *text, struct buf *out);

/* Appends a clause of the tables as a sentence: with a capital and a full stop. */
void mdoc_sentence(const char *clause, struct buf *out);

/* Appends ` "WORD"`: n bytes as one argument of a macro. */
void mdoc_argument(const char *text, size_t n, struct buf *out);

/* Appends a line of literal text. */
void mdoc_literal(const char *text, size_t n, struct buf *out);

/* Appends a synopsis, such as "POOL --kind K [RANGE…]", as macros behind those of the line. */
void mdoc_synopsis(const char *text, struct buf *out);

#endif
