#include "ui/console/marked.h"

#include <string.h>

#include "db/buf.h"
#include "model/alike.h"
#include "ui/console/grid.h"
#include "ui/console/pen.h"

#define SPANS 8

/* A blank within a text is plain, at its ends it is a mark: so the ends stay ends, and others do not become
 * some. */
static void part(struct pen *p, enum style style, const char *text, size_t from, size_t to, bool differs) {
	enum safe_form form = p->grid->ascii ? SAFE_ASCII : SAFE_UTF8;
	bool first = from == 0 || differs;
	bool last = text[to] == '\0' || differs;
	struct buf whole = {0};
	struct buf safe = {0};

	buf_puts(&whole, first ? "" : ".");
	buf_add(&whole, text + from, to - from);
	buf_puts(&whole, last ? "" : ".");
	safe_text(buf_text(&whole), whole.len, form, &safe);
	if (!last) {
		buf_cut(&safe, safe.len - 1);
	}
	p->column = grid_marked(p->grid, p->area.row + p->row, p->area.column + p->column,
			p->area.column + p->area.columns, style, buf_text(&safe) + (first ? 0 : 1)) -
		    p->area.column;
	buf_release(&whole);
	buf_release(&safe);
}

static void bracket(struct pen *p, const char *sign) {
	p->column = grid_put(p->grid, p->area.row + p->row, p->area.column + p->column,
			p->area.column + p->area.columns, STYLE_ACCENT, sign) -
		    p->area.column;
}

void marked_text(struct pen *p, const char *text, const char *other) {
	struct alike_span spans[SPANS];
	size_t count = alike_differs(text, other, spans, SPANS);
	size_t at = 0;

	if (p->row < 0 || p->row >= p->area.rows) {
		p->column = 1;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		part(p, STYLE_NORMAL, text, at, spans[i].from, false);
		bracket(p, "[");
		part(p, STYLE_WARNING, text, spans[i].from, spans[i].to, true);
		bracket(p, "]");
		at = spans[i].to;
	}
	part(p, STYLE_NORMAL, text, at, strlen(text), false);
}
