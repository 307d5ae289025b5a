#include "ui/console/widgets/diff.h"

#include <string.h>

#include "db/base/buf.h"
#include "model/text/lookalike.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"
#include "ui/text/plain_json.h"

#define SPANS 8
#define LETTERS 26 /* members that have a letter of their own */

/* Prints a part of the text. A blank is shown as a mark at an end of the whole text and of a differing part,
 * but plain at the end of another part. */
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

void diff_text(struct pen *p, const char *text, const char *other) {
	struct alike_span spans[SPANS];
	size_t count = alike_spans(text, other, spans, SPANS);
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

void diff_members(struct pen *p, const json_t *members) {
	for (size_t i = 0; i < json_array_size(members); i++) {
		struct buf text = {0};
		struct buf other = {0};

		if (!pen_fits(p, 1)) {
			return;
		}
		plain_value(json_array_get(members, i), &text);
		plain_value(json_array_get(members, i == 0 ? 1 : 0), &other);
		pen_break(p);
		pen_print(p, STYLE_BOLD, "%c  ", i < LETTERS ? 'A' + (int)i : '.');
		diff_text(p, buf_text(&text), buf_text(&other));
		buf_release(&text);
		buf_release(&other);
	}
	pen_break(p);
}
