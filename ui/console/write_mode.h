/*
 * Write mode: a named act. The environment's name is typed by hand, and it ends
 * by itself.
 */
#ifndef UI_CONSOLE_WRITE_MODE_H
#define UI_CONSOLE_WRITE_MODE_H

struct app;
struct press;

/* Ends it, or asks for the name. */
void write_mode_toggle(struct app *app);

/* Presses in the question for the name. */
void write_mode_unlock(struct app *app, const struct press *press);

#endif
