#include "ui/manual/mdoc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"

#define ELLIPSIS 0x2026

enum { LINE = 66 /* bytes of a line of the source, before characters are escaped */ };

/* Appends one character as running text or as a part of an argument. */
static void put(uint32_t code, bool literal, char before, struct buf *out) {
	bool word_begins =
	    before == ' ' || before == '\0' || before == '-' || strchr("([|'\"", before) != NULL;

	switch (code) {
	case '\\':
		buf_puts(out, "\\e");
		break;
	case '"':
		buf_puts(out, "\\(dq");
		break;
	case '\'':
		buf_puts(out, "\\(aq");
		break;
	case '`':
		buf_puts(out, "\\(ga");
		break;
	case '^':
		buf_puts(out, "\\(ha");
		break;
	case '~':
		buf_puts(out, "\\(ti");
		break;
	case '-':
		buf_puts(out, literal || word_begins ? "\\-" : "-");
		break;
	case ELLIPSIS:
		buf_puts(out, "...");
		break;
	default:
		if (code < 0x80) {
			buf_char(out, (char)code);
		} else {
			buf_printf(out, "\\[u%04X]", (unsigned)code);
		}
	}
}

static void put_all(const char *text, size_t n, bool literal, struct buf *out) {
	char before = '\0';

	for (const char *at = text; at < text + n;) {
		uint32_t code = '?';
		char now = *at;

		if (!utf8_next(&at, text + n, &code)) {
			code = '?';
		}
		put(code, literal, before, out);
		before = now;
	}
}

/* Appends a line; one that begins with a control character is protected. */
static void put_line(const char *text, size_t n, bool literal, struct buf *out) {
	if (n > 0 && (*text == '.' || *text == '\'')) {
		buf_puts(out, "\\&");
	}
	put_all(text, n, literal, out);
	buf_char(out, '\n');
}

/* Returns the bytes of the text up to a blank that fit a line of the source, or the first word. */
static size_t fitting(const char *text, size_t n) {
	size_t fits = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i == n || text[i] == ' ') {
			fits = i <= LINE || fits == 0 ? i : fits;
		}
	}
	return fits;
}

/* Appends running text in lines that editors show whole. */
static void put_lines(const char *text, size_t n, struct buf *out) {
	while (n > 0) {
		size_t used = fitting(text, n);

		put_line(text, used, false, out);
		used += used < n ? 1 : 0;
		text += used;
		n -= used;
	}
}

/* Returns the bytes of the first sentence, up to a blank between a full stop and a capital, or of all. */
static size_t sentence(const char *text, size_t n) {
	for (size_t i = 1; i + 1 < n; i++) {
		if (text[i] == ' ' && strchr(".!?", text[i - 1]) != NULL &&
		    (text[i + 1] == '-' || (text[i + 1] >= 'A' && text[i + 1] <= 'Z'))) {
			return i;
		}
	}
	return n;
}

static void put_sentences(const char *text, size_t n, struct buf *out) {
	while (n > 0) {
		size_t used = sentence(text, n);

		put_lines(text, used, out);
		used += used < n ? 1 : 0;
		text += used;
		n -= used;
	}
}

void mdoc_text(const char *text, struct buf *out) {
	struct buf paragraph = {0};

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *row = memmem(text, n, "  ", 2);

		if (row != NULL) {
			put_sentences(buf_text(&paragraph), paragraph.len, out);
			buf_release(&paragraph);
			buf_puts(out, ".Bd -unfilled -compact\n");
			put_line(text, n, true, out);
			buf_puts(out, ".Ed\n");
		} else {
			buf_puts(&paragraph, paragraph.len == 0 ? "" : " ");
			buf_add(&paragraph, text, n);
		}
		text += n + (text[n] == '\n' ? 1 : 0);
	}
	put_sentences(buf_text(&paragraph), paragraph.len, out);
	buf_release(&paragraph);
}

void mdoc_sentence(const char *clause, struct buf *out) {
	struct buf text = {0};
	bool word = strcspn(clause, "@=/0123456789") >= strcspn(clause, " ");

	buf_char(&text, word && *clause >= 'a' && *clause <= 'z' ? (char)(*clause - 'a' + 'A') : *clause);
	buf_printf(&text, "%s.", clause + 1);
	mdoc_text(buf_text(&text), out);
	buf_release(&text);
}

void mdoc_argument(const char *text, size_t n, struct buf *out) {
	buf_puts(out, n > 3 ? " \"" : " \"\\&");
	put_all(text, n, true, out);
	buf_char(out, '"');
}

void mdoc_literal(const char *text, size_t n, struct buf *out) {
	put_line(text, n, true, out);
}

/* Appends one word of a synopsis, without its brackets. */
static void synopsis_word(const char *word, size_t n, struct buf *out) {
	const char *macro = *word == '-' ? " Fl" : *word >= 'a' && *word <= 'z' ? " Cm" : " Ar";
	size_t dash = *word == '-' ? 1 : 0;

	if (*word == '|' && n == 1) {
		buf_puts(out, " |");
		return;
	}
	buf_puts(out, macro);
	mdoc_argument(word + dash, n - dash, out);
}

void mdoc_synopsis(const char *text, struct buf *out) {
	int open = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		size_t opens = *text == '[' ? 1 : 0;
		size_t closes;

		open += opens == 1 ? 1 : 0;
		closes = open > 0 && text[n - 1] == ']' ? 1 : 0;
		open -= closes == 1 ? 1 : 0;
		buf_puts(out, opens == 1 ? " Oo" : "");
		synopsis_word(text + opens, n - opens - closes, out);
		buf_puts(out, closes == 1 ? " Oc" : "");
		text += n + strspn(text + n, " ");
	}
}
