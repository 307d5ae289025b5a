/*
 * One line of input: what `/`, `:` and the fields of forms are made of.
 *
 * It edits whole characters of UTF-8, keeps a history, and is the only place
 * that a paste may go to; line ends and other control characters of a paste
 * become blanks, so that a paste never accepts anything.
 *
 * Invariant: text is at most LINE_EDITOR_MAX bytes, and cursor stands at the start
 * of a character or at the end.
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
	size_t at; /* in the history; count: in the line being written */
};

enum line_editor_result {
	LINE_EDITOR_IGNORED, /* not a key of the prompt */
	LINE_EDITOR_EDITED,  /* the text is another one */
	LINE_EDITOR_MOVED,
	LINE_EDITOR_ACCEPTED,
	LINE_EDITOR_DROPPED,
	LINE_EDITOR_COMPLETE /* Tab */
};

/* `struct line_editor p = {0}` is empty and ready. */
void line_editor_release(struct line_editor *p);

void line_editor_set(struct line_editor *p, const char *text);
const char *line_editor_text(const struct line_editor *p);

enum line_editor_result line_editor_key(struct line_editor *p, const struct key_event *event);

/* Remembers the line, unless it is empty or the last one again. */
void line_editor_remember(struct line_editor *p);

/* Draws the line and puts the hardware cursor into it. Long ones scroll. */
void line_editor_draw(
    const struct line_editor *p, struct grid *g, int row, int column, int end, enum style style);

/* The column in which the character behind so many is drawn, or the nearest that is shown. */
int line_editor_column(const struct line_editor *p, size_t characters, int column, int end, bool ascii);

bool line_editor_valid(const struct line_editor *p);

#endif
