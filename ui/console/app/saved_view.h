/*
 * Saved views: a screen with its scope, filter, sort and columns, under a name. `:save NAME` and `:view NAME`
 * do the same as the keys.
 */
#ifndef UI_CONSOLE_APP_SAVED_VIEW_H
#define UI_CONSOLE_APP_SAVED_VIEW_H

#include <stdbool.h>

struct app;
struct err;

/* Saves the screen as it is under a name, in place of an older view of that name. */
bool saved_view_take(struct app *app, const char *name, struct err *err) __attribute__((warn_unused_result));

/* Shows a saved view. */
bool saved_view_show(struct app *app, const char *name, struct err *err) __attribute__((warn_unused_result));

#endif
