/*
 * Menus over the list: where a row leads, and where the operator has been.
 */
#ifndef UI_CONSOLE_APP_MENU_MODE_H
#define UI_CONSOLE_APP_MENU_MODE_H

#include "ui/console/list/action.h"
#include "ui/console/terminal/key.h"
#include "ui/console/widgets/menu.h"

struct app;

/* `struct menu_mode m = {0}` has no menu. */
struct menu_mode {
	struct menu menu;
	struct links links; /* the place of each line */
};

void menu_mode_release(struct menu_mode *mode);

/* Goes to the place that the row names, and asks which if it names several. */
void menu_mode_follow(struct app *app);

/* Opens the menu of the places that were visited. */
void menu_mode_visits(struct app *app);

void menu_mode_key(struct app *app, const struct key_event *event);

#endif
