/*
 * Write mode, and the form that it allows: what their keys do to the state.
 *
 * Write mode is a named act: the environment's name, typed by hand.  It ends by
 * itself; what was typed into the form until then is kept, and so is an
 * allocation of which nobody knows the outcome (ui/console/form.h).
 */
#ifndef UI_CONSOLE_WRITE_MODE_H
#define UI_CONSOLE_WRITE_MODE_H

struct app;
struct press;

/* Ends it, or asks for the name. */
void write_mode_toggle(struct app *app);

/* Opens the form on a pool, NULL: which is to be typed; or again as it was left. */
void write_mode_allocate(struct app *app, const char *pool);

/* Presses in the question for the name, and in the form. */
void write_mode_unlock(struct app *app, const struct press *press);
void write_mode_form(struct app *app, const struct press *press);

#endif
