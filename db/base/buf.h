/*
 * A growing text: the one way to build strings of unknown length.
 *
 * Invariant: text is NULL and room is 0, or text holds len bytes followed by a NUL, and room bytes are
 * allocated.  `struct buf b = {0}` is an empty text.
 */
#ifndef DB_BASE_BUF_H
#define DB_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *text;
	size_t len;
	size_t room;
};

void buf_release(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_char(struct buf *b, char c);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Truncates the text to its first n bytes; keeps the room. */
void buf_cut(struct buf *b, size_t n);

/* Returns the text so far, "" when nothing was added; borrowed until the next change. */
const char *buf_text(const struct buf *b) __attribute__((returns_nonnull));

/* Returns the text, owned by the caller, and leaves the buffer empty. */
char *buf_take(struct buf *b) __attribute__((returns_nonnull, warn_unused_result));

#endif
