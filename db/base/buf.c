#include "db/base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"

static void make_room(struct buf *b, size_t more) {
	size_t need = b->len + more + 1;

	assert(need > b->len);
	if (need > b->room) {
		b->room = need < 2 * b->room ? 2 * b->room : need;
		b->text = mem_grow(b->text, b->room, 1);
	}
}

void buf_release(struct buf *b) {
	free(b->text);
	*b = (struct buf){0};
}

void buf_add(struct buf *b, const void *bytes, size_t n) {
	make_room(b, n);
	if (n > 0) {
		memcpy(b->text + b->len, bytes, n);
	}
	b->len += n;
	b->text[b->len] = '\0';
}

void buf_char(struct buf *b, char c) {
	buf_add(b, &c, 1);
}

void buf_puts(struct buf *b, const char *s) {
	buf_add(b, s, strlen(s));
}

void buf_vprintf(struct buf *b, const char *format, va_list args) {
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(n >= 0);
	make_room(b, (size_t)n);
	(void)vsnprintf(b->text + b->len, (size_t)n + 1, format, args);
	b->len += (size_t)n;
}

void buf_printf(struct buf *b, const char *format, ...) {
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

void buf_cut(struct buf *b, size_t n) {
	assert(n <= b->len);
	b->len = n;
	if (b->text != NULL) {
		b->text[n] = '\0';
	}
}

const char *buf_text(const struct buf *b) {
	return b->text == NULL ? "" : b->text;
}

char *buf_take(struct buf *b) {
	char *text = b->text == NULL ? mem_text("") : b->text;

	*b = (struct buf){0};
	return text;
}
