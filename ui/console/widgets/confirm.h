/*
 * A question that a person confirms by hand: with `y`, or by typing a phrase that holds the count and the
 * name.
 *
 * A paste, and Enter alone, confirm nothing. The caller drops the keys that were typed before the question
 * was shown whole.
 */
#ifndef UI_CONSOLE_WIDGETS_CONFIRM_H
#define UI_CONSOLE_WIDGETS_CONFIRM_H

#include <stdbool.h>

#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"
#include "ui/console/widgets/pen.h"

/* `struct confirm c = {0}` is ready. */
struct confirm {
	struct line_editor typed;
	bool copies; /* J and C copy, before anything is typed: no phrase begins with them */
};

enum confirm_result {
	CONFIRM_WAITS,
	CONFIRM_YES,
	CONFIRM_WRONG,  /* another phrase was typed */
	CONFIRM_PASTED, /* a paste, which is ignored */
	CONFIRM_LEFT,
	CONFIRM_JSON, /* J and C, before anything is typed: copy */
	CONFIRM_COMMAND
};

void confirm_release(struct confirm *c);

/* Takes a key. The phrase is ASCII; NULL asks for `y`. */
enum confirm_result confirm_key(struct confirm *c, const char *phrase, const struct key_event *event);

/* Returns the rows that confirm_draw() needs for a phrase in a width: a title, the phrase, the typed line. */
int confirm_rows(const char *phrase, int columns);

/* Draws the phrase in the lowest rows of an area, under a title and the other keys where there is room, and
 * the typed line last. */
void confirm_draw(
    const struct confirm *c, const char *phrase, const char *title, struct grid *g, struct rect area);

#endif
