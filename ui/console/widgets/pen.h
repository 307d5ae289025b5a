/*
 * Running text in a rectangle of a grid: words wrap, lines that do not fit are
 * dropped from the end.
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
	int row; /* where the next word goes, inside of the area; before it nothing is drawn */
	int column;
	int indent; /* of the lines that a text wraps to */
};

struct pen pen_start(struct grid *g, struct rect area);

/* Safe text, word by word. */
void pen_say(struct pen *p, enum style style, const char *safe);
void pen_print(struct pen *p, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A key and its meaning. */
void pen_key(struct pen *p, const char *key, const char *meaning);

/* Foreign text; NULL is nothing. */
void pen_foreign(struct pen *p, enum style style, const char *text);

/* Ends the line, if one is begun; and leaves a blank one where there is room. */
void pen_break(struct pen *p);
void pen_gap(struct pen *p);

/* Begins a line with a label in a column of its own; what follows wraps behind it. */
void pen_label(struct pen *p, const char *label);

/* Whether there is room for n more lines. */
bool pen_fits(const struct pen *p, int n);

#endif
