/*
 * The frame around the list of every screen: its layout and its parts.
 *
 * The header shows the environment, the rights, and the age of the data; it stays even on the smallest
 * screen.  The layout does not move: the banner of a lost connection covers the tabs.
 */
#ifndef UI_CONSOLE_FRAME_FRAME_H
#define UI_CONSOLE_FRAME_FRAME_H

#include "ui/console/widgets/pen.h"

struct app;
struct buf;
struct grid;

/* The rows of the parts; -1: no room. */
struct frame {
	int tabs;
	int title;
	int head;
	int message;
	int footer;
	struct rect about; /* the screen's own header; no rows: none */
	int rule;          /* line above a detail below the list */
	struct rect list;
	struct rect detail; /* no rows: none */
	bool brief;         /* the detail is one line */
	bool side;          /* the detail is beside the list */
};

/* Returns the layout. `about`: the screen has a header of its own; `expanded`: the detail replaces the list.
 */
struct frame frame_make(int rows, int columns, bool about, bool expanded);

/* Returns the style of the environment's name. */
enum style frame_badge(const struct app *app);

void frame_header(const struct app *app, struct grid *g);
void frame_tabs(const struct app *app, struct grid *g, int row);
void frame_title(const struct app *app, struct grid *g, int row);
void frame_message(const struct app *app, struct grid *g, int row);
void frame_footer(const struct app *app, struct grid *g, int row);

/* Draws the tour, while it is shown, at the end of the detail, which it shortens: on the first screen and in
 * a long detail all its steps, else the next one. */
void frame_tour(const struct app *app, struct grid *g, struct frame *frame);

/* Return the number of lines that the tour has in the help, 0 without one, and draw one of them. */
int frame_tour_lines(const struct app *app);
void frame_tour_line(const struct app *app, struct grid *g, int row, int line);

/* Appends what is wrong with the connection, which is down: "connection lost, next try in 4s". */
void frame_trouble(const struct app *app, struct buf *out);

/* Draws the tour and the keys of this screen, a line each that wraps. */
void frame_help(const struct app *app, struct grid *g, struct rect area);

/* Draws that the connection is lost and why, when it is. */
void frame_banner(const struct app *app, struct grid *g, const struct frame *frame);

#endif
