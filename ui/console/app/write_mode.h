/*
 * Write mode: a named act. The environment's name is typed by hand, and it ends
 * by itself.
 */
#ifndef UI_CONSOLE_APP_WRITE_MODE_H
#define UI_CONSOLE_APP_WRITE_MODE_H

#include <stdbool.h>

struct app;
struct key_event;

/* Ends it, or asks for the name. */
void write_mode_toggle(struct app *app);

/* Whether something may be changed now; tells why it may not. */
bool write_mode_allows(struct app *app);

/* The same for a plan that was confirmed: outside of write mode asks for that, and the plan stays. */
bool write_mode_confirms(struct app *app);

/* Presses in the question for the name. */
void write_mode_unlock(struct app *app, const struct key_event *event);

#endif
