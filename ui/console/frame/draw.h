/*
 * The whole screen: state, size and time in, cells out.
 */
#ifndef UI_CONSOLE_FRAME_DRAW_H
#define UI_CONSOLE_FRAME_DRAW_H

struct app;
struct grid;

/* Tells the current list how many rows it has on a screen of that size. Before app_draw(), and after every
 * press and resize. */
void app_layout(struct app *app, int rows, int columns);

void app_draw(const struct app *app, struct grid *g);

#endif
