#include "ui/console/app.h"

#include <stdlib.h>
#include <string.h>

#include "db/clock.h"
#include "db/mem.h"

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

void pane_forget(struct pane *pane) {
	for (size_t i = 0; i < pane->more_count; i++) {
		free(pane->more[i]);
	}
	free(pane->more);
	pane->more = NULL;
	pane->more_count = 0;
	pane->more_of = (struct id){{0}};
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
		pane_forget(&app->panes[i]);
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

int64_t app_next_tick(const struct app *app) {
	int64_t now = app->now.steady;
	int64_t age = app_age(app);
	int64_t tick = TIME_NONE;

	if (app_writable(app)) {
		tick = clock_sooner(tick, now + (app->write_until - now) % TIME_SECOND + 1);
	}
	if (app->link.retry != TIME_NONE && app->link.retry > now) {
		tick = clock_sooner(tick, now + (app->link.retry - now) % TIME_SECOND + 1);
	}
	if (age >= 0) {
		tick = clock_sooner(tick,
		    age < APP_STALE ? now + APP_STALE - age + 1 : now + TIME_SECOND - age % TIME_SECOND);
	}
	return tick;
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
		app_say(app, STYLE_NORMAL, "write mode has ended%s",
		    app->mode != MODE_FORM ? "" : "; nothing typed is lost: W in the question turns it on");
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
