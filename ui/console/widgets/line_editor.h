/*
 * One line of input: what `/`, `:` and the fields of forms are made of.
 *
 * It edits whole characters of UTF-8, keeps a history, and is the only place
 * that a paste may go to; line ends and other control characters of a paste
 * become blanks, so that a paste never accepts anything.
 *
 * Invariant: text is at most PROMPT_MAX bytes, and cursor stands at the start
 * of a character or at the end.
 */
#ifndef UI_CONSOLE_WIDGETS_LINE_EDITOR_H
#define UI_CONSOLE_WIDGETS_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"
#include "ui/console/terminal/key.h"
#include "ui/console/terminal/style.h"

#define PROMPT_MAX 1000

struct grid;

struct prompt {
	struct buf text;
	size_t cursor;
	char **history; /* oldest first */
	size_t count;
	size_t at; /* in the history; count: in the line being written */
};

enum prompt_result {
	PROMPT_IGNORED, /* not a key of the prompt */
	PROMPT_EDITED,  /* the text is another one */
	PROMPT_MOVED,
	PROMPT_ACCEPTED,
	PROMPT_DROPPED,
	PROMPT_COMPLETE /* Tab */
};

/* `struct prompt p = {0}` is empty and ready. */
void prompt_release(struct prompt *p);

void prompt_set(struct prompt *p, const char *text);
const char *prompt_text(const struct prompt *p);

enum prompt_result prompt_press(struct prompt *p, const struct press *press);

/* Remembers the line, unless it is empty or the last one again. */
void prompt_remember(struct prompt *p);

/* Draws the line and puts the hardware cursor into it. Long ones scroll. */
void prompt_draw(const struct prompt *p, struct grid *g, int row, int column, int end, enum style style);

/* The column in which the character behind so many is drawn, or the nearest that is shown. */
int prompt_column(const struct prompt *p, size_t characters, int column, int end, bool ascii);

bool prompt_valid(const struct prompt *p);

#endif
