/*
 * A menu: lines of which one is chosen, or any are ticked; by a letter, or at the cursor.
 */
#ifndef UI_CONSOLE_WIDGETS_MENU_H
#define UI_CONSOLE_WIDGETS_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/terminal/key.h"
#include "ui/console/widgets/pen.h"

struct grid;

struct menu_item {
	int letter; /* 0: none was left */
	char *what; /* owned, may be foreign */
	char *name; /* owned, may be foreign: shown behind it; or NULL */
	bool ticked;
};

/* `struct menu m = {0}` is empty. */
struct menu {
	const char *title;
	bool ticks; /* Space and letters tick; else Enter and letters choose */
	struct menu_item *items;
	size_t count;
	size_t cursor;
};

enum menu_result { MENU_WAITS, MENU_LEFT, MENU_CHOSEN, MENU_TICKED };

/* Empties it and gives it a title. */
void menu_open(struct menu *menu, const char *title);
void menu_release(struct menu *menu);

/* Adds a line, with the first letter of `what` that no other line has. Copies the texts. */
void menu_add(struct menu *menu, const char *what, const char *name);

/* Handles a key. MENU_CHOSEN and MENU_TICKED are about the item at the cursor. */
enum menu_result menu_key(struct menu *menu, const struct key_event *event);

/* Draws it over the lowest rows of the area. */
void menu_draw(const struct menu *menu, struct grid *g, struct rect area);

#endif
