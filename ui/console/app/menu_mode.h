/*
 * Menus over the list: where a row leads, where the operator has been, saved views, the columns of the
 * screen, and its sorts.
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
	struct links
	    links;  /* the place of each line; none: the lines are names of saved views, columns or sorts */
	bool sorts; /* they are sorts */
};

void menu_mode_release(struct menu_mode *mode);

/* Goes to the place that the row names, and asks which if it names several. */
void menu_mode_follow(struct app *app);

/* Opens the menu of the places that were visited. */
void menu_mode_visits(struct app *app);

/* Opens the menu of the saved views (ui/console/app/saved_view.h). */
void menu_mode_views(struct app *app);

/* Opens the menu of the columns, which are shown or hidden. */
void menu_mode_columns(struct app *app);

/* Opens the menu of the sorts. */
void menu_mode_sorts(struct app *app);

void menu_mode_key(struct app *app, const struct key_event *event);

#endif
