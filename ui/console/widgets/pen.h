/*
 * Running text in a rectangle of a grid: words wrap, and lines that do not fit are dropped from the end.
 */
#ifndef UI_CONSOLE_WIDGETS_PEN_H
#define UI_CONSOLE_WIDGETS_PEN_H

#include <stdbool.h>

#include "ui/console/terminal/style.h"

struct grid;

struct rect {
	int row;
	int column;
	int rows;
	int columns;
};

struct pen {
	struct grid *grid;
	struct rect area;
	int row; /* row of the next word, in the area; nothing is drawn when negative */
	int column;
	int indent; /* of wrapped lines */
};

struct pen pen_start(struct grid *g, struct rect area);

/* Print safe text, word by word. */
void pen_say(struct pen *p, enum style style, const char *safe);
void pen_print(struct pen *p, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints a key and its meaning. */
void pen_key(struct pen *p, const char *key, const char *meaning);

/* Prints foreign text; NULL is nothing. */
void pen_foreign(struct pen *p, enum style style, const char *text);

/* End the line, if one is begun; and leave a blank line where there is room. */
void pen_break(struct pen *p);
void pen_gap(struct pen *p);

/* Begins a line with a label in a column of its own; the text after it wraps in its own column. */
void pen_label(struct pen *p, const char *label);

/* Returns whether there is room for n more lines. */
bool pen_fits(const struct pen *p, int n);

#endif
