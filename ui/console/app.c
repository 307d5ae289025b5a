#include "ui/console/app.h"

#include <stdlib.h>
#include <string.h>

#include "db/clock.h"
#include "db/mem.h"
#include "ui/console/copy.h"

static void pane_init(struct pane *pane, const struct view *view) {
	*pane = (struct pane){.view = view,
	    .filter = mem_text(""),
	    .total = -1,
	    .fetched = TIME_NONE,
	    .failed = TIME_NONE,
	    .fresh = true};
	list_init(&pane->list, &view->kind);
	pane->sort = view_sort(view);
}

void app_init(struct app *app, const char *environment, bool ascii, bool read_only) {
	*app = (struct app){.environment = mem_text(environment),
	    .ascii = ascii,
	    .read_only = read_only,
	    .link = {.server = "", .database = "", .user = "", .trouble = "", .retry = TIME_NONE},
	    .write_until = TIME_NONE,
	    .interrupted = TIME_NONE};
	for (size_t i = 0; views[i] != NULL; i++) {
		pane_init(&app->panes[i], views[i]);
	}
}

void app_release(struct app *app) {
	for (size_t i = 0; views[i] != NULL; i++) {
		list_release(&app->panes[i].list);
		free(app->panes[i].filter);
		free(app->panes[i].scope);
	}
	prompt_release(&app->filter);
	prompt_release(&app->command);
	prompt_release(&app->unlock);
	form_release(&app->form);
	buf_release(&app->message);
	buf_release(&app->wishes.copy);
	free(app->before);
	free(app->environment);
}

struct pane *app_pane(struct app *app) {
	return &app->panes[app->current];
}

const char *app_environment(const struct app *app) {
	return app->environment != NULL ? app->environment : app->link.database;
}

bool app_writable(const struct app *app) {
	return app->write_until != TIME_NONE && app->now.steady < app->write_until;
}

int64_t app_age(const struct app *app) {
	int64_t fetched = app->panes[app->current].fetched;

	return fetched == TIME_NONE ? -1 : app->now.steady - fetched;
}

bool app_stale(const struct app *app) {
	return app_age(app) < 0 || app_age(app) >= APP_STALE;
}

void app_say(struct app *app, enum style style, const char *format, ...) {
	va_list args;

	buf_cut(&app->message, 0);
	va_start(args, format);
	buf_vprintf(&app->message, format, args);
	va_end(args);
	app->message_style = style;
}

void app_tick(struct app *app, struct moment now) {
	app->now = now;
	if (app->write_until != TIME_NONE && now.steady >= app->write_until) {
		app->write_until = TIME_NONE;
		app_say(app, STYLE_NORMAL, "write mode has ended");
	}
}

const char *app_refuses(const struct app *app, const struct key *key) {
	const struct list *list = &app->panes[app->current].list;

	if ((key->need & NEED_WRITE) != 0 && !app_writable(app)) {
		return app->read_only ? "berth was started with --read-only"
				      : "read-only: W turns write mode on";
	}
	if ((key->need & NEED_FRESH) != 0 && (app_stale(app) || !app->link.up)) {
		return "refused: the data is not fresh";
	}
	if ((key->need & NEED_ROW) != 0 && list_current(list) == NULL) {
		return "there is no row";
	}
	return NULL;
}

/* Another question: the list begins anew, and older answers are dropped. */
static void ask_anew(struct app *app) {
	struct pane *pane = app_pane(app);

	pane->question++;
	pane->fresh = true;
	pane->list.jump = JUMP_FIRST;
	pane->list.moved = TIME_NONE;
	pane->list.pinned = false;
	app->wishes.refresh = true;
}

void app_filter(struct app *app, const char *text) {
	struct pane *pane = app_pane(app);

	if (strcmp(pane->filter, text) != 0) {
		char *copy = mem_text(text);

		free(pane->filter);
		pane->filter = copy;
		ask_anew(app);
	}
}

void app_sort(struct app *app, int sort) {
	app_pane(app)->sort = sort;
	ask_anew(app);
}

void app_show(struct app *app, size_t view) {
	app->current = view;
	app->wishes.refresh = true;
}

void app_scope(struct app *app, const char *pool) {
	char *copy = mem_text(pool);
	size_t leases = 0;

	if (!view_find("leases", &leases)) {
		free(copy);
		return;
	}
	app_show(app, leases);
	free(app_pane(app)->scope);
	app_pane(app)->scope = copy;
	ask_anew(app);
}

static void open_filter(struct app *app) {
	free(app->before);
	app->before = mem_text(app_pane(app)->filter);
	prompt_set(&app->filter, app->before);
	app->mode = MODE_FILTER;
}

static void toggle_write(struct app *app) {
	if (app_writable(app)) {
		app->write_until = TIME_NONE;
		app_say(app, STYLE_NORMAL, "read-only again");
	} else if (app->read_only) {
		app_say(app, STYLE_WARNING, "refused: berth was started with --read-only");
	} else if (*app_environment(app) == '\0') {
		app_say(app, STYLE_WARNING, "refused: there is no connection yet");
	} else {
		prompt_set(&app->unlock, "");
		app->mode = MODE_UNLOCK;
		app->wishes.flush = true;
	}
}

static void open_form(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);
	const char *pool = pane->scope != NULL ? pane->scope
			   : row == NULL       ? NULL
					       : pane->view->scope(row->data);
	int kind = KIND_IPV4;

	if (row != NULL) {
		kind = pane->view == &view_pools ? ((const struct pool *)row->data)->kind
						 : ((const struct lease *)row->data)->kind;
	}
	form_open(&app->form, id_new(), row == NULL ? NULL : pool, (enum kind)kind);
	app->mode = MODE_FORM;
}

static void interrupt(struct app *app) {
	if (app->interrupted != TIME_NONE && app->now.steady - app->interrupted < APP_TWICE) {
		app->wishes.quit = true;
	} else if (app->running) {
		app->wishes.cancel = true;
		app_say(app, STYLE_WARNING, "query cancelled; Ctrl-C again leaves");
	} else {
		app_say(app, STYLE_NORMAL, "Ctrl-C again leaves");
	}
	app->interrupted = app->now.steady;
}

/* One level: the message, the filter, the pool, the screen. False on the first one. */
static bool go_back(struct app *app) {
	struct pane *pane = app_pane(app);

	if (*pane->filter != '\0') {
		app_filter(app, "");
	} else if (pane->scope != NULL) {
		app_scope(app, NULL);
		app_show(app, 0);
	} else if (app->current != 0) {
		app_show(app, 0);
	} else {
		return false;
	}
	return true;
}

static void next_sort(struct app *app) {
	const struct pane *pane = app_pane(app);

	app_sort(app, pane->view->sorts[pane->sort + 1] == NULL ? 0 : pane->sort + 1);
	app_say(app, STYLE_NORMAL, "sorted by %s", pane->view->sorts[pane->sort]);
}

static void hold(struct app *app) {
	struct list *list = &app_pane(app)->list;

	if (list_held(list, app->now.steady)) {
		list->pinned = false;
		list->moved = TIME_NONE;
		app->wishes.refresh = true;
	} else {
		list_pin(list);
	}
}

static void carry_out(struct app *app, const struct key *key) {
	struct pane *pane = app_pane(app);

	switch (key->request) {
	case REQUEST_MOVE:
		list_move(&pane->list, (enum list_move)key->argument, app->now.steady);
		pane->moved = true;
		break;
	case REQUEST_OPEN:
		app_scope(app, pane->view->scope(list_current(&pane->list)->data));
		break;
	case REQUEST_BACK:
		buf_cut(&app->message, 0);
		(void)go_back(app);
		break;
	case REQUEST_QUIT:
		app->wishes.quit = !go_back(app);
		break;
	case REQUEST_INTERRUPT:
		interrupt(app);
		break;
	case REQUEST_VIEW:
		app_show(app, (size_t)key->argument);
		break;
	case REQUEST_NEXT_VIEW:
		app_show(app, views[app->current + 1] == NULL ? 0 : app->current + 1);
		break;
	case REQUEST_FILTER:
		open_filter(app);
		break;
	case REQUEST_COMMAND:
		prompt_set(&app->command, "");
		app->mode = MODE_COMMAND;
		break;
	case REQUEST_HELP:
		app->help_top = 0;
		app->mode = MODE_HELP;
		break;
	case REQUEST_SORT:
		next_sort(app);
		break;
	case REQUEST_HOLD:
		hold(app);
		break;
	case REQUEST_REFRESH:
		app->wishes.refresh = true;
		break;
	case REQUEST_REDRAW:
		app->wishes.redraw = true;
		break;
	case REQUEST_SUSPEND:
		app->wishes.suspend = true;
		break;
	case REQUEST_WRITE:
		toggle_write(app);
		break;
	case REQUEST_ALLOCATE:
		open_form(app);
		break;
	case REQUEST_COPY_CELL:
	case REQUEST_COPY_ROW:
	case REQUEST_COPY_JSON:
	case REQUEST_COPY_COMMAND:
		copy_row(app, key->request);
		break;
	case REQUEST_NONE:
		break;
	}
}

static void press_list(struct app *app, const struct press *press) {
	const struct key *key = key_find(press->key, app->current == 0 ? PLACE_POOLS : PLACE_LEASES);
	const char *refused = key == NULL ? NULL : app_refuses(app, key);

	if (app->message_style == STYLE_NORMAL || app->message_style == STYLE_WARNING) {
		buf_cut(&app->message, 0); /* a note; results stay until Esc */
	}
	if (press->key == PRESS_PASTE) {
		app_say(app, STYLE_WARNING, "paste ignored: open / or : first");
	} else if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	} else if (key != NULL) {
		carry_out(app, key);
	}
}

static void press_filter(struct app *app, const struct press *press) {
	switch (prompt_press(&app->filter, press)) {
	case PROMPT_EDITED:
		app_filter(app, prompt_text(&app->filter));
		break;
	case PROMPT_ACCEPTED:
		prompt_remember(&app->filter);
		app->mode = MODE_LIST;
		break;
	case PROMPT_DROPPED:
		app_filter(app, app->before);
		app->mode = MODE_LIST;
		break;
	default:
		break;
	}
}

static void press_command(struct app *app, const struct press *press) {
	char *line;

	switch (prompt_press(&app->command, press)) {
	case PROMPT_ACCEPTED:
		line = mem_text(prompt_text(&app->command));
		prompt_remember(&app->command);
		app->mode = MODE_LIST;
		command_run(app, line);
		free(line);
		break;
	case PROMPT_DROPPED:
		app->mode = MODE_LIST;
		break;
	case PROMPT_COMPLETE:
		command_complete(app);
		break;
	default:
		break;
	}
}

/* Write mode is a named act: the environment's name, typed by hand. */
static void press_unlock(struct app *app, const struct press *press) {
	enum prompt_result result =
	    press->key == PRESS_PASTE ? PROMPT_IGNORED : prompt_press(&app->unlock, press);

	if (result == PROMPT_DROPPED) {
		app->mode = MODE_LIST;
		app_say(app, STYLE_NORMAL, "still read-only");
	} else if (result == PROMPT_ACCEPTED) {
		app->mode = MODE_LIST;
		if (strcmp(prompt_text(&app->unlock), app_environment(app)) == 0) {
			app->write_until = app->now.steady + APP_WRITE;
			app_say(app, STYLE_WARNING, "write mode for 10 minutes; W ends it");
		} else {
			app_say(app, STYLE_WARNING, "still read-only: the environment's name is %s",
			    app_environment(app));
		}
	}
}

static void submit(struct app *app) {
	const struct key act = {.need = NEED_WRITE | NEED_FRESH};
	const char *refused = app_refuses(app, &act);

	if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	} else {
		app->wishes.act = true;
	}
}

static void press_form(struct app *app, const struct press *press) {
	switch (form_press(&app->form, press)) {
	case FORM_ASKS:
		app->wishes.flush = true;
		break;
	case FORM_SUBMITTED:
		submit(app);
		break;
	case FORM_LEFT:
		app->mode = MODE_LIST;
		app_say(app, STYLE_NORMAL, "nothing was allocated");
		break;
	case FORM_GOES_ON:
		break;
	}
}

static void press_help(struct app *app, const struct press *press) {
	const struct key *key = key_find(press->key, PLACE_LEASES);

	if (key == NULL) {
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

void app_press(struct app *app, const struct press *press) {
	static void (*const handlers[])(struct app *, const struct press *) = {[MODE_LIST] = press_list,
	    [MODE_FILTER] = press_filter,
	    [MODE_COMMAND] = press_command,
	    [MODE_UNLOCK] = press_unlock,
	    [MODE_FORM] = press_form,
	    [MODE_HELP] = press_help};

	handlers[app->mode](app, press);
}
