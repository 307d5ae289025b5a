/*
 * What stands around the list on every screen, and where.
 *
 * The first line says where one is, whether one can write, and how true the
 * rest is; it is the last to go when a screen shrinks.  Nothing moves when
 * something appears: a lost connection covers the tabs, it does not push.
 */
#ifndef UI_CONSOLE_FRAME_FRAME_H
#define UI_CONSOLE_FRAME_FRAME_H

#include "ui/console/widgets/pen.h"

struct app;
struct grid;

/* Rows of the parts; -1: no room. */
struct frame {
	int tabs;
	int title;
	int head;
	int message;
	int footer;
	struct rect about; /* what belongs to the screen; no rows: nothing */
	int rule;          /* above the detail, when that is below */
	struct rect list;
	struct rect detail; /* no rows: none */
	bool brief;         /* the detail is one line */
	bool side;          /* the detail is beside the list */
};

/* `about`: something stands above the list; `expanded`: the detail instead of it. */
struct frame frame_make(int rows, int columns, bool about, bool expanded);

/* In a file of its own, frame_first.c. */
void frame_first(const struct app *app, struct grid *g);
void frame_tabs(const struct app *app, struct grid *g, int row);
void frame_title(const struct app *app, struct grid *g, int row);
void frame_message(const struct app *app, struct grid *g, int row);
void frame_footer(const struct app *app, struct grid *g, int row);

/* Says that the data is old and why, when it is. */
void frame_banner(const struct app *app, struct grid *g, const struct frame *frame);

#endif
