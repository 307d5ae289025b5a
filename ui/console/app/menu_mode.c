#include "ui/console/app/menu_mode.h"

#include "db/base/buf.h"
#include "ui/console/app/app.h"

void menu_mode_release(struct menu_mode *mode) {
	menu_release(&mode->menu);
	links_release(&mode->links);
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

void menu_mode_key(struct app *app, const struct key_event *event) {
	switch (menu_key(&app->menu.menu, event)) {
	case MENU_CHOSEN:
		choose(app, app->menu.menu.cursor);
		break;
	case MENU_LEFT:
		leave(app);
		break;
	default:
		break;
	}
}
