/*
 * The line behind `:`. Of the command line it has the words that show what a
 * screen can show, and those that the form and plans carry out; beside them are
 * shorter ones, and those about the screen.
 */
#include "ui/console/app/app.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/screens/dedupe_words.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/app/form_mode.h"
#include "ui/console/screens/project_badge.h"
#include "ui/console/app/dedupe_mode.h"
#include "ui/console/app/row_actions.h"
#include "ui/console/app/write_mode.h"

/* The screens that a word shows. */
enum {
	VIEW_POOLS,
	VIEW_LEASES,
	VIEW_QUEUE,
	VIEW_LABELS,
	VIEW_LOOKALIKES,
	VIEW_PROJECTS,
	VIEW_RESOURCES,
	VIEW_DUPLICATE_ROWS,
	VIEW_DEDUPE_RUNS
};
static const struct view *const screens[] = {[VIEW_POOLS] = &view_pools,
    [VIEW_LEASES] = &view_leases,
    [VIEW_QUEUE] = &view_queue,
    [VIEW_LABELS] = &view_labels,
    [VIEW_LOOKALIKES] = &view_lookalikes,
    [VIEW_PROJECTS] = &view_projects,
    [VIEW_RESOURCES] = &view_resources,
    [VIEW_DUPLICATE_ROWS] = &view_duplicate_rows,
    [VIEW_DEDUPE_RUNS] = &view_dedupe_runs};

static void show(struct app *app, const struct view *view) {
	if (app_pane_of(app, view)->scope.text != NULL) {
		app_scope(app, view, (struct scope){0});
	}
	app_show(app, view);
}

static void run_view(struct app *app, int index, const char *argument) {
	(void)argument;
	show(app, screens[index]);
}

static void run_scope(struct app *app, int index, const char *argument) {
	enum scope_kind kind = strchr(argument, '/') != NULL ? SCOPE_PROJECT : SCOPE_POOL;

	app_scope(app, screens[index], scope_new(kind, *argument == '\0' ? NULL : argument));
}

static void run_labels(struct app *app, int view, const char *argument) {
	size_t n = strcspn(argument, "=");
	char *key = mem_print("%.*s", (int)n, argument);

	if (n == 0) {
		run_view(app, view, argument);
	} else {
		app_scope(app, &view_values, scope_new(SCOPE_KEY, key));
		if (argument[n] == '=') {
			app_scope(app, &view_targets, scope_new(SCOPE_LABEL, argument));
		}
	}
	free(key);
}

static void run_check(struct app *app, int view, const char *argument) {
	enum dedupe_survivor survivor;
	struct buf ask = {0};
	struct err err = {0};

	if (*argument == '\0') {
		app_show(app, &view_lookalikes);
		app_say(app, STYLE_NORMAL,
		    "berth's own tables hold none; dedupe check --table T --key C,D checks another");
	} else if (!dedupe_words_read(argument, false, &ask, &survivor, &err)) {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
	} else {
		app_scope(app, screens[view], scope_new(SCOPE_TABLE, argument));
	}
	buf_release(&ask);
}

static void run_fix(struct app *app, int value, const char *argument) {
	(void)value;
	if (write_mode_allows(app)) {
		dedupe_plan_mode_fix(app, argument);
	}
}

static void run_undo(struct app *app, int value, const char *argument) {
	struct id run;

	(void)value;
	if (!write_mode_allows(app)) {
		return;
	}
	if (!id_parse(argument, &run)) {
		app_say(app, STYLE_WARNING, "dedupe undo: \"%s\" is no id of a run", argument);
		return;
	}
	dedupe_plan_mode_undo(app, run);
}

/* The row itself may be far down: the filter brings it up. */
static void run_pool(struct app *app, int view, const char *argument) {
	app_show(app, screens[view]);
	(void)app_filter(app, argument);
}

static void run_all(struct app *app, int view, const char *argument) {
	run_view(app, view, argument);
	app_all(app, true);
}

static void run_form(struct app *app, int type, const char *argument) {
	if (write_mode_allows(app)) {
		form_mode_open(app, (enum form_type)type, *argument == '\0' ? NULL : argument);
	}
}

/* Of something that has a name. */
static void run_limit(struct app *app, int type, const char *argument) {
	if (*argument == '\0') {
		app_say(app, STYLE_WARNING, "the limit of what?");
	} else {
		run_form(app, type, argument);
	}
}

static void run_plan(struct app *app, int act, const char *argument) {
	if (write_mode_allows(app)) {
		plan_words(app, (enum plan_act)act, argument);
	}
}

static void run_release_pool(struct app *app, int value, const char *argument) {
	char *words = mem_print("--pool %s", argument);

	(void)value;
	run_plan(app, PLAN_RELEASE, words);
	free(words);
}

static void run_sort(struct app *app, int value, const char *argument) {
	const struct view *view = app_pane(app)->view;

	(void)value;
	for (int i = 0; view->sorts[i] != NULL; i++) {
		if (strcmp(view->sorts[i], argument) == 0) {
			app_sort(app, i);
			return;
		}
	}
	app_say(app, STYLE_WARNING, "%s cannot be sorted by \"%s\"", view->name, argument);
}

static void run_filter(struct app *app, int value, const char *argument) {
	(void)value;
	if (!app_filter(app, argument)) {
		app_open_filter(app, argument); /* which says what is wrong */
	}
}

static void run_help(struct app *app, int value, const char *argument) {
	(void)value;
	(void)argument;
	app->help_top = 0;
	app->mode = MODE_HELP;
}

static void run_quit(struct app *app, int value, const char *argument) {
	(void)value;
	(void)argument;
	app->wishes.quit = true;
}

/* What may stand behind a command, and what it can be completed from. */
enum words { WORDS_NONE, WORDS_ANY, WORDS_POOLS, WORDS_LABELS, WORDS_PROJECTS, WORDS_ORGS, WORDS_SORTS };

static const struct {
	const char *name; /* with one blank between its words */
	enum words words;
	void (*run)(struct app *app, int value, const char *argument);
	int value;
} commands[] = {
    {"pools", WORDS_NONE, run_view, VIEW_POOLS},
    {"pool list", WORDS_NONE, run_view, VIEW_POOLS},
    {"pool show", WORDS_POOLS, run_pool, VIEW_POOLS},
    {"leases", WORDS_POOLS, run_scope, VIEW_LEASES},
    {"lease list", WORDS_NONE, run_scope, VIEW_LEASES},
    {"lease list --pool", WORDS_POOLS, run_scope, VIEW_LEASES},
    {"lease list --project", WORDS_PROJECTS, run_scope, VIEW_LEASES},
    {"resources", WORDS_POOLS, run_scope, VIEW_RESOURCES},
    {"resource list", WORDS_POOLS, run_scope, VIEW_RESOURCES},
    {"queue", WORDS_NONE, run_view, VIEW_QUEUE},
    {"queue list", WORDS_NONE, run_view, VIEW_QUEUE},
    {"queue list --all", WORDS_NONE, run_all, VIEW_QUEUE},
    {"labels", WORDS_LABELS, run_labels, VIEW_LABELS},
    {"duplicates", WORDS_NONE, run_view, VIEW_LOOKALIKES},
    {"allocate", WORDS_POOLS, run_form, FORM_ALLOCATE},
    {"dedupe check", WORDS_ANY, run_check, VIEW_DUPLICATE_ROWS},
    {"dedupe fix", WORDS_ANY, run_fix, 0},
    {"dedupe undo", WORDS_ANY, run_undo, 0},
    {"dedupe runs", WORDS_NONE, run_view, VIEW_DEDUPE_RUNS},
    {"release", WORDS_ANY, run_plan, PLAN_RELEASE},
    {"release --pool", WORDS_POOLS, run_release_pool, 0},
    {"extend", WORDS_ANY, run_plan, PLAN_EXTEND},
    {"resource cordon", WORDS_ANY, run_plan, PLAN_CORDON},
    {"resource uncordon", WORDS_ANY, run_plan, PLAN_UNCORDON},
    {"resource release", WORDS_ANY, run_plan, PLAN_DRAIN},
    {"queue cancel", WORDS_ANY, run_plan, PLAN_CANCEL},
    {"queue retry", WORDS_ANY, run_plan, PLAN_RETRY},
    {"queue skip", WORDS_ANY, run_plan, PLAN_SKIP},
    {"queue force", WORDS_ANY, run_plan, PLAN_FORCE},
    {"projects", WORDS_NONE, run_view, VIEW_PROJECTS},
    {"project list", WORDS_NONE, run_view, VIEW_PROJECTS},
    {"project show", WORDS_PROJECTS, run_pool, VIEW_PROJECTS},
    {"project create", WORDS_ANY, run_form, FORM_PROJECT},
    {"project limit", WORDS_PROJECTS, run_limit, FORM_LIMIT},
    {"project delete", WORDS_PROJECTS, run_plan, PLAN_DELETE},
    {"org list", WORDS_NONE, run_view, VIEW_PROJECTS},
    {"org create", WORDS_ANY, run_form, FORM_ORG},
    {"org limit", WORDS_ORGS, run_limit, FORM_ORG_LIMIT},
    {"sort", WORDS_SORTS, run_sort, 0},
    {"filter", WORDS_ANY, run_filter, 0},
    {"help", WORDS_NONE, run_help, 0},
    {"quit", WORDS_NONE, run_quit, 0},
    {"q", WORDS_NONE, run_quit, 0},
};

#define COMMANDS (sizeof commands / sizeof *commands)

/* Finds the longest command that a line without leading blanks begins with: its
 * length in the line, 0 when it is none. */
static size_t find(const char *line, size_t *command) {
	size_t found = 0;

	for (size_t i = 0; i < COMMANDS; i++) {
		size_t n = strlen(commands[i].name);

		if (n > found && strncmp(commands[i].name, line, n) == 0 && strchr(" ", line[n]) != NULL) {
			found = n;
			*command = i;
		}
	}
	return found;
}

void command_run(struct app *app, const char *line) {
	const char *argument;
	size_t command = 0;
	size_t n;
	struct buf trimmed = {0};

	buf_puts(&trimmed, line + strspn(line, " "));
	while (trimmed.len > 0 && trimmed.text[trimmed.len - 1] == ' ') {
		buf_cut(&trimmed, trimmed.len - 1);
	}
	n = find(buf_text(&trimmed), &command);
	argument = buf_text(&trimmed) + n;
	argument += strspn(argument, " ");
	if (trimmed.len == 0) {
		buf_release(&trimmed);
		return;
	}
	if (n == 0) {
		app_say(app, STYLE_WARNING, "unknown command \"%s\"; ? shows the keys", buf_text(&trimmed));
	} else if (commands[command].words == WORDS_NONE && *argument != '\0') {
		app_say(app, STYLE_WARNING, "%s: \"%s\" cannot stand behind it", commands[command].name,
		    argument);
	} else {
		commands[command].run(app, commands[command].value, argument);
	}
	buf_release(&trimmed);
}

/* The candidates for a word: how many begin with it, and how much they have in common. */
struct match {
	const char *word;
	size_t n;
	struct buf first;
	size_t common;
	size_t count;
	struct buf names;
};

static void offer(struct match *m, const char *name) {
	size_t same = 0;

	if (strncmp(name, m->word, m->n) != 0) {
		return;
	}
	if (m->count == 0) {
		buf_puts(&m->first, name);
		m->common = strlen(name);
	}
	while (same < m->common && name[same] == buf_text(&m->first)[same]) {
		same++;
	}
	m->common = same;
	m->count++;
	if (m->count <= 10) {
		buf_puts(&m->names, m->names.len > 0 ? "  " : "");
		buf_puts(&m->names, name);
	}
}

static void offer_words(struct app *app, enum words words, struct match *m) {
	const struct list *pools = &app_pane_of(app, &view_pools)->list;
	const struct list *labels = &app_pane_of(app, &view_labels)->list;
	const struct pane *projects = app_pane_of(app, &view_projects);
	const struct view *view = app_pane(app)->view;

	for (size_t i = 0; words == WORDS_POOLS && i < pools->count; i++) {
		offer(m, ((const struct pool *)pools->rows[i].data)->name);
	}
	for (size_t i = 0; words == WORDS_LABELS && i < labels->count; i++) {
		offer(m, ((const struct label_group *)labels->rows[i].data)->key);
	}
	for (size_t i = 0; words == WORDS_PROJECTS && i < projects->list.count; i++) {
		struct buf name = {0};

		project_name(projects->list.rows[i].data, &name);
		offer(m, buf_text(&name));
		buf_release(&name);
	}
	for (size_t i = 0; words == WORDS_ORGS && i < projects->head[0].count; i++) {
		offer(m, ((const struct org *)projects->head[0].rows[i])->name);
	}
	for (size_t i = 0; words == WORDS_SORTS && view->sorts[i] != NULL; i++) {
		offer(m, view->sorts[i]);
	}
}

/* Commands; behind a whole one and a blank, what it is about. */
static void offer_all(struct app *app, const char *start, struct match *m) {
	size_t command = 0;
	size_t n = find(start, &command);

	if (n > 0 && start[n] == ' ' && commands[command].words > WORDS_ANY) {
		m->word = start + n + strspn(start + n, " ");
		m->n = strlen(m->word);
		offer_words(app, commands[command].words, m);
		return;
	}
	m->word = start;
	m->n = strlen(start);
	for (size_t i = 0; i < COMMANDS; i++) {
		offer(m, commands[i].name);
	}
}

void command_complete(struct app *app) {
	const char *line = line_editor_text(&app->command);
	struct match m = {0};
	struct buf text = {0};

	offer_all(app, line + strspn(line, " "), &m);
	if (m.count > 0) {
		buf_add(&text, line, (size_t)(m.word - line));
		buf_add(&text, buf_text(&m.first), m.common);
		buf_puts(&text, m.count == 1 ? " " : "");
		line_editor_set(&app->command, buf_text(&text));
	}
	if (m.count != 1) {
		app_say(app, STYLE_NORMAL, "%s", m.count == 0 ? "nothing to complete" : buf_text(&m.names));
	}
	buf_release(&text);
	buf_release(&m.first);
	buf_release(&m.names);
}
