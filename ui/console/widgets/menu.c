#include "ui/console/widgets/menu.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"

#define LETTERS "abcdefghilmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" /* not j, k, q */
#define WHAT 16 /* columns of `what`, where there is a name */

void menu_release(struct menu *menu) {
	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].what);
		free(menu->items[i].name);
	}
	free(menu->items);
	*menu = (struct menu){0};
}

void menu_open(struct menu *menu, const char *title) {
	menu_release(menu);
	menu->title = title;
}

static bool is_taken(const struct menu *menu, int letter) {
	for (size_t i = 0; i < menu->count; i++) {
		if (menu->items[i].letter == letter) {
			return true;
		}
	}
	return false;
}

/* Returns the first free letter of a text, else the first free one; 0 when none is left. */
static int letter_for(const struct menu *menu, const char *text) {
	const char *const sources[] = {text, LETTERS};

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		for (const char *at = sources[i]; *at != '\0'; at++) {
			int letter = i == 0 ? tolower((unsigned char)*at) : *at;

			if (strchr(LETTERS, letter) != NULL && !is_taken(menu, letter)) {
				return letter;
			}
		}
	}
	return 0;
}

void menu_add(struct menu *menu, const char *what, const char *name) {
	struct menu_item item = {letter_for(menu, what), mem_text(what), mem_text(name), false};

	menu->items = mem_grow(menu->items, menu->count + 1, sizeof *menu->items);
	menu->items[menu->count++] = item;
}

/* Chooses or ticks the item at the cursor. */
static enum menu_result act(struct menu *menu) {
	if (menu->ticks) {
		menu->items[menu->cursor].ticked = !menu->items[menu->cursor].ticked;
		return MENU_TICKED;
	}
	return MENU_CHOSEN;
}

enum menu_result menu_key(struct menu *menu, const struct key_event *event) {
	switch (event->key) {
	case KEY_CODE_ESCAPE:
	case KEY_CODE_CTRL('c'):
	case KEY_CODE_BACKSPACE:
	case 'q':
		return MENU_LEFT;
	case KEY_CODE_ENTER:
		return menu->count > 0 && !menu->ticks ? MENU_CHOSEN : MENU_LEFT;
	case ' ':
		return menu->ticks && menu->count > 0 ? act(menu) : MENU_WAITS;
	case KEY_CODE_DOWN:
	case 'j':
		menu->cursor += menu->cursor + 1 < menu->count ? 1 : 0;
		return MENU_WAITS;
	case KEY_CODE_UP:
	case 'k':
		menu->cursor -= menu->cursor > 0 ? 1 : 0;
		return MENU_WAITS;
	default:
		break;
	}
	for (size_t i = 0; event->key > 0 && i < menu->count; i++) {
		if (menu->items[i].letter == event->key) {
			menu->cursor = i;
			return act(menu);
		}
	}
	return MENU_WAITS;
}

static void draw_item(const struct menu *menu, size_t at, struct grid *g, int row, struct rect area) {
	const struct menu_item *item = &menu->items[at];
	char letter[] = {(char)item->letter, '\0'};
	int end = area.column + area.columns;
	int column = area.column + 1;
	bool here = at == menu->cursor;

	(void)grid_put(g, row, column, end, here ? STYLE_ACCENT : STYLE_NORMAL, here ? ">" : "");
	(void)grid_put(g, row, column + 2, end, STYLE_KEY, letter);
	column += 5;
	if (menu->ticks) {
		column = grid_put(g, row, column, end, STYLE_NORMAL, item->ticked ? "[x] " : "[ ] ");
	}
	column = grid_foreign(g, row, column, end, STYLE_NORMAL, item->what, strlen(item->what));
	if (item->name != NULL) {
		int next = area.column + 6 + WHAT;

		column = column + 1 > next ? column + 1 : next;
		(void)grid_foreign(g, row, column, end, STYLE_BOLD, item->name, strlen(item->name));
	}
	if (here) {
		g->cursor_row = row;
		g->cursor_column = area.column + 1;
	}
}

void menu_draw(const struct menu *menu, struct grid *g, struct rect area) {
	int lines = (int)menu->count + 1;
	int rows = lines < area.rows ? lines : area.rows;
	int top = area.row + area.rows - rows;
	size_t shown = rows > 1 ? (size_t)rows - 1 : 0;
	size_t first = menu->cursor < shown ? 0 : menu->cursor - shown + 1;
	int end = area.column + area.columns;

	for (int row = top; row < top + rows; row++) {
		(void)grid_print(g, row, area.column, end, STYLE_NORMAL, "%*s", area.columns, "");
	}
	if (rows > 0) {
		grid_line(g, top, area.column, end, STYLE_DIM, GLYPH_RULE);
		(void)grid_print(g, top, area.column + 2, end, STYLE_HEAD, " %s ", menu->title);
	}
	for (size_t i = 0; i < shown && first + i < menu->count; i++) {
		draw_item(menu, first + i, g, top + 1 + (int)i, area);
	}
}
