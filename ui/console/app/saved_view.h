/*
 * Saved views: a screen with its scope, filter, sort and columns, under a name. `:save NAME` and `:view NAME`
 * do the same as the keys.
 */
#ifndef UI_CONSOLE_APP_SAVED_VIEW_H
#define UI_CONSOLE_APP_SAVED_VIEW_H

#include <stdbool.h>

struct app;
struct err;

/* Saves the screen as it is under a name. Refuses a name that an older view has, unless that is to be
 * replaced. */
bool saved_view_take(struct app *app, const char *name, bool replace, struct err *err)
    __attribute__((warn_unused_result));

/* Shows a saved view. */
bool saved_view_show(struct app *app, const char *name, struct err *err) __attribute__((warn_unused_result));

#endif
