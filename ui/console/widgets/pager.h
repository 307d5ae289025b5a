/*
 * A text that is longer or wider than the screen: it scrolls in lines and columns.
 */
#ifndef UI_CONSOLE_WIDGETS_PAGER_H
#define UI_CONSOLE_WIDGETS_PAGER_H

#include "ui/console/widgets/pen.h"

struct grid;

/* `struct pager p = {0}` shows the beginning. */
struct pager {
	int top;     /* the first line that is shown */
	int left;    /* the first column */
	int page;    /* lines on the screen, as last laid out */
	int lines;   /* of the text */
	int columns; /* of its widest line */
};

/* Counts the lines of the text and goes to its beginning. */
void pager_open(struct pager *p, const char *text);

/* Scrolls by these many lines and columns, as far as there are any. */
void pager_scroll(struct pager *p, int lines, int columns);

/* Draws the part of the text that is shown, which must be safe. */
void pager_draw(const struct pager *p, const char *text, struct grid *g, struct rect area);

#endif
