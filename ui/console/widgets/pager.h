/*
 * A text that is longer or wider than the screen: it scrolls in lines and columns.
 */
#ifndef UI_CONSOLE_WIDGETS_PAGER_H
#define UI_CONSOLE_WIDGETS_PAGER_H

#include "ui/console/widgets/pen.h"
#include "ui/console/widgets/text_search.h"

struct grid;

/* `struct pager p = {0}` shows the beginning. */
struct pager {
	int top;     /* the first line that is shown */
	int left;    /* the first column */
	int page;    /* lines on the screen, as last laid out */
	int lines;   /* of the text */
	int columns; /* of its widest line */
	int found;   /* the line that the search went to last */
	struct text_search search;
};

void pager_release(struct pager *p);

/* Takes a key of the search; false for others. */
bool pager_key(struct pager *p, const char *text, const struct key_event *event);

/* Counts the lines of the text and goes to its beginning. */
void pager_open(struct pager *p, const char *text);

/* Scrolls by these many lines and columns, as far as there are any. */
void pager_scroll(struct pager *p, int lines, int columns);

/* Draws the part of the text that is shown, which must be safe; lines that the search finds stand out. */
void pager_draw(const struct pager *p, const char *text, struct grid *g, struct rect area);

#endif
