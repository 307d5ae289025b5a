#include "ui/console/app/menu_mode.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/config/views.h"
#include "ui/console/app/app.h"
#include "ui/console/app/saved_view.h"
#include "ui/console/list/column_choice.h"

void menu_mode_release(struct menu_mode *mode) {
	menu_release(&mode->menu);
	links_release(&mode->links);
	mode->sorts = false;
}

static void leave(struct app *app) {
	app->mode = MODE_LIST;
	menu_mode_release(&app->menu);
}

/* Goes to the place of a line. */
static void choose(struct app *app, size_t line) {
	struct jump jump = app->menu.links.items[line].jump;

	app->menu.links.items[line].jump = (struct jump){0};
	leave(app);
	app_jump(app, &jump);
}

void menu_mode_follow(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);
	struct context context = {.now = app->now.wall,
	    .scope = pane->scope,
	    .more = id_equal(row->id, pane->more_of) ? pane->more : NULL};
	struct menu_mode *mode = &app->menu;

	menu_mode_release(mode);
	pane->view->links(row->data, &context, &mode->links);
	if (mode->links.count == 0) {
		app_say(app, STYLE_NORMAL, "it names nothing that has a screen");
	} else if (mode->links.count == 1) {
		choose(app, 0);
	} else {
		menu_open(&mode->menu, "go to");
		for (size_t i = 0; i < mode->links.count; i++) {
			const struct link *link = &mode->links.items[i];

			menu_add(&mode->menu, link->what, scope_words(&link->jump.scope));
		}
		app->mode = MODE_MENU;
	}
}

void menu_mode_visits(struct app *app) {
	struct menu_mode *mode = &app->menu;
	const struct trail *trail = &app->trail;

	menu_mode_release(mode);
	menu_open(&mode->menu, "where you have been");
	for (size_t i = 0; i < trail->visited; i++) {
		const struct visit *visit = &trail->visits[i];
		struct jump jump = {.view = visit->view, .scope = scope_copy(&visit->scope)};
		struct buf words = {0};

		buf_puts(&jump.filter, visit->filter);
		visit_words(visit, &words);
		if (!trail_is_here(trail, visit)) {
			menu_add(&mode->menu, buf_text(&words), NULL);
			links_add(&mode->links, "", jump);
		} else {
			jump_release(&jump);
		}
		buf_release(&words);
	}
	if (mode->links.count == 0) {
		app_say(app, STYLE_NORMAL, "you have been nowhere else yet");
	} else {
		app->mode = MODE_MENU;
	}
}

void menu_mode_columns(struct app *app) {
	const struct pane *pane = app_pane(app);
	struct menu *menu = &app->menu.menu;

	menu_mode_release(&app->menu);
	menu_open(menu, "columns of this screen");
	menu->ticks = true;
	for (size_t i = 0; i < pane->view->column_count; i++) {
		struct buf word = {0};

		column_word(pane->view, i, &word);
		menu_add(menu, buf_text(&word), NULL);
		menu->items[i].ticked = (pane->hidden >> i & 1) == 0;
		buf_release(&word);
	}
	app->mode = MODE_MENU;
}

void menu_mode_views(struct app *app) {
	struct saved_views saved = {0};
	struct err err = {0};

	if (!saved_views_read(&saved, &err)) {
		app_tell(app, STYLE_WARNING, &err);
		err_release(&err);
		return;
	}
	if (saved.count == 0) {
		app_say(app, STYLE_NORMAL, "there are no saved views; w saves this screen as one");
		return;
	}
	menu_mode_release(&app->menu);
	menu_open(&app->menu.menu, "saved views");
	for (size_t i = 0; i < saved.count; i++) {
		menu_add(&app->menu.menu, saved.items[i].name, NULL);
	}
	saved_views_release(&saved);
	app->mode = MODE_MENU;
}

void menu_mode_sorts(struct app *app) {
	const struct pane *pane = app_pane(app);
	struct menu *menu = &app->menu.menu;

	menu_mode_release(&app->menu);
	menu_open(menu, "sort by");
	for (int i = 0; pane->view->sorts[i] != NULL; i++) {
		menu_add(menu, pane->view->sorts[i], i == pane->sort ? "the same again reverses" : NULL);
	}
	menu->cursor = (size_t)pane->sort;
	app->menu.sorts = true;
	app->mode = MODE_MENU;
}

/* Shows or hides the column under the cursor of the menu; the one that names the row stays. */
static void tick(struct app *app) {
	struct pane *pane = app_pane(app);
	size_t at = app->menu.menu.cursor;

	if (at == pane->view->main) {
		app->menu.menu.items[at].ticked = true;
		app_say(app, STYLE_NORMAL, "this column names the row and stays");
	} else {
		pane->hidden ^= 1U << at;
	}
}

/* Shows the saved view of a line. */
static void show_view(struct app *app, size_t line) {
	char *name = mem_text(app->menu.menu.items[line].what);
	struct err err = {0};

	leave(app);
	if (!saved_view_show(app, name, &err)) {
		app_tell(app, STYLE_WARNING, &err);
	}
	err_release(&err);
	free(name);
}

void menu_mode_key(struct app *app, const struct key_event *event) {
	struct menu_mode *mode = &app->menu;

	buf_cut(&app->message, 0);
	switch (menu_key(&mode->menu, event)) {
	case MENU_CHOSEN:
		if (mode->sorts) {
			int sort = (int)mode->menu.cursor;

			leave(app);
			app_sort_or_reverse(app, sort);
		} else if (mode->links.count > 0) {
			choose(app, mode->menu.cursor);
		} else {
			show_view(app, mode->menu.cursor);
		}
		break;
	case MENU_TICKED:
		tick(app);
		break;
	case MENU_LEFT:
		leave(app);
		break;
	default:
		break;
	}
}
