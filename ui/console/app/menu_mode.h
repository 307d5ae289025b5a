/*
 * Menus over a screen: the saved views, and the columns of the screen. A view is saved with `:save NAME` and
 * shown with `:view NAME` too.
 */
#ifndef UI_CONSOLE_APP_MENU_MODE_H
#define UI_CONSOLE_APP_MENU_MODE_H

#include <stdbool.h>

struct app;
struct err;
struct key_event;

void menu_mode_views(struct app *app);
void menu_mode_columns(struct app *app);
void menu_mode_key(struct app *app, const struct key_event *event);

/* Saves the screen as it is under a name, in place of an older view of that name. */
bool saved_view_take(struct app *app, const char *name, struct err *err) __attribute__((warn_unused_result));

/* Shows a saved view. */
bool saved_view_show(struct app *app, const char *name, struct err *err) __attribute__((warn_unused_result));

#endif
