/*
 * The verbs that open a screen.
 */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/syntax/selector.h"
#include "model/text/script.h"
#include "ui/console/app/app.h"
#include "ui/console/input/actions.h"
#include "ui/console/list/filter.h"
#include "ui/verbs/call.h"
#include "ui/verbs/dedupe.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

/* The screens that a verb can open. */
enum {
	SCREEN_POOLS,
	SCREEN_LEASES,
	SCREEN_QUEUE,
	SCREEN_LABELS,
	SCREEN_LOOKALIKES,
	SCREEN_PROJECTS,
	SCREEN_ALERTS,
	SCREEN_RESOURCES,
	SCREEN_HOLDERS,
	SCREEN_DUPLICATE_ROWS,
	SCREEN_DEDUPE_RUNS,
	SCREEN_REMOVED_ROWS
};
static const struct view *const screens[] = {[SCREEN_POOLS] = &view_pools,
    [SCREEN_LEASES] = &view_leases,
    [SCREEN_QUEUE] = &view_queue,
    [SCREEN_LABELS] = &view_labels,
    [SCREEN_LOOKALIKES] = &view_lookalikes,
    [SCREEN_PROJECTS] = &view_projects,
    [SCREEN_ALERTS] = &view_alerts,
    [SCREEN_RESOURCES] = &view_resources,
    [SCREEN_HOLDERS] = &view_holders,
    [SCREEN_DUPLICATE_ROWS] = &view_duplicate_rows,
    [SCREEN_DEDUPE_RUNS] = &view_dedupe_runs,
    [SCREEN_REMOVED_ROWS] = &view_removed_rows};

/* Returns whether only these options were given, a list that OPT_END ends. */
static bool only(const struct args *args, const enum option_id *options) {
	for (size_t i = 0; i < args->given_count; i++) {
		size_t at = 0;

		while (options[at] != OPT_END && options[at] != args->given[i].option) {
			at++;
		}
		if (options[at] == OPT_END) {
			return false;
		}
	}
	return true;
}

/* Reads --filter and --selector as the filter of a screen. */
static enum done read_filter(
    const struct args *args, const struct view *view, struct buf *filter, struct err *err) {
	const char *text = opt(args, OPT_SELECTOR);
	struct selector selector = {0};
	struct row_filter fields = {0};
	bool ok = opt_selector(args, &selector, err) && opt_filter(args, &fields, err);
	enum done done = ok ? DONE : DONE_WRONG;

	if (ok && opt_given(args, OPT_FILTER)) {
		buf_puts(filter, opt(args, OPT_FILTER));
	}
	if (ok && selector.count > 0) {
		bool inverted = filter->len > 0 && *buf_text(filter) == '!';

		buf_puts(filter, filter->len > 0 ? " " : "");
		done = !inverted && filter_of_selector(view, text, &selector, filter) ? DONE : DONE_ELSEWHERE;
	}
	row_filter_release(&fields);
	selector_release(&selector);
	return done;
}

/* Sorts the screen by --sort and --reverse, if any is given. */
static void sort_as_asked(struct app *app, const struct args *args) {
	const struct pane *pane = app_pane(app);

	if (opt_given(args, OPT_SORT)) {
		app_sort(app, view_sort_named(pane->view, opt(args, OPT_SORT)), opt_given(args, OPT_REVERSE));
	} else if (opt_given(args, OPT_REVERSE)) {
		app_sort(app, pane->view->first, true);
	}
}

/* Shows a view with a scope and the filter of --filter and --selector. */
static enum done show(struct app *app, const struct args *args, int view, enum scope_kind kind,
    const char *scope, struct err *err) {
	struct buf filter = {0};
	enum done done = read_filter(args, screens[view], &filter, err);
	int asked;

	if (!opt_enum(args, OPT_SORT, screens[view]->sorts, 0, &asked, err)) {
		done = DONE_WRONG;
	}
	if (done == DONE) {
		app_scope(app, screens[view], scope_new(kind, scope));
		(void)app_filter(app, buf_text(&filter));
		sort_as_asked(app, args);
	}
	buf_release(&filter);
	return done;
}

static enum done show_view(struct app *app, const struct call *call, int view, struct err *err) {
	(void)call;
	(void)err;
	app_scope(app, screens[view], (struct scope){0});
	return DONE;
}

static enum done show_pools(struct app *app, const struct call *call, int view, struct err *err) {
	static const enum option_id options[] = {OPT_SELECTOR, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_END};
	const struct args *args = call_args(call);

	return only(args, options) ? show(app, args, view, SCOPE_NONE, NULL, err) : DONE_ELSEWHERE;
}

/* Shows the leases of a holder, in a pool or in all. */
static enum done show_held(
    struct app *app, const struct args *args, int view, const char *pool, struct err *err) {
	const char *holder = opt(args, OPT_HOLDER);
	struct scope scope = scope_holder(pool == NULL ? "" : pool, holder);
	enum done done = opt_given(args, OPT_PROJECT) ? DONE_ELSEWHERE
						      : show(app, args, view, SCOPE_HOLDER, scope.text, err);

	scope_release(&scope);
	return done;
}

/* Shows the leases of a pool or a project; no screen is limited to both. */
static enum done show_leases(struct app *app, const struct call *call, int view, struct err *err) {
	static const enum option_id options[] = {
	    OPT_POOL, OPT_PROJECT, OPT_HOLDER, OPT_SELECTOR, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_END};
	const struct args *args = call_args(call);
	const char *pool = target_name("pool", opt(args, OPT_POOL));
	const char *project = NULL;

	if (!only(args, options) || (pool != NULL && opt_given(args, OPT_PROJECT))) {
		return DONE_ELSEWHERE;
	}
	if ((pool != NULL && !name_check("pool", pool, err)) || !opt_project(args, &project, err)) {
		return DONE_WRONG;
	}
	if (opt_given(args, OPT_HOLDER)) {
		return show_held(app, args, view, pool, err);
	}
	return show(
	    app, args, view, pool != NULL ? SCOPE_POOL : SCOPE_PROJECT, pool != NULL ? pool : project, err);
}

/* Shows the holders of a pool, or of all. */
static enum done show_holders(struct app *app, const struct call *call, int view, struct err *err) {
	static const enum option_id options[] = {OPT_POOL, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_END};
	const struct args *args = call_args(call);
	const char *pool = target_name("pool", opt(args, OPT_POOL));

	if (!only(args, options)) {
		return DONE_ELSEWHERE;
	}
	return pool != NULL && !name_check("pool", pool, err) ? DONE_WRONG
							      : show(app, args, view, SCOPE_POOL, pool, err);
}

/* Shows the screen of the pool that the operand names, or of all pools. */
static enum done show_of_pool(struct app *app, const struct call *call, int view, struct err *err) {
	const char *pool = target_name("pool", operand(call_args(call), 0));

	if (pool != NULL && !name_check("pool", pool, err)) {
		return DONE_WRONG;
	}
	return show(app, call_args(call), view, SCOPE_POOL, pool, err);
}

/* Shows the screen of a pool or, for `leases`, of a project. */
static enum done show_scope(struct app *app, const struct call *call, int view, struct err *err) {
	const char *scope = operand(call_args(call), 0);

	return scope == NULL || strchr(scope, '/') == NULL
		   ? show_of_pool(app, call, view, err)
		   : show(app, call_args(call), view, SCOPE_PROJECT, scope, err);
}

static enum done show_queue(struct app *app, const struct call *call, int view, struct err *err) {
	static const enum option_id options[] = {
	    OPT_OPEN, OPT_ALL, OPT_PARENT, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_END};
	const struct args *args = call_args(call);
	struct id parent;
	char id[ID_TEXT];
	enum done done;

	if (!opt_exclusive(args, OPT_OPEN, OPT_ALL, err)) {
		return DONE_WRONG;
	}
	if (!only(args, options) || (opt_given(args, OPT_PARENT) && opt_given(args, OPT_OPEN)) ||
	    (opt_given(args, OPT_PARENT) && !id_parse(opt(args, OPT_PARENT), &parent))) {
		return DONE_ELSEWHERE;
	}
	done = show(
	    app, args, view, SCOPE_COMMAND, opt_given(args, OPT_PARENT) ? id_text(parent, id) : NULL, err);
	if (done == DONE) {
		app_all(app, opt_given(args, OPT_ALL));
	}
	return done;
}

/* Shows the projects; there is no screen of one organization. */
static enum done show_projects(struct app *app, const struct call *call, int view, struct err *err) {
	const struct args *args = call_args(call);

	return args->count > 0 ? DONE_ELSEWHERE : show(app, args, view, SCOPE_NONE, NULL, err);
}

static enum done show_labels(struct app *app, const struct call *call, int view, struct err *err) {
	const char *label = operand(call_args(call), 0);
	size_t n = label == NULL ? 0 : strcspn(label, "=");
	char *key;

	if (n == 0) {
		return show_view(app, call, view, err);
	}
	key = mem_print("%.*s", (int)n, label);
	app_scope(app, &view_values, scope_new(SCOPE_KEY, key));
	(void)app_filter(app, "");
	if (label[n] == '=') {
		app_scope(app, &view_targets, scope_new(SCOPE_LABEL, label));
		(void)app_filter(app, "");
	}
	free(key);
	return DONE;
}

/* Shows the duplicate rows of a table; without one, the screen of look-alikes, which finds more in berth's
 * own tables. */
static enum done show_duplicates(struct app *app, const struct call *call, int view, struct err *err) {
	struct buf ask = {0};
	bool ok = dedupe_read(call_args(call), &ask, err);

	if (ok && ask.len > 0 && strncmp(call_line(call), "dedupe", strlen("dedupe")) != 0) {
		buf_release(&ask);
		return DONE_ELSEWHERE; /* its options are not in one piece of the line */
	}
	if (ok && ask.len > 0) {
		app_scope(app, screens[view],
		    scope_new(SCOPE_TABLE, call_line(call) + script_word_at(call_line(call), 3)));
	} else if (ok) {
		app_show(app, &view_lookalikes);
		app_say(app, STYLE_NORMAL,
		    "berth's own tables have none; dedupe check --table T --key C,D checks another");
	}
	buf_release(&ask);
	return ok ? DONE : DONE_WRONG;
}

/* Shows the rows that a run has removed; a part of them in a pager. */
static enum done show_removed(struct app *app, const struct call *call, int view, struct err *err) {
	static const enum option_id options[] = {OPT_END};
	const struct args *args = call_args(call);
	struct id run;
	char id[ID_TEXT];

	if (!only(args, options) || !id_parse(operand(args, 0), &run)) {
		return DONE_ELSEWHERE;
	}
	return show(app, args, view, SCOPE_RUN, id_text(run, id), err);
}

static enum done sort(struct app *app, const struct call *call, int value, struct err *err) {
	const struct view *view = app_pane(app)->view;
	const char *by = operand(call_args(call), 0);
	int found = view_sort_named(view, by);

	(void)value;
	if (found < 0) {
		(void)err_set(err, ERR_INVALID_INPUT, "%s cannot be sorted by '%s'", view->name, by);
		return DONE_WRONG;
	}
	app_sort(app, found, opt_given(call_args(call), OPT_REVERSE));
	return DONE;
}

static enum done filter(struct app *app, const struct call *call, int value, struct err *err) {
	const struct args *args = call_args(call);
	struct buf text = {0};

	(void)value;
	(void)err;
	for (size_t i = 0; i < args->count; i++) {
		buf_printf(&text, "%s%s", i == 0 ? "" : " ", args->operands[i]);
	}
	if (!app_filter(app, buf_text(&text))) {
		app_open_filter(app, buf_text(&text)); /* shows the error */
	}
	buf_release(&text);
	return DONE;
}

/* Shows the keys of the screen, or the help of a verb. */
static enum done help(struct app *app, const struct call *call, int value, struct err *err) {
	(void)value;
	(void)err;
	if (call_args(call)->count > 0) {
		return DONE_ELSEWHERE;
	}
	app->help_top = 0;
	app->mode = MODE_HELP;
	return DONE;
}

static enum done quit(struct app *app, const struct call *call, int value, struct err *err) {
	(void)call;
	(void)value;
	(void)err;
	app->requests.quit = true;
	return DONE;
}

const struct verb_action screen_actions[] = {
    {"pools", show_view, SCREEN_POOLS},
    {"pool list", show_pools, SCREEN_POOLS},
    {"leases", show_scope, SCREEN_LEASES},
    {"lease list", show_leases, SCREEN_LEASES},
    {"lease holders", show_holders, SCREEN_HOLDERS},
    {"resources", show_of_pool, SCREEN_RESOURCES},
    {"resource list", show_of_pool, SCREEN_RESOURCES},
    {"queue", show_view, SCREEN_QUEUE},
    {"queue list", show_queue, SCREEN_QUEUE},
    {"labels", show_labels, SCREEN_LABELS},
    {"duplicates", show_view, SCREEN_LOOKALIKES},
    {"dedupe check", show_duplicates, SCREEN_DUPLICATE_ROWS},
    {"dedupe runs", show_view, SCREEN_DEDUPE_RUNS},
    {"dedupe show", show_removed, SCREEN_REMOVED_ROWS},
    {"projects", show_view, SCREEN_PROJECTS},
    {"alerts", show_view, SCREEN_ALERTS},
    {"project list", show_projects, SCREEN_PROJECTS},
    {"sort", sort, 0},
    {"filter", filter, 0},
    {"help", help, 0},
    {"quit", quit, 0},
    {"q", quit, 0},
    {0},
};
