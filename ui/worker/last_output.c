#include "ui/worker/last_output.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"

void last_output_add(struct last_output *t, const char *bytes, size_t n) {
	if (n > LAST_OUTPUT_BYTES) {
		bytes += n - LAST_OUTPUT_BYTES;
		n = LAST_OUTPUT_BYTES;
	}
	if (t->len + n > sizeof t->bytes) {
		size_t kept = LAST_OUTPUT_BYTES < t->len ? LAST_OUTPUT_BYTES : t->len;

		memmove(t->bytes, t->bytes + t->len - kept, kept);
		t->len = kept;
	}
	memcpy(t->bytes + t->len, bytes, n);
	t->len += n;
}

/* Reads a character; false for what PostgreSQL's text cannot hold: invalid UTF-8 and NUL. */
static bool next_char(const char **p, const char *end) {
	uint32_t code = 0;

	return utf8_next(p, end, &code) && code != 0;
}

static size_t count_chars(const char *p, const char *end) {
	size_t n = 0;

	while (p < end) {
		(void)next_char(&p, end);
		n++;
	}
	return n;
}

void last_output_text(const struct last_output *t, struct buf *out) {
	const char *p = t->bytes;
	const char *end = t->bytes + t->len;
	size_t chars;

	while (end > p && strchr(" \t\r\n", end[-1]) != NULL && end[-1] != '\0') {
		end--;
	}
	chars = count_chars(p, end);
	while (p < end) {
		const char *from = p;
		bool valid = next_char(&p, end);

		if (chars-- > LAST_OUTPUT_CHARS) {
			continue;
		}
		if (valid) {
			buf_add(out, from, (size_t)(p - from));
		} else {
			buf_puts(out, "\xef\xbf\xbd");
		}
	}
}
