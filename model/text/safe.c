#include "model/text/safe.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "db/base/buf.h"
#include "model/syntax/name.h"

#define MARKS_PER_CELL 2

static const struct {
	const char *open, *close, *ellipsis;
} forms[] = {
    [SAFE_UTF8] = {"\u2039", "\u203a", "\u2026"},
    [SAFE_ASCII] = {"<", ">", ".."},
};

/* Characters to mark whose category does not say so. */
static const struct {
	uint32_t first, last;
} denied[] = {
    {0x1160, 0x11ff},   /* Hangul vowels and finals: one column or none */
    {0x2800, 0x2800},   /* braille blank */
    {0x3248, 0x324f},   /* circled numbers on black squares: one column or two */
    {0x4dc0, 0x4dff},   /* hexagrams: two columns since Unicode 16 */
    {0xd7b0, 0xd7ff},   /* more Hangul vowels and finals */
    {0x13441, 0x13442}, /* Egyptian blanks */
    {0x16fe4, 0x16fe4}, /* Khitan filler */
    {0x1d159, 0x1d159}, /* musical null notehead */
    {0x1f1e6, 0x1f1ff}, /* regional indicators: two may become one flag */
    {0x1f3fb, 0x1f3ff}, /* skin tones: may change the character before them */
};

static bool plain(uint32_t code) {
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

	/* In utf8proc's order, separators and "other" categories, except "unassigned", come last. */
	if (category == UTF8PROC_CATEGORY_CN || category >= UTF8PROC_CATEGORY_ZS) {
		return code == ' ';
	}
	for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
		if (code >= denied[i].first && code <= denied[i].last) {
			return false;
		}
	}
	return !utf8proc_get_property((utf8proc_int32_t)code)->ignorable;
}

static void put_escape(struct buf *out, uint32_t code) {
	if (code > 0xffff) {
		buf_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
		    0xdc00 + ((code - 0x10000) & 0x3ff));
	} else {
		buf_printf(out, "\\u%04x", code);
	}
}

/* In valid JSON control characters occur only between values, where a blank is equivalent, and characters
 * beyond ASCII only in strings. */
void safe_json(const char *text, size_t n, struct buf *out) {
	const char *end = text + n;

	while (text < end) {
		const char *at = text;
		uint32_t code = 0;

		if (!utf8_next(&text, end, &code)) {
			put_escape(out, 0xfffd);
		} else if (code < 0x20) {
			buf_char(out, ' ');
		} else if (plain(code)) {
			buf_add(out, at, (size_t)(text - at));
		} else {
			put_escape(out, code);
		}
	}
}

static bool combines(uint32_t code) {
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

/* Spacing marks of Indic scripts have width 0 in utf8proc and one column on terminals. */
static int width(uint32_t code) {
	int columns = utf8proc_charwidth((utf8proc_int32_t)code);

	return columns < 1 ? 1 : columns;
}

static void put_code(struct buf *out, enum safe_form form, uint32_t code) {
	buf_printf(out, "%s%02X%s", forms[form].open, code, forms[form].close);
}

/* Returns the length of a mark's content: a code in hex, or "+n"; 0 for none. */
static size_t mark_digits(const char *p, size_t left) {
	size_t n = left > 0 && p[0] == '+' ? 1 : 0;
	size_t sign = n;
	const char *set = sign > 0 ? "0123456789" : "0123456789ABCDEF";

	while (n < left && p[n] != '\0' && strchr(set, p[n]) != NULL) {
		n++;
	}
	return sign > 0 ? (n > 1 ? n : 0) : (n >= 2 && n <= 6 ? n : 0);
}

size_t safe_mark(const char *p, const char *end, enum safe_form form) {
	size_t open = strlen(forms[form].open);
	size_t close = strlen(forms[form].close);
	size_t left = (size_t)(end - p);

	if (left < open || memcmp(p, forms[form].open, open) != 0) {
		return 0;
	}
	size_t n = mark_digits(p + open, left - open);
	if (n == 0 || left - open - n < close || memcmp(p + open + n, forms[form].close, close) != 0) {
		return 0;
	}
	return open + n + close;
}

/* The cell written last: whether combining marks can follow, and how many it has. */
struct cell_state {
	bool base;
	size_t marks;
	size_t dropped;
};

static void end_cell(struct cell_state *cell, enum safe_form form, struct buf *out) {
	if (cell->dropped > 0) {
		buf_printf(out, "%s+%zu%s", forms[form].open, cell->dropped, forms[form].close);
	}
	*cell = (struct cell_state){0};
}

static void put_char(const char *at, size_t n, uint32_t code, enum safe_form form, struct buf *out) {
	if (form == SAFE_ASCII && code > 0x7e) {
		put_code(out, form, code);
	} else {
		buf_add(out, at, n);
	}
}

static void put_combining(
    struct cell_state *cell, const char *at, size_t n, uint32_t code, enum safe_form form, struct buf *out) {
	if (!cell->base) {
		put_code(out, form, code);
	} else if (cell->marks < MARKS_PER_CELL) {
		cell->marks++;
		put_char(at, n, code, form, out);
	} else {
		cell->dropped++;
	}
}

/* The text without the blanks at its ends. */
struct core {
	const char *first, *end;
};

static struct core core_of(const char *text, size_t n) {
	struct core core = {text, text + n};

	while (core.first < core.end && *core.first == ' ') {
		core.first++;
	}
	while (core.end > core.first && core.end[-1] == ' ') {
		core.end--;
	}
	return core;
}

void safe_text(const char *text, size_t n, enum safe_form form, struct buf *out) {
	const char *end = text + n;
	struct core core = core_of(text, n);
	struct cell_state cell = {0};

	for (const char *p = text; p < end;) {
		const char *at = p;
		uint32_t code = 0;
		bool valid = utf8_next(&p, end, &code);
		bool shown = valid && plain(code) && at >= core.first && at < core.end;

		if (shown && combines(code)) {
			put_combining(&cell, at, (size_t)(p - at), code, form, out);
			continue;
		}
		end_cell(&cell, form, out);
		if (shown && safe_mark(at, end, form) == 0) {
			put_char(at, (size_t)(p - at), code, form, out);
			cell.base = true;
		} else {
			put_code(out, form, valid ? code : (unsigned char)*at);
		}
	}
	end_cell(&cell, form, out);
}

bool safe_next(const char **p, const char *end, struct safe_cell *cell) {
	const char *next = *p;
	uint32_t code = 0;

	if (next >= end) {
		return false;
	}
	if (!utf8_next(&next, end, &code)) {
		code = ' ';
	}
	*cell = (struct safe_cell){.bytes = *p, .width = width(code)};
	for (int i = 0; i < MARKS_PER_CELL && next < end; i++) {
		const char *after = next;

		if (!utf8_next(&after, end, &code) || !combines(code)) {
			break;
		}
		next = after;
	}
	cell->n = (size_t)(next - *p);
	*p = next;
	return true;
}

size_t safe_width(const char *safe, size_t n) {
	const char *end = safe + n;
	struct safe_cell cell;
	size_t columns = 0;

	while (safe_next(&safe, end, &cell)) {
		columns += (size_t)cell.width;
	}
	return columns;
}

/* Returns the columns of the cell or mark at *p, which is never cut, and moves *p after it. */
static size_t next_unit(const char **p, const char *end, enum safe_form form) {
	size_t mark = safe_mark(*p, end, form);
	struct safe_cell cell = {0};

	if (mark == 0) {
		(void)safe_next(p, end, &cell);
		return (size_t)cell.width;
	}
	*p += mark;
	return safe_width(*p - mark, mark);
}

/* Appends the first units that fit. Returns their columns. */
static size_t put_head(const char *p, const char *end, size_t room, enum safe_form form, struct buf *out) {
	const char *from = p;
	size_t used = 0;

	while (p < end) {
		const char *next = p;
		size_t columns = next_unit(&next, end, form);

		if (used + columns > room) {
			break;
		}
		used += columns;
		p = next;
	}
	buf_add(out, from, (size_t)(p - from));
	return used;
}

/* Appends the last units that fit. Returns their columns. */
static size_t put_tail(
    const char *p, const char *end, size_t total, size_t room, enum safe_form form, struct buf *out) {
	while (total > room) {
		total -= next_unit(&p, end, form);
	}
	buf_add(out, p, (size_t)(end - p));
	return total;
}

void safe_fit(const char *safe, size_t columns, enum safe_cut cut, enum safe_form form, struct buf *out) {
	const char *end = safe + strlen(safe);
	const char *ellipsis = forms[form].ellipsis;
	size_t total = safe_width(safe, strlen(safe));
	size_t gap = safe_width(ellipsis, strlen(ellipsis));
	size_t used = 0;

	if (total <= columns) {
		buf_puts(out, safe);
		return;
	}
	if (columns < gap) {
		buf_add(out, ellipsis, columns); /* a part of "..": "…" has one column */
		return;
	}
	size_t room = columns - gap;
	used = put_head(safe, end, cut == SAFE_CUT_END ? room : (room + 1) / 2, form, out);
	buf_puts(out, ellipsis);
	if (cut == SAFE_CUT_MIDDLE) {
		used += put_tail(safe, end, total, room - used, form, out);
	}
	buf_printf(out, "%*s", (int)(room - used), "");
}
