#include "ui/console/widgets/menu.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/key.h"

void menu_add(struct menu *menu, const char *text, bool ticked) {
	menu->items = mem_grow(menu->items, menu->count + 1, sizeof *menu->items);
	menu->items[menu->count++] = (struct menu_item){mem_text(text), ticked};
}

void menu_release(struct menu *menu) {
	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].text);
	}
	free(menu->items);
	*menu = (struct menu){0};
}

static void move(struct menu *menu, int by) {
	if (by < 0 && menu->at > 0) {
		menu->at--;
	} else if (by > 0 && menu->at + 1 < menu->count) {
		menu->at++;
	}
}

enum menu_result menu_key(struct menu *menu, const struct key_event *event) {
	switch (event->key) {
	case KEY_CODE_UP:
	case 'k':
		move(menu, -1);
		return MENU_WAITS;
	case KEY_CODE_DOWN:
	case 'j':
		move(menu, 1);
		return MENU_WAITS;
	case ' ':
		if (!menu->ticks || menu->count == 0) {
			return MENU_WAITS;
		}
		menu->items[menu->at].ticked = !menu->items[menu->at].ticked;
		return MENU_TICKED;
	case KEY_CODE_ENTER:
		return menu->ticks || menu->count == 0 ? MENU_LEFT : MENU_CHOSEN;
	case KEY_CODE_ESCAPE:
	case KEY_CODE_CTRL('c'):
	case 'q':
		return MENU_LEFT;
	default:
		return MENU_WAITS;
	}
}

void menu_draw(const struct menu *menu, struct grid *g, struct rect area) {
	size_t rows = area.rows > 2 ? (size_t)area.rows - 2 : 0;
	size_t top = menu->at < rows ? 0 : menu->at + 1 - rows;

	(void)grid_put(g, area.row, area.column + 2, g->columns, STYLE_BOLD, menu->title);
	for (size_t i = top; i < menu->count && i < top + rows; i++) {
		const struct menu_item *item = &menu->items[i];
		int row = area.row + 2 + (int)(i - top);
		int column = area.column + 2;

		if (menu->ticks) {
			column = grid_put(
			    g, row, column, g->columns, STYLE_NORMAL, item->ticked ? "[x] " : "[ ] ");
		}
		(void)grid_foreign(g, row, column, g->columns, STYLE_NORMAL, item->text, strlen(item->text));
		if (i == menu->at) {
			(void)grid_put(g, row, area.column, g->columns, STYLE_BOLD, ">");
			grid_cursor_row(g, row, area.column, area.column + area.columns);
			g->cursor_row = row;
			g->cursor_column = area.column;
		}
	}
}
