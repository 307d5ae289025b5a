/*
 * A short list to choose from: one of it, or any of it with ticks.
 */
#ifndef UI_CONSOLE_WIDGETS_MENU_H
#define UI_CONSOLE_WIDGETS_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/widgets/pen.h"

struct grid;
struct key_event;

struct menu_item {
	char *text; /* foreign, owned */
	bool ticked;
};

/* `struct menu m = {.title = ..., .ticks = ...}` is empty. */
struct menu {
	const char *title;
	bool ticks; /* Space ticks items; else Enter chooses one */
	struct menu_item *items;
	size_t count;
	size_t at;
};

enum menu_result { MENU_WAITS, MENU_TICKED, MENU_CHOSEN, MENU_LEFT };

void menu_add(struct menu *menu, const char *text, bool ticked);
void menu_release(struct menu *menu);

/* Takes a key. MENU_TICKED and MENU_CHOSEN are about the item `at`. */
enum menu_result menu_key(struct menu *menu, const struct key_event *event);

void menu_draw(const struct menu *menu, struct grid *g, struct rect area);

#endif
