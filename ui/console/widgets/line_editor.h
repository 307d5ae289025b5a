/*
 * One line of input, for `/`, `:` and the fields of forms.
 *
 * It edits whole UTF-8 characters and keeps a history.  Only a line editor takes a paste; control characters
 * in it become blanks, so that a paste never submits anything.
 *
 * Invariant: text has at most LINE_EDITOR_MAX bytes, and cursor is at the start of a character or at the end.
 */
#ifndef UI_CONSOLE_WIDGETS_LINE_EDITOR_H
#define UI_CONSOLE_WIDGETS_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"
#include "ui/console/terminal/key.h"
#include "ui/console/terminal/style.h"

#define LINE_EDITOR_MAX 1000

struct grid;

struct line_editor {
	struct buf text;
	size_t cursor;
	char **history; /* oldest first */
	size_t count;
	size_t at; /* index in the history; count: the new line */
};

enum line_editor_result {
	LINE_EDITOR_IGNORED, /* not a key of the editor */
	LINE_EDITOR_EDITED,  /* the text has changed */
	LINE_EDITOR_MOVED,
	LINE_EDITOR_ACCEPTED,
	LINE_EDITOR_DROPPED,
	LINE_EDITOR_COMPLETE /* Tab */
};

/* `struct line_editor p = {0}` is empty. */
void line_editor_release(struct line_editor *p);

void line_editor_set(struct line_editor *p, const char *text);
const char *line_editor_text(const struct line_editor *p);

enum line_editor_result line_editor_key(struct line_editor *p, const struct key_event *event);

/* Adds the line to the history, unless it is empty or the last one again. */
void line_editor_remember(struct line_editor *p);

/* Draws the line, scrolled if it is long, with the hardware cursor. */
void line_editor_draw(
    const struct line_editor *p, struct grid *g, int row, int column, int end, enum style style);

/* Returns the column of the character with that index, or the nearest visible column. */
int line_editor_column(const struct line_editor *p, size_t characters, int column, int end, bool ascii);

/* Returns true when the invariant holds; for tests. */
bool line_editor_valid(const struct line_editor *p);

#endif
