#include "ui/console/app/app.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "ui/console/app/address_search.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/app/filter_completion.h"
#include "ui/console/app/marking.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/app/form_mode.h"
#include "ui/console/app/dedupe_mode.h"
#include "ui/console/app/menu_mode.h"
#include "ui/console/app/row_actions.h"
#include "ui/console/app/write_mode.h"
#include "ui/console/input/mouse.h"

#define DETAIL_SCROLL 5 /* rows that an expanded detail scrolls at once */

static void open_filter(struct app *app) {
	app_open_filter(app, app_pane(app)->filter);
}

static void open_form(struct app *app, const struct key *key) {
	form_mode_row(app, (enum form_type)key->argument);
}

static void interrupt(struct app *app) {
	if (app->interrupted != TIME_NONE && app->now.steady - app->interrupted < APP_TWICE) {
		app->requests.quit = true;
	} else if (app->running) {
		app->requests.cancel = true;
		app_say(app, STYLE_WARNING, "query cancelled; Ctrl-C again quits");
	} else {
		app_say(app, STYLE_NORMAL, "Ctrl-C again quits");
	}
	app->interrupted = app->now.steady;
}

/* Goes one level back: the detail, the marks, the filter, the place. False on the first one. */
static bool go_back(struct app *app) {
	struct pane *pane = app_pane(app);

	if (pane->expanded && pane->scope.kind != SCOPE_ONE) {
		pane->expanded = false;
	} else if (pane->marks.count > 0) {
		marks_release(&pane->marks);
		pane->ranging = false;
	} else if (strcmp(pane->filter, pane->given) != 0) {
		(void)app_filter(app, pane->given);
	} else {
		return app_back(app);
	}
	return true;
}

static void hold(struct app *app) {
	struct list *list = &app_pane(app)->list;

	if (list_held(list, app->now.steady)) {
		list->pinned = false;
		list->moved = TIME_NONE;
		app->requests.refresh = true;
	} else {
		list_pin(list);
	}
}

/* Returns true on the last row of a search that can go on. */
static bool at_end(const struct pane *pane) {
	return app_searches(pane) && !pane->list.more_below && pane->list.cursor + 1 >= pane->list.count;
}

/* Moves the cursor; in an expanded detail, pages scroll the detail and lines go to the next row. */
static void move(struct app *app, const struct key *key) {
	struct pane *pane = app_pane(app);
	bool page = key->argument == MOVE_PAGE_UP || key->argument == MOVE_PAGE_DOWN;
	size_t from;

	if (pane->expanded && page) {
		pane->detail_top += key->argument == MOVE_PAGE_DOWN ? DETAIL_SCROLL : -DETAIL_SCROLL;
		pane->detail_top = pane->detail_top < 0 ? 0 : pane->detail_top;
		return;
	}
	if (at_end(pane) && (key->argument == MOVE_DOWN || key->argument == MOVE_PAGE_DOWN)) {
		app_search_on(app);
		return;
	}
	from = pane->list.cursor;
	list_move(&pane->list, (enum list_move)key->argument, app->now.steady);
	marking_moved(app, from, pane->list.cursor);
	pane->moved = true;
	pane->detail_top = 0;
}

static void open_plan(struct app *app, const struct key *key) {
	plan_mode_row(app, (enum plan_act)key->argument);
}

static void back(struct app *app, const struct key *key) {
	buf_cut(&app->message, 0);
	if (!go_back(app)) {
		app->requests.quit = key->request == REQUEST_QUIT;
		(void)(app->requests.quit || tour_hide(app));
	}
}

static void show_view(struct app *app, const struct key *key) {
	const struct view *view = key_view(key->presses[0]);

	if (view != NULL) {
		app_show(app, view);
	}
}

/* Shows the next tab, or the previous one. */
static void next_view(struct app *app, const struct key *key) {
	const struct view *next = views[app->trail.current + 1];

	if (key->argument < 0 && app->trail.current > 0) {
		next = views[app->trail.current - 1];
	} else if (key->argument < 0) {
		for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
			next = views[i];
		}
	} else if (next == NULL || next->inner) {
		next = views[0];
	}
	app_show(app, next);
}

static void open_command(struct app *app) {
	line_editor_set(&app->command, "");
	free(app->rejected);
	app->rejected = NULL;
	app->mode = MODE_COMMAND;
}

static void open_save(struct app *app) {
	open_command(app);
	line_editor_set(&app->command, "save ");
}

static void open_export(struct app *app) {
	struct buf line = {0};

	open_command(app);
	buf_printf(&line, "export %s.csv", app_pane(app)->view->name);
	line_editor_set(&app->command, buf_text(&line));
	buf_release(&line);
}

/* Tells once that a key means nothing here; again would only be noise. */
static void unknown_key(struct app *app, int key) {
	if (key == app->unknown) {
		return;
	}
	if (key > ' ' && key < 0x7f) {
		app_say(app, STYLE_NORMAL, "no key %c here; ? shows the keys", key);
	} else {
		app_say(app, STYLE_NORMAL, "no such key here; ? shows the keys");
	}
}

static void open_help(struct app *app) {
	app->help_top = 0;
	app->mode = MODE_HELP;
}

static void refresh(struct app *app) {
	app->requests.refresh = true;
}

static void redraw(struct app *app) {
	app->requests.redraw = true;
}

static void suspend(struct app *app) {
	app->requests.suspend = true;
}

static void copy(struct app *app, const struct key *key) {
	clipboard_row(app, key->request);
}

static void carry_out(struct app *app, const struct key *key) {
	static const struct {
		void (*act)(struct app *);
		void (*with)(struct app *, const struct key *); /* or this one, with the key */
	} acts[] = {[REQUEST_MOVE] = {.with = move},
	    [REQUEST_OPEN] = {row_open},
	    [REQUEST_BACK] = {.with = back},
	    [REQUEST_QUIT] = {.with = back},
	    [REQUEST_INTERRUPT] = {interrupt},
	    [REQUEST_VIEW] = {.with = show_view},
	    [REQUEST_NEXT_VIEW] = {.with = next_view},
	    [REQUEST_COLUMNS] = {menu_mode_columns},
	    [REQUEST_SAVE_VIEW] = {open_save},
	    [REQUEST_VIEWS] = {menu_mode_views},
	    [REQUEST_EXPORT] = {open_export},
	    [REQUEST_FILTER] = {open_filter},
	    [REQUEST_COMMAND] = {open_command},
	    [REQUEST_HELP] = {open_help},
	    [REQUEST_FOLLOW] = {menu_mode_follow},
	    [REQUEST_VISITS] = {menu_mode_visits},
	    [REQUEST_WORST] = {row_open_worst},
	    [REQUEST_SORT] = {menu_mode_sorts},
	    [REQUEST_HOLD] = {hold},
	    [REQUEST_REFRESH] = {refresh},
	    [REQUEST_REDRAW] = {redraw},
	    [REQUEST_SUSPEND] = {suspend},
	    [REQUEST_WRITE] = {write_mode_toggle},
	    [REQUEST_FORM] = {.with = open_form},
	    [REQUEST_RESOURCES] = {row_open_resources},
	    [REQUEST_HOLDERS] = {row_open_holders},
	    [REQUEST_MARK] = {marking_toggle},
	    [REQUEST_MARK_RANGE] = {marking_range},
	    [REQUEST_MARK_SHOWN] = {marking_shown},
	    [REQUEST_ALL] = {row_toggle_all},
	    [REQUEST_PLAN] = {.with = open_plan},
	    [REQUEST_EXTEND] = {prompt_mode_extend},
	    [REQUEST_LABEL] = {prompt_mode_label},
	    [REQUEST_UNDO] = {plan_mode_undo},
	    [REQUEST_MERGE] = {dedupe_plan_mode_row},
	    [REQUEST_COPY_CELL] = {.with = copy},
	    [REQUEST_COPY_ROW] = {.with = copy},
	    [REQUEST_COPY_JSON] = {.with = copy},
	    [REQUEST_COPY_COMMAND] = {.with = copy}};

	if (acts[key->request].act != NULL) {
		acts[key->request].act(app);
	} else {
		assert(acts[key->request].with != NULL);
		acts[key->request].with(app, key);
	}
}

static void press_list(struct app *app, const struct key_event *event) {
	const struct key *key = key_find(event->key, app_pane(app)->view);
	const char *refused = key == NULL ? NULL : app_refuses(app, key->need);

	if (app->message_style == STYLE_NORMAL || app->message_style == STYLE_WARNING) {
		buf_cut(&app->message, 0); /* clears a note; results stay until Esc */
	}
	app_pane(app)->starred &= key != NULL && key->request == REQUEST_MARK_SHOWN;
	if (event->key == KEY_CODE_PASTE) {
		app_say(app, STYLE_WARNING, "paste ignored: open / or : first");
	} else if (key != NULL && key->request == REQUEST_OPEN && app_pane(app)->list.count == 0 &&
		   app_searches(app_pane(app))) {
		app_search_on(app);
	} else if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	} else if (key != NULL) {
		carry_out(app, key);
	} else {
		unknown_key(app, event->key);
	}
	app->unknown = key == NULL ? event->key : 0;
}

/* Filters by what is typed; by the last accepted filter while that is incomplete or wrong. */
static void follow_filter(struct app *app) {
	if (!app_filter(app, line_editor_text(&app->filter))) {
		(void)app_filter(app, app->before);
	}
}

static void press_filter(struct app *app, const struct key_event *event) {
	switch (line_editor_key(&app->filter, event)) {
	case LINE_EDITOR_EDITED:
		follow_filter(app);
		break;
	case LINE_EDITOR_COMPLETE:
		filter_complete(app);
		follow_filter(app);
		break;
	case LINE_EDITOR_ACCEPTED:
		if (app_filter(app, line_editor_text(&app->filter))) {
			app_remember(app, '/');
			app->mode = MODE_LIST;
			address_search_begin(app);
		}
		break;
	case LINE_EDITOR_DROPPED:
		line_editor_remember(&app->filter); /* Up brings it back */
		(void)app_filter(app, app->before);
		app->mode = MODE_LIST;
		break;
	default:
		break;
	}
}

static void press_command(struct app *app, const struct key_event *event) {
	char *line;

	switch (line_editor_key(&app->command, event)) {
	case LINE_EDITOR_ACCEPTED:
		line = mem_text(line_editor_text(&app->command));
		app_remember(app, ':');
		command_run(app, line);
		free(line);
		break;
	case LINE_EDITOR_DROPPED:
		line_editor_remember(&app->command); /* Up brings it back */
		app->mode = MODE_LIST;
		break;
	case LINE_EDITOR_COMPLETE:
		completion_open(app);
		break;
	case LINE_EDITOR_EDITED:
		free(app->rejected);
		app->rejected = NULL;
		break;
	default:
		break;
	}
}

/* Searches in the help; false when the key is not one of the search. */
static bool search_help(struct app *app, const struct key_event *event) {
	enum text_search_result result = text_search_key(&app->search, event);
	struct buf text = {0};
	int line;

	tour_help_add(&app->tour, &text);
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		if (key_works(key, app_pane(app)->view)) {
			buf_printf(&text, "%s %s\n", key->names, key_help(key));
		}
	}
	line = text_search_line(&app->search, result, buf_text(&text), app->help_top);
	app->help_top = line >= 0 ? line : app->help_top;
	buf_release(&text);
	return result != TEXT_SEARCH_NONE;
}

static void press_help(struct app *app, const struct key_event *event) {
	const struct key *key = key_find(event->key, app_pane(app)->view);

	if (search_help(app, event) || key == NULL) {
		return;
	}
	switch (key->request) {
	case REQUEST_MOVE:
		app->help_top += key->argument == MOVE_DOWN                                     ? 1
				 : key->argument == MOVE_UP                                     ? -1
				 : key->argument == MOVE_FIRST || key->argument == MOVE_PAGE_UP ? -10
												: 10;
		app->help_top = app->help_top < 0 ? 0 : app->help_top;
		break;
	case REQUEST_BACK:
	case REQUEST_QUIT:
	case REQUEST_HELP:
	case REQUEST_INTERRUPT:
		app->mode = MODE_LIST;
		break;
	default:
		break;
	}
}

void app_key(struct app *app, const struct key_event *event) {
	static void (*const handlers[])(struct app *, const struct key_event *) = {[MODE_LIST] = press_list,
	    [MODE_FILTER] = press_filter,
	    [MODE_COMMAND] = press_command,
	    [MODE_UNLOCK] = write_mode_unlock,
	    [MODE_FORM] = form_mode_key,
	    [MODE_PLAN] = plan_mode_key,
	    [MODE_MERGE] = dedupe_plan_mode_key,
	    [MODE_CALL] = call_mode_key,
	    [MODE_MENU] = menu_mode_key,
	    [MODE_PROMPT] = prompt_mode_key,
	    [MODE_HELP] = press_help};

	if (event->key == KEY_CODE_MOUSE) {
		mouse_event(app, event);
		return;
	}
	address_search_end(app);
	if (event->key == ':' && app->mode == MODE_CALL && app->call.state == CALL_DONE &&
	    !app->call.pager.search.typing) {
		call_mode_key(app, &(struct key_event){.key = KEY_CODE_ESCAPE});
		open_command(app);
		return;
	}
	handlers[app->mode](app, event);
	tour_watch(app);
}
