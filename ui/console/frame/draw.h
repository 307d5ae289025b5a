/*
 * Draws the whole screen: state, size and time in, cells out.
 */
#ifndef UI_CONSOLE_FRAME_DRAW_H
#define UI_CONSOLE_FRAME_DRAW_H

struct app;
struct grid;

/* Sets the number of visible rows of the current list for a screen of that size. Call it before app_draw(),
 * and after every key event and resize. */
void app_layout(struct app *app, int rows, int columns);

void app_draw(const struct app *app, struct grid *g);

/* Draws the detail of the row under the cursor alone, without a frame. */
void app_draw_detail(const struct app *app, struct grid *g);

#endif
