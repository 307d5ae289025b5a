#include "ui/console/widgets/line_editor.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/text/safe.h"
#include "ui/console/terminal/grid.h"

#define HISTORY 100

void line_editor_release(struct line_editor *p) {
	buf_release(&p->text);
	for (size_t i = 0; i < p->count; i++) {
		free(p->history[i]);
	}
	free(p->history);
	*p = (struct line_editor){0};
}

void line_editor_set(struct line_editor *p, const char *text) {
	size_t n = strlen(text);

	buf_cut(&p->text, 0);
	buf_add(&p->text, text, n < LINE_EDITOR_MAX ? n : 0);
	p->cursor = p->text.len;
	p->at = p->count;
}

const char *line_editor_text(const struct line_editor *p) {
	return buf_text(&p->text);
}

static bool continues(char c) {
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t before(const struct line_editor *p, size_t at) {
	while (at > 0 && continues(line_editor_text(p)[--at])) {
	}
	return at;
}

static size_t behind(const struct line_editor *p, size_t at) {
	while (at < p->text.len && continues(line_editor_text(p)[++at])) {
	}
	return at;
}

static enum line_editor_result move(struct line_editor *p, size_t to) {
	p->cursor = to;
	return LINE_EDITOR_MOVED;
}

/* Replaces the bytes from `from` to `to`. */
static enum line_editor_result replace(
    struct line_editor *p, size_t from, size_t to, const char *bytes, size_t n) {
	struct buf tail = {0};

	if (p->text.len - (to - from) + n > LINE_EDITOR_MAX) {
		return LINE_EDITOR_MOVED;
	}
	buf_add(&tail, line_editor_text(p) + to, p->text.len - to);
	buf_cut(&p->text, from);
	buf_add(&p->text, bytes, n);
	buf_add(&p->text, buf_text(&tail), tail.len);
	buf_release(&tail);
	p->cursor = from + n;
	return LINE_EDITOR_EDITED;
}

static size_t word_before(const struct line_editor *p) {
	size_t at = p->cursor;

	while (at > 0 && line_editor_text(p)[at - 1] == ' ') {
		at--;
	}
	while (at > 0 && line_editor_text(p)[at - 1] != ' ') {
		at--;
	}
	return at;
}

static enum line_editor_result recall(struct line_editor *p, size_t at) {
	if (at > p->count) {
		return LINE_EDITOR_MOVED;
	}
	line_editor_set(p, at < p->count ? p->history[at] : "");
	p->at = at;
	return LINE_EDITOR_EDITED;
}

/* Inserts a paste; control characters and invalid UTF-8 become blanks. */
static enum line_editor_result paste(struct line_editor *p, const char *text, size_t n) {
	const char *end = text + n;
	struct buf clean = {0};
	enum line_editor_result result;
	uint32_t code;

	while (text < end) {
		const char *start = text;

		if (!utf8_next(&text, end, &code) || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
			buf_char(&clean, ' ');
		} else {
			buf_add(&clean, start, (size_t)(text - start));
		}
	}
	result = replace(p, p->cursor, p->cursor, buf_text(&clean), clean.len);
	buf_release(&clean);
	return result;
}

static enum line_editor_result type(struct line_editor *p, int code) {
	char bytes[4];
	size_t n;

	if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000)) {
		return LINE_EDITOR_IGNORED;
	}
	if (code < 0x80) {
		bytes[0] = (char)code;
		n = 1;
	} else {
		n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
		for (size_t i = n - 1; i > 0; i--) {
			bytes[i] = (char)(0x80 | (code & 0x3f));
			code >>= 6;
		}
		bytes[0] = (char)((0xf00 >> n & 0xff) | code);
	}
	return replace(p, p->cursor, p->cursor, bytes, n);
}

enum edit {
	EDIT_ACCEPT,
	EDIT_DROP,
	EDIT_COMPLETE,
	EDIT_PASTE,
	EDIT_LEFT,
	EDIT_RIGHT,
	EDIT_HOME,
	EDIT_END,
	EDIT_RUB,
	EDIT_DELETE,
	EDIT_CUT_START,
	EDIT_CUT_END,
	EDIT_CUT_WORD,
	EDIT_OLDER,
	EDIT_NEWER,
	EDIT_TYPE
};

static const struct {
	enum edit edit;
	int keys[3]; /* ended by 0 */
} edits[] = {
    {EDIT_ACCEPT, {KEY_CODE_ENTER}},
    {EDIT_DROP, {KEY_CODE_ESCAPE, KEY_CODE_CTRL('c')}},
    {EDIT_COMPLETE, {KEY_CODE_TAB}},
    {EDIT_PASTE, {KEY_CODE_PASTE}},
    {EDIT_LEFT, {KEY_CODE_LEFT, KEY_CODE_CTRL('b')}},
    {EDIT_RIGHT, {KEY_CODE_RIGHT, KEY_CODE_CTRL('f')}},
    {EDIT_HOME, {KEY_CODE_HOME, KEY_CODE_CTRL('a')}},
    {EDIT_END, {KEY_CODE_END, KEY_CODE_CTRL('e')}},
    {EDIT_RUB, {KEY_CODE_BACKSPACE, KEY_CODE_CTRL('h'), 0x7f}},
    {EDIT_DELETE, {KEY_CODE_DELETE, KEY_CODE_CTRL('d')}},
    {EDIT_CUT_START, {KEY_CODE_CTRL('u')}},
    {EDIT_CUT_END, {KEY_CODE_CTRL('k')}},
    {EDIT_CUT_WORD, {KEY_CODE_CTRL('w')}},
    {EDIT_OLDER, {KEY_CODE_UP, KEY_CODE_CTRL('p')}},
    {EDIT_NEWER, {KEY_CODE_DOWN, KEY_CODE_CTRL('n')}},
};

static enum edit edit_of(int key) {
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		for (size_t k = 0; k < 3 && edits[i].keys[k] != 0; k++) {
			if (edits[i].keys[k] == key) {
				return edits[i].edit;
			}
		}
	}
	return EDIT_TYPE;
}

enum line_editor_result line_editor_key(struct line_editor *p, const struct key_event *event) {
	switch (edit_of(event->key)) {
	case EDIT_ACCEPT:
		return LINE_EDITOR_ACCEPTED;
	case EDIT_DROP:
		return LINE_EDITOR_DROPPED;
	case EDIT_COMPLETE:
		return LINE_EDITOR_COMPLETE;
	case EDIT_PASTE:
		return paste(p, event->text, event->n);
	case EDIT_LEFT:
		return move(p, before(p, p->cursor));
	case EDIT_RIGHT:
		return move(p, behind(p, p->cursor));
	case EDIT_HOME:
		return move(p, 0);
	case EDIT_END:
		return move(p, p->text.len);
	case EDIT_RUB:
		return replace(p, before(p, p->cursor), p->cursor, "", 0);
	case EDIT_DELETE:
		return replace(p, p->cursor, behind(p, p->cursor), "", 0);
	case EDIT_CUT_START:
		return replace(p, 0, p->cursor, "", 0);
	case EDIT_CUT_END:
		return replace(p, p->cursor, p->text.len, "", 0);
	case EDIT_CUT_WORD:
		return replace(p, word_before(p), p->cursor, "", 0);
	case EDIT_OLDER:
		return p->at > 0 ? recall(p, p->at - 1) : LINE_EDITOR_MOVED;
	case EDIT_NEWER:
		return recall(p, p->at + 1);
	case EDIT_TYPE:
		break;
	}
	return type(p, event->key);
}

void line_editor_remember(struct line_editor *p) {
	bool again = p->count > 0 && strcmp(p->history[p->count - 1], line_editor_text(p)) == 0;

	if (p->text.len > 0 && !again) {
		if (p->count == HISTORY) {
			free(p->history[0]);
			memmove(p->history, p->history + 1, (HISTORY - 1) * sizeof *p->history);
			p->count--;
		}
		p->history = mem_grow(p->history, p->count + 1, sizeof *p->history);
		p->history[p->count++] = mem_text(line_editor_text(p));
	}
	p->at = p->count;
}

/* Makes the text safe word by word, so that a blank at its end is not marked. */
static void typed(const struct line_editor *p, size_t from, size_t to, bool ascii, struct buf *out) {
	const char *text = line_editor_text(p);

	while (from < to) {
		const char *blank = memchr(text + from, ' ', to - from);
		size_t n = blank == NULL ? to - from : (size_t)(blank - (text + from));

		safe_text(text + from, n, ascii ? SAFE_ASCII : SAFE_UTF8, out);
		from += n;
		if (from < to) {
			buf_char(out, ' ');
			from++;
		}
	}
}

static int columns_of(const struct line_editor *p, size_t from, size_t to, bool ascii) {
	struct buf safe = {0};
	int width;

	typed(p, from, to, ascii, &safe);
	width = (int)safe_width(buf_text(&safe), safe.len);
	buf_release(&safe);
	return width;
}

/* Returns the offset of the first visible character, so that the cursor is visible. */
static size_t scrolled(const struct line_editor *p, int room, bool ascii) {
	size_t from = 0;

	while (from < p->cursor && columns_of(p, from, p->cursor, ascii) >= room) {
		from = behind(p, from);
	}
	return from;
}

int line_editor_column(const struct line_editor *p, size_t characters, int column, int end, bool ascii) {
	size_t from = scrolled(p, end - column, ascii);
	size_t at = 0;

	while (characters-- > 0 && at < p->text.len) {
		at = behind(p, at);
	}
	column += at > from ? columns_of(p, from, at, ascii) : 0;
	return column < end ? column : end - 1;
}

void line_editor_draw(
    const struct line_editor *p, struct grid *g, int row, int column, int end, enum style style) {
	struct buf safe = {0};
	size_t from = scrolled(p, end - column, g->ascii);
	int cursor;

	typed(p, from, p->text.len, g->ascii, &safe);
	(void)grid_marked(g, row, column, end, style, buf_text(&safe));
	buf_release(&safe);
	cursor = column + columns_of(p, from, p->cursor, g->ascii);
	if (row >= 0 && row < g->rows && g->columns > 0) {
		g->cursor_row = row;
		g->cursor_column = cursor < g->columns ? cursor : g->columns - 1;
	}
}

bool line_editor_valid(const struct line_editor *p) {
	return p->text.len <= LINE_EDITOR_MAX && p->cursor <= p->text.len &&
	       !continues(line_editor_text(p)[p->cursor]);
}
