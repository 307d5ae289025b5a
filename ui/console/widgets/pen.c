#include "ui/console/widgets/pen.h"

#include <stdarg.h>
#include <string.h>

#include "db/base/buf.h"
#include "model/text/safe.h"
#include "ui/console/terminal/grid.h"

#define LABEL 10 /* columns of a label and the blank after it */
#define NARROW 2

struct pen pen_start(struct grid *g, struct rect area) {
	return (struct pen){.grid = g, .area = area, .indent = 0};
}

static void new_line(struct pen *p, int column) {
	p->row++;
	p->column = column;
}

static void put(const struct pen *p, enum style style, const char *safe) {
	if (p->row >= 0 && p->row < p->area.rows) {
		(void)grid_marked(p->grid, p->area.row + p->row, p->area.column + p->column,
		    p->area.column + p->area.columns, style, safe);
	}
}

/* Draws blanks in the style of their words: that takes fewer bytes than to change the style twice. */
static void blank(struct pen *p, enum style style, size_t n) {
	for (; n > 0 && p->column < p->area.columns; n--) {
		put(p, style, " ");
		p->column++;
	}
}

static void part(struct pen *p, enum style style, const char *text, size_t n) {
	struct buf one = {0};

	buf_add(&one, text, n);
	put(p, style, buf_text(&one));
	buf_release(&one);
	p->column += (int)safe_width(text, n);
}

/* Returns how many bytes of a text fit into the rest of the line. */
static size_t fitting(const struct pen *p, const char *text, size_t n) {
	size_t fits = 0;

	for (size_t i = 1; i <= n; i++) {
		bool whole = i == n || ((unsigned char)text[i] & 0xc0) != 0x80;

		if (whole && p->column + (int)safe_width(text, i) > p->area.columns) {
			break;
		}
		fits = whole ? i : fits;
	}
	return fits;
}

/* Draws a word, on a new line where it does not fit; one that is longer than a line goes on in the next. */
static void word(struct pen *p, enum style style, const char *text, size_t n) {
	int width = (int)safe_width(text, n);

	if (p->indent > NARROW && p->indent + width > p->area.columns) {
		p->indent = NARROW; /* too long to be beside its label */
	}
	if (p->column > p->indent && p->column + width > p->area.columns) {
		new_line(p, p->indent);
	}
	for (size_t fits; (fits = fitting(p, text, n)) < n && fits > 0; n -= fits, text += fits) {
		part(p, style, text, fits);
		new_line(p, p->indent);
	}
	part(p, style, text, n);
}

void pen_say(struct pen *p, enum style style, const char *safe) {
	while (*safe != '\0') {
		size_t blanks = strspn(safe, " ");
		size_t n = strcspn(safe + blanks, " ");

		if (p->column > p->indent) {
			blank(p, style, blanks);
		}
		if (n > 0) {
			word(p, style, safe + blanks, n);
		}
		safe += blanks + n;
	}
}

void pen_print(struct pen *p, enum style style, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	pen_say(p, style, buf_text(&text));
	buf_release(&text);
}

void pen_key(struct pen *p, const char *key, const char *meaning) {
	pen_say(p, STYLE_KEY, key);
	pen_print(p, STYLE_NORMAL, " %s  ", meaning);
}

void pen_foreign(struct pen *p, enum style style, const char *text) {
	struct buf safe = {0};

	if (text != NULL) {
		safe_text(text, strlen(text), p->grid->ascii ? SAFE_ASCII : SAFE_UTF8, &safe);
		pen_say(p, style, buf_text(&safe));
	}
	buf_release(&safe);
}

void pen_break(struct pen *p) {
	p->indent = 0;
	if (p->column > 0) {
		new_line(p, 0);
	}
}

void pen_gap(struct pen *p) {
	pen_break(p);
	if (p->row > 0) {
		p->row++;
	}
}

void pen_label(struct pen *p, const char *label) {
	pen_break(p);
	pen_say(p, STYLE_DIM, label);
	p->indent = p->area.columns > 3 * LABEL ? LABEL : NARROW;
	p->column = p->column + 1 > p->indent ? p->column + 1 : p->indent;
}

bool pen_fits(const struct pen *p, int n) {
	return p->row + (p->column > 0 ? 1 : 0) + n <= p->area.rows;
}
