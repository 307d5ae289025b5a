#include "ui/console/app/app.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/app/console_verbs.h"
#include "ui/console/app/fleet_mode.h"
#include "ui/console/list/filter.h"
#include "ui/text/humanize.h"

void app_init(struct app *app, const char *environment, bool ascii, bool read_only) {
	*app = (struct app){.environment = mem_text(environment),
	    .ascii = ascii,
	    .read_only = read_only,
	    .verbs = console_verbs(),
	    .link = {.server = "", .database = "", .user = "", .trouble = "", .retry = TIME_NONE},
	    .write_until = TIME_NONE,
	    .alerted = TIME_NONE,
	    .self = id_new(),
	    .noted_at = TIME_NONE,
	    .interrupted = TIME_NONE};
	trail_init(&app->trail);
	app_pane(app)->question = ++app->questions;
}

void app_release(struct app *app) {
	trail_release(&app->trail);
	menu_mode_release(&app->menu);
	prompt_mode_release(&app->prompt);
	rowset_release(&app->alerts);
	rowset_release(&app->others);
	line_editor_release(&app->filter);
	line_editor_release(&app->command);
	confirm_release(&app->unlock);
	call_mode_release(&app->call);
	completion_release(&app->completion);
	offers_release(&app->offers);
	form_release(&app->form);
	plan_release(&app->plan);
	dedupe_plan_release(&app->dedupe_plan);
	pending_release(&app->pending);
	buf_release(&app->message);
	buf_release(&app->requests.copy);
	buf_release(&app->requests.history);
	text_search_release(&app->search);
	export_mode_release(&app->export);
	free(app->requests.connect);
	jump_release(&app->requests.then);
	free(app->requests.theme);
	free(app->sought);
	free(app->before);
	free(app->rejected);
	free(app->verbs);
	free(app->environment);
}

struct pane *app_pane(struct app *app) {
	return trail_top(&app->trail);
}

const struct pane *app_shown(const struct app *app) {
	return trail_top(&app->trail);
}

struct pane *app_pane_of(struct app *app, const struct view *view) {
	return trail_find(&app->trail, view);
}

const char *app_pool(const struct app *app) {
	const struct pane *pane = app_shown(app);
	const struct list_row *row = list_current(&pane->list);

	if (row != NULL) {
		return view_pool(pane->view, row->data);
	}
	return scope_text(&pane->scope, SCOPE_POOL);
}

const char *app_environment(const struct app *app) {
	return app->environment != NULL ? app->environment : app->link.database;
}

bool app_writable(const struct app *app) {
	return app->write_until != TIME_NONE && app->now.steady < app->write_until;
}

int64_t app_age(const struct app *app) {
	const struct pane *pane = app_shown(app);

	return pane->fetched == TIME_NONE ? -1 : app->now.steady - pane->fetched + pane->behind;
}

int64_t app_period(const struct pane *pane) {
	int64_t period = pane->view->period != 0 ? pane->view->period : APP_PERIOD;

	return pane->from != 0 || pane->reach.key != 0 || pane->among != 0 ? APP_SEARCH_PERIOD : period;
}

/* Returns the age at which at least two refreshes were missed. */
static int64_t stale_from(const struct app *app) {
	int64_t period = app_period(app_shown(app));

	return 2 * period + period / 4;
}

bool app_stale(const struct app *app) {
	return app_age(app) < 0 || app_age(app) >= stale_from(app);
}

/* Returns when a span that is shown to the second changes. */
static int64_t tick_of(int64_t now, int64_t end) {
	return end == TIME_NONE || end <= now ? TIME_NONE : now + (end - now) % TIME_SECOND + 1;
}

/* Returns the same for the rows, whose times are of the server's clock. */
static int64_t tick_of_rows(const struct app *app) {
	const struct pane *pane = app_shown(app);

	for (size_t i = 0; pane->view->ticks != NULL && i < pane->list.count; i++) {
		if (pane->view->ticks(pane->list.rows[i].data, app->now.wall)) {
			return app->now.steady + TIME_SECOND;
		}
	}
	return TIME_NONE;
}

int64_t app_next_tick(const struct app *app) {
	int64_t now = app->now.steady;
	int64_t age = app_age(app);
	const struct pending_command *newest = pending_newest(&app->pending, now);
	int64_t tick = tick_of_rows(app);

	if (app_writable(app)) {
		tick = clock_sooner(tick, tick_of(now, app->write_until));
	}
	tick = clock_sooner(tick, tick_of(now, app->link.retry));
	if (newest != NULL) {
		tick = clock_sooner(tick, tick_of(now, newest->until));
	}
	if (age >= 0) {
		tick = clock_sooner(tick, age < stale_from(app) ? now + stale_from(app) - age + 1
								: now + TIME_SECOND - age % TIME_SECOND);
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

void app_tell(struct app *app, enum style style, const struct err *err) {
	app_say(app, style, "%s%s%s", err->message, err->hint == NULL ? "" : "; ",
	    err->hint == NULL ? "" : err->hint);
}

void app_tick(struct app *app, struct moment now) {
	app->now = now;
	tour_watch(app);
	if (app->write_until != TIME_NONE && now.steady >= app->write_until) {
		app->write_until = TIME_NONE;
		app_say(app, STYLE_NORMAL, "write mode has ended%s",
		    app->mode != MODE_FORM ? "" : "; the typed text is kept: W in the question turns it on");
	}
}

const char *app_refuses(const struct app *app, unsigned need) {
	const struct list *list = &app_shown(app)->list;

	if ((need & NEED_CHANGE) != 0 && app->fleet.count > 0) {
		return fleet_mode_refusal;
	}
	if ((need & NEED_RIGHT) != 0 && app->link.viewer) {
		return "you may look, but change nothing: no role of yours has the right";
	}
	if ((need & NEED_WRITE) != 0 && !app_writable(app)) {
		return app->read_only ? "berth was started with --read-only"
				      : "read-only: W turns write mode on";
	}
	if ((need & NEED_FRESH) != 0 && (app_stale(app) || !app->link.up)) {
		return "refused: the data is stale";
	}
	if ((need & NEED_CHANGE) == NEED_CHANGE && app->link.barred != NULL) {
		return app->link.barred;
	}
	if ((need & NEED_ROW) != 0 && list_current(list) == NULL) {
		return "there is no row";
	}
	if ((need & NEED_LIVE) != 0 && list_current(list)->mark == MARK_GONE) {
		return "it is gone";
	}
	return NULL;
}

/* Begins another question: the list starts over, and older answers are dropped. */
static void ask_anew(struct app *app) {
	struct pane *pane = app_pane(app);

	pane_search_anew(pane);
	pane->question = ++app->questions;
	pane->fresh = true;
	pane->list.jump = JUMP_FIRST;
	pane->list.moved = TIME_NONE;
	pane->list.pinned = false;
	app->requests.refresh = true;
}

static bool readable(const struct pane *pane, const char *text) {
	struct row_filter filter = {0};
	struct err err = {0};
	size_t wrong;
	bool ok = filter_read(text, pane->view, &filter, &wrong, &err);

	row_filter_release(&filter);
	err_release(&err);
	return ok;
}

bool app_filter(struct app *app, const char *text) {
	struct pane *pane = app_pane(app);

	if (!readable(pane, text)) {
		return false;
	}
	if (strcmp(pane->filter, text) != 0) {
		char *copy = mem_text(text);

		free(pane->filter);
		pane->filter = copy;
		ask_anew(app);
	}
	return true;
}

bool app_searches(const struct pane *pane) {
	return pane->list.filled && pane->reach.key != 0;
}

void app_searched(const struct pane *pane, struct buf *out) {
	int64_t looked = pane->looked + pane->reach.looked;

	humanize_number(looked, out);
	if (pane->reach.rows > looked) {
		buf_puts(out, " of about ");
		humanize_number(pane->reach.rows, out);
	}
}

void app_search_on(struct app *app) {
	struct pane *pane = app_pane(app);
	int64_t from = pane->reach.key;
	int64_t looked = pane->looked + pane->reach.looked;

	ask_anew(app);
	pane->from = from;
	pane->from_text = mem_text(pane->reach.text);
	/* Else it begins again, for longer. */
	pane->looked = pane->from_text != NULL || view_is_keyed(pane->view, pane->sort) ? looked : 0;
}

void app_open_filter(struct app *app, const char *text) {
	free(app->before);
	app->before = mem_text(app_pane(app)->filter);
	line_editor_set(&app->filter, text);
	app->mode = MODE_FILTER;
}

void app_reject(struct app *app, const char *line, size_t wrong, const struct err *err) {
	const char *hint = err->hint == NULL ? "" : err->hint;
	size_t characters = 0;

	for (size_t i = 0; i < wrong && line[i] != '\0'; i++) {
		characters += ((unsigned char)line[i] & 0xC0) != 0x80 ? 1 : 0;
	}
	app->mode = MODE_COMMAND;
	if (strcmp(line_editor_text(&app->command), line) != 0) {
		line_editor_set(&app->command, line);
	}
	free(app->rejected);
	app->rejected = mem_print("%s%s%s", err->message, *hint == '\0' ? "" : "; ", hint);
	app->rejected_at = characters;
}

void app_sort(struct app *app, int sort, bool reverse) {
	struct pane *pane = app_pane(app);

	pane->sort = sort;
	pane->reverse = reverse;
	ask_anew(app);
	if (list_current(&pane->list) != NULL) {
		pane->list.jump = JUMP_ROW;
	}
}

void app_sort_or_reverse(struct app *app, int sort) {
	const struct pane *pane = app_pane(app);
	struct buf words = {0};

	app_sort(app, sort, pane->sort == sort && !pane->reverse);
	view_sort_words(pane->view, pane->sort, pane->reverse, &words);
	app_say(app, STYLE_NORMAL, "sorted by %s", buf_text(&words));
	buf_release(&words);
}

/* Gives a new pane its question. */
static void arrive(struct app *app) {
	if (app_pane(app)->question == 0) {
		app_pane(app)->question = ++app->questions;
	}
	app->requests.refresh = true;
}

void app_show(struct app *app, const struct view *view) {
	if (fleet_mode_stays(app)) {
		return;
	}
	if (view->inner) {
		app_scope(app, view, (struct scope){0});
		return;
	}
	trail_visit(&app->trail);
	trail_show(&app->trail, view);
	arrive(app);
}

bool app_back(struct app *app) {
	bool ok;

	trail_visit(&app->trail);
	ok = trail_back(&app->trail);
	app->requests.refresh |= ok;
	return ok || fleet_mode_return(app);
}

void app_all(struct app *app, bool all) {
	app_pane(app)->all = all;
	ask_anew(app);
}

void app_scope(struct app *app, const struct view *view, struct scope scope) {
	struct pane *pane = app_pane(app);

	if (fleet_mode_stays(app)) {
		scope_release(&scope);
		return;
	}
	trail_visit(&app->trail);
	if (scope.kind == SCOPE_NONE && !view->inner) {
		trail_root(&app->trail, view);
		app_pane(app)->expanded = false;
	} else if (pane->view == view && scope_equal(&pane->scope, &scope)) {
		scope_release(&scope);
	} else {
		trail_push(&app->trail, pane_new(view, scope));
	}
	ask_anew(app);
	arrive(app);
}

void app_jump(struct app *app, struct jump *jump) {
	struct pane *pane;

	if (fleet_mode_leave(app, jump)) {
		return;
	}
	if (fleet_mode_stays(app)) {
		jump_release(jump);
		return;
	}
	trail_visit(&app->trail);
	trail_push(&app->trail, pane_new(jump->view, jump->scope));
	pane = app_pane(app);
	if (readable(pane, buf_text(&jump->filter))) {
		free(pane->filter);
		free(pane->given);
		pane->filter = mem_text(buf_text(&jump->filter));
		pane->given = mem_text(pane->filter);
	}
	buf_release(&jump->filter);
	*jump = (struct jump){0};
	arrive(app);
}
