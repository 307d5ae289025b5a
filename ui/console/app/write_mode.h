/*
 * Write mode: the operator types the environment's name, and it ends after APP_WRITE.
 */
#ifndef UI_CONSOLE_APP_WRITE_MODE_H
#define UI_CONSOLE_APP_WRITE_MODE_H

#include <stdbool.h>

struct app;
struct key_event;

/* Ends write mode, or asks for the name. */
void write_mode_toggle(struct app *app);

/* Returns whether changes are allowed now; shows why not. */
bool write_mode_allows(struct app *app);

/* Does the same for a confirmed plan: outside of write mode asks for the name, and keeps the plan. */
bool write_mode_confirms(struct app *app);

/* Handles a key in the unlock question. */
void write_mode_unlock(struct app *app, const struct key_event *event);

#endif
