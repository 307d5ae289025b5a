/*
 * The line behind `:`. Its words are those of the command line.
 */
#include "ui/console/app.h"

#include <string.h>

static void run_pools(struct app *app, const char *argument) {
	(void)argument;
	app_show(app, 0);
}

static void run_leases(struct app *app, const char *argument) {
	app_scope(app, *argument == '\0' ? NULL : argument);
}

static void run_sort(struct app *app, const char *argument) {
	const struct view *view = app_pane(app)->view;

	for (int i = 0; view->sorts[i] != NULL; i++) {
		if (strcmp(view->sorts[i], argument) == 0) {
			app_sort(app, i);
			return;
		}
	}
	app_say(app, STYLE_WARNING, "%s cannot be sorted by \"%s\"", view->name, argument);
}

static void run_filter(struct app *app, const char *argument) {
	app_filter(app, argument);
}

static void run_help(struct app *app, const char *argument) {
	(void)argument;
	app->help_top = 0;
	app->mode = MODE_HELP;
}

static void run_quit(struct app *app, const char *argument) {
	(void)argument;
	app->wishes.quit = true;
}

/* What an argument can be completed from. */
enum words { WORDS_NONE, WORDS_POOLS, WORDS_SORTS };

static const struct {
	const char *name;
	enum words words;
	void (*run)(struct app *app, const char *argument);
} commands[] = {
    {"pools", WORDS_NONE, run_pools},
    {"leases", WORDS_POOLS, run_leases},
    {"sort", WORDS_SORTS, run_sort},
    {"filter", WORDS_NONE, run_filter},
    {"help", WORDS_NONE, run_help},
    {"quit", WORDS_NONE, run_quit},
    {"q", WORDS_NONE, run_quit},
};

#define COMMANDS (sizeof commands / sizeof *commands)

/* The length of the first word of a line whose leading blanks are gone. */
static size_t find(const char *line, size_t *command) {
	size_t n = strcspn(line, " ");

	*command = COMMANDS;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strlen(commands[i].name) == n && strncmp(commands[i].name, line, n) == 0) {
			*command = i;
		}
	}
	return n;
}

void command_run(struct app *app, const char *line) {
	const char *argument;
	size_t command;
	size_t n;
	struct buf trimmed = {0};

	line += strspn(line, " ");
	if (*line == '\0') {
		return;
	}
	n = find(line, &command);
	argument = line + n + strspn(line + n, " ");
	buf_puts(&trimmed, argument);
	while (trimmed.len > 0 && trimmed.text[trimmed.len - 1] == ' ') {
		buf_cut(&trimmed, trimmed.len - 1);
	}
	if (command < COMMANDS) {
		commands[command].run(app, buf_text(&trimmed));
	} else {
		app_say(app, STYLE_WARNING, "unknown command \"%.*s\"; ? shows the keys", (int)n, line);
	}
	buf_release(&trimmed);
}

/* The candidates for a word: how many begin with it, and how much they have in common. */
struct match {
	const char *word;
	size_t n;
	const char *first;
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
		m->first = name;
		m->common = strlen(name);
	}
	while (same < m->common && name[same] == m->first[same]) {
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
	const struct list *pools = &app->panes[0].list;
	const struct view *view = app_pane(app)->view;

	for (size_t i = 0; words == WORDS_POOLS && i < pools->count; i++) {
		offer(m, ((const struct pool *)pools->rows[i].data)->name);
	}
	for (size_t i = 0; words == WORDS_SORTS && view->sorts[i] != NULL; i++) {
		offer(m, view->sorts[i]);
	}
}

void command_complete(struct app *app) {
	const char *line = prompt_text(&app->command);
	const char *start = line + strspn(line, " ");
	size_t command;
	size_t n = find(start, &command);
	struct match m = {.word = start, .n = n};
	struct buf text = {0};

	if (start[n] == '\0') {
		for (size_t i = 0; i < COMMANDS; i++) {
			offer(&m, commands[i].name);
		}
	} else if (command < COMMANDS) {
		m.word = start + n + strspn(start + n, " ");
		m.n = strlen(m.word);
		offer_words(app, commands[command].words, &m);
	}
	if (m.count > 0) {
		buf_add(&text, line, (size_t)(m.word - line));
		buf_add(&text, m.first, m.common);
		buf_puts(&text, m.count == 1 ? " " : "");
		prompt_set(&app->command, buf_text(&text));
	}
	if (m.count != 1) {
		app_say(app, STYLE_NORMAL, "%s", m.count == 0 ? "nothing to complete" : buf_text(&m.names));
	}
	buf_release(&text);
	buf_release(&m.names);
}
